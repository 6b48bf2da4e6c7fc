r"""Masking: comments and docstrings of scanned code turned into blanks, so that no model reads what they say.

Whoever writes the code under scan also writes its comments, and a comment can address the model. Strings stay, since
what they hold decides about many defects; they are quoted data between delimiters that nobody can guess.

Line numbers and columns of everything else stay as they were. Python is read with its own tokenizer and parser, all
else with one regular expression per family of languages, which takes time linear in the text: every alternative ends
at its delimiter, or runs to the end of the line or file. Where a language is unknown, the comment signs of all
families count if white space stands before them: rather too much is hidden from the model than too little.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from oreva.triage.evidence import split_lines
from oreva.triage.python_tree import parse

MAX_MASKED_CHARACTERS = 1_000_000
"""Longer files are not shown to a model at all."""

_QUOTED = r'"(?:\\(?s:.)|[^"\\\n])*+"?|' + r"'(?:\\(?s:.)|[^'\\\n])*+'?"
_BACKTICK = r"`(?:\\(?s:.)|[^`\\])*+`?"
_TEXT_BLOCK = r'"""(?s:.)*?(?:"""|\Z)|' + r"'''(?s:.)*?(?:'''|\Z)"
_SLASHES = r"//[^\n]*+"
_BLOCK = r"/\*(?s:.)*?(?:\*/|\Z)"
_HASH = r"\#[^\n]*+"
_SPACED_HASH = r"(?:(?<=\s)|(?<![\s\S]))\#[^\n]*+"
_SHELL_HASH = r"(?:(?<=[\s;&|()])|(?<![\s\S]))\#[^\n]*+"
_DASHES = r"--[^\n]*+"
_SPACED_DASHES = r"(?:(?<=\s)|(?<![\s\S]))--[ \t][^\n]*+"
_SPACED_SLASHES = r"(?:(?<=\s)|(?<![\s\S]))//[^\n]*+"
_MARKUP = r"<!--(?s:.)*?(?:-->|\Z)"
_REGEX = r"(?<=[=(,:;!&|?{}\[])[ \t]{0,9}+/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n]){0,200}+\]|[^/\\\[\n]){1,200}+/"
_YAML_QUOTED = r"""(?<=[\s\[{,:-])(?:"(?:\\(?s:.)|[^"\\])*+"|'(?:''|[^'])*+')"""
_SHELL_QUOTED = r"""\\(?s:.)|"(?:\\(?s:.)|[^"\\])*+"?|'[^']*+'?|\$\{[^}\n]{0,200}+\}|\$\#|\(\([^\n]{0,60}?\)\)"""
_RUST_QUOTED = (
    r"""\br(?P<hashes>\#{0,20})"(?s:.)*?(?:"(?P=hashes)|\Z)|"(?:\\(?s:.)|[^"\\])*+"?|'(?:\\[^\n]|[^'\\\n])'"""
)
_RUBY_BLOCK = r"(?m:^=begin\b)(?s:.)*?(?:(?m:^=end\b[^\n]*+)|\Z)"


def _heredoc(start: str, tag: str = r"[A-Za-z_]\w{0,60}") -> str:
    return (
        rf"{start}(?P<quote>[\"']?)(?P<tag>{tag})(?P=quote)[^\n]{{0,500}}+\n"
        r"(?s:.)*?(?:(?<=\n)[ \t]{0,99}+(?P=tag)\b|\Z)"
    )


def _nested_block(depth: int) -> str:
    """A block comment that may hold block comments: to that depth, which is what a regular expression can do."""
    inner = f"|{_nested_block(depth - 1)}" if depth else ""
    return rf"/\*(?:(?!\*/|/\*)(?s:.){inner}|/\*)*+(?:\*/|\Z)"


def _lexer(comments: str, kept: str) -> re.Pattern[str]:
    return re.compile(f"(?P<kept>{kept})|(?P<comment>{comments})")


_LEXERS = {
    "javascript": _lexer(f"{_SLASHES}|{_BLOCK}|{_MARKUP}", f"{_QUOTED}|{_BACKTICK}|{_REGEX}"),
    "java": _lexer(f"{_SLASHES}|{_BLOCK}", f"{_TEXT_BLOCK}|{_QUOTED}"),
    "c": _lexer(f"{_SLASHES}|{_BLOCK}", _QUOTED),
    "go": _lexer(f"{_SLASHES}|{_BLOCK}", f"{_QUOTED}|`[^`]*+`?"),
    "kotlin": _lexer(f"{_SLASHES}|{_nested_block(2)}", f"{_TEXT_BLOCK}|{_QUOTED}"),
    "rust": _lexer(f"{_SLASHES}|{_nested_block(2)}", _RUST_QUOTED),
    "php": _lexer(f"{_SLASHES}|{_HASH}|{_BLOCK}|{_MARKUP}", f"{_heredoc('<<<[ ]?')}|{_QUOTED}"),
    "ruby": _lexer(f"{_RUBY_BLOCK}|{_SPACED_HASH}", f"{_heredoc('<<[-~]?', '[A-Z][A-Z_0-9]{0,60}')}|{_QUOTED}"),
    "python": _lexer(_HASH, f"{_TEXT_BLOCK}|{_QUOTED}"),
    "shell": _lexer(_SHELL_HASH, f"{_SHELL_QUOTED}|{_heredoc('(?<!<)<<(?!<)-?[ ]{0,9}')}"),
    "dockerfile": _lexer(r"(?m:^[ \t]*+\#[^\n]*+)|" + _SPACED_HASH, _QUOTED),
    "yaml": _lexer(_SPACED_HASH, _YAML_QUOTED),
    "terraform": _lexer(f"{_SLASHES}|{_HASH}|{_BLOCK}", rf'"(?:\\.|[^"\\\n])*+"?|{_heredoc("<<-?")}'),
    "sql": _lexer(f"{_DASHES}|{_BLOCK}", _QUOTED),
    "markup": _lexer(f"{_MARKUP}|{_BLOCK}|{_SPACED_SLASHES}", r"(?!)"),
    "json": _lexer(f"{_SLASHES}|{_BLOCK}", r'"(?:\\.|[^"\\\n])*+"?'),
    "unknown": _lexer(f"{_SPACED_HASH}|{_SPACED_SLASHES}|{_BLOCK}|{_MARKUP}|{_SPACED_DASHES}", _QUOTED),
}

LANGUAGES = tuple(_LEXERS)
"""Every word that `language_of` may answer with."""

_SUFFIXES = {
    "javascript": "js jsx mjs cjs ts tsx mts cts vue svelte",
    "java": "java groovy cs",
    "kotlin": "kt kts scala swift dart",
    "c": "c cc cpp cxx h hh hpp m mm sol proto",
    "go": "go",
    "rust": "rs",
    "php": "php phtml",
    "python": "py pyi pyw",
    "ruby": "rb erb rake",
    "shell": "sh bash zsh ksh env",
    "yaml": "yaml yml toml",
    "terraform": "tf tfvars hcl",
    "sql": "sql",
    "markup": "html htm xml svg xhtml",
    "json": "json jsonc",
}
_LANGUAGE = {suffix: language for language, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}


def language_of(path: str) -> str:
    """The family of languages that a file is read as, one of `LANGUAGES`: all of a path that a prompt may hold."""
    name = path.rpartition("/")[2].lower()
    if name.startswith("dockerfile") or name.endswith(".dockerfile"):
        return "dockerfile"
    return _LANGUAGE.get(name.rpartition(".")[2], "unknown")


def mask(text: str, language: str) -> list[str]:
    """The lines of a text (as `evidence.split_lines` has them) with comments and docstrings turned into spaces.

    Args:
        text: a whole file as scanned, or a piece of one.
        language: one of `LANGUAGES`; others count as unknown.

    Returns:
        As many lines as the text has; each as long as it was. What is left of a line stands where it stood. A byte
        order mark becomes nothing.
    """
    plain = "\n".join(split_lines(text)).removeprefix("\ufeff")
    if len(plain) > MAX_MASKED_CHARACTERS:
        return [" " * len(line) for line in plain.split("\n")]
    if language == "python":
        masked = _mask_python(plain)
        if masked is not None:
            return masked
        plain = _without_bare_strings(plain)
    return _mask_lexed(plain, language).split("\n")


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _mask_lexed(text: str, language: str) -> str:
    lexer = _LEXERS.get(language, _LEXERS["unknown"])
    return lexer.sub(lambda found: found[0] if found["comment"] is None else _blank(found[0]), text)


Span = tuple[int, int, int, int]
"""First line (1-based), column (0-based, characters), last line, column behind the end."""


def _mask_python(text: str) -> list[str] | None:
    """The masked lines of a Python file, or None if it cannot be tokenized and parsed."""
    module = parse(text)
    if module is None:
        return None
    lines = text.split("\n")
    try:
        spans = [*_comment_spans(text), *_bare_string_spans(module, lines)]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    for first, start, last, end in spans:
        for number in range(first, last + 1):
            line = lines[number - 1]
            a = start if number == first else 0
            b = end if number == last else len(line)
            lines[number - 1] = line[:a] + " " * len(line[a:b]) + line[b:]
    return lines


def _comment_spans(text: str) -> Iterator[Span]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield (*token.start, *token.end)


def _bare_string_spans(module: ast.Module, lines: list[str]) -> Iterator[Span]:
    """Docstrings, and every other string that stands alone as a statement: comments by another name."""
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            start = _character_column(lines[node.lineno - 1], node.col_offset)
            last, column = node.end_lineno or node.lineno, node.end_col_offset or 0
            yield node.lineno, start, last, _character_column(lines[last - 1], column)


def _character_column(line: str, byte_column: int) -> int:
    if line.isascii():
        return byte_column
    return len(line.encode("utf-8", "surrogatepass")[:byte_column].decode("utf-8", "ignore"))


_PYTHON_PIECE = re.compile(
    r"(?P<comment>\#[^\n]*+)|(?P<string>(?:\b[A-Za-z]{1,2})?(?:"
    + _TEXT_BLOCK
    + "|"
    + _QUOTED
    + r"))|(?P<code>[^\s\"'\#])"
)
_CONTINUES = frozenset("=+-*/%,.&|<>\\([{")
"""Signs after which a string on the next line still belongs to the statement."""


def _without_bare_strings(text: str) -> str:
    """A Python text that no parser reads, with the strings blanked that seem to stand alone as statements."""
    before = ":"
    end = 0
    pieces: list[str] = []
    for found in _PYTHON_PIECE.finditer(text):
        between = text[end : found.start()]
        starts = end == 0 or "\n" in between or before == ";"
        end = found.end()
        alone = found["string"] is not None and starts and before not in _CONTINUES
        pieces += (between, _blank(found[0]) if alone else found[0])
        if found["comment"] is None:
            before = found[0][-1]
    return "".join(pieces) + text[end:]
