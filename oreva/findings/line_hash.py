"""GitHub code scanning's `primaryLocationLineHash`, as its upload action computes it where a tool gives none.

Algorithm: `src/fingerprints.ts` of github/codeql-action (described, not copied). The hash of a line covers 100 UTF-16
code units from the start of that line, across following lines, without spaces and tabs. Line ends CR LF, CR and LF all
count as LF. Behind the text comes the unit 65535, then zeros.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from operator import mul

_WINDOW = 100
_MASK = (1 << 64) - 1
_POWERS = tuple(pow(37, _WINDOW - 1 - index, 1 << 64) for index in range(_WINDOW))
_BEYOND_UTF16 = re.compile("[\U00010000-\U0010ffff]")


def primary_location_line_hashes(content: bytes, lines: Collection[int]) -> dict[int, str]:
    """Line number (1-based) to `<hex of the hash>:<how many lines so far had the same window>`.

    Lines that the file does not have are absent. Two different windows are taken for different hashes; with 37 as the
    base they can collide (`bA` and `af`), which would need two lines that differ in just that way.
    """
    if not lines:
        return {}
    text = _without_blanks(content)
    units = text.split("\n")
    wanted = {line for line in lines if 1 <= line <= len(units)}
    beginnings = {units[line - 1] for line in wanted}
    seen: dict[str, int] = {}
    hashes: dict[int, str] = {}
    for index in [i for i, line in enumerate(units[: max(wanted, default=0)]) if line in beginnings]:
        window = _window(units, index)
        seen[window] = seen.get(window, 0) + 1
        if index + 1 in wanted:
            value = sum(map(mul, map(ord, window), _POWERS)) & _MASK
            hashes[index + 1] = f"{value:x}:{seen[window]}"
    return hashes


def _without_blanks(content: bytes) -> str:
    """The text as JavaScript sees it, one character per UTF-16 code unit, with all line ends as LF."""
    if content.isascii():
        ended = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in content else content
        return ended.translate(None, b" \t").decode("ascii")
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return _BEYOND_UTF16.sub(_surrogates, text.replace(" ", "").replace("\t", ""))


def _window(lines: list[str], index: int) -> str:
    """A hundred characters from the start of a line, with what stands for the end of the file."""
    window = ""
    for line in lines[index : index + _WINDOW + 1]:
        window += line[:_WINDOW] + "\n"
        if len(window) > _WINDOW:
            return window[:_WINDOW]
    return (window[:-1] + "\uffff" + "\0" * _WINDOW)[:_WINDOW]


def _surrogates(match: re.Match[str]) -> str:
    """One character beyond the Basic Multilingual Plane as the two UTF-16 code units that JavaScript sees."""
    offset = ord(match[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))
