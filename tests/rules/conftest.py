"""The Semgrep that is installed beside this Python."""

import shutil
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def semgrep() -> Path:
    """The semgrep program of this environment."""
    found = shutil.which("semgrep", path=str(Path(sys.executable).parent)) or shutil.which("semgrep")
    assert found is not None
    return Path(found)
