"""cdk-nag's AWS Solutions rules, and each exception to them with its reason."""

from __future__ import annotations

from aws_cdk import App, Aspects
from cdk_nag import AwsSolutionsChecks

from infra.stack import OrevaStack


def check(app: App, stack: OrevaStack) -> None:
    """Watch the stack while it is synthesized: a finding without a reason is an error."""
    del stack
    Aspects.of(app).add(AwsSolutionsChecks(verbose=True))
