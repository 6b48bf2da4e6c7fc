"""Code that can never run: conditions that never hold, statements behind a `return` (Python)."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

from oreva.triage.python_tree import Step, dotted

_COMPARISONS: dict[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.eq,
    ast.IsNot: operator.ne,
}
_ORDERINGS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def truth(test: ast.expr, false_names: frozenset[str] = frozenset()) -> bool | None:
    """Whether a condition always holds (True), never holds (False), or depends on something (None).

    `false_names` are the dotted names known to be false at run time, such as `typing.TYPE_CHECKING`.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = truth(test.operand, false_names)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        parts = [truth(part, false_names) for part in test.values]
        decisive = isinstance(test.op, ast.Or)
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compare(test.left, test.ops[0], test.comparators[0])
    if isinstance(test, ast.Constant):
        return bool(test.value)
    return False if dotted(test) in false_names else None


def false_names(module: ast.Module) -> frozenset[str]:
    """The dotted names by which a module knows `typing.TYPE_CHECKING`, unless it gives them another value."""
    names: set[str] = set()
    for statement in module.body:
        if isinstance(statement, ast.ImportFrom) and statement.module in {"typing", "typing_extensions"}:
            names |= {alias.asname or alias.name for alias in statement.names if alias.name == "TYPE_CHECKING"}
        elif isinstance(statement, ast.Import):
            names |= {
                f"{alias.asname or alias.name}.TYPE_CHECKING" for alias in statement.names if alias.name == "typing"
            }
    return frozenset(names - _bound_somewhere(module)) if names else frozenset()


def _bound_somewhere(module: ast.Module) -> set[str]:
    """The dotted names that anything but an import of the module gives a value, anywhere in it."""
    bound: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            bound.add(dotted(node))
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    return bound


def _compare(left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool | None:
    if not (isinstance(left, ast.Constant) and isinstance(right, ast.Constant)):
        return None
    if type(op) in _COMPARISONS:
        return bool(_COMPARISONS[type(op)](left.value, right.value))
    a, b = left.value, right.value
    if type(op) in _ORDERINGS and isinstance(a, int | float) and isinstance(b, int | float):
        return _ORDERINGS[type(op)](a, b)
    return None


_LEAVES = ast.Return | ast.Raise | ast.Continue | ast.Break


def first_leaving(block: list[ast.stmt]) -> int:
    """The index of the first statement of a block that always leaves it; the length of the block if none does."""
    return next((index for index, statement in enumerate(block) if isinstance(statement, _LEAVES)), len(block))


def why_dead(
    steps: list[Step],
    false_names: frozenset[str] = frozenset(),
    leaving: Callable[[list[ast.stmt]], int] = first_leaving,
) -> tuple[str, ast.stmt] | None:
    """Why the statement at the end of these steps can never run, and the statement that proves it; None if it can.

    `leaving` answers as `first_leaving` does and may remember its answers.
    """
    for step in steps:
        reason = _never_entered(step, false_names)
        if reason:
            return reason
        before = leaving(step.block)
        if before < step.index:
            statement = step.block[before]
            word = type(statement).__name__.lower()
            return f"it stands behind the `{word}` on line {statement.lineno} in the same block", statement
    return None


def _never_entered(step: Step, false_names: frozenset[str]) -> tuple[str, ast.stmt] | None:
    owner = step.owner
    if not isinstance(owner, ast.If | ast.While):
        return None
    holds = truth(owner.test, false_names)
    if step.block is owner.body and holds is False:
        return f"the condition on line {owner.lineno} never holds at run time", owner
    if step.block is owner.orelse and holds is True and isinstance(owner, ast.If):
        return f"it is the other branch of a condition that always holds (line {owner.lineno})", owner
    return None
