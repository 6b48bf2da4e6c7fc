"""The state machine as data, in the Amazon States Language. Between the three stages only the request travels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.functions import FUNCTIONS, FunctionName

State = dict[str, Any]

RETRIED = (
    "ThrottledError",
    "ConflictError",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
)
"""What goes away by waiting: our own two errors of that kind, and those of the Lambda service."""

NO_PLACE = ("Lambda.TooManyRequestsException",)
"""All places of the account or of the function are taken. That may last as long as other scans do."""

EXECUTION_TIMEOUT_S = 6 * 3600
"""Above what all stages may take together, also where each has to wait for a place as long as it does on average
before it gives up. What runs longer is ended without a state `Fail`; then Fail is told by an event
(`infra.event_bus`)."""

_MARGIN_S = 30
"""A task waits longer than its function may run, so that the function's own time-out is what one reads."""


def definition(
    functions: Mapping[FunctionName, str],
    bucket: str,
    *,
    map_concurrency: int,
    triage_concurrency: int,
    partition: str = "aws",
) -> State:
    """The definition.

    `functions` are the ARNs by name, `bucket` is the name of the artifacts bucket, the two numbers bound how many Scan
    and Triage functions of one scan run at a time.
    """

    def task(name: FunctionName, payload: State | str, **more: object) -> State:
        given = {"Payload.$": payload} if isinstance(payload, str) else {"Payload": payload}
        return {
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::lambda:invoke",
            "Parameters": {"FunctionName": functions[name], **given},
            "TimeoutSeconds": FUNCTIONS[name].timeout_s + _MARGIN_S,
            "Retry": [
                {
                    "ErrorEquals": list(NO_PLACE),
                    "IntervalSeconds": 2,
                    "BackoffRate": 2,
                    "MaxAttempts": 25,
                    "MaxDelaySeconds": 300,
                    "JitterStrategy": "FULL",
                },
                {
                    "ErrorEquals": list(RETRIED),
                    "IntervalSeconds": 2,
                    "BackoffRate": 2,
                    "MaxAttempts": 6,
                    "MaxDelaySeconds": 60,
                    "JitterStrategy": "FULL",
                },
            ],
            **more,
        }

    request = {"request.$": "$.request"}
    scanning: State = {
        "Fetch": task(
            "fetch",
            request,
            ResultSelector={"shards.$": "$.Payload.shards", "shards_key.$": "$.Payload.shards_key"},
            ResultPath="$.fetch",
            Next="AnythingToScan",
        ),
        "AnythingToScan": {
            "Type": "Choice",
            "Comment": "Nothing is if every file is known already",
            "Choices": [{"Variable": "$.fetch.shards", "NumericGreaterThan": 0, "Next": "ScanShards"}],
            "Default": "AllKnown",
        },
        "AllKnown": {"Type": "Pass", "End": True},
        "ScanShards": {
            "Type": "Map",
            "Comment": "A shard that fails for good is a gap, which Deduplicate sees by its missing result",
            "Label": "ScanShards",
            "ItemReader": {
                "Resource": f"arn:{partition}:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON"},
                "Parameters": {"Bucket": bucket, "Key.$": "$.fetch.shards_key"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Scan",
                # An empty result, so that the map's own stays small whatever the number of shards.
                "States": {"Scan": task("scan", "$", ResultSelector={}, End=True)},
            },
            "MaxConcurrency": map_concurrency,
            "ToleratedFailurePercentage": 100,
            "ResultPath": None,
            "End": True,
        },
    }
    analyzing: State = {
        "Deduplicate": task(
            "deduplicate",
            request,
            ResultSelector={"batches.$": "$.Payload.batches"},
            ResultPath="$.deduplicate",
            Next="TriageBatches",
        ),
        "TriageBatches": {
            "Type": "Map",
            "ItemsPath": "$.deduplicate.batches",
            "ItemSelector": {"request.$": "$.request", "batch.$": "$$.Map.Item.Value"},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "Triage",
                "States": {
                    "Triage": task(
                        "triage",
                        {"request.$": "$.request", "batch.$": "$.batch"},
                        ResultSelector={},
                        Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Untriaged"}],
                        End=True,
                    ),
                    "Untriaged": {
                        "Type": "Pass",
                        "Comment": "The findings of this batch stay without a verdict; the scan goes on",
                        "Result": {},
                        "End": True,
                    },
                },
            },
            "MaxConcurrency": triage_concurrency,
            "ResultPath": None,
            "End": True,
        },
    }
    reporting: State = {"Report": task("report", request, OutputPath="$.Payload", End=True)}
    return {
        "Comment": "One scan: Scanning, Analyzing, Reporting; any error leads to Fail",
        "StartAt": "Scanning",
        "TimeoutSeconds": EXECUTION_TIMEOUT_S,
        "States": {
            "Scanning": _stage("Fetch", scanning, ResultPath=None, Next="Analyzing"),
            "Analyzing": _stage("Deduplicate", analyzing, ResultPath=None, Next="Reporting"),
            "Reporting": _stage(
                "Report",
                reporting,
                ResultSelector={"receipt.$": "$[0]"},
                ResultPath="$.report",
                OutputPath="$.report.receipt",
                End=True,
            ),
            "Failing": {
                "Type": "Pass",
                "Comment": "An error may come without a cause; a path to what is not there would end the execution",
                "Parameters": {
                    "request.$": "$.request",
                    "failure.$": (
                        'States.JsonMerge(States.StringToJson(\'{"Error":"unknown","Cause":""}\'), $.failure, false)'
                    ),
                },
                "Next": "Fail",
            },
            "Fail": task(
                "fail",
                {"request.$": "$.request", "error.$": "$.failure.Error", "cause.$": "$.failure.Cause"},
                ResultPath=None,
                Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.second", "Next": "ScanFailed"}],
                Next="ScanFailed",
            ),
            "ScanFailed": {"Type": "Fail", "ErrorPath": "$.failure.Error", "CausePath": "$.failure.Cause"},
        },
    }


def _stage(start: str, states: State, **more: object) -> State:
    """A Parallel state with one branch, so that one Catch covers the whole stage."""
    return {
        "Type": "Parallel",
        "Branches": [{"StartAt": start, "States": states}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Failing"}],
        **more,
    }
