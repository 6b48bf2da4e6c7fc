"""Scan: both scanners over one shard.

Talks to S3 alone, where it reads its shard and writes its result: Fetch has signed the addresses of these, and the
function has no rights of its own.

The function ends before Lambda ends it: what is not finished by then becomes a gap with its reason, and everything else
of the shard is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from oreva.cloud import addresses
from oreva.cloud.cache import ShardCache
from oreva.cloud.messages import ShardMessage, ShardReceipt
from oreva.cloud.objects import LINES_TYPE, lines_of, read_lines, unpacked
from oreva.cloud.plan import ScanSettings, ShardFile
from oreva.cloud.results import FileResult, Look
from oreva.cloud.services import Services
from oreva.errors import ScannerError, SourceError
from oreva.models import CoverageEntry, Detection, Outcome, Rule
from oreva.rules.catalogue import bandit_rules
from oreva.scanners.base import Limits, Scanner, ScanResult, Stage
from oreva.scanners.process import CancelledError
from oreva.scanners.registry import make_scanners
from oreva.scanners.runner import Runner, Scanned
from oreva.sources.base import SourceFile

RESERVE_S = 45.0
"""Kept back to end the scanners and write the result."""
RESERVE_SHARE = 0.2
"""At most this share of the time is kept back."""
OUT_OF_TIME = "the time of the function that scans its shard was up; make shards smaller (setting shard_files)"


def run(message: ShardMessage, services: Services, remaining_s: float = float("inf")) -> ShardReceipt:
    """Scan one shard and write its result.

    Args:
        message: which shard.
        services: only the settings are used.
        remaining_s: seconds until the function is ended from outside.

    Raises:
        ScannerError: the scanners here are not those that Fetch planned with, or one cannot run at all.
        StoreError: the shard cannot be read, or its result cannot be written.
    """
    deadline = time.monotonic() + remaining_s - min(RESERVE_S, remaining_s * RESERVE_SHARE)
    name = f"shard {message.shard} of scan {message.scan_id}"
    told = f"the settings of scan {message.scan_id}"
    settings = unpacked(told, addresses.read(message.settings_address, told), ScanSettings)
    files = list(read_lines(name, addresses.read(message.shard_address, name), ShardFile))
    scanners = make_scanners(tuple(settings.scanners), settings.ruleset, bandit_rules)
    _same(scanners, settings.scanners)
    cache = ShardCache({key: result for file in files for key, result in file.known.items()})
    runner = Runner(
        [_Punctual(scanner, deadline) for scanner in scanners],
        cache,
        _limits(settings.limits, services),
        jobs=services.settings.jobs,
    )
    listed = [SourceFile(path=f.path, size=len(f.content), executable=f.executable) for f in files]
    scanned = runner.run(_Shard(files), listed)
    results = lines_of(_results(files, listed, scanned, scanners, cache))
    addresses.write(message.result_address, results, LINES_TYPE, f"the result of {name}")
    return ShardReceipt(
        scan_id=message.scan_id,
        shard=message.shard,
        detections=len(scanned.detections),
        gaps=sum(entry.is_gap for entry in scanned.coverage),
    )


def _same(scanners: Sequence[Scanner], planned: Mapping[str, str]) -> None:
    """Refuse to scan with other versions than the plan's: its digest would lie, and the cache with it."""
    here = {scanner.name: scanner.version() for scanner in scanners}
    if here != dict(planned):
        raise ScannerError(
            f"the scan was planned with {_versions(planned)}, but here is {_versions(here)}; start the scan again"
        )


def _versions(scanners: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(scanners.items()))


def _limits(wanted: Limits, services: Services) -> Limits:
    """What the configuration allows, and no more than the function has."""
    own = services.settings
    return Limits(
        timeout_s=min(wanted.timeout_s, own.timeout_s),
        batch_timeout_s=min(wanted.batch_timeout_s, own.batch_timeout_s),
        memory_bytes=min(wanted.memory_bytes, own.memory_mb * 1024**2),
    )


class _Shard:
    """The files of one shard, in memory."""

    def __init__(self, files: Sequence[ShardFile]) -> None:
        self._contents = {file.path: file.content for file in files}

    def read(self, path: str) -> bytes:
        """The content of one file. Raises `SourceError` if it is not in the shard."""
        try:
            return self._contents[path]
        except KeyError:
            raise SourceError(f"{path}: not in this shard") from None


class _Punctual:
    """A scanner that stops at a moment: files that it has not finished by then are gaps."""

    def __init__(self, scanner: Scanner, deadline: float) -> None:
        self._scanner = scanner
        self._deadline = deadline
        self.name = scanner.name

    def version(self) -> str:
        """The scanner's version."""
        return self._scanner.version()

    def rules(self) -> Sequence[Rule]:
        """The active rules."""
        return self._scanner.rules()

    def applies_to(self, file: SourceFile, head: bytes) -> bool:
        """Whether the scanner looks at this file."""
        return self._scanner.applies_to(file, head)

    def cache_key(self, file: SourceFile, sha256: str) -> str:
        """What the result for this file depends on."""
        return self._scanner.cache_key(file, sha256)

    def scan(self, stage: Stage, limits: Limits, cancelled: Callable[[], bool]) -> ScanResult:
        """Scan the stage as far as the time allows. Raises what the scanner raises."""

        def late() -> bool:
            return time.monotonic() >= self._deadline

        try:
            if late():
                raise CancelledError
            return self._scanner.scan(stage, limits, lambda: cancelled() or late())
        except CancelledError:
            if not late():
                raise
            return ScanResult((), tuple(self._gap(file.path) for file in stage.files))

    def _gap(self, path: str) -> CoverageEntry:
        return CoverageEntry(path=path, scanner=self.name, outcome=Outcome.FAILED, reason=OUT_OF_TIME)


def _results(
    files: Sequence[ShardFile],
    listed: Sequence[SourceFile],
    scanned: Scanned,
    scanners: Sequence[Scanner],
    cache: ShardCache,
) -> Iterator[FileResult]:
    """What was said of each file, in the order of the shard."""
    outcomes = {(entry.path, entry.scanner): entry for entry in scanned.coverage}
    reported: dict[tuple[str, str], list[Detection]] = {}
    for detection in scanned.detections:
        reported.setdefault((detection.path, detection.scanner), []).append(detection)
    for file, source in zip(files, listed, strict=True):
        looks = []
        for scanner in scanners:
            entry = outcomes[file.path, scanner.name]
            key = scanner.cache_key(source, scanned.digests[file.path])
            kept = cache.fresh.get(key)  # perhaps that of another file with the same content
            lasting = kept is not None and (kept.outcome, kept.reason) == (entry.outcome, entry.reason)
            looks.append(
                Look(
                    scanner=scanner.name,
                    outcome=entry.outcome,
                    reason=entry.reason,
                    key=key if lasting else "",
                    detections=tuple(reported.get((file.path, scanner.name), ())),
                )
            )
        found = any(look.detections for look in looks)
        yield FileResult(path=file.path, looks=tuple(looks), content=file.content if found else None)
