"""Code frames show the marked lines and columns, whatever the line is like."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.models import Finding
from oreva.reports.base import ReportData
from oreva.reports.code_frame import Frame, cells, frame, frames

Maker = Callable[..., Finding]


def _at(make: Maker, start: int, end: int, start_col: int, end_col: int, snippet: str = "") -> Finding:
    found = make(1, start_line=start, end_line=end, snippet=snippet)
    place = {"start_line": start, "end_line": end, "start_col": start_col, "end_col": end_col}
    return found.model_copy(update={"detections": (found.primary.model_copy(update=place),)})


def _shown(result: Frame) -> list[tuple[int, str, str] | None]:
    return [line and (line.number, line.text, line.text[line.mark_from : line.mark_to]) for line in result.lines]


def test_the_marked_columns_and_the_lines_around_them(make_finding: Maker) -> None:
    lines = ["one", "two", "\tcall(x)", "four", "five"]
    assert _shown(frame(_at(make_finding, 3, 3, 2, 9), lines, context=1, width=60)) == [
        (2, "two", ""),
        (3, "    call(x)", "call(x)"),
        (4, "four", ""),
    ]


def test_lines_are_counted_as_scanners_do(make_data: Callable[..., ReportData], make_finding: Maker) -> None:
    found = _at(make_finding, 2, 2, 1, 2)
    data = make_data(findings=(found,), read_text=lambda _path: "a\x0c\u2028b\r\nc\r\n")
    assert _shown(frames(data, [found], context=1, width=60)[found.id]) == [
        (1, "a\\x0c\\u2028b", ""),
        (2, "c", "c"),
    ]


def test_several_lines_are_marked_from_column_to_column(make_finding: Maker) -> None:
    lines = ["f(a,", "  b,", "  c)", "d"]
    assert _shown(frame(_at(make_finding, 1, 3, 1, 5), lines, context=0, width=60)) == [
        (1, "f(a,", "f(a,"),
        (2, "  b,", "b,"),
        (3, "  c)", "c)"),
    ]


def test_the_middle_of_a_long_finding_is_left_out(make_finding: Maker) -> None:
    lines = [f"line {n}" for n in range(1, 31)]
    shown = _shown(frame(_at(make_finding, 2, 29, 1, 3), lines, context=1, width=60))
    assert [row and row[0] for row in shown] == [1, 2, 3, 4, 5, 6, 7, None, 28, 29, 30]


def test_without_the_file_the_snippet_is_shown(make_finding: Maker) -> None:
    found = _at(make_finding, 7, 8, 1, 4, snippet="foo\nbar")
    expected = [(7, "foo", "foo"), (8, "bar", "bar")]
    assert _shown(frame(found, None, context=2, width=60)) == expected
    assert _shown(frame(found, ["the file has shrunk"], context=2, width=60)) == expected


def test_a_long_line_is_cut_around_the_columns(make_finding: Maker) -> None:
    line = "a" * 1_000_000 + "eval(x)" + "b" * 1_000_000
    (row,) = _shown(frame(_at(make_finding, 1, 1, 1_000_001, 1_000_008), [line], context=0, width=40))
    assert row is not None
    assert row[2] == "eval(x)"
    assert row[1].startswith("…a")
    assert row[1].endswith("b…")
    assert cells(row[1]) <= 40


def test_wide_characters_take_two_cells() -> None:
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert cells("ab") == 2


LINE = st.text(st.sampled_from("ab \t日\u202e\x1b\u0301"), max_size=120)


@settings(max_examples=200)
@given(line=LINE, start=st.integers(0, 130), length=st.integers(0, 130), width=st.integers(24, 60))
def test_any_line_fits_and_marks_lie_in_it(make_finding: Maker, line: str, start: int, length: int, width: int) -> None:
    found = _at(make_finding, 1, 1, start, start + length)
    (row,) = frame(found, [line], context=0, width=width).lines
    assert row is not None
    assert cells(row.text) <= width
    assert 0 <= row.mark_from <= row.mark_to <= len(row.text)
    assert "\x1b" not in row.text
    assert "\u202e" not in row.text
    # Unless the marked part is empty, some of it is seen.
    if line[max(start - 1, 0) : max(start - 1 + length, 0)].strip("\u0301"):
        assert row.mark_to > row.mark_from
