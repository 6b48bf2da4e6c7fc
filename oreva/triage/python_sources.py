"""Where data comes from in Python code, by the names of calls, attributes, imports and decorators."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from oreva.triage import vocabulary
from oreva.triage.families import Family
from oreva.triage.python_tree import FunctionNode


class Kind(StrEnum):
    """Where a part of a value comes from, if it is no constant."""

    NUMBER = "number"
    CLEANED = "cleaned"
    REQUEST = "request"
    NETWORK = "network"
    ARGUMENTS = "arguments"
    ENVIRONMENT = "environment"
    FILE = "file"
    PARAMETER = "parameter"
    UNKNOWN = "unknown"


INPUT = (Kind.REQUEST, Kind.NETWORK, Kind.ARGUMENTS, Kind.ENVIRONMENT, Kind.FILE)
"""Kinds that outsiders can choose, the worst first."""


IMPORT_LINE = re.compile(r"\s*(?:from|import)\b")


def imported(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Local and full name of everything that an import statement binds."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            top = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (top, top)
    elif isinstance(statement, ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name, f"{statement.module or ''}.{alias.name}"


def is_sanitiser(name: str, family: Family) -> bool:
    """Whether a call of this full dotted name makes its argument fit for what the family's sinks do."""
    return is_numeric(name) or _is_one_of(name, vocabulary.SANITISERS.get(family, frozenset()))


def is_numeric(name: str) -> bool:
    """Whether a call of this full dotted name returns a number, a date or a UUID."""
    return name in vocabulary.NUMERIC or f".{name.rpartition('.')[2]}" in vocabulary.NUMERIC


def _is_one_of(name: str, known: frozenset[str]) -> bool:
    """Whether the last parts of a dotted name are in a list of names."""
    return any(f".{name}".endswith(f".{entry}") for entry in known)


def route_paths(function: FunctionNode) -> list[str]:
    """The paths of the decorators that make the function answer HTTP requests; empty if it does not."""
    paths = []
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
            first = decorator.args[0] if decorator.args else None
            path = first.value if isinstance(first, ast.Constant) else None
            if decorator.func.attr in vocabulary.ROUTE_DECORATORS and isinstance(path, str) and path.startswith("/"):
                paths.append(path)
    return paths


def path_converts(path: str, name: str) -> bool:
    """Whether a route's path turns a parameter into a number or a UUID: `<int:name>`, `<name:int>`, `{name:int}`."""
    types = r"(?:int|float|uuid|UUID)(?:\([^()]*\))?"
    return bool(re.search(rf"<{types}:{name}>|<{name}:{types}>|{{{name}:{types}}}", path))


def believes_annotations(imports: Iterable[str]) -> bool:
    """Whether a file with these imports takes its routes from a framework that converts by annotation, and no other.

    FastAPI and Litestar check parameters against their annotations; Flask, Quart, Bottle, Sanic and others ignore them.
    """
    packages = {name.partition(".")[0].lower() for name in imports}
    return not packages.isdisjoint(vocabulary.CONVERTING_FRAMEWORKS) and packages.isdisjoint(
        vocabulary.PLAIN_FRAMEWORKS
    )


NUMBER_TYPES = frozenset({"int", "float", "bool", "uuid.UUID"})


def default_of(function: FunctionNode, argument: ast.arg) -> ast.expr | None:
    """The default of a named parameter, if it has one."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    defaults = dict(zip(reversed([id(arg) for arg in positional]), reversed(args.defaults), strict=False))
    defaults |= {id(arg): value for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True) if value}
    return defaults.get(id(argument))


def own_parameters(function: FunctionNode) -> dict[tuple[int, int], ast.arg]:
    """The named parameters of a function by line and column."""
    args = function.args
    return {(arg.lineno, arg.col_offset): arg for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs]}


def is_lambda_event(function: FunctionNode, name: str) -> bool:
    """Whether a parameter is the event that an AWS Lambda function is invoked with."""
    names = [arg.arg for arg in function.args.args]
    return name == "event" and names[:2] == ["event", "context"]


def source_attribute(name: str) -> Kind | None:
    """The kind of input that a dotted name leads to, if it does."""
    if vocabulary.REQUEST_ATTRIBUTE.search(name):
        return Kind.REQUEST
    if name == "sys.argv":
        return Kind.ARGUMENTS
    if name.startswith("sys.stdin"):
        return Kind.ARGUMENTS
    return Kind.ENVIRONMENT if name.startswith("os.environ") else None


_NETWORK_CALLS = frozenset({"requests", "httpx", "urllib.request", "aiohttp"})


def source_call(name: str, arguments: int) -> Kind | None:
    """The kind of input that a call brings in, if it does."""
    module, _, last = name.rpartition(".")
    if name in {"input", "raw_input", "click.prompt"} or last in {"parse_args", "parse_known_args"}:
        return Kind.ARGUMENTS
    if name == "os.getenv":
        return Kind.ENVIRONMENT
    if module in _NETWORK_CALLS and last in {"get", "post", "put", "urlopen", "request"}:
        return Kind.NETWORK
    if last in {"recv", "recvfrom"} and arguments:
        return Kind.NETWORK
    return Kind.FILE if name in {"open", "io.open"} or last in {"read_text", "read_bytes"} else None
