"""Signals from where the data of the flagged call comes from, in Python files that can be parsed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from oreva.models import Evidence
from oreva.triage.case import Case
from oreva.triage.families import DATA_FLOW, Family, bandit_id, constants_refute
from oreva.triage.python_flow import NOTHING, Ingredient
from oreva.triage.python_sources import INPUT, Kind
from oreva.triage.python_tree import dotted
from oreva.triage.signals.base import Observation, Signal
from oreva.triage.signals.place import in_test
from oreva.triage.vocabulary import CODE_FLAG, OPTIONS_RUN_PROGRAMS, RUNS_MORE, RUNS_PARAMETER, runs_code

_CONSTANT_IS_NO_PROOF = frozenset({"B609", "B113", "B202"})
"""Bandit tests about something else than the origin of the data: a constant with a wildcard in it, a missing limit."""


def _bandit_ids(case: Case) -> frozenset[str]:
    return frozenset(bandit_id(detection) for detection in case.finding.detections)


def constant_arguments(case: Case) -> Observation | None:
    """All that the call acts on is written in the source."""
    if case.ingredients != frozenset() or not constants_refute(case.finding) or _constants_do_harm(case):
        return None
    known = all(flagged.known for flagged in case.flagged)
    if not known and (case.family in {Family.DESERIALIZATION, Family.XML} or any(map(_is_setting, case.calls))):
        return None
    words = "Everything that reaches the flagged call is constant, as far as this file shows"
    if not known:
        return Observation(-0.8, f"{words}; but the claim may be about something else than its arguments.", _all(case))
    if case.family is Family.PARTIAL_PATH:
        return Observation(-1.4, f"{words}; but who chooses the search path chooses the program.", _all(case))
    return Observation(-2.7, f"{words}: no outsider can choose any part of it.", _all(case))


def _constants_do_harm(case: Case) -> bool:
    """Whether constant arguments prove nothing: they are the defect, or run what is not constant."""
    if not _bandit_ids(case).isdisjoint(_CONSTANT_IS_NO_PROOF):
        return True
    if case.family is Family.CODE and any(RUNS_MORE.search(text) for text in _constants(case)):
        return True
    if case.family is Family.SQL and any(RUNS_PARAMETER.search(text) for text in _constants(case)):
        return any(len(call.args) > 1 for call in case.calls)
    return case.family in _RUNS and _other_input(case)


_RUNS = frozenset({Family.COMMAND, Family.PARTIAL_PATH, Family.CODE})


def _other_input(case: Case) -> bool:
    """Whether the call gets input beside what it runs: an environment, or what it feeds to a program that runs it."""
    for flagged in case.flagged:
        call = flagged.node
        if not isinstance(call, ast.Call):
            continue
        others = [node for node in (*call.args, *(k.value for k in call.keywords)) if node not in flagged.parts]
        found = NOTHING.union(*(case.ingredients_of(node, flagged.place) for node in others))
        if any(part.kind in {Kind.REQUEST, Kind.NETWORK, Kind.ARGUMENTS} for part in found):
            return True
        fed = any(k.arg == "stdin" and dotted(k.value).rpartition(".")[2] != "DEVNULL" for k in call.keywords)
        if fed and any(runs_code(text) for text in _constants(case)):
            return True
    return False


def _is_setting(call: ast.Call) -> bool:
    """Whether a call is given a switch or a number: then that may be the defect."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes) for node in given)


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
    if case.family is Family.URL and fixed_address(case) is None:
        return None
    if case.family is Family.PATH and any(part.what == "`basename(...)`" for part in found):
        whole = [call for call in case.calls if _name_of(call) not in {"open", "send_file"}]
        if whole or not case.calls:
            return None
    named = _names(found)
    quotes = _quotes(found) or case.quote()
    if all(part.kind is Kind.NUMBER for part in found):
        return Observation(-2.5, f"The only parts that are not constant are numbers ({named}).", quotes)
    return Observation(-1.9, f"Everything that is not constant is cleaned or checked first ({named}).", quotes)


_TAKES_PARAMETERS = frozenset({"execute", "executemany", "raw", "read_sql", "read_sql_query"})


def parameterised_query(case: Case) -> Observation | None:
    """The values of the query travel beside its text."""
    for call in case.calls:
        more = len(call.args) > 1 or any(k.arg in {"params", "parameters", "vars"} for k in call.keywords)
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        executed = any(RUNS_PARAMETER.search(text) for text in _constants(case))
        if name in _TAKES_PARAMETERS and more and not executed and case.ingredients == frozenset():
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
    name = _name_of(call)
    shell = [k.value for k in call.keywords if k.arg == "shell"]
    asked = any(not (isinstance(value, ast.Constant) and not value.value) for value in shell)
    return (asked and _STARTS_PROGRAM.search(name) is not None) or name in {
        "system",
        "popen",
        "getoutput",
        "getstatusoutput",
        "create_subprocess_shell",
    }


def _name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def list_arguments(case: Case) -> Observation | None:
    """A fixed program gets its arguments as a list, so no shell reads them."""
    calls = case.calls
    if not calls or not all(_runs_fixed_program(call) for call in calls):
        return None
    if any("CWE-88" in detection.cwe for detection in case.finding.detections) or _other_input(case):
        return None
    words = "A fixed program is started with a list of arguments, so no shell interprets them"
    if any(_reads_options(call) for call in calls):
        return Observation(-1.1, f"{words}; but an argument may be an option that runs more.", case.quote(calls[0]))
    return Observation(-1.6, f"{words}.", case.quote(calls[0]))


def _elements(call: ast.Call) -> list[ast.expr]:
    """The items of the list that is started, as far as they are written there; what is added to it counts as one."""
    pending, found = [call.args[0]], []
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            pending[:0] = [node.left, node.right]
        elif isinstance(node, ast.List | ast.Tuple):
            found += node.elts
        else:
            found.append(ast.Starred(node, ast.Load()))
    return found


def _runs_fixed_program(call: ast.Call) -> bool:
    if _name_of(call) not in {"run", "call", "check_call", "check_output", "Popen"} or _uses_shell(call):
        return False
    if not call.args or any(keyword.arg in {"executable", None} for keyword in call.keywords):
        return False
    items = _elements(call)
    texts = [item.value if isinstance(item, ast.Constant) and isinstance(item.value, str) else None for item in items]
    if not texts or not texts[0] or texts[0].lower().endswith((".bat", ".cmd")):
        return False
    given_code = any(
        flag is not None and CODE_FLAG.fullmatch(flag) and behind is None
        for flag, behind in zip(texts, [*texts[1:], ""], strict=True)
    )
    return not given_code and not any(text is not None and runs_code(text) for text in texts)


def _reads_options(call: ast.Call) -> bool:
    """Whether a program that can start others by an option gets arguments that may be options."""
    items = _elements(call)
    texts = [item.value if isinstance(item, ast.Constant) else None for item in items]
    variable = next((index for index, text in enumerate(texts) if text is None), len(texts))
    if "--" in texts[:variable] or variable == len(texts):
        return False
    all_unknown = any(isinstance(item, ast.Starred) for item in items)
    return all_unknown or str(texts[0]).rpartition("/")[2] in OPTIONS_RUN_PROGRAMS


def fixed_address(case: Case) -> Observation | None:
    """The address starts with a fixed scheme and host."""
    parts = [
        flagged.parts[0] for flagged in case.flagged if len(flagged.parts) == 1 or (flagged.known and flagged.parts)
    ]
    reasons = [_why_fixed(part, any_host="B310" in _bandit_ids(case)) for part in parts]
    if not parts or len(parts) < len(case.flagged) or not all(reasons):
        return None
    return Observation(-1.7, reasons[0], case.quote(parts[0]))


def _why_fixed(address: ast.expr, *, any_host: bool) -> str:
    """Why nobody chooses where an address leads, in a sentence; empty if somebody may."""
    start = literal_start(address)
    scheme, _, rest = start.partition("://")
    if scheme in {"http", "https"} and "/" in rest:
        return "The address starts with a fixed scheme and host; only what follows varies."
    if scheme in {"http", "https"} and any_host:
        return "The scheme of the address is fixed: no `file:` address."
    if start.startswith("/") and len(start) > 1 and start[1] not in "/\\":
        return "The address is a path on this site."
    return ""


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
