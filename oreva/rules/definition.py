"""From a rule's definition (the mapping in its file) to the `Rule` model: severity, CWE, OWASP, title, fix.

What a definition must have is checked here without Semgrep; whether its patterns parse is for `check` to say.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from oreva.models import Confidence, Rule, Severity
from oreva.rules.patterns import pattern_problems

SEVERITIES: Mapping[str, Severity] = {
    **{severity.name: severity for severity in Severity},
    "ERROR": Severity.HIGH,
    "WARNING": Severity.MEDIUM,
    "INVENTORY": Severity.INFO,
    "EXPERIMENT": Severity.INFO,
}
"""Semgrep's words. ERROR and WARNING are its older names of high and medium; INFO means info on either scale."""

LANGUAGES: Mapping[str, str] = {
    "py": "python",
    "js": "javascript",
    "ts": "typescript",
    "golang": "go",
    "rb": "ruby",
    "rs": "rust",
    "kt": "kotlin",
    "cs": "csharp",
    "c#": "csharp",
    "c++": "cpp",
    "sh": "bash",
    "docker": "dockerfile",
    "hcl": "terraform",
    "tf": "terraform",
    "sol": "solidity",
    "ex": "elixir",
    "none": "regex",
}
"""Semgrep's other names of a language, and the one used here."""

PATTERN_KEYS = frozenset({"pattern", "patterns", "pattern-either", "pattern-regex", "match", "taint"})
TAINT_KEYS = ("pattern-sources", "pattern-sinks")
UNSUPPORTED_MODES = frozenset({"join", "extract", "steps"})
RULE_ID = re.compile(r"[A-Za-z0-9._-]+\Z")

_CWE = re.compile(r"(?:cwe[\s:_-]*)?(\d{1,5})(?!\d)", re.IGNORECASE)
_OWASP = re.compile(r"\bA(\d{1,2})(?!\d)[\s:_-]*(20\d\d)?", re.IGNORECASE)


def defects(definition: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What makes a definition unusable: (key it concerns or "", what is wrong and what to do)."""
    rule_id = definition.get("id")
    if not isinstance(rule_id, str) or not rule_id:
        yield "id", "it has no `id`; add one such as `acme.python.sql-injection.raw-query`"
    elif not RULE_ID.match(rule_id):
        yield "id", "the id has other characters than letters, digits, `.`, `_` and `-`; rename it"
    if not isinstance(definition.get("message"), str) or not str(definition["message"]).strip():
        yield "message", "it has no `message`; say what is wrong, why it matters and how to fix it"
    severity = definition.get("severity")
    if severity is None:
        yield "severity", f"it has no `severity`; use one of {_words(Severity)}"
    elif not isinstance(severity, str) or severity not in SEVERITIES:
        yield "severity", f"unknown severity `{severity}`; use one of {_words(Severity)}"
    languages = definition.get("languages")
    if not isinstance(languages, list) or not languages or not all(isinstance(name, str) for name in languages):
        yield "languages", "it has no `languages`; add a list such as `[python]`"
    yield from _pattern_defects(definition)
    yield from pattern_problems(definition)
    metadata = definition.get("metadata", {})
    if not isinstance(metadata, Mapping):
        yield "metadata", "`metadata` is no mapping; write `key: value` lines below it"
    elif (confidence := metadata.get("confidence")) is not None and not _is_confidence(confidence):
        yield "metadata", f"unknown confidence `{confidence}`; use one of {_words(Confidence)}"


def _pattern_defects(definition: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    mode = definition.get("mode")
    if isinstance(mode, str) and mode in UNSUPPORTED_MODES:
        yield "mode", f"mode `{mode}` is not supported; write it as a search or taint rule"
    elif mode == "taint" and "taint" not in definition:
        for key in TAINT_KEYS:
            if not definition.get(key):
                yield "mode", f"a taint rule without `{key}`; add it"
    elif not any(definition.get(key) for key in PATTERN_KEYS):
        yield "", f"it has no pattern; add one of {', '.join(f'`{key}`' for key in sorted(PATTERN_KEYS))}"


def _words(ranked: type[Severity] | type[Confidence]) -> str:
    return ", ".join(member.name for member in ranked)


def _is_confidence(value: object) -> bool:
    return isinstance(value, str) and value.lower() in set(Confidence)


def rule_model(definition: Mapping[str, object]) -> Rule:
    """The `Rule` a definition without defects stands for."""
    metadata = definition.get("metadata") or {}
    if not isinstance(metadata, Mapping):
        raise TypeError("metadata must be a mapping")
    rule_id = str(definition["id"])
    languages = definition["languages"]
    return Rule(
        id=rule_id,
        scanner="semgrep",
        title=_text(metadata.get("title")) or title_of(rule_id),
        message=str(definition["message"]).strip(),
        severity=SEVERITIES[str(definition["severity"])],
        confidence=Confidence(str(metadata.get("confidence") or "medium").lower()),
        cwe=cwe_ids(metadata.get("cwe")),
        owasp=owasp_ids(metadata.get("owasp")),
        asvs=tuple(_texts(metadata.get("asvs"))),
        references=tuple(_texts(metadata.get("references"))),
        fix=_fix(definition, metadata),
        languages=tuple(dict.fromkeys(canonical_language(str(name)) for name in _items(languages))),
        digest=hashlib.sha256(canonical_json(definition)).hexdigest(),
        corroborates=tuple(dict.fromkeys(_texts(metadata.get("corroborates")))),
        corroborates_parameters=metadata.get("corroborates_parameters") is True,
    )


def canonical_json(value: object) -> bytes:
    """JSON with sorted keys and no spare white space: equal data gives equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode(
        "utf-8", "surrogatepass"
    )


def canonical_language(name: str) -> str:
    """The one name used here for a language that Semgrep knows under several."""
    lower = name.lower()
    return LANGUAGES.get(lower, lower)


def title_of(rule_id: str) -> str:
    """A readable title from the last parts of an id: `acme.go.sql-injection.raw-query` → `SQL injection: raw query`."""
    parts = [_spaced(part) for part in rule_id.split(".") if part]
    words = ": ".join(parts[-2:] if len(parts) > 2 else parts[-1:]) or rule_id
    return words[:1].upper() + words[1:]


# fmt: off
_ACRONYMS = frozenset({
    "api", "aws", "cors", "csrf", "css", "ec2", "html", "http", "https", "iam", "ip", "jdbc",
    "jwt", "kms", "ldap", "llm", "ml", "nosql", "os", "rce", "rds", "s3", "sns", "sql",
    "sqs", "ssh", "ssl", "ssrf", "ssti", "tls", "uri", "url", "xml", "xpath", "xss", "xxe",
    "yaml",
})
# fmt: on


def _spaced(part: str) -> str:
    words = re.split(r"[-_]+", part)
    return " ".join(word.upper() if word.lower() in _ACRONYMS else word for word in words if word)


def cwe_ids(value: object) -> tuple[str, ...]:
    """CWE ids as `CWE-89` from `CWE-89: ...`, 89, "cwe 89", or a list of those; anything else is left out."""
    found = (_CWE.match(text) for text in _texts(value))
    return tuple(dict.fromkeys(f"CWE-{int(match.group(1))}" for match in found if match))


def owasp_ids(value: object) -> tuple[str, ...]:
    """OWASP Top 10 categories as `A03:2021` from `A03:2021 - Injection`, `A3:2017`, ...; without a year: 2021."""
    found = (_OWASP.search(text) for text in _texts(value))
    return tuple(dict.fromkeys(f"A{int(match.group(1)):02d}:{match.group(2) or 2021}" for match in found if match))


def _fix(definition: Mapping[str, object], metadata: Mapping[str, object]) -> str:
    """`metadata.fix`, else Semgrep's own replacement as a code block."""
    words = _text(metadata.get("fix"))
    if words:
        return words
    replacement = _text(definition.get("fix"))
    return f"```\n{replacement}\n```" if replacement else ""


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _items(value: object) -> Sequence[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _texts(value: object) -> Iterator[str]:
    for item in _items(value):
        if isinstance(item, str | int) and not isinstance(item, bool) and str(item).strip():
            yield str(item).strip()
