"""Evidence: the machine check that a verdict quotes code which is really there.

A verdict may rank, explain and, under a policy, suppress; it can do so only with quotes that occur verbatim on the line
they name. Every triager passes its verdicts through `verify` before it returns them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oreva.models import Evidence, Verdict

MIN_QUOTE_CHARACTERS = 3
"""Characters that are no white space which a quote needs at least: a lone bracket proves nothing."""

MAX_QUOTE_CHARACTERS = 200
"""How much of a long line `quote_line` takes."""


def split_lines(text: str) -> list[str]:
    r"""The lines of a text as scanners number them: ended by `\n`, `\r\n` or `\r` only, without their ends.

    `str.splitlines` would also break at form feeds and Unicode separators and shift every line number after them.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def is_substantial(quote: str) -> bool:
    """Whether a quote holds enough characters to prove anything."""
    return len("".join(quote.split())) >= MIN_QUOTE_CHARACTERS


def quote_line(path: str, line: int, lines: Sequence[str]) -> Evidence | None:
    """The evidence that `line` (1-based) of a file is, cut to a readable length; None if there is nothing to quote."""
    if not 1 <= line <= len(lines):
        return None
    quote = lines[line - 1].strip()[:MAX_QUOTE_CHARACTERS].rstrip()
    return Evidence(path=path, line=line, quote=quote) if is_substantial(quote) else None


def verify(verdict: Verdict, files: Mapping[str, str]) -> list[str]:
    """Check every quote of a verdict against the code it was made from.

    Args:
        verdict: what a triager says of one finding.
        files: text by path, as the triager saw it.

    Returns:
        One sentence per problem, in the order of the evidence; empty if every quote holds. A verdict without evidence
        has no problem here: whether it needs some is the policy's business.
    """
    split: dict[str, list[str]] = {}
    problems = []
    for number, item in enumerate(verdict.evidence, start=1):
        problem = problem_of(item, files, split)
        if problem:
            problems.append(f"evidence {number}: {problem}")
    return problems


def problem_of(item: Evidence, files: Mapping[str, str], split: dict[str, list[str]] | None = None) -> str:
    """What is wrong with one quote; empty if it holds. `split` keeps the lines of files between calls."""
    if not is_substantial(item.quote):
        return f"the quote has fewer than {MIN_QUOTE_CHARACTERS} characters that are no white space"
    if item.path not in files:
        return f"{item.path!r} is not among the files that were looked at"
    lines = (split or {}).get(item.path) or split_lines(files[item.path])
    if split is not None:
        split[item.path] = lines
    if not 1 <= item.line <= len(lines):
        return f"{item.path!r} has no line {item.line}, it has {len(lines)}"
    if item.quote not in lines[item.line - 1]:
        return f"the quote does not occur on line {item.line} of {item.path!r}"
    return ""
