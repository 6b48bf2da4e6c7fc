"""The report as one self-contained HTML page: no network, readable without scripts and in print.

The page carries a content security policy with the hashes of its own style and script, so that nothing else in it can
run. Everything is in the markup; the script only filters, sorts and opens what is there.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from oreva._version import __version__
from oreva.models import Confidence, Finding, Outcome, ScanState, Severity, Status
from oreva.reports.base import ReportData
from oreva.reports.code_frame import Frame, frames
from oreva.reports.prose import Block, parse
from oreva.reports.summary import (
    Summary,
    amount,
    coverage_by_scanner,
    coverage_words,
    is_suppressed_in_source,
    next_steps,
    ranked,
    summarize,
)
from oreva.reports.text_safety import block, cwe_url, safe_url, terminal

_MAX_FINDINGS = 5_000  # a browser stays quick up to here
_MAX_LISTED = 1_000
_CONTEXT = 3
_WIDTH = 200


@dataclass(frozen=True)
class Item:
    """One finding with what the page derives from it."""

    finding: Finding
    frame: Frame
    kind: str
    """`open`, `low-confidence`, `existing`, `suppressed` or `dismissed`: what the status filter offers."""
    is_new: bool
    why: tuple[Block, ...]
    fix: tuple[Block, ...]
    links: tuple[str, ...]
    classes: tuple[tuple[str, str | None], ...]
    """CWE names with the address of their page."""
    set_aside: str
    """Why it does not count; empty if it does."""

    @property
    def scanners(self) -> tuple[str, ...]:
        """The scanners that saw it."""
        return tuple(dict.fromkeys(detection.scanner for detection in self.finding.detections))

    @property
    def search_text(self) -> str:
        """What the search field looks through, in lower case."""
        finding = self.finding
        return " ".join((finding.title, finding.path, *finding.cwe, *finding.rule_ids, finding.id)).lower()


def render(data: ReportData) -> str:
    """The report as an HTML page. Beyond 5,000 findings the least severe are left out, and the page says how many."""
    summary = summarize(data)
    everything = ranked(data.findings)
    counted = {finding.id for finding in summary.counted}
    kept = sorted(everything, key=lambda finding: finding.id not in counted)[:_MAX_FINDINGS]
    code = frames(data, kept, context=_CONTEXT, width=_WIDTH)
    items = [_item(finding, code[finding.id], data, counted) for finding in kept]
    style, script = _asset("report.css"), _asset("report.js")
    page = _environment().get_template("report.html.jinja")
    return page.render(
        data=data,
        scan=data.scan,
        summary=summary,
        title=data.title or data.scan.source.repository,
        version=__version__,
        style=Markup(style),  # noqa: S704  # our own file
        script=Markup(script),  # noqa: S704
        policy=_policy(style, script),
        severities=[severity.value for severity in Severity],
        counted=[item for item in items if not item.set_aside],
        aside=[item for item in items if item.set_aside],
        left_out=len(everything) - len(kept),
        fixed=ranked(data.fixed)[:_MAX_LISTED],
        choices=_choices(items),
        coverage=[
            (name, data.scan.scanners.get(name, ""), coverage_words(counts), counts)
            for name, counts in sorted(coverage_by_scanner(data).items())
        ],
        gaps=sorted(data.gaps, key=lambda gap: (gap.accepted, gap.path, gap.scanner or ""))[:_MAX_LISTED],
        next_steps=next_steps(data.gaps),
        skipped=[entry for entry in data.coverage if entry.outcome is Outcome.SKIPPED and not entry.is_gap],
        listed=_MAX_LISTED,
        tone=_tone(data, summary),
    )


def _tone(data: ReportData, summary: Summary) -> str:
    if summary.failing or data.scan.state is ScanState.FAILED:
        return "bad"
    return "gap" if data.gaps or not data.scan.files else "good"


def _item(finding: Finding, frame: Frame, data: ReportData, counted: set[str]) -> Item:
    kind, reason = ("open", "") if finding.id in counted else _set_aside(finding)
    return Item(
        finding=finding,
        frame=frame,
        kind=kind,
        is_new=finding.id in data.new_ids,
        why=parse(finding.message),
        fix=parse(finding.fix),
        links=tuple(link for link in map(safe_url, finding.references) if link),
        classes=tuple((cwe, cwe_url(cwe)) for cwe in finding.cwe),
        set_aside=reason,
    )


def _set_aside(finding: Finding) -> tuple[str, str]:
    """Which filter a finding that does not count belongs to, and why it does not count."""
    if finding.dismissal and finding.status is Status.DISMISSED:
        dismissal = finding.dismissal
        until = f" until {dismissal.expires}" if dismissal.expires else ""
        words = dismissal.kind.value.replace("_", " ")
        return "dismissed", f"Dismissed as {words}{until} by {dismissal.by}: {dismissal.reason}"
    if is_suppressed_in_source(finding):
        comments = [detection.suppression for detection in finding.detections if detection.suppression]
        reason = next((comment.justification for comment in comments if comment.justification), "no reason given")
        return "suppressed", f"Suppressed by a {comments[0].kind} comment: {reason}"
    if finding.status is not Status.OPEN:
        return (
            finding.status.value,
            f"{finding.status.value.capitalize()}: {finding.status_reason or 'no reason given'}",
        )
    if finding.confidence is Confidence.LOW:
        return "low-confidence", (
            f"Low confidence: {finding.confidence_reason}"
            if finding.confidence_reason
            else "The rule has low confidence"
        )
    return "existing", "There before this change"


def _choices(items: Sequence[Item]) -> Mapping[str, list[str]]:
    """What the filters offer."""
    return {
        "kinds": sorted({item.kind for item in items}, key=lambda kind: (kind != "open", kind)),
        "scanners": sorted({scanner for item in items for scanner in item.scanners}),
        "cwes": sorted({cwe for item in items for cwe in item.finding.cwe}),
    }


def _asset(name: str) -> str:
    return resources.files("oreva.reports").joinpath("templates", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script))
    style_hash, script_hash = hashes
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _visible(value: object) -> object:
    """Every expression of the template goes through here before it is escaped: no control character gets out."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return terminal(value)
    return value


def _code(text: str) -> Markup:
    return escape(block(text))


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = _code
    environment.filters["amount"] = amount
    return environment
