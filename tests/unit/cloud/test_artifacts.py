from __future__ import annotations

import gzip
import io
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from oreva.cloud.artifacts import Artifacts, MissingArtifactError
from oreva.cloud.plan import ShardFile
from oreva.errors import SourceError, StoreError, ThrottledError
from oreva.models import CoverageEntry, Outcome
from oreva.store.records import dump

ENTRY = CoverageEntry(path="a\udcff.py", scanner="bandit", outcome=Outcome.SCANNED)


def test_lines_come_back_as_they_were_written(artifacts: Artifacts) -> None:
    entries = [ENTRY, ENTRY.model_copy(update={"path": "line\nbreak.py"})]
    assert artifacts.put_lines("x/lines.jsonl.gz", entries) == 2
    assert artifacts.get_lines("x/lines.jsonl.gz", CoverageEntry) == entries
    assert list(artifacts.find_lines("x/lines.jsonl.gz", CoverageEntry) or ()) == entries
    assert artifacts.keys("x/") == ["x/lines.jsonl.gz"]


def test_no_lines_are_an_object_too(artifacts: Artifacts) -> None:
    artifacts.put_lines("none.jsonl.gz", [])
    assert artifacts.get_lines("none.jsonl.gz", CoverageEntry) == []


@pytest.mark.parametrize("path", ["plain.py", "odd\udc80.py"])
def test_bytes_come_back_whatever_they_are(artifacts: Artifacts, path: str) -> None:
    file = ShardFile(path=path, content=bytes(range(256)))
    artifacts.put_lines("f.jsonl.gz", [file])
    assert artifacts.get_lines("f.jsonl.gz", ShardFile) == [file]


@pytest.mark.parametrize("key", ["one.json", "one.json.gz"])
def test_one_model(artifacts: Artifacts, key: str) -> None:
    artifacts.put_model(key, ENTRY)
    assert artifacts.get_model(key, CoverageEntry) == artifacts.find_model(key, CoverageEntry) == ENTRY
    assert (artifacts.get(key)[:2] == b"\x1f\x8b") is key.endswith(".gz")


def test_an_object_is_written_only_if_all_lines_were_made(artifacts: Artifacts) -> None:
    def broken() -> Iterator[CoverageEntry]:
        yield ENTRY
        raise SourceError("gone")

    with pytest.raises(SourceError):
        artifacts.put_lines("half.jsonl.gz", broken())
    assert artifacts.find("half.jsonl.gz") is None


def test_what_is_missing(artifacts: Artifacts) -> None:
    assert artifacts.find_lines("no", CoverageEntry) is None
    assert artifacts.find_model("no", CoverageEntry) is None
    for read in (artifacts.get, lambda key: artifacts.get_model(key, CoverageEntry)):
        with pytest.raises(MissingArtifactError, match="s3://artifacts/no: not there"):
            read("no")
    with pytest.raises(MissingArtifactError, match="upload it first"):
        artifacts.download("no", io.BytesIO(), 10)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\x1f\x8bno", "damaged"),
        (gzip.compress(dump(ENTRY).encode() + b"\n")[:-4], "damaged"),
        (gzip.compress(b"{}\n"), "path"),
    ],
    ids=["garbage", "cut off", "another model"],
)
def test_what_is_damaged_is_named(artifacts: Artifacts, body: bytes, reason: str) -> None:
    artifacts.put("bad.jsonl.gz", body)
    with pytest.raises(StoreError, match=rf"s3://artifacts/bad\.jsonl\.gz: .*{reason}"):
        artifacts.get_lines("bad.jsonl.gz", CoverageEntry)
    with pytest.raises(StoreError, match=r"s3://artifacts/bad\.jsonl\.gz: "):
        artifacts.get_model("bad.jsonl.gz", CoverageEntry)


def test_a_download_is_limited(artifacts: Artifacts) -> None:
    artifacts.put("big", b"x" * 11)
    into = io.BytesIO()
    assert artifacts.download("big", into, 11) == 11
    assert into.getvalue() == b"x" * 11
    with pytest.raises(StoreError, match="11 bytes are more than the limit of 10"):
        artifacts.download("big", io.BytesIO(), 10)


class _Failing:
    class exceptions:  # noqa: N801
        NoSuchKey = KeyError

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_object(self, **_: object) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (ClientError({"Error": {"Code": "SlowDown"}}, "GetObject"), ThrottledError, "SlowDown"),
        (ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject"), StoreError, "AccessDenied; check the bucket"),
        (EndpointConnectionError(endpoint_url="http://s3"), StoreError, "Could not connect"),
    ],
)
def test_errors_of_the_service_name_the_object(error: Exception, kind: type[Exception], reason: str) -> None:
    with pytest.raises(kind, match=f"s3://b/k: .*{reason}") as failure:
        Artifacts("b", _Failing(error)).get("k")
    assert type(failure.value) is kind
