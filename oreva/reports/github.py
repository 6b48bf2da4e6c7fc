"""The report as a check run on a commit (GitHub Apps), or as one line of a commit status (tokens).

A check judges what the commit introduced: new findings at or above `fail_on`. It never says `success` while there is a
gap, and a gap that nobody accepted fails it, since a change could otherwise hide behind what breaks a scanner.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from oreva._version import __version__
from oreva.models import Finding, Model, ScanState, Severity
from oreva.reports.base import ReportData
from oreva.reports.code_frame import frames
from oreva.reports.markdown import (
    coverage_lines,
    finding_details,
    finding_rows,
    fixed_rows,
    gap_lines,
    note_lines,
    short,
)
from oreva.reports.summary import amount, ranked, severities, summarize
from oreva.reports.text_safety import block, code_span, markdown, safe_url, terminal

TEXT_LIMIT = 65_535
"""What GitHub takes for the summary and for the text of a check. It documents characters and counts bytes."""
TITLE_LIMIT = 255
STATUS_LIMIT = 140
PER_CALL = 50
"""Annotations in one call."""
ANNOTATIONS = 250
"""Annotations in all: GitHub slows down who writes many, and nobody reads more."""
_MESSAGE = 4_000
_ROWS = 100

_ENDS = {
    ScanState.FAILED: "The scan failed: nothing is known",
    ScanState.SUPERSEDED: "Superseded: a newer commit was scanned first",
}

Conclusion = Literal["success", "failure", "neutral"]
Level = Literal["notice", "warning", "failure"]
State = Literal["pending", "success", "failure", "error"]


class Annotation(Model):
    """One remark at lines of a file, in the shape of GitHub's API."""

    path: str
    start_line: int
    end_line: int
    start_column: int | None = None
    end_column: int | None = None
    annotation_level: Level
    title: str
    message: str


class CheckOutput(Model):
    """What a check run says once the scan has ended."""

    conclusion: Conclusion
    title: str
    summary: str
    text: str = ""
    annotations: tuple[Annotation, ...] = ()

    def batches(self, after: int = 0) -> list[list[dict[str, Any]]]:
        """The annotations after the first `after`, as many together as one call takes; at least one batch."""
        left = [annotation.model_dump(exclude_none=True) for annotation in self.annotations[after:]]
        return [left[start : start + PER_CALL] for start in range(0, len(left), PER_CALL)] or [[]]


def completed(data: ReportData, link: str = "") -> CheckOutput:
    """The check of a scan that has ended; `link` leads to the full report."""
    new = _new(data)
    failing = _failing(data)
    fails = {finding.id for finding in failing}
    worst_first = [*failing, *(finding for finding in new if finding.id not in fails)]
    placed = [finding for finding in worst_first if _is_utf8(finding.path)][:ANNOTATIONS]
    conclusion = _conclusion(data, failing)
    title = _title(data, new, failing)
    summary, listed = _summary(data, conclusion, title, worst_first, len(placed), link)
    return CheckOutput(
        conclusion=conclusion,
        title=short(title, TITLE_LIMIT),
        summary=summary,
        text=_text(data, listed),
        annotations=tuple(_annotation(finding, is_failing=finding.id in fails) for finding in placed),
    )


def failed(cause: str, scan_id: str, link: str = "") -> CheckOutput:
    """The check of a scan that could not be done."""
    lines = [
        "**The scan failed, so nothing is known of this commit.** No finding was opened or closed.",
        "",
        f"Cause: {markdown(short(cause or 'unknown', 1000))}",
        "",
        "Push again, or start the scan anew, once the cause is gone.",
        "",
        _footer(scan_id, link),
    ]
    return CheckOutput(conclusion="failure", title=_ENDS[ScanState.FAILED], summary="\n".join(lines))


def status(data: ReportData) -> tuple[State, str]:
    """State and description of a commit status. It has no `neutral`: that is `success`, and the text says why."""
    failing = _failing(data)
    state: State = "failure" if _conclusion(data, failing) == "failure" else "success"
    return state, short(terminal(_title(data, _new(data), failing)), STATUS_LIMIT)


def failed_status(cause: str) -> tuple[State, str]:
    """State and description of a scan that could not be done."""
    return "error", short(f"The scan failed: {terminal(cause or 'cause unknown')}", STATUS_LIMIT)


def _new(data: ReportData) -> list[Finding]:
    """What the commit introduced, as far as it counts (open, of more than low confidence), worst first."""
    return ranked(f for f in dataclasses.replace(data, show_all=False).shown() if f.id in data.new_ids)


def _failing(data: ReportData) -> list[Finding]:
    return ranked(f for f in data.failing() if f.id in data.new_ids)


def _conclusion(data: ReportData, failing: Sequence[Finding]) -> Conclusion:
    open_gaps = any(not gap.accepted for gap in data.gaps)
    if data.scan.state is ScanState.FAILED or failing or (open_gaps and not data.allow_gaps):
        return "failure"
    if data.gaps or not data.scan.files or data.scan.state is ScanState.SUPERSEDED:
        return "neutral"
    return "success"


def _title(data: ReportData, new: Sequence[Finding], failing: Sequence[Finding]) -> str:
    if data.scan.state in _ENDS:
        return _ENDS[data.scan.state]
    accepted = sum(gap.accepted for gap in data.gaps)
    open_gaps = len(data.gaps) - accepted
    words = [amount(open_gaps, "gap")] if open_gaps else []
    words += [amount(accepted, "accepted gap")] if accepted else []
    gaps = " and ".join(words)
    if failing:
        found = f"{amount(len(failing), 'new finding')} at or above {data.fail_on}: {severities(_by_severity(failing))}"
        more = len(new) - len(failing)
        return found + (f"; {more:,} below" if more else "") + (f"; {gaps}" if gaps else "")
    found = "No new findings"
    if new:
        below = f", none at or above {data.fail_on}" if data.fail_on else ", none of which fails a check"
        found = f"{amount(len(new), 'new finding')}{below}: {severities(_by_severity(new))}"
    if gaps:
        return f"{found}; {gaps}: not clean" if new else f"{found}, but {gaps}: not clean"
    if not data.scan.files:
        return "No files to scan: nothing was assessed"
    before = _before(data)
    if before:
        return f"{found}; {before:,} open from before"
    return found if new or data.diff_ref else "No findings, no gaps: clean"


def _by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    found = list(findings)
    return {severity: sum(f.severity is severity for f in found) for severity in Severity}


def _before(data: ReportData) -> int:
    """Open findings that count and are older than this commit."""
    everything = dataclasses.replace(data, show_all=False, diff_ref=None).shown()
    return sum(finding.id not in data.new_ids for finding in everything)


def _summary(
    data: ReportData, conclusion: Conclusion, title: str, new: Sequence[Finding], annotated: int, link: str
) -> tuple[str, list[Finding]]:
    """The summary, and the findings that its table lists."""
    sign = {"success": "✅", "failure": "❌", "neutral": "⚠️"}[conclusion]
    head = f"### {sign} {markdown(title)}\n\n{_facts(data)}"
    foot = "\n".join([*coverage_lines(data), "", _footer(data.scan.id, link)])
    room = TEXT_LIMIT - _size(head) - _size(foot) - 1000  # for the remarks on what was cut
    gaps = _cut(gap_lines(data), room * 2 // 5)
    rows = _fitting(finding_rows(new[:_ROWS], data), room * 2 // 5)
    listed = list(new[: len(rows)])
    remarks = []
    if len(listed) < len(new):
        remarks.append(f"_{amount(len(new) - len(listed), 'less severe new finding')}: see the full report._")
    if annotated < len(new):
        remarks.append(f"_{amount(annotated, 'finding')} of {len(new):,} have an annotation in the code._")
    table = "\n".join(rows)
    rest = _cut(_rest(data), room - _size(gaps) - _size(table))
    parts = [head, table, "\n".join(remarks), gaps, rest, foot]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n", listed


def _facts(data: ReportData) -> str:
    source, summary = data.scan.source, summarize(data)
    facts = [f"commit {code_span(source.commit[:12])}"] if source.commit else []
    if data.diff_ref:
        facts.append(f"compared with {code_span(short(data.diff_ref, 60))}")
    facts.append(f"{amount(data.scan.files, 'file')}")
    if summary.fixed:
        facts.append(f"{summary.fixed:,} fixed")
    aside = [words for words in summary.set_aside if "before this change" not in words]
    if before := _before(data):
        aside.insert(0, f"{before:,} open from before")
    if aside:
        facts.append("not counted: " + markdown(", ".join(aside)))
    return " · ".join(facts)


def _rest(data: ReportData) -> Iterator[str]:
    if data.fixed:
        yield f"**Fixed here:** {severities(_by_severity(data.fixed))}"
        yield ""
        yield from fixed_rows(data)
    yield from note_lines(data)


def _footer(scan_id: str, link: str) -> str:
    url = safe_url(link)
    full = f"[Full report]({url}) · " if url else ""
    return f"{full}<sub>Oreva {__version__}, scan {markdown(terminal(scan_id))}</sub>"


def _text(data: ReportData, listed: Sequence[Finding]) -> str:
    """What is wrong, why and how to repair it, for as many of the findings as there is room for."""
    code = frames(data, listed, context=2, width=160)
    blocks = _fitting((finding_details(finding, data, code[finding.id]) for finding in listed), TEXT_LIMIT - 200)
    if len(blocks) < len(listed):
        blocks.append(f"_Details of {amount(len(listed) - len(blocks), 'less severe finding')} are left out here._")
    return "\n".join(blocks)


def _fitting(parts: Iterable[str], room: int) -> list[str]:
    """As many parts, from the first, as there is room for."""
    taken: list[str] = []
    for part in parts:
        room -= _size(part) + 1
        if room < 0:
            break
        taken.append(part)
    return taken


def _cut(lines: Iterable[str], room: int) -> str:
    """As many lines as there is room for, and a remark if some are missing."""
    everything = list(lines)
    taken = _fitting(everything, room)
    if len(taken) < len(everything):
        taken += ["", "_More of this is in the full report._"]
    return "\n".join(taken)


def _annotation(finding: Finding, *, is_failing: bool) -> Annotation:
    """Plain text: GitHub shows it letter by letter, but for control characters and what reorders a line."""
    level: Level = "failure" if is_failing else "warning" if finding.severity >= Severity.MEDIUM else "notice"
    primary = finding.primary
    first = max(1, finding.start_line)
    last = max(first, finding.end_line)
    columns = {}
    if first == last == primary.start_line == primary.end_line and 0 < primary.start_col < primary.end_col:
        columns = {"start_column": primary.start_col, "end_column": primary.end_col - 1}
    parts = [finding.message]
    if finding.fix:
        parts.append(f"How to fix: {finding.fix}")
    if finding.verdict:
        parts.append(f"Verdict ({finding.verdict.triaged_by}): {finding.verdict.rationale}")
    parts.append(f"{', '.join([*finding.cwe[:3], *finding.rule_ids])} · finding {finding.id}")
    return Annotation(
        path=finding.path,
        start_line=first,
        end_line=last,
        **columns,
        annotation_level=level,
        title=short(terminal(f"{finding.severity}: {finding.title}"), TITLE_LIMIT),
        message=short(block("\n\n".join(short(part, _MESSAGE // 4) for part in parts)), _MESSAGE),
    )


def _is_utf8(text: str) -> bool:
    """Whether GitHub can be told the path; a finding in any other file is in the table only."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
