"""The definition of the state machine: what every state must have, and what travels between them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.functions import FUNCTIONS, NAMES
from infra.orchestration import STAGES
from infra.state_machine import NO_PLACE, RETRIED, definition
from tests.infra.cloudformation import ResolvedTemplate
from tests.infra.conftest import Synthesize

State = dict[str, Any]
MACHINE = definition({name: f"arn:{name}" for name in NAMES}, "a-bucket", map_concurrency=7, triage_concurrency=3)


def states(machine: State) -> Iterator[tuple[str, State]]:
    """Every state at any depth."""
    for name, state in machine["States"].items():
        yield name, state
        for branch in (*state.get("Branches", []), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])):
            yield from states(branch)


ALL = dict(states(MACHINE))
TASKS = {name: state for name, state in ALL.items() if state["Type"] == "Task"}


def test_the_three_stages_follow_each_other() -> None:
    assert MACHINE["StartAt"] == "Scanning"
    stages = {name: MACHINE["States"][name] for name in ("Scanning", "Analyzing", "Reporting")}
    assert stages["Scanning"]["Next"] == "Analyzing"
    assert stages["Analyzing"]["Next"] == "Reporting"
    assert stages["Reporting"]["End"] is True
    for stage in stages.values():
        assert stage["Type"] == "Parallel"
        assert len(stage["Branches"]) == 1
        assert stage["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Failing"}]


def test_only_the_request_travels_between_stages() -> None:
    for name in ("Scanning", "Analyzing"):
        assert MACHINE["States"][name]["ResultPath"] is None
    for name in ("ScanShards", "TriageBatches"):
        assert ALL[name]["ResultPath"] is None
    for name in ("Scan", "Triage"):
        assert ALL[name]["ResultSelector"] == {}, (
            "nothing of a child is kept, so that the result of the map stays small"
        )


@pytest.mark.parametrize("name", TASKS)
def test_a_task_ends_in_time_and_is_tried_again(name: str) -> None:
    task = TASKS[name]
    function = name.lower()
    assert task["TimeoutSeconds"] > FUNCTIONS[function].timeout_s  # type: ignore[index]
    no_place, retry = task["Retry"]
    assert no_place["ErrorEquals"] == list(NO_PLACE) == ["Lambda.TooManyRequestsException"]
    assert set(retry["ErrorEquals"]) == set(RETRIED)
    assert {"ThrottledError", "ConflictError"} < set(RETRIED)
    assert (retry["JitterStrategy"], retry["BackoffRate"], retry["MaxAttempts"]) == ("FULL", 2, 6)
    assert retry["MaxDelaySeconds"] <= 60
    assert task["Parameters"]["FunctionName"] == f"arn:{function}"


def delays(retry: State) -> list[float]:
    """The longest that each attempt may be put off, in seconds."""
    growing = (retry["IntervalSeconds"] * retry["BackoffRate"] ** number for number in range(retry["MaxAttempts"]))
    return [min(delay, retry["MaxDelaySeconds"]) for delay in growing]


def patience(retry: State) -> float:
    """Seconds that all attempts together are put off, on average: with full jitter half of the longest."""
    return sum(delays(retry)) / 2


@pytest.mark.parametrize("name", TASKS)
def test_a_task_waits_long_for_a_place(name: str) -> None:
    """A place is free when another scan's function is done, which is after 15 minutes at the latest."""
    no_place, _ = TASKS[name]["Retry"]
    assert no_place["JitterStrategy"] == "FULL"
    assert max(delays(no_place)) == 300
    longest = max(task["TimeoutSeconds"] for task in TASKS.values())
    assert patience(no_place) > 3 * longest


def test_there_is_a_task_for_every_stage_function() -> None:
    assert {name.lower() for name in TASKS} == set(STAGES) == set(NAMES) - {"webhook", "api"}


def test_the_machine_ends_after_all_its_parts_could_have() -> None:
    assert MACHINE["TimeoutSeconds"] > sum(
        task["TimeoutSeconds"] + patience(task["Retry"][0]) for task in TASKS.values()
    )


def test_shards_come_from_the_bucket_and_may_fail() -> None:
    shards = ALL["ScanShards"]
    assert shards["ItemReader"]["Resource"].endswith(":states:::s3:getObject")
    assert shards["ItemReader"]["Parameters"] == {"Bucket": "a-bucket", "Key.$": "$.fetch.shards_key"}
    assert shards["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert shards["ToleratedFailurePercentage"] == 100
    assert shards["MaxConcurrency"] == 7
    assert not {"ItemBatcher", "ResultWriter"} & set(shards)
    assert ALL["Scan"]["Parameters"]["Payload.$"] == "$"


def test_a_batch_that_fails_stays_without_a_verdict() -> None:
    assert ALL["TriageBatches"]["MaxConcurrency"] == 3
    assert ALL["Triage"]["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Untriaged"}]
    assert ALL["Untriaged"]["End"] is True


def test_nothing_comes_after_a_failure_but_its_record() -> None:
    assert ALL["Failing"]["Next"] == "Fail"
    assert ALL["Fail"]["Next"] == "ScanFailed"
    assert ALL["Fail"]["Catch"][0]["Next"] == "ScanFailed"
    assert ALL["ScanFailed"]["Type"] == "Fail"
    assert set(ALL["Fail"]["Parameters"]["Payload"]) == {"request.$", "error.$", "cause.$"}


def test_the_deployed_definition_is_this_one(template: ResolvedTemplate) -> None:
    ((_, machine),) = template.of_type("AWS::StepFunctions::StateMachine")
    functions = {name: f"arn:aws:lambda:us-east-1:000000000000:function:oreva-{name}" for name in STAGES}
    bucket = "oreva-artifacts-000000000000-us-east-1"
    expected = definition(functions, bucket, map_concurrency=40, triage_concurrency=4)
    assert json.loads(machine["DefinitionString"]) == expected
    assert machine["StateMachineType"] == "STANDARD"
    assert machine["StateMachineName"] == "oreva-pipeline"
    assert machine["TracingConfiguration"] == {"Enabled": True}
    assert machine["LoggingConfiguration"]["Level"] == "ALL"
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False


def test_concurrency_is_a_setting(synthesize: Synthesize) -> None:
    template = synthesize("map_concurrency=11", "triage_concurrency=2")
    ((_, machine),) = template.of_type("AWS::StepFunctions::StateMachine")
    found = dict(states(json.loads(machine["DefinitionString"])))
    assert (found["ScanShards"]["MaxConcurrency"], found["TriageBatches"]["MaxConcurrency"]) == (11, 2)


def test_the_machine_may_call_its_functions_and_read_its_shards_only(template: ResolvedTemplate) -> None:
    ((_, machine),) = template.of_type("AWS::StepFunctions::StateMachine")
    role_id = machine["RoleArn"].removeprefix("Arn-of-")
    (policy,) = template.resolve(template.resources[role_id]["Properties"])["Policies"]
    by_action = {
        action: each["Resource"]
        for each in policy["PolicyDocument"]["Statement"]
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    arn = "arn:aws:states:us-east-1:000000000000"
    assert set(by_action["lambda:InvokeFunction"]) == {
        f"arn:aws:lambda:us-east-1:000000000000:function:oreva-{name}" for name in STAGES
    }
    assert by_action["s3:GetObject"] == "arn:aws:s3:::oreva-artifacts-000000000000-us-east-1/scans/*/shards.json"
    assert by_action["states:StartExecution"] == f"{arn}:stateMachine:oreva-pipeline"
    for action in ("states:DescribeExecution", "states:StopExecution"):
        assert by_action[action] == [f"{arn}:execution:oreva-pipeline/*:*", f"{arn}:execution:oreva-pipeline:*"]
    assert by_action["states:RedriveExecution"] == f"{arn}:execution:oreva-pipeline/ScanShards:*"
    unlimited = {action for action, resource in by_action.items() if resource == "*"}
    assert {action.partition(":")[0] for action in unlimited} == {"logs", "xray"}
