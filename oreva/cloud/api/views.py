"""Findings as the API shows them: every text is valid Unicode, whatever bytes the scanned code is made of."""

from __future__ import annotations

from collections.abc import Sequence

from oreva.cloud.api.bodies import (
    DetectionView,
    DismissalView,
    EventView,
    EvidenceView,
    FindingDetail,
    FindingSummary,
    VerdictSummary,
    VerdictView,
)
from oreva.models import Detection, Finding, FindingEvent, Verdict
from oreva.reports.text_safety import json_path, unicode_text


def summary(repository: str, finding: Finding) -> FindingSummary:
    """A finding in a list."""
    verdict = finding.verdict
    return FindingSummary(
        id=finding.id,
        repository=repository,
        status=finding.status,
        status_reason=unicode_text(finding.status_reason),
        severity=finding.severity,
        confidence=finding.confidence,
        title=unicode_text(finding.title),
        cwe=finding.cwe,
        path=json_path(finding.path),
        start_line=finding.start_line,
        end_line=finding.end_line,
        rules=tuple(map(unicode_text, finding.rule_ids)),
        verdict=None
        if verdict is None
        else VerdictSummary(
            assessment=verdict.assessment, confidence=verdict.confidence, triaged_by=verdict.triaged_by
        ),
        first_seen=finding.first_seen,
        first_seen_scan=finding.first_seen_scan,
        fixed_at=finding.fixed_at,
        reopened=finding.reopened,
        revision=finding.revision,
    )


def detail(repository: str, finding: Finding, events: Sequence[FindingEvent]) -> FindingDetail:
    """A finding in full, with its life."""
    dismissal = finding.dismissal
    return FindingDetail(
        **summary(repository, finding).model_dump(exclude={"verdict"}),
        verdict=_verdict(finding.verdict) if finding.verdict is not None else None,
        message=unicode_text(finding.message),
        snippet=unicode_text(finding.snippet),
        fix=unicode_text(finding.fix),
        references=tuple(map(unicode_text, finding.references)),
        owasp=finding.owasp,
        asvs=finding.asvs,
        detections=tuple(map(_detection, finding.detections)),
        untriaged_reason=unicode_text(finding.untriaged_reason),
        dismissal=DismissalView(
            kind=dismissal.kind,
            reason=unicode_text(dismissal.reason),
            by=dismissal.by,
            at=dismissal.at,
            expires=dismissal.expires,
        )
        if dismissal is not None
        else None,
        events=tuple(map(_event, events)),
    )


def _verdict(verdict: Verdict) -> VerdictView:
    return VerdictView(
        assessment=verdict.assessment,
        confidence=verdict.confidence,
        triaged_by=verdict.triaged_by,
        rationale=unicode_text(verdict.rationale),
        evidence=tuple(
            EvidenceView(path=json_path(e.path), line=e.line, quote=unicode_text(e.quote)) for e in verdict.evidence
        ),
        signals=verdict.signals,
        model_id=verdict.model_id,
        prompt_hash=verdict.prompt_hash,
        at=verdict.at,
    )


def _detection(detection: Detection) -> DetectionView:
    return DetectionView(
        scanner=detection.scanner,
        rule_id=unicode_text(detection.rule_id),
        path=json_path(detection.path),
        start_line=detection.start_line,
        start_col=detection.start_col,
        end_line=detection.end_line,
        end_col=detection.end_col,
        severity=detection.severity,
        confidence=detection.confidence,
        message=unicode_text(detection.message),
        suppression=detection.suppression.kind if detection.suppression else None,
    )


def _event(event: FindingEvent) -> EventView:
    return EventView(
        id=event.id,
        at=event.at,
        actor=event.actor,
        change=event.change,
        reason=unicode_text(event.reason),
        from_status=event.from_status,
        to_status=event.to_status,
    )
