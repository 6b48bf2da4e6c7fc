"""From a signed push of GitHub to the status on the commit."""

import json

from tests.doubles.github_api import GitHubApi
from tests.e2e.conftest import push_of
from tests.e2e.world import World


def test_a_push_is_scanned_and_told_on_the_commit(world: World, github: GitHubApi, pushed_scan):
    scan_id, commit = pushed_scan
    report = world.report(scan_id)
    assert (report["scan"]["source"]["commit"], report["scan"]["trigger"]) == (commit, "push")
    assert len(report["findings"]) > 20
    states = [each["state"] for each in github.repositories["acme/shop"].statuses if each["sha"] == commit]
    assert states == ["failure", "pending"]  # the newest first, as GitHub lists them
    assert {str(each.status) for each in world.findings("github/acme/shop")} == {"open"}


def test_the_same_delivery_again_starts_nothing(world: World, pushed_scan):
    scan_id, commit = pushed_scan
    again = world.deliver("push", push_of("acme/shop", commit), "11111111-0000-4000-8000-000000000001")
    assert again[0] == 202
    assert again[1]["scan_id"] == scan_id
    assert len(world.executions(scan_id)) == 1
    assert len(world.items("REPO#github/acme/shop", "SCAN#")) == 1


def test_a_wrong_signature_does_nothing(world: World, pushed_scan):
    _, commit = pushed_scan
    before = len(world.items("REPO#github/acme/shop", "SCAN#"))
    status, answer = world.deliver("push", push_of("acme/shop", commit), "another", secret="guessed")
    assert status == 401
    assert "scan_id" not in json.dumps(answer)
    assert len(world.items("REPO#github/acme/shop", "SCAN#")) == before
