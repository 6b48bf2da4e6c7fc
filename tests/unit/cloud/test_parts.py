"""The small decisions of the stages: shards, batches, causes, settings, events, the cache."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from oreva.cloud import batches, cache, layout, shards
from oreva.cloud.artifacts import Artifacts
from oreva.cloud.cache import KEEP_DAYS, TOUCH_DAYS, ShardCache
from oreva.cloud.environment import environment
from oreva.cloud.events import ENTRY_BYTES, Bus
from oreva.cloud.fail import CAUSE_CHARACTERS, Said, cause_of
from oreva.cloud.messages import ScanRequest, new_scan_id
from oreva.cloud.requests import make_request
from oreva.cloud.shards import Waiting
from oreva.cloud.triage import effective_mode
from oreva.errors import ConfigError, StoreError, ThrottledError
from oreva.models import Outcome, Severity, Source, utc_now
from oreva.scanners.cache import CachedResult
from oreva.sources.base import SourceFile
from oreva.sources.unpacking import ArchiveLimits
from tests.unit.cloud.bucket import account
from tests.unit.reports.conftest import finding as make_finding

CLEAN = CachedResult(outcome=Outcome.SCANNED, reason="", detections=())


def waiting(*sizes: int) -> list[Waiting]:
    return [Waiting(SourceFile(path=f"f{n:05}.py", size=size), {}, {}) for n, size in enumerate(sizes)]


class TestShards:
    @given(st.lists(st.integers(0, 5_000), max_size=60), st.integers(1, 20), st.integers(1, 10_000))
    def test_every_file_is_in_one_shard_within_the_limits(self, sizes: list[int], files: int, size: int) -> None:
        items = waiting(*sizes)
        made = list(shards.cut(items, most_files=files, most_bytes=size))
        assert [item for shard in made for item in shard] == items
        for shard in made:
            assert 1 <= len(shard) <= files
            assert len(shard) == 1 or sum(item.file.size for item in shard) <= size

    def test_they_are_of_about_the_same_weight(self) -> None:
        made = list(shards.cut(waiting(*[1_000] * 1_001), most_files=500, most_bytes=1 << 30))
        assert [len(shard) for shard in made] == [334, 334, 333]

    def test_there_are_never_more_than_a_map_can_start(self, monkeypatch) -> None:
        monkeypatch.setattr(shards, "MAX_SHARDS", 10)
        assert len(list(shards.cut(waiting(*[1] * 100), most_files=1, most_bytes=1 << 20))) <= 10

    def test_nothing_to_scan_makes_none(self) -> None:
        assert list(shards.cut([], most_files=1, most_bytes=1)) == []


class TestBatches:
    def test_the_severest_come_first_and_their_number_is_bounded(self) -> None:
        severities = list(Severity)
        findings = [make_finding(path=f"f{n}.py", severity=severities[n % 5]) for n in range(2_000)]
        made = list(batches.cut(findings))
        assert len(made) <= batches.MAX_BATCHES
        flat = [finding for batch in made for finding in batch]
        assert len(flat) == len(findings)
        ranks = [finding.severity.rank for finding in flat]
        assert ranks == sorted(ranks, reverse=True)

    def test_few_are_one_batch(self) -> None:
        assert [len(batch) for batch in batches.cut([make_finding()] * batches.MIN_FINDINGS)] == [batches.MIN_FINDINGS]

    @given(st.lists(st.integers(1, 40), min_size=1, max_size=40), st.integers(0, 5_000_000))
    def test_the_parts_of_a_budget_are_no_more_than_it(self, sizes: list[int], budget: int) -> None:
        finding = make_finding()
        total, before, parts = sum(sizes), 0, []
        for size in sizes:
            batch = batches.Batch(findings=(finding,) * size, files={}, before=before, total=total)
            parts.append((batch.tokens(budget), size))
            before += size
        assert sum(part for part, _ in parts) <= budget
        served = [part / size for part, size in parts]
        assert all(late <= early + 1 for early, late in itertools.pairwise(served))  # severer ones get more


class TestCauses:
    @pytest.mark.parametrize(
        ("error", "cause", "line"),
        [
            ("E", '{"errorMessage": "x: y; z", "errorType": "E", "stackTrace": ["secret"]}', "x: y; z"),
            ("SourceError", "plain\n text", "plain text"),
            ("States.Timeout", "", "a stage took longer than it may"),
            ("Sandbox.Timedout", '{"errorMessage": "RequestId: 1 Error: Task timed out after 900.00 seconds"}',
             "a stage took longer than it may"),
            ("Runtime.Unknown", '{"errorMessage": "2026 1 Task timed out after 900.00 seconds"}',
             "a stage took longer than it may"),
            ("States.Runtime", "", "the pipeline ended with States.Runtime"),
            ("X", "[1]", "[1]"),
            ("X", '{"errorMessage": null}', "the pipeline ended with X"),
            ("X", "a\x1b[31m", "a\\x1b[31m"),
        ],
    )  # fmt: skip
    def test_one_line_for_people(self, error: str, cause: str, line: str) -> None:
        assert cause_of(error, cause) == line

    def test_it_is_bounded(self) -> None:
        assert len(cause_of("X", "y" * 100_000)) <= CAUSE_CHARACTERS + 1


@pytest.mark.parametrize("allowed", ["off", "heuristic", "bedrock"])
@pytest.mark.parametrize("wanted", ["off", "heuristic", "bedrock", None])
def test_the_lesser_of_two_modes(allowed: Any, wanted: Any) -> None:
    order = ["off", "heuristic", "bedrock"]
    expected = allowed if wanted is None else order[min(order.index(allowed), order.index(wanted))]
    assert effective_mode(allowed, wanted) == expected


class TestEnvironment:
    def test_values_lists_and_defaults(self) -> None:
        made = environment({"OREVA_TABLE": " t ", "OREVA_ALLOWED_REPOSITORIES": "Acme/*, other/x ,", "OREVA_JOBS": "3"})
        assert (made.table, made.allowed_repositories, made.jobs, made.bucket) == ("t", ("Acme/*", "other/x"), 3, None)
        assert made.allows("acme/SHOP")
        assert not made.allows("other/y")
        assert environment({}).allows("any/thing")

    def test_the_limits_of_archives_are_settings(self) -> None:
        assert environment({"OREVA_UPLOAD_BYTES": "7"}).archive_limits == ArchiveLimits(archive_bytes=7)
        names = ("archive_files", "archive_total_bytes", "archive_file_bytes", "archive_ratio",
                 "archive_ratio_free_bytes")  # fmt: skip
        made = environment({f"OREVA_{name.upper()}": str(number) for number, name in enumerate(names, 1)})
        expected = ArchiveLimits(made.upload_bytes, files=1, total_bytes=2, file_bytes=3, ratio=4, ratio_free_bytes=5)
        assert made.archive_limits == expected

    def test_a_value_that_is_wrong_is_named(self) -> None:
        with pytest.raises(ConfigError, match=r"^environment: OREVA_SHARD_FILES: .*deploy again$"):
            environment({"OREVA_SHARD_FILES": "many"})

    def test_a_value_that_is_missing_is_named(self) -> None:
        with pytest.raises(ConfigError, match="OREVA_BUCKET, OREVA_BUS not set"):
            environment({"OREVA_TABLE": "t"}).need("table", "bucket", "bus")


class TestRequests:
    def test_what_counts_as_the_default_branch(self) -> None:
        def request(trigger: Any = "push", **source: Any) -> ScanRequest:
            values = {"provider": "github", "repository": "a/b", **source}
            return make_request(Source.model_validate(values), trigger=trigger, requested_by="")

        assert request(ref="main", default_branch="main").is_baseline
        assert request().is_baseline
        assert request(provider="archive", ref="x").is_baseline
        assert not request(ref="topic", default_branch="main").is_baseline
        assert not request("pull_request", ref="main", default_branch="main").is_baseline

    def test_ids_sort_by_time(self) -> None:
        at = utc_now()
        assert new_scan_id(at) < new_scan_id(at.replace(year=at.year + 1))


class _Client:
    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.calls: list[int] = []

    def put_events(self, Entries: list[Any]) -> Any:  # noqa: N803
        self.calls.append(len(Entries))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class TestBus:
    def test_calls_keep_both_limits(self) -> None:
        client = _Client({"FailedEntryCount": 0, "Entries": []})
        Bus("b", client).publish([("Scan Failed", Said(cause="x"))] * 23)
        assert client.calls == [10, 10, 3]
        client.calls.clear()
        Bus("b", client).publish([("Scan Failed", Said(cause="x" * 100_000))] * 5)
        assert client.calls == [2, 2, 1]
        with pytest.raises(StoreError, match="above its limit"):
            Bus("b", client).publish([("Scan Failed", Said(cause="x" * ENTRY_BYTES))])

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (ClientError({"Error": {"Code": "ThrottlingException"}}, "PutEvents"), ThrottledError),
            (ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutEvents"), StoreError),
            (EndpointConnectionError(endpoint_url="http://x"), StoreError),
            ({"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}, ThrottledError),
            ({"FailedEntryCount": 1, "Entries": [{}, {"ErrorCode": "InternalFailure"}]}, StoreError),
        ],
    )
    def test_what_is_not_taken_is_an_error(self, answer: Any, kind: type[Exception]) -> None:
        with pytest.raises(kind, match=r"^event bus b: ") as failure:
            Bus("b", _Client(answer)).publish([("Scan Failed", Said(cause="x"))])
        assert type(failure.value) is kind

    def test_the_real_client_takes_them(self) -> None:
        with account() as (_, bus):
            bus.publish([("Scan Failed", Said(cause="\udcff"))])


class TestCache:
    def test_it_grows_ages_and_forgets(self, artifacts: Artifacts) -> None:
        def merge(day: int, used: tuple[str, ...] = (), **fresh: CachedResult) -> bool:
            return cache.merge("r", "d", artifacts, used=used, fresh=fresh.items(), day=day)

        assert cache.load("r", "d", artifacts) == {}
        assert merge(100, a=CLEAN, b=CLEAN)
        assert not merge(100 + TOUCH_DAYS - 1, used=("a",), b=CLEAN)  # nothing that would be worth a write
        assert merge(100 + TOUCH_DAYS, used=("a", "unknown"))
        assert {key: entry.day for key, entry in cache.load("r", "d", artifacts).items()} == {
            "a": 100 + TOUCH_DAYS,
            "b": 100,
        }
        assert merge(101 + KEEP_DAYS, c=CLEAN)
        assert set(cache.load("r", "d", artifacts)) == {"a", "c"}
        assert cache.load("r", "other rules", artifacts) == {}

    def test_one_that_is_damaged_is_empty(self, artifacts: Artifacts) -> None:
        artifacts.put(layout.cache("r", "d"), b"\x1f\x8bno")
        assert cache.load("r", "d", artifacts) == {}

    def test_it_is_bounded(self, artifacts: Artifacts, monkeypatch) -> None:
        monkeypatch.setattr(cache, "MAX_ENTRIES", 2)
        cache.merge("r", "d", artifacts, used=(), fresh=[(name, CLEAN) for name in "abc"], day=1)
        assert set(cache.load("r", "d", artifacts)) == {"a", "b"}

    def test_a_throttle_is_passed_on(self) -> None:
        class Slow:
            def find_lines(self, *_: object) -> None:
                raise ThrottledError("slow")

        with pytest.raises(ThrottledError):
            cache.load("r", "d", Slow())  # type: ignore[arg-type]

    def test_that_of_a_shard_collects_what_is_new(self) -> None:
        kept = ShardCache({"a": CLEAN})
        assert kept.get(["a", "b"]) == {"a": CLEAN}
        kept.put({"b": CLEAN})
        assert kept.fresh == {"b": CLEAN}


def test_keys_of_a_scan_lie_below_its_prefix() -> None:
    scan_id = "01J00000000000000000000000"
    for make in (layout.request, layout.plan, layout.ruleset, layout.files, layout.skipped, layout.shards,
                 layout.scan_settings, layout.candidates, layout.contents, layout.coverage, layout.fresh,
                 layout.deduplicated, layout.analysis, layout.published, layout.failed):  # fmt: skip
        assert make(scan_id).startswith(layout.scan_prefix(scan_id))
    assert json.dumps(layout.tree("r", "b")) != json.dumps(layout.tree("r", "c"))
