"""The little of a language's syntax that identity needs: what is a comment, what a string, what opens a function.

It works on text that may not parse, in any language, and on pieces cut out of a file. Where it guesses wrong it does so
in the same way every time, which is all that a fingerprint asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TRIPLE = r'"""(?:[^"\\]|\\.|"(?!""))*+"""' + r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
_QUOTED = r'"(?:[^"\\\n]|\\.)*+"' + r"|'(?:[^'\\\n]|\\.)*+'"
_BACKTICK = r"`(?:[^`\\]|\\.)*+`"

_HASH = r"\#[^\n]*"
_SPACED_HASH = r"(?<!\S)\#[^\n]*"
_SLASHES = r"//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/"

_NO_STATEMENT = (
    r"(?!(?:await|case|catch|defer|delete|do|echo|else|for|foreach|go|if|lock|new|print|puts|return|switch|synchronized"
    r"|throw|try|typeof|unless|until|using|while|with|yield)\b)"
)
_PYTHON_HEADER = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")
_BRACE_HEADERS = (
    re.compile(
        r"(?:[\w(){}\[\]<>@]+\s+){0,6}?"
        r"(?:function\*?|func|fn|fun|def|class|interface|struct|enum|trait|impl|object|module|namespace)"
        r"\s+(?:\([^()]*\)\s*)?([A-Za-z_$][\w$.:]*)"
    ),
    re.compile(
        r"(?:(?:export|const|let|var|static|public|private|readonly)\s+)*([A-Za-z_$][\w$.]*)\s*[:=]\s*"
        r"(?:async\s*)?(?:function\b|(?:\([^()]*\)|[\w$]+)\s*=>)"
    ),
    re.compile(_NO_STATEMENT + r"(?:[\w<>\[\],.?@&*]+\s+)*+([A-Za-z_$][\w$]*)\s*\([^;=]*\{$"),
    re.compile(_NO_STATEMENT + r"(?:[\w<>\[\],.?@&*]+\s+)+([A-Za-z_$][\w$]*)\s*\([^;=]*[(,)]$"),
)
_BLOCK_HEADER = re.compile(r'([A-Za-z_]\w*(?:\s+"[^"]*")*)\s*\{\s*$')
_YAML_HEADER = re.compile(r"(?:-\s+)?([\w.-]+):\s*(?:#.*)?$")
_TRIPLE_QUOTES = re.compile(r'"""|\'\'\'')
_HEADER_LENGTH = 300
"""Characters of a line that are looked at for a header: minified code has none that would help."""


@dataclass(frozen=True)
class Syntax:
    """How to read one family of languages."""

    tokens: re.Pattern[str]
    """Comments, strings (as group `string`) and white space; what lies between is code."""
    line_comments: tuple[str, ...]
    """What a line that is only a comment starts with, after white space."""
    headers: tuple[re.Pattern[str], ...]
    """What opens a named scope at the start of a line; group 1 is the name."""
    markers: tuple[str, ...]
    """Without one of these in it, a text has neither comment nor single-quoted string."""
    python: bool = False


def _syntax(
    comments: str, strings: str, line_comments: tuple[str, ...], *headers: re.Pattern[str], python: bool = False
) -> Syntax:
    parts = [comments] if comments else []
    parts += [f"(?P<string>{strings})", r"(?:\s|\\\n)+"]
    markers = tuple(marker for marker in ("#", "//", "/*", "--") if re.escape(marker) in comments or marker in comments)
    return Syntax(re.compile("|".join(parts), re.DOTALL), line_comments, headers, ("'", *markers), python)


_SLASHED = ("//", "/*", "* ", "*/")
_PYTHON = _syntax(_HASH, f"{_TRIPLE}|{_QUOTED}", ("#",), _PYTHON_HEADER, python=True)
_BRACES = _syntax(_SLASHES, f"{_QUOTED}|{_BACKTICK}", _SLASHED, *_BRACE_HEADERS)
_PHP = _syntax(f"{_SLASHES}|{_HASH}", _QUOTED, (*_SLASHED, "#"), *_BRACE_HEADERS)
_HCL = _syntax(f"{_SLASHES}|{_HASH}", _QUOTED, (*_SLASHED, "#"), _BLOCK_HEADER)
_SCRIPT = _syntax(_SPACED_HASH, _QUOTED, ("#",), *_BRACE_HEADERS)
_YAML = _syntax(_SPACED_HASH, _QUOTED, ("#",), _YAML_HEADER)
_CONFIG = _syntax(_SPACED_HASH, _QUOTED, ("#",))
_DASHED = _syntax(r"--[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/", _QUOTED, ("--",))
_MARKUP = _syntax(r"<!--(?:[^-]|-(?!->))*+-->", _QUOTED, ())
_PLAIN = _syntax("", _QUOTED, ())

_BY_SUFFIX: dict[str, Syntax] = {
    **dict.fromkeys(("py", "pyi", "pyw"), _PYTHON),
    **dict.fromkeys(
        (
            *("js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "java", "kt", "kts", "scala"),
            *("go", "c", "h", "cc", "cpp", "cxx", "hpp", "hh", "cs", "swift", "rs", "dart", "groovy", "gradle", "sol"),
        ),
        _BRACES,
    ),
    "php": _PHP,
    **dict.fromkeys(("tf", "tfvars", "hcl"), _HCL),
    **dict.fromkeys(("rb", "sh", "bash", "zsh", "ksh", "pl", "pm", "ex", "exs", "r"), _SCRIPT),
    **dict.fromkeys(("yml", "yaml"), _YAML),
    **dict.fromkeys(("toml", "ini", "cfg", "conf", "properties", "env", "dockerfile", "mk"), _CONFIG),
    **dict.fromkeys(("sql", "lua"), _DASHED),
    **dict.fromkeys(("html", "htm", "xml", "svg", "xhtml", "md"), _MARKUP),
}


def syntax_of(path: str, first_line: str = "") -> Syntax:
    """How to read the file at `path`; one without a suffix by its name or by its `#!` line."""
    name = path.rpartition("/")[2].lower()
    stem, dot, suffix = name.rpartition(".")
    if dot and suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if name.startswith(("dockerfile", "containerfile", "makefile", ".env")) or (dot and stem == "requirements"):
        return _CONFIG
    if first_line.startswith("#!"):
        return _PYTHON if "python" in first_line else _SCRIPT
    return _PLAIN


_TRAILING_COMMA = re.compile(r",(?=[)\]}])")


def fold(text: str, syntax: Syntax) -> str:
    """Code with comments gone and white space gone, except where it keeps two words apart.

    A comma before a closing bracket goes as well, and single quotes become double ones where that is the same string:
    formatters change them. Strings stay as they are otherwise. Text that is nothing but comment is kept, so that two
    different comments do not become equal.
    """
    out: list[str] = []
    gap, position = False, 0
    for match in syntax.tokens.finditer(text):
        if match.start() > position:
            _append(out, _TRAILING_COMMA.sub("", text[position : match.start()]), gap=gap)
            gap = False
        string = match["string"]
        if string is None:
            gap = True
        else:
            _append(out, _double_quoted(string), gap=gap)
            gap = False
        position = match.end()
    if position < len(text):
        _append(out, _TRAILING_COMMA.sub("", text[position:]), gap=gap)
    return "".join(out) or "".join(text.split())


def fold_line(line: str, syntax: Syntax) -> str:
    """One line by itself, with all white space gone; empty if it is blank or only a comment."""
    code = line.strip()
    if not code or code in ("*", "*/") or code.startswith(syntax.line_comments):
        return ""
    if not any(marker in code for marker in syntax.markers):
        return "".join(code.split())
    return "".join(fold(code, syntax).split())


def _append(out: list[str], piece: str, *, gap: bool) -> None:
    if out:
        last = out[-1]
        if piece[0] in ")]}" and last.endswith(","):
            out[-1] = last[:-1]
        elif gap and _in_word(last[-1]) and _in_word(piece[0]):
            out.append(" ")
    out.append(piece)


def _in_word(character: str) -> bool:
    return character.isalnum() or character in "_$"


def _double_quoted(string: str) -> str:
    if string[0] == "'" and "\\" not in string and '"' not in string:
        return string.replace("'", '"')
    return string


def scopes(lines: list[str], wanted: Iterable[int], syntax: Syntax) -> dict[int, str]:
    """The qualified name of the function or class around each wanted line (1-based), told from the indentation.

    A line that opens a scope lies in it. Lines outside of any named scope, and languages without one, give "".
    """
    ordered = sorted({line for line in wanted if 1 <= line <= len(lines)})
    if not syntax.headers:
        return dict.fromkeys(ordered, "")
    inside = _lines_inside_strings(lines[: ordered[-1]]) if syntax.python and ordered else frozenset()
    found: dict[int, str] = {}
    stack: list[tuple[int, str]] = []
    done = 0  # lines read so far
    for target in ordered:
        start = target - 1
        while start > done and (start in inside or not _opens_top_level(lines[start], syntax)):
            start -= 1
        if start > done:
            stack.clear()
            done = start
        for index in range(done, target):
            if index not in inside:
                _read_line(lines[index], syntax, stack)
        done = target
        found[target] = ".".join(name for _, name in stack)
    return found


def _read_line(line: str, syntax: Syntax, stack: list[tuple[int, str]]) -> None:
    """Leave the scopes that this line is no part of; enter the one that it opens."""
    code = line.lstrip()
    if not code or code[0] in ")]}{" or code.startswith(syntax.line_comments):
        return
    indent = len(line) - len(code)
    if "\t" in line[:indent]:
        indent = len(line[:indent].expandtabs(8))
    while stack and stack[-1][0] >= indent:
        stack.pop()
    name = scope_name(code, syntax)
    if name:
        stack.append((indent, name))


def scope_name(code: str, syntax: Syntax) -> str:
    """The name of the scope that a line, without its indentation, opens; empty if it opens none."""
    if syntax.python:
        match = _PYTHON_HEADER.match(code) if code[0] in "adc" else None
        return match[1] if match else ""
    head = code[:_HEADER_LENGTH].rstrip()
    for header in syntax.headers:
        match = header.match(head)
        if match:
            return re.sub(r'[\s"]+', ".", match[1]).strip(".")
    return ""


def _opens_top_level(line: str, syntax: Syntax) -> bool:
    return bool(line) and not line[0].isspace() and line[0] not in ")]}{" and not line.startswith(syntax.line_comments)


def _lines_inside_strings(lines: list[str]) -> frozenset[int]:
    """Indexes of the lines that start inside a triple-quoted string: their indentation says nothing."""
    inside: set[int] = set()
    delimiter, opened = "", 0
    for index in [i for i, line in enumerate(lines) if '"""' in line or "'''" in line]:
        if delimiter:
            inside.update(range(opened + 1, index + 1))
        delimiter, opened = _delimiter_after(lines[index], delimiter), index
    if delimiter:
        inside.update(range(opened + 1, len(lines)))
    return frozenset(inside)


def _delimiter_after(line: str, delimiter: str) -> str:
    for match in _TRIPLE_QUOTES.finditer(line):
        if not delimiter:
            delimiter = match[0]
        elif match[0] == delimiter:
            delimiter = ""
    return delimiter
