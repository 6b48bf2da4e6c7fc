"""Weighing a scanner that looks at form against rules that follow data.

Bandit's tests on SQL, commands, deserialisation and the like fire on every call of a kind, whether outside data reaches
it or not. A flow rule names those whose sinks it covers in its metadata (`corroborates: [bandit:B608]`). Where both
report one problem, its confidence rises. Where Bandit stands alone and the flow rule looked at the same file, the same
function, and values it can know the origin of, without seeing a path, the confidence drops to low and the finding says
so. It is kept, stored and listed (`--show all`); neither its severity nor any detection changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from oreva.findings.origins import AnswerMemory, Origins
from oreva.models import Confidence, Detection, Finding, Rule

IMPORTS = frozenset(f"bandit:B4{number:02}" for number in range(1, 16))
"""Tests that fire on an import: they speak of the whole file, and the flow rules on any use of the module in it."""

WITHOUT_SHELL = frozenset({"bandit:B603", "bandit:B607"})
"""Tests that fire on a list of arguments: request data among them is no command, and the flow rules say so."""


def corroborate(
    findings: Sequence[Finding],
    rules: Mapping[str, Rule],
    contents: Mapping[str, bytes],
    looked: Callable[[str, str], str],
    memory: AnswerMemory | None = None,
) -> list[Finding]:
    """The same findings, in the same order, with confidence and `confidence_reason` weighed.

    Args:
        findings: of whole files: all that this scan says of a file must be there.
        rules: the active ones, by `scanner:rule id`.
        contents: by path; of a file that is missing nothing is known.
        looked: `looked` for a path and a scanner that this scan has results of; where a flow rule did not look, nothing
            changes.
        memory: keeps what is known of the origin of values from one scan to the next.
    """
    covering = _covering(rules)
    if not covering:
        return list(findings)
    flows = {key for keys in covering.values() for key in keys}
    by_name = {p for p, keys in covering.items() if any(rules[key].corroborates_parameters for key in keys)}
    seen: defaultdict[str, list[_Seen]] = defaultdict(list)
    for finding in findings:
        for detection, prints in zip(finding.detections, finding.fingerprints, strict=True):
            if _key(detection) in flows:
                seen[finding.path].append((_key(detection), prints.scope))
    origins = Origins(contents, memory)

    def settled(finding: Finding, patterns: Sequence[str]) -> bool:
        """Whether the silence of the flow rules says something of this place."""
        if IMPORTS.issuperset(patterns):
            return True
        if by_name.issuperset(patterns):
            return not any(map(origins.secretive, finding.detections))
        raw = WITHOUT_SHELL.issuperset(patterns)
        return all(origins.known(detection, raw=raw) for detection in finding.detections)

    weighed = []
    for finding in findings:
        patterns = [key for key in finding.rule_ids if key in covering]
        agreeing = [key for pattern in patterns for key in covering[pattern] if key in finding.rule_ids]
        if not patterns:
            weighed.append(finding)
        elif agreeing:
            weighed.append(_raised(finding, patterns[0], agreeing[0]))
        elif (
            len(patterns) == len(finding.rule_ids)
            and finding.confidence is not Confidence.LOW
            and all(looked(finding.path, key.partition(":")[0]) == "looked" for p in patterns for key in covering[p])
            and not _reported_nearby(finding, patterns, covering, seen[finding.path])
            and settled(finding, patterns)
        ):
            weighed.append(_lowered(finding, patterns, covering))
        else:
            weighed.append(finding)
    origins.keep()
    return weighed


_Seen = tuple[str, str]
"""A flow rule that reported, and the function it reported in."""


def _covering(rules: Mapping[str, Rule]) -> dict[str, list[str]]:
    """The active flow rules that cover the sinks of each pattern test."""
    covering: defaultdict[str, list[str]] = defaultdict(list)
    for key, rule in sorted(rules.items()):
        for pattern in rule.corroborates:
            covering[pattern].append(key)
    return dict(covering)


def _key(detection: Detection) -> str:
    return f"{detection.scanner}:{detection.rule_id}"


def _reported_nearby(
    finding: Finding, patterns: Sequence[str], covering: Mapping[str, Sequence[str]], seen: Sequence[_Seen]
) -> bool:
    """Whether a covering flow rule reports something else in the same function: the two may be one problem."""
    wanted = {key for pattern in patterns for key in covering[pattern]}
    scopes = {prints.scope for prints in finding.fingerprints}
    whole_file = IMPORTS.issuperset(patterns)
    return any(key in wanted and (whole_file or scope in scopes) for key, scope in seen)


def _raised(finding: Finding, pattern: str, flow: str) -> Finding:
    higher = {Confidence.LOW: Confidence.MEDIUM, Confidence.MEDIUM: Confidence.HIGH, Confidence.HIGH: Confidence.HIGH}
    reason = f"{flow} saw outside data reach what {pattern} reports by its form"
    return finding.model_copy(
        update={"confidence": higher[finding.confidence], "confidence_reason": reason},
    )


def _lowered(finding: Finding, patterns: Sequence[str], covering: Mapping[str, Sequence[str]]) -> Finding:
    flows = ", ".join(dict.fromkeys(key for pattern in patterns for key in covering[pattern]))
    sought = (
        "a use that makes this import harmful" if IMPORTS.issuperset(patterns) else "outside data that reaches this"
    )
    reason = f"{flows} looked for {sought} and saw none; {', '.join(patterns)} goes by form alone"
    return finding.model_copy(update={"confidence": Confidence.LOW, "confidence_reason": reason})
