"""From detections to findings: one finding per problem, however many rules report it."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oreva.findings.built_text import partners
from oreva.findings.cwe import refined, share_family
from oreva.findings.fingerprints import fingerprint_source
from oreva.findings.source_text import SourceText
from oreva.models import Confidence, Detection, Finding, Fingerprints, Rule, Severity, Status

IN_SOURCE = "in-source: "
"""Starts every `status_reason` that speaks of comments in the source."""

_PRECISE = ("semgrep",)
"""Scanners whose rules follow data; they name and place a finding that others report too."""

_FAR_APART = 20
"""A detection may be this many times as long as one that starts on another line, and still be the same problem."""

_BLOCK_HEADER_LINES = 10
_BLOCK_WORD = re.compile(r"(?:async|class|def|elif|else|except|finally|for|if|try|while|with)\b")
_CROWDED = 200
"""Detections at one place above which those of the same line are only compared if their columns meet."""


@dataclass(frozen=True)
class _Report:
    """One detection with all that decides whether another one is the same problem."""

    detection: Detection
    fingerprints: Fingerprints
    key: str
    """`scanner:rule id`."""
    cwe: tuple[str, ...]
    first: int
    last: int
    """The lines that count for overlapping: of a block (a function, a `with` statement) only its head."""


def deduplicate(
    detections: Sequence[Detection], rules: Mapping[str, Rule], contents: Mapping[str, bytes], now: dt.datetime
) -> list[Finding]:
    """Merge detections of one file that overlap in lines and share a CWE family; strongest severity and confidence win.

    A text that one rule reports where it is put together and another where it is run is one problem too.

    Two detections of one rule are never one finding; one reported twice (same place, same message) counts once.
    Every two detections of a finding fit each other, so that a long one cannot glue together what it overlaps. The
    result does not depend on the order of the input.

    Args:
        detections: of any number of files.
        rules: by `scanner:rule id`; a detection of a rule that is missing here speaks for itself.
        contents: by path; what is missing counts as empty.
        now: becomes `first_seen`.

    Returns:
        Findings without ids, `open`, or `suppressed` where a comment in the source silences every detection. Ranked:
        severest first, then surest, then by place.
    """
    by_path: defaultdict[str, list[Detection]] = defaultdict(list)
    for detection in detections:
        by_path[detection.path].append(detection)
    findings = []
    for path in sorted(by_path):
        source = SourceText(contents.get(path, b""))
        unique = _unique(by_path[path])
        reports = [
            _report(detection, prints, rules.get(_key(detection)), source)
            for detection, prints in zip(unique, fingerprint_source(source, unique), strict=True)
        ]
        groups = _groups(reports)
        facts = [[(report.key, report.detection, report.fingerprints) for report in group] for group in groups]
        for text, use in partners(facts, rules, source):
            groups[use] += groups[text]
            groups[text] = []
        findings += [_finding(group, rules, source, now) for group in groups if group]
    return sorted(findings, key=rank)


def rank(finding: Finding) -> tuple[int, int, str, int, int, tuple[str, ...], str]:
    """Sort key: severest first, then surest, then by place."""
    return (
        -finding.severity.rank,
        -finding.confidence.rank,
        finding.path,
        finding.start_line,
        finding.primary.start_col,
        finding.rule_ids,
        finding.fingerprints[0].rule,
    )


def in_source(detections: Sequence[Detection]) -> tuple[bool, str]:
    """Whether comments in the source silence all of these detections, and what to say about it.

    If they silence only some, the finding stays open and the reason says which; without any comment it is empty.
    """
    silenced = [d for d in detections if d.suppression is not None]
    if not silenced:
        return False, ""
    notes = dict.fromkeys(_note(d) for d in silenced)
    loud = dict.fromkeys(_key(d) for d in detections if d.suppression is None)
    if loud:
        quiet = ", ".join(dict.fromkeys(_key(d) for d in silenced))
        return False, f"{IN_SOURCE}{'; '.join(notes)} silences {quiet}, but not {', '.join(loud)}"
    return True, f"{IN_SOURCE}{'; '.join(notes)}"


def _note(detection: Detection) -> str:
    suppression = detection.suppression
    if suppression is None:
        return ""
    kind = suppression.kind if suppression.named else f"{suppression.kind} (for every rule)"
    why = " ".join(suppression.justification.split())[:200]
    return f"{kind} on line {suppression.line}" + (f": {why}" if why else "")


def _key(detection: Detection) -> str:
    return f"{detection.scanner}:{detection.rule_id}"


def _place(d: Detection) -> tuple[int, int, int, int, str, str, str]:
    return (d.start_line, d.start_col, d.end_line, d.end_col, d.scanner, d.rule_id, d.message)


def _unique(detections: Iterable[Detection]) -> list[Detection]:
    """In order of place. Of one reported twice, the one that no comment silences, and the severest, stays."""
    kept: dict[tuple[int, int, int, int, str, str, str], Detection] = {}
    for d in detections:
        place = _place(d)
        if place not in kept or _preference(d) < _preference(kept[place]):
            kept[place] = d
    return [kept[place] for place in sorted(kept)]


def _preference(d: Detection) -> tuple[bool, int, int, tuple[str, ...], str]:
    return (d.suppression is not None, -d.severity.rank, -d.confidence.rank, d.cwe, repr(d.suppression))


def _report(detection: Detection, prints: Fingerprints, rule: Rule | None, source: SourceText) -> _Report:
    key = _key(detection)
    first, last = detection.start_line, max(detection.start_line, detection.end_line)
    cwe = refined(key, detection.cwe or (rule.cwe if rule else ()))
    return _Report(detection, prints, key, cwe, first, _head_of_block(source.lines, first, last))


def _head_of_block(lines: Sequence[str], first: int, last: int) -> int:
    """The last line that counts: all of a statement, but of a block only the lines up to where its body begins."""
    if last == first or first > len(lines):
        return last
    head = lines[first - 1].strip()
    if not head.endswith("{") and not _BLOCK_WORD.match(head):
        return last
    for number in range(first, min(last, first + _BLOCK_HEADER_LINES - 1, len(lines)) + 1):
        if lines[number - 1].split("#")[0].rstrip().endswith((":", "{")):
            return number
    return first


def _fit(a: _Report, b: _Report) -> bool:
    """Whether two detections of different rules that have a line in common may be one problem."""
    if not share_family(a.cwe, b.cwe):
        return False
    if a.first != b.first and _joint_lines(a, b) > _FAR_APART * _common_lines(a, b):
        return False
    if _columns_apart(a.detection, b.detection):
        same_scanner = a.detection.scanner == b.detection.scanner
        return not same_scanner and bool(set(a.cwe) & set(b.cwe))
    return True


def _common_lines(a: _Report, b: _Report) -> int:
    return min(a.last, b.last) - max(a.first, b.first) + 1


def _joint_lines(a: _Report, b: _Report) -> int:
    return max(a.last, b.last) - min(a.first, b.first) + 1


def _columns_apart(a: Detection, b: Detection) -> bool:
    """True if both lie in one line and touch no common character: probably two problems."""
    one_line = a.start_line == a.end_line == b.start_line == b.end_line
    known = a.start_col < a.end_col and b.start_col < b.end_col
    return one_line and known and (a.end_col <= b.start_col or b.end_col <= a.start_col)


def _closeness(a: _Report, b: _Report) -> tuple[float, bool, float, int]:
    """How well two detections cover each other, the larger the better."""
    lines = _common_lines(a, b) / _joint_lines(a, b)
    x, y = a.detection, b.detection
    columns = 0.0
    if x.start_line == x.end_line == y.start_line == y.end_line:
        joint = max(x.end_col, y.end_col) - min(x.start_col, y.start_col)
        columns = (min(x.end_col, y.end_col) - max(x.start_col, y.start_col)) / joint if joint > 0 else 0.0
    return (round(lines, 9), a.first == b.first, round(columns, 9), len(set(a.cwe) & set(b.cwe)))


def _groups(reports: Sequence[_Report]) -> list[list[_Report]]:
    """Join the closest pair first, then the next; two groups join only if each member fits each of the other's."""
    groups: list[list[int]] = [[i] for i in range(len(reports))]
    group_of = list(range(len(reports)))
    pairs = [(i, j) for i, j in _overlapping(reports) if _fit(reports[i], reports[j])]
    pairs.sort(key=lambda pair: (tuple(-x for x in _closeness(reports[pair[0]], reports[pair[1]])), pair))
    fitting = set(pairs)
    for i, j in pairs:
        left, right = sorted((group_of[i], group_of[j]))
        if left == right:
            continue
        if all((min(x, y), max(x, y)) in fitting for x in groups[left] for y in groups[right]):
            for member in groups[right]:
                group_of[member] = left
            groups[left] += groups[right]
            groups[right] = []
    return [[reports[i] for i in group] for group in groups if group]


def _overlapping(reports: Sequence[_Report]) -> list[tuple[int, int]]:
    """Pairs of indexes (lower first) of reports of different rules with a line in common; the input is in order."""
    pairs = []
    active: list[int] = []
    for j, report in enumerate(reports):
        active = [i for i in active if reports[i].last >= report.first]
        if len(active) > _CROWDED:
            active = [i for i in active if not _columns_apart(reports[i].detection, report.detection)]
        pairs += [(i, j) for i in active if reports[i].key != report.key]
        active.append(j)
    return pairs


def _precedence(report: _Report) -> tuple[int, int, int, int, str, tuple[int, int, int, int, str, str, str]]:
    d = report.detection
    precise = _PRECISE.index(d.scanner) if d.scanner in _PRECISE else len(_PRECISE)
    return (precise, -d.severity.rank, -d.confidence.rank, report.last - report.first, report.key, _place(d))


def _finding(group: list[_Report], rules: Mapping[str, Rule], source: SourceText, now: dt.datetime) -> Finding:
    ordered = sorted(group, key=_precedence)
    primary = ordered[0].detection
    rule = rules.get(ordered[0].key) or _unknown_rule(primary)
    others = [rules[report.key] for report in ordered[1:] if report.key in rules]
    detections = tuple(report.detection for report in ordered)
    suppressed, reason = in_source(detections)
    severity: Severity = max(d.severity for d in detections)
    confidence: Confidence = max(d.confidence for d in detections)
    last = max(primary.start_line, primary.end_line)
    return Finding(
        id="",
        status=Status.SUPPRESSED if suppressed else Status.OPEN,
        status_reason=reason,
        severity=severity,
        confidence=confidence,
        title=rule.title,
        message=primary.message or rule.message,
        fix=rule.fix or next((other.fix for other in others if other.fix), ""),
        references=rule.references,
        cwe=tuple(dict.fromkeys(cwe for report in ordered for cwe in report.cwe)),
        owasp=rule.owasp or next((other.owasp for other in others if other.owasp), ()),
        asvs=rule.asvs or next((other.asvs for other in others if other.asvs), ()),
        path=primary.path,
        start_line=primary.start_line,
        end_line=last,
        snippet=source.snippet(primary.start_line, last),
        detections=detections,
        fingerprints=tuple(report.fingerprints for report in ordered),
        first_seen=now,
    )


def _unknown_rule(d: Detection) -> Rule:
    return Rule(
        id=d.rule_id,
        scanner=d.scanner,
        title=d.rule_id,
        message=d.message,
        severity=d.severity,
        confidence=d.confidence,
        cwe=d.cwe,
    )
