"""Triage batches: the findings of a scan that need a verdict, severest first, cut into a bounded number of pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from oreva import pipeline
from oreva.cloud import layout
from oreva.cloud.material import Material, contents, texts
from oreva.cloud.services import Services
from oreva.models import Finding, Model

MAX_BATCHES = 40
MIN_FINDINGS = 30
"""Of one batch, before a second one is begun: near-duplicates can only share a question within a batch."""
TOKENS_PER_FINDING = 4_000
"""What one finding is expected to take of the budget, to share it out before anything is asked."""


class Batch(Model):
    """One batch: the input of one Triage function, beside the request."""

    findings: tuple[Finding, ...]
    files: Mapping[str, str]
    """Text of every file that they are in, by path."""
    before: int
    """Findings in the batches before this one, which are severer."""
    total: int
    """Findings in all batches."""

    def tokens(self, budget: int) -> int:
        """This batch's part of a scan's budget: severer batches get what they are expected to need first.

        The parts of all batches together are no more than the budget; what nobody is expected to need is shared out
        evenly.
        """
        own = len(self.findings) * TOKENS_PER_FINDING
        left = max(0, budget - self.before * TOKENS_PER_FINDING)
        surplus = max(0, budget - self.total * TOKENS_PER_FINDING)
        return min(own, left) + surplus * len(self.findings) // max(1, self.total)


def write(material: Material, services: Services) -> tuple[int, ...]:
    """Write the batches of a scan; returns their numbers, none if no finding needs a verdict. Raises `StoreError`."""
    scan_id = material.request.scan_id
    wanted = _wanted(material, services)
    code = texts(contents(scan_id, services.artifacts, {finding.path for finding in wanted}) if wanted else {})
    numbers = []
    before = 0
    for number, findings in enumerate(cut(wanted)):
        paths = {finding.path for finding in findings}
        batch = Batch(
            findings=tuple(findings),
            files={path: code[path] for path in sorted(paths) if path in code},
            before=before,
            total=len(wanted),
        )
        services.artifacts.put_model(layout.batch(scan_id, number), batch)
        numbers.append(number)
        before += len(findings)
    return tuple(numbers)


def _wanted(material: Material, services: Services) -> list[Finding]:
    if not material.request.is_baseline:
        return [f for f in material.compared(services.store).findings if f.verdict is None]
    seen = material.tracked(services.store)
    return [seen.step.findings[i] for i in pipeline.undecided(seen, material.scanned, material.plan.policy)]


def cut(findings: Sequence[Finding]) -> Iterator[Sequence[Finding]]:
    """Cut findings into at most `MAX_BATCHES` batches, severest first; those of one rule and file stay neighbours."""
    ordered = sorted(
        findings,
        key=lambda f: (
            -f.severity.rank,
            -f.confidence.rank,
            f.rule_ids[0],
            f.path,
            f.start_line,
            f.fingerprints[0].rule,
        ),
    )
    size = max(MIN_FINDINGS, -(-len(ordered) // MAX_BATCHES))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
