"""Cutting files into batches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oreva.scanners.shards import BIG_FILE_BYTES, MAX_BYTES, MAX_FILES, SMALLEST_BATCH_S, cut
from oreva.sources.base import SourceFile

FILES = st.lists(st.integers(0, BIG_FILE_BYTES - 1), max_size=60).map(
    lambda sizes: [SourceFile(path=f"f{index}.py", size=size) for index, size in enumerate(sizes)]
)


def seconds(file: SourceFile) -> float:
    return file.size / 50_000


@given(FILES, st.integers(1, 8))
def test_every_file_is_in_exactly_one_batch_costly_ones_first(files: list[SourceFile], jobs: int) -> None:
    batches = cut(files, jobs, seconds)
    assert sorted(file.path for batch in batches for file in batch) == sorted(file.path for file in files)
    assert all(batches)
    costs = [seconds(file) for batch in batches for file in batch]
    assert costs == sorted(costs, reverse=True)


@given(FILES, st.integers(1, 8))
def test_a_batch_takes_at_most_its_share_of_what_is_left_and_one_file(files: list[SourceFile], jobs: int) -> None:
    left = sum(seconds(file) for file in files)
    batches = cut(files, jobs, seconds)
    for batch in batches:
        cost = sum(seconds(file) for file in batch)
        share = max(SMALLEST_BATCH_S, left / (2 * jobs))
        assert cost - seconds(batch[-1]) < share, "one file less would have been less than the share"
        if batch is not batches[-1]:
            assert cost >= share
        left -= cost


def test_the_last_batches_are_small() -> None:
    files = [SourceFile(path=f"{index}.py", size=10_000) for index in range(500)]
    costs = [sum(seconds(file) for file in batch) for batch in cut(files, 2, seconds)]
    assert sum(costs) / costs[-1] >= 50, "at the end, no job waits longer than for a fiftieth of the work"
    assert len(costs) < 20, "and starting processes stays cheap beside the work"


def test_little_work_is_one_batch() -> None:
    assert len(cut([SourceFile(path=f"{index}.py", size=100) for index in range(30)], 8, seconds)) == 1


def test_a_batch_has_a_largest_size() -> None:
    many = [SourceFile(path=f"{index}.py", size=1) for index in range(MAX_FILES * 2 + 1)]
    assert len(cut(many, 1, lambda _: 0.0)) == 3
    many = [SourceFile(path=f"{index}.py", size=BIG_FILE_BYTES - 1) for index in range(2 * MAX_BYTES // BIG_FILE_BYTES)]
    assert len(cut(many, 1, lambda _: 0.0)) == 2


def test_a_big_file_goes_alone_and_first() -> None:
    files = [
        SourceFile(path=path, size=size) for path, size in (("a", 10), ("b", BIG_FILE_BYTES), ("c", 2**30), ("d", 1))
    ]
    assert [[file.path for file in batch] for batch in cut(files, 1, seconds)] == [["c"], ["b"], ["a", "d"]]


def test_nothing_to_cut() -> None:
    assert cut([], 4, seconds) == []
