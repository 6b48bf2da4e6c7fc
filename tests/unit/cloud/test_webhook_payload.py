"""What payloads ask for: real ones, and those that GitHub would not send."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oreva.cloud.webhook import receive
from oreva.cloud.webhook_payload import Ignored, PayloadError, Wanted, read
from oreva.models import utc_now
from tests.unit.cloud.webhook_world import ROOT, Aws, delivery, push


def recorded(payloads: Path, event: str) -> list[dict[str, Any]]:
    """All recorded payloads of one event, of github.com and of GitHub Enterprise Server."""
    found = []
    for index in sorted(payloads.glob("*/index.json")):
        for entry in json.loads(index.read_text(encoding="utf-8")):
            found += entry["examples"] if entry["name"] == event else []
    return found


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


def test_every_recorded_payload_makes_one_scan_under_whatever_name(aws: Aws, payloads: Path) -> None:
    bodies = {
        (event, json.dumps(payload))
        for event in ("push", "pull_request")
        for payload in recorded(payloads, event)
        if isinstance(read(event, "application/json", json.dumps(payload).encode(), lambda _name: True), Wanted)
    }
    answers = {
        (event, body): [receive(delivery(body.encode(), event, name), aws.services) for name in ("one", "one", "two")]
        for event, body in sorted(bodies)
    }
    assert len(answers) >= 5
    for first, *again in answers.values():
        assert first.body["state"] == "accepted"
        assert again == [first, first]
    assert len({first.body["scan_id"] for first, *_ in answers.values()}) == len(answers)


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


def test_payloads_that_cannot_be_fetched_are_a_clear_failure(tmp_path: Path) -> None:
    nowhere = {"npm_config_registry": "http://127.0.0.1:9", "npm_config_fetch_retries": "0"}
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "fetch-payloads"), str(tmp_path / "cache")],
        env=os.environ | nowhere | {"npm_config_cache": str(tmp_path / "npm")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "@octokit/webhooks-examples 7.6.1 cannot be fetched" in done.stderr
    assert not list((tmp_path / "cache").iterdir())
