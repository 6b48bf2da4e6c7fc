"""What rule authors write is taken apart, never handed on as markup."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oreva.reports.prose import CodeBlock, Paragraph, Span, parse, to_markdown


def test_paragraphs_code_and_lists_are_told_apart() -> None:
    text = "Use `execute(sql, args)`\nwith parameters:\n\n- one\n2. two\n```python\nx = 1\n\n  y = 2\n```\nDone."
    assert parse(text) == (
        Paragraph((Span("Use "), Span("execute(sql, args)", is_code=True), Span(" with parameters:"))),
        Paragraph((Span("one"),), "-"),
        Paragraph((Span("two"),), "2."),
        CodeBlock("x = 1\n\n  y = 2", "python"),
        Paragraph((Span("Done."),)),
    )


def test_an_open_fence_runs_to_the_end_and_a_shorter_one_does_not_close_it() -> None:
    assert parse("````\na\n```\nb") == (CodeBlock("a\n```\nb"),)
    assert parse("~~~ sh\na\n~~~~\nb") == (CodeBlock("a", "sh"), Paragraph((Span("b"),)))


def test_plain_text_keeps_backticks_around_code() -> None:
    (paragraph,) = parse("a ``b`c`` d")
    assert isinstance(paragraph, Paragraph)
    assert paragraph.plain == "a `b`c` d"


def test_markup_is_only_text() -> None:
    assert to_markdown("**bold** <b>x</b> [a](https://b.c) @team `<i>`\n- `c`") == (
        "&#42;&#42;bold&#42;&#42; &#60;b&#62;x&#60;/b&#62; &#91;a&#93;(https:&#8203;//b.c) @&#8203;team `<i>`\n\n- `c`"
    )
    assert to_markdown("~~~\n``` @x\n~~~") == "````\n``` @x\n````"


@given(st.text())
def test_no_letter_of_prose_is_lost(text: str) -> None:
    blocks = parse(text)
    kept = "".join(b.text if isinstance(b, CodeBlock) else b.plain for b in blocks)
    letters = [char for char in text if char.isalpha()]
    fences = [b.language for b in blocks if isinstance(b, CodeBlock)]
    assert sorted(char for char in kept + "".join(fences) if char.isalpha()) == sorted(letters)
