"""The settings of a deployment: CDK context (`-c key=value`) or a YAML file (`-c settings=deploy.yml`)."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from infra.functions import FUNCTIONS, FunctionName
from oreva.cloud.environment import Environment
from oreva.errors import ConfigError
from oreva.models import Model
from oreva.triage.bedrock_settings import BedrockSettings
from oreva.triage.budget import Price

FILE_KEY = "settings"
"""The context key that names the file."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
ImageUri = Annotated[
    str,
    StringConstraints(
        pattern=r"^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[a-z0-9._/-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$"
    ),
]
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""The retention times that CloudWatch Logs knows."""


def _same(name: str) -> Any:
    """The default that the functions have, so that it is written down once."""
    return Environment.model_fields[name].default


class Settings(Model):
    """What a deployment may choose. Everything has a default that works."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,23}$")] = Field(
        default="oreva", description="Name of the stack and prefix of everything in it"
    )
    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")] | None = Field(
        default=None, description="Account; that of the credentials if left out"
    )
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] | None = Field(
        default=None, description="Region; that of the credentials if left out"
    )
    protection: bool = Field(
        default=True, description="Refuse to delete the stack and the table, and keep data when the stack is deleted"
    )

    vpc: bool = Field(default=True, description="Run the analysing functions in a network without a way out")
    vpc_cidr: Text = Field(default="10.111.0.0/24", description="Addresses of that network")
    flow_logs: bool = Field(default=True, description="Log what the network refuses")
    availability_zones: tuple[Text, ...] = Field(default=(), description="Two of the region if left out")
    s3_prefix_list: Annotated[str, StringConstraints(pattern=r"^pl-[0-9a-f]+$")] | None = Field(
        default=None, description="Prefix list of S3 in the region, where Oreva does not know it"
    )
    dynamodb_prefix_list: Annotated[str, StringConstraints(pattern=r"^pl-[0-9a-f]+$")] | None = Field(
        default=None, description="Prefix list of DynamoDB in the region, where Oreva does not know it"
    )

    authorizer: Literal["iam", "jwt"] = Field(default="iam", description="Who may call the API")
    jwt_issuer: Text | None = Field(default=None, description="Issuer of the tokens, with authorizer jwt")
    jwt_audience: tuple[Text, ...] = Field(default=(), description="Audiences of the tokens, with authorizer jwt")
    requests_per_second: int = Field(default=50, ge=1, description="Throttling of the API")
    request_burst: int = Field(default=100, ge=1, description="Requests at once that the API takes")
    cors_origins: tuple[Text, ...] = Field(default=(), description="Origins whose pages may call the API and upload")

    github_api: Text = Field(default=_same("github_api"), description="Base URL of the GitHub API")
    allowed_repositories: tuple[Text, ...] = Field(
        default=(), description="Repositories that may be scanned, `owner/name` with * and ?; empty allows any"
    )
    report_url: str = Field(default="", description="Where a check links to; {scan_id} stands for the scan")
    team_rules: Path | None = Field(default=None, description="Folder of own rules, put into the scanner image")
    team_rules_in_image: bool = Field(
        default=False, description="scanner_image holds own rules, as a built one does with team_rules"
    )

    triage: Literal["heuristic", "bedrock", "off"] = Field(default=_same("triage"), description="Who judges findings")
    model_id: Text = Field(
        default=BedrockSettings.model_fields["model_id"].default, description="Model or inference profile, id or ARN"
    )
    second_model_id: Text | None = Field(default=None, description="Another model, for severe findings")
    embedding_model_id: Text | None = Field(default=None, description="Titan model that finds near-duplicates")
    token_budget: int = Field(default=_same("token_budget"), ge=0, description="Tokens one scan may spend")
    prices: Mapping[str, Price] = Field(default={}, description="Prices by model id")
    model_cost_per_day: Decimal = Field(
        default=Decimal(25), gt=0, description="USD a day above which an alarm goes off"
    )
    model_cost_per_scan: Decimal = Field(
        default=Decimal(1), gt=0, description="USD for a single scan above which an alarm goes off"
    )

    map_concurrency: int = Field(default=40, ge=1, le=1000, description="Scan functions of one scan at a time")
    triage_concurrency: int = Field(default=4, ge=1, le=40, description="Triage functions of one scan at a time")
    reserved_concurrency: Mapping[FunctionName, Annotated[int, Field(ge=0)]] = Field(
        default={}, description="Most runs at a time over all scans, by function; 0 stops it"
    )
    shard_files: int = Field(default=_same("shard_files"), ge=1, description="Most files in one shard")
    shard_bytes: int = Field(default=_same("shard_bytes"), ge=1, description="Most bytes in one shard")
    upload_bytes: int = Field(default=_same("upload_bytes"), ge=1, description="Largest archive that is taken")
    archive_files: int = Field(default=_same("archive_files"), ge=1, description="Most entries of an archive")
    archive_total_bytes: int = Field(
        default=_same("archive_total_bytes"), ge=1, description="Most bytes that an archive unpacks to"
    )
    archive_file_bytes: int = Field(
        default=_same("archive_file_bytes"), ge=1, description="Largest file of an archive; a larger one is a gap"
    )
    archive_ratio: int = Field(
        default=_same("archive_ratio"), ge=1, description="Most unpacked bytes for one byte of an archive"
    )
    archive_ratio_free_bytes: int = Field(
        default=_same("archive_ratio_free_bytes"), ge=0, description="Unpacked bytes up to which any ratio is fine"
    )
    timeout_s: float = Field(default=_same("timeout_s"), gt=0, description="Seconds for one rule on one file")
    batch_timeout_s: float = Field(
        default=_same("batch_timeout_s"), gt=0, le=840, description="Seconds for one scanner process"
    )
    memory_mb: int = Field(default=1_280, ge=64, le=4096, description="Memory of one scanner process")
    jobs: int = Field(default=_same("jobs"), ge=1, description="Scanner processes side by side in one Scan function")

    scan_function_mb: int = Field(
        default=FUNCTIONS["scan"].memory_mb,
        ge=1024,
        le=10_240,
        description="Memory of the Scan function; processors follow",
    )

    artifact_days: int = Field(default=90, ge=1, description="Days that the artifacts of a scan are kept")
    cache_days: int = Field(default=90, ge=1, description="Days that results are kept for later scans")
    event_days: int = Field(default=30, ge=0, description="Days that events are kept for replay; 0 keeps none")
    log_days: int = Field(default=90, description="Days that logs are kept")
    alarm_email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")] | None = Field(
        default=None, description="Who gets alarms by e-mail"
    )
    alarm_topic_arn: Annotated[str, StringConstraints(pattern=r"^arn:[\w-]+:sns:")] | None = Field(
        default=None, description="SNS topic for alarms instead of one of the stack's own"
    )

    scanner_image: ImageUri | None = Field(default=None, description="Image in ECR instead of a built one")
    control_image: ImageUri | None = Field(default=None, description="Image in ECR instead of a built one")

    @field_validator(
        "availability_zones",
        "jwt_audience",
        "cors_origins",
        "allowed_repositories",
        mode="before",
        json_schema_input_type=str,
    )
    @classmethod
    def _split(cls, value: object) -> object:
        """On the command line a list is one word with commas."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("prices", "reserved_concurrency", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        """On the command line a mapping is JSON."""
        return json.loads(value) if isinstance(value, str) else value

    @field_validator("log_days")
    @classmethod
    def _is_known(cls, value: int) -> int:
        if value not in LOG_DAYS:
            raise ValueError(f"CloudWatch keeps logs for {', '.join(map(str, LOG_DAYS))} days only")
        return value

    @field_validator("team_rules")
    @classmethod
    def _is_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError(f"{value} is not a folder")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.authorizer == "jwt" and not (self.jwt_issuer and self.jwt_audience):
            raise ValueError("authorizer jwt needs jwt_issuer and jwt_audience")
        if self.team_rules and self.scanner_image:
            raise ValueError(
                "team_rules go into an image that is built; bake them into yours and set team_rules_in_image"
            )
        if self.jobs * self.memory_mb > self.scan_function_mb:
            wanted = f"{self.jobs} jobs of memory_mb {self.memory_mb}"
            raise ValueError(f"{wanted} do not fit into scan_function_mb {self.scan_function_mb}")
        room = FUNCTIONS["fetch"].tmp_mb * 1024**2
        if self.upload_bytes + self.archive_total_bytes > room:
            raise ValueError(f"upload_bytes and archive_total_bytes together are more than the {room} that Fetch has")
        if self.alarm_email and self.alarm_topic_arn:
            raise ValueError("alarm_email subscribes to the stack's own topic; set it or alarm_topic_arn, not both")
        return self

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that Triage may call."""
        if self.triage != "bedrock":
            return ()
        return tuple(filter(None, (self.model_id, self.second_model_id, self.embedding_model_id)))

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The models without a price. One is enough to make the cost of a scan unknown."""
        return tuple(model for model in self.models if model not in self.prices)


def settings_from(context: Mapping[str, object]) -> Settings:
    """The settings in a CDK context. What is given with `-c` wins over the file.

    Keys with `:` or `/` belong to CDK and its feature flags and are left alone. Raises `ConfigError` that names the
    setting, what is wrong with it, and the name that was probably meant.
    """
    given = {key: value for key, value in context.items() if not set(key) & set(":/")}
    path = given.pop(FILE_KEY, None)
    origin = "context"
    if path is not None:
        origin = str(path)
        given = {**_read(Path(origin)), **given}
    for key in given:
        if key not in Settings.model_fields:
            near = difflib.get_close_matches(key, Settings.model_fields, n=1)
            hint = f"did you mean {near[0]}?" if near else "docs/operations.md lists them"
            raise ConfigError(f"{origin}: {key}: no such setting; {hint}")
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        reason = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{origin}: {name}: {reason}; correct it (docs/operations.md lists the settings)") from None


def _read(path: Path) -> dict[str, object]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); give another file with -c settings=") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not YAML ({' '.join(str(error).split())}); correct it") from error
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise ConfigError(f"{path}: not a mapping of settings to values; write lines like `triage: heuristic`")
    return content
