"""The JSON report has the published shape."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from oreva.models import Finding
from oreva.reports.base import ReportData
from oreva.reports.json import render, schema

MakeData = Callable[..., ReportData]


def _undescribed(value: Any, rule: dict[str, Any], root: dict[str, Any], where: str = "$") -> list[str]:
    """Every field of a document that its schema does not describe."""
    rule = root["$defs"][rule["$ref"].rsplit("/", 1)[1]] if "$ref" in rule else rule
    if "anyOf" in rule:
        return min((_undescribed(value, option, root, where) for option in rule["anyOf"]), key=len)
    if isinstance(value, dict) and "additionalProperties" in rule:
        return [
            x for k, v in value.items() for x in _undescribed(v, rule["additionalProperties"], root, f"{where}.{k}")
        ]
    if isinstance(value, dict):
        fields = rule.get("properties", {})
        return [
            x
            for k, v in value.items()
            for x in (_undescribed(v, fields[k], root, f"{where}.{k}") if k in fields else [f"{where}.{k}"])
        ]
    if isinstance(value, list):
        return [x for v in value for x in _undescribed(v, rule.get("items", {}), root, where)]
    return []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"findings": (), "coverage": (), "title": "", "scan_changes": {"coverage": {}}},
        {"diff_ref": "main", "notes": ("one",), "show_all": True},
    ],
)
def test_reports_satisfy_the_published_schema(make_data: MakeData, changes: dict[str, Any]) -> None:
    document = json.loads(render(make_data(**changes)))
    published = json.loads(schema())
    Draft202012Validator.check_schema(published)
    Draft202012Validator(published, format_checker=FormatChecker()).validate(document)
    assert _undescribed(document, published, published) == []


def test_every_finding_is_there_with_its_status(make_data: MakeData) -> None:
    document = json.loads(render(make_data()))
    assert document["schema_version"] == 1
    assert [(f["severity"], f["status"], f["new"]) for f in document["findings"]] == [
        ("critical", "open", True),
        ("high", "open", True),
        ("medium", "dismissed", False),
        ("medium", "open", False),
        ("low", "suppressed", False),
        ("low", "suppressed", False),
        ("info", "open", False),
    ]
    sql = document["findings"][1]
    assert sql["cwe"] == ["CWE-89"]
    assert (
        sql["detections"][0].items()
        >= {
            "scanner": "semgrep",
            "rule_id": "python.sql-injection",
            "path": "app/db.py",
            "start_line": 5,
            "start_col": 5,
            "end_line": 5,
            "end_col": 66,
        }.items()
    )
    assert sql["fingerprints"] == sql["detections"][0]["fingerprints"]
    assert sql["fingerprints"]["primaryLocationLineHash"].endswith(":1")
    assert sql["verdict"]["assessment"] == "true_positive"
    assert document["findings"][2]["dismissal"]["expires"] == "2027-05-01"
    assert document["findings"][4]["detections"][0]["suppression"]["kind"] == "nosec"


def test_coverage_gaps_and_skipped_paths(make_data: MakeData) -> None:
    coverage = json.loads(render(make_data()))["coverage"]
    assert coverage["files"] == 6890
    assert coverage["by_scanner"]["semgrep"] == {
        "scanned": 12,
        "cached": 6800,
        "partial": 3,
        "skipped": 0,
        "failed": 0,
        "not_applicable": 75,
    }
    assert coverage["gaps"] == [
        {
            "path": "app/broken.py",
            "scanner": "bandit",
            "outcome": "failed",
            "reason": "syntax error on line 12",
            "accepted": False,
        }
    ]
    assert coverage["skipped"] == [{"path": "node_modules/", "scanner": None, "reason": "vendored code"}]


def test_hostile_text_survives_as_text(make_data: MakeData, hostile: str) -> None:
    raw = render(make_data())
    assert raw.isascii()
    assert not set(raw) & {chr(n) for n in (*range(10), *range(11, 32), 127)}
    found = json.loads(raw)["findings"][3]
    assert found["message"] == hostile.replace("\ud800", "\\ud800")
    assert found["path"] == "we ird/\x1b[2J\n<b>|`x`\u202e\\xff@me.py"


def test_there_is_one_line_per_finding_and_gap(make_data: MakeData) -> None:
    lines = render(make_data()).splitlines()
    assert sum(line.startswith('    {"id": ') for line in lines) == 7
    assert sum('"outcome": "failed"' in line for line in lines) == 1


def test_a_finding_without_fingerprints_is_reported(make_data: MakeData, make_finding: Callable[..., Finding]) -> None:
    document = json.loads(render(make_data(findings=(), fixed=(make_finding(1, fingerprints=()),))))
    assert document["fixed"][0]["fingerprints"] == {}
    Draft202012Validator(json.loads(schema())).validate(document)
