"""The interface of a scanner: files in, detections and coverage out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, get_args

from oreva.models import CoverageEntry, Detection, Rule
from oreva.sources.base import SourceFile

ScannerName = Literal["semgrep", "bandit"]
SCANNERS: tuple[ScannerName, ...] = get_args(ScannerName)
"""All scanners, in the order in which they run and are reported; `registry` makes them."""


@dataclass(frozen=True)
class StagedFile:
    """A snapshot of one file, lying where a scanner reads it."""

    path: str
    """Its path in the source."""
    staged: str
    """Its path below the stage's root: plain ASCII, same suffix, same directories wherever they are plain."""
    sha256: str
    """Of the content that lies there (hex)."""
    size: int


@dataclass(frozen=True)
class Stage:
    """A directory that holds exactly the files to scan and nothing else."""

    root: Path
    files: tuple[StagedFile, ...]


@dataclass(frozen=True)
class Limits:
    """What one scanner process may use."""

    timeout_s: float = 30.0
    """For one rule on one file (Semgrep), for one file (Bandit)."""
    batch_timeout_s: float = 600.0
    """For one process over its whole batch."""
    memory_bytes: int = 3 * 1024**3
    """Resident memory of one process and its children."""
    output_bytes: int = 512 * 1024**2
    """Of what one process writes to any one file, standard output included."""
    processes: int = 1
    """How many processes one batch may use at the same time."""


@dataclass(frozen=True)
class ScanResult:
    """What one scanner found in one batch, and what became of each of its files."""

    detections: tuple[Detection, ...]
    coverage: tuple[CoverageEntry, ...]
    """One entry per file of the batch."""


class Scanner(Protocol):
    """A scanner. Adding one means one new file in this package and one line in `registry`."""

    name: str

    def version(self) -> str:
        """The scanner's own version. Raises `ScannerError`, with how to install it, if it is missing."""

    def rules(self) -> Sequence[Rule]:
        """The active rules."""

    def applies_to(self, file: SourceFile, head: bytes) -> bool:
        """Whether any active rule can look at this file; `head` is the first kilobyte of its content."""

    def cache_key(self, file: SourceFile, sha256: str) -> str:
        """What the result for this file depends on: content, rules that can apply, version, settings (hex digest)."""

    def scan(self, stage: Stage, limits: Limits, cancelled: Callable[[], bool]) -> ScanResult:
        """Scan every file of the stage.

        Raises `BatchFailedError` if the process as a whole failed, so that the caller can split the batch.
        """


class BatchFailedError(Exception):
    """One scanner process died, timed out or outgrew its limits; which file is to blame is not known."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
