"""Which CWEs name the same kind of defect, so that two scanners that report one problem can be seen to agree.

The hierarchy (CWE view 1000, one parent each) is that of the `cwe-tree` package. Its tables are read as data: importing
the package costs a tenth of a second, and its API differs between the versions for Python 3.11 and for later ones.
"""

from __future__ import annotations

import csv
import importlib.util
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

GENERIC = frozenset(
    f"CWE-{number}"
    for number in (
        # the pillars
        *(284, 435, 664, 682, 691, 693, 697, 703, 707, 710),
        # classes so wide that sharing one says nothing: input validation, injection, wrong sphere, and the like
        *(20, 74, 75, 118, 138, 172, 285, 287, 573, 610, 642, 657, 665, 666, 668, 669, 672, 684, 696, 705, 706),
        *(754, 758, 913, 923, 1390, 1419),
    )
)
"""Too general to relate two defects; only the very same CWE on both sides does then."""

_SPECIFIC_CLASSES = frozenset({"CWE-77", "CWE-327", "CWE-330", "CWE-377", "CWE-1391"})
"""Classes narrow enough for their children to be one family: OS command and argument injection are both CWE-77. Other
classes (SQL and LDAP injection are both CWE-943) relate a child to the class itself, not the children to each other."""

_SYNONYMS = {
    "CWE-73": "CWE-22",  # a file name from outside is what path traversal is made of
    "CWE-99": "CWE-22",
    "CWE-116": "CWE-79",  # used for missing HTML escaping
    "CWE-215": "CWE-489",  # debug mode left on
    "CWE-297": "CWE-295",  # host name not checked: part of certificate validation, though elsewhere in the tree
    "CWE-326": "CWE-327",  # weak and broken encryption are told apart by nobody
    "CWE-391": "CWE-390",  # swallowed errors
    "CWE-776": "CWE-611",  # entity expansion and external entities: one parser setting
    "CWE-827": "CWE-611",
    "CWE-939": "CWE-918",  # a URL from outside is opened
    "CWE-1088": "CWE-400",  # a request without a timeout
}
"""Neighbours in practice that the tree keeps apart; holds for exactly that CWE, not for what lies below it."""

REFINED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bandit:B102": ("CWE-95",),  # exec; Bandit says OS command injection
        "bandit:B104": ("CWE-1327", "CWE-605"),  # all interfaces
        "bandit:B110": ("CWE-390",),  # try, except, pass; Bandit names the whole pillar
        "bandit:B112": ("CWE-390",),
        "bandit:B201": ("CWE-489", "CWE-94"),  # Flask's debugger runs code
        "bandit:B307": ("CWE-95",),  # eval
        "bandit:B310": ("CWE-918", "CWE-22"),  # urlopen reads file: URLs too
        **{f"bandit:B{n}": ("CWE-611", "CWE-776") for n in (*range(313, 321), *range(405, 412))},  # XML parsers
        "bandit:B506": ("CWE-502",),  # yaml.load; Bandit says input validation
        "bandit:B507": ("CWE-295", "CWE-322"),  # host key not checked
        "bandit:B609": ("CWE-78", "CWE-155"),  # wildcard in a shell command
        "bandit:B701": ("CWE-79", "CWE-116"),  # Jinja2 without escaping; Bandit says code injection
        "bandit:B702": ("CWE-79",),
    }
)
"""`scanner:rule id` to the CWEs that the defect has, where the scanner's own choice is coarser or another one."""

_NUMBER = re.compile(r"(?:CWE[-_ ]?)?0*(\d{1,6})(?!\d)", re.IGNORECASE)


def refined(rule_key: str, cwe: Iterable[str]) -> tuple[str, ...]:
    """The CWEs of a defect as `CWE-<n>`: those of `REFINED` for this `scanner:rule id`, else the given ones.

    What is no CWE at all is left out; repeats too; the order stays.
    """
    numbers = [match[1] for entry in REFINED.get(rule_key, cwe) if (match := _NUMBER.match(entry.strip()))]
    return tuple(dict.fromkeys(f"CWE-{number}" for number in numbers))


@cache
def family(cwe: str) -> frozenset[str]:
    """A CWE, its close synonym, and what lies above it, as far as that is not `GENERIC`.

    Unknown CWEs are a family of their own.
    """
    above = {cwe}
    parents = _parents()
    for start in (cwe, _SYNONYMS.get(cwe, cwe)):
        current: str | None = start
        while current is not None and (current not in GENERIC or current == cwe) and len(above) < 32:
            above.add(current)
            current = parents.get(current)
    return frozenset(above)


def share_family(a: Iterable[str], b: Iterable[str]) -> bool:
    """Whether any CWE of `a` and any of `b` name the same kind of defect.

    They do if they are equal, if one lies above the other, or if both lie below one that is specific (a base weakness,
    or one of few classes). Without a CWE on both sides nothing is shared.
    """
    right = tuple(b)
    return any(_related(x, y) for x in a for y in right)


@cache
def _related(a: str, b: str) -> bool:
    ends = {a, b, _SYNONYMS.get(a, a), _SYNONYMS.get(b, b)}
    return any(common in ends or _is_specific(common) for common in family(a) & family(b))


def _is_specific(cwe: str) -> bool:
    return cwe in _SPECIFIC_CLASSES or _abstractions().get(cwe) in ("Base", "Variant")


@cache
def _tables() -> Path:
    spec = importlib.util.find_spec("cwe_tree")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the package cwe-tree is missing; install Oreva again with `pip install oreva`")
    return Path(next(iter(spec.submodule_search_locations))) / "data"


@cache
def _parents() -> dict[str, str]:
    with (_tables() / "rels.csv").open(encoding="utf-8", newline="") as lines:
        return {row["target"]: row["source"] for row in csv.DictReader(lines)}


@cache
def _abstractions() -> dict[str, str]:
    with (_tables() / "nodes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row["abstract"] for row in csv.DictReader(lines)}
