"""One run of unpacking: the limits, what is written, what is left out, what refuses the whole archive."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from oreva.errors import SourceError
from oreva.models import CoverageEntry, Outcome
from oreva.sources.archive_streams import Meter, Readable
from oreva.sources.display import shown

_COPY_BYTES = 1 << 18
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DRIVE = re.compile(r"[A-Za-z]:")
_MAX_PATH_BYTES = 4096
_MAX_NAME_BYTES = 255


@dataclass(frozen=True)
class ArchiveLimits:
    """What one archive may take; more is refused. Errors name the settings of a deployment (docs/operations.md)."""

    archive_bytes: int = 1 << 30
    """Size of the archive itself (1 GiB)."""
    files: int = 200_000
    """Entries of any kind (twice the largest repositories in common use)."""
    total_bytes: int = 4 << 30
    """Everything unpacked (4 GiB)."""
    file_bytes: int = 512 << 20
    """One file (512 MiB); a larger one is left out as a gap, the rest is unpacked."""
    ratio: int = 200
    """Unpacked bytes for one packed byte; source code packs to a fifth, rarely to a twentieth."""
    ratio_free_bytes: int = 256 << 20
    """Up to this much (256 MiB) any ratio is fine, so that one file of zeros is no bomb."""


@dataclass(frozen=True)
class Extraction:
    """What came out of an archive."""

    root: Path
    """Where the files are: the given directory, or the only folder in it."""
    files: tuple[str, ...]
    """Relative to `root`, sorted."""
    skipped: tuple[CoverageEntry, ...]
    """What was not unpacked, relative to `root`, sorted by path."""
    commit: str | None = None
    """The commit that `git archive` (and so GitHub) wrote into the archive, which proves nothing."""


@dataclass
class Unpacking:
    """One run: what was written, what was left out, and what is still allowed."""

    archive: str
    into: Path
    limits: ArchiveLimits
    meter: Meter
    entries: int = 0
    seen: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    skipped: list[CoverageEntry] = field(default_factory=list)
    position: str = "at its start"

    def enter(self, raw_name: str, *, folder: bool) -> str | None:
        """The safe path of the next entry; None if nothing is to be done about it. Raises `SourceError`."""
        self.entries += 1
        self.position = f"at {shown(raw_name)}"
        if self.entries > self.limits.files:
            raise SourceError(
                f"{self.archive} holds more than {self.limits.files} entries: raise the setting archive_files"
            )
        parts = [part for part in raw_name.split("/") if part not in ("", ".")]
        backward = re.split(r"[/\\]", raw_name)
        if raw_name.startswith(("/", "\\")) or _DRIVE.match(raw_name) or ".." in backward or "\0" in raw_name:
            raise SourceError(f"{self.archive} is refused: the entry {shown(raw_name)!r} leads out of the archive")
        if not parts:
            return None
        path = "/".join(parts)
        if folder:
            return path
        if path in self.seen:
            raise SourceError(f"{self.archive} is refused: it holds {shown(raw_name)!r} twice")
        self.seen.add(path)
        return path

    def skip(self, path: str, reason: str, *, gap: bool = False) -> None:
        """Record what is left out: on purpose, or as a gap."""
        outcome = Outcome.FAILED if gap else Outcome.SKIPPED
        self.skipped.append(CoverageEntry(path=path, scanner=None, outcome=outcome, reason=reason, on_purpose=not gap))

    def write(self, path: str, size: int, content: Readable, *, executable: bool) -> None:
        """Write one file, never more than the limits allow, whatever `size` (what the archive claims) says."""
        parts = path.split("/")
        if ".git" in parts:
            self.skip(path, "version control data (Git), not unpacked")
            return
        if len(os.fsencode(path)) > _MAX_PATH_BYTES or any(len(os.fsencode(part)) > _MAX_NAME_BYTES for part in parts):
            self.skip(path, "its name is too long for a file system", gap=True)
            return
        too_large = f"larger than {self.limits.file_bytes} bytes: raise the setting archive_file_bytes"
        if size > self.limits.file_bytes:
            self.skip(path, too_large, gap=True)
            return
        target = self.into.joinpath(*parts)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(target, flags, 0o700 if executable else 0o600)
        except (FileExistsError, NotADirectoryError):
            self.skip(path, "another entry of the archive is in its place (names that differ only in case?)", gap=True)
            return
        written = 0
        with os.fdopen(descriptor, "wb") as file:
            while chunk := content.read(_COPY_BYTES):
                written += len(chunk)
                if written > self.limits.file_bytes:
                    break
                file.write(chunk)
        if written > self.limits.file_bytes:
            target.unlink()
            self.skip(path, too_large, gap=True)
        else:
            self.files.append(path)

    def result(self, commit: str | None, *, strip_top: bool) -> Extraction:
        """What came out, seen from the root."""
        tops = {path.split("/", 1)[0] for path in (*self.files, *(entry.path for entry in self.skipped))}
        top = tops.pop() if strip_top and len(tops) == 1 else ""
        strip = bool(top) and (self.into / top).is_dir()
        lead = f"{top}/" if strip else ""
        return Extraction(
            root=self.into / top if strip else self.into,
            files=tuple(sorted(path.removeprefix(lead) for path in self.files)),
            skipped=tuple(
                entry.model_copy(update={"path": entry.path.removeprefix(lead)})
                for entry in sorted(self.skipped, key=lambda entry: entry.path)
            ),
            commit=commit if commit and _COMMIT.fullmatch(commit) else None,
        )
