"""Deduplicate: from the results of the shards to findings, and to batches of those that need a verdict.

A shard without a usable result is not an error: each of its files becomes a gap with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from oreva.cloud import batches, layout
from oreva.cloud.artifacts import Artifacts
from oreva.cloud.cache import CacheEntry
from oreva.cloud.material import Content, Deduplicated, Material, scan_of
from oreva.cloud.messages import DeduplicateReceipt, StageMessage
from oreva.cloud.plan import Plan, PlannedFile, load_plan, load_ruleset
from oreva.cloud.results import FileResult, lost
from oreva.cloud.services import Services
from oreva.errors import StoreError
from oreva.findings.corroborate import corroborate
from oreva.findings.deduplicate import deduplicate, rank
from oreva.findings.suppressions import honoured
from oreva.models import CoverageEntry, Detection, Finding
from oreva.pipeline import Ruleset
from oreva.scanners.coverage import Coverage

LOST = (
    "its shard was lost: the function that scanned it ended without a result, or began after its addresses in S3 had "
    "expired; scan again, or make shards smaller"
)
DAMAGED = "its shard was lost: the result is damaged; scan again"
FOREIGN = "its shard was lost: the result is not that of its files; scan again"

_Applies = Mapping[str, Mapping[str, str]]
"""Path to the scanners that apply to it, with their cache keys."""


def run(message: StageMessage, services: Services) -> DeduplicateReceipt:
    """Make findings of all detections, and cut those that need a verdict into batches.

    Raises `StoreError` if an artifact of the scan itself cannot be read or written.
    """
    artifacts = services.artifacts
    plan = load_plan(message.request.scan_id, artifacts)
    request = plan.completed(message.request)
    services.store.put_scan(plan.source.key, scan_of(request, plan, "analyzing"))
    active = load_ruleset(request.scan_id, plan, artifacts)
    shards = _Shards(request.scan_id, plan, artifacts)
    findings, coverage = _gather(shards, active)
    if request.is_baseline:
        findings = honoured(findings, plan.in_source)
    coverage += artifacts.iter_lines(layout.skipped(request.scan_id), CoverageEntry)
    artifacts.put_lines(layout.coverage(request.scan_id), coverage)
    artifacts.put_lines(layout.candidates(request.scan_id), findings)
    made = batches.write(Material(request, plan, active, findings, coverage), services)
    artifacts.put_model(layout.deduplicated(request.scan_id), Deduplicated(lost_shards=shards.lost, batches=len(made)))
    return DeduplicateReceipt(findings=len(findings), batches=made)


def _gather(shards: _Shards, active: Ruleset) -> tuple[list[Finding], list[CoverageEntry]]:
    """Findings and coverage, one shard after the other; what later stages need of the code is written on the way."""
    findings: list[Finding] = []
    coverage: list[CoverageEntry] = []
    with (
        shards.artifacts.lines(layout.contents(shards.scan_id)) as contents,
        shards.artifacts.lines(layout.fresh(shards.scan_id)) as fresh,
    ):
        for results in shards.results():
            detections: list[Detection] = []
            code: dict[str, bytes] = {}
            for result in results:
                coverage += result.coverage
                detections += (d for d in result.detections if f"{d.scanner}:{d.rule_id}" in active.rules)
                if result.content is not None:
                    code[result.path] = result.content
                    contents.add(Content(path=result.path, content=result.content))
                for key, known in result.fresh:
                    fresh.add(CacheEntry(key=key, day=0, result=known))
            looked = Coverage(entry for result in results for entry in result.coverage).looked
            found = deduplicate(detections, active.rules, code, shards.plan.at)
            findings += corroborate(found, active.rules, code, looked)
    coverage.sort(key=lambda entry: (entry.path, entry.scanner or ""))
    return sorted(findings, key=rank), coverage


class _Shards:
    """The results of one scan, shard by shard; counts those that are lost."""

    def __init__(self, scan_id: str, plan: Plan, artifacts: Artifacts) -> None:
        self.scan_id = scan_id
        self.plan = plan
        self.artifacts = artifacts
        self.lost = 0

    def results(self) -> Iterator[Sequence[FileResult]]:
        """What was cached, then shard by shard what was scanned."""
        shards: dict[int, dict[str, Mapping[str, str]]] = {number: {} for number in range(self.plan.shards)}
        for file in self.artifacts.iter_lines(layout.files(self.scan_id), PlannedFile):
            if file.shard is not None:
                shards[file.shard][file.path] = file.keys
        yield self.artifacts.get_lines(layout.result(self.scan_id, "cached"), FileResult)
        for number, applies in shards.items():
            yield self._shard(number, applies)

    def _shard(self, number: int, applies: _Applies) -> Sequence[FileResult]:
        """The result of one shard, if it is there and is that of its files; else a gap for each of them."""
        lines = self.artifacts.find_lines(layout.result(self.scan_id, number), FileResult)
        reason = LOST
        if lines is not None:
            try:
                results = list(lines)
            except StoreError:
                reason = DAMAGED
            else:
                if _belongs(results, applies, self.plan):
                    return results
                reason = FOREIGN
        self.lost += 1
        return [lost(path, keys, self.plan.scanners, reason) for path, keys in applies.items()]


def _belongs(results: Sequence[FileResult], applies: _Applies, plan: Plan) -> bool:
    """Whether a result speaks of each file of its shard, under each scanner, and of nothing else."""
    if [result.path for result in results] != list(applies):
        return False
    return all(
        sorted(look.scanner for look in result.looks) == sorted(plan.scanners)
        and all(
            look.key in ("", applies[result.path].get(look.scanner))
            and all((d.path, d.scanner) == (result.path, look.scanner) for d in look.detections)
            for look in result.looks
        )
        and (result.content is not None or not any(result.detections))
        for result in results
    )
