"""Report: what a scan means for the lives of findings, its reports, the check on the commit, and events for others.

Everything but the events can be done twice without harm; they and the counting are left out if they were done.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping

from oreva.cloud import cache, check, layout
from oreva.cloud.artifacts import Artifacts
from oreva.cloud.cache import CacheEntry
from oreva.cloud.decision import Decision, changed_by, decided
from oreva.cloud.material import Deduplicated, Material, contents
from oreva.cloud.messages import (
    FINDING_FIXED,
    FINDING_OPENED,
    SCAN_COMPLETED,
    FindingChanged,
    ReportReceipt,
    ScanCompleted,
    StageMessage,
)
from oreva.cloud.plan import PlannedFile, Tree
from oreva.cloud.services import Services
from oreva.cloud.verdicts import Verdicts
from oreva.models import Finding, FindingEvent, Model, ScanState, Status, utc_now
from oreva.reports.base import ReportData
from oreva.reports.registry import render
from oreva.sources.display import shown

SUPERSEDED = "a scan of something newer had ended before this one: it changed no finding's life"
_TEXT = 500
"""Longest text of an event."""
_PATH = 1_000


class Published(Model):
    """Kept once a scan's events are out."""

    events: int


def run(message: StageMessage, services: Services) -> ReportReceipt:
    """End a scan. Raises `StoreError` if the store, the bucket or the bus cannot be used."""
    request, artifacts = message.request, services.artifacts
    material = Material.load(request, artifacts)
    shards = artifacts.get_model(layout.deduplicated(request.scan_id), Deduplicated)
    verdicts = Verdicts.load(request.scan_id, shards.batches, artifacts)
    decision = decided(material, verdicts, services)
    data = _data(material, decision, artifacts)
    keys = _write_reports(data, artifacts)
    measures: Mapping[str, float] = {}
    if artifacts.find(layout.published(request.scan_id)) is None:
        _remember(material, decision, artifacts)
        check.completed(material.request, services, _as_brought_by_this_commit(data, decision))
        events = list(_events(material, decision, artifacts.bucket, keys))
        services.bus.publish(events)
        artifacts.put_model(layout.published(request.scan_id), Published(events=len(events)))
        measures = _measures(decision, verdicts, shards.lost_shards)
    scan = decision.scan
    return ReportReceipt(
        scan_id=scan.id,
        state=scan.state,
        findings=len(decision.findings),
        new=scan.opened,
        fixed=scan.fixed,
        gaps=scan.gaps,
        measures=measures,
    )


def _data(material: Material, decision: Decision, artifacts: Artifacts) -> ReportData:
    found = contents(material.request.scan_id, artifacts)

    def read_text(path: str) -> str | None:
        content = found.get(path)
        return None if content is None else content.decode("utf-8", "replace")

    plan = material.plan
    superseded = (SUPERSEDED,) if decision.scan.state is ScanState.SUPERSEDED else ()
    return ReportData(
        scan=decision.scan,
        findings=decision.findings,
        coverage=material.scanned.coverage.entries,
        rules=material.active.rules,
        new_ids=decision.new_ids,
        fixed=decision.fixed,
        diff_ref=None if material.request.is_baseline else plan.source.default_branch,
        title=plan.title,
        fail_on=plan.fail_on,
        read_text=read_text,
        notes=(*plan.notes, *superseded),
    )


def _as_brought_by_this_commit(data: ReportData, decision: Decision) -> ReportData:
    """The data with findings that were fixed once and are back counted as new: the commit answers for them too."""
    if decision.changes is None:
        return data
    back = {event.finding_id for event in decision.changes.events if event.change == "reopened"}
    return dataclasses.replace(data, new_ids=data.new_ids | back)


def _write_reports(data: ReportData, artifacts: Artifacts) -> dict[str, str]:
    """Write the report in all formats; format to key."""
    keys: dict[str, str] = {}
    for name, (_, content_type) in layout.REPORT_FILES.items():
        keys[name] = layout.report(data.scan.id, name)
        artifacts.put(keys[name], render(name, data).encode("utf-8", "replace"), content_type)
    return keys


def _remember(material: Material, decision: Decision, artifacts: Artifacts) -> None:
    """Keep what the next scan need not do again, and what it compares with."""
    scan_id, source = material.request.scan_id, material.plan.source
    cache.merge(
        source.key,
        material.plan.ruleset_digest,
        artifacts,
        used=material.plan.used,
        fresh=((entry.key, entry.result) for entry in artifacts.iter_lines(layout.fresh(scan_id), CacheEntry)),
        day=(utc_now() - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).days,
    )
    if decision.changes is not None:
        files = artifacts.iter_lines(layout.files(scan_id), PlannedFile)
        tree = Tree(commit=source.commit, files={file.path: file.sha256 for file in files})
        artifacts.put_model(layout.tree(source.key, source.branch), tree)


def _events(
    material: Material, decision: Decision, bucket: str, reports: Mapping[str, str]
) -> Iterator[tuple[str, Model]]:
    """What others are told: findings that opened or were fixed, then the end of the scan."""
    if decision.changes is not None:
        opened = {e.finding_id: e for e in decision.changes.events if _opens(e)}
        for finding in changed_by(decision):
            event = opened.get(finding.id)
            if event is not None and finding.status is Status.OPEN:
                yield FINDING_OPENED, _changed(material, finding, event)
        fixed = {e.finding_id: e for e in decision.changes.events if e.change == "fixed"}
        for finding in decision.fixed:
            yield FINDING_FIXED, _changed(material, finding, fixed[finding.id])
    scan = decision.scan
    yield (
        SCAN_COMPLETED,
        ScanCompleted(
            scan_id=scan.id,
            source=scan.source,
            trigger=scan.trigger,
            state=scan.state,
            ruleset_digest=scan.ruleset_digest,
            counts=scan.counts,
            new=scan.opened,
            fixed=scan.fixed,
            untriaged=decision.untriaged,
            files=scan.files,
            gaps=scan.gaps,
            coverage=scan.coverage,
            triage=scan.triage,
            duration_s=scan.duration_s,
            bucket=bucket,
            reports=reports,
        ),
    )


def _opens(event: FindingEvent) -> bool:
    return event.to_status is Status.OPEN and event.from_status is not Status.OPEN


def _changed(material: Material, finding: Finding, event: FindingEvent) -> FindingChanged:
    return FindingChanged(
        scan_id=material.request.scan_id,
        source=material.plan.source,
        finding_id=finding.id,
        change=event.change,
        reason=shown(event.reason, _TEXT),
        severity=finding.severity,
        confidence=finding.confidence,
        title=shown(finding.title, _TEXT),
        cwe=finding.cwe[:50],
        rules=tuple(shown(rule, _TEXT) for rule in finding.rule_ids[:50]),
        path=shown(finding.path, _PATH),
        start_line=finding.start_line,
        first_seen=finding.first_seen,
    )


def _measures(decision: Decision, verdicts: Verdicts, lost_shards: int) -> dict[str, float]:
    """What the scan counts as, by metric. What models were asked was counted by Triage as it was spent."""
    scan, spent = decision.scan, verdicts.spending
    cached = sum(counts.cached for counts in scan.coverage.values())
    measures = {
        "ScansCompleted": 1.0,
        "ScanSeconds": scan.duration_s,
        "Files": scan.files,
        "CachedResults": cached,
        "Gaps": scan.gaps,
        "ShardsFailed": lost_shards,
        "FindingsOpened": scan.opened if decision.changes is not None else 0,
        "FindingsFixed": scan.fixed if decision.changes is not None else 0,
        "Untriaged": decision.untriaged,
        "TriageBatchesFailed": verdicts.failed,
    }
    if spent is not None and spent.cost is not None:
        measures["ModelCostOfScan"] = float(spent.cost)
    return measures
