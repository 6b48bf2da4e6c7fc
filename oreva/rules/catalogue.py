"""Bandit's rules as `Rule` models: what the installed Bandit has, with our own words on why and how to repair.

Ids, severities of its call and import lists, and documentation addresses come from Bandit at run time, so that its
plugins of other makers are there too. A plugin states its severity and confidence only when it reports, so both are
`medium` here; a detection carries the real ones.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from oreva.models import Confidence, Rule, Severity


class _Blacklisted(BaseModel):
    """One entry of Bandit's lists of calls and imports, as far as it matters here."""

    id: str
    name: str
    message: str = ""
    level: str = "MEDIUM"
    cwe: int = 0


class _Advice(BaseModel):
    """Our words on some of Bandit's rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ids: tuple[str, ...]
    title: str
    cwe: str | None = None
    why: str
    fix: str


class _AdviceFile(BaseModel):
    """All of `bandit_advice.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owasp: Mapping[str, tuple[str, ...]]
    advice: tuple[_Advice, ...]


@cache
def bandit_rules() -> tuple[Rule, ...]:
    """Every rule of the installed Bandit, by id. Imports Bandit, which takes a third of a second the first time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Bandit's way of loading its plugins is deprecated
        from bandit.core import docs_utils, extension_loader  # noqa: PLC0415 - slow, and not every command needs it

    advised = _read_advice()
    by_id = {rule_id: advice for advice in advised.advice for rule_id in advice.ids}
    found = [*_plugins(extension_loader.MANAGER.plugins_by_id), *_lists(extension_loader.MANAGER.blacklist_by_id)]
    rules = []
    for entry in sorted(found, key=lambda entry: entry.id):
        advice = by_id.get(entry.id)
        cwe = f"CWE-{entry.cwe}" if entry.cwe else (advice.cwe if advice else None)
        rules.append(
            Rule(
                id=entry.id,
                scanner="bandit",
                title=advice.title if advice else readable(entry.name),
                message=advice.why if advice else entry.message.replace("{name}", "this"),
                severity=Severity(entry.level.lower()),
                confidence=Confidence.MEDIUM,
                cwe=(cwe,) if cwe else (),
                owasp=advised.owasp.get(cwe, ()) if cwe else (),
                references=(docs_utils.get_url(entry.id),),
                fix=advice.fix.strip() if advice else "",
                languages=("python",),
            )
        )
    return tuple(rules)


def readable(name: str) -> str:
    """A title from the name of a test: `try_except_pass` → `Try except pass`."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _plugins(plugins: Mapping[str, object]) -> Iterator[_Blacklisted]:
    for rule_id, extension in plugins.items():
        yield _Blacklisted(id=rule_id, name=str(getattr(extension, "name", rule_id)))


def _lists(entries: Mapping[str, Mapping[str, object]]) -> Iterator[_Blacklisted]:
    for entry in entries.values():
        yield _Blacklisted.model_validate(entry)


def _read_advice() -> _AdviceFile:
    text = files("oreva.rules").joinpath("bandit_advice.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _AdviceFile.model_validate(yaml.load(text, Loader=loader))  # noqa: S506 - both are the safe loader
