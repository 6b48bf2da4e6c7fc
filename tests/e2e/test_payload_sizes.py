"""What travels between the states: references, whatever the size of the project."""

import json
from collections.abc import Iterator
from typing import Any

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


def executions(world: World) -> list[dict[str, Any]]:
    """All executions so far, and those of every shard."""
    states = world.stack.client("stepfunctions")
    found = states.list_executions(stateMachineArn=world.stack.deployed.state_machine)["executions"]
    for each in list(found):
        for run in states.list_map_runs(executionArn=each["executionArn"])["mapRuns"]:
            found += states.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    return found


def test_every_payload_is_far_below_the_limit(
    world: World, project_scan: ProjectScan, pushed_scan: tuple[str, str], failed_scan: object
):
    seen = executions(world)
    assert len(seen) >= 3 + 3  # three scans, and three shards of the project
    sizes = {
        (each["executionArn"], place): len(payload.encode())
        for each in seen
        for place, payload in payloads(world, each["executionArn"])
    }
    assert len(sizes) > 20
    largest = max(sizes, key=sizes.__getitem__)
    assert sizes[largest] < FAR_BELOW, (largest, sizes[largest])


def test_the_output_of_a_scan_is_its_receipt(project_scan: ProjectScan):
    receipt = project_scan.execution.output
    assert receipt["scan_id"] == project_scan.scan_id
    assert receipt["findings"] == len(project_scan.remote["findings"])
    assert receipt["gaps"] == len(project_scan.remote["coverage"]["gaps"])
    assert len(json.dumps(receipt)) < 2_000
