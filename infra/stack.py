"""The stack: the boxes of the architecture, joined."""

from __future__ import annotations

from aws_cdk import Annotations, CfnOutput, Environment, Fn, Stack, Tags
from constructs import Construct

from infra.cognitive_core import CognitiveCore
from infra.compute import Compute
from infra.event_bus import EventBus
from infra.ingress import WEBHOOK, Ingress
from infra.network import Network
from infra.observability import Observability
from infra.orchestration import Orchestration
from infra.persistence import Persistence
from infra.settings import Settings


class OrevaStack(Stack):
    """One deployment of Oreva."""

    def __init__(self, scope: Construct, settings: Settings) -> None:
        self._zones = list(settings.availability_zones) or [Fn.select(number, Fn.get_azs()) for number in (0, 1)]
        super().__init__(
            scope,
            settings.name,
            stack_name=settings.name,
            description="Oreva: scans code for security defects on every push",
            env=Environment(account=settings.account, region=settings.region),
            termination_protection=settings.protection,
        )
        # CDK writes every dependency on a role out, though the reference to it says the same.
        self.template_options.metadata = {"cfn-lint": {"config": {"ignore_checks": ["W3005"]}}}
        Tags.of(self).add("application", settings.name)
        self.persistence = Persistence(self, "Persistence", settings)
        self.event_bus = EventBus(self, "EventBus", settings)
        self.cognitive_core = CognitiveCore(self, "CognitiveCore", settings)
        self.network = (
            Network(self, "Network", settings, self.persistence, self.cognitive_core.statements)
            if settings.vpc
            else None
        )
        self.compute = Compute(
            self,
            "Compute",
            settings,
            persistence=self.persistence,
            event_bus=self.event_bus,
            cognitive_core=self.cognitive_core,
            network=self.network,
        )
        self.orchestration = Orchestration(
            self, "Orchestration", settings, compute=self.compute, persistence=self.persistence
        )
        self.event_bus.start_scans(self.orchestration.machine)
        self.event_bus.record_ends(self.orchestration.machine.state_machine_arn, self.compute.functions["fail"])
        self.ingress = Ingress(self, "Ingress", settings, compute=self.compute)
        self.observability = Observability(
            self,
            "Observability",
            settings,
            persistence=self.persistence,
            event_bus=self.event_bus,
            compute=self.compute,
            orchestration=self.orchestration,
            ingress=self.ingress,
            network=self.network,
        )
        self._say_where()
        self._warn(settings)

    @property
    def availability_zones(self) -> list[str]:
        """Chosen when the stack is deployed, so that synthesis asks no account."""
        return self._zones

    def _say_where(self) -> None:
        """What a person or a program needs next."""
        endpoint = self.ingress.api.api_endpoint
        outputs = {
            "ApiUrl": (endpoint, "The API"),
            "WebhookUrl": (f"{endpoint}{WEBHOOK}", "Payload URL of the webhook in GitHub"),
            "TableName": (self.persistence.table.table_name, "Findings"),
            "BucketName": (self.persistence.bucket.bucket_name, "Artifacts and reports"),
            "BusName": (self.event_bus.bus.event_bus_name, "Events"),
            "SecretArn": (self.persistence.secret.secret_arn, "GitHub credentials and the webhook secret"),
            "StateMachineArn": (self.orchestration.machine.state_machine_arn, "The pipeline"),
        }
        for name, (value, description) in outputs.items():
            CfnOutput(self, name, value=value, description=description)

    def _warn(self, settings: Settings) -> None:
        """What works otherwise than one would think."""
        if settings.unpriced:
            Annotations.of(self).add_warning_v2(
                "oreva:no-prices",
                f"prices: none for {', '.join(settings.unpriced)}, so the cost of models is unknown and the alarms "
                "model-cost and model-cost-of-a-scan never go off; set the setting prices (docs/operations.md)",
            )
