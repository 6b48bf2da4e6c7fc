"""What is known of the origin of values, over many files, remembered by content so that no file is parsed twice."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from oreva.findings import provenance
from oreva.findings.provenance import Provenance


class AnswerMemory(Protocol):
    """Keeps answers from one scan to the next, by key. One that cannot be read or written only costs time."""

    def answer(self, key: str) -> bool | None:
        """The answer kept under a key, if there is one."""

    def put_answers(self, answers: Mapping[str, bool]) -> None:
        """Keep answers."""


class Origins:
    """Answers, for places in files, whether the origin of all values there is known (see `Provenance.known`)."""

    def __init__(self, contents: Mapping[str, bytes], memory: AnswerMemory | None = None) -> None:
        """`contents` by path; of a file that is missing nothing is known."""
        self._contents = contents
        self._memory = memory
        self._digests: dict[str, str] = {}
        self._trees: dict[str, Provenance] = {}
        self._fresh: dict[str, bool] = {}

    def known(self, path: str, first: int, last: int) -> bool:
        """Whether every value used in these lines is made in their own function, or comes from the request."""
        if self._memory is None:
            return self._tree(path).known(first, last)
        key = f"{self._digest(path)} {first} {last}"
        known = self._memory.answer(key)
        if known is None:
            known = self._fresh[key] = self._tree(path).known(first, last)
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
    code = Path(provenance.__file__).read_bytes()
    return hashlib.sha256(code + repr(sys.version_info[:3]).encode()).digest()
