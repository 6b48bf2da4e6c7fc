"""The Markdown that rule authors write, reduced to paragraphs, inline code and code blocks.

Rules can come from the code under scan, so that their text is never handed on as markup: it is taken apart here, and
each report writes the parts with its own escaping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oreva.reports.text_safety import code_fence, code_span, markdown

_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})\s*([^\s`]*)")
_BULLET = re.compile(r"^\s{0,3}(?:[-*+]|\d{1,3}[.)])\s+")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


@dataclass(frozen=True)
class Span:
    """A run of text within a paragraph."""

    text: str
    is_code: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text; `marker` is `- ` or a number for an item of a list."""

    spans: tuple[Span, ...]
    marker: str = ""

    @property
    def plain(self) -> str:
        """The text with code in backticks."""
        return "".join(f"`{span.text}`" if span.is_code else span.text for span in self.spans)


@dataclass(frozen=True)
class CodeBlock:
    """Lines of code."""

    text: str
    language: str = ""


Block = Paragraph | CodeBlock


def parse(text: str) -> tuple[Block, ...]:
    """Split text into blocks. Anything can be parsed; what is no code is text, letter by letter."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    marker = ""
    lines = iter(text.replace("\r\n", "\n").split("\n"))

    def finish() -> None:
        nonlocal marker
        joined = " ".join(paragraph).strip()
        if joined:
            blocks.append(Paragraph(_spans(joined), marker))
        paragraph.clear()
        marker = ""

    for line in lines:
        if fence := _FENCE.match(line):
            finish()
            blocks.append(CodeBlock("\n".join(_until(lines, fence[1])), fence[2]))
        elif bullet := _BULLET.match(line):
            finish()
            marker = bullet[0].strip()
            paragraph.append(line[bullet.end() :].strip())
        elif line.strip():
            paragraph.append(line.strip())
        else:
            finish()
    finish()
    return tuple(blocks)


def to_markdown(text: str) -> str:
    """The text as safe GitHub Markdown, in which only code blocks, inline code and lists are left."""
    parts: list[str] = []
    for part in parse(text):
        if isinstance(part, CodeBlock):
            parts.append(code_fence(part.text, part.language))
        else:
            line = "".join(code_span(span.text) if span.is_code else _spaced(span.text) for span in part.spans)
            parts.append(f"- {line}" if part.marker else line)
    return "\n\n".join(parts)


def _spaced(text: str) -> str:
    """`markdown` strips; between code spans the outer spaces are needed."""
    shown = markdown(text)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and shown else ""
    return f"{before}{shown}{after}"


def _until(lines: Iterator[str], fence: str) -> list[str]:
    """The lines up to the closing fence, or to the end."""
    body: list[str] = []
    for line in lines:
        stripped = line.strip()
        if len(stripped) >= len(fence) and not stripped.strip(fence[0]):
            break
        body.append(line)
    return body


def _spans(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    end = 0
    for found in _SPAN.finditer(text):
        if found.start() > end:
            spans.append(Span(text[end : found.start()]))
        spans.append(Span(found[2].strip(), is_code=True))
        end = found.end()
    if end < len(text):
        spans.append(Span(text[end:]))
    return tuple(spans)
