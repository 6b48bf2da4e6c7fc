"""Where the values at a place in Python code come from, as far as a rule that looks at one function can know.

A flow rule follows data from the request to a call inside one function. Its silence says something only of what it can
follow: constants, and request data that it saw pass a check or a cleaning call. Of a value that a caller hands over,
that a socket, a database or another object gives, or of request data that arrives as it came, silence proves nothing.
This module tells these apart. It reads the syntax tree and nothing else; code is never run.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from enum import IntEnum

from oreva.findings import value_names as names
from oreva.findings.checks import checked, truth
from oreva.findings.scopes import Binding, Scopes, dotted

MAX_BYTES = 1024 * 1024
"""Of a file; a larger one is not parsed."""
MAX_DEPTH = 60
"""Of values made of values; what lies deeper is unknown."""

_SECRETIVE = re.compile(
    r"(?i)pass(word|wd|phrase|code)|(?<![a-z])(pass|pw|pwd|hmac|mac|otp|pin|jwt|csrf|xsrf|nonce|salt)(?![a-z])"
    r"|secret|token|credential|signature|(?<![a-z])sign(ed|ing)?(?![a-z])|auth|login|(api|private|session)[-_]?(key|id)"
)

_OPEN_QUOTE = re.compile(r"""^[^'"]*(?:'[^']*'|"[^"]*")*[^'"]*['"][^'"]*$|\bsh\s+-\w*c\b""")
"""A text that ends within quotes, or starts a shell."""


class Origin(IntEnum):
    """Where a value comes from, the worst last."""

    CONSTANT = 0
    """The same whatever comes in, or of a form that can carry no text: a number, a digest, a time."""
    HANDLED = 1
    """Request data that went through a check or a call: whether that is enough, the flow rule has judged."""
    REQUEST = 2
    """Request data as it comes: a flow rule that is silent here did not see it."""
    UNKNOWN = 3


class Provenance:
    """The syntax tree of one file, asked about places in it."""

    def __init__(self, content: bytes) -> None:
        tree = _parsed(content)
        self._scopes = None if tree is None else Scopes(tree)

    def known(self, start: tuple[int, int], end: tuple[int, int], *, raw: bool = False) -> bool:
        """Whether every value that goes in at this place is constant, or request data that was handled (or `raw`).

        `start` and `end` are line and column, both 1-based, the end one past the last character; without a node that
        lies exactly there, every expression in the lines counts. False if the file cannot be parsed.
        """
        if self._scopes is None:
            return False
        parts = _ingredients(self._scopes, start, end)
        if parts is None:
            return False
        judge = _Judge(self._scopes)
        worst = Origin.REQUEST if raw else Origin.HANDLED
        return all(judge.origin(part) <= worst for part in parts)

    def secretive(self, first: int, last: int) -> bool:
        """Whether the code in these lines, or what it is part of, goes by a name that speaks of secrets.

        True if the file cannot be parsed: then nothing is known.
        """
        if self._scopes is None:
            return True
        return any(_SECRETIVE.search(_words(name)) for name in self._scopes.names_around(first, last))


def _words(name: str) -> str:
    """`passwordHash` as `password_Hash`, so that words can be told apart."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)


def _parsed(content: bytes) -> ast.Module | None:
    if len(content) > MAX_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the code under scan, such as odd escapes
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _ingredients(scopes: Scopes, start: tuple[int, int], end: tuple[int, int]) -> list[ast.expr] | None:
    """What goes in at a place: the arguments of the call there, or the parts of the text; None if nothing is there."""
    node = scopes.node_at(start, end)
    if isinstance(node, ast.Call):
        return list(_arguments(node))
    if node is not None:
        return [scopes.whole_text(node)]
    found = scopes.expressions_in(start[0], max(start[0], end[0]))
    return [part for node in found for part in _arguments(node)] if found else None


def _arguments(node: ast.expr) -> Iterator[ast.expr]:
    """The arguments of a call, and of the calls whose results it is a method or part of; of anything else, itself."""
    if isinstance(node, ast.Await | ast.Starred | ast.NamedExpr):
        yield from _arguments(node.value)
    elif isinstance(node, ast.Call):
        yield from node.args
        yield from (keyword.value for keyword in node.keywords)
        if isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name | ast.Attribute):
            yield from _arguments(node.func.value)
    elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.value, ast.Call | ast.Await):
        yield from _arguments(node.value)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _arguments(value)
    else:
        yield node


class _Judge:
    """Works out origins, each name once at each place."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._names: dict[tuple[str, ast.AST], Origin] = {}
        self._depth = 0

    def origin(self, node: ast.AST) -> Origin:
        """Where the value of an expression comes from."""
        if self._depth > MAX_DEPTH:
            return Origin.UNKNOWN
        self._depth += 1
        try:
            found = self._origin(node)
        finally:
            self._depth -= 1
        if found is Origin.REQUEST and checked(self._scopes, node):
            return Origin.HANDLED
        return found

    def _worst(self, nodes: Iterator[ast.AST] | list[ast.expr]) -> Origin:
        return max((self.origin(node) for node in nodes), default=Origin.CONSTANT)

    def _origin(self, node: ast.AST) -> Origin:  # noqa: C901, PLR0911, PLR0912  (a line for each kind)
        match node:
            case ast.Constant() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return Origin.CONSTANT
            case ast.JoinedStr(values=values):
                return Origin.REQUEST if self._quoted_in_quotes(values) else self._worst(values)
            case ast.BoolOp(values=values):
                return self._worst(values)
            case ast.FormattedValue(value=value) | ast.UnaryOp(operand=value) | ast.Await(value=value):
                return self.origin(value)
            case ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self.origin(value)
            case ast.BinOp(left=left, right=right):
                parts = [left, *right.elts] if isinstance(right, ast.Tuple) else [left, right]
                return Origin.REQUEST if self._quoted_in_quotes(parts) else max(self.origin(left), self.origin(right))
            case ast.IfExp():
                return self._choice(node)
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                return self._worst(elements)
            case ast.Dict(keys=keys, values=values):
                return self._worst([part for part in (*keys, *values) if part is not None])
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                return self.origin(element)
            case ast.DictComp(key=key, value=value):
                return max(self.origin(key), self.origin(value))
            case ast.Subscript(value=value):
                return self._member(self.origin(value))
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.Name():
                return self._name(node)
        return Origin.UNKNOWN

    def _quoted_in_quotes(self, parts: list[ast.expr]) -> bool:
        """Whether a text puts what `shlex.quote` gave between quotes of its own, or hands it to a second shell."""
        before = ""
        for part in parts:
            value = part.value if isinstance(part, ast.FormattedValue) else part
            if isinstance(value, ast.Constant):
                before += str(value.value)
            elif self._is_quoted(value) and _OPEN_QUOTE.search(before.partition("%s")[0]):
                return True
        return False

    def _is_quoted(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            return dotted(node.func).rpartition(".")[2] == "quote"
        if isinstance(node, ast.Name):
            return any(
                isinstance(binding.value, ast.Call) and self._is_quoted(binding.value)
                for binding in self._scopes.reaching(node.id, node) or ()
            )
        return False

    def _choice(self, node: ast.IfExp) -> Origin:
        known = truth(self._scopes, node.test)
        if known is not None:
            return self.origin(node.body if known else node.orelse)
        return max(self.origin(node.body), self.origin(node.orelse))

    @staticmethod
    def _member(whole: Origin) -> Origin:
        """What is taken out of something: out of what a call made of request data, it may be anything."""
        return Origin.UNKNOWN if whole is Origin.HANDLED else whole

    def _attribute(self, node: ast.Attribute) -> Origin:
        path = dotted(node)
        if names.is_request_data(path):
            return Origin.REQUEST
        if path in names.FIXED_ATTRIBUTES:
            return Origin.CONSTANT
        root = path.partition(".")[0]
        if root in names.OWN and path.count(".") == 1:
            return self._own(node, path)
        if node.attr.isupper() and root not in names.REQUESTS:
            return Origin.CONSTANT  # a setting or an enumeration
        found = self.origin(node.value)
        return found if found in (Origin.CONSTANT, Origin.REQUEST) else Origin.UNKNOWN

    def _own(self, node: ast.Attribute, path: str) -> Origin:
        """An attribute of the object: set in this function, or once in the class and nowhere else."""
        bindings = self._scopes.reaching(path, node)
        if bindings:
            return self._bound(path, node, bindings)
        fixed = self._scopes.class_constant(node)
        return Origin.UNKNOWN if fixed is None else self.origin(fixed)

    def _call(self, node: ast.Call) -> Origin:  # noqa: PLR0911  (a line for each kind)
        path = dotted(node.func)
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if names.is_request_data(path):
            return Origin.REQUEST
        if path in names.TEXTLESS or method in names.TEXTLESS_METHODS:
            return Origin.CONSTANT
        if path in names.TRANSFORMS:
            return self._worst(arguments)
        if isinstance(node.func, ast.Attribute):
            receiver = self.origin(node.func.value)
            if method in names.TRANSFORM_METHODS:
                return max(receiver, self._worst(arguments))
            if method == "get" and receiver is Origin.CONSTANT and arguments:
                return self._worst(arguments[1:])  # a table of constants: the key only chooses
            if receiver is Origin.HANDLED or (receiver is Origin.REQUEST and not arguments):
                return Origin.UNKNOWN
        given = self._worst(arguments)
        return Origin.HANDLED if given in (Origin.HANDLED, Origin.REQUEST) else Origin.UNKNOWN

    def _name(self, node: ast.Name) -> Origin:
        bindings = self._scopes.reaching(node.id, node)
        if bindings is None:
            return self._global(node)
        return self._bound(node.id, node, bindings)

    def _global(self, node: ast.Name) -> Origin:
        if node.id in names.REQUESTS:
            return Origin.REQUEST
        if self._scopes.is_imported(node.id):
            return Origin.CONSTANT if node.id.isupper() else Origin.UNKNOWN
        bindings = self._scopes.fixed_global(node.id)
        return self._bound(node.id, node, bindings) if bindings else Origin.UNKNOWN

    def _bound(self, name: str, node: ast.AST, bindings: list[Binding]) -> Origin:
        key = (name, self._scopes.statement(node))
        if key not in self._names:
            self._names[key] = Origin.CONSTANT  # of a name that is made from itself, the rest decides
            self._names[key] = max((self._of(binding) for binding in bindings), default=Origin.UNKNOWN)
        return self._names[key]

    def _of(self, binding: Binding) -> Origin:
        if binding.parameter is not None:
            return self._parameter(binding)
        if binding.value is None:
            return Origin.UNKNOWN
        found = self.origin(binding.value)
        return self._member(found) if binding.element else found

    def _parameter(self, binding: Binding) -> Origin:
        assert binding.parameter is not None  # noqa: S101  (narrows the type)
        if binding.parameter.arg in names.REQUESTS:
            return Origin.REQUEST
        is_number = dotted(binding.parameter.annotation) in names.TEXTLESS_TYPES
        if not self._scopes.is_route(binding.function):
            return Origin.CONSTANT if is_number else Origin.UNKNOWN
        return Origin.CONSTANT if is_number and self._scopes.converts_parameters else Origin.REQUEST
