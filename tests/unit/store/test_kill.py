"""A process that writes scans is killed for real, many times: committed scans stay, half-written ones never appear."""

import os
import random
import selectors
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from oreva.store.base import FindingFilter
from oreva.store.sqlite import SqliteStore

KILLS = 36
KILLS_PER_DATABASE = 6  # then a fresh one, which is killed while it is being created, too
NEW_FINDINGS = 20

# Forks a writer for each path it reads, so that only the first one pays for the imports. The writer applies scans
# without end: each stores findings and events of its own, changes a finding that all share, and moves the baseline.
WRITER = f"""
import datetime as dt, os, sys
from pathlib import Path
from oreva.models import Baseline, Detection, Finding, FindingEvent, Fingerprints, Scan, Source
from oreva.store.base import Changes
from oreva.store.sqlite import SqliteStore

REPO, AT = "directory/x", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

def finding(id, scan_id):
    place = dict(scanner="bandit", rule_id="B1", path="a.py", start_line=1, start_col=1, end_line=1, end_col=2)
    detection = Detection(**place, severity="low", confidence="low", message="m" * 500, cwe=("CWE-1",))
    prints = Fingerprints(rule="a", code="b", context="c", primary_location_line_hash="d:1")
    return Finding(id=id, severity="low", confidence="low", title="t", message="m" * 500, cwe=("CWE-1",), path="a.py",
        start_line=1, end_line=1, snippet="s" * 500, detections=(detection,), fingerprints=(prints,), first_seen=AT,
        first_seen_scan=scan_id)

def write(path):
    store = SqliteStore(Path(path))
    while True:
        before = store.baseline(REPO, "main")
        number = before.sequence + 1 if before else 1
        scan_id = f"{{number:026d}}"
        shared = store.finding(REPO, "shared") or finding("shared", "")
        shared = shared.model_copy(update={{"reopened": number}})
        findings = [finding(f"{{scan_id}}-{{index}}", scan_id) for index in range({NEW_FINDINGS})]
        events = [FindingEvent(id=f.id, finding_id=f.id, at=AT, actor="scan", change="opened", to_status="open")
                  for f in findings]
        scan = Scan(id=scan_id, source=Source(provider="directory", repository="x"), state="completed",
            sequence=number, started_at=AT, ruleset_digest="d", scanners={{}})
        store.put_scan(REPO, scan.model_copy(update={{"cause": "running"}}))
        baseline = Baseline(repository=REPO, branch="main", scan_id=scan_id, sequence=number, ruleset_digest="d", at=AT)
        assert store.apply(Changes(repository=REPO, scan=scan, findings=(shared, *findings), events=tuple(events),
            baseline=baseline, expected_baseline_scan=before.scan_id if before else None))
        os.write(1, f"{{scan_id}}\\n".encode())

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        write(line.strip())
    os.write(1, f"pid {{pid}}\\n".encode())
    os.waitpid(pid, 0)
    os.write(1, b"gone\\n")
"""


class Writers:
    """Starts and kills writers, and keeps what they said they had committed."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)

    def run_and_kill(self, path: Path, seconds: float) -> list[str]:
        """Ids of the scans whose `apply` returned before the writer was killed."""
        self.process.stdin.write(f"{path}\n".encode())
        said = self._read_until(lambda text: "pid " in text and text.endswith("\n"), 60)
        pid = int(said.partition("pid ")[2].split()[0])
        said += self._read_until(lambda _text: False, seconds)
        os.kill(pid, signal.SIGKILL)
        said += self._read_until(lambda text: text.endswith("gone\n"), 60)
        assert said.endswith("gone\n"), said
        return [line for line in said.splitlines() if line.isdigit()]

    def _read_until(self, enough, seconds: float) -> str:
        text, deadline = "", time.monotonic() + seconds
        while not enough(text) and (left := deadline - time.monotonic()) > 0:
            if self.selector.select(left):
                chunk = os.read(self.process.stdout.fileno(), 65536)
                assert chunk, f"the writer ended by itself after {text!r}"
                text += chunk.decode()
        return text

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.selector.close()


@pytest.fixture
def writers():
    started = Writers()
    yield started
    started.close()


def check(path: Path, acknowledged: set[str]) -> int:
    """Assert that the database is whole; returns how many scans it holds."""
    if not path.exists():
        assert not acknowledged
        return 0
    store = SqliteStore(path)
    scans = {scan.id: scan for scan in store.scans("directory/x", limit=1_000_000)}
    applied = {scan_id for scan_id, scan in scans.items() if not scan.cause}
    assert acknowledged <= applied

    by_scan = defaultdict(list)
    for finding in store.findings("directory/x"):
        by_scan[finding.first_seen_scan].append(finding.id)
    shared = by_scan.pop("", [])
    assert by_scan.keys() == applied
    assert {len(ids) for ids in by_scan.values()} <= {NEW_FINDINGS}
    newest = max(applied, default=None)
    for finding_id in by_scan.get(newest, []):
        assert [event.id for event in store.events(finding_id)] == [finding_id]

    baseline = store.baseline("directory/x", "main")
    assert (baseline.scan_id if baseline else None) == newest
    if newest:
        assert len(shared) == 1
        final = store.finding("directory/x", "shared")
        assert final.reopened == final.revision == len(applied) == baseline.sequence
        assert len(list(store.findings("directory/x", FindingFilter(cwe="CWE-1")))) == 1 + NEW_FINDINGS * len(applied)
    store.close()

    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    assert raw.execute("SELECT count(*) FROM event").fetchone() == (NEW_FINDINGS * len(applied),)
    raw.close()
    return len(applied)


def test_kill_9_loses_no_committed_scan_and_corrupts_nothing(writers, tmp_path):
    moments = random.Random(20260501)
    acknowledged: set[str] = set()
    committed = 0
    for kill in range(KILLS):
        path = tmp_path / f"{kill // KILLS_PER_DATABASE}.db"
        if kill % KILLS_PER_DATABASE == 0:
            acknowledged = set()
        # The first one strikes while the database is being made, the others anywhere within the first scans.
        longest = 0.01 if kill % KILLS_PER_DATABASE == 0 else 0.08
        acknowledged |= set(writers.run_and_kill(path, moments.uniform(0, longest)))
        committed = check(path, acknowledged)
    assert committed  # it did write
