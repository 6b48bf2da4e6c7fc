"""The AWS account behind the webhook, and payloads that GitHub sent."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from oreva.cloud import webhook
from oreva.cloud.artifacts import Artifacts
from tests.unit.cloud import bucket
from tests.unit.cloud.webhook_world import REGION, ROOT, Aws


@pytest.fixture(scope="module")
def account() -> Iterator[Aws]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "testing")
        for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
            patch.setenv(name, REGION)
        webhook._deliveries.cache_clear()
        with mock_aws():
            yield Aws()
        webhook._deliveries.cache_clear()


@pytest.fixture
def aws(account: Aws) -> Iterator[Aws]:
    account.reset()
    yield account
    account.clean()


@pytest.fixture(scope="session")
def payloads() -> Path:
    """The folder with payloads that GitHub sent, fetched once per virtual environment."""
    command = [sys.executable, str(ROOT / ".ci" / "fetch-payloads"), str(Path(sys.prefix) / "cache")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"the recorded payloads of GitHub are needed for this test: {done.stderr.strip()}")
    return Path(done.stdout.strip())


@pytest.fixture
def artifacts() -> Iterator[Artifacts]:
    """An empty bucket."""
    with bucket.account() as (artifacts, _):
        yield artifacts
