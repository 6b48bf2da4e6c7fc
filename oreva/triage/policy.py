"""The triage policy: what a verdict may do to a finding, as data, decided without any model.

A verdict ranks and explains. It hides a finding only where the policy of the default branch allows that, and even then
the finding is stored, listed on request and shown as a suppression in SARIF.
"""

from __future__ import annotations

import datetime as dt

from pydantic import Field
from ulid import ULID

from oreva.models import Assessment, Finding, FindingEvent, Model, Severity, Status, Verdict
from oreva.triage.evidence import is_substantial

POLICY_PREFIX = "triage policy: "
"""Starts the `status_reason` of every finding that a policy suppressed, so that only those are opened again."""


class TriagePolicy(Model):
    """When a `false_positive` verdict may set a finding to `suppressed`. All conditions must hold together."""

    suppress: bool = False
    """Whether verdicts may suppress at all."""
    min_confidence: float = Field(default=0.9, ge=0, le=1)
    """The lowest confidence of a verdict that counts."""
    max_severity: Severity = Severity.MEDIUM
    """The highest severity that may be suppressed. `high` and `critical` need `allow_high` as well."""
    allow_high: bool = False
    """Let two independent, agreeing verdicts suppress findings of high and critical severity, up to `max_severity`."""
    heuristic_may_suppress: bool = False
    """Let the heuristic triager suppress without a model that agrees."""


class PolicyDecision(Model):
    """Whether a finding is to be suppressed, and why, or why not, in a sentence for people."""

    suppress: bool
    reason: str


def decide(
    finding: Finding, verdict: Verdict | None, policy: TriagePolicy, second_verdict: Verdict | None = None
) -> PolicyDecision:
    """What the policy makes of a verdict.

    Args:
        finding: the finding that was judged; only its severity counts.
        verdict: what triage says of it; None if it could not be judged. Its quotes must have been checked with
            `evidence.verify` by the triager that made it.
        policy: the policy of the default branch, never that of a branch under review.
        second_verdict: what another triager or model says of the same finding, if one was asked.

    Returns:
        The decision. In doubt it is not to suppress.
    """
    refusal = _refusal(finding.severity, verdict, policy, second_verdict)
    if refusal or verdict is None:
        return PolicyDecision(suppress=False, reason=refusal)
    voices = _voice(verdict)
    if second_verdict is not None and _agrees(verdict, second_verdict, policy):
        voices += f" and {_voice(second_verdict)}"
    return PolicyDecision(
        suppress=True,
        reason=f"judged a false positive by {voices}, with a checked quote of the code; "
        f"the policy allows that from confidence {policy.min_confidence:g} up to severity {policy.max_severity}",
    )


def _refusal(severity: Severity, verdict: Verdict | None, policy: TriagePolicy, second: Verdict | None) -> str:
    """Why the finding stays open; empty if nothing stands against suppressing it."""
    if not policy.suppress:
        return "the triage policy lets no verdict suppress a finding"
    if verdict is None:
        return "there is no verdict"
    return (
        _unfit(verdict, policy)
        or _too_severe(severity, policy)
        or _contradicted(second)
        or _alone(severity, verdict, policy, second)
    )


def _unfit(verdict: Verdict, policy: TriagePolicy) -> str:
    """Why one verdict by itself does not count; empty if it does."""
    if verdict.assessment is not Assessment.FALSE_POSITIVE:
        return f"the verdict is {verdict.assessment.replace('_', ' ')}; only a false positive can be suppressed"
    if verdict.confidence < policy.min_confidence:
        return f"the verdict's confidence of {verdict.confidence:g} is below the policy's {policy.min_confidence:g}"
    if not any(is_substantial(item.quote) for item in verdict.evidence):
        return "the verdict quotes no code that could be checked"
    return ""


def _too_severe(severity: Severity, policy: TriagePolicy) -> str:
    if severity > policy.max_severity:
        return f"severity {severity} is above the policy's max_severity {policy.max_severity}"
    if severity >= Severity.HIGH and not policy.allow_high:
        return f"severity {severity} may only be suppressed if the policy sets allow_high"
    return ""


def _contradicted(second: Verdict | None) -> str:
    if second is not None and second.assessment is Assessment.TRUE_POSITIVE:
        return f"{_voice(second)} says that it is a true positive"
    return ""


def _alone(severity: Severity, verdict: Verdict, policy: TriagePolicy, second: Verdict | None) -> str:
    """Why a second voice is needed and missing; empty if there is one or none is needed."""
    if second is not None and _agrees(verdict, second, policy):
        return ""
    if severity >= Severity.HIGH:
        return f"severity {severity} needs two independent verdicts that agree"
    if verdict.triaged_by == "heuristic" and not policy.heuristic_may_suppress:
        return "a heuristic verdict may not suppress on its own unless the policy sets heuristic_may_suppress"
    return ""


def _agrees(first: Verdict, second: Verdict, policy: TriagePolicy) -> bool:
    """Whether two verdicts that both count come from different triagers or different models."""
    if first.triaged_by == second.triaged_by:
        named = first.model_id is not None and second.model_id is not None
        if not named or first.model_id == second.model_id:
            return False
    return not _unfit(second, policy)


def _voice(verdict: Verdict) -> str:
    who = verdict.model_id or verdict.triaged_by
    return f"{who} (confidence {verdict.confidence:g})"


def apply_policy(
    finding: Finding, decision: PolicyDecision, actor: str, at: dt.datetime
) -> tuple[Finding, FindingEvent | None]:
    """Carry out a decision: `open` becomes `suppressed`, and what a policy had suppressed becomes `open` again.

    Args:
        finding: an identified finding. Fixed, dismissed and retired ones are never touched, nor are those that a
            comment in the source suppresses.
        decision: what `decide` says of it.
        actor: who acts, as `policy:<name>`.
        at: when, aware, UTC.

    Returns:
        The finding, the same object if nothing changes, and the event that records the change.
    """
    if finding.status is Status.OPEN and decision.suppress:
        status, change = Status.SUPPRESSED, "suppressed"
        reason = POLICY_PREFIX + decision.reason
    elif finding.status is Status.SUPPRESSED and not decision.suppress and _suppressed_by_policy(finding):
        status, change = Status.OPEN, "unsuppressed"
        reason = decision.reason
    else:
        return finding, None
    changed = finding.model_copy(update={"status": status, "status_reason": reason})
    event = FindingEvent.model_validate(
        {
            "id": str(ULID.from_datetime(at)),
            "finding_id": finding.id,
            "at": at,
            "actor": actor,
            "change": change,
            "reason": reason,
            "from_status": finding.status,
            "to_status": status,
        }
    )
    return changed, event


def _suppressed_by_policy(finding: Finding) -> bool:
    """True unless a comment in the source is what suppresses the finding."""
    if finding.status_reason.startswith(POLICY_PREFIX):
        return True
    return all(detection.suppression is None for detection in finding.detections)
