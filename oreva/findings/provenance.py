"""Where the values at a place in Python code come from, as far as a rule that looks at one function can know.

A flow rule follows data from the request to a call inside one function. Of a value that the function was handed by its
caller it knows nothing: that no path was seen then proves nothing. This module tells the two apart. It reads the syntax
tree and nothing else; code is never run.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

MAX_BYTES = 1024 * 1024
"""Of a file; a larger one is not parsed."""

_HANDLER_DECORATORS = frozenset(
    {"route", "get", "post", "put", "patch", "delete", "api_route", "websocket", "api_view", "errorhandler"}
)
_REQUEST_PARAMETERS = frozenset({"request", "req", "event", "context"})
"""Parameters through which a framework hands over the request: flow rules start there."""
_HARMLESS_TYPES = frozenset({"int", "float", "bool", "UUID", "date", "datetime"})
_OWN = frozenset({"self", "cls"})

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Provenance:
    """The syntax tree of one file, asked about places in it."""

    def __init__(self, content: bytes) -> None:
        self._tree = _parsed(content)

    def known(self, first: int, last: int) -> bool:
        """Whether every value used in these lines is made in their own function, or comes from the request.

        False if one is a parameter, an attribute of the object that is set elsewhere, or made from such; and false if
        the file cannot be parsed. Outside of functions everything is known.
        """
        if self._tree is None:
            return False
        around = _enclosing(self._tree, first)
        outside = {name for function in around for name in _parameters(function)}
        if not around:
            return True
        body: ast.AST = around[0]  # the outermost: a closure sees what surrounds it
        outside |= set(_unset_attributes(body))
        _spread(body, outside)
        used = {
            name for node in ast.walk(body) if first <= getattr(node, "lineno", 0) <= last for name in _names_of(node)
        }
        return not used & outside


def _parsed(content: bytes) -> ast.Module | None:
    if len(content) > MAX_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the code under scan, such as odd escapes
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _enclosing(tree: ast.Module, line: int) -> list[_Function]:
    """The functions around a line, outermost first."""
    found: list[_Function] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            start, end = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
            if start is None or end is None:  # such as the arguments of a function: its parts have places
                waiting.append(node)
                continue
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and start <= line <= end:
                found.append(node)
            first = min([start, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
            if first <= line <= end:
                waiting.append(node)
    return sorted(found, key=lambda node: (node.lineno, -(node.end_lineno or 0)))


def _parameters(function: _Function) -> Iterator[str]:
    """The parameters whose values only the caller knows."""
    arguments = function.args
    listed: Sequence[ast.arg] = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    more = [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None]
    names = [arg.arg for arg in listed if arg.arg not in _OWN]
    if not isinstance(function, ast.Lambda) and _is_handler(function, names):
        return
    for arg in (*listed, *more):
        harmless = isinstance(arg.annotation, ast.Name) and arg.annotation.id in _HARMLESS_TYPES
        if arg.arg not in _OWN and not harmless:
            yield arg.arg


def _is_handler(function: ast.FunctionDef | ast.AsyncFunctionDef, names: Sequence[str]) -> bool:
    """Whether a framework calls it with data of the request, which flow rules know."""
    if names and names[0] in _REQUEST_PARAMETERS:
        return True
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name in _HANDLER_DECORATORS:
            return True
    return False


def _names_of(node: ast.AST) -> Iterator[str]:
    """The name that an expression stands for: a variable, or an attribute of the object itself."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in _OWN:
        yield f"{node.value.id}.{node.attr}"


def _names_in(node: ast.AST) -> set[str]:
    return {name for inner in ast.walk(node) for name in _names_of(inner)}


def _unset_attributes(body: ast.AST) -> Iterator[str]:
    """Attributes of the object that are read here and set elsewhere; `self.request` is the request of a view."""
    stored = {
        name
        for node in ast.walk(body)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        for name in _names_of(node)
    }
    for node in ast.walk(body):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr != "request":
            yield from (name for name in _names_of(node) if name not in stored)


def _spread(body: ast.AST, outside: set[str]) -> None:
    """Add every name that is made from one in the set, wherever in the function, until nothing is added."""
    moves = [(targets, values) for node in ast.walk(body) for targets, values in _moves(node)]
    size = -1
    while size != len(outside):
        size = len(outside)
        for targets, values in moves:
            if values & outside:
                outside |= targets - _OWN


def _moves(node: ast.AST) -> Iterator[tuple[set[str], set[str]]]:
    """(names that get a value, names that the value is made of) of one statement or expression."""
    if isinstance(node, ast.Assign):
        yield {name for target in node.targets for name in _written(target)}, _names_in(node.value)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
        yield set(_written(node.target)), _names_in(node.value)
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield set(_written(node.target)), _names_in(node.iter)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield set(_written(node.optional_vars)), _names_in(node.context_expr)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        # `command.append(name)` changes the list.
        values = {name for argument in (*node.args, *node.keywords) for name in _names_in(argument)}
        yield set(_names_of(node.func.value)), values


def _written(target: ast.expr) -> Iterator[str]:
    """The names that an assignment to this target changes."""
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _written(element)
    elif isinstance(target, ast.Starred | ast.Subscript):
        yield from _written(target.value)
    else:
        names = list(_names_of(target))
        if not names and isinstance(target, ast.Attribute):
            names = list(_written(target.value))
        yield from names
