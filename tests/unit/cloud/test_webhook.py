"""What a delivery starts: once, in the order of the pushes, or nothing, with a reason."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.cloud import layout, webhook
from oreva.cloud.messages import ScanRequest
from oreva.cloud.services import Services
from oreva.cloud.webhook import Answer, receive, sequence
from oreva.cloud.webhook_payload import Wanted, read
from oreva.errors import StoreError
from oreva.models import utc_now
from tests.unit.cloud.webhook_world import BASE, HEAD, ZERO, Aws, delivery, pull, push


def test_a_signed_push_starts_a_scan_of_its_commit(aws: Aws) -> None:
    answer = receive(delivery(push()), aws.services)
    (request,) = aws.requested()
    assert answer == Answer(202, {"state": "accepted", "scan_id": request.scan_id})
    assert request.source.model_dump() == {
        "provider": "github",
        "repository": "acme/shop",
        "ref": "main",
        "commit": HEAD,
        "default_branch": "main",
        "before": BASE,
    }
    assert (request.trigger, request.requested_by, request.is_baseline) == ("push", "ana", True)
    assert aws.services.artifacts.get_model(layout.request(request.scan_id), ScanRequest) == request
    scan = aws.services.store.scan("github/acme/shop", request.scan_id)
    assert scan is not None
    assert (scan.state, scan.stage, scan.sequence) == ("running", "queued", request.sequence)


def test_a_pull_request_of_a_fork_is_scanned_in_the_base_repository(aws: Aws) -> None:
    assert receive(delivery(pull(), "pull_request"), aws.services).status == 202
    (request,) = aws.requested()
    source = request.source
    assert (source.repository, source.ref, source.commit, source.before) == (
        "acme/shop",
        "refs/pull/7/head",
        HEAD,
        BASE,
    )
    assert request.trigger == "pull_request"
    assert not request.is_baseline


@pytest.mark.parametrize(
    ("event", "payload", "reason"),
    [
        ("push", push(deleted=True, after=ZERO, commits=[]), "the ref was deleted"),
        ("push", push(ref="refs/tags/v1"), "only branches"),
        ("push", push(ref="refs/notes/x"), "only branches"),
        ("push", push(before=HEAD, commits=[]), "nothing was pushed"),
        ("push", push(ref="refs/heads/x", created=True, before=ZERO, commits=[]), "a new branch without a commit"),
        ("pull_request", pull(action="closed"), "only a pull request that is opened"),
        ("pull_request", pull(action="labeled"), "only a pull request that is opened"),
        ("issues", {"action": "opened"}, "no scan follows"),
        ("check_run", {"action": "created"}, "no scan follows"),
    ],
)
def test_what_asks_for_no_scan_is_ignored_with_a_reason(
    aws: Aws, event: str, payload: dict[str, Any], reason: str
) -> None:
    before = aws.traces()
    answer = receive(delivery(payload, event), aws.services)
    assert (answer.status, answer.body["state"]) == (202, "ignored")
    assert answer.body["reason"].startswith(reason)
    assert aws.requested() == []
    assert aws.traces() == before


@pytest.mark.parametrize(
    "payload",
    [
        push(created=True, before=ZERO, commits=[]),
        push(forced=True, commits=[]),
        push(ref="refs/heads/x", forced=True, commits=[]),
        push(ref="refs/heads/feature/ä-1", created=True, before=ZERO),
        push(repository={"pushed_at": None}),
        push(repository={"pushed_at": "2026-10-09T08:53:20Z"}),
    ],
)
def test_a_push_that_changes_a_branch_is_scanned(payload: dict[str, Any]) -> None:
    wanted = read("push", "application/json", json.dumps(payload).encode(), lambda _name: True)
    assert isinstance(wanted, Wanted)
    assert wanted.source.commit == HEAD
    assert wanted.source.before == (None if payload["before"] == ZERO else BASE)


def test_a_ping_is_answered(aws: Aws) -> None:
    assert receive(delivery(b'{"zen": "Keep it logically awesome."}', "ping"), aws.services) == Answer(
        200, {"state": "ready"}
    )


def test_only_allowed_repositories_are_scanned(aws: Aws) -> None:
    services = aws.fresh()
    services.settings = services.settings.model_copy(update={"allowed_repositories": ("acme/api-*", "other/shop")})
    answer = receive(delivery(push()), services)
    assert answer.body == {"state": "ignored", "reason": "the repository is not among those that may be scanned"}
    assert receive(delivery(push(repository={"full_name": "acme/api-x"}), name="b"), services).status == 202
    assert [request.source.repository for request in aws.requested()] == ["acme/api-x"]


@pytest.mark.parametrize(
    ("event", "payload", "said"),
    [
        ("push", b"{", "the body is no JSON"),
        ("push", b"\xff", "the body is no JSON"),
        ("push", b"[" * 100_000, "the body is no JSON"),
        ("push", [], "Input should be"),
        ("push", push(after="main; rm -rf /"), "after: String should match pattern"),
        ("push", push(repository={"full_name": "../../etc"}), "repository ../../etc: not a name on GitHub"),
        ("push", push(repository={"default_branch": "a b"}), "not a name that git allows"),
        ("push", push(ref="refs/heads/a..b"), "not a name that git allows"),
        ("pull_request", pull(number=0), "number: Input should be greater than 0"),
        ("pull_request", pull(action=None), "action: Input should be a valid string"),
        ("pull_request", pull(pull_request={}), "pull_request.head: Field required"),
    ],
)
def test_a_payload_that_github_would_not_send_is_refused(aws: Aws, event: str, payload: object, said: str) -> None:
    answer = receive(delivery(payload, event), aws.services)
    assert answer.status == 400
    assert said in answer.body["error"]
    assert aws.requested() == []


def test_a_form_is_read_too(aws: Aws) -> None:
    body = b"payload=" + "".join(f"%{byte:02x}" for byte in json.dumps(push()).encode()).encode()
    answer = receive(delivery(body, content_type="application/x-www-form-urlencoded"), aws.services)
    assert answer.status == 202
    assert len(aws.requested()) == 1
    answer = receive(delivery(b"x=1", content_type="application/x-www-form-urlencoded", name="b"), aws.services)
    assert "set the content type of the webhook to application/json" in answer.body["error"]


def test_a_delivery_seen_twice_makes_one_scan_and_one_answer(aws: Aws) -> None:
    first = receive(delivery(push()), aws.services)
    second = receive(delivery(push()), aws.fresh())
    assert second == first
    assert len(aws.requested()) == 1


def test_a_payload_that_was_seen_starts_nothing_under_another_name(aws: Aws) -> None:
    first = receive(delivery(push()), aws.services)
    for number in range(5):  # the name is not signed: whoever has seen a delivery can make names up
        assert receive(delivery(push(), name=f"made-up-{number}"), aws.fresh()) == first
    assert len(aws.requested()) == 1
    assert [scan.id for scan in aws.services.store.scans("github/acme/shop")] == [first.body["scan_id"]]


@pytest.mark.parametrize("change", [{"after": "c" * 40}, {"repository": {"pushed_at": 1_760_000_001}}])
def test_two_pushes_are_two_scans_under_one_name_too(aws: Aws, change: dict[str, Any]) -> None:
    answers = [receive(delivery(payload), aws.services) for payload in (push(), push(**change))]
    assert len({answer.body["scan_id"] for answer in answers}) == 2
    assert len(aws.requested()) == 2


def test_a_delivery_is_remembered_apart_and_for_a_while(aws: Aws) -> None:
    receive(delivery(push()), aws.services)
    items = aws.dynamodb.query(
        TableName="findings",
        KeyConditionExpression="PK = :key",
        ExpressionAttributeValues={":key": {"S": "IDEMPOTENCY#webhook"}},
    )["Items"]
    (item,) = items
    left = int(item["expires"]["N"]) - utc_now().timestamp()
    assert 3 * 86_400 < left <= 4 * 86_400
    assert "acme" not in json.dumps(item)


def test_an_attempt_that_broke_off_is_taken_up_by_the_next(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    published = type(aws.services.bus).publish

    def lost(*_arguments: object) -> None:
        raise StoreError("event bus bus: gone")

    monkeypatch.setattr(type(aws.services.bus), "publish", lost)
    answer = receive(delivery(push()), aws.services)
    assert answer == Answer(503, {"error": "no scan is started at present; deliver it again later"})
    monkeypatch.setattr(type(aws.services.bus), "publish", published)
    answer = receive(delivery(push()), aws.services)
    (request,) = aws.requested()
    assert answer == Answer(202, {"state": "accepted", "scan_id": request.scan_id})
    assert [scan.id for scan in aws.services.store.scans("github/acme/shop")] == [request.scan_id]


def test_a_delivery_that_is_being_taken_is_not_taken_twice(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    inner: list[Answer] = []
    begin = webhook.start

    def meanwhile(request: ScanRequest, services: Services) -> None:
        inner.append(receive(delivery(push()), services))
        begin(request, services)

    monkeypatch.setattr(webhook, "start", meanwhile)
    assert receive(delivery(push()), aws.services, Remaining(10_000)).status == 202
    assert inner == [Answer(409, {"error": "this delivery is being taken at this moment"})]
    assert len(aws.requested()) == 1


class Remaining:
    """The clock of an invocation."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def test_an_attempt_that_crashed_does_not_block_the_delivery(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = webhook.start

    def crash(*_arguments: object) -> None:
        raise SystemExit  # as if the function ended: nothing is tidied up

    monkeypatch.setattr(webhook, "start", crash)
    with pytest.raises(SystemExit):
        receive(delivery(push()), aws.services, Remaining(-1_000))
    monkeypatch.setattr(webhook, "start", begin)
    assert receive(delivery(push()), aws.services, Remaining(10_000)).status == 202
    assert len(aws.requested()) == 1


def test_without_the_table_nothing_is_started(aws: Aws) -> None:
    aws.dynamodb.delete_table(TableName="findings")
    assert receive(delivery(push()), aws.services).status == 503
    assert aws.requested() == []


def test_the_order_is_that_of_the_pushes_not_of_their_arrival(aws: Aws) -> None:
    early = push(after="1" * 40, repository={"pushed_at": 1_760_000_000})
    late = push(after="2" * 40, repository={"pushed_at": 1_760_000_001})
    receive(delivery(late, name="late"), aws.services)
    receive(delivery(early, name="early"), aws.services)
    by_commit = {request.source.commit: request.sequence for request in aws.requested()}
    assert by_commit["1" * 40] < by_commit["2" * 40]


@settings(max_examples=300)
@given(
    seconds=st.lists(st.integers(0, 4_000_000_000), min_size=2, max_size=2, unique=True),
    delays=st.lists(st.integers(-5_000_000_000, 10**15), min_size=2, max_size=2),
)
def test_a_later_second_is_always_greater(seconds: list[int], delays: list[int]) -> None:
    early, late = (
        sequence(dt.datetime.fromtimestamp(second, dt.UTC), second * 10**9 + delay)
        for second, delay in zip(sorted(seconds), delays, strict=True)
    )
    assert early < late
