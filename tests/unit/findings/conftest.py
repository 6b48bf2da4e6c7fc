"""Detections made from marked lines: a file says itself where its defects are, so that tests can edit it freely."""

import datetime as dt
import itertools
import re

import pytest

from oreva.findings.deduplicate import deduplicate
from oreva.models import Confidence, Detection, InSourceSuppression, Rule, Scan, ScanState, Severity, Source

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)

RULES = {
    "bandit:B602": Rule(
        id="B602", scanner="bandit", title="Shell", severity=Severity.HIGH, confidence=Confidence.HIGH, cwe=("CWE-78",)
    ),
    "semgrep:shell": Rule(
        id="shell",
        scanner="semgrep",
        title="Shell command from input",
        severity=Severity.CRITICAL,
        confidence=Confidence.MEDIUM,
        cwe=("CWE-78",),
        owasp=("A03:2021",),
        fix="Pass a list.",
        references=("https://example.org/shell",),
    ),
    "bandit:B307": Rule(
        id="B307", scanner="bandit", title="eval", severity=Severity.MEDIUM, confidence=Confidence.HIGH, cwe=("CWE-78",)
    ),
    "semgrep:eval": Rule(
        id="eval",
        scanner="semgrep",
        title="Code from input",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=("CWE-95",),
    ),
    "bandit:B105": Rule(
        id="B105",
        scanner="bandit",
        title="Password",
        severity=Severity.LOW,
        confidence=Confidence.MEDIUM,
        cwe=("CWE-259",),
    ),
}

PATTERNS = {
    "bandit:B602": re.compile(r"subprocess\.call\([^()\n]*shell=True\)"),
    "semgrep:shell": re.compile(r"subprocess\.call\([^()\n]*shell=True\)"),
    "bandit:B307": re.compile(r"\beval\([^()\n]*\)"),
    "semgrep:eval": re.compile(r"\beval\([^()\n]*\)"),
    "bandit:B105": re.compile(r'password = ("[^"\n]*")'),
}


def detection(rule="semgrep:shell", path="app.py", line=1, col=1, end_line=None, end_col=10, **fields) -> Detection:
    """A detection with the traits of its rule."""
    scanner, _, rule_id = rule.partition(":")
    known = RULES.get(rule)
    values = {
        "scanner": scanner,
        "rule_id": rule_id,
        "path": path,
        "start_line": line,
        "start_col": col,
        "end_line": end_line or line,
        "end_col": end_col,
        "severity": known.severity if known else Severity.MEDIUM,
        "confidence": known.confidence if known else Confidence.MEDIUM,
        "message": f"message of {rule}",
        "cwe": known.cwe if known else (),
    }
    return Detection(**values | fields)


def scan_files(files: dict[str, str], active=frozenset(RULES), failing=frozenset()) -> list[Detection]:
    """What the pretended scanners report. `failing` holds (path, scanner) that could not be looked at."""
    found = []
    for path, text in files.items():
        for number, line in enumerate(text.split("\n"), 1):
            for key in sorted(active):
                scanner = key.partition(":")[0]
                if (path, scanner) in failing or line.lstrip().startswith("#"):
                    continue
                for match in PATTERNS[key].finditer(line):
                    silenced = re.search(r"# (nosec|nosemgrep)\b", line)
                    mine = silenced and (silenced[1] == "nosec") == (scanner == "bandit")
                    quiet = InSourceSuppression(kind=silenced[1], line=number, named=False) if mine else None
                    start, end = match.span(match.lastindex or 0)
                    found.append(detection(key, path, number, start + 1, end_col=end + 1, suppression=quiet))
    return found


def findings_of(files: dict[str, str], now=NOW, **options):
    """Deduplicated findings of these files."""
    contents = {path: text.encode("utf-8", "surrogateescape") for path, text in files.items()}
    return deduplicate(scan_files(files, **options), RULES, contents, now)


def make_scan(number: int = 1) -> Scan:
    return Scan(
        id=f"SCAN{number}",
        source=Source(provider="directory", repository="x"),
        state=ScanState.RUNNING,
        sequence=number,
        started_at=NOW,
        ruleset_digest="d",
        scanners={"semgrep": "1", "bandit": "1"},
    )


@pytest.fixture
def new_id():
    numbers = itertools.count(1)
    return lambda: f"ID{next(numbers):06d}"
