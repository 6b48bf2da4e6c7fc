"""The DynamoDB store when processes die, others write at the same time, and the service is busy."""

import itertools
import urllib.request
import uuid

import pytest
from botocore.awsrequest import AWSResponse

from oreva.errors import ConflictError, StoreError
from oreva.models import Status
from oreva.store.base import Changes
from oreva.store.dynamodb import DynamoDbStore, create_table
from tests.contract.conftest import Make
from tests.contract.dynamodb_server import DynamoDbServer
from tests.unit.store.dynamodb_wire import Calls, Crash, answer_with, make_verdict, raw_body, refusal

make = Make()
MANY = 8
"""Findings of a large scan: with as many events more than one transaction holds, as it is set below."""


@pytest.fixture(autouse=True)
def _small_transactions(monkeypatch):
    """Ten items instead of a hundred: the same steps in a tenth of the time."""
    monkeypatch.setattr("oreva.store.dynamodb_journal.TRANSACTION_ITEMS", 10)


@pytest.fixture(scope="module")
def table(server):
    client, name = server.client(), f"oreva-{uuid.uuid4().hex}"
    create_table(client, name)
    yield name
    client.delete_table(TableName=name)


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def store(client, table, pauses):
    return DynamoDbStore(table, client, sleep=pauses.append, jitter=lambda: 1.0)


@pytest.fixture
def other(server, table):
    return DynamoDbStore(table, server.client())


fresh = itertools.count(1)


class Repository:
    """A repository of its own within the shared table, with findings that no other has."""

    def __init__(self, count=MANY):
        self.number = next(fresh) * 10_000
        self.key = f"github/acme/{self.number}"
        self.ids = [make.ulid(self.number + index) for index in range(count)]

    def findings(self, revision=0, **fields):
        return tuple(make.finding(self.number + index, revision=revision, **fields) for index in range(len(self.ids)))

    def changes(self, scan, revision=0, expected=None, **fields):
        findings = self.findings(revision, **fields)
        events = tuple(
            make.event(self.number + 1000 * scan + index, finding.id, to_status=finding.status)
            for index, finding in enumerate(findings)
        )
        return Changes(
            repository=self.key,
            scan=make.scan(self.number + scan),
            findings=findings,
            events=events,
            baseline=make.baseline(self.number + scan, repository=self.key),
            expected_baseline_scan=None if expected is None else make.ulid(self.number + expected),
        )

    def seen(self, store):
        """What a reader finds of scan 1: findings, events, whether scan and baseline are there."""
        scan = store.scan(self.key, make.ulid(self.number + 1))
        baseline = store.baseline(self.key, "main")
        findings = list(store.findings(self.key))
        events = [event for finding_id in self.ids[::3] for event in store.events(finding_id)]
        return len(findings), len(events), scan is not None, baseline is not None


NOTHING, ALL = (0, 0, False, False), (MANY, 3, True, True)


def calls_of_a_large_scan(server, table):
    client = server.client()
    calls = Calls(client)
    DynamoDbStore(table, client).apply(Repository().changes(1))
    return len(calls.names)


def crash_at(number):
    def before(count, name):
        if count == number:
            raise Crash

    return before


def left_over(server, table, prefix):
    pages = server.client().get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"] if item["PK"]["S"].startswith(prefix)]


class TestCrash:
    def test_at_every_step_nothing_or_everything_is_there_and_a_replay_completes_it(self, server, table):
        total = calls_of_a_large_scan(server, table)
        assert total > 10
        outcomes = []
        for number in range(total):
            repository, client = Repository(), server.client()
            Calls(client, crash_at(number))
            with pytest.raises(Crash):
                DynamoDbStore(table, client).apply(repository.changes(1))
            reader = DynamoDbStore(table, server.client())
            seen = repository.seen(reader)
            assert seen in (NOTHING, ALL)
            outcomes.append(seen == ALL)
            assert reader.apply(repository.changes(1)) is (seen == NOTHING)
            assert repository.seen(reader) == ALL
            assert {finding.revision for finding in reader.findings(repository.key)} == {1}
        assert outcomes == sorted(outcomes)
        assert set(outcomes) == {False, True}
        assert left_over(server, table, "JOURNALS") == []

    @pytest.mark.parametrize("first", ["finding", "events", "repositories", "queue", "by_cwe", "apply"])
    def test_whoever_comes_first_completes_a_committed_scan(self, server, table, other, first):
        repository, client = Repository(), server.client()
        before = left_over(server, table, "JOURNAL#")
        commits = []

        def after_commit(count, name):
            if commits:
                raise Crash
            commits.extend([name] if name == "TransactWriteItems" else [])

        Calls(client, after_commit)
        with pytest.raises(Crash):
            DynamoDbStore(table, client).apply(repository.changes(1, cwe=(f"CWE-{repository.number}",)))
        assert len(left_over(server, table, "JOURNALS")) == 1
        (journal,) = [item["PK"] for item in left_over(server, table, "JOURNAL#") if item not in before]
        last = repository.ids[-1]
        if first == "finding":
            assert other.finding(repository.key, last).revision == 1
        elif first == "events":
            assert len(other.events(last)) == 1
        elif first == "repositories":
            assert repository.key in other.repositories()
            assert len(list(other.findings(repository.key))) == MANY
        elif first == "queue":
            assert {key for key, _ in other.queue(Status.OPEN, "high")} >= {repository.key}
        elif first == "by_cwe":
            assert len(list(other.by_cwe(f"CWE-{repository.number}"))) == MANY
        else:
            other.apply(Changes(repository=repository.key, findings=(repository.findings(1)[0],)))
        assert left_over(server, table, "JOURNALS") == []
        assert left_over(server, table, journal["S"]) == []
        assert len(list(other.findings(repository.key))) == MANY


class TestOthers:
    def test_a_reader_at_every_step_sees_nothing_or_everything(self, server, table, other):
        repository, client = Repository(), server.client()
        seen = []
        calls = Calls(client, lambda number, name: seen.append(repository.seen(other)))
        assert DynamoDbStore(table, client).apply(repository.changes(1))
        assert set(seen) == {NOTHING, ALL}
        assert seen == sorted(seen)
        assert len(calls.names) == len(seen)

    def test_a_page_read_while_a_scan_is_committed_is_read_again(self, server, table, other):
        repository, client = Repository(), server.client()
        dying = server.client()
        Calls(dying, crash_at(calls_of_a_large_scan(server, table) - 4))

        def commit_and_die(number, name):
            if name == "Query" and "Query" not in calls.names:
                with pytest.raises(Crash):
                    DynamoDbStore(table, dying).apply(repository.changes(1))

        calls = Calls(client, commit_and_die)
        assert len(list(DynamoDbStore(table, client).findings(repository.key))) == MANY
        assert calls.names.count("Query") > 1

    def test_a_person_who_decides_at_any_step_and_the_scan_never_both_win(self, server, table, other):
        total = calls_of_a_large_scan(server, table)
        winners = []
        for step in range(total):
            repository, client = Repository(), server.client()
            other.apply(repository.changes(1))
            decided = repository.findings(1, status="dismissed")[7]
            won = []

            def decide(number, name, step=step, decided=decided, won=won, repository=repository):
                if number == step:
                    try:
                        won.append(other.apply(Changes(repository=repository.key, findings=(decided,))))
                    except ConflictError:
                        won.append(False)

            Calls(client, decide)
            try:
                scan_won = DynamoDbStore(table, client).apply(
                    repository.changes(2, revision=1, expected=1, status="fixed")
                )
            except ConflictError:
                scan_won = False
            assert won == [not scan_won]
            stored = [finding.status for finding in other.findings(repository.key)]
            assert stored == (["fixed"] * MANY if scan_won else ["open"] * 7 + ["dismissed"] + ["open"] * (MANY - 8))
            assert (other.baseline(repository.key, "main").scan_id == make.ulid(repository.number + 2)) is scan_won
            winners.append(scan_won)
        assert winners == sorted(winners)
        assert set(winners) == {False, True}

    def test_a_second_scan_of_the_same_baseline_at_any_step(self, server, table, other):
        total = calls_of_a_large_scan(server, table)
        for step in range(0, total, 2):
            repository, client = Repository(), server.client()
            outcomes = []

            def scan_too(number, name, step=step, repository=repository, outcomes=outcomes):
                if number == step:
                    try:
                        outcomes.append(other.apply(repository.changes(2)))
                    except ConflictError:
                        outcomes.append(False)

            Calls(client, scan_too)
            try:
                outcomes.append(DynamoDbStore(table, client).apply(repository.changes(1)))
            except ConflictError:
                outcomes.append(False)
            assert sorted(outcomes) == [False, True]
            winner = 2 if outcomes[0] else 1
            assert other.baseline(repository.key, "main").scan_id == make.ulid(repository.number + winner)
            assert [scan.id for scan in other.scans(repository.key)] == [make.ulid(repository.number + winner)]
            assert len(other.events(repository.ids[0])) == 1

    def test_an_unrelated_change_in_between_does_not_stop_a_large_scan(self, server, table, other):
        repository, client = Repository(), server.client()
        aside = make.finding(repository.number + 5000)
        before = left_over(server, table, "JOURNAL")
        done = []

        def elsewhere(number, name):
            if name == "BatchWriteItem" and not done:
                done.append(other.apply(Changes(repository=repository.key, findings=(aside,))))

        Calls(client, elsewhere)
        assert DynamoDbStore(table, client).apply(repository.changes(1))
        assert len(list(other.findings(repository.key))) == MANY + 1
        assert left_over(server, table, "JOURNAL") == before

    def test_if_others_never_stop_writing_it_gives_up(self, server, table, other):
        repository, client = Repository(), server.client()
        numbers = itertools.count(repository.number + 5000)

        def always(number, name):
            if name == "BatchWriteItem":
                other.apply(Changes(repository=repository.key, findings=(make.finding(next(numbers)),)))

        Calls(client, always)
        with pytest.raises(ConflictError, match="others keep writing"):
            DynamoDbStore(table, client).apply(repository.changes(1))
        assert other.scan(repository.key, make.ulid(repository.number + 1)) is None

    def test_a_helper_that_wakes_up_late_overwrites_nothing(self, server, table, other):
        repository, dying = Repository(), server.client()
        Calls(dying, crash_at(calls_of_a_large_scan(server, table) - 4))
        with pytest.raises(Crash):
            DynamoDbStore(table, dying).apply(repository.changes(1))
        client = server.client()
        fixed = repository.findings(1, status="fixed")

        def overtaken(number, name):
            if name == "TransactWriteItems" and "TransactWriteItems" not in calls.names:
                other.apply(Changes(repository=repository.key, findings=fixed[:3]))

        calls = Calls(client, overtaken)
        late = DynamoDbStore(table, client)
        statuses = [finding.status for finding in late.findings(repository.key)]
        assert statuses == ["fixed"] * 3 + ["open"] * (MANY - 3)

    def test_a_journal_committed_between_reading_and_writing_is_completed_first(self, server, table, other):
        repository, client = Repository(), server.client()
        dying = server.client()
        Calls(dying, crash_at(calls_of_a_large_scan(server, table) - 4))
        aside = make.finding(repository.number + 5000)

        def commit_and_die(number, name):
            if name == "TransactWriteItems" and name not in calls.names:
                with pytest.raises(Crash):
                    DynamoDbStore(table, dying).apply(repository.changes(1))

        calls = Calls(client, commit_and_die)
        assert DynamoDbStore(table, client).apply(Changes(repository=repository.key, findings=(aside,)))
        assert len(list(other.findings(repository.key))) == MANY + 1

    def test_lost_packs_are_said(self, server, table):
        repository, dying = Repository(), server.client()
        name = f"oreva-{uuid.uuid4().hex}"
        create_table(server.client(), name)
        Calls(dying, crash_at(calls_of_a_large_scan(server, table) - 4))
        with pytest.raises(Crash):
            DynamoDbStore(name, dying).apply(repository.changes(1))
        client = server.client()
        for item in left_over(server, name, "JOURNAL#"):
            client.delete_item(TableName=name, Key={"PK": item["PK"], "SK": item["SK"]})
        with pytest.raises(StoreError, match="lacks 1 of 1 packs"):
            DynamoDbStore(name, client).finding(repository.key, repository.ids[0])
        client.delete_table(TableName=name)


class TestBranchFindings:
    def test_half_of_them_is_never_taken_for_the_whole(self, server, table):
        scan_id = make.ulid(next(fresh) * 10_000)
        findings = [make.finding(number) for number in range(60)]
        for number in range(1, 5):
            client = server.client()
            Calls(client, crash_at(number))
            with pytest.raises(Crash):
                DynamoDbStore(table, client).put_branch_findings(scan_id, findings)
            reader = DynamoDbStore(table, server.client())
            if number == 1:
                assert reader.branch_findings(scan_id) == []
            else:
                with pytest.raises(StoreError, match="not all written"):
                    reader.branch_findings(scan_id)
        reader.put_branch_findings(scan_id, findings)
        assert reader.branch_findings(scan_id) == findings


class TestBusy:
    def test_throttled_calls_are_repeated_after_longer_and_longer_pauses(self, store, client, pauses):
        codes = ["ProvisionedThroughputExceededException", "ThrottlingException", "InternalServerError"]
        answer_with(client, "GetItem", [refusal(code) for code in codes])
        assert store.scan("r", "s") is None
        assert pauses == [0.05, 0.1, 0.2]

    def test_pauses_are_jittered_and_bounded(self, client, table):
        pauses = []
        store = DynamoDbStore(table, client, sleep=pauses.append, jitter=lambda: 0.5)
        answer_with(client, "GetItem", [refusal("ThrottlingException") for _ in range(20)])
        with pytest.raises(StoreError, match="stayed busy"):
            store.scan("r", "s")
        assert len(pauses) == 9
        assert max(pauses) == 2.5

    def test_a_conflict_of_transactions_is_repeated_with_the_same_token(self, store, client, pauses):
        repository = Repository(1)
        busy = [{"Code": "None"}, {"Code": "TransactionConflict"}, {"Code": "ThrottlingError"}]
        answer_with(client, "TransactWriteItems", [refusal("TransactionCanceledException", CancellationReasons=busy)])
        calls = Calls(client)
        assert store.apply(repository.changes(1))
        assert pauses == [0.05]
        tokens = [params["ClientRequestToken"] for params in calls.writes]
        assert len(tokens) == 2
        assert tokens[0] == tokens[1]

    def test_a_transaction_whose_answer_was_lost_is_not_run_twice(self, store, client, server, pauses):
        repository = Repository(1)

        def send_and_lose(request):
            headers = {
                name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
            }
            sent = urllib.request.Request(server.url, request.body, headers)
            with urllib.request.urlopen(sent) as answer:
                assert answer.status == 200
            return refusal("InternalServerError")

        answer_with(client, "TransactWriteItems", [send_and_lose])
        assert store.apply(repository.changes(1)) is True
        assert len(pauses) == 1
        assert store.finding(repository.key, repository.ids[0]).revision == 1
        assert store.apply(repository.changes(1)) is False

    def test_other_reasons_of_a_cancelled_transaction_are_told(self, store, client):
        reasons = [{"Code": "None"}, {"Code": "ValidationError", "Message": "too odd"}]
        answer_with(
            client, "TransactWriteItems", [refusal("TransactionCanceledException", CancellationReasons=reasons)]
        )
        with pytest.raises(StoreError, match="TransactionCanceledException: because"):
            store.apply(Repository(1).changes(1))

    def test_items_left_over_by_a_batch_are_written_again(self, store, client, table, pauses):
        left = []

        def cut(params, **_):
            requests = params["RequestItems"][table]
            left[:] = requests[3:]
            return {"RequestItems": {table: requests[:3]}}

        client.meta.events.register("provide-client-params.dynamodb.BatchWriteItem", cut)
        client.meta.events.register(
            "after-call.dynamodb.BatchWriteItem",
            lambda parsed, **_: parsed.update(UnprocessedItems={table: list(left)} if left else {}),
        )
        scan_id = make.ulid(next(fresh) * 10_000)
        findings = [make.finding(number) for number in range(8)]
        store.put_branch_findings(scan_id, findings)
        assert store.branch_findings(scan_id) == findings
        assert pauses == [0.05, 0.05]  # each try got some further

    def test_keys_left_over_by_a_batch_are_read_again(self, store, client, table, pauses):
        verdict = make_verdict()
        store.put_verdicts({str(number): verdict for number in range(7)})
        left = []

        def cut(params, **_):
            asked = params["RequestItems"][table]
            left[:] = asked["Keys"][2:]
            return {"RequestItems": {table: {**asked, "Keys": asked["Keys"][:2]}}}

        client.meta.events.register("provide-client-params.dynamodb.BatchGetItem", cut)
        client.meta.events.register(
            "after-call.dynamodb.BatchGetItem",
            lambda parsed, **_: parsed.update(UnprocessedKeys={table: {"Keys": list(left)}} if left else {}),
        )
        assert len(store.verdicts([str(number) for number in range(7)])) == 7
        assert pauses == [0.05] * 3

    def test_a_batch_that_gets_nowhere_gives_up(self, store, client, table, pauses):
        store.put_verdicts({"k": make_verdict()})
        keys = [{"PK": {"S": "VERDICT#k"}, "SK": {"S": "VERDICT"}}]
        body = {"Responses": {table: []}, "UnprocessedKeys": {table: {"Keys": keys}}}
        answer_with(
            client, "BatchGetItem", [AWSResponse("http://localhost/", 200, {}, raw_body(body)) for _ in range(20)]
        )
        with pytest.raises(StoreError, match="stayed busy"):
            store.verdicts(["k"])
        assert pauses == sorted(pauses)

    def test_a_refused_role_is_told_what_it_lacks(self, store, client):
        answer_with(client, "Query", [refusal("AccessDeniedException")])
        with pytest.raises(StoreError, match="may not be used with these credentials"):
            store.repositories()

    def test_an_endpoint_that_is_not_there(self, table):
        with DynamoDbServer() as gone:
            client = gone.client()
        with pytest.raises(StoreError, match="cannot be reached"):
            DynamoDbStore(table, client).repositories()
