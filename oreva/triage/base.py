"""The interface of triage: findings and their code in, verdicts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from oreva.models import Finding, Model, TriageMemory, TriageSpending, Verdict
from oreva.triage.budget import ModelCall


class TriageContext(Model):
    """What a triager may look at. It holds code only: no repository, author, branch or commit text."""

    files: Mapping[str, str]
    """Text of every file that has a finding, by path, as scanned (decoded as UTF-8, undecodable bytes replaced)."""
    memories: Mapping[str, tuple[TriageMemory, ...]] = {}
    """By `scanner:rule id`."""


class TriageResult(Model):
    """What triage says of one finding: a verdict, or the reason why there is none."""

    finding_index: int
    """Position in the sequence that was given."""
    verdict: Verdict | None = None
    untriaged_reason: str = ""


class Triager(Protocol):
    """Judges findings. One result per finding comes back, in order: nothing is ever lost."""

    name: str

    def triage(self, findings: Sequence[Finding], context: TriageContext) -> list[TriageResult]:
        """Judge every finding. Never raises for the content of one: that one gets an `untriaged_reason`."""


@runtime_checkable
class Spends(Protocol):
    """A triager whose verdicts cost something."""

    @property
    def spending(self) -> TriageSpending:
        """What it has spent so far."""

    @property
    def calls(self) -> Sequence[ModelCall]:
        """On what."""


@runtime_checkable
class SecondOpinions(Protocol):
    """A triager that can have severe findings judged a second time, independently."""

    def second_opinions(
        self, findings: Sequence[Finding], context: TriageContext, first: Sequence[TriageResult]
    ) -> Mapping[int, Verdict]:
        """Further verdicts by position, of those findings that a second one can matter for."""
