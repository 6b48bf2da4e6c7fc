"""What Semgrep would pass over in silence in a rule's patterns: misspelt keys, and metavariables that nothing binds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

KEYS = frozenset(
    {
        "pattern", "patterns", "pattern-either", "pattern-not", "pattern-inside", "pattern-not-inside",
        "pattern-regex", "pattern-not-regex", "pattern-sources", "pattern-sinks", "pattern-sanitizers",
        "pattern-propagators", "metavariable-regex", "metavariable-pattern", "metavariable-comparison",
        "metavariable-analysis", "metavariable-type", "metavariable-name", "focus-metavariable",
    }
)  # fmt: skip
"""Keys that decide what a rule matches."""
_OPERANDS = frozenset(
    {
        "metavariable", "regex", "comparison", "base", "strip", "type", "types", "analyzer", "options", "kind",
        "module", "modules", "name", "language", "languages", "constant-propagation", "from", "to", "label",
        "requires", "by-side-effect", "exact", "control", "not-conflicting",
    }
)  # fmt: skip
"""Keys that stand below those."""

_LIKE = 0.8
"""How alike a key must be to one of those to count as a misspelling of it."""
_METAVARIABLE = re.compile(r"\$(?:\.\.\.)?([A-Z_][A-Z0-9_]*|[0-9]+)\b")
_GROUP = re.compile(r"\((?:\?P<([A-Za-z_][A-Za-z0-9_]*)>|(?!\?))")


def pattern_problems(definition: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What is wrong below the keys of a rule: (top-level key, what is wrong and what to do)."""
    for key, value in definition.items():
        if key not in KEYS and (likely := meant(key)):
            yield key, f"unknown key `{key}`, which Semgrep skips; did you mean `{likely}`?"
        if key in KEYS:
            for wrong in _unknown(value):
                yield key, f"unknown key `{wrong}`, which Semgrep skips; did you mean `{meant(wrong)}`?"
    if "match" in definition or "taint" in definition:
        return  # the newer form, which Semgrep itself checks more strictly
    bound = set(_bound(definition))
    for key, value in definition.items():
        if key in KEYS:
            for name in dict.fromkeys(_used(value)):
                if name.lstrip("$.") not in bound:
                    yield key, f"no pattern binds `{name}`, so the condition on it never holds; name it in a pattern"


def meant(key: str) -> str:
    """The key of a pattern that this one is probably a misspelling of; empty if there is none."""
    near = difflib.get_close_matches(key, KEYS, n=1, cutoff=_LIKE)
    return near[0] if near else ""


def _nodes(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _unknown(value: object) -> Iterator[str]:
    for node in _nodes(value):
        yield from (key for key in node if key not in KEYS | _OPERANDS and meant(key))


def _bound(definition: Mapping[str, object]) -> Iterator[str]:
    """Names of the metavariables that some pattern of the rule, of whatever kind, mentions or captures."""
    for node in _nodes(definition):
        for key, value in node.items():
            if key.startswith("pattern") and isinstance(value, str):
                yield from _METAVARIABLE.findall(value)
            if key in ("pattern-regex", "regex") and isinstance(value, str):
                yield from (name for name in _GROUP.findall(value) if name)
                yield from map(str, range(1, len(_GROUP.findall(value)) + 1))


def _used(value: object) -> Iterator[str]:
    """The metavariables that conditions, focuses and propagators speak of."""
    for node in _nodes(value):
        for key in ("metavariable", "focus-metavariable", "from", "to"):
            named = node.get(key)
            for name in named if isinstance(named, list) else [named]:
                if isinstance(name, str) and name.startswith("$"):
                    yield name
