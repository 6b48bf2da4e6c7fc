"""The HTML page: nothing in it comes from outside, and nothing from the scan becomes markup."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.models import CoverageEntry, Finding, Outcome, ScanState
from oreva.reports import html
from oreva.reports.base import ReportData
from oreva.reports.html import render

MakeData = Callable[..., ReportData]
MakeFinding = Callable[..., Finding]
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """What a browser would build: elements in order, their attributes, text without style and script."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.raw: dict[str, str] = {}
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            self.raw[self.open[-1]] = self.raw.get(self.open[-1], "") + data
        else:
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def test_the_page_stands_alone(make_data: MakeData) -> None:
    page = Page(render(make_data(show_all=True)))
    assert page.open == []
    assert not {"link", "img", "iframe", "object", "embed", "base", "audio", "video", "svg"} & set(page.tags)
    assert not page.values("src") + page.values("style")
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not re.search(r"url\(|@import", page.raw["style"])
    assert all(re.match(r"https?://", link) for link in page.values("href"))
    policy = next(value for value in page.values("content") if value.startswith("default-src 'none'"))
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_everything_is_readable_without_a_script(make_data: MakeData, make_finding: MakeFinding) -> None:
    page = Page(render(make_data(fixed=(make_finding(50, title="Gone now"),), notes=("Bandit is old.",))))
    for words in (
        "3 findings: 1 critical, 1 high, 1 medium; 1 gap",
        "Exit code 3: 1 gap not accepted",
        "Shell command built from input",
        "cursor.execute(\"select * from user where name = '%s'\" % name)",
        "The argument comes from a parameter",
        "None: the budget of this scan was spent",
        "Dismissed as accepted risk until 2027-05-01 by ana: only names cache files @team",
        "Suppressed by a nosec comment: a placeholder for tests",
        "Suppressed: policy: false positive at 0.95",
        "The rule has low confidence",
        "Gone now",
        "syntax error on line 12",
        "1 path left out on purpose",
        "vendored code",
        "Bandit is old.",
        "6,800",
    ):
        assert words in page.text, words
    assert page.tags.count("details") == 7 + 1
    assert page.tags.count("mark") >= 3


def test_filters_offer_what_there_is(make_data: MakeData) -> None:
    source = render(make_data())
    options = re.findall(r"<option(?: value=\"([^\"]*)\")?>([^<]*)</option>", source)
    assert [value or label for value, label in options if "script" not in label] == [
        "any", "new", "open", "dismissed", "low-confidence", "suppressed",
        "any", "bandit", "semgrep",
        "any", "CWE-78", "CWE-79", "CWE-89",
        "order", "path", "seen",
    ]  # fmt: skip
    assert 'data-scanners="semgrep|bandit"' in source
    assert 'data-kind="low-confidence"' in source


TEXT = st.text(st.characters(codec=None, categories=None)) | st.lists(
    st.sampled_from(
        [
            "</script>",
            "<script>",
            "<!--",
            "-->",
            "]]>",
            '"',
            "'",
            " onload=x ",
            "&lt;",
            "\x00",
            "\udcff",
            "{{ 7*7 }}",
            "{% x %}",
        ]
    )
).map("".join)


@settings(max_examples=40, deadline=None)
@given(text=TEXT)
def test_no_text_becomes_markup(make_data: MakeData, make_finding: MakeFinding, text: str) -> None:
    def page(words: str) -> Page:
        found = make_finding(
            1,
            title=words,
            message=words,
            fix=f"```\n{words}",
            snippet=words,
            path=f"p{words}",
            cwe=(words,),
            owasp=(words,),
        )
        return Page(render(make_data(findings=(found,), title=words, notes=(words,), read_text=lambda _path: None)))

    attacked, harmless = page(text), page("x")
    assert attacked.open == []
    varying = {"p", "code", "pre", "h3", "span", "mark"}  # what the number of lines and paragraphs decides
    assert [t for t in attacked.tags if t not in varying] == [t for t in harmless.tags if t not in varying]
    assert set(attacked.tags) <= set(harmless.tags) | varying
    assert {name for name, _ in attacked.attributes} == {name for name, _ in harmless.attributes} | (
        {name for name, _ in attacked.attributes} & {"aria-label", "tabindex"}
    )


@pytest.mark.parametrize(
    ("changes", "tone"),
    [
        ({"findings": (), "coverage": ()}, "good"),
        ({"findings": (), "coverage": (), "scan_changes": {"files": 0}}, "gap"),
        ({"findings": ()}, "gap"),
        ({}, "bad"),
        ({"findings": (), "scan_changes": {"state": ScanState.FAILED, "cause": "disk full"}}, "bad"),
    ],
)
def test_the_tone_fits_the_result(make_data: MakeData, changes: dict[str, object], tone: str) -> None:
    assert f'<div class="result {tone}">' in render(make_data(**changes))


def test_no_findings_with_gaps_points_to_the_gaps(make_data: MakeData) -> None:
    assert "None that count, but not everything was assessed" in render(make_data(findings=()))
    assert "None: every file was looked at" in render(make_data(findings=(), coverage=()))


def test_long_lists_are_cut_with_a_count(
    make_data: MakeData,
    make_finding: MakeFinding,
    make_gap: Callable[..., CoverageEntry],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(html, "_MAX_FINDINGS", 3)
    monkeypatch.setattr(html, "_MAX_LISTED", 2)
    skipped = tuple(
        CoverageEntry(path=f"s{n}", scanner="bandit", outcome=Outcome.SKIPPED, reason="tests", on_purpose=True)
        for n in range(7)
    )
    data = make_data(
        findings=tuple(make_finding(n) for n in range(8)),
        fixed=tuple(make_finding(n) for n in range(20, 26)),
        coverage=(*skipped, *(make_gap(f"g{n}", accepted=n == 9) for n in range(10))),
        diff_ref="main",
        new_ids=frozenset({make_finding(7).id}),
    )
    page = Page(render(data))
    assert "5 less severe findings left out of this page" in page.text
    assert re.findall(r"([\d,]+) more are in the JSON report", page.text) == ["4", "8", "5"]
    assert page.values("id").index(f"f-{make_finding(7).id}") < page.values("id").index(f"f-{make_finding(0).id}")
    assert "There before this change" in page.text
    assert "Fixed by this change" in page.text


def test_a_failed_or_odd_status_has_its_reason(make_data: MakeData, make_finding: MakeFinding) -> None:
    found = make_finding(1, status="retired", start_line=1, end_line=30, reopened=1)
    page = Page(render(make_data(findings=(found,), read_text=lambda _path: "y\n" * 40)))
    assert "Retired: no reason given" in page.text
    assert "⋯" in page.text
    assert "came back" in page.text
