"""The local scan cache: it may forget, but never lie or stop a scan."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from oreva.models import Confidence, Detection, InSourceSuppression, Outcome, Severity
from oreva.scanners import cache as cache_module
from oreva.scanners.cache import CachedResult, ScanCache


def detection(path: str = "a.py") -> Detection:
    return Detection(
        scanner="bandit", rule_id="B602", path=path, start_line=3, start_col=1, end_line=4, end_col=9,
        severity=Severity.HIGH, confidence=Confidence.HIGH, message="ünïcode", cwe=("CWE-78",),
        suppression=InSourceSuppression(kind="nosec", line=3, named=True, justification="ok"),
    )  # fmt: skip


FOUND = CachedResult(outcome=Outcome.SCANNED, reason="", detections=(detection(),))
CLEAN = CachedResult(outcome=Outcome.SCANNED, reason="", detections=())
PARTIAL = CachedResult(outcome=Outcome.PARTIAL, reason="semgrep could not parse line 3", detections=(detection(),))


def test_what_was_put_comes_back_in_the_next_scan(tmp_path: Path) -> None:
    first = ScanCache(tmp_path / "cache.db")
    first.put({"k1": FOUND, "k2": CLEAN, "k3": PARTIAL})
    first.close()
    found = ScanCache(tmp_path / "cache.db").get(["k1", "k2", "k3", "k4"])
    assert set(found) == {"k1", "k2", "k3"}
    detections, entry = found["k1"].at("new/name\udcff.py", "bandit")
    assert detections == (detection("new/name\udcff.py"),)
    assert entry.outcome is Outcome.CACHED
    assert found["k2"].at("x.py", "bandit")[0] == ()
    _, partial = found["k3"].at("x.py", "bandit")
    assert (partial.outcome, partial.reason) == (Outcome.PARTIAL, "semgrep could not parse line 3")


def test_more_keys_than_one_query_takes(tmp_path: Path) -> None:
    cache = ScanCache(tmp_path / "cache.db")
    keys = [f"k{number}" for number in range(2500)]
    cache.put(dict.fromkeys(keys, CLEAN))
    assert set(cache.get(keys)) == set(keys)


def test_no_file_keeps_nothing() -> None:
    cache = ScanCache(None)
    cache.put({"k": CLEAN})
    cache.put_tree({"a.py": "1"})
    cache.put_note("n", "text")
    cache.put_answers({"k": True})
    assert cache.answer("k") is None
    assert cache.get(["k"]) == {}
    assert cache.tree() == {}
    assert cache.note("n") is None
    cache.close()


def test_a_damaged_cache_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "cache.db").write_bytes(b"this is no database" * 100)
    cache = ScanCache(tmp_path / "cache.db")
    assert cache.get(["k"]) == {}
    cache.put({"k": CLEAN})
    assert "k" in cache.get(["k"])


def test_a_cache_of_another_format_begins_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cache.db") as other:
        other.execute("PRAGMA user_version = 999")
    other.close()
    cache = ScanCache(tmp_path / "cache.db")
    cache.put({"k": CLEAN})
    assert "k" in cache.get(["k"])


def test_a_cache_that_cannot_be_opened_only_costs_time(tmp_path: Path) -> None:
    cache = ScanCache(tmp_path / "no" / "such" / "folder" / "cache.db")
    cache.put({"k": CLEAN})
    assert cache.get(["k"]) == {}


def test_a_result_that_cannot_be_read_is_not_cached(tmp_path: Path) -> None:
    cache = ScanCache(tmp_path / "cache.db")
    cache.put({"k": FOUND})
    with sqlite3.connect(tmp_path / "cache.db") as other:
        other.execute("UPDATE results SET result = ?", (b"zgarbage",))
    other.close()
    assert cache.get(["k"]) == {}


def test_what_no_scan_asked_for_is_dropped_and_what_is_used_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ScanCache(tmp_path / "cache.db")
    cache.put({"used": CLEAN, "unused": CLEAN})
    start = time.time()
    monkeypatch.setattr(cache_module.time, "time", lambda: start + 50 * 24 * 3600)
    cache.get(["used"])
    monkeypatch.setattr(cache_module.time, "time", lambda: start + 70 * 24 * 3600)
    cache.put_tree({})
    assert set(cache.get(["used", "unused"])) == {"used"}


def test_answers_stay_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ScanCache(tmp_path / "cache.db")
    assert cache.answer("k") is None
    cache.put_answers({"k": True, "l": False})
    again = ScanCache(tmp_path / "cache.db")
    assert (again.answer("k"), again.answer("l"), again.answer("m")) == (True, False, None)
    start = time.time()
    monkeypatch.setattr(cache_module.time, "time", lambda: start + 61 * 24 * 3600)
    again.put_tree({})
    assert again.answer("k") is None
    for opened in (cache, again):
        opened.close()


def test_the_tree_of_the_last_scan_and_notes(tmp_path: Path) -> None:
    cache = ScanCache(tmp_path / "cache.db")
    assert cache.tree() == {}
    cache.put_tree({"a\udcff.py": "1", "b.py": "2"})
    assert cache.tree() == {"a\udcff.py": "1", "b.py": "2"}
    cache.put_note("x", "one")
    cache.put_note("x", "two")
    assert cache.note("x") == "two"
    assert cache.note("y") is None
