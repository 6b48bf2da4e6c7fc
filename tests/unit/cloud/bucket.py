"""An account with a bucket and a bus, by moto in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import boto3
from moto import mock_aws

from oreva.cloud.artifacts import Artifacts
from oreva.cloud.events import Bus

_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


@contextmanager
def account() -> Iterator[tuple[Artifacts, Bus]]:
    """The bucket and the bus, for as long as the block lasts."""
    with mock.patch.dict(os.environ, _ENVIRONMENT), mock_aws():
        region = {"LocationConstraint": "eu-central-1"}
        boto3.client("s3").create_bucket(Bucket="artifacts", CreateBucketConfiguration=region)
        boto3.client("events").create_event_bus(Name="bus")
        yield Artifacts.open("artifacts"), Bus.open("bus")
