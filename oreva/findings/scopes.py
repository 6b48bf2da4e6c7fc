"""The functions, names and statements of one Python file: which assignments can reach a use."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from oreva.findings import value_names as names
from oreva.findings.checks import truth

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_FRESH = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
"""Expressions that make a container which others can change."""
_MAKERS = frozenset({"list", "dict", "set", "bytearray", "deque", "defaultdict", "collections.deque"})


@dataclass(frozen=True)
class Binding:
    """One way in which a name, or an attribute of the object itself, gets a value."""

    node: ast.AST
    """The statement or expression that does it."""
    value: ast.AST | None
    """What it gets; None if that cannot be told."""
    whole: bool = False
    """Whether it replaces what the name stood for before."""
    element: bool = False
    """Whether it gets a part of the value."""
    parameter: ast.arg | None = None
    function: Function | None = None

    @property
    def line(self) -> int:
        """Where, 1-based."""
        return getattr(self.node, "lineno", 0)


def dotted(node: ast.AST | None) -> str:
    """`self.request.args` of a chain of names; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


class Scopes:
    """The syntax tree of one file with what is asked of it."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._bindings: dict[ast.AST, dict[str, list[Binding]]] = {}

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Of every node but the module."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node lies in, the nearest first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def statement(self, node: ast.AST) -> ast.AST:
        """The statement that a node is part of; the module for itself."""
        while not isinstance(node, ast.stmt) and node in self.parents:
            node = self.parents[node]
        return node

    def scope(self, node: ast.AST) -> ast.AST:
        """The outermost function around a node (a closure sees what surrounds it), else the module."""
        functions = [above for above in self.around(node) if isinstance(above, _FUNCTIONS)]
        return functions[-1] if functions else self.tree

    # Places.

    def node_at(self, start: tuple[int, int], end: tuple[int, int]) -> ast.expr | None:
        """The expression that lies exactly there; lines and columns 1-based."""
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.expr)
                and (node.lineno, node.col_offset + 1) == start
                and (node.end_lineno, (node.end_col_offset or 0) + 1) == end
            ):
                return node
        return None

    def whole_text(self, node: ast.expr) -> ast.expr:
        """The text that a piece of text is put together into: `"a" + b`, `"a" % b`, `"a".format(b)`."""
        while True:
            above = self.parents.get(node)
            if isinstance(above, ast.Attribute) and above.attr in names.TRANSFORM_METHODS:
                above = self.parents.get(above)
                if not isinstance(above, ast.Call):
                    return node
            elif not isinstance(above, ast.BinOp | ast.JoinedStr | ast.FormattedValue):
                return node
            node = above

    def expressions_in(self, first: int, last: int) -> list[ast.expr]:
        """The outermost expressions that begin in these lines and are read."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.expr) and first <= node.lineno <= last:
                above = self.parents[node]
                inside = isinstance(above, ast.expr | ast.keyword | ast.comprehension)
                begun = first <= getattr(above, "lineno", first) <= last
                if not (inside and begun) and not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
                    found.append(node)
        return found

    def names_around(self, first: int, last: int) -> set[str]:
        """Every identifier in the statements of these lines, and the names of the functions and classes around."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if first <= getattr(node, "lineno", 0) <= last and not isinstance(node, ast.stmt):
                found |= set(_identifiers(self.statement(node)))
                named = (
                    above
                    for above in self.around(node)
                    if isinstance(above, ast.ClassDef | _FUNCTIONS[0] | _FUNCTIONS[1])
                )
                found |= {above.name for above in named}
        return found

    # Names.

    def reaching(self, name: str, node: ast.AST) -> list[Binding] | None:
        """The bindings of a name in the function around a node that can hold there; None if it has none in it."""
        scope = self.scope(node)
        bindings = self._of(scope).get(name)
        if not bindings:
            return None
        alive = [binding for binding in bindings if not self._dead(binding.node)]
        return self._after_last_whole(alive, node)

    def _after_last_whole(self, bindings: list[Binding], node: ast.AST) -> list[Binding]:
        """Without those that a later one, which every way to the node passes, replaces."""
        blocks = {id(block): place for block, place in self._blocks(node)}
        last = 0
        for binding in bindings:
            if not binding.whole:
                continue
            block, place = next(self._blocks(binding.node), (None, 0))
            if block is not None and place < blocks.get(id(block), -1):
                last = max(last, binding.line)
        return [binding for binding in bindings if binding.line >= last]

    def _blocks(self, node: ast.AST) -> Iterator[tuple[list[ast.stmt], int]]:
        """The blocks of statements that a node lies in, the innermost first, and its place in each."""
        chain = [node, *self.around(node)]
        for inner, outer in pairwise(chain):
            for field in ("body", "orelse", "finalbody"):
                block = getattr(outer, field, None)
                if isinstance(block, list) and inner in block:
                    yield block, block.index(inner)

    def _dead(self, node: ast.AST) -> bool:
        """Whether a condition over constants never lets it run."""
        chain = [node, *self.around(node)]
        for inner, outer in pairwise(chain):
            if isinstance(outer, ast.If | ast.While):
                known = truth(self, outer.test)
                if (known is False and inner in outer.body) or (known is True and inner in outer.orelse):
                    return True
        return False

    def _of(self, scope: ast.AST) -> dict[str, list[Binding]]:
        """The bindings in a function with all that is nested in it, or at the top of the module."""
        if scope not in self._bindings:
            self._bindings[scope] = _collect(self, scope)
        return self._bindings[scope]

    def constants(self, scope: ast.AST) -> dict[str, object]:
        """Names of a scope that are bound once, to a constant."""
        return {
            name: bindings[0].value.value
            for name, bindings in self._of(scope).items()
            if len(bindings) == 1 and bindings[0].whole and isinstance(bindings[0].value, ast.Constant)
        }

    @cached_property
    def _changed_in_functions(self) -> frozenset[str]:
        """Globals that a function rebinds or changes in place."""
        changed: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Global):
                changed.update(node.names)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
                changed.add(dotted(node.value).partition(".")[0])
            if isinstance(node, ast.Attribute) and node.attr in names.MUTATORS:
                changed.add(dotted(node.value).partition(".")[0])
        return frozenset(changed)

    def fixed_global(self, name: str) -> list[Binding]:
        """The bindings of a global at the top of the module, if no function changes it; else none."""
        if name in self._changed_in_functions:
            return []
        return self._of(self.tree).get(name, [])

    def class_constant(self, node: ast.Attribute) -> ast.expr | None:
        """The value that the class gives an attribute of the object, if nothing in the file gives it another."""
        for other in ast.walk(self.tree):
            if isinstance(other, ast.Attribute) and other.attr == node.attr and isinstance(other.ctx, ast.Store):
                return None
        for above in self.around(node):
            if isinstance(above, ast.ClassDef):
                given = [
                    statement.value
                    for statement in above.body
                    if isinstance(statement, ast.Assign)
                    and any(isinstance(t, ast.Name) and t.id == node.attr for t in statement.targets)
                ]
                return given[0] if len(given) == 1 else None
        return None

    def is_imported(self, name: str) -> bool:
        """Whether an import gives this name."""
        return name in self._imports

    @cached_property
    def _imports(self) -> frozenset[str]:
        return frozenset(
            (alias.asname or alias.name).partition(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        )

    @cached_property
    def converts_parameters(self) -> bool:
        """Whether the file uses a framework that converts what it hands over to the annotated types."""
        modules = {
            (node.module or "").partition(".")[0] for node in ast.walk(self.tree) if isinstance(node, ast.ImportFrom)
        } | {
            alias.name.partition(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        return not modules.isdisjoint(names.CONVERTING)

    @staticmethod
    def is_route(function: Function | None) -> bool:
        """Whether a framework calls the function with what the client sent."""
        for decorator in getattr(function, "decorator_list", ()):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if dotted(called).rpartition(".")[2] in names.ROUTES:
                return True
        return False


def _identifiers(node: ast.AST) -> Iterator[str]:
    """The identifiers of a statement, without those of the statements in it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        waiting += [child for child in ast.iter_child_nodes(current) if not isinstance(child, ast.stmt)]
        for field in ("id", "attr", "arg", "name"):
            found = getattr(current, field, None)
            if isinstance(found, str):
                yield found


def _collect(scopes: Scopes, scope: ast.AST) -> dict[str, list[Binding]]:
    found: defaultdict[str, list[Binding]] = defaultdict(list)
    waiting: list[ast.AST] = [scope]
    while waiting:
        node = waiting.pop()
        for name, binding in _bindings_of(node):
            found[name].append(binding)
        inner = ast.iter_child_nodes(node)
        top = scope is scopes.tree  # what functions and classes hold is not the module's own
        waiting += [c for c in inner if not (top and isinstance(c, (*_FUNCTIONS, ast.ClassDef)))]
    for name in list(found):
        found[name] += _escapes(scopes, scope, name, found[name])
    return {name: sorted(bindings, key=lambda binding: binding.line) for name, bindings in found.items()}


def _bindings_of(node: ast.AST) -> Iterator[tuple[str, Binding]]:  # noqa: C901, PLR0912  (a line for each kind)
    """What one node binds."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            listed = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            more = tuple(arg for arg in (node.args.vararg, node.args.kwarg) if arg is not None)
            for arg in (*listed, *more):
                if arg.arg not in names.OWN:
                    yield arg.arg, Binding(node, None, parameter=arg, function=node)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _targets(node, target, value)
        case ast.AnnAssign(target=target, value=value) if value is not None:
            yield from _targets(node, target, value)
        case ast.NamedExpr(target=target, value=value):
            yield from _targets(node, target, value)
        case ast.AugAssign(target=target, value=value):
            yield from ((name, Binding(node, value)) for name in _roots(target))
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            yield from ((name, Binding(node, value, element=True)) for name in _roots(target))
        case ast.comprehension(target=target, iter=value):
            yield from ((name, Binding(value, value, element=True)) for name in _roots(target))
        case ast.withitem(optional_vars=target, context_expr=value) if target is not None:
            yield from ((name, Binding(value, value)) for name in _roots(target))
        case ast.ExceptHandler(name=str(name)):
            yield name, Binding(node, None)
        case ast.Call(func=ast.Attribute(value=receiver, attr=attr)) if attr in names.MUTATORS:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from ((name, Binding(node, argument)) for name in _roots(receiver))
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, Binding(node, None)


def _targets(node: ast.AST, target: ast.expr, value: ast.expr) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Tuple | ast.List):
        alike = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
        starred = any(isinstance(part, ast.Starred) for part in (*target.elts, *getattr(value, "elts", ())))
        for place, part in enumerate(target.elts):
            if alike and not starred and isinstance(value, ast.Tuple | ast.List):
                yield from _targets(node, part, value.elts[place])
            else:
                yield from ((name, Binding(node, value, element=True)) for name in _roots(part))
    else:
        whole = isinstance(target, ast.Name) or (
            isinstance(target, ast.Attribute)
            and dotted(target).count(".") == 1
            and dotted(target)[:4] in ("self", "cls.")
        )
        yield from ((name, Binding(node, value, whole=whole)) for name in _roots(target))


def _roots(target: ast.AST) -> Iterator[str]:
    """The names, or attributes of the object itself, whose values change when this target does."""
    if isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _roots(part)
    elif isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Attribute):
        path = dotted(target)
        parts = path.split(".")
        if parts[0] in names.OWN and len(parts) > 1:
            yield ".".join(parts[:2])
        else:
            yield from _roots(target.value)
    elif isinstance(target, ast.Starred | ast.Subscript | ast.Call):
        yield from _roots(target.func if isinstance(target, ast.Call) else target.value)


def _escapes(scopes: Scopes, scope: ast.AST, name: str, bindings: list[Binding]) -> Iterator[Binding]:
    """Where a container goes by another name too, or is handed to code that may change it: nothing is known then."""
    if "." in name or not any(_makes_container(binding.value) for binding in bindings):
        return
    for node in ast.walk(scope):
        if (
            isinstance(node, ast.Name)
            and node.id == name
            and isinstance(node.ctx, ast.Load)
            and _gets_away(scopes, node)
        ):
            yield Binding(node, None)
        elif isinstance(node, ast.Assign) and len(node.targets) > 1 and name in map(dotted, node.targets):
            yield Binding(node, None)  # `a = b = []`: one container, two names


def _gets_away(scopes: Scopes, node: ast.Name) -> bool:
    """Whether the container itself becomes the value or a part of something, or one of its methods is not called."""
    above = scopes.parents[node]
    if isinstance(above, ast.Attribute):
        call = scopes.parents[above]
        return not (isinstance(call, ast.Call) and call.func is above) and not isinstance(call, ast.Attribute)
    return isinstance(
        above, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.List | ast.Tuple | ast.Dict | ast.Set | ast.Yield
    )


def _makes_container(value: ast.AST | None) -> bool:
    return isinstance(value, _FRESH) or (isinstance(value, ast.Call) and dotted(value.func) in _MAKERS)
