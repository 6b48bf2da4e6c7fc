"""The JSON report: everything a scan knows, in the shape of `schema-v1.json`.

Within `schema_version` 1 fields may be added; none changes its meaning or goes away. Paths are written as `json_path`
says. The text is plain ASCII, one finding, gap or skipped path per line.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

from oreva._version import __version__
from oreva.models import CoverageEntry, Detection, Finding, Fingerprints, Outcome, Scan, Verdict
from oreva.reports.base import ReportData
from oreva.reports.summary import Summary, coverage_by_scanner, ranked, summarize
from oreva.reports.text_safety import json_path, unicode_text

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | dict[str, "JsonValue"]


def render(data: ReportData) -> str:
    """The report as one JSON document. It holds every finding of the scan, whatever its status."""
    summary = summarize(data)
    by_scanner: dict[str, JsonValue] = {
        name: dict(counts.model_dump()) for name, counts in coverage_by_scanner(data).items()
    }
    skipped = [entry for entry in data.coverage if entry.outcome is Outcome.SKIPPED and not entry.is_gap]
    coverage: dict[str, JsonValue] = {
        "files": data.scan.files,
        "by_scanner": by_scanner,
        "gaps": [_gap(entry) for entry in data.gaps],
        "skipped": [_skipped(entry) for entry in skipped],
    }
    document: dict[str, JsonValue] = {
        "schema_version": 1,
        "oreva_version": __version__,
        "scan": _scan(data),
        "summary": _summary(summary),
        "diff": {"ref": data.diff_ref} if data.diff_ref is not None else None,
        "notes": list(data.notes),
        "coverage": coverage,
        "findings": [_finding(finding, data) for finding in ranked(data.findings)],
        "fixed": [_finding(finding, data) for finding in ranked(data.fixed)],
    }
    return _document(encodable(document)) + "\n"


def schema() -> str:
    """The JSON Schema that every report of this version satisfies."""
    return resources.files("oreva.reports").joinpath("schema-v1.json").read_text(encoding="utf-8")


def _scan(data: ReportData) -> JsonValue:
    scan: Scan = data.scan
    return {
        "id": scan.id,
        "title": data.title,
        "source": dict(scan.source.model_dump(mode="json")),
        "state": scan.state.value,
        "cause": scan.cause,
        "trigger": scan.trigger,
        "started_at": scan.started_at.isoformat(),
        "duration_s": scan.duration_s,
        "ruleset_digest": scan.ruleset_digest,
        "scanners": dict(scan.scanners),
        "triage": dict(scan.triage.model_dump(mode="json")) if scan.triage is not None else None,
    }


def _summary(summary: Summary) -> JsonValue:
    return {
        "result": summary.result,
        "exit_code": summary.exit_code,
        "exit_reason": summary.exit_reason,
        "by_severity": {severity.value: number for severity, number in summary.by_severity.items()},
        "new": summary.new,
        "fixed": summary.fixed,
        "failing": summary.failing,
        "low_confidence": summary.low_confidence,
        "existing": summary.existing,
        "suppressed_in_source": summary.suppressed_in_source,
        "suppressed_by_policy": summary.suppressed_by_policy,
        "dismissed": summary.dismissed,
        "gaps": summary.gaps,
        "accepted_gaps": summary.accepted_gaps,
    }


def _gap(entry: CoverageEntry) -> JsonValue:
    return {
        "path": json_path(entry.path),
        "scanner": entry.scanner,
        "outcome": entry.outcome.value,
        "reason": entry.reason,
        "accepted": entry.accepted,
    }


def _skipped(entry: CoverageEntry) -> JsonValue:
    return {"path": json_path(entry.path), "scanner": entry.scanner, "reason": entry.reason}


def _finding(finding: Finding, data: ReportData) -> dict[str, JsonValue]:
    dismissal = finding.dismissal
    return {
        "id": finding.id,
        "status": finding.status.value,
        "status_reason": finding.status_reason,
        "new": finding.id in data.new_ids,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "confidence_reason": finding.confidence_reason,
        "title": finding.title,
        "message": finding.message,
        "fix": finding.fix,
        "references": list(finding.references),
        "cwe": list(finding.cwe),
        "owasp": list(finding.owasp),
        "asvs": list(finding.asvs),
        "path": json_path(finding.path),
        "start_line": finding.start_line,
        "end_line": finding.end_line,
        "snippet": finding.snippet,
        "fingerprints": _fingerprints(finding.fingerprints[0]) if finding.fingerprints else {},
        "verdict": _verdict(finding.verdict) if finding.verdict else None,
        "untriaged_reason": finding.untriaged_reason,
        "dismissal": dict(dismissal.model_dump(mode="json")) if dismissal else None,
        "first_seen": finding.first_seen.isoformat(),
        "first_seen_scan": finding.first_seen_scan,
        "fixed_at": finding.fixed_at.isoformat() if finding.fixed_at else None,
        "reopened": finding.reopened,
        "detections": [
            _detection(detection, finding.fingerprints[i] if i < len(finding.fingerprints) else None)
            for i, detection in enumerate(finding.detections)
        ],
    }


def _fingerprints(fingerprints: Fingerprints) -> dict[str, JsonValue]:
    return {
        "rule": fingerprints.rule,
        "code": fingerprints.code,
        "context": fingerprints.context,
        "primaryLocationLineHash": fingerprints.primary_location_line_hash,
    }


def _verdict(verdict: Verdict) -> JsonValue:
    return {
        **verdict.model_dump(mode="json", exclude={"evidence"}),
        "evidence": [{"path": json_path(e.path), "line": e.line, "quote": e.quote} for e in verdict.evidence],
    }


def _detection(detection: Detection, fingerprints: Fingerprints | None) -> JsonValue:
    return {
        "scanner": detection.scanner,
        "rule_id": detection.rule_id,
        "path": json_path(detection.path),
        "start_line": detection.start_line,
        "start_col": detection.start_col,
        "end_line": detection.end_line,
        "end_col": detection.end_col,
        "severity": detection.severity.value,
        "confidence": detection.confidence.value,
        "message": detection.message,
        "cwe": list(detection.cwe),
        "suppression": dict(detection.suppression.model_dump()) if detection.suppression else None,
        "fingerprints": _fingerprints(fingerprints) if fingerprints else None,
    }


def encodable(value: JsonValue) -> JsonValue:
    """The value with lone surrogates written out in every string, so that all of it can be encoded as UTF-8."""
    if isinstance(value, str):
        return unicode_text(value)
    if isinstance(value, dict):
        return {unicode_text(key): encodable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [encodable(inner) for inner in value]
    return value


def _document(value: JsonValue, indent: str = "") -> str:
    """Objects are spread over lines two levels deep; below that, one line per item (which also keeps it fast)."""
    inner = indent + "  "
    if isinstance(value, dict) and len(indent) < 4 and value:
        items = (f"{inner}{json.dumps(key)}: {_document(item, inner)}" for key, item in value.items())
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(inner + _compact(item) for item in value) + f"\n{indent}]"
    return _compact(value)


def _compact(value: JsonValue) -> str:
    # DEL is the one control character that JSON lets through.
    return json.dumps(value, ensure_ascii=True).replace("\x7f", "\\u007f")
