"""What a Python expression is by its form alone: which parts make its value, whether it can change, what it yields."""

from __future__ import annotations

import ast
from collections.abc import Callable

from oreva.triage.python_tree import dotted


def text_of(node: ast.expr) -> str:
    """The text of a constant; empty for another node."""
    return str(node.value) if isinstance(node, ast.Constant) else ""


def is_constant_text(node: ast.expr) -> bool:
    """Whether a node is a text or bytes written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def makes_character(node: ast.expr) -> bool:
    """Whether a number becomes the character of that number: `f"{x:c}"`, `"%c" % x`."""
    if isinstance(node, ast.FormattedValue):
        spec = node.format_spec
        return spec is not None and any(
            text_of(part).endswith("c") for part in ast.walk(spec) if isinstance(part, ast.expr)
        )
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and "%c" in text_of(node.left)


def is_repeatable(node: ast.BinOp) -> bool:
    """Whether one side of a product is a constant text or list, so that a number on the other repeats it."""
    return any(
        (isinstance(side, ast.Constant) and isinstance(side.value, str))
        or (isinstance(side, ast.List) and all(isinstance(item, ast.Constant) for item in side.elts))
        for side in (node.left, node.right)
    )


def is_harmless(node: ast.expr) -> bool:
    """Whether an expression yields a constant or a truth value."""
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return isinstance(node, ast.Constant | ast.Compare)


_MAKES_MUTABLE = frozenset(
    {
        *("list", "dict", "set", "bytearray", "StringIO", "BytesIO", "deque", "defaultdict", "OrderedDict", "Counter"),
        *("copy", "deepcopy", "split", "splitlines", "sorted", "chain"),
    }
)
_MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
COLLECTIONS = (*_MUTABLE, ast.Tuple)
"""Nodes whose values are compared element by element by `in`."""


def is_mutable(node: ast.expr) -> bool:
    """Whether a value can be changed without giving the name that holds it another one."""
    pending: list[ast.expr] = [node]
    while pending:
        part = pending.pop()
        if _makes_mutable(part):
            return True
        if isinstance(part, ast.Subscript):
            pending += [inner for inner in ast.iter_child_nodes(part.value) if isinstance(inner, ast.expr)]
        elif not isinstance(part, ast.JoinedStr | ast.FormattedValue):
            pending += parts_of(part) or ()
    return False


def holds_mutable(node: ast.expr) -> bool:
    """Whether an element of a value can be changed."""
    return any(_makes_mutable(part) for part in ast.walk(node) if part is not node)


def _makes_mutable(node: ast.AST) -> bool:
    return isinstance(node, _MUTABLE) or (
        isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _MAKES_MUTABLE
    )


_PARTS: dict[type[ast.expr], Callable[[ast.expr], list[ast.expr | None]]] = {
    ast.JoinedStr: lambda node: list(node.values),  # type: ignore[attr-defined]
    ast.FormattedValue: lambda node: [node.value, node.format_spec],  # type: ignore[attr-defined]
    ast.BinOp: lambda node: [node.left, node.right],  # type: ignore[attr-defined]
    ast.UnaryOp: lambda node: [node.operand],  # type: ignore[attr-defined]
    ast.BoolOp: lambda node: list(node.values),  # type: ignore[attr-defined]
    ast.IfExp: lambda node: [node.body, node.orelse],  # type: ignore[attr-defined]
    ast.Tuple: lambda node: list(node.elts),  # type: ignore[attr-defined]
    ast.List: lambda node: list(node.elts),  # type: ignore[attr-defined]
    ast.Set: lambda node: list(node.elts),  # type: ignore[attr-defined]
    ast.Dict: lambda node: [*node.keys, *node.values],  # type: ignore[attr-defined]
    ast.Starred: lambda node: [node.value],  # type: ignore[attr-defined]
    ast.Await: lambda node: [node.value],  # type: ignore[attr-defined]
    ast.NamedExpr: lambda node: [node.value],  # type: ignore[attr-defined]
    ast.Subscript: lambda node: [node.value],  # type: ignore[attr-defined]
    ast.ListComp: lambda node: [node.elt],  # type: ignore[attr-defined]
    ast.SetComp: lambda node: [node.elt],  # type: ignore[attr-defined]
    ast.GeneratorExp: lambda node: [node.elt],  # type: ignore[attr-defined]
    ast.DictComp: lambda node: [node.key, node.value],  # type: ignore[attr-defined]
}


def parts_of(node: ast.expr) -> list[ast.expr] | None:
    """The expressions whose values a node's value is made of; None for nodes that cannot be followed."""
    take = _PARTS.get(type(node))
    return None if take is None else [part for part in take(node) if part is not None]
