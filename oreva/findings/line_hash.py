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
    wanted = frozenset(lines)
    if not wanted:
        return {}
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    text = _BEYOND_UTF16.sub(_surrogates, text.replace(" ", "").replace("\t", ""))
    padded = text + "\uffff" + "\0" * _WINDOW
    seen: dict[str, int] = {}
    hashes: dict[int, str] = {}
    last, line, start = max(wanted), 1, 0
    while line <= last:
        window = padded[start : start + _WINDOW]
        occurrence = seen.get(window, 0) + 1
        seen[window] = occurrence
        if line in wanted:
            hashes[line] = f"{sum(map(mul, map(ord, window), _POWERS)) & _MASK:x}:{occurrence}"
        start = text.find("\n", start) + 1
        if start == 0:
            break
        line += 1
    return hashes


def _surrogates(match: re.Match[str]) -> str:
    """One character beyond the Basic Multilingual Plane as the two UTF-16 code units that JavaScript sees."""
    offset = ord(match[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))
