"""Settings of triage by a model on Amazon Bedrock, and the client made from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import Field

from oreva.errors import UsageError
from oreva.models import Model
from oreva.triage.budget import Price

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

DEFAULT_MODEL_ID = "global.anthropic.claude-sonnet-5"
"""Claude Sonnet 5 through its global inference profile: takes Converse and a forced tool, and can be called from every
commercial region. Where code must stay in one part of the world, set `us.…`, `eu.…` or another profile of it."""


class BedrockSettings(Model):
    """How Bedrock is asked. Everything has a default that works."""

    model_id: str = Field(default=DEFAULT_MODEL_ID, description="Model or inference profile, by id or ARN")
    second_model_id: str | None = Field(
        default=None, description="Another model, asked for a second opinion on severe findings"
    )
    region: str | None = Field(default=None, description="AWS region; that of the environment if left out")
    endpoint_url: str | None = Field(default=None, description="Another endpoint than the region's")
    token_budget: int = Field(default=200_000, ge=0, description="Tokens one scan may spend, input and output")
    max_output_tokens: int = Field(default=8_192, ge=256, description="Longest answer to one request")
    batch: int = Field(default=8, ge=1, le=20, description="Findings of one rule and file asked about at once")
    attempts: int = Field(default=5, ge=1, le=10, description="How often a throttled request is sent at most")
    give_up_after: int = Field(default=3, ge=1, description="Requests in a row that may fail before the rest is left")
    temperature: float | None = Field(default=None, ge=0, le=1, description="Only sent if set: newer models refuse it")
    guardrail: tuple[str, str] | None = Field(default=None, description="Identifier and version of a guardrail")
    connect_timeout_s: float = Field(default=5, gt=0)
    read_timeout_s: float = Field(default=120, gt=0)
    prices: Mapping[str, Price] = Field(default={}, description="By model id; without one the cost is unknown")
    likeness: float = Field(default=0.85, ge=0, le=1, description="Share of common token runs of near-duplicates")
    embedding_model_id: str | None = Field(
        default=None, description="Find near-duplicates by Titan embeddings of this model instead"
    )


def bedrock_client(settings: BedrockSettings) -> BedrockRuntimeClient:
    """The client for Converse and InvokeModel. It does not retry by itself: `converse.Conversation` does.

    Raises:
        UsageError: boto3 is not installed, or no region is known.
    """
    try:
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, NoRegionError  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("triage mode bedrock: boto3 is missing; install it with `pip install oreva[aws]`") from error
    config = Config(
        connect_timeout=settings.connect_timeout_s,
        read_timeout=settings.read_timeout_s,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    try:
        return boto3.session.Session().client(
            "bedrock-runtime", region_name=settings.region, endpoint_url=settings.endpoint_url, config=config
        )
    except NoRegionError as error:
        raise UsageError("triage mode bedrock: no AWS region is set; set triage.region or AWS_REGION") from error
    except (BotoCoreError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"triage mode bedrock: no client for Bedrock ({reason}); check the AWS settings") from error
