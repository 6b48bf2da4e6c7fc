"""Staging: a snapshot of exactly the files a scanner process is to see, under names that no program trips over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from oreva.errors import SourceError
from oreva.scanners.base import Stage, StagedFile

_PLAIN = re.compile(r"[A-Za-z0-9_@+=.][A-Za-z0-9_@+=.\- ]*", re.ASCII)
_NAME_LIMIT = 200
"""Bytes; file systems allow 255, and a staged name may grow by a hash."""


def staged_name(path: str) -> str:
    """Where the file of this path lies in a stage: the same path, with every part that is not plain ASCII replaced.

    A replaced part keeps its suffix and carries a hash of the original, so that different names stay different and the
    language is still told by the suffix. Absolute paths and `..` cannot occur in the result.
    """
    parts = [part if _is_plain(part) else _plain_part(part) for part in path.split("/")]
    return "/".join(parts)


def _is_plain(part: str) -> bool:
    return bool(_PLAIN.fullmatch(part)) and part not in (".", "..") and len(part) <= _NAME_LIMIT and part != ".git"


def _plain_part(part: str) -> str:
    digest = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    suffix = re.search(r"(?:\.[A-Za-z0-9]{1,12}){1,2}\Z", part)
    return f"oreva-{digest}{suffix.group() if suffix else ''}"


def stage(root: Path, files: Sequence[tuple[str, bool]], read: Callable[[str], bytes]) -> tuple[Stage, dict[str, str]]:
    """Lay a snapshot of the files below `root` (made, must not exist).

    `files` are (path, executable) pairs. What cannot be read is left out and comes back with the reason, so that the
    caller records it as a gap. The digest of a staged file is that of the bytes that lie there, whatever happens to the
    original meanwhile.
    """
    root.mkdir(parents=True)
    staged: list[StagedFile] = []
    unread: dict[str, str] = {}
    for path, executable in files:
        try:
            content = read(path)
        except SourceError as error:
            unread[path] = str(error)
            continue
        name = staged_name(path)
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if executable:
            target.chmod(0o755)
        staged.append(StagedFile(path, name, hashlib.sha256(content).hexdigest(), len(content)))
    return Stage(root, tuple(staged)), unread
