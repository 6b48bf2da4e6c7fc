"""Signals from what a hard-coded "secret" looks like: a placeholder, a name, a lookup, or the real thing."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from oreva.triage.case import Case
from oreva.triage.families import Family
from oreva.triage.python_tree import dotted
from oreva.triage.signals.base import Observation, Signal

_OWNER = r"(?:api|access|auth|secret|private|client|app|db|database|admin|user|jwt|session|signing|encryption)"
_NOUN = rf"(?:{_OWNER}[-_ ]?)*(?:keys?|tokens?|secrets?|passwords?|passwd|pwd|passphrase|credentials?|values?|id)"
_INERT = re.compile(
    r"[*.\-_x?# ]+|none|null|undefined|n/a|not[-_ ]?set|<[a-z_ .-]*>|\$\{\w*\}|\$(?-i:[A-Z_]+)|\{\{[\s\w.]*\}\}|%\w*%"
    rf"|\{{\w*\}}|%\(?\w*\)?s|(?:your|the)[-_ ](?:own[-_ ])?{_NOUN}(?:[-_ ](?:goes[-_ ])?here)?"
    rf"|{_NOUN}[-_ ](?:goes[-_ ])?here"
    r"|(?:insert|enter|put|add|replace|paste)[-_ ](?:with[-_ ]|in[-_ ])?(?:your[-_ ])?"
    rf"(?:{_NOUN}|me|this)(?:[-_ ]here)?"
    r"|(?:AKIA|ASIA)[A-Z0-9]{9}EXAMPLE|wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    r"|je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    re.IGNORECASE,
)
"""Whole values that stand for another one, or stand in the documentation of AWS."""
_STAND_IN = re.compile(
    rf"change[-_ ]?(?:me|this)(?:[-_ ]?(?:now|please|later|{_NOUN}|in[-_ ]production))?!*"
    r"|todo|fixme|tbd|foo|bar|baz|foobar"
    rf"|(?:an?[-_ ])?(?:example|sample|placeholder|dummy|fake|redacted|removed)(?:[-_ ]{_NOUN})?"
    rf"|{_NOUN}[-_ ](?:example|sample|placeholder|dummy)",
    re.IGNORECASE,
)
"""Whole values that are meant to be replaced, but that a system accepts if nobody does."""
_TEST_KEY = re.compile(r"^(?:sk|pk|rk)_test_\w+$")
_KNOWN_FORMAT = re.compile(
    r"(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])|gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{22}|(?:sk|rk)_live_[0-9A-Za-z]{16}"
    r"|xox[abprs]-[0-9A-Za-z-]{10}|AIza[0-9A-Za-z_-]{35}|glpat-[\w-]{20}|SG\.[\w-]{16,32}\.[\w-]{16}|npm_[0-9A-Za-z]{36}"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\."
)
_KEY_CHARACTERS = re.compile(r"[\w+/=.!@#$%^&*~:-]{16,}")
_WORD_NAME = re.compile(r"[A-Za-z]+(?:[._:/ -][A-Za-z]+)*")
_PLACE = re.compile(r"(?:https?://[\w.-]+(?::\d+)?)?(?:/(?:[a-z_.-]+|v\d+|<[\w:]+>|\{\w+\}|:[A-Za-z_]+))*/?")
"""A path, or an address with one, whose parts are words."""
_NAMES_A_NAME = re.compile(
    r"(?:fields?|headers?|names?|ur[il]s?|paths?|endpoints?|params?|parameters?|types?|attr|attributes?|labels?|prefix"
    r"|suffix|templates?|routes?|cookies?|columns?|claims?|scopes?|kinds?|formats?|messages?|msg|text|titles?|help"
    r"|prompts?|errors?|hints?|patterns?|regex|env|vars?|variables?|file|filename|selector)$",
    re.IGNORECASE,
)
"""What the name of a variable ends with that holds the name of something, not the thing."""
_WEAK_PASSWORDS = frozenset(
    [
        *(
            "letmein",
            "password",
            "secret",
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


class Literal(NamedTuple):
    """A candidate for the secret."""

    text: str
    node: ast.expr | None = None
    """If the file is parsed."""
    name: str = ""
    """What the value is given to: a variable, an attribute, a key or a parameter; empty if it has no name."""


def entropy(text: str) -> float:
    """Shannon entropy in bits per character (C. E. Shannon, 1948)."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)


_QUOTED = re.compile(r"""(?P<quote>["'`])(?P<value>[^"'`\n]{0,400})(?P=quote)""")
_ASSIGNED = re.compile(r"(?P<name>[\w.-]{0,100}+)\s*[:=]\s*(?P<value>[^\s\"'`#,;]{1,400})\s*$")
_GIVEN_TO = re.compile(r"""(?P<name>[A-Za-z_$][\w$-]{0,100}+)["']?\]?\s*(?:=>|:=|[:=])\s*$""")


def literals(case: Case) -> list[Literal]:
    """The texts that the finding can mean."""
    if case.statement is not None:
        return list(_python_literals(case))
    first = case.finding.primary
    line = "".join(case.view.code[first.start_line - 1 : first.start_line])[:2_000]
    before = line[: max(first.start_col - 1, 0)]
    found = []
    for match in _QUOTED.finditer(case.region):
        name = _GIVEN_TO.search((before + case.region[: match.start()])[-300:])
        found.append(Literal(match["value"], name=name["name"] if name else ""))
    if not found and (assigned := _ASSIGNED.search(line)):
        found = [Literal(assigned["value"], name=assigned["name"])]
    return found


def _python_literals(case: Case) -> Iterator[Literal]:
    constants = [flagged.node for flagged in case.flagged if isinstance(flagged.node, ast.Constant)]
    found = [_value_of(case, node) for node in constants] or _values(case.statement, case.nodes)
    if signs(case):
        found += [("", argument) for call in case.calls for argument in call.args]
    for name, value in found:
        for node in _alternatives(value):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield Literal(node.value, node, name)


def _value_of(case: Case, node: ast.expr) -> tuple[str, ast.expr]:
    """The value that a flagged key stands for, and its name: Bandit points at `"password"` in `{"password": "..."}`."""
    python, statement = case.view.python, case.statement
    if python is None or statement is None:
        return "", node
    value = python.index(statement).values.get(id(node))
    if value is not None:
        return _text_of(node), value
    return next((name for name, given in _values(statement, case.nodes) if given is node), ""), node


def _text_of(node: ast.AST | None) -> str:
    """The last part of a name, the text of a key or an index; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Subscript):
        return _text_of(node.slice)
    return dotted(node).rpartition(".")[2] if isinstance(node, ast.Name | ast.Attribute) else ""


def _alternatives(value: ast.expr) -> list[ast.expr]:
    """A value, and what a lookup, a condition or an `or` falls back on."""
    if isinstance(value, ast.BoolOp):
        return [part for option in value.values for part in _alternatives(option)]
    if isinstance(value, ast.IfExp):
        return [*_alternatives(value.body), *_alternatives(value.orelse)]
    if isinstance(value, ast.Call) and _is_lookup(value):
        return [*value.args[1:], *(keyword.value for keyword in value.keywords)]
    return [value]


def signs(case: Case) -> bool:
    """Whether the rule points at the key with which something is signed or encrypted, where every value counts."""
    return any("CWE-321" in detection.cwe for detection in case.finding.detections)


def _is_used(case: Case) -> bool:
    """Whether the flagged code hands the value over, so that some system gets it as it stands."""
    return bool(case.calls) or (case.statement is None and "(" in case.region)


_NAMED_SECRET = re.compile(r"pass|pwd|secret|token|key|credential|auth", re.IGNORECASE)


def _values(statement: ast.stmt | None, nodes: list[ast.AST]) -> list[tuple[str, ast.expr]]:
    """The expressions in a statement that are given to something whose name speaks of a secret, with that name."""
    found: list[tuple[str, ast.expr]] = []
    for node in nodes:
        if isinstance(node, ast.keyword) and _NAMED_SECRET.search(node.arg or ""):
            found.append((node.arg or "", node.value))
        elif isinstance(node, ast.Compare):
            found += [(_text_of(node.left), value) for value in (node.left, *node.comparators)]
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found += [(_text_of(key), value) for key, value in pairs if _is_secret_key(key)]
        elif isinstance(node, ast.arguments):
            positional = [*node.posonlyargs, *node.args]
            defaults = zip(positional[len(positional) - len(node.defaults) :], node.defaults, strict=True)
            named = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            found += [(argument.arg, value) for argument, value in (*defaults, *named) if value is not None]
    if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        found.append((_text_of(target), statement.value))
    return found


def _is_secret_key(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and bool(_NAMED_SECRET.search(key.value))


def placeholder(case: Case) -> Observation | None:
    """A value that everybody sees is to be replaced is no secret."""
    found = literals(case)
    if not found or not all(is_placeholder(literal.text) for literal in found):
        return None
    words = "The value is empty or reads like a placeholder, not like a secret somebody uses"
    quotes = case.quote(_holder(case, found))
    inert = all(_INERT.fullmatch(literal.text.strip()) for literal in found)
    if signs(case) or (_is_used(case) and not inert):
        return Observation(-1.0, f"{words}; but it is used as it stands.", quotes)
    if any(_STAND_IN.fullmatch(literal.text.strip()) for literal in found):
        return Observation(-1.9, f"{words}; but a system may accept it.", quotes)
    return Observation(-2.4, f"{words}.", quotes)


def is_placeholder(text: str) -> bool:
    """Whether a whole value stands for another one, or is meant to be replaced."""
    plain = text.strip()
    return not plain or bool(_INERT.fullmatch(plain) or _STAND_IN.fullmatch(plain))


def _holder(case: Case, found: list[Literal]) -> ast.expr | ast.stmt | None:
    """What to quote: the statement, since a literal alone may be too short."""
    node = found[0].node
    if case.statement is not None and node is not None and node.lineno != case.statement.lineno:
        return node
    return case.statement


def test_key(case: Case) -> Observation | None:
    """Keys of a provider's test mode open nothing of value."""
    found = literals(case)
    if not found or not all(_TEST_KEY.search(literal.text) for literal in found):
        return None
    words = "The value is a key for tests, as its own prefix says."
    return Observation(-1.5, words, case.quote(_holder(case, found)))


def plain_word(case: Case) -> Observation | None:
    """The name of a field, a header or a URL path is not its content."""
    found = literals(case)
    if not found or signs(case) or not all(_is_name(literal) for literal in found):
        return None
    words = "The value reads like the name of a field, header or path, not like a secret."
    return Observation(-1.7, words, case.quote(_holder(case, found)))


def _is_name(literal: Literal) -> bool:
    """Whether a value is an address or a path made of words, or words that a variable for a name is given."""
    text = literal.text
    if text.lower() in _WEAK_PASSWORDS - {"password", "secret"} or len(text) > 200:
        return False
    if text.startswith("/") or "://" in text:
        return _PLACE.fullmatch(text) is not None
    return _WORD_NAME.fullmatch(text) is not None and _NAMES_A_NAME.search(literal.name) is not None


def real_secret(case: Case) -> Observation | None:
    """The value has the format of a known kind of key, or looks random."""
    for literal in literals(case):
        text = literal.text
        if is_placeholder(text) or _TEST_KEY.search(text):
            continue
        quotes = case.quote(_holder(case, [literal]))
        if _KNOWN_FORMAT.search(text):
            return Observation(2.6, "The value has the exact format of a real key of a known provider.", quotes)
        mixed = _KEY_CHARACTERS.fullmatch(text) and re.search(r"\d", text) and re.search(r"[A-Za-z]", text)
        if mixed and entropy(text) >= 3.3 and not text.startswith(("/", "http")):
            return Observation(1.8, "The value looks random, as real keys and passwords do.", quotes)
    return None


def common_password(case: Case) -> Observation | None:
    """A password from every attacker's list, which is worse than a good one in the source."""
    found = [literal for literal in literals(case) if not _is_name(literal)]
    if not any(
        {literal.text.lower(), literal.text.lower().rstrip("0123456789")} & _WEAK_PASSWORDS for literal in found
    ):
        return None
    words = "The value is one of the passwords that everybody tries first."
    return Observation(1.3, words, case.quote(_holder(case, found)))


def signing_key(case: Case) -> Observation | None:
    """However weak or plain it looks: what signs is a secret."""
    found = literals(case)
    if not signs(case) or not any(not is_placeholder(literal.text) for literal in found):
        return None
    words = "The flagged code signs or encrypts with the value, so whoever reads or guesses it can do the same."
    return Observation(1.3, words, case.quote(_holder(case, found)))


_LOOKUPS = frozenset({"getenv", "get_secret", "get_secret_value", "get_password", "config", "getpass", "env"})


def looked_up(case: Case) -> Observation | None:
    """The value is read at run time, not written in the source."""
    values = [value for _, value in _values(case.statement, case.nodes)]
    if any(not is_placeholder(literal.text) for literal in literals(case)):
        return None
    options = [option for value in values for option in _options(value)]
    lookups = [option for option in options if _is_lookup(option)]
    rest = [default for option in lookups for default in _alternatives(option) if default is not option]
    rest += [option for option in options if option not in lookups]
    if not lookups or not all(isinstance(value, ast.Constant) for value in rest):
        return None
    words = "The value is looked up at run time; only the name under which it is stored is in the source."
    return Observation(-2.6, words, case.quote(case.statement))


def _options(value: ast.expr) -> list[ast.expr]:
    """The values of which one is taken, without the calls that only trim or convert them."""
    if isinstance(value, ast.BoolOp):
        return [part for option in value.values for part in _options(option)]
    if isinstance(value, ast.IfExp):
        return [*_options(value.body), *_options(value.orelse)]
    if isinstance(value, ast.Call) and not _is_lookup(value):
        if isinstance(value.func, ast.Attribute) and value.func.attr in {"strip", "encode", "decode", "rstrip"}:
            return _options(value.func.value)
        if dotted(value.func) in {"str", "bytes"} and value.args:
            return _options(value.args[0])
    return [value]


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
    Signal("signing-key", "format", signing_key, "nothing trusts what is signed with it", _SECRET),
    Signal("secret-format", "format", real_secret, "the key has been revoked or never was one", _SECRET),
)
