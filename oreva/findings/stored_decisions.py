"""A person's decision about a stored finding: changed, put on record, and remembered for triage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from oreva.errors import ConflictError, UsageError
from oreva.findings.decisions import dismiss, reopen
from oreva.models import DismissalKind, Finding, FindingEvent, TriageMemory, utc_now
from oreva.store.base import Changes, FindingStore

_ATTEMPTS = 5
"""How often a decision is made anew because a scan wrote the finding at the same moment."""


class UnknownFindingError(UsageError):
    """The store holds no finding of this id."""


def dismiss_stored(
    store: FindingStore,
    repository: str,
    finding_id: str,
    kind: DismissalKind,
    reason: str,
    by: str,
    expires: dt.date | None = None,
    *,
    revision: int | None = None,
) -> Finding:
    """Set a finding aside and remember why for triage; the finding as it is now, at the revision it was read at.

    Args:
        store: where the finding is.
        repository: `Source.key`.
        finding_id: the whole id.
        kind: why, in one word.
        reason: why, in words.
        by: who.
        expires: the day (UTC) from which it is open again; None for never.
        revision: the one the person has looked at; None decides on whatever is there.

    Raises:
        UnknownFindingError: there is none.
        UsageError: it cannot be dismissed (see `decisions.dismiss`).
        ConflictError: it is at another revision, or scans keep writing it.
    """
    after, event = _decide(
        store, repository, finding_id, lambda f: dismiss(f, kind, reason, by, utc_now(), expires), revision
    )
    store.put_memory(
        TriageMemory(
            repository=repository,
            rule_id=after.rule_ids[0],
            id=event.id,
            finding_id=after.id,
            decision=kind,
            reason=reason.strip(),
            snippet=after.snippet,
            at=event.at,
        )
    )
    return after


def reopen_stored(
    store: FindingStore, repository: str, finding_id: str, by: str, reason: str = "", *, revision: int | None = None
) -> Finding:
    """Take back a dismissal or a policy's suppression; raises as `dismiss_stored` does."""
    after, _ = _decide(store, repository, finding_id, lambda f: reopen(f, by, reason, utc_now()), revision)
    return after


def _decide(
    store: FindingStore,
    repository: str,
    finding_id: str,
    change: Callable[[Finding], tuple[Finding, FindingEvent]],
    revision: int | None,
) -> tuple[Finding, FindingEvent]:
    """Change one finding; if a scan writes it at the same moment, change what the scan wrote."""
    for _ in range(_ATTEMPTS):
        finding = store.finding(repository, finding_id)
        if finding is None:
            raise UnknownFindingError(f"finding {finding_id}: there is none in {repository}; check id and repository")
        if revision is not None and finding.revision != revision:
            raise ConflictError(
                f"finding {finding_id} is at revision {finding.revision}, not {revision}: somebody else has written "
                "it; read it again and repeat"
            )
        after, event = change(finding)
        try:
            store.apply(Changes(repository=repository, findings=(after,), events=(event,)))
        except ConflictError:
            continue
        return after, event
    raise ConflictError(f"finding {finding_id} is being written by a scan; try again when it is done")
