"""The verdicts of a scan's batches, on their way from Triage to Report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from oreva.cloud import layout
from oreva.cloud.artifacts import Artifacts
from oreva.models import Finding, Model, TriageSpending, Verdict
from oreva.triage.base import TriageContext, TriageResult
from oreva.triage.budget import ModelCall

FAILED = "triage failed: the function that was to judge it ended without a result"
CHANGED = "not judged: another scan changed the store in the meantime; the next scan judges it"


class Recorded(Model):
    """What triage said of one finding."""

    key: str
    verdict: Verdict | None = None
    untriaged_reason: str = ""
    second: Verdict | None = None


class BatchVerdicts(Model):
    """What one Triage function said."""

    judged: tuple[Recorded, ...]
    spending: TriageSpending | None = None
    """None if no model was to be asked."""
    calls: tuple[ModelCall, ...] = ()
    """On what."""


def key_of(finding: Finding) -> str:
    """What a finding is known by before and after it was matched with the store."""
    return finding.fingerprints[0].rule


@dataclass(frozen=True)
class Verdicts:
    """All verdicts of a scan. A triager (`oreva.triage.base`) that repeats what was recorded."""

    recorded: Mapping[str, Recorded]
    spending: TriageSpending | None
    failed: int
    """Batches without a result."""

    name = "recorded"

    @classmethod
    def load(cls, scan_id: str, count: int, artifacts: Artifacts) -> Verdicts:
        """What the Triage functions of `count` batches have left. Raises `StoreError`."""
        found = [artifacts.find_model(layout.verdicts(scan_id, number), BatchVerdicts) for number in range(count)]
        there = [batch for batch in found if batch is not None]
        return cls(
            recorded={item.key: item for batch in there for item in batch.judged},
            spending=_sum(batch.spending for batch in there if batch.spending is not None),
            failed=count - len(there),
        )

    def triage(self, findings: Sequence[Finding], context: TriageContext) -> list[TriageResult]:
        """What was recorded; a finding that was not judged keeps the verdict it has, or gets the reason."""
        del context
        missing = FAILED if self.failed else CHANGED
        results = []
        for index, finding in enumerate(findings):
            item = self.recorded.get(key_of(finding)) or Recorded(
                key="", verdict=finding.verdict, untriaged_reason="" if finding.verdict else missing
            )
            results.append(
                TriageResult(finding_index=index, verdict=item.verdict, untriaged_reason=item.untriaged_reason)
            )
        return results

    def second_opinions(
        self, findings: Sequence[Finding], context: TriageContext, first: Sequence[TriageResult]
    ) -> Mapping[int, Verdict]:
        """The second opinions that were recorded."""
        del context, first
        found = ((index, self.recorded.get(key_of(finding))) for index, finding in enumerate(findings))
        return {index: item.second for index, item in found if item is not None and item.second is not None}


def _sum(spendings: Iterable[TriageSpending]) -> TriageSpending | None:
    found = list(spendings)
    if not found:
        return None
    costs = [s.cost for s in found]
    known = [Decimal(cost) for cost in costs if cost is not None]
    return TriageSpending(
        calls=sum(s.calls for s in found),
        input_tokens=sum(s.input_tokens for s in found),
        output_tokens=sum(s.output_tokens for s in found),
        latency_ms=sum(s.latency_ms for s in found),
        cost=str(sum(known, Decimal(0))) if len(known) == len(costs) else None,
    )
