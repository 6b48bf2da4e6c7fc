"""Cutting files into batches (shards) of even weight, limited in count and bytes; big files go alone."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from oreva.sources.base import SourceFile

FILE_OVERHEAD_BYTES = 2_000
"""What a file costs beyond its content, as bytes of content that take as long to scan."""
MAX_FILES = 2_000
MAX_BYTES = 64 * 1024**2
BIG_FILE_BYTES = 512 * 1024
"""A file from this size on is a batch of its own: it may take as long as a hundred others, or its limits."""


def cut(files: Sequence[SourceFile], wanted: int) -> list[list[SourceFile]]:
    """Cut files into about `wanted` batches of even weight, heaviest first; more where a limit asks for it.

    Longest-processing-time-first: each file, heaviest first, goes to the lightest batch so far. Every file lands in
    exactly one batch; no batch is empty. A big file makes a batch of its own, beyond the wanted number.
    """
    big = [file for file in files if file.size >= BIG_FILE_BYTES]
    alone = [[file] for file in sorted(big, key=lambda file: (-file.size, file.path))]
    return alone + _even([file for file in files if file.size < BIG_FILE_BYTES], wanted)


def _even(files: Sequence[SourceFile], wanted: int) -> list[list[SourceFile]]:
    if not files:
        return []
    total = sum(file.size for file in files)
    count = max(1, min(wanted, len(files)), -(-len(files) // MAX_FILES), -(-total // MAX_BYTES))
    count = min(count, len(files))
    batches: list[list[SourceFile]] = [[] for _ in range(count)]
    heap = [(0, index) for index in range(count)]
    for file in sorted(files, key=lambda file: (-file.size, file.path)):
        weight, index = heapq.heappop(heap)
        batches[index].append(file)
        heapq.heappush(heap, (weight + file.size + FILE_OVERHEAD_BYTES, index))
    weights = sorted(((weight, index) for weight, index in heap), reverse=True)
    return [sorted(batches[index], key=lambda file: file.path) for _, index in weights]
