"""Packing a listed source into an archive, so that it can be scanned elsewhere as if it were here.

The archive (tar, gzip) holds the files that are to be scanned, below one folder, and a list of what was left out and
why: elsewhere, a file that is missing would else look like one that is gone, and its findings like fixed ones. The same
files make the same archive, byte for byte: no times, no owners, entries in order.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import IO

from oreva.errors import SourceError
from oreva.models import CoverageEntry, Model, Outcome
from oreva.sources.base import FileReader, SourceFile
from oreva.sources.display import shown
from oreva.sources.plain_file import read_plain, why
from oreva.store.records import dump, load

TOP = "source"
"""The one folder of the archive."""
STATE = ".oreva"
LEFT_OUT = f"{STATE}/left-out.jsonl"
"""The list, below the folder: in Oreva's own state, which is never scanned."""
_LONGEST_LIST = 64 * 1024**2
_LEVEL = 6


class Packed(Model):
    """What went into an archive."""

    files: int
    left_out: tuple[CoverageEntry, ...]
    """What the list says: what was left out before, and what could not be read while packing."""


def pack(source: FileReader, files: Iterable[SourceFile], left_out: Iterable[CoverageEntry], into: IO[bytes]) -> Packed:
    """Write the archive. A file that cannot be read any more is left out as a gap.

    Raises `OSError` if the archive cannot be written.
    """
    entries = list(left_out)
    count = 0
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=into, mtime=0) as packed,
        tarfile.open(
            fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8", errors="surrogateescape"
        ) as tar,
    ):
        for file in sorted(files, key=lambda file: file.path):
            try:
                content = source.read(file.path)
            except SourceError as error:
                reason = " ".join(str(error).split())
                entries.append(CoverageEntry(path=file.path, scanner=None, outcome=Outcome.FAILED, reason=reason))
                continue
            _add(tar, file.path, content, executable=file.executable)
            count += 1
        entries.sort(key=lambda entry: (entry.path, entry.scanner or ""))
        _add(tar, LEFT_OUT, "".join(dump(entry) + "\n" for entry in entries).encode(), executable=False)
    return Packed(files=count, left_out=tuple(entries))


def _add(tar: tarfile.TarFile, path: str, content: bytes, *, executable: bool) -> None:
    member = tarfile.TarInfo(f"{TOP}/{path}")
    member.size = len(content)
    member.mode = 0o755 if executable else 0o644
    tar.addfile(member, io.BytesIO(content))


def told(root: Path, files: Collection[str]) -> tuple[CoverageEntry, ...]:
    """What was left out of an archive that `pack` made and that is unpacked at `root`; nothing for any other archive.

    What it says of `files`, which are there, does not count. Raises `SourceError` if the list cannot be read.
    """
    place = root / LEFT_OUT
    try:
        text = read_plain(str(place), _LONGEST_LIST + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise SourceError(f"archive: {LEFT_OUT} cannot be read ({why(error)}); pack it anew") from error
    if len(text) > _LONGEST_LIST:
        raise SourceError(f"archive: {LEFT_OUT} is longer than {_LONGEST_LIST:,} bytes; leave folders out as a whole")
    present = set(files)
    return tuple(entry for entry in _entries(text) if entry.path not in present)


def _entries(text: bytes) -> Iterator[CoverageEntry]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            entry = load(CoverageEntry, line.decode())
        except ValueError as error:
            raise SourceError(
                f"archive: {LEFT_OUT}:{number}: not what this version of Oreva reads; upgrade the older one"
            ) from error
        if entry.outcome not in (Outcome.SKIPPED, Outcome.FAILED):
            raise SourceError(f"archive: {LEFT_OUT}:{number}: {shown(entry.path)} is not left out; pack it anew")
        yield entry


def contents(archive: IO[bytes], paths: Collection[str]) -> dict[str, bytes]:
    """The content of some files of an archive that `pack` made, read in one pass."""
    wanted = {f"{TOP}/{path}": path for path in paths}
    found: dict[str, bytes] = {}
    if not wanted:
        return found
    with tarfile.open(fileobj=archive, mode="r|gz", encoding="utf-8", errors="surrogateescape") as tar:
        for member in tar:
            path = wanted.get(member.name)
            if path is not None and (file := tar.extractfile(member)) is not None:
                found[path] = file.read()
    return found
