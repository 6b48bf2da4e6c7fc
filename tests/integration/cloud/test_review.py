"""Scans of code on GitHub: the default branch advances lives, branches and pull requests are compared with it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from oreva.cloud import commit, fetch, layout
from oreva.cloud.messages import ReportReceipt, ScanRequest
from oreva.cloud.requests import make_request, start
from oreva.errors import SourceError
from oreva.findings.lifecycle import dismiss
from oreva.models import DismissalKind, ScanState, Source, Status, utc_now
from oreva.store.base import Changes
from tests.doubles.github_api import GitHubApi
from tests.integration.cloud.conftest import Cloud
from tests.integration.cloud.test_pipeline import CONFIG, RULES, small

NAME = "acme/shop"
REPOSITORY = f"github/{NAME}"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubApi]:
    with GitHubApi(tmp_path / "github", tokens={"secret-token"}) as api:
        api.create(NAME)
        yield api


class Reviewed:
    """A deployment that scans one repository on GitHub."""

    def __init__(self, cloud: Cloud, github: GitHubApi) -> None:
        self.cloud = cloud
        self.github = github
        self.sequence = 0

    def push(self, files: dict[str, bytes], branch: str = "main", **where: Any) -> str:
        return self.github.push(NAME, files, branch=branch, **where)

    def request(self, sha: str, ref: str = "main", **more: Any) -> ScanRequest:
        source = Source(provider="github", repository=NAME, ref=ref, commit=sha, default_branch="main")
        self.sequence += 1
        values = {"trigger": "push", "requested_by": "github:ada", "sequence": self.sequence, **more}
        request = make_request(source, **values)
        start(request, self.cloud.services)
        return request

    def scan(self, sha: str, ref: str = "main", **more: Any) -> tuple[ReportReceipt, dict[str, Any]]:
        request = self.request(sha, ref, **more)
        return self.cloud.run(request), self.cloud.report(request)

    def stored(self) -> list[tuple[str, str]]:
        return sorted((f.path, f.status.value) for f in self.cloud.services.store.findings(REPOSITORY))


@pytest.fixture
def reviewed(cloud: Callable[..., Cloud], github: GitHubApi) -> Reviewed:
    made = cloud(github_api=github.url, secret="placeholder")
    secret = boto3.client("secretsmanager").create_secret(
        Name=made.name, SecretString=json.dumps({"webhook_secret": "s", "token": "secret-token"})
    )
    made.services.settings = made.services.settings.model_copy(update={"secret": secret["ARN"]})
    return Reviewed(made, github)


def place(findings: list[dict[str, Any]]) -> list[tuple[str, bool, str]]:
    return sorted((f["path"], f["new"], f["status"]) for f in findings)


def test_a_pull_request_is_told_what_it_introduces_keeps_and_fixes(reviewed) -> None:
    base = small(kept="exec(k)\n", fixed="exec(f)\n", away="exec(a)\n")
    main = reviewed.push(base)
    receipt, _ = reviewed.scan(main)
    assert (receipt.new, reviewed.stored()) == (
        3,
        [("away.py", "open"), ("fixed.py", "open"), ("kept.py", "open")],
    )
    ids = {f.path: f.id for f in reviewed.cloud.services.store.findings(REPOSITORY)}
    before = list(reviewed.cloud.services.store.findings(REPOSITORY))
    reviewed.cloud.events()

    head = reviewed.push({**base, "fixed.py": b"f = 1\n", "added.py": b"exec(n)\n"}, "topic", parent="main")
    receipt, report = reviewed.scan(head, "topic", trigger="pull_request")
    assert (receipt.new, receipt.fixed) == (1, 1)
    assert place(report["findings"]) == [
        ("added.py", True, "open"),
        ("away.py", False, "open"),
        ("kept.py", False, "open"),
    ]
    assert [f["path"] for f in report["fixed"]] == ["fixed.py"]
    assert report["diff"] == {"ref": "main"}
    assert {f["path"]: f["id"] for f in report["findings"]}["kept.py"] == ids["kept.py"]
    assert [item.files for item in reviewed.cloud.shards] == [2]  # the rest is known from the default branch

    # The lives on the default branch are as they were, and nobody is told of a finding.
    assert list(reviewed.cloud.services.store.findings(REPOSITORY)) == before
    assert [kind for kind, _ in reviewed.cloud.events()] == ["Scan Requested", "Scan Completed"]
    scan_id = report["scan"]["id"]
    kept = reviewed.cloud.services.store.branch_findings(scan_id)
    assert sorted(f.path for f in kept) == ["added.py", "away.py", "kept.py"]
    assert reviewed.cloud.services.store.scan(REPOSITORY, scan_id).state is ScanState.COMPLETED
    states = [asked.body["state"] for asked in reviewed.github.asked(rf"POST api/.*/statuses/{head}")]
    assert states == ["pending", "failure"]

    # The same pull request again: the same ids, and nothing is scanned.
    _, again = reviewed.scan(head, "topic", trigger="pull_request")
    assert place(again["findings"]) == place(report["findings"])
    assert {f["id"] for f in again["findings"]} == {f["id"] for f in report["findings"]}
    assert reviewed.cloud.shards == []

    # Merged: what was new there is new here, and what was fixed there is fixed here.
    merged = reviewed.push({**base, "fixed.py": b"f = 1\n", "added.py": b"exec(n)\n"}, "main")
    receipt, _ = reviewed.scan(merged)
    assert (receipt.new, receipt.fixed) == (1, 1)


def test_what_the_default_branch_did_meanwhile_is_not_the_changes_doing(reviewed) -> None:
    base = small(old="exec(o)\n", mine="m = 1\n")
    reviewed.scan(reviewed.push(base))
    head = reviewed.push({**base, "mine.py": b"exec(m)\n"}, "topic", parent="main")
    # Meanwhile one finding is fixed on the default branch, and one appears.
    receipt, _ = reviewed.scan(reviewed.push({**base, "old.py": b"o = 1\n", "later.py": b"exec(l)\n"}, "main"))
    assert (receipt.new, receipt.fixed) == (1, 1)
    receipt, report = reviewed.scan(head, "topic", trigger="pull_request")
    assert place(report["findings"]) == [("mine.py", True, "open"), ("old.py", False, "open")]
    assert (receipt.new, receipt.fixed) == (1, 0)


def test_a_commit_answers_for_what_it_brings_back(reviewed) -> None:
    bad, good = small(back="exec(b)\n"), small(back="b = 1\n")
    reviewed.scan(reviewed.push(bad))
    receipt, _ = reviewed.scan(reviewed.push(good))
    assert receipt.fixed == 1
    again = reviewed.push(bad)
    receipt, _ = reviewed.scan(again)
    assert (receipt.new, reviewed.stored()) == (0, [("back.py", "open")])
    states = [asked.body["state"] for asked in reviewed.github.asked(rf"POST api/.*/statuses/{again}")]
    assert states == ["pending", "failure"]


def test_a_branch_cannot_weaken_its_own_scan(reviewed) -> None:
    base = small(app="x = 1\n")
    reviewed.scan(reviewed.push(base))
    weak = {
        ".oreva.yml": b"builtin_rules: false\nrules: [rules]\nscanners: [semgrep]\nexclude: ['*.py']\n"
        b"fail_on: none\ntriage: {policy: {suppress: true}}\n",
        "rules/team.yaml": RULES.replace(b"exec(...)", b"nothing_at_all(...)"),
        "evil.py": b"exec(x)  # nosemgrep: team.exec -- trust me\n",
        "generated.py": b"# Code generated by protoc. DO NOT EDIT.\nexec(y)\n",
    }
    head = reviewed.push({**base, **weak}, "topic", parent="main")
    for trigger in ("pull_request", "push"):
        receipt, report = reviewed.scan(head, "topic", trigger=trigger)
        assert place(report["findings"]) == [("evil.py", True, "open"), ("generated.py", True, "open")]
        assert report["summary"]["exit_code"] == 1
        assert receipt.new == 2
    assert reviewed.stored() == []
    # Once it is the default branch, its own settings hold.
    merged = reviewed.push({**base, **weak}, "main")
    receipt, report = reviewed.scan(merged)
    assert report["findings"] == []
    assert "evil.py" in {entry["path"] for entry in report["coverage"]["skipped"]}


def test_attributes_of_git_cannot_hide_code_from_a_scan(reviewed) -> None:
    base = small(app="x = 1\n")
    reviewed.scan(reviewed.push(base))
    attributes = (
        b"/.gitattributes export-ignore\nhidden.py export-ignore\nfolder export-ignore\nrewritten.py export-subst\n"
        b"crlf.py text eol=crlf\n"
    )
    hidden = {
        ".gitattributes": attributes,
        "hidden.py": b"exec(h)\n",
        "folder/deep.py": b"exec(d)\n",
        "rewritten.py": b"y = 1  # $Format:%H$\nexec(y)\n",
        "crlf.py": b"def f(c):\n    exec(c)\n",
    }
    head = reviewed.push({**base, **hidden}, "topic", parent="main")
    receipt, report = reviewed.scan(head, "topic", trigger="pull_request")
    assert [f["path"] for f in sorted(report["findings"], key=lambda f: f["path"])] == [
        "crlf.py",
        "folder/deep.py",
        "hidden.py",
        "rewritten.py",
    ]
    assert (receipt.new, receipt.gaps) == (4, 0)
    fetched = reviewed.github.asked("GET api/.*/git/blobs/")
    assert len(fetched) == 4  # and the attributes themselves; other line ends are no difference

    # On the default branch too; and what is too much to fetch one by one is a gap.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commit, "MOST_FETCHED", 2)
        receipt, report = reviewed.scan(reviewed.push({**base, **hidden}))
    assert {(gap["path"], gap["reason"]) for gap in report["coverage"]["gaps"]} == {
        ("hidden.py", commit.LEFT_OUT),
        ("rewritten.py", commit.ALTERED),
    }
    assert receipt.new == 2


def test_what_is_excluded_is_no_gap_whatever_became_of_it(reviewed, monkeypatch) -> None:
    monkeypatch.setattr(commit, "MOST_FETCHED", 0)
    files = {
        ".oreva.yml": CONFIG + b"exclude: ['secret*', /docs/]\n",
        ".gitattributes": b"secret.py export-ignore\ndocs export-ignore\nother.py export-ignore\n",
        "rules/team.yaml": RULES,
        "secret.py": b"exec(s)\n",
        "docs/conf.py": b"exec(d)\n",
        "other.py": b"exec(o)\n",
    }
    _, report = reviewed.scan(reviewed.push(files))
    assert [gap["path"] for gap in report["coverage"]["gaps"]] == ["other.py"]
    reasons = {entry["path"]: entry["reason"] for entry in report["coverage"]["skipped"]}
    assert (reasons["secret.py"], reasons["docs/conf.py"]) == ("excluded by secret*", "excluded by /docs/")


def test_what_people_decided_holds_for_branches(reviewed) -> None:
    base = small(app="exec(x)\n")
    reviewed.scan(reviewed.push(base))
    store = reviewed.cloud.services.store
    (finding,) = store.findings(REPOSITORY)
    after, event = dismiss(finding, DismissalKind.WONT_FIX, "Known.", "ada", utc_now())
    store.apply(Changes(repository=REPOSITORY, findings=(after,), events=(event,)))
    head = reviewed.push({**base, "more.py": b"m = 1\n"}, "topic", parent="main")
    _, report = reviewed.scan(head, "topic")
    assert place(report["findings"]) == [("app.py", False, "dismissed")]


def test_before_the_default_branch_was_scanned_only_what_changed_is_new(reviewed) -> None:
    base = small(app="exec(x)\n")
    reviewed.push(base)
    head = reviewed.push({**base, "more.py": b"exec(m)\n"}, "topic", parent="main")
    _, report = reviewed.scan(head, "topic", trigger="pull_request")
    assert place(report["findings"]) == [("app.py", False, "open"), ("more.py", True, "open")]
    assert report["notes"] == [fetch.NEVER_SCANNED]


def test_a_default_branch_whose_files_have_expired_is_not_said_to_be_unscanned(reviewed) -> None:
    base = small(app="exec(x)\n")
    reviewed.scan(reviewed.push(base))
    artifacts = reviewed.cloud.services.artifacts
    artifacts._client.delete_object(Bucket=artifacts.bucket, Key=layout.tree(REPOSITORY, "main"))
    head = reviewed.push({**base, "more.py": b"exec(m)\n"}, "topic", parent="main")
    receipt, report = reviewed.scan(head, "topic", trigger="pull_request")
    assert report["notes"] == [fetch.TREE_EXPIRED]
    assert (receipt.new, place(report["findings"])) == (1, [("app.py", False, "open"), ("more.py", True, "open")])


def test_without_a_commit_the_ref_is_resolved(reviewed) -> None:
    sha = reviewed.push(small(app="exec(x)\n"))
    source = Source(provider="github", repository=NAME)
    request = make_request(source, trigger="manual", requested_by="user:ada")
    start(request, reviewed.cloud.services)
    receipt = reviewed.cloud.run(request)
    scan = reviewed.cloud.services.store.scan(REPOSITORY, request.scan_id)
    assert (scan.source.ref, scan.source.commit, scan.source.default_branch) == ("main", sha, "main")
    assert (receipt.new, reviewed.stored()) == (1, [("app.py", "open")])


def test_a_commit_that_is_looked_up_late_has_its_place_in_the_order_from_then(reviewed) -> None:
    source = Source(provider="github", repository=NAME)
    reviewed.push(small(app="exec(x)\n"))
    early, late = (make_request(source, trigger="schedule", requested_by="", sequence=n) for n in (1, 2))
    for request in (early, late):
        start(request, reviewed.cloud.services)
    # The later request is looked up first, and so gets the older commit.
    reviewed.cloud.scanning(late)
    reviewed.push(small(app="x = 1\n"), "main")
    receipt = reviewed.cloud.run(early)
    assert (receipt.state, reviewed.stored()) == ("completed", [])
    reviewed.cloud.analyzing(late)
    assert reviewed.cloud.reporting(late).state == "superseded"
    assert reviewed.stored() == []


def test_a_push_after_the_lookup_is_newer_than_it(reviewed) -> None:
    reviewed.push(small(app="exec(x)\n"))
    services = reviewed.cloud.services
    resolve = type(services.github).resolve
    at: list[int] = []

    def slow(*arguments: Any) -> Any:
        found = resolve(*arguments)
        at.append(time.time_ns())  # a push lands here
        return found

    request = make_request(Source(provider="github", repository=NAME), trigger="schedule", requested_by="", sequence=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(services.github), "resolve", slow)
        start(request, services)
        reviewed.cloud.scanning(request)
    scan = services.store.scan(REPOSITORY, request.scan_id)
    assert 1 < scan.sequence < at[0]


def test_without_a_default_branch_the_request_is_completed(reviewed) -> None:
    sha = reviewed.push(small(app="exec(x)\n"))
    request = make_request(
        Source(provider="github", repository=NAME, ref="main", commit=sha), trigger="push", requested_by="user:ada"
    )
    start(request, reviewed.cloud.services)
    reviewed.cloud.run(request)
    assert reviewed.stored() == [("app.py", "open")]


def test_a_commit_that_is_not_there_fails_the_scan_and_the_check(reviewed) -> None:
    reviewed.push(small())
    request = reviewed.request("0" * 40)
    with pytest.raises(SourceError):
        reviewed.cloud.run(request)
    scan = reviewed.cloud.services.store.scan(REPOSITORY, request.scan_id)
    assert scan.state is ScanState.FAILED
    assert "secret-token" not in scan.cause


def test_a_renamed_file_keeps_its_findings(reviewed) -> None:
    code = "def f(x):\n    exec(x)\n"
    reviewed.scan(reviewed.push(small(before=code)))
    (finding,) = reviewed.cloud.services.store.findings(REPOSITORY)
    receipt, _ = reviewed.scan(reviewed.push(small(after=code), "main"))
    (moved,) = reviewed.cloud.services.store.findings(REPOSITORY)
    assert (receipt.new, receipt.fixed) == (0, 0)
    assert (moved.id, moved.path, moved.status) == (finding.id, "after.py", Status.OPEN)


def test_a_default_branch_without_configuration_uses_none_of_the_branch(reviewed) -> None:
    reviewed.push({"app.py": b"x = 1\n"})
    head = reviewed.push(
        {"app.py": b"x = 1\n", ".oreva.yml": CONFIG.replace(b"[rules]", b"[gone]")}, "topic", parent="main"
    )
    _, report = reviewed.scan(head, "topic")
    assert set(report["scan"]["scanners"]) == {"semgrep", "bandit"}
