"""cdk-nag's AWS Solutions rules, and every exception to them with its reason.

An exception for a wildcard names the pattern that it stands for, so that a new wildcard is an error until somebody has
written down why it is there.
"""

from __future__ import annotations

from typing import NamedTuple

from aws_cdk import App, Aspects
from cdk_nag import AwsSolutionsChecks, NagPackSuppression, NagSuppressions, RegexAppliesTo
from constructs import IConstruct

from infra.stack import OrevaStack


class Wildcard(NamedTuple):
    """A wildcard in a policy: what it looks like (a regular expression), and why there is nothing narrower."""

    pattern: str
    reason: str


LOG_STREAMS = Wildcard(
    r"^Resource::arn:.*:log-group:/aws/lambda/[\w-]+:log-stream:\*$",
    "Lambda names the log streams; the log group is the function's own.",
)
ARTIFACTS = Wildcard(
    r"^Resource::<PersistenceArtifacts\w+\.Arn>/(scans|uploads|cache|trees)/.*$",
    "Keys hold ids of scans, uploads and repositories that do not exist yet; each function has only the prefixes and "
    "file names that it uses.",
)
INTERFACES = Wildcard(
    r"^Resource::\*$",
    "Lambda makes the network interfaces, and EC2 knows no resource for what does not exist yet; a Deny keeps the "
    "function's own code from using this right.",
)
MODELS = Wildcard(
    r"^Resource::arn:.*:bedrock:\*::foundation-model/[^*]+$",
    "An inference profile chooses the region of a request; a condition allows the model through that profile only.",
)
PROFILE_MODELS = Wildcard(
    r"^Resource::arn:.*:bedrock:\*::foundation-model/\*$",
    "Which model is behind an application inference profile is known to Bedrock alone; a condition allows calls "
    "through that profile only.",
)
CHILDREN = Wildcard(
    r"^Resource::arn:.*:execution:[\w-]+-pipeline(/ScanShards|/\*)?:\*$",
    "Step Functions names the child executions of the Distributed Map.",
)
SHARDS = Wildcard(
    r"^Resource::<PersistenceArtifacts\w+\.Arn>/scans/\*/shards\.json$", "The id of a scan is not known in advance."
)
OBSERVE = Wildcard(
    r"^Resource::\*$", "Log delivery and X-Ray take no resource; these are the actions that AWS documents for both."
)


def check(app: App, stack: OrevaStack) -> None:
    """Watch the stack while it is synthesized: a finding without a reason is an error."""
    for role in stack.compute.roles.values():
        _accept(role, LOG_STREAMS, ARTIFACTS, INTERFACES, MODELS, PROFILE_MODELS)
    _accept(stack.orchestration.role, CHILDREN, SHARDS, OBSERVE)
    _except(
        stack.persistence.bucket,
        "AwsSolutions-S1",
        "What is in the bucket expires, and every access is a data event of CloudTrail where the account records them; "
        "access logs would be one more place that names repositories.",
    )
    _except(
        stack.persistence.secret,
        "AwsSolutions-SMG4",
        "Both halves of the secret come from GitHub, which offers no rotation; docs/github.md says how to rotate.",
    )
    _except(
        stack.event_bus.undelivered,
        "AwsSolutions-SQS3",
        "It is the dead-letter queue of the rule that starts scans, and an alarm watches it.",
    )
    for route in stack.ingress.open_routes:
        _except(
            route,
            "AwsSolutions-APIG4",
            "GitHub cannot sign for AWS: its deliveries carry an HMAC that the function checks before anything else. "
            "A preflight request carries no credentials by definition, and API Gateway answers it by itself.",
        )
    if stack.network is not None and stack.network.refusals is None:
        _except(
            stack.network.vpc,
            "AwsSolutions-VPC7",
            "The setting flow_logs is off. No route leads out of this network, so they could show refusals only.",
        )
    Aspects.of(app).add(AwsSolutionsChecks(verbose=True))


def _accept(role: IConstruct, *wildcards: Wildcard) -> None:
    NagSuppressions.add_resource_suppressions(
        role,
        [
            NagPackSuppression(
                id="AwsSolutions-IAM5", reason=each.reason, applies_to=[RegexAppliesTo(regex=f"/{_escaped(each)}/")]
            )
            for each in wildcards
        ],
        apply_to_children=True,
    )


def _except(construct: IConstruct, rule: str, reason: str) -> None:
    NagSuppressions.add_resource_suppressions(
        construct, [NagPackSuppression(id=rule, reason=reason)], apply_to_children=True
    )


def _escaped(wildcard: Wildcard) -> str:
    """The pattern between the slashes of a regular expression literal."""
    return wildcard.pattern.replace("/", r"\/")
