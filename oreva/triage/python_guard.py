"""Checks before use in Python code: a name that was compared with a fixed list first."""

from __future__ import annotations

import ast

from oreva.triage.python_scope import Binding, Scope
from oreva.triage.python_tree import dotted


def allow_list(name: str, scope: Scope, at: ast.stmt | None, reaching: list[Binding]) -> ast.expr | None:
    """The list that `name` was checked against before `at` can run; None if there is no such check.

    Two shapes count: `if name not in LIST: raise/return ...` before it, and `if name in LIST:` around it. A value that
    is bound behind the check does not count as checked.
    """
    current = at
    while current is not None and id(current) in scope.places:
        block, index, around = scope.places[id(current)]
        candidates: list[tuple[ast.stmt, type[ast.cmpop]]] = [(s, ast.NotIn) for s in block[:index] if _leaves(s)]
        if isinstance(around, ast.If) and block is around.body:
            candidates.append((around, ast.In))
        for statement, wanted in candidates:
            allowed = _membership(statement, name, wanted)
            if allowed is not None and all(b.position < (statement.lineno, 0) for b in reaching):
                return allowed
        current = around
    return None


def _leaves(statement: ast.stmt) -> bool:
    """Whether this is an `if` whose body always leaves the block."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    last = statement.body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return dotted(last.value.func) in {"abort", "sys.exit", "flask.abort"}
    return isinstance(last, ast.Raise | ast.Return | ast.Continue)


def _membership(statement: ast.stmt, name: str, operator: type[ast.cmpop]) -> ast.expr | None:
    test = statement.test if isinstance(statement, ast.If) else None
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], operator):
        return None
    return test.comparators[0] if isinstance(test.left, ast.Name) and test.left.id == name else None
