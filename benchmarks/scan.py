"""Oreva beside `semgrep scan` followed by `bandit -r`, on the pinned source distribution of Django.

    make bench                                     (all rules of the pack, as many jobs as there are processors)
    python -m benchmarks.scan --project flask --rounds 3
    python -m benchmarks.scan --only oreva         (without the plain programs: no ratios, no comparison)

Every line is measured in the same run, on the same machine, with the same rules, over the same files. The plain
programs run as a person would run them by hand; Semgrep also gets the flags without which it leaves files out, so that
both sides do the same work. The detections of both sides are compared: a ratio without equal results is worth nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from oreva.rules.load import builtin_rules_path, load_rules, rule_files
from oreva.scanners.process import child_environment
from oreva.scanners.semgrep import RULE_TIMEOUTS_PER_FILE
from oreva.sources.directory import DirectorySource

REPOSITORY = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TIMEOUT_S = 30
SAMPLE_S = 0.1
BUSY_PERCENT = 15.0
"""Above this share of processor time in use before the start, the measurement says that it is disturbed."""

Detections = Counter[tuple[str, str, str, int, int]]


@dataclass(frozen=True)
class Measured:
    """One command, run once."""

    wall_s: float
    cpu_s: float
    """User and system time of it and everything it started."""
    peak_bytes: int
    """Most resident memory of the whole process tree at one moment, sampled ten times a second."""


def measure(command: list[str], cwd: Path, environment: dict[str, str], output: Path) -> Measured:
    """Run a command to its end. Raises `SystemExit` if it fails in another way than by reporting findings."""
    before = os.times()
    began = time.perf_counter()
    with output.open("wb") as out, output.with_suffix(".err").open("wb") as err:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=out, stderr=err)
        peak = _Peak(process.pid)
        status = process.wait()
        peak.stop()
    wall = time.perf_counter() - began
    after = os.times()
    if status not in (0, 1, 3):
        sys.exit(f"{command[0]} ended with {status}: {output.with_suffix('.err').read_text()[-2000:]}")
    cpu = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return Measured(wall, cpu, peak.bytes)


class _Peak:
    """Samples the memory of a process tree from a thread."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(pid,), daemon=True)
        self._thread.start()

    def _watch(self, pid: int) -> None:
        while not self._stopped.wait(SAMPLE_S):
            try:
                root = psutil.Process(pid)
                tree = [root, *root.children(recursive=True)]
                self.bytes = max(self.bytes, sum(_resident(process) for process in tree))
            except psutil.Error:
                continue

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


class Bench:
    """A project laid out for both sides."""

    def __init__(self, project: str, folder: Path, jobs: int) -> None:
        self.folder = folder
        self.jobs = jobs
        fetch = [
            sys.executable,
            str(REPOSITORY / ".ci" / "fetch-projects"),
            str(REPOSITORY / ".cache" / "projects"),
            project,
        ]
        fetched = Path(subprocess.run(fetch, check=True, capture_output=True, text=True).stdout.strip())
        self.tree = folder / "tree"
        source = DirectorySource(fetched, repository="bench")
        for listed in source.list().files:
            target = self.tree / listed.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(fetched / listed.path, target)
        self.files = sum(1 for path in self.tree.rglob("*") if path.is_file())
        self.rules = folder / "rules"
        for file in rule_files(builtin_rules_path()):
            target = self.rules / file.relative_to(builtin_rules_path())
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
        scratch = folder / "scratch"
        scratch.mkdir()
        self.environment = child_environment(
            scratch, SEMGREP_SETTINGS_FILE=str(scratch / "settings.yml"), SEMGREP_LOG_FILE=str(scratch / "log")
        )
        del self.environment["PYTHONDONTWRITEBYTECODE"]
        self.state = folder / "state"

    def semgrep(self) -> Measured:
        """`semgrep scan` on the YAML rules."""
        command = [
            str(BIN / "semgrep"), "scan", f"--config={self.rules}", "--json", "--metrics=off",
            "--disable-version-check", "--no-git-ignore", "--x-ignore-semgrepignore-files", "--max-target-bytes=0",
            "--disable-nosem",
            f"--timeout={TIMEOUT_S}", f"--timeout-threshold={RULE_TIMEOUTS_PER_FILE}", f"--jobs={self.jobs}", "--quiet",
            ".",
        ]  # fmt: skip
        return measure(command, self.tree, self.environment, self.folder / "semgrep.json")

    def bandit(self) -> Measured:
        """`bandit -r`."""
        command = [str(BIN / "bandit"), "-q", "-r", ".", "-f", "json"]
        return measure(command, self.tree, self.environment, self.folder / "bandit.json")

    def oreva(self, *, keep_state: bool) -> Measured:
        """`oreva scan` with its default settings."""
        if not keep_state:
            shutil.rmtree(self.state, ignore_errors=True)
        command = [
            str(BIN / "oreva"), "scan", ".", "--format=json", f"--jobs={self.jobs}", f"--state-dir={self.state}",
            "--fail-on=none", "--quiet",
        ]  # fmt: skip
        return measure(command, self.tree, self.environment, self.folder / "oreva.json")

    def help(self) -> Measured:
        """`oreva --help`."""
        return measure([str(BIN / "oreva"), "--help"], self.tree, self.environment, self.folder / "help.txt")

    def edit(self, rank: float) -> str:
        """Change one Python file: the largest for rank 1, the one in the middle by size for 0.5. Says which."""
        files = sorted(
            (file.stat().st_size, str(file), file) for file in self.tree.rglob("*.py") if file.stat().st_size
        )
        size, _, chosen = files[round(rank * (len(files) - 1))]
        with chosen.open("a") as file:
            file.write("\nimport pickle\npickle.loads(input())\n")
        return f"{size / 1000:.0f} kB"

    def differences(self) -> Detections:
        """What one side reports and the other does not."""
        ids = {loaded.rule.id for loaded in load_rules().rules}
        plain: Detections = Counter()
        for r in json.loads((self.folder / "semgrep.json").read_bytes())["results"]:
            rule = next(rule for rule in suffixes(r["check_id"]) if rule in ids)
            plain["semgrep", rule, r["path"], r["start"]["line"], r["start"]["col"]] += 1
        for r in json.loads((self.folder / "bandit.json").read_bytes())["results"]:
            plain["bandit", r["test_id"], r["filename"].removeprefix("./"), r["line_number"], r["col_offset"] + 1] += 1
        ours: Detections = Counter()
        for finding in json.loads((self.folder / "oreva.json").read_bytes())["findings"]:
            for d in finding["detections"]:
                if d["scanner"] == "bandit" and d.get("suppression"):
                    continue
                ours[d["scanner"], d["rule_id"], d["path"], d["start_line"], d["start_col"]] += 1
        return (plain - ours) + (ours - plain)


def suffixes(dotted: str) -> list[str]:
    """A rule id as Semgrep reports it, without ever more of the path that it puts in front."""
    parts = dotted.split(".")
    return [".".join(parts[start:]) for start in range(len(parts))]


def machine() -> str:
    """What it is measured on, and whether something else is using it."""
    busy = psutil.cpu_percent(interval=2.0)
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in ("semgrep", "bandit", "oreva"))
    lines = [
        f"{versions}, Python {platform.python_version()}",
        f"{platform.machine()}, {os.cpu_count()} processors, {busy:.0f} % busy before the start, load average {load}",
    ]
    if busy > BUSY_PERCENT:
        lines.append("WARNING: other processes are busy; wall times and ratios below are not to be trusted")
    return "\n".join(lines)


def table(lines: dict[str, Measured], by_hand: float | None) -> str:
    """The measurements; ratios to `by_hand` seconds where that is known. `cpu/wall`: processors in use on average."""
    rows = [f"{'':38}{'wall s':>8}{'cpu s':>8}{'cpu/wall':>10}{'peak MB':>9}{'ratio':>8}"]
    for label, measured in lines.items():
        ratio = f"{measured.wall_s / by_hand:8.3f}" if by_hand and label.startswith("oreva scan") else ""
        rows.append(
            f"{label:38}{measured.wall_s:8.2f}{measured.cpu_s:8.2f}{measured.cpu_s / measured.wall_s:10.2f}"
            f"{measured.peak_bytes / 1e6:9.0f}{ratio}"
        )
    return "\n".join(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", default="django", help="a name from requirements/projects.txt")
    parser.add_argument("--rounds", type=int, default=1, help="the best of so many is taken for each line")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--only", choices=("plain", "oreva"), help="one side, to save time")
    options = parser.parse_args()
    lines: dict[str, Measured] = {}

    def best(label: str, run: Callable[[], Measured], rounds: int = options.rounds) -> None:
        lines[label] = min((run() for _ in range(rounds)), key=lambda measured: measured.wall_s)

    print(f"command: python -m benchmarks.scan {' '.join(sys.argv[1:])}".rstrip())
    with tempfile.TemporaryDirectory(prefix="oreva-bench-") as name:
        bench = Bench(options.project, Path(name), options.jobs)
        print(f"{options.project}: {bench.files:,} files, {len(load_rules().rules)} rules, {options.jobs} jobs")
        print(machine(), flush=True)
        differences: Detections | None = None
        if options.only != "oreva":
            best("semgrep scan", bench.semgrep)
            best("bandit -r", bench.bandit)
        if options.only != "plain":
            best("oreva scan, cold", lambda: bench.oreva(keep_state=False))
            differences = None if options.only else bench.differences()
            best("oreva scan, unchanged", lambda: bench.oreva(keep_state=True))
            for what, rank in (("median", 0.5), ("largest", 1.0)):
                size = bench.edit(rank)
                best(f"oreva scan, {what} file ({size}) changed", lambda: bench.oreva(keep_state=True), 1)
            lines["oreva --help"] = min((bench.help() for _ in range(5)), key=lambda measured: measured.cpu_s)
    by_hand = lines["semgrep scan"].wall_s + lines["bandit -r"].wall_s if options.only != "oreva" else None
    print("\n" + table(lines, by_hand))
    if by_hand is not None:
        print(f"\nratio: of the wall time of semgrep and bandit one after the other ({by_hand:.1f} s)")
    if differences is not None:
        print(f"detections that differ: {sum(differences.values())}")
        for difference in list(differences)[:10]:
            print("  ", *difference)


if __name__ == "__main__":
    main()
