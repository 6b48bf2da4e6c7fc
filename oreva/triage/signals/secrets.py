"""Signals from what a hard-coded "secret" looks like: a placeholder, a name, a lookup, or the real thing."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from oreva.triage.case import Case
from oreva.triage.families import Family
from oreva.triage.python_tree import dotted
from oreva.triage.signals.base import Observation, Signal

_PLACEHOLDER = re.compile(
    r"change[-_ ]?me|change[-_ ]?this|example|placeholder|dummy|redacted|insert[-_ ]|replace[-_ ]|your[-_ ]|^my[-_ ]"
    r"|^todo|^fixme|^fake|^foo(?:bar)?$|^bar$|^baz$|^none$|^null$|^undefined$|^not[-_ ]?set$|^<.*>$|^\$\{.*\}$"
    r"|^\{\{.*\}\}$|^%\w*%$|^\{\w*\}$|^%\(?\w*\)?s$|x{4}|^[*.\-_x0?# ]+$",
    re.IGNORECASE,
)
_TEST_KEY = re.compile(r"^(?:sk|pk|rk)_test_|^test[-_]?(?:key|token|secret|password)?\d*$|_test_key$", re.IGNORECASE)
_KNOWN_FORMAT = re.compile(
    r"(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])|gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{22}|(?:sk|rk)_live_[0-9A-Za-z]{16}"
    r"|xox[abprs]-[0-9A-Za-z-]{10}|AIza[0-9A-Za-z_-]{35}|glpat-[\w-]{20}|SG\.[\w-]{16,32}\.[\w-]{16}|npm_[0-9A-Za-z]{36}"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\."
)
_KEY_CHARACTERS = re.compile(r"[\w+/=.!@#$%^&*~:-]{16,}")
_WORD_NAME = re.compile(r"[A-Za-z]+(?:[._:/ -][A-Za-z]+)*|[A-Za-z]+")
_FIELD_WORDS = re.compile(
    r"password|passwd|token|secret|auth|csrf|session|bearer|cookie|header|field|reset|user|type|url"
)
_WEAK_PASSWORDS = frozenset(
    [
        *(
            "letmein",
            "hunter",
            "admin",
            "root",
            "qwerty",
            "toor",
            "supersecret",
            "passw0rd",
            "master",
            "welcome",
        ),
        *("topsecret", "admin123", "postgres", "dragon", "monkey", "iloveyou", "opensesame"),
    ]
)

Literal = tuple[str, ast.expr | None]
"""A candidate for the secret: its text, and its node if the file is parsed."""


def entropy(text: str) -> float:
    """Shannon entropy in bits per character (C. E. Shannon, 1948)."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)


_QUOTED = re.compile(r"""(?P<quote>["'`])(?P<value>[^"'`\n]{0,400})(?P=quote)""")
_ASSIGNED = re.compile(r"[:=]\s*(?P<value>[^\s\"'`#,;]{1,400})\s*$")


def literals(case: Case) -> list[Literal]:
    """The texts that the finding can mean."""
    if case.statement is not None:
        return list(_python_literals(case))
    found = [match["value"] for match in _QUOTED.finditer(case.region)]
    if not found:
        line = case.view.code[case.finding.start_line - 1 : case.finding.start_line]
        found = [match["value"] for text in line if (match := _ASSIGNED.search(text[:2_000]))]
    return [(text, None) for text in found]


def _python_literals(case: Case) -> Iterator[Literal]:
    exact = [_value_of(case, flagged.node) for flagged in case.flagged if isinstance(flagged.node, ast.Constant)]
    for node in (part for value in exact or _values(case.statement, case.nodes) for part in _alternatives(value)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node


def _value_of(case: Case, node: ast.expr) -> ast.expr:
    """The value that a flagged key stands for: Bandit points at `"password"` in `{"password": "..."}`."""
    python, statement = case.view.python, case.statement
    if python is None or statement is None:
        return node
    return python.index(statement).values.get(id(node), node)


def _alternatives(value: ast.expr) -> list[ast.expr]:
    """A value, and what a lookup or an `or` falls back on."""
    if isinstance(value, ast.BoolOp):
        return [part for option in value.values for part in _alternatives(option)]
    if isinstance(value, ast.Call) and _is_lookup(value):
        return [*value.args[1:], *(keyword.value for keyword in value.keywords)]
    return [value]


_NAMED_SECRET = re.compile(r"pass|pwd|secret|token|key|credential|auth", re.IGNORECASE)


def _values(statement: ast.stmt | None, nodes: list[ast.AST]) -> list[ast.expr]:
    """The expressions in a statement that are given to something whose name speaks of a secret."""
    found: list[ast.expr] = []
    for node in nodes:
        if isinstance(node, ast.keyword) and _NAMED_SECRET.search(node.arg or ""):
            found.append(node.value)
        elif isinstance(node, ast.Compare):
            found += [node.left, *node.comparators]
        elif isinstance(node, ast.Dict):
            found += [value for key, value in zip(node.keys, node.values, strict=True) if _is_secret_key(key)]
        elif isinstance(node, ast.arguments):
            found += [default for default in [*node.defaults, *node.kw_defaults] if default is not None]
    if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
        found.append(statement.value)
    return found


def _is_secret_key(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and bool(_NAMED_SECRET.search(key.value))


def placeholder(case: Case) -> Observation | None:
    """A value that everybody sees is to be replaced is no secret."""
    found = literals(case)
    if not found or not all(_is_placeholder(text) for text, _ in found):
        return None
    words = "The value is empty or reads like a placeholder, not like a secret somebody uses."
    return Observation(-2.4, words, case.quote(_holder(case, found)))


def _is_placeholder(text: str) -> bool:
    return not text.strip() or bool(_PLACEHOLDER.search(text))


def _holder(case: Case, found: list[Literal]) -> ast.expr | ast.stmt | None:
    """What to quote: the statement, since a literal alone may be too short."""
    node = found[0][1]
    if case.statement is not None and node is not None and node.lineno != case.statement.lineno:
        return node
    return case.statement


def test_key(case: Case) -> Observation | None:
    """Keys of a provider's test mode open nothing of value."""
    found = literals(case)
    if not found or not all(_TEST_KEY.search(text) for text, _ in found):
        return None
    words = "The value is a key for tests, as its own prefix says."
    return Observation(-1.5, words, case.quote(_holder(case, found)))


def plain_word(case: Case) -> Observation | None:
    """The name of a field, a header or a URL path is not its content."""
    found = literals(case)
    if not found or not all(_is_name(text) for text, _ in found):
        return None
    words = "The value reads like the name of a field, header or path, not like a secret."
    return Observation(-1.7, words, case.quote(_holder(case, found)))


def _is_name(text: str) -> bool:
    lower = text.lower().strip("/")
    if lower in _WEAK_PASSWORDS or len(text) > 200:
        return False
    if text.startswith("/") or "://" in text:
        return "@" not in text and _KNOWN_FORMAT.search(text) is None and entropy(text) < 4.2
    compound = any(mark in lower for mark in "._:/ -")
    return _WORD_NAME.fullmatch(lower) is not None and bool(_FIELD_WORDS.search(lower)) and (compound or len(lower) > 4)


def real_secret(case: Case) -> Observation | None:
    """The value has the format of a known kind of key, or looks random."""
    for text, node in literals(case):
        if _is_placeholder(text) or _TEST_KEY.search(text):
            continue
        quotes = case.quote(_holder(case, [(text, node)]))
        if _KNOWN_FORMAT.search(text):
            return Observation(2.6, "The value has the exact format of a real key of a known provider.", quotes)
        mixed = _KEY_CHARACTERS.fullmatch(text) and re.search(r"\d", text) and re.search(r"[A-Za-z]", text)
        if mixed and entropy(text) >= 3.3 and not text.startswith(("/", "http")):
            return Observation(1.8, "The value looks random, as real keys and passwords do.", quotes)
    return None


_NAMED_PASSWORD = re.compile(r"pass|pwd", re.IGNORECASE)


def common_password(case: Case) -> Observation | None:
    """A password from every attacker's list, which is worse than a good one in the source."""
    found = literals(case)
    if not any(
        text.lower() in _WEAK_PASSWORDS or text.lower().rstrip("0123456789") in _WEAK_PASSWORDS for text, _ in found
    ):
        return None
    words = "The value is one of the passwords that everybody tries first."
    return Observation(1.3, words, case.quote(_holder(case, found)))


_LOOKUPS = frozenset({"getenv", "get_secret", "get_secret_value", "get_password", "config", "getpass", "env"})


def looked_up(case: Case) -> Observation | None:
    """The value is read at run time, not written in the source."""
    values = _values(case.statement, case.nodes)
    if any(not _is_placeholder(text) for text, _ in literals(case)):
        return None
    if not any(_is_lookup(node) for value in values for node in islice(ast.walk(value), 200)):
        return None
    words = "The value is looked up at run time; only the name under which it is stored is in the source."
    return Observation(-2.6, words, case.quote(case.statement))


def _is_lookup(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return dotted(node.value) in {"os.environ", "environ"}
    if isinstance(node, ast.Call):
        name = dotted(node.func)
        return name.rpartition(".")[2] in _LOOKUPS or name in {"os.environ.get", "environ.get"}
    return False


_SECRET = frozenset({Family.SECRET})

SIGNALS = (
    Signal("looked-up-secret", "secret", looked_up, "a default value beside the lookup is a real secret", _SECRET),
    Signal("placeholder-secret", "secret", placeholder, "some system accepts this very value", _SECRET),
    Signal("plain-word-secret", "secret", plain_word, "some system accepts this very value", _SECRET),
    Signal("test-key", "secret", test_key, "the key opens something outside of tests", _SECRET),
    Signal("common-password", "format", common_password, "no system accepts this value", _SECRET),
    Signal("secret-format", "format", real_secret, "the key has been revoked or never was one", _SECRET),
)
