"""What comments in the source that silence a scanner are worth: as the configuration says, and less in a review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from oreva.models import Finding, Severity, Status

InSource = Literal["honour", "ignore"]
"""Whether `nosec` and `nosemgrep` comments suppress what they stand beside."""

REVIEWED_LIMIT = Severity.MEDIUM
"""The worst severity that a comment added by a change under review may silence; above it a person decides."""


def honoured(findings: Sequence[Finding], in_source: InSource) -> list[Finding]:
    """In-source suppressions as the configuration wants them: honoured, or reported like everything else."""
    if in_source == "honour":
        return list(findings)
    return [_reopened(f, "suppressed in source, which the configuration does not honour") for f in findings]


def honoured_in_review(finding: Finding, in_source: InSource) -> Finding:
    """The same for a finding that a change under review introduces: its comment cannot silence what is severe."""
    if finding.severity <= REVIEWED_LIMIT and in_source == "honour":
        return finding
    return _reopened(
        finding, f"this change adds a comment to silence a {finding.severity} finding; a person must decide"
    )


def _reopened(finding: Finding, reason: str) -> Finding:
    if finding.status is not Status.SUPPRESSED:
        return finding
    return finding.model_copy(update={"status": Status.OPEN, "status_reason": reason})
