"""Names in requests, checked before any of them becomes part of a key."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, WithJsonSchema

_LONGEST = 140
PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
GITHUB = rf"{PART}/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*"
ARCHIVE = rf"{PART}(?:/{PART})?"
_KEY = re.compile(rf"github/{GITHUB}|archive/{ARCHIVE}")

GitHubName = Annotated[str, StringConstraints(pattern=rf"^{GITHUB}$", max_length=_LONGEST)]
ArchiveName = Annotated[str, StringConstraints(pattern=rf"^{ARCHIVE}$", max_length=_LONGEST)]


def repository_key(text: str) -> str:
    """`github/owner/name` or `archive/name`; `owner/name` is short for the former. Raises `ValueError`."""
    provider = text.partition("/")[0]
    whole = text if provider in ("github", "archive") else f"github/{text}"
    if len(text) > _LONGEST or not _KEY.fullmatch(whole):
        raise ValueError("no repository; write owner/name, github/owner/name or archive/name")
    return whole


RepositoryKey = Annotated[
    str,
    AfterValidator(repository_key),
    WithJsonSchema(
        {"type": "string", "maxLength": _LONGEST, "pattern": rf"^(?:github/{GITHUB}|archive/{ARCHIVE}|{GITHUB})$"}
    ),
]
"""A repository in a query: validated to `Source.key`."""

_ULID = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
Ulid = Annotated[str, StringConstraints(pattern=_ULID)]


def is_ulid(text: str) -> bool:
    """Whether a text is the id of a scan or finding."""
    return re.fullmatch(_ULID, text) is not None


GitRef = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""What git allows in it is checked where it is resolved."""
