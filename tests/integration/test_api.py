"""The API over HTTP: real signatures, real findings in the table, moto behind."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from ulid import ULID

from oreva.cloud import layout
from oreva.cloud.api import cursor
from oreva.cloud.api import findings as operations
from oreva.cloud.api.findings import Question
from oreva.cloud.messages import ScanRequest
from oreva.models import (
    Assessment,
    Detection,
    Evidence,
    Finding,
    FindingEvent,
    Fingerprints,
    Scan,
    ScanState,
    Source,
    Status,
    Verdict,
    utc_now,
)
from oreva.sources.github import GitHub
from oreva.store.base import Changes
from tests.doubles.api_world import BOB, TOKEN, Answer, ApiWorld
from tests.doubles.github_api import Fault, GitHubApi

MOMENT = dt.datetime(2026, 5, 1, 12, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubApi]:
    with GitHubApi(tmp_path_factory.mktemp("github"), tokens={"github-token"}) as api:
        api.create("acme/shop")
        api.push("acme/shop", {"a.py": "a = 1\n"})
        api.create("other/thing")
        yield api


@pytest.fixture(scope="module")
def world(github: GitHubApi) -> Iterator[ApiWorld]:
    with ApiWorld(
        github.url, OREVA_ALLOWED_REPOSITORIES="acme/*,shop", OREVA_UPLOAD_BYTES="1000000", AWS_ACCOUNT_ID="1"
    ) as started:
        yield started


@pytest.fixture
def call(world: ApiWorld):
    return world.caller()


def finding(number: int = 0, **fields: Any) -> Finding:
    detection = {
        "scanner": "bandit",
        "rule_id": "B608",
        "path": "shop/db.py",
        "start_line": 3,
        "start_col": 5,
        "end_line": 3,
        "end_col": 40,
        "severity": "high",
        "confidence": "medium",
        "message": "SQL built from input",
        "cwe": ("CWE-89",),
    }
    prints = {"rule": "a" * 32, "code": "b" * 32, "context": "c" * 32, "primary_location_line_hash": "f00:1"}
    values = {
        "id": str(ULID.from_timestamp(1_700_000_000 + number)),
        "severity": "high",
        "confidence": "medium",
        "title": "SQL built from input",
        "message": "The query is put together from what a user sends.",
        "cwe": ("CWE-89",),
        "path": "shop/db.py",
        "start_line": 3,
        "end_line": 3,
        "snippet": "cursor.execute(query)",
        "detections": (Detection.model_validate(detection),),
        "fingerprints": (Fingerprints.model_validate(prints),),
        "first_seen": MOMENT + dt.timedelta(seconds=number),
    }
    return Finding.model_validate(values | fields)


def store(world: ApiWorld, repository: str, *findings: Finding) -> None:
    events = [
        FindingEvent(
            id=str(ULID()),
            finding_id=f.id,
            at=f.first_seen,
            actor="scan:x",
            change="opened",
            to_status=f.status,
        )
        for f in findings
    ]
    world.services.store.apply(Changes(repository=repository, findings=findings, events=tuple(events)))


def scan_of(source: Source, number: int, **fields: Any) -> Scan:
    values = {
        "id": str(ULID.from_timestamp(1_700_000_000 + number)),
        "source": source,
        "state": "completed",
        "sequence": number,
        "started_at": MOMENT,
        "duration_s": 12.5,
        "ruleset_digest": "d" * 64,
        "scanners": {"semgrep": "1.0", "bandit": "1.0"},
    }
    return Scan.model_validate(values | fields)


def all_pages(call: Any, path: str, items: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    mark = "&" if "?" in path else "?"
    here = ""
    for _ in range(100):
        answer = call("GET", path + (f"{mark}cursor={here}" if here else "")).json
        found += answer[items]
        here = answer["cursor"]
        if here is None:
            return found
    raise AssertionError("the list never ends")


# ---- who calls -------------------------------------------------------------------------------------------------------


def test_a_scan_of_a_repository_is_asked_for_on_the_bus(world, call, github) -> None:
    world.heard()
    answer = call("POST", "/v1/scans", {"repository": "acme/shop"})
    assert answer.status == 202
    made = answer.json
    commit = github.repositories["acme/shop"].commit("refs/heads/main")
    assert made["state"] == "running"
    assert made["stage"] == "queued"
    assert made["repository"] == "github/acme/shop"
    assert made["source"]["ref"] == "main"
    assert made["source"]["commit"] == commit
    assert made["requested_by"] == "user:arn:aws:iam::123456789012:user/ada"
    (event,) = world.heard()
    request = ScanRequest.model_validate(event["detail"])
    assert event["detail-type"] == "Scan Requested"
    assert request.scan_id == made["scan_id"]
    assert request.is_baseline
    assert call("GET", f"/v1/scans/{made['scan_id']}").json["scan_id"] == made["scan_id"]


def test_a_push_while_the_ref_is_looked_up_is_newer_than_the_scan(world, call, monkeypatch) -> None:
    resolve = GitHub.resolve
    at: list[int] = []

    def slow(*arguments: Any) -> Any:
        found = resolve(*arguments)
        at.append(time.time_ns())  # a push lands here
        return found

    monkeypatch.setattr(GitHub, "resolve", slow)
    world.heard()
    assert call("POST", "/v1/scans", {"repository": "acme/shop"}).status == 202
    (event,) = world.heard()
    assert event["detail"]["sequence"] < at[0]


def test_a_repository_is_known_by_the_name_that_github_gives_it(call) -> None:
    assert call("POST", "/v1/scans", {"repository": "ACME/Shop"}).json["repository"] == "github/acme/shop"


def test_a_token_names_its_subject(world) -> None:
    made = world.caller(TOKEN)("POST", "/v1/scans", {"repository": "acme/shop", "ref": "main"}).json
    assert made["requested_by"] == "user:carol"


def test_the_body_cannot_say_who_calls(call) -> None:
    answer = call("POST", "/v1/scans", {"repository": "acme/shop", "requested_by": "user:root"})
    assert answer.status == 422
    assert answer.json["errors"][0]["where"] == "body.requested_by"


def test_an_unsigned_request_goes_nowhere(world) -> None:
    answer = urllib3.request("GET", f"{world.url}/v1/findings", retries=False)
    assert answer.status == 403


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"repository": "other/thing"}, 403, "(setting allowed_repositories)"),
        ({"repository": "acme/none"}, 422, "acme/none"),
        ({"repository": "acme/shop", "ref": "no-such"}, 422, "no-such"),
        ({"repository": "acme/shop", "ref": "../x"}, 422, "ref"),
        ({"repository": "acme"}, 422, "owner/name"),
        ({"repository": "../../etc"}, 422, "repository"),
        ({"repository": "acme/.."}, 422, "repository"),
        ({"repository": "acme/shop#x"}, 422, "repository"),
        ({"repository": "shop", "upload_id": "x" * 32, "ref": "main"}, 422, "no ref"),
        ({"repository": "shop", "upload_id": "../../scans/x/"}, 422, "upload_id"),
        ({"repository": "shop", "upload_id": "x" * 32}, 404, "ask for a new one"),
        ({}, 422, "repository"),
        ([], 422, "body"),
    ],
)
def test_what_cannot_be_scanned_is_refused_with_a_reason(call, world, body, status, words) -> None:
    world.heard()
    answer = call("POST", "/v1/scans", body)
    assert answer.status == status
    assert words in answer.json["detail"]
    assert world.heard() == []


def test_a_body_that_is_no_json_is_refused(call) -> None:
    for content in (
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"9" * 5_000,
        b'{"repository": 1e999}',
        b"",
        b"null",
        b'"\\ud800"',
    ):
        answer = call("POST", "/v1/scans", content)
        assert answer.status == 422
        assert "body" in answer.json["detail"]
    other = call("POST", "/v1/scans", b"a=b", **{"Content-Type": "text/plain"})
    assert other.status == 415
    assert "JSON" in other.json["detail"]


def test_an_unknown_path_or_method_says_what_there_is(call) -> None:
    assert "openapi.json" in call("GET", "/v1/nothing").json["detail"]
    answer = call("DELETE", "/v1/scans")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, POST"
    assert "GET or POST" in answer.json["detail"]


# ---- uploads ---------------------------------------------------------------------------------------------------------


def upload(call: Any, content: bytes, repository: str = "shop") -> Answer:
    return call("POST", "/v1/uploads", {"repository": repository, "bytes": len(content)})


def put(made: dict[str, Any], content: bytes) -> int:
    return urllib3.request("PUT", made["url"], body=content, headers=made["headers"], retries=False).status


def test_an_uploaded_archive_is_scanned(world, call) -> None:
    world.heard()
    answer = upload(call, b"archive")
    assert answer.status == 201
    made = answer.json
    assert made["max_bytes"] == 1_000_000
    assert "content-length" in made["url"]  # signed: S3 takes no other size
    early = call("POST", "/v1/scans", {"repository": "shop", "upload_id": made["upload_id"]})
    assert early.status == 409
    assert "PUT it" in early.json["detail"]
    assert put(made, b"archive") == 200
    scan = call("POST", "/v1/scans", {"repository": "shop", "upload_id": made["upload_id"]}).json
    assert scan["repository"] == "archive/shop"
    (event,) = world.heard()
    assert event["detail"]["upload_id"] == made["upload_id"]
    assert world.services.artifacts.get(layout.upload(made["upload_id"])) == b"archive"


def test_an_upload_is_for_one_caller_and_one_repository(world, call) -> None:
    made = upload(call, b"archive").json
    put(made, b"archive")
    for caller, repository in ((world.caller(BOB), "shop"), (call, "acme/shop")):
        answer = caller("POST", "/v1/scans", {"repository": repository, "upload_id": made["upload_id"]})
        assert answer.status == 404
    assert upload(call, b"archive", "elsewhere").status == 403


def test_an_upload_ends_with_its_hour(world, call) -> None:
    made = upload(call, b"archive").json
    put(made, b"archive")
    key = layout.upload_ticket(made["upload_id"])
    ticket = json.loads(world.services.artifacts.get(key))
    ticket["expires_at"] = (utc_now() - dt.timedelta(seconds=1)).isoformat()
    world.services.artifacts.put(key, json.dumps(ticket).encode())
    assert call("POST", "/v1/scans", {"repository": "shop", "upload_id": made["upload_id"]}).status == 404


def test_an_archive_of_another_size_is_not_scanned(world, call) -> None:
    made = upload(call, b"archive").json
    world.services.artifacts.put(layout.upload(made["upload_id"]), b"a longer archive")
    answer = call("POST", "/v1/scans", {"repository": "shop", "upload_id": made["upload_id"]})
    assert answer.status == 409
    assert "16 bytes instead of 7" in answer.json["detail"]


def test_an_archive_that_is_too_large_has_no_place(call) -> None:
    answer = call("POST", "/v1/uploads", {"repository": "shop", "bytes": 1_000_001})
    assert answer.status == 422
    assert "1,000,000" in answer.json["detail"]


def test_upload_ids_are_all_different(call) -> None:
    ids = {upload(call, b"x").json["upload_id"] for _ in range(5)}
    assert len(ids) == 5
    assert {len(name) for name in ids} == {32}


# ---- scans -----------------------------------------------------------------------------------------------------------


def test_scans_are_listed_newest_first_page_by_page(world, call) -> None:
    source = Source(provider="github", repository="acme/many", ref="main", default_branch="main")
    made = [scan_of(source, number) for number in range(7)]
    for scan in made:
        world.services.store.put_scan(source.key, scan)
    first = call("GET", "/v1/scans?repository=acme/many&limit=3").json
    assert [scan["scan_id"] for scan in first["scans"]] == [scan.id for scan in reversed(made)][:3]
    found = all_pages(call, "/v1/scans?repository=github/acme/many&limit=3", "scans")
    assert [scan["scan_id"] for scan in found] == [scan.id for scan in reversed(made)]
    assert found[0]["duration_s"] == 12.5
    assert call("GET", "/v1/scans?repository=acme/unknown").json == {"scans": [], "cursor": None}


def test_a_scan_that_has_expired_is_found_by_its_repository(world, call) -> None:
    source = Source(provider="archive", repository="old")
    scan = scan_of(source, 1, state="failed", cause="Traceback:\n  it broke\n" * 100)
    world.services.store.put_scan(source.key, scan)
    assert call("GET", f"/v1/scans/{scan.id}").status == 404
    found = call("GET", f"/v1/scans/{scan.id}?repository=archive/old").json
    assert found["state"] == "failed"
    assert "\n" not in found["cause"]
    assert len(found["cause"]) <= 500
    assert call("GET", f"/v1/scans/{scan.id}?repository=archive/other").status == 404
    assert call("GET", "/v1/scans/xyz").status == 422


def test_reports_are_read_through_a_link(world, call) -> None:
    scan_id = call("POST", "/v1/scans", {"repository": "acme/shop"}).json["scan_id"]
    path = f"/v1/scans/{scan_id}/reports/sarif"
    early = call("GET", path)
    assert early.status == 409
    assert "still queued" in early.json["detail"]
    scan = world.services.store.scan("github/acme/shop", scan_id)
    done = scan.model_copy(update={"state": ScanState.COMPLETED, "stage": ""})
    world.services.store.put_scan("github/acme/shop", done)
    writing = call("GET", path)
    assert writing.status == 409
    assert "being written" in writing.json["detail"]
    world.services.artifacts.put(layout.published(scan_id), b"{}")
    assert call("GET", path).status == 404
    world.services.artifacts.put(layout.report(scan_id, "sarif"), b'{"runs": []}', "application/sarif+json")
    link = call("GET", path).json
    got = urllib3.request("GET", link["url"], retries=False)
    assert (got.status, got.data) == (200, b'{"runs": []}')
    assert got.headers["Content-Type"] == link["content_type"] == "application/sarif+json"
    assert f"{scan_id}-report.sarif" in got.headers["Content-Disposition"]
    assert call("GET", f"/v1/scans/{scan_id}/reports/exe").status == 422
    world.services.store.put_scan("github/acme/shop", done.model_copy(update={"state": ScanState.FAILED}))
    assert "it failed" in call("GET", path).json["detail"]


def test_repositories_are_listed(world, call) -> None:
    for name in ("a", "b", "c"):
        store(world, f"archive/listed-{name}", finding())
    found = all_pages(call, "/v1/repositories?limit=2", "repositories")
    assert [name for name in found if "listed" in name] == [f"archive/listed-{name}" for name in "abc"]
    assert found == sorted(found)


# ---- findings --------------------------------------------------------------------------------------------------------


def test_findings_of_a_repository_are_filtered_and_listed_page_by_page(world, call) -> None:
    findings = [
        finding(1, severity="critical", path="shop/a,b.py"),
        finding(2, severity="low", cwe=("CWE-79", "CWE-80")),
        finding(3, status="dismissed"),
        finding(4, path="tests/x.py"),
        finding(5, severity="critical"),
    ]
    store(world, "archive/filtered", *findings)
    ids = [f.id for f in findings]

    def listed(query: str) -> list[int]:
        path = f"/v1/findings?repository=archive/filtered&limit=2{query}"
        return [ids.index(item["id"]) + 1 for item in all_pages(call, path, "findings")]

    assert listed("") == [1, 2, 4, 5]
    assert listed("&status=any") == [1, 2, 3, 4, 5]
    assert listed("&status=dismissed") == [3]
    assert listed("&status=dismissed&status=open") == [1, 2, 3, 4, 5]
    assert listed("&severity=critical&severity=low") == [1, 2, 5]
    assert listed("&severity=critical,low") == [1, 2, 5]
    assert listed("&cwe=CWE-80") == [2]
    assert listed("&path=tests/") == [4]
    assert listed("&path=shop/a,b") == [1]
    assert listed("&severity=info") == []


def test_without_a_repository_the_severest_and_oldest_come_first(world, call) -> None:
    store(world, "archive/queue-a", finding(10, severity="critical"), finding(12, severity="medium", cwe=("CWE-22",)))
    store(world, "archive/queue-b", finding(11, severity="critical"), finding(9, severity="medium", cwe=("CWE-22",)))
    found = all_pages(call, "/v1/findings?limit=2&severity=critical&severity=medium", "findings")
    ours = [(f["severity"], f["repository"]) for f in found if "queue" in f["repository"]]
    assert ours == [
        ("critical", "archive/queue-a"),
        ("critical", "archive/queue-b"),
        ("medium", "archive/queue-b"),
        ("medium", "archive/queue-a"),
    ]
    assert len({f["id"] + f["repository"] for f in found}) == len(found)
    rare = all_pages(call, "/v1/findings?limit=1&cwe=CWE-22", "findings")
    assert [f["repository"] for f in rare] == ["archive/queue-b", "archive/queue-a"]


def test_the_queue_looks_at_a_bounded_number_of_findings(world, call, monkeypatch) -> None:
    store(world, "archive/bounded", *(finding(n, severity="info", cwe=("CWE-1",)) for n in range(20, 26)))
    monkeypatch.setattr(operations, "LOOKED_AT", 2)
    page = call("GET", "/v1/findings?severity=info&cwe=CWE-99999").json
    assert page["findings"] == []
    assert page["cursor"] is not None
    assert all_pages(call, "/v1/findings?severity=info&cwe=CWE-99999", "findings") == []
    assert len(all_pages(call, "/v1/findings?severity=info&cwe=CWE-1", "findings")) == 6


@pytest.mark.parametrize("other", ["", "&severity=low", "&repository=archive/cursors&status=any"])
def test_a_cursor_of_another_list_is_refused(world, call, other) -> None:
    store(world, f"archive/cursors{len(other)}", finding(1), finding(2))
    path = f"/v1/findings?repository=archive/cursors{len(other)}&limit=1"
    given = call("GET", path).json["cursor"]
    answer = call("GET", f"/v1/findings?limit=1{other}&cursor={given}")
    assert answer.status == 422
    assert "other filters" in answer.json["detail"]


@pytest.mark.parametrize("text", ["x", "AAAA", "W10", "WyJhIl0", "%C3%A9", "_" * 2001, "bnVsbA"])
def test_a_made_up_cursor_is_refused(call, text) -> None:
    for path in (
        "/v1/findings?",
        "/v1/findings?repository=archive/x&",
        "/v1/scans?repository=a/b&",
        "/v1/repositories?",
    ):
        assert call("GET", f"{path}cursor={text}").status == 422


def test_a_cursor_that_is_forged_well_reaches_nothing_new(call) -> None:
    everything = Question(repository=None, statuses=(Status.OPEN,), severities=(), cwe=None, path="")
    queue = ["findings", everything.model_dump(mode="json")]
    one = ["findings", {**queue[1], "repository": "archive/x"}]
    moment, name = "2026-05-01T00:00:00+00:00", finding().id
    forged = [
        ("/v1/scans?repository=archive/x", cursor.make(["scans", "archive/x"], ["SCAN#"])),
        ("/v1/findings?repository=archive/x", cursor.make(one, ["../FINDING#"])),
        ("/v1/findings?", cursor.make(queue, ["high", "open", "archive/x", "2026-05-01T00:00:00", name])),
        ("/v1/findings?", cursor.make(queue, ["high", "open", "archive/x", "soon", name])),
        ("/v1/findings?", cursor.make(queue, ["high", "open", "archive/x", moment, "x"])),
        ("/v1/findings?", cursor.make(queue, ["high", "open", "a" * 1001, moment, name])),
        ("/v1/findings?", cursor.make(queue, ["worst", "open", "archive/x", moment, name])),
        ("/v1/findings?", cursor.make(queue, ["high", "fixed", "archive/x", moment, name])),
    ]
    for path, text in forged:
        answer = call("GET", f"{path}&cursor={text}")
        assert (path, answer.status) == (path, 422)
        assert answer.json["detail"].startswith("cursor: ")
    harmless = cursor.make(queue, ["high", "open", "archive/no#such", moment, name])
    assert call("GET", f"/v1/findings?cursor={harmless}").status == 200


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "status=closed",
        "severity=worst",
        "cwe=89",
        "repository=shop",
        "repository=github/shop",
        "repository=archive/a/b/c",
        "repository=a/b%23SCAN",
        "repository=..%2F..",
    ],
)
def test_a_query_that_cannot_be_used_is_refused(call, query) -> None:
    answer = call("GET", f"/v1/findings?{query}")
    assert answer.status == 422
    assert answer.json["errors"][0]["where"].startswith(f"query.{query.partition('=')[0]}")


def test_a_finding_is_shown_with_its_verdict_and_its_life(world, call) -> None:
    verdict = Verdict(
        assessment=Assessment.TRUE_POSITIVE,
        confidence=0.8,
        rationale="It is reached.",
        evidence=(Evidence(path="shop/\udcff.py", line=3, quote="execute"),),
        triaged_by="bedrock",
        model_id="m",
        at=MOMENT,
    )
    one = finding(1, path="shop/\udcff.py", snippet="a\udc80b", verdict=verdict)
    store(world, "archive/shown", one)
    shown = call("GET", f"/v1/findings/{one.id}?repository=archive/shown").json
    assert shown["path"] == "shop/\\xff.py"
    assert shown["snippet"] == "a\\x80b"
    assert shown["verdict"]["evidence"] == [{"path": "shop/\\xff.py", "line": 3, "quote": "execute"}]
    assert shown["detections"][0]["rule_id"] == "B608"
    assert [event["change"] for event in shown["events"]] == ["opened"]
    assert shown["revision"] == 1
    assert call("GET", f"/v1/findings/{one.id}?repository=archive/elsewhere").status == 404
    assert call("GET", f"/v1/findings/{one.id}").status == 422


def test_a_finding_is_dismissed_and_opened_again(world, call) -> None:
    one = finding(1)
    store(world, "archive/decided", one)
    body = {"repository": "archive/decided", "kind": "wont_fix", "reason": "  dead code ", "expires": "2099-01-31"}
    shown = call("POST", f"/v1/findings/{one.id}/dismiss", body).json
    who = "arn:aws:iam::123456789012:user/ada"
    assert shown["status"] == "dismissed"
    assert shown["dismissal"]["by"] == who
    assert shown["dismissal"]["reason"] == "dead code"
    assert shown["dismissal"]["expires"] == "2099-01-31"
    assert shown["events"][-1]["actor"] == f"user:{who}"
    (memory,) = world.services.store.memories("archive/decided", "bandit:B608")
    assert (memory.finding_id, memory.reason) == (one.id, "dead code")
    again = call("POST", f"/v1/findings/{one.id}/reopen", {"repository": "archive/decided"}).json
    assert again["status"] == "open"
    assert [event["change"] for event in again["events"]] == ["opened", "dismissed", "reopened"]
    twice = call("POST", f"/v1/findings/{one.id}/reopen", {"repository": "archive/decided"})
    assert twice.status == 422
    assert "open already" in twice.json["detail"]


def test_a_decision_on_an_old_revision_is_a_conflict(world, call) -> None:
    one = finding(1)
    store(world, "archive/raced", one)
    body = {"repository": "archive/raced", "reason": "r", "revision": 7}
    answer = call("POST", f"/v1/findings/{one.id}/dismiss", body)
    assert answer.status == 409
    assert "revision 1, not 7" in answer.json["detail"]
    assert call("POST", f"/v1/findings/{one.id}/dismiss", {**body, "revision": 1}).status == 200
    assert call("POST", f"/v1/findings/{one.id}/dismiss", {**body, "revision": 1}).status == 409


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": "   "}, "reason"),
        ({"reason": ""}, "reason"),
        ({"reason": "\ud800"}, "reason"),
        ({"reason": "r", "expires": "2020-01-01"}, "not in the future"),
        ({"reason": "r", "expires": "soon"}, "expires"),
        ({"reason": "r", "kind": "boring"}, "kind"),
        ({"reason": "r", "repository": "shop"}, "repository"),
    ],
)
def test_a_dismissal_that_makes_no_sense_is_refused(world, call, change, words) -> None:
    one = finding(2)
    if world.services.store.finding("archive/refused", one.id) is None:
        store(world, "archive/refused", one)
    answer = call("POST", f"/v1/findings/{one.id}/dismiss", {"repository": "archive/refused", **change})
    assert answer.status == 422
    assert words in answer.json["detail"]
    assert world.services.store.finding("archive/refused", one.id).status is Status.OPEN


def test_a_decision_on_what_is_not_there_says_so(call) -> None:
    body = {"repository": "archive/none", "reason": "r"}
    assert call("POST", f"/v1/findings/{finding().id}/dismiss", body).status == 404
    assert call("POST", f"/v1/findings/{finding().id}/reopen", {"repository": "archive/none"}).status == 404


# ---- the deployment is at fault --------------------------------------------------------------------------------------


def test_a_broken_deployment_tells_nothing_of_its_inside(world, call, monkeypatch) -> None:
    monkeypatch.setattr(world.function.services.store._table, "name", "no-such-table")
    answer = call("GET", "/v1/scans?repository=acme/shop")
    assert answer.status == 500
    assert "no-such-table" not in answer.content.decode()
    assert "logs" in answer.json["detail"]


def test_a_busy_service_is_a_reason_to_wait(call, github) -> None:
    github.faults.append(Fault(status=503, times=50, match="GET api/repos/acme/shop"))
    try:
        answer = call("POST", "/v1/scans", {"repository": "acme/shop"})
    finally:
        github.faults.clear()
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert "busy" in answer.json["detail"]
