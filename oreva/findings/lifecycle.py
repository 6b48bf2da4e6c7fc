"""The life of a finding: what a scan, or a person, makes of its status.

A finding is closed only on proof: its file is gone, or every scanner that saw it looked at the file again, with the
rule still active. Whatever is not proven stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal

from ulid import ULID

from oreva.findings.decisions import ALIVE, dismiss, event, expired, expiry, reopen
from oreva.findings.deduplicate import IN_SOURCE, in_source
from oreva.findings.growth import grew, same_surroundings
from oreva.findings.tracking import Tracking
from oreva.models import (
    Detection,
    EventChange,
    Finding,
    FindingEvent,
    Fingerprints,
    Scan,
    Status,
    Verdict,
)

__all__ = ["Advance", "Covered", "advance", "carried_verdict", "dismiss", "outgrown_dismissal", "reopen"]

Covered = Callable[[str, str], Literal["looked", "gone", "not_looked"]]
"""Path and scanner to what the scan can prove: that the scanner looked at the file, that the file does not exist any
more, or neither."""


@dataclass(frozen=True)
class Advance:
    """What a scan changes in the lives of findings."""

    findings: tuple[Finding, ...]
    """The findings of this scan with id, life and history, in the order of `current`."""
    changed: tuple[Finding, ...]
    """New findings and those that differ from what is stored, present or not: what is to be written. `revision` is the
    one they were read at."""
    events: tuple[FindingEvent, ...]
    opened: tuple[str, ...]
    """Ids of findings that are open now and are new or came back."""
    fixed: tuple[Finding, ...]
    """Findings that this scan proved to be gone."""
    retired: tuple[Finding, ...]
    """Findings whose rules are gone, or that are part of another finding now."""


@dataclass
class _Step:
    """One scan at work on the stored findings."""

    scan: Scan
    covered: Covered
    active_rules: AbstractSet[str]
    renames: Mapping[str, str]
    now: dt.datetime
    new_id: Callable[[], str]
    same_rules: bool
    events: list[FindingEvent] = field(default_factory=list)

    def record(self, after: Finding, change: EventChange, reason: str, before: Status | None) -> None:
        self.events.append(event(after, change, reason, before, f"scan:{self.scan.id}", self.now, self.new_id()))


def advance(
    current: Sequence[Finding],
    stored: Sequence[Finding],
    tracking: Tracking,
    *,
    scan: Scan,
    covered: Covered,
    active_rules: AbstractSet[str],
    now: dt.datetime,
    new_id: Callable[[], str] = lambda: str(ULID()),
    same_rules: bool = False,
) -> Advance:
    """Carry the stored findings over to this scan of the default branch. Done twice, it changes nothing further.

    Args:
        current: findings of this scan, as `deduplicate` gives them, with or without verdicts.
        stored: all findings of the repository, of every status.
        tracking: what `track` says of these two sequences.
        scan: the scan that acts.
        covered: what the scan can prove of a file and a scanner.
        active_rules: `scanner:rule id` of every rule that was looked for.
        now: when, aware, UTC.
        new_id: makes a ULID for each new finding and each event.
        same_rules: whether the stored findings were last seen with the same rules: then a rule that reports one of them
            for the first time says that the code has changed.
    """
    step = _Step(scan, covered, active_rules, tracking.renames, now, new_id, same_rules)
    origin = {match.current: stored[match.stored] for match in tracking.matches}
    findings: list[Finding] = []
    changed: list[Finding] = []
    opened: list[str] = []
    for index, finding in enumerate(current):
        before = origin.get(index)
        after = _born(step, finding) if before is None else _seen_again(step, finding, before)
        findings.append(after)
        if before is None or after != before:
            changed.append(after)
        if after.status is Status.OPEN and (before is None or before.status not in ALIVE):
            opened.append(after.id)
    ended: list[Finding] = []
    for index in sorted((*tracking.missing, *tracking.merged), key=lambda i: stored[i].id):
        before = stored[index]
        into = tracking.merged.get(index)
        after = _unseen(step, before, findings[into].id if into is not None else None)
        if after is not before:
            ended.append(after)
    return Advance(
        findings=tuple(findings),
        changed=(*changed, *ended),
        events=tuple(step.events),
        opened=tuple(opened),
        fixed=tuple(finding for finding in ended if finding.status is Status.FIXED),
        retired=tuple(finding for finding in ended if finding.status is Status.RETIRED),
    )


def _born(step: _Step, finding: Finding) -> Finding:
    after = finding.model_copy(
        update={"id": step.new_id(), "first_seen_scan": step.scan.id, "revision": 0, "fixed_at": None, "reopened": 0}
    )
    step.record(after, "suppressed" if after.status is Status.SUPPRESSED else "opened", after.status_reason, None)
    return after


def _seen_again(step: _Step, current: Finding, before: Finding) -> Finding:
    """The stored finding with what this scan says of it."""
    seen = _with_unproven(step, current, before)
    verdict = carried_verdict(seen, before)
    outgrown = outgrown_dismissal(seen, before, same_rules=step.same_rules)
    dismissal = None if outgrown or expired(before, step.now) else before.dismissal
    turn = _turn(step, seen, before, policy_holds=_policy_holds(seen, before, verdict), outgrown=outgrown)
    after = seen.model_copy(
        update={
            "id": before.id,
            "status": turn.status,
            "status_reason": turn.status_reason,
            "first_seen": before.first_seen,
            "first_seen_scan": before.first_seen_scan,
            "revision": before.revision,
            "reopened": before.reopened + (before.status not in ALIVE),
            "fixed_at": None,
            "dismissal": dismissal,
            "verdict": verdict,
            "untriaged_reason": "" if verdict else (current.untriaged_reason or before.untriaged_reason),
        }
    )
    if turn.change is not None:
        step.record(after, turn.change, turn.why or turn.status_reason, before.status)
    if after.path != before.path:
        step.record(after, "moved", "its file was renamed", turn.status)
    if verdict is not before.verdict:
        step.record(after, "verdict", _about(verdict), turn.status)
    return after


def _about(verdict: Verdict | None) -> str:
    if verdict is None:
        return "dropped: the code it was about has changed"
    said = verdict.assessment.replace("_", " ")
    return f"{said}, confidence {verdict.confidence:g}, by {verdict.triaged_by}"


def carried_verdict(current: Finding, stored: Finding) -> Verdict | None:
    """The verdict that holds for a finding seen again: a new one, else the stored one if it is about the same code.

    A new verdict that differs from the stored one in nothing but its time gives the stored one.
    """
    if current.verdict is None:
        return stored.verdict if _same_code(current, stored) else None
    if stored.verdict is not None and stored.verdict == current.verdict.model_copy(update={"at": stored.verdict.at}):
        return stored.verdict
    return current.verdict


def _same_code(current: Finding, stored: Finding) -> bool:
    """Whether every detection of `current` was there before, with the same code."""
    return _codes(current) <= _codes(stored)


def _codes(finding: Finding) -> set[tuple[str, str, str]]:
    pairs = zip(finding.detections, finding.fingerprints, strict=True)
    return {(detection.scanner, detection.rule_id, prints.code) for detection, prints in pairs}


def outgrown_dismissal(seen: Finding, before: Finding, *, same_rules: bool) -> str:
    """Why a person's decision on `before` does not hold for `seen`; empty if it does, or if there is none.

    It ends where the finding has become more and the code has changed: other lines around it, or, with the same rules,
    a rule that did not report it before.
    """
    if before.dismissal is None:
        return ""
    more = grew(seen, before)
    gained = not set(seen.rule_ids) <= set(before.rule_ids)
    if not more or not ((gained and same_rules) or not same_surroundings(seen, before)):
        return ""
    return f"{more} since it was dismissed by {before.dismissal.by}, and its code has changed"


def _policy_holds(seen: Finding, before: Finding, verdict: Verdict | None) -> bool:
    """Whether what a policy decided about the stored finding still rests on the same verdict and code."""
    return verdict is before.verdict and (verdict is not None or _same_code(seen, before))


def _with_unproven(step: _Step, current: Finding, before: Finding) -> Finding:
    """Add the stored detections of scanners that did not look this time: nobody has shown that they are gone."""
    carried: list[tuple[Detection, Fingerprints]] = []
    moved = _lines_moved(current, before)
    for detection, prints in zip(before.detections, before.fingerprints, strict=True):
        key = f"{detection.scanner}:{detection.rule_id}"
        if key in current.rule_ids or key not in step.active_rules:
            continue
        if step.covered(current.path, detection.scanner) == "not_looked":
            update = {
                "path": current.path,
                "start_line": max(1, detection.start_line + moved),
                "end_line": max(1, detection.end_line + moved),
            }
            carried.append((detection.model_copy(update=update), prints))
    if not carried:
        return current
    fields = {name: getattr(current, name) for name in Finding.model_fields}
    fields["detections"] = (*current.detections, *(detection for detection, _ in carried))
    fields["fingerprints"] = (*current.fingerprints, *(prints for _, prints in carried))
    fields["severity"] = max(current.severity, *(detection.severity for detection, _ in carried))
    fields["confidence"] = max(current.confidence, *(detection.confidence for detection, _ in carried))
    fields["cwe"] = tuple(dict.fromkeys((*current.cwe, *before.cwe)))
    return Finding.model_validate(fields)


def _lines_moved(current: Finding, before: Finding) -> int:
    """By how many lines a rule that reports the finding on both sides has moved."""
    lines = {(d.scanner, d.rule_id): d.start_line for d in reversed(before.detections)}
    for d in current.detections:
        if (d.scanner, d.rule_id) in lines:
            return d.start_line - lines[d.scanner, d.rule_id]
    return current.start_line - before.start_line


@dataclass(frozen=True)
class _Turn:
    """What becomes of a status: the new one, the event if it is one, and the reason for either."""

    status: Status
    status_reason: str
    change: EventChange | None = None
    why: str = ""
    """Of the event; empty if it is the status reason."""


def _turn(step: _Step, seen: Finding, before: Finding, *, policy_holds: bool, outgrown: str) -> _Turn:
    """The status of a stored finding that is seen again."""
    silenced, note = in_source(seen.detections)
    by_policy = seen.status is Status.SUPPRESSED and not seen.status_reason.startswith(IN_SOURCE)
    if silenced:
        quiet = _Turn(Status.SUPPRESSED, note)
    elif by_policy:
        quiet = _Turn(Status.SUPPRESSED, seen.status_reason)
    else:
        quiet = _Turn(Status.OPEN, note)
    match before.status:
        case Status.DISMISSED:
            if outgrown:
                return _Turn(quiet.status, quiet.status_reason or outgrown, "reopened", outgrown)
            return _turn_dismissed(step, before, quiet)
        case Status.FIXED | Status.RETIRED:
            return _turn_closed(step, before, quiet, outgrown=outgrown)
        case Status.SUPPRESSED:
            return _turn_suppressed(before, quiet, policy_holds=policy_holds)
        case _:
            if quiet.status is Status.SUPPRESSED:
                return replace(quiet, change="suppressed")
            kept = "" if before.status_reason.startswith(IN_SOURCE) else before.status_reason
            return _Turn(Status.OPEN, note or kept)


def _turn_dismissed(step: _Step, before: Finding, quiet: _Turn) -> _Turn:
    if not expired(before, step.now):
        return _Turn(Status.DISMISSED, before.status_reason)
    why = expiry(before)
    return _Turn(quiet.status, quiet.status_reason or why, "expired", why)


def _turn_closed(step: _Step, before: Finding, quiet: _Turn, *, outgrown: str) -> _Turn:
    why = f"reported again after it was {before.status}"
    if before.dismissal is not None and not outgrown and not expired(before, step.now):
        reason = f"{before.dismissal.kind.replace('_', ' ')}: {before.dismissal.reason}"
        return _Turn(Status.DISMISSED, reason, "reopened", f"{why}; the dismissal by {before.dismissal.by} still holds")
    return _Turn(quiet.status, quiet.status_reason, "reopened", why)


def _turn_suppressed(before: Finding, quiet: _Turn, *, policy_holds: bool) -> _Turn:
    if quiet.status is Status.SUPPRESSED:
        return quiet
    if in_source(before.detections)[0]:
        return replace(quiet, change="unsuppressed", why="a comment that silenced it is gone")
    if policy_holds:
        return _Turn(Status.SUPPRESSED, before.status_reason)
    return replace(quiet, change="unsuppressed", why="the code or the verdict that the policy judged has changed")


def _unseen(step: _Step, before: Finding, into: str | None) -> Finding:
    """A stored finding that no current one is; the same object if nothing changes."""
    if before.status not in ALIVE:
        return before
    if into is not None:
        return _end(step, before, Status.RETIRED, f"merged into {into}")
    states = {f"{d.scanner}:{d.rule_id}": _proof(step, d) for d in before.detections}
    proven = set(states.values())
    if "unproven" not in proven:
        if "inactive" in proven:
            inactive = ", ".join(rule for rule, state in states.items() if state == "inactive")
            return _end(step, before, Status.RETIRED, f"no longer looked for: {inactive}")
        reason = "its file is gone" if proven == {"gone"} else f"no longer reported by {', '.join(states)}"
        return _end(step, before, Status.FIXED, reason)
    if before.status is Status.DISMISSED and expired(before, step.now):
        why = expiry(before)
        after = before.model_copy(update={"status": Status.OPEN, "status_reason": why, "dismissal": None})
        step.record(after, "expired", why, before.status)
        return after
    return before


def _proof(step: _Step, detection: Detection) -> Literal["gone", "looked", "inactive", "unproven"]:
    """What this scan shows about a stored detection that it did not report."""
    path = step.renames.get(detection.path, detection.path)
    state = step.covered(path, detection.scanner)
    if state == "gone":
        return "gone"
    if f"{detection.scanner}:{detection.rule_id}" not in step.active_rules:
        took_part = detection.scanner in step.scan.scanners or any(
            rule.partition(":")[0] == detection.scanner for rule in step.active_rules
        )
        return "inactive" if took_part else "unproven"
    return "looked" if state == "looked" else "unproven"


def _end(step: _Step, before: Finding, status: Literal[Status.FIXED, Status.RETIRED], reason: str) -> Finding:
    fixed = status is Status.FIXED
    after = before.model_copy(
        update={"status": status, "status_reason": reason, "fixed_at": step.now if fixed else None}
    )
    step.record(after, "fixed" if fixed else "retired", reason, before.status)
    return after
