"""The syntax tree of one Python file: parse it without running it, find the statement at a line, tell dead code.

Everything here works on text that an attacker may have written: nothing is imported or executed, and whatever the
parser refuses is simply a file without a tree.
"""

from __future__ import annotations

import ast
import bisect
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from oreva.models import Evidence
from oreva.triage.evidence import MAX_QUOTE_CHARACTERS, is_substantial

MAX_PARSED_CHARACTERS = 2_000_000
"""Longer files are judged by their text only: parsing takes about half a second per million characters."""

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ScopeNode = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def parse(text: str) -> ast.Module | None:
    """The tree of a Python file, or None if it is too long, or this interpreter cannot parse it."""
    if len(text) > MAX_PARSED_CHARACTERS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True)
class Step:
    """One level on the way from the module down to a statement: the statement, and where it stands among its like."""

    statement: ast.stmt
    block: list[ast.stmt]
    index: int
    owner: ast.AST
    """The node whose block this is: the module, a compound statement, an `except` clause or a `case`."""


def blocks(node: ast.AST) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """The statement lists of a node, each with the node that owns it."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield node, block
    for field in ("handlers", "cases"):
        for clause in getattr(node, field, ()):
            yield clause, clause.body


def first_line(statement: ast.stmt) -> int:
    """The first line of a statement, decorators included."""
    if isinstance(statement, FunctionNode | ast.ClassDef) and statement.decorator_list:
        return min(statement.lineno, statement.decorator_list[0].lineno)
    return statement.lineno


def last_line(node: ast.stmt | ast.expr) -> int:
    """The last line of a statement or expression."""
    return node.end_lineno if node.end_lineno is not None else node.lineno


def steps_to(module: ast.Module, line: int, column: int = 0) -> list[Step]:
    """The way from the module to the innermost statement at a line, outermost first; empty if there is none.

    Where several statements share the line, the last one that starts at or before `column` (0-based) is taken.
    """
    steps: list[Step] = []
    node: ast.AST = module
    while True:
        step = _step_into(node, line, column)
        if step is None:
            return steps
        steps.append(step)
        node = step.statement


def _step_into(node: ast.AST, line: int, column: int) -> Step | None:
    found = None
    for owner, block in blocks(node):
        shares_line = getattr(owner, "lineno", 0) == line
        behind = bisect.bisect_right(block, line, key=first_line)
        for index in range(behind - 1, -1, -1):
            statement = block[index]
            if last_line(statement) < line:
                break
            if statement.lineno < line or statement.col_offset <= column:
                return Step(statement, block, index, owner)
            if not shares_line:
                found = Step(statement, block, index, owner)
    return found


def scope_nodes(module: ast.Module, steps: list[Step]) -> list[ScopeNode]:
    """The module, functions and classes whose bodies hold the last of these steps, outermost first."""
    inside = [step.statement for step in steps[:-1]]
    return [module, *(node for node in inside if isinstance(node, FunctionNode | ast.ClassDef))]


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of attributes on a name, `.b.c` for one on anything else, empty for other nodes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    elif parts:
        parts.append("")
    return ".".join(reversed(parts))


def root_name(node: ast.AST) -> ast.Name | None:
    """The name at the left end of attributes, calls and subscripts, if there is one."""
    while True:
        if isinstance(node, ast.Name):
            return node
        if isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return None


def quote(path: str, lines: list[str], node: ast.stmt | ast.expr) -> Evidence | None:
    """The first line of a node as evidence; None if that is too short to prove anything.

    Only the node is quoted, so that a comment behind it never becomes evidence.
    """
    if not 1 <= node.lineno <= len(lines):
        return None
    raw = lines[node.lineno - 1].removeprefix("\ufeff").encode("utf-8", "surrogatepass")
    end = node.end_col_offset if node.end_lineno == node.lineno else len(raw)
    text = raw[node.col_offset : end].decode("utf-8", "ignore")
    if node.end_lineno != node.lineno or isinstance(node, FunctionNode | ast.ClassDef | ast.If | ast.While):
        text = text.partition("#")[0]
    text = text[:MAX_QUOTE_CHARACTERS].strip()
    return Evidence(path=path, line=node.lineno, quote=text) if is_substantial(text) else None
