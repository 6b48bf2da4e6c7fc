"""What is wrong with a rule, where, and how it is said to a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from oreva.errors import RuleError


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with one rule or rule file."""

    file: Path
    line: int
    """1-based."""
    rule_id: str
    """Empty where the problem is the file's, or the rule has no id."""
    message: str
    """What is wrong, and after a semicolon what to do about it."""
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """`file:line: rule <id>: <what is wrong>; <next step>` in one line, safe to print."""
        subject = f"rule {printable(self.rule_id)}: " if self.rule_id else ""
        return f"{printable(str(self.file))}:{self.line}: {subject}{printable(self.message)}"


def printable(text: str) -> str:
    """Text from a rule file or a file name in one line: control characters and lone surrogates become escapes."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def rule_error(problems: Iterable[Problem]) -> RuleError:
    """One error for all problems: one line each, after a summary line if there are several."""
    lines: Sequence[str] = [str(problem) for problem in sorted(problems)]
    if len(lines) == 1:
        return RuleError(lines[0])
    return RuleError("\n".join([f"{len(lines)} problems in rule files; nothing was scanned", *lines]))
