"""What a Python expression is made of: constants, cleaned values, input from outside, or what cannot be told.

A def-use analysis inside one file that runs nothing: names are followed to everything that can be bound to them in the
enclosing functions and the module. It is meant to be wrong in one direction only: what it cannot follow is unknown, so
that "only constants" and "only cleaned values" are claims that hold as far as the file shows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from oreva.models import Evidence
from oreva.triage import python_scope, vocabulary
from oreva.triage.families import Family
from oreva.triage.python_dead import false_names, first_leaving
from oreva.triage.python_locate import StatementIndex
from oreva.triage.python_scope import Binding, Position, Scope
from oreva.triage.python_shape import (
    COLLECTIONS,
    holds_mutable,
    is_constant_text,
    is_harmless,
    is_mutable,
    is_repeatable,
    makes_character,
    parts_of,
    text_of,
)
from oreva.triage.python_sources import (
    IMPORT_LINE,
    INPUT,
    NUMBER_TYPES,
    Kind,
    believes_annotations,
    default_of,
    imported,
    is_lambda_event,
    is_numeric,
    is_sanitiser,
    own_parameters,
    path_converts,
    route_paths,
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


_NAMESPACE = re.compile(r"\b(?:globals|vars|locals)\s*\(\s*\)|\bsys\.modules\b|\bimport_module\(\s*__name__")

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
        self._changes: dict[int, tuple[bool, bool]] = {}
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
        return any(_NAMESPACE.search(line) for line in self.lines)

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
            if isinstance(node, FunctionNode | ast.ClassDef):
                scope = self.scope(node)
                names |= scope.handed_on
                names |= {name for name, found in scope.bindings.items() if any(b.kind == "part" for b in found)}
        return frozenset(names)

    @cached_property
    def _reached_into(self) -> frozenset[str]:
        """Names of which any function of the file gives an element away."""
        inner = (node for node in ast.walk(self.module) if isinstance(node, FunctionNode | ast.ClassDef))
        return frozenset().union(*(self.scope(node).reached_into for node in inner))

    def touched(self, name: str, *, nested: bool) -> bool:
        """Whether some function of the file may change the content of what a module-level name holds.

        `nested` says that it holds lists or the like, which change when an element of it does.
        """
        return name in self._touched or (nested and name in self._reached_into)

    def changes(self, value: ast.expr) -> tuple[bool, bool]:
        """Whether what an expression yields can be changed, and whether an element of it can; remembered."""
        if id(value) not in self._changes:
            self._changes[id(value)] = (is_mutable(value), holds_mutable(value))
        return self._changes[id(value)]

    def starred_behind(self, position: Position) -> bool:
        """Whether an `import *` of the module stands behind a place, and may give its names other values."""
        return any(star > position for star in self._stars)

    @cached_property
    def _stars(self) -> list[Position]:
        return [
            (statement.lineno, statement.col_offset)
            for statement in ast.walk(self.module)
            if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
        ]

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
            return question.settled(question.of(expression, tuple(nodes), at))
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
        self.texts: list[str] = []
        """The constant texts that the value is made of."""
        self.cleaned: set[Ingredient] = set()
        """What cleaning calls have made, which is safe in some places only."""

    def settled(self, found: Ingredients) -> Ingredients:
        """The ingredients of the whole value: what is cleaned for another place than it stands in counts as unknown."""
        spoils = vocabulary.SPOILS_CLEANING.get(self.family)
        if self.cleaned.isdisjoint(found):
            return found
        whole_command = self.family is Family.COMMAND and not any(text.strip() for text in self.texts)
        if not whole_command and (spoils is None or not any(map(spoils.search, self.texts))):
            return found
        spoilt = {
            part._replace(kind=Kind.UNKNOWN, what=f"{part.what}, which does not help in this place")
            for part in self.cleaned & found
        }
        return (found - self.cleaned) | spoilt

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
        return self._composed(node, nodes, at)

    def _composed(self, node: ast.expr, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        """What an expression is made of that is put together from others."""
        if is_harmless(node):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.texts.append(node.value)
            return NOTHING
        parts = parts_of(node)
        if parts is None:
            return self._unknown(node, "a value that cannot be followed")
        return self._put_together(node, parts, nodes, at)

    def _put_together(
        self, node: ast.expr, parts: Sequence[ast.expr], nodes: tuple[ScopeNode, ...], at: ast.stmt | None
    ) -> Ingredients:
        """What a value is made of that a node makes of the values of its parts."""
        found = self._union(parts, nodes, at)
        if makes_character(node):
            return frozenset(part._replace(kind=Kind.UNKNOWN) for part in found)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and is_repeatable(node):
            return frozenset(part for part in found if part.kind is not Kind.NUMBER)
        if makes_character(node):
            return frozenset(part._replace(kind=Kind.UNKNOWN) for part in found)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and is_repeatable(node):
            return frozenset(part for part in found if part.kind is not Kind.NUMBER)
        if isinstance(node, ast.Subscript) and self._is_text(node.value, nodes):
            return found | self._picked(node, nodes, at)
        return self._altered(found, node) if self._spoils(node, parts, nodes, at) else found

    def _picked(self, node: ast.Subscript, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        """What the choice of a piece of a constant text adds."""
        places = [part for part in ast.iter_child_nodes(node.slice) if isinstance(part, ast.expr)]
        chosen = self._union(places if isinstance(node.slice, ast.Slice) else [node.slice], nodes, at)
        return self._unknown(node, "a text picked together from pieces") if chosen else NOTHING

    def _spoils(
        self, node: ast.expr, parts: Sequence[ast.expr], nodes: tuple[ScopeNode, ...], at: ast.stmt | None
    ) -> bool:
        """Whether what a node does to cleaned values can undo the cleaning."""
        if isinstance(node, ast.Subscript):
            return True
        if isinstance(node, ast.FormattedValue):
            return node.format_spec is not None
        if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.FormattedValue):
            starts = self.of(node.values[0], nodes, at)
            return self.family is Family.COMMAND and not self.cleaned.isdisjoint(starts)
        return self.family is Family.PATH and self._goes_on_behind_name(parts, nodes, at)

    def _goes_on_behind_name(
        self, parts: Sequence[ast.expr], nodes: tuple[ScopeNode, ...], at: ast.stmt | None, *, joined: bool = False
    ) -> bool:
        """Whether a path goes on behind the last part of another one, which may be `..`."""
        for index, part in enumerate(parts[:-1]):
            later = parts[index + 1 :]
            behind = [one for one in later if joined or not is_constant_text(one) or "/" in text_of(one)]
            if behind and any(one.what == "`basename(...)`" for one in self.cleaned & self.of(part, nodes, at)):
                return True
        return False

    def _altered(self, found: Ingredients, node: ast.expr) -> Ingredients:
        """What is left when a piece of a value is taken: what was cleaned as a whole counts as unknown."""
        if self.cleaned.isdisjoint(found):
            return found
        return (found - self.cleaned) | self._unknown(node, "a part of a cleaned value")

    def _is_text(self, node: ast.expr, nodes: tuple[ScopeNode, ...]) -> bool:
        """Whether a value is a constant text, from which any other can be put together character by character."""
        if isinstance(node, ast.Name):
            bound = [binding for holder in nodes for binding in self.flow.scope(holder).bindings.get(node.id, ())]
            return any(binding.value is not None and is_constant_text(binding.value) for binding in bound)
        return is_constant_text(node) or self.flow.full_name(node) in vocabulary.FIXED

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
                if not all(binding.nested or binding.kind == "part" for binding in bindings):
                    return found
                outer = self._name(node, nodes, None, depth)
                if outer is None and any(b.nested == "definition" or b.kind == "part" for b in bindings):
                    outer = self._unknown(node, f"`{node.id}`, which is not defined here")
                return found | (outer or NOTHING)
        return None

    def _bound(self, node: ast.Name, scope: Scope, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> Ingredients:
        name = node.id
        self.steps += len(scope.bindings[name]) // 16
        reaching = scope.reaching(name, at)
        guard = None if name in scope.nonlocals else scope.guard(name, at, reaching)
        if guard is not None and self._is_collection(guard, nodes, at) and not self.of(guard, nodes, at):
            return self._one(Kind.CLEANED, f"`{name}` is compared with a fixed list first", guard)
        found: set[Ingredient] = set()
        for binding in reaching:
            found |= self._binding(node, binding, scope, nodes)
        values = [binding.value for binding in reaching if binding.value is not None]
        of_module = isinstance(scope.node, ast.Module)
        changes = [self.flow.changes(value) for value in values]
        if any(can for can, _ in changes):
            nested = any(inside for _, inside in changes)
            given_away = name in scope.handed_on or (nested and name in scope.reached_into)
            if given_away or (of_module and self.flow.touched(name, nested=nested)):
                found |= self._unknown(node, f"`{name}`, which other code may change")
        if of_module and self.flow.rebinds_globals:
            found |= self._unknown(node, f"`{name}`, in a file that sets names through its namespace")
        if of_module and reaching and self.flow.starred_behind(min(binding.position for binding in reaching)):
            found |= self._unknown(node, f"`{name}`, which an `import *` behind it may replace")
        if not reaching:
            found |= self._unknown(node, f"`{name}`, which has no value here that can be followed")
        return frozenset(found)

    def _is_collection(self, node: ast.expr, nodes: tuple[ScopeNode, ...], at: ast.stmt | None) -> bool:
        """Whether a value is certainly a list or the like, so that `in` compares with its elements.

        In a text, `in` looks for a part of it.
        """
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            known = name in {"frozenset", "set", "list", "tuple", "dict"} and not self._is_redefined(node.func, nodes)
            return known or (isinstance(node.func, ast.Attribute) and node.func.attr in {"keys", "values", "split"})
        if not isinstance(node, ast.Name):
            return isinstance(node, COLLECTIONS)
        for depth in range(len(nodes) - 1, -1, -1):
            scope = self.flow.scope(nodes[depth])
            here = at if depth == len(nodes) - 1 else None
            found = [binding for binding in scope.reaching(node.id, here) if binding.kind != "part"]
            if found:
                values = [_assigned_whole(binding, node.id) for binding in found]
                return all(value is not None and not isinstance(value, ast.Name) for value in values) and all(
                    self._is_collection(value, nodes[: depth + 1], None) for value in values if value is not None
                )
        return False

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
            paths = route_paths(function)
            if paths and self._is_converted(function, argument, paths):
                return frozenset({Ingredient(Kind.NUMBER, f"`{name}`, which the route turns into a number", evidence)})
            if paths or is_lambda_event(function, name):
                what = f"`{name}`, which the request handler `{function.name}` is given"
                return frozenset({Ingredient(Kind.REQUEST, what, evidence)})
        what = f"`{name}`, a parameter of `{function.name}` whose callers were not looked at"
        return frozenset({Ingredient(Kind.PARAMETER, what, evidence)})

    def _is_converted(self, function: FunctionNode, argument: ast.arg, paths: list[str]) -> bool:
        """Whether the framework turns a parameter of a route into a number before the function gets it."""
        if all(path_converts(path, argument.arg) for path in paths):
            return True
        annotation = None if argument.annotation is None else self.flow.full_name(argument.annotation)
        if annotation not in NUMBER_TYPES or not believes_annotations(self.flow.imports.values()):
            return False
        default = default_of(function, argument)
        return not isinstance(default, ast.Call) or self.flow.full_name(default.func).rpartition(".")[2] in {
            *("Query", "Path", "Header", "Cookie", "Body", "Form"),
        }

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
            return self._made_safe(node, name, given | receiver, nodes, at)
        if known and last in vocabulary.PASSES_ON and self._is_well_known(node.func, name):
            apart = last in vocabulary.ALTERS or (
                last in {"join", "joinpath"} and self._goes_on_behind_name(node.args, nodes, at, joined=True)
            )
            return self._altered(given | receiver, node) if apart else given | receiver
        if vocabulary.CHECKS.search(last):
            return self._unknown(node, f"the result of `{last}(...)`")
        carried = frozenset(part for part in given | receiver if part.kind in INPUT)
        return carried | self._unknown(node, f"the result of `{last or 'a call'}(...)`")

    def _made_safe(
        self, node: ast.Call, name: str, given: Ingredients, nodes: tuple[ScopeNode, ...], at: ast.stmt | None
    ) -> Ingredients:
        """What a cleaning call makes of what it is given."""
        if not given:
            return NOTHING
        last = name.rpartition(".")[2]
        if is_numeric(name):
            return self._one(Kind.NUMBER, f"`{last}(...)`", node)
        takes_template = last in vocabulary.TAKES_TEMPLATE
        if self._union(node.args[:1], nodes, at) if takes_template else node.keywords:
            carried = frozenset(part for part in given if part.kind in INPUT)
            return carried | self._unknown(node, f"the result of `{last}(...)`, which does not clean all it is given")
        cleaned = self._one(Kind.CLEANED, f"`{last}(...)`", node)
        self.cleaned |= cleaned
        return cleaned

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
        return any(binding.kind != "part" and binding.what != "an imported name" for binding in found)

    def _is_well_known(self, function: ast.expr, name: str) -> bool:
        """Whether this is a built-in function, one of the standard library, or a method of some value."""
        return not self._is_imported(function) or name.rpartition(".")[0] in vocabulary.PURE_MODULES

    def _is_imported(self, function: ast.expr) -> bool:
        """Whether a function is reached from an import by names alone."""
        first, _, _ = dotted(function).partition(".")
        return first in self.flow.imports


def _assigned_whole(binding: Binding, name: str) -> ast.expr | None:
    """The value of a binding if the name is given all of it, and not an element."""
    statement = binding.statement
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    whole = isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is binding.value
    named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
    return binding.value if whole and named else None
