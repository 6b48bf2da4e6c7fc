"""Cutting files into batches (shards): large ones to begin with, small ones to end with; big files go alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oreva.sources.base import SourceFile

FILE_OVERHEAD_BYTES = 2_000
"""What a file costs beyond its content, as bytes of content that take as long to scan."""
MAX_FILES = 2_000
MAX_BYTES = 64 * 1024**2
BIG_FILE_BYTES = 512 * 1024
"""A file from this size on is a batch of its own: it may take as long as a hundred others, or its limits."""
SMALLEST_BATCH_S = 1.0
"""Less work than this is not worth a process: starting one takes about 0.3 s."""


def cut(files: Sequence[SourceFile], jobs: int, cost: Callable[[SourceFile], float]) -> list[list[SourceFile]]:
    """Cut files into batches for `jobs` processes at a time, in the order in which to run them.

    Guided self-scheduling (Polychronopoulos and Kuck, 1987): each batch takes its share, half of what one process would
    get of the work that is left, costly files first. The last batches are small, so that all processes end at about the
    same moment even where the estimates are off. `cost` estimates seconds. Every file lands in exactly one batch; no
    batch is empty. A big file makes a batch of its own.
    """
    costs = {file.path: cost(file) for file in files}
    ordered = sorted(files, key=lambda file: (-costs[file.path], file.path))
    left = sum(costs[file.path] for file in ordered if file.size < BIG_FILE_BYTES)
    batches = [[file] for file in ordered if file.size >= BIG_FILE_BYTES]
    batch: list[SourceFile] = []
    share = max(SMALLEST_BATCH_S, left / (2 * jobs))
    taken, size = 0.0, 0
    for file in ordered:
        if file.size >= BIG_FILE_BYTES:
            continue
        if batch and (taken >= share or len(batch) >= MAX_FILES or size + file.size > MAX_BYTES):
            batches.append(batch)
            left -= taken
            batch, taken, size = [], 0.0, 0
            share = max(SMALLEST_BATCH_S, left / (2 * jobs))
        batch.append(file)
        taken += costs[file.path]
        size += file.size
    if batch:
        batches.append(batch)
    return batches
