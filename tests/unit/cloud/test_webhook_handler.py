"""The webhook function as Lambda runs it: the image's module in a process of its own, events of API Gateway."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SECRET = "a secret that must not be seen"
MODULE = """
import json, sys
import boto3
from moto import mock_aws
from oreva.store.dynamodb_keys import create_table


class Context:
    function_name = "oreva-webhook"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:oreva-webhook"
    aws_request_id = "11111111-2222-3333-4444-555555555555"

    def get_remaining_time_in_millis(self):
        return 9000


given = json.load(sys.stdin)
with mock_aws():
    where = {"LocationConstraint": "eu-central-1"}
    boto3.client("s3").create_bucket(Bucket="artifacts", CreateBucketConfiguration=where)
    boto3.client("events").create_event_bus(Name="bus")
    boto3.client("secretsmanager").create_secret(Name="github", SecretString=json.dumps(given["secret"]))
    create_table(boto3.client("dynamodb"), "findings")
    from handlers.webhook import handler

    answers = [handler(event, Context()) for event in given["events"]]
print("ANSWERS", json.dumps(answers))
"""


def event(body: bytes, *, encoded: bool = False, **headers: str) -> dict[str, Any]:
    """What API Gateway's HTTP API hands to the function."""
    path = "/v1/webhooks/github"
    sent = {"content-type": "application/json", "x-github-event": "push", "x-github-delivery": "d-1"}
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": sent | {name.replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {
            "accountId": "123456789012",
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "G"},
            "requestId": "request-1",
            "routeKey": f"POST {path}",
            "stage": "$default",
            "time": "03/Nov/2026:09:30:00 +0000",
            "timeEpoch": 1_793_698_200_000,
        },
        "body": base64.b64encode(body).decode() if encoded else body.decode(),
        "isBase64Encoded": encoded,
    }


def signed(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def invoke(events: list[dict[str, Any]], **variables: str) -> tuple[list[dict[str, Any]], str]:
    """The answers of one function instance, and all it wrote."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
        "POWERTOOLS_SERVICE_NAME": "oreva",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "OREVA_TABLE": "findings",
        "OREVA_BUCKET": "artifacts",
        "OREVA_BUS": "bus",
        "OREVA_SECRET": "github",
        "OREVA_ALLOWED_REPOSITORIES": "acme/*",
    }
    if "COVERAGE_PROCESS_CONFIG" in os.environ:
        environment["COVERAGE_PROCESS_CONFIG"] = os.environ["COVERAGE_PROCESS_CONFIG"]
    given = {"secret": {"webhook_secret": SECRET, "token": "t"}, "events": events}
    done = subprocess.run(
        [sys.executable, "-c", MODULE],
        input=json.dumps(given),
        env={name: value for name, value in (environment | variables).items() if value},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    written, _, answers = done.stdout.rpartition("ANSWERS ")
    return json.loads(answers or "[]"), written + done.stderr


@pytest.fixture(scope="module")
def push() -> bytes:
    repository = {"full_name": "acme/shop", "default_branch": "main", "pushed_at": 1_760_000_000}
    message = "umlauts ä and 🙂 must survive"
    payload = {"ref": "refs/heads/main", "before": "b" * 40, "after": "a" * 40, "commits": [{"message": message}]}
    return json.dumps(payload | {"repository": repository}, ensure_ascii=False).encode()


def test_deliveries_are_answered_as_github_expects(push: bytes) -> None:
    answers, written = invoke(
        [
            event(push, X_Hub_Signature_256=signed(push)),
            event(push, encoded=True, x_hub_signature_256=signed(push)),
            event(push, x_hub_signature_256=signed(push + b" ")),
            event(push),
            event(b"{}", x_hub_signature_256=signed(b"{}"), x_github_event="ping"),
        ]
    )
    assert [answer["statusCode"] for answer in answers] == [202, 202, 401, 401, 200]
    first, second, *_, ping = (json.loads(answer["body"]) for answer in answers)
    assert first == second
    assert first["state"] == "accepted"
    assert ping == {"state": "ready"}
    assert all(answer["headers"]["content-type"] == "application/json" for answer in answers)
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if "scan" in str(line.get("message"))]
    assert line["message"] == f"webhook delivery d-1: scan {first['scan_id']} of acme/shop at {'a' * 40}"
    assert line["service"] == "oreva"
    for secret in (SECRET, signed(push), signed(push).removeprefix("sha256="), "umlauts"):
        assert secret not in written


def test_a_function_without_its_settings_does_not_start() -> None:
    answers, written = invoke([], OREVA_SECRET="", OREVA_BUS="")
    assert answers == []
    assert "environment: OREVA_BUS, OREVA_SECRET not set; deploy the stack again" in written
