"""The SARIF report satisfies the OASIS schema and says what GitHub and other viewers read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft4Validator

from oreva import __version__
from oreva.models import CoverageEntry, Finding, Outcome, ScanState, Severity, Source
from oreva.reports import sarif
from oreva.reports.base import ReportData

MakeData = Callable[..., ReportData]
MakeFinding = Callable[..., Finding]
ONE = "01JBQ000000000000000000001"


def _run(data: ReportData) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(sarif.render(data))["runs"][0]
    return run


def _by_id(run: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {result["partialFingerprints"]["orevaFinding/v1"][-1]: result for result in run["results"]}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"findings": (), "coverage": (), "rules": {}},
        {"rules": {}, "notes": ("a note",), "scan_changes": {"state": ScanState.FAILED, "cause": "disk full"}},
        {
            "scan_changes": {
                "source": Source(provider="github", repository="o/r", commit="a" * 40, ref="refs/heads/x", before="b")
            }
        },
    ],
)
def test_reports_satisfy_the_oasis_schema(
    make_data: MakeData, sarif_schema: dict[str, Any], changes: dict[str, Any]
) -> None:
    Draft4Validator(sarif_schema).validate(json.loads(sarif.render(make_data(**changes))))


def test_a_rule_carries_what_code_scanning_reads(make_data: MakeData) -> None:
    driver = _run(make_data())["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("Oreva", __version__)
    rule = next(rule for rule in driver["rules"] if rule["id"] == "bandit:B602")
    assert rule["name"] == "BanditB602"
    assert rule["properties"] == {
        "tags": ["security", "external/cwe/cwe-78", "owasp/A03:2021"],
        "security-severity": "9.5",
        "precision": "high",
    }
    assert rule["helpUri"] == "https://cwe.mitre.org/data/definitions/78.html"
    assert '- `subprocess.run(["ping", host])`' in rule["help"]["markdown"]


def test_a_rule_is_as_severe_as_its_worst_result(make_data: MakeData, make_finding: MakeFinding) -> None:
    data = make_data(findings=(make_finding(1, severity=Severity.LOW),))
    worse = make_data(findings=(make_finding(1, severity=Severity.CRITICAL),), rules=data.rules)
    rules = [_run(each)["tool"]["driver"]["rules"][0]["properties"]["security-severity"] for each in (data, worse)]
    assert rules == ["3.0", "9.5"]


def test_a_result_carries_place_fingerprints_and_the_other_detections(make_data: MakeData) -> None:
    run = _run(make_data())
    result = _by_id(run)["1"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert (
        run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "semgrep:python.sql-injection"
    )
    assert (result["level"], result["baselineState"]) == ("error", "new")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "app/db.py", "uriBaseId": "SRCROOT"}
    assert place["region"] == {
        "startLine": 5,
        "startColumn": 5,
        "endLine": 5,
        "endColumn": 66,
        "snippet": {"text": "cursor.execute(\"select * from user where name = '%s'\" % name)"},
    }
    assert place["contextRegion"]["snippet"]["text"].startswith("    cursor")
    assert set(result["partialFingerprints"]) == {"primaryLocationLineHash", "orevaFinding/v1", "orevaRule/v1"}
    (other,) = result["relatedLocations"]
    assert other["message"]["text"].startswith("bandit:B608 sees it too: Possible SQL injection")
    assert other["physicalLocation"]["region"]["startColumn"] == 20
    assert _by_id(run)["4"]["baselineState"] == "unchanged"


def test_what_does_not_count_is_a_suppression(make_data: MakeData) -> None:
    results = _by_id(_run(make_data()))
    assert results["5"]["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "a placeholder for tests"}
    ]
    assert results["6"]["suppressions"][0]["kind"] == "external"
    assert results["6"]["suppressions"][0]["justification"] == "policy: false positive at 0.95"
    assert results["7"]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "accepted risk until 2027-05-01, by ana: only names cache files @team",
        }
    ]
    assert "suppressions" not in results["1"]


def test_gaps_are_notifications(make_data: MakeData, make_gap: Callable[..., CoverageEntry]) -> None:
    gaps = (make_gap(), make_gap("b.py", outcome=Outcome.PARTIAL), make_gap("c\n.py", accepted=True, scanner=None))
    (invocation,) = _run(make_data(coverage=gaps))["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["exitCode"] == 3
    assert (invocation["startTimeUtc"], invocation["endTimeUtc"]) == (
        "2026-11-03T09:30:00.000Z",
        "2026-11-03T09:30:00.840Z",
    )
    notes = invocation["toolExecutionNotifications"]
    assert [note["level"] for note in notes] == ["error", "warning", "note"]
    assert notes[0]["message"]["text"] == "Not assessed in full: bandit: failed: syntax error on line 12"
    assert notes[2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "c%0A.py"


def test_a_failed_scan_says_so(make_data: MakeData) -> None:
    data = make_data(findings=(), coverage=(), scan_changes={"state": ScanState.FAILED, "cause": "disk full"})
    (invocation,) = _run(data)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [note["message"]["text"] for note in invocation["toolExecutionNotifications"]] == ["disk full"]


def test_hostile_text_cannot_make_a_link_and_paths_are_percent_encoded(make_data: MakeData) -> None:
    raw = sarif.render(make_data())
    assert raw.isascii()
    result = _by_id(json.loads(raw)["runs"][0])["3"]
    assert "](" not in result["message"]["text"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "we%20ird/%1B%5B2J%0A%3Cb%3E%7C%60x%60%E2%80%AE%FF%40me.py"


def test_the_severest_are_kept_within_the_limits(
    make_data: MakeData,
    make_finding: MakeFinding,
    make_gap: Callable[..., CoverageEntry],
    sarif_schema: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 5)
    monkeypatch.setattr(sarif, "_MAX_NOTIFICATIONS", 2)
    monkeypatch.setattr(sarif, "_MAX_WITH_CONTEXT", 4)
    findings = tuple(make_finding(n, severity=Severity.LOW if n % 2 else Severity.HIGH) for n in range(9))
    document = json.loads(
        sarif.render(make_data(findings=findings, coverage=tuple(make_gap(f"{n}") for n in range(4))))
    )
    Draft4Validator(sarif_schema).validate(document)
    run = document["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error"] * 5
    assert "contextRegion" not in run["results"][0]["locations"][0]["physicalLocation"]
    words = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert words[0] == "4 results left out, the least severe: a run may hold 5."
    assert words[-1] == "2 more gaps; the JSON report lists all."


def test_regions_are_valid_whatever_a_scanner_says(
    make_data: MakeData, make_finding: MakeFinding, sarif_schema: dict[str, Any]
) -> None:
    found = make_finding(1, message="", snippet="", fingerprints=(), references=("javascript:x",), cwe=("CWE-x",))
    odd = found.primary.model_copy(update={"start_line": 0, "end_line": 0, "start_col": 0, "end_col": 0})
    found = found.model_copy(update={"detections": (odd,), "start_line": 0, "end_line": 0, "title": ""})
    document = json.loads(sarif.render(make_data(findings=(found,), rules={})))
    Draft4Validator(sarif_schema).validate(document)
    rule = document["runs"][0]["tool"]["driver"]["rules"][0]
    assert "helpUri" not in rule
    assert document["runs"][0]["results"][0]["message"]["text"] == "(no text)"


def test_github_sources_name_repository_and_commit(make_data: MakeData) -> None:
    source = Source(provider="github", repository="o/r", commit="a" * 40, ref="main")
    assert _run(make_data(scan_changes={"source": source}))["versionControlProvenance"] == [
        {
            "repositoryUri": "https://github.com/o/r",
            "revisionId": "a" * 40,
            "branch": "main",
            "mappedTo": {"uriBaseId": "SRCROOT"},
        }
    ]
    bare = Source(provider="github", repository="o/r", commit="not a commit")
    assert "revisionId" not in _run(make_data(scan_changes={"source": bare}))["versionControlProvenance"][0]
