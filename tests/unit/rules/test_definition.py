"""What a rule's definition must have, and the model it becomes."""

import pytest

from oreva.models import Confidence, Severity
from oreva.rules.definition import canonical_json, cwe_ids, defects, owasp_ids, rule_model, title_of

GOOD: dict[str, object] = {
    "id": "acme.python.sql-injection.raw-query",
    "languages": ["py", "python", "js"],
    "severity": "ERROR",
    "message": " Bad. Repair it. ",
    "pattern": "query($X)",
}


def with_(**changes: object) -> dict[str, object]:
    changed = {**GOOD, **{key.replace("_", "-"): value for key, value in changes.items()}}
    return {key: value for key, value in changed.items() if value is not None}


def test_a_minimal_rule_gets_sensible_values() -> None:
    assert list(defects(GOOD)) == []
    rule = rule_model(GOOD)
    assert rule.scanner == "semgrep"
    assert rule.title == "SQL injection: raw query"
    assert rule.message == "Bad. Repair it."
    assert rule.severity is Severity.HIGH
    assert rule.confidence is Confidence.MEDIUM
    assert rule.languages == ("python", "javascript")
    assert (rule.cwe, rule.owasp, rule.asvs, rule.references, rule.fix) == ((), (), (), (), "")


def test_metadata_fills_the_model() -> None:
    rule = rule_model(
        with_(
            severity="CRITICAL",
            metadata={
                "title": "Raw query",
                "confidence": "LOW",
                "cwe": ["CWE-89: SQL", "CWE-89", 564],
                "owasp": ["A03:2021 - Injection", "A05:2025 - Injection"],
                "asvs": "V5.3.4",
                "references": ["https://example.org/a"],
                "fix": "Use parameters.\n",
            },
        )
    )
    assert (rule.title, rule.severity, rule.confidence) == ("Raw query", Severity.CRITICAL, Confidence.LOW)
    assert rule.cwe == ("CWE-89", "CWE-564")
    assert rule.owasp == ("A03:2021", "A05:2025")
    assert (rule.asvs, rule.references, rule.fix) == (("V5.3.4",), ("https://example.org/a",), "Use parameters.")


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("CRITICAL", Severity.CRITICAL),
        ("HIGH", Severity.HIGH),
        ("MEDIUM", Severity.MEDIUM),
        ("LOW", Severity.LOW),
        ("INFO", Severity.INFO),
        ("ERROR", Severity.HIGH),
        ("WARNING", Severity.MEDIUM),
    ],
)
def test_severities(word: str, severity: Severity) -> None:
    assert rule_model(with_(severity=word)).severity is severity


def test_semgreps_own_fix_is_shown_as_code() -> None:
    assert rule_model(with_(fix="safe($X)")).fix == "```\nsafe($X)\n```"
    assert rule_model(with_(fix="safe($X)", metadata={"fix": "In words."})).fix == "In words."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("CWE-89: Improper ...", ("CWE-89",)),
        ("cwe 89", ("CWE-89",)),
        (89, ("CWE-89",)),
        (["CWE-079", "CWE-79"], ("CWE-79",)),
        (["unknown", None, True, {}], ()),
        (None, ()),
    ],
)
def test_cwe_in_every_style(value: object, expected: tuple[str, ...]) -> None:
    assert cwe_ids(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A03:2021 - Injection", ("A03:2021",)),
        ("A1:2017 Injection", ("A01:2017",)),
        ("A10", ("A10:2021",)),
        (["A03:2021", "A3:2021"], ("A03:2021",)),
        ("nothing", ()),
    ],
)
def test_owasp_in_every_style(value: object, expected: tuple[str, ...]) -> None:
    assert owasp_ids(value) == expected


@pytest.mark.parametrize(
    ("rule_id", "title"),
    [
        ("raw-query", "Raw query"),
        ("acme.eval", "Eval"),
        ("oreva.go.ssrf.http-client", "SSRF: HTTP client"),
        ("a..b", "B"),
        (".", "."),
    ],
)
def test_titles_made_from_ids(rule_id: str, title: str) -> None:
    assert title_of(rule_id) == title


@pytest.mark.parametrize(
    ("definition", "key", "words"),
    [
        (with_(id=None), "id", "no `id`"),
        (with_(id=7), "id", "no `id`"),
        (with_(id="a b"), "id", "other characters"),
        (with_(message=None), "message", "no `message`"),
        (with_(message=" "), "message", "no `message`"),
        (with_(severity=None), "severity", "no `severity`"),
        (with_(severity="BAD"), "severity", "unknown severity `BAD`; use one of CRITICAL, HIGH"),
        (with_(severity=["HIGH"]), "severity", "unknown severity"),
        (with_(languages=None), "languages", "no `languages`"),
        (with_(languages="python"), "languages", "no `languages`"),
        (with_(languages=[1]), "languages", "no `languages`"),
        (with_(pattern=None), "", "no pattern"),
        (with_(mode="taint", pattern_sources=[1]), "mode", "without `pattern-sinks`"),
        (with_(mode="join"), "mode", "not supported"),
        (with_(metadata=[]), "metadata", "no mapping"),
        (with_(metadata={"confidence": "SURE"}), "metadata", "unknown confidence `SURE`"),
        (with_(metadata={"confidence": 1}), "metadata", "unknown confidence"),
    ],
)
def test_defects(definition: dict[str, object], key: str, words: str) -> None:
    ((found_key, message),) = defects(definition)
    assert found_key == key
    assert words in message


def test_new_style_rules_have_patterns_too() -> None:
    assert list(defects(with_(pattern=None, match={"pattern": "x"}))) == []
    assert list(defects(with_(pattern=None, mode="taint", taint={"sources": [], "sinks": []}))) == []


def test_the_digest_follows_the_definition_and_nothing_else() -> None:
    reordered = dict(reversed(GOOD.items()))
    assert rule_model(reordered).digest == rule_model(GOOD).digest
    assert rule_model(with_(pattern="query($Y)")).digest != rule_model(GOOD).digest
    assert canonical_json({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
