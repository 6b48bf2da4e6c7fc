"""The store: findings with their lives, scans, baselines, verdicts, triage memories.

One interface, `FindingStore`; `sqlite` and `dynamodb` implement it and pass the same contract tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from oreva.models import (
    Baseline,
    Finding,
    FindingEvent,
    Model,
    Scan,
    Severity,
    Status,
    TriageMemory,
    Verdict,
)


class FindingFilter(Model):
    """Which findings to list; empty tuples mean any."""

    statuses: tuple[Status, ...] = ()
    severities: tuple[Severity, ...] = ()
    cwe: str | None = None
    path_prefix: str = ""


class Changes(Model):
    """Everything one scan (or one decision of a person) changes, written as a whole or not at all."""

    repository: str
    """`Source.key`."""
    scan: Scan | None = None
    findings: tuple[Finding, ...] = ()
    """New and changed findings only. `revision` is the one they were read at (0 for a new finding); the store writes
    `revision + 1`."""
    events: tuple[FindingEvent, ...] = ()
    baseline: Baseline | None = None
    """The new baseline; refused with `ConflictError` unless `expected_baseline_scan` is still the stored one."""
    expected_baseline_scan: str | None = None
    """`scan_id` of the baseline the changes were computed against; None if there was none."""


class FindingStore(Protocol):
    """What Oreva keeps between scans. Every method may raise `StoreError`."""

    def findings(self, repository: str, where: FindingFilter | None = None) -> Iterator[Finding]:
        """All findings of a repository that match, in order of id; pages are fetched as the iterator advances."""

    def finding(self, repository: str, finding_id: str) -> Finding | None:
        """One finding, or None."""

    def events(self, finding_id: str) -> list[FindingEvent]:
        """The life of one finding, oldest first."""

    def scan(self, repository: str, scan_id: str) -> Scan | None:
        """One scan, or None."""

    def scans(self, repository: str, limit: int = 50) -> list[Scan]:
        """The newest scans of a repository, newest first."""

    def put_scan(self, repository: str, scan: Scan) -> None:
        """Record the state of a scan that changes no finding (running, failed, superseded, off the default branch)."""

    def baseline(self, repository: str, branch: str) -> Baseline | None:
        """What the newest scan of a tracked branch stood on, or None before the first."""

    def apply(self, changes: Changes) -> bool:
        """Write all of it atomically: nothing is visible before everything is.

        Returns False, having written nothing, if `changes.scan` was already applied (a replay). Raises
        `ConflictError`, having written nothing, if a finding's stored revision differs from the one it was read at, or
        the baseline is not the expected one.
        """

    def put_branch_findings(self, scan_id: str, findings: Sequence[Finding]) -> None:
        """Keep the findings of a scan off the default branch (kept 90 days); replaces what that scan had."""

    def branch_findings(self, scan_id: str) -> list[Finding]:
        """The findings kept by `put_branch_findings`, in the order given there."""

    def verdicts(self, keys: Sequence[str]) -> dict[str, Verdict]:
        """Cached verdicts by key; unknown keys are absent."""

    def put_verdicts(self, verdicts: dict[str, Verdict]) -> None:
        """Cache verdicts; an existing key is overwritten."""

    def memories(self, repository: str, rule_id: str, limit: int = 5) -> list[TriageMemory]:
        """The newest decisions of people on a rule in a repository, newest first."""

    def put_memory(self, memory: TriageMemory) -> None:
        """Remember a person's decision."""

    def repositories(self) -> list[str]:
        """Keys of all repositories that have findings or scans, sorted."""

    def close(self) -> None:
        """Release files and connections; the store cannot be used afterwards."""
