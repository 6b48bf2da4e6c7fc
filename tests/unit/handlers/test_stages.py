"""The functions of the stages as Lambda calls them: event in, receipt out, logs and metrics on standard output."""

from __future__ import annotations

import importlib
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from oreva.cloud import deduplicate, fail, fetch, report, scan, triage
from oreva.cloud.messages import (
    DeduplicateReceipt,
    FailReceipt,
    FetchReceipt,
    ReportReceipt,
    ShardReceipt,
    TriageReceipt,
)
from oreva.cloud.requests import make_request
from oreva.errors import ConfigError, ThrottledError
from oreva.models import Source

REQUEST = make_request(Source(provider="archive", repository="shop"), trigger="manual", requested_by="user:ada")
STAGE = {"request": REQUEST.model_dump(mode="json")}
ADDRESSES = {f"{name}_address": f"https://s3/{name}?X-Amz-Signature=abc" for name in ("settings", "shard", "result")}
SHARD = {"scan_id": REQUEST.scan_id, "shard": 3, "files": 2, "bytes": 10, **ADDRESSES}
ID = REQUEST.scan_id
CALLS = [
    ("fetch", fetch, STAGE, FetchReceipt(shards=1, files=2, cached=3, shards_key="k")),
    ("scan", scan, SHARD, ShardReceipt(scan_id=ID, shard=3, detections=1, gaps=0)),
    ("deduplicate", deduplicate, STAGE, DeduplicateReceipt(findings=1, batches=(0,))),
    ("triage", triage, {**STAGE, "batch": 0}, TriageReceipt(batch=0, verdicts=1, untriaged=0)),
    (
        "report",
        report,
        STAGE,
        ReportReceipt(
            scan_id=ID,
            state="completed",
            findings=1,
            new=1,
            fixed=0,
            gaps=0,
            measures={"Files": 2, "ModelCostOfScan": 0.5},
        ),
    ),
    (
        "fail",
        fail,
        {**STAGE, "error": "SourceError", "cause": "no"},
        FailReceipt(scan_id=ID, cause="no", measures={"ScansFailed": 1}),
    ),
]
SPENT = {"ModelCalls": 1.0, "ModelTokens": 30.0, "ModelCost": 0.5}
"""What Triage counts while it runs."""
CONTEXT = SimpleNamespace(
    function_name="oreva-x",
    memory_limit_in_mb=128,
    invoked_function_arn="arn:aws:lambda:eu-central-1:1:function:oreva-x",
    aws_request_id="r",
    get_remaining_time_in_millis=lambda: 30_000,
)


@pytest.fixture
def load(monkeypatch) -> Callable[..., ModuleType]:
    """Import a handler anew, as a cold start does; keywords are settings in place of the usual ones."""

    def start(name: str, **settings: str) -> ModuleType:
        usual = {"OREVA_TABLE": "t", "OREVA_BUCKET": "b", "OREVA_BUS": "e", "POWERTOOLS_SERVICE_NAME": "oreva",
                 "POWERTOOLS_METRICS_NAMESPACE": "Oreva"}  # fmt: skip
        for variable, value in {**usual, **settings}.items():
            monkeypatch.setenv(variable, value)
        log = logging.getLogger("oreva")  # configured once per process, for the standard output of then
        for mark in ("init", "powertools_handler"):
            monkeypatch.delattr(log, mark, raising=False)
        monkeypatch.setattr(log, "handlers", [])
        for module in (f"handlers.{name}", "handlers.runtime"):
            monkeypatch.delitem(sys.modules, module, raising=False)
        return importlib.import_module(f"handlers.{name}")

    return start


@pytest.mark.parametrize(("name", "stage", "event", "receipt"), CALLS, ids=[call[0] for call in CALLS])
def test_event_in_receipt_out(load, monkeypatch, capsys, name, stage, event, receipt) -> None:
    seen: list[Any] = []

    def run(message: Any, services: Any, remaining_s: float | None = None, count: Any = None) -> Any:
        if count is not None:
            count(SPENT)
        seen.extend([message.model_dump(mode="json"), services.settings.bucket, remaining_s])
        return receipt

    monkeypatch.setattr(stage, "run", run)
    answer = load(name).handler(event, CONTEXT)
    json.dumps(answer)
    assert answer == receipt.model_dump(mode="json")
    assert seen == [event, "b", 30.0 if name in ("scan", "triage") else None]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (logged,) = [line for line in lines if "level" in line]
    assert (logged["service"], logged["correlation_id"]) == ("oreva", ID)
    metrics = [line for line in lines if "_aws" in line]
    measures = SPENT if name == "triage" else getattr(receipt, "measures", {})
    assert len(metrics) == bool(measures)
    for line in metrics:
        (told,) = line["_aws"]["CloudWatchMetrics"]
        assert (told["Namespace"], told["Dimensions"]) == ("Oreva", [["service"]])
        assert {metric["Name"] for metric in told["Metrics"]} == set(measures)
        assert {name: line[name] for name in measures} == {name: [value] for name, value in measures.items()}


@pytest.mark.parametrize(("name", "stage", "event", "receipt"), CALLS, ids=[call[0] for call in CALLS])
def test_an_event_that_is_wrong_is_refused(load, name, stage, event, receipt) -> None:
    with pytest.raises(ValidationError):
        load(name).handler({**event, "more": 1}, CONTEXT)


def test_errors_keep_their_class_for_the_state_machine(load, monkeypatch) -> None:
    def run(*_: Any) -> Any:
        raise ThrottledError("slow down")

    monkeypatch.setattr(fetch, "run", run)
    with pytest.raises(ThrottledError, match="slow down"):
        load("fetch").handler(STAGE, CONTEXT)


@pytest.mark.parametrize(
    ("name", "missing"),
    [("fetch", "TABLE"), ("fetch", "BUCKET"), ("deduplicate", "TABLE"), ("triage", "BUCKET"), ("report", "BUS"),
     ("fail", "BUS")],
)  # fmt: skip
def test_a_missing_setting_ends_the_cold_start(load, name, missing) -> None:
    with pytest.raises(ConfigError, match=f"OREVA_{missing} not set"):
        load(name, **{f"OREVA_{missing}": ""})


def test_no_client_is_made_at_import() -> None:
    code = (
        "import sys\n"
        "from handlers import deduplicate, fail, fetch, report, scan, triage\n"
        "print([name for name in ('boto3', 'bandit', 'jinja2') if name in sys.modules])"
    )
    environment = {"OREVA_TABLE": "t", "OREVA_BUCKET": "b", "OREVA_BUS": "e", "PATH": "/usr/bin"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout == "[]\n", done.stderr
