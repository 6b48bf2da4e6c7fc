"""Coverage: counting outcomes, accepting gaps, and proving that a file was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from oreva.models import CoverageCounts, CoverageEntry, Model, Outcome
from oreva.sources.ignore import PatternList, parse_patterns

Looked = Literal["looked", "gone", "not_looked"]


class AcceptedGap(Model):
    """A gap that the configuration says is known and accepted."""

    path: str
    """Which files, in the language of `.gitignore`."""
    scanner: str | None
    """None stands for every scanner."""
    reason: str


class Coverage:
    """The outcome of every file × scanner of one scan."""

    def __init__(self, entries: Iterable[CoverageEntry], accepted: Sequence[AcceptedGap] = ()) -> None:
        known = [(PatternList(parse_patterns(gap.path)), gap.scanner) for gap in accepted]
        self.entries = tuple(_accept(entry, known) for entry in entries)
        self._outcomes: dict[tuple[str, str | None], Outcome] = {(e.path, e.scanner): e.outcome for e in self.entries}
        self._left_out = {e.path for e in self.entries if e.path.endswith("/")}
        self._files = {e.path for e in self.entries}

    @property
    def gaps(self) -> tuple[CoverageEntry, ...]:
        """Every gap, accepted or not."""
        return tuple(entry for entry in self.entries if entry.is_gap)

    @property
    def open_gaps(self) -> tuple[CoverageEntry, ...]:
        """The gaps that nobody has accepted: they make a scan incomplete."""
        return tuple(entry for entry in self.gaps if not entry.accepted)

    def counts(self, scanners: Iterable[str]) -> dict[str, CoverageCounts]:
        """How many files had which outcome, per scanner; an entry without scanner counts for all of them."""
        tally: dict[str, dict[str, int]] = {scanner: {} for scanner in scanners}
        for entry in self.entries:
            for scanner in [entry.scanner] if entry.scanner is not None else list(tally):
                if scanner in tally:
                    tally[scanner][entry.outcome.value] = tally[scanner].get(entry.outcome.value, 0) + 1
        return {scanner: CoverageCounts(**outcomes) for scanner, outcomes in tally.items()}

    def gone(self, path: str) -> bool:
        """Whether this scan knows that there is no such file any more."""
        return self.looked(path, "") == "gone"

    def looked(self, path: str, scanner: str) -> Looked:
        """Whether this scan proves anything about a file: looked at it, knows it is gone, or neither."""
        outcome = self._outcomes.get((path, scanner))
        if outcome in (Outcome.SCANNED, Outcome.CACHED):
            return "looked"
        if outcome is not None or (path, None) in self._outcomes:
            return "not_looked"
        if path in self._files or self._below_something_left_out(path):
            return "not_looked"
        return "gone"

    def _below_something_left_out(self, path: str) -> bool:
        cut = path.rfind("/")
        while cut > 0:
            if path[: cut + 1] in self._left_out:
                return True
            cut = path.rfind("/", 0, cut)
        return False


def _accept(entry: CoverageEntry, known: Sequence[tuple[PatternList, str | None]]) -> CoverageEntry:
    if not entry.is_gap:
        return entry
    for paths, scanner in known:
        if scanner in (None, entry.scanner) and _matches(paths, entry.path):
            return entry.model_copy(update={"accepted": True})
    return entry


def _matches(patterns: PatternList, path: str) -> bool:
    """Whether the patterns mean a path, or a directory that it lies in."""
    directory = path.endswith("/")
    parts = path.rstrip("/").split("/")
    return any(
        patterns.deciding(parts[: length + 1], directory=directory or length + 1 < len(parts)) is not None
        for length in range(len(parts))
    )
