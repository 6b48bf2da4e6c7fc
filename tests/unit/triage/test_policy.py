"""What a verdict may do to a finding, and what it may never do."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from oreva.models import Assessment, Dismissal, DismissalKind, InSourceSuppression, Severity, Status
from oreva.triage.policy import POLICY_PREFIX, PolicyDecision, TriagePolicy, apply_policy, decide

CODE = "run(x)\n"
ON = TriagePolicy(suppress=True)
UP_TO_CRITICAL = TriagePolicy(suppress=True, max_severity=Severity.CRITICAL, allow_high=True)


def test_the_default_policy_suppresses_nothing(finding_of, verdict_of):
    decision = decide(finding_of(CODE, "run(x)"), verdict_of(confidence=1.0), TriagePolicy())
    assert not decision.suppress
    assert "lets no verdict suppress" in decision.reason


def test_a_sure_quoted_false_positive_of_medium_severity_is_suppressed(finding_of, verdict_of):
    decision = decide(finding_of(CODE, "run(x)"), verdict_of(confidence=0.9), ON)
    assert decision.suppress
    assert "model-a (confidence 0.9)" in decision.reason


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        ({"assessment": Assessment.TRUE_POSITIVE}, "true positive"),
        ({"assessment": Assessment.UNCERTAIN}, "uncertain"),
        ({"confidence": 0.899}, "below the policy's 0.9"),
        ({"quote": None}, "quotes no code"),
        ({"quote": " () "}, "quotes no code"),
        ({"by": "heuristic", "model": None}, "heuristic_may_suppress"),
    ],
)
def test_a_verdict_that_falls_short_leaves_the_finding_open(finding_of, verdict_of, verdict, word):
    decision = decide(finding_of(CODE, "run(x)"), verdict_of(**verdict), ON)
    assert not decision.suppress
    assert word in decision.reason


def test_without_a_verdict_the_finding_stays_open(finding_of):
    assert decide(finding_of(CODE, "run(x)"), None, ON) == PolicyDecision(suppress=False, reason="there is no verdict")


def test_severity_above_the_limit_stays_open(finding_of, verdict_of):
    low = TriagePolicy(suppress=True, max_severity=Severity.LOW)
    assert not decide(finding_of(CODE, "run(x)"), verdict_of(), low).suppress
    assert decide(finding_of(CODE, "run(x)", severity=Severity.LOW), verdict_of(), low).suppress


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.CRITICAL])
def test_high_needs_the_limit_and_allow_high_and_two_models(finding_of, verdict_of, severity):
    finding = finding_of(CODE, "run(x)", severity=severity)
    first, second = verdict_of(), verdict_of(model="model-b")
    only_limit = TriagePolicy(suppress=True, max_severity=Severity.CRITICAL)
    only_allowed = TriagePolicy(suppress=True, allow_high=True)
    assert "above the policy's max_severity" in decide(finding, first, ON, second).reason
    assert "above the policy's max_severity" in decide(finding, first, only_allowed, second).reason
    assert "allow_high" in decide(finding, first, only_limit, second).reason
    assert "two independent verdicts" in decide(finding, first, UP_TO_CRITICAL).reason
    agreed = decide(finding, first, UP_TO_CRITICAL, second)
    assert agreed.suppress
    assert "model-b" in agreed.reason


@pytest.mark.parametrize(
    "second",
    [
        {},
        {"model": None},
        {"model": "model-b", "confidence": 0.5},
        {"model": "model-b", "quote": None},
        {"model": "model-b", "assessment": Assessment.UNCERTAIN},
        {"model": "model-b", "assessment": Assessment.TRUE_POSITIVE},
    ],
)
def test_a_second_verdict_counts_only_if_it_is_independent_and_fit(finding_of, verdict_of, second):
    finding = finding_of(CODE, "run(x)", severity=Severity.HIGH)
    assert not decide(finding, verdict_of(), UP_TO_CRITICAL, verdict_of(**second)).suppress


def test_a_model_and_the_heuristic_are_two_voices(finding_of, verdict_of):
    heuristic = verdict_of(by="heuristic", model=None)
    high = finding_of(CODE, "run(x)", severity=Severity.HIGH)
    assert decide(high, heuristic, UP_TO_CRITICAL, verdict_of()).suppress
    assert decide(finding_of(CODE, "run(x)"), heuristic, ON, verdict_of()).suppress
    assert decide(
        finding_of(CODE, "run(x)"), heuristic, TriagePolicy(suppress=True, heuristic_may_suppress=True)
    ).suppress


def test_a_second_voice_that_calls_it_real_is_heard_below_high_too(finding_of, verdict_of):
    other = verdict_of(Assessment.TRUE_POSITIVE, model="model-b")
    decision = decide(finding_of(CODE, "run(x)"), verdict_of(), ON, other)
    assert not decision.suppress
    assert "model-b" in decision.reason


def test_unknown_settings_and_impossible_values_are_refused():
    with pytest.raises(ValidationError):
        TriagePolicy.model_validate({"supress": True})
    with pytest.raises(ValidationError):
        TriagePolicy(min_confidence=1.1)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    severity=st.sampled_from(Severity),
    assessment=st.sampled_from(Assessment),
    confidence=st.floats(0, 1),
    quoted=st.booleans(),
    by=st.sampled_from(["heuristic", "bedrock"]),
    policy=st.builds(
        TriagePolicy,
        suppress=st.booleans(),
        min_confidence=st.floats(0, 1),
        max_severity=st.sampled_from(Severity),
        allow_high=st.booleans(),
        heuristic_may_suppress=st.booleans(),
    ),
)
def test_one_verdict_alone_never_breaks_a_limit(
    finding_of, verdict_of, severity, assessment, confidence, quoted, by, policy
):
    verdict = verdict_of(assessment, confidence, by=by, quote="run(x)" if quoted else None)
    decision = decide(finding_of(CODE, "run(x)", severity=severity), verdict, policy)
    allowed = (
        policy.suppress
        and assessment is Assessment.FALSE_POSITIVE
        and confidence >= policy.min_confidence
        and quoted
        and severity <= policy.max_severity
        and severity < Severity.HIGH
        and (by == "bedrock" or policy.heuristic_may_suppress)
    )
    assert decision.suppress == allowed
    assert decision.reason


YES = PolicyDecision(suppress=True, reason="it is harmless")
NO = PolicyDecision(suppress=False, reason="it is not")


def test_suppressing_an_open_finding_is_recorded(finding_of, now):
    finding, event = apply_policy(finding_of(CODE, "run(x)"), YES, "policy:default", now)
    assert finding.status is Status.SUPPRESSED
    assert finding.status_reason == POLICY_PREFIX + "it is harmless"
    assert event is not None
    assert (event.change, event.actor, event.at) == ("suppressed", "policy:default", now)
    assert (event.from_status, event.to_status, event.finding_id) == (Status.OPEN, Status.SUPPRESSED, finding.id)


def test_a_suppressed_finding_opens_when_the_verdict_no_longer_allows_it(finding_of, now):
    suppressed, _ = apply_policy(finding_of(CODE, "run(x)"), YES, "policy:default", now)
    assert apply_policy(suppressed, YES, "policy:default", now) == (suppressed, None)
    finding, event = apply_policy(suppressed, NO, "policy:default", now)
    assert finding.status is Status.OPEN
    assert event is not None
    assert (event.change, event.reason) == ("unsuppressed", "it is not")


def test_what_a_comment_suppresses_is_not_the_policys_to_open(finding_of, now):
    comment = InSourceSuppression(kind="nosec", line=1, named=True)
    finding = finding_of(CODE, "run(x)", suppression=comment).model_copy(
        update={"status": Status.SUPPRESSED, "status_reason": "nosec on line 1"}
    )
    assert apply_policy(finding, NO, "policy:default", now) == (finding, None)


@pytest.mark.parametrize("status", [Status.FIXED, Status.DISMISSED, Status.RETIRED])
@pytest.mark.parametrize("decision", [YES, NO])
def test_fixed_dismissed_and_retired_findings_are_never_touched(finding_of, now, status, decision):
    dismissal = Dismissal(kind=DismissalKind.WONT_FIX, reason="old", by="ann", at=now)
    finding = finding_of(CODE, "run(x)").model_copy(update={"status": status, "dismissal": dismissal})
    assert apply_policy(finding, decision, "policy:default", now) == (finding, None)


def test_an_open_finding_that_may_not_be_suppressed_stays_as_it_is(finding_of, now):
    finding = finding_of(CODE, "run(x)")
    assert apply_policy(finding, NO, "policy:default", now) == (finding, None)
