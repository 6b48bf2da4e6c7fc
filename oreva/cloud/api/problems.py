"""Errors as RFC 9457 problem details: one line that names the thing, the reason and the next step, and no internals."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import Field

from oreva.cloud.api.caller import UnknownCallerError
from oreva.errors import ConflictError, OrevaError, SourceError, ThrottledError, UsageError
from oreva.findings.stored_decisions import UnknownFindingError
from oreva.models import Model

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
TITLES = {
    HTTPStatus.UNAUTHORIZED: "Unauthorized",
    HTTPStatus.FORBIDDEN: "Forbidden",
    HTTPStatus.NOT_FOUND: "Not found",
    HTTPStatus.METHOD_NOT_ALLOWED: "Method not allowed",
    HTTPStatus.CONFLICT: "Conflict",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Unsupported media type",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Invalid request",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Internal error",
    HTTPStatus.SERVICE_UNAVAILABLE: "Busy",
}
"""Kinds of errors; each is a heading of docs/api.md."""
_DOCUMENTATION = "https://github.com/oreva-security/oreva/blob/main/docs/api.md#"


class InvalidPart(Model):
    """One part of a request that cannot be used."""

    where: str = Field(description="`query`, `path` or `body`, and the name in it", examples=["query.limit"])
    detail: str = Field(description="What is wrong with it", examples=["Input should be less than or equal to 200"])


class Problem(Model):
    """An error (RFC 9457)."""

    type: str = Field(description="Where the kind of error is described", examples=[_DOCUMENTATION + "not-found"])
    title: str = Field(description="The kind of error", examples=["Not found"])
    status: int = Field(description="The HTTP status", examples=[404])
    detail: str = Field(description="In one line: the thing, the reason, the next step")
    errors: tuple[InvalidPart, ...] = Field(default=(), description="For an invalid request: each part that is wrong")


class NotFoundError(OrevaError):
    """The thing that a request names is not there."""


class ForbiddenError(OrevaError):
    """The caller may not do this."""


class NotReadyError(OrevaError):
    """The thing is not there yet, or will never be."""


_KINDS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (UnknownCallerError, HTTPStatus.UNAUTHORIZED),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (UnknownFindingError, HTTPStatus.NOT_FOUND),
    (NotReadyError, HTTPStatus.CONFLICT),
    (ConflictError, HTTPStatus.CONFLICT),
    (ThrottledError, HTTPStatus.SERVICE_UNAVAILABLE),
    (UsageError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (SourceError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
"""The first that fits holds."""

_INTERNAL = "the request could not be answered; try again, and if it stays so, look for its id in the logs of the API"
_BUSY = "a service that is needed is busy; send the same request again in a few seconds"


def problem_of(error: Exception) -> Problem:
    """What to tell of an error. Only what was written for the caller is passed on; the rest is for the logs."""
    status = next((status for kind, status in _KINDS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return problem(status, _INTERNAL)
    return problem(status, _BUSY if isinstance(error, ThrottledError) else " ".join(str(error).split()))


def problem(status: HTTPStatus, detail: str, errors: Sequence[InvalidPart] = ()) -> Problem:
    """A problem of the kind that the status names."""
    title = TITLES[status]
    anchor = title.lower().replace(" ", "-")
    return Problem(type=_DOCUMENTATION + anchor, title=title, status=status, detail=detail, errors=tuple(errors))


def invalid(errors: Sequence[Any]) -> Problem:
    """The problem of a request that fails validation; `errors` are those of pydantic. No value is repeated."""
    parts = []
    for error in errors:
        where = ".".join(str(step) for step in error["loc"])
        parts.append(InvalidPart(where=where, detail=_plain(error)))
    first = parts[0]
    more = f" (and {len(parts) - 1} more)" if len(parts) > 1 else ""
    detail = f"{first.where}: {first.detail}{more}; correct it and send the request again"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, parts)


def _plain(error: Any) -> str:
    return " ".join(str(error["msg"]).removeprefix("Value error, ").split())
