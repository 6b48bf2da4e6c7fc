"""The text of one scanned file by lines, as detections point into it."""

from __future__ import annotations

from functools import cached_property

from oreva.models import Detection

SNIPPET_LINES = 40
SNIPPET_CHARACTERS = 4_000

_LOOSE_COLUMNS = frozenset({"bandit"})
"""Scanners whose columns belong to other lines than their line numbers when a detection spans several: Bandit gives
the line of an argument, but the column where the call begins, and the end of a string, but the last line around it."""


class SourceText:
    """Lines end with LF, CR LF or CR, as Python, JavaScript and GitHub count them; undecodable bytes are kept."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def lines(self) -> list[str]:
        """Without their ends; an empty file has one empty line. Undecodable bytes are surrogate escapes (PEP 383)."""
        text = self.content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.split("\n")

    def matched(self, detection: Detection) -> str:
        """The code that the detection is about; whole lines where its columns cannot be right. Empty past the end."""
        first, last = detection.start_line, max(detection.start_line, detection.end_line)
        lines = self.lines[first - 1 : last]
        if not lines:
            return ""
        start, end = detection.start_col - 1, detection.end_col - 1
        if first == last:
            return lines[0][start:end] if 0 <= start < end <= len(lines[0]) else lines[0]
        if detection.scanner not in _LOOSE_COLUMNS and len(lines) == last - first + 1:
            if 0 < end <= len(lines[-1]):
                lines[-1] = lines[-1][:end]
            if 0 < start < len(lines[0]):
                lines[0] = lines[0][start:]
        return "\n".join(lines)

    def snippet(self, first: int, last: int) -> str:
        """Lines `first` to `last` for people, at most 40 lines and 4,000 characters, undecodable bytes replaced."""
        lines = self.lines[max(first, 1) - 1 : min(max(first, last), first + SNIPPET_LINES - 1)]
        text = "\n".join(line[:SNIPPET_CHARACTERS] for line in lines)[:SNIPPET_CHARACTERS]
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
