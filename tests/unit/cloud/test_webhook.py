"""The webhook against real payloads, with the AWS services of moto behind it."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import hmac
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from oreva.cloud import layout, webhook
from oreva.cloud.environment import environment
from oreva.cloud.messages import ScanRequest
from oreva.cloud.services import GitHubCredentials, Services
from oreva.cloud.webhook import Answer, Delivery, receive, sequence
from oreva.cloud.webhook_payload import Ignored, PayloadError, Wanted, read
from oreva.cloud.webhook_signature import is_genuine
from oreva.errors import StoreError
from oreva.models import utc_now
from oreva.store.dynamodb import DynamoDbStore
from oreva.store.dynamodb_keys import create_table

ROOT = Path(__file__).resolve().parents[3]
SECRET = "It's a Secret to Everybody"
REGION = "eu-central-1"
HEAD, BASE, ZERO = "a" * 40, "b" * 40, "0" * 40


def push(**changes: Any) -> dict[str, Any]:
    """The parts of a push payload that are read, changed as asked."""
    repository = {"full_name": "acme/shop", "default_branch": "main", "pushed_at": 1_760_000_000}
    payload = {
        "ref": "refs/heads/main",
        "before": BASE,
        "after": HEAD,
        "created": False,
        "deleted": False,
        "forced": False,
        "commits": [{"id": HEAD}],
        "repository": repository | changes.pop("repository", {}),
        "sender": {"login": "ana"},
    }
    return payload | changes


def pull(**changes: Any) -> dict[str, Any]:
    """The parts of a pull request payload that are read: from a fork whose branch is called `main`."""
    base = {"full_name": "acme/shop", "default_branch": "main"}
    payload = {
        "action": "opened",
        "number": 7,
        "pull_request": {
            "head": {"sha": HEAD, "ref": "main", "repo": {"full_name": "mallory/shop", "default_branch": "main"}},
            "base": {"sha": BASE, "ref": "main", "repo": base},
            "updated_at": "2026-10-09T08:53:20Z",
        },
        "repository": base,
        "sender": {"login": "mallory"},
    }
    return payload | changes


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def delivery(payload: object, event: str = "push", name: str = "72d3162e-cc78-11e3", **headers: str) -> Delivery:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    sent = {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": name,
        "x-hub-signature-256": signed(body),
    }
    return Delivery(sent | {key.replace("_", "-"): value for key, value in headers.items()}, body)


class Aws:
    """The services behind the webhook, and what arrived there. Clients are made once: that takes longer than a test."""

    def __init__(self) -> None:
        self.secrets, self.s3, self.dynamodb = (boto3.client(n) for n in ("secretsmanager", "s3", "dynamodb"))
        self.sqs, events = boto3.client("sqs"), boto3.client("events")
        self.s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": REGION})
        events.create_event_bus(Name="bus")
        self.queue = self.sqs.create_queue(QueueName="seen")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name="all", EventBusName="bus", EventPattern='{"source": ["oreva"]}')
        events.put_targets(Rule="all", EventBusName="bus", Targets=[{"Id": "seen", "Arn": arn}])
        self.warm = self.fresh()
        self.clients = {name: getattr(self.warm, name) for name in ("artifacts", "bus")}

    def reset(self) -> None:
        """Everything as in a new deployment, and a function that has just started."""
        self.secrets.create_secret(Name="github", SecretString=json.dumps({"webhook_secret": SECRET, "token": "t"}))
        create_table(self.dynamodb, "findings")
        self.services = self.fresh()
        self.services.__dict__ |= self.clients | {"store": DynamoDbStore("findings", self.dynamodb)}

    def clean(self) -> None:
        """Leave nothing to the next test."""
        self.secrets.delete_secret(SecretId="github", ForceDeleteWithoutRecovery=True)
        with contextlib.suppress(self.dynamodb.exceptions.ResourceNotFoundException):
            self.dynamodb.delete_table(TableName="findings")
        for item in self.s3.list_objects_v2(Bucket="artifacts").get("Contents", []):
            self.s3.delete_object(Bucket="artifacts", Key=item["Key"])
        while self.requested():
            pass

    def fresh(self) -> Services:
        """As after a cold start."""
        variables = {"TABLE": "findings", "BUCKET": "artifacts", "BUS": "bus", "SECRET": "github"}
        return Services(environment({f"OREVA_{name}": value for name, value in variables.items()}))

    def put_secret(self, **fields: str) -> None:
        self.secrets.put_secret_value(SecretId="github", SecretString=json.dumps(fields))

    def requested(self) -> list[ScanRequest]:
        """The events that were put on the bus since the last call."""
        found = []
        for message in self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
            found.append(ScanRequest.model_validate(json.loads(message["Body"])["detail"]))
        return found

    def traces(self) -> int:
        """Items and objects that exist."""
        items = self.dynamodb.scan(TableName="findings")["Count"]
        return items + self.s3.list_objects_v2(Bucket="artifacts")["KeyCount"]


@pytest.fixture(scope="module")
def account() -> Iterator[Aws]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "testing")
        for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
            patch.setenv(name, REGION)
        webhook._deliveries.cache_clear()
        with mock_aws():
            yield Aws()
        webhook._deliveries.cache_clear()


@pytest.fixture
def aws(account: Aws) -> Iterator[Aws]:
    account.reset()
    yield account
    account.clean()


@pytest.fixture(scope="session")
def payloads() -> Path:
    """The folder with payloads that GitHub sent, fetched once per virtual environment."""
    command = [sys.executable, str(ROOT / ".ci" / "fetch-payloads"), str(Path(sys.prefix) / "cache")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"the recorded payloads of GitHub are needed for this test: {done.stderr.strip()}")
    return Path(done.stdout.strip())


def recorded(payloads: Path, event: str) -> list[dict[str, Any]]:
    """All recorded payloads of one event, of github.com and of GitHub Enterprise Server."""
    found = []
    for index in sorted(payloads.glob("*/index.json")):
        for entry in json.loads(index.read_text(encoding="utf-8")):
            found += entry["examples"] if entry["name"] == event else []
    return found


# --- what a delivery starts -------------------------------------------------------------------------------------------


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


# --- real payloads ----------------------------------------------------------------------------------------------------


def test_every_recorded_push_is_understood(payloads: Path) -> None:
    results = []
    for payload in recorded(payloads, "push"):
        wanted = read("push", "application/json", json.dumps(payload).encode(), lambda _name: True)
        results.append(type(wanted))
        if isinstance(wanted, Wanted):
            assert payload["ref"] == f"refs/heads/{wanted.source.ref}"
            assert (wanted.source.commit, wanted.source.repository) == (payload["after"], "Codertocat/Hello-World")
            assert wanted.source.default_branch == "master"
            assert int(wanted.at.timestamp()) == payload["repository"]["pushed_at"]
        else:
            assert payload["deleted"] or payload["ref"].startswith("refs/tags/")
    assert len(results) >= 14
    assert results.count(Wanted) >= 2
    assert results.count(Ignored) >= 10


def test_every_recorded_pull_request_is_understood(payloads: Path) -> None:
    wanted_actions = []
    for payload in recorded(payloads, "pull_request"):
        wanted = read("pull_request", "application/json", json.dumps(payload).encode(), lambda _name: True)
        scanned = payload["action"] in ("opened", "synchronize", "reopened")
        assert isinstance(wanted, Wanted) == scanned, payload["action"]
        if isinstance(wanted, Wanted):
            wanted_actions.append(payload["action"])
            pull_request = payload["pull_request"]
            assert wanted.source.commit == pull_request["head"]["sha"]
            assert wanted.source.before == pull_request["base"]["sha"]
            assert wanted.source.ref == f"refs/pull/{pull_request['number']}/head"
            assert wanted.source.repository == pull_request["base"]["repo"]["full_name"]
    assert set(wanted_actions) == {"opened", "synchronize", "reopened"}


def test_a_recorded_delivery_of_any_event_is_answered(aws: Aws, payloads: Path) -> None:
    index = json.loads((payloads / "api.github.com" / "index.json").read_text(encoding="utf-8"))
    statuses = {}
    for number, entry in enumerate(index):
        answer = receive(delivery(entry["examples"][0], entry["name"], f"delivery-{number}"), aws.services)
        statuses[entry["name"]] = answer.status
    assert len(statuses) > 40
    assert statuses.pop("ping") == 200
    assert {name: status for name, status in statuses.items() if status != 202} == {}


# --- signatures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha1=" + "0" * 40,
        signed(json.dumps(push()).encode()).upper(),
        signed(json.dumps(push()).encode()).removeprefix("sha256="),
        signed(json.dumps(push()).encode()) + "\n",
        signed(json.dumps(push()).encode(), "another secret"),
        signed(b""),
    ],
)
def test_an_unsigned_delivery_leaves_no_trace(aws: Aws, signature: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "oreva")
    before = aws.traces()
    answer = receive(delivery(push(), x_hub_signature_256=signature), aws.services)
    assert answer == Answer(401, {"error": "the signature is missing or wrong"})
    assert aws.requested() == []
    assert aws.traces() == before
    assert caplog.text == ""


def test_what_is_unsigned_is_not_parsed(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "read", lambda *_arguments: pytest.fail("parsed"))
    assert receive(delivery(push(), x_hub_signature_256="sha256=" + "0" * 64), aws.services).status == 401


def test_a_signature_of_another_body_is_not_taken(aws: Aws) -> None:
    other = delivery(push(after="c" * 40)).headers["x-hub-signature-256"]
    assert receive(delivery(push(), x_hub_signature_256=other), aws.services).status == 401


class Kept:
    """Services with credentials and nothing else."""

    def __init__(self, **fields: str) -> None:
        self.credentials = GitHubCredentials(**fields)

    def recent_credentials(self, _seconds: float) -> Any:
        return self.credentials


KEPT: Any = Kept(webhook_secret=SECRET)


@given(body=st.binary(min_size=1, max_size=300), at=st.integers(min_value=0), flip=st.integers(1, 255))
def test_any_changed_byte_of_the_body_is_refused(body: bytes, at: int, flip: int) -> None:
    assert is_genuine(body, signed(body), KEPT)
    changed = bytearray(body)
    changed[at % len(body)] ^= flip
    assert not is_genuine(bytes(changed), signed(body), KEPT)


@given(body=st.binary(max_size=100), at=st.integers(0, 70), char=st.characters())
def test_any_changed_character_of_the_signature_is_refused(body: bytes, at: int, char: str) -> None:
    right = signed(body)
    changed = right[:at] + char + right[at + 1 :]
    assert is_genuine(body, changed, KEPT) == (changed == right)


@given(body=st.binary(max_size=100), extra=st.binary(min_size=1, max_size=10))
def test_a_longer_or_shorter_body_is_refused(body: bytes, extra: bytes) -> None:
    assert not is_genuine(body + extra, signed(body), KEPT)
    assert not is_genuine(body, signed(body + extra), KEPT)


def test_the_example_of_githubs_documentation() -> None:
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert is_genuine(b"Hello, World!", expected, KEPT)


def test_without_a_secret_nothing_is_taken() -> None:
    empty: Any = Kept()
    assert not is_genuine(b"x", signed(b"x", ""), empty)


def test_a_large_body_is_refused(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "BODY_LIMIT", 100)
    assert receive(delivery(push()), aws.services).status == 413
    assert receive(delivery(push(), x_hub_signature_256=""), aws.services).status == 401


@pytest.mark.parametrize("header", ["x_github_event", "x_github_delivery"])
@pytest.mark.parametrize("value", ["", "a b", "x" * 101, "É"])
def test_headers_that_github_would_not_send(aws: Aws, header: str, value: str) -> None:
    assert receive(delivery(push(), **{header: value}), aws.services).status == 400


# --- changing the secret ----------------------------------------------------------------------------------------------


def test_a_new_secret_is_taken_without_a_restart(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    assert receive(delivery(push()), aws.services).status == 202
    aws.put_secret(webhook_secret="new", token="t")
    body = json.dumps(push()).encode()
    fresh = delivery(push(), x_hub_signature_256=signed(body, "new"), name="b")
    assert receive(fresh, aws.services).status == 401  # read less than a minute ago
    aws.services._credentials_at -= 61
    assert receive(fresh, aws.services).status == 202
    assert receive(delivery(push(), name="c"), aws.services).status == 401


def test_both_secrets_are_taken_while_one_replaces_the_other(aws: Aws) -> None:
    aws.put_secret(webhook_secret="new", webhook_secret_previous=SECRET, token="t")
    body = json.dumps(push()).encode()
    assert receive(delivery(push()), aws.services).status == 202
    assert receive(delivery(push(), x_hub_signature_256=signed(body, "new"), name="b"), aws.services).status == 202
    assert receive(delivery(push(), x_hub_signature_256=signed(body, "x"), name="c"), aws.services).status == 401


def test_a_secret_that_was_taken_away_stops_being_taken(aws: Aws) -> None:
    receive(delivery(push()), aws.services)
    aws.put_secret(webhook_secret="new", token="t")
    aws.services._credentials_at -= 301
    assert receive(delivery(push(), name="b"), aws.services).status == 401


def test_wrong_signatures_do_not_read_the_secret_over_and_over(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    made = boto3.session.Session.client

    def counting(self: Any, name: str, *arguments: Any, **named: Any) -> Any:
        reads.append(name)
        return made(self, name, *arguments, **named)

    monkeypatch.setattr(boto3.session.Session, "client", counting)
    for _ in range(20):
        receive(delivery(push(), x_hub_signature_256="sha256=" + "0" * 64), aws.services)
    assert reads == ["secretsmanager"]


def test_the_github_client_follows_the_secret(aws: Aws) -> None:
    first = aws.services.github
    aws.services._credentials_at -= 100
    aws.services.recent_credentials(60)
    assert aws.services.github is first
    aws.put_secret(webhook_secret=SECRET, token="t2")
    aws.services._credentials_at -= 100
    aws.services.recent_credentials(60)
    assert aws.services.github is not first


def test_a_secret_that_cannot_be_read_again_is_kept(aws: Aws, caplog: pytest.LogCaptureFixture) -> None:
    receive(delivery(push()), aws.services)
    aws.secrets.delete_secret(SecretId="github", ForceDeleteWithoutRecovery=True)
    aws.services._credentials_at -= 301
    assert receive(delivery(push(), name="b"), aws.services).status == 202
    assert "those read before are used on" in caplog.text
    answer = receive(delivery(push(), name="c"), aws.fresh())
    assert answer == Answer(503, {"error": "the deliveries cannot be verified at present"})


def test_no_secret_is_in_the_text_of_the_credentials() -> None:
    credentials = GitHubCredentials(
        webhook_secret="s1", webhook_secret_previous="s2", token="s3", app_id="42", private_key="s4"
    )
    assert repr(credentials) == "GitHubCredentials(app_id='42')"
    assert str(credentials) == "app_id='42'"


# --- once and in order ------------------------------------------------------------------------------------------------


def test_a_delivery_seen_twice_makes_one_scan_and_one_answer(aws: Aws) -> None:
    first = receive(delivery(push()), aws.services)
    second = receive(delivery(push()), aws.fresh())
    assert second == first
    assert len(aws.requested()) == 1
    third = receive(delivery(push(), name="another"), aws.services)
    assert third.body["scan_id"] != first.body["scan_id"]
    assert len(aws.requested()) == 1


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


def test_a_push_from_the_future_does_not_overtake_what_follows() -> None:
    body = json.dumps(push(repository={"pushed_at": 99_999_999_999_999})).encode()
    wanted = read("push", "application/json", body, lambda _name: True)
    assert isinstance(wanted, Wanted)
    assert wanted.at <= utc_now().replace(microsecond=999_999)


def test_a_payload_error_names_no_content() -> None:
    body = json.dumps(push(after="hunter2")).encode()
    with pytest.raises(PayloadError) as caught:
        read("push", "application/json", body, lambda _name: True)
    assert "hunter2" not in str(caught.value)
