"""Running scanners over a source: cache first, then batches side by side, then bisecting whatever failed as a whole."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from oreva.errors import SourceError
from oreva.models import CoverageEntry, Detection, Outcome
from oreva.scanners import costs
from oreva.scanners.bandit import PLUGINS_FAILED
from oreva.scanners.base import BatchFailedError, Limits, Scanner, ScanResult, Stage
from oreva.scanners.cache import CachedResult, ScanCache
from oreva.scanners.process import CancelledError
from oreva.scanners.semgrep_report import RULES_OVERFLOWED
from oreva.scanners.shards import cut
from oreva.scanners.staging import stage
from oreva.sources.base import FileReader, SourceFile

HEAD_BYTES = 1024
_READERS = 4
_WORTH_SHARING_S = 2.0
"""A batch that takes less than this is not spread over several processes: each of them parses the files again."""

Progress = Callable[[str, int, int], None]
"""Called with (scanner, files done, files in all) whenever a batch has ended."""


@dataclass(frozen=True)
class Scanned:
    """Everything the scanners said of a source."""

    detections: tuple[Detection, ...]
    coverage: tuple[CoverageEntry, ...]
    """One entry per listed file × scanner."""
    digests: Mapping[str, str]
    """Path to SHA-256 (hex) of every file that could be read."""
    started: Mapping[str, int]
    """Scanner to the number of files it was really started on (the rest came from the cache)."""


@dataclass(frozen=True)
class _Seen:
    """A file with what had to be read of it to know what to do."""

    file: SourceFile
    sha256: str
    head: bytes


@dataclass(frozen=True)
class _Batch:
    """What came of one task."""

    result: ScanResult
    digests: Mapping[str, str]
    """Path to digest of what was really scanned: a file may have changed since it was looked at."""


@dataclass(frozen=True)
class _Task:
    scanner: Scanner
    files: tuple[SourceFile, ...]
    processes: int = 1
    """How many of them may work on it at the same time."""

    @property
    def cost(self) -> float:
        """Estimated seconds of one processor."""
        return sum(costs.seconds(self.scanner.name, file) for file in self.files)


class Runner:
    """Runs a set of scanners with one cache, one set of limits and one number of jobs."""

    def __init__(
        self,
        scanners: Sequence[Scanner],
        cache: ScanCache,
        limits: Limits,
        *,
        jobs: int,
        progress: Progress = lambda _scanner, _done, _total: None,
    ) -> None:
        self._scanners = scanners
        self._cache = cache
        self._limits = limits
        self._jobs = max(1, jobs)
        self._progress = progress
        self._cancel = threading.Event()

    def run(self, source: FileReader, files: Sequence[SourceFile]) -> Scanned:
        """Scan files of a source. Every file gets an outcome under every scanner.

        Raises `ScannerError` if a scanner cannot run at all. On Ctrl-C all processes are ended, what was finished is in
        the cache, and `KeyboardInterrupt` goes on to the caller.
        """
        detections: list[Detection] = []
        coverage: list[CoverageEntry] = []
        digests: dict[str, str] = {}
        seen: list[_Seen] = []
        for answer in self._look(source, files):
            if isinstance(answer, _Seen):
                seen.append(answer)
                digests[answer.file.path] = answer.sha256
            else:
                coverage += answer
        tasks: list[_Task] = []
        for scanner in self._scanners:
            known, unknown, not_applicable = self._from_cache(scanner, seen)
            coverage += not_applicable
            for path, result in known.items():
                found, entry = result.at(path, scanner.name)
                detections += found
                coverage.append(entry)
            tasks += [_Task(scanner, tuple(batch)) for batch in cut(unknown, self._jobs, _cost_under(scanner))]
        started = {s.name: sum(len(t.files) for t in tasks if t.scanner is s) for s in self._scanners}
        for task, batch in self._work(source, tasks, started):
            self._remember(task, batch)
            digests |= batch.digests
            detections += batch.result.detections
            coverage += batch.result.coverage
        coverage.sort(key=lambda entry: (entry.path, entry.scanner or ""))
        return Scanned(tuple(sorted(detections, key=_position)), tuple(coverage), digests, started)

    def _look(self, source: FileReader, files: Sequence[SourceFile]) -> Iterator[_Seen | list[CoverageEntry]]:
        """Read every file once: its digest and head; one that cannot be read fails under every scanner."""

        def look(file: SourceFile) -> _Seen | list[CoverageEntry]:
            try:
                content = source.read(file.path)
            except SourceError as error:
                return [self._failed(file.path, scanner.name, str(error)) for scanner in self._scanners]
            return _Seen(file, hashlib.sha256(content).hexdigest(), content[:HEAD_BYTES])

        with ThreadPoolExecutor(_READERS) as readers:
            yield from readers.map(look, files)

    def _from_cache(
        self, scanner: Scanner, seen: Sequence[_Seen]
    ) -> tuple[dict[str, CachedResult], list[SourceFile], list[CoverageEntry]]:
        """Split files into those whose result is known, those to scan, and those the scanner has nothing to do with."""
        keys: dict[str, str] = {}
        not_applicable = []
        by_path = {}
        for item in seen:
            if scanner.applies_to(item.file, item.head):
                keys[item.file.path] = scanner.cache_key(item.file, item.sha256)
                by_path[item.file.path] = item.file
            else:
                entry = CoverageEntry(path=item.file.path, scanner=scanner.name, outcome=Outcome.NOT_APPLICABLE)
                not_applicable.append(entry)
        known = self._cache.get(sorted(set(keys.values())))
        hits = {path: known[key] for path, key in keys.items() if key in known}
        return hits, [by_path[path] for path in keys if path not in hits], not_applicable

    def _remember(self, task: _Task, batch: _Batch) -> None:
        """Cache what will be the same next time; running out of time or memory may not be."""
        files = {file.path: file for file in task.files}
        by_path: dict[str, list[Detection]] = {}
        for detection in batch.result.detections:
            by_path.setdefault(detection.path, []).append(detection)
        self._cache.put(
            {
                task.scanner.cache_key(files[entry.path], batch.digests[entry.path]): CachedResult(
                    outcome=entry.outcome, reason=entry.reason, detections=tuple(by_path.get(entry.path, ()))
                )
                for entry in batch.result.coverage
                if entry.path in batch.digests and _lasting(entry)
            }
        )

    def _work(
        self, source: FileReader, tasks: Sequence[_Task], totals: Mapping[str, int]
    ) -> Iterator[tuple[_Task, _Batch]]:
        """Run batches on `jobs` threads; a batch that failed as a whole is split, down to the file to blame."""
        if not tasks:
            return
        done = dict.fromkeys(totals, 0)
        work = Path(tempfile.mkdtemp(prefix="oreva-stage-"))
        pool = ThreadPoolExecutor(self._jobs)
        try:
            running = {pool.submit(self._run, source, task, work): task for task in _ordered(tasks, self._jobs)}
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    task = running.pop(future)
                    try:
                        batch = future.result()
                    except BatchFailedError as error:
                        if len(task.files) > 1:
                            for part in _parts(task):
                                running[pool.submit(self._run, source, part, work)] = part
                            continue
                        entry = self._failed(task.files[0].path, task.scanner.name, error.reason)
                        batch = _Batch(ScanResult((), (entry,)), {})
                    done[task.scanner.name] += len(task.files)
                    self._progress(task.scanner.name, done[task.scanner.name], totals[task.scanner.name])
                    yield task, batch
        except BaseException:
            self._cancel.set()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
            shutil.rmtree(work, ignore_errors=True)

    def _run(self, source: FileReader, task: _Task, work: Path) -> _Batch:
        """One batch: stage a snapshot, scan it, throw the snapshot away."""
        if self._cancel.is_set():
            raise CancelledError
        root = Path(tempfile.mkdtemp(dir=work)) / "stage"
        staged, unread = stage(root, [(file.path, file.executable) for file in task.files], source.read)
        try:
            limits = replace(_for_batch(self._limits, staged), processes=task.processes)
            result = task.scanner.scan(staged, limits, self._cancel.is_set) if staged.files else ScanResult((), ())
        finally:
            shutil.rmtree(root.parent, ignore_errors=True)
        failed = [self._failed(path, task.scanner.name, reason) for path, reason in unread.items()]
        digests = {file.path: file.sha256 for file in staged.files}
        return _Batch(ScanResult(result.detections, (*result.coverage, *failed)), digests)

    @staticmethod
    def _failed(path: str, scanner: str, reason: str) -> CoverageEntry:
        return CoverageEntry(path=path, scanner=scanner, outcome=Outcome.FAILED, reason=reason)


def _for_batch(limits: Limits, staged: Stage) -> Limits:
    """The batch's own time limit: what its files may take by a generous estimate, at most the configured one."""
    size = sum(file.size for file in staged.files)
    estimate = 3 * limits.timeout_s + 0.5 * len(staged.files) + size / 20_000
    return replace(limits, batch_timeout_s=min(limits.batch_timeout_s, estimate))


def _lasting(entry: CoverageEntry) -> bool:
    """Whether an outcome depends on the file alone: not on time, memory or a crash."""
    if entry.outcome in (Outcome.SCANNED, Outcome.NOT_APPLICABLE):
        return True
    if entry.reason.startswith(PLUGINS_FAILED):
        return "MemoryError" not in entry.reason
    return any(part in entry.reason for part in (" could not parse ", " could not read it: ", RULES_OVERFLOWED))


def _parts(task: _Task) -> list[_Task]:
    """A failed batch in pieces: its largest file, the likeliest culprit, alone, and the others in two halves."""
    largest = max(task.files, key=lambda file: file.size)
    others = [file for file in task.files if file is not largest]
    middle = len(others) // 2
    pieces = ([largest], others[:middle], others[middle:])
    return [_Task(task.scanner, tuple(piece)) for piece in pieces if piece]


def _cost_under(scanner: Scanner) -> Callable[[SourceFile], float]:
    return lambda file: costs.seconds(scanner.name, file)


def _ordered(tasks: Iterable[_Task], jobs: int) -> list[_Task]:
    """Costliest first, so that only small ones are left when the jobs run dry.

    A task that alone takes longer than an even share of everything (one huge file among few others) may use as many
    processes as that is shares: otherwise the other jobs would wait for it.
    """
    weighed = sorted(((task.cost, task) for task in tasks), key=lambda pair: -pair[0])
    share = sum(cost for cost, _ in weighed) / jobs
    return [
        replace(task, processes=min(jobs, ceil(cost / share))) if cost > max(share, _WORTH_SHARING_S) else task
        for cost, task in weighed
    ]


def _position(detection: Detection) -> tuple[str, int, int, str, str, int, int]:
    return (
        detection.path,
        detection.start_line,
        detection.start_col,
        detection.scanner,
        detection.rule_id,
        detection.end_line,
        detection.end_col,
    )
