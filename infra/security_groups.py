"""Who reaches what inside the network: one security group per function, with exactly the rules it needs."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.functions import FunctionName, isolated
from infra.permissions import ACCESS
from infra.prefix_lists import prefix_list
from infra.settings import Settings


class SecurityGroups(Construct):
    """The groups of the functions inside, and that of the endpoint of Bedrock if a model is asked."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings, vpc: ec2.Vpc) -> None:
        super().__init__(scope, construct_id)
        self._vpc = vpc
        s3 = prefix_list(self, "s3", settings.region, settings.s3_prefix_list)
        dynamodb = prefix_list(self, "dynamodb", settings.region, settings.dynamodb_prefix_list)
        self.of: dict[FunctionName, ec2.ISecurityGroup] = {}
        for name in isolated():
            rules = [_egress("Artifacts in S3", destination_prefix_list_id=s3)]
            if ACCESS[name].table:
                rules.append(_egress("Findings in DynamoDB", destination_prefix_list_id=dynamodb))
            if ACCESS[name].models and settings.models:
                # By address, not by group, since the two groups would need each other; nothing else listens in there.
                rules.append(_egress("Endpoint of Bedrock", cidr_ip=settings.vpc_cidr))
            self.of[name] = self._group(name, f"{settings.name}-{name}", egress=rules)
        self.bedrock = self._bedrock(settings) if settings.models else None

    def _bedrock(self, settings: Settings) -> ec2.ISecurityGroup:
        callers = [
            ec2.CfnSecurityGroup.IngressProperty(
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                source_security_group_id=group.security_group_id,
                description=f"{name} asks a model",
            )
            for name, group in self.of.items()
            if ACCESS[name].models
        ]
        return self._group("bedrock", f"{settings.name}: endpoint of Bedrock", ingress=callers)

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
            name,
            vpc_id=self._vpc.vpc_id,
            group_description=description,
            security_group_egress=list(egress) or [_NOWHERE],
            security_group_ingress=list(ingress) or None,
        )
        return ec2.SecurityGroup.from_security_group_id(self, f"made-{name}", made.attr_group_id, mutable=False)


def _egress(description: str, **destination: str) -> ec2.CfnSecurityGroup.EgressProperty:
    return ec2.CfnSecurityGroup.EgressProperty(
        ip_protocol="tcp", from_port=443, to_port=443, description=description, **destination
    )


_NOWHERE = ec2.CfnSecurityGroup.EgressProperty(
    ip_protocol="icmp", from_port=252, to_port=86, cidr_ip="255.255.255.255/32", description="No way out"
)
"""A group without a rule for traffic out gets one from EC2 that allows everything."""
