"""Bandit: its results, its failures, its comments; the real program."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from oreva.errors import ScannerError
from oreva.models import Confidence, Severity
from oreva.scanners.bandit import BanditScanner
from oreva.scanners.base import Limits, ScanResult, Stage
from oreva.scanners.process import CancelledError
from oreva.sources.base import SourceFile
from tests.unit.scanners.conftest import outcomes

LIMITS = Limits(timeout_s=20, batch_timeout_s=60)
MakeStage = Callable[[Mapping[str, bytes]], Stage]


def scan(stage: Stage, limits: Limits = LIMITS) -> ScanResult:
    return BanditScanner(lambda: ()).scan(stage, limits, lambda: False)


def test_detections_have_place_severity_and_weakness(make_stage: MakeStage) -> None:
    result = scan(
        make_stage({"a.py": b"import subprocess\nsubprocess.call(\n    x, shell=True)\n", "b.py": b"x = 1\n"})
    )
    assert outcomes(result) == {"a.py": "scanned", "b.py": "scanned"}
    (found,) = [d for d in result.detections if d.rule_id == "B602"]
    assert (found.path, found.start_line, found.start_col, found.end_line, found.end_col) == ("a.py", 3, 1, 3, 19)
    assert (found.severity, found.confidence, found.cwe) == (Severity.HIGH, Confidence.HIGH, ("CWE-78",))
    assert "shell=True" in found.message


def test_poisoned_files_cost_themselves_only(make_stage: MakeStage) -> None:
    result = scan(
        make_stage(
            {
                "bad.py": b"def (:\n",
                "good.py": b"eval(x)\n",
                "deep.py": b"x = " + b"-" * 20_000 + b"1\n",
                "nul.py": b"x = 1\0\n",
                "latin.py": b"# -*- coding: no-such-codec -*-\n",
                "sum.py": b"x = " + b" + ".join([b"y"] * 5_000) + b"\n",
            }
        )
    )
    states = outcomes(result)
    assert {d.path for d in result.detections} == {"good.py"}
    assert states.pop("good.py") == "scanned"
    assert set(states.values()) == {"failed"}, states
    reasons = {entry.path: entry.reason for entry in result.coverage}
    assert "could not parse it with Python 3" in reasons["bad.py"]
    assert "(line 1)" in reasons["bad.py"]
    assert "nested too deeply" in reasons["sum.py"]


def test_a_slow_file_is_given_up_and_the_rest_is_scanned(make_stage: MakeStage) -> None:
    slow = b"x = [" + b"f(a=1, b='some string here', c=[1, 2]),\n" * 150_000 + b"]\n"
    result = scan(
        make_stage({"a.py": b"eval(x)\n", "b_slow.py": slow, "c.py": b"eval(x)\n"}), replace(LIMITS, timeout_s=1)
    )
    assert outcomes(result) == {"a.py": "scanned", "b_slow.py": "failed", "c.py": "scanned"}
    assert "bandit took longer than 1 s" in {entry.reason for entry in result.coverage}


def test_a_file_that_kills_the_worker_is_named_and_the_rest_is_scanned(make_stage: MakeStage) -> None:
    huge = b"x = [" + b"f(a=1, b='some string here', c=[1, 2]),\n" * 150_000 + b"]\n"
    result = scan(
        make_stage({"a.py": b"eval(x)\n", "b_huge.py": huge, "c.py": b"eval(x)\n"}),
        replace(LIMITS, timeout_s=60, memory_bytes=250 << 20),
    )
    assert outcomes(result) == {"a.py": "scanned", "b_huge.py": "failed", "c.py": "scanned"}
    assert "bandit needed more than 250 MB of memory" in {entry.reason for entry in result.coverage}


def test_what_nosec_covers_is_kept_with_its_reason(make_stage: MakeStage) -> None:
    code = (
        b"eval(a)  # nosec\n"
        b"eval(b)  # nosec B307 - input comes from our own build\n"
        b"eval(c)  # nosec B101\n"
        b"eval(d)\n"
        b"import pickle  # nosec: B403\n"
        b"s = 'nosec'\n"
    )
    found = {d.start_line: d.suppression for d in scan(make_stage({"a.py": code})).detections}
    assert set(found) == {1, 2, 3, 4, 5}
    assert found[3] is None
    assert found[4] is None
    assert found[1] is not None
    assert (found[1].kind, found[1].line, found[1].named, found[1].justification) == ("nosec", 1, False, "")
    assert found[2] is not None
    assert (found[2].named, found[2].justification) == (True, "input comes from our own build")
    assert found[5] is not None
    assert found[5].named


def test_names_that_are_not_plain(make_stage: MakeStage) -> None:
    names = ["we ird.py", "new\nline.py", "esc\x1b[31m.py", "byte\udcff.py", "-rf.py", "sub dir/ünï.py"]
    result = scan(make_stage(dict.fromkeys(names, b"eval(x)\n")))
    assert {d.path for d in result.detections} == set(names)
    assert set(outcomes(result).values()) == {"scanned"}


def test_code_under_scan_cannot_shadow_what_the_worker_imports(make_stage: MakeStage) -> None:
    trap = b"raise SystemExit('imported code under scan')\n"
    result = scan(make_stage({"ast.py": trap, "bandit/__init__.py": trap, "sitecustomize.py": trap, "json.py": trap}))
    assert set(outcomes(result).values()) == {"scanned"}


def test_which_files_are_its_own() -> None:
    scanner = BanditScanner(lambda: ())
    assert scanner.applies_to(SourceFile(path="a/b.py", size=1), b"")
    assert scanner.applies_to(SourceFile(path="tool", size=1), b"#!/usr/bin/env python3\n")
    assert not scanner.applies_to(SourceFile(path="tool", size=1), b"#!/bin/sh\n")
    assert not scanner.applies_to(SourceFile(path="a.js", size=1), b"#!/usr/bin/python\n")


def test_the_cache_key_follows_content_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    scanner, file = BanditScanner(lambda: ()), SourceFile(path="a.py", size=1)
    key = scanner.cache_key(file, "1")
    assert key == scanner.cache_key(SourceFile(path="other.py", size=1), "1")
    assert key != scanner.cache_key(file, "2")
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: "99")
    assert key != BanditScanner(lambda: ()).cache_key(file, "1")


def test_a_missing_bandit_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(ScannerError, match=r"pip install bandit==.*--scanner semgrep"):
        BanditScanner(lambda: ()).version()


def test_a_worker_that_cannot_run_is_an_error_not_a_gap(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make_stage({"a.py": b"x = 1\n"})
    monkeypatch.setattr("oreva.scanners.bandit.sys.executable", "/bin/false")
    with pytest.raises(ScannerError, match=r"bandit cannot run: .*oreva doctor"):
        scan(stage)


def test_cancelling(make_stage: MakeStage) -> None:
    with pytest.raises(CancelledError):
        BanditScanner(lambda: ()).scan(make_stage({"a.py": b"x = 1\n"}), LIMITS, lambda: True)
