"""Fail: a scan that could not be done is marked as failed, and said to be; no finding is closed by it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from oreva.cloud import check, layout
from oreva.cloud.messages import (
    SCAN_FAILED,
    Ending,
    ExecutionEnded,
    FailMessage,
    FailReceipt,
    ScanFailed,
    StageMessage,
)
from oreva.cloud.requests import running
from oreva.cloud.services import Services
from oreva.models import Model, ScanState, utc_now
from oreva.sources.display import shown

CAUSE_CHARACTERS = 1_000
_TIMED_OUT = "a stage took longer than it may"
_CAUSES = {"States.Timeout": _TIMED_OUT, "Sandbox.Timedout": _TIMED_OUT, "States.HeartbeatTimeout": _TIMED_OUT}
_ENDED = (ScanState.COMPLETED, ScanState.SUPERSEDED)
_ENDINGS: Mapping[Ending, str] = {
    "FAILED": "the pipeline failed and could not record why; see the execution",
    "TIMED_OUT": "the scan took longer than a scan may",
    "ABORTED": "the execution was stopped",
}
"""How an execution ends without a report, to what is said of it where AWS gives no cause."""


class Said(Model):
    """Kept once it is said that a scan has failed."""

    cause: str


def message_of(event: Mapping[str, object]) -> FailMessage:
    """What Fail is to record: the state machine's own message, or `detail` of the event that its execution has ended.

    Raises `ValidationError` for anything else.
    """
    if "status" not in event:
        return FailMessage.model_validate(event)
    ended = ExecutionEnded.model_validate(event)
    return FailMessage(
        request=StageMessage.model_validate_json(ended.input).request,
        error=ended.error or f"Execution.{ended.status}",
        cause=ended.cause or _ENDINGS[ended.status],
        last_resort=True,
    )


def run(message: FailMessage, services: Services) -> FailReceipt:
    """Mark the scan as failed and say so. Raises `StoreError` if the store, the bucket or the bus cannot be used."""
    request = message.request
    cause = cause_of(message.error, message.cause)
    known = services.store.scan(request.source.key, request.scan_id) or running(request)
    if message.last_resort and services.artifacts.find(layout.published(request.scan_id)) is not None:
        return FailReceipt(scan_id=request.scan_id, cause=cause)  # stopped after its report was out: nothing has failed
    if message.last_resort and known.state is ScanState.FAILED:
        cause = known.cause or cause
    elif known.state not in _ENDED:  # what Report has written stands: only telling others of it has failed
        elapsed = max(0.0, (utc_now() - request.requested_at).total_seconds())
        update = {"state": ScanState.FAILED, "stage": "", "cause": cause, "duration_s": round(elapsed, 3)}
        services.store.put_scan(request.source.key, known.model_copy(update=update))
    measures: Mapping[str, float] = {}
    if services.artifacts.find(layout.failed(request.scan_id)) is None:
        request = request.model_copy(update={"source": known.source})
        check.failed(request, services, cause)
        detail = ScanFailed(
            scan_id=request.scan_id,
            source=known.source,
            trigger=request.trigger,
            error=shown(message.error, 200),
            cause=cause,
        )
        services.bus.publish([(SCAN_FAILED, detail)])
        services.artifacts.put_model(layout.failed(request.scan_id), Said(cause=cause))
        measures = {"ScansFailed": 1}
    return FailReceipt(scan_id=request.scan_id, cause=cause, measures=measures)


def cause_of(error: str, cause: str) -> str:
    """What went wrong in one line for people, from what Step Functions says: never a stack trace.

    A function's error comes as JSON with `errorMessage`, `errorType` and `stackTrace`.
    """
    text = _CAUSES.get(error, "")
    if not text:
        try:
            told = json.loads(cause)
        except ValueError:
            told = None
        text = str(told.get("errorMessage") or "") if isinstance(told, dict) else cause
        if "Task timed out after" in text:
            text = _TIMED_OUT
    line = " ".join(text.split())
    return shown(line or f"the pipeline ended with {error}", CAUSE_CHARACTERS)
