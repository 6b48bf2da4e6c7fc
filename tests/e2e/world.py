"""The deployment under test, and what a user, GitHub and an auditor do with it."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import io
import json
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from oreva.cloud import layout
from oreva.local.function import REGION
from oreva.local.host import Invoked
from oreva.local.stack import LocalStack
from oreva.models import Finding
from oreva.store.dynamodb import DynamoDbStore
from tests.doubles.github_api import GitHubApi

PATIENCE_S = 240.0
Files = Mapping[str, bytes | str]


@dataclass
class Hooks:
    """What is done when a function has ended, before anybody is told: a fault can be put there exactly."""

    after: dict[str, Callable[[dict[str, Any]], None]] = field(default_factory=dict)
    """Function without the stack's name, to what is done with the event it was given."""
    sizes: list[tuple[str, int]] = field(default_factory=list)
    """Function, and bytes of the larger of event and answer, of every invocation so far."""

    def __call__(self, invoked: Invoked) -> None:
        name = invoked.function.rpartition("-")[2]
        self.sizes.append((name, max(len(invoked.payload), len(invoked.outcome.payload))))
        action = self.after.get(name)
        if action is not None:
            action(json.loads(invoked.payload))


@dataclass
class Execution:
    """One finished run of the state machine."""

    arn: str
    status: str
    error: str
    cause: str
    output: Any


class World:
    """The stack, its API as a signed user sees it, and its events as they go by."""

    def __init__(self, stack: LocalStack, github: GitHubApi, hooks: Hooks) -> None:
        self.stack, self.github, self.hooks = stack, github, hooks
        self._sqs = stack.client("sqs")
        self._events: list[dict[str, Any]] = []
        self._queue = self._listen()
        self._arns: dict[str, list[str]] = {}

    def api(self, method: str, path: str, body: object = None, *, signed: bool = True) -> tuple[int, Any]:
        """One request to the API; status and document."""
        url = f"{self.stack.deployed.api_url}/v1/{path}"
        data = None if body is None else json.dumps(body).encode()
        request = AWSRequest(method, url, data=data, headers={"Content-Type": "application/json"})
        if signed:
            SigV4Auth(Credentials("test", "test"), "execute-api", REGION).add_auth(request)
        return send(method, url, data, dict(request.headers))

    def upload(self, repository: str, archive: bytes) -> str:
        """Ask for a place for an archive, put it there, and return the id."""
        status, ticket = self.api("POST", "uploads", {"repository": repository, "bytes": len(archive)})
        assert status < 300, ticket
        request = urllib.request.Request(ticket["url"], data=archive, headers=ticket["headers"], method="PUT")
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200
        return ticket["upload_id"]

    def start(self, repository: str, archive: bytes) -> str:
        """Start a scan of an archive; returns its id."""
        body = {"repository": repository, "upload_id": self.upload(repository, archive)}
        status, scan = self.api("POST", "scans", body)
        assert status == 202, scan
        return scan["scan_id"]

    def scan(self, repository: str, files: Files) -> str:
        """Scan these files to the end; returns the id of the scan, which must have succeeded."""
        scan_id = self.start(repository, pack(files))
        ended = self.wait(scan_id)
        assert ended.status == "SUCCEEDED", ended
        return scan_id

    def wait(self, scan_id: str, number: int = 1) -> Execution:
        """Wait for the end of the first (or a later) execution of a scan."""
        states = self.stack.client("stepfunctions")
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            arns = self.executions(scan_id)
            if len(arns) >= number:
                found = states.describe_execution(executionArn=arns[number - 1])
                if found["status"] != "RUNNING":
                    output = json.loads(found["output"]) if found["status"] == "SUCCEEDED" else None
                    return Execution(
                        arns[number - 1], found["status"], found.get("error", ""), found.get("cause", ""), output
                    )
            time.sleep(0.1)
        raise AssertionError(f"scan {scan_id} did not end within {PATIENCE_S:g} s")

    def executions(self, scan_id: str) -> list[str]:
        """ARNs of the executions of a scan, the oldest first."""
        states = self.stack.client("stepfunctions")
        listed = states.list_executions(stateMachineArn=self.stack.deployed.state_machine)["executions"]
        known = {arn for arns in self._arns.values() for arn in arns}
        for each in sorted(listed, key=lambda each: each["startDate"]):
            arn = each["executionArn"]
            if arn not in known:
                given = json.loads(states.describe_execution(executionArn=arn)["input"])
                self._arns.setdefault(given["request"]["scan_id"], []).append(arn)
        return self._arns.get(scan_id, [])

    def events(self, scan_id: str, kind: str, at_least: int = 1) -> list[dict[str, Any]]:
        """The details of the events of a scan on the bus, once there are so many."""
        deadline = time.monotonic() + 15
        while True:
            found = [
                each["detail"]
                for each in self._events
                if each["detail-type"] == kind and each["detail"]["scan_id"] == scan_id
            ]
            if len(found) >= at_least and not self._receive(wait_s=0):
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} events {kind!r} of scan {scan_id}, expected {at_least}")
            self._receive(wait_s=1)

    def findings(self, repository: str) -> list[Finding]:
        """What the table holds of a repository (`archive/name` or `github/owner/name`)."""
        return list(self.store().findings(repository))

    def store(self) -> DynamoDbStore:
        """The table."""
        return DynamoDbStore(self.stack.deployed.table, self.stack.client("dynamodb"))

    def items(self, partition: str, prefix: str) -> list[dict[str, Any]]:
        """The raw items of a partition."""
        pages = (
            self.stack.client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.stack.deployed.table,
                KeyConditionExpression="PK = :pk AND begins_with(SK, :sk)",
                ExpressionAttributeValues={":pk": {"S": partition}, ":sk": {"S": prefix}},
                ConsistentRead=True,
            )
        )
        return [item for page in pages for item in page["Items"]]

    def report(self, scan_id: str, report_format: layout.ReportFormat = "json") -> Any:
        """A JSON or SARIF report, from the bucket."""
        return json.loads(self.artifact(layout.report(scan_id, report_format)))

    def artifact(self, key: str) -> bytes:
        """One object of the bucket, unpacked."""
        body = self.stack.client("s3").get_object(Bucket=self.stack.deployed.bucket, Key=key)["Body"].read()
        return gzip.decompress(body) if key.endswith(".gz") else body

    def delete(self, key: str) -> None:
        """Lose one object of the bucket."""
        self.stack.client("s3").delete_object(Bucket=self.stack.deployed.bucket, Key=key)

    def keys(self, prefix: str) -> list[str]:
        """What lies in the bucket below a prefix."""
        pages = self.stack.client("s3").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.stack.deployed.bucket, Prefix=prefix)
        return [each["Key"] for page in found for each in page.get("Contents", [])]

    def deliver(self, event: str, payload: object, delivery: str, secret: str | None = None) -> tuple[int, Any]:
        """A webhook of GitHub, signed with the deployment's secret or another one."""
        body = json.dumps(payload).encode()
        key = secret or self.stack.secret["webhook_secret"]
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest(),
        }
        return send("POST", f"{self.stack.deployed.api_url}/v1/webhooks/github", body, headers)

    @contextmanager
    def limited(self, function: str, **limits: float) -> Iterator[None]:
        """Run a function under other limits than those that are deployed."""
        (deployed,) = (each for each in self.stack.deployed.functions if each.name.endswith(f"-{function}"))
        self.stack.host.serve([replace(deployed, **limits)])
        try:
            yield
        finally:
            self.stack.host.serve([deployed])

    @contextmanager
    def hooked(self, function: str, action: Callable[[dict[str, Any]], None]) -> Iterator[None]:
        """Do something each time that a function has ended."""
        self.hooks.after[function] = action
        try:
            yield
        finally:
            del self.hooks.after[function]

    def _listen(self) -> str:
        """A queue that gets everything that Oreva says on its bus."""
        queue = self._sqs.create_queue(QueueName="seen")["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events, bus = self.stack.client("events"), self.stack.deployed.bus
        events.put_rule(Name="seen", EventBusName=bus, EventPattern=json.dumps({"source": ["oreva"]}))
        events.put_targets(Rule="seen", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
        return queue

    def _receive(self, wait_s: int) -> int:
        answer = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, WaitTimeSeconds=wait_s)
        messages = answer.get("Messages", [])
        for message in messages:
            self._events.append(json.loads(message["Body"]))
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return len(messages)


def pack(files: Files) -> bytes:
    """The files as an archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as tar:
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def send(method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> tuple[int, Any]:
    """One request; status, and the answer as a document where it is one."""
    request = urllib.request.Request(url, data=data, headers=dict(headers), method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    try:
        return status, json.loads(body)
    except ValueError:
        return status, body
