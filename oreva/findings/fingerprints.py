"""Fingerprints: what makes a detection recognisable after the code around it has moved or been reformatted."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Sequence

from oreva.findings.line_hash import primary_location_line_hashes
from oreva.findings.source_text import SourceText
from oreva.findings.syntax import Syntax, fold, fold_line, scopes, syntax_of
from oreva.models import Detection, Fingerprints

__all__ = ["fingerprint_file", "primary_location_line_hashes"]

_CONTEXT_CHARACTERS = 80
"""Folded characters on either side that make the context; about three lines."""
_CONTEXT_LINES = 40
"""How far to look for them across blank lines and comments."""
_LINE_CHARACTERS = 400
"""How much of one neighbouring line is read: enough for the context, whatever the length of the line."""
_TRAILING_COMMA = re.compile(r",(?=[)\]}])")

_Region = tuple[int, int, int, int]


def fingerprint_file(content: bytes, detections: Sequence[Detection]) -> list[Fingerprints]:
    """Fingerprints of all detections of one file, in the order given.

    They must be all of the file's, since equal ones are told apart by their index in the file. A detection reported
    twice, at the same place with the same message, has the same fingerprints both times.
    """
    return fingerprint_source(SourceText(content), detections)


def fingerprint_source(source: SourceText, detections: Sequence[Detection]) -> list[Fingerprints]:
    """The same for a file whose lines are known already."""
    if not detections:
        return []
    lines = source.lines
    path = detections[0].path
    syntax = syntax_of(path, lines[0][:_LINE_CHARACTERS])
    clamped = [min(max(1, detection.start_line), len(lines)) for detection in detections]
    scope = scopes(lines, clamped, syntax)
    line_hash = primary_location_line_hashes(source.content, frozenset(clamped))
    codes = _codes(source, detections, syntax)
    neighbours = _Neighbours(lines, syntax)
    index = _indexes(detections, codes)
    where = _normalised(path)
    return [
        Fingerprints(
            rule=_digest(detection.scanner, detection.rule_id, where, code, str(number)),
            code=code,
            context=neighbours.digest(detection.start_line, max(detection.start_line, detection.end_line)),
            scope=scope[line],
            primary_location_line_hash=line_hash[line],
        )
        for detection, code, number, line in zip(detections, codes, index, clamped, strict=True)
    ]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _normalised(path: str) -> str:
    """One spelling per path: no `./`, composed characters (macOS decomposes them)."""
    return unicodedata.normalize("NFC", posixpath.normpath(path))


def _codes(source: SourceText, detections: Sequence[Detection], syntax: Syntax) -> list[str]:
    """The hash of the matched code of each detection; of its message where the file has no such line."""
    known: dict[tuple[str, _Region], str] = {}
    codes = []
    for d in detections:
        key = (d.scanner, (d.start_line, d.start_col, d.end_line, d.end_col))
        if key not in known:
            known[key] = fold(source.matched(d), syntax)
        codes.append(_digest(known[key]) if known[key] else _digest("", d.message))
    return codes


def _indexes(detections: Sequence[Detection], codes: Sequence[str]) -> list[int]:
    """For each detection, how many of the same rule with equal code come before it in the file."""
    places: dict[tuple[str, str, str], set[tuple[_Region, str]]] = {}
    keys = []
    for d, code in zip(detections, codes, strict=True):
        key = (d.scanner, d.rule_id, code)
        place = ((d.start_line, d.start_col, d.end_line, d.end_col), d.message)
        places.setdefault(key, set()).add(place)
        keys.append((key, place))
    order = {key: {place: i for i, place in enumerate(sorted(found))} for key, found in places.items()}
    return [order[key][place] for key, place in keys]


class _Neighbours:
    """The folded lines around a detection; each line is folded once."""

    def __init__(self, lines: list[str], syntax: Syntax) -> None:
        self._lines = lines
        self._syntax = syntax
        self._folded: dict[int, str] = {}
        self._digests: dict[tuple[int, int], str] = {}

    def digest(self, first: int, last: int) -> str:
        """Hash of what comes before line `first` and after line `last` (1-based)."""
        key = (first, last)
        if key not in self._digests:
            before = self._gather(range(first - 2, max(-1, first - 2 - _CONTEXT_LINES), -1))
            after = self._gather(range(last, min(len(self._lines), last + _CONTEXT_LINES)))
            text_before = _TRAILING_COMMA.sub("", "".join(reversed(before)))[-_CONTEXT_CHARACTERS:]
            text_after = _TRAILING_COMMA.sub("", "".join(after))[:_CONTEXT_CHARACTERS]
            self._digests[key] = _digest(text_before, text_after)
        return self._digests[key]

    def _gather(self, indexes: Iterable[int]) -> list[str]:
        """Folded lines in the order given, until they suffice."""
        found, length = [], 0
        for index in indexes:
            if not 0 <= index < len(self._lines):
                break
            folded = self._fold(index)
            if folded:
                found.append(folded)
                length += len(folded)
                if length >= _CONTEXT_CHARACTERS + 20:
                    break
        return found

    def _fold(self, index: int) -> str:
        folded = self._folded.get(index)
        if folded is None:
            folded = fold_line(self._lines[index][:_LINE_CHARACTERS], self._syntax)
            self._folded[index] = folded
        return folded
