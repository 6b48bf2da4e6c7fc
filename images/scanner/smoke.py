"""Does the scanner image work at all: `docker run --entrypoint python -v .../smoke.py:/smoke.py IMAGE /smoke.py`.

Imports both handlers, lets Semgrep and Bandit find one defect each in a file of its own, and prints the versions.
"""

# ruff: noqa: S101, T201
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, "")
for setting in ("BUCKET", "BUS", "SECRET", "TABLE"):  # checked when a handler is imported
    os.environ[f"OREVA_{setting}"] = "none"
for name in ("fetch", "scan"):
    assert callable(importlib.import_module(f"handlers.{name}").handler)

with tempfile.TemporaryDirectory() as folder:
    Path(folder, "app.py").write_text(
        "import pickle\nfrom flask import request\n\n\ndef load():\n    return pickle.loads(request.data)\n"
    )
    report = Path(folder, "report.json")
    arguments = ["scan", folder, "--format", "json", "--output", str(report), "--fail-on", "none", "--quiet"]
    command = [sys.executable, "-m", "oreva", *arguments, "--state-dir", str(Path(folder, "state"))]
    subprocess.run(command, check=True)
    found = json.loads(report.read_text())
scanners = sorted({detection["scanner"] for finding in found["findings"] for detection in finding["detections"]})
assert scanners == ["bandit", "semgrep"], f"only {scanners} found something"
assert not found["coverage"]["gaps"], found["coverage"]["gaps"]
print(json.dumps({"python": platform.python_version(), **found["scan"]["scanners"]}))
