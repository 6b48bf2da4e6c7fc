"""What a report is made from; every format renders the same `ReportData`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from oreva.models import Confidence, CoverageEntry, Finding, Rule, Scan, Severity, Status


@dataclass(frozen=True)
class ReportData:
    """One finished scan, ready to be shown."""

    scan: Scan
    findings: tuple[Finding, ...]
    """Everything present in the scanned code, ranked: open, dismissed and suppressed ones (see `status`)."""
    coverage: tuple[CoverageEntry, ...]
    """Every file × scanner, and every path that was left out."""
    rules: Mapping[str, Rule] = field(default_factory=dict)
    """By `scanner:rule id`, at least those that the findings name."""
    new_ids: frozenset[str] = frozenset()
    """Ids of the findings this scan saw for the first time; with `diff_ref`, those the change introduces."""
    fixed: tuple[Finding, ...] = ()
    """Findings that this scan (or, with `diff_ref`, this change) closed."""
    diff_ref: str | None = None
    """What the scan is compared with, if it was run with `--diff`."""
    title: str = ""
    """What was scanned, for a heading."""
    show_all: bool = False
    """Also show findings of low confidence, suppressed and dismissed ones."""
    fail_on: Severity | None = Severity.HIGH
    allow_gaps: bool = False
    """Gaps do not make the scan fail (`--allow-gaps`)."""
    read_text: Callable[[str], str | None] = field(default=lambda _path: None)
    """The text of a scanned file for code frames, or None if it cannot be had."""
    notes: tuple[str, ...] = ()
    """Remarks about the scan that a reader must know, one line each (Bandit's interpreter is too old, ...)."""

    @property
    def gaps(self) -> tuple[CoverageEntry, ...]:
        """Coverage entries that are gaps, accepted or not."""
        return tuple(entry for entry in self.coverage if entry.is_gap)

    def shown(self) -> tuple[Finding, ...]:
        """The findings a reader gets to see; the rest only with `show_all`, and a summary counts them."""
        return self.findings if self.show_all else tuple(f for f in self.findings if self._counts(f))

    def failing(self) -> tuple[Finding, ...]:
        """The findings that make a scan fail: those that count, at or above `fail_on`."""
        threshold = self.fail_on
        if threshold is None:
            return ()
        return tuple(finding for finding in self.findings if self._counts(finding) and finding.severity >= threshold)

    def _counts(self, finding: Finding) -> bool:
        """Open, of more than low confidence, and with a diff introduced by the change."""
        if finding.status is not Status.OPEN or finding.confidence is Confidence.LOW:
            return False
        return self.diff_ref is None or finding.id in self.new_ids
