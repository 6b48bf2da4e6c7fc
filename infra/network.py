"""A network without a way out: two isolated subnets, and endpoints for exactly what the functions inside need."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import CfnMapping, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.functions import FunctionName, isolated
from infra.permissions import ACCESS
from infra.persistence import Persistence
from infra.prefix_lists import PREFIX_LISTS
from infra.retention import retention
from infra.settings import Settings
from oreva.errors import ConfigError


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
        self.logged = settings.flow_logs
        if settings.flow_logs:
            self._log_refusals()
        self.s3 = self._gateway("S3", ec2.GatewayVpcEndpointAwsService.S3, persistence.bucket.bucket_arn, "s3:*")
        self.dynamodb = self._gateway(
            "DynamoDb", ec2.GatewayVpcEndpointAwsService.DYNAMODB, persistence.table.table_arn, "dynamodb:*"
        )
        s3_list = self._prefix_list("s3", settings.s3_prefix_list)
        dynamodb_list = self._prefix_list("dynamodb", settings.dynamodb_prefix_list)
        self.groups: dict[FunctionName, ec2.ISecurityGroup] = {}
        for name in isolated():
            rules = [_egress("Artifacts in S3", destination_prefix_list_id=s3_list)]
            if ACCESS[name].table:
                rules.append(_egress("Findings in DynamoDB", destination_prefix_list_id=dynamodb_list))
            if ACCESS[name].models and model_statements:
                # By address, not by group, since the two groups would need each other; nothing else listens in there.
                rules.append(_egress("Endpoint of Bedrock", cidr_ip=settings.vpc_cidr))
            self.groups[name] = self._group(name, f"{settings.name}-{name}", egress=rules)
        if model_statements:
            self._bedrock(model_statements)

    def _bedrock(self, statements: Sequence[iam.PolicyStatement]) -> None:
        callers = [
            ec2.CfnSecurityGroup.IngressProperty(
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                source_security_group_id=self.groups[name].security_group_id,
                description=f"{name} asks a model",
            )
            for name in isolated()
            if ACCESS[name].models
        ]
        group = self._group("bedrock", f"{self._settings.name}: endpoint of Bedrock", ingress=callers)
        self.bedrock = self.vpc.add_interface_endpoint(
            "Bedrock",
            service=ec2.InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME,
            security_groups=[group],
            open=False,
            private_dns_enabled=True,
        )
        for statement in statements:
            self.bedrock.add_to_policy(_for_this_account(statement, Stack.of(self).account))

    def _gateway(
        self, name: str, service: ec2.GatewayVpcEndpointAwsService, arn: str, actions: str
    ) -> ec2.GatewayVpcEndpoint:
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
        return endpoint

    def _group(
        self,
        name: str,
        description: str,
        *,
        egress: Sequence[ec2.CfnSecurityGroup.EgressProperty] = (),
        ingress: Sequence[ec2.CfnSecurityGroup.IngressProperty] = (),
    ) -> ec2.ISecurityGroup:
        """A group with exactly these rules."""
        made = ec2.CfnSecurityGroup(
            self,
            f"Group-{name}",
            vpc_id=self.vpc.vpc_id,
            group_description=description,
            security_group_egress=list(egress) or [_NOWHERE],
            security_group_ingress=list(ingress) or None,
        )
        return ec2.SecurityGroup.from_security_group_id(self, f"Made-{name}", made.attr_group_id, mutable=False)

    def _prefix_list(self, service: str, given: str | None) -> str:
        """The list of the addresses of a service in the region."""
        if given:
            return given
        region = self._settings.region
        if region is None:
            ids = {each: {"Id": lists[service]} for each, lists in PREFIX_LISTS.items()}
            return CfnMapping(self, f"PrefixLists-{service}", mapping=ids, lazy=True).find_in_map(
                Stack.of(self).region, "Id"
            )
        if region not in PREFIX_LISTS:
            raise ConfigError(
                f"{service}_prefix_list: not known for {region}; find it with `aws ec2 describe-managed-prefix-lists "
                f"--region {region} --filters Name=prefix-list-name,Values=com.amazonaws.{region}.{service}`, or set "
                "vpc=false"
            )
        return PREFIX_LISTS[region][service]

    def _log_refusals(self) -> None:
        """Whatever tries to get out and is refused leaves a trace."""
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


def _egress(description: str, **destination: str) -> ec2.CfnSecurityGroup.EgressProperty:
    return ec2.CfnSecurityGroup.EgressProperty(
        ip_protocol="tcp", from_port=443, to_port=443, description=description, **destination
    )


_NOWHERE = ec2.CfnSecurityGroup.EgressProperty(
    ip_protocol="icmp", from_port=252, to_port=86, cidr_ip="255.255.255.255/32", description="No way out"
)
"""A group without a rule for traffic out gets one from EC2 that allows everything."""


def _for_this_account(statement: iam.PolicyStatement, account: str) -> iam.PolicyStatement:
    """A statement of a role as one of an endpoint."""
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()],
        actions=statement.actions,
        resources=statement.resources,
        conditions={"StringEquals": {"aws:PrincipalAccount": account}},
    )
