"""Cutting files into batches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oreva.scanners.shards import BIG_FILE_BYTES, FILE_OVERHEAD_BYTES, MAX_BYTES, MAX_FILES, cut
from oreva.sources.base import SourceFile

FILES = st.lists(st.integers(0, BIG_FILE_BYTES - 1), max_size=60).map(
    lambda sizes: [SourceFile(path=f"f{index}.py", size=size) for index, size in enumerate(sizes)]
)


def weight(batch: list[SourceFile]) -> int:
    return sum(file.size + FILE_OVERHEAD_BYTES for file in batch)


@given(FILES, st.integers(1, 8))
def test_every_file_is_in_exactly_one_batch_and_batches_are_even(files: list[SourceFile], wanted: int) -> None:
    batches = cut(files, wanted)
    assert sorted(file.path for batch in batches for file in batch) == sorted(file.path for file in files)
    assert all(batches)
    assert len(batches) == min(wanted, len(files))
    if batches:
        weights = [weight(batch) for batch in batches]
        assert weights == sorted(weights, reverse=True)
        assert max(weights) - min(weights) <= max(file.size for file in files) + FILE_OVERHEAD_BYTES


def test_a_batch_has_a_largest_size() -> None:
    many = [SourceFile(path=f"{index}.py", size=1) for index in range(MAX_FILES * 2 + 1)]
    assert len(cut(many, 1)) == 3
    many = [SourceFile(path=f"{index}.py", size=BIG_FILE_BYTES - 1) for index in range(2 * MAX_BYTES // BIG_FILE_BYTES)]
    assert len(cut(many, 1)) == 2


def test_a_big_file_goes_alone_and_first() -> None:
    files = [
        SourceFile(path=path, size=size) for path, size in (("a", 10), ("b", BIG_FILE_BYTES), ("c", 2**30), ("d", 1))
    ]
    assert [[file.path for file in batch] for batch in cut(files, 1)] == [["c"], ["b"], ["a", "d"]]


def test_nothing_to_cut() -> None:
    assert cut([], 4) == []
