"""The stages of a scan, as plain functions over models: scanning, analyzing, reporting.

The command line calls them in one process; in AWS each handler calls one of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ulid import ULID

from oreva.errors import ConflictError, SourceError
from oreva.findings.corroborate import corroborate
from oreva.findings.deduplicate import deduplicate, rank
from oreva.findings.lifecycle import Advance, advance
from oreva.findings.origins import AnswerMemory
from oreva.findings.tracking import track
from oreva.models import (
    Baseline,
    Detection,
    Finding,
    FindingEvent,
    Outcome,
    Rule,
    Scan,
    ScanState,
    Severity,
    Source,
    Status,
    TriageSpending,
    Verdict,
    urgency,
    utc_now,
)
from oreva.scanners.base import Limits, Scanner
from oreva.scanners.cache import ScanCache
from oreva.scanners.coverage import AcceptedGap, Coverage
from oreva.scanners.runner import Progress, Runner
from oreva.sources.base import FileReader, Listing
from oreva.store.base import Changes, FindingStore
from oreva.triage.base import SecondOpinions, Spends, TriageContext, Triager
from oreva.triage.policy import POLICY_PREFIX, PolicyDecision, TriagePolicy, apply_policy, decide

CONFLICT_RETRIES = 8
"""How often a scan tracks its findings anew because another scan wrote first."""


@dataclass(frozen=True)
class Ruleset:
    """What a scan looks for: the active rules, by `scanner:rule id`, and the digest over all that decides results."""

    rules: Mapping[str, Rule]
    digest: str
    scanners: Mapping[str, str]
    """Name to version."""


def ruleset(scanners: Sequence[Scanner], disabled: Iterable[str] = ()) -> Ruleset:
    """The active rules of these scanners. Raises `ScannerError` if one is missing.

    `disabled` are rule ids whose detections are left out (for scanners that cannot be told not to look).
    """
    off = set(disabled)
    versions = {scanner.name: scanner.version() for scanner in scanners}
    rules = {
        f"{scanner.name}:{rule.id}": rule for scanner in scanners for rule in scanner.rules() if rule.id not in off
    }
    lines = [f"{name} {version}" for name, version in sorted(versions.items())]
    lines += [f"{key} {rule.digest}" for key, rule in sorted(rules.items())]
    return Ruleset(rules, hashlib.sha256("\n".join(lines).encode()).hexdigest(), versions)


@dataclass(frozen=True)
class ScanningResult:
    """What the Scanning stage hands on."""

    detections: tuple[Detection, ...]
    coverage: Coverage
    files: int
    """Files that were listed for scanning."""
    digests: Mapping[str, str]
    """Path to content digest (SHA-256, hex)."""
    looked_at: frozenset[str]
    """Paths that at least one scanner was really started on."""


def scanning(
    source: FileReader,
    listing: Listing,
    scanners: Sequence[Scanner],
    active: Ruleset,
    *,
    cache: ScanCache,
    limits: Limits,
    jobs: int,
    accepted_gaps: Sequence[AcceptedGap] = (),
    progress: Progress = lambda _scanner, _done, _total: None,
) -> ScanningResult:
    """Run the scanners over the listed files. Every file × scanner gets an outcome; what was left out is kept too."""
    runner = Runner(scanners, cache, limits, jobs=jobs, progress=progress)
    scanned = runner.run(source, listing.files)
    detections = tuple(d for d in scanned.detections if f"{d.scanner}:{d.rule_id}" in active.rules)
    fresh = {e.path for e in scanned.coverage if e.outcome not in (Outcome.CACHED, Outcome.NOT_APPLICABLE)}
    return ScanningResult(
        detections=detections,
        coverage=Coverage((*scanned.coverage, *listing.skipped), accepted_gaps),
        files=len(listing.files),
        digests=scanned.digests,
        looked_at=frozenset(fresh),
    )


@dataclass(frozen=True)
class Analysis:
    """What the Analyzing stage says of one scan, ready to be written."""

    findings: tuple[Finding, ...]
    """Present findings, with ids, ranked; with those of files that could not be looked at this time (`stale`)."""
    new_ids: frozenset[str]
    fixed: tuple[Finding, ...]
    changes: Changes | None
    """None if nothing is to be written to the life of findings (a comparison, or a scan that came too late)."""
    stale_ids: frozenset[str] = frozenset()
    """Findings of files that this scan could not look at: neither confirmed nor closed."""
    superseded: bool = False


@dataclass(frozen=True)
class TriageSettings:
    """Who judges findings and what a verdict may do."""

    triager: Triager | None
    policy: TriagePolicy

    @property
    def spending(self) -> TriageSpending | None:
        """What a model has cost so far; None if none is asked."""
        return self.triager.spending if isinstance(self.triager, Spends) else None


Read = Callable[[str], bytes]


def read_contents(read: Read, paths: Iterable[str]) -> dict[str, bytes]:
    """The content of every file that has a detection; one that has just vanished reads as empty."""
    contents = {}
    for path in sorted(set(paths)):
        try:
            contents[path] = read(path)
        except SourceError:
            contents[path] = b""
    return contents


def candidates(
    scanned: ScanningResult,
    active: Ruleset,
    contents: Mapping[str, bytes],
    now: dt.datetime,
    memory: AnswerMemory | None = None,
) -> list[Finding]:
    """Deduplicate and corroborate: one finding per problem, weighed, not yet matched with the store."""
    found = deduplicate(scanned.detections, active.rules, contents, now)
    return sorted(corroborate(found, active.rules, contents, scanned.coverage.looked, memory), key=rank)


@dataclass(frozen=True)
class Tracked:
    """The findings of a scan matched with the stored ones, not yet judged."""

    stored: Sequence[Finding]
    baseline: Baseline | None
    step: Advance
    superseded: bool
    """A scan of something newer has already become the baseline."""
    everything: bool
    """The rules are others than those of the baseline, or there is none: every finding is to be judged."""


def tracked(
    current: Sequence[Finding],
    scanned: ScanningResult,
    active: Ruleset,
    store: FindingStore,
    scan: Scan,
    *,
    renames: Mapping[str, str],
    now: dt.datetime,
) -> Tracked:
    """Match findings with the store and advance their lives; nothing is written."""
    repository = scan.source.key
    baseline = store.baseline(repository, scan.source.branch)
    stored = list(store.findings(repository))
    gone = scanned.coverage.gone
    moved = {old: new for old, new in renames.items() if gone(old)}  # not where the old one is only left out now
    matched = track(current, stored, renames=moved, gone=gone)
    ran = set(active.scanners)
    rules_of_others = {key for f in stored for key in f.rule_ids if key.partition(":")[0] not in ran}
    step = advance(
        current,
        stored,
        matched,
        scan=scan,
        covered=scanned.coverage.looked,
        active_rules=frozenset(active.rules) | rules_of_others,
        now=now,
        new_id=lambda: str(ULID()),
        same_rules=baseline is not None and baseline.ruleset_digest == scan.ruleset_digest,
    )
    return Tracked(
        stored=stored,
        baseline=baseline,
        step=step,
        superseded=baseline is not None and baseline.sequence > scan.sequence,
        everything=baseline is None or baseline.ruleset_digest != scan.ruleset_digest,
    )


def undecided(seen: Tracked, scanned: ScanningResult, policy: TriagePolicy) -> list[int]:
    """Which findings of this scan need a verdict: positions in `seen.step.findings`.

    Those that have none, whose file was looked at, or whose suppression rests on a second verdict, which is not stored
    and so must be had again (mostly from the cache of verdicts).
    """
    if seen.superseded:
        return []
    return [
        index
        for index in _alive(seen.step.findings)
        if seen.everything
        or seen.step.findings[index].verdict is None
        or seen.step.findings[index].path in scanned.looked_at
        or (policy.allow_high and _rests_on_two(seen.step.findings[index]))
    ]


def analyze(
    current: Sequence[Finding],
    scanned: ScanningResult,
    active: Ruleset,
    store: FindingStore,
    scan: Scan,
    *,
    contents: Mapping[str, bytes],
    triage: TriageSettings,
    renames: Mapping[str, str],
    now: dt.datetime,
) -> Analysis:
    """Match findings with the store, advance their lives, judge what is new or has changed."""
    seen = tracked(current, scanned, active, store, scan, renames=renames, now=now)
    step, baseline = seen.step, seen.baseline
    if seen.superseded:
        return Analysis(tuple(step.findings), frozenset(), (), None, superseded=True)
    stored_by_id = {finding.id: finding for finding in seen.stored}
    findings, changed, events = _judge(step, undecided(seen, scanned, triage.policy), contents, triage, scan)
    stale = _stale(seen.stored, {f.id for f in findings}, {f.id for f in changed}, scanned.coverage)
    new_ids = frozenset(f.id for f in findings if f.id not in stored_by_id)
    changes = Changes(
        repository=scan.source.key,
        scan=None,
        findings=tuple(changed),
        events=tuple(events),
        baseline=Baseline(
            repository=scan.source.key,
            branch=scan.source.branch,
            scan_id=scan.id,
            commit=scan.source.commit,
            sequence=scan.sequence,
            ruleset_digest=scan.ruleset_digest,
            at=now,
        ),
        expected_baseline_scan=baseline.scan_id if baseline else None,
    )
    everything = tuple(sorted((*findings, *stale), key=urgency))
    return Analysis(everything, new_ids, tuple(step.fixed), changes, frozenset(f.id for f in stale))


def _alive(findings: Sequence[Finding]) -> list[int]:
    return [i for i, finding in enumerate(findings) if finding.status in (Status.OPEN, Status.SUPPRESSED)]


def _rests_on_two(finding: Finding) -> bool:
    """Whether a policy suppressed it because two verdicts agreed."""
    return (
        finding.status is Status.SUPPRESSED
        and finding.severity >= Severity.HIGH
        and finding.status_reason.startswith(POLICY_PREFIX)
    )


def _judge(
    step: Advance, wanted: Sequence[int], contents: Mapping[str, bytes], triage: TriageSettings, scan: Scan
) -> tuple[list[Finding], list[Finding], list[FindingEvent]]:
    """Ask for the verdicts that are wanted; apply the policy to all, since it may have changed.

    Returns findings, changed, events.
    """
    findings = list(step.findings)
    changed = {finding.id: finding for finding in step.changed}
    events = list(step.events)
    judged_anew = {j.position: j for j in judge([findings[index] for index in wanted], wanted, contents, triage)}
    for index in _alive(findings):
        anew = judged_anew.get(index)
        judged = findings[index] if anew is None else anew.finding
        if judged.status_reason.startswith("reopened by "):
            # A person has opened it again: what a policy would suppress stays open.
            decision = PolicyDecision(suppress=False, reason=judged.status_reason)
        else:
            decision = decide(judged, judged.verdict, triage.policy, None if anew is None else anew.second)
        after, event = apply_policy(judged, decision, f"scan:{scan.id}", utc_now())
        if _differs(after, findings[index]):
            findings[index] = changed[after.id] = after
        if event is not None:
            events.append(event)
    return findings, list(changed.values()), events


@dataclass(frozen=True)
class Judged:
    """A finding with its verdict, or with the reason why there is none."""

    position: int
    finding: Finding
    second: Verdict | None = None
    """What a second model says, if it was asked."""


def judge(
    findings: Sequence[Finding], positions: Sequence[int], contents: Mapping[str, bytes], triage: TriageSettings
) -> list[Judged]:
    """The findings with verdicts, beside their positions. Without a triager they stay as they are, and say so.

    A second opinion is asked for only where the policy could make something of it. Where no verdict can be had, the one
    that was given on the same code before still holds.
    """
    if not findings:
        return []
    if triage.triager is None:
        return [
            Judged(i, f.model_copy(update={"untriaged_reason": "triage is off"}))
            for i, f in zip(positions, findings, strict=True)
        ]
    paths = {finding.path for finding in findings}
    context = TriageContext(files={path: contents.get(path, b"").decode("utf-8", "replace") for path in paths})
    results = triage.triager.triage(findings, context)
    seconds: Mapping[int, Verdict] = {}
    if triage.policy.suppress and triage.policy.allow_high and isinstance(triage.triager, SecondOpinions):
        seconds = triage.triager.second_opinions(findings, context, results)
    judged = []
    for number, (position, finding, result) in enumerate(zip(positions, findings, results, strict=True)):
        verdict = result.verdict or finding.verdict
        update = {"verdict": verdict, "untriaged_reason": "" if verdict else result.untriaged_reason}
        judged.append(Judged(position, finding.model_copy(update=update), seconds.get(number)))
    return judged


def _differs(after: Finding, before: Finding) -> bool:
    """Whether two states of a finding differ in anything but the moment of an equal verdict."""
    if after.verdict is not None and before.verdict is not None:
        after = after.model_copy(update={"verdict": after.verdict.model_copy(update={"at": before.verdict.at})})
    return after != before


def _stale(stored: Sequence[Finding], present: set[str], changed: set[str], coverage: Coverage) -> list[Finding]:
    """Open findings of files with a gap: they are still listed, since nobody has shown that they are gone."""
    gaps = {(gap.path, gap.scanner): gap.reason for gap in coverage.gaps}
    stale = []
    for finding in stored:
        if finding.id in present or finding.id in changed or finding.status is not Status.OPEN:
            continue
        reason = next(
            (r for d in finding.detections if (r := gaps.get((d.path, d.scanner)) or gaps.get((d.path, None)))), None
        )
        if reason is not None:
            note = f"not looked at in this scan ({reason}); shown as last seen"
            stale.append(finding.model_copy(update={"status_reason": note}))
    return stale


def new_scan(
    source: Source, active: Ruleset, *, started_at: dt.datetime, sequence: int, requested_by: str = ""
) -> Scan:
    """A scan that is about to begin."""
    return Scan(
        id=str(ULID()),
        source=source,
        state=ScanState.RUNNING,
        requested_by=requested_by,
        sequence=sequence,
        started_at=started_at,
        ruleset_digest=active.digest,
        scanners=dict(active.scanners),
    )


def completed(
    scan: Scan,
    scanned: ScanningResult,
    analysis: Analysis,
    duration_s: float,
    spending: TriageSpending | None = None,
) -> Scan:
    """The scan with its totals; `spending` is what a model has cost, if one was asked."""
    counts: dict[Severity, int] = {}
    for finding in analysis.findings:
        if finding.status is Status.OPEN:
            counts[finding.severity] = counts.get(finding.severity, 0) + 1
    return scan.model_copy(
        update={
            "state": ScanState.SUPERSEDED if analysis.superseded else ScanState.COMPLETED,
            "duration_s": round(duration_s, 3),
            "files": scanned.files,
            "coverage": scanned.coverage.counts(scan.scanners),
            "gaps": len(scanned.coverage.gaps),
            "counts": counts,
            "opened": len(analysis.new_ids),
            "fixed": len(analysis.fixed),
            "stage": "",
            "triage": spending,
        }
    )


def reporting(
    store: FindingStore,
    scan: Scan,
    scanned: ScanningResult,
    work: Callable[[], Analysis],
    elapsed: Callable[[], float],
    spending: Callable[[], TriageSpending | None] = lambda: None,
) -> tuple[Scan, Analysis]:
    """Write the scan and what it changes, atomically; where another scan wrote first, analyze again on what it wrote.

    Raises `ConflictError` if that happens `CONFLICT_RETRIES` times in a row.
    """
    for _ in range(CONFLICT_RETRIES):
        analysis = work()
        done = completed(scan, scanned, analysis, elapsed(), spending())
        if analysis.changes is None:
            store.put_scan(scan.source.key, done)
            return done, analysis
        try:
            store.apply(analysis.changes.model_copy(update={"scan": done}))
        except ConflictError:
            continue
        return done, analysis
    raise ConflictError("other scans of the same code keep writing to the store; run the scan again when they are done")


def renamed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Old path to new path of files whose content moved unchanged: exactly one vanished, exactly one appeared."""
    vanished: dict[str, list[str]] = {}
    appeared: dict[str, list[str]] = {}
    for path, digest in before.items():
        if path not in after:
            vanished.setdefault(digest, []).append(path)
    for path, digest in after.items():
        if path not in before:
            appeared.setdefault(digest, []).append(path)
    return {
        old[0]: appeared[digest][0]
        for digest, old in vanished.items()
        if len(old) == 1 and len(appeared.get(digest, ())) == 1
    }
