"""A finding whose confidence was weighed says so in every report that shows it."""

import json
from collections.abc import Callable

import jsonschema
import pytest

from oreva.models import Confidence, Finding
from oreva.reports import html, markdown, table
from oreva.reports import json as json_report
from oreva.reports.base import ReportData

WHY = "semgrep:flow looked for outside data that reaches this and saw none"


@pytest.fixture
def weighed(make_data: Callable[..., ReportData], make_finding: Callable[..., Finding]) -> ReportData:
    low = make_finding(1, confidence=Confidence.LOW, confidence_reason=WHY)
    return make_data(findings=(low,), coverage=(), show_all=True)


def test_the_json_report_keeps_its_schema(weighed: ReportData) -> None:
    document = json.loads(json_report.render(weighed))
    jsonschema.validate(document, json.loads(json_report.schema()))
    assert document["findings"][0]["confidence"] == "low"
    assert document["findings"][0]["confidence_reason"] == WHY


def test_people_read_it_too(weighed: ReportData) -> None:
    assert "low: semgrep:flow looked for" in table.render(weighed, width=200)
    assert "semgrep:flow" in markdown.render(weighed)
    assert f"Low confidence: {WHY}" in html.render(weighed)
