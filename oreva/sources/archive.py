"""Unpacking an archive that nobody trusts into an empty directory.

`.zip`, `.tar`, and `.tar` compressed with gzip, bzip2, xz or (where Python can) Zstandard, told apart by content. Only
plain files are written, each new, below the directory, readable by the owner alone. Links and devices are never made.
What is hostile in itself (a path that leads out, the same path twice, a bomb) refuses the whole archive; what concerns
one file only (an encrypted entry, one above the size limit) is a gap. Archives inside are files like any other.
"""

from __future__ import annotations

import shutil
import stat
import tarfile
import zipfile
from pathlib import Path
from tarfile import (  # type: ignore[attr-defined]  # missing in the stubs
    EmptyHeaderError,
    InvalidHeaderError,
    ReadError,
    TruncatedHeaderError,
)
from typing import IO, Self, cast

from oreva.errors import SourceError
from oreva.sources.archive_streams import (
    DAMAGED,
    HEADER_BYTES,
    Meter,
    is_zip,
    open_tar_stream,
    zip_directory_size,
)
from oreva.sources.display import shown
from oreva.sources.plain_file import why
from oreva.sources.unpacking import ArchiveLimits, Extraction, Unpacking

_COPY_BYTES = 1 << 18
__all__ = ["ArchiveLimits", "Extraction", "extract"]

_ZIP_ENTRY_BYTES = 1024
"""Room for one entry in the directory of a zip, on average: its name and extra fields."""


def extract(archive: Path, into: Path, limits: ArchiveLimits | None = None, *, strip_top: bool = True) -> Extraction:
    """Unpack `archive` into the directory `into`, which is made if need be and must be empty.

    With `strip_top`, an archive whose content lies in one folder (as GitHub's do) has that folder as its root.

    Raises:
        SourceError: no archive, damaged, hostile, or too large, with the entry's name; or `into` cannot be written.
            What was unpacked until then is removed.
    """
    bounds = limits or ArchiveLimits()
    name = shown(str(archive))
    try:
        size = archive.stat().st_size
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(into.iterdir()):
            raise SourceError(f"cannot unpack {name}: {shown(str(into))} is not empty: name another directory")
    except OSError as error:
        raise SourceError(f"cannot unpack {name}: {why(error)}: check the path and its permissions") from error
    if size > bounds.archive_bytes:
        raise SourceError(
            f"{name} is larger than {bounds.archive_bytes} bytes: raise the setting upload_bytes, or split it"
        )
    unpacking = Unpacking(name, into, bounds, Meter(size, bounds.total_bytes, bounds.ratio, bounds.ratio_free_bytes))
    try:
        with archive.open("rb") as packed:
            commit = _unpack_zip(packed, unpacking) if is_zip(packed) else _unpack_tar(packed, unpacking)
    except BaseException as error:
        _empty(into)
        if isinstance(error, DAMAGED) or (isinstance(error, OSError) and error.errno is None):
            raise SourceError(f"{name} is damaged or no archive ({unpacking.position}): fetch it again") from error
        if isinstance(error, OSError):
            raise SourceError(f"cannot unpack {name} ({unpacking.position}): {why(error)}") from error
        raise
    return unpacking.result(commit, strip_top=strip_top)


class _Member(tarfile.TarInfo):
    """A tar entry that makes a broken header an error, where `tarfile` would take it for the end of the archive."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            member = super().fromtarfile(tarfile)
        except (InvalidHeaderError, EmptyHeaderError, TruncatedHeaderError) as error:
            raise ReadError(str(error)) from error
        if member.size < 0:
            raise ReadError("negative size")
        return member


def _unpack_tar(packed: IO[bytes], unpacking: Unpacking) -> str | None:
    """Unpack a tar in one pass; the commit that `git archive` noted, if any."""
    stream = open_tar_stream(packed, unpacking.meter)
    stream.allow(HEADER_BYTES)
    with tarfile.open(
        fileobj=cast("IO[bytes]", stream), mode="r|", tarinfo=_Member, encoding="utf-8", errors="surrogateescape"
    ) as tar:
        while (member := tar.next()) is not None:
            tar.members.clear()  # type: ignore[attr-defined]  # kept for random access, which a stream has none of
            stream.allow(None)
            path = unpacking.enter(member.name, folder=member.isdir())
            if path is not None and not member.isdir():
                _unpack_member(tar, member, path, unpacking)
            stream.allow(member.size + HEADER_BYTES)
        stream.allow(None)
        _expect_nothing_more(tar, unpacking)
        return tar.pax_headers.get("comment")


def _expect_nothing_more(tar: tarfile.TarFile, unpacking: Unpacking) -> None:
    """Read to the end, which checks the compressed stream's own checksum; other programs may read what follows."""
    unpacking.position = "at its end"
    while tar.fileobj is not None and (rest := tar.fileobj.read(_COPY_BYTES)):
        if rest.strip(b"\0"):
            raise SourceError(f"{unpacking.archive} is refused: there is data after its end mark: pack it anew")


def _unpack_member(tar: tarfile.TarFile, member: tarfile.TarInfo, path: str, unpacking: Unpacking) -> None:
    if member.issym():
        unpacking.skip(path, f"symbolic link to {shown(member.linkname)}, not unpacked")
    elif member.islnk():
        unpacking.skip(path, f"hard link to {shown(member.linkname)}, not unpacked")
    elif member.isdev():
        unpacking.skip(path, "device or named pipe, not unpacked")
    elif member.issparse():
        unpacking.skip(path, "sparse file, which is not unpacked: pack it without --sparse", gap=True)
    elif not member.isreg():
        unpacking.skip(path, f"entry of unknown kind {shown(repr(member.type))}", gap=True)
    else:
        content = tar.extractfile(member)
        if content is not None:
            unpacking.write(path, member.size, content, executable=bool(member.mode & stat.S_IXUSR))


class _MeteredContent:
    """The content of a zip entry, counted."""

    def __init__(self, content: IO[bytes], meter: Meter) -> None:
        self._content = content
        self._meter = meter

    def read(self, size: int, /) -> bytes:
        data = self._content.read(size)
        self._meter.add(len(data))
        return data


def _unpack_zip(packed: IO[bytes], unpacking: Unpacking) -> str | None:
    """Unpack a zip; the commit that `git archive` noted, if any."""
    if zip_directory_size(packed) > unpacking.limits.files * _ZIP_ENTRY_BYTES:
        raise SourceError(
            f"{unpacking.archive} holds more than {unpacking.limits.files} entries: raise the setting archive_files"
        )
    with zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            path = unpacking.enter(info.orig_filename, folder=info.is_dir())
            if path is not None and not info.is_dir():
                _unpack_zip_entry(archive, info, path, unpacking)
        return archive.comment.decode("ascii", "replace")


def _unpack_zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, unpacking: Unpacking) -> None:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        unpacking.skip(path, "symbolic link, not unpacked")
    elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        unpacking.skip(path, "device or named pipe, not unpacked")
    elif info.flag_bits & 1:
        unpacking.skip(path, "encrypted: unpack it yourself and scan the directory", gap=True)
    elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        unpacking.skip(path, f"compressed by method {info.compress_type}, which is not supported: repack it", gap=True)
    else:
        with archive.open(info) as content:
            metered = _MeteredContent(content, unpacking.meter)
            unpacking.write(path, info.file_size, metered, executable=bool(mode & stat.S_IXUSR))


def _empty(directory: Path) -> None:
    """Remove what is in `directory`, as far as that can be done."""
    for child in directory.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child, ignore_errors=True)
        else:
            child.unlink(missing_ok=True)
