"""What Fetch decides, for all stages after it: settings of the default branch, files, shards, rules."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer

from oreva.cloud import layout
from oreva.cloud.artifacts import Artifacts
from oreva.cloud.messages import ScanRequest
from oreva.findings.suppressions import InSource
from oreva.models import Model, Rule, Severity, Source, Timestamp
from oreva.pipeline import Ruleset
from oreva.rules.definition import rule_model
from oreva.rules.load import LoadedRule, RuleSet
from oreva.scanners.base import Limits
from oreva.scanners.cache import CachedResult
from oreva.scanners.coverage import AcceptedGap
from oreva.triage.policy import TriagePolicy

Packed = Annotated[
    bytes,
    BeforeValidator(lambda value: base64.b64decode(value) if isinstance(value, str) else value),
    PlainSerializer(lambda value: base64.b64encode(value).decode(), when_used="json"),
]
"""Bytes that travel as Base64."""

TriageMode = Literal["heuristic", "bedrock", "off"]


class Plan(Model):
    """What Fetch decided for one scan."""

    source: Source
    """As requested, with the commit that the ref stood for."""
    sequence: int | None = None
    """The scan's place among those of its branch; None in a plan of an older version: that of the request."""
    title: str
    """What is scanned, for a heading."""
    at: Timestamp
    """When the source was listed: `first_seen` of what is new."""
    ruleset_digest: str
    scanners: Mapping[str, str]
    """Name to version."""
    accepted_gaps: tuple[AcceptedGap, ...] = ()
    fail_on: Severity | None = Severity.HIGH
    in_source: InSource = "honour"
    policy: TriagePolicy = TriagePolicy()
    triage: TriageMode | None = None
    """Who is to judge, if the configuration says so."""
    token_budget: int | None = None
    """Tokens that triage may spend, if the configuration says so."""
    files: int
    """How many are scanned, or were before."""
    shards: int
    renames: Mapping[str, str] = {}
    """Old path to new path since the newest complete scan of the default branch."""
    changed: tuple[str, ...] = ()
    """In a review, what the change under review adds, changes or removes: only there it can introduce anything."""
    used: tuple[str, ...] = ()
    """Keys of cached results whose day of last use must be noted."""
    notes: tuple[str, ...] = ()

    def completed(self, request: ScanRequest) -> ScanRequest:
        """The request with the source as it was resolved, and its place in the order."""
        sequence = request.sequence if self.sequence is None else self.sequence
        return request.model_copy(update={"source": self.source, "sequence": sequence})


class PlannedFile(Model):
    """One file of the source."""

    path: str
    sha256: str
    shard: int | None = None
    """None if no scanner has to be started on it: it is left out, or all that it needs is known."""
    keys: Mapping[str, str] = {}
    """Of a file in a shard: scanner to cache key, for every scanner that it applies to."""


class Tree(Model):
    """Path to content digest (SHA-256, hex) of every file of a branch, as its newest complete scan has seen it."""

    commit: str | None
    files: Mapping[str, str]


class ShardFile(Model):
    """One file of a shard."""

    path: str
    executable: bool = False
    content: Packed
    known: Mapping[str, CachedResult] = {}
    """Cache key to result, for the scanners that need not be started on it."""


class PortableRule(Model):
    """One rule as Semgrep is given it."""

    definition: Mapping[str, object]
    file: str
    line: int


class ScanSettings(Model):
    """What every Scan function of one scan must know."""

    scanners: Mapping[str, str]
    """Name to version: what is installed there must be the same."""
    rules: tuple[PortableRule, ...]
    timeout_s: float
    batch_timeout_s: float
    memory_bytes: int

    @property
    def limits(self) -> Limits:
        """What one scanner process may use."""
        return Limits(self.timeout_s, self.batch_timeout_s, self.memory_bytes)

    @property
    def ruleset(self) -> RuleSet:
        """The rules for Semgrep."""
        return RuleSet(
            tuple(
                LoadedRule(rule_model(rule.definition), rule.definition, Path(rule.file), rule.line)
                for rule in self.rules
            )
        )


def portable(rules: RuleSet) -> tuple[PortableRule, ...]:
    """Rules in the form that travels."""
    return tuple(
        PortableRule(definition=loaded.definition, file=str(loaded.file), line=loaded.line) for loaded in rules.rules
    )


def load_plan(scan_id: str, artifacts: Artifacts) -> Plan:
    """What Fetch decided. Raises `StoreError`."""
    return artifacts.get_model(layout.plan(scan_id), Plan)


def load_ruleset(scan_id: str, plan: Plan, artifacts: Artifacts) -> Ruleset:
    """The active rules. Raises `StoreError`."""
    rules = {f"{r.scanner}:{r.id}": r for r in artifacts.iter_lines(layout.ruleset(scan_id), Rule)}
    return Ruleset(rules, plan.ruleset_digest, plan.scanners)
