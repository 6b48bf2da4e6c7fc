"""What goes wrong on the way, in the deployed pipeline: nothing is lost, nothing is closed, and it is said."""

import gzip
import io
import json
import tarfile
import threading
from typing import Any

import pytest

from oreva.local.bedrock import Fault, quote_flagged_lines
from tests.e2e.conftest import push_of
from tests.e2e.world import World, pack

SQL = """import sqlite3


def find(name):
    return sqlite3.connect("x").execute("SELECT * FROM users WHERE name = '" + name + "'")
"""
SHELL = "import subprocess\n\n\ndef run(name):\n    subprocess.run('ls ' + name, shell=True)\n"
CLEAN = "VALUE = {}\n"


def padding(value: int, count: int = 300) -> dict[str, str]:
    """Files enough for a second shard, with new content for each `value`, so that none is known from the cache."""
    return {f"pad/module_{number:03}.py": f"NUMBER = {number}\nVALUE = {value}\n" for number in range(count)}


def statuses(world: World, repository: str) -> dict[str, set[str]]:
    """Path to the statuses of its findings."""
    found: dict[str, set[str]] = {}
    for each in world.findings(repository):
        found.setdefault(each.path, set()).add(str(each.status))
    return found


def shard_of(world: World, scan_id: str, path: str) -> str:
    """Key of the shard that a file is in."""
    for key in world.keys(f"scans/{scan_id}/shards/"):
        if key.endswith(".jsonl.gz") and f'"{path}"'.encode() in world.artifact(key):
            return key
    raise AssertionError(f"{path} is in no shard of scan {scan_id}")


def test_what_was_not_scanned_is_a_gap_and_closes_nothing(world: World):
    """One shard is lost, then every Scan times out, then all goes well: only then are the findings closed."""
    first = world.scan("faults", {"app.py": SQL, "other.py": SHELL, **padding(1, count=3)})
    assert statuses(world, "archive/faults") == {"app.py": {"open"}, "other.py": {"open"}}

    lost: list[str] = []

    def lose(event: dict) -> None:
        lost.append(shard_of(world, event["request"]["scan_id"], "app.py"))
        world.delete(lost[0])

    with world.hooked("fetch", lose):
        second = world.scan("faults", {"app.py": CLEAN.format(2), "other.py": SHELL, **padding(2)})
    report = world.report(second)
    gaps = {(each["path"], each["outcome"]) for each in report["coverage"]["gaps"]}
    assert ("app.py", "failed") in gaps
    assert report["summary"]["result"] != "clean"
    shards = json.loads(world.artifact(f"scans/{second}/shards.json"))
    assert len(shards) > 1
    assert len({path for path, _ in gaps}) < report["coverage"]["files"]  # the other shards were scanned
    (event,) = world.events(second, "Scan Completed")
    assert (event["gaps"] > 0, event["fixed"]) == (True, 0)
    assert statuses(world, "archive/faults")["app.py"] == {"open"}

    with world.limited("scan", timeout_s=0.2):
        third = world.scan("faults", {"app.py": CLEAN.format(3), "other.py": CLEAN.format(3)})
    report = world.report(third)
    assert {each["path"] for each in report["coverage"]["gaps"]} == {"app.py", "other.py"}
    assert {each["outcome"] for each in report["coverage"]["gaps"]} == {"failed"}
    assert statuses(world, "archive/faults") == {"app.py": {"open"}, "other.py": {"open"}}

    fourth = world.scan("faults", {"app.py": CLEAN.format(4), "other.py": CLEAN.format(4)})
    assert world.report(fourth)["coverage"]["gaps"] == []
    assert statuses(world, "archive/faults") == {"app.py": {"fixed"}, "other.py": {"fixed"}}
    fixed = world.events(fourth, "Finding Fixed", at_least=2)
    assert {each["path"] for each in fixed} == {"app.py", "other.py"}
    for scan_id in (first, second, third):
        assert world.events(scan_id, "Finding Fixed", at_least=0) == []


def test_a_second_run_of_the_same_request_changes_nothing(world: World):
    scan_id = world.scan("again", {"app.py": SQL})
    before = world.items("REPO#archive/again", "FINDING#")
    history = [world.items(f"FINDING#{each.id}", "EVENT#") for each in world.findings("archive/again")]
    opened = len(world.events(scan_id, "Finding Opened"))
    request = json.loads(world.artifact(f"scans/{scan_id}/request.json"))
    world.stack.client("stepfunctions").start_execution(
        stateMachineArn=world.stack.deployed.state_machine, input=json.dumps({"request": request})
    )
    again = world.wait(scan_id, number=2)
    assert again.status == "SUCCEEDED", again
    assert again.output["scan_id"] == scan_id
    assert before
    assert world.items("REPO#archive/again", "FINDING#") == before
    assert [world.items(f"FINDING#{each.id}", "EVENT#") for each in world.findings("archive/again")] == history
    assert len(world.events(scan_id, "Scan Completed")) == 1
    assert len(world.events(scan_id, "Finding Opened")) == opened


def test_an_older_scan_that_ends_later_changes_no_finding(world: World):
    newer_is_done = threading.Event()
    older: list[str] = []

    def hold(event: dict) -> None:
        if event["request"]["scan_id"] in older:
            assert newer_is_done.wait(120)

    with world.hooked("deduplicate", hold):
        older.append(world.start("order", pack({"old.py": SQL})))
        newer = world.scan("order", {"new.py": SHELL})
        newer_is_done.set()
        ended = world.wait(older[0])
    assert ended.status == "SUCCEEDED", ended
    assert ended.output["state"] == "superseded"
    assert statuses(world, "archive/order") == {"new.py": {"open"}}
    assert world.report(newer)["scan"]["state"] == "completed"
    assert world.events(older[0], "Finding Opened", at_least=0) == []


def test_a_missing_artifact_fails_the_scan_and_closes_nothing(world: World):
    world.scan("missing", {"app.py": SQL})
    with world.hooked("fetch", lambda event: world.delete(f"scans/{event['request']['scan_id']}/files.jsonl.gz")):
        scan_id = world.start("missing", pack({"app.py": CLEAN.format(1)}))
        ended = world.wait(scan_id)
    assert ended.status == "FAILED"
    assert ended.error == "MissingArtifactError"
    (event,) = world.events(scan_id, "Scan Failed")
    assert "files.jsonl.gz: not there" in event["cause"]
    status, scan = world.api("GET", f"scans/{scan_id}")
    assert (status, scan["state"]) == (200, "failed")
    assert statuses(world, "archive/missing") == {"app.py": {"open"}}


def test_a_scan_that_somebody_stops_is_marked_as_failed(world: World):
    """The state machine cannot say so any more: an event of its execution tells Fail."""
    world.scan("stopped", {"app.py": SQL})
    states = world.stack.client("stepfunctions")

    def stop(event: dict[str, Any]) -> None:
        (arn,) = world.executions(event["request"]["scan_id"])
        states.stop_execution(executionArn=arn)

    with world.hooked("fetch", stop):
        scan_id = world.start("stopped", pack({"app.py": CLEAN.format(1)}))
        assert world.wait(scan_id).status == "ABORTED"
        (event,) = world.events(scan_id, "Scan Failed")
    assert event["cause"] == "the execution was stopped"
    assert world.api("GET", f"scans/{scan_id}")[1]["state"] == "failed"
    assert statuses(world, "archive/stopped") == {"app.py": {"open"}}


def test_without_bedrock_findings_stay_open_and_untriaged(world: World):
    assert world.stack.bedrock
    world.stack.bedrock.model = lambda _: Fault("drop")
    try:
        unseen = SHELL.replace("ls ", "tar -tf ")  # a verdict on the same code would come from the cache
        scan_id = world.scan("no-bedrock", {"app.py": unseen, "other.py": unseen.replace("name", "path")})
    finally:
        world.stack.bedrock.model = quote_flagged_lines
    stored = world.findings("archive/no-bedrock")
    assert {str(each.status) for each in stored} == {"open"}
    assert [each.verdict for each in stored] == [None] * len(stored)
    (event,) = world.events(scan_id, "Scan Completed")
    assert event["untriaged"] == len(stored) > 1


def bomb() -> bytes:
    """An archive of little size with very much in it."""
    stream = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=9) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for number in range(4):
            entry = tarfile.TarInfo(f"zeros-{number}.py")
            entry.size = 64 * 1024 * 1024
            tar.addfile(entry, io.BytesIO(bytes(entry.size)))
    return stream.getvalue()


def test_a_bomb_fails_the_scan_with_the_reason(world: World):
    scan_id = world.start("bomb", bomb())
    ended = world.wait(scan_id)
    assert ended.status == "FAILED"
    assert ended.error == "SourceError"
    (event,) = world.events(scan_id, "Scan Failed")
    assert event["cause"]
    assert "Traceback" not in event["cause"]


def test_what_is_no_archive_fails_the_scan_with_the_reason(world: World, failed_scan):
    scan_id, ended = failed_scan
    assert ended.status == "FAILED"
    assert ended.error == "SourceError"
    (event,) = world.events(scan_id, "Scan Failed")
    assert "archive" in event["cause"]
    assert world.findings("archive/poisoned") == []


def test_a_push_that_github_does_not_hand_out_fails_on_the_commit(world: World, github):
    github.create("acme/gone")
    commit = github.push("acme/gone", {"app.py": SQL})
    status, answer = world.deliver("push", push_of("acme/gone", "f" * 40, before=commit), "gone-1")
    assert status == 202, answer
    ended = world.wait(answer["scan_id"])
    assert ended.status == "FAILED"
    (event,) = world.events(answer["scan_id"], "Scan Failed")
    assert event["source"]["repository"] == "acme/gone"


@pytest.mark.parametrize("path", ["../outside.py", "/etc/outside.py"])
def test_an_archive_that_reaches_outside_of_its_folder_fails_the_scan(world: World, path):
    scan_id = world.start("outside", pack({path: SQL, "inside.py": SHELL}))
    ended = world.wait(scan_id)
    assert (ended.status, ended.error) == ("FAILED", "SourceError")
    (event,) = world.events(scan_id, "Scan Failed")
    assert "outside.py" in event["cause"]
    assert world.findings("archive/outside") == []
