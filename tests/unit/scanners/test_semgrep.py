"""Semgrep: its results, its failures, its front ends; the real program."""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from oreva.errors import ScannerError
from oreva.models import Confidence, Severity
from oreva.rules.engine import VERSION
from oreva.rules.load import RuleSet, builtin_rules_path, load_rules
from oreva.scanners import languages
from oreva.scanners.base import BatchFailedError, Limits, Stage
from oreva.scanners.process import CancelledError
from oreva.scanners.semgrep import SemgrepScanner
from oreva.scanners.staging import stage
from oreva.sources.base import SourceFile
from tests.unit.scanners.conftest import EVAL_RULE, GO_RULE, outcomes

LIMITS = Limits(timeout_s=20, batch_timeout_s=120)
REAL = Path(sys.executable).parent / "semgrep"
MakeStage = Callable[[Mapping[str, bytes]], Stage]
MakeRules = Callable[..., RuleSet]


def fake_semgrep(folder: Path, body: str) -> str:
    """A program in Semgrep's place that runs `body` and then the real one."""
    program = folder / "semgrep"
    program.write_text(f'#!/bin/sh\n{body}\nexec {REAL} "$@"\n')
    program.chmod(0o755)
    return str(program)


def test_detections_have_place_severity_and_weakness(make_stage: MakeStage, make_rules: MakeRules) -> None:
    stage = make_stage({"a.py": b"x = 1\ny = eval(\n  x)\n", "tests/b.py": b"eval(y)\n", "c.go": b"package c\n"})
    result = SemgrepScanner(make_rules(EVAL_RULE)).scan(stage, LIMITS, lambda: False)
    found = {d.path: d for d in result.detections}
    assert set(found) == {"a.py", "tests/b.py"}
    one = found["a.py"]
    assert (one.start_line, one.start_col, one.end_line, one.end_col) == (2, 5, 3, 5)
    assert (one.severity, one.confidence, one.cwe) == (Severity.HIGH, Confidence.HIGH, ("CWE-95",))
    assert one.message == "eval of x"
    assert outcomes(result) == {"a.py": "scanned", "tests/b.py": "scanned", "c.go": "not_applicable"}


def test_unparsable_code_is_a_gap_with_its_place(make_stage: MakeStage, make_rules: MakeRules) -> None:
    js = {**EVAL_RULE, "id": "team.js.eval", "languages": ["javascript"]}
    stage = make_stage(
        {
            "good.js": b"eval(x)\n",
            "part.js": b"eval(x)\nlet y = {{{ ;;;\n",
            "bad.js": b"function f( { eval(1)\n eval(x)",
        }
    )
    result = SemgrepScanner(make_rules(js)).scan(stage, LIMITS, lambda: False)
    assert outcomes(result) == {"good.js": "scanned", "part.js": "partial", "bad.js": "failed"}
    reasons = {entry.path: entry.reason for entry in result.coverage}
    assert reasons["part.js"] == "semgrep could not parse line 2"
    assert "semgrep could not read it: syntax error" in reasons["bad.js"]
    assert {d.path for d in result.detections} >= {"good.js", "part.js"}


def test_a_rule_that_runs_out_of_time_is_a_gap(make_stage: MakeStage, make_rules: MakeRules) -> None:
    stage = make_stage({"a.py": b"eval(x)\n", "big.py": b"x=[" + b"eval(1)," * 200_000 + b"]\n"})
    result = SemgrepScanner(make_rules(EVAL_RULE)).scan(stage, Limits(timeout_s=1, batch_timeout_s=120), lambda: False)
    assert outcomes(result) == {"a.py": "scanned", "big.py": "partial"}
    assert "semgrep did not finish team.python.code-injection.eval (timeout)" in {e.reason for e in result.coverage}


@pytest.mark.parametrize("front_end", ["native", "plain"])
def test_a_rule_that_matches_too_often_hides_no_other(
    front_end: str, make_stage: MakeStage, make_rules: MakeRules
) -> None:
    often = [
        EVAL_RULE | {"id": f"team.{name}", "pattern": pattern}
        for name, pattern in (("call", "f($X)"), ("number", "$X = $Y"), ("attribute", "$A.b"))
    ]
    many = b"".join(b"f(%d)\nx%d = 1\n" % (number, number) for number in range(10_001))
    stage = make_stage({"a.py": b"f(1)\neval(x)\n", "many.py": many + b"eval(x)\n", "calls.py": b"f(1)\n" * 10_001})
    result = SemgrepScanner(make_rules(EVAL_RULE, *often), front_end=front_end).scan(stage, LIMITS, lambda: False)
    assert outcomes(result) == {"a.py": "scanned", "many.py": "partial", "calls.py": "partial"}
    assert {entry.path: entry.reason for entry in result.coverage if entry.reason} == {
        "many.py": "semgrep could not report all of team.call, team.number: more than 10,000 matches",
        "calls.py": "semgrep could not report all of team.call: more than 10,000 matches",
    }
    assert sorted((d.path, d.rule_id, d.start_line) for d in result.detections) == [
        ("a.py", "team.call", 1),
        ("a.py", str(EVAL_RULE["id"]), 2),
        ("many.py", str(EVAL_RULE["id"]), 20_003),
    ]


def test_a_file_in_which_most_rules_match_too_often_fails_alone(make_stage: MakeStage, make_rules: MakeRules) -> None:
    rules = make_rules(*(EVAL_RULE | {"id": f"team.rule-{number}", "pattern": "f($X)"} for number in range(12)))
    stage = make_stage({"a.py": b"f(1)\n" * 10_001})
    with pytest.raises(BatchFailedError, match="nothing of a file in which 8 rules match too often"):
        SemgrepScanner(rules).scan(stage, LIMITS, lambda: False)


def test_names_that_are_not_plain(make_stage: MakeStage, make_rules: MakeRules) -> None:
    names = ["we ird.py", "new\nline.py", "esc\x1b[31m.py", "byte\udcff.py", "-rf.py", "sub dir/ünï.py", ".hidden/a.py"]
    stage = make_stage(dict.fromkeys(names, b"eval(x)\n"))
    result = SemgrepScanner(make_rules(EVAL_RULE)).scan(stage, LIMITS, lambda: False)
    assert {d.path for d in result.detections} == set(names)
    assert set(outcomes(result).values()) == {"scanned"}


def test_ignore_files_in_the_code_have_no_say(make_stage: MakeStage, make_rules: MakeRules) -> None:
    stage = make_stage(
        {
            "a.py": b"eval(x)\n",
            ".semgrepignore": b"*.py\n",
            ".gitignore": b"*.py\n",
            "big.py": b"eval(x)\n" + b"#" * 2_000_000,
        }
    )
    result = SemgrepScanner(make_rules(EVAL_RULE)).scan(stage, LIMITS, lambda: False)
    assert {d.path for d in result.detections} == {"a.py", "big.py"}


@pytest.mark.parametrize("front_end", ["auto", "native", "plain"])
def test_every_front_end_says_the_same(front_end: str, make_stage: MakeStage, make_rules: MakeRules) -> None:
    stage = make_stage(
        {"a.py": b"eval(x)\n", "m.go": b'package m\nimport "os/exec"\nfunc f() { exec.Command("ls") }\n'}
    )
    scanner = SemgrepScanner(make_rules(EVAL_RULE, GO_RULE), front_end=front_end)
    result = scanner.scan(stage, LIMITS, lambda: False)
    assert {(d.path, d.rule_id, d.start_line, d.start_col) for d in result.detections} == {
        ("a.py", EVAL_RULE["id"], 1, 1),
        ("m.go", GO_RULE["id"], 3, 12),
    }


def test_several_processes_with_a_part_of_the_rules_each_say_the_same(tmp_path: Path) -> None:
    """All built-in rules, on the files that they are tested with."""
    scanner = SemgrepScanner(load_rules())
    samples = [
        file
        for folder in ("python", "javascript", "dockerfile", "secrets")
        for file in sorted((builtin_rules_path() / folder).iterdir())
        if file.suffix != ".yaml"
    ]
    contents = {f"{file.parent.name}/{file.name}": file.read_bytes() for file in samples}
    contents |= {
        "broken.py": b"def f(:\n    eval(request.args)\n",
        "part.js": b"app.get(p, (req, res) => eval(req.query.x))\nlet y = {{{ ;;;\n",
    }
    staged, _ = stage(tmp_path / "stage", [(path, False) for path in contents], contents.__getitem__)
    alone = scanner.scan(staged, LIMITS, lambda: False)
    shared = scanner.scan(staged, replace(LIMITS, processes=3), lambda: False)
    assert len(alone.detections) > 300
    assert "part.js" in {entry.path for entry in alone.coverage if entry.is_gap}
    assert Counter(shared.detections) == Counter(alone.detections)
    assert shared.coverage == alone.coverage


def test_a_crash_in_one_part_ends_the_others(tmp_path: Path, make_stage: MakeStage, make_rules: MakeRules) -> None:
    rules = [{**EVAL_RULE, "id": f"team.python.code-injection.rule-{letter}"} for letter in "abc"]
    body = """
for word in "$@"; do case "$word" in --config=*) config="${word#--config=}" ;; esac; done
if grep -q rule-b "$config"; then kill -SEGV $$; fi
exec sleep 60
"""
    scanner = SemgrepScanner(make_rules(*rules), program=fake_semgrep(tmp_path, body))
    began = time.monotonic()
    with pytest.raises(BatchFailedError, match="SIGSEGV"):
        scanner.scan(make_stage({"a.py": b"eval(x)\n"}), replace(LIMITS, processes=3), lambda: False)
    assert time.monotonic() - began < 30


def test_all_parts_end_when_the_user_asks_to_stop(tmp_path: Path, make_stage: MakeStage, make_rules: MakeRules) -> None:
    rules = [{**EVAL_RULE, "id": f"team.python.code-injection.rule-{letter}"} for letter in "ab"]
    scanner = SemgrepScanner(make_rules(*rules), program=fake_semgrep(tmp_path, "exec sleep 60"))
    with pytest.raises(CancelledError):
        scanner.scan(make_stage({"a.py": b"eval(x)\n"}), replace(LIMITS, processes=2), lambda: True)


def test_rules_that_are_not_proven_natively_go_through_the_plain_front_end(
    make_stage: MakeStage, make_rules: MakeRules
) -> None:
    mixed = {**EVAL_RULE, "id": "team.mixed", "languages": ["python", "javascript"]}
    rules = make_rules(EVAL_RULE, mixed)
    scanner = SemgrepScanner(rules)
    assert [loaded.rule.id for loaded in rules.rules if not scanner.native_rule(loaded)] == ["team.mixed"]
    result = scanner.scan(make_stage({"a.py": b"eval(x)\n"}), LIMITS, lambda: False)
    assert EVAL_RULE["id"] in {d.rule_id for d in result.detections}


def test_a_rule_semgrep_refuses_stops_the_scan(make_stage: MakeStage, make_rules: MakeRules) -> None:
    bad = {**EVAL_RULE, "id": "team.bad", "pattern": "eval((("}
    with pytest.raises(ScannerError, match=r"rules\.json:\d+: rule team\.bad cannot be used by Semgrep"):
        SemgrepScanner(make_rules(EVAL_RULE, bad)).scan(make_stage({"a.py": b"eval(x)\n"}), LIMITS, lambda: False)


def test_a_crash_fails_the_batch(tmp_path: Path, make_stage: MakeStage, make_rules: MakeRules) -> None:
    program = fake_semgrep(tmp_path, "kill -SEGV $$")
    with pytest.raises(BatchFailedError, match=r"semgrep crashed \(SIGSEGV\)"):
        SemgrepScanner(make_rules(EVAL_RULE), program=program).scan(make_stage({"a.py": b""}), LIMITS, lambda: False)


def test_half_a_report_fails_the_batch(tmp_path: Path, make_stage: MakeStage, make_rules: MakeRules) -> None:
    program = fake_semgrep(tmp_path, "printf '{\"results\": ['; echo 'no space left' >&2; exit 2")
    with pytest.raises(BatchFailedError, match=r"semgrep exit status 2: no space left"):
        SemgrepScanner(make_rules(EVAL_RULE), program=program).scan(make_stage({"a.py": b""}), LIMITS, lambda: False)


def test_a_missing_semgrep_says_how_to_get_it(tmp_path: Path, make_rules: MakeRules) -> None:
    with pytest.raises(ScannerError, match=r"pip install semgrep==.*--scanner bandit"):
        SemgrepScanner(make_rules(EVAL_RULE), program=str(tmp_path / "nowhere")).version()


@pytest.fixture
def searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the search path, with no Semgrep beside the Python that runs."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "elsewhere" / "python"))
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def says(folder: Path, body: str) -> str:
    program = folder / "semgrep"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return str(program)


def test_the_same_semgrep_elsewhere_is_taken_and_asked_once(searched: Path, make_rules: MakeRules) -> None:
    program = says(searched, f'echo "$@" >> {searched}/asked; echo {VERSION}')
    scanner = SemgrepScanner(make_rules(EVAL_RULE))
    assert (scanner.version(), scanner.program, scanner.program) == (VERSION, program, program)
    assert (searched / "asked").read_text() == "--experimental --version\n"


@pytest.mark.parametrize(
    ("body", "said"), [("echo 1.100.0", "1.100.0"), ("echo no such option >&2; exit 2", "of no version")]
)
def test_another_semgrep_never_runs_under_this_version(
    searched: Path, make_rules: MakeRules, body: str, said: str
) -> None:
    program = says(searched, body)
    expected = rf"{re.escape(program)}: this semgrep says it is {re.escape(said)}, not {re.escape(VERSION)} .*; install"
    with pytest.raises(ScannerError, match=expected):
        SemgrepScanner(make_rules(EVAL_RULE)).version()


def test_a_semgrep_in_the_working_directory_is_not_started(
    searched: Path, make_rules: MakeRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(searched, f"touch {searched}/started; echo {VERSION}")
    monkeypatch.chdir(searched)
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(ScannerError, match="not installed"):
        SemgrepScanner(make_rules(EVAL_RULE)).version()
    assert not (searched / "started").exists()


def test_nothing_of_the_user_reaches_semgrep(
    tmp_path: Path, make_stage: MakeStage, make_rules: MakeRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEMGREP_RULES", "p/default")
    monkeypatch.setenv("SEMGREP_BASELINE_COMMIT", "HEAD")
    program = fake_semgrep(tmp_path, f"env > {tmp_path}/environment")
    SemgrepScanner(make_rules(EVAL_RULE), program=program).scan(make_stage({"a.py": b""}), LIMITS, lambda: False)
    seen = (tmp_path / "environment").read_text()
    assert "SEMGREP_RULES" not in seen
    assert "SEMGREP_BASELINE_COMMIT" not in seen
    assert f"HOME={os.path.expanduser('~')}\n" not in seen  # noqa: PTH111


def file(path: str, *, executable: bool = False) -> SourceFile:
    return SourceFile(path=path, size=1, executable=executable)


def test_which_files_are_its_own(make_rules: MakeRules) -> None:
    scanner = SemgrepScanner(make_rules(EVAL_RULE))
    assert scanner.applies_to(file("a.py"), b"")
    assert scanner.applies_to(file("tool"), b"#!/usr/bin/env python3")
    assert not scanner.applies_to(file("tool"), b"just text")
    assert not scanner.applies_to(file("a.go"), b"")
    everything = {**EVAL_RULE, "id": "team.secret", "languages": ["regex"], "pattern-regex": "AKIA"}
    del everything["pattern"]
    assert SemgrepScanner(make_rules(everything)).applies_to(file("a.txt"), b"")


def test_the_cache_key_changes_with_what_can_change_the_result(make_rules: MakeRules) -> None:
    both = SemgrepScanner(make_rules(EVAL_RULE, GO_RULE))
    key = both.cache_key(file("a.py"), "1")
    assert key == both.cache_key(file("sub/b.py"), "1")
    assert key != both.cache_key(file("a.py"), "2")
    changed_go = SemgrepScanner(make_rules(EVAL_RULE, {**GO_RULE, "message": "changed"}))
    assert changed_go.cache_key(file("a.py"), "1") == key, "a Go rule does not concern Python files"
    assert changed_go.cache_key(file("m.go"), "1") != both.cache_key(file("m.go"), "1")
    changed = SemgrepScanner(make_rules({**EVAL_RULE, "message": "changed"}, GO_RULE))
    assert changed.cache_key(file("a.py"), "1") != key
    assert changed.cache_key(file("m.go"), "1") == both.cache_key(file("m.go"), "1")


def test_a_rule_with_paths_makes_the_key_mind_the_path(make_rules: MakeRules) -> None:
    scanner = SemgrepScanner(make_rules({**EVAL_RULE, "paths": {"include": ["src/*"]}}))
    assert scanner.cache_key(file("src/a.py"), "1") != scanner.cache_key(file("b.py"), "1")


def test_a_name_without_suffix_counts_as_a_whole(make_rules: MakeRules) -> None:
    scanner = SemgrepScanner(make_rules(EVAL_RULE))
    assert scanner.cache_key(file("tool"), "1") != scanner.cache_key(file("other"), "1")
    assert scanner.cache_key(file("tool"), "1") != scanner.cache_key(file("tool", executable=True), "1")


def test_languages_of_names() -> None:
    assert languages.languages_of("a/b.py") == {"python", "python2", "python3"}
    assert "ts" in (languages.languages_of("x.d.js") or ())
    assert languages.languages_of("x.unknown") == frozenset()
    assert languages.languages_of("run") is None
    assert languages.languages_of("deploy/Dockerfile") == {"dockerfile"}
    assert languages.canonical("JavaScript") == "js"
    assert languages.single_analyzer(["javascript", "typescript"])
    assert not languages.single_analyzer(["python", "go"])


def test_executable_scripts_are_staged_as_such(make_stage: MakeStage, make_rules: MakeRules, tmp_path: Path) -> None:
    script = b"#!/usr/bin/env python3\neval(x)\n"
    staged, _ = stage(tmp_path / "x", [("tool", True), ("data", False)], lambda _path: script)
    assert (staged.root / "tool").stat().st_mode & stat.S_IXUSR
    result = SemgrepScanner(make_rules(EVAL_RULE)).scan(staged, LIMITS, lambda: False)
    assert {d.path for d in result.detections} == {"tool"}


def test_what_semgrep_says_at_every_start_is_no_reason(
    tmp_path: Path, make_stage: MakeStage, make_rules: MakeRules
) -> None:
    warning = "[00.18][WARNING]: !!! You're using one or more options starting with '--x-'. ..."
    stage = make_stage({"a.py": b"x"})
    for said, reason in (
        ("", "semgrep wrote no report"),
        ("\\nFatal error: boom", "semgrep wrote no report: Fatal error: boom"),
    ):
        program = fake_semgrep(tmp_path, f'printf "{warning}{said}\\n" >&2; exit 0')
        with pytest.raises(BatchFailedError) as failed:
            SemgrepScanner(make_rules(EVAL_RULE), program=program).scan(stage, LIMITS, lambda: False)
        assert failed.value.reason == reason
