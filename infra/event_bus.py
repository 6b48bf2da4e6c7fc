"""The event bus, its archive, the rule that starts scans, and the rule that records those that were ended."""

from __future__ import annotations

from typing import get_args

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.settings import Settings
from oreva.cloud.messages import EVENT_SOURCE, SCAN_REQUESTED, Ending


class EventBus(Construct):
    """Bus and archive; `start_scans` and `record_ends` add the rules once the state machine is there."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self._name = settings.name
        self.bus = events.EventBus(self, "Bus", event_bus_name=f"{settings.name}-bus")
        if settings.event_days:
            self.bus.archive(
                "Archive",
                archive_name=f"{settings.name}-archive",
                description="Every event of Oreva, for replay",
                event_pattern=events.EventPattern(source=[EVENT_SOURCE]),
                retention=Duration.days(settings.event_days),
            )
        self.undelivered = sqs.Queue(
            self,
            "Undelivered",
            queue_name=f"{settings.name}-undelivered",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )

    def start_scans(self, machine: sfn.StateMachine) -> None:
        """Start the state machine for each request; what cannot be delivered within an hour lands in `undelivered`."""
        role = iam.Role(
            self,
            "StartScans",
            assumed_by=iam.ServicePrincipal("events.amazonaws.com"),
            description="Lets the rule start scans",
        )
        self.rule = events.Rule(
            self,
            "ScanRequested",
            rule_name=f"{self._name}-scan-requested",
            event_bus=self.bus,
            description="A requested scan starts the state machine",
            event_pattern=events.EventPattern(source=[EVENT_SOURCE], detail_type=[SCAN_REQUESTED]),
            targets=[
                targets.SfnStateMachine(
                    machine,
                    input=events.RuleTargetInput.from_object({"request": events.EventField.from_path("$.detail")}),
                    role=role,
                    dead_letter_queue=self.undelivered,
                    max_event_age=Duration.hours(1),
                    retry_attempts=20,
                )
            ],
        )

    def record_ends(self, machine_arn: str, fail: lambda_.IFunction) -> None:
        """Tell Fail of executions that ended without a report.

        The state machine cannot do so itself where it was stopped or ran out of time; and if its own state `Fail`
        failed, this is the last resort. AWS sends these events to the default bus, and none for the children of the
        Distributed Map under this ARN. Fail is given the `detail` as it is.
        """
        self.end_rule = events.Rule(
            self,
            "ScanEnded",
            rule_name=f"{self._name}-scan-ended",
            description="An execution that ended without a report is recorded by Fail",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"stateMachineArn": [machine_arn], "status": list(get_args(Ending))},
            ),
            targets=[
                targets.LambdaFunction(
                    fail,
                    event=events.RuleTargetInput.from_event_path("$.detail"),
                    dead_letter_queue=self.undelivered,
                    max_event_age=Duration.hours(1),
                    retry_attempts=20,
                )
            ],
        )
