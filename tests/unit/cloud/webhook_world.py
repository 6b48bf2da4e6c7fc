"""Deliveries as GitHub sends them, and the services of AWS that are behind the webhook."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import boto3

from oreva.cloud.environment import environment
from oreva.cloud.messages import ScanRequest
from oreva.cloud.services import Services
from oreva.cloud.webhook import Delivery
from oreva.store.dynamodb import DynamoDbStore
from oreva.store.dynamodb_keys import create_table

ROOT = Path(__file__).resolve().parents[3]
SECRET = "It's a Secret to Everybody"
REGION = "eu-central-1"
HEAD, BASE, ZERO = "a" * 40, "b" * 40, "0" * 40


def push(**changes: Any) -> dict[str, Any]:
    """The parts of a push payload that are read, changed as asked."""
    repository = {"full_name": "acme/shop", "default_branch": "main", "pushed_at": 1_760_000_000}
    payload = {
        "ref": "refs/heads/main",
        "before": BASE,
        "after": HEAD,
        "created": False,
        "deleted": False,
        "forced": False,
        "commits": [{"id": HEAD}],
        "repository": repository | changes.pop("repository", {}),
        "sender": {"login": "ana"},
    }
    return payload | changes


def pull(**changes: Any) -> dict[str, Any]:
    """The parts of a pull request payload that are read: from a fork whose branch is called `main`."""
    base = {"full_name": "acme/shop", "default_branch": "main"}
    payload = {
        "action": "opened",
        "number": 7,
        "pull_request": {
            "head": {"sha": HEAD, "ref": "main", "repo": {"full_name": "mallory/shop", "default_branch": "main"}},
            "base": {"sha": BASE, "ref": "main", "repo": base},
            "updated_at": "2026-10-09T08:53:20Z",
        },
        "repository": base,
        "sender": {"login": "mallory"},
    }
    return payload | changes


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def delivery(payload: object, event: str = "push", name: str = "72d3162e-cc78-11e3", **headers: str) -> Delivery:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    sent = {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": name,
        "x-hub-signature-256": signed(body),
    }
    return Delivery(sent | {key.replace("_", "-"): value for key, value in headers.items()}, body)


class Aws:
    """The services behind the webhook, and what arrived there. Clients are made once: that takes longer than a test."""

    def __init__(self) -> None:
        self.secrets, self.s3, self.dynamodb = (boto3.client(n) for n in ("secretsmanager", "s3", "dynamodb"))
        self.sqs, events = boto3.client("sqs"), boto3.client("events")
        self.s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": REGION})
        events.create_event_bus(Name="bus")
        self.queue = self.sqs.create_queue(QueueName="seen")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name="all", EventBusName="bus", EventPattern='{"source": ["oreva"]}')
        events.put_targets(Rule="all", EventBusName="bus", Targets=[{"Id": "seen", "Arn": arn}])
        self.warm = self.fresh()
        self.clients = {name: getattr(self.warm, name) for name in ("artifacts", "bus")}

    def reset(self) -> None:
        """Everything as in a new deployment, and a function that has just started."""
        self.secrets.create_secret(Name="github", SecretString=json.dumps({"webhook_secret": SECRET, "token": "t"}))
        create_table(self.dynamodb, "findings")
        self.services = self.fresh()
        self.services.__dict__ |= self.clients | {"store": DynamoDbStore("findings", self.dynamodb)}

    def clean(self) -> None:
        """Leave nothing to the next test."""
        self.secrets.delete_secret(SecretId="github", ForceDeleteWithoutRecovery=True)
        with contextlib.suppress(self.dynamodb.exceptions.ResourceNotFoundException):
            self.dynamodb.delete_table(TableName="findings")
        for item in self.s3.list_objects_v2(Bucket="artifacts").get("Contents", []):
            self.s3.delete_object(Bucket="artifacts", Key=item["Key"])
        while self.requested():
            pass

    def fresh(self) -> Services:
        """As after a cold start."""
        variables = {"TABLE": "findings", "BUCKET": "artifacts", "BUS": "bus", "SECRET": "github"}
        return Services(environment({f"OREVA_{name}": value for name, value in variables.items()}))

    def put_secret(self, **fields: str) -> None:
        self.secrets.put_secret_value(SecretId="github", SecretString=json.dumps(fields))

    def requested(self) -> list[ScanRequest]:
        """The events that were put on the bus since the last call."""
        found = []
        for message in self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
            found.append(ScanRequest.model_validate(json.loads(message["Body"])["detail"]))
        return found

    def traces(self) -> int:
        """Items and objects that exist."""
        items = self.dynamodb.scan(TableName="findings")["Count"]
        return items + self.s3.list_objects_v2(Bucket="artifacts")["KeyCount"]
