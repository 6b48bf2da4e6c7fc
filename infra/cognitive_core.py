"""The models on Bedrock: what Triage may call, and the settings it is told."""

from __future__ import annotations

import json

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.settings import Settings

_GEOGRAPHIES = ("us", "us-gov", "eu", "apac", "jp", "au", "ca", "sa", "global")
"""Prefixes of the inference profiles that AWS defines; the rest of such an id names the model."""


class CognitiveCore(Construct):
    """Statements that let a role call exactly the configured models."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self._stack = Stack.of(self)
        self.models = settings.models
        self.statements = [each for model in self.models for each in self._statements(model)]
        self.prices = json.dumps(
            {model: price.model_dump(mode="json") for model, price in sorted(settings.prices.items())}
        )

    def _statements(self, model: str) -> list[iam.PolicyStatement]:
        """For an inference profile two: the profile itself, and the model behind it, through that profile only."""
        if model.startswith("arn:"):
            if ":foundation-model/" in model:
                return [_invoke(model)]
            if "profile/" not in model:  # a model with provisioned throughput or of one's own
                return [_invoke(model)]
            return [_invoke(model), *self._through(model, model.rpartition("/")[2])]
        geography, _, behind = model.partition(".")
        if geography not in _GEOGRAPHIES or "." not in behind:
            return [_invoke(self._arn(self._stack.region, "", f"foundation-model/{model}"))]
        profile = self._arn(self._stack.region, self._stack.account, f"inference-profile/{model}")
        return [_invoke(profile), *self._through(profile, model)]

    def _through(self, profile: str, model: str) -> list[iam.PolicyStatement]:
        """The model in whatever region the profile sends a request to."""
        geography, _, behind = model.partition(".")
        name = behind if geography in _GEOGRAPHIES and "." in behind else "*"
        statement = _invoke(self._arn("*", "", f"foundation-model/{name}"))
        statement.add_conditions({"StringEquals": {"bedrock:InferenceProfileArn": profile}})
        return [statement]

    def _arn(self, region: str, account: str, resource: str) -> str:
        return f"arn:{self._stack.partition}:bedrock:{region}:{account}:{resource}"


def _invoke(resource: str) -> iam.PolicyStatement:
    """Converse and InvokeModel are one permission."""
    return iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[resource])
