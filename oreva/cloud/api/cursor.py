"""Where a list goes on: opaque to the caller, harmless in anybody's hands.

A cursor holds no more than a position within what the request itself asks for. Whoever makes one up gets another page
of what they may read anyway; one that belongs to another list or other filters is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from oreva.errors import UsageError

LONGEST = 2_000
NOT_OURS = "cursor: not one that this list has given; leave it out to begin at the start"


def make(question: object, position: list[str]) -> str:
    """A cursor for a position in the answer to a question (the list and its filters, as plain data)."""
    text = json.dumps([_digest(question), *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str, question: object, parts: int) -> list[str]:
    """The position, `parts` texts. Raises `UsageError` if the text is no cursor of the answer to this question."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        values = json.loads(packed)
    except (binascii.Error, ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) < 2 or not all(isinstance(value, str) for value in values):
        raise UsageError(NOT_OURS)
    if values[0] != _digest(question):
        raise UsageError("cursor: made for other filters; repeat them as they were, or begin at the start")
    if len(values) != parts + 1:
        raise UsageError(NOT_OURS)
    return values[1:]


def _digest(question: object) -> str:
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:12]
