"""Rounds: the findings one model is asked about in one call, in which groups and order, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from oreva.models import Assessment, Finding, TriageMemory, Verdict
from oreva.triage.prompt import RuleText
from oreva.triage.reply import Seal
from oreva.triage.similarity import Likeness
from oreva.triage.slices import MaskedFile, Slice
from oreva.triage.verdict_cache import cache_key, moved_in, moved_out


@dataclass(frozen=True)
class Case:
    """A finding that can be asked about."""

    index: int
    finding: Finding
    file: MaskedFile
    shown: Slice
    rule: RuleText
    memories: tuple[TriageMemory, ...]

    @property
    def urgency(self) -> tuple[int, int, int]:
        """Sort key: severest first, then surest, then in the order given."""
        return (-self.finding.severity.rank, -self.finding.confidence.rank, self.index)

    def key(self, model_id: str) -> str:
        """The key of the verdict cache under which a model's verdict on this is kept."""
        return cache_key(self.rule, self.memories, self.shown, model_id)


@dataclass
class Round:
    """One run over findings with one model."""

    seal: Seal
    history: Mapping[str, Counter[Assessment]]
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    stopped: str = ""
    """Why nothing more is asked."""
    failed_in_a_row: int = 0

    def leave(self, cases: Iterable[Case], reason: str) -> None:
        """Leave cases without a verdict."""
        self.reasons.update((case.index, f"Bedrock: {reason}") for case in cases)


def halves(batch: Sequence[Case]) -> list[Sequence[Case]]:
    """A batch of two or more, cut in two."""
    middle = len(batch) // 2
    return [batch[:middle], batch[middle:]]


def batches(cases: Sequence[Case], size: int) -> list[Sequence[Case]]:
    """The cases by rule and file, at most `size` together; the batch with the severest finding first."""
    together: dict[tuple[str, str], list[Case]] = {}
    for case in sorted(cases, key=lambda case: case.urgency):
        together.setdefault((case.rule.id, case.file.path), []).append(case)
    cut: list[Sequence[Case]] = [
        of_one[start : start + size] for of_one in together.values() for start in range(0, len(of_one), size)
    ]
    return sorted(cut, key=lambda batch: batch[0].urgency)


def near_duplicates(cases: Sequence[Case], likeness: Likeness) -> list[list[Case]]:
    """Groups of cases of one rule whose code is alike; the first in the order given leads.

    Findings whose slices overlap in one file are no duplicates: their slices are alike since they are the same lines.
    """
    by_rule: dict[str, list[Case]] = {}
    for case in cases:
        by_rule.setdefault(case.rule.id, []).append(case)
    groups: dict[int, list[Case]] = {}
    for of_rule in by_rule.values():
        leaders = likeness.leaders([case.shown.text for case in of_rule])
        for case, position in zip(of_rule, leaders, strict=True):
            leader = of_rule[position]
            apart = case is not leader and _overlap(case, leader)
            groups.setdefault(case.index if apart else leader.index, []).append(case)
    return list(groups.values())


def _overlap(a: Case, b: Case) -> bool:
    first, last = b.shown.flagged
    return a.file is b.file and any(number in a.shown.numbers for number in range(first, last + 1))


def share(run: Round, group: Sequence[Case]) -> list[Case]:
    """Give near-duplicates what was said of their leader. Returns those that must be asked about themselves.

    Likeness clears nobody: a false positive is only taken over by findings in the very same code.
    """
    leader, others = group[0], group[1:]
    if not others:
        return []
    verdict = run.verdicts.get(leader.index)
    if verdict is None:
        run.reasons.update((case.index, run.reasons[leader.index]) for case in others)
        return []
    cause = f"root-cause-{leader.shown.digest[:12]}"
    alone = []
    for case in others:
        placed = _take_over(verdict, leader, case)
        if placed is None:
            alone.append(case)
        else:
            run.verdicts[case.index] = _in_group(placed, cause)
    run.verdicts[leader.index] = _in_group(verdict, cause)
    return alone


def _take_over(verdict: Verdict, leader: Case, case: Case) -> Verdict | None:
    """A leader's verdict at the place of its near-duplicate, with quotes from there; None if it does not hold there."""
    if case.shown.digest == leader.shown.digest:
        moved = moved_out(verdict, leader.shown)
        return None if moved is None else moved_in(moved, case.shown, case.file)
    quote = case.file.quote_flagged(case.shown)
    if verdict.assessment is Assessment.FALSE_POSITIVE or quote is None:
        return None
    return verdict.model_copy(update={"evidence": (quote,)})


def _in_group(verdict: Verdict, cause: str) -> Verdict:
    return verdict.model_copy(update={"signals": (*verdict.signals, cause)})
