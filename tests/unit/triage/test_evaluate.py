"""Measuring a triager against labelled cases, and how the heuristic one does on ours."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from oreva.errors import UsageError
from oreva.models import Assessment, Severity
from oreva.triage.base import TriageContext, TriageResult
from oreva.triage.evaluate import LabelledCase, evaluate, read_cases
from oreva.triage.heuristics import HeuristicTriager

CASES = Path(__file__).with_name("cases.jsonl")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "triage.md"
TRUE, FALSE = Assessment.TRUE_POSITIVE, Assessment.FALSE_POSITIVE


class Fixed:
    """Says the same of everything."""

    name = "fixed"

    def __init__(self, verdict):
        self.verdict = verdict

    def triage(self, findings, context: TriageContext):
        reason = "" if self.verdict else "nothing to say"
        return [
            TriageResult(finding_index=i, verdict=self.verdict, untriaged_reason=reason) for i, _ in enumerate(findings)
        ]


def case(label: str, **more: object) -> str:
    fields = {
        "label": label,
        "scanner": "bandit",
        "rule_id": "B307",
        "path": "a.py",
        "start_line": 1,
        "code": "eval(x)\n",
    }
    return json.dumps({**fields, **more})


def test_the_heuristic_triager_hides_no_real_defect_of_ours():
    evaluation = evaluate(CASES, HeuristicTriager(lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    assert evaluation.counts[TRUE] >= 250
    assert evaluation.counts[FALSE] >= 80
    assert evaluation.dangerous == ()
    assert evaluation.untriaged == 0
    assert evaluation.confusion[TRUE][FALSE] == 0
    assert evaluation.confusion[FALSE][TRUE] == 0
    recall = evaluation.recall
    assert recall[TRUE] is not None
    assert recall[TRUE] >= 0.55
    assert recall[FALSE] is not None
    assert recall[FALSE] >= 0.9
    assert str(evaluation) in PAGE.read_text(encoding="utf-8")


def test_counting(tmp_path, verdict_of):
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join([case("true_positive"), "", case("false_positive"), case("false_positive")]) + "\n")
    evaluation = evaluate(file, Fixed(verdict_of(FALSE, 0.95)))
    assert evaluation.counts == {TRUE: 1, FALSE: 2}
    assert evaluation.confusion[FALSE] == {TRUE: 0, FALSE: 2, Assessment.UNCERTAIN: 0}
    assert evaluation.precision == {TRUE: None, FALSE: 0.6667}
    assert evaluation.recall == {TRUE: 0.0, FALSE: 1.0}
    assert [judged.line for judged in evaluation.dangerous] == [1]
    assert [judged.line for judged in evaluation.judged] == [1, 3, 4]
    report = str(evaluation)
    assert "line 1: 'B307' in 'a.py'" in report
    assert "3 cases, 0 without a verdict, triager fixed" in report


def test_less_than_dangerous(tmp_path, verdict_of):
    file = tmp_path / "cases.jsonl"
    file.write_text(case("true_positive"))
    assert evaluate(file, Fixed(verdict_of(FALSE, 0.89))).dangerous == ()
    none = evaluate(file, Fixed(None))
    assert none.untriaged == 1
    assert none.confusion[TRUE][Assessment.UNCERTAIN] == 1
    assert none.recall[FALSE] is None


def test_a_case_becomes_a_finding_with_defaults_from_its_code():
    line = case("true_positive", code="x\n  eval(y)  \n", start_line=2, cwe=["CWE-95"], severity="high")
    finding = LabelledCase.model_validate_json(line).finding()
    detection = finding.primary
    assert (detection.start_line, detection.start_col, detection.end_line, detection.end_col) == (2, 3, 2, 12)
    assert finding.snippet == "  eval(y)  "
    assert (finding.severity, finding.cwe) == (Severity.HIGH, ("CWE-95",))
    beyond = LabelledCase.model_validate_json(case("true_positive", start_line=9)).finding()
    assert (beyond.start_line, beyond.snippet) == (9, "")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("{", "Invalid JSON"),
        ("[]", "line"),
        (case("maybe"), "label"),
        (case("uncertain"), "label"),
        (case("true_positive", start_line=0), "start_line"),
        (case("true_positive", colour="red"), "colour"),
        ('{"label": "true_positive"}', "scanner"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, word):
    file = tmp_path / "cases.jsonl"
    file.write_text(f"{case('true_positive')}\n\n{line}\n")
    with pytest.raises(UsageError, match=r"cases\.jsonl:3: .*" + word) as error:
        read_cases(file)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_used_is_named(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_cases(tmp_path / "missing.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_cases(tmp_path / "latin.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n \n")
    with pytest.raises(UsageError, match="no labelled case"):
        read_cases(tmp_path / "empty.jsonl")
