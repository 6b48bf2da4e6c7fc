"""Findings: list them, see one in full, dismiss or reopen it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from oreva.cloud.api import cursor
from oreva.cloud.api.bodies import FindingDetail, FindingPage, FindingSummary, NewDismissal, Reopening
from oreva.cloud.api.names import is_ulid
from oreva.cloud.api.problems import NotFoundError
from oreva.cloud.api.views import detail, summary
from oreva.cloud.services import Services
from oreva.errors import UsageError
from oreva.findings.stored_decisions import dismiss_stored, reopen_stored
from oreva.models import Finding, Model, Severity, Status
from oreva.store.base import FindingFilter

LOOKED_AT = 2_000
"""How many findings of the queue one request looks at; what does not match its filters makes the page shorter."""


class Question(Model):
    """Which findings to list."""

    repository: str | None
    """`Source.key`; None for all, the severest and then the oldest first."""
    statuses: tuple[Status, ...]
    severities: tuple[Severity, ...]
    cwe: str | None
    path: str


def listed(services: Services, question: Question, limit: int, at: str | None) -> FindingPage:
    """A page of findings. Raises `UsageError` for a cursor that does not fit."""
    plain = ["findings", question.model_dump(mode="json")]
    if question.repository is not None:
        return _of_repository(services, question, question.repository, limit, at, plain)
    return _of_all(services, question, limit, at, plain)


def _of_repository(
    services: Services, question: Question, repository: str, limit: int, at: str | None, plain: object
) -> FindingPage:
    """Findings of one repository, in order of id."""
    after = None
    if at is not None:
        (after,) = cursor.read(at, plain, 1)
        if not is_ulid(after):
            raise UsageError(cursor.NOT_OURS)
    where = FindingFilter(
        statuses=question.statuses, severities=question.severities, cwe=question.cwe, path_prefix=question.path
    )
    found = list(islice(services.store.findings(repository, where, after=after), limit + 1))
    page = tuple(summary(repository, finding) for finding in found[:limit])
    return FindingPage(findings=page, cursor=cursor.make(plain, [page[-1].id]) if len(found) > limit else None)


def _of_all(services: Services, question: Question, limit: int, at: str | None, plain: object) -> FindingPage:
    """Findings of all repositories: the severest first, then by status, then the oldest."""
    start = cursor.read(at, plain, 5) if at is not None else None
    page: list[FindingSummary] = []
    last: list[str] | None = None
    for looked, (status, severity, repository, finding) in enumerate(_queue(services, question, start)):
        if len(page) == limit or looked == LOOKED_AT:
            return FindingPage(findings=tuple(page), cursor=cursor.make(plain, last or []))
        last = [severity.value, status.value, repository, finding.first_seen.isoformat(), finding.id]
        if _matches(finding, question):
            page.append(summary(repository, finding))
    return FindingPage(findings=tuple(page), cursor=None)


def _queue(
    services: Services, question: Question, start: Sequence[str] | None
) -> Iterator[tuple[Status, Severity, str, Finding]]:
    places = [
        (severity, status)
        for severity in Severity
        for status in Status
        if severity in (question.severities or tuple(Severity)) and status in (question.statuses or tuple(Status))
    ]
    after: tuple[str, dt.datetime, str] | None = None
    if start is not None:
        first, after = _position(start)
        if first not in places:
            raise UsageError(cursor.NOT_OURS)
        places = places[places.index(first) :]
    for severity, status in places:
        for repository, finding in services.store.queue(status, severity, after=after):
            yield status, severity, repository, finding
        after = None


def _position(values: Sequence[str]) -> tuple[tuple[Severity, Status], tuple[str, dt.datetime, str]]:
    severity, status, repository, first_seen, finding_id = values
    try:
        moment = dt.datetime.fromisoformat(first_seen)
        if moment.tzinfo is None or not is_ulid(finding_id) or not repository or len(repository) > 1_000:
            raise ValueError(first_seen)
        return (Severity(severity), Status(status)), (repository, moment, finding_id)
    except (ValueError, OverflowError):
        raise UsageError(cursor.NOT_OURS) from None


def _matches(finding: Finding, question: Question) -> bool:
    return (question.cwe is None or question.cwe in finding.cwe) and finding.path.startswith(question.path)


def one(services: Services, finding_id: str, repository: str) -> FindingDetail:
    """One finding in full. Raises `NotFoundError`."""
    finding = services.store.finding(repository, finding_id)
    if finding is None:
        raise NotFoundError(f"finding {finding_id}: there is none in {repository}; check the id and the repository")
    return detail(repository, finding, services.store.events(finding_id))


def dismiss(services: Services, who: str, finding_id: str, wanted: NewDismissal) -> FindingDetail:
    """Set a finding aside. Raises `UnknownFindingError`, `UsageError`, `ConflictError`."""
    dismiss_stored(
        services.store,
        wanted.repository,
        finding_id,
        wanted.kind,
        wanted.reason,
        who,
        wanted.expires,
        revision=wanted.revision,
    )
    return one(services, finding_id, wanted.repository)


def reopen(services: Services, who: str, finding_id: str, wanted: Reopening) -> FindingDetail:
    """Take that back. Raises `UnknownFindingError`, `UsageError`, `ConflictError`."""
    reopen_stored(services.store, wanted.repository, finding_id, who, wanted.reason, revision=wanted.revision)
    return one(services, finding_id, wanted.repository)
