"""The state machine: its definition comes from `infra.state_machine`, its role may do just what that needs."""

from __future__ import annotations

import json

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.compute import Compute
from infra.functions import FunctionName
from infra.persistence import Persistence
from infra.retention import retention
from infra.settings import Settings
from infra.state_machine import definition

STAGES: tuple[FunctionName, ...] = ("fetch", "scan", "deduplicate", "triage", "report", "fail")
"""The functions that the state machine calls."""


class Orchestration(Construct):
    """State machine, role and log group."""

    def __init__(
        self, scope: Construct, construct_id: str, settings: Settings, *, compute: Compute, persistence: Persistence
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        name = f"{settings.name}-pipeline"
        self.machine_arn = f"arn:{stack.partition}:states:{stack.region}:{stack.account}:stateMachine:{name}"
        functions = {each: compute.functions[each].function_arn for each in STAGES}
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
            ),
            description=f"What the state machine {name} may do",
            inline_policies={
                "what-it-needs": iam.PolicyDocument(
                    statements=[
                        *self._run(list(functions.values())),
                        *self._read_shards(persistence),
                        *self._observe(),
                    ]
                )
            },
        )
        self.machine = sfn.StateMachine(
            self,
            "Pipeline",
            state_machine_name=name,
            state_machine_type=sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_string(
                json.dumps(  # not to_json_string of the stack: it drops every null, and a null means "discard" here
                    definition(
                        functions,
                        persistence.bucket.bucket_name,
                        map_concurrency=settings.map_concurrency,
                        triage_concurrency=settings.triage_concurrency,
                        partition=stack.partition,
                    )
                )
            ),
            role=self.role.without_policy_updates(),
            tracing_enabled=True,
            removal_policy=RemovalPolicy.DESTROY,
            logs=sfn.LogOptions(
                destination=logs.LogGroup(
                    self,
                    "Logs",
                    log_group_name=f"/aws/vendedlogs/states/{name}",
                    retention=retention(settings.log_days),
                    removal_policy=RemovalPolicy.DESTROY,
                ),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
        )

    def _run(self, functions: list[str]) -> list[iam.PolicyStatement]:
        """Call the functions, and start and follow the children of the Distributed Map."""
        children = self.machine_arn.replace(":stateMachine:", ":execution:")
        return [
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=functions),
            iam.PolicyStatement(actions=["states:StartExecution"], resources=[self.machine_arn]),
            iam.PolicyStatement(  # AWS documents the first form; executions of a map carry its label as well
                actions=["states:DescribeExecution", "states:StopExecution"],
                resources=[f"{children}:*", f"{children}/*:*"],
            ),
            iam.PolicyStatement(actions=["states:RedriveExecution"], resources=[f"{children}/ScanShards:*"]),
        ]

    def _read_shards(self, persistence: Persistence) -> list[iam.PolicyStatement]:
        stack = Stack.of(self)
        decrypt = iam.PolicyStatement(actions=["kms:Decrypt"], resources=[persistence.key.key_arn])
        decrypt.add_conditions({"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}})
        return [
            iam.PolicyStatement(
                actions=["s3:GetObject"], resources=[f"{persistence.bucket.bucket_arn}/scans/*/shards.json"]
            ),
            decrypt,
        ]

    def _observe(self) -> list[iam.PolicyStatement]:
        """Logs and traces; AWS offers no resource to limit these to."""
        return [
            iam.PolicyStatement(
                actions=[
                    "logs:CreateLogDelivery",
                    "logs:DeleteLogDelivery",
                    "logs:DescribeLogGroups",
                    "logs:DescribeResourcePolicies",
                    "logs:GetLogDelivery",
                    "logs:ListLogDeliveries",
                    "logs:PutResourcePolicy",
                    "logs:UpdateLogDelivery",
                ],
                resources=["*"],
            ),
            iam.PolicyStatement(
                actions=[
                    "xray:GetSamplingRules",
                    "xray:GetSamplingTargets",
                    "xray:PutTelemetryRecords",
                    "xray:PutTraceSegments",
                ],
                resources=["*"],
            ),
        ]
