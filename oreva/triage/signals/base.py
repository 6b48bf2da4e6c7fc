"""What a signal is: one small observation about a finding, with its weight, its quotes and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oreva.models import Evidence
from oreva.triage.case import Case
from oreva.triage.families import Family


@dataclass(frozen=True)
class Observation:
    """What a signal saw in one case."""

    weight: float
    """Log-odds: positive speaks for a real defect, negative for a false positive; 1.1 is 3 : 1, 2.2 is 9 : 1."""
    sentence: str
    """A whole sentence for people. It never holds text of comments or strings of the scanned code."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Signal:
    """One kind of evidence. `observe` is pure: it looks at the case and changes nothing."""

    name: str
    """As it appears in `Verdict.signals`."""
    group: str
    """Signals of one group say the same thing in other words: only the strongest of each group counts."""
    observe: Callable[[Case], Observation | None]
    unless: str
    """Completes "That would change if ..."."""
    families: frozenset[Family] | None = None
    """Where it applies; None for everywhere."""

    def applies(self, case: Case) -> bool:
        """Whether this evidence means anything for the case's family."""
        return self.families is None or case.family in self.families
