"""The routes: each takes a request apart, calls one operation, and gives its result or a problem."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoRouteError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType, RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

from oreva.cloud import layout
from oreva.cloud.api import findings, scans, uploads
from oreva.cloud.api.bodies import (
    FindingDetail,
    FindingPage,
    NewDismissal,
    NewScan,
    NewUpload,
    Reopening,
    ReportLink,
    RepositoryPage,
    ScanPage,
    ScanView,
    Upload,
)
from oreva.cloud.api.caller import caller
from oreva.cloud.api.cursor import LONGEST
from oreva.cloud.api.names import RepositoryKey, Ulid
from oreva.cloud.api.problems import (
    CONTENT_TYPE,
    RETRY_AFTER_S,
    Problem,
    invalid,
    problem,
    problem_of,
)
from oreva.cloud.services import Services
from oreva.errors import OrevaError
from oreva.models import Severity, Status, utc_now

_log = logging.getLogger("oreva")
_ANY = "any"

Limit = Annotated[int, Query(ge=1, le=200, description="Most items of one page")]
Cursor = Annotated[
    str | None,
    Query(max_length=LONGEST, description="`cursor` of the page before; the other parameters must be as they were"),
]
OneRepository = Annotated[
    RepositoryKey, Query(description="`github/owner/name` or `archive/name`; `owner/name` is short for the former")
]
PerhapsRepository = Annotated[
    RepositoryKey | None,
    Query(description="The scan's repository: needed only when all of the scan but its record has expired"),
]
ScanPath = Annotated[Ulid, Path(description="The id of a scan")]
FindingPath = Annotated[Ulid, Path(description="The id of a finding")]
StatusName = Literal["open", "fixed", "dismissed", "suppressed", "retired", "any"]

router = Router()  # type: ignore[no-untyped-call]
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def make_app() -> APIGatewayHttpResolver:
    """The API. Each call of `resolve` needs the `Services` in the context, under `services`."""
    app = APIGatewayHttpResolver(enable_validation=True)
    app.include_router(router, prefix="/v1")

    def no_route(_error: NoRouteError) -> Response[str]:
        event = app.current_event
        allowed = _methods(app, event.path)
        if allowed:
            text = f"{event.http_method}: this method is not allowed here; use {' or '.join(allowed)}"
            return _answer(problem(HTTPStatus.METHOD_NOT_ALLOWED, text), {"Allow": ", ".join(allowed)})
        return _answer(problem(HTTPStatus.NOT_FOUND, "path: there is nothing here; see GET /v1/openapi.json"))

    app.exception_handler(NoRouteError)(no_route)
    app.exception_handler(RequestValidationError)(_not_valid)
    app.exception_handler(RequestUnsupportedContentType)(_not_json)
    app.exception_handler(Exception)(_failed)
    return app


def _is_readable() -> bool:
    """Whether the body, if there is one, is JSON that Python can hold; Powertools takes the rest for our mistake."""
    try:
        _ = router.current_event.json_body
    except (ValueError, RecursionError):
        return False
    return True


def _not_valid(error: RequestValidationError) -> Response[str]:
    return _answer(invalid(error.errors()))


def _not_json(_error: RequestUnsupportedContentType) -> Response[str]:
    text = "body: it is not JSON; send JSON, with Content-Type: application/json"
    return _answer(problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, text))


def _failed(error: Exception) -> Response[str]:
    if not isinstance(error, OrevaError) and not _is_readable():
        return _answer(invalid([{"loc": ("body",), "msg": "it is not JSON in UTF-8, or nested too deeply"}]))
    told = problem_of(error)
    if told.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s: %s", type(error).__name__, error, exc_info=error)
    busy = told.status == HTTPStatus.SERVICE_UNAVAILABLE
    return _answer(told, {"Retry-After": str(RETRY_AFTER_S)} if busy else {})


def _answer(told: Problem, headers: dict[str, str] | None = None) -> Response[str]:
    return Response(told.status, CONTENT_TYPE, told.model_dump_json(), headers)


def _methods(app: APIGatewayHttpResolver, path: str) -> list[str]:
    """The methods that a path knows."""
    routes = [*app._static_routes, *app._dynamic_routes]  # noqa: SLF001  (Powertools has no other list of them)
    return sorted({route.method for route in routes if route.rule.match(path)})


def _services() -> Services:
    services: Services = router.context["services"]
    return services


def _caller() -> str:
    return caller(router.current_event.raw_event)


def _route(
    method: str, rule: str, operation: str, tag: str, status: HTTPStatus = HTTPStatus.OK
) -> Callable[[FunctionT], FunctionT]:
    """Register a route; the first line of the function's docstring is its summary, the rest its description."""

    def register(function: FunctionT) -> FunctionT:
        summary, _, text = (function.__doc__ or "").partition("\n")
        registered = router.route(
            rule,
            method,
            operation_id=operation,
            summary=summary.rstrip("."),
            description=inspect.cleandoc(text).replace("\n", " "),
            tags=[tag],
            status_code=status.value,
        )
        registered(function)
        return function

    return register


@_route("POST", "/uploads", "createUpload", "scans", HTTPStatus.CREATED)
def create_upload(upload: Annotated[NewUpload, Body()]) -> Upload:
    """Ask for a place to put an archive.

    Gives an address that takes one HTTP PUT of exactly `bytes` bytes, for an hour. Only the same caller may have it
    scanned, and only as the same repository.
    """
    return uploads.create(_services(), _caller(), upload, utc_now())


@_route("POST", "/scans", "startScan", "scans", HTTPStatus.ACCEPTED)
def start_scan(scan: Annotated[NewScan, Body()]) -> ScanView:
    """Start a scan.

    Of a repository on GitHub at a branch, tag or commit, or of an uploaded archive. A scan of the default branch,
    or of an archive, advances the lives of the repository's findings; any other is compared with them.
    """
    return scans.start(_services(), _caller(), scan, utc_now())


@_route("GET", "/scans", "listScans", "scans")
def list_scans(repository: OneRepository, limit: Limit = 50, cursor: Cursor = None) -> ScanPage:
    """List the scans of a repository.

    The newest first.
    """
    _caller()
    return scans.listed(_services(), repository, limit, cursor, utc_now())


@_route("GET", "/scans/<scan_id>", "getScan", "scans")
def get_scan(scan_id: ScanPath, repository: PerhapsRepository = None) -> ScanView:
    """See how far a scan has come.

    `state` is `running` until it is `completed`, `superseded` or `failed`; meanwhile `stage` says where it is.
    """
    _caller()
    return scans.one(_services(), scan_id, repository, utc_now())


@_route("GET", "/scans/<scan_id>/reports/<format>", "getReport", "scans")
def get_report(
    scan_id: ScanPath,
    format: Annotated[  # noqa: A002
        layout.ReportFormat, Path(description="`data` is what `oreva scan --remote` reads")
    ],
    repository: PerhapsRepository = None,
) -> ReportLink:
    """Find a report of a scan.

    Gives an address that answers HTTP GETs for a quarter of an hour, to whoever has it.
    """
    _caller()
    return scans.report(_services(), scan_id, format, repository, utc_now())


@_route("GET", "/repositories", "listRepositories", "scans")
def list_repositories(limit: Limit = 200, cursor: Cursor = None) -> RepositoryPage:
    """List the repositories that have findings or scans.

    By name.
    """
    _caller()
    return scans.repositories(_services(), limit, cursor)


@_route("GET", "/findings", "listFindings", "findings")
def list_findings(
    repository: Annotated[
        RepositoryKey | None,
        Query(description="`github/owner/name` or `archive/name`; `owner/name` is short for the former"),
    ] = None,
    status: Annotated[list[StatusName], Query(description="One of these; `any` for all")] = ["open"],  # noqa: B006
    severity: Annotated[list[Severity], Query(description="One of these; all if left out")] = [],  # noqa: B006
    cwe: Annotated[
        str | None, Query(pattern=r"^CWE-[1-9][0-9]{0,4}$", description="Only this weakness, such as `CWE-89`")
    ] = None,
    path: Annotated[str, Query(max_length=1000, description="Only paths that begin like this")] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> FindingPage:
    """List findings.

    Those of one repository in order of id, which is the order in which they were first seen; without `repository`
    those of all, the severest first and then the oldest.
    """
    _caller()
    question = findings.Question(
        repository=repository,
        statuses=() if _ANY in status else tuple(sorted({Status(name) for name in status if name != _ANY})),
        severities=tuple(sorted(set(severity))),
        cwe=cwe,
        path=path,
    )
    return findings.listed(_services(), question, limit, cursor)


@_route("GET", "/findings/<finding_id>", "getFinding", "findings")
def get_finding(finding_id: FindingPath, repository: OneRepository) -> FindingDetail:
    """See a finding in full.

    With its detections, its verdict and its life so far.
    """
    _caller()
    return findings.one(_services(), finding_id, repository)


@_route("POST", "/findings/<finding_id>/dismiss", "dismissFinding", "findings")
def dismiss_finding(finding_id: FindingPath, dismissal: Annotated[NewDismissal, Body()]) -> FindingDetail:
    """Set a finding aside.

    It stays stored and is listed on request; the decision is put on record and shown to triage as an example.
    """
    return findings.dismiss(_services(), _caller(), finding_id, dismissal)


@_route("POST", "/findings/<finding_id>/reopen", "reopenFinding", "findings")
def reopen_finding(finding_id: FindingPath, reopening: Annotated[Reopening, Body()]) -> FindingDetail:
    """Open a dismissed finding again.

    Or one that a policy has suppressed.
    """
    return findings.reopen(_services(), _caller(), finding_id, reopening)


@_route("GET", "/openapi.json", "getDocument", "document")
def get_document() -> dict[str, Any]:
    """Read this document.

    OpenAPI 3.1.
    """
    from oreva.cloud.api.document import document  # noqa: PLC0415  (it needs the routes)

    _caller()
    return document()
