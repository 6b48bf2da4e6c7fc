"""Every AWS call that a function really made is one that its synthesized role allows."""

import json
from pathlib import Path

import pytest

import infra  # noqa: F401  (before aws_cdk: it chooses the Node.js that CDK runs on)

pytest.importorskip("aws_cdk", reason="the extra `infra` is not installed")

from infra.functions import NAMES
from oreva.local.recording import SIGNED
from tests.e2e.conftest import ProjectScan
from tests.e2e.world import World
from tests.infra.calls import Call, read_calls, refusals
from tests.infra.cloudformation import ResolvedTemplate


@pytest.fixture(scope="module")
def calls(
    world: World, project_scan: ProjectScan, pushed_scan: object, failed_scan: object, calls_file: Path
) -> list[Call]:
    """Calls of every function: whole scans, one that failed, and every route of the API."""
    findings = world.findings("archive/django-shop")
    for path in (
        "scans?repository=archive/django-shop",
        f"scans/{project_scan.scan_id}",
        f"scans/{project_scan.scan_id}/reports/sarif",
        "findings?repository=archive/django-shop&severity=high",
        f"findings/{findings[0].id}?repository=archive/django-shop",
    ):
        assert world.api("GET", path)[0] == 200, path
    return read_calls(calls_file)


@pytest.fixture(scope="module")
def template(world: World) -> ResolvedTemplate:
    return ResolvedTemplate(json.loads(world.stack.template.template.read_text(encoding="utf-8")))


def test_every_function_made_calls(calls: list[Call]):
    assert {each.function for each in calls} == set(NAMES) - {"scan"}
    assert len(calls) > 100


def test_every_call_is_allowed(calls: list[Call], template: ResolvedTemplate):
    assert refusals(calls, template) == []


def test_the_scan_function_calls_nothing_but_the_addresses_that_fetch_has_signed(calls: list[Call]):
    signed = [each for each in calls if each.function == "fetch" and each.parameters.get(SIGNED)]
    assert {(each.operation, each.parameters["Key"].split("/")[2]) for each in signed} == {
        ("GetObject", "shards"),
        ("PutObject", "results"),
    }
    assert not [each for each in calls if each.function == "scan"]


def test_a_call_of_another_function_is_refused(calls: list[Call], template: ResolvedTemplate):
    """What Report does, Scan must not: the evaluation above can fail."""
    foreign = [
        Call("scan", each.service, each.operation, each.parameters)
        for each in calls
        if each.function == "report" and each.service != "s3"
    ]
    assert foreign
    assert len(refusals(foreign, template)) >= len(foreign)
