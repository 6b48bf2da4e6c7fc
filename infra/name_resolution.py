"""Which names can be resolved inside the network: a question for a name is a way out too, if anybody may be asked."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53resolver as resolver
from constructs import Construct

from infra.metrics import FIVE_MINUTES
from infra.settings import Settings


class NameResolution(Construct):
    """A DNS firewall that answers for the names of AWS's own services and for no other."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings, vpc: ec2.Vpc) -> None:
        super().__init__(scope, construct_id)
        lists = {
            name: resolver.CfnFirewallDomainList(self, name, name=f"{settings.name}-{name}", domains=domains)
            for name, domains in (("services", [f"*.{Stack.of(self).url_suffix}"]), ("everything", ["*"]))
        }
        rules = resolver.CfnFirewallRuleGroup(
            self,
            "Rules",
            name=settings.name,
            firewall_rules=[
                resolver.CfnFirewallRuleGroup.FirewallRuleProperty(
                    action="ALLOW", priority=1, firewall_domain_list_id=lists["services"].attr_id
                ),
                resolver.CfnFirewallRuleGroup.FirewallRuleProperty(
                    action="BLOCK",
                    block_response="NXDOMAIN",
                    priority=2,
                    firewall_domain_list_id=lists["everything"].attr_id,
                ),
            ],
        )
        resolver.CfnFirewallRuleGroupAssociation(
            self,
            "Association",
            name=settings.name,
            firewall_rule_group_id=rules.attr_id,
            vpc_id=vpc.vpc_id,
            priority=101,
        )
        # Flow logs do not show questions to Amazon's own name server, so the firewall's metric is what one can watch.
        self.refusals = cloudwatch.Metric(
            namespace="AWS/Route53Resolver",
            metric_name="FirewallRuleQueryVolume",
            dimensions_map={
                "FirewallRuleGroupId": rules.attr_id,
                "FirewallDomainListId": lists["everything"].attr_id,
            },
            statistic="Sum",
            period=FIVE_MINUTES,
        )
