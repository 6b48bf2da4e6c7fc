"""The event bus, its archive, and the rule that starts the state machine for each `Scan Requested`."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.settings import Settings
from oreva.cloud.messages import EVENT_SOURCE, SCAN_REQUESTED


class EventBus(Construct):
    """Bus and archive; `start_scans` adds the rule once the state machine is there."""

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
