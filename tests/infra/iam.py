"""A small evaluator of IAM policies, after "Policy evaluation logic" of the IAM user guide.

It knows what the templates here use and refuses to guess about anything else: an operator or an element that it does
not know is an error, not a "yes".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Statement = Mapping[str, Any]

_ELEMENTS = frozenset({"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"})


@dataclass(frozen=True)
class Request:
    """One action on one resource, with what conditions may ask for."""

    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def allowed(statements: Iterable[Statement], request: Request) -> bool:
    """Whether the statements allow the request: one must allow it, and none may deny it."""
    matching = [each["Effect"] for each in statements if matches(each, request)]
    return "Allow" in matching and "Deny" not in matching


def denied(statements: Iterable[Statement], request: Request) -> bool:
    """Whether one of the statements forbids the request."""
    return any(each["Effect"] == "Deny" and matches(each, request) for each in statements)


def matches(statement: Statement, request: Request) -> bool:
    """Whether a statement speaks of the request, whatever it says."""
    if unknown := set(statement) - _ELEMENTS:
        raise ValueError(f"elements of a policy that are not known here: {sorted(unknown)}")
    return (
        _named(statement, "Action", request.action.lower(), lower=True)
        and _named(statement, "Resource", request.resource)
        and _holds(statement.get("Condition", {}), request.context)
    )


def _named(statement: Statement, element: str, name: str, *, lower: bool = False) -> bool:
    """Action or Resource matches, or NotAction or NotResource does not."""
    positive = element in statement
    patterns = _list(statement[element if positive else f"Not{element}"])
    found = any(_like(name, pattern.lower() if lower else pattern) for pattern in patterns)
    return found is positive


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str | Sequence[str]]) -> bool:
    return all(
        _condition(operator, key, _list(wanted), context)
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _condition(operator: str, key: str, wanted: Sequence[str], context: Mapping[str, str | Sequence[str]]) -> bool:
    """One line of a condition. Keys are compared without regard to case."""
    given = {name.lower(): value for name, value in context.items()}.get(key.lower())
    quantifier, _, base = operator.rpartition(":")
    if base == "Null":
        return (given is None) is (str(wanted[0]).lower() == "true")
    if_exists = base.endswith("IfExists")
    base = base.removesuffix("IfExists")
    negative = "Not" in base
    test = _OPERATORS[base.replace("Not", "")]
    if given is None:
        return if_exists or negative or quantifier == "ForAllValues"
    values = _list(given)

    def one(value: str) -> bool:
        found = any(test(value, str(each)) for each in wanted)
        return found is not negative

    return all(map(one, values)) if quantifier == "ForAllValues" else any(map(one, values))


def _like(text: str, pattern: str) -> bool:
    """`*` and `?` as in IAM: they match any character, `/` and `:` too, and nothing else is special."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _arn_like(text: str, pattern: str) -> bool:
    """Each of the six parts of an ARN for itself."""
    parts, wanted = text.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(wanted) and all(map(_like, parts, wanted))


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _as_number(compare: Any) -> Any:
    return lambda value, wanted: compare(float(value), float(wanted))


_OPERATORS = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
    "NumericLessThan": _as_number(lambda value, wanted: value < wanted),
    "NumericGreaterThanEquals": _as_number(lambda value, wanted: value >= wanted),
}
