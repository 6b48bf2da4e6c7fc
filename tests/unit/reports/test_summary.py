"""The counts add up, and a scan with a gap is never called clean."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.models import Confidence, CoverageCounts, CoverageEntry, Finding, Outcome, ScanState, Severity, Status
from oreva.reports.base import ReportData
from oreva.reports.summary import coverage_by_scanner, coverage_words, next_steps, ranked, summarize

MakeData = Callable[..., ReportData]
MakeFinding = Callable[..., Finding]
MakeGap = Callable[..., CoverageEntry]


def test_what_a_mixed_scan_says(make_data: MakeData) -> None:
    summary = summarize(make_data())
    assert summary.result == "3 findings: 1 critical, 1 high, 1 medium; 1 gap"
    assert summary.exit_code == 3
    assert summary.exit_reason == "1 gap not accepted (which outranks 2 findings at or above high)"
    assert summary.set_aside == (
        "1 of low confidence",
        "1 suppressed in source",
        "1 suppressed by policy",
        "1 dismissed",
    )
    assert (summary.new, summary.failing) == (2, 2)


@pytest.mark.parametrize(
    ("changes", "result", "code", "reason"),
    [
        ({"findings": (), "coverage": ()}, "no findings, no gaps: clean", 0, "no finding at or above high"),
        (
            {"findings": (), "coverage": (), "diff_ref": "main"},
            "no new findings against main, no gaps",
            0,
            "no new finding at or above high",
        ),
        (
            {"findings": (), "coverage": (), "scan_changes": {"files": 0}},
            "no files to scan: nothing was assessed",
            0,
            "no finding at or above high",
        ),
        ({"findings": ()}, "no findings, but 1 gap: not clean", 3, "1 gap not accepted"),
        (
            {"coverage": ()},
            "3 findings: 1 critical, 1 high, 1 medium",
            1,
            "2 findings at or above high (--fail-on high)",
        ),
        ({"coverage": (), "fail_on": None}, "3 findings: 1 critical, 1 high, 1 medium", 0, "--fail-on none"),
        (
            {"coverage": (), "diff_ref": "main", "new_ids": frozenset({"01JBQ000000000000000000001"})},
            "1 new finding against main: 1 high",
            1,
            "1 new finding at or above high (--fail-on high)",
        ),
        (
            {"scan_changes": {"state": ScanState.FAILED, "cause": "disk full"}},
            "the scan failed: disk full",
            3,
            "the scan failed, so nothing is known of this code",
        ),
    ],
)
def test_result_and_exit_code(
    make_data: MakeData, changes: dict[str, object], result: str, code: int, reason: str
) -> None:
    summary = summarize(make_data(**changes))
    assert (summary.result, summary.exit_code, summary.exit_reason) == (result, code, reason)


def test_accepted_gaps_do_not_fail_but_are_said(
    make_data: MakeData, make_gap: MakeGap, make_finding: MakeFinding
) -> None:
    accepted = make_gap(accepted=True)
    summary = summarize(make_data(findings=(), coverage=(accepted,)))
    assert summary.result == "no findings, but 1 accepted gap: not clean"
    assert (summary.exit_code, summary.exit_reason) == (0, "no finding at or above high, 1 accepted gap")
    both = summarize(make_data(findings=(), coverage=(accepted, make_gap("b.py"), make_gap("c.py"))))
    assert both.result == "no findings, but 2 gaps and 1 accepted gap: not clean"
    low = summarize(make_data(findings=(make_finding(confidence=Confidence.LOW),), coverage=()))
    assert low.result == "no findings that count, no gaps"


@settings(max_examples=60)
@given(st.data())
def test_every_finding_is_counted_once(make_data: MakeData, make_finding: MakeFinding, draw: st.DataObject) -> None:
    kinds = st.tuples(
        st.sampled_from(Severity),
        st.sampled_from(Confidence),
        st.sampled_from((Status.OPEN, Status.DISMISSED, Status.SUPPRESSED)),
        st.booleans(),
    )
    rows = draw.draw(st.lists(kinds, max_size=12))
    findings = tuple(
        make_finding(i, severity=severity, confidence=confidence, status=status)
        for i, (severity, confidence, status, _) in enumerate(rows)
    )
    new = frozenset(f.id for f, row in zip(findings, rows, strict=True) if row[3])
    diff_ref = draw.draw(st.sampled_from((None, "main")))
    data = make_data(
        findings=findings, new_ids=new, diff_ref=diff_ref, fail_on=draw.draw(st.sampled_from((None, *Severity)))
    )
    summary = summarize(data)
    aside = (
        summary.low_confidence
        + summary.existing
        + summary.suppressed_in_source
        + summary.suppressed_by_policy
        + summary.dismissed
    )
    assert len(summary.counted) + aside == len(findings)
    assert sum(summary.by_severity.values()) == len(summary.counted)
    assert summarize(dataclasses.replace(data, show_all=True)) == summary
    assert "clean" not in summary.result.replace("not clean", "")


def test_findings_are_ranked_by_severity_confidence_and_place(make_finding: MakeFinding) -> None:
    worst = make_finding(9, severity=Severity.CRITICAL, confidence=Confidence.MEDIUM, path="z.py")
    sure = make_finding(8, path="b.py", start_line=9)
    earlier = make_finding(7, path="b.py", start_line=2)
    unsure = make_finding(6, path="a.py", confidence=Confidence.MEDIUM)
    assert ranked([unsure, sure, earlier, worst]) == [worst, earlier, sure, unsure]


def test_coverage_is_counted_from_the_entries_if_the_scan_has_none(make_data: MakeData) -> None:
    counts = coverage_by_scanner(make_data(scan_changes={"coverage": {}}))
    assert counts == {"semgrep": CoverageCounts(skipped=1), "bandit": CoverageCounts(scanned=1, skipped=1, failed=1)}


def test_allowed_gaps_do_not_fail_the_scan_and_are_said(make_data: MakeData, make_gap: MakeGap) -> None:
    summary = summarize(make_data(findings=(), coverage=(make_gap(),), allow_gaps=True))
    assert (summary.exit_code, summary.gaps) == (0, 1)
    assert summary.exit_reason == "no finding at or above high, 1 gap allowed (--allow-gaps)"
    assert "not clean" in summary.result


def test_coverage_in_words() -> None:
    counts = CoverageCounts(scanned=12, cached=6800, partial=3, not_applicable=75)
    assert coverage_words(counts) == "6,890 files: 12 scanned, 6,800 cached, 3 partial, 75 not applicable"
    assert coverage_words(CoverageCounts(scanned=1)) == "1 file: 1 scanned"
    assert coverage_words(CoverageCounts(scanned=2, skipped=1)) == "2 files: 2 scanned; 1 path left out"


def test_each_next_step_is_given_once(make_gap: MakeGap) -> None:
    gaps = [
        make_gap(reason="timed out after 30 s"),
        make_gap(reason="Timeout"),
        make_gap(reason="permission denied", outcome=Outcome.SKIPPED),
        make_gap(reason="strange"),
    ]
    steps = next_steps(gaps)
    assert len(steps) == 3
    assert steps[0].startswith("Scan a slow file")
    assert steps[-1].startswith("Or leave")
    assert next_steps([]) == ()
