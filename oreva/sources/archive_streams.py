"""The bytes of an archive: what kind it is, decompression in bounded memory, and a meter against bombs."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Any, Protocol, cast

from oreva.errors import SourceError

XZ_MEMORY_BYTES = 128 << 20
"""What one xz stream may ask for (128 MiB; `xz -9` needs 65)."""
HEADER_BYTES = 1 << 20
"""What may lie between two files of a tar: headers and extended headers (1 MiB)."""

DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    struct.error,
    # What tarfile and zipfile let through for fields that make no sense:
    ValueError,
    IndexError,
    OverflowError,
    NotImplementedError,
)

_READ_BYTES = 1 << 16
_END_RECORD = b"PK\x05\x06"
_END_RECORD_BYTES = 22
_END64_LOCATOR = b"PK\x06\x07"
_END64_LOCATOR_BYTES = 20
_END64_RECORD = b"PK\x06\x06"


class Readable(Protocol):
    """What bytes come out of."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


@dataclass
class Meter:
    """Counts what comes out of one archive and stops it when it is too much."""

    packed_bytes: int
    total_bytes: int
    ratio: int
    ratio_free_bytes: int
    count: int = 0

    def add(self, size: int) -> None:
        """Count `size` more bytes. Raises `SourceError` if that is too much."""
        self.count += size
        if self.count > self.total_bytes:
            raise SourceError(
                f"the archive unpacks to more than {self.total_bytes} bytes: raise the setting archive_total_bytes, "
                "or scan less"
            )
        if self.count > self.ratio_free_bytes and self.count > self.ratio * max(self.packed_bytes, 1):
            raise SourceError(
                f"the archive unpacks to more than {self.ratio} times its size, as bombs do: raise the setting "
                "archive_ratio if you trust it"
            )


class MeteredReader:
    """A stream whose bytes are counted, and which gives no more than it is allowed at a time."""

    def __init__(self, stream: Readable, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter
        self._allowed: int | None = None

    def allow(self, size: int | None) -> None:
        """Give at most `size` bytes from now on; None for no such bound."""
        self._allowed = size

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes. Raises `SourceError` beyond what is allowed."""
        data = self._stream.read(size)
        self._meter.add(len(data))
        if self._allowed is not None:
            self._allowed -= len(data)
            if self._allowed < 0:
                raise SourceError(f"the archive has a header of more than {HEADER_BYTES} bytes: it is refused")
        return data


class _XzReader:
    """Decompresses xz with a bound on memory, which `lzma.open` cannot set; several streams in a row are one."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._decompressor: lzma.LZMADecompressor | None = None
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        while True:
            if self._decompressor is None or self._decompressor.eof:
                self._rest = self._next_stream()
                if not self._rest:
                    return b""
                self._decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY_BYTES)
            if self._decompressor.needs_input and not self._rest:
                self._rest = self._packed.read(_READ_BYTES)
                if not self._rest:
                    raise EOFError("the xz stream is cut off")
            data = self._decompressor.decompress(self._rest, size)
            self._rest = b""
            if data:
                return data

    def _next_stream(self) -> bytes:
        """What follows the stream that has ended, without the zeros that may pad it."""
        rest = self._decompressor.unused_data if self._decompressor else b""
        while not (rest := rest.lstrip(b"\0")):
            rest = self._packed.read(_READ_BYTES)
            if not rest:
                break
        return rest


def is_zip(packed: IO[bytes]) -> bool:
    """Whether the stream, which is rewound, starts as a zip does."""
    return _start(packed).startswith((b"PK\x03\x04", _END_RECORD))


def open_tar_stream(packed: IO[bytes], meter: Meter) -> MeteredReader:
    """The bytes of the tar in `packed`, decompressed as its first bytes ask for.

    Raises `SourceError` for a compression that this Python does not know.
    """
    start = _start(packed)
    stream: Readable = packed
    if start.startswith(b"\x1f\x8b"):
        stream = gzip.GzipFile(fileobj=packed, mode="rb")
    elif start.startswith(b"BZh"):
        stream = bz2.BZ2File(packed, mode="rb")
    elif start.startswith(b"\xfd7zXZ\0"):
        stream = _XzReader(packed)
    elif start.startswith(b"\x28\xb5\x2f\xfd"):
        stream = _zstandard(packed)
    return MeteredReader(stream, meter)


def zip_directory_size(packed: IO[bytes]) -> int:
    """Bytes of the central directory that `zipfile` would read into memory at once; 0 if there is none to be found.

    Follows APPNOTE.TXT 4.3.14 to 4.3.16, and `zipfile` in where it looks.
    """
    end = packed.seek(0, io.SEEK_END)
    first = max(0, end - _END_RECORD_BYTES - 0xFFFF)
    packed.seek(first)
    tail = packed.read()
    at = len(tail) - _END_RECORD_BYTES
    if at < 0 or not (tail.startswith(_END_RECORD, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END_RECORD)
    if at < 0 or len(tail) - at < _END_RECORD_BYTES:
        return 0
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    locator = tail[at - _END64_LOCATOR_BYTES : at] if at >= _END64_LOCATOR_BYTES else b""
    if locator.startswith(_END64_LOCATOR):
        packed.seek(max(0, min(first + at - _END64_LOCATOR_BYTES - 56, end)))
        record = packed.read(56)
        if record.startswith(_END64_RECORD):
            size = int.from_bytes(record[40:48], "little")
    return size


def _start(packed: IO[bytes]) -> bytes:
    packed.seek(0)
    start = packed.read(8)
    packed.seek(0)
    return start


def _zstandard(packed: IO[bytes]) -> Readable:
    try:
        module: Any = importlib.import_module("compression.zstd")
    except ImportError:
        raise SourceError(
            "the archive is compressed with Zstandard, which needs Python 3.14 or newer: repack it as .tar.gz"
        ) from None
    return cast("Readable", module.ZstdFile(packed))
