"""What a Python expression is made of: constants, cleaned values, input from outside, or what cannot be told.

A def-use analysis inside one file that runs nothing: names are followed to everything that can be bound to them in the
enclosing functions and the module. It is meant to be wrong in one direction only: what it cannot follow is unknown, so
that "only constants" and "only cleaned values" are claims that hold as far as the file shows.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from oreva.models import Evidence
from oreva.triage import python_scope, vocabulary
from oreva.triage.families import Family
from oreva.triage.python_dead import false_names, first_leaving
from oreva.triage.python_locate import StatementIndex
from oreva.triage.python_scope import Binding, Scope
from oreva.triage.python_sources import (
    IMPORT_LINE,
    INPUT,
    NUMBER_TYPES,
    Kind,
    imported,
    is_lambda_event,
    is_numeric,
    is_route,
    is_sanitiser,
    own_parameters,
    source_attribute,
    source_call,
)
from oreva.triage.python_tree import FunctionNode, ScopeNode, dotted, quote, root_name, steps_to

STEP_BUDGET = 4_000
"""Nodes that one question may visit; code that needs more is unknown."""

FILE_BUDGET = 100_000
"""Visits of one file that ended in that way after which further questions get a twentieth of the budget."""


class Ingredient(NamedTuple):
    """One part of a value that is no constant."""

    kind: Kind
    what: str
    """For people: what it is."""
    evidence: Evidence | None


Ingredients = frozenset[Ingredient]
NOTHING: Ingredients = frozenset()


class _TooDeepError(Exception):
    """The question visits more nodes than the budget allows."""


class PythonFlow:
    """Answers questions about the values in one file. Scopes are built when they are first needed."""

    def __init__(self, module: ast.Module, path: str, lines: list[str]) -> None:
        self.module = module
        self.path = path
        self.lines = lines
        self.false_names = false_names(module)
        self._scopes: dict[int, Scope] = {}
        self._indexes: dict[int, StatementIndex] = {}
        self._leaving: dict[int, int] = {}
        self._spent = 0

    @cached_property
    def imports(self) -> dict[str, str]:
        """By local name, the full dotted name that imports anywhere in the file give it; `?.name` if they disagree."""
        found: dict[str, str] = {}
        for number, line in enumerate(self.lines, start=1):
            if not IMPORT_LINE.match(line):
                continue
            steps = steps_to(self.module, number)
            for local, full in imported(steps[-1].statement) if steps else ():
                found[local] = full if found.get(local, full) == full else f"?.{local}"
        return found

    def full_name(self, node: ast.AST) -> str:
        """The dotted name of an expression with its first part resolved through the imports; empty if it has none."""
        name = dotted(node)
        first, dot, rest = name.partition(".")
        return self.imports.get(first, first) + dot + rest

    def scope(self, node: ScopeNode) -> Scope:
        """The bindings of a module, function or class."""
        if id(node) not in self._scopes:
            declares = isinstance(node, ast.Module) and any("global" in line for line in self.lines)
            whole = self.module if declares else None
            self._scopes[id(node)] = python_scope.build(node, whole)
        return self._scopes[id(node)]

    def leaving(self, block: list[ast.stmt]) -> int:
        """As `first_leaving`, remembered."""
        if id(block) not in self._leaving:
            self._leaving[id(block)] = first_leaving(block)
        return self._leaving[id(block)]

    @cached_property
    def rebinds_globals(self) -> bool:
        """Whether the file reaches for its own namespace, so that its names can change without a trace."""
        return any("globals()" in line or "sys.modules[" in line or "vars()" in line for line in self.lines)

    def index(self, statement: ast.stmt) -> StatementIndex:
        """The nodes of a statement."""
        if id(statement) not in self._indexes:
            self._indexes[id(statement)] = StatementIndex(statement)
        return self._indexes[id(statement)]

    @cached_property
    def _touched(self) -> frozenset[str]:
        """Names whose content any function of the file may change: module-level lists are not constant then."""
        names: set[str] = set()
        for node in ast.walk(self.module):
            if isinstance(node, FunctionNode):
                scope = self.scope(node)
                names |= scope.handed_on
                names |= {name for name, found in scope.bindings.items() if any(b.kind == "part" for b in found)}
        return frozenset(names)

    def touched(self, name: str) -> bool:
        """Whether some function of the file may change the content of what a module-level name holds."""
        return name in self._touched

    def ingredients(
        self, expression: ast.expr, nodes: Sequence[ScopeNode], at: ast.stmt | None, family: Family
    ) -> Ingredients:
        """What an expression is made of, apart from constants.

        Args:
            expression: the expression.
            nodes: module, functions and classes around it, outermost first.
            at: the statement it stands in, None if it runs at another time than its statement (in a lambda).
            family: which cleaning functions count.

        Returns:
            One ingredient per source of data; empty means that the value is constant.
        """
        question = _Question(self, family, STEP_BUDGET if self._spent < FILE_BUDGET else STEP_BUDGET // 20)
        try:
            return question.of(expression, tuple(nodes), at)
        except (_TooDeepError, RecursionError):
            self._spent += question.steps
            return frozenset({Ingredient(Kind.UNKNOWN, "an expression too large to follow", None)})

    def evidence(self, node: ast.expr | ast.stmt) -> Evidence | None:
        """The node as a quote."""
        return quote(self.path, self.lines, node)


class _Question:
    """One walk from an expression back to everything it is made of."""

    def __init__(self, flow: PythonFlow, family: Family, budget: int) -> None:
        self.flow = flow
        self.family = family
        self.budget = budget
        self.steps = 0
        self.open: set[tuple[int, int]] = set()

    def of(self, node: ast.expr, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        """The ingredients of an expression; a value that is made from itself adds nothing the second time."""
        self.steps += 1
        if self.steps > self.budget:
            raise _TooDeepError
        key = (id(node), id(at))
        if key in self.open:
            return NOTHING
        self.open.add(key)
        try:
            return self._dispatch(node, nodes, at)
        finally:
            self.open.discard(key)

    def _dispatch(self, node: ast.expr, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        if isinstance(node, ast.Name):
            found = self._name(node, nodes, at, outermost=len(nodes))
            return self._unknown(node, f"`{node.id}`, which this file does not define") if found is None else found
        if isinstance(node, ast.Call):
            return self._call(node, nodes, at)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, nodes, at)
        if _is_harmless(node):
            return NOTHING
        parts = _parts(node)
        if parts is None:
            return self._unknown(node, "a value that cannot be followed")
        return self._union(parts, nodes, at)

    def _union(self, parts: Sequence[ast.expr], nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        return frozenset().union(*(self.of(part, nodes, at) for part in parts))

    def _one(self, kind: Kind, what: str, node: ast.expr | ast.stmt) -> Ingredients:
        return frozenset({Ingredient(kind, what, self.flow.evidence(node))})

    def _unknown(self, node: ast.expr, what: str) -> Ingredients:
        return self._one(Kind.UNKNOWN, what, node)

    def _name(
        self, node: ast.Name, nodes: tuple[ScopeNode, ...], at: ast.stmt | None, outermost: int
    ) -> Ingredients | None:
        """What a name holds, looked for in the innermost `outermost` scopes first; None if nothing binds it."""
        if node.id in vocabulary.FIXED:
            return NOTHING
        for depth in range(outermost - 1, -1, -1):
            holder = nodes[depth]
            if isinstance(holder, ast.ClassDef) and depth != len(nodes) - 1:
                continue
            scope = self.flow.scope(holder)
            bindings = scope.bindings.get(node.id, [])
            if bindings:
                here = at if depth == len(nodes) - 1 else None
                found = self._bound(node, scope, nodes[: depth + 1], here)
                if not all(binding.nested for binding in bindings):
                    return found
                outer = self._name(node, nodes, None, depth)
                if outer is None and any(binding.nested == "definition" for binding in bindings):
                    outer = self._unknown(node, f"`{node.id}`, which is not defined here")
                return found | (outer or NOTHING)
        return None

    def _bound(self, node: ast.Name, scope: Scope, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        name = node.id
        self.steps += len(scope.bindings[name]) // 16
        reaching = scope.reaching(name, at)
        guard = scope.guard(name, at, reaching)
        if guard is not None and not self.of(guard, nodes, at):
            return self._one(Kind.CLEANED, f"`{name}` is compared with a fixed list first", guard)
        found: set[Ingredient] = set()
        for binding in reaching:
            found |= self._binding(node, binding, scope, nodes)
        holds_more = any(binding.value is not None and _is_mutable(binding.value) for binding in reaching)
        elsewhere = isinstance(scope.node, ast.Module) and self.flow.touched(name) if holds_more else False
        if holds_more and (name in scope.handed_on or elsewhere):
            found |= self._unknown(node, f"`{name}`, which other code may change")
        if isinstance(scope.node, ast.Module) and self.flow.rebinds_globals:
            found |= self._unknown(node, f"`{name}`, in a file that sets names through `globals()`")
        if not reaching:
            found |= self._unknown(node, f"`{name}`, which has no value here that can be followed")
        return frozenset(found)

    def _binding(self, node: ast.Name, binding: Binding, scope: Scope, nodes: tuple[ScopeNode, ...]) -> Ingredients:
        name = node.id
        if binding.value is not None:
            return self.of(binding.value, nodes, binding.statement)
        if binding.kind == "parameter":
            return self._parameter(name, binding, scope)
        full = self.flow.imports.get(name, "")
        if full in vocabulary.FIXED:
            return NOTHING
        kind = source_attribute(full) if full else None
        if kind is not None:
            return self._one(kind, f"`{name}`", node)
        what = f"`{name}`, {binding.what}" if binding.what else f"`{name}`"
        return self._one(Kind.UNKNOWN, what, binding.statement or node)

    def _parameter(self, name: str, binding: Binding, scope: Scope) -> Ingredients:
        function = scope.node
        if not isinstance(function, FunctionNode):
            return frozenset({Ingredient(Kind.UNKNOWN, f"`{name}`, a parameter", None)})
        evidence = self.flow.evidence(function)
        if binding.position in own_parameters(function):
            argument = own_parameters(function)[binding.position]
            number = isinstance(argument.annotation, ast.Name) and argument.annotation.id in NUMBER_TYPES
            if number and is_route(function):
                return frozenset({Ingredient(Kind.NUMBER, f"`{name}`, which the route turns into a number", evidence)})
            if is_route(function) or is_lambda_event(function, name):
                what = f"`{name}`, which the request handler `{function.name}` is given"
                return frozenset({Ingredient(Kind.REQUEST, what, evidence)})
        what = f"`{name}`, a parameter of `{function.name}` whose callers were not looked at"
        return frozenset({Ingredient(Kind.PARAMETER, what, evidence)})

    def _attribute(self, node: ast.Attribute, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        name = self.flow.full_name(node)
        if name in vocabulary.FIXED:
            return NOTHING
        kind = source_attribute(name)
        if kind is not None and not self._is_local_value(node, nodes):
            return self._one(kind, f"`{dotted(node)}`", node)
        inside = self._inputs_of_root(node, nodes, at)
        return inside or self._unknown(node, f"`{dotted(node).lstrip('.') or 'an attribute'}`")

    def _inputs_of_root(self, node: ast.expr, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        """Input that the object at the left end of an expression holds: then so does what is taken from it."""
        root = root_name(node)
        if root is None and isinstance(node, ast.Attribute):
            return self.of(node.value, nodes, at)
        if root is None or isinstance(node, ast.Name):
            return NOTHING
        inner = node.value if isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Name) else root
        return frozenset(part for part in self.of(inner, nodes, at) if part.kind in INPUT)

    def _is_local_value(self, node: ast.expr, nodes: tuple[ScopeNode, ...]) -> bool:
        """Whether the name at the left is given a value in this file, so that its name says nothing."""
        root = root_name(node)
        if root is None or root.id in self.flow.imports:
            return False
        for holder in reversed(nodes):
            found = self.flow.scope(holder).bindings.get(root.id, [])
            if found:
                return any(binding.kind == "value" for binding in found)
        return False

    def _call(self, node: ast.Call, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        name = self.flow.full_name(node.func)
        last = name.rpartition(".")[2]
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        source = source_call(name, len(node.args))
        if source is None and isinstance(node.func, ast.Attribute):
            source = source_attribute(name) if not self._is_local_value(node.func, nodes) else None
        if source is not None:
            return self._one(source, f"`{name or last}(...)`", node)
        given = self._union(arguments, nodes, at)
        receiver = self._receiver(node, nodes, at)
        known = not self._is_redefined(node.func, nodes)
        if known and is_sanitiser(name, self.family):
            kind = Kind.NUMBER if is_numeric(name) else Kind.CLEANED
            return self._one(kind, f"`{last}(...)`", node) if given | receiver else NOTHING
        if known and last in vocabulary.PASSES_ON and self._is_well_known(node.func, name):
            return given | receiver
        if vocabulary.CHECKS.search(last):
            return self._unknown(node, f"the result of `{last}(...)`")
        carried = frozenset(part for part in given | receiver if part.kind in INPUT)
        return carried | self._unknown(node, f"the result of `{last or 'a call'}(...)`")

    def _receiver(self, node: ast.Call, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        """What a method's object is made of; a module or class that is called through holds no data."""
        if not isinstance(node.func, ast.Attribute):
            return NOTHING
        if self._is_imported(node.func):
            return NOTHING
        return self.of(node.func.value, nodes, at)

    def _is_redefined(self, function: ast.expr, nodes: tuple[ScopeNode, ...]) -> bool:
        """Whether the file itself gives a function's name, or that of its module, a meaning other than an import."""
        root = function if isinstance(function, ast.Name) else root_name(function)
        if root is None or (root is not function and root.id not in self.flow.imports):
            return False
        found = [b for holder in nodes for b in self.flow.scope(holder).bindings.get(root.id, ())]
        return any(binding.what != "an imported name" for binding in found)

    def _is_well_known(self, function: ast.expr, name: str) -> bool:
        """Whether this is a built-in function, one of the standard library, or a method of some value."""
        return not self._is_imported(function) or name.rpartition(".")[0] in vocabulary.PURE_MODULES

    def _is_imported(self, function: ast.expr) -> bool:
        """Whether a function is reached from an import by names alone."""
        first, _, _ = dotted(function).partition(".")
        return first in self.flow.imports


def _is_harmless(node: ast.expr) -> bool:
    """Whether an expression yields a constant, a truth value, or a constant text some number of times."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return any(
            (isinstance(side, ast.Constant) and isinstance(side.value, str))
            or (isinstance(side, ast.List) and all(isinstance(item, ast.Constant) for item in side.elts))
            for side in (node.left, node.right)
        )
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return isinstance(node, ast.Constant | ast.Compare)


def _is_mutable(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return dotted(node.func) in {"list", "dict", "set", "bytearray", "StringIO", "BytesIO", "io.StringIO"}
    return isinstance(node, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)


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


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """The expressions whose values a node's value is made of; None for nodes that cannot be followed."""
    take = _PARTS.get(type(node))
    return None if take is None else [part for part in take(node) if part is not None]
