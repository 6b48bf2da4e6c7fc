"""Detections made from marked lines: a file says itself where its defects are, so that tests can edit it freely."""

import datetime as dt
import itertools
import re
import sys

import pytest

from oreva.findings.deduplicate import deduplicate
from oreva.findings.lifecycle import advance
from oreva.findings.tracking import track
from oreva.models import Confidence, Detection, InSourceSuppression, Rule, Scan, ScanState, Severity, Source, Status

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
    "bandit:B602": re.compile(r"subprocess\.call\([^()\n]*shell=True\s*\)"),
    "semgrep:shell": re.compile(r"subprocess\.call\([^()\n]*shell=True\s*\)"),
    "bandit:B307": re.compile(r"\beval\([^()\n]*\)"),
    "semgrep:eval": re.compile(r"\beval\([^()\n]*\)"),
    "bandit:B105": re.compile(r'password\s*=\s*("[^"\n]*")'),
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


class World:
    """A store in memory and the scans that are run against it."""

    def __init__(self):
        self.stored = {}
        self.events = []
        self._ids = itertools.count(1)
        self._scans = itertools.count(1)

    def new_id(self):
        return f"ID{next(self._ids):06d}"

    def scan(
        self,
        files,
        *,
        failing=frozenset(),
        active=frozenset(RULES),
        now=NOW,
        renames=None,
        current=None,
        same_rules=False,
    ):
        """Scan these files and keep what `advance` says is to be written."""
        if current is None:
            current = findings_of(files, now=now, failing=failing, active=active)
        stored = list(self.stored.values())

        def covered(path, scanner):
            if path not in files:
                return "gone"
            return "not_looked" if (path, scanner) in failing else "looked"

        tracking = track(current, stored, renames=renames, gone=lambda path: path not in files)
        step = advance(
            current,
            stored,
            tracking,
            scan=make_scan(next(self._scans)),
            covered=covered,
            active_rules=active,
            now=now,
            new_id=self.new_id,
            same_rules=same_rules,
        )
        for finding in step.changed:
            known = self.stored.get(finding.id)
            assert finding.revision == (known.revision if known else 0)
            self.stored[finding.id] = finding.model_copy(update={"revision": finding.revision + 1})
        self.events += step.events
        return step

    def put(self, finding):
        self.stored[finding.id] = finding

    def alive(self):
        return {f.id for f in self.stored.values() if f.status in (Status.OPEN, Status.DISMISSED, Status.SUPPRESSED)}

    def one(self):
        (finding,) = self.stored.values()
        return finding


@pytest.fixture(scope="session")
def kit():
    """Everything in this file, for tests that hypothesis runs many times."""
    return sys.modules[__name__]


@pytest.fixture
def world():
    return World()
