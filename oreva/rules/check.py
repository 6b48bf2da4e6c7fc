"""Asking Semgrep whether it accepts rules: patterns that parse, languages it knows, keys it understands."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from oreva.errors import ScannerError
from oreva.rules.engine import EngineError, run_semgrep
from oreva.rules.load import RuleSet
from oreva.rules.problems import Problem, rule_error

CHECK_TIMEOUT_S = 120.0


def check_rules(ruleset: RuleSet, semgrep: Path, *, cache_dir: Path | None = None) -> None:
    """Have Semgrep read all rules, of any language, without scanning anything.

    `cache_dir` remembers which rule sets passed; give a folder of the user, never one inside scanned code.

    Raises `RuleError` listing each bad rule with `file:line` and Semgrep's reason, `ScannerError` if it cannot run.
    """
    if not ruleset.rules:
        return
    marker = _marker(ruleset, semgrep, cache_dir)
    if marker is not None and marker.exists():
        return
    problems = list(find_bad_rules(ruleset, semgrep))
    if problems:
        raise rule_error(problems)
    if marker is not None:
        with suppress(OSError):
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()


def find_bad_rules(ruleset: RuleSet, semgrep: Path) -> Iterable[Problem]:
    """A problem for each rule that Semgrep does not accept. Raises `ScannerError` if Semgrep cannot run."""
    with tempfile.TemporaryDirectory(prefix="oreva-check-") as empty:
        output = run_semgrep(semgrep, ruleset.to_json(), Path(empty), time_limit_s=CHECK_TIMEOUT_S)
    for error in output.errors:
        yield bad_rule(ruleset, error)
    for skipped in output.skipped_rules:
        yield bad_rule(ruleset, EngineError(rule_id=skipped.rule_id, message=f"Semgrep skips it: {skipped.details}"))


def bad_rule(ruleset: RuleSet, error: EngineError) -> Problem:
    """The problem that one of Semgrep's errors stands for. Raises `ScannerError` if it is about none of the rules."""
    loaded = ruleset.by_id.get(error.rule_id or "")
    if loaded is None:
        raise ScannerError(f"semgrep cannot use the rules: {error.reason}; check them with `oreva rules lint`")
    return Problem(loaded.file, loaded.line, loaded.rule.id, f"{error.reason}; correct it or remove the rule")


def _marker(ruleset: RuleSet, semgrep: Path, cache_dir: Path | None) -> Path | None:
    """The file whose presence says that this very Semgrep accepted these very rules."""
    if cache_dir is None:
        return None
    try:
        real = semgrep.resolve(strict=True)
        status = real.stat()
    except OSError:
        return None  # it is missing: let the run say so
    key = hashlib.sha256(f"{ruleset.digest} {status.st_size} {status.st_mtime_ns} ".encode() + bytes(real)).hexdigest()
    return cache_dir / f"checked-{key}"
