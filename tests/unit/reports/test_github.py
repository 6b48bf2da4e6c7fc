"""The check run and the commit status: what they say, whom they fail, and that untrusted text stays text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.models import CoverageEntry, Finding, ScanState, Severity, Source, Status
from oreva.reports import github
from oreva.reports.base import ReportData

MakeData = Callable[..., ReportData]
MakeFinding = Callable[..., Finding]
MakeGap = Callable[..., CoverageEntry]
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SOURCE = Source(provider="github", repository="acme/shop", ref="main", commit=COMMIT, default_branch="main")


@pytest.fixture
def scanned(make_data: MakeData, make_finding: MakeFinding) -> MakeData:
    """A scan of a commit without gaps, in which all findings are new."""

    def make(*findings: Finding, **changes: Any) -> ReportData:
        scan_changes = {"source": SOURCE} | changes.pop("scan_changes", {})
        fields = {"coverage": (), "new_ids": frozenset(f.id for f in findings)} | changes
        return make_data(findings=findings, scan_changes=scan_changes, **fields)

    return make


# --- conclusions ------------------------------------------------------------------------------------------------------


def test_a_new_finding_at_or_above_the_threshold_fails(scanned: MakeData, make_finding: MakeFinding) -> None:
    data = scanned(make_finding(1), make_finding(2, severity=Severity.LOW, start_line=3))
    output = github.completed(data)
    assert output.conclusion == "failure"
    assert output.title == "1 new finding at or above high: 1 high; 1 below"
    assert github.status(data) == ("failure", output.title)


def test_what_was_there_before_does_not_fail_a_commit(scanned: MakeData, make_finding: MakeFinding) -> None:
    output = github.completed(scanned(make_finding(1), new_ids=frozenset()))
    assert (output.conclusion, output.title) == ("success", "No new findings; 1 open from before")
    assert output.annotations == ()
    assert "1 open from before" in output.summary


def test_new_findings_below_the_threshold_do_not_fail(scanned: MakeData, make_finding: MakeFinding) -> None:
    output = github.completed(scanned(make_finding(1, severity=Severity.MEDIUM)))
    assert (output.conclusion, output.title) == ("success", "1 new finding, none at or above high: 1 medium")


def test_clean_is_said_of_a_clean_scan_only(scanned: MakeData) -> None:
    output = github.completed(scanned())
    assert (output.conclusion, output.title) == ("success", "No findings, no gaps: clean")


def test_a_gap_is_never_a_success(scanned: MakeData, make_gap: MakeGap) -> None:
    output = github.completed(scanned(coverage=(make_gap(),)))
    assert (output.conclusion, output.title) == ("failure", "No new findings, but 1 gap: not clean")
    assert "`app/broken.py` (bandit, failed): syntax error on line 12" in output.summary


@pytest.mark.parametrize("change", [{"accepted": True}, {}])
def test_a_gap_that_somebody_took_on_is_neutral(scanned: MakeData, make_gap: MakeGap, change: dict[str, bool]) -> None:
    data = scanned(coverage=(make_gap(**change),), allow_gaps=not change)
    output = github.completed(data)
    assert output.conclusion == "neutral"
    assert "not clean" in output.title
    assert github.status(data) == ("success", output.title)


def test_a_failing_finding_outranks_an_accepted_gap(
    scanned: MakeData, make_finding: MakeFinding, make_gap: MakeGap
) -> None:
    output = github.completed(scanned(make_finding(1), coverage=(make_gap(accepted=True), make_gap("b"))))
    assert output.conclusion == "failure"
    assert output.title == "1 new finding at or above high: 1 high; 1 gap and 1 accepted gap"


@pytest.mark.parametrize(
    ("changes", "conclusion", "title"),
    [
        ({"files": 0}, "neutral", "No files to scan: nothing was assessed"),
        ({"state": ScanState.SUPERSEDED}, "neutral", "Superseded: a newer commit was scanned first"),
        ({"state": ScanState.FAILED, "cause": "S3 is gone"}, "failure", "The scan failed: nothing is known"),
    ],
)
def test_scans_that_say_nothing_of_the_commit(
    scanned: MakeData, changes: dict[str, Any], conclusion: str, title: str
) -> None:
    output = github.completed(scanned(scan_changes=changes))
    assert (output.conclusion, output.title) == (conclusion, title)


def test_dismissed_suppressed_and_unsure_findings_do_not_fail(scanned: MakeData, make_finding: MakeFinding) -> None:
    data = scanned(
        make_finding(1, status=Status.DISMISSED),
        make_finding(2, status=Status.SUPPRESSED),
        make_finding(3, confidence="low"),
    )
    output = github.completed(data)
    assert output.conclusion == "success"
    assert output.annotations == ()
    assert "not counted: 1 of low confidence, 1 suppressed by policy, 1 dismissed" in output.summary


def test_without_a_threshold_nothing_fails(scanned: MakeData, make_finding: MakeFinding) -> None:
    data = scanned(make_finding(1, severity=Severity.CRITICAL), fail_on=None)
    output = github.completed(data)
    assert (output.conclusion, output.title) == ("success", "1 new finding, none of which fails a check: 1 critical")


@settings(max_examples=60, deadline=None)
@given(
    state=st.sampled_from(ScanState),
    gaps=st.integers(0, 2),
    accepted=st.booleans(),
    allowed=st.booleans(),
    severity=st.sampled_from([None, *Severity]),
    is_new=st.booleans(),
    fail_on=st.sampled_from([None, *Severity]),
)
def test_success_means_no_gap_and_nothing_that_fails(
    make_data: MakeData,
    make_finding: MakeFinding,
    make_gap: MakeGap,
    state: ScanState,
    gaps: int,
    accepted: bool,
    allowed: bool,
    severity: Severity | None,
    is_new: bool,
    fail_on: Severity | None,
) -> None:
    findings = (make_finding(1, severity=severity),) if severity else ()
    data = make_data(
        findings=findings,
        new_ids=frozenset(f.id for f in findings if is_new),
        coverage=tuple(make_gap(f"gap{number}", accepted=accepted) for number in range(gaps)),
        scan_changes={"state": state, "source": SOURCE},
        fail_on=fail_on,
        allow_gaps=allowed,
    )
    output = github.completed(data)
    fails = is_new and severity is not None and fail_on is not None and severity >= fail_on
    if output.conclusion == "success":
        assert not gaps
        assert not fails
        assert state not in (ScanState.FAILED, ScanState.SUPERSEDED)
    if fails or state is ScanState.FAILED or (gaps and not accepted and not allowed):
        assert output.conclusion == "failure"
    assert (github.status(data)[0] == "failure") == (output.conclusion == "failure")


# --- annotations ------------------------------------------------------------------------------------------------------


def test_annotations_say_where_why_and_how_to_repair(scanned: MakeData, make_finding: MakeFinding) -> None:
    (annotation,) = github.completed(scanned(make_finding(1))).annotations
    assert annotation.model_dump(exclude={"message"}) == {
        "path": "app/db.py",
        "start_line": 5,
        "end_line": 5,
        "start_column": 5,
        "end_column": 65,
        "annotation_level": "failure",
        "title": "high: SQL query built from a string",
    }
    assert "reaches the SQL text" in annotation.message
    assert "How to fix: Pass values as parameters" in annotation.message
    assert "CWE-89, semgrep:python.sql-injection, bandit:B608 · finding 01JBQ" in annotation.message


def test_what_fails_is_annotated_first(scanned: MakeData, make_finding: MakeFinding) -> None:
    findings = [
        make_finding(number, severity=severity, start_line=number)
        for number, severity in enumerate(("info", "medium", "critical", "low", "high"), start=1)
    ]
    old = make_finding(9, severity="critical", start_line=9)
    data = scanned(*findings, old, new_ids=frozenset(f.id for f in findings))
    annotations = github.completed(data).annotations
    assert [(a.start_line, a.annotation_level) for a in annotations] == [
        (3, "failure"),
        (5, "failure"),
        (2, "warning"),
        (4, "notice"),
        (1, "notice"),
    ]


def test_columns_are_left_out_where_github_takes_none(scanned: MakeData, make_finding: MakeFinding) -> None:
    (annotation,) = github.completed(scanned(make_finding(1, end_line=6))).annotations
    assert (annotation.start_column, annotation.end_column) == (None, None)
    assert (annotation.start_line, annotation.end_line) == (5, 6)


def test_annotations_come_fifty_at_a_time(scanned: MakeData, make_finding: MakeFinding) -> None:
    findings = [make_finding(number, start_line=number) for number in range(1, 131)]
    output = github.completed(scanned(*findings))
    assert [len(batch) for batch in output.batches()] == [50, 50, 30]
    assert [len(batch) for batch in output.batches(after=50)] == [50, 30]
    assert output.batches(after=130) == [[]]
    assert output.batches()[1][0]["start_line"] == 51


def test_annotations_are_limited_and_that_is_said(scanned: MakeData, make_finding: MakeFinding) -> None:
    findings = [make_finding(number, start_line=number) for number in range(1, 301)]
    output = github.completed(scanned(*findings))
    assert len(output.annotations) == 250
    assert "_250 findings of 300 have an annotation in the code._" in output.summary
    assert "_200 less severe new findings: see the full report._" in output.summary


def test_a_path_that_cannot_be_told_has_no_annotation(
    scanned: MakeData, make_finding: MakeFinding, hostile_path: str
) -> None:
    output = github.completed(scanned(make_finding(1, path=hostile_path)))
    assert output.annotations == ()
    assert output.conclusion == "failure"
    assert "_0 findings of 1 have an annotation in the code._" in output.summary


# --- size and safety --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x" * 3_000, "é<|`" * 800, "🙂" * 2_000])
def test_everything_stays_within_githubs_limits(
    scanned: MakeData, make_finding: MakeFinding, make_gap: MakeGap, text: str
) -> None:
    findings = [
        make_finding(n, start_line=n, title=text, message=text, fix=text, snippet=text, path=f"{text[:200]}{n}.py")
        for n in range(1, 200)
    ]
    gaps = tuple(make_gap(f"{text}{number}", reason=text) for number in range(60))
    output = github.completed(scanned(*findings, coverage=gaps, fixed=tuple(findings), notes=(text,) * 20))
    for part in (output.summary, output.text):
        assert 1_000 < len(part.encode()) <= 65_535
    assert len(output.title) <= 255
    assert "gaps" in output.summary
    assert "are left out here" in output.text
    for annotation in output.annotations:
        assert len(annotation.title) <= 255
        assert len(annotation.message.encode()) < 64 * 1024


def test_hostile_text_stays_text(
    make_data: MakeData, make_finding: MakeFinding, make_gap: MakeGap, hostile: str, hostile_path: str
) -> None:
    bad = make_finding(1, title=hostile, message=hostile, fix=hostile, snippet=hostile, path=hostile_path, start_line=1)
    plain = make_finding(2, title=hostile, message=hostile, fix=hostile, cwe=(hostile,))
    data = make_data(
        findings=(bad, plain),
        new_ids=frozenset((bad.id, plain.id)),
        coverage=(make_gap(hostile_path, reason=hostile),),
        fixed=(bad,),
        notes=(hostile,),
        diff_ref=hostile,
        scan_changes={"source": SOURCE.model_copy(update={"ref": hostile})},
    )
    output = github.completed(data, link="https://reports.example/scan")
    outside_code = re.sub(
        r"(`{3,})(?:python)?\n.*?\n\1|(`+)[^`].*?(?<!`)\2(?!`)", "", output.summary + output.text, flags=re.S
    )
    assert not re.search(r"<(?!/?(?:details|summary|sub)>|https://docs)", outside_code)
    assert "](https://evil" not in outside_code
    assert not re.search(r"@\w", outside_code)
    for text in (output.summary, output.text, output.title, *(a.message + a.title for a in output.annotations)):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u200b\ud800-\udfff]", text)
    assert output.annotations[0].path == "app/db.py"


def test_only_a_web_address_becomes_a_link(scanned: MakeData) -> None:
    assert "[Full report](https://x.example/s?id=1)" in github.completed(scanned(), "https://x.example/s?id=1").summary
    assert "Full report" not in github.completed(scanned(), "javascript:alert(1)").summary
    assert "Full report" not in github.completed(scanned()).summary


def test_a_failed_scan_says_why_and_what_to_do(hostile: str) -> None:
    output = github.failed(hostile, "01JBQSCAN0000000000000000B", "https://x.example")
    assert (output.conclusion, output.title) == ("failure", "The scan failed: nothing is known")
    assert "nothing is known of this commit" in output.summary
    assert "<script>" not in output.summary
    state, text = github.failed_status(hostile + "\n" * 300)
    assert state == "error"
    assert text.startswith("The scan failed: </script>")
    assert len(text) <= 140
    assert "\n" not in text
    assert github.failed_status("") == ("error", "The scan failed: cause unknown")


def test_a_status_fits(scanned: MakeData, make_finding: MakeFinding, make_gap: MakeGap) -> None:
    findings = [make_finding(n, severity=s, start_line=n + 1) for n, s in enumerate(list(Severity) * 300)]
    gaps = tuple(make_gap(f"{n}", accepted=n % 2 == 0) for n in range(3_000))
    data = scanned(*findings, coverage=gaps, fail_on=Severity.INFO)
    state, text = github.status(data)
    assert state == "failure"
    assert len(text) <= 140
    assert text.startswith("1,500 new findings at or above info: 300 critical")


def test_the_difference_to_another_commit_is_named(scanned: MakeData, make_finding: MakeFinding) -> None:
    old, new = make_finding(1), make_finding(2, start_line=9)
    data = scanned(old, new, diff_ref="9f8e7d", new_ids=frozenset([new.id]))
    output = github.completed(data)
    assert "compared with `9f8e7d`" in output.summary
    assert "commit `0123456789ab`" in output.summary
    assert "not counted: 1 open from before" in output.summary
    assert [a.start_line for a in output.annotations] == [9]
    assert f"https://github.com/acme/shop/blob/{COMMIT}/app/db.py#L9" in output.summary


def test_all_findings_shown_changes_nothing(make_data: MakeData) -> None:
    data = make_data(scan_changes={"source": SOURCE})
    assert github.completed(dataclasses.replace(data, show_all=True)) == github.completed(data)
