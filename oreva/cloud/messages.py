"""What travels on the event bus and between the functions of the state machine: references, never bodies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from ulid import ULID

from oreva.models import (
    Confidence,
    CoverageCounts,
    EventChange,
    Model,
    ScanState,
    Severity,
    Source,
    Timestamp,
    TriageSpending,
)

EVENT_SOURCE = "oreva"
SCAN_REQUESTED = "Scan Requested"
SCAN_COMPLETED = "Scan Completed"
SCAN_FAILED = "Scan Failed"
FINDING_OPENED = "Finding Opened"
FINDING_FIXED = "Finding Fixed"

ScanId = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
UploadId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Trigger = Literal["push", "pull_request", "manual", "schedule"]
Ending = Literal["FAILED", "TIMED_OUT", "ABORTED"]
"""How an execution of the state machine ends without a report, as Step Functions says it."""


class ScanRequest(Model):
    """Detail of `Scan Requested`, and the input of the state machine."""

    scan_id: ScanId
    source: Source
    trigger: Trigger
    requested_by: str = ""
    requested_at: Timestamp
    sequence: int = Field(ge=0)
    """Orders the scans of one branch: a later push has a greater one."""
    upload_id: UploadId | None = None
    """For an uploaded archive: which one (`layout.upload`)."""

    @property
    def is_baseline(self) -> bool:
        """Whether this scan advances the lives of findings: it is of the default branch, or of an upload."""
        if self.source.provider != "github":
            return True
        source = self.source
        return self.trigger != "pull_request" and (source.ref is None or source.ref == source.default_branch)


def new_scan_id(at: dt.datetime) -> str:
    """A scan id that sorts by the moment of the request."""
    return str(ULID.from_datetime(at))


class StageMessage(Model):
    """What every function of the state machine is given: the request, and nothing that it does not know."""

    request: ScanRequest


class ShardMessage(Model):
    """One item of `shards.json`: the input of one Scan function.

    The addresses are signed for exactly these three objects. Neither its text nor an error of it shows them.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    scan_id: ScanId
    shard: int = Field(ge=0)
    files: int
    bytes: int
    settings_address: str = Field(repr=False)
    """Where to GET `layout.scan_settings`."""
    shard_address: str = Field(repr=False)
    """Where to GET `layout.shard`."""
    result_address: str = Field(repr=False)
    """Where to PUT `layout.result`, as `application/gzip`."""


class ShardReceipt(Model):
    """What one Scan function returns."""

    scan_id: ScanId
    shard: int
    detections: int
    gaps: int


class FetchReceipt(Model):
    """What Fetch returns."""

    shards: int
    files: int
    cached: int
    """File × scanner results taken from the cache."""
    shards_key: str
    """Where the Distributed Map reads its items, within the artifacts bucket."""


class BatchMessage(Model):
    """Input of one Triage function."""

    request: ScanRequest
    batch: int = Field(ge=0)


class DeduplicateReceipt(Model):
    """What Deduplicate returns."""

    findings: int
    batches: tuple[int, ...]
    """Numbers of the batches that need a verdict; empty if none does."""


class TriageReceipt(Model):
    """What Triage returns."""

    batch: int
    verdicts: int
    untriaged: int


class ReportReceipt(Model):
    """What Report returns."""

    scan_id: ScanId
    state: str
    findings: int
    new: int
    fixed: int
    gaps: int
    measures: Mapping[str, float] = {}
    """Metric to value; empty if another run has counted this scan before."""


class FailMessage(Model):
    """Input of Fail: the request, and what the state machine says went wrong."""

    request: ScanRequest
    error: str = "unknown"
    cause: str = ""
    last_resort: bool = Field(default=False, exclude=True)
    """Whether the execution is over: then what its own state `Fail` has recorded stands."""


class ExecutionEnded(BaseModel):
    """Of `Step Functions Execution Status Change`, its `detail`: what Fail reads of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")  # AWS adds fields as it likes

    status: Ending
    input: str
    """Input of the state machine, `StageMessage` as JSON."""
    error: str | None = None
    cause: str | None = None


class FailReceipt(Model):
    """What Fail returns."""

    scan_id: ScanId
    cause: str
    measures: Mapping[str, float] = {}
    """Metric to value; empty if another run has counted this scan before."""


class ScanCompleted(Model):
    """Detail of `Scan Completed`."""

    scan_id: ScanId
    source: Source
    trigger: Trigger
    state: ScanState
    """`completed`, or `superseded` if a newer scan had ended before this one."""
    ruleset_digest: str
    counts: Mapping[Severity, int]
    """Open findings by severity."""
    new: int
    """Findings that this scan saw for the first time, or that the change under review introduces."""
    fixed: int
    untriaged: int
    """Open findings without a verdict."""
    files: int
    gaps: int
    coverage: Mapping[str, CoverageCounts]
    """By scanner."""
    triage: TriageSpending | None
    duration_s: float
    """From the request to the end."""
    bucket: str
    reports: Mapping[str, str]
    """Format to key in the bucket."""


class ScanFailed(Model):
    """Detail of `Scan Failed`."""

    scan_id: ScanId
    source: Source
    trigger: Trigger
    error: str
    """Class of the error."""
    cause: str


class FindingChanged(Model):
    """Detail of `Finding Opened` and `Finding Fixed`. Only scans of the default branch and of uploads say so."""

    scan_id: ScanId
    source: Source
    finding_id: str
    change: EventChange
    """Why it is open: `opened` (it is new), `reopened`, `expired` (its dismissal), `unsuppressed`; else `fixed`."""
    reason: str
    severity: Severity
    confidence: Confidence
    title: str
    cwe: tuple[str, ...]
    rules: tuple[str, ...]
    """`scanner:rule id`, the primary one first."""
    path: str
    start_line: int
    first_seen: Timestamp
