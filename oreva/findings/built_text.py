"""One problem in two places: a text that is put together in one statement, and run in a later one.

A test of form reports where the text is put together, a rule that follows data where it is run. The two are one
finding if the flow rule covers the test, both lie in the same function, and the later statement uses the name that the
text got.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from oreva.findings.source_text import SourceText
from oreva.models import Detection, Fingerprints, Rule

_ASSIGNED = re.compile(r"\s*(?:self\.|cls\.)?([A-Za-z_]\w*)\s*(?::[^=]{1,80})?\+?=(?!=)")
_OPENED = re.compile(r"[(\[{\\]\s*(?:#.*)?\Z")
_LINES_ABOVE = 3
"""How far above the text its assignment may begin, if each line up to it ends with an open bracket."""

Report = tuple[str, Detection, Fingerprints]
"""`scanner:rule id`, the detection, and what tells its place."""


def partners(
    groups: Sequence[Sequence[Report]], rules: Mapping[str, Rule], source: SourceText
) -> list[tuple[int, int]]:
    """Pairs of groups (text, use) that are one problem; no group is in two pairs."""
    covered = {test: key for key, rule in rules.items() for test in rule.corroborates}
    found: list[tuple[int, int]] = []
    taken: set[int] = set()
    for text, group in enumerate(groups):
        if text in taken or not all(key in covered for key, _, _ in group):
            continue
        name = _name_of(group[0][1], source)
        uses = [
            (use_line - group[0][1].start_line, use)
            for use, other in enumerate(groups)
            if name and use not in taken
            for use_line in [_use(group, other, name, rules, source)]
            if use_line
        ]
        if uses:
            _, use = min(uses)
            taken |= {text, use}
            found.append((text, use))
    return found


def _name_of(detection: Detection, source: SourceText) -> str:
    """The name that the text at a detection is assigned to; empty if it is used at once."""
    line = detection.start_line
    for number in range(line, max(0, line - _LINES_ABOVE) - 1, -1):
        if not 0 < number <= len(source.lines):
            return ""
        if match := _ASSIGNED.match(source.lines[number - 1]):
            return match[1]
        if number > 1 and not _OPENED.search(source.lines[number - 2]):
            return ""
    return ""


def _use(
    text: Sequence[Report], other: Sequence[Report], name: str, rules: Mapping[str, Rule], source: SourceText
) -> int:
    """The line in which a flow rule that covers the test reports the use of the name; 0 if there is none."""
    tests = {key for key, _, _ in text}
    if tests & {key for key, _, _ in other}:
        return 0
    for key, detection, prints in other:
        rule = rules.get(key)
        if (
            rule is not None
            and tests <= set(rule.corroborates)
            and prints.scope == text[0][2].scope
            and detection.start_line > text[0][1].end_line
            and re.search(rf"\b{re.escape(name)}\b", source.matched(detection))
        ):
            return detection.start_line
    return 0
