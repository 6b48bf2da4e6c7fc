"""Fingerprints of the detections of one file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.findings.fingerprints import fingerprint_file
from oreva.findings.source_text import SourceText

CALL = b"import os\n\ndef f(a):\n    before = 1\n    x = run(a, b)\n    after = 2\n"


def one(kit, content, **fields):
    (prints,) = fingerprint_file(content, [kit.detection(**fields)])
    return prints


def test_a_fingerprint_says_nothing_of_the_line(kit):
    before = one(kit, CALL, line=5, col=9, end_col=18)
    after = one(kit, b"\n\n# hello\n" + CALL, line=8, col=9, end_col=18)
    assert after.model_copy(update={"primary_location_line_hash": ""}) == before.model_copy(
        update={"primary_location_line_hash": ""}
    )
    assert after.primary_location_line_hash == before.primary_location_line_hash
    assert before.scope == "f"
    assert len(before.rule) == len(before.code) == len(before.context) == 32


def test_wrapping_the_call_and_commenting_its_neighbours_changes_nothing(kit):
    before = one(kit, CALL, line=5, col=9, end_col=18)
    wrapped = CALL.replace(b"run(a, b)", b"run(\n        a,  # first\n        b,\n    )").replace(b"= 2", b"= 2  # two")
    after = one(kit, wrapped, line=5, col=9, end_line=8, end_col=6)
    assert (after.rule, after.code, after.context) == (before.rule, before.code, before.context)


def test_line_ends_and_a_byte_order_mark_change_nothing(kit):
    before = one(kit, CALL, line=5, col=9, end_col=18)
    assert one(kit, CALL.replace(b"\n", b"\r\n"), line=5, col=9, end_col=18) == before
    assert one(kit, b"\xef\xbb\xbf" + CALL, line=5, col=9, end_col=18) == before


def test_path_and_rule_are_in_the_rule_fingerprint_only(kit):
    base = one(kit, CALL, line=5, col=9, end_col=18)
    moved = one(kit, CALL, line=5, col=9, end_col=18, path="other.py")
    assert moved.rule != base.rule
    assert (moved.code, moved.context, moved.scope) == (base.code, base.context, base.scope)
    assert one(kit, CALL, line=5, col=9, end_col=18, path="./app.py").rule == base.rule
    assert one(kit, CALL, line=5, col=9, end_col=18, path="e\u0301.py") == one(
        kit, CALL, line=5, col=9, end_col=18, path="\u00e9.py"
    )
    assert one(kit, CALL, line=5, col=9, end_col=18, rule="bandit:B602").rule != base.rule


def test_changed_neighbours_change_the_context_and_not_the_code(kit):
    base = one(kit, CALL, line=5, col=9, end_col=18)
    other = one(kit, CALL.replace(b"before = 1", b"before = 3"), line=5, col=9, end_col=18)
    assert other.code == base.code
    assert other.context != base.context


def test_equal_code_is_told_apart_by_its_index_whatever_the_order(kit):
    content = b"run(x)\n" * 3
    detections = [kit.detection(line=n, end_col=7) for n in (3, 1, 2)]
    third, first, second = fingerprint_file(content, detections)
    assert len({first.rule, second.rule, third.rule}) == 3
    assert first.code == second.code == third.code
    assert fingerprint_file(content, sorted(detections, key=lambda d: d.start_line)) == [first, second, third]
    assert one(kit, b"run(x)\n", line=1, end_col=7).rule == first.rule


def test_one_reported_twice_has_the_same_fingerprint_twice(kit):
    twice = [kit.detection(line=1, end_col=7)] * 2
    assert len(set(fingerprint_file(b"run(x)\n", twice))) == 1
    other = [twice[0], twice[0].model_copy(update={"message": "another"})]
    assert len({prints.rule for prints in fingerprint_file(b"run(x)\n", other)}) == 2


@pytest.mark.parametrize(
    ("fields", "matched"),
    [
        ({"line": 1, "col": 5, "end_col": 11}, "run(x)"),
        ({"line": 1, "col": 9, "end_col": 3}, "a = run(x)"),
        ({"line": 1, "col": 0, "end_col": 0}, "a = run(x)"),
        ({"line": 1, "col": 5, "end_col": 99}, "a = run(x)"),
        ({"line": 2, "col": 5, "end_line": 3, "end_col": 5}, "run(\n   y"),
        ({"line": 2, "col": 50, "end_line": 3, "end_col": 50}, "b = run(\n   y)"),
        ({"line": 3, "col": 2, "end_line": 9, "end_col": 5}, "   y)\n"),
        ({"line": 7}, ""),
        ({"line": 2, "col": 5, "end_line": 3, "end_col": 5, "rule": "bandit:B602"}, "b = run(\n   y)"),
    ],
)
def test_the_matched_code_is_cut_out_where_the_columns_can_be_right(kit, fields, matched):
    assert SourceText(b"a = run(x)\nb = run(\n   y)\n").matched(kit.detection(**fields)) == matched


def test_past_the_end_of_the_file_the_message_stands_for_the_code(kit):
    a, b = (one(kit, b"", line=9, message=message) for message in ("a", "b"))
    assert a.code != b.code
    assert a.primary_location_line_hash == "c129715d7a2bc9a3:1"
    assert fingerprint_file(b"x", []) == []


@given(
    content=st.binary(max_size=300)
    | st.text(alphabet="ab( )'\"\\#\n\r\t:{}\x00\x0c\u2028\ufeff\U0001f600", max_size=300).map(str.encode),
    places=st.lists(st.tuples(*[st.integers(-2, 30)] * 4), max_size=8),
    suffix=st.sampled_from(["py", "js", "tf", "bin"]),
)
def test_any_content_and_any_place_gets_fingerprints(kit, content, places, suffix):
    detections = [kit.detection(path=f"\udcff.{suffix}", line=a, col=b, end_line=c, end_col=d) for a, b, c, d in places]
    found = fingerprint_file(content, detections)
    assert len(found) == len(detections)
    for prints in found:
        prints.model_dump_json()


def test_a_minified_file_is_read_once(kit):
    content = b"f(a);" * 200_000
    detections = [kit.detection(path="a.js", line=1, col=n * 5 + 1, end_col=n * 5 + 5) for n in range(500)]
    assert len({prints.rule for prints in fingerprint_file(content, detections)}) == 500


def test_a_snippet_is_cut_and_printable():
    source = SourceText(b"a\xff\n" + b"b\n" * 100 + b"c" * 9000)
    assert source.snippet(1, 1) == "a\ufffd"
    assert source.snippet(1, 100).count("\n") == 39
    assert len(source.snippet(102, 102)) == 4000
    assert source.snippet(500, 501) == ""
