"""Running Semgrep's native front end on rules under check or test.

Scans of code go through `oreva.scanners.semgrep`; this is the small, trusted case: our stage, our settings.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from pydantic import BaseModel, ValidationError

from oreva.environment import semgrep_environment
from oreva.errors import ScannerError
from oreva.rules.problems import printable

VERSION = "1.182.0"
"""Of Semgrep, as the project pins it."""
RULE_TIMEOUT_S = 30
"""For one rule on one test target."""

RAN_OUT = frozenset(
    {"Timeout", "Out of memory", "FixpointTimeout", "Fixpoint timeout", "Stack overflow", "Too many matches"}
)
"""Types of Semgrep's errors that say: this rule was not finished on this file."""


class Position(BaseModel):
    """A place in a file; both 1-based."""

    line: int
    col: int


class Match(BaseModel):
    """One result of Semgrep, as far as tests need it."""

    check_id: str
    path: str
    start: Position


class EngineError(BaseModel):
    """One entry of Semgrep's `errors`."""

    type: object = ""
    level: str = "error"
    message: str = ""
    rule_id: str | None = None
    path: str | None = None

    @property
    def reason(self) -> str:
        """The reason in one line, without the words that only repeat which rule it is about."""
        text = self.message
        if self.rule_id and f"in rule {self.rule_id}:" in text:
            text = text.split(f"in rule {self.rule_id}:", 1)[1]
        text = text.split("----- pattern -----", 1)[0]
        return " ".join(text.split()) or str(self.type)


class SkippedRule(BaseModel):
    """A rule that this Semgrep will not run."""

    rule_id: str
    details: str = ""


class TargetTime(BaseModel):
    """What the rules took on one file."""

    match_times: list[float] = []
    """Seconds, in the order of `EngineTime.rules`."""


class EngineTime(BaseModel):
    """What a run with `timing` took."""

    rules: list[str] = []
    targets: list[TargetTime] = []


class EngineOutput(BaseModel):
    """What one run said."""

    results: list[Match] = []
    errors: list[EngineError] = []
    skipped_rules: list[SkippedRule] = []
    time: EngineTime | None = None


def run_semgrep(
    semgrep: Path, rules: bytes, target: Path, *, time_limit_s: float = 600.0, timing: bool = False
) -> EngineOutput:
    """Run rules (JSON, `{"rules": [...]}`) on every file below `target`, one process, ids unchanged.

    With `timing` the output says what each rule took on each file.

    Raises `ScannerError` if Semgrep is missing, dies, or takes longer than `time_limit_s`.
    """
    executable = shutil.which(semgrep)
    if executable is None:
        raise ScannerError(
            f"{printable(str(semgrep))}: no such program; install it with `pip install semgrep=={VERSION}`"
        )
    with tempfile.TemporaryDirectory(prefix="oreva-semgrep-") as folder:
        config = Path(folder, "rules.json")
        config.write_bytes(rules)
        command = [
            str(Path(executable).absolute()),
            "scan",
            "--experimental",
            "--json",
            "--no-rewrite-rule-ids",
            "--config",
            str(config),
        ]
        command += ["--metrics=off", "--disable-version-check", "--disable-nosem", "-j", "1", "--max-target-bytes", "0"]
        command += ["--timeout", str(RULE_TIMEOUT_S), "--timeout-threshold", "0"]
        command += ["--no-git-ignore", "--x-ignore-semgrepignore-files", *(["--time"] if timing else []), str(target)]
        try:
            done = subprocess.run(
                command,
                env=semgrep_environment(Path(folder)),
                capture_output=True,
                timeout=time_limit_s,
                check=False,
                cwd=folder,
            )
        except subprocess.TimeoutExpired:
            raise ScannerError(f"semgrep took longer than {time_limit_s:.0f} s on rules; test fewer at once") from None
        except OSError as error:
            raise ScannerError(
                f"{printable(executable)}: {error.strerror}; reinstall it with `pip install semgrep=={VERSION}`"
            ) from None
    try:
        return EngineOutput.model_validate_json(done.stdout)
    except ValidationError:
        said = printable((_last_line(done.stderr) or _last_line(done.stdout) or "nothing")[:300])
        raise ScannerError(
            f"semgrep ended with status {done.returncode} and no result; it said: {said}; try `oreva doctor`"
        ) from None


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
