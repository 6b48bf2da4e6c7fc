"""What one sees of a deployment: the dashboard, the alarms, and the topic that tells of them."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.alarms import alarms
from infra.compute import Compute
from infra.dashboard import Dashboard
from infra.event_bus import EventBus
from infra.ingress import Ingress
from infra.network import Network
from infra.orchestration import Orchestration
from infra.persistence import Persistence
from infra.settings import Settings


class Observability(Construct):
    """Dashboard, alarms and topic."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        settings: Settings,
        *,
        persistence: Persistence,
        event_bus: EventBus,
        compute: Compute,
        orchestration: Orchestration,
        ingress: Ingress,
        network: Network | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic = self._topic(settings, persistence)
        functions = {str(name): function for name, function in compute.functions.items()}
        specs = alarms(
            settings,
            functions=functions,
            machine=orchestration.machine,
            undelivered=event_bus.undelivered,
            table_name=persistence.table.table_name,
            api=ingress.api,
            network=network,
        )
        for spec in specs:
            alarm = cloudwatch.Alarm(
                self,
                spec.name,
                alarm_name=f"{settings.name}-{spec.name}",
                alarm_description=f"{spec.meaning}. See docs/operations.md, section Alarms",
                metric=spec.metric,
                threshold=spec.threshold,
                evaluation_periods=spec.periods,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            alarm.add_alarm_action(actions.SnsAction(self.topic))
            alarm.add_ok_action(actions.SnsAction(self.topic))
        self.dashboard = Dashboard(
            self,
            "Dashboard",
            name=settings.name,
            functions=functions,
            machine=orchestration.machine,
            undelivered=event_bus.undelivered,
            table_name=persistence.table.table_name,
            models=settings.models,
        ).dashboard

    def _topic(self, settings: Settings, persistence: Persistence) -> sns.ITopic:
        if settings.alarm_topic_arn:
            return sns.Topic.from_topic_arn(self, "Topic", settings.alarm_topic_arn)
        topic = sns.Topic(
            self,
            "Topic",
            topic_name=f"{settings.name}-alarms",
            display_name=f"{settings.name} alarms",
            master_key=persistence.key,
            enforce_ssl=True,
        )
        # A topic with a policy has no other: SNS's own, which lets the whole account in, is gone.
        stack = Stack.of(self)
        alarms_here = f"arn:{stack.partition}:cloudwatch:{stack.region}:{stack.account}:alarm:*"
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayBeTold",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": alarms_here},
                },
            )
        )
        if settings.alarm_email:
            topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
        return topic
