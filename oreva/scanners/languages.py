"""Which of Semgrep's languages a file can be taken for, told by its name the way Semgrep does."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Collection
from functools import cache
from pathlib import Path

ANY_FILE = frozenset({"generic", "regex", "aliengrep"})
"""Languages whose rules look at every file, whatever its name."""

_FAMILIES = (
    frozenset({"js", "ts", "vue", "html"}),
    frozenset({"c", "cpp", "objc", "hack"}),
    frozenset({"python", "python2", "python3"}),
)
"""Languages whose rules Semgrep also tries on each other's files (a JavaScript rule on a `.ts` file)."""


@cache
def _table() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Alias to language id, and (suffix, language id) pairs, from the data file of the installed Semgrep."""
    spec = importlib.util.find_spec("semgrep")
    if spec is None or not spec.submodule_search_locations:
        return {}, ()
    data = Path(spec.submodule_search_locations[0]) / "semgrep_interfaces" / "lang.json"
    if not data.is_file():
        return {}, ()
    aliases: dict[str, str] = {}
    suffixes: list[tuple[str, str]] = []
    for language in json.loads(data.read_bytes()):
        for key in language["keys"]:
            aliases[key] = language["id"]
        suffixes += [(suffix, language["id"]) for suffix in language["exts"] if suffix]
    return aliases, tuple(suffixes)


def canonical(language: str) -> str:
    """Semgrep's own id for a language named in a rule (`javascript` → `js`); unknown names stay as they are."""
    return _table()[0].get(language.lower(), language.lower())


@cache
def family(language: str) -> frozenset[str]:
    """All languages whose rules can apply where this one's do."""
    name = canonical(language)
    for members in _FAMILIES:
        if name in members:
            return members
    return frozenset({name})


@cache
def _of_name(name: str) -> frozenset[str]:
    found = {language for suffix, language in _table()[1] if name.endswith(suffix)}
    return frozenset().union(*(family(language) for language in found)) if found else frozenset()


def languages_of(path: str) -> frozenset[str] | None:
    """The languages of a file by its name; empty for a suffix that Semgrep does not know.

    None if the name does not tell: it has no suffix, so that a `#!` line may decide, or Semgrep's table is missing.
    """
    name = path.rpartition("/")[2]
    if not _table()[1]:
        return None
    dot = name.rfind(".")
    if dot > 0:
        return _of_name(name[dot:]) | _of_name(name if len(name) < 40 else name[-40:])
    known = _of_name(name) if len(name) < 40 else frozenset()
    return known or None


def single_analyzer(languages: Collection[str]) -> bool:
    """Whether all languages of a rule are parsed alike, so that the rule means one thing.

    Semgrep's two front ends treat a rule over several unlike languages differently (seen in 1.182: each tries another
    one of them), so such a rule has no result that is equal in both.
    """
    names = {canonical(language) for language in languages}
    return len(names) == 1 or names <= {"js", "ts"}
