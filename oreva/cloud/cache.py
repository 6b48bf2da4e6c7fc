"""The scan cache in S3: one compressed object per repository and ruleset, cache key to result.

Two scans that end at the same moment may each write it; what is lost by that is scanned once more, nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence

from oreva.cloud import layout
from oreva.cloud.artifacts import Artifacts
from oreva.errors import StoreError, ThrottledError
from oreva.models import Model
from oreva.scanners.cache import CachedResult, ScanCache

KEEP_DAYS = 60
"""Results that no scan has asked for in so many days are dropped."""
TOUCH_DAYS = 7
"""How far the noted day of the last use may lag behind, so that an unchanged scan does not write the object anew."""
MAX_ENTRIES = 400_000
"""More are not kept (two scanners on 200,000 files, which is what an archive may hold)."""

_log = logging.getLogger(__name__)


class CacheEntry(Model):
    """One result, the day (since 1970) a scan last asked for it, and its key."""

    key: str
    day: int
    result: CachedResult


def load(repository: str, digest: str, artifacts: Artifacts) -> dict[str, CacheEntry]:
    """The known results by key; a cache that cannot be read is an empty one. Raises `ThrottledError`."""
    try:
        entries = artifacts.find_lines(layout.cache(repository, digest), CacheEntry)
        return {entry.key: entry for entry in entries or ()}
    except ThrottledError:
        raise
    except StoreError as error:
        _log.warning("the scan cache is not used: %s", error)
        return {}


def merge(
    repository: str,
    digest: str,
    artifacts: Artifacts,
    *,
    used: Iterable[str],
    fresh: Iterable[tuple[str, CachedResult]],
    day: int,
) -> bool:
    """Add fresh results and note which of the known ones were used; whether anything had to be written."""
    known = load(repository, digest, artifacts)
    changed = False
    for key in used:
        entry = known.get(key)
        if entry is not None and day - entry.day >= TOUCH_DAYS:
            known[key] = entry.model_copy(update={"day": day})
            changed = True
    for key, result in fresh:
        if key not in known:
            known[key] = CacheEntry(key=key, day=day, result=result)
            changed = True
    if changed:
        kept = (known[key] for key in sorted(known) if day - known[key].day <= KEEP_DAYS)
        artifacts.put_lines(layout.cache(repository, digest), _first(kept, MAX_ENTRIES))
    return changed


def _first(entries: Iterable[CacheEntry], count: int) -> Iterator[CacheEntry]:
    for number, entry in enumerate(entries):
        if number == count:
            return
        yield entry


class ShardCache(ScanCache):
    """The cache of one shard: knows what Fetch sent along, and collects what is new."""

    def __init__(self, known: Mapping[str, CachedResult]) -> None:
        super().__init__(None)
        self._known = dict(known)
        self.fresh: dict[str, CachedResult] = {}

    def get(self, keys: Sequence[str]) -> dict[str, CachedResult]:
        """The results that Fetch sent along."""
        return {key: self._known[key] for key in keys if key in self._known}

    def put(self, results: Mapping[str, CachedResult]) -> None:
        """Collect results. The runner calls this from one thread."""
        self.fresh.update(results)
