"""`oreva scan --remote`: real files through a real API and the real stages, reported as a scan here reports them."""

from __future__ import annotations

import json
import os
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oreva.cli import remote_scan
from oreva.cloud import deduplicate, fail, fetch, report, scan, triage
from oreva.cloud.messages import BatchMessage, FailMessage, ScanRequest, ShardMessage, StageMessage
from oreva.errors import SourceError
from oreva.sources.directory import DirectorySource
from tests.doubles.api_gateway import REGION
from tests.doubles.api_world import ADA, TOKEN, ApiWorld
from tests.integration.conftest import RULES

CONFIG = "builtin_rules: false\nrules: [team-rules]\nscanners: [semgrep, bandit]\n"
FILES = {
    ".oreva.yml": CONFIG,
    "team-rules/team.yaml": RULES,
    "app/main.py": "import os\nexec(os.environ['X'])\n",
    "app/util.py": "def f(data):\n    return weak_hash(data)\n",
    "app/page.js": "eval(location.hash)\n",
    "app/broken.py": "def f(:\n",
    "node_modules/lib/index.js": "eval('1')\n",
    "notes.txt": "nothing\n",
}


class Pipeline:
    """Runs the stages of every scan that is asked for on the bus, in the order of the state machine."""

    def __init__(self, world: ApiWorld) -> None:
        self._world = world
        self._services = world.services
        self._stopped = threading.Event()
        self.held = threading.Event()
        """No scan begins while it is cleared."""
        self.held.set()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Pipeline:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(0.1):
            for event in self._world.heard():
                if event["detail-type"] == "Scan Requested":
                    self.held.wait(20)
                    self._one(ScanRequest.model_validate(event["detail"]))

    def _one(self, request: ScanRequest) -> None:
        services, message = self._services, StageMessage(request=request)
        try:
            receipt = fetch.run(message, services)
            for item in json.loads(services.artifacts.get(receipt.shards_key)):
                scan.run(ShardMessage.model_validate(item), services)
            for batch in deduplicate.run(message, services).batches:
                triage.run(BatchMessage(request=request, batch=batch), services)
            report.run(message, services)
        except Exception as error:
            traceback.print_exc()
            cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
            fail.run(FailMessage(request=request, error=type(error).__name__, cause=cause), services)


@pytest.fixture(scope="module")
def world() -> Iterator[ApiWorld]:
    with ApiWorld() as started:
        yield started


@pytest.fixture(scope="module")
def pipeline(world: ApiWorld) -> Iterator[Pipeline]:
    with Pipeline(world) as running:
        yield running


@pytest.fixture(autouse=True)
def ada(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of a user of the API, and of nothing else."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ADA[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ADA[1])
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for path, text in FILES.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return root


def comparable(document: dict[str, Any]) -> dict[str, Any]:
    """A JSON report without what two scans of the same code differ in."""
    for finding in (*document["findings"], *document["fixed"]):
        for name in ("id", "first_seen", "first_seen_scan"):
            del finding[name]
        if finding["verdict"]:
            del finding["verdict"]["at"]
    for name in ("id", "source", "started_at", "duration_s"):
        del document["scan"][name]
    return document


def test_the_report_is_that_of_a_scan_here(oreva, scan, world, pipeline, project, tmp_path) -> None:
    here = scan(project, "--exclude", "notes.txt", "--state-dir", tmp_path / "state")
    there = scan(project, "--exclude", "notes.txt", "--remote", world.url, "--repository", "acme/project")
    assert there.code == here.code == 3  # app/broken.py
    assert [f["path"] for f in there.findings] != []
    assert comparable(there.report) == comparable(here.report)
    assert there.report["scan"]["title"] == "project"
    assert any(entry["path"] == "notes.txt" for entry in there.report["coverage"]["skipped"])
    for stage in ("6 files packed", "has begun", "scanning"):
        assert stage in there.err


@pytest.mark.parametrize("form", ["table", "sarif"])
def test_every_format_is_made_from_it(oreva, world, pipeline, project, form) -> None:
    ran = oreva("scan", project, "--format", form, "--remote", world.url, "--allow-gaps", "--quiet")
    assert ran.code == 1
    assert "exec(os.environ" in ran.out or form == "sarif"
    assert "Text is run as code" in ran.out or "Text run as code" in ran.out
    assert ran.err == ""


def test_findings_keep_their_identity_and_what_is_left_out_closes_none(scan, world, pipeline, project) -> None:
    arguments = ("--remote", world.url, "--repository", "kept", "--allow-gaps")
    first = scan(project, *arguments)
    (project / "app" / "main.py").write_text("import os\n\n\nexec(os.environ['X'])\n")
    second = scan(project, *arguments, "--exclude", "app/util.py")
    ids = {f["path"]: f["id"] for f in first.findings}
    assert {f["path"]: f["id"] for f in second.findings}["app/main.py"] == ids["app/main.py"]
    assert second.report["fixed"] == []
    stored = {f.path: f.status.value for f in world.services.store.findings("archive/kept")}
    assert stored["app/util.py"] == "open"
    (project / "app" / "util.py").unlink()
    third = scan(project, *arguments)
    assert [f["path"] for f in third.report["fixed"]] == ["app/util.py"]


def test_a_file_that_cannot_be_read_here_is_a_gap_there(scan, world, pipeline, project, monkeypatch) -> None:
    scan(project, "--remote", world.url, "--repository", "gap", "--quiet")
    real = DirectorySource.read

    def read(self: DirectorySource, path: str) -> bytes:
        if path == "app/page.js":
            raise SourceError("cannot read app/page.js: permission denied: check it and scan again")
        return real(self, path)

    monkeypatch.setattr(DirectorySource, "read", read)
    ran = scan(project, "--remote", world.url, "--repository", "gap")
    assert ran.code == 3
    assert [g["path"] for g in ran.report["coverage"]["gaps"] if "permission" in g["reason"]] == ["app/page.js"]
    assert ran.report["fixed"] == []


def test_a_scan_that_fails_there_says_why_and_is_never_clean(oreva, world, pipeline, project) -> None:
    (project / ".oreva.yml").write_text("builtin_rules: false\nrules: [team-rules]\n")
    (project / "team-rules" / "team.yaml").write_text("rules: [{id: x}]\n")
    ran = oreva("scan", project, "--remote", world.url, "--repository", "failing")
    assert ran.code == 3
    assert "the scan failed" in ran.out
    assert "team.yaml" in ran.out


def test_a_token_is_enough(oreva, world, pipeline, project, monkeypatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    ran = oreva("scan", project, "--remote", world.url)
    assert ran.code == 2
    assert "OREVA_TOKEN" in ran.err
    monkeypatch.setenv("OREVA_TOKEN", TOKEN)
    assert oreva("scan", project, "--remote", f"{world.url}/v1/", "--allow-gaps").code == 1
    monkeypatch.setenv("OREVA_TOKEN", "other")
    refused = oreva("scan", project, "--remote", world.url)
    assert refused.code == 2
    assert "OREVA_TOKEN" in refused.err
    assert refused.err.count("\n") <= 2


def test_a_wrong_key_is_refused_in_one_line(oreva, world, project, monkeypatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    ran = oreva("scan", project, "--remote", world.url, "--quiet")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "execute-api:Invoke" in ran.err


def test_an_interrupted_wait_says_where_the_scan_is(oreva, world, pipeline, project, monkeypatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(remote_scan, "_follow", interrupt)
    ran = oreva("scan", project, "--remote", world.url, "--repository", "interrupted")
    assert ran.code == 130
    (found,) = world.services.store.scans("archive/interrupted")
    assert f"{world.url}/v1/scans/{found.id}" in ran.err


def test_a_scan_that_never_ends_is_given_up(oreva, world, pipeline, project, monkeypatch) -> None:
    pipeline.held.clear()
    monkeypatch.setattr(remote_scan, "_PATIENCE_S", 0.6)
    ran = oreva("scan", project, "--remote", world.url, "--repository", "stuck")
    pipeline.held.set()
    assert ran.code == 2
    assert "state machine" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--remote", "http://example.org"), "use https"),
        (("--remote", "ftp://example.org"), "https://host"),
        (("--remote", "https://user:secret@example.org"), "https://host"),
        (("--remote", "https://example.org/?a=b"), "has a query"),
        (("--remote", "https://[::1"), "https://host"),
        (("--remote", "nonsense"), "https://host"),
        (("--remote", "http://127.0.0.1:9"), "no answer"),
        (("--remote", "http://127.0.0.1:9", "--diff", "main"), "--diff cannot be used"),
        (("--remote", "http://127.0.0.1:9", "--jobs", "2"), "--jobs cannot be used"),
        (("--remote", "http://127.0.0.1:9", "--scanner", "bandit"), "--scanner cannot be used"),
        (("--remote", "http://127.0.0.1:9", "--no-cache"), "--no-cache cannot be used"),
        (("--remote", "http://127.0.0.1:9", "--repository", "a/b/c"), "no name for a repository"),
        (("--remote", "http://127.0.0.1:9", "--repository", "../x"), "no name for a repository"),
        (("--repository", "x"), "--repository"),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(oreva, project, arguments, words) -> None:
    ran = oreva("scan", project, *arguments, "--quiet")
    assert ran.code == 2
    assert words in ran.err
    assert ran.err.count("\n") == 1
    assert "secret" not in ran.err.replace("user:secret@example.org", "")


def test_settings_of_the_environment_that_cannot_travel_are_refused(oreva, project, monkeypatch) -> None:
    for name in ("OREVA_RULES", "OREVA_TRIAGE"):
        monkeypatch.setenv(name, "off")
        ran = oreva("scan", project, "--remote", "http://127.0.0.1:9")
        assert ran.code == 2
        assert f"{name} cannot be used" in ran.err
        monkeypatch.delenv(name)


def test_rules_that_cannot_travel_are_refused(oreva, world, project, tmp_path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / ".oreva.yml").write_text("rules: [../elsewhere]\n")
    ran = oreva("scan", project, "--remote", world.url)
    assert ran.code == 2
    assert "elsewhere" in ran.err


def test_a_region_is_needed_where_the_address_names_none(oreva, world, project, monkeypatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    ran = oreva("scan", project, "--remote", world.url)
    assert ran.code == 2
    assert "AWS_REGION" in ran.err
