"""Patterns of the `.gitignore` language: parsing and matching, for ignore files and for the user's own globs.

The language is that of gitignore(5) and git's `wildmatch.c`. Written here because patterns come from the code under
scan: matching takes time linear in the name for each pattern (translations to one regular expression backtrack for
minutes on `*a*a*a*a*a*a*a*b`), and a pattern is matched against one entry, never against what lies below it, as git
does when it walks a tree from the top.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_PATTERNS = 5_000
"""An ignore file with more patterns is not honoured: what it names is scanned."""

_ANY_DEPTH = None
"""The segment `**`: any number of directories, also none."""

SegmentTest = Callable[[str], object]
Segment = SegmentTest | None

_POSIX_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "\\x21-\\x7e",
    "lower": "a-z",
    "print": "\\x20-\\x7e",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t\\n\\r\\f\\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class _BadPatternError(ValueError):
    """A pattern that git would never match: an unclosed bracket, a backslash at the end."""


@dataclass(frozen=True)
class Pattern:
    """One line of an ignore file, or one glob of the user."""

    text: str
    """As written."""
    negated: bool
    """`!`: takes back what an earlier pattern matched."""
    directories_only: bool
    by_name: bool
    """No slash inside: matches the last component at any depth."""
    segments: tuple[Segment, ...]

    def matches(self, parts: Sequence[str], *, directory: bool) -> bool:
        """Whether the entry at `parts` (components relative to where the pattern stands) is meant itself."""
        if self.directories_only and not directory:
            return False
        if self.by_name:
            segment = self.segments[0]
            return segment is _ANY_DEPTH or bool(segment(parts[-1]))
        return _match_segments(self.segments, parts)

    def can_match_below(self, parts: Sequence[str]) -> bool:
        """Whether some entry below the directory at `parts` can match."""
        if self.by_name:
            return True
        positions = _skip_any_depth(self.segments, {0})
        for part in parts:
            following: set[int] = set()
            for position in positions:
                if position == len(self.segments):
                    continue
                segment = self.segments[position]
                if segment is _ANY_DEPTH:
                    following.add(position)
                elif segment(part):
                    following.add(position + 1)
            positions = _skip_any_depth(self.segments, following)
        return any(position < len(self.segments) for position in positions)


def parse_pattern(line: str) -> Pattern | None:
    """One line of an ignore file; None for an empty line, a comment, or what git would never match.

    Not understood, and so never matching: a slash that is escaped or inside brackets.
    """
    if line.startswith("#"):
        return None
    text = _without_trailing_spaces(line)
    negated = text.startswith("!")
    body = text[1:] if negated else text
    directories_only = body.endswith("/")
    body = body.removesuffix("/")
    by_name = "/" not in body
    body = body.removeprefix("/")
    if not body:
        return None
    try:
        segments = [_ANY_DEPTH if part == "**" else _segment(part) for part in body.split("/")]
    except _BadPatternError:
        return None
    if not by_name and segments[-1] is _ANY_DEPTH:
        segments.append(_segment("*"))  # `a/**` is everything inside `a`, not `a`
    return Pattern(text, negated, directories_only, by_name, tuple(segments))


def parse_patterns(text: str) -> tuple[Pattern, ...]:
    """All patterns of an ignore file in their order; none at all if there are more than `MAX_PATTERNS`."""
    lines = text.removeprefix("\ufeff").split("\n")
    if len(lines) > MAX_PATTERNS:
        return ()
    parsed = (parse_pattern(line.removesuffix("\r")) for line in lines)
    return tuple(pattern for pattern in parsed if pattern is not None)


class PatternList:
    """Patterns of one place, of which the last that matches an entry decides.

    Plain names, the bulk of real ignore files, are looked up in a table; only the others are tried one by one.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self._by_plain_name: dict[str, list[int]] = {}
        self._others: list[int] = []
        for index, pattern in enumerate(self.patterns):
            name = pattern.text.removeprefix("!").removesuffix("/")
            if pattern.by_name and not _has_special(name):
                self._by_plain_name.setdefault(name, []).append(index)
            else:
                self._others.append(index)

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def deciding(self, parts: Sequence[str], *, directory: bool) -> Pattern | None:
        """The last pattern that matches the entry at `parts`, or None."""
        best = -1
        for index in self._by_plain_name.get(parts[-1], ()):
            if self.patterns[index].matches(parts, directory=directory):
                best = index
        for index in reversed(self._others):
            if index < best:
                break
            if self.patterns[index].matches(parts, directory=directory):
                best = index
                break
        return self.patterns[best] if best >= 0 else None

    def can_match_below(self, parts: Sequence[str]) -> bool:
        """Whether some entry below the directory at `parts` can match a pattern that is not negated."""
        return any(not pattern.negated and pattern.can_match_below(parts) for pattern in self.patterns)


def _has_special(text: str) -> bool:
    return any(char in text for char in "*?[\\")


def _without_trailing_spaces(line: str) -> str:
    """Drop spaces at the end unless a backslash quotes them."""
    kept = 0
    position = 0
    while position < len(line):
        if line[position] == "\\":
            position += 2
            kept = position
            continue
        position += 1
        if line[position - 1] != " ":
            kept = position
    return line[:kept]


def _match_segments(segments: Sequence[Segment], parts: Sequence[str]) -> bool:
    """Match components against segments; only the newest `**` is ever widened, which suffices for such wildcards."""
    at = part = 0
    newest = -1
    resumed = 0
    while part < len(parts):
        segment = segments[at] if at < len(segments) else _nothing
        if segment is _ANY_DEPTH:
            newest, resumed = at, part
            at += 1
        elif segment(parts[part]):
            at += 1
            part += 1
        elif newest >= 0:
            resumed += 1
            part = resumed
            at = newest + 1
        else:
            return False
    return all(segment is _ANY_DEPTH for segment in segments[at:])


def _skip_any_depth(segments: Sequence[Segment], positions: set[int]) -> set[int]:
    """Add the positions that are reached by letting `**` stand for nothing."""
    reached = set(positions)
    for position in positions:
        following = position
        while following < len(segments) and segments[following] is _ANY_DEPTH:
            following += 1
            reached.add(following)
    return reached


@lru_cache(maxsize=4096)
def _segment(text: str) -> SegmentTest:
    """A test for one path component against one pattern segment."""
    if not _has_special(text):
        return text.__eq__
    if text == "*":
        return _anything
    if text.startswith("*") and not _has_special(text[1:]):
        tail = text[1:]
        return lambda name: name.endswith(tail)
    return re.compile(_expression(text), re.DOTALL).fullmatch


def _anything(_name: str) -> bool:
    return True


def _nothing(_name: str) -> bool:
    return False


def _expression(text: str) -> str:
    """The regular expression of one segment.

    Stars are matched leftmost-shortest in atomic groups, as `fnmatch` does: each group is left once and never retried.
    """
    chunks = [""]
    position = 0
    while position < len(text):
        char = text[position]
        if char == "*":
            chunks.append("")
            position += 1
        elif char == "?":
            chunks[-1] += "."
            position += 1
        elif char == "[":
            expression, position = _bracket(text, position + 1)
            chunks[-1] += expression
        else:
            if char == "\\":
                position += 1
                if position == len(text):
                    raise _BadPatternError(text)
            chunks[-1] += re.escape(text[position])
            position += 1
    if len(chunks) == 1:
        return chunks[0]
    first, *middle, last = chunks
    return first + "".join(f"(?>.*?{chunk})" for chunk in middle if chunk) + ".*" + last


def _bracket(text: str, position: int) -> tuple[str, int]:
    """The expression of a bracket whose inside starts at `position`, and the position behind it."""
    negated = text[position : position + 1] in ("!", "^")
    position += negated
    inside: list[str] = []
    first = True
    while first or text[position : position + 1] != "]":
        first = False
        if text.startswith("[:", position):
            end = text.find(":]", position)
            name = text[position + 2 : end] if end >= 0 else ""
            if name not in _POSIX_CLASSES:
                raise _BadPatternError(text)
            inside.append(_POSIX_CLASSES[name])
            position = end + 2
            continue
        low, position = _bracket_char(text, position)
        if text[position : position + 1] == "-" and text[position + 1 : position + 2] not in ("]", ""):
            high, position = _bracket_char(text, position + 1)
            if low <= high:  # an empty range matches nothing
                inside.append(f"{re.escape(low)}-{re.escape(high)}")
        else:
            inside.append(re.escape(low))
    if not inside:
        return ("." if negated else r"(?!)"), position + 1
    return f"[{'^' if negated else ''}{''.join(inside)}]", position + 1


def _bracket_char(text: str, position: int) -> tuple[str, int]:
    if text[position : position + 1] == "\\":
        position += 1
    if position >= len(text):
        raise _BadPatternError(text)
    return text[position], position + 1
