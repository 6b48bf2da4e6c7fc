"""The check on a commit, against a local GitHub API that refuses what GitHub refuses."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from oreva.cloud import check
from oreva.cloud.environment import environment
from oreva.cloud.messages import ScanRequest
from oreva.cloud.services import Services
from oreva.models import (
    CoverageEntry,
    Detection,
    Finding,
    Fingerprints,
    Outcome,
    Scan,
    ScanState,
    Source,
)
from oreva.reports.base import ReportData
from oreva.sources.github import GitHub
from tests.doubles.github_api import Fault, GitHubApi, Installed

AT = dt.datetime(2026, 11, 3, 9, 30, tzinfo=dt.UTC)
SCAN_ID = "01JBQSCAN0000000000000000B"
TOKEN = "ghp_owner0123456789"
Write = Callable[[], bool]


@pytest.fixture(scope="module")
def key() -> tuple[str, str]:
    """Private and public key of the app, in PEM."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@pytest.fixture
def api(tmp_path: Path, key: tuple[str, str]) -> Iterator[GitHubApi]:
    with GitHubApi(tmp_path, tokens={TOKEN}, app=Installed("271828", key[1], {"acme/shop"})) as running:
        running.create("acme/shop")
        yield running


@pytest.fixture
def commit(api: GitHubApi) -> str:
    return api.push("acme/shop", {"app/db.py": b"x"})


class Connected(Services):
    """Services with a GitHub of their own."""

    github: GitHub = None  # type: ignore[assignment]


def services_with(github: GitHub) -> Services:
    services = Connected(environment({"OREVA_REPORT_URL": "https://reports.example/{scan_id}"}))
    services.github = github
    return services


@pytest.fixture
def app(api: GitHubApi, key: tuple[str, str]) -> Services:
    """Oreva as a GitHub App."""
    return services_with(GitHub(api_url=api.url, app_id="271828", private_key=key[0], sleep=lambda _s: None))


@pytest.fixture
def owner(api: GitHubApi) -> Services:
    """Oreva with a token."""
    return services_with(GitHub(api_url=api.url, token=TOKEN, sleep=lambda _s: None))


@pytest.fixture
def request_(commit: str) -> ScanRequest:
    return ScanRequest(
        scan_id=SCAN_ID,
        source=Source(
            provider="github", repository="acme/shop", ref="main", commit=commit, default_branch="main", before=None
        ),
        trigger="push",
        requested_at=AT,
        sequence=1,
    )


def finding(number: int) -> Finding:
    place = {"path": "app/db.py", "start_line": number, "end_line": number, "severity": "high", "confidence": "high"}
    detection = Detection(
        scanner="bandit", rule_id="B608", start_col=1, end_col=9, message="SQL from a string", cwe=("CWE-89",), **place
    )
    prints = Fingerprints(rule="a" * 32, code="b" * 32, context="c" * 32, primary_location_line_hash="f00:1")
    return Finding(
        id=f"01JBQ{number:021d}",
        title="SQL query built from a string",
        message="SQL from a string",
        snippet="x",
        detections=(detection,),
        fingerprints=(prints,),
        first_seen=AT,
        **place,
    )


def report(request: ScanRequest, findings: int = 0, gaps: int = 0) -> ReportData:
    found = tuple(finding(number) for number in range(1, findings + 1))
    scan = Scan(
        id=request.scan_id,
        source=request.source,
        state=ScanState.COMPLETED,
        sequence=1,
        started_at=AT,
        ruleset_digest="d",
        scanners={"bandit": "1.9.4"},
        files=3,
    )
    entries = tuple(
        CoverageEntry(path=f"{number}.py", scanner="bandit", outcome=Outcome.FAILED, reason="timed out")
        for number in range(gaps)
    )
    return ReportData(scan=scan, findings=found, coverage=entries, new_ids=frozenset(f.id for f in found))


def only_check(api: GitHubApi) -> dict[str, Any]:
    (found,) = api.repositories["acme/shop"].checks
    return found


# --- a GitHub App -----------------------------------------------------------------------------------------------------


def test_one_check_goes_from_started_to_completed(
    api: GitHubApi, app: Services, request_: ScanRequest, commit: str
) -> None:
    assert check.started(request_, app)
    shown = only_check(api)
    assert (shown["status"], shown["conclusion"]) == ("in_progress", None)
    assert (shown["name"], shown["head_sha"], shown["external_id"]) == ("Oreva (push)", commit, SCAN_ID)
    assert shown["details_url"] == f"https://reports.example/{SCAN_ID}"
    assert check.completed(request_, app, report(request_, findings=2))
    shown = only_check(api)
    assert (shown["status"], shown["conclusion"]) == ("completed", "failure")
    assert shown["output"]["title"] == "2 new findings at or above high: 2 high"
    assert f"[Full report](https://reports.example/{SCAN_ID})" in shown["output"]["summary"]
    assert "SQL query built from a string" in shown["output"]["text"]
    assert [a["start_line"] for a in shown["annotations"]] == [1, 2]


def test_a_clean_scan_and_one_with_gaps(api: GitHubApi, app: Services, request_: ScanRequest) -> None:
    assert check.completed(request_, app, report(request_))
    assert only_check(api)["conclusion"] == "success"
    assert check.completed(request_, app, report(request_, gaps=2))
    shown = only_check(api)
    assert shown["conclusion"] == "failure"
    assert shown["output"]["title"] == "No new findings, but 2 gaps: not clean"


def test_a_failed_scan_fails_its_check(api: GitHubApi, app: Services, request_: ScanRequest) -> None:
    assert check.started(request_, app)
    assert check.failed(request_, app, "the archive is <b>poisoned</b>")
    shown = only_check(api)
    assert (shown["status"], shown["conclusion"]) == ("completed", "failure")
    assert "poisoned" in shown["output"]["summary"]
    assert "<b>" not in shown["output"]["summary"]


def test_whatever_runs_twice_writes_once(api: GitHubApi, app: Services, request_: ScanRequest) -> None:
    data = report(request_, findings=120)
    for _ in range(2):
        assert check.started(request_, app)
        assert check.completed(request_, app, data)
    shown = only_check(api)
    assert [a["start_line"] for a in shown["annotations"]] == list(range(1, 121))
    assert shown["status"] == "completed"
    sizes = [len(r.body["output"].get("annotations", ())) for r in api.asked("PATCH")]
    assert sizes == [50, 50, 20, 0]


def test_another_scan_of_the_commit_has_a_check_of_its_own(
    api: GitHubApi, app: Services, request_: ScanRequest
) -> None:
    again = request_.model_copy(update={"scan_id": "01JBQSCAN0000000000000000C", "trigger": "pull_request"})
    manual = request_.model_copy(update={"scan_id": "01JBQSCAN0000000000000000D", "trigger": "manual"})
    assert all(check.started(r, app) for r in (request_, again, manual))
    names = [found["name"] for found in api.repositories["acme/shop"].checks]
    assert names == ["Oreva (push)", "Oreva (pull request)", "Oreva"]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("match", ["POST api/repos/acme/shop/check-runs", "PATCH api/repos/acme/shop/check-runs/"])
def test_an_answer_that_is_lost_doubles_nothing(
    api: GitHubApi, app: Services, request_: ScanRequest, match: str, times: int
) -> None:
    api.faults = [Fault(502, match=match, after=True, times=times)]
    assert check.completed(request_, app, report(request_, findings=120))
    assert [a["start_line"] for a in only_check(api)["annotations"]] == list(range(1, 121))


def test_a_connection_lost_between_batches_is_taken_up(api: GitHubApi, app: Services, request_: ScanRequest) -> None:
    data = report(request_, findings=120)
    api.faults = [Fault(hang_up=True, after=True, match="PATCH", times=2)]
    assert check.completed(request_, app, data)
    assert [a["start_line"] for a in only_check(api)["annotations"]] == list(range(1, 121))


# --- a token ----------------------------------------------------------------------------------------------------------


def test_a_token_writes_a_status(api: GitHubApi, owner: Services, request_: ScanRequest, commit: str) -> None:
    assert check.started(request_, owner)
    assert check.completed(request_, owner, report(request_, findings=1))
    assert check.failed(request_, owner, "no\nluck")
    statuses = api.repositories["acme/shop"].statuses
    assert [(s["state"], s["description"]) for s in reversed(statuses)] == [
        ("pending", "The scan is under way"),
        ("failure", "1 new finding at or above high: 1 high"),
        ("error", "The scan failed: no\\nluck"),
    ]
    assert {(s["context"], s["sha"], s["target_url"]) for s in statuses} == {
        ("oreva/push", commit, f"https://reports.example/{SCAN_ID}")
    }
    assert api.asked("check-runs") == []
    assert check.context(request_.model_copy(update={"trigger": "pull_request"})) == "oreva/pull-request"
    assert check.context(request_.model_copy(update={"trigger": "schedule"})) == "oreva"


# --- GitHub's trouble is not the scan's -------------------------------------------------------------------------------


def calls(request: ScanRequest, services: Services) -> list[Write]:
    return [
        lambda: check.started(request, services),
        lambda: check.completed(request, services, report(request, findings=1)),
        lambda: check.failed(request, services, "cause"),
    ]


@pytest.mark.parametrize("kind", ["app", "owner"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(500, times=1000),
        Fault(403, "Resource not accessible by integration", times=1000),
        Fault(429, headers={"Retry-After": "3600"}, times=1000),
        Fault(hang_up=True, times=1000),
        Fault(404, "Not Found", times=1000),
    ],
)
def test_no_trouble_of_github_raises(
    api: GitHubApi,
    request: pytest.FixtureRequest,
    request_: ScanRequest,
    kind: str,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    services: Services = request.getfixturevalue(kind)
    api.faults = [fault]
    for write in calls(request_, services):
        assert write() is False
    assert caplog.text.count(f"scan {SCAN_ID}: the check is not written: GitHub") == 3
    assert "Traceback" not in caplog.text


def test_without_credentials_nothing_is_written(api: GitHubApi, request_: ScanRequest) -> None:
    services = services_with(GitHub(api_url=api.url))
    for write in calls(request_, services):
        assert write() is False
    assert api.requests == []


def test_an_answer_that_github_would_not_give_does_not_raise(
    api: GitHubApi, app: Services, request_: ScanRequest, caplog: pytest.LogCaptureFixture
) -> None:
    app.github.resolve("acme/shop", "main")  # the token is there
    api.faults = [Fault(200, "what is this", times=1000)]
    for write in calls(request_, app):
        assert write() is False
    assert caplog.text.count("a check run without what GitHub documents") == 3


def test_credentials_that_cannot_be_read_do_not_raise(request_: ScanRequest, caplog: pytest.LogCaptureFixture) -> None:
    services = Services(environment({}))
    for write in calls(request_, services):
        assert write() is False
    assert "OREVA_SECRET not set" in caplog.text


@pytest.mark.parametrize(
    "source",
    [
        Source(provider="archive", repository="shop", commit="a" * 40),
        Source(provider="directory", repository="shop"),
        Source(provider="github", repository="acme/shop", ref="main"),
    ],
)
def test_where_there_is_no_commit_on_github_nothing_is_done(
    api: GitHubApi, app: Services, request_: ScanRequest, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for write in calls(request_.model_copy(update={"source": source}), app):
        assert write() is False
    assert api.requests == []
    assert caplog.records == []
