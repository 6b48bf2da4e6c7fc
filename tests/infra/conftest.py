"""The synthesized template: made once, since starting CDK takes seconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import infra  # noqa: F401  (before aws_cdk: it chooses the Node.js that CDK runs on)

pytest.importorskip("aws_cdk", reason="the extra `infra` is not installed")

from infra.app import main
from tests.infra.cloudformation import ResolvedTemplate

Synthesize = Callable[..., ResolvedTemplate]
IMAGES = tuple(
    f"{image}_image={'1' * 12}.dkr.ecr.us-east-1.amazonaws.com/oreva/{image}@sha256:{'a' * 64}"
    for image in ("scanner", "control")
)
"""Images that need not be hashed, for templates in which they do not matter."""


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly with the default settings, as `python -m infra.app` writes it."""
    folder = tmp_path_factory.mktemp("assembly")
    assert main(["--output", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def template(assembly: Path) -> ResolvedTemplate:
    """The template with the default settings."""
    return ResolvedTemplate(read(assembly, "oreva"))


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """The template with other settings, given as on the command line; each combination is made once."""
    known: dict[tuple[str, ...], ResolvedTemplate] = {}

    def make(*settings: str, name: str = "oreva") -> ResolvedTemplate:
        if settings not in known:
            folder = tmp_path_factory.mktemp("assembly")
            context = [part for each in (*IMAGES, *settings) for part in ("-c", each)]
            assert main(["--output", str(folder), *context]) == 0
            known[settings] = ResolvedTemplate(read(folder, name))
        return known[settings]

    return make


def read(folder: Path, name: str) -> dict[str, Any]:
    """The template of a stack in an assembly."""
    content: dict[str, Any] = json.loads((folder / f"{name}.template.json").read_text(encoding="utf-8"))
    return content
