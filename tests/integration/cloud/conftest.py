"""The pipeline in AWS, driven stage by stage as the state machine does, on S3, DynamoDB and EventBridge by moto."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tarfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from oreva.cloud import deduplicate, fail, fetch, layout, report, scan, triage
from oreva.cloud.environment import Environment
from oreva.cloud.messages import (
    BatchMessage,
    DeduplicateReceipt,
    FailMessage,
    FetchReceipt,
    ReportReceipt,
    ScanRequest,
    ShardMessage,
    StageMessage,
)
from oreva.cloud.requests import make_request, start
from oreva.cloud.services import Services
from oreva.errors import StoreError
from oreva.models import Source
from oreva.store.dynamodb import create_table
from tests.contract.dynamodb_server import ACCESS, DynamoDbServer


@dataclass
class Cloud:
    """One deployment: a table, a bucket and a bus of its own, and the stages in the order of the state machine."""

    name: str
    """Of table, bucket and bus."""
    services: Services
    queue_url: str
    lost: set[int] = field(default_factory=set)
    """Numbers of shards whose function dies."""
    shards: list[ShardMessage] = field(default_factory=list)
    """Of the last scan."""
    counted: list[dict[str, float]] = field(default_factory=list)
    """What Triage has counted."""

    def upload(self, files: Mapping[str, bytes], repository: str = "shop", **more: Any) -> ScanRequest:
        """Upload an archive of these files and ask for a scan of it."""
        return self.upload_archive(archive(files), repository, **more)

    def upload_archive(self, body: bytes, repository: str = "shop", **more: Any) -> ScanRequest:
        upload_id = uuid.uuid4().hex
        self.services.artifacts.put(layout.upload(upload_id), body)
        source = Source(provider="archive", repository=repository)
        request = make_request(source, trigger="manual", requested_by="user:ada", **more)
        request = request.model_copy(update={"upload_id": upload_id})
        start(request, self.services)
        return request

    def scanning(self, request: ScanRequest) -> FetchReceipt:
        """Fetch, then every shard: `shards.json` is read as the Distributed Map reads it."""
        receipt = fetch.run(StageMessage(request=request), self.services)
        items = json.loads(self.services.artifacts.get(receipt.shards_key))
        self.shards = [ShardMessage.model_validate(item) for item in items]
        for item in self.shards:
            if item.shard not in self.lost:
                with contextlib.suppress(StoreError):  # the map tolerates what fails for good
                    scan.run(item, self.without_rights)
        return receipt

    @property
    def without_rights(self) -> Services:
        """What Scan has: it knows of no bucket, table or bus."""
        nothing = {"table": None, "bucket": None, "bus": None, "secret": None}
        return Services(self.services.settings.model_copy(update=nothing))

    def analyzing(self, request: ScanRequest) -> DeduplicateReceipt:
        receipt = deduplicate.run(StageMessage(request=request), self.services)
        for number in receipt.batches:
            message = BatchMessage(request=request, batch=number)
            triage.run(message, self.services, count=lambda measures: self.counted.append(dict(measures)))
        return receipt

    def reporting(self, request: ScanRequest) -> ReportReceipt:
        return report.run(StageMessage(request=request), self.services)

    def run(self, request: ScanRequest) -> ReportReceipt:
        """All stages; an error goes to Fail, as the state machine's catches do, and then to the caller."""
        try:
            self.scanning(request)
            self.analyzing(request)
            return self.reporting(request)
        except Exception as error:
            cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": ["x"]})
            fail.run(FailMessage(request=request, error=type(error).__name__, cause=cause), self.services)
            raise

    def report(self, request: ScanRequest) -> dict[str, Any]:
        return json.loads(self.services.artifacts.get(layout.report(request.scan_id, "json")))

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Type and detail of the events since the last call."""
        client = boto3.client("sqs")
        found: list[tuple[str, dict[str, Any]]] = []
        while messages := client.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                event = json.loads(message["Body"])
                found.append((event["detail-type"], event["detail"]))
                client.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return found


def archive(files: Mapping[str, bytes], top: str = "") -> bytes:
    """A tar.gz of these files."""
    body = io.BytesIO()
    with gzip.GzipFile(fileobj=body, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for path, content in files.items():
            info = tarfile.TarInfo(top + path)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return body.getvalue()


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a directory."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="session")
def aws(dynamodb_server: DynamoDbServer) -> Iterator[str]:
    """moto's S3, EventBridge and SQS on a port, and DynamoDB on another; the address of the first."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb_server.url)
        patch.setenv("AWS_REGION", ACCESS["region_name"])
        patch.setenv("AWS_DEFAULT_REGION", ACCESS["region_name"])
        patch.setenv("AWS_ACCESS_KEY_ID", ACCESS["aws_access_key_id"])
        patch.setenv("AWS_SECRET_ACCESS_KEY", ACCESS["aws_secret_access_key"])
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def cloud(aws: str) -> Callable[..., Cloud]:
    """A new deployment; keywords are settings."""

    def deploy(**settings: Any) -> Cloud:
        name = f"oreva-{uuid.uuid4().hex[:12]}"
        region = {"LocationConstraint": ACCESS["region_name"]}
        boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=region)
        create_table(boto3.client("dynamodb"), name)
        events = boto3.client("events")
        events.create_event_bus(Name=name)
        queues = boto3.client("sqs")
        url = queues.create_queue(QueueName=name)["QueueUrl"]
        arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        pattern = json.dumps({"source": ["oreva"]})
        events.put_rule(Name=name, EventBusName=name, EventPattern=pattern)
        events.put_targets(Rule=name, EventBusName=name, Targets=[{"Id": "all", "Arn": arn}])
        values = {"table": name, "bucket": name, "bus": name, "triage": "heuristic", **settings}
        return Cloud(name, Services(Environment.model_validate(values)), url)

    return deploy
