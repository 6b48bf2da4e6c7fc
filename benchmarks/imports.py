"""How long each Lambda function takes to import, which every cold start pays: `python -m benchmarks.imports`.

Each handler is imported in fresh processes, with its compiled files in place; the median counts. What Python itself
takes to start is measured beside it and not included.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {"OREVA_TABLE": "table", "OREVA_BUCKET": "bucket", "OREVA_BUS": "bus", "OREVA_SECRET": "secret"}
_KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=7, help="fresh processes per handler")
    runs = parser.parse_args().runs
    names = sorted(path.stem for path in (ROOT / "handlers").glob("*.py") if path.stem not in ("__init__", "runtime"))
    bare = _median("pass", runs)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, median of {runs} fresh processes")
    print(f"Python alone starts in {bare * 1000:.0f} ms\n")
    print("| function | import | modules | boto3 at import |")
    print("| :-- | --: | --: | :-- |")
    for name in names:
        code = f"import handlers.{name}"
        seconds = _median(code, runs) - bare
        told = _run(f"{code}\nimport sys\nprint(len(sys.modules), 'boto3' in sys.modules)").split()
        print(f"| {name} | {seconds * 1000:.0f} ms | {told[0]} | {'yes' if told[1] == 'True' else 'no'} |")


def _median(code: str, runs: int) -> float:
    """Seconds that a fresh process takes with this code."""
    _run(code)  # compiles what is not compiled yet
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        _run(code)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _run(code: str) -> str:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | SETTINGS
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
