"""The words of Oreva as frozen models: what travels between stages and what the stores keep.

Lines are 1-based. Columns are 1-based; `end_col` points one past the last character. Paths are relative to the root of
the source, with `/` on every platform; bytes that are no UTF-8 are carried as surrogate escapes (PEP 383).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import cache, cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Timestamp = Annotated[dt.datetime, Field(description="aware, UTC")]


def utc_now() -> dt.datetime:
    """The present moment, aware, in UTC, to the millisecond (what every store can keep without loss)."""
    now = dt.datetime.now(dt.UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@cache
def _ranks(words: type[_Ranked]) -> dict[_Ranked, int]:
    return {word: rank for rank, word in enumerate(reversed(words))}


class _Ranked(StrEnum):
    """A word with a rank: the first member is the strongest, and stronger compares as greater."""

    @property
    def rank(self) -> int:
        """Position from the weakest (0) to the strongest."""
        return _ranks(type(self))[self]

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.rank < other.rank

    def __gt__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.rank > other.rank

    def __le__(self, other: object) -> bool:
        return self == other or self < other

    def __ge__(self, other: object) -> bool:
        return self == other or self > other

    __hash__ = str.__hash__


class Severity(_Ranked):
    """How bad the defect is if it is real."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Confidence(_Ranked):
    """How sure the rule is that the defect is real."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Outcome(StrEnum):
    """What became of one file under one scanner."""

    SCANNED = "scanned"
    CACHED = "cached"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


class Status(StrEnum):
    """Where a finding is in its life."""

    OPEN = "open"
    FIXED = "fixed"
    DISMISSED = "dismissed"
    SUPPRESSED = "suppressed"
    RETIRED = "retired"


class DismissalKind(StrEnum):
    """Why a person set a finding aside."""

    FALSE_POSITIVE = "false_positive"
    ACCEPTED_RISK = "accepted_risk"
    WONT_FIX = "wont_fix"


class Assessment(StrEnum):
    """What triage thinks of a finding."""

    TRUE_POSITIVE = "true_positive"
    FALSE_POSITIVE = "false_positive"
    UNCERTAIN = "uncertain"


class Model(BaseModel):
    """Base of all models: immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64")


class Source(Model):
    """What is scanned."""

    provider: Literal["directory", "archive", "github"]
    repository: str
    """`owner/name`; for a directory, the name the store knows it by."""
    ref: str | None = None
    commit: str | None = None
    default_branch: str | None = None
    before: str | None = None
    """The commit a push or pull request is compared with."""

    @property
    def key(self) -> str:
        """`<provider>/<repository>`: the partition all findings of this source lie in."""
        return f"{self.provider}/{self.repository}"

    @property
    def branch(self) -> str:
        """The name of the line of history whose baseline this source belongs to."""
        return self.ref or self.default_branch or "worktree"


class Rule(Model):
    """One rule of one scanner, with what a report needs to say about it."""

    id: str
    scanner: str
    title: str
    message: str = ""
    severity: Severity
    confidence: Confidence
    cwe: tuple[str, ...] = ()
    """As `CWE-89`."""
    owasp: tuple[str, ...] = ()
    """As `A03:2021`."""
    asvs: tuple[str, ...] = ()
    """As `V5.3.4` (ASVS 4.0.3)."""
    references: tuple[str, ...] = ()
    fix: str = ""
    """How to repair it, in words and code (Markdown)."""
    languages: tuple[str, ...] = ()
    digest: str = ""
    """SHA-256 over the rule's definition; empty where the scanner's version stands for it."""
    corroborates: tuple[str, ...] = ()
    """Tests (`scanner:rule id`) that report by form what this rule reports by following data to the same calls."""
    corroborates_parameters: bool = False
    """It judges values by what they are called, so that it can tell of what a function is handed, too."""


class InSourceSuppression(Model):
    """A comment such as `nosec` or `nosemgrep` that asks a scanner to be silent about one detection."""

    kind: Literal["nosec", "nosemgrep"]
    line: int
    named: bool
    """True if the comment names the rule; false for one that silences everything on its line."""
    justification: str = ""


class Detection(Model):
    """One report by one scanner rule at one location."""

    scanner: str
    rule_id: str
    path: str
    start_line: int
    start_col: int
    end_line: int
    end_col: int
    severity: Severity
    confidence: Confidence
    message: str
    cwe: tuple[str, ...] = ()
    suppression: InSourceSuppression | None = None


class CoverageEntry(Model):
    """The outcome of one file under one scanner.

    A path that ends in `/` stands for everything below it; `scanner` is None where the outcome holds for all of them.
    """

    path: str
    scanner: str | None
    outcome: Outcome
    reason: str = ""
    """One line for a person; empty for `scanned`, `cached` and `not_applicable`."""
    on_purpose: bool = False
    """For `skipped`: the user, or a documented convention, chose to leave it out."""
    accepted: bool = False
    """A gap that the configuration lists under `accepted_gaps`."""

    @property
    def is_gap(self) -> bool:
        """True for `partial`, `failed`, and `skipped` for a reason that the user did not choose."""
        if self.outcome in (Outcome.PARTIAL, Outcome.FAILED):
            return True
        return self.outcome is Outcome.SKIPPED and not self.on_purpose


class Evidence(Model):
    """A verbatim quote of scanned code; checked by machine before it counts."""

    path: str
    line: int
    quote: str


class Verdict(Model):
    """What triage says of one finding, why, and who says so."""

    assessment: Assessment
    confidence: float = Field(ge=0, le=1)
    rationale: str
    """A few plain sentences."""
    evidence: tuple[Evidence, ...] = ()
    signals: tuple[str, ...] = ()
    """Machine-readable names of what was found, such as `test-code` or `constant-arguments`."""
    triaged_by: Literal["heuristic", "bedrock"]
    model_id: str | None = None
    prompt_hash: str | None = None
    at: Timestamp


class Dismissal(Model):
    """A person's decision to set a finding aside."""

    kind: DismissalKind
    reason: str
    by: str
    at: Timestamp
    expires: dt.date | None = None
    """The finding is open again from this day on; None never expires."""


class Fingerprints(Model):
    """Identities of one detection that survive edits around it. None contains a line number.

    Made by `oreva.findings.fingerprints`.
    """

    rule: str
    """SHA-256 (32 hex digits) over scanner, rule id, normalised path, folded code and the index among equal ones."""
    code: str
    """SHA-256 (32 hex) over the matched code with white space and comments folded; without path and rule."""
    context: str
    """SHA-256 (32 hex) over the folded neighbouring lines (without the matched ones)."""
    scope: str = ""
    """Qualified name of the enclosing function or class as far as it can be told from the text; empty at top level."""
    primary_location_line_hash: str
    """GitHub code scanning's `primaryLocationLineHash`, `<hex>:<occurrence>`."""


class Finding(Model):
    """One problem: one or more detections, an immutable id, and a life.

    `detections` and `fingerprints` run in parallel: `fingerprints[i]` belongs to `detections[i]`; the first pair is the
    primary one, whose rule gives title, message and position.
    """

    id: str
    """A ULID; made once, never changed. Empty until tracking has matched the finding with the store."""
    status: Status = Status.OPEN
    status_reason: str = ""
    severity: Severity
    confidence: Confidence
    confidence_reason: str = ""
    """Why it is not the confidence of the rules that report it; empty if it is."""
    title: str
    message: str
    fix: str = ""
    references: tuple[str, ...] = ()
    cwe: tuple[str, ...] = ()
    owasp: tuple[str, ...] = ()
    asvs: tuple[str, ...] = ()
    path: str
    start_line: int
    end_line: int
    snippet: str
    """The lines `start_line` to `end_line` of the file, at most 40 lines and 4,000 characters."""
    detections: tuple[Detection, ...]
    fingerprints: tuple[Fingerprints, ...]
    verdict: Verdict | None = None
    untriaged_reason: str = ""
    dismissal: Dismissal | None = None
    first_seen: Timestamp
    first_seen_scan: str = ""
    fixed_at: Timestamp | None = None
    reopened: int = 0
    """How often it came back after `fixed`."""
    revision: int = 0
    """Counts writes; a store refuses a write that was made from an older revision."""

    @property
    def primary(self) -> Detection:
        """The detection that names and places the finding."""
        return self.detections[0]

    @cached_property
    def rule_ids(self) -> tuple[str, ...]:
        """`scanner:rule` of every detection, primary first, without repeats."""
        return tuple(dict.fromkeys(f"{d.scanner}:{d.rule_id}" for d in self.detections))


def urgency(finding: Finding) -> tuple[int, int, str, int, str]:
    """Sort key of stored findings: severest first, then surest, then by place."""
    return (-finding.severity.rank, -finding.confidence.rank, finding.path, finding.start_line, finding.id)


EventChange = Literal[
    "opened",
    "fixed",
    "reopened",
    "dismissed",
    "expired",
    "suppressed",
    "unsuppressed",
    "retired",
    "moved",
    "verdict",
]


class FindingEvent(Model):
    """One change in a finding's life: who, when, why."""

    id: str
    """A ULID: sorts by time."""
    finding_id: str
    at: Timestamp
    actor: str
    """`scan:<scan id>`, `user:<name>` or `policy:<name>`."""
    change: EventChange
    reason: str = ""
    from_status: Status | None = None
    to_status: Status


class ScanState(StrEnum):
    """How far a scan has come."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    """Complete, but a scan of something newer had already become the baseline: it changed no finding's life."""


class CoverageCounts(Model):
    """How many files had which outcome under one scanner."""

    scanned: int = 0
    cached: int = 0
    partial: int = 0
    skipped: int = 0
    failed: int = 0
    not_applicable: int = 0


class TriageSpending(Model):
    """What the model calls of one scan have taken."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    latency_ms: int = 0
    """Sum over all calls."""
    cost: str | None = None
    """A decimal number, in the currency of the configured prices; None where one call's is unknown."""


class Scan(Model):
    """One run of the pipeline over one source."""

    id: str
    """A ULID."""
    source: Source
    state: ScanState
    stage: Literal["", "queued", "scanning", "analyzing", "reporting"] = ""
    """In AWS, where a running scan is; empty once it has ended."""
    trigger: Literal["push", "pull_request", "manual", "schedule"] = "manual"
    requested_by: str = ""
    sequence: int
    """Orders the scans of one branch: nanoseconds since 1970 locally, the push order in AWS."""
    started_at: Timestamp
    duration_s: float = 0.0
    ruleset_digest: str
    scanners: dict[str, str]
    """Name to version."""
    active_rules: dict[str, str] = {}
    """Scanner to the digest of its rule ids; the ids themselves are with the baseline."""
    files: int = 0
    coverage: dict[str, CoverageCounts] = {}
    gaps: int = 0
    counts: dict[Severity, int] = {}
    """Open findings by severity when the scan ended."""
    opened: int = 0
    fixed: int = 0
    cause: str = ""
    """Why it failed."""
    shards: int = 0
    """In AWS, into how many shards the files were cut."""
    triage: TriageSpending | None = None
    """What a model has cost; None if none was asked."""


class Baseline(Model):
    """What the newest complete scan of a tracked branch stood on."""

    repository: str
    branch: str
    scan_id: str
    commit: str | None = None
    sequence: int
    ruleset_digest: str
    at: Timestamp
    revision: int = 0


class TriageMemory(Model):
    """A person's past decision on a rule in a repository, shown to a model as an example."""

    repository: str
    rule_id: str
    id: str
    finding_id: str
    decision: DismissalKind | Literal["true_positive"]
    reason: str
    snippet: str
    at: Timestamp
