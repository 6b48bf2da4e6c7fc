"""Bandit as a scanner: its own plugins in worker processes, which a dead file cannot take down for good."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypedDict

from oreva.environment import child_environment
from oreva.errors import ScannerError
from oreva.models import Confidence, CoverageEntry, Detection, InSourceSuppression, Outcome, Rule, Severity
from oreva.scanners.base import Limits, ScanResult, Stage, StagedFile
from oreva.scanners.process import Finished, run
from oreva.sources.base import SourceFile

_SHEBANG = re.compile(rb"#!.*\bpython[0-9.]*\b")
_ANSWER_VERSION = "1"
"""Part of the cache key: raise it when the worker's answers change for the same file."""

PLUGINS_FAILED = "bandit's own tests failed on it: "
"""How the reason of a partial result begins if plugins of Bandit raised: the same content makes them raise again."""

_SEVERITY = {"HIGH": Severity.HIGH, "MEDIUM": Severity.MEDIUM, "LOW": Severity.LOW}
_CONFIDENCE = {"HIGH": Confidence.HIGH, "MEDIUM": Confidence.MEDIUM, "LOW": Confidence.LOW}


class _Nosec(TypedDict):
    line: int
    named: bool
    justification: str


class _Result(TypedDict, total=False):
    test_id: str
    severity: str
    confidence: str
    cwe: int
    text: str
    line: int
    last_line: int
    col: int
    end_col: int
    nosec: _Nosec


class _Answer(TypedDict, total=False):
    begin: str
    file: str
    results: list[_Result]
    error: str
    incomplete: list[str]


class BanditScanner:
    """Runs every Bandit test on Python files."""

    name = "bandit"

    def __init__(self, rules: Callable[[], Sequence[Rule]]) -> None:
        """`rules` gives Bandit's catalogue; it is asked only when somebody needs it, since it imports Bandit."""
        self._rules = rules

    def version(self) -> str:
        """Bandit's version, as installed beside this Python. Raises `ScannerError` if there is none."""
        try:
            found = importlib.metadata.version("bandit")
        except importlib.metadata.PackageNotFoundError:
            found = ""
        if not found or importlib.util.find_spec("bandit") is None:
            raise ScannerError(
                "scanner bandit is not installed beside this Python; install it with `pip install bandit==1.9.4`, "
                "or leave it out with `--scanner semgrep`"
            )
        return found

    @cached_property
    def _version(self) -> str:
        return self.version()

    def rules(self) -> Sequence[Rule]:
        """All tests of the installed Bandit."""
        return self._rules()

    def applies_to(self, file: SourceFile, head: bytes) -> bool:
        """Python by its suffix, or a script without one that starts with a Python `#!` line."""
        name = file.path.rpartition("/")[2]
        if name.endswith((".py", ".pyw")):
            return True
        return "." not in name and bool(_SHEBANG.match(head))

    def cache_key(self, file: SourceFile, sha256: str) -> str:
        """Digest of content, Bandit's version and the Python that parses (its grammar decides what can be read)."""
        del file
        grammar = f"{sys.implementation.name}-{sys.version_info.major}.{sys.version_info.minor}"
        parts = ("bandit", _ANSWER_VERSION, self._version, grammar, sha256)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def scan(self, stage: Stage, limits: Limits, cancelled: Callable[[], bool]) -> ScanResult:
        """Scan the stage; if the worker dies, the file it was at is recorded and the rest goes to a new worker."""
        detections: list[Detection] = []
        coverage: list[CoverageEntry] = []
        waiting = list(stage.files)
        while waiting:
            answers, finished = self._work(stage, waiting, limits, cancelled)
            by_name = {answer["file"]: answer for answer in answers if "file" in answer}
            done = [file for file in waiting if _name(file) in by_name]
            for file in done:
                answer = by_name[_name(file)]
                detections += [_detection(file, result) for result in answer["results"]]
                coverage.append(self._coverage(file, answer))
            waiting = [file for file in waiting if _name(file) not in by_name]
            if not waiting:
                break
            begun = {answer["begin"] for answer in answers if "begin" in answer}
            culprit = next((file for file in waiting if _name(file) in begun), None)
            if culprit is None:
                said = finished.stderr.strip().rpartition("\n")[2][-300:]
                raise ScannerError(f"bandit cannot run: {said or finished.reason or 'no answer'}; run `oreva doctor`")
            reason = f"bandit {finished.reason or 'ended without an answer'}"
            coverage.append(CoverageEntry(path=culprit.path, scanner=self.name, outcome=Outcome.FAILED, reason=reason))
            waiting.remove(culprit)
        return ScanResult(tuple(detections), tuple(coverage))

    def _work(
        self, stage: Stage, files: Sequence[StagedFile], limits: Limits, cancelled: Callable[[], bool]
    ) -> tuple[list[_Answer], Finished]:
        """One worker process over these files; what it answered before it ended, however it ended."""
        with tempfile.TemporaryDirectory(prefix="oreva-bandit-") as folder:
            scratch = Path(folder)
            listing = scratch / "files.json"
            listing.write_text(json.dumps([_name(file) for file in files]))
            output = scratch / "output.jsonl"
            library = str(Path(__file__).resolve().parents[2])
            finished = run(
                [sys.executable, "-m", "oreva.scanners.bandit_worker", str(listing), str(limits.timeout_s)],
                cwd=stage.root,
                environment=child_environment(scratch, PYTHONPATH=library, PYTHONSAFEPATH="1"),
                stdout=output,
                timeout_s=limits.batch_timeout_s,
                memory_bytes=limits.memory_bytes,
                output_bytes=limits.output_bytes,
                cancelled=cancelled,
            )
            lines = output.read_bytes().split(b"\n")
        return [json.loads(line) for line in lines[:-1]], finished

    def _coverage(self, file: StagedFile, answer: _Answer) -> CoverageEntry:
        outcome, reason = Outcome.SCANNED, ""
        if answer["error"]:
            outcome, reason = Outcome.FAILED, answer["error"]
        elif answer["incomplete"]:
            outcome, reason = Outcome.PARTIAL, PLUGINS_FAILED + ", ".join(answer["incomplete"])
        return CoverageEntry(path=file.path, scanner=self.name, outcome=outcome, reason=reason)


def _name(file: StagedFile) -> str:
    """The path given to Bandit: with `./` in front, as its own command line has it."""
    return os.path.join(".", file.staged)  # noqa: PTH118  (a Path would drop the dot)


def _detection(file: StagedFile, result: _Result) -> Detection:
    nosec = result.get("nosec")
    return Detection(
        scanner="bandit",
        rule_id=result["test_id"],
        path=file.path,
        start_line=max(1, result["line"]),
        start_col=result["col"] + 1,
        end_line=max(1, result["line"], result["last_line"]),
        end_col=result["end_col"] + 1,
        severity=_SEVERITY.get(result["severity"], Severity.INFO),
        confidence=_CONFIDENCE.get(result["confidence"], Confidence.LOW),
        message=result["text"],
        cwe=(f"CWE-{result['cwe']}",) if result["cwe"] else (),
        suppression=InSourceSuppression(kind="nosec", **nosec) if nosec else None,
    )
