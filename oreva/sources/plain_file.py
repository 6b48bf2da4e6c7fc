"""Reading regular files only: no link is followed, no FIFO or device is ever waited for."""

from __future__ import annotations

import errno
import os
import stat

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_CHUNK = 1 << 20


def read_plain(path: str, limit: int | None = None) -> bytes:
    """The content of the regular file at `path`, or its first `limit` bytes.

    Raises `OSError`: what the system says, or EINVAL for what is no regular file.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        if limit is not None and limit <= _CHUNK:
            return os.read(descriptor, limit)
        chunks = []
        while chunk := os.read(descriptor, _CHUNK):
            chunks.append(chunk)
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def why(error: OSError) -> str:
    """What the system says about `error`, in lower case: `permission denied`."""
    return (error.strerror or "input or output error").lower()
