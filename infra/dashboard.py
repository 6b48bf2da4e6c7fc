"""The dashboard: what the scans did, how long it took, what went wrong, and what it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra import metrics


class Dashboard(Construct):
    """One page, from the outcome at the top to the services at the bottom."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        functions: Mapping[str, lambda_.Function],
        machine: sfn.StateMachine,
        undelivered: sqs.Queue,
        table_name: str,
        models: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        own = partial(metrics.own, name)
        made = list(functions.values())
        self.dashboard = cloudwatch.Dashboard(self, "Page", dashboard_name=name, default_interval=Duration.days(1))
        self.dashboard.add_widgets(
            _numbers("Today", [own(each, period=Duration.days(1)) for each in _TODAY]),
        )
        self.dashboard.add_widgets(
            _graph("Scans", [own("ScansCompleted"), own("ScansFailed")]),
            _graph("Gaps: code that was not looked at", [own("Gaps"), own("ShardsFailed")]),
            _graph("Findings", [own("FindingsOpened"), own("FindingsFixed"), own("Untriaged")]),
        )
        self.dashboard.add_widgets(
            _graph(
                "Seconds for a scan", [own("ScanSeconds", each).with_(label=each) for each in ("p50", "p95", "Maximum")]
            ),
            _graph("Files, and results taken from the cache", [own("Files"), own("CachedResults")]),
            _graph("State machine", [machine.metric_started(), machine.metric_failed(), machine.metric_timed_out()]),
        )
        self.dashboard.add_widgets(
            _graph(
                "Cost of models in USD",
                [own("ModelCost"), own("ModelCostOfScan", "Maximum").with_(label="dearest scan")],
            ),
            _graph("Tokens", [own("ModelTokens")]),
            _graph(
                "Calls of models, and refused ones",
                [own("ModelCalls"), own("TriageBatchesFailed")]
                + [metrics.bedrock("InvocationThrottles", model).with_(label=f"throttled {model}") for model in models],
            ),
        )
        self.dashboard.add_widgets(
            _graph("Duration of functions (p95)", [each.metric_duration(statistic="p95") for each in made]),
            _graph("Errors of functions", [each.metric_errors() for each in made]),
            _graph("Throttled functions", [each.metric_throttles() for each in made]),
        )
        self.dashboard.add_widgets(
            _graph(
                "Throttled reads and writes of the table",
                [metrics.table(f"{kind}ThrottleEvents", table_name) for kind in ("Read", "Write")],
            ),
            _graph("Requested scans that did not start", [undelivered.metric_approximate_number_of_messages_visible()]),
            _graph("Functions at work", [each.metric("ConcurrentExecutions", statistic="Maximum") for each in made]),
        )


_TODAY = ("ScansCompleted", "ScansFailed", "Gaps", "FindingsOpened", "FindingsFixed", "ModelTokens", "ModelCost")


def _graph(title: str, shown: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title, left=list(shown), width=8, height=6, left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False)
    )


def _numbers(title: str, shown: Sequence[cloudwatch.IMetric]) -> cloudwatch.SingleValueWidget:
    return cloudwatch.SingleValueWidget(
        title=title, metrics=list(shown), width=24, height=3, set_period_to_time_range=True
    )
