"""Starting a scan: the request is kept, the scan is recorded as running, and the event is put on the bus."""

from __future__ import annotations

import datetime as dt
import time

from oreva.cloud import layout
from oreva.cloud.messages import SCAN_REQUESTED, ScanRequest, Trigger, new_scan_id
from oreva.cloud.services import Services
from oreva.models import Scan, ScanState, Source, utc_now


def make_request(
    source: Source,
    *,
    trigger: Trigger,
    requested_by: str,
    sequence: int | None = None,
    now: dt.datetime | None = None,
) -> ScanRequest:
    """A request for one scan; `sequence` is the present moment in nanoseconds unless a push order is given."""
    at = now or utc_now()
    return ScanRequest(
        scan_id=new_scan_id(at),
        source=source,
        trigger=trigger,
        requested_by=requested_by,
        requested_at=at,
        sequence=time.time_ns() if sequence is None else sequence,
    )


def start(request: ScanRequest, services: Services) -> None:
    """Keep the request, show the scan as running, and ask for it on the bus.

    In this order, so that whoever hears of the scan finds it; a request that never reaches the bus stays `running` for
    as long as its artifacts are kept, and the caller has got the error.
    """
    services.artifacts.put_model(layout.request(request.scan_id), request)
    services.store.put_scan(request.source.key, running(request))
    services.bus.publish([(SCAN_REQUESTED, request)])


def running(request: ScanRequest) -> Scan:
    """The scan as it is known before anything was scanned."""
    return Scan(
        id=request.scan_id,
        source=request.source,
        state=ScanState.RUNNING,
        trigger=request.trigger,
        requested_by=request.requested_by,
        sequence=request.sequence,
        started_at=request.requested_at,
        ruleset_digest="",
        scanners={},
        stage="queued",
    )
