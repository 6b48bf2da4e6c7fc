"""Code as text: comments taken out, strings told apart, for languages (and broken files) that are not parsed.

One regular expression per family of languages finds comments and strings in a single pass. It takes time linear in the
text, whatever the text: every alternative either ends at its delimiter or runs to the end of the line or file.
"""

from __future__ import annotations

import re

_LINE = {"slash": r"//[^\n]*+", "hash": r"\#[^\n]*+", "dash": r"--[^\n]*+"}
_BLOCK = r"/\*(?s:.)*?(?:\*/|\Z)"
_QUOTED = r'"(?:\\.|[^"\\\n])*+"?|' + r"'(?:\\.|[^'\\\n])*+'?"
_BACKTICK = r"`(?:\\(?s:.)|[^`\\])*+`?"
_TRIPLE = r'"""(?s:.)*?(?:"""|\Z)|' + r"'''(?s:.)*?(?:'''|\Z)"
_REGEX = r"(?<=[=(,:;!&|?{}\[])[ \t]{0,9}+/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n]){0,200}+\]|[^/\\\[\n]){1,200}+/"


def _lexer(comments: str, strings: str) -> re.Pattern[str]:
    return re.compile(f"(?P<comment>{comments})|(?P<string>{strings})")


_LEXERS = {
    "javascript": _lexer(f"{_LINE['slash']}|{_BLOCK}", f"{_QUOTED}|{_BACKTICK}|{_REGEX}"),
    "java": _lexer(f"{_LINE['slash']}|{_BLOCK}", f"{_TRIPLE}|{_QUOTED}"),
    "go": _lexer(f"{_LINE['slash']}|{_BLOCK}", f"{_QUOTED}|`[^`]*+`?"),
    "php": _lexer(f"{_LINE['slash']}|{_LINE['hash']}|{_BLOCK}", _QUOTED),
    "python": _lexer(_LINE["hash"], f"{_TRIPLE}|{_QUOTED}"),
    "ruby": _lexer(_LINE["hash"], _QUOTED),
    "other": _lexer(r"(?:(?<=\s)|^)" + _LINE["hash"], _QUOTED),
}

_SUFFIXES = {
    "javascript": "js jsx mjs cjs ts tsx mts cts vue svelte",
    "java": "java kt kts scala groovy cs swift c cc cpp h hpp rs dart",
    "go": "go",
    "php": "php phtml",
    "python": "py pyi pyw",
    "ruby": "rb erb rake",
}
_LANGUAGE = {suffix: language for language, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}


def language_of(path: str) -> str:
    """The family of languages a file is read as: `python`, `javascript`, `java`, `go`, `php`, `ruby` or `other`."""
    return _LANGUAGE.get(path.rpartition("/")[2].rpartition(".")[2].lower(), "other")


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def without_comments(text: str, language: str) -> str:
    r"""The text with comments turned into spaces; line and column of everything else stay as they were.

    `text` must have `\n` line ends.
    """

    def keep_strings(found: re.Match[str]) -> str:
        return found[0] if found["string"] is not None else _blank(found[0])

    return _LEXERS[language].sub(keep_strings, text)


_WORD_IN_STRING = {
    "javascript": re.compile(r"\$\{"),
    "php": re.compile(r"\$\w|\{\$"),
    "ruby": re.compile(r"#\{"),
}


def shape(code: str, language: str) -> str:
    """Code with every string replaced by `""`, and by `$` where it has variables in it; comments become spaces."""
    interpolates = _WORD_IN_STRING.get(language)

    def replace(found: re.Match[str]) -> str:
        literal = found["string"]
        if literal is None:
            return " "
        quoted_plainly = language in {"php", "ruby"} and literal.startswith("'")
        variable = interpolates is not None and not quoted_plainly and interpolates.search(literal)
        if language == "javascript" and not literal.startswith("`"):
            variable = None
        return "$" if variable else '""'

    return _LEXERS[language].sub(replace, code)


_ARGUMENTS = re.compile(r"""[\s"\d.,+\[\]()-]*""")
_PARENTHESIS = re.compile(r"[()]")
_HARMLESS_WORDS = re.compile(r"\b(?:true|false|null|nil|None|True|False|undefined)\b")


_BEFORE = re.compile(
    r"\s*(?:(?:return|await|yield|throw|echo|defer|go)\s+)*+"
    r"(?:(?:(?:const|let|var|val|final)\s+)?(?:[\w.<>\[\]]+\s+)?[\w$]+(?:\s*,\s*[\w$]+)?\s*(?::=|=(?!=))\s*)?+"
    r"(?:(?:await|new)\s+)*+"
)
_LINK = r"(?:\?\.|\.|->|::)"
_CALLED = re.compile(rf"[$@]?[A-Za-z_][\w$]*(?:\s*{_LINK}\s*[A-Za-z_][\w$]*)*+\s*!?\(")
_CALLED_ON = re.compile(rf"\s*{_LINK}\s*[A-Za-z_][\w$]*(?:\s*{_LINK}\s*[A-Za-z_][\w$]*)*+\s*\(")
_BEHIND = re.compile(r"\s*[;,]?\s*")
_LAST_WORD = re.compile(r"([A-Za-z_][\w$]*)\s*!?\($")

Call = tuple[str, str]
"""The last part of the name of a function, and its arguments as shaped code."""


def call_chain(shaped: str) -> list[Call] | None:
    """The calls of shaped code that is one chain of calls, as `a.b("").c(x)` is; None for any other code.

    The chain may be returned, or assigned to plain variables.
    """
    before = _BEFORE.match(shaped)
    start = _CALLED.match(shaped, before.end() if before else 0)
    found: list[Call] = []
    while start is not None:
        end = _closing(shaped, start.end())
        name = _LAST_WORD.search(start[0])
        if end is None or name is None:
            return None
        found.append((name[1], shaped[start.end() : end]))
        if _BEHIND.fullmatch(shaped, end + 1):
            return found
        start = _CALLED_ON.match(shaped, end + 1)
    return None


_ASSIGNED = re.compile(rf"\s*[A-Za-z_$][\w$]*(?:{_LINK}[A-Za-z_$][\w$]*)*+\s*\+?=(?!=)(?P<value>[^=]*+)")


def assigned_value(shaped: str) -> str | None:
    """What shaped code that is one assignment to a variable or property assigns; None for any other code."""
    found = _ASSIGNED.fullmatch(shaped)
    return None if found is None else found["value"].rstrip().rstrip(";")


def without_calls(code: str, called: re.Pattern[str]) -> str | None:
    """Code with every call that `called` finds (up to its parenthesis) replaced by `""`.

    None if one of them is given settings in braces, or is not closed.
    """
    parts: list[str] = []
    position = 0
    while (found := called.search(code, position)) is not None:
        end = _closing(code, found.end())
        if end is None or "{" in code[found.end() : end]:
            return None
        parts += [code[position : found.start()], '""']
        position = end + 1
    return "".join([*parts, code[position:]])


def texts_in(code: str, language: str) -> list[str]:
    """The contents of the strings in code."""
    found = (match["string"] for match in _LEXERS[language].finditer(code))
    return [text.strip("\"'`") for text in found if text is not None]


def _closing(shaped: str, start: int) -> int | None:
    """Where the parenthesis closes that was opened right before `start`."""
    depth = 1
    for found in _PARENTHESIS.finditer(shaped, start):
        depth += 1 if found[0] == "(" else -1
        if depth == 0:
            return found.start()
    return None


def only_literals(arguments: str) -> bool:
    """Whether shaped arguments hold at least one string and nothing but literals."""
    plain = _HARMLESS_WORDS.sub("", arguments)
    return '"' in plain and _ARGUMENTS.fullmatch(plain) is not None


def starts_with_literal(arguments: str) -> bool:
    """Whether the first shaped argument is a plain string and others follow it."""
    return re.match(r'\s*""\s*,', arguments) is not None


_FUNCTION_START = re.compile(
    r"(?:export |default |public |private |protected |static |async |final )*"
    r"(?:function\b|func\b|def\b|class\b|(?:const|let|var) \w+ ?= ?(?:async ?)?(?:\(|function\b|\w+ ?=>)"
    r"|(?:[\w<>\[\],.]+ )+\w+ ?\([^;]*\{$|\w+\.(?:get|post|put|patch|delete|use|all|HandleFunc)\()"
)


def function_start(lines: list[str], line: int, reach: int = 60) -> int:
    """The line (1-based) on which the function around `line` seems to start, at most `reach` lines before it."""
    here = _indent(lines[line - 1])
    for number in range(line - 1, max(line - reach, 1) - 1, -1):
        text = lines[number - 1][:300]
        if _indent(text) < max(here, 1) and _FUNCTION_START.match(" ".join(text.split())):
            return number
    return max(line - reach, 1)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


_ASSIGNS = re.compile(r":=|(?<![=!<>])=(?![=>])")
_NAME = re.compile(r"(?<![\w$.])[A-Za-z_$][\w$]*")
_NO_NAMES = frozenset({"const", "let", "var", "final", "String", "int", "if", "for", "while", "return", "val"})


def variables_from(lines: list[str], start: int, end: int, source: re.Pattern[str]) -> dict[str, int]:
    """Names that lines `start` to `end` (1-based, without comments) give input from outside, with the line of each."""
    found: dict[str, int] = {}
    for number in range(start, min(end, len(lines)) + 1):
        text = lines[number - 1][:1_000]
        assigns = _ASSIGNS.search(text)
        if assigns and source.search(text, assigns.end()):
            for name in _NAME.findall(text[: assigns.start()]):
                if name not in _NO_NAMES:
                    found.setdefault(name, number)
    return found
