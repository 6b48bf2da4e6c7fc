"""Real projects from the package registry, and what the plain programs say of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECTS = Path(os.environ.get("OREVA_PROJECTS", REPOSITORY / ".cache" / "projects"))


@pytest.fixture(scope="session")
def project_folder() -> Path:
    """The folder with the unpacked projects; fetched if they are not there."""
    command = [sys.executable, str(REPOSITORY / ".ci" / "fetch-projects"), str(PROJECTS), "flask", "jpype1", "fava"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return PROJECTS
