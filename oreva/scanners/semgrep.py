"""Semgrep as a scanner: the fast native front end where it is proven equal, else the plain command line."""

from __future__ import annotations

import codecs
import hashlib
import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from oreva.environment import semgrep_environment
from oreva.errors import ScannerError
from oreva.models import CoverageEntry, Detection, Outcome, Rule
from oreva.rules.engine import VERSION
from oreva.rules.load import LoadedRule, RuleSet
from oreva.scanners import languages, suppressions
from oreva.scanners.base import BatchFailedError, Limits, ScanResult, Stage
from oreva.scanners.process import CancelledError, run
from oreva.scanners.selection import Selection, ask
from oreva.scanners.semgrep_plan import Plan, Run, can_apply, without_overflows
from oreva.scanners.semgrep_report import Report, overflows, path_of, problems_of, read_report, relative
from oreva.sources.base import SourceFile
from oreva.sources.display import shown

NATIVE_RULE_KEYS = frozenset(
    {
        "id", "message", "severity", "languages", "metadata", "options", "mode", "fix", "fix-regex", "paths",
        "pattern", "patterns", "pattern-either", "pattern-regex", "pattern-sources", "pattern-sinks",
        "pattern-sanitizers", "pattern-propagators", "min-version", "max-version",
    }
)  # fmt: skip
"""Top-level keys of a rule for which both front ends were shown to give equal results (`tests/parity`)."""

RULE_TIMEOUTS_PER_FILE = 3
"""After so many rules have timed out on one file, Semgrep leaves the rest of its rules out there (a gap either way)."""

WIDE_TEXT = "semgrep could not read it: UTF-16 or UTF-32 text; convert it to UTF-8"
"""Most rules would find nothing in such a file and say nothing of it; others make Semgrep end."""

RULES_LEFT_OUT = 8
"""How many rules may be left out on a file, one after the other, because they match too often to be reported."""

_NOT_INSTALLED = (
    f"scanner semgrep is not installed beside this Python; install it with `pip install semgrep=={VERSION}`, "
    "or leave it out with `--scanner bandit`"
)


class SemgrepScanner:
    """Runs the rules of one rule set; one process per batch, or several with a part of the rules each."""

    name = "semgrep"

    def __init__(self, rules: RuleSet, *, front_end: str = "auto", program: str | None = None) -> None:
        """`front_end` is `auto`, `native` or `plain`; `program` is where `semgrep` lies."""
        self._ruleset = rules
        self._program = program
        self._by_id = {loaded.rule.id: loaded for loaded in rules.rules}
        self.front_end = front_end

    def version(self) -> str:
        """Semgrep's version, as installed. Raises `ScannerError` if there is none, or only another one to run."""
        return self._installed[0]

    def rules(self) -> Sequence[Rule]:
        """The active rules."""
        return [loaded.rule for loaded in self._ruleset.rules]

    @property
    def program(self) -> str:
        """The `semgrep` program. Raises `ScannerError` if it is missing."""
        return self._installed[1]

    @cached_property
    def _installed(self) -> tuple[str, str]:
        """Version and program, which belong together: results are kept and reported under the version."""
        try:
            version = importlib.metadata.version("semgrep")
        except importlib.metadata.PackageNotFoundError:
            raise ScannerError(_NOT_INSTALLED) from None
        if self._program is not None:
            program = self._program if Path(self._program).is_file() else None
        else:
            beside = Path(sys.executable).parent / "semgrep"
            program = str(beside) if beside.is_file() else _on_path(version)
        if program is None:
            raise ScannerError(_NOT_INSTALLED)
        return version, program

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset(languages.canonical(name) for rule in self._ruleset.rules for name in rule.rule.languages)

    def applies_to(self, file: SourceFile, head: bytes) -> bool:
        """Whether some rule's language fits the file; a file without a suffix needs a `#!` line."""
        if self._languages & languages.ANY_FILE:
            return True
        of_file = languages.languages_of(file.path)
        if of_file is None:
            return head.startswith(b"#!") and bool(self._languages)
        return bool(of_file & self._families)

    @cached_property
    def _families(self) -> frozenset[str]:
        return frozenset().union(*(languages.family(name) for name in self._languages))

    def cache_key(self, file: SourceFile, sha256: str) -> str:
        """Digest of content, name as far as it decides, applicable rules, version and settings."""
        of_file = languages.languages_of(file.path)
        rules_digest, by_path = self._scope(of_file)
        name = file.path.rpartition("/")[2]
        if by_path:
            seen_as = file.path
        elif of_file is None:
            seen_as = f"{name}\0{file.executable}"
        else:
            seen_as = name[name.rfind(".") :]
        parts = ("semgrep", self._version, str(RULE_TIMEOUTS_PER_FILE), rules_digest, seen_as, sha256)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def _version(self) -> str:
        return self.version()

    @cached_property
    def _scopes(self) -> dict[frozenset[str] | None, tuple[str, bool]]:
        return {}

    def _scope(self, of_file: frozenset[str] | None) -> tuple[str, bool]:
        """Digest of the rules that can apply to files of these languages, and whether one of them minds the path."""
        known = self._scopes.get(of_file)
        if known is None:
            chosen = [loaded for loaded in self._ruleset.rules if of_file is None or can_apply(loaded, of_file)]
            text = "\n".join(f"{loaded.rule.id} {loaded.rule.digest}" for loaded in chosen)
            by_path = any("paths" in loaded.definition for loaded in chosen)
            known = self._scopes[of_file] = (hashlib.sha256(text.encode()).hexdigest(), by_path)
        return known

    def native_rule(self, loaded: LoadedRule) -> bool:
        """Whether the native front end is proven to treat this rule as the plain command line does."""
        if self.front_end != "auto":
            return self.front_end == "native"
        return set(loaded.definition) <= NATIVE_RULE_KEYS and languages.single_analyzer(loaded.rule.languages)

    def scan(self, stage: Stage, limits: Limits, cancelled: Callable[[], bool]) -> ScanResult:
        """Scan the stage: natively with the rules proven equal there, by the plain command line with the others.

        Where several processes may work on it, each gets a part of the rules: what a rule finds in a file does not
        depend on the other rules.
        """
        wide = _take_out_wide_text(stage)
        stage = replace(stage, files=tuple(file for file in stage.files if file.path not in wide))
        with tempfile.TemporaryDirectory(prefix="oreva-part-", dir=stage.root.parent) as folder:
            reports = self._complete(self._plan.runs(stage, Path(folder), limits.processes), folder, limits, cancelled)
        originals = {file.staged: file.path for file in stage.files}
        detections = [found for report in reports for found in self._detections(report, originals)]
        looked_at = {relative(path) for report in reports for path in report["paths"]["scanned"]}
        problems = problems_of([error for report in reports for error in report["errors"]])
        marked = suppressions.mark_nosemgrep(detections, stage)
        coverage = [
            CoverageEntry(path=path, scanner=self.name, outcome=Outcome.FAILED, reason=WIDE_TEXT) for path in wide
        ]
        for file in stage.files:
            outcome, reason = problems.get(file.staged, (Outcome.SCANNED, ""))
            if outcome is Outcome.SCANNED and file.staged not in looked_at:
                outcome = Outcome.NOT_APPLICABLE
            coverage.append(CoverageEntry(path=file.path, scanner=self.name, outcome=outcome, reason=reason))
        return ScanResult(tuple(marked), tuple(coverage))

    @cached_property
    def _plan(self) -> Plan:
        native = [loaded for loaded in self._ruleset.rules if self.native_rule(loaded)]
        plain = [loaded for loaded in self._ruleset.rules if not self.native_rule(loaded)]
        return Plan(native, plain, lambda: self._selection(native))

    def _selection(self, native: Sequence[LoadedRule]) -> Selection | None:
        """What rules need of a file; None where Semgrep's engine is not the one installed beside this Python."""
        spec = importlib.util.find_spec("semgrep")
        if self._program is not None or self.front_end != "auto" or spec is None or not spec.submodule_search_locations:
            return None
        core = Path(spec.submodule_search_locations[0]) / "bin" / "semgrep-core"
        return ask(core, native) if core.is_file() else None

    def _complete(
        self, runs: Sequence[Run], folder: str, limits: Limits, cancelled: Callable[[], bool]
    ) -> list[Report]:
        """The reports of all runs, and of those that follow where a rule with too many matches hid all others."""
        reports: list[Report] = []
        for _ in range(1 + RULES_LEFT_OUT):
            made = self._reports(runs, limits, cancelled)
            reports += made
            again = Path(tempfile.mkdtemp(prefix="again-", dir=folder))
            runs = list(without_overflows(zip(runs, map(overflows, made), strict=True), again))
            if not runs:
                return reports
        raise BatchFailedError(f"semgrep reports nothing of a file in which {RULES_LEFT_OUT} rules match too often")

    def _reports(self, runs: Sequence[Run], limits: Limits, cancelled: Callable[[], bool]) -> list[Report]:
        """One report per run; if one fails, the others are ended too."""
        failed = threading.Event()

        def report(run: Run) -> Report:
            if failed.is_set():
                raise CancelledError
            try:
                return self._run(run, limits, lambda: failed.is_set() or cancelled())
            except BaseException:
                failed.set()
                raise

        if len(runs) == 1 or limits.processes == 1:
            return [report(run) for run in runs]
        with ThreadPoolExecutor(limits.processes) as pool:
            futures = [pool.submit(report, run) for run in runs]
        errors = [error for future in futures if (error := future.exception()) is not None]
        if errors:
            raise next((error for error in errors if not isinstance(error, CancelledError)), errors[0])
        return [future.result() for future in futures]

    def _run(self, work: Run, limits: Limits, cancelled: Callable[[], bool]) -> Report:
        """One Semgrep process."""
        with tempfile.TemporaryDirectory(prefix="oreva-semgrep-") as folder:
            scratch = Path(folder)
            config = scratch / "rules.json"
            config.write_text(json.dumps({"rules": [dict(loaded.definition) for loaded in work.rules]}))
            output = scratch / "output.json"
            command = [self.program, *arguments(config, limits.timeout_s, native=work.native), "."]
            finished = run(
                command,
                cwd=work.root,
                environment=semgrep_environment(scratch),
                stdout=output,
                timeout_s=limits.batch_timeout_s,
                memory_bytes=limits.memory_bytes,
                output_bytes=limits.output_bytes,
                cancelled=cancelled,
            )
            report = read_report(output, finished)
        self._all_rules_ran(report, work.rules)
        return report

    def _all_rules_ran(self, report: Report, rules: Sequence[LoadedRule]) -> None:
        """Refuse a run in which a rule did not take part: its silence would look like a clean result."""
        bad = {
            str(error["rule_id"]): error for error in report["errors"] if error.get("rule_id") and not path_of(error)
        }
        for loaded in rules:
            error = bad.get(loaded.rule.id)
            if error is not None:
                reason = " ".join(str(error.get("message", "")).split())
                raise ScannerError(
                    f"{loaded.file}:{loaded.line}: rule {loaded.rule.id} cannot be used by Semgrep: {reason}"
                )

    def _detections(self, report: Report, originals: Mapping[str, str]) -> Iterable[Detection]:
        for result in report["results"]:
            path = originals.get(relative(result["path"]))
            loaded = self._by_id.get(result["check_id"])
            if path is None or loaded is None:
                raise ScannerError(
                    f"semgrep reported rule {result['check_id']} in {result['path']}, which it was not given; "
                    "please report this as a defect of Oreva"
                )
            start = result["start"]
            end = result["end"]
            yield Detection(
                scanner=self.name,
                rule_id=loaded.rule.id,
                path=path,
                start_line=start["line"],
                start_col=start["col"],
                end_line=end["line"],
                end_col=end["col"],
                severity=loaded.rule.severity,
                confidence=loaded.rule.confidence,
                message=str(result["extra"].get("message", "")).strip(),
                cwe=loaded.rule.cwe,
            )


def _on_path(version: str) -> str | None:
    """The `semgrep` on the search path; None if there is none. Raises `ScannerError` if it is of another version."""
    program = shutil.which("semgrep")
    if program is None or not Path(program).is_absolute():  # of a relative entry: it may lie in the code under scan
        return None
    with tempfile.TemporaryDirectory(prefix="oreva-semgrep-") as folder:
        try:
            done = subprocess.run(
                [program, "--experimental", "--version"],  # the native front end answers at once, and asks no network
                env=semgrep_environment(Path(folder)),
                capture_output=True,
                text=True,
                errors="replace",
                timeout=20,
                check=False,
                cwd=folder,
            )
        except (OSError, subprocess.TimeoutExpired):
            said = ""
        else:
            said = done.stdout.strip()
    if said != version:
        raise ScannerError(
            f"{shown(program)}: this semgrep says it is {shown(said, 40) or 'of no version'}, not {version} as this "
            f"Python has it; install it beside this Python with `pip install --force-reinstall semgrep=={VERSION}`"
        )
    return program


def _take_out_wide_text(stage: Stage) -> list[str]:
    """Remove texts of two or four bytes a character from the stage; their paths."""
    wide = []
    for file in stage.files:
        staged = stage.root / file.staged
        with staged.open("rb") as content:
            if content.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):  # that of UTF-32 LE begins so too
                wide.append(file.path)
                staged.unlink()
    return wide


def arguments(config: Path, timeout_s: float, *, native: bool) -> list[str]:
    """Semgrep's arguments for a run over a stage: look at everything that is there, say everything that is found.

    Semgrep by itself leaves out tests, big files and whatever ignore files name; here the stage decides, and in-source
    suppressions are judged by us so that they can be listed.
    """
    return [
        "scan",
        *(["--experimental"] if native else []),
        f"--config={config}",
        "--json",
        "--metrics=off",
        "--disable-version-check",
        "--disable-nosem",
        "--no-rewrite-rule-ids",
        "--no-git-ignore",
        "--x-ignore-semgrepignore-files",
        "--max-target-bytes=0",
        "--jobs=1",
        f"--timeout={max(1, round(timeout_s))}",
        f"--timeout-threshold={RULE_TIMEOUTS_PER_FILE}",
        "--quiet",
    ]
