"""`oreva doctor`: what is installed, what is missing and how to get it."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

PREFERRED_PYTHON = (3, 13)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: str
    """`ok`, `note` (works, but could be better) or `missing` (a scan needs it)."""
    detail: str


@click.command()
def doctor() -> int:
    """Say what is installed, what is missing and how to get it. Exit status 2 if a scan cannot work."""
    checks = list(_checks())
    for check in checks:
        click.echo(f"  {check.state:<8} {check.name:<14} {check.detail}")
    missing = [check.name for check in checks if check.state == "missing"]
    click.echo(f"missing: {', '.join(missing)}" if missing else "everything a scan needs is there")
    return 2 if missing else 0


def _checks() -> Iterator[Check]:
    yield _python()
    yield _semgrep()
    yield _bandit()
    yield _rules()
    yield _git()
    yield _temporary_space()


def _python() -> Check:
    version = platform.python_version()
    if sys.version_info[:2] >= PREFERRED_PYTHON:
        return Check("Python", "ok", version)
    advice = "Bandit parses with it: files in newer syntax will be gaps; install Oreva with Python 3.13"
    return Check("Python", "note", f"{version}; {advice}")


def _semgrep() -> Check:
    from oreva.errors import OrevaError  # noqa: PLC0415
    from oreva.rules.engine import VERSION  # noqa: PLC0415
    from oreva.rules.load import load_rules  # noqa: PLC0415
    from oreva.scanners.base import Limits, Stage, StagedFile  # noqa: PLC0415
    from oreva.scanners.semgrep import SemgrepScanner  # noqa: PLC0415

    try:
        scanner = SemgrepScanner(load_rules())
        with tempfile.TemporaryDirectory(prefix="oreva-doctor-") as folder:
            (Path(folder) / "probe.py").write_text("import os\nos.system(input())\n")
            staged = StagedFile(path="probe.py", staged="probe.py", sha256="", size=27)
            scanner.scan(Stage(Path(folder), (staged,)), Limits(), lambda: False)
        return Check("Semgrep", "ok", f"{scanner.version()} at {scanner.program}, native front end works")
    except OrevaError as error:
        return Check("Semgrep", "missing", str(error))
    except Exception as error:  # noqa: BLE001  (whatever is wrong with the installation is the answer)
        return Check(
            "Semgrep", "missing", f"it does not run: {error}; reinstall it with `pip install semgrep=={VERSION}`"
        )


def _bandit() -> Check:
    from oreva.errors import OrevaError  # noqa: PLC0415
    from oreva.scanners.bandit import BanditScanner  # noqa: PLC0415

    try:
        return Check("Bandit", "ok", BanditScanner(lambda: ()).version())
    except OrevaError as error:
        return Check("Bandit", "missing", str(error))


def _rules() -> Check:
    from oreva.errors import OrevaError  # noqa: PLC0415
    from oreva.rules.load import builtin_rules_path, load_rules  # noqa: PLC0415

    try:
        return Check("rules", "ok", f"{len(load_rules().rules)} of Oreva's own in {builtin_rules_path()}")
    except OrevaError as error:
        return Check("rules", "missing", str(error))


def _git() -> Check:
    found = shutil.which("git")
    if found:
        return Check("git", "ok", found)
    return Check(
        "git", "note", "not found: --diff needs it, and files that git tracks cannot be told from ignored ones"
    )


def _temporary_space() -> Check:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    text = f"{free / 1024**3:,.1f} GB free in {folder}"
    return Check("temp space", "ok" if free > 512 * 1024**2 else "note", text)
