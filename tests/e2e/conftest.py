"""The real stack on the embedded AWS, brought up once by the code of `oreva up`, and scans that several tests use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ministack", reason="the extra `local` is not installed")
pytest.importorskip("awslambdaric", reason="the extra `aws` is not installed")

from oreva.local.stack import LocalStack
from tests.doubles.github_api import GitHubApi
from tests.e2e.world import Execution, Hooks, World, pack

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECTS = Path(os.environ.get("OREVA_PROJECTS", REPOSITORY / ".cache" / "projects"))
TOKEN = "e2e-token"
LARGEST = 10_000
"""Bytes of the largest file of Django that is scanned: enough files, in little time."""


@pytest.fixture(scope="session")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubApi]:
    with GitHubApi(tmp_path_factory.mktemp("github"), tokens={TOKEN}) as double:
        yield double


@pytest.fixture(scope="session")
def calls_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calls") / "calls.jsonl"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, github: GitHubApi, calls_file: Path) -> Iterator[World]:
    hooks = Hooks()
    stack = LocalStack(
        REPOSITORY,
        tmp_path_factory.mktemp("up"),
        settings={"github_api": github.url, "shard_files": "250", "token_budget": "1000000"},
        secret={"webhook_secret": "shared with GitHub", "token": TOKEN},
        calls_file=calls_file,
        aws_variables={"SFN_WAIT_SCALE": "0.05"},  # retries of the state machine wait a twentieth of their time
        watch=hooks,
    )
    with stack:
        yield World(stack, github, hooks)


@dataclass(frozen=True)
class ProjectScan:
    """One project, scanned by the pipeline and by `oreva scan`."""

    files: int
    scan_id: str
    execution: Execution
    remote: Any
    """The JSON report in the bucket."""
    local: Any
    """The JSON report of the command line."""


@pytest.fixture(scope="session")
def project_scan(world: World, tmp_path_factory: pytest.TempPathFactory) -> ProjectScan:
    """More than 500 files of Django, and the example shop with its planted defects among them."""
    folder = project_files(tmp_path_factory.mktemp("project"))
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
    scan_id = world.start("django-shop", pack(files))
    execution = world.wait(scan_id)
    assert execution.status == "SUCCEEDED", execution
    output = folder.parent / "local.json"
    command = [sys.executable, "-m", "oreva", "scan", str(folder), "--state-dir", str(folder.parent / "state")]
    command += ["--format", "json", "--output", str(output), "--fail-on", "none", "--allow-gaps", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return ProjectScan(len(files), scan_id, execution, world.report(scan_id), json.loads(output.read_text()))


def project_files(into: Path) -> Path:
    command = [sys.executable, str(REPOSITORY / ".ci" / "fetch-projects"), str(PROJECTS), "django"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    django = Path(done.stdout.strip().splitlines()[-1])
    root = into / "code"
    for path in sorted((django / "django").rglob("*")):
        wanted = path.suffix in {".py", ".html", ".js", ".xml"} and not {"locale", "vendor"} & set(path.parts)
        if wanted and path.is_file() and path.stat().st_size <= LARGEST:
            copy(path, root / path.relative_to(django))
    shop = REPOSITORY / "examples" / "shop"
    for path in sorted(shop.rglob("*")):
        if path.is_file() and ".oreva" not in path.parts:
            copy(path, root / "shop" / path.relative_to(shop))
    return root


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


@pytest.fixture(scope="session")
def failed_scan(world: World) -> tuple[str, Execution]:
    """A scan of an archive that is none."""
    scan_id = world.start("poisoned", b"this is no archive" * 100)
    return scan_id, world.wait(scan_id)


@pytest.fixture(scope="session")
def pushed_scan(world: World, github: GitHubApi) -> tuple[str, str]:
    """A push that GitHub has told of; scan id and commit."""
    github.create("acme/shop")
    commit = github.push_folder("acme/shop", REPOSITORY / "examples" / "shop")
    status, answer = world.deliver("push", push_of("acme/shop", commit), "11111111-0000-4000-8000-000000000001")
    assert status == 202, answer
    ended = world.wait(answer["scan_id"])
    assert ended.status == "SUCCEEDED", ended
    return answer["scan_id"], commit


def push_of(repository: str, commit: str, before: str = "0" * 40, branch: str = "main") -> dict[str, Any]:
    """The payload of a push, with what GitHub puts into it."""
    return {
        "ref": f"refs/heads/{branch}",
        "before": before,
        "after": commit,
        "created": before == "0" * 40,
        "deleted": False,
        "forced": False,
        "commits": [{"id": commit, "message": "change"}],
        "head_commit": {"id": commit, "message": "change"},
        "repository": {"full_name": repository, "default_branch": "main", "pushed_at": 1_790_000_000, "private": True},
        "pusher": {"name": "ana"},
        "sender": {"login": "ana"},
    }
