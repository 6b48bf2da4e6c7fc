"""What holds for every test."""

import pytest
from hypothesis import settings

import oreva.environment
import oreva.local.function

settings.register_profile("oreva", deadline=None)  # how busy a machine is says nothing about the code
settings.load_profile("oreva")

MEASURE = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "COVERAGE_FILE")
"""By these, coverage is measured in the workers too that scans of a test start, which see nothing else of it."""
oreva.environment.PASSED_ON += MEASURE
oreva.local.function.PASSED_ON += MEASURE


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Names a case of many bytes by its argument (pytest numbers them).

    The bytes themselves may hold the time of day (gzip), and then the processes of pytest-xdist, which must agree
    on the names, do not.
    """
    return argname if isinstance(val, bytes) and len(val) > 80 else None
