"""The runner: cache, batches, bisecting, cancelling; real scanners over sources in memory."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oreva.errors import ScannerError
from oreva.models import CoverageEntry, Outcome, Rule
from oreva.rules.load import RuleSet
from oreva.scanners.bandit import PLUGINS_FAILED, BanditScanner
from oreva.scanners.base import BatchFailedError, Limits, Scanner, ScanResult, Stage
from oreva.scanners.cache import ScanCache
from oreva.scanners.runner import Runner, Scanned
from oreva.scanners.semgrep import SemgrepScanner
from oreva.sources.base import SourceFile
from tests.unit.scanners.conftest import EVAL_RULE, Files

LIMITS = Limits(timeout_s=20, batch_timeout_s=60)
REAL = Path(sys.executable).parent / "semgrep"
MakeRules = Callable[..., RuleSet]


def scan(files: Files, scanners: Sequence[Scanner], cache: ScanCache | None = None, jobs: int = 2) -> Scanned:
    return Runner(scanners, cache or ScanCache(None), LIMITS, jobs=jobs).run(files, files.files())


def outcomes(result: Scanned) -> dict[tuple[str, str | None], str]:
    return {(entry.path, entry.scanner): entry.outcome.value for entry in result.coverage}


def test_every_file_has_an_outcome_under_every_scanner(make_rules: MakeRules) -> None:
    files = Files({"a.py": b"eval(x)\n", "b.txt": b"text", "bad.py": b"def (:\n", "c.go": b"package c\n"})
    result = scan(files, [SemgrepScanner(make_rules(EVAL_RULE)), BanditScanner(lambda: ())])
    assert outcomes(result) == {
        ("a.py", "semgrep"): "scanned",
        ("a.py", "bandit"): "scanned",
        ("b.txt", "semgrep"): "not_applicable",
        ("b.txt", "bandit"): "not_applicable",
        ("bad.py", "semgrep"): "scanned",
        ("bad.py", "bandit"): "failed",
        ("c.go", "semgrep"): "not_applicable",
        ("c.go", "bandit"): "not_applicable",
    }
    assert {(d.scanner, d.path, d.rule_id) for d in result.detections} == {
        ("semgrep", "a.py", EVAL_RULE["id"]),
        ("bandit", "a.py", "B307"),
    }


def test_a_second_scan_starts_no_scanner_and_says_the_same(tmp_path: Path, make_rules: MakeRules) -> None:
    files = Files({"a.py": b"eval(x)\n", "bad.py": b"def (:\n", "b.py": b"x = 1\n"})
    scanners = [SemgrepScanner(make_rules(EVAL_RULE)), BanditScanner(lambda: ())]
    first = scan(files, scanners, ScanCache(tmp_path / "c.db"))
    second = scan(files, scanners, ScanCache(tmp_path / "c.db"))
    assert first.started == {"semgrep": 3, "bandit": 3}
    assert second.started == {"semgrep": 0, "bandit": 0}
    assert second.detections == first.detections
    assert outcomes(second)["bad.py", "bandit"] == "failed"
    assert outcomes(second)["a.py", "bandit"] == "cached"


def test_one_changed_file_is_the_only_one_scanned(tmp_path: Path, make_rules: MakeRules) -> None:
    files = Files({f"{n}.py": b"eval(x)\n# %d\n" % n for n in range(5)})
    scanners = [SemgrepScanner(make_rules(EVAL_RULE)), BanditScanner(lambda: ())]
    scan(files, scanners, ScanCache(tmp_path / "c.db"))
    files.contents["3.py"] = b"x = 1\n"
    result = scan(files, scanners, ScanCache(tmp_path / "c.db"))
    assert result.started == {"semgrep": 1, "bandit": 1}
    assert {d.path for d in result.detections} == {"0.py", "1.py", "2.py", "4.py"}


def test_a_changed_rule_invalidates_what_it_concerns(tmp_path: Path, make_rules: MakeRules) -> None:
    files = Files({"a.py": b"eval(x)\n", "b.js": b"eval(x)\n"})
    js = {**EVAL_RULE, "id": "team.js.eval", "languages": ["javascript"]}
    scan(files, [SemgrepScanner(make_rules(EVAL_RULE, js)), BanditScanner(lambda: ())], ScanCache(tmp_path / "c.db"))
    changed = make_rules(EVAL_RULE, {**js, "message": "other"})
    result = scan(files, [SemgrepScanner(changed), BanditScanner(lambda: ())], ScanCache(tmp_path / "c.db"))
    assert result.started == {"semgrep": 1, "bandit": 0}
    assert {d.message for d in result.detections if d.path == "b.js"} == {"other"}


def test_a_file_that_crashes_semgrep_is_found_and_the_rest_is_scanned(tmp_path: Path, make_rules: MakeRules) -> None:
    program = tmp_path / "semgrep"
    program.write_text(f'#!/bin/sh\nif grep -rqs POISON .; then kill -SEGV $$; fi\nexec {REAL} "$@"\n')
    program.chmod(0o755)
    files = Files({f"{n}.py": b"eval(x)\n# %d\n" % n for n in range(9)} | {"poison.py": b"eval(x) # POISON\n"})
    result = scan(files, [SemgrepScanner(make_rules(EVAL_RULE), program=str(program))], jobs=1)
    states = outcomes(result)
    assert states.pop(("poison.py", "semgrep")) == "failed"
    assert set(states.values()) == {"scanned"}
    assert len({d.path for d in result.detections}) == 9
    (reason,) = {entry.reason for entry in result.coverage if entry.path == "poison.py"}
    assert reason == "semgrep crashed (SIGSEGV)"


def test_a_text_in_utf_16_is_named_as_such(make_rules: MakeRules) -> None:
    js = EVAL_RULE | {"languages": ["javascript"]}
    files = Files({"a.js": b"eval(x)\n", "wide.js": "eval(x)\n".encode("utf-16")})
    result = scan(files, [SemgrepScanner(make_rules(js))])
    assert outcomes(result) == {("a.js", "semgrep"): "scanned", ("wide.js", "semgrep"): "failed"}
    (reason,) = [entry.reason for entry in result.coverage if entry.reason]
    assert reason == "semgrep could not read it: UTF-16 or UTF-32 text; convert it to UTF-8"


def test_a_crash_is_not_remembered(tmp_path: Path, make_rules: MakeRules) -> None:
    program = tmp_path / "semgrep"
    program.write_text("#!/bin/sh\nkill -SEGV $$\n")
    program.chmod(0o755)
    files = Files({"a.py": b"eval(x)\n"})
    cache = tmp_path / "c.db"
    assert not scan(files, [SemgrepScanner(make_rules(EVAL_RULE), program=str(program))], ScanCache(cache)).detections
    result = scan(files, [SemgrepScanner(make_rules(EVAL_RULE))], ScanCache(cache))
    assert result.started == {"semgrep": 1}
    assert len(result.detections) == 1


def test_a_file_that_vanishes_or_changes_while_scanning(tmp_path: Path) -> None:
    class Restless(Files):
        reads = 0

        def read(self, path: str) -> bytes:
            Restless.reads += 1
            if path == "gone.py" and Restless.reads > 3:
                del self.contents["gone.py"]
            if path == "edited.py" and Restless.reads > 3:
                return b"eval(later)\n"
            return super().read(path)

    files = Restless({"edited.py": b"x = 1\n", "gone.py": b"eval(x)\n", "late.py": b"eval(x)\n"})
    listed = files.files()
    cache = ScanCache(tmp_path / "c.db")
    result = Runner([BanditScanner(lambda: ())], cache, LIMITS, jobs=1).run(files, listed)
    states = outcomes(result)
    assert states["gone.py", "bandit"] == "failed"
    assert "gone.py: gone" in {entry.reason for entry in result.coverage}
    assert {d.path for d in result.detections} == {"edited.py", "late.py"}
    again = scan(Files({"edited.py": b"x = 1\n"}), [BanditScanner(lambda: ())], cache)
    assert again.started == {"bandit": 1}, (
        "what was scanned is cached under what was scanned, not under what was listed"
    )
    assert not again.detections


def test_a_file_that_cannot_be_read_fails_under_every_scanner(make_rules: MakeRules) -> None:
    files = Files({"a.py": b"eval(x)\n"})
    listed = [*files.files(), SourceFile(path="locked.py", size=3)]
    runner = Runner([SemgrepScanner(make_rules(EVAL_RULE)), BanditScanner(lambda: ())], ScanCache(None), LIMITS, jobs=1)
    states = outcomes(runner.run(files, listed))
    assert states["locked.py", "semgrep"] == states["locked.py", "bandit"] == "failed"


class Interrupting:
    """A scanner in whose first batch the user presses Ctrl-C."""

    name = "interrupting"

    def version(self) -> str:
        return "1"

    def rules(self) -> Sequence[Rule]:
        return ()

    def applies_to(self, file: SourceFile, head: bytes) -> bool:
        return True

    def cache_key(self, file: SourceFile, sha256: str) -> str:
        return sha256

    def scan(self, stage: Stage, limits: Limits, cancelled: Callable[[], bool]) -> ScanResult:
        raise KeyboardInterrupt


class Waiting(Interrupting):
    """A scanner that works until it is told to stop."""

    name = "waiting"
    stopped = threading.Event()

    def scan(self, stage: Stage, limits: Limits, cancelled: Callable[[], bool]) -> ScanResult:
        done = threading.Event()
        while not cancelled():
            done.wait(0.01)
        self.stopped.set()
        raise BatchFailedError("stopped")


def test_an_interruption_stops_all_scanners_and_leaves_no_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        scan(Files({"a": b"x"}), [Interrupting(), Waiting()], jobs=2)
    assert Waiting.stopped.is_set()
    assert not list(tmp_path.glob("oreva-*"))


def test_a_scanner_that_cannot_run_at_all_stops_the_scan(make_rules: MakeRules, tmp_path: Path) -> None:
    bad = {**EVAL_RULE, "pattern": "eval((("}
    with pytest.raises(ScannerError):
        scan(Files({"a.py": b"eval(x)\n"}), [SemgrepScanner(make_rules(bad))])


def test_progress_counts_to_the_end() -> None:
    seen: list[tuple[str, int, int]] = []
    files = Files({f"{n}.py": b"x = %d\n" % n for n in range(6)})
    Runner([BanditScanner(lambda: ())], ScanCache(None), LIMITS, jobs=2, progress=lambda *step: seen.append(step)).run(
        files, files.files()
    )
    assert seen[-1] == ("bandit", 6, 6)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


class Remembering(Interrupting):
    """A scanner that keeps what it was started with and finds nothing; `reason` makes its results partial."""

    name = "remembering"

    def __init__(self, reason: str = "") -> None:
        self.started: list[tuple[list[str], int]] = []
        self.reason = reason

    def scan(self, stage: Stage, limits: Limits, cancelled: Callable[[], bool]) -> ScanResult:
        self.started.append(([file.path for file in stage.files], limits.processes))
        outcome = Outcome.PARTIAL if self.reason else Outcome.SCANNED
        entries = [
            CoverageEntry(path=file.path, scanner=self.name, outcome=outcome, reason=self.reason)
            for file in stage.files
        ]
        return ScanResult((), tuple(entries))


def test_one_huge_file_may_use_the_jobs_that_others_leave_idle() -> None:
    alone = Remembering()
    scan(Files({"huge.py": b"#" * 400_000, "small.py": b"#"}), [alone], jobs=2)
    assert sorted(alone.started) == [(["huge.py"], 2), (["small.py"], 1)]
    among_many = Remembering()
    scan(Files({f"{n}.py": b"#" * 400_000 for n in range(12)}), [among_many], jobs=2)
    assert {processes for _, processes in among_many.started} == {1}
    small = Remembering()
    scan(Files({"small.py": b"#"}), [small], jobs=2)
    assert small.started == [(["small.py"], 1)]


@pytest.mark.parametrize(
    ("reason", "remembered"),
    [
        (PLUGINS_FAILED + "some_plugin (KeyError)", True),
        (PLUGINS_FAILED + "some_plugin (MemoryError)", False),
        ("semgrep could not parse line 3", True),
        ("semgrep did not finish some.rule (timeout)", False),
    ],
)
def test_a_partial_result_is_remembered_where_it_will_be_the_same(
    tmp_path: Path, reason: str, *, remembered: bool
) -> None:
    cache = ScanCache(tmp_path / "c.db")
    files = Files({"a.py": b"x"})
    first, second = Remembering(reason), Remembering(reason)
    before, after = scan(files, [first], cache), scan(files, [second], cache)
    assert first.started
    assert bool(second.started) is not remembered
    assert after.coverage == before.coverage, "a remembered gap stays a gap, with its reason"


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["a.py", "b.py", "sub/c.py", "d.txt"]),
        st.sampled_from([None, b"eval(x)\n", b"x = 1\n", b"def (:\n", b"import pickle\npickle.loads(eval(z))\n", b""]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(EDITS, min_size=1, max_size=2))
def test_a_cached_scan_equals_a_fresh_one_after_any_edits(
    steps: list[list[tuple[str, bytes | None]]], make_rules: MakeRules, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scanners = [SemgrepScanner(make_rules(EVAL_RULE)), BanditScanner(lambda: ())]
    cache = ScanCache(tmp_path_factory.mktemp("cache") / "c.db")
    files = Files({"a.py": b"eval(x)\n", "b.py": b"import os\n"})
    for edits in [[], *steps]:
        for path, content in edits:
            files.contents.pop(path, None)
            if content is not None:
                files.contents[path] = content
        cached = scan(files, scanners, cache)
        fresh = scan(files, scanners)
        assert cached.detections == fresh.detections
        assert _as_fresh(cached.coverage) == _as_fresh(fresh.coverage)


def _as_fresh(coverage: Sequence[CoverageEntry]) -> set[tuple[str, str | None, str, str]]:
    return {(e.path, e.scanner, e.outcome.value.replace("cached", "scanned"), e.reason) for e in coverage}
