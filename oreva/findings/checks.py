"""Conditions in Python code: which are decided by constants, and which look at a value before it is used."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from oreva.findings import value_names as names

if TYPE_CHECKING:
    from oreva.findings.scopes import Scopes

_ARITHMETIC: dict[type[ast.AST], Callable[[int, int], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.AST], Callable[[object, object], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,  # type: ignore[dict-item]
    ast.LtE: operator.le,  # type: ignore[dict-item]
    ast.Gt: operator.gt,  # type: ignore[dict-item]
    ast.GtE: operator.ge,  # type: ignore[dict-item]
}
_LARGEST = 10**6
"""Numbers above this are not worked out."""


def truth(scopes: Scopes, test: ast.expr) -> bool | None:
    """What a condition over constants, and names that stand for one, always is; None if that is open."""
    try:
        return bool(_value(test, scopes.constants(scopes.scope(test))))
    except (_OpenError, ArithmeticError, TypeError):
        return None


class _OpenError(Exception):
    """The value is not decided by constants."""


def _value(node: ast.expr, constants: dict[str, object]) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in constants:
            return constants[name]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, constants)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand, constants)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _ARITHMETIC[type(op)](_number(left, constants), _number(right, constants))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            return _COMPARISONS[type(op)](_value(left, constants), _value(right, constants))
    raise _OpenError


def _number(node: ast.expr, constants: dict[str, object]) -> int:
    value = _value(node, constants)
    if not isinstance(value, int) or abs(value) > _LARGEST:
        raise _OpenError
    return value


def checked(scopes: Scopes, node: ast.AST) -> bool:
    """Whether a condition has looked at this very value before it is used here, and lets only some values pass."""
    if not isinstance(node, ast.expr):
        return False
    text = ast.unparse(node)
    return any(
        _guards(scopes, condition, node) for condition in _conditions(scopes, node) if _looks_at(condition, text)
    )


_Condition = ast.If | ast.IfExp | ast.While | ast.Assert | ast.comprehension | ast.Match


def _conditions(scopes: Scopes, node: ast.AST) -> Iterator[_Condition]:
    for other in ast.walk(scopes.scope(node)):
        if isinstance(other, ast.If | ast.IfExp | ast.While | ast.Assert | ast.comprehension | ast.Match):
            yield other


def _tests(condition: _Condition) -> list[ast.expr]:
    if isinstance(condition, ast.comprehension):
        return condition.ifs
    return [condition.subject if isinstance(condition, ast.Match) else condition.test]


def _looks_at(condition: _Condition, text: str) -> bool:
    """Whether it asks more of the value than that it is there."""
    for test in _tests(condition):
        for node in ast.walk(test):
            if isinstance(node, ast.expr) and ast.unparse(node) == text:
                return isinstance(condition, ast.Match) or any(_asks(part, text) for part in ast.walk(test))
    return False


def _asks(node: ast.AST, text: str) -> bool:
    """Whether a comparison or call asks what the value is: not whether it is empty, None or long."""
    if isinstance(node, ast.Compare):
        sides = [side for side in (node.left, *node.comparators) if not _measures(side)]
        about = any(text in ast.unparse(side) for side in sides)
        empty = any(isinstance(side, ast.Constant) and not side.value for side in sides)
        within_text = any(
            isinstance(op, ast.In | ast.NotIn) and isinstance(side, ast.Constant | ast.JoinedStr)
            for op, side in zip(node.ops, node.comparators, strict=True)
        )
        return (
            about and not empty and not within_text and not any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops)
        )
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        return called not in ("len", "bool", "isinstance") and text in ast.unparse(node)
    return False


def _measures(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "len"


def _guards(scopes: Scopes, condition: _Condition, node: ast.AST) -> bool:
    """Whether the condition stands between the values it refuses and the use."""
    place = [node, *scopes.around(node)]
    if isinstance(condition, ast.comprehension):
        return any(condition in getattr(above, "generators", ()) for above in place)
    if isinstance(condition, ast.Match):
        return any(
            case in place and not (isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None)
            for case in condition.cases
        )
    line = getattr(node, "lineno", 0)
    if isinstance(condition, ast.Assert):
        return condition.lineno < line
    negative = any(isinstance(part, ast.NotIn | ast.NotEq | ast.Not) for part in ast.walk(condition.test))
    body = condition.body if isinstance(condition.body, list) else [condition.body]
    orelse = condition.orelse if isinstance(condition.orelse, list) else [condition.orelse]
    if any(part in place for part in body):
        return not negative
    if any(part in place for part in orelse):
        return negative
    after = (condition.end_lineno or condition.lineno) < line
    return after and isinstance(condition, ast.If) and _turns_away(condition.body, ast.unparse(node))


def _turns_away(body: list[ast.stmt], text: str) -> bool:
    """Whether a block ends the function, the loop or the program, or gives the value another."""
    last = body[-1]
    if isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break):
        return True
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return ast.unparse(last.value.func) in names.STOPS
    return any(isinstance(part, ast.Assign) and text in map(ast.unparse, part.targets) for part in body)
