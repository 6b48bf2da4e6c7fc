"""Signals from where the data of the flagged call comes from, in Python files that can be parsed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from oreva.models import Evidence
from oreva.triage.case import Case
from oreva.triage.families import DATA_FLOW, Family, bandit_id
from oreva.triage.python_flow import Ingredient
from oreva.triage.python_sources import INPUT, Kind
from oreva.triage.signals.base import Observation, Signal
from oreva.triage.signals.place import in_test
from oreva.triage.vocabulary import SHELLS

_CONSTANT_IS_NO_PROOF = frozenset({"B609", "B113", "B202"})
"""Bandit tests about something else than the origin of the data: a constant with a wildcard in it, a missing limit."""


def _bandit_ids(case: Case) -> frozenset[str]:
    return frozenset(bandit_id(detection) for detection in case.finding.detections)


def constant_arguments(case: Case) -> Observation | None:
    """All that the call acts on is written in the source."""
    if case.ingredients != frozenset() or not _bandit_ids(case).isdisjoint(_CONSTANT_IS_NO_PROOF):
        return None
    if case.family is Family.CODE and any(_RUNS_MORE.search(text) for text in _constants(case)):
        return None
    known = all(flagged.known for flagged in case.flagged)
    if not known and case.family in {Family.DESERIALIZATION, Family.XML}:
        return None
    words = "Everything that reaches the flagged call is constant, as far as this file shows"
    if not known or case.family is Family.PARTIAL_PATH:
        return Observation(-1.4, f"{words}; but the claim may be about something else than its arguments.", _all(case))
    return Observation(-2.7, f"{words}: no outsider can choose any part of it.", _all(case))


_RUNS_MORE = re.compile(r"\b(?:exec|eval|compile|input|open|__import__|getattr|os|sys|request)\b")
"""What constant code can use to run, or read, what is not constant."""


def _constants(case: Case) -> Iterable[str]:
    for flagged in case.flagged:
        for part in flagged.parts:
            yield from (
                node.value for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )


def _all(case: Case) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(item for flagged in case.flagged for item in case.quote(flagged.node)))


def cleaned_arguments(case: Case) -> Observation | None:
    """Everything that is not constant went through a function that makes it harmless."""
    found = case.ingredients
    if not found or any(part.kind not in {Kind.NUMBER, Kind.CLEANED} for part in found):
        return None
    named = _names(found)
    quotes = _quotes(found)
    if all(part.kind is Kind.NUMBER for part in found):
        return Observation(-2.5, f"The only parts that are not constant are numbers ({named}).", quotes)
    return Observation(-1.9, f"Everything that is not constant is cleaned or checked first ({named}).", quotes)


_TAKES_PARAMETERS = frozenset({"execute", "executemany", "raw", "read_sql", "read_sql_query"})


def parameterised_query(case: Case) -> Observation | None:
    """The values of the query travel beside its text."""
    for call in case.calls:
        more = len(call.args) > 1 or any(k.arg in {"params", "parameters", "vars"} for k in call.keywords)
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name in _TAKES_PARAMETERS and more and case.ingredients == frozenset():
            words = "The text of the query is constant and its values are passed as parameters beside it."
            return Observation(-2.8, words, case.quote(call))
    return None


_INPUT_WEIGHT = {
    Kind.REQUEST: 2.4,
    Kind.NETWORK: 1.8,
    Kind.ARGUMENTS: 1.4,
    Kind.ENVIRONMENT: 1.2,
    Kind.FILE: 1.0,
}
_OWN = frozenset({Kind.ARGUMENTS, Kind.ENVIRONMENT, Kind.FILE})
"""Kinds that the person who starts the program usually chooses for himself."""

_INPUT_WORDS = {
    Kind.REQUEST: "which whoever sends the request chooses",
    Kind.NETWORK: "which comes over the network",
    Kind.ARGUMENTS: "which whoever starts the program chooses",
    Kind.ENVIRONMENT: "which the environment of the process sets",
    Kind.FILE: "which is read from a file",
}


def input_reaches_call(case: Case) -> Observation | None:
    """Data of others reaches the flagged call in this file, and nothing cleans it on the way."""
    found = [part for kind in INPUT for part in sorted(case.ingredients or (), key=_order) if part.kind is kind]
    if not found:
        return None
    worst = found[0]
    words = f"{worst.what} reaches the flagged call uncleaned, {_INPUT_WORDS[worst.kind]}."
    weight = _INPUT_WEIGHT[worst.kind]
    if case.family is Family.COMMAND and worst.kind in _OWN and not any(_uses_shell(call) for call in case.calls):
        weight -= 0.5
        words += " No shell reads it, and who chooses it may be allowed to start programs anyway."
    return Observation(weight, words, _quotes([worst]) + _all(case)[:1])


def shell_with_variable(case: Case) -> Observation | None:
    """A shell reads a command line that is put together at run time (which is nothing unusual in a test)."""
    found = case.ingredients
    if not found or all(part.kind in {Kind.NUMBER, Kind.CLEANED} for part in found) or in_test(case):
        return None
    for call in case.calls:
        if _uses_shell(call):
            named = _names([part for part in found if part.kind not in {Kind.NUMBER, Kind.CLEANED}])
            return Observation(1.4, f"A shell interprets a command line made from {named}.", case.quote(call))
    return None


_STARTS_PROGRAM = re.compile(r"run|exec|popen|call|command|process|spawn|shell|system|output", re.IGNORECASE)


def _uses_shell(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    shell = [k.value for k in call.keywords if k.arg == "shell"]
    asked = any(not (isinstance(value, ast.Constant) and not value.value) for value in shell)
    return (asked and _STARTS_PROGRAM.search(name) is not None) or name in {
        "system",
        "popen",
        "getoutput",
        "getstatusoutput",
        "create_subprocess_shell",
    }


def list_arguments(case: Case) -> Observation | None:
    """A fixed program gets its arguments as a list, so no shell reads them."""
    calls = case.calls
    if not calls or not all(_runs_fixed_program(call) for call in calls):
        return None
    words = "A fixed program is started with a list of arguments, so no shell interprets them."
    return Observation(-1.6, words, case.quote(calls[0]))


def _runs_fixed_program(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in {"run", "call", "check_call", "check_output", "Popen"} or _uses_shell(call) or not call.args:
        return False
    first = call.args[0]
    while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add):
        first = first.left
    if not isinstance(first, ast.List | ast.Tuple) or not first.elts or not isinstance(first.elts[0], ast.Constant):
        return False
    program = first.elts[0].value
    return isinstance(program, str) and program.rpartition("/")[2] not in SHELLS


def fixed_address(case: Case) -> Observation | None:
    """The address starts with a fixed scheme and host."""
    python = case.view.python
    for flagged in case.flagged if python is not None else ():
        for part in flagged.parts[:1]:
            start = literal_start(part)
            scheme, _, rest = start.partition("://")
            if scheme in {"http", "https"} and "/" in rest:
                words = "The address starts with a fixed scheme and host; only what follows varies."
                return Observation(-1.7, words, case.quote(part))
            if scheme in {"http", "https"} and "B310" in _bandit_ids(case):
                return Observation(-1.7, "The scheme of the address is fixed: no `file:` address.", case.quote(part))
            if start.startswith("/") and len(start) > 1 and start[1] not in "/\\":
                return Observation(-1.7, "The address is a path on this site.", case.quote(part))
    return None


def literal_start(node: ast.expr) -> str:
    """The constant text that a string expression certainly starts with."""
    for _ in range(50):
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        if isinstance(node, ast.JoinedStr) and node.values:
            node = node.values[0]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            node = node.left
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return literal_start(node.left).partition("%")[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return literal_start(node.func.value).partition("{")[0]
        else:
            return ""
    return ""


def _order(part: Ingredient) -> tuple[str, str]:
    return part.kind, part.what


def _names(parts: Iterable[Ingredient]) -> str:
    """What up to three ingredients are, for a sentence."""
    named = list(dict.fromkeys(part.what[:100] for part in sorted(parts, key=_order)))
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")


def _quotes(parts: Iterable[Ingredient]) -> tuple[Evidence, ...]:
    quotes = [part.evidence for part in sorted(parts, key=_order) if part.evidence is not None]
    return tuple(dict.fromkeys(quotes))[:3]


_CHECKED_ELSEWHERE = "the data is checked where this file does not show it"


def unresolved(case: Case) -> str:
    """What could not be followed, for a person who has to decide; empty if that was not the trouble."""
    parts = [p for p in case.ingredients or () if p.kind in {Kind.PARAMETER, Kind.UNKNOWN}]
    return _names(parts) if parts else ""


_COMMANDS = frozenset({Family.COMMAND, Family.PARTIAL_PATH})
_FROM_OUTSIDE = "part of it came from outside after all"

SIGNALS = (
    Signal("parameterised-query", "value", parameterised_query, _FROM_OUTSIDE, frozenset({Family.SQL})),
    Signal("constant-arguments", "value", constant_arguments, _FROM_OUTSIDE, DATA_FLOW),
    Signal("sanitiser", "value", cleaned_arguments, "the cleaning does not fit the place it is used in", DATA_FLOW),
    Signal("list-arguments", "value", list_arguments, "the program can read an argument as an option", _COMMANDS),
    Signal("fixed-address", "value", fixed_address, "the host can be chosen from outside", frozenset({Family.URL})),
    Signal(
        "input-reaches-call",
        "input",
        input_reaches_call,
        "the data is checked where this file does not show it",
        DATA_FLOW,
    ),
    Signal("shell-with-variable", "shell", shell_with_variable, "each part is fixed or quoted", _COMMANDS),
)
