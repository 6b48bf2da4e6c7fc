"""The two container images: built from the Dockerfile, or taken from ECR as they are."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as assets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.functions import FunctionName, Image
from infra.settings import Settings
from oreva._version import __version__
from oreva.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
TEAM_RULES = "team-rules"
"""The team's own rules, in the build context and in the image's working directory."""
NO_TEAM_RULES = "images/scanner/team-rules"
"""What the Dockerfile takes where there are none."""
RULES_DIR = f"/opt/oreva/{TEAM_RULES}"

_CONTENT = ("Dockerfile", ".dockerignore", "images", "oreva", "handlers", "rules", "requirements")


class Images(Construct):
    """The images; `code` gives the one of a function. Synthesis hashes the build context and needs no Docker."""

    def __init__(self, scope: Construct, construct_id: str, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        given: dict[Image, str | None] = {"scanner": settings.scanner_image, "control": settings.control_image}
        self._sources: dict[Image, tuple[ecr.IRepository, str]] = {}
        with tempfile.TemporaryDirectory(prefix="oreva-context-") as folder:
            context = Path(folder)
            if not all(given.values()):
                _assemble(context, settings.team_rules)
            for image, uri in given.items():
                self._sources[image] = self._stored(image, uri) if uri else self._built(image, context, settings)

    def code(self, image: Image, function: FunctionName) -> lambda_.DockerImageCode:
        """The code of one function: its image, started with its handler."""
        repository, tag = self._sources[image]
        return lambda_.DockerImageCode.from_ecr(repository, tag_or_digest=tag, cmd=[f"handlers.{function}.handler"])

    def _built(self, image: Image, context: Path, settings: Settings) -> tuple[ecr.IRepository, str]:
        asset = assets.DockerImageAsset(
            self,
            image,
            asset_name=f"{settings.name}-{image}",
            display_name=f"{settings.name} {image} image",
            directory=str(context),
            target=image,
            platform=assets.Platform.LINUX_AMD64,
            build_args={"VERSION": __version__} | (_rules_of(context, settings) if image == "scanner" else {}),
        )
        return asset.repository, asset.image_tag

    def _stored(self, image: Image, uri: str) -> tuple[ecr.IRepository, str]:
        """An image by its URI, whose form the settings have checked."""
        host, _, path = uri.partition("/")
        account, _, _, region = host.split(".")[:4]
        name, _, tag = path.partition("@") if "@" in path else path.partition(":")
        arn = f"arn:{Stack.of(self).partition}:ecr:{region}:{account}:repository/{name}"
        repository = ecr.Repository.from_repository_attributes(self, image, repository_arn=arn, repository_name=name)
        return repository, tag


def _rules_of(context: Path, settings: Settings) -> dict[str, str]:
    """What the build of the scanner image is told of its rules; it stops if their digest is another one there.

    Raises `ConfigError` if a rule cannot be read.
    """
    folder = context / (TEAM_RULES if settings.team_rules else NO_TEAM_RULES)
    done = subprocess.run(
        [sys.executable, str(ROOT / "images" / "ruleset"), str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ConfigError(f"team_rules: {done.stderr.strip().replace(str(folder), str(settings.team_rules))}")
    return {"RULESET_DIGEST": done.stdout.strip()} | ({"TEAM_RULES": TEAM_RULES} if settings.team_rules else {})


def _assemble(context: Path, team_rules: Path | None) -> None:
    """Copy what the images are made of, so that nothing else is read, hashed or sent to a builder."""
    skip = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in _CONTENT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, context / name, ignore=skip)
        else:
            shutil.copy2(source, context / name)
    if team_rules:
        shutil.copytree(team_rules, context / TEAM_RULES, ignore=skip)
