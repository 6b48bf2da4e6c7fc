"""The settings of a scan: `.oreva.yml`, environment variables and flags, each overriding the one before."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails

from oreva.errors import ConfigError, UsageError
from oreva.models import Model, Severity
from oreva.scanners.base import SCANNERS, Limits, ScannerName
from oreva.sources.display import shown
from oreva.sources.ignore import parse_pattern
from oreva.sources.plain_file import read_plain, why
from oreva.triage.policy import TriagePolicy

if TYPE_CHECKING:
    from oreva.config_text import ConfigText, Location

CONFIG_NAME = ".oreva.yml"
MAX_BYTES = 1_000_000
"""A larger file is no configuration."""

_NOT_IN_FILES = "state_dir"  # a branch under review must not choose where on the disk is written


def _none_word(value: object) -> object:
    return None if value == "none" else value


def _usable_glob(glob: str) -> str:
    if parse_pattern(glob) is None:
        raise ValueError("a pattern in .gitignore syntax that can match something")
    return glob


def _usable_path(path: str) -> str:
    if not path.strip() or "\0" in path:
        raise ValueError("a path")
    return path


def _without_repeats(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


FailOn = Annotated[
    Severity | None,
    BeforeValidator(_none_word),
    WithJsonSchema({"enum": [*(severity.value for severity in Severity), "none"]}),
]
Glob = Annotated[str, AfterValidator(_usable_glob)]
RulesPath = Annotated[Path, BeforeValidator(lambda value: _usable_path(value) if isinstance(value, str) else value)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Seconds = Annotated[float, Field(strict=True, gt=0, le=86_400)]


class DisabledRule(Model):
    """A rule that is not run, and why."""

    id: Text = Field(description="Rule id, as reports show it")
    reason: Text = Field(description="Why it is not run here; shown in reports")


class AcceptedGap(Model):
    """A gap in coverage that does not fail the scan, and why."""

    path: Glob = Field(description="Files it holds for, in .gitignore syntax")
    scanner: Text | None = Field(default=None, description="Scanner it holds for; all of them if left out")
    reason: Text = Field(description="Why that may go unseen; shown in reports")


class TriageSettings(Model):
    """Who judges findings, and what a verdict may do."""

    mode: Literal["heuristic", "bedrock", "off"] = Field(default="heuristic", description="Who judges findings")
    policy: TriagePolicy = Field(default=TriagePolicy(), description="When a verdict may suppress a finding")
    model_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/-]{1,2048}$")] | None = Field(
        default=None, description="Bedrock model or inference profile; Oreva's default if left out"
    )
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}[a-z0-9-]{1,40}$")] | None = Field(
        default=None, description="AWS region of Bedrock; that of the environment if left out"
    )
    token_budget: Annotated[int, Field(strict=True, ge=0)] = Field(
        default=200_000, description="Tokens one scan may spend, on the severest findings first"
    )


class SuppressionSettings(Model):
    """What comments in the code may do."""

    in_source: Literal["honour", "ignore"] = Field(
        default="honour", description="Whether `nosec` and `nosemgrep` comments suppress what they stand beside"
    )


class Config(Model):
    """All settings of a scan."""

    fail_on: FailOn = Field(default=Severity.HIGH, description="Findings from this severity on fail the scan")
    scanners: Annotated[tuple[ScannerName, ...], Field(min_length=1), AfterValidator(_without_repeats)] = Field(
        default=SCANNERS, description="Scanners to run"
    )
    rules: tuple[RulesPath, ...] = Field(default=(), description="Rule files or folders, relative to this file")
    builtin_rules: bool = Field(default=True, description="Whether the rules that come with Oreva run")
    disabled_rules: tuple[DisabledRule, ...] = Field(default=(), description="Rules that are not run")
    exclude: tuple[Glob, ...] = Field(default=(), description="What not to scan, in .gitignore syntax")
    include: tuple[Glob, ...] = Field(
        default=(), description="What to scan although a convention (vendored, generated, ...) leaves it out"
    )
    accepted_gaps: tuple[AcceptedGap, ...] = Field(default=(), description="Gaps that do not fail the scan")
    jobs: Annotated[int, Field(strict=True, ge=1, le=1024)] | None = Field(
        default=None, description="Processes at the same time; the number of processors if left out"
    )
    timeout_s: Seconds = Field(default=Limits.timeout_s, description="Seconds for one rule on one file")
    batch_timeout_s: Seconds = Field(default=Limits.batch_timeout_s, description="Seconds for one scanner process")
    memory_mb: Annotated[int, Field(strict=True, ge=64)] = Field(
        default=Limits.memory_bytes // 1024**2, description="MiB of memory for one scanner process"
    )
    triage: TriageSettings = TriageSettings()
    suppressions: SuppressionSettings = SuppressionSettings()
    state_dir: Path | None = None
    """Where state is kept. Set by flag or environment only, never by a file."""

    @property
    def limits(self) -> Limits:
        """What one scanner process may use."""
        return Limits(
            timeout_s=self.timeout_s,
            batch_timeout_s=self.batch_timeout_s,
            memory_bytes=self.memory_mb * 1024**2,
        )

    def with_overrides(self, **flags: object) -> Config:
        """These settings with the flags of a command line over them.

        Args:
            flags: values by the name of a setting; None and empty sequences mean «not given». `triage` takes the mode.
                `exclude` adds to what is excluded already, everything else replaces.

        Raises:
            UsageError: a value is not valid; the message names the flag.
        """
        config = self
        for name, value in flags.items():
            if name not in Config.model_fields:
                raise TypeError(f"no setting is named {name}")
            if value is None or value in ((), []):
                continue
            try:
                config = _changed(config, name, value, add=name == "exclude")
            except ValidationError as error:
                raise UsageError(f"--{name.replace('_', '-')}: {_expectation(error.errors()[0])}") from None
        return config


def find_config(root: Path) -> Path | None:
    """The configuration file of the tree at `root`, or None.

    Raises `ConfigError` if there is one under a name that would be overlooked.
    """
    path = root / CONFIG_NAME
    if os.path.lexists(path):
        return path
    overlooked = path.with_suffix(".yaml")
    if os.path.lexists(overlooked):
        raise ConfigError(f"{_name(overlooked)} is not read under this name; rename it to {CONFIG_NAME}")
    return None


def load_config(path: Path | None, env: Mapping[str, str]) -> Config:
    """The settings of a file (None: of none) with those of the environment over them.

    Raises `ConfigError`, in one line with file and line or the name of the variable, if one of them is not valid.
    """
    return with_environment(Config() if path is None else _load_file(path), env)


def with_environment(config: Config, env: Mapping[str, str]) -> Config:
    """These settings with those of the environment (`OREVA_FAIL_ON`, ...) over them.

    Raises `ConfigError`, naming the variable, if one of them is not valid.
    """
    for variable, (name, value) in _settings_in(env).items():
        try:
            config = _changed(config, name, value)
        except ValidationError as error:
            raise ConfigError(f"{variable}: {_expectation(error.errors()[0])}") from None
    return config


def config_from_text(text: str, name: str, folder: Path | None = None) -> Config:
    """The settings in the text of a configuration file.

    Args:
        text: its content, which may be a stranger's.
        name: what messages call it.
        folder: what the paths in `rules` are relative to; they stay as written if it is None.

    Raises:
        ConfigError: `<name>:<line>: <what is wrong>; <what to do>`.
    """
    from oreva.config_text import ConfigTextError, read_config_text  # noqa: PLC0415 - YAML only where there is a file

    if len(text) > MAX_BYTES:
        raise _too_large(name)
    try:
        content = read_config_text(text)
    except ConfigTextError as error:
        where = name if error.line is None else f"{name}:{error.line}"
        raise ConfigError(f"{where}: {shown(error.reason)}") from None
    if _NOT_IN_FILES in content.values:
        line = content.lines[(_NOT_IN_FILES,)]
        raise ConfigError(f"{name}:{line}: {_NOT_IN_FILES} cannot be set here; use --state-dir or OREVA_STATE_DIR")
    try:
        config = Config.model_validate(content.values)
    except ValidationError as error:
        problems = [_problem(details, content) for details in _telling(error.errors())]
        line, reason = min(problems, key=lambda problem: problem[0])
        raise ConfigError(f"{name}:{line}: {reason}") from None
    if folder is not None and config.rules:
        config = _changed(config, "rules", tuple(folder / rules for rules in config.rules))
    return config


def to_schema() -> dict[str, object]:
    """The JSON Schema of `.oreva.yml`, for editors."""
    schema = Config.model_json_schema()
    del schema["properties"][_NOT_IN_FILES]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": CONFIG_NAME}


def _changed(config: Config, name: str, value: object, *, add: bool = False) -> Config:
    """A validated copy with one setting changed; raises `ValidationError`."""
    if name == "triage":
        value = {**{key: getattr(config.triage, key) for key in config.triage.model_fields_set}, "mode": value}
    elif add and isinstance(value, (list, tuple)):
        value = (*getattr(config, name), *value)
    return Config.model_validate({**{key: getattr(config, key) for key in config.model_fields_set}, name: value})


def _load_file(path: Path) -> Config:
    name = _name(path)
    try:
        content = read_plain(str(path), MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {why(error)}; make it a readable, regular file") from None
    if len(content) > MAX_BYTES:
        raise _too_large(name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{name}:{line}: not UTF-8; save the file as UTF-8") from None
    return config_from_text(text, name, path.parent)


def _too_large(name: str) -> ConfigError:
    return ConfigError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB; no configuration is, check the file")


def _name(path: Path) -> str:
    """The path as a message shows it: relative to the working directory if it lies below."""
    try:
        path = path.absolute().relative_to(Path.cwd())
    except (OSError, ValueError):
        return shown(str(path))
    return shown(str(path))


def _settings_in(env: Mapping[str, str]) -> dict[str, tuple[str, object]]:
    """Variable to setting and value, for the variables that are set to something."""
    jobs = env.get("OREVA_JOBS", "")
    raw: dict[str, tuple[str, object]] = {
        "OREVA_FAIL_ON": ("fail_on", env.get("OREVA_FAIL_ON", "")),
        "OREVA_JOBS": ("jobs", int(jobs) if jobs.isascii() and jobs.isdigit() and len(jobs) < 10 else jobs),
        "OREVA_STATE_DIR": ("state_dir", env.get("OREVA_STATE_DIR", "")),
        "OREVA_TRIAGE": ("triage", env.get("OREVA_TRIAGE", "")),
        "OREVA_RULES": ("rules", tuple(part for part in env.get("OREVA_RULES", "").split(os.pathsep) if part)),
    }
    return {variable: setting for variable, setting in raw.items() if setting[1] not in ("", ())}


def _telling(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without missing keys beside unknown ones, of which they are the consequence: the key is misspelt."""
    misspelt = {error["loc"][:-1] for error in errors if error["type"] == "extra_forbidden"}
    return [error for error in errors if error["type"] != "missing" or error["loc"][:-1] not in misspelt]


def _problem(details: ErrorDetails, content: ConfigText) -> tuple[int, str]:
    """Line and description of one mistake."""
    location: Location = details["loc"]
    while location and location not in content.lines:
        location = location[:-1]  # a missing key: the entry it is missing in
    line = content.lines.get(location, 1)
    if details["type"] == "extra_forbidden":
        key = str(details["loc"][-1])
        similar = difflib.get_close_matches(key, _keys_at(details["loc"][:-1]), n=1)
        advice = (
            f'did you mean "{similar[0]}"?' if similar else "remove it, or see the documentation for the known keys"
        )
        return line, f'unknown key "{shown(key, 60)}"; {advice}'
    if details["type"] == "missing":
        return line, f'{_dotted(details["loc"][:-1])}: the key "{details["loc"][-1]}" is missing; add it'
    return line, f"{_dotted(details['loc'])}: {_expectation(details)}"


def _dotted(location: Location) -> str:
    """A place as people write it: `accepted_gaps[0].path`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")


def _keys_at(location: Location) -> list[str]:
    """The keys that a file may set at this place."""
    model: type[BaseModel] = Config
    for part in location:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            candidates = (annotation, *get_args(annotation))
            model = next(kind for kind in candidates if isinstance(kind, type) and issubclass(kind, BaseModel))
    return [key for key in model.model_fields if key != _NOT_IN_FILES]


_EXPECTED = {
    "tuple_type": "a list",
    "model_type": "`key: value` lines",
    "string_type": "text (numbers in quotes)",
    "string_too_short": "some text",
    "too_short": "at least one entry",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "path_type": "a path",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_pattern_mismatch": "text of the form {pattern}",
}


def _expectation(details: ErrorDetails) -> str:
    """What was expected instead of what is there."""
    kind, context = details["type"], details.get("ctx", {})
    if kind in ("enum", "literal_error"):
        expected = "one of " + context["expected"].replace("'", "").replace(" or ", ", ")
        if details["loc"][-1] == "fail_on":
            expected += ", none"
    elif kind == "value_error":
        expected = str(context["error"])
    else:
        expected = _EXPECTED.get(kind, details["msg"]).format(**context)
    found = json.dumps(details["input"], ensure_ascii=False, default=str)
    return f"expected {expected}, not {shown(found, 60)}"
