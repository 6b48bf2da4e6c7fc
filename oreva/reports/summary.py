"""What a report says of a scan as a whole: counts, coverage, gaps, the result in words and the exit code."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from oreva.models import (
    Confidence,
    CoverageCounts,
    CoverageEntry,
    Finding,
    Outcome,
    ScanState,
    Severity,
    Status,
    urgency,
)
from oreva.reports.base import ReportData

_COUNTED_OUTCOMES = (Outcome.CACHED, Outcome.PARTIAL, Outcome.FAILED, Outcome.NOT_APPLICABLE)

# What to do about a gap, by a word of its reason; the first that fits holds.
_NEXT_STEPS = (
    (("timed out", "timeout", "time limit"), "Scan a slow file alone to see which rule takes long, or split it."),
    (("memory", "outgrew"), "Run with fewer --jobs, so that each scanner has more memory."),
    (("permission", "unreadable", "cannot be read", "not readable"), "Make the file readable for the user who scans."),
    (("not installed", "missing", "interpreter"), "Run `oreva doctor`: it says what is missing and how to get it."),
    (("syntax", "pars"), "Check that the file is valid in its language: what is not understood is not assessed."),
)
_LAST_STEP = "Or leave a path out on purpose with --exclude, or list the gap under accepted_gaps in .oreva.yml."


@dataclass(frozen=True)
class Summary:
    """The counts of one scan. Every finding is in exactly one of `counted` and the five numbers set aside."""

    counted: tuple[Finding, ...]
    """What the reader is to act on, ranked."""
    by_severity: dict[Severity, int]
    """Of the counted ones; every severity is there."""
    new: int
    """Of the counted ones."""
    fixed: int
    low_confidence: int
    existing: int
    """With a diff: open, but not from this change."""
    suppressed_in_source: int
    suppressed_by_policy: int
    dismissed: int
    gaps: int
    """Not accepted ones."""
    accepted_gaps: int
    failing: int
    exit_code: int
    result: str
    """The result in one line."""
    exit_reason: str
    """Why the exit code is what it is, in one line."""

    @property
    def set_aside(self) -> tuple[str, ...]:
        """What is not counted, in words: `4 of low confidence`."""
        parts = (
            (self.low_confidence, "of low confidence"),
            (self.existing, "there before this change"),
            (self.suppressed_in_source, "suppressed in source"),
            (self.suppressed_by_policy, "suppressed by policy"),
            (self.dismissed, "dismissed"),
        )
        return tuple(f"{number:,} {words}" for number, words in parts if number)


def amount(number: int, noun: str) -> str:
    """`1 finding`, `1,300 findings`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first: severity, then confidence, then place."""
    return sorted(findings, key=urgency)


def severities(by_severity: dict[Severity, int]) -> str:
    """`2 critical, 4 high`; empty if all are zero."""
    return ", ".join(f"{number:,} {severity}" for severity, number in by_severity.items() if number)


def is_suppressed_in_source(finding: Finding) -> bool:
    """Whether a comment in the code, and not a policy, suppresses the finding."""
    return finding.status is Status.SUPPRESSED and any(detection.suppression for detection in finding.detections)


def summarize(data: ReportData) -> Summary:
    """Count everything once, for all formats."""
    counted = tuple(ranked(dataclasses.replace(data, show_all=False).shown()))
    present = Counter(finding.severity for finding in counted)
    by_severity = {severity: present[severity] for severity in Severity}
    kinds = Counter(_kind(finding) for finding in data.findings)
    low = sum(f.status is Status.OPEN and f.confidence is Confidence.LOW for f in data.findings)
    gaps = [gap for gap in data.gaps if not gap.accepted]
    accepted = len(data.gaps) - len(gaps)
    failing = len(data.failing())
    incomplete = (gaps and not data.allow_gaps) or data.scan.state is ScanState.FAILED
    code = 3 if incomplete else int(failing > 0)
    return Summary(
        counted=counted,
        by_severity=by_severity,
        new=sum(finding.id in data.new_ids for finding in counted),
        fixed=len(data.fixed),
        low_confidence=low,
        existing=kinds["open"] - low - len(counted),
        suppressed_in_source=kinds["in_source"],
        suppressed_by_policy=kinds["policy"],
        dismissed=kinds["dismissed"],
        gaps=len(gaps),
        accepted_gaps=accepted,
        failing=failing,
        exit_code=code,
        result=_result(data, len(counted), severities(by_severity), len(gaps), accepted),
        exit_reason=_exit_reason(data, code, failing, len(gaps), accepted),
    )


def coverage_by_scanner(data: ReportData) -> dict[str, CoverageCounts]:
    """Files by outcome for each scanner: as the scan recorded it, else counted from the coverage entries."""
    if data.scan.coverage:
        return dict(data.scan.coverage)
    counts: dict[str, Counter[str]] = {name: Counter() for name in data.scan.scanners}
    for entry in data.coverage:
        for name in [entry.scanner] if entry.scanner is not None else list(data.scan.scanners):
            counts.setdefault(name, Counter())[entry.outcome.value] += 1
    return {name: CoverageCounts(**count) for name, count in counts.items()}


def coverage_words(counts: CoverageCounts) -> str:
    """`6,890 files: 12 scanned, 6,800 cached, 78 not applicable; 3 paths left out`.

    What was skipped is no file of the scan: it may be a whole directory.
    """
    numbers = counts.model_dump()
    parts = [f"{counts.scanned:,} scanned"]
    parts += [
        f"{numbers[outcome.value]:,} {outcome.value.replace('_', ' ')}"
        for outcome in _COUNTED_OUTCOMES
        if numbers[outcome.value]
    ]
    left_out = f"; {amount(counts.skipped, 'path')} left out" if counts.skipped else ""
    return f"{amount(sum(numbers.values()) - counts.skipped, 'file')}: {', '.join(parts)}{left_out}"


def next_steps(gaps: Iterable[CoverageEntry]) -> tuple[str, ...]:
    """What a person can do about these gaps, each advice once; empty without gaps."""
    steps: dict[str, None] = {}
    any_gap = False
    for gap in gaps:
        any_gap = True
        reason = gap.reason.lower()
        for words, step in _NEXT_STEPS:
            if any(word in reason for word in words):
                steps[step] = None
                break
    return (*steps, _LAST_STEP) if any_gap else ()


def _kind(finding: Finding) -> str:
    if finding.status is Status.SUPPRESSED:
        return "in_source" if is_suppressed_in_source(finding) else "policy"
    return finding.status.value


def _result(data: ReportData, found: int, words: str, gaps: int, accepted: int) -> str:
    if data.scan.state is ScanState.FAILED:
        return f"the scan failed: {data.scan.cause or 'cause unknown'}"
    new, against = ("new ", f" against {data.diff_ref}") if data.diff_ref else ("", "")
    open_gaps = amount(gaps, "gap") if gaps else ""
    known_gaps = amount(accepted, "accepted gap") if accepted else ""
    all_gaps = " and ".join(filter(None, (open_gaps, known_gaps)))
    if found:
        return f"{amount(found, new + 'finding')}{against}: {words}{f'; {all_gaps}' if all_gaps else ''}"
    if all_gaps:
        return f"no {new}findings{against}, but {all_gaps}: not clean"
    if data.scan.files == 0:
        return "no files to scan: nothing was assessed"
    if data.findings or data.diff_ref:
        return f"no {new}findings{against or ' that count'}, no gaps"
    return "no findings, no gaps: clean"


def _exit_reason(data: ReportData, code: int, failing: int, gaps: int, accepted: int) -> str:
    new = "new " if data.diff_ref else ""
    at_or_above = f"at or above {data.fail_on}"
    if data.scan.state is ScanState.FAILED:
        return "the scan failed, so nothing is known of this code"
    if code == 3:
        outranked = f" (which outranks {amount(failing, new + 'finding')} {at_or_above})" if failing else ""
        return f"{amount(gaps, 'gap')} not accepted{outranked}"
    if code == 1:
        return f"{amount(failing, new + 'finding')} {at_or_above} (--fail-on {data.fail_on})"
    reason = "--fail-on none" if data.fail_on is None else f"no {new}finding {at_or_above}"
    if gaps:
        reason += f", {amount(gaps, 'gap')} allowed (--allow-gaps)"
    return f"{reason}, {amount(accepted, 'accepted gap')}" if accepted else reason
