"""What Analyzing and Reporting work on, in the form that `oreva.pipeline` takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from oreva import pipeline, review
from oreva.cloud import layout
from oreva.cloud.artifacts import Artifacts
from oreva.cloud.messages import ScanRequest
from oreva.cloud.plan import Packed, Plan, load_plan, load_ruleset
from oreva.cloud.requests import running
from oreva.findings.suppressions import honoured_in_review
from oreva.models import CoverageEntry, Finding, Model, Outcome, Scan
from oreva.scanners.coverage import Coverage
from oreva.store.base import FindingStore


class Content(Model):
    """The content of a file that has a detection."""

    path: str
    content: Packed


class Deduplicated(Model):
    """What came of the shards."""

    lost_shards: int
    batches: int
    """Of triage."""


@dataclass(frozen=True)
class Material:
    """One scan after its detections became findings."""

    request: ScanRequest
    """With the source as it was resolved."""
    plan: Plan
    active: pipeline.Ruleset
    current: Sequence[Finding]
    """Not matched with the store."""
    entries: Sequence[CoverageEntry]

    @classmethod
    def load(cls, request: ScanRequest, artifacts: Artifacts) -> Material:
        """As Deduplicate has left it. Raises `StoreError`."""
        plan = load_plan(request.scan_id, artifacts)
        return cls(
            request=plan.completed(request),
            plan=plan,
            active=load_ruleset(request.scan_id, plan, artifacts),
            current=artifacts.get_lines(layout.candidates(request.scan_id), Finding),
            entries=artifacts.get_lines(layout.coverage(request.scan_id), CoverageEntry),
        )

    @cached_property
    def scan(self) -> Scan:
        """The scan, not yet ended."""
        return scan_of(self.request, self.plan, "reporting")

    @cached_property
    def scanned(self) -> pipeline.ScanningResult:
        """What the Scanning stage hands on, without detections: the findings have them."""
        fresh = {e.path for e in self.entries if e.scanner and e.outcome not in _NOT_STARTED}
        return pipeline.ScanningResult(
            detections=(),
            coverage=Coverage(self.entries, self.plan.accepted_gaps),
            files=self.plan.files,
            digests={},
            looked_at=frozenset(fresh),
        )

    def tracked(self, store: FindingStore) -> pipeline.Tracked:
        """The findings matched with those of the default branch, whose lives they advance."""
        return pipeline.tracked(
            self.current,
            self.scanned,
            self.active,
            store,
            self.scan,
            renames=self.plan.renames,
            now=self.plan.at,
        )

    def compared(self, store: FindingStore) -> review.Compared:
        """The findings beside those of the default branch, whose lives stay as they are.

        What is new or gone in a file that the change has not touched was changed on the default branch instead.
        """
        stored = list(store.findings(self.plan.source.key))
        changed = frozenset(self.plan.changed)
        baseline = store.baseline(self.plan.source.key, self.plan.source.default_branch or self.plan.source.branch)
        found = review.compared(
            self.current,
            stored,
            stored,
            self.scan,
            covered=self.scanned.coverage.looked,
            honour=lambda f: honoured_in_review(f, self.plan.in_source) if f.path in changed else f,
            renames=self.plan.renames,
            same_rules=baseline is not None and baseline.ruleset_digest == self.plan.ruleset_digest,
        )
        return review.Compared(
            findings=found.findings,
            new_ids=frozenset(f.id for f in found.findings if f.id in found.new_ids and f.path in changed),
            fixed=tuple(f for f in found.fixed if f.path in changed),
        )


_NOT_STARTED = (Outcome.CACHED, Outcome.NOT_APPLICABLE, Outcome.SKIPPED)


def scan_of(request: ScanRequest, plan: Plan, stage: Literal["scanning", "analyzing", "reporting"]) -> Scan:
    """The scan as it is known once there is a plan."""
    return running(request).model_copy(
        update={
            "source": plan.source,
            "ruleset_digest": plan.ruleset_digest,
            "scanners": dict(plan.scanners),
            "stage": stage,
            "files": plan.files,
            "shards": plan.shards,
        }
    )


def contents(scan_id: str, artifacts: Artifacts, paths: Collection[str] | None = None) -> dict[str, bytes]:
    """Content by path of the files that have a detection; of all, or of these. Raises `StoreError`."""
    lines: Iterable[Content] = artifacts.iter_lines(layout.contents(scan_id), Content)
    return {line.path: line.content for line in lines if paths is None or line.path in paths}


def texts(found: Mapping[str, bytes]) -> dict[str, str]:
    """The same as text, as triage is shown it."""
    return {path: content.decode("utf-8", "replace") for path, content in found.items()}
