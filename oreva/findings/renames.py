"""Renames nobody told us of: a file vanished, and another appeared with its findings, or with most of them."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from oreva.models import Finding, Status

_CLOSED = frozenset({Status.FIXED, Status.RETIRED})

_Signature = tuple[str, tuple[tuple[tuple[str, ...], int], ...]]


def infer_renames(
    current: Iterable[Finding],
    unmatched: Iterable[Finding],
    stored: Iterable[Finding],
    known: Mapping[str, str],
    gone: Callable[[str], bool],
) -> dict[str, str]:
    """Old path to new path of files whose findings agree in rules and code, where only one pair can be meant.

    First with the same surroundings and file name, then with less; where only rules and code agree, at least one
    finding must have kept its surroundings. Last, files edited on the way: those that share at least half of their
    findings, each with no other file more.

    Args:
        current: findings of this scan that no stored one is.
        unmatched: stored findings, neither fixed nor retired, that no current one is.
        stored: all stored findings.
        known: renames that need no inference.
        gone: whether a path does not exist any more.
    """
    lived = {finding.path for finding in stored if finding.status not in _CLOSED}
    taken = set(known) | set(known.values())
    appeared = _by_path(f for f in current if f.path not in lived and f.path not in taken)
    vanished = _by_path(f for f in unmatched if f.path not in taken)
    vanished = {path: findings for path, findings in vanished.items() if gone(path)}
    found: dict[str, str] = {}
    for surroundings, name in ((True, True), (True, False), (False, True), (False, False)):
        old = _by_signature(vanished, surroundings=surroundings, name=name)
        new = _by_signature(appeared, surroundings=surroundings, name=name)
        for signature, paths in old.items():
            others = new.get(signature, [])
            if len(paths) == len(others) == 1 and _kept_surroundings(vanished[paths[0]], appeared[others[0]]):
                found[paths[0]] = others[0]
                del vanished[paths[0]], appeared[others[0]]
    return found | dict(_most_alike(vanished, appeared))


def _most_alike(
    vanished: Mapping[str, Sequence[Finding]], appeared: Mapping[str, Sequence[Finding]]
) -> Iterator[tuple[str, str]]:
    """Pairs of a vanished and an appeared file that share more findings with each other than with any other file."""
    shared: dict[tuple[str, str], int] = {}
    places: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for path, findings in appeared.items():
        for trait in _traits(findings):
            places[trait].add(path)
    for old, findings in vanished.items():
        for new in sorted({path for trait in _traits(findings) for path in places.get(trait, ())}):
            alike = sum((_traits(findings) & _traits(appeared[new])).values())
            if alike * 2 >= max(len(findings), len(appeared[new])) and _kept_surroundings(findings, appeared[new]):
                shared[old, new] = alike
    for (old, new), alike in sorted(shared.items()):
        rivals = [count for (o, n), count in shared.items() if (o == old) != (n == new)]
        if all(count < alike for count in rivals):
            yield old, new


def _traits(findings: Iterable[Finding]) -> Counter[tuple[str, ...]]:
    return Counter((finding.rule_ids[0], finding.fingerprints[0].code) for finding in findings)


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.path].append(finding)
    return dict(found)


def _by_signature(
    files: Mapping[str, Sequence[Finding]], *, surroundings: bool, name: bool
) -> dict[_Signature, list[str]]:
    found: defaultdict[_Signature, list[str]] = defaultdict(list)
    for path, findings in files.items():
        traits: Counter[tuple[str, ...]] = Counter()
        for finding in findings:
            prints, rule = finding.fingerprints[0], finding.rule_ids[0]
            traits[(rule, prints.code, prints.context, prints.scope) if surroundings else (rule, prints.code)] += 1
        found[(posixpath.basename(path) if name else "", tuple(sorted(traits.items())))].append(path)
    return dict(found)


def _kept_surroundings(old: Iterable[Finding], new: Iterable[Finding]) -> bool:
    before = {finding.fingerprints[0].context for finding in old}
    return any(finding.fingerprints[0].context in before for finding in new)
