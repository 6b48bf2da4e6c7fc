"""Code frames: the lines a finding marks, the lines around them, and long lines cut around the marked columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oreva.models import Finding
from oreva.reports.base import ReportData
from oreva.reports.text_safety import visible

_TAB = "    "
_ELLIPSIS = "…"
_NARROWEST = 24  # cells; fits one escaped character with what goes before it
_MARKED_HEAD = 6  # of a longer finding, these first lines are shown
_MARKED_TAIL = 2  # and these last ones


@dataclass(frozen=True)
class FrameLine:
    """One line of a frame, ready to be shown: nothing invisible is left in it."""

    number: int
    text: str
    marked: bool
    mark_from: int = 0
    """Where the marked columns begin in `text`."""
    mark_to: int = 0
    """Where they end; equal to `mark_from` if no columns are marked."""


@dataclass(frozen=True)
class Frame:
    """The lines of one finding; `None` stands for lines left out in the middle."""

    lines: tuple[FrameLine | None, ...]

    @property
    def gutter(self) -> int:
        """Digits of the largest line number."""
        return max((len(str(line.number)) for line in self.lines if line), default=1)


def frames(data: ReportData, findings: Iterable[Finding], *, context: int, width: int) -> Mapping[str, Frame]:
    """The frames of findings by id; each file is read once and let go again.

    `context` is the number of lines before and after; `width` the cells a line may take (24 at least).
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    result: dict[str, Frame] = {}
    for path, group in by_path.items():
        text = data.read_text(path)
        lines = _split(text) if text is not None else None
        for finding in group:
            result[finding.id] = frame(finding, lines, context=context, width=width)
    return result


def frame(finding: Finding, lines: list[str] | None, *, context: int, width: int) -> Frame:
    """The frame of one finding from the lines of its file, or from its snippet where the file cannot be had."""
    first = 1
    if lines is None or len(lines) < finding.end_line:
        lines, first, context = _split(finding.snippet), finding.start_line, 0
    last = min(finding.end_line, first + len(lines) - 1)
    wanted: list[int | None] = list(range(max(first, finding.start_line - context), finding.start_line))
    marked = list(range(finding.start_line, last + 1))
    if len(marked) > _MARKED_HEAD + _MARKED_TAIL + 1:
        wanted += [*marked[:_MARKED_HEAD], None, *marked[-_MARKED_TAIL:]]
    else:
        wanted += marked
    wanted += range(last + 1, min(last + context, first + len(lines) - 1) + 1)
    return Frame(tuple(None if n is None else _line(finding, n, lines[n - first], width) for n in wanted))


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_char_cells, text))


def _char_cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _split(text: str) -> list[str]:
    """Lines as scanners count them: separated by line feeds only."""
    lines = text.split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _line(finding: Finding, number: int, raw: str, width: int) -> FrameLine:
    marked = finding.start_line <= number <= finding.end_line
    if not marked:
        text, _, _ = _cut(raw, 0, 0, width)
        return FrameLine(number, text, marked=False)
    primary = finding.primary
    indent = len(raw) - len(raw.lstrip())
    start = primary.start_col - 1 if number == primary.start_line else indent
    end = primary.end_col - 1 if number == primary.end_line else len(raw)
    start = min(max(start, 0), len(raw))
    text, mark_from, mark_to = _cut(raw, start, min(max(end, start), len(raw)), width)
    return FrameLine(number, text, True, mark_from, mark_to)


def _cut(raw: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """The part of a line that fits and shows the columns from `start` to `end`, and where these are in it."""
    width = max(width, _NARROWEST)
    if len(raw) <= width and raw.isascii() and raw.isprintable():
        return raw, start, end
    # Every character takes a cell or more (combining ones aside), so what lies farther away cannot be needed.
    low = max(0, start - width)
    high = min(len(raw), start + 2 * width)
    shown = [_TAB if char == "\t" else visible(char) for char in raw[low:high]]
    sizes = [cells(piece) for piece in shown]
    start, end = start - low, min(end, high) - low
    cut_left, cut_right = low > 0, high < len(raw)
    begin = 0
    if cut_left or cut_right or sum(sizes) > width:
        if cut_left or sum(sizes[: max(end, start + 1)]) > width - 1:
            begin, room = start, width // 4
            while begin > 0 and sizes[begin - 1] <= room:
                begin -= 1
                room -= sizes[begin]
        room = width - 1 - (begin > 0 or cut_left)
        stop = begin
        while stop < len(shown) and sizes[stop] <= room:
            room -= sizes[stop]
            stop += 1
        cut_left, cut_right = begin > 0 or cut_left, stop < len(shown) or cut_right
        shown = shown[begin:stop]
    start, end = max(start - begin, 0), max(min(end - begin, len(shown)), 0)
    prefix = _ELLIPSIS if cut_left else ""
    text = prefix + "".join(shown) + (_ELLIPSIS if cut_right else "")
    mark_from = len(prefix) + len("".join(shown[:start]))
    return text, mark_from, mark_from + len("".join(shown[start:end]))
