"""Signals from what the author claims. Comments are no evidence, but a recognised suppression is worth telling."""

from __future__ import annotations

from oreva.triage.case import Case
from oreva.triage.signals.base import Observation, Signal


def suppressed_in_source(case: Case) -> Observation | None:
    """A `nosec` or `nosemgrep` that names the rule and gives a reason: a claim of the author, nothing more."""
    for detection in case.finding.detections:
        claim = detection.suppression
        if claim is not None and claim.named and claim.justification.strip():
            words = f"A `{claim.kind}` comment on line {claim.line} asks to ignore this rule and gives a reason."
            return Observation(-0.2, f"{words} That is a claim of the author, not a proof.", case.quote())
    return None


SIGNALS = (Signal("in-source-suppression", "claim", suppressed_in_source, "the reason given there does not hold"),)
