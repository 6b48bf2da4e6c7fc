"""What is in an object of the bucket: one model as JSON, or models one a line, compressed."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pydantic import ValidationError

from oreva.errors import StoreError
from oreva.models import Model
from oreva.store.records import dump, load

ModelT = TypeVar("ModelT", bound=Model)
LINES_TYPE = "application/gzip"
"""Content type of an object of lines."""
_GZIP_LEVEL = 3


def packed(model: Model) -> bytes:
    """One model as compressed JSON."""
    return gzip.compress(dump(model).encode(), _GZIP_LEVEL, mtime=0)


def unpacked(name: str, body: bytes, model: type[ModelT]) -> ModelT:
    """What `packed` made. Raises `StoreError`, which names the object, if it is damaged or another model."""
    try:
        plain = gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(name, error) from error
    return parsed(name, plain, model)


def parsed(name: str, body: bytes, model: type[ModelT]) -> ModelT:
    """One model from JSON. Raises `StoreError`, which names the object, if it is another one."""
    try:
        return load(model, body.decode())
    except ValueError as error:
        raise StoreError(
            f"{name}: not what this version of Oreva reads ({_first_line(error)}); start the scan again"
        ) from error


def lines_of(models: Iterable[Model]) -> bytes:
    """Models one a line, compressed."""
    made: list[bytes] = []
    with Lines(made.append) as lines:
        for model in models:
            lines.add(model)
    return made[0]


def read_lines(name: str, body: bytes, model: type[ModelT]) -> Iterator[ModelT]:
    """The models of an object, unpacked one line at a time. Raises `StoreError` as `unpacked`."""
    try:
        with gzip.open(io.BytesIO(body)) as lines:
            for line in lines:
                yield parsed(name, line, model)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(name, error) from error


class Lines:
    """An object of many lines under way; only its compressed form is in memory."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        self.count = 0
        self._put = put
        self._packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        self._body = bytearray()

    def add(self, model: Model) -> None:
        """One more line."""
        self._body += self._packer.compress(dump(model).encode() + b"\n")
        self.count += 1

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._body += self._packer.flush()
            self._put(bytes(self._body))


def _damaged(name: str, error: Exception) -> StoreError:
    return StoreError(f"{name}: damaged ({error}); start the scan again")


def _first_line(error: ValueError) -> str:
    """The first thing that is wrong, in one line."""
    if not isinstance(error, ValidationError):
        return str(error).partition("\n")[0]
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
