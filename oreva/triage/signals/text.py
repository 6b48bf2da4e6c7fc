"""Signals from the text of files that are not parsed: JavaScript, TypeScript, Java, Go, PHP, Ruby, broken Python."""

from __future__ import annotations

import re

from oreva.triage import text_view
from oreva.triage.case import Case
from oreva.triage.families import DATA_FLOW, Family, constants_refute
from oreva.triage.signals.base import Observation, Signal
from oreva.triage.vocabulary import (
    RUNS_MORE,
    RUNS_PARAMETER,
    SPOILS_CLEANING,
    TEXT_SANITISERS,
    TEXT_SINKS,
    TEXT_SOURCES,
    runs_code,
)


def _readable(case: Case) -> bool:
    return case.view.python is None and case.view.language in TEXT_SOURCES and bool(case.region.strip())


def _chain(case: Case) -> list[text_view.Call]:
    """The calls of flagged code that is one chain of calls; empty for any other."""
    if not _readable(case):
        return []
    return text_view.call_chain(text_view.shape(case.region, case.view.language)) or []


def _texts(case: Case) -> list[str]:
    return text_view.texts_in(case.region, case.view.language)


def constant_text(case: Case) -> Observation | None:
    """The flagged call has literals only, and it is one that acts on its arguments."""
    chain = _chain(case) if case.view.language != "python" else []
    given = [arguments for _, arguments in chain if arguments.strip()]
    if not given or not all(text_view.only_literals(arguments) for arguments in given):
        return None
    sinks = TEXT_SINKS.get(case.family, frozenset())
    if chain[-1][0] not in sinks or not constants_refute(case.finding) or _runs_more(case):
        return None
    words = "All arguments of the flagged call are literals."
    return Observation(-1.9, words, case.quote())


def _runs_more(case: Case) -> bool:
    """Whether constant code can run what is not constant, or a shell is started that gets its commands later."""
    texts = _texts(case)
    if case.family is Family.CODE:
        return any(RUNS_MORE.search(text) for text in texts)
    return case.family is Family.COMMAND and all(runs_code(text) or text.startswith("-") for text in texts)


def parameterised_text(case: Case) -> Observation | None:
    """The query is one literal with places for values, which follow it."""
    chain = _chain(case)
    if not chain or chain[-1][0] not in TEXT_SINKS[Family.SQL] or not text_view.starts_with_literal(chain[-1][1]):
        return None
    texts = _texts(case)
    if not any(re.search(r"\?|\$\d|[:@]\w", text) for text in texts) or any(map(RUNS_PARAMETER.search, texts)):
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
    """All that is not constant in the flagged code goes through a cleaning function."""
    known = TEXT_SANITISERS.get(case.family)
    if known is None or not _readable(case) or not known.search(case.region) or _does_not_help(case, known):
        return None
    shaped = text_view.shape(case.region, case.view.language)
    rest = text_view.without_calls(shaped, known)
    if rest is None:
        return None
    value = text_view.assigned_value(rest)
    chain = text_view.call_chain(rest) or []
    given = [value] if value is not None else [arguments for _, arguments in chain if arguments.strip()]
    if not given or not all(text_view.only_literals(arguments) for arguments in given):
        return None
    words = "The flagged code calls a function that cleans its argument for this purpose."
    return Observation(-1.4, words, case.quote())


_FIXED_START = re.compile(r"https?://[\w.-]+(?::\d+)?/|/[^/\\]")


def _does_not_help(case: Case, known: re.Pattern[str]) -> bool:
    """Whether the constant text around cleaned values makes the cleaning useless."""
    texts = _texts(case)
    spoils = SPOILS_CLEANING.get(case.family)
    if case.family is Family.URL:
        return not texts or _FIXED_START.match(texts[0]) is None
    if case.family is Family.PATH:
        last = list(known.finditer(case.region))[-1]
        return any("/" in text for text in text_view.texts_in(case.region[last.end() :], case.view.language))
    return spoils is not None and any(map(spoils.search, texts))


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
