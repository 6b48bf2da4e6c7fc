"""The DynamoDB store: its layout, its indexes, and what the service's limits ask for."""

import datetime as dt
import subprocess
import sys
import uuid
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.errors import ConflictError, StoreError
from oreva.models import TriageMemory
from oreva.store.base import Changes, FindingFilter
from oreva.store.dynamodb import BRANCH_FINDINGS_KEPT, VERDICTS_KEPT, DynamoDbStore, create_table
from oreva.store.dynamodb_items import from_line, to_line
from oreva.store.dynamodb_keys import TABLE, bounded
from tests.contract.conftest import Make
from tests.unit.store.dynamodb_wire import Calls
from tests.unit.store.dynamodb_wire import make_verdict as verdict

REPO = "github/acme/shop"
make = Make()


@pytest.fixture
def table(client):
    name = f"oreva-{uuid.uuid4().hex}"
    create_table(client, name)
    yield name
    client.delete_table(TableName=name)


@pytest.fixture
def store(client, table):
    return DynamoDbStore(table, client)


def raw(client, table):
    """Every item, by its key."""
    items = client.scan(TableName=table)["Items"]
    return {(item["PK"]["S"], item["SK"]["S"]): item for item in items}


def many_detections(count):
    """A finding whose detections all differ, and whose fingerprints no compression makes smaller."""
    detections = tuple(make.detection(start_line=number, path=f"shop/{number}.py") for number in range(count))
    fingerprints = tuple(
        make.fingerprints(rule=uuid.uuid4().hex, code=uuid.uuid4().hex, context=uuid.uuid4().hex) for _ in range(count)
    )
    return {"detections": detections, "fingerprints": fingerprints}


def written(finding):
    return finding.model_copy(update={"revision": finding.revision + 1})


class TestLayout:
    def test_the_keys_are_those_of_the_design(self, store, client, table):
        finding = make.finding(1, cwe=("CWE-89", "CWE-564"))
        event = make.event(2, finding.id)
        store.apply(
            Changes(repository=REPO, scan=make.scan(3), findings=(finding,), events=(event,), baseline=make.baseline(3))
        )
        store.put_branch_findings(make.ulid(4), [finding])
        store.put_verdicts({"k": verdict()})
        items = raw(client, table)
        assert set(items) == {
            ("REPO#github/acme/shop", f"FINDING#{finding.id}"),
            ("REPO#github/acme/shop", f"CWE#564#{finding.id}"),
            ("REPO#github/acme/shop", f"SCAN#{make.ulid(3)}"),
            ("REPO#github/acme/shop", "BASELINE#main"),
            ("REPO#github/acme/shop", "WRITES"),
            (f"FINDING#{finding.id}", f"EVENT#2026-05-01T12:30:00.123000Z#{event.id}"),
            (f"SCAN#{make.ulid(4)}", f"FINDING#{'a' * 32}"),
            (f"SCAN#{make.ulid(4)}", "MANIFEST"),
            ("VERDICT#k", "VERDICT"),
            ("REPOSITORIES", "REPO#github/acme/shop"),
        }
        item = items["REPO#github/acme/shop", f"FINDING#{finding.id}"]
        queue, shard = item["GSI1PK"]["S"].rsplit("#", 1)
        assert (queue, shard in "0123456789") == ("STATUS#open#high", True)
        assert item["GSI1SK"]["S"] == f"2026-05-01T12:30:00.123000Z#{finding.id}"
        assert (item["GSI2PK"]["S"], item["GSI2SK"]["S"]) == ("CWE#89", f"open#{finding.id}")
        further = items["REPO#github/acme/shop", f"CWE#564#{finding.id}"]
        assert (further["GSI2PK"]["S"], further["GSI2SK"]["S"]) == ("CWE#564", f"open#{finding.id}")

    def test_the_table_is_as_its_definition_says(self, client, table):
        made = client.describe_table(TableName=table)["Table"]
        assert made["BillingModeSummary"]["BillingMode"] == TABLE["BillingMode"] == "PAY_PER_REQUEST"
        assert made["KeySchema"] == TABLE["KeySchema"]
        assert [index["IndexName"] for index in made["GlobalSecondaryIndexes"]] == ["queue", "cwe"]
        ttl = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        assert (ttl["AttributeName"], ttl["TimeToLiveStatus"]) == ("expires", "ENABLED")

    def test_rules_whose_names_begin_alike_keep_their_memories_apart(self, store):
        def memory(rule, number):
            return TriageMemory(
                repository=REPO, rule_id=rule, id=make.ulid(number), finding_id="f", decision="wont_fix", reason="",
                snippet="", at=make.moment,
            )  # fmt: skip

        for number, rule in enumerate(("a", "a#b", "a\\u0023b")):
            store.put_memory(memory(rule, number))
        assert store.memories(REPO, "a") == [memory("a", 0)]
        assert store.memories(REPO, "a#b") == [memory("a#b", 1)]
        assert store.memories(REPO, "a", limit=0) == []

    def test_names_longer_than_a_key_may_be(self, store):
        repositories = ["directory/" + "ü" * 2000 + end for end in "ab"]
        branch = "feature/" + "x" * 2000
        for number, repository in enumerate(repositories):
            baseline = make.baseline(number, branch=branch, repository=repository)
            findings = (make.finding(number, title=repository[-1]),)
            store.apply(Changes(repository=repository, findings=findings, baseline=baseline))
            assert store.baseline(repository, branch) == baseline
            assert store.baseline(repository, branch + "y") is None
        assert [[f.title for f in store.findings(repository)] for repository in repositories] == [["a"], ["b"]]
        assert store.repositories() == repositories

    @settings(deadline=None)
    @given(st.text(st.characters(exclude_categories=("Cs",))), st.integers(70, 90))
    def test_a_bounded_key_is_short_and_its_own(self, text, limit):
        key = bounded(text, limit)
        assert len(key.encode()) <= limit
        assert (key == text) == (len(text.encode()) <= limit)
        assert bounded(text * 40 + "a" * 100, limit) != bounded(text * 40 + "a" * 101, limit)

    @settings(deadline=None)
    @given(st.binary(), st.text(st.characters(exclude_categories=("Cs",))))
    def test_items_travel_as_lines(self, data, text):
        item = {"B": {"B": data}, text: {"S": text}, "L": {"L": [{"S": text}]}, "N": {"N": "1"}}
        line = to_line(item)
        assert from_line(line) == item
        assert line.isascii()
        assert "\n" not in line


class TestIndexes:
    def findings(self, store):
        rows = [("open", "high", 5), ("open", "high", 1), ("open", "low", 2), ("fixed", "high", 3)]
        rows += [("open", "high", 10 + number) for number in range(40)]
        made = []
        for number, (status, severity, day) in enumerate(rows):
            cwe = ("CWE-79", "CWE-89") if number % 2 else ("CWE-89",)
            seen = make.moment + dt.timedelta(days=day)
            made.append(make.finding(number, status=status, severity=severity, cwe=cwe, first_seen=seen))
        store.apply(Changes(repository=REPO, findings=tuple(made[:4])))
        store.apply(Changes(repository="github/acme/other", findings=tuple(made[4:])))
        return made

    def test_the_queue_spans_repositories_oldest_first(self, store):
        made = self.findings(store)
        queued = list(store.queue("open", "high"))
        assert [finding.id for _, finding in queued] == [made[1].id, made[0].id, *(finding.id for finding in made[4:])]
        assert [repository for repository, _ in queued] == [REPO] * 2 + ["github/acme/other"] * 40
        assert all(earlier.first_seen <= later.first_seen for (_, earlier), (_, later) in pairwise(queued))
        assert list(store.queue("dismissed", "info")) == []

    def test_the_queue_is_spread_over_its_shards(self, store, client, table):
        self.findings(store)
        shards = {item["GSI1PK"]["S"] for item in raw(client, table).values() if "GSI1PK" in item}
        assert len(shards) > 5

    def test_every_cwe_of_a_finding_is_indexed(self, store):
        made = self.findings(store)
        assert {finding.id for _, finding in store.by_cwe("CWE-89")} == {finding.id for finding in made}
        assert {finding.id for _, finding in store.by_cwe("CWE-79")} == {finding.id for finding in made[1::2]}
        assert list(store.by_cwe("CWE-8")) == []

    def test_more_than_one_batch_of_findings_has_a_cwe(self, store):
        made = tuple(make.finding(number, cwe=("CWE-89",)) for number in range(230))
        store.apply(Changes(repository=REPO, findings=made))
        assert [finding.id for _, finding in store.by_cwe("CWE-89")] == [finding.id for finding in made]

    def test_a_change_leaves_nothing_behind(self, store, client, table):
        store.apply(Changes(repository=REPO, findings=(make.finding(1, cwe=("CWE-1", "CWE-2", "CWE-3")),)))
        fixed = make.finding(1, revision=1, status="fixed", cwe=("CWE-1", "CWE-3"))
        store.apply(Changes(repository=REPO, findings=(fixed,)))
        assert {sk for pk, sk in raw(client, table) if sk.startswith("CWE#")} == {f"CWE#3#{make.ulid(1)}"}
        assert list(store.by_cwe("CWE-2")) == []
        assert [finding.status for _, finding in store.by_cwe("CWE-3")] == ["fixed"]
        assert list(store.queue("open", "high")) == []

    def test_an_index_that_lags_behind_is_not_believed(self, store, client, table):
        store.apply(Changes(repository=REPO, findings=(make.finding(1, cwe=("CWE-1",)),)))
        item = raw(client, table)["REPO#github/acme/shop", f"FINDING#{make.ulid(1)}"]
        ghost = {**item, "SK": {"S": "FINDING#gone"}, "body": {"S": "{}"}}
        client.put_item(TableName=table, Item=ghost | {"GSI2PK": {"S": "CWE#9"}, "GSI1PK": {"S": "STATUS#fixed#low#0"}})
        client.put_item(TableName=table, Item={**item, "GSI2PK": {"S": "CWE#9"}, "GSI1PK": {"S": "STATUS#fixed#low#0"}})
        client.delete_item(TableName=table, Key={"PK": ghost["PK"], "SK": ghost["SK"]})
        assert list(store.by_cwe("CWE-9")) == []
        assert list(store.queue("fixed", "low")) == []


class TestSize:
    def test_500_detections(self, store):
        finding = make.finding(1, **many_detections(500))
        store.apply(Changes(repository=REPO, findings=(finding,)))
        assert store.finding(REPO, finding.id) == written(finding)
        assert list(store.findings(REPO, FindingFilter(path_prefix="shop/"))) == [written(finding)]

    def test_what_no_item_holds_lies_in_pieces(self, store, client, table):
        finding = make.finding(1, **many_detections(6000))
        store.apply(Changes(repository=REPO, findings=(finding, make.finding(2))))
        assert len([pk for pk, _ in raw(client, table) if pk.startswith("PIECES#")]) > 1
        assert list(store.findings(REPO)) == [written(finding), written(make.finding(2))]
        smaller = make.finding(1, revision=1)
        store.apply(Changes(repository=REPO, findings=(smaller,)))
        assert store.finding(REPO, finding.id) == written(smaller)
        assert [pk for pk, _ in raw(client, table) if pk.startswith("PIECES#")] == []

    def test_refused_changes_leave_no_pieces(self, store, client, table):
        large = make.finding(1, **many_detections(2000))
        store.apply(Changes(repository=REPO, scan=make.scan(1), findings=(make.finding(1),)))
        with pytest.raises(ConflictError):
            store.apply(Changes(repository=REPO, findings=(large,)))
        assert not store.apply(Changes(repository=REPO, scan=make.scan(1), findings=(large,)))
        store.put_scan(REPO, make.scan(1, cause=uuid.uuid4().hex.join(map(str, range(40000)))))
        assert [pk for pk, _ in raw(client, table) if pk.startswith("PIECES#")] == []

    def test_a_body_replaced_while_it_is_read(self, server, store, table):
        large = make.finding(1, **many_detections(2000))
        store.apply(Changes(repository=REPO, findings=(large,)))
        client = server.client()

        def replace(number, name):
            if name == "BatchGetItem" and "BatchGetItem" not in calls.names:
                store.apply(Changes(repository=REPO, findings=(make.finding(1, revision=1),)))

        calls = Calls(client, replace)
        assert DynamoDbStore(table, client).finding(REPO, large.id) == written(make.finding(1, revision=1))

    def test_lost_pieces_and_bodies_are_said(self, store, client, table):
        store.apply(Changes(repository=REPO, findings=(make.finding(1, **many_detections(2000)),)))
        pk, sk = next(key for key in raw(client, table) if key[0].startswith("PIECES#"))
        client.delete_item(TableName=table, Key={"PK": {"S": pk}, "SK": {"S": sk}})
        with pytest.raises(StoreError, match="lacks pieces"):
            store.finding(REPO, make.ulid(1))
        key = {"PK": {"S": "REPO#github/acme/shop"}, "SK": {"S": f"FINDING#{make.ulid(1)}"}}
        client.put_item(TableName=table, Item=key | {"body": {"S": '{"id": "x",\n "new": 1}'}})
        with pytest.raises(StoreError, match="cannot be read by this version") as caught:
            store.finding(REPO, make.ulid(1))
        assert "\n" not in str(caught.value)

    def test_branch_findings_and_verdicts_of_any_size(self, store):
        large = make.finding(1, **many_detections(2000))
        store.put_branch_findings(make.ulid(9), [large, make.finding(2, fingerprints=()), large])
        assert store.branch_findings(make.ulid(9)) == [large, make.finding(2, fingerprints=()), large]
        long = verdict(rationale="".join(uuid.uuid4().hex for _ in range(40000)))
        store.put_verdicts({"long": long})
        assert store.verdicts(["long"]) == {"long": long}


class TestCost:
    @pytest.mark.parametrize("stored", [1, 250])
    def test_an_unchanged_scan_writes_as_little_whatever_is_stored(self, store, client, stored):
        findings = tuple(make.finding(number) for number in range(stored))
        store.apply(Changes(repository=REPO, scan=make.scan(1), findings=findings, baseline=make.baseline(1)))
        calls = Calls(client)
        store.put_scan(REPO, make.scan(2, state="running"))
        assert len(list(store.findings(REPO))) == stored
        store.apply(
            Changes(repository=REPO, scan=make.scan(2), baseline=make.baseline(2), expected_baseline_scan=make.ulid(1))
        )
        assert (len(calls.writes), calls.items_written) == (2, 4)

    def test_a_decision_of_a_person_is_one_transaction(self, store, client):
        store.apply(Changes(repository=REPO, findings=(make.finding(1),)))
        calls = Calls(client)
        event = make.event(1, make.ulid(1))
        store.apply(Changes(repository=REPO, findings=(make.finding(1, revision=1),), events=(event,)))
        assert (len(calls.writes), calls.items_written) == (1, 3)


class TestExpiry:
    def test_branch_findings_and_verdicts_go(self, client, table):
        now = [make.moment]
        store = DynamoDbStore(table, client, clock=lambda: now[0])
        store.put_branch_findings(make.ulid(1), [make.finding(1, **many_detections(2000))])
        store.put_verdicts({"k": verdict()})
        limit = int((make.moment + BRANCH_FINDINGS_KEPT).timestamp())
        assert {int(item["expires"]["N"]) for item in raw(client, table).values()} == {limit}
        now[0] = make.moment + BRANCH_FINDINGS_KEPT - dt.timedelta(seconds=1)
        assert len(store.branch_findings(make.ulid(1))) == len(store.verdicts(["k"])) == 1
        now[0] = make.moment + max(BRANCH_FINDINGS_KEPT, VERDICTS_KEPT)
        assert store.branch_findings(make.ulid(1)) == []
        assert store.verdicts(["k"]) == {}

    def test_findings_and_scans_stay(self, store, client, table):
        store.apply(
            Changes(repository=REPO, scan=make.scan(1), findings=(make.finding(1),), events=(make.event(1, "f"),))
        )
        assert not any("expires" in item for item in raw(client, table).values())


class TestErrors:
    def test_a_missing_table_is_named(self, client):
        with pytest.raises(StoreError, match="DynamoDB table nowhere does not exist"):
            DynamoDbStore("nowhere", client).repositories()

    def test_boto3_is_an_extra(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "boto3", None)
        with pytest.raises(StoreError, match=r"pip install oreva\[aws\]"):
            DynamoDbStore.open("oreva")

    def test_importing_the_store_loads_no_sdk(self):
        code = "import sys, oreva.store.dynamodb; print([m for m in sys.modules if m.startswith('boto')])"
        answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert answer.stdout == "[]\n"

    def test_opening_needs_a_region(self, monkeypatch, tmp_path):
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        with pytest.raises(StoreError, match="set AWS_REGION"):
            DynamoDbStore.open("oreva")

    def test_opening_with_a_region_and_an_endpoint(self, monkeypatch, server, table):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        store = DynamoDbStore.open(table, region="eu-central-1", endpoint_url=server.url)
        store.put_scan(REPO, make.scan(1))
        assert store.repositories() == [REPO]
        store.close()

    @pytest.mark.parametrize("kind", ["finding", "event"])
    def test_what_stands_twice_in_a_change_is_a_conflict(self, kind):
        store = DynamoDbStore("unused", None)
        twice = (make.finding(1),) * 2 if kind == "finding" else (make.event(1, "f"),) * 2
        with pytest.raises(ConflictError, match="twice"):
            store.apply(Changes.model_validate({"repository": REPO, f"{kind}s": twice}))
