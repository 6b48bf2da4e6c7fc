"""Coverage: counts, gaps and proofs."""

from __future__ import annotations

from oreva.models import CoverageEntry, Outcome
from oreva.scanners.coverage import AcceptedGap, Coverage


def entry(path: str, scanner: str | None, outcome: str, *, on_purpose: bool = False) -> CoverageEntry:
    return CoverageEntry(path=path, scanner=scanner, outcome=Outcome(outcome), reason="r", on_purpose=on_purpose)


ENTRIES = (
    entry("a.py", "semgrep", "scanned"),
    entry("a.py", "bandit", "failed"),
    entry("b.py", "semgrep", "cached"),
    entry("b.py", "bandit", "cached"),
    entry("c.js", "semgrep", "partial"),
    entry("c.js", "bandit", "not_applicable"),
    entry("node_modules/", None, "skipped", on_purpose=True),
    entry("locked/", None, "failed"),
    entry("pipe", None, "skipped"),
)


def test_counts_per_scanner() -> None:
    counts = Coverage(ENTRIES).counts(["semgrep", "bandit"])
    assert counts["semgrep"].model_dump() == {
        "scanned": 1, "cached": 1, "partial": 1, "skipped": 2, "failed": 1, "not_applicable": 0,
    }  # fmt: skip
    assert counts["bandit"].failed == 2


def test_gaps_are_what_nobody_chose() -> None:
    assert [gap.path for gap in Coverage(ENTRIES).gaps] == ["a.py", "c.js", "locked/", "pipe"]


def test_an_accepted_gap_stays_a_gap_but_counts_no_more() -> None:
    accepted = [
        AcceptedGap(path="a.py", scanner="bandit", reason="old"),
        AcceptedGap(path="*.js", scanner=None, reason="x"),
    ]
    coverage = Coverage(ENTRIES, accepted)
    assert [gap.path for gap in coverage.gaps] == ["a.py", "c.js", "locked/", "pipe"]
    assert [gap.path for gap in coverage.open_gaps] == ["locked/", "pipe"]


def test_an_accepted_gap_holds_for_its_scanner_only() -> None:
    accepted = [AcceptedGap(path="a.py", scanner="semgrep", reason="old")]
    assert "a.py" in [gap.path for gap in Coverage(ENTRIES, accepted).open_gaps]


def test_what_a_scan_proves_of_a_file() -> None:
    looked = Coverage(ENTRIES).looked
    assert looked("a.py", "semgrep") == "looked"
    assert looked("b.py", "bandit") == "looked"
    assert looked("a.py", "bandit") == "not_looked"
    assert looked("c.js", "semgrep") == "not_looked"
    assert looked("c.js", "bandit") == "not_looked"
    assert looked("c.js", "other") == "not_looked"
    assert looked("node_modules/x/index.js", "semgrep") == "not_looked"
    assert looked("locked/deep/down.py", "bandit") == "not_looked"
    assert looked("pipe", "semgrep") == "not_looked"
    assert looked("deleted.py", "semgrep") == "gone"
