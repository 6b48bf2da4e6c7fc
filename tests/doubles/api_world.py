"""The API with plain AWS services behind it: S3, DynamoDB, EventBridge and a secret by moto, on a local port."""

from __future__ import annotations

import importlib.util
import json
import os
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest import mock

import boto3
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer

from oreva.cloud.services import Services
from oreva.store.dynamodb import create_table
from tests.doubles.api_gateway import REGION, ApiGateway

ADA = ("AKIDADA", "ada-secret", "ada")
BOB = ("AKIDBOB", "bob-secret", "bob")
TOKEN = "header.claims.signature"


class ApiWorld:
    """Runs while the `with` block does. `extra` are settings of the API beside the names of its services."""

    def __init__(self, github_api: str = "http://127.0.0.1:9", **extra: str) -> None:
        self._extra = {"OREVA_GITHUB_API": github_api, **extra}
        self._stack = ExitStack()
        self.name = f"inside-{uuid.uuid4().hex[:12]}"
        """Of table, bucket, bus, secret and queue; all worlds of one process share moto's memory."""

    def __enter__(self) -> ApiWorld:
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        self._stack.callback(moto.stop)
        host, port = moto.get_host_and_port()
        self.aws_url = f"http://{host}:{port}"
        settings = {
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "POWERTOOLS_SERVICE_NAME": "oreva",
            "POWERTOOLS_METRICS_NAMESPACE": "Oreva",
            "OREVA_TABLE": self.name,
            "OREVA_BUCKET": self.name,
            "OREVA_BUS": self.name,
            "OREVA_SECRET": self.name,
            "OREVA_TRIAGE": "heuristic",
            **self._extra,
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "OREVA_"))}
        self.environment = clean | settings
        with mock.patch.dict(os.environ, self.environment, clear=True):
            self._create()
            self.function = _fresh("handlers.api")
            self.services = Services()
            _ = (self.services.store, self.services.artifacts, self.services.bus)
            services: Services = self.function.services
            _ = (services.store, services.artifacts, services.bus, services.credentials)
        users = {key: (secret, name) for key, secret, name in (ADA, BOB)}
        tokens = {TOKEN: {"sub": "carol", "iss": "https://login.example.org"}}
        self.gateway = self._stack.enter_context(ApiGateway(self.function.handler, users, tokens))
        self.url = self.gateway.url
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _create(self) -> None:
        session = boto3.session.Session()
        session.client("s3").create_bucket(
            Bucket=self.name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        create_table(session.client("dynamodb"), self.name)
        secret = json.dumps({"webhook_secret": "s", "token": "github-token"})
        session.client("secretsmanager").create_secret(Name=self.name, SecretString=secret)
        events, self._sqs = session.client("events"), session.client("sqs")
        events.create_event_bus(Name=self.name)
        self._queue = self._sqs.create_queue(QueueName=self.name)["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:123456789012:{self.name}"
        events.put_rule(Name=self.name, EventBusName=self.name, EventPattern='{"source": ["oreva"]}')
        events.put_targets(Rule=self.name, EventBusName=self.name, Targets=[{"Id": "heard", "Arn": arn}])

    def heard(self) -> list[dict[str, Any]]:
        """The events that were put on the bus since the last call."""
        found: list[dict[str, Any]] = []
        while messages := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    def caller(self, who: tuple[str, str, str] | str = ADA) -> Callable[..., Answer]:
        """Sends requests as this user, or with this token."""

        def send(method: str, path: str, body: Any = None, **headers: str) -> Answer:
            url = self.url + path
            content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
            request = AWSRequest(method, url, data=content, headers={"Content-Type": "application/json", **headers})
            if isinstance(who, str):
                request.headers["Authorization"] = f"Bearer {who}"
            else:
                SigV4Auth(Credentials(who[0], who[1]), "execute-api", REGION).add_auth(request)
            answer = urllib3.request(
                method, url, body=content, headers=dict(request.headers), retries=False, timeout=60
            )
            return Answer(answer.status, dict(answer.headers), answer.data)

        return send


def _fresh(name: str) -> Any:
    """A module as a new process sees it: its own settings and clients, whoever else has imported it."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.status = status
        self.headers = headers
        self.content = content

    @property
    def json(self) -> Any:
        """The body; of an error only if it is a well-formed problem that says nothing of the inside."""
        document = json.loads(self.content)
        if self.status >= 400:
            assert self.headers["Content-Type"] == "application/problem+json"
            assert document["status"] == self.status
            assert "\n" not in document["detail"]
            for inside in ("Traceback", "dynamodb", "DynamoDB", "s3://", "botocore", "pydantic", "inside-", "/site-"):
                assert inside not in self.content.decode()
        return document
