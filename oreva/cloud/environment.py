"""The settings of the functions: environment variables, checked once when a function starts."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from oreva.errors import ConfigError
from oreva.models import Model
from oreva.sources.unpacking import ArchiveLimits

PREFIX = "OREVA_"

Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Environment(Model):
    """Every setting that a function may have, named as its variable without `OREVA_`. A function has those it needs."""

    table: Name | None = Field(default=None, description="DynamoDB table of the findings")
    bucket: Name | None = Field(default=None, description="S3 bucket of the artifacts")
    bus: Name | None = Field(default=None, description="EventBridge bus")
    secret: Name | None = Field(default=None, description="Secret with the GitHub credentials, by name or ARN")
    github_api: Name = Field(default="https://api.github.com", description="Base URL of the GitHub API")
    allowed_repositories: tuple[str, ...] = Field(
        default=(), description="Repositories that may be scanned, `owner/name` with * and ?; empty allows any"
    )
    triage: Literal["heuristic", "bedrock", "off"] = Field(default="bedrock", description="Who judges findings")
    model_id: Name | None = Field(default=None, description="Bedrock model or inference profile")
    second_model_id: Name | None = Field(default=None, description="Another model, for severe findings")
    embedding_model_id: Name | None = Field(default=None, description="Titan model that finds near-duplicates")
    token_budget: int = Field(default=200_000, ge=0, description="Tokens one scan may spend")
    prices: str = Field(default="", description="Prices by model id, as JSON")
    shard_files: int = Field(default=400, ge=1, description="Most files in one shard")
    shard_bytes: int = Field(default=8 * 1024**2, ge=1, description="Most bytes in one shard")
    upload_bytes: int = Field(default=512 * 1024**2, ge=1, description="Largest archive that is taken")
    archive_files: int = Field(default=ArchiveLimits.files, ge=1, description="Most entries of an archive")
    archive_total_bytes: int = Field(
        default=ArchiveLimits.total_bytes, ge=1, description="Most bytes that an archive unpacks to"
    )
    archive_file_bytes: int = Field(
        default=ArchiveLimits.file_bytes, ge=1, description="Largest file of an archive; a larger one is a gap"
    )
    archive_ratio: int = Field(
        default=ArchiveLimits.ratio, ge=1, description="Most unpacked bytes for one byte of an archive"
    )
    archive_ratio_free_bytes: int = Field(
        default=ArchiveLimits.ratio_free_bytes, ge=0, description="Unpacked bytes up to which any ratio is fine"
    )
    timeout_s: float = Field(default=30, gt=0, description="Seconds for one rule on one file")
    batch_timeout_s: float = Field(default=600, gt=0, description="Seconds for one scanner process")
    memory_mb: int = Field(default=1_280, ge=64, description="Memory of one scanner process")
    jobs: int = Field(default=2, ge=1, description="Scanner processes side by side")
    rules_dir: Name | None = Field(default=None, description="Folder of the team's own rules in the image")
    report_url: str = Field(default="", description="Where a check links to; {scan_id} stands for the scan")

    @property
    def archive_limits(self) -> ArchiveLimits:
        """What one archive may take."""
        return ArchiveLimits(
            archive_bytes=self.upload_bytes,
            files=self.archive_files,
            total_bytes=self.archive_total_bytes,
            file_bytes=self.archive_file_bytes,
            ratio=self.archive_ratio,
            ratio_free_bytes=self.archive_ratio_free_bytes,
        )

    def allows(self, repository: str) -> bool:
        """Whether a repository (`owner/name`) may be scanned."""
        name = repository.lower()
        return not self.allowed_repositories or any(
            fnmatch.fnmatchcase(name, pattern.lower()) for pattern in self.allowed_repositories
        )

    def need(self, *names: str) -> Environment:
        """Itself, if these settings are there. Raises `ConfigError` that names the missing variables."""
        missing = [PREFIX + name.upper() for name in names if not getattr(self, name)]
        if missing:
            raise ConfigError(f"environment: {', '.join(missing)} not set; deploy the stack again")
        return self


def environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The settings in the environment. Raises `ConfigError` that names the variable and what is wrong with it."""
    source = os.environ if variables is None else variables
    values: dict[str, object] = {}
    for name in Environment.model_fields:
        text = source.get(PREFIX + name.upper(), "").strip()
        if text:
            values[name] = tuple(part.strip() for part in text.split(",") if part.strip()) if name in _LISTS else text
    try:
        return Environment.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        variable = PREFIX + str(first["loc"][0]).upper()
        raise ConfigError(f"environment: {variable}: {first['msg']}; correct the setting and deploy again") from error


_LISTS = frozenset({"allowed_repositories"})
