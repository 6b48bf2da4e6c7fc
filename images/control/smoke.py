"""Does the control image work at all: `docker run --entrypoint python -v .../smoke.py:/smoke.py IMAGE /smoke.py`.

Imports every handler that runs in it, and prints the versions.
"""

# ruff: noqa: S101, T201
import importlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import sys

sys.path.insert(0, "")
for setting in ("BUCKET", "BUS", "SECRET", "TABLE"):  # checked when a handler is imported
    os.environ[f"OREVA_{setting}"] = "none"
for name in ("webhook", "api", "deduplicate", "triage", "report", "fail"):
    assert callable(importlib.import_module(f"handlers.{name}").handler)
for scanner in ("semgrep", "bandit"):
    assert importlib.util.find_spec(scanner) is None, f"{scanner} has no business in this image"
packages = ("awslambdaric", "aws-lambda-powertools", "boto3", "pydantic")
versions = {package: importlib.metadata.version(package) for package in packages}
print(json.dumps({"python": platform.python_version(), **versions}))
