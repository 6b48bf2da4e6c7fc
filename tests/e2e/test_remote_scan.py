"""`oreva scan --remote`: a directory is scanned by the deployed pipeline, and reported as if it was scanned here."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.conftest import REPOSITORY
from tests.e2e.test_real_project import detections, problems
from tests.e2e.world import World


def scan(folder: Path, *more: str) -> tuple[int, dict]:
    command = [sys.executable, "-m", "oreva", "scan", str(folder), "--format", "json", *more]
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, env={**os.environ, **credentials})
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_the_report_and_the_exit_status_are_those_of_a_scan_here(world: World, tmp_path):
    shop = REPOSITORY / "examples" / "shop"
    here = scan(shop, "--state-dir", str(tmp_path / "state"))
    remote = ("--remote", world.stack.deployed.api_url, "--repository", "laptop-shop")
    there = scan(shop, "--state-dir", str(tmp_path / "state"), *remote)
    assert here[0] == there[0] == 1
    assert detections(there[1]) == detections(here[1])
    assert problems(there[1]) == problems(here[1])
    assert there[1]["coverage"] == here[1]["coverage"]
    assert len(world.findings("archive/laptop-shop")) == len(there[1]["findings"])
