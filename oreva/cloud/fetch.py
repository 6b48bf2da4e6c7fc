"""Fetch: from a commit on GitHub, or an uploaded archive, to shards that wait to be scanned.

The only stage that reaches GitHub. What the code under review says about its own scan (configuration, rules, marks that
leave a file out) is not read from it but from the default branch.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oreva.cloud import cache, check, layout, shards
from oreva.cloud.addresses import LAST_S
from oreva.cloud.cache import CacheEntry
from oreva.cloud.commit import fetch_commit, unpack
from oreva.cloud.configuration import Trusted, read_config, read_rules
from oreva.cloud.left_out import left_out
from oreva.cloud.material import scan_of
from oreva.cloud.messages import FetchReceipt, ScanRequest, ShardMessage, StageMessage
from oreva.cloud.plan import Plan, PlannedFile, ScanSettings, Tree, portable
from oreva.cloud.requests import running
from oreva.cloud.results import FileResult, Look, cached_look
from oreva.cloud.review import changed_files, digests
from oreva.cloud.services import Services
from oreva.cloud.shards import Waiting
from oreva.config import Config
from oreva.errors import SourceError
from oreva.models import Outcome, Source, utc_now
from oreva.pipeline import Ruleset, renamed, ruleset
from oreva.rules.catalogue import bandit_rules
from oreva.rules.load import RuleSet
from oreva.scanners.base import Scanner
from oreva.scanners.coverage import AcceptedGap
from oreva.scanners.registry import make_scanners
from oreva.scanners.runner import HEAD_BYTES
from oreva.sources.archive import Extraction
from oreva.sources.base import SourceFile
from oreva.sources.directory import DirectorySource
from oreva.sources.github import Blob
from oreva.sources.packing import told


def run(message: StageMessage, services: Services) -> FetchReceipt:
    """Fetch the source, decide what must be scanned, and write the shards.

    Raises `SourceError` if the source cannot be had, is refused, or is too large, `ConfigError` or `RuleError` if the
    settings of the default branch cannot be used, `StoreError` if an artifact cannot be written.
    """
    request = _resolved(message.request, services)
    source = request.source
    services.store.put_scan(source.key, running(request).model_copy(update={"stage": "scanning"}))
    check.started(request, services)
    with tempfile.TemporaryDirectory(prefix="oreva-fetch-") as folder:
        git = services.github.tree(source.repository, source.commit or "HEAD") if source.provider == "github" else None
        extraction = _unpack(request, Path(folder), git, services)
        trusted = Trusted.of(request, extraction.root, services)
        config = read_config(trusted, services)
        rules = read_rules(trusted, config, services)
        scanners = make_scanners(config.scanners, rules, bandit_rules)
        active = ruleset(scanners, [rule.id for rule in config.disabled_rules])
        here = digests(extraction)
        before = _tree_of_default_branch(source, services)
        changed: Collection[str] = ()
        if git is not None and not request.is_baseline:
            changed = changed_files(source, trusted, git, before, here, services)
        directory = DirectorySource(
            root=extraction.root,
            repository=source.repository,
            excludes=config.exclude,
            includes=config.include,
            strict_paths=changed,
            exported=True,
        )
        listing = directory.list()
        packed = told(extraction.root, extraction.files) if source.provider == "archive" else ()
        known = cache.load(source.key, active.digest, services.artifacts)
        work = _divide(directory, listing.files, here, scanners, known)
        written = _write(request, work, directory, services)
    today = (utc_now() - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).days
    plan = _plan(request, config, active).model_copy(
        update={
            "files": len(listing.files),
            "shards": len(written),
            "renames": renamed(before.files, here) if before.files else {},
            "changed": tuple(sorted(changed)),
            "used": tuple(k for k in work.used if today - known[k].day >= cache.TOUCH_DAYS),
            "notes": _notes(request, before, services),
        }
    )
    _write_plan(request.scan_id, plan, active, rules, config, services)
    skipped = left_out(listing, extraction, directory, packed)
    services.artifacts.put_lines(layout.skipped(request.scan_id), skipped)
    services.artifacts.put_lines(layout.files(request.scan_id), _planned(here, written))
    items = [item.model_dump(mode="json") for item, _ in written]
    shards_key = layout.shards(request.scan_id)
    services.artifacts.put(shards_key, json.dumps(items).encode(), "application/json")
    services.store.put_scan(source.key, scan_of(request, plan, "scanning"))
    return FetchReceipt(shards=len(written), files=len(listing.files), cached=len(work.used), shards_key=shards_key)


def _resolved(request: ScanRequest, services: Services) -> ScanRequest:
    """The request with the commit to scan and, of GitHub, the default branch.

    Where the commit is looked up only now, the request's place in the order is that of this moment, taken before: what
    is pushed later is newer, and what was scanned between the request and now is older.
    """
    source = request.source
    if source.provider != "github" or (source.commit and source.default_branch):
        return request
    now_ns = time.time_ns()
    found = services.github.resolve(source.repository, source.ref)
    resolved = source.model_copy(
        update={
            "ref": source.ref or found.ref,
            "commit": source.commit or found.commit,
            "default_branch": source.default_branch or found.default_branch,
        }
    )
    sequence = request.sequence if source.commit else max(request.sequence, now_ns)
    return request.model_copy(update={"source": resolved, "sequence": sequence})


def _unpack(request: ScanRequest, folder: Path, tree: Mapping[str, Blob] | None, services: Services) -> Extraction:
    """The source as files below `folder`."""
    source = request.source
    if source.provider == "github":
        return fetch_commit(source.repository, source.commit or "HEAD", folder, services, tree)
    if request.upload_id is None:
        raise SourceError(f"scan {request.scan_id}: neither a repository nor an upload; start it through the API")
    limits = services.settings.archive_limits
    archive = folder / "source"
    with archive.open("w+b") as file:
        services.artifacts.download(layout.upload(request.upload_id), file, limits.archive_bytes)
    return unpack(archive, folder / "tree", limits)


def _tree_of_default_branch(source: Source, services: Services) -> Tree:
    """The default branch as its newest complete scan has seen it; empty if there was none."""
    branch = source.default_branch or source.branch
    return services.artifacts.find_model(layout.tree(source.key, branch), Tree) or Tree(commit=None, files={})


@dataclass(frozen=True)
class _Work:
    """What is to be done, and what is known."""

    waiting: Sequence[Waiting]
    done: Sequence[tuple[str, tuple[Look, ...]]]
    """Path and results of the files that no scanner must be started on."""
    used: Sequence[str]
    """Keys of the cached results among these."""


def _divide(
    source: DirectorySource,
    files: Sequence[SourceFile],
    here: Mapping[str, str],
    scanners: Sequence[Scanner],
    known: Mapping[str, CacheEntry],
) -> _Work:
    """Split files into those whose results are known, and those to scan."""
    waiting: list[Waiting] = []
    done: list[tuple[str, tuple[Look, ...]]] = []
    used: list[str] = []
    for file in files:
        head = _head(source.root / file.path)
        keys = {s.name: s.cache_key(file, here[file.path]) for s in scanners if s.applies_to(file, head)}
        found = {key: known[key].result for key in keys.values() if key in known}
        used += found
        if len(found) < len(keys):
            waiting.append(Waiting(file, keys, found))
            continue
        looks = tuple(
            cached_look(s.name, file.path, found[keys[s.name]])
            if s.name in keys
            else Look(scanner=s.name, outcome=Outcome.NOT_APPLICABLE)
            for s in scanners
        )
        done.append((file.path, looks))
    return _Work(waiting, done, used)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _write(
    request: ScanRequest, work: _Work, source: DirectorySource, services: Services
) -> list[tuple[ShardMessage, Sequence[Waiting]]]:
    """Write what is known as one result, and what is to scan as shards."""

    def results() -> Iterator[FileResult]:
        for path, looks in work.done:
            reported = any(look.detections for look in looks)
            yield FileResult(path=path, looks=looks, content=source.read(path) if reported else None)

    services.artifacts.put_lines(layout.result(request.scan_id, "cached"), results())
    settings, artifacts = services.settings, services.artifacts
    parts = shards.cut(work.waiting, most_files=settings.shard_files, most_bytes=settings.shard_bytes)
    address = artifacts.address_to_read(layout.scan_settings(request.scan_id), LAST_S)
    return [
        (shards.write(request.scan_id, number, part, source, artifacts, address), part)
        for number, part in enumerate(parts)
    ]


def _plan(request: ScanRequest, config: Config, active: Ruleset) -> Plan:
    said = config.triage.model_fields_set
    return Plan(
        source=request.source,
        sequence=request.sequence,
        title=request.source.repository,
        at=utc_now(),
        ruleset_digest=active.digest,
        scanners=active.scanners,
        accepted_gaps=tuple(
            AcceptedGap(path=gap.path, scanner=gap.scanner, reason=gap.reason) for gap in config.accepted_gaps
        ),
        fail_on=config.fail_on,
        in_source=config.suppressions.in_source,
        policy=config.triage.policy,
        triage=config.triage.mode if "mode" in said else None,
        token_budget=config.triage.token_budget if "token_budget" in said else None,
        files=0,
        shards=0,
    )


NEVER_SCANNED = "the default branch has not been scanned yet: all that was found in changed files counts as new"
TREE_EXPIRED = (
    "the default branch was last scanned so long ago that the list of its files has expired: findings in files that "
    "were renamed since count as new; scan the default branch again"
)


def _notes(request: ScanRequest, before: Tree, services: Services) -> tuple[str, ...]:
    if request.is_baseline or before.files:
        return ()
    source = request.source
    known = services.store.baseline(source.key, source.default_branch or source.branch)
    return (NEVER_SCANNED if known is None else TREE_EXPIRED,)


def _write_plan(scan_id: str, plan: Plan, active: Ruleset, rules: RuleSet, config: Config, services: Services) -> None:
    """Write the plan, the rules for reports, and the settings of the Scan functions."""
    services.artifacts.put_model(layout.plan(scan_id), plan)
    services.artifacts.put_lines(layout.ruleset(scan_id), active.rules.values())
    services.artifacts.put_model(
        layout.scan_settings(scan_id),
        ScanSettings(
            scanners=active.scanners,
            rules=portable(rules),
            timeout_s=config.timeout_s,
            batch_timeout_s=config.batch_timeout_s,
            memory_bytes=config.memory_mb * 1024**2,
        ),
    )


def _planned(
    here: Mapping[str, str], written: Iterable[tuple[ShardMessage, Sequence[Waiting]]]
) -> Iterator[PlannedFile]:
    """Every file of the source, in order."""
    places = {item.file.path: (message.shard, item.keys) for message, part in written for item in part}
    for path, sha256 in here.items():
        shard, keys = places.get(path, (None, {}))
        yield PlannedFile(path=path, sha256=sha256, shard=shard, keys=keys)
