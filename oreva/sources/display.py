"""Untrusted text (file names, patterns, refs, what other programs print) as one harmless line for messages."""

from __future__ import annotations

DISPLAY_LIMIT = 200
"""Characters after which a name is cut in a message."""


def shown(text: str, limit: int = DISPLAY_LIMIT) -> str:
    """`text` on one line of at most `limit` + 1 characters, with an escape for what cannot be printed.

    A line break becomes `\\n`, a terminal escape `\\x1b`, a direction override `\\u202e`, a byte that was no UTF-8 (a
    surrogate escape) `\\xff`.
    """
    cut = text[: limit + 1]
    escaped = "".join(char if char.isprintable() else _escape(char) for char in cut)
    return escaped if len(text) <= limit and len(escaped) <= limit else escaped[:limit] + "…"


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return char.encode("unicode_escape").decode("ascii")
