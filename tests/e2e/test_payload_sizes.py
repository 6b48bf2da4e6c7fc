"""What travels between the states: references, whatever the size of the project."""

import json
from collections.abc import Iterator

from tests.e2e.conftest import ProjectScan
from tests.e2e.world import World

LIMIT = 256 * 1024
"""Bytes of input or output of a state of Step Functions."""
FAR_BELOW = LIMIT // 16


def payloads(world: World, arn: str) -> Iterator[tuple[str, str]]:
    """Every input and output in the history of an execution, with what it belongs to."""
    states = world.stack.client("stepfunctions")
    for page in states.get_paginator("get_execution_history").paginate(executionArn=arn):
        for event in page["events"]:
            for details in (each for each in event.values() if isinstance(each, dict)):
                for kind in ("input", "output", "parameters"):
                    if kind in details:
                        yield f"{event['type']} {details.get('name', '')} {kind}", details[kind]


def executions(world: World) -> tuple[list[str], list[str]]:
    """ARNs of all executions so far, and of those of the shards."""
    states = world.stack.client("stepfunctions")
    pages = states.get_paginator("list_executions")
    machine = world.stack.deployed.state_machine
    scans = [each["executionArn"] for page in pages.paginate(stateMachineArn=machine) for each in page["executions"]]
    runs = [run["mapRunArn"] for arn in scans for run in states.list_map_runs(executionArn=arn)["mapRuns"]]
    shards = [
        each["executionArn"] for run in runs for page in pages.paginate(mapRunArn=run) for each in page["executions"]
    ]
    return scans, shards


def test_every_payload_in_the_histories_is_far_below_the_limit(
    world: World, project_scan: ProjectScan, pushed_scan: tuple[str, str], failed_scan: object
):
    scans, shards = executions(world)
    assert len(scans) >= 3
    assert len(shards) >= 4  # three of the project, one of the push
    sizes = {(arn, place): len(payload.encode()) for arn in scans + shards for place, payload in payloads(world, arn)}
    states = {place.split()[1] for _, place in sizes}
    assert {"Scanning", "Analyzing", "Reporting", "Fail"} <= states
    largest = max(sizes, key=sizes.__getitem__)
    assert sizes[largest] < FAR_BELOW, (largest, sizes[largest])


def test_every_event_and_answer_of_a_function_is_far_below_the_limit(
    world: World, project_scan: ProjectScan, failed_scan: object
):
    """The states within a stage, which the embedded AWS leaves out of its histories."""
    sizes = [(size, name) for name, size in world.hooks.sizes if name not in {"api", "webhook"}]
    assert {name for _, name in sizes} == {"fetch", "scan", "deduplicate", "triage", "report", "fail"}
    assert max(sizes)[0] < FAR_BELOW, max(sizes)


def test_the_output_of_a_scan_is_its_receipt(project_scan: ProjectScan):
    receipt = project_scan.execution.output
    assert receipt["scan_id"] == project_scan.scan_id
    assert receipt["findings"] == len(project_scan.remote["findings"])
    assert receipt["gaps"] == len(project_scan.remote["coverage"]["gaps"])
    assert len(json.dumps(receipt)) < 2_000
