"""What the API takes and gives, as models; their descriptions and examples are those of the OpenAPI document."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from oreva.cloud.api.names import ArchiveName, GitHubName, GitRef, RepositoryKey
from oreva.cloud.messages import UploadId
from oreva.models import (
    Assessment,
    Confidence,
    CoverageCounts,
    DismissalKind,
    Model,
    ScanState,
    Severity,
    Source,
    Status,
    TriageSpending,
)

_SCAN = "01K5T3V8W0Q4N6R7S9XYZABCDE"
_UPLOAD = "Zk3v9Yw1pQ7rT5uXbN2mLhJ8gFdSaEcR"
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class NewUpload(Model):
    """Asks for a place to put an archive."""

    repository: ArchiveName = Field(
        description="The name that the code is known by: findings keep their identity under it", examples=["shop"]
    )
    bytes: int = Field(ge=1, description="Size of the archive; S3 takes exactly this many bytes", examples=[52_114])


class Upload(Model):
    """Where to put an archive, with one HTTP PUT."""

    upload_id: UploadId = Field(description="To start a scan of it", examples=[_UPLOAD])
    url: str = Field(description="Where to PUT the archive (.tar.gz, .tar.xz, .tar.bz2, .tar or .zip)")
    headers: dict[str, str] = Field(description="Headers that the PUT must carry, as they are")
    max_bytes: int = Field(description="The largest archive that this deployment takes", examples=[536_870_912])
    expires_at: dt.datetime = Field(description="Until when the archive can be put and its scan be started")


class NewScan(Model):
    """Asks for a scan: of a repository on GitHub, or with `upload_id` of an archive."""

    repository: GitHubName | ArchiveName = Field(
        description="`owner/name` on GitHub; for an archive, the name its upload was asked for with",
        examples=["acme/shop"],
    )
    ref: GitRef | None = Field(
        default=None, description="Branch, tag or commit; the default branch if left out", examples=["main"]
    )
    upload_id: UploadId | None = Field(default=None, description="The archive", examples=[_UPLOAD])

    @model_validator(mode="after")
    def _one_source(self) -> NewScan:
        if self.upload_id is not None and self.ref is not None:
            raise ValueError("an archive has no ref; leave one of upload_id and ref out")
        if self.upload_id is None and "/" not in self.repository:
            raise ValueError("without upload_id, repository is owner/name on GitHub")
        return self


class ScanView(Model):
    """A scan and how far it has come."""

    scan_id: str = Field(description="A ULID", examples=[_SCAN])
    repository: str = Field(description="`github/owner/name` or `archive/name`", examples=["github/acme/shop"])
    source: Source = Field(description="What is scanned")
    state: ScanState = Field(
        description="`superseded` is complete too, but something newer was already known: it changed no finding"
    )
    stage: str = Field(description="Where a running scan is; empty once it has ended", examples=["scanning"])
    trigger: str = Field(examples=["manual"])
    requested_by: str = Field(examples=["user:arn:aws:iam::123456789012:user/ada"])
    started_at: dt.datetime
    duration_s: float = Field(description="Seconds since it was asked for, or that it took")
    files: int = Field(description="Files that are scanned; 0 until they are listed")
    shards: int = Field(description="Into how many shards they were cut")
    gaps: int = Field(description="Files that were not, or not wholly, looked at")
    coverage: dict[str, CoverageCounts] = Field(description="By scanner, how many files had which outcome")
    counts: dict[Severity, int] = Field(description="Open findings by severity when the scan ended")
    opened: int = Field(description="Findings that it saw for the first time")
    fixed: int = Field(description="Findings that it closed")
    cause: str = Field(description="Why it failed; empty otherwise")
    scanners: dict[str, str] = Field(description="Name to version")
    ruleset_digest: str
    triage: TriageSpending | None = Field(description="What a model has cost")


class ScanPage(Model):
    """Scans of a repository, newest first."""

    scans: tuple[ScanView, ...]
    cursor: str | None = Field(description="Where the list goes on; null at its end")


class ReportLink(Model):
    """Where a report can be read for a while, without any other credentials."""

    url: str = Field(description="An HTTP GET of it gives the report")
    content_type: str = Field(examples=["application/sarif+json"])
    expires_at: dt.datetime


class VerdictSummary(Model):
    """What triage says, in short."""

    assessment: Assessment
    confidence: float = Field(description="0 to 1")
    triaged_by: str = Field(description="`heuristic` or `bedrock`", examples=["bedrock"])


class EvidenceView(Model):
    """A verbatim quote of scanned code, checked by machine."""

    path: str
    line: int
    quote: str


class VerdictView(VerdictSummary):
    """What triage says, why, and who says so."""

    rationale: str
    evidence: tuple[EvidenceView, ...]
    signals: tuple[str, ...] = Field(description="What was found, by name", examples=[["test-code"]])
    model_id: str | None
    prompt_hash: str | None
    at: dt.datetime


class FindingSummary(Model):
    """A finding in a list."""

    id: str = Field(description="A ULID; never changes", examples=[_SCAN])
    repository: str = Field(examples=["github/acme/shop"])
    status: Status
    status_reason: str
    severity: Severity
    confidence: Confidence
    title: str = Field(examples=["SQL built from input"])
    cwe: tuple[str, ...] = Field(examples=[["CWE-89"]])
    path: str = Field(
        description="Bytes that are no UTF-8 are written `\\xff`, and each backslash of such a path twice",
        examples=["shop/db.py"],
    )
    start_line: int
    end_line: int
    rules: tuple[str, ...] = Field(description="`scanner:rule`, the primary one first")
    verdict: VerdictSummary | None = Field(description="null if it is not triaged")
    first_seen: dt.datetime
    first_seen_scan: str
    fixed_at: dt.datetime | None
    reopened: int = Field(description="How often it came back after it was fixed")
    revision: int = Field(description="Counts writes; see dismiss")


class FindingPage(Model):
    """Findings."""

    findings: tuple[FindingSummary, ...] = Field(
        description="With a filter that few match a page may be short, or empty, before the end of the list"
    )
    cursor: str | None = Field(description="Where the list goes on; null at its end")


class DismissalView(Model):
    """A person's decision to set a finding aside."""

    kind: DismissalKind
    reason: str
    by: str
    at: dt.datetime
    expires: dt.date | None


class DetectionView(Model):
    """One report by one scanner rule at one location. Columns count from 1; `end_col` is one past the end."""

    scanner: str = Field(examples=["bandit"])
    rule_id: str = Field(examples=["B608"])
    path: str
    start_line: int
    start_col: int
    end_line: int
    end_col: int
    severity: Severity
    confidence: Confidence
    message: str
    suppression: str | None = Field(description="The comment that silences it: `nosec` or `nosemgrep`")


class EventView(Model):
    """One change in the life of a finding."""

    id: str
    at: dt.datetime
    actor: str = Field(description="`scan:<id>`, `user:<who>` or `policy:<name>`")
    change: str = Field(examples=["dismissed"])
    reason: str
    from_status: Status | None
    to_status: Status


class FindingDetail(FindingSummary):
    """A finding in full."""

    message: str
    snippet: str = Field(description="The lines `start_line` to `end_line` of the file")
    fix: str = Field(description="How to repair it (Markdown)")
    references: tuple[str, ...]
    owasp: tuple[str, ...]
    asvs: tuple[str, ...]
    detections: tuple[DetectionView, ...]
    verdict: VerdictView | None = Field(description="null if it is not triaged; `untriaged_reason` says why")
    untriaged_reason: str
    dismissal: DismissalView | None
    events: tuple[EventView, ...] = Field(description="Its life, oldest first")


class NewDismissal(Model):
    """Sets a finding aside."""

    repository: RepositoryKey = Field(description="Where the finding is", examples=["github/acme/shop"])
    kind: DismissalKind = Field(default=DismissalKind.ACCEPTED_RISK, description="Why, in one word")
    reason: Sentence = Field(description="Why, for whoever reads it next year", examples=["only reached from tests"])
    expires: dt.date | None = Field(
        default=None, description="Open again from this day (UTC) on; never if left out", examples=["2027-06-30"]
    )
    revision: int | None = Field(
        default=None,
        ge=0,
        description="The revision that was looked at; if it is another by now, nothing is done (409)",
    )


class Reopening(Model):
    """Takes a dismissal, or a suppression by policy, back."""

    repository: RepositoryKey = Field(description="Where the finding is", examples=["github/acme/shop"])
    reason: str = Field(default="", max_length=2_000, description="Why", examples=["the endpoint is public now"])
    revision: int | None = Field(default=None, ge=0, description="As for dismiss")


class RepositoryPage(Model):
    """Repositories that have findings or scans."""

    repositories: tuple[str, ...] = Field(examples=[["archive/shop", "github/acme/shop"]])
    cursor: str | None = Field(description="Where the list goes on; null at its end")
