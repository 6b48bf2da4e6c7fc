"""The Python rules of the pack alone on the Python files of Django's package: Oreva beside the plain `semgrep`.

    python -m benchmarks.python_rules

Both sides get the same rules (the plain side as YAML, as a person would give them) and the same files; Bandit runs on
neither. The detections of both sides are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.scan import BIN, Bench, Detections, Measured, machine, measure, suffixes, table
from oreva.rules.load import load_rules, rule_files


class PythonRules(Bench):
    """The package `django` without its tests, and `rules/python`."""

    def __init__(self, folder: Path, jobs: int) -> None:
        super().__init__("django", folder, jobs)
        for path in self.tree.iterdir():
            if path.name != "django":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.lines = 0
        for path in [path for path in self.tree.rglob("*") if path.is_file()]:
            if path.suffix == ".py":
                self.lines += path.read_bytes().count(b"\n")
            else:
                path.unlink()
        for path in self.rules.iterdir():
            if path.name != "python":
                shutil.rmtree(path)
        self.config = folder / "oreva.yml"
        self.config.write_text("builtin_rules: false\nrules: [rules]\nscanners: [semgrep]\n")
        self.rule_ids = {loaded.rule.id for loaded in load_rules([self.rules], builtin=False).rules}

    def oreva(self, *, keep_state: bool = False) -> Measured:
        """`oreva scan` with these rules and Semgrep only."""
        if not keep_state:
            shutil.rmtree(self.state, ignore_errors=True)
        command = [
            str(BIN / "oreva"), "scan", ".", "--format=json", f"--jobs={self.jobs}", f"--state-dir={self.state}",
            f"--config={self.config}", "--fail-on=none", "--quiet",
        ]  # fmt: skip
        return measure(command, self.tree, self.environment, self.folder / "oreva.json")

    def differences(self) -> Detections:
        """What one side reports and the other does not."""
        plain: Detections = Counter()
        for r in json.loads((self.folder / "semgrep.json").read_bytes())["results"]:
            rule = next(rule for rule in suffixes(r["check_id"]) if rule in self.rule_ids)
            plain["semgrep", rule, r["path"], r["start"]["line"], r["start"]["col"]] += 1
        ours: Detections = Counter()
        for finding in json.loads((self.folder / "oreva.json").read_bytes())["findings"]:
            for d in finding["detections"]:
                ours[d["scanner"], d["rule_id"], d["path"], d["start_line"], d["start_col"]] += 1
        return (plain - ours) + (ours - plain)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    print(f"command: python -m benchmarks.python_rules {' '.join(sys.argv[1:])}".rstrip())
    with tempfile.TemporaryDirectory(prefix="oreva-bench-") as name:
        bench = PythonRules(Path(name), options.jobs)
        files = len(list(bench.tree.rglob("*.py")))
        print(
            f"django/: {files:,} Python files, {bench.lines:,} lines, {len(list(rule_files(bench.rules)))} rule files"
        )
        print(machine(), flush=True)
        plain = bench.semgrep()
        ours = bench.oreva()
        differences = bench.differences()
        reported = len(json.loads((bench.folder / "semgrep.json").read_bytes())["results"])
    print("\n" + table({"semgrep scan": plain, "oreva scan, cold": ours}, plain.wall_s))
    print(f"\nratio: of the wall time of semgrep ({plain.wall_s:.1f} s)")
    print(f"detections: {reported} reported, {sum(differences.values())} differ")


if __name__ == "__main__":
    main()
