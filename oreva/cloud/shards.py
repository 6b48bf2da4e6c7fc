"""Cutting what is left to scan into shards, and writing them one at a time, so that no more than one is in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oreva.cloud import layout
from oreva.cloud.addresses import LAST_S
from oreva.cloud.artifacts import Artifacts
from oreva.cloud.messages import ShardMessage
from oreva.cloud.objects import LINES_TYPE
from oreva.cloud.plan import ShardFile
from oreva.scanners.cache import CachedResult
from oreva.scanners.shards import FILE_OVERHEAD_BYTES
from oreva.sources.base import FileReader, SourceFile

MAX_SHARDS = 10_000
"""What a Distributed Map can start; larger shards are made instead of more."""


@dataclass(frozen=True)
class Waiting:
    """A file that at least one scanner must be started on."""

    file: SourceFile
    keys: Mapping[str, str]
    """Scanner to cache key, for every scanner that it applies to."""
    known: Mapping[str, CachedResult]
    """Cache key to result, for the scanners that need not be started."""


def cut(waiting: Sequence[Waiting], *, most_files: int, most_bytes: int) -> Iterator[list[Waiting]]:
    """Cut files, in their order, into shards of about even weight that keep both limits.

    A file that is larger than `most_bytes` is a shard of its own. Neighbours stay together, so that a shard packs well.
    """
    total = sum(item.file.size for item in waiting)
    count = max(1, -(-len(waiting) // most_files), -(-total // most_bytes))
    if count > MAX_SHARDS:
        scale = -(-count // MAX_SHARDS)
        most_files, most_bytes, count = most_files * scale, most_bytes * scale, -(-count // scale)
    target = (total + FILE_OVERHEAD_BYTES * len(waiting)) / count
    shard: list[Waiting] = []
    size = weight = 0
    for item in waiting:
        full = len(shard) >= most_files or size + item.file.size > most_bytes or weight >= target
        if shard and full:
            yield shard
            shard, size, weight = [], 0, 0
        shard.append(item)
        size += item.file.size
        weight += item.file.size + FILE_OVERHEAD_BYTES
    if shard:
        yield shard


def write(
    scan_id: str, number: int, shard: Sequence[Waiting], source: FileReader, artifacts: Artifacts, settings: str
) -> ShardMessage:
    """Write one shard with the content of its files, and sign the addresses of it and of its result.

    `settings` is the signed address of the scan's settings. Raises `SourceError` if a file cannot be read, and
    `StoreError`.
    """
    key = layout.shard(scan_id, number)
    artifacts.put_lines(
        key,
        (
            ShardFile(
                path=item.file.path,
                executable=item.file.executable,
                content=source.read(item.file.path),
                known=item.known,
            )
            for item in shard
        ),
    )
    return ShardMessage(
        scan_id=scan_id,
        shard=number,
        files=len(shard),
        bytes=sum(item.file.size for item in shard),
        settings_address=settings,
        shard_address=artifacts.address_to_read(key, LAST_S),
        result_address=artifacts.address_to_write(layout.result(scan_id, number), LINES_TYPE, LAST_S),
    )
