"""The heuristic triager: deterministic evidence from the code itself, added up in the open.

Each signal that is seen gives log-odds for or against a real defect; of signals that say the same (one group) only
the strongest counts. The sum gives the assessment and, through the logistic function, the confidence:

    sum <= -1.2  false positive        -1.2 < sum < 1.2  uncertain        sum >= 1.2  true positive

and only if one signal on the winning side is that strong by itself. 1.2 is odds of about 3 : 1, 2.2 is 9 : 1. The
confidence never exceeds 0.97, since no signal looks at more than one file. No network, no clock but the one given, and
nothing of the scanned code is run or imported.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from oreva.models import Assessment, Evidence, Finding, Verdict, utc_now
from oreva.triage import evidence
from oreva.triage.base import TriageContext, TriageResult
from oreva.triage.case import Case, FileView
from oreva.triage.signals import SIGNALS, Observation, Signal, flow

DECISIVE = 1.2
"""Log-odds from which on the evidence decides: 77 %."""

MAX_CONFIDENCE = 0.97
MAX_EVIDENCE = 5


@dataclass(frozen=True)
class _Seen:
    """A signal and what it saw."""

    signal: Signal
    observation: Observation

    @property
    def weight(self) -> float:
        return self.observation.weight


class HeuristicTriager:
    """Judges findings by the signals of `oreva.triage.signals`. Same input, same output."""

    name = "heuristic"

    def __init__(self, clock: Callable[[], dt.datetime] = utc_now) -> None:
        """`clock` gives the time that goes into the verdicts; it is read once per call of `triage`."""
        self._clock = clock

    def triage(self, findings: Sequence[Finding], context: TriageContext) -> list[TriageResult]:
        """Judge every finding, in order. Files are read one after another, each parsed at most once."""
        at = self._clock()
        by_path: dict[str, list[int]] = {}
        for index, finding in enumerate(findings):
            by_path.setdefault(finding.path, []).append(index)
        results: dict[int, TriageResult] = {}
        for path, indexes in by_path.items():
            text = context.files.get(path)
            view = None if text is None else FileView(path, text)
            for index in indexes:
                results[index] = self._result(index, findings[index], view, at)
        return [results[index] for index in range(len(findings))]

    def _result(self, index: int, finding: Finding, view: FileView | None, at: dt.datetime) -> TriageResult:
        if view is None:
            return TriageResult(finding_index=index, untriaged_reason="its file was not at hand for triage")
        try:
            return TriageResult(finding_index=index, verdict=judge(Case(finding, view), at))
        except Exception as error:  # noqa: BLE001  one finding's code must never cost the verdicts of the others
            reason = f"the heuristic triager failed on its code ({type(error).__name__})"
            return TriageResult(finding_index=index, untriaged_reason=reason)


def judge(case: Case, at: dt.datetime) -> Verdict:
    """The verdict on one case, with quotes that were checked against the file."""
    seen = _strongest(_observe(case))
    total = sum(item.weight for item in seen)
    side = _deciding_side(seen, total)
    deciding = [item for item in seen if item.weight * side > 0]
    quotes = _checked(case, deciding if side else seen)
    if side and not quotes:
        side = 0
    if not side:
        assessment = Assessment.UNCERTAIN
    else:
        assessment = Assessment.TRUE_POSITIVE if side > 0 else Assessment.FALSE_POSITIVE
    return Verdict(
        assessment=assessment,
        confidence=min(round(1 / (1 + math.exp(-abs(total))), 2), MAX_CONFIDENCE),
        rationale=_decided(side, seen) if side else _undecided(case, seen),
        evidence=quotes,
        signals=tuple(item.signal.name for item in seen),
        triaged_by="heuristic",
        at=at,
    )


def _observe(case: Case) -> Iterable[_Seen]:
    for signal in SIGNALS:
        if signal.applies(case):
            observation = signal.observe(case)
            if observation is not None:
                yield _Seen(signal, observation)


def _strongest(seen: Iterable[_Seen]) -> list[_Seen]:
    """The strongest of each group, the strongest group first; the order of the registry breaks ties."""
    best: dict[str, _Seen] = {}
    for item in seen:
        known = best.get(item.signal.group)
        if known is None or abs(item.weight) > abs(known.weight):
            best[item.signal.group] = item
    return sorted(best.values(), key=lambda item: -abs(item.weight))


def _deciding_side(seen: Sequence[_Seen], total: float) -> int:
    """1 for a true positive, -1 for a false one, 0 if the evidence does not decide."""
    side = 1 if total > 0 else -1
    strong = any(item.weight * side >= DECISIVE for item in seen)
    return side if strong and abs(total) >= DECISIVE else 0


def _checked(case: Case, seen: Sequence[_Seen]) -> tuple[Evidence, ...]:
    """The quotes of these signals that really occur, each once."""
    quotes = dict.fromkeys(quote for item in seen for quote in item.observation.evidence)
    files = {case.view.path: case.view.text}
    split = {case.view.path: case.view.lines}
    return tuple(quote for quote in quotes if not evidence.problem_of(quote, files, split))[:MAX_EVIDENCE]


def _decided(side: int, seen: Sequence[_Seen]) -> str:
    """Up to four sentences: what decided, what stood against it, what would change it."""
    head = "Probably a real defect" if side > 0 else "Probably a false positive"
    deciding = [item for item in seen if item.weight * side > 0]
    against = [item for item in seen if item.weight * side < 0]
    parts = [f"{head}: {_lower(deciding[0].observation.sentence)}"]
    if against:
        parts.append(f"Against that: {_lower(_first_sentence(against[0]))}")
    elif len(deciding) > 1:
        parts.append(_first_sentence(deciding[1]))
    parts.append(f"That would change if {deciding[0].signal.unless}.")
    return " ".join(parts)


def _undecided(case: Case, seen: Sequence[_Seen]) -> str:
    """Why nothing decided, and what a person should look at."""
    unknown = flow.unresolved(case)
    look = f"What decides is where {unknown} can come from." if unknown else "A person has to look at the code."
    if not seen:
        return f"Uncertain: nothing in this file speaks clearly for or against a real defect. {look}"
    against = [item for item in seen if item.weight < 0]
    if against and len(against) < len(seen):
        real = next(item for item in seen if item.weight > 0)
        sentences = f"{_first_sentence(real)} But {_lower(_first_sentence(against[0]))}"
        return f"Uncertain, since the evidence is mixed: {_lower(sentences)} {look}"
    return f"Uncertain, since the evidence is too weak: {_lower(_first_sentence(seen[0]))} {look}"


def _first_sentence(item: _Seen) -> str:
    first, dot, _ = item.observation.sentence.partition(". ")
    return first + "." if dot else first


def _lower(sentence: str) -> str:
    """A sentence to go on with behind a colon."""
    return sentence[:1].lower() + sentence[1:]
