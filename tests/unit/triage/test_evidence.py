"""Quotes count only if they are really there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.models import Evidence
from oreva.triage.evidence import problem_of, quote_line, split_lines, verify

FILES = {"a.py": "first line\n\tsecond = line  \n\nlast", "empty.py": ""}


@pytest.mark.parametrize(
    ("path", "line", "quote"),
    [("a.py", 1, "first line"), ("a.py", 2, "second"), ("a.py", 2, "\tsecond = line  "), ("a.py", 4, "last")],
)
def test_a_verbatim_quote_holds(verdict_of, path, line, quote):
    verdict = verdict_of(quote=None).model_copy(update={"evidence": (Evidence(path=path, line=line, quote=quote),)})
    assert verify(verdict, FILES) == []


@pytest.mark.parametrize(
    ("path", "line", "quote", "word"),
    [
        ("a.py", 1, "First line", "does not occur on line 1"),
        ("a.py", 1, "second", "does not occur on line 1"),
        ("a.py", 1, "first line\n\tsecond", "does not occur"),
        ("a.py", 0, "first", "no line 0"),
        ("a.py", -1, "last", "no line -1"),
        ("a.py", 5, "last", "no line 5, it has 4"),
        ("b.py", 1, "first", "not among the files"),
        ("a.py", 1, "", "fewer than 3"),
        ("a.py", 1, " f i ", "fewer than 3"),
        ("empty.py", 1, "first", "does not occur"),
    ],
)
def test_any_other_quote_is_a_problem(verdict_of, path, line, quote, word):
    verdict = verdict_of(quote=None).model_copy(update={"evidence": (Evidence(path=path, line=line, quote=quote),)})
    (problem,) = verify(verdict, FILES)
    assert problem.startswith("evidence 1: ")
    assert word in problem


def test_every_quote_is_checked(verdict_of):
    good, bad = Evidence(path="a.py", line=1, quote="first"), Evidence(path="a.py", line=2, quote="first")
    verdict = verdict_of(quote=None).model_copy(update={"evidence": (bad, good, bad)})
    assert [problem[:10] for problem in verify(verdict, FILES)] == ["evidence 1", "evidence 3"]


def test_lines_end_where_scanners_end_them():
    assert split_lines("a\r\nb\rc\nd\fe\u2028f\x0b") == ["a", "b", "c", "d\fe\u2028f\x0b"]


@given(st.text(), st.integers(-2, 12))
def test_a_quoted_line_always_holds(text, line):
    lines = split_lines(text)
    quote = quote_line("a.py", line, lines)
    if quote is not None:
        assert problem_of(quote, {"a.py": text}) == ""
    else:
        assert not 1 <= line <= len(lines) or len("".join(lines[line - 1][:210].split())) < 10
