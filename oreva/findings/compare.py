"""Comparison of two states of the code: what a branch or a change introduces, keeps and fixes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from oreva.findings.growth import grew
from oreva.findings.lifecycle import Covered
from oreva.findings.tracking import track
from oreva.models import Finding, Status

_CLOSED = frozenset({Status.FIXED, Status.RETIRED})


@dataclass(frozen=True)
class Comparison:
    """What a change does to the findings of the code it started from."""

    new: frozenset[int]
    """Indexes of current findings that the base does not have, or that are more than they were there."""
    existing: Mapping[int, int]
    """Current finding to the one of the base that it is."""
    fixed: tuple[Finding, ...]
    """Findings of the base that are not there any more, in its order."""


def compare(
    current: Sequence[Finding],
    base: Sequence[Finding],
    *,
    renames: Mapping[str, str] | None = None,
    gone: Callable[[str], bool] | None = None,
    covered: Covered | None = None,
    same_rules: bool = True,
) -> Comparison:
    """Match a change's findings with those of its base by the rules of tracking; nothing is written.

    Args:
        current: findings of the change.
        base: findings of the default branch, or of the commit that the change started from. Fixed and retired ones
            count as absent: what brings them back introduces them.
        renames: old path to new path of files known to be renamed.
        gone: whether a path of the base does not exist in the change; allows renames to be inferred.
        covered: what the scan of the change can prove. If given, only what is proven counts as fixed.
        same_rules: whether both sides were scanned with the same rules. Then a finding that another rule reports too,
            or that has become graver or surer, is new: taking a check away introduces what the check had kept out.
    """
    alive = [index for index, finding in enumerate(base) if finding.status not in _CLOSED]
    tracking = track(current, [base[index] for index in alive], renames=renames, gone=gone)

    def proven(finding: Finding) -> bool:
        return covered is None or all(
            covered(tracking.renames.get(d.path, d.path), d.scanner) != "not_looked" for d in finding.detections
        )

    merged: defaultdict[int, set[str]] = defaultdict(set)
    for index, into in tracking.merged.items():
        merged[into].update(base[alive[index]].rule_ids)
    grown = {
        match.current
        for match in tracking.matches
        if same_rules and grew(current[match.current], base[alive[match.stored]], also=frozenset(merged[match.current]))
    }
    return Comparison(
        new=frozenset(tracking.new) | grown,
        existing={match.current: alive[match.stored] for match in tracking.matches if match.current not in grown},
        fixed=tuple(base[alive[index]] for index in tracking.missing if proven(base[alive[index]])),
    )
