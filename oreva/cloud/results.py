"""The result of one shard, or of what was cached: what each scanner said of each file, and code that was reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from oreva.cloud.plan import Packed
from oreva.models import CoverageEntry, Detection, Model, Outcome
from oreva.scanners.cache import CachedResult


class Look(Model):
    """What one scanner said of one file."""

    scanner: str
    outcome: Outcome
    reason: str = ""
    key: str = ""
    """Under which the scan cache may keep it; empty if it is known there, or may be another next time."""
    detections: tuple[Detection, ...] = ()


class FileResult(Model):
    """Everything that was said of one file."""

    path: str
    looks: tuple[Look, ...]
    """One per scanner."""
    content: Packed | None = None
    """Only of a file with a detection."""

    @property
    def coverage(self) -> Iterator[CoverageEntry]:
        """The outcome under each scanner."""
        for look in self.looks:
            yield CoverageEntry(path=self.path, scanner=look.scanner, outcome=look.outcome, reason=look.reason)

    @property
    def detections(self) -> Iterator[Detection]:
        """What the scanners reported."""
        for look in self.looks:
            yield from look.detections

    @property
    def fresh(self) -> Iterator[tuple[str, CachedResult]]:
        """What the scan cache is to keep, by key."""
        for look in self.looks:
            if look.key:
                plain = tuple(d.model_copy(update={"path": ""}) for d in look.detections)
                yield look.key, CachedResult(outcome=look.outcome, reason=look.reason, detections=plain)


def lost(path: str, applies: Mapping[str, str], scanners: Iterable[str], reason: str) -> FileResult:
    """A file whose shard has no usable result: a gap under every scanner that applies to it."""
    return FileResult(
        path=path,
        looks=tuple(
            Look(scanner=name, outcome=Outcome.FAILED, reason=reason)
            if name in applies
            else Look(scanner=name, outcome=Outcome.NOT_APPLICABLE)
            for name in scanners
        ),
    )


def cached_look(scanner: str, path: str, known: CachedResult) -> Look:
    """A result from the scan cache as that of the file at `path`."""
    detections, entry = known.at(path, scanner)
    return Look(scanner=scanner, outcome=entry.outcome, reason=entry.reason, detections=detections)
