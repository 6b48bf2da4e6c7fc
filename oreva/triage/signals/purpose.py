"""Signals from what code is for: hashes, random numbers, assertions, addresses, parsers and their settings (Python)."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator

from oreva.triage.case import Case
from oreva.triage.families import Family, bandit_id
from oreva.triage.python_tree import FunctionNode, dotted
from oreva.triage.signals.base import Observation, Signal
from oreva.triage.signals.place import test_path

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(name: str) -> set[str]:
    """The lower-case words of an identifier: `cacheKey_md5` has cache, key, md, 5."""
    return {part.lower() for part in _PARTS.findall(name)}


_GENERATORS = ("random.", "numpy.random.", "hashlib.", "secrets.")


def _sources(case: Case) -> list[ast.expr]:
    """The calls inside the flagged ones that make the hash or the number; the flagged ones if none is known."""
    python = case.view.python
    if python is None:
        return []
    inside = [part for call in case.calls for part in ast.walk(call) if isinstance(part, ast.Call)]
    made = [call for call in inside if python.full_name(call.func).startswith(_GENERATORS)]
    return [*made] or [flagged.node for flagged in case.flagged]


def identifiers(case: Case) -> Iterator[str]:
    """All names in the flagged statement, and that of the enclosing function; not those of the flagged function.

    That one is called `sample` or `uniform` by its library, whatever it is used for.
    """
    made = [source.func for source in _sources(case) if isinstance(source, ast.Call)]
    called = {id(part) for function in made for part in ast.walk(function)}
    yield from _names_in(node for node in case.nodes if id(node) not in called)
    yield from _enclosing(case)


def _enclosing(case: Case) -> Iterator[str]:
    functions = [node for node in case.scopes if isinstance(node, FunctionNode)]
    if functions:
        yield functions[-1].name


def destinations(case: Case) -> Iterator[str]:
    """The names of what the flagged value is for: what it is assigned to, handed to, and returned from."""
    python, statement = case.view.python, case.statement
    if python is None or statement is None:
        return
    index = python.index(statement)
    for source in _sources(case):
        inner: ast.AST = source
        outer = index.parents.get(id(inner))
        while outer is not None:
            yield from _names_of(outer, inner)
            inner, outer = outer, index.parents.get(id(outer))
    yield from _enclosing(case)


def _names_of(outer: ast.AST, inner: ast.AST) -> Iterator[str]:
    """The names that a node gives to one of its parts."""
    if isinstance(outer, ast.keyword):
        yield outer.arg or ""
    elif isinstance(outer, ast.Call):
        yield from dotted(outer.func).split(".")
    elif isinstance(outer, ast.Dict):
        pairs = zip(outer.keys, outer.values, strict=True)
        yield from (str(key.value) for key, value in pairs if value is inner and isinstance(key, ast.Constant))
    elif isinstance(outer, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
        targets = outer.targets if isinstance(outer, ast.Assign) else [outer.target]
        yield from _names_in(node for target in targets for node in ast.walk(target))


def _names_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


_SECURITY = frozenset(
    {
        *(
            "password",
            "passwd",
            "pwd",
            "pw",
            "pass",
            "passcode",
            "passphrase",
            "secret",
            "token",
            "otp",
            "nonce",
            "salt",
        ),
        *("csrf", "xsrf", "session", "signature", "sign", "signed", "hmac", "auth", "credential", "credentials"),
        *(
            "apikey",
            "license",
            "verify",
            "verification",
            "activation",
            "recovery",
            "unlock",
            "pin",
            "mac",
            "tok",
            "login",
        ),
    }
)
_SECURITY_RANDOM = _SECURITY | {
    *("key", "iv", "invite", "invitation", "voucher", "coupon", "captcha", "cookie", "code", "reset", "sid", "link"),
    *("confirm", "confirmation", "wallet", "mnemonic", "lottery", "winner", "prize", "ticket"),
}
_NO_SECURITY_HASH = frozenset(
    {
        *("cache", "cached", "etag", "gravatar", "avatar", "identicon", "dedup", "dedupe", "deduplicate", "bucket"),
        *("shard", "partition", "thumbnail", "color", "colour", "revision", "filename"),
    }
)
_NO_SECURITY_RANDOM = frozenset(
    {
        *("jitter", "shuffle", "shuffled", "backoff", "delay", "sleep", "wait", "retry", "color", "colour", "noise"),
        *("demo", "fake", "mock", "dummy", "batch", "augment", "simulate", "simulation", "position", "velocity"),
        *("epsilon", "temperature", "interval", "timeout", "weights", "probability", "pause", "spread", "particle"),
        *("mutation", "population", "sampled"),
    }
)
_HIDDEN_WORD = re.compile("passw|secret|token|credential|signature|session", re.IGNORECASE)
"""Words that make a name or a text too grave to call it harmless, even inside another word."""


def _purpose(case: Case, harmless: frozenset[str], security: frozenset[str], what: str) -> Observation | None:
    """Weigh what the names around the flagged value say.

    Any name around it can say that security depends on it; that it does not, only the names of what it is for.
    """
    quotes = case.quote(case.statement)
    grave = sorted(_grave_words(case, security))
    if grave:
        return Observation(1.5, f"The names around it (`{grave[0]}`) say that security depends on {what}.", quotes)
    light = sorted(set().union(*(words_of(name) for name in destinations(case))) & harmless)
    texts = [node.value for node in case.nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    spoken = [*identifiers(case), *texts]
    if light and not any(_HIDDEN_WORD.search(text) or words_of(text) & security for text in spoken):
        text = f"The names around it (`{light[0]}`) say that {what} serves no security purpose here."
        return Observation(-1.6, text, quotes)
    return None


def _grave_words(case: Case, security: frozenset[str]) -> set[str]:
    return set().union(*(words_of(name) for name in identifiers(case))) & security


def hash_purpose(case: Case) -> Observation | None:
    """A weak hash does no harm as a cache key or an ETag."""
    return _purpose(case, _NO_SECURITY_HASH, _SECURITY, "this hash")


def random_purpose(case: Case) -> Observation | None:
    """Predictable numbers do no harm as jitter or in a simulation."""
    return _purpose(case, _NO_SECURITY_RANDOM, _SECURITY_RANDOM, "these random numbers")


def not_used_for_security(case: Case) -> Observation | None:
    """The call itself says that the hash is not used for security, and no name around it says otherwise."""
    told = [
        any(keyword.arg == "usedforsecurity" and _is_false(keyword.value) for keyword in call.keywords)
        for call in case.calls
    ]
    if not told or not all(told) or _grave_words(case, _SECURITY):
        return None
    words = "The call passes `usedforsecurity=False`, which says that nothing relies on the strength of the hash."
    return Observation(-2.9, words, case.quote(case.calls[0]))


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


_GUARD_WORDS = frozenset(
    [
        *("auth", "authenticated", "authorized", "permission", "permissions", "admin", "superuser", "login", "logged"),
        *("token", "csrf", "allowed", "owner", "role"),
    ]
)
_IDENTITY_WORDS = frozenset(
    {
        *("user", "account", "session", "identity", "principal", "staff", "access", "tenant", "member", "password"),
        *("credential", "credentials", "signature", "verified", "valid", "scope", "scopes", "claims", "request"),
    }
)
"""Words about who somebody is: a check of those may guard access, whatever its form."""


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
    if _narrows_type(statement.test) and not words & _IDENTITY_WORDS:
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
    """A server started by hand is often a developer's; but containers start servers like that as well."""
    for step in case.steps:
        owner = step.owner
        if isinstance(owner, ast.If) and step.block is owner.body and _is_main(owner.test):
            words = (
                "It only runs when the file is started by hand (`if __name__`), not when it is imported by a server."
            )
            return Observation(-1.0, words, case.quote(owner))
    return None


def _is_main(test: ast.expr) -> bool:
    sides = [test.left, *test.comparators] if isinstance(test, ast.Compare) else []
    equal = isinstance(test, ast.Compare) and all(isinstance(op, ast.Eq) for op in test.ops)
    return equal and any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


def compared_not_bound(case: Case) -> Observation | None:
    """The text of an address in a comparison opens no port."""
    addresses = [node for node in case.nodes if isinstance(node, ast.Constant) and node.value in ("0.0.0.0", "::")]  # noqa: S104
    sides = [side for node in case.nodes if isinstance(node, ast.Compare) for side in (node.left, *node.comparators)]
    compared = [
        part for side in sides for part in (side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side])
    ]
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
    calls = case.calls
    if python is None or not calls:
        return None
    switches = {keyword.arg for call in calls for keyword in call.keywords if not _is_false(keyword.value)}
    if all(python.full_name(call.func).startswith("defusedxml.") for call in calls):
        if any((k.arg or "").startswith("forbid_") or k.arg is None for call in calls for k in call.keywords):
            return None
        words = "The function comes from defusedxml, which refuses entities and external references."
        return Observation(-2.8, words, case.quote(calls[0]))
    told = all(any(k.arg == "resolve_entities" and _is_false(k.value) for k in call.keywords) for call in calls)
    if told and switches.isdisjoint({"load_dtd", "dtd_validation", "attribute_defaults", "huge_tree", None}):
        return Observation(-1.9, "The parser is told not to resolve entities.", case.quote(calls[0]))
    return None


_SAFE_LOADERS = frozenset(f"yaml.{name}" for name in ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"))
_GIVES_LOADERS = re.compile(
    r"\badd_(?:multi_|path_|implicit_)?(?:constructor|resolver)\b|\byaml\.C?(?:Safe|Base)Loader\s*="
)


def safe_loader(case: Case) -> Observation | None:
    """The loader builds plain data only, or reads what this program has just written."""
    python, calls = case.view.python, case.calls
    if python is None or not calls:
        return None
    if all(_has_safe_loader(call, python.full_name) for call in calls):
        taught = any(_GIVES_LOADERS.search(line) for line in python.lines)
        return None if taught else Observation(-2.8, "The loader builds plain data only.", case.quote(calls[0]))
    if all(any(k.arg == "weights_only" and _is_true(k.value) for k in call.keywords) for call in calls):
        return Observation(-2.6, "Only weights are loaded (`weights_only`), no code.", case.quote(calls[0]))
    if all(_reads_own_dump(call, python.full_name) for call in calls):
        return Observation(-2.5, "It loads what the same expression has just written.", case.quote(calls[0]))
    return None


def _has_safe_loader(call: ast.Call, full_name: Callable[[ast.AST], str]) -> bool:
    values = [*call.args[1:2], *(k.value for k in call.keywords if k.arg in {"Loader", "loader"})]
    return bool(values) and all(full_name(value) in _SAFE_LOADERS for value in values)


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


def _reads_own_dump(call: ast.Call, full_name: Callable[[ast.AST], str]) -> bool:
    first = call.args[0] if call.args else None
    if not isinstance(first, ast.Call):
        return False
    module, _, loads = full_name(call.func).rpartition(".")
    return loads == "loads" and bool(module) and full_name(first.func) == f"{module}.dumps"


def constant_time(case: Case) -> Observation | None:
    """The comparison takes the same time whatever it compares."""
    if any(isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq) for node in case.nodes):
        return None
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
