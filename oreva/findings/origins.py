"""What is known of the origin of values, over many files, remembered by content so that no file is parsed twice."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from oreva.findings import checks, provenance, scopes, value_names
from oreva.findings.provenance import Provenance
from oreva.models import Detection


class AnswerMemory(Protocol):
    """Keeps answers from one scan to the next, by key. One that cannot be read or written only costs time."""

    def answer(self, key: str) -> bool | None:
        """The answer kept under a key, if there is one."""

    def put_answers(self, answers: Mapping[str, bool]) -> None:
        """Keep answers."""


class Origins:
    """What `Provenance` says of detections in many files."""

    def __init__(self, contents: Mapping[str, bytes], memory: AnswerMemory | None = None) -> None:
        """`contents` by path; of a file that is missing nothing is known."""
        self._contents = contents
        self._memory = memory
        self._digests: dict[str, str] = {}
        self._trees: dict[str, Provenance] = {}
        self._fresh: dict[str, bool] = {}

    def known(self, detection: Detection, *, raw: bool = False) -> bool:
        """Whether the origin of all values at a detection's place is known (see `Provenance.known`)."""
        start = (detection.start_line, detection.start_col)
        end = (detection.end_line, detection.end_col)
        return self._answer(
            "raw" if raw else "known", detection.path, (*start, *end), lambda tree: tree.known(start, end, raw=raw)
        )

    def secretive(self, detection: Detection) -> bool:
        """Whether the code at a detection's place goes by a name that speaks of secrets (`Provenance.secretive`)."""
        first, last = detection.start_line, max(detection.start_line, detection.end_line)
        return self._answer("secretive", detection.path, (first, last), lambda tree: tree.secretive(first, last))

    def _answer(self, question: str, path: str, place: tuple[int, ...], ask: Callable[[Provenance], bool]) -> bool:
        if self._memory is None:
            return ask(self._tree(path))
        key = " ".join([self._digest(path), question, *map(str, place)])
        known = self._memory.answer(key)
        if known is None:
            known = self._fresh[key] = ask(self._tree(path))
        return known

    def keep(self) -> None:
        """Hand the memory what it did not know."""
        if self._memory is not None:
            self._memory.put_answers(self._fresh)

    def _tree(self, path: str) -> Provenance:
        if path not in self._trees:
            self._trees[path] = Provenance(self._contents.get(path, b""))
        return self._trees[path]

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            self._digests[path] = hashlib.sha256(_maker() + self._contents.get(path, b"")).hexdigest()
        return self._digests[path]


@cache
def _maker() -> bytes:
    """What an answer depends on beside the content: the code that gives it, and the grammar it parses with."""
    code = b"".join(Path(str(part.__file__)).read_bytes() for part in (provenance, scopes, checks, value_names))
    return hashlib.sha256(code + repr(sys.version_info[:3]).encode()).digest()
