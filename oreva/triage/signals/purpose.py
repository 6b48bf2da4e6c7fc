"""Signals from what code is for: hashes, random numbers, assertions, addresses, parsers and their settings (Python)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from oreva.triage.case import Case
from oreva.triage.families import Family, bandit_id
from oreva.triage.python_tree import FunctionNode, dotted
from oreva.triage.signals.base import Observation, Signal
from oreva.triage.signals.place import test_path

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(name: str) -> set[str]:
    """The lower-case words of an identifier: `cacheKey_md5` has cache, key, md, 5."""
    return {part.lower() for part in _PARTS.findall(name)}


def identifiers(case: Case) -> Iterator[str]:
    """Names that say what the flagged value is for: those of its statement and of the enclosing function."""
    yield from own_identifiers(case)
    functions = [node for node in case.scopes if isinstance(node, FunctionNode)]
    if functions:
        yield functions[-1].name


def own_identifiers(case: Case) -> Iterator[str]:
    """The names in the flagged statement: targets, keywords, called functions."""
    return _names_in(case.nodes)


def _names_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


_SECURITY = frozenset(
    [
        *(
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "secret",
            "token",
            "otp",
            "nonce",
            "salt",
            "csrf",
            "xsrf",
            "session",
        ),
        *("signature", "sign", "signed", "hmac", "auth", "credential", "credentials", "apikey", "license", "verify"),
    ]
)
_SECURITY_RANDOM = _SECURITY | {"key", "pin", "iv", "invite", "voucher", "captcha", "cookie", "code", "reset", "sid"}
_NO_SECURITY_HASH = frozenset(
    [
        *("cache", "etag", "checksum", "fingerprint", "gravatar", "dedup", "dedupe", "deduplicate", "bucket", "shard"),
        *(
            "partition",
            "identicon",
            "thumbnail",
            "color",
            "colour",
            "revision",
            "changed",
            "filename",
            "cached",
            "avatar",
        ),
    ]
)
_NO_SECURITY_RANDOM = frozenset(
    [
        *(
            "jitter",
            "shuffle",
            "sample",
            "backoff",
            "delay",
            "sleep",
            "wait",
            "retry",
            "color",
            "colour",
            "noise",
            "seed",
        ),
        *("demo", "fake", "mock", "dummy", "batch", "augment", "simulate", "simulation", "dice", "game", "position"),
        *("velocity", "epsilon", "temperature", "uniform", "gauss", "normalvariate", "triangular", "betavariate"),
        *("interval", "timeout", "weights", "probability", "pause", "spread", "particle", "mutation", "population"),
    ]
)


def _purpose(case: Case, harmless: frozenset[str], security: frozenset[str], what: str) -> Observation | None:
    """Weigh what the names around the flagged value say."""
    words = set().union(*(words_of(name) for name in identifiers(case)))
    quotes = case.quote(case.statement)
    grave = sorted(words & security)
    if grave:
        return Observation(1.5, f"The names around it (`{grave[0]}`) say that security depends on {what}.", quotes)
    light = sorted(words & harmless)
    if light:
        text = f"The names around it (`{light[0]}`) say that {what} serves no security purpose here."
        return Observation(-1.6, text, quotes)
    return None


def hash_purpose(case: Case) -> Observation | None:
    """A weak hash does no harm as a cache key or an ETag."""
    return _purpose(case, _NO_SECURITY_HASH, _SECURITY, "this hash")


def random_purpose(case: Case) -> Observation | None:
    """Predictable numbers do no harm as jitter or in a simulation."""
    return _purpose(case, _NO_SECURITY_RANDOM, _SECURITY_RANDOM, "these random numbers")


def not_used_for_security(case: Case) -> Observation | None:
    """The call itself says that the hash is not used for security."""
    for node in case.nodes:
        if isinstance(node, ast.keyword) and node.arg == "usedforsecurity" and _is_false(node.value):
            words = (
                "The call passes `usedforsecurity=False`, which says that nothing relies on the strength of the hash."
            )
            return Observation(-2.9, words, case.quote(_call_of(case, node)))
    return None


def _call_of(case: Case, keyword: ast.keyword) -> ast.expr | None:
    return next((n for n in case.nodes if isinstance(n, ast.Call) and keyword in n.keywords), None)


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


_GUARD_WORDS = frozenset(
    [
        *("auth", "authenticated", "authorized", "permission", "permissions", "admin", "superuser", "login", "logged"),
        *("token", "csrf", "allowed", "owner", "role"),
    ]
)


def assertion(case: Case) -> Observation | None:
    """An assertion that guards access vanishes under `-O`; one that narrows a type guards nothing. Not in tests."""
    statement = None if test_path(case.finding.path) else case.fragment
    if not isinstance(statement, ast.Assert):
        return None
    words = set().union(*(words_of(name) for name in _names_in(ast.walk(statement))))
    grave = sorted(words & _GUARD_WORDS)
    if grave:
        text = f"The assertion seems to guard access (`{grave[0]}`), and `python -O` leaves it out."
        return Observation(1.5, text, case.quote())
    if _narrows_type(statement.test):
        text = "The assertion tells a type checker what a value is; it does not check input."
        return Observation(-1.4, text, case.quote())
    return None


def _narrows_type(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp):
        return all(_narrows_type(value) for value in test.values)
    if isinstance(test, ast.Call):
        return dotted(test.func) in {"isinstance", "issubclass", "callable"}
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], ast.Is | ast.IsNot)
        and isinstance(test.comparators[0], ast.Constant)
    )


def bound_in_main(case: Case) -> Observation | None:
    """A server started by hand is a developer's, one behind a service manager is not started like that."""
    for step in case.steps:
        owner = step.owner
        if isinstance(owner, ast.If) and step.block is owner.body and "__name__" in _compared(owner.test):
            words = (
                "It only runs when the file is started by hand (`if __name__`), not when it is imported by a server."
            )
            return Observation(-1.3, words, case.quote(owner))
    return None


def _compared(test: ast.expr) -> set[str]:
    sides = [test.left, *test.comparators] if isinstance(test, ast.Compare) else []
    return {side.id for side in sides if isinstance(side, ast.Name)}


def compared_not_bound(case: Case) -> Observation | None:
    """The text of an address in a comparison opens no port."""
    addresses = [node for node in case.nodes if isinstance(node, ast.Constant) and node.value in ("0.0.0.0", "::")]  # noqa: S104
    compared = [n for node in case.nodes if isinstance(node, ast.Compare) for n in ast.walk(node)]
    if not addresses or any(address not in compared for address in addresses):
        return None
    words = "The address is only compared with something; nothing listens on it here."
    return Observation(-2.4, words, case.quote(case.statement))


def import_only(case: Case) -> Observation | None:
    """An import runs none of the functions that make a module risky."""
    if not any(bandit_id(d).startswith("B4") for d in case.finding.detections):
        return None
    words = "This is only the import; each risky use of the module is a finding of its own."
    return Observation(-1.6, words, case.quote())


def hardened_parser(case: Case) -> Observation | None:
    """The XML parser is one that refuses entities."""
    python = case.view.python
    for call in case.calls if python is not None else ():
        name = python.full_name(call.func) if python is not None else ""
        if name.startswith("defusedxml."):
            words = "The function comes from defusedxml, which refuses entities and external references."
            return Observation(-2.8, words, case.quote(call))
        if any(k.arg == "resolve_entities" and _is_false(k.value) for k in call.keywords):
            return Observation(-1.9, "The parser is told not to resolve entities.", case.quote(call))
    return None


def safe_loader(case: Case) -> Observation | None:
    """The loader builds plain data only, or reads what this program has just written."""
    for call in case.calls:
        values = [*call.args[1:], *(k.value for k in call.keywords if k.arg in {"Loader", "loader"})]
        names = [dotted(value).rpartition(".")[2] for value in values]
        if any(name in {"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"} for name in names):
            return Observation(-2.8, "The loader builds plain data only.", case.quote(call))
        if any(k.arg == "weights_only" and isinstance(k.value, ast.Constant) and k.value.value for k in call.keywords):
            return Observation(-2.6, "Only weights are loaded (`weights_only`), no code.", case.quote(call))
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Call) and dotted(first.func).rpartition(".")[2] == "dumps":
            return Observation(-2.5, "It loads what the same expression has just written.", case.quote(call))
    return None


def constant_time(case: Case) -> Observation | None:
    """The comparison takes the same time whatever it compares."""
    for node in case.nodes:
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in {
            "compare_digest",
            "constant_time_compare",
        }:
            return Observation(-2.4, "The comparison is one that takes constant time.", case.quote(node))
    return None


def _one(family: Family) -> frozenset[Family]:
    return frozenset({family})


SIGNALS = (
    Signal("not-for-security", "purpose", not_used_for_security, "something relies on the hash", _one(Family.HASH)),
    Signal("hash-purpose", "purpose", hash_purpose, "the names mislead about what the hash is for", _one(Family.HASH)),
    Signal("random-purpose", "purpose", random_purpose, "the names mislead about what it is for", _one(Family.RANDOM)),
    Signal("assertion-kind", "purpose", assertion, "other code relies on the check", _one(Family.ASSERT)),
    Signal("started-by-hand", "purpose", bound_in_main, "it is started like this in production", _one(Family.BIND)),
    Signal("compared-only", "purpose", compared_not_bound, "the address is bound elsewhere", _one(Family.BIND)),
    Signal("import-only", "purpose", import_only, "a risky function of it is used unsafely", _one(Family.IMPORT)),
    Signal("hardened-parser", "value", hardened_parser, "the parser's protection is switched off", _one(Family.XML)),
    Signal("safe-loader", "value", safe_loader, "the loader is replaced", _one(Family.DESERIALIZATION)),
    Signal("constant-time", "value", constant_time, "a second comparison leaks time", _one(Family.TIMING)),
)
