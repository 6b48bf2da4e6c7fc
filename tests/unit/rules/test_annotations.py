"""What the comments of a test target say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.rules.annotations import read_annotations


def errors(text: str) -> list[str]:
    return [str(error) for error in read_annotations(text, ["a.b", "c"]).errors]


@pytest.mark.parametrize(
    "comment",
    [
        "# ruleid: a.b",
        "#ruleid:a.b",
        "    //   ruleid: a.b  ",
        "<!-- ruleid: a.b -->",
        "(* ruleid: a.b *)",
        "/* ruleid: a.b */",
        "{/* ruleid: a.b */}",
        "-- ruleid: a.b",
        "; ruleid: a.b",
    ],
)
def test_comments_of_many_languages(comment: str) -> None:
    annotations = read_annotations(f"x\n{comment}\ny", ["a.b"])
    assert annotations.by_rule["a.b"].report == {3}
    assert annotations.errors == ()


def test_every_kind() -> None:
    text = "# ruleid: c\n1\n# ok: c\n2\n# todoruleid: c\n3\n# todook: c\n4\n"
    expected = read_annotations(text, ["c"]).by_rule["c"]
    assert (expected.report, expected.silent, expected.either) == ({2}, {4}, {6, 8})
    assert expected.missed([]) == [2]
    assert expected.missed([2]) == []
    assert expected.unexpected([2, 4, 5, 6, 8]) == [4, 5]


def test_a_stack_is_about_the_first_line_below_it() -> None:
    by_rule = read_annotations("# ruleid: a.b, c\n# ok: c\n\nf()\n", ["a.b", "c"]).by_rule
    assert by_rule["a.b"].report == {3}
    assert (by_rule["c"].report, by_rule["c"].silent) == ({3}, {3})


def test_what_cannot_be_meant() -> None:
    assert errors("# ruleid: other\nx") == ["line 1: the rule file beside it has no rule `other`; correct the id"]
    assert errors("x\n# ok: this is fine\ny") == ["line 2: no list of rule ids after `ok:`; write them"]
    assert errors("# ruleid:\ny") == ["line 1: no list of rule ids after `ruleid:`; write them"]
    assert errors("x = 1 # ruleid: c\ny") == ["line 1: an annotation behind code; put it on a line of its own above"]
    assert errors("# ruleid: c") == ["line 1: an annotation with no line below it; add the code it is about"]
    assert errors("# why it is ok: because\nprint('ruleid: c') # ok: fine\n") == []


@given(st.lists(st.sampled_from(["# ruleid: c", "# ok: c", "f()", ""]), max_size=12))
def test_every_annotation_with_code_below_is_about_a_line_of_code(lines: list[str]) -> None:
    text = "\n".join([*lines, "end()"])
    annotations = read_annotations(text, ["c"])
    assert annotations.errors == ()
    expected = annotations.by_rule.get("c")
    marked = expected.report | expected.silent if expected else set()
    assert all(not text.split("\n")[line - 1].startswith("#") for line in marked)
    assert bool(marked) == any(line.startswith("#") for line in lines)
