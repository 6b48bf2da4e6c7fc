"""Only what is signed is read, and the secret can be changed while deliveries come in."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.cloud import webhook
from oreva.cloud.services import GitHubCredentials
from oreva.cloud.webhook import Answer, receive
from oreva.cloud.webhook_signature import is_genuine
from oreva.errors import SourceError
from tests.doubles.github_api import GitHubApi
from tests.unit.cloud.webhook_world import SECRET, Aws, delivery, push, signed


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
    aws.services._credentials_at -= 299
    assert aws.services.github is first
    aws.put_secret(webhook_secret="new", token="t")
    aws.services._credentials_at -= 301
    assert aws.services.github is first  # what GitHub is asked with has not changed
    aws.put_secret(webhook_secret="new", token="t2")
    assert aws.services.github is first  # read less than five minutes ago
    aws.services._credentials_at -= 301
    assert aws.services.github is not first


def test_credentials_that_github_refuses_are_read_again_at_once(aws: Aws, tmp_path: Path) -> None:
    with GitHubApi(tmp_path, tokens={"t"}) as api:
        api.create("acme/shop")
        commit = api.push("acme/shop", {"a.py": b"a\n"})
        aws.services.settings = aws.services.settings.model_copy(update={"github_api": api.url})
        github = aws.services.github
        assert github.resolve("acme/shop", None).commit == commit
        api.tokens = {"t2"}
        api.requests.clear()
        with pytest.raises(SourceError, match="refused with 401"):
            github.resolve("acme/shop", None)
        assert len(api.requests) == 1  # the secret has not changed: the same again would be refused again
        aws.put_secret(webhook_secret=SECRET, token="t2")
        assert github.resolve("acme/shop", None).commit == commit
        assert aws.services.github.resolve("acme/shop", None).commit == commit
        api.tokens = {"t3"}
        aws.put_secret(webhook_secret=SECRET, token="t4")
        api.requests.clear()
        with pytest.raises(SourceError, match="refused with 401"):
            aws.services.github.resolve("acme/shop", None)
        assert [asked.headers["authorization"] for asked in api.requests] == ["Bearer t2", "Bearer t4"]


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
