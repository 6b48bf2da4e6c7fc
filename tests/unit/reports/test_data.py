"""The data of a report: every other format can be made from it, somewhere else."""

from __future__ import annotations

import dataclasses
import json

import pytest

from oreva.errors import SourceError
from oreva.reports.data import parse, render
from oreva.reports.formats import FORMATS
from oreva.reports.registry import render as render_as


def test_every_format_is_the_same_from_the_data(make_data) -> None:
    data = make_data()
    again = dataclasses.replace(
        parse(render(data), data.read_text), show_all=data.show_all, fail_on=data.fail_on, allow_gaps=data.allow_gaps
    )
    assert dataclasses.replace(again, rules=data.rules) == data
    for form in FORMATS:
        assert render_as(form, again) == render_as(form, data)


def test_it_is_one_line_of_ascii_that_any_program_reads(make_data) -> None:
    text = render_as("data", make_data())
    assert text.count("\n") == 1
    assert json.loads(text.encode())["findings"]


def test_rules_that_nobody_names_stay_behind(make_data, make_finding) -> None:
    finding = make_finding()
    data = make_data(findings=(finding,), fixed=())
    assert set(json.loads(render(data))["rules"]) <= set(finding.rule_ids)


def test_what_another_version_has_written_is_refused(make_data) -> None:
    document = json.loads(render(make_data()))
    for text in ("", "[]", "{}", json.dumps({**document, "later": 1})):
        with pytest.raises(SourceError, match="use the version"):
            parse(text)
