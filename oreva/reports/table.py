"""The report for a terminal: the worst findings in full, the others one line each, and a summary at the end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from oreva._version import __version__
from oreva.models import Assessment, Finding, Severity, Status
from oreva.reports.base import ReportData
from oreva.reports.code_frame import Frame, cells, frames
from oreva.reports.prose import CodeBlock, parse
from oreva.reports.summary import (
    Summary,
    amount,
    coverage_by_scanner,
    coverage_words,
    is_suppressed_in_source,
    next_steps,
    ranked,
    severities,
    summarize,
)
from oreva.reports.text_safety import block, safe_url, terminal

_IN_FULL = 25
_FEW = 10
_FALSE_ALARM_CONFIDENCE = 0.9
_GAPS_LISTED = 10
_CONTEXT = 2
_LABEL = 10  # cells of the column with "Why", "Fix", ...
_FIX_LINES = 16

_BADGE = {
    Severity.CRITICAL: "1;97;41",
    Severity.HIGH: "1;31",
    Severity.MEDIUM: "1;33",
    Severity.LOW: "1;36",
    Severity.INFO: "1;34",
}
_ASSESSMENT = {
    Assessment.TRUE_POSITIVE: "likely real",
    Assessment.FALSE_POSITIVE: "likely a false alarm",
    Assessment.UNCERTAIN: "uncertain",
}
_DIM, _BOLD, _RED, _GREEN, _YELLOW, _CYAN = "2", "1", "1;31", "1;32", "1;33", "36"


def render(data: ReportData, *, color: bool = False, width: int = 100) -> str:
    """The report as lines of at most `width` cells, as far as paths allow; ANSI colours only with `color`.

    In full: the worst 25 of at least medium severity that triage does not take for false alarms. The others of that
    severity follow with one line per file and title, low ones with one line per title. All in full with `show_all`, and
    where there are few.
    """
    paint = _Paint(color)
    width = max(width, 40)
    summary = summarize(data)
    shown = ranked(data.shown())
    if data.show_all or len(shown) <= _FEW:
        in_full = shown
    else:
        in_full = [finding for finding in shown if _deserves_space(finding)][:_IN_FULL]
    lines = [_heading(data, paint), ""]
    code = frames(data, in_full, context=_CONTEXT, width=width - 12)
    for path, group in _by_file(in_full):
        lines += [paint(terminal(path), "1;4"), ""]
        for finding in group:
            lines += _finding(finding, data, code[finding.id], paint, width)
    there = {finding.id for finding in in_full}
    rest = [finding for finding in shown if finding.id not in there]
    if rest:
        lines += _condensed(rest, paint, width)
    lines += _summary(data, summary, paint, width)
    return "\n".join(lines) + "\n"


class _Paint:
    """Colours text, or leaves it alone."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, codes: str) -> str:
        return f"\x1b[{codes}m{text}\x1b[0m" if self._color and text else text


def _by_file(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Ranked findings by file; a file stands where its worst finding stands."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.path, []).append(finding)
    return list(groups.items())


def _heading(data: ReportData, paint: _Paint) -> str:
    scan = data.scan
    parts = [paint(f"Oreva {__version__}", _BOLD), terminal(data.title or scan.source.repository)]
    if scan.source.commit:
        parts.append(terminal(scan.source.commit[:12]))
    if data.diff_ref:
        parts.append(f"against {terminal(data.diff_ref)}")
    parts += [amount(scan.files, "file"), f"{scan.duration_s:.1f} s"]
    return paint(" · ", _DIM).join(parts)


def _finding(finding: Finding, data: ReportData, frame: Frame, paint: _Paint, width: int) -> Iterator[str]:
    badge = finding.severity.upper()
    indent = " " * (len(badge) + 2)
    first, *more = textwrap.wrap(terminal(finding.title), width - len(indent), break_on_hyphens=False) or [""]
    yield f"{paint(badge, _BADGE[finding.severity])}  {paint(first, _BOLD)}"
    for line in more:
        yield indent + paint(line, _BOLD)
    place = f"{terminal(finding.path)}:{finding.start_line}:{finding.primary.start_col}"
    facts = [paint(place, _CYAN), f"{finding.confidence} confidence"]
    if finding.id in data.new_ids:
        facts.append(paint("new", _GREEN))
    if finding.reopened:
        facts.append("came back")
    if finding.status is not Status.OPEN:
        facts.append(paint(_status(finding), _YELLOW))
    yield "  " + paint(" · ", _DIM).join(facts)
    yield ""
    yield from _code(frame, paint)
    yield ""
    yield from _labelled("Why", finding.message, width)
    yield from _labelled("Fix", finding.fix, width, at_most=_FIX_LINES)
    yield from _wrapped("Seen by", ", ".join(rule.replace(":", " ", 1) for rule in finding.rule_ids), width)
    yield from _wrapped("Class", " · ".join((*finding.cwe, *finding.owasp)), width)
    yield from _verdict(finding, width)
    if finding.status is Status.OPEN and finding.status_reason:
        yield from _wrapped("Note", finding.status_reason, width)
    if finding.confidence_reason:
        yield from _wrapped("Sure", f"{finding.confidence}: {finding.confidence_reason}", width)
    link = next(filter(None, map(safe_url, finding.references)), None)
    if link:
        yield f"  {'More':<{_LABEL}}{link}"
    yield paint(f"  {'Id':<{_LABEL}}{terminal(finding.id)}", _DIM)
    yield ""


def _status(finding: Finding) -> str:
    if is_suppressed_in_source(finding):
        reasons = (d.suppression.justification for d in finding.detections if d.suppression)
        reason, words = next(filter(None, reasons), ""), "suppressed in source"
    elif finding.dismissal:
        reason, words = finding.dismissal.reason, f"dismissed by {terminal(finding.dismissal.by)}"
    else:
        reason, words = finding.status_reason, finding.status.value
    return f"{words}: {terminal(reason)}" if reason else words


def _code(frame: Frame, paint: _Paint) -> Iterator[str]:
    gutter = frame.gutter
    bar = paint("│", _DIM)
    for line in frame.lines:
        if line is None:
            yield f"    {'·' * gutter:>{gutter}} {bar}"
            continue
        number = paint(f"{line.number:>{gutter}}", _BOLD if line.marked else _DIM)
        before, marked, after = (
            line.text[: line.mark_from],
            line.text[line.mark_from : line.mark_to],
            line.text[line.mark_to :],
        )
        sign = paint(">", _RED) if line.marked else " "
        yield f"  {sign} {number} {bar} {before}{paint(marked, _RED)}{after}".rstrip()
        if marked.strip() and (before.strip() or after.strip()):
            under = " " * cells(before) + paint("^" * cells(marked), _RED)
            yield f"    {' ' * gutter} {bar} {under}"


def _labelled(label: str, text: str, width: int, at_most: int = 1000) -> Iterator[str]:
    """Prose with a label before its first line; code blocks stay as they are."""
    lines: list[str] = []
    for part in parse(text):
        if isinstance(part, CodeBlock):
            lines += [f"  {line}" for line in block(part.text).expandtabs(4).split("\n")]
        else:
            hanging = " " * (len(part.marker) + 1) if part.marker else ""
            lines += textwrap.wrap(
                terminal(part.plain),
                max(width - _LABEL - 2, 20),
                initial_indent=f"{part.marker} " if part.marker else "",
                subsequent_indent=hanging,
                break_on_hyphens=False,
            )
    if len(lines) > at_most:
        lines[at_most - 1 :] = ["…"]
    for i, line in enumerate(lines):
        yield f"  {label if i == 0 else '':<{_LABEL}}{line}".rstrip()


def _wrapped(label: str, text: str, width: int) -> Iterator[str]:
    lines = textwrap.wrap(terminal(text), max(width - _LABEL - 2, 20), break_on_hyphens=False)
    for i, line in enumerate(lines):
        yield f"  {label if i == 0 else '':<{_LABEL}}{line}"


def _verdict(finding: Finding, width: int) -> Iterator[str]:
    verdict = finding.verdict
    if verdict:
        words = f"{_ASSESSMENT[verdict.assessment]} ({verdict.confidence:.0%}, {verdict.triaged_by})"
        yield from _wrapped("Verdict", f"{words}: {verdict.rationale}", width)
    elif finding.untriaged_reason:
        yield from _wrapped("Verdict", f"none: {finding.untriaged_reason}", width)


def _deserves_space(finding: Finding) -> bool:
    return finding.severity >= Severity.MEDIUM and not _likely_false_alarm(finding)


def _likely_false_alarm(finding: Finding) -> bool:
    verdict = finding.verdict
    return (
        verdict is not None
        and verdict.assessment is Assessment.FALSE_POSITIVE
        and verdict.confidence >= _FALSE_ALARM_CONFIDENCE
    )


def _condensed(rest: Sequence[Finding], paint: _Paint, width: int) -> Iterator[str]:
    yield paint(f"{amount(len(rest), 'more finding')} in short", _BOLD)
    yield paint("In full: --show all, or --format html or json.", _DIM)
    yield ""
    yield from _condensed_by_file([f for f in rest if f.severity >= Severity.MEDIUM], paint, width)
    low = sorted((f for f in rest if f.severity < Severity.MEDIUM), key=_kind)
    for (_, title, severity), same in groupby(low, key=_kind):
        yield from _condensed_kind(list(same), title, severity, paint, width)
    if low:
        yield ""


def _condensed_kind(
    same: Sequence[Finding], title: str, severity: Severity, paint: _Paint, width: int
) -> Iterator[str]:
    files = len({finding.path for finding in same})
    alarms = sum(map(_likely_false_alarm, same))
    where = (
        f"{len(same):,} in {amount(files, 'file')}"
        if len(same) > 1
        else f"{terminal(same[0].path)}:{same[0].start_line}"
    )
    if alarms:
        where += ", likely false alarms" if alarms == len(same) else f", {alarms:,} likely false alarms"
    words = _clip(terminal(title), max(width - 14 - len(where), 20))
    yield f"  {paint(f'{severity.upper():<8}', _BADGE[severity])}  {words}  {paint(where, _DIM)}"


def _condensed_by_file(rest: Sequence[Finding], paint: _Paint, width: int) -> Iterator[str]:
    for path, group in _by_file(rest):
        yield paint(terminal(path), _BOLD)
        for (_, title, severity), same in groupby(sorted(group, key=_kind), key=_kind):
            found = list(same)
            where = _line_list([str(finding.start_line) for finding in found], width // 2)
            if all(map(_likely_false_alarm, found)):
                where += ", likely a false alarm" if len(found) == 1 else ", likely false alarms"
            badge = paint(f"{severity.upper():<8}", _BADGE[severity])
            words = _clip(terminal(title), width - 14 - len(where))
            yield f"  {badge}  {words}  {paint(where, _DIM)}"
        yield ""


def _line_list(numbers: Sequence[str], room: int) -> str:
    """`lines 3, 14, 15 and 9 more`, with as many numbers as there is room for, one at least."""
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    for count in range(len(numbers), 0, -1):
        more = f" and {len(numbers) - count:,} more" if count < len(numbers) else ""
        listed = f"lines {', '.join(numbers[:count])}{more}"
        if len(listed) <= room:
            break
    return listed


def _clip(text: str, room: int) -> str:
    """The text cut to the cells there are."""
    if cells(text) <= room:
        return text
    text = text[:room]
    while cells(text) > room - 1:
        text = text[:-1]
    return f"{text}…"


def _kind(finding: Finding) -> tuple[int, str, Severity]:
    return -finding.severity.rank, finding.title, finding.severity


def _summary(data: ReportData, summary: Summary, paint: _Paint, width: int) -> Iterator[str]:
    yield paint("─" * min(width, 80), _DIM)
    for note in data.notes:
        yield from _wrapped("Note", note, width)
    yield from _wrapped("Findings", severities(summary.by_severity) or "none that count", width)
    yield from _wrapped("Changes", f"{summary.new:,} new, {summary.fixed:,} fixed {_since(data)}", width)
    if summary.set_aside:
        hint = "shown above" if data.show_all else "--show all lists them"
        yield from _wrapped(
            "Hidden" if not data.show_all else "Aside", f"{', '.join(summary.set_aside)} ({hint})", width
        )
    for i, (name, counts) in enumerate(sorted(coverage_by_scanner(data).items())):
        version = data.scan.scanners.get(name, "")
        yield from _wrapped("" if i else "Coverage", f"{name} {version}".strip() + f": {coverage_words(counts)}", width)
    yield from _gaps(data, paint, width)
    yield ""
    tone = _GREEN if summary.exit_code == 0 and not summary.accepted_gaps else _RED if summary.exit_code else _YELLOW
    yield paint(_sentence(summary.result), tone)
    yield f"Exit code {summary.exit_code}: {terminal(summary.exit_reason)}."


def _since(data: ReportData) -> str:
    return f"against {data.diff_ref}" if data.diff_ref else "since the last scan"


def _sentence(text: str) -> str:
    text = terminal(text)
    return f"{text[0].upper()}{text[1:]}."


def _gaps(data: ReportData, paint: _Paint, width: int) -> Iterator[str]:
    gaps = sorted(data.gaps, key=lambda gap: (gap.accepted, gap.path, gap.scanner or ""))
    if not gaps:
        return
    yield ""
    yield paint(f"{amount(len(gaps), 'gap')}: what could not be assessed in full", _YELLOW)
    for gap in gaps[:_GAPS_LISTED]:
        facts = [gap.scanner or "all scanners", gap.outcome.value, *(["accepted"] if gap.accepted else [])]
        yield f"  {terminal(gap.path)} " + paint(f"({terminal(', '.join(facts))})", _DIM)
        yield from _indented(terminal(gap.reason or "no reason was recorded"), width)
    if len(gaps) > _GAPS_LISTED:
        yield f"  … and {amount(len(gaps) - _GAPS_LISTED, 'more gap')}: --format json lists all."
    for step in next_steps(gaps):
        yield from _next(step, width)


def _indented(text: str, width: int) -> Iterable[str]:
    return textwrap.wrap(text, width, initial_indent="      ", subsequent_indent="      ", break_on_hyphens=False)


def _next(step: str, width: int) -> Iterable[str]:
    return textwrap.wrap(step, width, initial_indent="  → ", subsequent_indent="    ", break_on_hyphens=False)
