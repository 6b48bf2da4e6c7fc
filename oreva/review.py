"""Scanning a change: what it introduces against the code it started from. The lives of findings stay as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ulid import ULID

from oreva import pipeline
from oreva.findings.compare import compare
from oreva.findings.lifecycle import carried_verdict, outgrown_dismissal
from oreva.findings.tracking import track
from oreva.models import Finding, Scan, Status, urgency
from oreva.scanners.coverage import Looked
from oreva.triage.policy import POLICY_PREFIX


@dataclass(frozen=True)
class Compared:
    """The findings of a change beside those of the code it started from, not yet judged."""

    findings: tuple[Finding, ...]
    new_ids: frozenset[str]
    fixed: tuple[Finding, ...]


def compared(
    current: Sequence[Finding],
    base: Sequence[Finding],
    stored: Sequence[Finding],
    scan: Scan,
    *,
    covered: Callable[[str, str], Looked],
    honour: Callable[[Finding], Finding],
    renames: Mapping[str, str] | None = None,
    same_rules: bool = True,
) -> Compared:
    """Compare the findings of a change with those of the code it started from; the store's lives are not touched.

    `honour` decides what an in-source suppression of a finding that the change introduces is worth. A finding the store
    knows keeps its id, a person's decision, and the verdict on the same code with what a policy made of it; the id of
    any other is derived from its fingerprint, so that it is the same in every scan of the branch. `same_rules` says
    that the base was scanned with the rules of this scan.
    """
    result = compare(current, base, renames=renames, covered=covered, same_rules=same_rules)
    known = {match.current: stored[match.stored] for match in track(current, stored, renames=renames).matches}
    findings = []
    for index, finding in enumerate(current):
        seen = honour(finding) if index in result.new else finding
        findings.append(_identified(seen, known.get(index), scan, same_rules=same_rules))
    ended = {match.current: stored[match.stored] for match in track(result.fixed, stored).matches}
    fixed = tuple(
        _identified(finding, ended.get(index), scan, same_rules=same_rules).model_copy(update={"status": Status.FIXED})
        for index, finding in enumerate(result.fixed)
    )
    return Compared(tuple(findings), frozenset(findings[index].id for index in result.new), fixed)


def introduced(
    current: Sequence[Finding],
    base: Sequence[Finding],
    stored: Sequence[Finding],
    scan: Scan,
    *,
    contents: Mapping[str, bytes],
    covered: Callable[[str, str], Looked],
    triage: pipeline.TriageSettings,
    honour: Callable[[Finding], Finding],
    renames: Mapping[str, str] | None = None,
) -> pipeline.Analysis:
    """Compare a change with the code it started from (`compared`), and judge what it introduces (`judged_change`)."""
    change = compared(current, base, stored, scan, covered=covered, honour=honour, renames=renames)
    return judged_change(change, contents=contents, triage=triage)


def judged_change(
    change: Compared, *, contents: Mapping[str, bytes], triage: pipeline.TriageSettings
) -> pipeline.Analysis:
    """Judge what has no verdict yet. No policy is applied: what a change introduces is always shown."""
    findings = list(change.findings)
    wanted = [index for index, finding in enumerate(findings) if finding.verdict is None]
    for judged in pipeline.judge([findings[index] for index in wanted], wanted, contents, triage):
        findings[judged.position] = judged.finding
    return pipeline.Analysis(tuple(sorted(findings, key=urgency)), change.new_ids, change.fixed, None)


def _identified(finding: Finding, known: Finding | None, scan: Scan, *, same_rules: bool) -> Finding:
    """The finding with an id: that of the stored one it is, with what was decided of it, or a derived one."""
    if known is None:
        return finding.model_copy(update={"id": _derived_id(finding, scan.source.key), "first_seen_scan": scan.id})
    kept: dict[str, object] = {"id": known.id, "first_seen": known.first_seen, "first_seen_scan": known.first_seen_scan}
    verdict = carried_verdict(finding, known)
    if verdict is not None:
        kept["verdict"] = verdict
    if known.status is Status.DISMISSED and not outgrown_dismissal(finding, known, same_rules=same_rules):
        kept |= {"status": known.status, "status_reason": known.status_reason, "dismissal": known.dismissal}
    elif verdict is not None and known.status is Status.SUPPRESSED and known.status_reason.startswith(POLICY_PREFIX):
        kept |= {"status": known.status, "status_reason": known.status_reason}
    return finding.model_copy(update=kept)


def _derived_id(finding: Finding, repository: str) -> str:
    digest = hashlib.sha256(f"{repository}\0{finding.fingerprints[0].rule}".encode("utf-8", "surrogatepass")).digest()
    return str(ULID.from_bytes(digest[:16]))
