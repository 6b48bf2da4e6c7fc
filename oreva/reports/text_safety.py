"""Untrusted text (paths, code, messages) made harmless for each place it is written to."""

from __future__ import annotations

import re
from urllib.parse import quote

# Printable by Unicode's categories, yet drawn as nothing: they would hide in a name.
_INVISIBLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U0001bca0-\U0001bca3\U000e0100-\U000e01ef"
)
_HAS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

_LOOKS_ESCAPED = re.compile(r"\\(?:x[89a-f][0-9a-f]|ud[89a-f][0-9a-f]{2})")
_SURROGATE = re.compile("[\ud800-\udfff]")

_MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|~$]")
_MARKDOWN_BLOCK_START = re.compile(r"^(?:[#+=:-]|\d{1,9}(?=[.)]))")
_MARKDOWN_REFERENCE = re.compile(r"@|#(?=\w)|(?<=\bgh)-(?=\d)|:(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_NO_WIDTH = "&#8203;"
_BACKTICKS = re.compile("`+")
_INFO_STRING = re.compile(r"[A-Za-z0-9+#.-]{1,30}\Z")

_URL = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
_CWE = re.compile(r"CWE-(\d{1,5})\Z", re.IGNORECASE)


def terminal(text: str) -> str:
    """One line of text for a terminal, in which every character is visible and none is obeyed.

    Control characters (line breaks and tabs too), escape sequences, direction overrides, zero-width and other invisible
    characters and lone surrogates become escapes: `\\x1b`, `\\u202e`, and `\\xff` for an undecodable byte of a name.
    """
    if text.isprintable() and (text.isascii() or not _HAS_INVISIBLE.search(text)):
        return text
    return "".join(visible(char) for char in text)


def visible(char: str) -> str:
    """One character as `terminal` writes it."""
    if char.isprintable() and not _HAS_INVISIBLE.match(char):
        return char
    if char in _NAMED:
        return _NAMED[char]
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def block(text: str) -> str:
    """Several lines of text: as `terminal`, but line feeds and tabs stay, and CR LF is a line feed."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(terminal, line.split("\t"))) for line in lines)


def markdown(text: str) -> str:
    """Text for one line of GitHub Markdown (a table cell too) that shows exactly the text.

    Nothing in it is markup, HTML, a link or an image, a mention (`@name`), a reference (`#1`, `GH-1`) or a link that
    GitHub would make on its own; a zero-width space breaks these, because GitHub looks for them after the markup.
    """
    line = terminal(text.replace("\r\n", "\n").replace("\n", " ").replace("\t", " ")).strip()
    escaped = _MARKDOWN_SPECIAL.sub(lambda found: f"&#{ord(found[0])};", _MARKDOWN_REFERENCE.sub(_break, line))
    escaped = escaped.replace("\0", _NO_WIDTH)
    return _MARKDOWN_BLOCK_START.sub(_block_start, escaped)


def _break(found: re.Match[str]) -> str:
    # NUL cannot be in the text any more: it stands for the zero-width space until everything else is escaped.
    return found[0] + "\0"


def _block_start(found: re.Match[str]) -> str:
    start = found[0]
    return f"&#{ord(start[0])};{start[1:]}"


def code_span(text: str, *, in_table: bool = False) -> str:
    """Text as inline code for one line of GitHub Markdown.

    In a table, text with a pipe comes back as `markdown` writes it: a code span cannot carry every pipe through one.
    """
    shown = terminal(text)
    if not shown.strip() or (in_table and "|" in shown):
        return markdown(shown)
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def code_fence(text: str, language: str = "") -> str:
    """A fenced code block (no final line feed); its fence is longer than any run of backticks in the text."""
    fence = "`" * max(3, _longest_run(text) + 1)
    info = language if _INFO_STRING.match(language) else ""
    return f"{fence}{info}\n{block(text)}\n{fence}"


def json_path(path: str) -> str:
    """A path as valid Unicode, different for different paths.

    A path that is valid Unicode stays as it is, unless it reads like an escaped one. Any other is escaped: an
    undecodable byte is `\\xNN` (80–ff), another lone surrogate `\\udNNN`, and each backslash is doubled. So a text that
    contains one of these forms is an escaped path, every other text is the path itself, and both can be read back.
    """
    if not _LOOKS_ESCAPED.search(path) and not _SURROGATE.search(path):
        return path
    return unicode_text(path.replace("\\", "\\\\"))


def unicode_text(text: str) -> str:
    """The text with lone surrogates written out as `\\xNN` or `\\udNNN`, so that it can be encoded as UTF-8."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return _SURROGATE.sub(lambda found: visible(found[0]), text)


def sarif_uri(path: str) -> str:
    """A relative path as a relative URI reference (RFC 3986): the bytes of the path, percent-encoded."""
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    return quote(raw, safe="/-._~")


def safe_url(text: str) -> str | None:
    """An absolute http(s) address in plain ASCII, fit for HTML, Markdown and SARIF; None if the text is none."""
    if not _URL.match(text) or not text.isprintable() or " " in text:
        return None
    return quote(text, safe=":/?#@!$&*+,;=%~-._")


def cwe_url(cwe: str) -> str | None:
    """The page of a weakness such as `CWE-89`; None if the text names none."""
    found = _CWE.match(cwe)
    return f"https://cwe.mitre.org/data/definitions/{int(found[1])}.html" if found else None


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
