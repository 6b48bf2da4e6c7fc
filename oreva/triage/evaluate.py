r"""Measure a triager against labelled cases: what `oreva triage eval FILE` does.

The file holds JSON lines; empty lines are skipped. Each line is one finding with its code and the truth:

    {"label": "false_positive", "scanner": "bandit", "rule_id": "B602", "cwe": ["CWE-78"], "severity": "high",
     "path": "tests/run.py", "start_line": 2, "code": "import subprocess\nsubprocess.run('ls', shell=True)\n"}

    label       `true_positive` or `false_positive`: what a person decided
    scanner, rule_id, path, start_line, code (the text of the whole file)      required
    cwe (none), severity (medium), confidence (medium), message (empty)        optional, with their defaults
    start_col (the first character of the line), end_line (start_line), end_col (the end of the line)   optional
    suppression (none)                                                         optional, as in a detection
    note                                                                       optional, for people
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from oreva.errors import UsageError
from oreva.models import (
    Assessment,
    Confidence,
    Detection,
    Finding,
    Fingerprints,
    InSourceSuppression,
    Model,
    Severity,
    Verdict,
)
from oreva.triage.base import TriageContext, Triager
from oreva.triage.evidence import split_lines

Label = Literal[Assessment.TRUE_POSITIVE, Assessment.FALSE_POSITIVE]
Line = Annotated[int, Field(ge=1)]

DANGEROUS_CONFIDENCE = 0.9
"""From this confidence on a policy may suppress: a real defect called false with it is the worst error."""


class LabelledCase(Model):
    """One line of the file."""

    label: Label
    scanner: str
    rule_id: str
    path: str
    start_line: Line
    code: str
    cwe: tuple[str, ...] = ()
    severity: Severity = Severity.MEDIUM
    confidence: Confidence = Confidence.MEDIUM
    message: str = ""
    start_col: Line | None = None
    end_line: Line | None = None
    end_col: Line | None = None
    suppression: InSourceSuppression | None = None
    note: str = ""

    def finding(self) -> Finding:
        """The case as a finding with one detection."""
        lines = split_lines(self.code)
        first, last = self.start_line, self.end_line or self.start_line
        start = lines[first - 1] if first <= len(lines) else ""
        end = lines[last - 1] if last <= len(lines) else ""
        detection = Detection(
            scanner=self.scanner,
            rule_id=self.rule_id,
            path=self.path,
            start_line=first,
            start_col=self.start_col or len(start) - len(start.lstrip()) + 1,
            end_line=last,
            end_col=self.end_col or len(end) + 1,
            severity=self.severity,
            confidence=self.confidence,
            message=self.message,
            cwe=self.cwe,
            suppression=self.suppression,
        )
        return Finding(
            id="",
            severity=self.severity,
            confidence=self.confidence,
            title=self.rule_id,
            message=self.message,
            cwe=self.cwe,
            path=self.path,
            start_line=first,
            end_line=last,
            snippet="\n".join(lines[first - 1 : last])[:4_000],
            detections=(detection,),
            fingerprints=(Fingerprints(rule="", code="", context="", primary_location_line_hash=""),),
            first_seen=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
        )


class Judged(Model):
    """One case and what the triager made of it."""

    line: int
    """Of the file."""
    label: Label
    rule_id: str
    path: str
    verdict: Verdict | None
    untriaged_reason: str = ""

    @property
    def assessment(self) -> Assessment:
        """The verdict's; no verdict counts as uncertain."""
        return Assessment.UNCERTAIN if self.verdict is None else self.verdict.assessment

    @property
    def is_dangerous(self) -> bool:
        """Whether a real defect was called a false positive with a confidence that may hide it."""
        return (
            self.label is Assessment.TRUE_POSITIVE
            and self.assessment is Assessment.FALSE_POSITIVE
            and self.verdict is not None
            and self.verdict.confidence >= DANGEROUS_CONFIDENCE
        )


class Evaluation(Model):
    """How a triager did."""

    triager: str
    counts: dict[Label, int]
    """Cases by label."""
    confusion: dict[Label, dict[Assessment, int]]
    """By label, how often it was given which assessment; no verdict counts as `uncertain`."""
    precision: dict[Label, float | None]
    """Of the cases that were called this, the share that are; None if none was."""
    recall: dict[Label, float | None]
    """Of the cases that are this, the share that was called so; None if there are none."""
    untriaged: int
    """Cases without a verdict."""
    dangerous: tuple[Judged, ...]
    """Real defects called false positive at a confidence of 0.9 or more."""
    judged: tuple[Judged, ...]
    """All cases, in the order of the file."""

    def __str__(self) -> str:
        """The numbers as lines for a terminal: the confusion table, precision and recall, then the dangerous errors."""
        rows = ["labelled              called true   called false   uncertain   precision   recall"]
        for label, row in self.confusion.items():
            cells = (
                f"{label.replace('_', ' '):<20}{row[Assessment.TRUE_POSITIVE]:>13}{row[Assessment.FALSE_POSITIVE]:>15}"
            )
            shares = f"{_percent(self.precision[label]):>12}{_percent(self.recall[label]):>9}"
            rows.append(f"{cells}{row[Assessment.UNCERTAIN]:>12}{shares}")
        rows.append(f"{sum(self.counts.values())} cases, {self.untriaged} without a verdict, triager {self.triager}")
        limit = f"called false at {DANGEROUS_CONFIDENCE:g} or more"
        rows.append(f"real defects {limit}: {len(self.dangerous)}")
        rows += [f"  line {judged.line}: {judged.rule_id!r} in {judged.path!r}" for judged in self.dangerous]
        return "\n".join(rows)


def evaluate(cases: Path, triager: Triager) -> Evaluation:
    """Let a triager judge every case of a file, each by itself, and count.

    Args:
        cases: a file as described at the top of this module.
        triager: any triager.

    Raises:
        UsageError: the file cannot be read, holds no case, or a line of it is wrong; names file and line.
    """
    judged = tuple(_judge(number, case, triager) for number, case in read_cases(cases))
    return summarise(triager.name, judged)


def read_cases(path: Path) -> list[tuple[int, LabelledCase]]:
    """The cases of a file with their line numbers. Raises `UsageError` as `evaluate` does."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: the labelled cases cannot be read ({_short(error)}); give a JSON lines file"
        ) from error
    found = list(_parse(path, lines))
    if not found:
        raise UsageError(f"{path}: there is no labelled case in it; see `oreva triage eval --help` for the format")
    return found


def _parse(path: Path, lines: Sequence[str]) -> Iterator[tuple[int, LabelledCase]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, LabelledCase.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "line"
            raise UsageError(f"{path}:{number}: {where}: {first['msg']}; correct this line") from error


def _short(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "it is not UTF-8"


def _judge(number: int, case: LabelledCase, triager: Triager) -> Judged:
    result = triager.triage([case.finding()], TriageContext(files={case.path: case.code}))[0]
    return Judged(
        line=number,
        label=case.label,
        rule_id=case.rule_id,
        path=case.path,
        verdict=result.verdict,
        untriaged_reason=result.untriaged_reason,
    )


def summarise(name: str, judged: Sequence[Judged]) -> Evaluation:
    """Count what a triager made of the cases."""
    labels: tuple[Label, ...] = (Assessment.TRUE_POSITIVE, Assessment.FALSE_POSITIVE)
    confusion: dict[Label, dict[Assessment, int]] = {
        label: {a: sum(j.label is label and j.assessment is a for j in judged) for a in Assessment} for label in labels
    }
    counts: dict[Label, int] = {label: sum(confusion[label].values()) for label in labels}
    called = {label: sum(confusion[truth][label] for truth in labels) for label in labels}
    return Evaluation(
        triager=name,
        counts=counts,
        confusion=confusion,
        precision={label: _share(confusion[label][label], called[label]) for label in labels},
        recall={label: _share(confusion[label][label], counts[label]) for label in labels},
        untriaged=sum(j.verdict is None for j in judged),
        dangerous=tuple(j for j in judged if j.is_dangerous),
        judged=tuple(judged),
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
