"""Which of several findings that look the same is which: by their order and place in the file."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

_CANDIDATES = 16
"""How many neighbours of a finding are considered when the nearest one is looked for."""


class Place(NamedTuple):
    """Where one finding is, or is expected to be now."""

    number: int
    """Which finding: its index in the sequence it came from."""
    path: str
    line: int
    order: tuple[Any, ...]
    """Decides between findings of one line; the same kind of tuple on one side."""

    @property
    def rank(self) -> tuple[str, int, tuple[Any, ...]]:
        """Sort key."""
        return (self.path, self.line, self.order)


class Aligner:
    """Knows how far each part of a file has moved, from the findings matched so far."""

    def __init__(self) -> None:
        self._anchors: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)

    def anchor(self, path: str, before: int, after: int) -> None:
        """Remember that what was on line `before` is on line `after` now; `path` is the present one."""
        insort(self._anchors[path], (before, after - before))

    def expected(self, path: str, line: int) -> int:
        """Where a line of the past should be now, judging by the nearest thing that was recognised."""
        anchors = self._anchors.get(path)
        if not anchors:
            return line
        at = bisect_left(anchors, (line, 0))
        near = anchors[max(0, at - 1) : at + 1]
        return line + min(near, key=lambda anchor: abs(anchor[0] - line))[1]

    def align(
        self, current: Sequence[Place], stored: Sequence[Place], preferred: Collection[int] = ()
    ) -> list[tuple[int, int]]:
        """Pair two lists of findings that look the same, as many as there are in the shorter one, keeping their order.

        If there are fewer current than stored ones, the `preferred` stored ones (by index) go first.
        """
        cs = sorted(current, key=lambda place: place.rank)
        ss = sorted(stored, key=lambda place: place.rank)
        if len(ss) > len(cs):
            ss = _select(cs, ss, preferred)
        if len(ss) <= len(cs):
            return [(c.number, s.number) for s, c in _spread(ss, cs)]
        return [(c.number, s.number) for c, s in _spread(cs, ss)]

    def nearest(self, current: Sequence[Place], stored: Sequence[Place]) -> list[tuple[int, int, int]]:
        """Candidates (distance in lines, current index, stored index), the closest first; paths are taken as equal."""
        ss = sorted(stored, key=lambda place: place.rank)
        lines = [s.line for s in ss]
        found = []
        for c in current:
            at = bisect_left(lines, c.line)
            window = ss[max(0, at - _CANDIDATES // 2) : at + _CANDIDATES // 2]
            found += [(abs(s.line - c.line), c.rank, s.rank, c.number, s.number) for s in window]
        return [(distance, c, s) for distance, _, _, c, s in sorted(found)]


def _select(cs: Sequence[Place], ss: list[Place], preferred: Collection[int]) -> list[Place]:
    """Drop stored places that cannot be matched: all but the preferred ones, and as many others as are still needed."""
    firm = [s for s in ss if s.number in preferred]
    others = [s for s in ss if s.number not in preferred]
    if len(firm) >= len(cs):
        return firm
    lines = sorted(c.line for c in cs)

    def distance(place: Place) -> int:
        at = bisect_left(lines, place.line)
        return min(abs(line - place.line) for line in lines[max(0, at - 1) : at + 1])

    chosen = sorted(others, key=lambda s: (distance(s), s.rank))[: len(cs) - len(firm)]
    return sorted([*firm, *chosen], key=lambda place: place.rank)


def _spread(few: Sequence[Place], many: Sequence[Place]) -> list[tuple[Place, Place]]:
    """Give each of `few` one of `many`, in order: the nearest that leaves enough for those that follow."""
    pairs = []
    start = 0
    lines = [place.line for place in many]
    for number, place in enumerate(few):
        end = len(many) - (len(few) - number) + 1
        at = min(max(bisect_left(lines, place.line, start, end), start), end - 1)
        if at > start and abs(lines[at - 1] - place.line) < abs(lines[at] - place.line):
            at -= 1
        at = bisect_left(lines, lines[at], start, at) if at > start else at
        pairs.append((place, many[at]))
        start = at + 1
    return pairs
