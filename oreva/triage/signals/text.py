"""Signals from the text of files that are not parsed: JavaScript, TypeScript, Java, Go, PHP, Ruby, broken Python."""

from __future__ import annotations

import re

from oreva.triage import text_view
from oreva.triage.case import Case
from oreva.triage.families import DATA_FLOW, Family
from oreva.triage.signals.base import Observation, Signal
from oreva.triage.vocabulary import TEXT_SANITISERS, TEXT_SOURCES


def _readable(case: Case) -> bool:
    return case.view.python is None and case.view.language in TEXT_SOURCES and bool(case.region.strip())


def constant_text(case: Case) -> Observation | None:
    """The flagged call has literals only."""
    arguments = _arguments(case) if case.view.language != "python" else None
    if arguments is None or not text_view.only_literals(arguments):
        return None
    words = "All arguments of the flagged call are literals."
    return Observation(-1.9, words, case.quote())


def _arguments(case: Case) -> str | None:
    if not _readable(case):
        return None
    return text_view.call_arguments(text_view.shape(case.region, case.view.language))


def parameterised_text(case: Case) -> Observation | None:
    """The query is one literal with places for values, which follow it."""
    arguments = _arguments(case)
    if arguments is None or not text_view.starts_with_literal(arguments):
        return None
    if re.search(r"\?|\$\d|[:@]\w", case.region) is None:
        return None
    words = "The text of the query is one literal and its values are passed as parameters beside it."
    return Observation(-2.0, words, case.quote())


def input_on_line(case: Case) -> Observation | None:
    """Input from outside is used in the flagged code, or in a variable of the same function that it uses."""
    if not _readable(case):
        return None
    source = TEXT_SOURCES[case.view.language]
    if source.search(case.region):
        return Observation(2.2, "Data that a user sends is used right in the flagged code.", case.quote())
    line = case.finding.primary.start_line
    start = text_view.function_start(case.view.code, line)
    used = set(re.findall(r"[A-Za-z_$][\w$]*", _unquoted(case)))
    for name, where in text_view.variables_from(case.view.code, start, line, source).items():
        if name in used:
            origin = case.view.quote(where)
            words = f"`{name[:60]}` holds data that a user sends (line {where}) and is used in the flagged code."
            return Observation(1.8, words, (*(() if origin is None else (origin,)), *case.quote()))
    return None


def _unquoted(case: Case) -> str:
    """The flagged code without plain strings; strings with variables in them stay."""
    if case.view.language in {"javascript", "php", "ruby"}:
        return re.sub(r'"[^"\n$#]*"|\'[^\'\n]*\'', '""', case.region)
    return text_view.shape(case.region, case.view.language)


def cleaned_text(case: Case) -> Observation | None:
    """A cleaning function is called in the flagged code."""
    known = TEXT_SANITISERS.get(case.family)
    if known is None or not _readable(case) or not known.search(case.region):
        return None
    words = "The flagged code calls a function that cleans its argument for this purpose."
    return Observation(-1.4, words, case.quote())


SIGNALS = (
    Signal(
        "parameterised-query",
        "value",
        parameterised_text,
        "part of the query came from outside after all",
        frozenset({Family.SQL}),
    ),
    Signal("constant-arguments", "value", constant_text, "part of it came from outside after all", DATA_FLOW),
    Signal("sanitiser", "value", cleaned_text, "the cleaning does not cover every part", DATA_FLOW),
    Signal("input-reaches-call", "input", input_on_line, "the data is checked before it gets here", DATA_FLOW),
)
