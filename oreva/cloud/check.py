"""The check on a commit: a check run where Oreva is a GitHub App, a commit status where it has a token.

A scan never fails because GitHub does: what goes wrong here is logged, and the functions answer False. The check of a
scan is found again by the scan's id, so that a stage that runs twice updates it instead of adding another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from oreva.cloud.messages import ScanRequest
from oreva.cloud.services import Services
from oreva.errors import OrevaError, ThrottledError
from oreva.models import utc_now
from oreva.reports import github as report
from oreva.reports.base import ReportData
from oreva.sources.github import CheckRun, GitHub

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
"""How often a check is written when answers get lost; each looks first at what is there."""
_NAMES = {"push": "push", "pull_request": "pull request"}


def started(request: ScanRequest, services: Services) -> bool:
    """Say that the scan is under way. True if GitHub shows it."""

    def as_check(github: GitHub) -> None:
        run = _found(github, request)
        if run is None:
            output = {"title": "Scanning", "summary": "The scan is under way."}
            _create(github, request, services, {"status": "in_progress", "output": output})

    def as_status(github: GitHub) -> None:
        _set_status(github, request, services, "pending", "The scan is under way")

    return _told(request, services, as_check, as_status)


def completed(request: ScanRequest, services: Services, data: ReportData) -> bool:
    """Say what the scan has found. True if GitHub shows it, with all annotations."""

    def as_check(github: GitHub) -> None:
        _write(github, request, services, report.completed(data, _link(request, services)))

    def as_status(github: GitHub) -> None:
        _set_status(github, request, services, *report.status(data))

    return _told(request, services, as_check, as_status)


def failed(request: ScanRequest, services: Services, cause: str) -> bool:
    """Say that the scan could not be done, and why. True if GitHub shows it."""

    def as_check(github: GitHub) -> None:
        _write(github, request, services, report.failed(cause, request.scan_id, _link(request, services)))

    def as_status(github: GitHub) -> None:
        _set_status(github, request, services, *report.failed_status(cause))

    return _told(request, services, as_check, as_status)


def name(request: ScanRequest) -> str:
    """What the check is called: a push and a pull request with the same commit have one each."""
    kind = _NAMES.get(request.trigger)
    return f"Oreva ({kind})" if kind else "Oreva"


def context(request: ScanRequest) -> str:
    """What the commit status is called."""
    kind = _NAMES.get(request.trigger, "")
    return f"oreva/{kind.replace(' ', '-')}" if kind else "oreva"


def _told(
    request: ScanRequest,
    services: Services,
    as_check: Callable[[GitHub], None],
    as_status: Callable[[GitHub], None],
) -> bool:
    source = request.source
    if source.provider != "github" or not source.commit:
        return False
    try:
        github = services.github
        if github.is_anonymous:
            return False
        (as_check if github.is_app else as_status)(github)
    except OrevaError as error:
        _log.warning("scan %s: the check is not written: %s", request.scan_id, error)
        return False
    return True


def _write(github: GitHub, request: ScanRequest, services: Services, output: report.CheckOutput) -> None:
    """Bring the check to this state, wherever an earlier attempt got to."""
    for attempt in range(1, _ATTEMPTS + 1):
        run = _found(github, request)
        try:
            run = run or _create(github, request, services, {"status": "in_progress"})
            shown: dict[str, Any] = {"title": output.title, "summary": output.summary}
            if output.text:
                shown["text"] = output.text
            end = {"status": "completed", "conclusion": output.conclusion, "completed_at": utc_now().isoformat()}
            for batch in output.batches(after=run.annotations):
                fields = end | {"output": shown | ({"annotations": batch} if batch else {})}
                run = github.update_check(request.source.repository, run.id, fields)
        except ThrottledError:
            if attempt == _ATTEMPTS:
                raise
        else:
            return


def _found(github: GitHub, request: ScanRequest) -> CheckRun | None:
    source = request.source
    return github.find_check(source.repository, source.commit or "", name(request), request.scan_id)


def _create(github: GitHub, request: ScanRequest, services: Services, state: dict[str, Any]) -> CheckRun:
    fields = {
        "name": name(request),
        "head_sha": request.source.commit,
        "external_id": request.scan_id,
        "started_at": request.requested_at.isoformat(),
    }
    if link := _link(request, services):
        fields["details_url"] = link
    return github.create_check(request.source.repository, fields | state)


def _set_status(
    github: GitHub, request: ScanRequest, services: Services, state: report.State, description: str
) -> None:
    source = request.source
    link = _link(request, services)
    github.set_status(
        source.repository,
        source.commit or "",
        state,
        context=context(request),
        description=description,
        target_url=link,
    )


def _link(request: ScanRequest, services: Services) -> str:
    """Where the full report is; empty if no place is set."""
    return services.settings.report_url.replace("{scan_id}", request.scan_id)
