"""Whatever goes in, nothing comes out that a terminal, a browser or GitHub would obey."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from oreva.reports.text_safety import (
    block,
    code_fence,
    code_span,
    cwe_url,
    json_path,
    markdown,
    safe_url,
    sarif_uri,
    terminal,
    unicode_text,
)

# Any string at all, lone surrogates too, with a bias for the letters that mean something somewhere.
HOSTILE_LETTERS = st.sampled_from(
    [*"\\`*_{}[]<>&|~$@#-+=:.!()\"'/ \n\r\t\x1b\x9b\x07\u202e\u200b\ufeff\udcff\udc80\ud800", "www."]
)
TEXT = st.one_of(
    st.text(st.characters(codec=None, categories=None)),
    st.lists(st.one_of(HOSTILE_LETTERS, st.sampled_from("abgGhH123xudf"))).map("".join),
)
PATH = TEXT


@settings(max_examples=300)
@given(TEXT)
def test_terminal_text_has_nothing_a_terminal_obeys(text: str) -> None:
    shown = terminal(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert shown.isprintable()
    assert terminal(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text/übung.py", "plain text/übung.py"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc\rd\x00e\x7f", "a\\nb\\tc\\rd\\x00e\\x7f"),
        ("\u202egnp\u2066\u200b\ufeff", "\\u202egnp\\u2066\\u200b\\ufeff"),
        ("\x9b", "\\u009b"),
        ("caf\udce9", "caf\\xe9"),
        ("\ud800", "\\ud800"),
        ("\u3164\u034f", "\\u3164\\u034f"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_terminal_shows_what_is_hidden(text: str, shown: str) -> None:
    assert terminal(text) == shown


@given(TEXT)
def test_block_keeps_lines_and_tabs_and_nothing_else_that_is_invisible(text: str) -> None:
    shown = block(text)
    assert re.sub("[\n\t]", "", shown).isprintable()
    assert shown.count("\n") == text.count("\n")


def test_block_does_not_turn_a_written_escape_into_a_tab() -> None:
    assert block("a\t'\\t'\r\nb") == "a\t'\\t'\nb"


COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _markup(source: str) -> tuple[list[str], str]:
    """The kinds of inline markup in a rendered line or table, and the text of it."""
    kinds: list[str] = []
    shown = ""
    for token in COMMONMARK.parse(source):
        for child in token.children or ():
            if child.type in ("text", "text_special"):
                shown += child.content
            else:
                kinds.append(child.type)
        if token.type not in ("inline", "paragraph_open", "paragraph_close"):
            kinds.append(token.type)
    return kinds, shown


@settings(max_examples=300)
@given(TEXT)
@example("# heading")
@example("1. item")
@example("- item")
@example("---")
@example("a:b@example.com")
@example("Ref GH-12 and o/r#12 and www.example.com and HTTPS://x.y")
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    source = markdown(text)
    assert source.isprintable()
    kinds, shown = _markup(source)
    assert kinds == []
    expected = terminal(re.sub(r"\r\n|[\n\t]", " ", text)).strip()
    assert shown.replace("\u200b", "") == expected
    # What GitHub looks for after the markup is resolved: mentions, references, addresses.
    assert not re.search(r"@\w|#\w|\bgh-\d|://|\bwww\.", shown, re.IGNORECASE)
    assert not re.search(r"[<>|`]", source)


@settings(max_examples=200)
@given(TEXT, TEXT)
def test_markdown_and_code_fit_into_a_table_cell(left: str, right: str) -> None:
    table = f"| a | b |\n| :-- | :-- |\n| {markdown(left)} | x{code_span(right, in_table=True)} |"
    rendered = COMMONMARK.render(table)
    assert rendered.count("<td") == 2
    assert not re.search(r"<(?!/?(?:table|thead|tbody|tr|th|td|code)\b)", rendered)


@settings(max_examples=200)
@given(TEXT)
def test_a_code_span_is_nothing_but_code(text: str) -> None:
    kinds, shown = _markup(f"x{code_span(text)}x")
    assert kinds in ([], ["code_inline"])
    if kinds:
        assert COMMONMARK.parse(f"x{code_span(text)}x")[1].children[1].content == terminal(text)  # type: ignore[index]
    else:
        assert not terminal(text).strip()
        assert shown.strip("x") == ""


@settings(max_examples=200)
@given(TEXT, TEXT)
def test_a_fence_closes_where_it_should(text: str, language: str) -> None:
    tokens = COMMONMARK.parse(f"{code_fence(text, language)}\n\nafter")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].content == block(text) + "\n"


def test_a_fence_is_longer_than_any_run_of_backticks() -> None:
    assert code_fence("a ```` b", "python") == "`````python\na ```` b\n`````"
    assert code_fence("x", "py thon`<b>").startswith("```\n")


def _read_json_path(text: str) -> str:
    """The inverse of `json_path`."""
    if not re.search(r"\\(?:x[89a-f][0-9a-f]|ud[89a-f][0-9a-f]{2})", text):
        return text

    def read(found: re.Match[str]) -> str:
        if found[0] == "\\\\":
            return "\\"
        code = int(found[0][2:], 16)
        return chr(0xDC00 + code) if found[0][1] == "x" else chr(code)

    return re.sub(r"\\\\|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}", read, text)


@settings(max_examples=300)
@given(PATH)
@example("a\\xff.py")
@example("a\\\\xff\udcff.py")
def test_json_paths_can_be_read_back_so_they_are_injective(path: str) -> None:
    shown = json_path(path)
    shown.encode("utf-8")
    assert _read_json_path(shown) == path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("src/ünder score.py", "src/ünder score.py"),
        ("back\\slash.py", "back\\slash.py"),
        ("new\nline.py", "new\nline.py"),
        ("\udcff\\.py", "\\xff\\\\.py"),
        ("\\xff.py", "\\\\xff.py"),
    ],
)
def test_json_paths_are_the_names_themselves_wherever_that_is_possible(path: str, shown: str) -> None:
    assert json_path(path) == shown


@given(TEXT)
def test_unicode_text_can_be_encoded(text: str) -> None:
    unicode_text(text).encode("utf-8")


@settings(max_examples=200)
@given(st.binary())
def test_sarif_uris_carry_the_bytes_of_the_path(raw: bytes) -> None:
    uri = sarif_uri(raw.decode("utf-8", "surrogateescape"))
    assert re.fullmatch(r"[A-Za-z0-9/._~%-]*", uri)
    assert unquote_to_bytes(uri) == raw


def test_sarif_uris_take_any_surrogate_and_no_scheme() -> None:
    assert sarif_uri("\ud800") == "%ED%A0%80"
    assert sarif_uri("http://x") == "http%3A//x"


@given(TEXT)
def test_safe_urls_are_plain_web_addresses(text: str) -> None:
    for candidate in (text, f"https://example.com/{text}"):
        url = safe_url(candidate)
        if url is not None:
            assert urlsplit(url).scheme in ("http", "https")
            assert re.fullmatch(r"[!-~]+", url)
            assert not set("<>\"'`()[]{}|\\^ ") & set(url)


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "ftp://x.y", ""]
)
def test_other_addresses_are_refused(text: str) -> None:
    assert safe_url(text) is None


def test_weaknesses_have_a_page() -> None:
    assert cwe_url("CWE-089") == "https://cwe.mitre.org/data/definitions/89.html"
    assert cwe_url("CWE-89/../x") is None
