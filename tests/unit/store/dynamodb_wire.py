"""Watching and disturbing what a client says to DynamoDB, by botocore's own events."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSResponse

from oreva.models import Verdict

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")


class Crash(BaseException):
    """The process is gone: nothing catches this."""


def make_verdict(**fields: Any) -> Verdict:
    """A verdict with plain values where a test does not care."""
    moment = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    values = {"assessment": "uncertain", "confidence": 0.5, "rationale": "r", "triaged_by": "bedrock", "at": moment}
    return Verdict.model_validate(values | fields)


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Any:
        yield self._body


def raw_body(answer: dict[str, Any]) -> Any:
    """The body of a response as botocore reads it."""
    return _Raw(json.dumps(answer).encode())


def refusal(code: str, **fields: Any) -> AWSResponse:
    """The answer DynamoDB gives with an error."""
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "because", **fields}
    status = 500 if code == "InternalServerError" else 400
    return AWSResponse("http://localhost/", status, {}, raw_body(body))


class Calls:
    """Every call of a client, in order, and what happens before each."""

    def __init__(self, client: Any, before: Callable[[int, str], None] | None = None) -> None:
        self.names: list[str] = []
        self.params: list[dict[str, Any]] = []
        self._before = before
        client.meta.events.register("provide-client-params.dynamodb", self._called)

    def _called(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if self._before is not None:
            self._before(len(self.names), model.name)
        self.names.append(model.name)
        self.params.append(params)

    def clear(self) -> None:
        self.names.clear()
        self.params.clear()

    @property
    def writes(self) -> list[dict[str, Any]]:
        return [params for name, params in zip(self.names, self.params, strict=True) if name in WRITES]

    @property
    def items_written(self) -> int:
        total = 0
        for params in self.writes:
            batch = sum(len(requests) for requests in params.get("RequestItems", {}).values())
            total += len(params.get("TransactItems", [])) + batch + ("Item" in params)
        return total


def answer_with(client: Any, operation: str, answers: list[Any]) -> None:
    """The next calls of an operation get these answers instead of real ones; None lets a call through."""

    def answer(request: Any, **_: Any) -> Any:
        given = answers.pop(0) if answers else None
        return given(request) if callable(given) else given

    client.meta.events.register(f"before-send.dynamodb.{operation}", answer)
