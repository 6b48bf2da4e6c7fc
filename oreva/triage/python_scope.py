"""Which values a name can have in a Python function or module: its bindings, and which of them reach a statement."""

from __future__ import annotations

import ast
import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from oreva.triage.python_guard import Guard, guard_of
from oreva.triage.python_tree import FunctionNode, ScopeNode, blocks, last_line, root_name

Position = tuple[int, int]

Nested = Literal["", "comprehension", "definition"]

MUTATORS = frozenset(
    {
        *("append", "extend", "insert", "add", "update", "setdefault", "appendleft", "extendleft", "write"),
        *("writelines", "push"),
    }
)
"""Methods that put their arguments into their receiver."""

READS = frozenset(
    {
        *("copy", "count", "decode", "encode", "endswith", "find", "format", "get", "getvalue", "index", "items"),
        *("join", "keys", "lower", "pop", "popitem", "popleft", "partition", "read", "readline", "readlines"),
        *("remove", "discard", "clear", "replace", "reverse", "rpartition", "rsplit", "rstrip", "sort", "split"),
        *("splitlines", "startswith", "strip", "lstrip", "title", "seek", "flush", "close", "upper", "values"),
        *("intersection", "difference", "union", "isdisjoint", "issubset", "hex"),
    }
)
"""Methods that put nothing into their receiver; every method in neither list may do so."""


@dataclass(frozen=True)
class Binding:
    """One place that gives a name a value, or puts something into the value it has."""

    kind: Literal["value", "part", "parameter", "opaque"]
    """`value`: an expression; `part`: one more part of what it holds; `opaque`: something this module cannot follow."""
    position: Position
    statement: ast.stmt | None
    value: ast.expr | None = None
    what: str = ""
    """For people: what an opaque binding is."""
    nested: Nested = ""
    """What inside the scope makes it, if not the scope itself: there the name may mean another variable."""


@dataclass
class Scope:
    """One function, class or module body, with everything bound in it."""

    node: ScopeNode
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    places: dict[int, tuple[list[ast.stmt], int, ast.stmt | None]] = field(default_factory=dict)
    """By `id` of a statement: its block, its index there, and the statement around it."""
    assigned: dict[tuple[int, str], list[tuple[int, Position]]] = field(default_factory=dict)
    """By `id` of a block and name: the statements of the block that certainly give the name a value, in order."""
    guards: dict[tuple[int, str], list[tuple[int, Guard]]] = field(default_factory=dict)
    """By `id` of a block and name: the checks behind which the name is in a list, in order."""
    nonlocals: set[str] = field(default_factory=set)
    """Names that a nested function can rebind at any time."""
    handed_on: set[str] = field(default_factory=set)
    """Names given to calls, containers or other names, which may change what they hold."""
    reached_into: set[str] = field(default_factory=set)
    """Names of which an element is given away: a list inside what they hold may change then."""

    def bind(self, name: str, binding: Binding) -> None:
        """Record a binding."""
        self.bindings.setdefault(name, []).append(binding)

    def reaching(self, name: str, at: ast.stmt | None) -> list[Binding]:
        """The bindings whose value `name` can have at a statement of this scope; all of them if `at` is None.

        Bindings that an unconditional later assignment replaces are left out, and so are those behind the statement
        unless a loop leads back to it. In doubt a binding is kept.
        """
        found = self.bindings.get(name, [])
        if at is None or name in self.nonlocals or id(at) not in self.places:
            return found
        earliest, in_loop = self._before(name, at)
        latest = (last_line(at) + 1, 0)
        return [
            binding
            for binding in found
            if binding.position >= earliest and (in_loop or binding.position < latest or binding.kind == "parameter")
        ]

    def _before(self, name: str, at: ast.stmt) -> tuple[Position, bool]:
        """Where the last assignment stands that `at` cannot be reached around, and whether `at` is inside a loop."""
        earliest: Position = (0, 0)
        in_loop = False
        current: ast.stmt | None = at
        while current is not None:
            in_loop = in_loop or isinstance(current, ast.For | ast.AsyncFor | ast.While)
            block, index, around = self.places[id(current)]
            if earliest == (0, 0):
                earlier = self.assigned.get((id(block), name), [])
                last = bisect.bisect_left(earlier, index, key=_index) - 1
                earliest = earlier[last][1] if last >= 0 else earliest
            current = around
        return earliest, in_loop

    def guard(self, name: str, at: ast.stmt | None, reaching: list[Binding]) -> ast.expr | None:
        """The list that `name` was checked against before `at` can run; None if there is no such check.

        A value that is bound behind the check does not count as checked.
        """
        newest = max((binding.position for binding in reaching), default=(0, 0))
        current = at
        while current is not None and id(current) in self.places:
            block, index, around = self.places[id(current)]
            for where, guard in self.guards.get((id(block), name), ()):
                if where < index and newest < (guard.line, 0):
                    return guard.allowed
            inside = guard_of(around) if isinstance(around, ast.If) and block is around.body else None
            if inside is not None and (inside.name, inside.holds) == (name, "inside") and newest < (inside.line, 0):
                return inside.allowed
            current = around
        return None


def _index(entry: tuple[int, Position]) -> int:
    return entry[0]


def _leaves(target: ast.expr) -> Iterator[ast.expr]:
    """The single targets of an assignment, tuples and lists taken apart."""
    pending = [target]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Tuple | ast.List):
            pending += node.elts
        elif isinstance(node, ast.Starred):
            pending.append(node.value)
        else:
            yield node


def build(node: ScopeNode, module: ast.Module | None = None) -> Scope:
    """Collect the bindings of a scope.

    A function's scope includes what functions inside it bind, marked as nested. With `module`, the whole tree, names
    that its functions declare `global` are added as opaque.
    """
    scope = Scope(node)
    if isinstance(node, FunctionNode):
        _parameters(scope, node.args)
    pending: list[tuple[ast.AST, ast.stmt | None]] = []
    _enter(scope, node, None, pending)
    while pending:
        current, statement = pending.pop()
        _record(scope, current, statement)
        if isinstance(current, FunctionNode | ast.Lambda | ast.ClassDef):
            if isinstance(node, FunctionNode):
                _record_inside(scope, current)
            elif isinstance(current, ast.Lambda):
                _record_changes(scope, current)
            continue
        if isinstance(current, ast.stmt):
            _enter(scope, current, current, pending)
        pending += [
            (child, statement)
            for child in ast.iter_child_nodes(current)
            if not isinstance(child, ast.stmt | ast.excepthandler | ast.match_case)
        ]
    for inside in ast.walk(module) if module is not None else ():
        if isinstance(inside, ast.Global):
            for name in inside.names:
                scope.bind(name, Binding("opaque", (inside.lineno, 0), None, what="a function that rebinds it"))
    return scope


def _enter(
    scope: Scope, owner: ast.AST, around: ast.stmt | None, pending: list[tuple[ast.AST, ast.stmt | None]]
) -> None:
    """Note where each statement in the blocks of `owner` stands, and queue them."""
    for clause, block in blocks(owner):
        for index, statement in enumerate(block):
            scope.places[id(statement)] = (block, index, around)
            _note(scope, block, index, statement)
            pending.append((statement, statement))
        if isinstance(clause, ast.match_case):
            pending.append((clause.pattern, around))
            if clause.guard is not None:
                pending.append((clause.guard, around))
        elif clause is not owner:
            _record(scope, clause, around)


def _note(scope: Scope, block: list[ast.stmt], index: int, statement: ast.stmt) -> None:
    """Remember what a statement means for those behind it in its block."""
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        for target, _ in _targets(statement):
            for part in _leaves(target):
                if isinstance(part, ast.Name):
                    position = (statement.lineno, statement.col_offset)
                    scope.assigned.setdefault((id(block), part.id), []).append((index, position))
    guard = guard_of(statement)
    if guard is not None and guard.holds == "behind":
        scope.guards.setdefault((id(block), guard.name), []).append((index, guard))


def _record_inside(scope: Scope, inner: ast.AST) -> None:
    """Bind what a nested function, lambda or class binds: it may run at any time, so no statement orders it."""
    for node in ast.walk(inner):
        if isinstance(node, FunctionNode | ast.Lambda):
            _parameters(scope, node.args, nested="definition")
        if node is not inner:
            _record(scope, node, None, nested="definition")


def _record_changes(scope: Scope, inner: ast.Lambda) -> None:
    """Note what a function without a name, which may run at any time, does to the values of names around it."""
    there = Scope(scope.node)
    _record_inside(there, inner)
    changed = {name for name, found in there.bindings.items() if any(binding.kind == "part" for binding in found)}
    scope.handed_on |= there.handed_on | changed
    scope.reached_into |= there.reached_into


def _parameters(scope: Scope, args: ast.arguments, *, nested: Nested = "") -> None:
    extra = [arg for arg in (args.vararg, args.kwarg) if arg is not None]
    for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs, *extra]:
        scope.bind(arg.arg, Binding("parameter", (arg.lineno, arg.col_offset), None, what=arg.arg, nested=nested))


def _record(scope: Scope, node: ast.AST, statement: ast.stmt | None, *, nested: Nested = "") -> None:
    """Bind the names that one node binds by itself."""
    kind: Literal["value", "part"] = "part" if isinstance(node, ast.AugAssign) else "value"
    if isinstance(node, ast.comprehension):
        nested = nested or "comprehension"
    _record_given_away(scope, node)
    for target, value in _targets(node):
        for name, position, what_kind in _bound_names(target, kind):
            scope.bind(name, Binding(what_kind, position, statement, value, nested=nested))
    for name, what in _opaque_names(node):
        scope.bind(name, Binding("opaque", _position(node), statement, what=what, nested=nested))
    if isinstance(node, ast.Call):
        _record_call(scope, node, statement)
    elif isinstance(node, ast.Global | ast.Nonlocal):
        scope.nonlocals |= set(node.names)


def _bound_names(
    target: ast.expr, kind: Literal["value", "part"]
) -> Iterator[tuple[str, Position, Literal["value", "part"]]]:
    """The names that an assignment changes, where, and whether the name or only what it holds gets the value."""
    for part in _leaves(target):
        if isinstance(part, ast.Name):
            yield part.id, _position(part), kind
        elif isinstance(part, ast.Subscript | ast.Attribute):
            root = root_name(part)
            if root is not None:
                yield root.id, _position(part), "part"


def _position(node: ast.AST) -> Position:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _targets(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What a node assigns to, with the value; for a loop, the value is what it runs over."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.target, node.iter
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is not None:
                yield item.optional_vars, item.context_expr


def _opaque_names(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that a node binds to what cannot be followed, with a word for people."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0], "an imported name"
    elif isinstance(node, FunctionNode | ast.ClassDef):
        yield node.name, "a definition"
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield from ((name, "a name of an outer scope") for name in node.names)
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name, "a caught exception" if isinstance(node, ast.ExceptHandler) else "a matched part"
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest, "a matched part"


def _record_call(scope: Scope, node: ast.Call, statement: ast.stmt | None) -> None:
    """`names.append(x)` and `names["k"].append(x)` put x into `names`."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr in READS:
        return
    root = root_name(node.func.value)
    if root is None:
        return
    if node.func.attr not in MUTATORS:
        scope.handed_on.add(root.id)
        return
    for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
        scope.bind(root.id, Binding("part", (node.lineno, node.col_offset), statement, argument))


def _record_given_away(scope: Scope, node: ast.AST) -> None:
    """Note the names that this node gives to something that may change what they hold, wholly or an element of it.

    Whatever is not known to leave a value alone counts as giving it away.
    """
    if isinstance(node, _LEAVES_ALONE):
        return
    function = node.func if isinstance(node, ast.Call) else None
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if isinstance(node, ast.Assign) and len(node.targets) > 1:
        scope.handed_on |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    for child in ast.iter_child_nodes(node):
        value = child.value if isinstance(child, ast.keyword | ast.Starred) else child
        if value is function or not isinstance(value, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            continue
        whole = isinstance(value, ast.Name) and isinstance(value.ctx, ast.Load) and not isinstance(child, ast.Starred)
        written_to = isinstance(child, ast.keyword) and child.arg in {"file", "out"}
        if isinstance(value, ast.Attribute) and not isinstance(node, ast.Attribute | ast.Subscript):
            scope.handed_on |= _names(value)
        elif not whole or isinstance(node, _GIVES_ELEMENTS):
            scope.reached_into |= _names(value)
        elif called not in LEAVES_ALONE or written_to:
            scope.handed_on |= _names(value)
        elif called in GIVES_ELEMENTS:
            scope.reached_into |= _names(value)


def _names(node: ast.expr) -> set[str]:
    """The name at the left end of an expression, as a set."""
    root = root_name(node)
    return set() if root is None else {root.id}


_LEAVES_ALONE = (
    ast.Name,
    ast.Compare,
    ast.FormattedValue,
    ast.JoinedStr,
    ast.UnaryOp,
    ast.If,
    ast.While,
    ast.Assert,
    ast.Delete,
    ast.Expr,
    ast.Module,
    ast.keyword,
    *FunctionNode.__args__,
    ast.ClassDef,
    ast.Starred,
)
"""Nodes that only look at the names in them, or whose parts are looked at where they stand."""

_GIVES_ELEMENTS = (ast.Attribute, ast.Subscript, ast.BinOp, ast.For, ast.AsyncFor, ast.comprehension)
"""Nodes through which elements of what a name holds become reachable."""

GIVES_ELEMENTS = frozenset(
    {"sorted", "list", "tuple", "set", "dict", "enumerate", "zip", "min", "max", "iter", "reversed", "map", "filter"}
)
"""Calls that do not change what their arguments hold, and whose result is made of its elements."""

LEAVES_ALONE = GIVES_ELEMENTS | {
    *("len", "print", "str", "repr", "join", "isinstance", "any", "all", "sum", "format", "range", "bool", "type"),
    *("debug", "info", "warning", "error", "exception", "quote", "int", "float"),
    *("run", "call", "check_call", "check_output", "Popen", "execute", "executemany", "system", "popen"),
}
"""Calls that do not change what their arguments hold."""
