"""What a source gives: which files are to be scanned, why the others are not, and contents."""

from __future__ import annotations

from typing import Protocol

from oreva.models import CoverageEntry, Model, Source


class SourceFile(Model):
    """One file that is to be scanned."""

    path: str
    """Relative to the root of the source, `/`-separated; undecodable bytes as surrogate escapes."""
    size: int
    """Bytes."""
    executable: bool = False


class Listing(Model):
    """What a source holds: the files to scan, and an entry with its reason for everything left out."""

    source: Source
    files: tuple[SourceFile, ...]
    """Sorted by path."""
    skipped: tuple[CoverageEntry, ...]
    """One per file or directory (path ends in `/`) that is left out; `failed` for what cannot be read."""


class FileReader(Protocol):
    """Gives the content of files that somebody else has listed."""

    def read(self, path: str) -> bytes:
        """The content of one listed file. Raises `SourceError` if it is gone or cannot be read."""
