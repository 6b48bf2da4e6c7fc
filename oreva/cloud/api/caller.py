"""Who calls: told by the authorizer of the HTTP API, never by the request itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oreva.errors import OrevaError

_LONGEST = 300


class UnknownCallerError(OrevaError):
    """The authorizer named nobody."""


def caller(event: Mapping[str, Any]) -> str:
    """The name of who calls, without the `user:` that a record puts before it.

    For IAM the ARN of the user or of the role's session; for a JWT its `sub`, which alone is unique to the issuer
    and cannot be chosen by its owner. Raises `UnknownCallerError` if there is no such context.
    """
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") or {}
    name = (authorizer.get("iam") or {}).get("userArn") or claims.get("sub")
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > _LONGEST:
        raise UnknownCallerError(
            "request: nobody is named by the authorizer of the API; sign it with IAM credentials, or send a token "
            "that has a `sub`"
        )
    return name.strip()
