"""Reading rule files: what YAML means, where everything stands, and what is refused."""

import json
from contextlib import suppress

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.rules import document
from oreva.rules.document import MAX_FILE_BYTES, DocumentError, read_rules

LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(VALUES, max_size=3), st.booleans())
def test_json_reads_as_itself(rules: list[object], ascii_only: bool) -> None:
    text = json.dumps({"rules": rules}, ensure_ascii=ascii_only)
    printable = not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029\ufeff\ufffe\uffff" for c in text)
    if ascii_only or printable:
        assert [entry.value for entry in read_rules(text.encode())] == rules


def test_scalars_are_those_of_yaml_1_2() -> None:
    (entry,) = read_rules(
        b"rules:\n- {on: yes, date: 2020-01-01, octal: 010, hex: 0x1f, float: 1.5e3, none: ~, quoted: 'true', "
        b"time: 1:30, true: True, text: !!str 5, inf: .inf, big: 1e999}\n"
    )
    assert entry.value == {
        "on": "yes",
        "date": "2020-01-01",
        "octal": 10,
        "hex": 31,
        "float": 1500.0,
        "none": None,
        "quoted": "true",
        "time": "1:30",
        "true": True,
        "text": "5",
        "inf": ".inf",
        "big": "1e999",
    }
    json.dumps(entry.value, allow_nan=False)


def test_aliases_and_merge_keys_are_resolved_and_noted() -> None:
    plain, aliased, merged = read_rules(
        b"base: &base {a: 1, b: 2}\n"
        b"other: &other {b: 3, c: 4}\n"
        b"rules:\n- {id: plain}\n- {id: aliased, x: *base}\n- {<<: [*base, *other], a: 0}\n"
    )
    assert not plain.has_alias
    assert (aliased.value, aliased.has_alias) == ({"id": "aliased", "x": {"a": 1, "b": 2}}, True)
    assert (merged.value, merged.has_alias) == ({"a": 0, "b": 2, "c": 4}, True)


def test_an_anchor_alone_is_noted_too() -> None:
    (entry,) = read_rules(b"rules:\n- {id: a, x: &x [1]}\n")
    assert entry.has_alias


def test_every_rule_and_key_has_its_line() -> None:
    first, second = read_rules(
        b"# comment\nrules:\n\n  - id: a\n    message: |\n      two\n      lines\n    pattern: x\n  -\n    id: b\n"
    )
    assert (first.line, dict(first.key_lines)) == (4, {"id": 4, "message": 5, "pattern": 8})
    assert (second.line, dict(second.key_lines)) == (10, {"id": 10})


def test_json_escapes_beyond_the_basic_plane() -> None:
    (entry,) = read_rules(rb'{"rules": ["\ud83d\ude00 \\ud83d\\ude00 \/"]}')
    assert entry.value == "\U0001f600 \\ud83d\\ude00 /"


@pytest.mark.parametrize("loader", LOADERS, ids=["python", "libyaml"])
@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "no `rules` key"),
        (b"# nothing but a comment\n", 1, "no `rules` key"),
        (b"x: 1\n", 1, "no `rules` key"),
        (b"- a\n", 1, "no mapping"),
        (b"x: 1\nrules: 1\n", 2, "no list"),
        (b"rules: []\nrules: []\n", 2, "twice"),
        (b"rules:\n- {a: 1,\n   a: 2}\n", 3, "key `a` is there twice"),
        (b"rules: []\n---\nrules: []\n", 2, "second document"),
        (b"a: [\n", 2, "invalid YAML"),
        (b"rules:\n  - id: a\n   b: c\n", 3, "invalid YAML"),
        (b"rules:\n\t- a\n", 2, "invalid YAML"),
        (b"rules:\n- \x00\n", 2, "characters are not allowed"),
        (b"rules:\n- \xff\n", 2, "not UTF-8"),
        (b"rules: [*x]\n", 1, "alias `*x`"),
        (b"rules:\n- &a [*a]\n", 2, "alias `*a`"),
        (b"rules:\n- {<<: 1}\n", 2, "`<<` merges"),
        (b"rules:\n- [1]: 2\n", 2, "a key is no text"),
        (b"rules:\n- ? {a: b}\n  : c\n", 2, "a key is no text"),
        (b"rules: [!!python/object/apply:os.system [id]]\n", 1, "the tag"),
        (b"rules: [!!python/name:os.system '']\n", 1, "the tag"),
        (b"rules: [!!set {a}]\n", 1, "the tag"),
        (b"rules: " + b"[" * 200_000, 1, "nested too deeply"),
        (b"rules:\n- " + b"{a: " * 5_000, 2, "nested too deeply"),
        (b" " * (MAX_FILE_BYTES + 1), 1, "split it"),
    ],
)
def test_what_is_no_rule_file(
    content: bytes, line: int, words: str, loader: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "_LOADER", loader)
    with pytest.raises(DocumentError) as raised:
        read_rules(content)
    assert raised.value.line == line
    assert words in raised.value.message


def test_aliases_cannot_multiply_without_bound() -> None:
    lines = ["a: &a [1,1,1,1,1,1,1,1,1,1]"]
    lines += [f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]" for i in range(12)]
    with pytest.raises(DocumentError, match="more than"):
        read_rules("\n".join([*lines, "rules: [*m]"]).encode())
    long_text = f"a: &a {'x' * 100_000}\nrules: [{','.join(['*a'] * 1_000)}]"
    with pytest.raises(DocumentError, match="more than"):
        read_rules(long_text.encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.text("rules:[]{}-&*! \n\"'a1<", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(DocumentError):
        values = [entry.value for entry in read_rules(content)]
        assert json.loads(json.dumps(values, allow_nan=False)) == values
