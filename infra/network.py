"""A network without a way out: two isolated subnets, and endpoints for exactly what the functions inside need."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.metrics import FIVE_MINUTES
from infra.name_resolution import NameResolution
from infra.persistence import Persistence
from infra.retention import retention
from infra.security_groups import SecurityGroups
from infra.settings import Settings


class Network(Construct):
    """No internet gateway and no NAT exist, so even a security group opened by mistake leads nowhere."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        settings: Settings,
        persistence: Persistence,
        model_statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, construct_id)
        self._settings = settings
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            vpc_name=settings.name,
            ip_addresses=ec2.IpAddresses.cidr(settings.vpc_cidr),
            max_azs=2,
            nat_gateways=0,
            create_internet_gateway=False,
            restrict_default_security_group=False,  # would need a function of its own with rights on EC2
            subnet_configuration=[
                ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=26)
            ],
        )
        self.refusals = self._log_refusals() if settings.flow_logs else None
        self._gateway("S3", ec2.GatewayVpcEndpointAwsService.S3, persistence.bucket.bucket_arn, "s3:*")
        self._gateway("DynamoDb", ec2.GatewayVpcEndpointAwsService.DYNAMODB, persistence.table.table_arn, "dynamodb:*")
        self.refused_names = NameResolution(self, "Names", settings, self.vpc).refusals
        groups = SecurityGroups(self, "Groups", settings, self.vpc)
        self.groups = groups.of
        if groups.bedrock:
            self._bedrock(groups.bedrock, model_statements)

    def _bedrock(self, group: ec2.ISecurityGroup, statements: Sequence[iam.PolicyStatement]) -> None:
        """An endpoint that answers to its callers' group only, and about the configured models only."""
        endpoint = self.vpc.add_interface_endpoint(
            "Bedrock",
            service=ec2.InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME,
            security_groups=[group],
            open=False,
            private_dns_enabled=True,
        )
        for statement in statements:
            endpoint.add_to_policy(_for_this_account(statement, Stack.of(self).account))

    def _gateway(self, name: str, service: ec2.GatewayVpcEndpointAwsService, arn: str, actions: str) -> None:
        """An endpoint through which only our own bucket or table can be reached, so that nothing is carried out."""
        endpoint = self.vpc.add_gateway_endpoint(name, service=service)
        endpoint.add_to_policy(
            iam.PolicyStatement(
                principals=[iam.AnyPrincipal()],
                actions=[actions],
                resources=[arn, f"{arn}/*"],
                conditions={"StringEquals": {"aws:PrincipalAccount": Stack.of(self).account}},
            )
        )

    def _log_refusals(self) -> cloudwatch.Metric:
        """Whatever tries to get out and is refused leaves a trace, and is counted: nothing in here has a reason to."""
        group = logs.LogGroup(
            self,
            "Refused",
            log_group_name=f"/{self._settings.name}/network/refused",
            retention=retention(self._settings.log_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.vpc.add_flow_log(
            "RefusedTraffic",
            traffic_type=ec2.FlowLogTrafficType.REJECT,
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group),
        )
        return group.add_metric_filter(
            "Refusals",
            filter_name=f"{self._settings.name}-refused",
            filter_pattern=logs.FilterPattern.literal("REJECT"),
            metric_namespace="Oreva/Network",
            metric_name=f"{self._settings.name}-refused",
        ).metric(statistic="Sum", period=FIVE_MINUTES)


def _for_this_account(statement: iam.PolicyStatement, account: str) -> iam.PolicyStatement:
    """A statement of a role as one of an endpoint."""
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()],
        actions=statement.actions,
        resources=statement.resources,
        conditions={"StringEquals": {"aws:PrincipalAccount": account}},
    )
