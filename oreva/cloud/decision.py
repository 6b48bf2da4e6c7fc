"""What Report decides of a scan, kept before it is carried out, so that a second run says and does the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from oreva import pipeline, review
from oreva.cloud import layout
from oreva.cloud.material import Material
from oreva.cloud.services import Services
from oreva.cloud.verdicts import Verdicts
from oreva.errors import ConflictError
from oreva.models import Finding, Model, Scan, Status, utc_now
from oreva.store.base import Changes


class Decision(Model):
    """The end of one scan."""

    scan: Scan
    findings: tuple[Finding, ...]
    new_ids: frozenset[str]
    fixed: tuple[Finding, ...]
    changes: Changes | None
    """What is written to the lives of findings; None in a review, and if a newer scan had ended before."""

    @classmethod
    def of(cls, material: Material, analysis: pipeline.Analysis, verdicts: Verdicts) -> Self:
        """The decision that an analysis leads to."""
        elapsed = (utc_now() - material.request.requested_at).total_seconds()
        done = pipeline.completed(material.scan, material.scanned, analysis, max(0.0, elapsed), verdicts.spending)
        changes = analysis.changes
        return cls(
            scan=done,
            findings=analysis.findings,
            new_ids=analysis.new_ids,
            fixed=analysis.fixed,
            changes=None if changes is None else changes.model_copy(update={"scan": done}),
        )

    @property
    def untriaged(self) -> int:
        """Open findings without a verdict."""
        return sum(f.status is Status.OPEN and f.verdict is None for f in self.findings)


def decided(material: Material, verdicts: Verdicts, services: Services) -> Decision:
    """Decide, keep the decision, and write it to the store; where another scan wrote first, decide anew.

    Two runs for one scan at the same moment carry out one decision: that of the first who kept it.

    Raises `ConflictError` if others keep writing first, `StoreError` if something cannot be read or written.
    """
    key = layout.analysis(material.request.scan_id)
    decision = services.artifacts.find_model(key, Decision)
    if decision is None:
        services.store.put_scan(material.plan.source.key, material.scan)
    outdated = False
    for _ in range(pipeline.CONFLICT_RETRIES):
        if decision is None:
            decision = Decision.of(material, _analyze(material, verdicts, services), verdicts)
            if outdated:
                services.artifacts.put_model(key, decision)
            elif not services.artifacts.put_first(key, decision):
                decision = services.artifacts.get_model(key, Decision)
        try:
            _write(material, decision, services)
        except ConflictError:
            decision, outdated = None, True
            continue
        return decision
    raise ConflictError("other scans of the same code keep writing to the store; start the scan again")


def _analyze(material: Material, verdicts: Verdicts, services: Services) -> pipeline.Analysis:
    triage = pipeline.TriageSettings(verdicts, material.plan.policy)
    if not material.request.is_baseline:
        return review.judged_change(material.compared(services.store), contents={}, triage=triage)
    return pipeline.analyze(
        material.current,
        material.scanned,
        material.active,
        services.store,
        material.scan,
        contents={},  # the verdicts are there already
        triage=triage,
        renames=material.plan.renames,
        now=material.plan.at,
    )


def _write(material: Material, decision: Decision, services: Services) -> None:
    """Carry a decision out. Done twice, it changes nothing further."""
    if decision.changes is not None:
        services.store.apply(decision.changes)
        return
    if not material.request.is_baseline:
        services.store.put_branch_findings(decision.scan.id, decision.findings)
    services.store.put_scan(decision.scan.source.key, decision.scan)


def changed_by(decision: Decision) -> Sequence[Finding]:
    """The findings whose lives changed, as they are now."""
    return () if decision.changes is None else decision.changes.findings
