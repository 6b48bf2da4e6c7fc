"""The function Fail: told by the state machine, or by the event that an execution has ended."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from pydantic import ValidationError

from oreva.cloud import layout
from oreva.cloud.messages import ScanRequest
from oreva.cloud.report import Published
from oreva.cloud.requests import make_request, running
from oreva.models import Scan, ScanState, Source
from oreva.store.dynamodb_keys import create_table
from tests.unit.cloud.bucket import account

CONTEXT = SimpleNamespace(
    function_name="oreva-fail",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:oreva-fail",
    aws_request_id="11111111-2222-3333-4444-555555555555",
)
SOURCE = Source(provider="archive", repository="shop")


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The handler's module as a new function instance has it, in an account with table, bucket and bus."""
    for name, value in {
        "OREVA_TABLE": "findings",
        "OREVA_BUCKET": "artifacts",
        "OREVA_BUS": "bus",
        "POWERTOOLS_SERVICE_NAME": "oreva-two",
        "POWERTOOLS_METRICS_NAMESPACE": "Oreva",
    }.items():
        monkeypatch.setenv(name, value)
    with account():
        create_table(boto3.client("dynamodb"), "findings")
        for name in ("handlers.fail", "handlers.runtime"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        yield importlib.import_module("handlers.fail")
        for name in ("handlers.fail", "handlers.runtime"):
            sys.modules.pop(name, None)


def ended(request: ScanRequest, status: str, **more: Any) -> dict[str, Any]:
    """`detail` of `Step Functions Execution Status Change`, with every field that AWS documents."""
    arn = "arn:aws:states:eu-central-1:123456789012"
    return {
        "executionArn": f"{arn}:execution:oreva-pipeline:5c1f1d6c-0001",
        "stateMachineArn": f"{arn}:stateMachine:oreva-pipeline",
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "name": "5c1f1d6c-0001",
        "status": status,
        "startDate": 1_793_698_200_000,
        "stopDate": 1_793_784_600_000,
        "input": json.dumps({"request": request.model_dump(mode="json")}),
        "output": None,
        "inputDetails": {"included": True},
        "outputDetails": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "REDRIVABLE",
        "redriveStatusReason": None,
        "error": None,
        "cause": None,
        **more,
    }


def started(module: ModuleType) -> ScanRequest:
    """A scan that runs."""
    request = make_request(SOURCE, trigger="manual", requested_by="tester")
    module.services.store.put_scan(SOURCE.key, running(request))
    return request


def stored(module: ModuleType, request: ScanRequest) -> Scan:
    scan: Scan | None = module.services.store.scan(SOURCE.key, request.scan_id)
    assert scan is not None
    return scan


@pytest.mark.parametrize(
    ("status", "more", "cause"),
    [
        ("TIMED_OUT", {}, "the scan took longer than a scan may"),
        ("ABORTED", {}, "the execution was stopped"),
        ("ABORTED", {"error": "Operator", "cause": "too dear"}, "too dear"),
        ("FAILED", {}, "the pipeline failed and could not record why; see the execution"),
        ("FAILED", {"error": "StoreError", "cause": '{"errorMessage": "the table is gone"}'}, "the table is gone"),
    ],
)
def test_an_execution_that_ended_is_recorded(
    module: ModuleType, capsys: pytest.CaptureFixture[str], status: str, more: dict[str, str], cause: str
) -> None:
    request = started(module)
    receipt = module.handler(ended(request, status, **more), CONTEXT)
    assert receipt == {"scan_id": request.scan_id, "cause": cause, "measures": {"ScansFailed": 1}}
    scan = stored(module, request)
    assert (scan.state, scan.stage, scan.cause) == (ScanState.FAILED, "", cause)
    assert module.services.artifacts.find(layout.failed(request.scan_id)) is not None
    assert module.logger.get_correlation_id() == request.scan_id
    (metric,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert (metric["service"], metric["ScansFailed"]) == ("oreva-two", [1])


@pytest.mark.parametrize("status", ["FAILED", "ABORTED"])
def test_what_the_state_machine_has_recorded_stands(module: ModuleType, status: str) -> None:
    request = started(module)
    message = {"request": request.model_dump(mode="json"), "error": "SourceError", "cause": "no such commit"}
    assert module.handler(message, CONTEXT)["measures"] == {"ScansFailed": 1}
    recorded = stored(module, request)
    receipt = module.handler(ended(request, status, error="ScanFailed", cause="again"), CONTEXT)
    assert receipt == {"scan_id": request.scan_id, "cause": "no such commit", "measures": {}}
    assert stored(module, request) == recorded


def test_what_the_state_machine_could_not_finish_is_finished(module: ModuleType) -> None:
    """Its own `Fail` had marked the scan and died before it told anybody."""
    request = started(module)
    update = {"state": ScanState.FAILED, "cause": "no such commit"}
    module.services.store.put_scan(SOURCE.key, stored(module, request).model_copy(update=update))
    receipt = module.handler(ended(request, "FAILED"), CONTEXT)
    assert receipt == {"scan_id": request.scan_id, "cause": "no such commit", "measures": {"ScansFailed": 1}}


def test_a_scan_whose_report_is_out_has_not_failed(module: ModuleType) -> None:
    request = started(module)
    done = stored(module, request).model_copy(update={"state": ScanState.COMPLETED})
    module.services.store.put_scan(SOURCE.key, done)
    module.services.artifacts.put_model(layout.published(request.scan_id), Published(events=1))
    assert module.handler(ended(request, "ABORTED"), CONTEXT)["measures"] == {}
    assert stored(module, request) == done
    assert module.services.artifacts.find(layout.failed(request.scan_id)) is None


def test_a_scan_that_nobody_knows_yet_is_recorded_too(module: ModuleType) -> None:
    request = make_request(SOURCE, trigger="manual", requested_by="tester")
    module.handler(ended(request, "ABORTED"), CONTEXT)
    assert stored(module, request).state is ScanState.FAILED


@pytest.mark.parametrize("event", [{}, {"status": "SUCCEEDED", "input": "{}"}, {"status": "ABORTED", "input": "{}"}])
def test_anything_else_is_an_error(module: ModuleType, event: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        module.handler(event, CONTEXT)
