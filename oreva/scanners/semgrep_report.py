"""What Semgrep reports: its JSON, and what its errors say of files and rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypedDict

from oreva.models import Outcome
from oreva.rules.engine import RAN_OUT
from oreva.scanners.base import BatchFailedError
from oreva.scanners.process import Finished

TOO_MANY = "Too many matches"
"""Semgrep's error where a file has more than 10,000: it then reports nothing at all of that file."""
RULES_NAMED = 3
"""How many of the rules that were not finished on a file the reason names."""
RULES_OVERFLOWED = " could not report all of "
"""Part of the reason where rules are left out for their number of matches."""


class Position(TypedDict):
    """A place in a file; both 1-based."""

    line: int
    col: int


class Result(TypedDict):
    """One match."""

    check_id: str
    path: str
    start: Position
    end: Position
    extra: dict[str, object]


class Paths(TypedDict):
    """What it looked at."""

    scanned: list[str]


class Report(TypedDict):
    """What one run wrote, as far as it is needed here."""

    results: list[Result]
    errors: list[dict[str, object]]
    paths: Paths


def read_report(output: Path, finished: Finished) -> Report:
    """Read what Semgrep wrote; anything but a whole report of a run that ended by itself fails the batch."""
    if finished.stopped or finished.returncode < 0:
        raise BatchFailedError(f"semgrep {finished.reason}")
    try:
        report: Report = json.loads(output.read_bytes())
        complete = isinstance(report["results"], list) and isinstance(report["paths"]["scanned"], list)
    except (ValueError, KeyError, TypeError):
        complete = False
    if not complete:
        said = _said(finished.stderr)
        raise BatchFailedError(f"semgrep {finished.reason or 'wrote no report'}{': ' + said if said else ''}")
    if finished.returncode not in (0, 1) and not report["errors"]:
        raise BatchFailedError(f"semgrep {finished.reason}")
    return report


def _said(stderr: str) -> str:
    """What Semgrep wrote about its end, without what it writes at every start."""
    lines = (line for line in stderr.splitlines() if "options starting with '--x-'" not in line)
    return " ".join(" ".join(lines).split())[-300:]


def relative(path: str) -> str:
    """A path of the report as the stage writes it."""
    return path.removeprefix("./")


def path_of(error: Mapping[str, object]) -> str:
    """The file that an error is about; empty if it is about none."""
    path = error.get("path")
    if isinstance(path, str):
        return relative(path)
    location = error.get("location")
    if isinstance(location, dict) and isinstance(location.get("path"), str):
        return relative(str(location["path"]))
    return ""


def overflows(report: Report) -> dict[str, str]:
    """The files of which nothing is reported because there is too much, each with the rule that matches most often."""
    return {
        path: str(error["rule_id"])
        for error in report["errors"]
        if _kind(error) == TOO_MANY and error.get("rule_id") and (path := path_of(error))
    }


def problems_of(errors: Iterable[Mapping[str, object]]) -> dict[str, tuple[Outcome, str]]:
    """What Semgrep's `errors` say of each file: the outcome and why, in words."""
    ran_out: dict[str, list[str]] = {}
    overflowed: dict[str, list[str]] = {}
    problems: dict[str, tuple[Outcome, str]] = {}
    for error in errors:
        path = path_of(error)
        if not path:
            continue
        name = _kind(error)
        rule = str(error.get("rule_id") or "a rule")
        if name == TOO_MANY:
            overflowed.setdefault(path, []).append(rule)
        elif name in RAN_OUT:
            ran_out.setdefault(path, []).append(f"{rule} ({name.lower()})")
        elif name == "PartialParsing":
            _worsen(problems, path, f"semgrep could not parse {_spans(error)}")
        else:
            line = re.search(r":(\d+):", str(error.get("message", "")))
            where = f" (line {line.group(1)})" if line else ""
            problems[path] = (Outcome.FAILED, f"semgrep could not read it: {name.lower()}{where}")
    for path, rules in overflowed.items():
        _worsen(problems, path, f"semgrep{RULES_OVERFLOWED}{_listed(rules)}: more than 10,000 matches")
    for path, rules in ran_out.items():
        _worsen(problems, path, f"semgrep did not finish {_listed(rules)}")
    return problems


def _worsen(problems: dict[str, tuple[Outcome, str]], path: str, reason: str) -> None:
    """Note why a file was seen only in part, unless it was not seen at all."""
    if problems.get(path, (Outcome.PARTIAL, ""))[0] is Outcome.PARTIAL:
        problems[path] = (Outcome.PARTIAL, reason)


def _kind(error: Mapping[str, object]) -> str:
    kind = error.get("type")
    return str(kind[0]) if isinstance(kind, list) and kind else str(kind)


def _listed(rules: Iterable[str]) -> str:
    unlike = sorted(set(rules))
    more = len(unlike) - RULES_NAMED
    return ", ".join(unlike[:RULES_NAMED]) + (f" and {more} more" if more > 0 else "")


def _spans(error: Mapping[str, object]) -> str:
    spans = error.get("spans")
    lines = [
        (span["start"]["line"], span["end"]["line"])
        for span in (spans if isinstance(spans, list) else [])
        if isinstance(span, dict)
    ]
    if not lines:
        return "part of it"
    shown = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in sorted(set(lines))[:5])
    several = len(lines) > 1 or lines[0][0] != lines[0][1]
    return f"line{'s' if several else ''} {shown}{' and more' if len(lines) > 5 else ''}"
