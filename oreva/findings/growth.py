"""Whether a finding that is still there has become more than it was: what was decided of it was about less."""

from __future__ import annotations

from oreva.findings.corroborate import IMPORTS
from oreva.models import Confidence, Finding


def grew(after: Finding, before: Finding, *, also: frozenset[str] = frozenset()) -> str:
    """What makes `after` more than `before`, in words for people; empty if nothing does.

    More is: another rule reports the same place, the severity is higher, or the confidence is no longer low (an import
    apart, of which another use in the file may say that). `also` are rules (`scanner:rule id`) that are known to have
    reported it before.
    """
    gained = [rule for rule in after.rule_ids if rule not in before.rule_ids and rule not in also]
    if gained:
        return f"now also reported by {', '.join(gained)}"
    if after.severity > before.severity:
        return f"its severity rose from {before.severity} to {after.severity}"
    if before.confidence is Confidence.LOW < after.confidence and not IMPORTS.issuperset(after.rule_ids):
        return f"its confidence rose from {before.confidence} to {after.confidence}"
    return ""


def same_surroundings(after: Finding, before: Finding) -> bool:
    """Whether rules that report both find the same code among the same lines."""
    places = [
        {
            (detection.scanner, detection.rule_id): (prints.code, prints.context)
            for detection, prints in zip(finding.detections, finding.fingerprints, strict=True)
        }
        for finding in (before, after)
    ]
    shared = places[0].keys() & places[1].keys()
    return bool(shared) and all(places[0][rule] == places[1][rule] for rule in shared)
