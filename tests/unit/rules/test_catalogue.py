"""Bandit's rules as models, held against the Bandit that is installed."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from oreva.models import Severity
from oreva.rules import catalogue
from oreva.rules.catalogue import bandit_rules, readable
from oreva.rules.lint import all_cwes

BY_ID = {rule.id: rule for rule in bandit_rules()}
MANAGER = importlib.import_module("bandit.core.extension_loader").MANAGER
Cwe = importlib.import_module("bandit.core.issue").Cwe


def weaknesses_in(module: ModuleType) -> Iterator[int]:
    """Every CWE that a plugin's source passes on when it reports."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.keyword) and node.arg == "cwe" and isinstance(node.value, ast.Attribute):
            yield getattr(Cwe, node.value.attr)


def test_every_rule_of_bandit_is_there_once() -> None:
    assert [rule.id for rule in bandit_rules()] == sorted({*MANAGER.plugins_by_id, *MANAGER.blacklist_by_id})
    assert bandit_rules() is bandit_rules()


def test_every_rule_says_what_why_and_how() -> None:
    for rule in bandit_rules():
        assert rule.scanner == "bandit"
        assert rule.title
        assert rule.message.endswith(".")
        assert "```" in rule.fix
        assert rule.references[0].startswith("https://bandit.readthedocs.io/")
        assert rule.languages == ("python",)
        assert set(rule.cwe) <= all_cwes()


def test_advice_names_only_rules_that_exist() -> None:
    advised = [rule_id for advice in catalogue._read_advice().advice for rule_id in advice.ids]
    assert len(advised) == len(set(advised))
    assert set(advised) <= set(BY_ID)


def test_the_weakness_is_the_one_bandit_reports() -> None:
    for rule_id, extension in MANAGER.plugins_by_id.items():
        module = inspect.getmodule(extension.plugin)
        assert module is not None
        (weakness,) = BY_ID[rule_id].cwe
        reported = {f"CWE-{number}" for number in weaknesses_in(module)}
        assert weakness in reported, rule_id
    for rule_id, entry in MANAGER.blacklist_by_id.items():
        assert BY_ID[rule_id].cwe == (f"CWE-{entry['cwe']}",)


def test_lists_bring_their_severity_and_plugins_have_the_default() -> None:
    assert BY_ID["B304"].severity is Severity.HIGH
    assert BY_ID["B311"].severity is Severity.LOW
    assert BY_ID["B602"].severity is Severity.MEDIUM


def test_categories_follow_the_weakness() -> None:
    assert BY_ID["B608"].owasp == ("A03:2021", "A05:2025")
    assert BY_ID["B104"].owasp == ()


def test_a_rule_without_advice_gets_a_title_from_its_name() -> None:
    assert readable("try_except_pass") == "Try except pass"
    assert readable("import-pickle") == "Import pickle"


def test_rules_of_other_makers_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    class Extension:
        name = "acme_no_print"

    entry = {"id": "B998", "name": "acme_call", "message": "Use of {name}.", "level": "LOW", "qualnames": ["x"]}
    monkeypatch.setitem(MANAGER.plugins_by_id, "B999", Extension)
    monkeypatch.setitem(MANAGER.blacklist_by_id, "B998", entry)
    monkeypatch.setattr("bandit.core.docs_utils.get_url", lambda rule_id: f"https://example.org/{rule_id}")
    call, plugin = (rule for rule in bandit_rules.__wrapped__() if rule.id in ("B998", "B999"))
    assert (plugin.title, plugin.message, plugin.cwe, plugin.fix) == ("Acme no print", "", (), "")
    assert (call.title, call.message, call.severity) == ("Acme call", "Use of this.", Severity.LOW)
