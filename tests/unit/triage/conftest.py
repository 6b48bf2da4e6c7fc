"""Findings made from a piece of code and the text that a scanner would point at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from oreva.models import (
    Assessment,
    Confidence,
    Detection,
    Evidence,
    Finding,
    Fingerprints,
    InSourceSuppression,
    Severity,
    Verdict,
)
from oreva.triage.base import TriageContext
from oreva.triage.evidence import verify
from oreva.triage.heuristics import HeuristicTriager
from tests.unit.triage.converse_server import ConverseServer

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def make_finding(
    code: str,
    target: str,
    *,
    rule: str = "B602",
    cwe: str = "CWE-78",
    path: str = "app/code.py",
    scanner: str = "bandit",
    severity: Severity = Severity.MEDIUM,
    suppression: InSourceSuppression | None = None,
) -> Finding:
    """A finding on the first occurrence of `target` in `code`."""
    before = code[: code.index(target)]
    upto = before + target
    detection = Detection(
        scanner=scanner,
        rule_id=rule,
        path=path,
        start_line=before.count("\n") + 1,
        start_col=len(before) - before.rfind("\n"),
        end_line=upto.count("\n") + 1,
        end_col=len(upto) - upto.rfind("\n"),
        severity=severity,
        confidence=Confidence.MEDIUM,
        message="",
        cwe=(cwe,),
        suppression=suppression,
    )
    return Finding(
        id="01K00000000000000000000000",
        severity=severity,
        confidence=Confidence.MEDIUM,
        title=rule,
        message="",
        cwe=(cwe,),
        path=path,
        start_line=detection.start_line,
        end_line=detection.end_line,
        snippet=target,
        detections=(detection,),
        fingerprints=(Fingerprints(rule="r", code="c", context="x", primary_location_line_hash="0:1"),),
        first_seen=NOW,
    )


def judge_code(code: str, target: str, **about: object) -> Verdict:
    """The heuristic verdict on one finding; its quotes are checked on the way."""
    finding = make_finding(code, target, **about)  # type: ignore[arg-type]
    files = {finding.path: code}
    (result,) = HeuristicTriager(lambda: NOW).triage([finding], TriageContext(files=files))
    assert result.verdict is not None, result.untriaged_reason
    assert verify(result.verdict, files) == []
    return result.verdict


def make_verdict(
    assessment: Assessment = Assessment.FALSE_POSITIVE,
    confidence: float = 0.95,
    *,
    by: str = "bedrock",
    model: str | None = "model-a",
    quote: str | None = "run(x)",
) -> Verdict:
    """A verdict as a model gives it."""
    return Verdict(
        assessment=assessment,
        confidence=confidence,
        rationale="because",
        evidence=() if quote is None else (Evidence(path="a.py", line=1, quote=quote),),
        triaged_by=by,  # type: ignore[arg-type]
        model_id=model,
        at=NOW,
    )


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ConverseServer]:
    """A model on a local port; `requests` and `model` stay from test to test of a module."""
    with ConverseServer() as server:
        yield server


@pytest.fixture
def finding_of() -> Callable[..., Finding]:
    return make_finding


@pytest.fixture
def judge() -> Callable[..., Verdict]:
    return judge_code


@pytest.fixture
def verdict_of() -> Callable[..., Verdict]:
    return make_verdict


@pytest.fixture
def now() -> dt.datetime:
    return NOW
