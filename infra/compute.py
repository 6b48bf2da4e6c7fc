"""The functions: image, role, log group and settings of each."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy, Size, Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.cognitive_core import CognitiveCore
from infra.event_bus import EventBus
from infra.functions import FUNCTIONS, FunctionName
from infra.images import RULES_DIR, Images
from infra.metrics import NAMESPACE
from infra.network import Network
from infra.permissions import log_group_name, statements
from infra.persistence import Persistence
from infra.retention import retention
from infra.settings import Settings
from oreva.cloud.environment import PREFIX
from oreva.errors import ConfigError

VARIABLES_BYTES = 4_096
"""What Lambda takes of environment variables, names and values together, as JSON."""
_NAME_BYTES = 128
"""More than any name or ARN has that is known at deployment only."""


class Compute(Construct):
    """One function per handler, each with a role of its own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        settings: Settings,
        *,
        persistence: Persistence,
        event_bus: EventBus,
        cognitive_core: CognitiveCore,
        network: Network | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._settings = settings
        self._persistence = persistence
        self._event_bus = event_bus
        self._core = cognitive_core
        self._network = network
        self._images = Images(self, "Images", settings)
        self._values = self._setting_values()
        self.roles: dict[FunctionName, iam.Role] = {}
        self.functions: dict[FunctionName, lambda_.Function] = {name: self._function(name) for name in FUNCTIONS}

    def _function(self, name: FunctionName) -> lambda_.Function:
        spec = FUNCTIONS[name]
        settings, function_name = self._settings, f"{self._settings.name}-{name}"
        inside = self._network is not None and spec.isolated
        log_group = logs.LogGroup(
            self,
            f"Logs-{name}",
            log_group_name=log_group_name(function_name),
            retention=retention(settings.log_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.roles[name] = self._role(
            name, function_name, self._network.vpc.vpc_id if self._network and inside else None
        )
        return lambda_.DockerImageFunction(
            self,
            name,
            function_name=function_name,
            description=spec.purpose,
            code=self._images.code(spec.image, name),
            architecture=lambda_.Architecture.X86_64,
            role=self.roles[name],
            timeout=Duration.seconds(spec.timeout_s),
            memory_size=settings.scan_function_mb if name == "scan" else spec.memory_mb,
            ephemeral_storage_size=Size.mebibytes(spec.tmp_mb),
            reserved_concurrent_executions=settings.reserved_concurrency.get(name),
            log_group=log_group,
            environment=self._environment(name),
            vpc=self._network.vpc if self._network and inside else None,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED) if inside else None,
            security_groups=[self._network.groups[name]] if self._network and inside else None,
        )

    def _role(self, name: FunctionName, function_name: str, vpc_id: str | None) -> iam.Role:
        policy = iam.PolicyDocument(
            statements=statements(
                name,
                Stack.of(self),
                self._persistence,
                self._event_bus.bus.event_bus_arn,
                self._core.statements,
                function_name,
                vpc_id=vpc_id,
                scan_vpc_id=self._network.vpc.vpc_id if self._network else None,
            )
        )
        return iam.Role(
            self,
            f"Role-{name}",
            description=f"What the function {function_name} may do",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"what-it-needs": policy},
        )

    def _environment(self, name: FunctionName) -> dict[str, str]:
        own = {PREFIX + key.upper(): self._values[key] for key in FUNCTIONS[name].settings}
        variables = {
            "POWERTOOLS_SERVICE_NAME": self._settings.name,
            "POWERTOOLS_METRICS_NAMESPACE": NAMESPACE,
            "POWERTOOLS_LOG_LEVEL": "INFO",
            **{key: value for key, value in own.items() if value},
        }
        _must_fit(name, variables)
        return variables

    def _setting_values(self) -> dict[str, str]:
        """Every setting of `oreva.cloud.environment` as text; an empty one is left to its default."""
        settings, kept = self._settings, self._persistence
        same = (
            "github_api",
            "report_url",
            "triage",
            "model_id",
            "second_model_id",
            "embedding_model_id",
            "token_budget",
            "shard_files",
            "shard_bytes",
            "upload_bytes",
            "archive_files",
            "archive_total_bytes",
            "archive_file_bytes",
            "archive_ratio",
            "archive_ratio_free_bytes",
            "timeout_s",
            "batch_timeout_s",
            "memory_mb",
            "jobs",
        )
        texts = {name: getattr(settings, name) for name in same}
        return {
            **{
                name: "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
                for name, value in texts.items()
            },
            "table": kept.table.table_name,
            "bucket": kept.bucket.bucket_name,
            "bus": self._event_bus.bus.event_bus_name,
            "secret": kept.secret.secret_arn,
            "allowed_repositories": ",".join(settings.allowed_repositories),
            "prices": self._core.prices if settings.prices else "",
            "rules_dir": RULES_DIR if settings.team_rules or settings.team_rules_in_image else "",
        }


def _must_fit(function: FunctionName, variables: Mapping[str, str]) -> None:
    """Raise `ConfigError` that names the largest setting where Lambda would refuse the variables of a function."""
    given = {key: "-" * _NAME_BYTES if Token.is_unresolved(text) else text for key, text in variables.items()}
    size = len(json.dumps(given).encode())
    if size > VARIABLES_BYTES:
        largest = max(given, key=lambda key: len(given[key].encode())).removeprefix(PREFIX).lower()
        raise ConfigError(
            f"settings: {largest}: too long; the environment of the function {function} would have {size} bytes, and "
            f"Lambda takes {VARIABLES_BYTES}; shorten it"
            + (" with patterns such as acme/*" if largest == "allowed_repositories" else "")
        )
