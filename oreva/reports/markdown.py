"""The report as a comment on a pull request or a job summary, in GitHub Markdown.

New findings come first. It stays below the 65,536 characters that GitHub takes: the least severe findings are cut, and
how many is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oreva._version import __version__
from oreva.models import Assessment, Finding, ScanState, Severity, Status
from oreva.reports.base import ReportData
from oreva.reports.code_frame import Frame, frames
from oreva.reports.prose import to_markdown
from oreva.reports.summary import (
    Summary,
    amount,
    coverage_by_scanner,
    coverage_words,
    next_steps,
    ranked,
    severities,
    summarize,
)
from oreva.reports.text_safety import code_fence, code_span, cwe_url, markdown, safe_url, sarif_uri, terminal

MAX_LENGTH = 65_000
_CONTEXT = 2
_WIDTH = 160
_ROWS = 100
_FIXED = 20
_GAPS = 10
_NAME = 200  # characters of one untrusted text in a row

_SIGN = {
    Severity.CRITICAL: "🟣",
    Severity.HIGH: "🔴",
    Severity.MEDIUM: "🟠",
    Severity.LOW: "🟡",
    Severity.INFO: "🔵",
}
_ASSESSMENT = {
    Assessment.TRUE_POSITIVE: "Likely real",
    Assessment.FALSE_POSITIVE: "Likely a false alarm",
    Assessment.UNCERTAIN: "Uncertain",
}


def render(data: ReportData) -> str:
    """The report as Markdown of at most 65,000 UTF-16 units (the unit GitHub counts in)."""
    summary = summarize(data)
    listed = sorted(ranked(data.shown()), key=lambda finding: finding.id not in data.new_ids)
    head = "\n".join(_head(data, summary))
    tail = "\n".join(_tail(data, summary))
    room = MAX_LENGTH - _size(head) - _size(tail) - 500  # for the sentence on what was cut
    rows, row_count = _fill(finding_rows(listed[:_ROWS], data), room * 2 // 5)
    room -= _size(rows)
    detailed = listed[:row_count]
    code = frames(data, detailed, context=_CONTEXT, width=_WIDTH)
    details, detail_count = _fill((finding_details(finding, data, code[finding.id]) for finding in detailed), room)
    parts = [head, rows, _cut_note(len(listed), row_count, detail_count), details, tail]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _size(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fill(parts: Iterator[str], room: int) -> tuple[str, int]:
    """As many parts as there is room for, and how many these are."""
    taken: list[str] = []
    for part in parts:
        room -= _size(part) + 1
        if room < 0:
            break
        taken.append(part)
    return "\n".join(taken), len(taken)


def short(text: str, at_most: int = _NAME) -> str:
    """At most so many characters of a text; the last is an ellipsis if some are missing."""
    return text if len(text) <= at_most else text[: at_most - 1] + "…"


def _head(data: ReportData, summary: Summary) -> Iterator[str]:
    failed = summary.failing or data.scan.state is ScanState.FAILED
    sign = "❌" if failed else "⚠️" if data.gaps or not data.scan.files else "✅"
    result = markdown(short(summary.result, 500))
    yield f"### {sign} Oreva: {result}"
    yield ""
    facts = [f"{summary.new:,} new", f"{summary.fixed:,} fixed"]
    if summary.set_aside and not data.show_all:
        facts.append("not shown: " + ", ".join(summary.set_aside))
    yield " · ".join(markdown(fact) for fact in facts)


def finding_rows(findings: Sequence[Finding], data: ReportData) -> Iterator[str]:
    """The rows of a table of findings; the first carries the head of the table."""
    header = "| Severity | Finding | Where |\n| :-- | :-- | :-- |\n"
    for finding in findings:
        severity = f"{_SIGN[finding.severity]} {finding.severity}"
        new = " **new**" if finding.id in data.new_ids and not data.diff_ref else ""
        title = markdown(short(finding.title))
        classes = ", ".join(_class(cwe) for cwe in finding.cwe[:3])
        what = f"{title}{new} ({classes})" if classes else f"{title}{new}"
        yield f"{header}| {severity} | {what} | {_place(finding, data, in_table=True)} |"
        header = ""


def _class(cwe: str) -> str:
    url = cwe_url(cwe)
    return f"[{markdown(cwe)}]({url})" if url else markdown(short(cwe, 40))


def _place(finding: Finding, data: ReportData, *, in_table: bool) -> str:
    source = data.scan.source
    shown = code_span(f"{short(finding.path)}:{finding.start_line}", in_table=in_table)
    lines = f"L{finding.start_line}" + (f"-L{finding.end_line}" if finding.end_line > finding.start_line else "")
    target = f"{sarif_uri(finding.path)}#{lines}"
    if len(target) > 1000:
        return shown
    if source.provider == "github" and source.commit:
        target = f"https://github.com/{sarif_uri(source.repository)}/blob/{sarif_uri(source.commit)}/{target}"
    return f"[{shown}]({target})"


def finding_details(finding: Finding, data: ReportData, frame: Frame) -> str:
    """One collapsible block. The blank lines matter: without them GitHub shows the Markdown within HTML as it is."""
    heading = f"{_SIGN[finding.severity]} {finding.severity}: {markdown(short(finding.title))}"
    parts = [f"<details><summary>{heading}</summary>", _place(finding, data, in_table=False)]
    language = "python" if finding.path.endswith(".py") else ""
    parts.append(code_fence(_code(frame), language))
    parts.append(f"**Why it matters**\n\n{_prose(finding.message, 2000)}")
    if finding.fix:
        parts.append(f"**How to fix**\n\n{_prose(finding.fix, 3000)}")
    verdict = finding.verdict
    if verdict:
        words = f"{_ASSESSMENT[verdict.assessment]} ({verdict.confidence:.0%}, {verdict.triaged_by})"
        parts.append(f"**Verdict:** {words}: {markdown(short(verdict.rationale, 1000))}")
    if finding.status is Status.OPEN and finding.status_reason:
        parts.append(f"**Note:** {markdown(short(finding.status_reason, 500))}")
    if finding.confidence_reason:
        parts.append(f"**Confidence {finding.confidence}:** {markdown(short(finding.confidence_reason, 500))}")
    facts = [f"Seen by {', '.join(code_span(short(rule)) for rule in finding.rule_ids)}"]
    facts += [markdown(short(name, 40)) for name in finding.owasp[:3]]
    facts += [f"<{link}>" for link in map(safe_url, finding.references[:3]) if link and len(link) < 300]
    facts.append(code_span(finding.id))
    parts += [" · ".join(facts), "</details>"]
    return "\n\n".join(parts) + "\n"


def _code(frame: Frame) -> str:
    lines = []
    for line in frame.lines:
        if line is None:
            lines.append(f"  {'':>{frame.gutter}} …")
        else:
            lines.append(f"{'>' if line.marked else ' '} {line.number:>{frame.gutter}} {line.text}".rstrip())
    return "\n".join(lines)


def _prose(text: str, at_most: int) -> str:
    return to_markdown(short(text, at_most))


def _cut_note(total: int, rows: int, details: int) -> str:
    if rows < total:
        hint = "the full list is in the JSON, HTML and SARIF reports"
        return f"_{amount(total - rows, 'less severe finding')} left out here: {hint}._"
    if details < rows:
        return f"_Details of the {amount(rows - details, 'less severe finding')} are left out here._"
    return ""


def _tail(data: ReportData, summary: Summary) -> Iterator[str]:
    if data.fixed:
        by_severity = {s: sum(f.severity is s for f in data.fixed) for s in Severity}
        yield f"**Fixed here** ({severities(by_severity)})"
        yield ""
        yield from fixed_rows(data)
    yield from gap_lines(data)
    yield from note_lines(data)
    yield from coverage_lines(data)
    yield ""
    yield (
        f"Exit code {summary.exit_code}: {markdown(short(summary.exit_reason, 500))}. "
        f"<sub>Oreva {__version__}, scan {markdown(terminal(data.scan.id))}</sub>"
    )


def fixed_rows(data: ReportData) -> Iterator[str]:
    """What is fixed, the severest first, below a heading."""
    for finding in ranked(data.fixed)[:_FIXED]:
        yield f"- {markdown(short(finding.title))}: {code_span(f'{short(finding.path)}:{finding.start_line}')}"
    if len(data.fixed) > _FIXED:
        yield f"- … and {len(data.fixed) - _FIXED:,} more"
    yield ""


def note_lines(data: ReportData) -> Iterator[str]:
    """What a reader must know of the scan, as quotes."""
    for note in data.notes[:10]:
        yield f"> {markdown(short(note, 500))}"
        yield ""


def coverage_lines(data: ReportData) -> Iterator[str]:
    """How many files had which outcome, one scanner a line."""
    for name, counts in sorted(coverage_by_scanner(data).items()):
        version = data.scan.scanners.get(name, "")
        yield f"- {markdown(f'{name} {version}'.strip())}: {coverage_words(counts)}"


def gap_lines(data: ReportData) -> Iterator[str]:
    """What could not be assessed, and what to do about it; nothing without gaps."""
    gaps = sorted(data.gaps, key=lambda gap: (gap.accepted, gap.path, gap.scanner or ""))
    if not gaps:
        return
    yield f"**{amount(len(gaps), 'gap')}: what could not be assessed in full**"
    yield ""
    for gap in gaps[:_GAPS]:
        facts = [gap.scanner or "all scanners", gap.outcome.value, *(["accepted"] if gap.accepted else [])]
        reason = markdown(short(gap.reason, 300)) or "no reason was recorded"
        yield f"- {code_span(short(gap.path))} ({markdown(', '.join(facts))}): {reason}"
    if len(gaps) > _GAPS:
        yield f"- … and {amount(len(gaps) - _GAPS, 'more gap')} (in the JSON report)"
    yield ""
    yield "\n".join(f"> {to_markdown(step)}" for step in next_steps(gaps))
    yield ""
