"""A scan of an upload through all stages, beside the same scan on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import urllib3

from oreva.cloud import addresses, fail, fetch, layout
from oreva.cloud.artifacts import Artifacts, MissingArtifactError
from oreva.cloud.messages import FailMessage, FetchReceipt, ShardMessage, StageMessage
from oreva.cloud.scan import run as scan_shard
from oreva.errors import ConfigError, SourceError, StoreError, ThrottledError
from oreva.models import Finding, ScanState, Status
from oreva.store.dynamodb import DynamoDbStore
from tests.integration.cloud.conftest import tree
from tests.unit.store.dynamodb_wire import Calls, answer_with, refusal

SHOP = Path(__file__).parents[3] / "examples" / "shop"
OWN = {"id", "first_seen", "first_seen_scan", "verdict"}
"""What two scans of the same code may say differently: names and moments."""
RULES = b"""\
rules:
  - id: team.exec
    languages: [python]
    severity: HIGH
    message: Text is run as code.
    metadata: {title: Text run as code, category: security, confidence: HIGH, cwe: ["CWE-95: Eval Injection"]}
    pattern: exec(...)
"""
CONFIG = b"builtin_rules: false\nrules: [rules]\nscanners: [semgrep]\n"
SMALL = {".oreva.yml": CONFIG, "rules/team.yaml": RULES}


def small(**files: str) -> dict[str, bytes]:
    """A tree that Semgrep alone scans, with one rule of its own; keywords are modules and their code."""
    return {**SMALL, **{f"{name}.py": code.encode() for name, code in files.items()}}


def told(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings without what only this scan says of them, and the moment of a verdict."""
    return [
        {key: value for key, value in finding.items() if key not in OWN}
        | {"verdict": finding["verdict"] and {**finding["verdict"], "at": None}}
        for finding in findings
    ]


def test_the_shop_gives_what_a_local_scan_gives(cloud, scan, tmp_path) -> None:
    deployed = cloud()
    files = tree(SHOP)
    request = deployed.upload(files)
    receipt = deployed.run(request)
    local = scan(SHOP, "--state-dir", tmp_path / "state").report
    remote = deployed.report(request)

    assert len(local["findings"]) > 20
    assert told(remote["findings"]) == told(local["findings"])
    assert remote["coverage"] == local["coverage"]
    assert remote["summary"] == local["summary"]
    assert remote["scan"]["ruleset_digest"] == local["scan"]["ruleset_digest"]
    assert {d["scanner"] for f in remote["findings"] for d in f["detections"]} == {"semgrep", "bandit"}

    stored = list(deployed.services.store.findings("archive/shop"))
    assert {f.id for f in stored} == {f["id"] for f in remote["findings"]}
    assert (receipt.new, receipt.fixed, receipt.gaps) == (len(stored), 0, 0)

    sarif = json.loads(deployed.services.artifacts.get(layout.report(request.scan_id, "sarif")))
    assert len(sarif["runs"][0]["results"]) == len(stored)
    kinds = [kind for kind, _ in deployed.events()]
    assert kinds == ["Scan Requested", *["Finding Opened"] * len(stored), "Scan Completed"]

    # One file changes: it alone is scanned, and the rest is as it was.
    changed = "api/app.py"
    assert changed in files
    more = files[changed] + b"\n\ndef run_it(text):\n    exec(text)\n"
    second = deployed.upload({**files, changed: more})
    again = deployed.run(second)
    assert [(item.files, item.bytes) for item in deployed.shards] == [(1, len(more))]
    counts = deployed.report(second)["coverage"]["by_scanner"]
    assert counts["semgrep"]["scanned"] == counts["bandit"]["scanned"] == 1
    assert counts["semgrep"]["cached"] == local["coverage"]["by_scanner"]["semgrep"]["scanned"] - 1
    assert (again.new, again.fixed, again.findings) == (1, 0, len(stored) + 1)
    kept = {f["id"] for f in deployed.report(second)["findings"]}
    assert {f.id for f in stored} < kept


@pytest.mark.parametrize("count", [3, 40])
def test_an_unchanged_scan_writes_a_few_items_however_many_findings_there_are(cloud, count) -> None:
    deployed = cloud()
    files = small(app="".join(f"def f{n}(x):\n    exec(x + {n})\n\n" for n in range(count)))
    assert deployed.run(deployed.upload(files)).new == count
    request = deployed.upload(files)
    client = deployed.services.store._table._client
    calls = Calls(client)
    receipt = deployed.run(request)
    assert (receipt.new, receipt.findings, deployed.shards) == (0, count, [])
    assert calls.items_written == 7  # four moments of the scan; then scan, baseline and counter at once
    assert receipt.measures["CachedResults"] == 1


def test_what_is_fixed_is_closed_and_said(cloud) -> None:
    deployed = cloud()
    deployed.run(deployed.upload(small(app="exec(x)\n", other="exec(y)\n")))
    deployed.events()
    receipt = deployed.run(deployed.upload(small(app="exec(x)\n", other="y = 1\n")))
    assert (receipt.new, receipt.fixed) == (0, 1)
    (told,) = [detail for kind, detail in deployed.events() if kind == "Finding Fixed"]
    assert (told["path"], told["change"]) == ("other.py", "fixed")
    assert told["finding_id"] in {f.id for f in stored(deployed, Status.FIXED)}


def lose(deployed, key: str, monkeypatch) -> None:
    """One object of a scan vanishes once Fetch has ended."""
    fetched = fetch.run

    def run(*arguments: Any) -> FetchReceipt:
        receipt = fetched(*arguments)
        artifacts = deployed.services.artifacts
        artifacts._client.delete_object(Bucket=artifacts.bucket, Key=key)
        return receipt

    monkeypatch.setattr(fetch, "run", run)


def stored(deployed, *statuses: Status) -> list[Finding]:
    return [f for f in deployed.services.store.findings("archive/shop") if f.status in statuses]


class TestLostShards:
    def test_files_of_a_lost_shard_are_gaps_and_nothing_is_closed(self, cloud) -> None:
        deployed = cloud(shard_files=1)
        before = small(a="exec(a)\n", b="exec(b)\n", c="z = 1\n")
        deployed.run(deployed.upload(before))
        deployed.events()
        deployed.lost = {0}
        after = small(a="a = 1\n", b="b = 1\n", c="z = 2\n")
        request = deployed.upload(after)
        receipt = deployed.run(request)
        assert [item.files for item in deployed.shards] == [1, 1, 1]
        assert (receipt.state, receipt.fixed, receipt.gaps) == ("completed", 1, 1)
        report = deployed.report(request)
        (gap,) = report["coverage"]["gaps"]
        assert (gap["path"], gap["scanner"], gap["outcome"]) == ("a.py", "semgrep", "failed")
        assert "shard was lost" in gap["reason"]
        assert [(f["path"], f["status"]) for f in report["findings"]] == [("a.py", "open")]
        assert "not looked at" in report["findings"][0]["status_reason"]
        assert receipt.measures["ShardsFailed"] == receipt.measures["Gaps"] == 1

        deployed.lost = set()
        whole = deployed.run(deployed.upload(after))
        assert [item.files for item in deployed.shards] == [1]  # what was not lost is known
        assert (whole.fixed, whole.gaps) == (1, 0)

    @pytest.mark.parametrize("harm", ["damaged", "of other files"])
    def test_a_result_that_cannot_be_used_counts_as_lost(self, cloud, harm) -> None:
        deployed = cloud(shard_files=1)
        request = deployed.upload(small(a="exec(a)\n", b="exec(b)\n"))
        deployed.scanning(request)
        artifacts = deployed.services.artifacts
        key = layout.result(request.scan_id, 0)
        artifacts.put(key, b"\x1f\x8bno" if harm == "damaged" else artifacts.get(layout.result(request.scan_id, 1)))
        deployed.analyzing(request)
        deployed.reporting(request)
        report = deployed.report(request)
        assert [(gap["path"], harm in gap["reason"] or "not that of its files" in gap["reason"]) for gap in
                report["coverage"]["gaps"]] == [("a.py", True)]  # fmt: skip
        assert [f["path"] for f in report["findings"]] == ["b.py"]

    def test_a_shard_without_time_becomes_gaps(self, cloud) -> None:
        deployed = cloud()
        request = deployed.upload(small(a="exec(a)\n"))
        receipt = fetch.run(StageMessage(request=request), deployed.services)
        (item,) = json.loads(deployed.services.artifacts.get(receipt.shards_key))
        done = scan_shard(ShardMessage.model_validate(item), deployed.without_rights, remaining_s=0.1)
        assert (done.detections, done.gaps) == (0, 1)
        deployed.analyzing(request)
        assert deployed.reporting(request).gaps == 1
        assert "time of the function" in deployed.report(request)["coverage"]["gaps"][0]["reason"]
        # It may be different next time: nothing of it is kept.
        assert deployed.scanning(deployed.upload(small(a="exec(a)\n"))).cached == 0


class TestScanHasNoRights:
    """It parses hostile code, so all it has of the bucket are three objects of its scan."""

    def test_it_reads_and_writes_only_its_scans_prefix(self, cloud, monkeypatch) -> None:
        deployed = cloud(shard_files=1)
        request = deployed.upload(small(a="exec(a)\n", b="exec(b)\n"))
        receipt = fetch.run(StageMessage(request=request), deployed.services)
        items = [
            ShardMessage.model_validate(i) for i in json.loads(deployed.services.artifacts.get(receipt.shards_key))
        ]
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
            monkeypatch.delenv(name)
        monkeypatch.setattr(boto3.session.Session, "client", lambda *_, **__: pytest.fail("a client of AWS is made"))
        asked: list[tuple[str, str]] = []
        ask = urllib3.PoolManager.request

        def listening(self: Any, method: str, url: str, **more: Any) -> Any:
            asked.append((method, urlsplit(url).path.partition("/")[2].partition("/")[2]))
            return ask(self, method, url, **more)

        monkeypatch.setattr(urllib3.PoolManager, "request", listening)
        assert [scan_shard(item, deployed.without_rights).detections for item in items] == [1, 1]
        assert asked == [
            (method, key)
            for number in range(2)
            for method, key in (
                ("GET", layout.scan_settings(request.scan_id)),
                ("GET", layout.shard(request.scan_id, number)),
                ("PUT", layout.result(request.scan_id, number)),
            )
        ]
        assert all(key.startswith(layout.scan_prefix(request.scan_id)) for _, key in asked)
        monkeypatch.undo()

    def test_a_shard_whose_address_has_expired_is_a_gap(self, cloud, monkeypatch) -> None:
        def expired(_address: str, name: str) -> bytes:
            raise StoreError(f"{name}: its address has expired")

        deployed = cloud()
        monkeypatch.setattr(addresses, "read", expired)
        request = deployed.upload(small(a="exec(a)\n"))
        deployed.scanning(request)
        deployed.analyzing(request)
        assert deployed.reporting(request).gaps == 1
        (gap,) = deployed.report(request)["coverage"]["gaps"]
        assert "began after its addresses in S3 had expired" in gap["reason"]


class TestTwice:
    def test_a_second_report_says_and_does_the_same(self, cloud) -> None:
        deployed = cloud()
        deployed.run(deployed.upload(small(app="exec(x)\n", old="exec(o)\n")))
        request = deployed.upload(small(app="exec(x)\n", new="exec(y)\n"))
        first = deployed.run(request)
        report = deployed.services.artifacts.get(layout.report(request.scan_id, "json"))
        findings = stored(deployed, *Status)
        deployed.events()
        second = deployed.reporting(request)
        assert second == first.model_copy(update={"measures": {}})
        assert deployed.services.artifacts.get(layout.report(request.scan_id, "json")) == report
        assert stored(deployed, *Status) == findings
        assert deployed.events() == []
        assert deployed.services.store.scan("archive/shop", request.scan_id).state is ScanState.COMPLETED

    def test_a_report_that_died_after_writing_to_the_store_is_told_in_full_by_the_next(
        self, cloud, monkeypatch
    ) -> None:
        deployed = cloud()
        request = deployed.upload(small(app="exec(x)\n"))
        deployed.scanning(request)
        deployed.analyzing(request)
        deployed.events()
        with monkeypatch.context() as patch:
            patch.setattr(deployed.services.bus, "publish", lambda events: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                deployed.reporting(request)
        assert len(stored(deployed, Status.OPEN)) == 1
        receipt = deployed.reporting(request)
        assert (receipt.new, receipt.measures["FindingsOpened"]) == (1, 1)
        assert [kind for kind, _ in deployed.events()] == ["Finding Opened", "Scan Completed"]
        assert [f["new"] for f in deployed.report(request)["findings"]] == [True]

    def test_two_reports_at_once_carry_out_one_decision(self, cloud, monkeypatch) -> None:
        deployed = cloud()
        request = deployed.upload(small(app="exec(x)\n"))
        deployed.scanning(request)
        deployed.analyzing(request)
        put, waiting = Artifacts.put_first, [True]

        def overtaken(artifacts: Artifacts, *what: Any) -> bool:
            if waiting:
                waiting.pop()
                deployed.reporting(request)
            return put(artifacts, *what)

        monkeypatch.setattr(Artifacts, "put_first", overtaken)
        deployed.events()
        assert deployed.reporting(request).measures == {}
        (finding,) = stored(deployed, Status.OPEN)
        assert [f["id"] for f in deployed.report(request)["findings"]] == [finding.id]
        assert [kind for kind, _ in deployed.events()] == ["Finding Opened", "Scan Completed"]

    def test_other_stages_twice(self, cloud) -> None:
        deployed = cloud()
        request = deployed.upload(small(app="exec(x)\n"))
        assert deployed.scanning(request) == deployed.scanning(request)
        assert deployed.analyzing(request) == deployed.analyzing(request)
        assert deployed.reporting(request).new == 1


def test_an_older_scan_that_ends_late_changes_nothing(cloud) -> None:
    deployed = cloud()
    older = deployed.upload(small(app="exec(x)\n", gone="exec(g)\n"), sequence=1)
    newer = deployed.upload(small(app="exec(x)\n"), sequence=2)
    deployed.scanning(older)
    deployed.run(newer)
    before = stored(deployed, *Status)
    deployed.events()
    assert deployed.analyzing(older).batches == ()
    receipt = deployed.reporting(older)
    assert (receipt.state, receipt.new, receipt.fixed) == ("superseded", 0, 0)
    assert stored(deployed, *Status) == before
    assert deployed.services.store.baseline("archive/shop", "worktree").scan_id == newer.scan_id
    ((kind, detail),) = deployed.events()
    assert (kind, detail["state"]) == ("Scan Completed", "superseded")
    assert "newer" in " ".join(deployed.report(older)["notes"])
    assert deployed.services.store.scan("archive/shop", older.scan_id).state is ScanState.SUPERSEDED


def test_another_scan_that_writes_first_is_tracked_again(cloud, monkeypatch) -> None:
    deployed = cloud()
    first = deployed.upload(small(app="exec(x)\n"), sequence=1)
    second = deployed.upload(small(app="exec(x)\n", new="exec(y)\n"), sequence=2)
    for request in (first, second):
        deployed.scanning(request)
        deployed.analyzing(request)
    apply, waiting = DynamoDbStore.apply, [first]

    def overtaken(store: DynamoDbStore, changes: Any) -> bool:
        if waiting:
            deployed.reporting(waiting.pop())
        return apply(store, changes)

    monkeypatch.setattr(DynamoDbStore, "apply", overtaken)
    receipt = deployed.reporting(second)
    assert (receipt.state, receipt.new, receipt.findings) == ("completed", 1, 2)
    assert len(stored(deployed, Status.OPEN)) == 2


class TestFailures:
    @pytest.mark.parametrize("name", ["plan", "files", "ruleset", "cached"])
    def test_a_missing_object_fails_the_scan_and_closes_nothing(self, cloud, monkeypatch, name) -> None:
        deployed = cloud()
        deployed.run(deployed.upload(small(app="exec(x)\n")))
        before = stored(deployed, *Status)
        request = deployed.upload(small(app="x = 1\n"))
        deployed.events()
        key = layout.result(request.scan_id, "cached") if name == "cached" else getattr(layout, name)(request.scan_id)
        lose(deployed, key, monkeypatch)
        with pytest.raises(MissingArtifactError) as failure:
            deployed.run(request)
        assert key in str(failure.value)
        scan = deployed.services.store.scan("archive/shop", request.scan_id)
        assert (scan.state, scan.cause) == (ScanState.FAILED, str(failure.value))
        assert stored(deployed, *Status) == before
        ((kind, detail),) = deployed.events()
        assert (kind, detail["error"], detail["cause"]) == ("Scan Failed", "MissingArtifactError", scan.cause)

    def test_a_missing_shard_is_a_lost_one(self, cloud, monkeypatch) -> None:
        deployed = cloud()
        request = deployed.upload(small(app="exec(x)\n"))
        lose(deployed, layout.shard(request.scan_id, 0), monkeypatch)
        assert deployed.run(request).gaps == 1

    @pytest.mark.parametrize(
        ("body", "cause"),
        [
            (b"no archive", "damaged or no archive"),
            (b"PK\x03\x04" + b"\0" * 100, "damaged or no archive"),
        ],
    )
    def test_a_poisoned_archive(self, cloud, body, cause) -> None:
        deployed = cloud()
        request = deployed.upload_archive(body)
        with pytest.raises(SourceError, match=cause):
            deployed.run(request)
        scan = deployed.services.store.scan("archive/shop", request.scan_id)
        assert scan.state is ScanState.FAILED
        assert cause in scan.cause

    def test_an_archive_that_leads_out(self, cloud) -> None:
        deployed = cloud()
        request = deployed.upload({"../evil.py": b"exec(x)\n"})
        with pytest.raises(SourceError, match=r"^the archive is refused: .* leads out of the archive$"):
            deployed.run(request)

    def test_an_archive_above_the_limit(self, cloud) -> None:
        deployed = cloud(upload_bytes=100)
        request = deployed.upload(small(app="exec(x)\n"))
        with pytest.raises(StoreError, match="more than the limit of 100"):
            deployed.run(request)

    @pytest.mark.parametrize(
        ("setting", "value", "said"),
        [
            ("archive_files", 2, "holds more than 2 entries: raise the setting archive_files"),
            ("archive_total_bytes", 100, "more than 100 bytes: raise the setting archive_total_bytes"),
        ],
    )
    def test_a_limit_on_archives_is_a_setting(self, cloud, setting, value, said) -> None:
        deployed = cloud(**{setting: value})
        with pytest.raises(SourceError, match=f"^the archive .*{said}"):
            deployed.run(deployed.upload(small(app="exec(x)\n")))

    def test_a_ratio_is_a_setting_too(self, cloud) -> None:
        files = small(app="x = 1\n" * 10_000)
        deployed = cloud(archive_ratio=10, archive_ratio_free_bytes=0)
        with pytest.raises(SourceError, match="raise the setting archive_ratio"):
            deployed.run(deployed.upload(files))
        deployed = cloud(archive_ratio=10, archive_ratio_free_bytes=1_000_000)
        assert deployed.run(deployed.upload(files)).gaps == 0

    def test_a_file_above_the_limit_of_one_is_a_gap(self, cloud) -> None:
        deployed = cloud(archive_file_bytes=1_000)
        request = deployed.upload(small(app="exec(x)\n", large="x = 1\n" * 1_000))
        assert deployed.run(request).new == 1
        (gap,) = deployed.report(request)["coverage"]["gaps"]
        assert (gap["path"], gap["reason"]) == (
            "large.py",
            "larger than 1000 bytes: raise the setting archive_file_bytes",
        )

    def test_a_configuration_that_would_be_overlooked(self, cloud) -> None:
        deployed = cloud()
        with pytest.raises(ConfigError, match=r"^\.oreva\.yaml is not read under this name"):
            deployed.run(deployed.upload({".oreva.yaml": b"fail_on: none\n"}))

    def test_a_bad_configuration_is_named(self, cloud) -> None:
        deployed = cloud()
        request = deployed.upload({".oreva.yml": b"fail_on: sometimes\n"})
        with pytest.raises(ConfigError, match=r"^\.oreva\.yml:1: fail_on"):
            deployed.run(request)
        assert ".oreva.yml:1" in deployed.services.store.scan("archive/shop", request.scan_id).cause

    @pytest.mark.parametrize("path", ["/etc", "../other", "missing"])
    def test_rules_outside_of_the_tree_are_refused(self, cloud, path) -> None:
        deployed = cloud()
        request = deployed.upload({".oreva.yml": f"rules: ['{path}']\n".encode(), "app.py": b"x = 1\n"})
        with pytest.raises(ConfigError, match=r"\.oreva\.yml: rules: "):
            deployed.run(request)

    def test_failing_twice_says_so_once(self, cloud) -> None:
        deployed = cloud()
        request = deployed.upload(small())
        deployed.events()
        message = FailMessage(request=request, error="States.Timeout", cause="")
        first = fail.run(message, deployed.services)
        second = fail.run(message, deployed.services)
        assert (first.measures, second.measures) == ({"ScansFailed": 1}, {})
        assert first.cause == second.cause == "a stage took longer than it may"
        assert [kind for kind, _ in deployed.events()] == ["Scan Failed"]

    def test_a_scan_that_had_ended_stays_so(self, cloud) -> None:
        deployed = cloud()
        request = deployed.upload(small(app="exec(x)\n"))
        deployed.run(request)
        fail.run(FailMessage(request=request, error="StoreError", cause="the bus is gone"), deployed.services)
        assert deployed.services.store.scan("archive/shop", request.scan_id).state is ScanState.COMPLETED


class TestThrottling:
    def test_a_throttled_table_is_waited_for(self, cloud) -> None:
        deployed = cloud()
        client = deployed.services.store._table._client
        throttled = [refusal("ProvisionedThroughputExceededException"), refusal("ThrottlingException"), None]
        for operation in ("PutItem", "Query", "TransactWriteItems"):
            answer_with(client, operation, list(throttled))
        assert deployed.run(deployed.upload(small(app="exec(x)\n"))).new == 1

    def test_one_that_stays_so_is_left_to_the_state_machine(self, cloud, dynamodb_server) -> None:
        deployed = cloud()
        request = deployed.upload(small(app="exec(x)\n"))
        store = DynamoDbStore(deployed.name, dynamodb_server.client(), sleep=lambda _seconds: None)
        deployed.services.__dict__["store"] = store
        answer_with(store._table._client, "PutItem", [refusal("ThrottlingException")] * 20)
        with pytest.raises(ThrottledError, match="busy"):
            deployed.scanning(request)
