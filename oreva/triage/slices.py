"""Slices: the part of a file that a model is shown for one finding, with comments masked.

That is the enclosing function with its line numbers, and the imports. A slice knows nothing of the file's path but the
language, and its digest does not change when the code moves up or down in the file.
"""

from __future__ import annotations

import ast
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from oreva.models import Evidence, Finding
from oreva.triage.evidence import MAX_QUOTE_CHARACTERS, is_substantial, problem_of, split_lines
from oreva.triage.masking import language_of, mask
from oreva.triage.python_tree import FunctionNode, first_line, last_line, parse, scope_nodes, steps_to
from oreva.triage.text_view import function_start

MAX_LINES = 120
"""How many lines of code one slice shows at most."""

MARGIN = 12
"""Lines shown on either side where there is no enclosing function."""

MAX_LINE_CHARACTERS = 400
"""How much of one line is shown."""

MAX_IMPORTS = 40

CUT = " [cut]"
"""Ends a line that is shown in part."""

_IMPORT = re.compile(
    r"\s{0,8}(?:import\b|from\s+\S+\s+import\b|#\s*include\b|using\s|use\s|package\s|require(?:_relative|_once)?\b"
    r"|include(?:_once)?\b|(?:const|let|var)\s.{0,80}=\s*(?:await\s+import|require)\s*\(|source\s|FROM\s)"
)


@dataclass(frozen=True)
class Slice:
    """What is shown of one file for one finding."""

    language: str
    lines: tuple[tuple[int, str], ...]
    """Line number (1-based) and masked, printable text, in order; imports first if they stand first in the file."""
    flagged: tuple[int, int]
    """First and last line of the finding, as far as they are shown."""

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the lines that are shown."""
        return tuple(number for number, _ in self.lines)

    @cached_property
    def text(self) -> str:
        """The shown lines, flagged ones marked with `>`, without their numbers."""
        first, last = self.flagged
        return "\n".join(f"{'>' if first <= number <= last else ' '}{text}" for number, text in self.lines)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over language and text: equal for equal code on other lines or in other files."""
        return hashlib.sha256(f"{self.language}\n{self.text}".encode()).hexdigest()


def printable(text: str) -> str:
    """Text in which every character can be seen: controls, invisible characters and lone surrogates as `\\u{…}`.

    Invisible characters can carry sentences that no reviewer sees (Unicode tags, variation selectors, direction
    overrides); a quote of them never holds, since the file has the characters themselves.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _is_visible(char) else f"\\u{{{ord(char):x}}}" for char in text)


def _is_visible(char: str) -> bool:
    if char == "\t":
        return True
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return not selector and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


class MaskedFile:
    """One scanned file as triage by a model sees it. Everything is worked out when it is first asked for, and once."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.language = language_of(path)

    @cached_property
    def lines(self) -> list[str]:
        """The lines as scanned."""
        return split_lines(self.text)

    @cached_property
    def masked(self) -> list[str]:
        """The lines without comments and docstrings."""
        return mask(self.text, self.language)

    @cached_property
    def _imports(self) -> tuple[int, ...]:
        found = (number for number, line in enumerate(self.masked, 1) if _IMPORT.match(line[:200]))
        return tuple(number for number, _ in zip(found, range(MAX_IMPORTS), strict=False))

    def slice(self, finding: Finding) -> Slice | None:
        """What to show for a finding of this file; None if none of its lines holds code that can be shown."""
        first = max(finding.start_line, 1)
        last = min(max(finding.end_line, first), len(self.masked))
        if not any(line.strip() for line in self.masked[first - 1 : last]):
            return None
        start, end = self._function(finding.primary.start_line, finding.primary.start_col, first, last)
        last = min(last, first + MAX_LINES // 2)
        wanted = dict.fromkeys(self._imports)
        wanted |= dict.fromkeys(_window(start, end, first, last))
        shown = ((number, self._shown(number)) for number in sorted(wanted))
        return Slice(self.language, tuple((n, text) for n, text in shown if text), (first, last))

    def _shown(self, number: int) -> str:
        line = self.masked[number - 1].rstrip()
        return printable(line[:MAX_LINE_CHARACTERS]) + (CUT if len(line) > MAX_LINE_CHARACTERS else "")

    def _function(self, line: int, column: int, first: int, last: int) -> tuple[int, int]:
        """First and last line of the function around a place; a stretch of lines where there is none."""
        if self.language == "python" and self._module is not None:
            steps = steps_to(self._module, line, max(column - 1, 0))
            if steps and isinstance(steps[-1].statement, FunctionNode):
                steps = [*steps, steps[-1]]  # the flagged line is that of `def`
            inside = [node for node in scope_nodes(self._module, steps) if isinstance(node, FunctionNode)]
            if inside:
                return min(first_line(inside[-1]), first), max(last_line(inside[-1]), last)
        else:
            # A line that no function can start on stands before the others: 1 means that none was found.
            before = max(first - MAX_LINES // 2, 1) - 1
            lines = ["", *self.masked[before:first]]
            found = function_start(lines, len(lines), reach=len(lines))
            if found > 1:
                return before + found - 1, self._block_end(before + found - 1, last)
        return max(first - MARGIN, 1), min(last + MARGIN, len(self.masked))

    @cached_property
    def _module(self) -> ast.Module | None:
        return parse("\n".join(self.lines))

    def _block_end(self, start: int, last: int) -> int:
        """The last line of the block that begins on `start`: the first one after `last` that is no deeper than it."""
        outer = _indent(self.masked[start - 1])
        limit = min(last + MAX_LINES, len(self.masked))
        for number in range(last + 1, limit + 1):
            line = self.masked[number - 1]
            if line.strip() and _indent(line) <= outer:
                return number if line.strip()[0] in "})]" or line.strip() == "end" else number - 1
        return min(last + MARGIN, len(self.masked))

    def problem_of(self, item: Evidence, shown: frozenset[int]) -> str:
        """What is wrong with a quote that a model gives; empty if it holds.

        It must occur in the file as scanned (by `evidence.problem_of`), on one of the lines that were shown, and
        outside of what was masked.
        """
        problem = problem_of(item, {self.path: self.text}, {self.path: self.lines})
        if problem:
            return problem.replace(f" of {self.path!r}", "").replace(f"{self.path!r}", "the file")
        if item.line not in shown:
            return f"line {item.line} was not shown"
        if item.quote not in self.masked[item.line - 1]:
            return f"the quote of line {item.line} is not code"
        return ""

    def quote_flagged(self, shown: Slice) -> Evidence | None:
        """The first flagged line that holds code, as evidence."""
        for number in range(shown.flagged[0], shown.flagged[1] + 1):
            quote = self.masked[number - 1].strip()[:MAX_QUOTE_CHARACTERS].rstrip()
            if is_substantial(quote):
                return Evidence(path=self.path, line=number, quote=quote)
        return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _window(start: int, end: int, first: int, last: int) -> range | list[int]:
    """At most `MAX_LINES` line numbers of a function: all, or its head and the lines around the flagged ones."""
    if end - start < MAX_LINES:
        return range(start, end + 1)
    head = range(start, min(start + 5, first))
    room = max(MAX_LINES - len(head) - (last - first + 1), 0) // 2
    return [*head, *range(max(first - room, start), min(last + room, end) + 1)]
