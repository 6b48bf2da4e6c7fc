"""Whether Semgrep accepts rules, asked of the real one."""

import json
import os
import re
import stat
from importlib.metadata import requires
from pathlib import Path

import pytest

from oreva.errors import RuleError, ScannerError
from oreva.rules.check import check_rules
from oreva.rules.engine import VERSION, run_semgrep
from oreva.rules.lint import lint
from oreva.rules.load import RuleSet, load_rules


def rule(rule_id: str, **changes: object) -> dict[str, object]:
    return {"id": rule_id, "languages": ["python"], "message": "m", "severity": "HIGH", "pattern": "f(...)"} | changes


def ruleset(folder: Path, *rules: dict[str, object]) -> RuleSet:
    lines = ",\n".join(json.dumps(definition) for definition in rules)
    (folder / "rules.json").write_text('{"rules": [\n' + lines + "\n]}")
    return load_rules([folder / "rules.json"], builtin=False)


def program(folder: Path, script: str) -> Path:
    """A program that stands where Semgrep is expected."""
    file = folder / "semgrep"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def test_good_rules_pass(tmp_path: Path, semgrep: Path) -> None:
    check_rules(ruleset(tmp_path, rule("a.one"), rule("a.go", languages=["go"])), semgrep)


def test_every_bad_rule_of_any_language_is_named(tmp_path: Path, semgrep: Path) -> None:
    rules = ruleset(
        tmp_path,
        rule("a.good"),
        rule("a.pattern", languages=["go"], pattern="f(((("),
        rule("a.language", languages=["klingon"]),
        rule("a.regex", languages=["java"], pattern="", **{"pattern-regex": "(("}),
        rule("a.future", **{"min-version": "99.0.0"}),
    )
    with pytest.raises(RuleError) as raised:
        check_rules(rules, semgrep)
    lines = str(raised.value).splitlines()
    assert lines[0].startswith("4 problems")
    assert [re.sub(r":? .*", "", line.removeprefix(f"{tmp_path}/rules.json:")) for line in lines[1:]] == list("3456")
    assert "rule a.pattern: Invalid pattern for Go" in lines[1]
    assert "rule a.language: invalid language klingon" in lines[2]
    assert "rule a.regex: " in lines[3]
    assert "rule a.future: " in lines[4]


def test_lint_asks_semgrep_too(tmp_path: Path, semgrep: Path) -> None:
    ruleset(tmp_path, rule("a.pattern", pattern="f(((("))
    messages = [problem.message for problem in lint([tmp_path], semgrep=semgrep)]
    assert any(message.startswith("Invalid pattern for Python") for message in messages)


def test_aliases_are_resolved_before_semgrep_sees_them(tmp_path: Path, semgrep: Path) -> None:
    (tmp_path / "r.yaml").write_text(
        "x: &sink {pattern: 'eval(...)'}\n"
        "rules:\n- {id: a.b, languages: [python], severity: HIGH, message: m, patterns: [*sink]}\n"
    )
    check_rules(load_rules([tmp_path], builtin=False), semgrep)


def test_no_rules_need_no_semgrep(tmp_path: Path) -> None:
    check_rules(RuleSet(()), tmp_path / "missing")


def test_a_missing_semgrep_is_an_error_with_advice(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, rule("a.one"))
    with pytest.raises(ScannerError, match=r"missing: no such program; install it"):
        check_rules(rules, tmp_path / "missing", cache_dir=tmp_path / "cache")
    broken = program(tmp_path, "")
    broken.write_text("#!/nowhere/at/all\n")
    with pytest.raises(ScannerError, match="reinstall it"):
        check_rules(rules, broken)


def test_a_semgrep_that_dies_is_quoted(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, rule("a.one"))
    with pytest.raises(ScannerError, match=r"status 3 .* it said: no room\\x1b left; try"):
        check_rules(rules, program(tmp_path, "printf 'first\\nno room\\033 left\\n' >&2; exit 3"))
    with pytest.raises(ScannerError, match="it said: nothing"):
        check_rules(rules, program(tmp_path, "exit 3"))


def test_a_semgrep_that_never_ends_is_stopped(tmp_path: Path) -> None:
    endless = program(tmp_path, "exec tail -f /dev/null")
    with pytest.raises(ScannerError, match="took longer than 0 s"):
        run_semgrep(endless, b'{"rules": []}', tmp_path, time_limit_s=0.2)


def test_the_advice_names_the_version_that_the_project_pins() -> None:
    requirements = requires("oreva") or []
    assert f"semgrep=={VERSION}" in requirements


def test_an_error_about_no_rule_of_ours_is_not_swallowed(tmp_path: Path) -> None:
    output = json.dumps({"results": [], "errors": [{"type": "Out of memory", "message": ""}]})
    with pytest.raises(ScannerError, match="cannot use the rules: Out of memory"):
        check_rules(ruleset(tmp_path, rule("a.one")), program(tmp_path, f"echo '{output}'"))


def test_semgrep_is_left_out_of_the_users_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEMGREP_RULES", "p/other")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    check_rules(ruleset(tmp_path, rule("a.one")), program(tmp_path, f"env > {tmp_path}/env; echo '{{}}'"))
    seen = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines() if "=" in line)
    assert "SEMGREP_RULES" not in seen
    assert seen["EIO_BACKEND"] == "posix"
    assert os.path.isfile(seen["SSL_CERT_FILE"])  # noqa: PTH113
    assert not Path(seen["SEMGREP_SETTINGS_FILE"]).exists()


def test_rules_that_passed_are_not_asked_about_again(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    counting = program(tmp_path, f"echo x >> {tmp_path}/calls; echo '{{}}'")

    def calls(*rules: dict[str, object]) -> int:
        check_rules(ruleset(tmp_path, *rules), counting, cache_dir=cache)
        return len((tmp_path / "calls").read_text().splitlines())

    assert [calls(rule("a.one")), calls(rule("a.one")), calls(rule("a.two")), calls(rule("a.one"))] == [1, 1, 2, 2]
    counting.write_text(counting.read_text() + "# another version\n")
    assert calls(rule("a.one")) == 3
