"""The alarms as data; docs/operations.md says for each what it means and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn

from infra import metrics
from infra.functions import NAMES
from infra.network import Network
from infra.settings import Settings

DAY = Duration.days(1)


@dataclass(frozen=True)
class AlarmSpec:
    """One alarm: it goes off when the metric is at or above the threshold in one period."""

    name: str
    metric: cloudwatch.IMetric
    threshold: float
    meaning: str
    periods: int = 1


def alarms(
    settings: Settings,
    *,
    functions: dict[str, lambda_.Function],
    machine: sfn.StateMachine,
    undelivered: sqs.Queue,
    table_name: str,
    api: apigateway.HttpApi,
    network: Network | None,
) -> Iterator[AlarmSpec]:
    """Every alarm of the stack."""
    own = partial(metrics.own, settings.name)
    if network is not None:
        if network.refusals is not None:
            yield AlarmSpec("network-refused", network.refusals, 1, "Something inside the network tried to get out")
        yield AlarmSpec("names-refused", network.refused_names, 1, "Something inside asked for a name outside of AWS")
    yield AlarmSpec("scans-failed", own("ScansFailed"), 1, "A scan failed; nothing was closed")
    yield AlarmSpec("gaps", own("Gaps"), 1, "Code was not looked at, or only in part")
    yield AlarmSpec("untriaged", own("TriageBatchesFailed"), 1, "Findings stayed without a verdict")
    yield AlarmSpec(
        "model-cost",
        own("ModelCost", period=DAY),
        float(settings.model_cost_per_day),
        f"Models cost {settings.model_cost_per_day} USD or more today",
    )
    yield AlarmSpec(
        "model-cost-of-a-scan",
        own("ModelCostOfScan", "Maximum"),
        float(settings.model_cost_per_scan),
        f"Models cost {settings.model_cost_per_scan} USD or more for a single scan",
    )
    yield AlarmSpec(
        "undelivered",
        undelivered.metric_approximate_number_of_messages_visible(period=metrics.FIVE_MINUTES, statistic="Maximum"),
        1,
        "A scan did not start, or its end was not recorded",
    )
    for name in ("failed", "timed-out", "aborted", "throttled"):
        metric = {
            "failed": machine.metric_failed,
            "timed-out": machine.metric_timed_out,
            "aborted": machine.metric_aborted,
            "throttled": machine.metric_throttled,
        }[name]
        yield AlarmSpec(
            f"pipeline-{name}",
            metric(period=metrics.FIVE_MINUTES, statistic="Sum"),
            1,
            f"An execution of the state machine: {name}",
        )
    for function in NAMES:
        made = functions[function]
        yield AlarmSpec(
            f"{function}-errors", made.metric_errors(period=metrics.FIVE_MINUTES), 1, f"{function} raised an error"
        )
        yield AlarmSpec(
            f"{function}-throttles",
            made.metric_throttles(period=metrics.FIVE_MINUTES),
            1,
            f"{function} was not started for want of concurrency",
            periods=2,
        )
    yield from _services(settings.models, table_name)
    yield AlarmSpec("api-5xx", api.metric_server_error(period=metrics.FIVE_MINUTES), 1, "The API answered 5xx")


def _services(models: Sequence[str], table_name: str) -> Iterator[AlarmSpec]:
    for number, model in enumerate(models, 1):
        yield AlarmSpec(
            f"model-{number}-throttles",
            metrics.bedrock("InvocationThrottles", model),
            10,
            f"Bedrock asks for fewer calls of {model}",
        )
    for kind in ("Read", "Write"):
        yield AlarmSpec(
            f"table-{kind.lower()}-throttles",
            metrics.table(f"{kind}ThrottleEvents", table_name),
            10,
            f"DynamoDB asks for fewer {kind.lower()}s",
        )
