"""What is said about the licences of others holds for what is installed: labels of the images, and NOTICE."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LABEL = re.compile(r"^FROM scratch AS (\w+)$.*?image\.licenses=\"(.+?)\"", re.DOTALL | re.MULTILINE)
LABELS = dict(LABEL.findall((ROOT / "Dockerfile").read_text(encoding="utf-8")))
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")


def licences(image: str) -> dict[str, str]:
    """Package to SPDX expression, for the packages of an image that are installed here and state one."""
    found = {}
    for line in (ROOT / "images" / image / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if pinned := re.match(r"([\w.-]+)==", line):
            try:
                expression = metadata(pinned[1]).get("License-Expression")
            except PackageNotFoundError:  # of another platform
                continue
            if expression:
                found[pinned[1]] = expression
    return found


@pytest.mark.parametrize("image", ["scanner", "control"])
def test_the_label_of_an_image_names_every_licence_in_it(image: str) -> None:
    named = set(LABELS[image].split(" AND "))
    stated = licences(image)
    assert len(stated) > 10
    open_ = {
        package: expression
        for package, expression in stated.items()
        if not any(set(choice.strip("()").split(" AND ")) <= named for choice in expression.split(" OR "))
    }
    assert open_ == {}


def test_the_image_with_semgrep_names_its_licence() -> None:
    assert licences("scanner")["semgrep"] in LABELS["scanner"].split(" AND ")


@pytest.mark.parametrize("program", ["semgrep", "bandit"])
def test_the_notice_names_the_scanners_with_their_licences(program: str) -> None:
    row = next(line for line in NOTICE.splitlines() if line.strip().lower().startswith(program))
    stated = metadata(program)
    assert row.split()[1] == (stated.get("License-Expression") or stated.get("License"))


@pytest.mark.parametrize("image", ["scanner", "control"])
def test_the_notice_names_every_licence_of_the_labels(image: str) -> None:
    for licence in LABELS[image].split(" AND "):
        assert licence in NOTICE
