"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import oreva.environment
import oreva.local.function

if TYPE_CHECKING:
    from tests.contract.dynamodb_server import DynamoDbServer

settings.register_profile("oreva", deadline=None)  # how busy a machine is says nothing about the code
settings.load_profile("oreva")

MEASURE = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "COVERAGE_FILE")
"""By these, coverage is measured in the workers too that scans of a test start, which see nothing else of it."""
oreva.environment.PASSED_ON += MEASURE
oreva.local.function.PASSED_ON += MEASURE


@pytest.fixture(scope="session")
def dynamodb_server() -> Iterator[DynamoDbServer]:
    """DynamoDB on a local port, as moto plays it; its tables are there until somebody deletes them."""
    from tests.contract.dynamodb_server import DynamoDbServer  # noqa: PLC0415  (moto takes a second to load)

    with DynamoDbServer() as server:
        yield server


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Names a case of many bytes by its argument (pytest numbers them).

    The bytes themselves may hold the time of day (gzip), and then the processes of pytest-xdist, which must agree
    on the names, do not.
    """
    return argname if isinstance(val, bytes) and len(val) > 80 else None
