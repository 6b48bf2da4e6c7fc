"""The pull request comment."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt

from oreva import __version__
from oreva.models import CoverageEntry, Finding, ScanState, Severity, Source
from oreva.reports.base import ReportData
from oreva.reports.markdown import MAX_LENGTH, render

MakeData = Callable[..., ReportData]
MakeFinding = Callable[..., Finding]


def test_a_comment_on_a_small_scan(make_data: MakeData) -> None:
    source = Source(provider="github", repository="o/r", commit="abc1234")
    data = make_data(coverage=(), scan_changes={"source": source})
    text = render(make_data(coverage=(), findings=data.findings[:1], scan_changes={"source": source}))
    assert text.startswith("### ❌ Oreva: 1 finding: 1 high\n\n1 new · 0 fixed\n\n| Severity | Finding | Where |\n")
    link = "https://github.com/o/r/blob/abc1234/app/db.py#L5"
    cwe = "[CWE-89](https://cwe.mitre.org/data/definitions/89.html)"
    assert f"| 🔴 high | SQL query built from a string **new** ({cwe}) | [`app/db.py:5`]({link}) |" in text
    assert "<details><summary>🔴 high: SQL query built from a string</summary>\n\n" in text
    assert "```python\n  3 def find(connection, name):\n" in text
    assert "\n> 5     cursor.execute(" in text
    assert "**How to fix**\n\nPass values as parameters:\n\n```python\ncursor.execute(" in text
    assert "**Verdict:** Likely real (84%, heuristic)" in text
    assert text.endswith(
        "Exit code 1: 1 finding at or above high (--fail-on high). "
        f"<sub>Oreva {__version__}, scan 01JBQSCAN0000000000000000B</sub>\n"
    )


def test_new_findings_come_first(make_data: MakeData, make_finding: MakeFinding) -> None:
    old = make_finding(1, title="old", severity=Severity.CRITICAL)
    new = make_finding(2, title="fresh", severity=Severity.LOW)
    text = render(make_data(findings=(old, new), new_ids=frozenset({new.id})))
    assert text.index("fresh **new**") < text.index("| old ")


def test_hostile_text_is_text(make_data: MakeData, hostile: str) -> None:
    data = make_data(show_all=True, title=hostile, notes=(hostile,))
    source = render(data)
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    html = "".join(t.content for t in tokens if t.type == "html_block")
    html += "".join(c.content for t in tokens for c in t.children or () if c.type == "html_inline")
    assert set(re.findall(r"<\s*/?\s*(\w+)", html)) == {"details", "summary", "sub"}
    links = [str(c.attrs["href"]) for t in tokens for c in t.children or () if c.type == "link_open"]
    assert not [link for link in links if "evil" in link or "javascript" in link]
    assert not [c for t in tokens for c in t.children or () if c.type == "image"]
    prose = "".join(c.content for t in tokens for c in t.children or () if c.type == "text")
    assert not re.search(r"@\w|#\d|\bgh-\d", prose, re.IGNORECASE)


def test_fixed_hidden_gaps_and_notes_are_told(
    make_data: MakeData, make_finding: MakeFinding, make_gap: Callable[..., CoverageEntry]
) -> None:
    fixed = tuple(make_finding(100 + n, path=f"old/{n:02}.py") for n in range(23))
    gaps = tuple(make_gap(f"gap/{n:02}.py", accepted=n == 0) for n in range(12))
    text = render(make_data(fixed=fixed, coverage=gaps, notes=("Bandit runs on Python 3.11.",)))
    assert "**Fixed here** (23 high)" in text
    assert "old/19.py" in text
    assert "old/20.py" not in text
    assert "- … and 3 more\n" in text
    assert "not shown: 1 of low confidence, 1 suppressed in source, 1 suppressed by policy, 1 dismissed" in text
    assert "**12 gaps: what could not be assessed in full**" in text
    assert "- `gap/01.py` (bandit, failed): syntax error on line 12" in text
    assert "- … and 2 more gaps (in the JSON report)" in text
    assert "> Check that the file is valid" in text
    assert "> Bandit runs on Python 3.11." in text


def test_the_sign_says_how_it_went(make_data: MakeData, make_gap: Callable[..., CoverageEntry]) -> None:
    nothing = {"findings": (), "coverage": ()}
    assert render(make_data(**nothing)).startswith("### ✅ Oreva: no findings, no gaps: clean\n")
    gap = render(make_data(findings=(), coverage=(make_gap(accepted=True),)))
    assert gap.startswith("### ⚠️ Oreva: no findings, but 1 accepted gap: not clean\n")
    failed = render(make_data(**nothing, scan_changes={"state": ScanState.FAILED, "cause": "disk full"}))
    assert failed.startswith("### ❌ Oreva: the scan failed: disk full\n")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_it_stays_below_the_limit_of_a_comment(make_data: MakeData, make_finding: MakeFinding, hostile: str) -> None:
    def many(count: int, words: str) -> ReportData:
        severities = list(Severity)
        findings = tuple(
            make_finding(n, path=f"pkg/{n}/{words[:300]}.py", title=words, message=words, severity=severities[n % 5])
            for n in range(count)
        )
        return make_data(findings=findings, new_ids=frozenset())

    plain = render(many(300, "A title of usual length"))
    assert _units(plain) <= MAX_LENGTH
    assert "_200 less severe findings left out here: " in plain
    assert plain.count("<details>") > 20
    nasty = render(many(300, (hostile.replace("\ud800", "") + "😀" * 200) * 3))
    assert _units(nasty) <= MAX_LENGTH
    assert "less severe findings left out here" in nasty
    assert nasty.count("🟣 critical") >= 1
    wordy = render(many(60, "usual"))
    assert "_Details of the " in wordy or wordy.count("<details>") == 60


def test_a_very_long_path_is_shortened_and_not_linked(make_data: MakeData, make_finding: MakeFinding) -> None:
    text = render(make_data(findings=(make_finding(1, path="d/" * 600 + "x.js", start_line=3, end_line=5),)))
    assert "](d/" not in text
    assert "…:3`" in text
    short = render(make_data(findings=(make_finding(1, path="x.js", start_line=3, end_line=5),)))
    assert "(x.js#L3-L5)" in short


def test_a_folded_frame_and_a_class_without_a_page(make_data: MakeData, make_finding: MakeFinding) -> None:
    found = make_finding(1, start_line=1, end_line=30, cwe=("weak",), fix="")
    text = render(make_data(findings=(found,), read_text=lambda _path: "y\n" * 40))
    assert "\n     …\n" in text
    assert "(weak)" in text
    assert "How to fix" not in text
