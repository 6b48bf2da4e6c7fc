"""Scanner parity is law: Oreva's detections are those of `semgrep scan` and `bandit -r` on the same files and rules.

Three real projects of different kinds: a Python web framework, a Java/C++/Python bridge, a Python and TypeScript
application. The plain programs run with their ordinary front ends, on rules as YAML, over a plain copy of the files.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from oreva.models import Outcome
from oreva.rules.load import RuleSet, builtin_rules_path, load_rules, rule_files
from oreva.scanners.bandit import BanditScanner
from oreva.scanners.base import Limits, Scanner
from oreva.scanners.cache import ScanCache
from oreva.scanners.process import child_environment
from oreva.scanners.runner import Runner, Scanned
from oreva.scanners.semgrep import RULE_TIMEOUTS_PER_FILE, SemgrepScanner
from oreva.sources.base import Listing
from oreva.sources.directory import DirectorySource

PROJECTS = ("flask-3.1.2", "jpype1-1.5.2", "fava-1.30.5")
LIMITS = Limits(timeout_s=60, batch_timeout_s=600)
BIN = Path(sys.executable).parent

Place = tuple[str, str, int, int]


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest, project_folder: Path) -> tuple[DirectorySource, Listing]:
    source = DirectorySource(project_folder / request.param, repository="parity")
    listing = source.list()
    assert len(listing.files) > 100
    return source, listing


@pytest.fixture
def plain_copy(project: tuple[DirectorySource, Listing], tmp_path: Path) -> Path:
    """The same files as they are, in a folder of their own."""
    source, listing = project
    root = tmp_path / "copy"
    for file in listing.files:
        target = root / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read(file.path))
        if file.executable:
            target.chmod(0o755)
    return root


@pytest.fixture
def run_plain(tmp_path: Path) -> Callable[..., bytes]:
    def run(*command: str, cwd: Path) -> bytes:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        environment = child_environment(
            scratch, SEMGREP_SETTINGS_FILE=str(scratch / "settings.yml"), SEMGREP_LOG_FILE=str(scratch / "log")
        )
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, timeout=900)
        assert done.returncode in (0, 1), done.stderr[-2000:]
        return done.stdout

    return run


def ours(scanner: Scanner, project: tuple[DirectorySource, Listing]) -> Scanned:
    source, listing = project
    return Runner([scanner], ScanCache(None), LIMITS, jobs=2).run(source, listing.files)


def test_semgrep(
    project: tuple[DirectorySource, Listing],
    plain_copy: Path,
    rules: RuleSet,
    run_plain: Callable[..., bytes],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "rules"
    for file in rule_files(builtin_rules_path()):
        target = folder / file.relative_to(builtin_rules_path())
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    output = run_plain(
        str(BIN / "semgrep"), "scan", f"--config={folder}", "--json", "--metrics=off", "--disable-version-check",
        "--disable-nosem", "--no-rewrite-rule-ids", "--no-git-ignore", "--x-ignore-semgrepignore-files",
        "--max-target-bytes=0", "--timeout=60", f"--timeout-threshold={RULE_TIMEOUTS_PER_FILE}", "--jobs=2", "--quiet",
        ".",
        cwd=plain_copy,
    )  # fmt: skip
    report = json.loads(output)
    expected: list[tuple[Place, int, int, str]] = sorted(
        (
            (r["check_id"], r["path"], r["start"]["line"], r["start"]["col"]),
            r["end"]["line"],
            r["end"]["col"],
            r["extra"]["message"].strip(),
        )
        for r in report["results"]
    )
    result = ours(SemgrepScanner(rules), project)
    found = sorted(
        ((d.rule_id, d.path, d.start_line, d.start_col), d.end_line, d.end_col, d.message) for d in result.detections
    )
    assert found == expected
    problems = {error["path"] for error in report["errors"] if error.get("path")}
    assert {entry.path for entry in result.coverage if entry.is_gap} == problems
    looked_at = {e.path for e in result.coverage if e.outcome not in (Outcome.NOT_APPLICABLE, Outcome.SKIPPED)}
    assert looked_at == set(report["paths"]["scanned"])


def test_bandit(project: tuple[DirectorySource, Listing], plain_copy: Path, run_plain: Callable[..., bytes]) -> None:
    report = json.loads(run_plain(str(BIN / "bandit"), "-q", "-r", ".", "-f", "json", cwd=plain_copy))
    expected = sorted(
        (
            r["test_id"],
            r["filename"].removeprefix("./"),
            r["line_number"],
            r["col_offset"] + 1,
            r["end_col_offset"] + 1,
            r["issue_severity"].lower(),
            r["issue_confidence"].lower(),
            r["issue_text"],
        )
        for r in report["results"]
    )
    result = ours(BanditScanner(lambda: ()), project)
    found = sorted(
        (d.rule_id, d.path, d.start_line, d.start_col, d.end_col, d.severity.value, d.confidence.value, d.message)
        for d in result.detections
        if d.suppression is None
    )
    assert found == expected
    unread = {error["filename"].removeprefix("./") for error in report["errors"]}
    assert {entry.path for entry in result.coverage if entry.is_gap} == unread
