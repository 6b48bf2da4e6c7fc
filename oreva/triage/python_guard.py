"""Checks before use in Python code: a name that is compared with a list before a block goes on."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from oreva.triage.python_tree import dotted


@dataclass(frozen=True)
class Guard:
    """An `if` that lets a name pass only with a value of a list."""

    name: str
    allowed: ast.expr
    line: int
    holds: Literal["behind", "inside"]
    """Where the name is known to be in the list: behind the statement, or in its body."""


def guard_of(statement: ast.stmt) -> Guard | None:
    """The guard that a statement is: `if name not in LIST: raise/return ...` or `if name in LIST:`; else None."""
    test = statement.test if isinstance(statement, ast.If) else None
    if not isinstance(statement, ast.If) or not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name):
        return None
    if len(test.ops) != 1:
        return None
    if isinstance(test.ops[0], ast.In):
        return Guard(test.left.id, test.comparators[0], statement.lineno, "inside")
    if isinstance(test.ops[0], ast.NotIn) and not statement.orelse and _leaves(statement.body[-1]):
        return Guard(test.left.id, test.comparators[0], statement.lineno, "behind")
    return None


def _leaves(last: ast.stmt) -> bool:
    """Whether a block that ends like this is never left at its end."""
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return dotted(last.value.func) in {"abort", "sys.exit", "flask.abort"}
    return isinstance(last, ast.Raise | ast.Return | ast.Continue)
