"""Settings and rules of a scan in AWS: always those of the default branch, so that a branch cannot weaken its own."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from oreva.cloud.commit import fetch_commit
from oreva.cloud.messages import ScanRequest
from oreva.cloud.services import Services
from oreva.config import CONFIG_NAME, MAX_BYTES, Config, config_from_text, find_config
from oreva.errors import ConfigError, RuleError
from oreva.rules.check import check_rules
from oreva.rules.load import LoadedRule, RuleSet, load_rules
from oreva.scanners.semgrep import SemgrepScanner
from oreva.sources.display import shown
from oreva.sources.plain_file import read_plain, why

RULES_CACHE = "oreva-rules"
"""Folder in the temporary directory of the function: parsed rules, for as long as it stays warm."""


@dataclass(frozen=True)
class Trusted:
    """Where settings and rules are read from."""

    repository: str
    root: Path
    """The tree of the default branch, unless there is a commit."""
    commit: str | None
    """Of the default branch on GitHub, for a scan of something else."""

    @classmethod
    def of(cls, request: ScanRequest, root: Path, services: Services) -> Trusted:
        """For a scan of the tree at `root`: itself if it is the default branch or an upload. Raises `SourceError`."""
        source = request.source
        if request.is_baseline:
            return cls(source.repository, root, None)
        return cls(source.repository, root, services.github.resolve(source.repository, source.default_branch).commit)


def read_config(trusted: Trusted, services: Services) -> Config:
    """The configuration of the default branch. Raises `ConfigError`, naming the line, if it is not valid."""
    if trusted.commit is None:
        try:
            path = find_config(trusted.root)
        except ConfigError as error:
            raise ConfigError(str(error).replace(f"{trusted.root}/", "")) from None
        if path is None:
            return Config()
        try:
            content = read_plain(str(path), MAX_BYTES + 1)
        except OSError as error:
            raise ConfigError(f"{CONFIG_NAME} cannot be read: {why(error)}; make it a regular file") from None
    else:
        fetched = services.github.read_file(trusted.repository, CONFIG_NAME, trusted.commit)
        if fetched is None:
            return Config()
        content = fetched
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{CONFIG_NAME}:{line}: not UTF-8; save the file as UTF-8") from None
    return config_from_text(text, CONFIG_NAME)


def read_rules(trusted: Trusted, config: Config, services: Services) -> RuleSet:
    """The active rules: Oreva's own, the team's in the image, and those that the configuration names.

    Raises `RuleError` if one of them cannot be used, `ConfigError` if a path leads out of the repository.
    """
    cache = Path(tempfile.gettempdir(), RULES_CACHE)
    team = [Path(services.settings.rules_dir)] if services.settings.rules_dir else []
    with _tree(trusted, config, services) as tree:
        try:
            rules = load_rules([*team, *_inside(tree, config)], builtin=config.builtin_rules, cache_dir=cache)
            if team or config.rules:  # Oreva's own have passed this check before they were published
                check_rules(rules, Path(SemgrepScanner(rules).program), cache_dir=cache)
        except RuleError as error:
            raise RuleError(str(error).replace(f"{tree.resolve()}/", "")) from None
        disabled = {rule.id for rule in config.disabled_rules}
        active = [_named(rule, tree) for rule in rules.rules if rule.rule.id not in disabled]
    return RuleSet(tuple(active))


def _named(rule: LoadedRule, tree: Path) -> LoadedRule:
    """The rule with its file as the repository calls it."""
    real = tree.resolve()
    return replace(rule, file=rule.file.relative_to(real)) if rule.file.is_relative_to(real) else rule


@contextlib.contextmanager
def _tree(trusted: Trusted, config: Config, services: Services) -> Iterator[Path]:
    """The tree of the default branch, as far as it is needed: if the configuration names rules."""
    if trusted.commit is None or not config.rules:
        yield trusted.root
        return
    with tempfile.TemporaryDirectory(prefix="oreva-default-") as folder:
        yield fetch_commit(trusted.repository, trusted.commit, Path(folder), services).root


def _inside(tree: Path, config: Config) -> list[Path]:
    """The paths of rules below the tree; the function's own files are none of a repository's business."""
    real = tree.resolve()
    paths = []
    for path in config.rules:
        name = shown(str(path))
        if path.is_absolute() or not (real / path).resolve().is_relative_to(real):
            raise ConfigError(f"{CONFIG_NAME}: rules: {name} leads out of the repository; name a path inside of it")
        if not (real / path).exists():
            raise ConfigError(f"{CONFIG_NAME}: rules: there is no {name} on the default branch; correct the path")
        paths.append(real / path)
    return paths
