"""Decisions of people about a finding: set it aside, or take that back. And how any change is put on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ulid import ULID

from oreva.errors import UsageError
from oreva.findings.deduplicate import in_source
from oreva.models import Dismissal, DismissalKind, EventChange, Finding, FindingEvent, Status

ALIVE = frozenset({Status.OPEN, Status.DISMISSED, Status.SUPPRESSED})
"""A finding that is still in the code, as far as anybody knows."""


def dismiss(
    finding: Finding,
    kind: DismissalKind,
    reason: str,
    by: str,
    at: dt.datetime,
    expires: dt.date | None = None,
    *,
    new_id: Callable[[], str] = lambda: str(ULID()),
) -> tuple[Finding, FindingEvent]:
    """Set a finding aside by a person's decision; one that is dismissed already gets the new reason and expiry.

    Args:
        finding: an open, suppressed or dismissed one.
        kind: why, in one word.
        reason: why, in words.
        by: who.
        at: when, aware, UTC.
        expires: the day (UTC) from which it is open again; None for never.
        new_id: makes the ULID of the event.

    Raises:
        UsageError: the finding is fixed or retired, the reason is empty, or the expiry is not in the future.
    """
    if finding.status not in ALIVE:
        raise UsageError(
            f"finding {finding.id} is {finding.status}: nothing to dismiss; see `oreva findings list` for open ones"
        )
    if not reason.strip():
        raise UsageError(f"finding {finding.id} cannot be dismissed without a reason; say why with `--reason`")
    if expires is not None and expires <= at.date():
        raise UsageError(f"the expiry {expires} is not in the future; give a day after {at.date()}")
    dismissal = Dismissal(kind=kind, reason=reason.strip(), by=by, at=at, expires=expires)
    words = f"{kind.replace('_', ' ')}: {dismissal.reason}"
    after = finding.model_copy(update={"status": Status.DISMISSED, "status_reason": words, "dismissal": dismissal})
    said = words + (f" (until {expires})" if expires else "")
    return after, event(after, "dismissed", said, finding.status, f"user:{by}", at, new_id())


def reopen(
    finding: Finding, by: str, reason: str, at: dt.datetime, *, new_id: Callable[[], str] = lambda: str(ULID())
) -> tuple[Finding, FindingEvent]:
    """Take back a dismissal, or what a policy suppressed.

    Raises:
        UsageError: the finding is open already, is closed (a scan opens it if it comes back), or is silenced by a
            comment in the source.
    """
    if finding.status is Status.OPEN:
        raise UsageError(f"finding {finding.id} is open already; nothing to do")
    if finding.status not in ALIVE:
        raise UsageError(f"finding {finding.id} is {finding.status}; a scan opens it again if it is still there")
    silenced, note = in_source(finding.detections)
    if silenced and finding.status is Status.SUPPRESSED:
        raise UsageError(f"finding {finding.id} is silenced {note}; remove the comment and scan again")
    words = f"reopened by {by}" + (f": {reason.strip()}" if reason.strip() else "")
    update = {"status": Status.OPEN, "status_reason": words, "dismissal": None}
    change: EventChange = "unsuppressed" if finding.status is Status.SUPPRESSED else "reopened"
    if silenced:
        update |= {"status": Status.SUPPRESSED, "status_reason": note}
    after = finding.model_copy(update=update)
    return after, event(after, change, words, finding.status, f"user:{by}", at, new_id())


def event(
    after: Finding, change: EventChange, reason: str, before: Status | None, actor: str, at: dt.datetime, event_id: str
) -> FindingEvent:
    """What happened to a finding: `after` is its new state, `before` the status it had, None if it is new."""
    return FindingEvent(
        id=event_id,
        finding_id=after.id,
        at=at,
        actor=actor,
        change=change,
        reason=reason,
        from_status=before,
        to_status=after.status,
    )


def expired(finding: Finding, now: dt.datetime) -> bool:
    """Whether a dismissal of this finding has run out."""
    dismissal = finding.dismissal
    return dismissal is not None and dismissal.expires is not None and now.date() >= dismissal.expires


def expiry(finding: Finding) -> str:
    """What to say of a dismissal that has run out."""
    dismissal = finding.dismissal
    return f"the dismissal by {dismissal.by} expired on {dismissal.expires}" if dismissal else ""
