"""Every format renders every scan, and none lets hostile text through."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.errors import UsageError
from oreva.models import Finding, Status
from oreva.reports.base import ReportData
from oreva.reports.formats import FORMATS
from oreva.reports.registry import render

TEXT = st.text(st.characters(codec=None, categories=None)) | st.text("a<>&\"'`|[]()@#\\\n\r\t\x1b\x9b\u202e\udcff-=")
DIRECTION = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def test_an_unknown_format_is_a_usage_error(make_data: Callable[..., ReportData]) -> None:
    with pytest.raises(UsageError, match="choose one of table, json, sarif, markdown, html"):
        render("xml", make_data())


@pytest.mark.parametrize("name", FORMATS)
def test_a_scan_of_nothing_renders(make_data: Callable[..., ReportData], name: str) -> None:
    text = render(name, make_data(findings=(), coverage=(), scan_changes={"files": 0, "coverage": {}}))
    assert text.endswith("\n")
    assert "nothing was assessed" in text


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25, deadline=None)
@given(text=TEXT, path=TEXT.filter(bool))
def test_no_control_character_gets_through(
    make_data: Callable[..., ReportData], make_finding: Callable[..., Finding], name: str, text: str, path: str
) -> None:
    found = make_finding(
        1, title=text, message=text, fix=text, snippet=text, path=path, cwe=(text,), references=(text,)
    )
    shown = render(name, make_data(findings=(found,), title=text, notes=(text,), read_text=lambda _path: text))
    assert not {char for char in shown if char != "\n" and char != "\t" and not char.isprintable()}
    assert not set(DIRECTION) & set(shown)
    shown.encode("utf-8")


def test_a_format_is_loaded_when_it_is_asked_for() -> None:
    code = (
        "import sys, oreva.reports.registry\n"
        "print([m for m in ('jinja2', 'rich', 'oreva.reports.html', 'oreva.reports.sarif') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("format_", ["table", "markdown", "html", "json"])
def test_why_an_open_finding_is_open_is_said(
    format_: str, make_data: Callable[..., ReportData], make_finding: Callable[..., Finding]
) -> None:
    finding = make_finding(1, status=Status.OPEN, status_reason="the change asks to silence it")
    text = render(format_, make_data(findings=(finding,)))
    assert "the change asks to silence it" in text
