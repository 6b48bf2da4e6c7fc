"""A scan on this machine: from options and configuration through the stages of the pipeline to report data."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from oreva import pipeline, review
from oreva.cli.person import user_name
from oreva.cli.progress import ProgressLine
from oreva.cli.session import Session, open_session, source_of
from oreva.errors import SourceError
from oreva.models import CoverageEntry, Finding, Scan, Source, utc_now
from oreva.reports.base import ReportData
from oreva.reports.text_safety import terminal
from oreva.sources import git
from oreva.sources.base import Listing, SourceFile
from oreva.sources.directory import DirectorySource
from oreva.store.sqlite import SqliteStore


@dataclass(frozen=True)
class Options:
    """What the user asked for on the command line; None where it is left to configuration and defaults."""

    path: Path
    fail_on: str | None = None
    diff: str | None = None
    scanners: tuple[str, ...] = ()
    rules: tuple[Path, ...] = ()
    excludes: tuple[str, ...] = ()
    triage: str | None = None
    show_all: bool = False
    use_cache: bool = True
    state_dir: Path | None = None
    config_file: Path | None = None
    allow_gaps: bool = False
    jobs: int | None = None
    output: Path | None = None
    """Where the report goes: it quotes what was found, so it is no code to scan."""


def perform(options: Options, progress: ProgressLine) -> ReportData:
    """Scan as asked. Raises `OrevaError` for anything that keeps the scan from being made."""
    began = time.monotonic()
    with open_session(options, progress) as session:
        if options.diff is None:
            return _scan_tree(session, began)
        return _scan_change(session, options.diff, began)


def explain(options: Options, write: Callable[[str], object]) -> None:
    """List everything that a scan would leave out, a line each: path and reason. Leaves nothing behind."""
    listing = source_of(options).list()
    write(f"{len(listing.files):,} files to scan, {len(listing.skipped):,} paths left out")
    for entry in listing.skipped:
        outcome = "" if entry.on_purpose else f" [{entry.outcome.value}]"
        write(f"  {terminal(entry.path)}{outcome}: {terminal(entry.reason)}")


def _scan_tree(session: Session, began: float) -> ReportData:
    """Scan everything, and advance the lives of the findings in the store."""
    session.progress.show("listing files ...")
    listing = session.source.list()
    before = session.cache.tree()
    now = utc_now()
    source = listing.source
    scan = pipeline.new_scan(
        source, session.active, started_at=now, sequence=time.time_ns(), requested_by=f"user:{user_name()}"
    )
    scanned = _scanning(session, session.source, listing)
    session.progress.show("analyzing ...")
    contents = pipeline.read_contents(session.source.read, {d.path for d in scanned.detections})
    current = session.honour(pipeline.candidates(scanned, session.active, contents, now, session.cache))
    store = SqliteStore.open(session.state.path)
    try:
        triage = session.triage(store)
        done, analysis = pipeline.reporting(
            store,
            scan,
            scanned,
            lambda: pipeline.analyze(
                current,
                scanned,
                session.active,
                store,
                scan,
                contents=contents,
                triage=triage,
                renames=pipeline.renamed(before, scanned.digests),
                now=now,
            ),
            lambda: time.monotonic() - began,
            lambda: triage.spending,
        )
    finally:
        store.close()
    if dict(scanned.digests) != before:
        session.cache.put_tree(scanned.digests)
    notes = list(session.notes)
    if analysis.superseded:
        notes.append("a scan that began later has already been stored: this one changed no finding's life")
    return _report(session, done, scanned, analysis, contents, notes=notes)


def _scan_change(session: Session, ref: str, began: float) -> ReportData:
    """Scan what differs from the merge base with `ref`, on both sides, and say what the change introduces."""
    root = session.options.path
    assert session.base is not None  # noqa: S101  (narrows the type: a session with --diff has one)
    session.progress.show("comparing with git ...")
    changes = git.changes(root, session.base)
    touched = {change.new for change in changes if change.new is not None}
    source = DirectorySource(**session.source_settings, strict_paths=touched)
    everything = source.list()
    listing = Listing(
        source=everything.source.model_copy(update={"before": session.base, "ref": _branch(ref, everything.source)}),
        files=tuple(file for file in everything.files if file.path in touched),
        skipped=tuple(entry for entry in everything.skipped if _concerns(entry, touched)),
    )
    now = utc_now()
    scan = pipeline.new_scan(
        listing.source, session.active, started_at=now, sequence=time.time_ns(), requested_by=f"user:{user_name()}"
    )
    scanned = _scanning(session, source, listing)
    contents = pipeline.read_contents(source.read, {d.path for d in scanned.detections})
    current = pipeline.candidates(scanned, session.active, contents, now, session.cache)
    session.progress.show("scanning the code it is compared with ...")
    base = _base_findings(
        session, changes, {file.path: file for file in listing.files}, lambda path: _is_excluded(source, path)
    )
    store = SqliteStore.open(session.state.path)
    try:
        triage = session.triage(store)
        analysis = review.introduced(
            current,
            base,
            list(store.findings(scan.source.key)),
            scan,
            contents=contents,
            covered=scanned.coverage.looked,
            triage=triage,
            honour=session.honour_in_review,
        )
        done = pipeline.completed(scan, scanned, analysis, time.monotonic() - began, triage.spending)
        store.put_branch_findings(done.id, analysis.findings)
        store.put_scan(done.source.key, done)
    finally:
        store.close()
    return _report(session, done, scanned, analysis, contents, diff_ref=ref, notes=list(session.notes))


def _base_findings(
    session: Session,
    changes: tuple[git.Change, ...],
    scanned_now: Mapping[str, SourceFile],
    left_out: Callable[[str], bool],
) -> list[Finding]:
    """The findings of the changed files as they were; a renamed file goes by its new name, a deleted one by its old.

    `left_out` says of a deleted file that it would not be scanned if it were still there: its end fixes nothing.
    """
    assert session.base is not None  # noqa: S101
    old_names = {
        (change.new or change.old or ""): change.old
        for change in changes
        if change.old is not None and (change.new in scanned_now or (change.new is None and not left_out(change.old)))
    }
    contents = git.GitTree(session.options.path, session.base).read_many(
        [name for name in old_names.values() if name is not None]
    )
    tree = _Snapshot({path: contents[old] for path, old in old_names.items() if old in contents})
    files = tuple(
        SourceFile(path=path, size=len(content), executable=path in scanned_now and scanned_now[path].executable)
        for path, content in sorted(tree.contents.items())
    )
    listing = Listing(source=Source(provider="directory", repository=session.state.repository), files=files, skipped=())
    scanned = _scanning(session, tree, listing)
    return pipeline.candidates(scanned, session.active, tree.contents, utc_now(), session.cache)


class _Snapshot:
    """Files held in memory."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = dict(contents)

    def read(self, path: str) -> bytes:
        """The content of one file. Raises `SourceError` if it is not there."""
        try:
            return self.contents[path]
        except KeyError:
            raise SourceError(f"{path}: not in the compared commit") from None


def _scanning(session: Session, source: DirectorySource | _Snapshot, listing: Listing) -> pipeline.ScanningResult:
    return pipeline.scanning(
        source,
        listing,
        session.scanners,
        session.active,
        cache=session.cache,
        limits=session.limits,
        jobs=session.jobs,
        accepted_gaps=session.accepted_gaps,
        progress=session.progress.scanner,
    )


def _report(
    session: Session,
    scan: Scan,
    scanned: pipeline.ScanningResult,
    analysis: pipeline.Analysis,
    contents: Mapping[str, bytes],
    *,
    notes: list[str],
    diff_ref: str | None = None,
) -> ReportData:
    def read_text(path: str) -> str | None:
        content = contents.get(path)
        return None if content is None else content.decode("utf-8", "replace")

    old = [entry for entry in scanned.coverage.gaps if entry.scanner == "bandit" and "could not parse" in entry.reason]
    if old and session.grammar_note:
        notes.append(session.grammar_note)
    return ReportData(
        scan=scan,
        findings=analysis.findings,
        coverage=scanned.coverage.entries,
        rules=session.active.rules,
        new_ids=analysis.new_ids,
        fixed=analysis.fixed,
        diff_ref=diff_ref,
        title=session.title,
        show_all=session.options.show_all,
        fail_on=session.fail_on,
        allow_gaps=session.options.allow_gaps,
        read_text=read_text,
        notes=tuple(notes),
    )


def _is_excluded(source: DirectorySource, path: str) -> bool:
    """Whether the user leaves out this path, or a directory that it lies in."""
    parts = path.split("/")
    deciding = (
        source.excludes.deciding(parts[:length], directory=length < len(parts)) for length in range(1, len(parts) + 1)
    )
    return any(pattern is not None and not pattern.negated for pattern in deciding)


def _concerns(entry: CoverageEntry, touched: set[str]) -> bool:
    """Whether something that was left out is, or holds, a changed file."""
    if not entry.path.endswith("/"):
        return entry.path in touched
    return any(path.startswith(entry.path) for path in touched)


def _branch(ref: str, source: Source) -> str:
    """A name for the line of history under review: never that of the tracked tree."""
    return f"review:{source.commit or 'worktree'}..{ref}"
