"""The SARIF 2.1.0 report (OASIS standard), shaped for GitHub code scanning and every other viewer.

One run by the driver "Oreva". A rule is named `scanner:rule id`; a finding is one result of its primary rule, with its
other detections as related locations. GitHub refuses runs of more than 25,000 results, so the least severe beyond that
are left out, and a notification says so.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence

from oreva._version import __version__
from oreva.models import (
    Confidence,
    CoverageEntry,
    Detection,
    Finding,
    Outcome,
    Rule,
    Scan,
    ScanState,
    Severity,
    Status,
)
from oreva.reports.base import ReportData
from oreva.reports.json import JsonValue, encodable
from oreva.reports.prose import to_markdown
from oreva.reports.summary import amount, is_suppressed_in_source, ranked, summarize
from oreva.reports.text_safety import (
    cwe_url,
    safe_url,
    sarif_uri,
    terminal,
)

MAX_RESULTS = 25_000
_MAX_NOTIFICATIONS = 1_000
_MAX_WITH_CONTEXT = 5_000  # beyond that, whole lines of context would outgrow GitHub's 10 MB of gzip
_MAX_TAGS = 20
_MAX_TEXT = 1_000

_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# GitHub: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.5",
}
_PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
_BASE = "SRCROOT"
_CWE_NUMBER = re.compile(r"CWE-(\d{1,5})\Z", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{7,64}\Z")

Json = dict[str, JsonValue]


def render(data: ReportData) -> str:
    """The report as one SARIF document."""
    findings = ranked(data.findings)
    left_out = len(findings) - MAX_RESULTS
    findings = findings[:MAX_RESULTS]
    index = {key: i for i, key in enumerate(dict.fromkeys(finding.rule_ids[0] for finding in findings))}
    with_context = len(findings) <= _MAX_WITH_CONTEXT
    driver: Json = {
        "name": "Oreva",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": "https://github.com/oreva-security/oreva",
        "rules": _rules(list(index), findings, data),
    }
    run: Json = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"oreva/{data.scan.id}"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The root of the scanned source."}}},
        "invocations": [_invocation(data, left_out)],
        "results": [_result(finding, index, data, with_context) for finding in findings],
        "properties": {
            "rulesetDigest": data.scan.ruleset_digest,
            "scanners": dict(data.scan.scanners),
            "result": summarize(data).result,
        },
    }
    if provenance := _provenance(data.scan):
        run["versionControlProvenance"] = [provenance]
    log: Json = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    # Escaped to ASCII, except for DEL, which JSON lets through; lone surrogates were written out before.
    return json.dumps(encodable(log), ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def _rules(keys: Sequence[str], findings: Sequence[Finding], data: ReportData) -> list[JsonValue]:
    """The rules of the results. GitHub reads the severity here, so a rule is as severe as its worst result."""
    worst: dict[str, Finding] = {}
    for finding in findings:  # ranked: the first is the worst
        worst.setdefault(finding.rule_ids[0], finding)
    return [_rule(key, data.rules.get(key), worst[key]) for key in keys]


def _rule(key: str, rule: Rule | None, worst: Finding) -> Json:
    severity = max(rule.severity, worst.severity) if rule else worst.severity
    title = rule.title if rule else worst.title
    message = (rule.message if rule else "") or title
    cwe = rule.cwe if rule else worst.cwe
    references = rule.references if rule else worst.references
    fix = rule.fix if rule else worst.fix
    tags = ["security"]
    tags += [f"external/cwe/cwe-{int(found[1])}" for found in map(_CWE_NUMBER.match, cwe) if found]
    tags += [f"owasp/{terminal(name)}" for name in (rule.owasp if rule else worst.owasp)]
    links = [link for link in map(safe_url, references) if link]
    links += [link for link in map(cwe_url, cwe) if link]
    result: Json = {
        "id": key,
        "name": _name(key),
        "shortDescription": {"text": _text(title)},
        "fullDescription": {"text": _text(message)},
        "help": {"text": _help_text(message, fix), "markdown": _help_markdown(message, fix, links)},
        "defaultConfiguration": {"level": _LEVEL[severity]},
        "properties": {
            "tags": list(dict.fromkeys(tags))[:_MAX_TAGS],
            "security-severity": _SECURITY_SEVERITY[severity],
            "precision": _PRECISION[rule.confidence if rule else worst.confidence],
        },
    }
    if links:
        result["helpUri"] = links[0]
    return result


def _name(key: str) -> str:
    """A rule's name in Pascal case, as the standard recommends."""
    words = re.findall(r"[A-Za-z0-9]+", key)
    return "".join(word[0].upper() + word[1:] for word in words)[:255] or "Rule"


def _text(text: str) -> str:
    """Plain text of a message: no link can be in it (a viewer would take `[a](b)` for one), and it is never empty."""
    shown = terminal(text.replace("\r\n", "\n").replace("\n", " ")).replace("](", "] (").strip()
    return (shown if len(shown) <= _MAX_TEXT else shown[: _MAX_TEXT - 1] + "…") or "(no text)"


def _help_text(message: str, fix: str) -> str:
    return f"{_text(message)}\n\nHow to fix: {_text(fix)}" if fix else _text(message)


def _help_markdown(message: str, fix: str, links: Sequence[str]) -> str:
    parts = [to_markdown(message)]
    if fix:
        parts += ["**How to fix**", to_markdown(fix)]
    if links:
        parts += ["**Read more**", "\n".join(f"- <{link}>" for link in dict.fromkeys(links))]
    return "\n\n".join(part for part in parts if part)


def _result(finding: Finding, index: dict[str, int], data: ReportData, with_context: bool) -> Json:
    key = finding.rule_ids[0]
    fingerprints: Json = {"orevaFinding/v1": finding.id}
    if finding.fingerprints:
        primary = finding.fingerprints[0]
        fingerprints["primaryLocationLineHash"] = primary.primary_location_line_hash
        fingerprints["orevaRule/v1"] = primary.rule
    result: Json = {
        "ruleId": key,
        "ruleIndex": index[key],
        "level": _LEVEL[finding.severity],
        "message": {"text": _text(finding.message or finding.title)},
        "locations": [{"physicalLocation": _place(finding, with_context)}],
        "partialFingerprints": fingerprints,
        "baselineState": "new" if finding.id in data.new_ids else "unchanged",
        "properties": _properties(finding),
    }
    if others := finding.detections[1:]:
        result["relatedLocations"] = [_related(i, detection) for i, detection in enumerate(others, 1)]
    if suppression := _suppression(finding):
        result["suppressions"] = [suppression]
    return result


def _properties(finding: Finding) -> Json:
    properties: Json = {
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "security-severity": _SECURITY_SEVERITY[finding.severity],
        "status": finding.status.value,
        "cwe": list(finding.cwe),
        "detections": list(finding.rule_ids),
        "firstSeen": finding.first_seen.isoformat(),
    }
    if finding.verdict:
        properties["verdict"] = {
            "assessment": finding.verdict.assessment.value,
            "confidence": finding.verdict.confidence,
            "rationale": finding.verdict.rationale,
            "triagedBy": finding.verdict.triaged_by,
        }
    return properties


def _artifact(path: str) -> Json:
    return {"uri": sarif_uri(path), "uriBaseId": _BASE}


def _region(detection: Detection) -> Json:
    start = max(detection.start_line, 1)
    end = max(detection.end_line, start)
    start_col = max(detection.start_col, 1)
    end_col = max(detection.end_col, start_col if end == start else 1)
    return {"startLine": start, "startColumn": start_col, "endLine": end, "endColumn": end_col}


def _place(finding: Finding, with_context: bool) -> Json:
    region = _region(finding.primary)
    place: Json = {"artifactLocation": _artifact(finding.path), "region": region}
    lines = finding.snippet.split("\n")
    whole = len(lines) == finding.end_line - finding.start_line + 1
    if whole and (finding.start_line, finding.end_line) == (finding.primary.start_line, finding.primary.end_line):
        cut = [*lines[:-1], lines[-1][: max(finding.primary.end_col - 1, 0)]]
        cut[0] = cut[0][max(finding.primary.start_col - 1, 0) :]
        region["snippet"] = {"text": "\n".join(cut)}
    if with_context and finding.snippet:
        start = max(finding.start_line, 1)
        place["contextRegion"] = {
            "startLine": start,
            "endLine": start + len(lines) - 1,
            "snippet": {"text": finding.snippet},
        }
    return place


def _related(number: int, detection: Detection) -> Json:
    words = f"{detection.scanner}:{detection.rule_id} sees it too: {detection.message}"
    return {
        "id": number,
        "message": {"text": _text(words)},
        "physicalLocation": {"artifactLocation": _artifact(detection.path), "region": _region(detection)},
    }


def _suppression(finding: Finding) -> Json | None:
    """Why a finding does not count: a comment in the source, a policy, or a person's decision."""
    if finding.status not in (Status.SUPPRESSED, Status.DISMISSED):
        return None
    if is_suppressed_in_source(finding):
        kind = "inSource"
        comments = [detection.suppression for detection in finding.detections if detection.suppression]
        words = "; ".join(filter(None, (comment.justification for comment in comments)))
        words = words or f"{comments[0].kind} comment on line {comments[0].line}"
    elif finding.dismissal:
        kind, dismissal = "external", finding.dismissal
        expires = f" until {dismissal.expires}" if dismissal.expires else ""
        words = f"{dismissal.kind.value.replace('_', ' ')}{expires}, by {dismissal.by}: {dismissal.reason}"
    else:
        kind = "external"
        words = finding.status_reason or (finding.verdict.rationale if finding.verdict else finding.status.value)
    return {"kind": kind, "status": "accepted", "justification": _text(words)}


def _invocation(data: ReportData, left_out: int) -> Json:
    scan = data.scan
    summary = summarize(data)
    end = scan.started_at + dt.timedelta(seconds=scan.duration_s)
    notifications: list[JsonValue] = []
    if scan.state is ScanState.FAILED:
        notifications.append(_notification("scan-failed", "error", scan.cause or "The scan failed."))
    if left_out > 0:
        words = f"{amount(left_out, 'result')} left out, the least severe: a run may hold {MAX_RESULTS:,}."
        notifications.append(_notification("results-left-out", "warning", words))
    notifications += [_gap(gap) for gap in data.gaps[:_MAX_NOTIFICATIONS]]
    if len(data.gaps) > _MAX_NOTIFICATIONS:
        more = amount(len(data.gaps) - _MAX_NOTIFICATIONS, "more gap")
        notifications.append(_notification("gaps-left-out", "error", f"{more}; the JSON report lists all."))
    notifications += [_notification("note", "note", note) for note in data.notes]
    return {
        "executionSuccessful": scan.state in (ScanState.COMPLETED, ScanState.SUPERSEDED),
        "exitCode": summary.exit_code,
        "exitCodeDescription": _text(summary.exit_reason),
        "startTimeUtc": _utc(scan.started_at),
        "endTimeUtc": _utc(end),
        "toolExecutionNotifications": notifications,
    }


def _gap(gap: CoverageEntry) -> Json:
    who = gap.scanner or "all scanners"
    words = f"{who}: {gap.outcome.value}: {gap.reason or 'no reason was recorded'}"
    level = "note" if gap.accepted else "warning" if gap.outcome is Outcome.PARTIAL else "error"
    return {
        **_notification("gap", level, f"Not assessed in full: {words}"),
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(gap.path)}}],
    }


def _notification(name: str, level: str, text: str) -> Json:
    return {"descriptor": {"id": f"oreva/{name}"}, "level": level, "message": {"text": _text(text)}}


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _provenance(scan: Scan) -> Json | None:
    source = scan.source
    if source.provider != "github":
        return None
    provenance: Json = {
        "repositoryUri": f"https://github.com/{sarif_uri(source.repository)}",
        "mappedTo": {"uriBaseId": _BASE},
    }
    if source.commit and _COMMIT.match(source.commit):
        provenance["revisionId"] = source.commit
    if source.ref:
        provenance["branch"] = source.ref
    return provenance
