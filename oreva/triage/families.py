"""Families of defects: which kind of claim a finding makes, since each kind is proved or refuted by other evidence."""

from __future__ import annotations

import re
from enum import StrEnum

from oreva.models import Detection, Finding


class Family(StrEnum):
    """What a finding claims, as coarse as the evidence about it."""

    COMMAND = "command injection"
    PARTIAL_PATH = "program found through PATH"
    SQL = "SQL injection"
    CODE = "code injection"
    XSS = "cross-site scripting"
    TEMPLATE = "template injection"
    PATH = "path traversal"
    URL = "request or redirect to an address of others"
    DESERIALIZATION = "unsafe deserialization"
    XML = "unsafe XML parsing"
    INJECTION = "injection"
    HASH = "weak hash"
    RANDOM = "predictable random numbers"
    SECRET = "hard-coded secret"  # noqa: S105
    ASSERT = "assert statement"
    TEMP_FILE = "predictable temporary file"
    BIND = "listening on all interfaces"
    IMPORT = "import of a risky module"
    TIMING = "comparison that leaks time"
    OTHER = "other"


DATA_FLOW = frozenset(
    {
        Family.COMMAND,
        Family.PARTIAL_PATH,
        Family.SQL,
        Family.CODE,
        Family.XSS,
        Family.TEMPLATE,
        Family.PATH,
        Family.URL,
        Family.DESERIALIZATION,
        Family.XML,
        Family.INJECTION,
    }
)
"""Families that are only real if data of others reaches the flagged call."""

_BANDIT = {
    Family.ASSERT: "B101",
    Family.CODE: "B102 B307",
    Family.BIND: "B104",
    Family.SECRET: "B105 B106 B107",
    Family.TEMP_FILE: "B108 B306",
    Family.DESERIALIZATION: "B301 B302 B506 B614",
    Family.HASH: "B303 B324",
    Family.XSS: "B308 B703 B704",
    Family.URL: "B310",
    Family.RANDOM: "B311",
    Family.XML: "B313 B314 B315 B316 B317 B318 B319 B320",
    Family.IMPORT: "B401 B402 B403 B404 B405 B406 B407 B408 B409 B410 B411 B412 B413 B415",
    Family.COMMAND: "B601 B602 B603 B604 B605 B606 B609",
    Family.PARTIAL_PATH: "B607",
    Family.SQL: "B608 B610 B611",
    Family.OTHER: (
        "B103 B110 B112 B113 B201 B202 B304 B305 B312 B321 B323 B501 B502 B503 B504 B505 B507 B508 B509 B612 B613 B615 "
        "B701 B702"
    ),
}
_BANDIT_FAMILY = {rule: family for family, rules in _BANDIT.items() for rule in rules.split()}

_CWE = {
    Family.COMMAND: "77 78 88",
    Family.SQL: "89 564 943",
    Family.CODE: "94 95 96 98",
    Family.XSS: "79 80 87 116",
    Family.TEMPLATE: "1336",
    Family.PATH: "22 23 36 73",
    Family.URL: "601 918",
    Family.DESERIALIZATION: "502",
    Family.XML: "91 611 776 827",
    Family.INJECTION: "74 90 93 113 117 643 917",
    Family.HASH: "326 327 328 916",
    Family.RANDOM: "330 331 338",
    Family.SECRET: "259 321 798",
    Family.TEMP_FILE: "377 378 379",
    Family.BIND: "605",
    Family.TIMING: "208",
}
_CWE_FAMILY = {f"CWE-{number}": family for family, numbers in _CWE.items() for number in numbers.split()}

_REFUTED_BY_CONSTANTS = frozenset(
    f"CWE-{number}"
    for number in (
        *(20, 22, 23, 36, 73, 74, 77, 78, 79, 80, 88, 89, 90, 91, 93, 94, 95, 96, 98, 113, 117),
        *(502, 564, 601, 611, 643, 776, 827, 917, 918, 943, 1336),
    )
)
"""Weaknesses that need data of others: where all is constant, there is none. Every other defect may be the constant."""

_BANDIT_ID = re.compile(r"\bB[1-7]\d\d\b")
_HASH_WORDS = re.compile(r"md[245]|sha-?1|hash", re.IGNORECASE)


def bandit_id(detection: Detection) -> str:
    """Bandit's test id (`B602`) of a detection; empty for other scanners."""
    if detection.scanner != "bandit":
        return ""
    found = _BANDIT_ID.search(detection.rule_id)
    return found[0] if found else ""


def constants_refute(finding: Finding) -> bool:
    """Whether a finding claims nothing but weaknesses that need data of others."""
    claimed = {cwe for detection in finding.detections for cwe in detection.cwe} | set(finding.cwe)
    tests = {bandit_id(detection) for detection in finding.detections} - {""}
    if any(_BANDIT_FAMILY.get(test) not in DATA_FLOW for test in tests):
        return False
    return claimed <= _REFUTED_BY_CONSTANTS


def family_of(finding: Finding) -> Family:
    """The family of a finding: by Bandit's test id where there is one, else by CWE, the primary detection first."""
    for detection in finding.detections:
        family = _BANDIT_FAMILY.get(bandit_id(detection))
        if family is not None:
            return family
        for cwe in detection.cwe:
            if cwe in _CWE_FAMILY:
                return _confirmed(_CWE_FAMILY[cwe], finding)
    for cwe in finding.cwe:
        if cwe in _CWE_FAMILY:
            return _confirmed(_CWE_FAMILY[cwe], finding)
    return Family.OTHER


def _confirmed(family: Family, finding: Finding) -> Family:
    """CWE-327 and its like also stand for ciphers; only hashes have the evidence that the hash signals look for."""
    if family is not Family.HASH:
        return family
    named = any(_HASH_WORDS.search(detection.rule_id) for detection in finding.detections)
    return family if named or _HASH_WORDS.search(finding.snippet) else Family.OTHER
