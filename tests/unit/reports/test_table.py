"""The table for a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from oreva import __version__
from oreva.models import Assessment, CoverageEntry, Finding, Severity, Verdict, utc_now
from oreva.reports.base import ReportData
from oreva.reports.code_frame import cells
from oreva.reports.table import render

MakeData = Callable[..., ReportData]
MakeFinding = Callable[..., Finding]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_a_finding_in_full(make_data: MakeData) -> None:
    data = make_data(coverage=())
    data = make_data(coverage=(), findings=data.findings[:1])
    assert render(data, width=80) == (
        f"Oreva {__version__}"
        """ · examples/shop · 6,890 files · 0.8 s

app/db.py

HIGH  SQL query built from a string
  app/db.py:5:5 · high confidence · new

    3 │ def find(connection, name):
    4 │     cursor = connection.cursor()
  > 5 │     cursor.execute("select * from user where name = '%s'" % name)
    6 │     return cursor.fetchone()
    7 │

  Why       `name` reaches the SQL text of `execute` as it is. Whoever sets it
            can read or change any table.
  Fix       Pass values as parameters:
              cursor.execute("… where name = ?", (name,))
  Seen by   semgrep python.sql-injection, bandit B608
  Class     CWE-89 · A03:2021
  Verdict   likely real (84%, heuristic): The argument comes from a parameter
            and no constant or sanitiser is on the way.
  More      https://docs.python.org/3/library/sqlite3.html#sqlite3-placeholders
  Id        01JBQ000000000000000000001

"""
        + "─" * 80
        + """
  Findings  1 high
  Changes   1 new, 0 fixed since the last scan
  Coverage  bandit 1.9.4: 6,890 files: 6,889 scanned, 1 failed
            semgrep 1.182.0: 6,890 files: 12 scanned, 6,800 cached, 3 partial,
            75 not applicable

1 finding: 1 high.
Exit code 1: 1 finding at or above high (--fail-on high).
"""
    )


def test_the_worst_come_first_and_files_stay_together(make_data: MakeData, make_finding: MakeFinding) -> None:
    findings = (
        make_finding(1, severity=Severity.LOW, path="a.py", title="low a"),
        make_finding(2, severity=Severity.CRITICAL, path="b.py", title="critical b"),
        make_finding(3, severity=Severity.MEDIUM, path="a.py", title="medium a"),
        make_finding(4, severity=Severity.INFO, path="b.py", title="info b"),
    )
    text = render(make_data(findings=findings))
    places = [text.index(words) for words in ("critical b", "info b", "medium a", "low a")]
    assert places == sorted(places)
    assert text.count("\nb.py\n") == 1


def test_hidden_findings_are_counted_and_shown_on_request(make_data: MakeData) -> None:
    regular = render(make_data(), width=120)
    assert "Weak hash" not in regular
    assert "1 of low confidence, 1 suppressed in source, 1 suppressed by policy, 1 dismissed (--show all" in regular
    everything = render(make_data(show_all=True), width=120)
    assert "dismissed by ana: only names cache files @team" in everything
    assert "suppressed in source: a placeholder for tests" in everything
    assert "suppressed: policy: false positive at 0.95" in everything
    assert "none: the budget of this scan was spent" in everything


def test_gaps_have_a_reason_and_a_next_step(make_data: MakeData, make_gap: Callable[..., CoverageEntry]) -> None:
    gaps = tuple(make_gap(f"pkg/{n:02}.py", accepted=n == 0) for n in range(14))
    text = render(make_data(findings=(), coverage=gaps), width=80)
    assert "14 gaps: what could not be assessed in full" in text
    assert "  pkg/01.py (bandit, failed)\n      syntax error on line 12\n" in text
    assert "pkg/11.py" not in text
    assert "… and 4 more gaps: --format json lists all." in text
    assert "  → Check that the file is valid" in text
    assert "No findings, but 13 gaps and 1 accepted gap: not clean.\nExit code 3: 13 gaps not accepted.\n" in text


def test_a_long_list_is_condensed_and_says_so(make_data: MakeData, make_finding: MakeFinding) -> None:
    findings = tuple(
        make_finding(n, severity=Severity.MEDIUM, path=f"pkg/{n % 3}.py", start_line=n + 1, title=f"Kind {n % 2}" * 9)
        for n in range(140)
    )
    text = render(make_data(findings=findings), width=80)
    assert "115 more findings in short\nIn full: --show all, or --format html or json.\n" in text
    assert text.count("  Seen by") == 25
    assert " and " in next(line for line in text.splitlines() if "  lines " in line)
    assert len(text.splitlines()) < 600
    for line in text.splitlines():
        assert cells(line) <= 80, line
    assert render(make_data(findings=findings, show_all=True)).count("  Seen by") == 140


def test_low_findings_are_counted_by_kind_and_likely_false_alarms_are_said_to_be(
    make_data: MakeData, make_finding: MakeFinding
) -> None:
    verdict = Verdict(
        assessment=Assessment.FALSE_POSITIVE,
        confidence=0.95,
        rationale="test code",
        triaged_by="heuristic",
        at=utc_now(),
    )
    low = [
        make_finding(n, severity=Severity.LOW, path=f"{n % 4}.py", title="Assert", verdict=verdict) for n in range(30)
    ]
    single = make_finding(40, severity=Severity.LOW, path="only.py", start_line=7, title="Once", verdict=None)
    alarm = make_finding(41, severity=Severity.HIGH, path="tests/t.py", start_line=3, title="Alarm", verdict=verdict)
    real = make_finding(42, severity=Severity.HIGH, path="app.py", title="Real", verdict=None)
    text = render(make_data(findings=(*low, single, alarm, real)), width=100)
    assert text.count("  Seen by") == 1
    assert "HIGH  Real" in text
    assert "  HIGH      Alarm  line 3, likely a false alarm\n" in text
    assert "  LOW       Assert  30 in 4 files, likely false alarms\n" in text
    assert "  LOW       Once  only.py:7\n" in text


@pytest.mark.parametrize("width", [10, 80, 200])
def test_colour_changes_nothing_but_colour(make_data: MakeData, width: int) -> None:
    data = make_data(show_all=True, notes=("Bandit runs on Python 3.11: newer syntax is a gap.",))
    plain = render(data, width=width)
    coloured = render(data, color=True, width=width)
    assert ANSI.sub("", coloured) == plain
    assert ANSI.search(coloured)
    assert "\x1b" not in plain


def test_a_diff_and_a_commit_are_named(make_data: MakeData, make_finding: MakeFinding) -> None:
    source = make_data().scan.source.model_copy(update={"commit": "0123456789abcdef"})
    data = make_data(diff_ref="origin/main", fixed=(make_finding(99, reopened=1),), scan_changes={"source": source})
    text = render(data, width=120)
    assert text.startswith(f"Oreva {__version__} · examples/shop · 0123456789ab · against origin/main · ")
    assert "2 new, 1 fixed against origin/main" in text
    assert "2 new findings against origin/main: 1 critical, 1 high; 1 gap." in text


def test_a_part_of_a_line_is_underlined_and_a_long_finding_is_folded(
    make_data: MakeData, make_finding: MakeFinding
) -> None:
    part = make_finding(
        1, path="x.py", start_line=1, end_line=1, reopened=2, fix="\n".join(f"- step {n}" for n in range(30))
    )
    place = {"start_line": 1, "end_line": 1, "start_col": 5, "end_col": 12}
    part = part.model_copy(update={"detections": (part.primary.model_copy(update=place),)})
    long = make_finding(2, path="x.py", start_line=2, end_line=40)
    text = render(make_data(findings=(part, long), read_text=lambda _path: "x = eval(a) + 1\n" + "y\n" * 60))
    assert "  > 1 │ x = eval(a) + 1\n      │     ^^^^^^^\n" in text
    assert "    ·· │\n" in text
    assert "came back" in text
    assert "step 14" in text
    assert "step 15" not in text
