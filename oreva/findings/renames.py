"""Renames nobody told us of: a file that vanished with the very findings that another one appeared with."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

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
    finding must have kept its surroundings.

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
    return found


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
