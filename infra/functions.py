"""The Lambda functions as data: image, time, memory, place in the network, and the settings each of them gets."""

from __future__ import annotations

from typing import Literal, get_args

from oreva.models import Model

FunctionName = Literal["webhook", "api", "fetch", "scan", "deduplicate", "triage", "report", "fail"]
Image = Literal["scanner", "control"]

NAMES: tuple[FunctionName, ...] = get_args(FunctionName)


class FunctionSpec(Model):
    """One function: its handler is `handlers.<name>.handler`."""

    image: Image
    timeout_s: int
    memory_mb: int
    settings: tuple[str, ...]
    """Fields of `oreva.cloud.environment.Environment` that it reads."""
    tmp_mb: int = 512
    isolated: bool = False
    """Whether it runs in the subnets without a way out. The others talk to GitHub and to AWS's public endpoints."""
    purpose: str


FUNCTIONS: dict[FunctionName, FunctionSpec] = {
    "webhook": FunctionSpec(
        image="control",
        timeout_s=10,
        memory_mb=512,
        settings=("table", "bucket", "bus", "secret", "allowed_repositories", "github_api"),
        purpose="Verifies a delivery of GitHub and asks for a scan",
    ),
    "api": FunctionSpec(
        image="control",
        timeout_s=29,
        memory_mb=1024,
        settings=("table", "bucket", "bus", "secret", "github_api", "allowed_repositories", "upload_bytes"),
        purpose="Answers the HTTP API",
    ),
    "fetch": FunctionSpec(
        image="scanner",
        timeout_s=900,
        memory_mb=3008,
        tmp_mb=10240,
        settings=(
            "table",
            "bucket",
            "secret",
            "github_api",
            "shard_files",
            "shard_bytes",
            "upload_bytes",
            "archive_files",
            "archive_total_bytes",
            "archive_file_bytes",
            "archive_ratio",
            "archive_ratio_free_bytes",
            "rules_dir",
            "report_url",
        ),
        purpose="Fetches the code, takes known results from the cache, cuts shards",
    ),
    "scan": FunctionSpec(
        image="scanner",
        timeout_s=900,
        memory_mb=3008,
        isolated=True,
        settings=("timeout_s", "batch_timeout_s", "memory_mb", "jobs", "rules_dir"),
        purpose="Runs Semgrep and Bandit on one shard",
    ),
    "deduplicate": FunctionSpec(
        image="control",
        timeout_s=900,
        memory_mb=3008,
        isolated=True,
        settings=("table", "bucket"),
        purpose="Makes findings of detections and cuts triage batches",
    ),
    "triage": FunctionSpec(
        image="control",
        timeout_s=900,
        memory_mb=1024,
        isolated=True,
        settings=(
            "table",
            "bucket",
            "triage",
            "model_id",
            "second_model_id",
            "embedding_model_id",
            "token_budget",
            "prices",
        ),
        purpose="Asks a model on Bedrock about one batch of findings",
    ),
    "report": FunctionSpec(
        image="control",
        timeout_s=900,
        memory_mb=3008,
        settings=("table", "bucket", "bus", "secret", "github_api", "report_url"),
        purpose="Writes findings, reports, the check and the events",
    ),
    "fail": FunctionSpec(
        image="control",
        timeout_s=60,
        memory_mb=512,
        settings=("table", "bucket", "bus", "secret", "github_api", "report_url"),
        purpose="Marks a scan as failed",
    ),
}


def isolated() -> tuple[FunctionName, ...]:
    """The functions that run in the network without a way out."""
    return tuple(name for name, spec in FUNCTIONS.items() if spec.isolated)
