"""Scans: start one, see how far it has come, read its reports."""

from __future__ import annotations

import datetime as dt
import time

from oreva.cloud import layout, requests
from oreva.cloud.api import cursor, uploads
from oreva.cloud.api.bodies import NewScan, ReportLink, RepositoryPage, ScanPage, ScanView
from oreva.cloud.api.names import is_ulid
from oreva.cloud.api.problems import NotFoundError, NotReadyError
from oreva.cloud.messages import ScanRequest
from oreva.cloud.services import Services
from oreva.errors import UsageError
from oreva.models import Scan, ScanState, Source

LINK_LASTS = dt.timedelta(minutes=15)
_LONGEST_CAUSE = 500


def start(services: Services, who: str, wanted: NewScan, now: dt.datetime) -> ScanView:
    """Start a scan. Raises `ForbiddenError`, `NotFoundError`, `NotReadyError`, or what GitHub says of the ref."""
    uploads.check_allowed(services.settings, wanted.repository)
    sequence = time.time_ns()  # before the ref is resolved: a push that lands meanwhile is newer than what it stood for
    if wanted.upload_id is not None:
        uploads.redeem(services, who, wanted.upload_id, wanted.repository, now)
        source = Source(provider="archive", repository=wanted.repository)
    else:
        source = _on_github(services, wanted)
    request = requests.make_request(source, trigger="manual", requested_by=f"user:{who}", sequence=sequence, now=now)
    if wanted.upload_id is not None:
        request = request.model_copy(update={"upload_id": wanted.upload_id})
    requests.start(request, services)
    return view(requests.running(request), now)


def _on_github(services: Services, wanted: NewScan) -> Source:
    resolved = services.github.resolve(wanted.repository, wanted.ref)
    name = resolved.repository or wanted.repository
    uploads.check_allowed(services.settings, name)  # a repository that was renamed answers to its old name
    return Source(
        provider="github",
        repository=name,
        ref=resolved.ref,
        commit=resolved.commit,
        default_branch=resolved.default_branch,
    )


def listed(services: Services, repository: str, limit: int, at: str | None, now: dt.datetime) -> ScanPage:
    """Scans of a repository, newest first."""
    question = ["scans", repository]
    before = None
    if at is not None:
        (before,) = cursor.read(at, question, 1)
        if not is_ulid(before):
            raise UsageError(cursor.NOT_OURS)
    found = services.store.scans(repository, limit + 1, before=before)
    more = len(found) > limit
    page = tuple(view(scan, now) for scan in found[:limit])
    return ScanPage(scans=page, cursor=cursor.make(question, [page[-1].scan_id]) if more else None)


def repositories(services: Services, limit: int, at: str | None) -> RepositoryPage:
    """Repositories that have findings or scans, by name."""
    question = ["repositories"]
    after = cursor.read(at, question, 1)[0] if at is not None else ""
    found = [name for name in services.store.repositories() if name > after]
    page = tuple(found[:limit])
    return RepositoryPage(repositories=page, cursor=cursor.make(question, [page[-1]]) if len(found) > limit else None)


def one(services: Services, scan_id: str, repository: str | None, now: dt.datetime) -> ScanView:
    """One scan. Raises `NotFoundError`."""
    return view(_find(services, scan_id, repository), now)


def report(
    services: Services, scan_id: str, wanted: layout.ReportFormat, repository: str | None, now: dt.datetime
) -> ReportLink:
    """Where a report can be read. Raises `NotFoundError`, or `NotReadyError` for a scan that has none."""
    scan = _find(services, scan_id, repository)
    if scan.state is ScanState.RUNNING:
        raise NotReadyError(f"scan {scan_id}: still {scan.stage or 'running'}; ask again when it has completed")
    if scan.state is ScanState.FAILED:
        raise NotReadyError(f"scan {scan_id}: it failed, so there is no report; its `cause` says why")
    key = layout.report(scan_id, wanted)
    if services.artifacts.size(key) is None:
        if _is_being_written(services, scan_id):
            raise NotReadyError(f"scan {scan_id}: its reports are being written; ask again in a moment")
        raise NotFoundError(f"scan {scan_id}: its {wanted} report is not kept any more; start the scan again")
    name, content_type = layout.REPORT_FILES[wanted]
    file_name = f"{scan_id}-{name}"
    seconds = int(LINK_LASTS.total_seconds())
    return ReportLink(
        url=services.artifacts.address_to_get(key, file_name, content_type, seconds),
        content_type=content_type,
        expires_at=now + LINK_LASTS,
    )


def _is_being_written(services: Services, scan_id: str) -> bool:
    """Whether Report has recorded the end of a scan and is not done with the rest; nothing of it has expired yet."""
    there = services.artifacts.keys  # listing is allowed for all keys, reading only for some
    return bool(there(layout.request(scan_id))) and not there(layout.published(scan_id))


def _find(services: Services, scan_id: str, repository: str | None) -> Scan:
    """The scan; its repository is told by its request, for as long as that is kept."""
    if repository is None and services.artifacts.size(layout.request(scan_id)) is not None:
        repository = services.artifacts.get_model(layout.request(scan_id), ScanRequest).source.key
    if repository is None:
        raise NotFoundError(
            f"scan {scan_id}: there is none, or it is so old that only its record is kept; check the id, or add "
            "`repository` to the query"
        )
    scan = services.store.scan(repository, scan_id)
    if scan is None:
        raise NotFoundError(f"scan {scan_id}: there is none in {repository}; check the id and the repository")
    return scan


def view(scan: Scan, now: dt.datetime) -> ScanView:
    """A scan as the API shows it."""
    running = scan.state is ScanState.RUNNING
    elapsed = max(0.0, (now - scan.started_at).total_seconds()) if running else scan.duration_s
    same = set(ScanView.model_fields) & set(Scan.model_fields) - {"duration_s", "cause"}
    return ScanView(
        **{name: getattr(scan, name) for name in same},
        scan_id=scan.id,
        repository=scan.source.key,
        duration_s=round(elapsed, 3),
        cause=" ".join(scan.cause.split())[:_LONGEST_CAUSE],
    )
