"""Stages, sources and rules for scanner tests; the scanners themselves are the real ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from oreva.errors import SourceError
from oreva.rules.load import RuleSet, load_rules
from oreva.scanners.base import ScanResult, Stage
from oreva.scanners.staging import stage
from oreva.sources.base import SourceFile

EVAL_RULE = {
    "id": "team.python.code-injection.eval",
    "languages": ["python"],
    "severity": "HIGH",
    "message": "eval of $X",
    "pattern": "eval($X)",
    "metadata": {"cwe": ["CWE-95"], "confidence": "HIGH"},
}
GO_RULE = {
    "id": "team.go.command-injection.exec",
    "languages": ["go"],
    "severity": "MEDIUM",
    "message": "exec",
    "pattern": "exec.Command(...)",
}


class Files:
    """A source in memory."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = dict(contents)

    def read(self, path: str) -> bytes:
        try:
            return self.contents[path]
        except KeyError:
            raise SourceError(f"{path}: gone") from None

    def files(self) -> list[SourceFile]:
        return [SourceFile(path=path, size=len(content)) for path, content in sorted(self.contents.items())]


def outcomes(result: ScanResult) -> dict[str, str]:
    """Path to outcome under the one scanner."""
    return {entry.path: entry.outcome.value for entry in result.coverage}


@pytest.fixture
def make_stage(tmp_path: Path) -> Callable[[Mapping[str, bytes]], Stage]:
    def make(contents: Mapping[str, bytes]) -> Stage:
        staged, unread = stage(tmp_path / "stage", [(path, False) for path in contents], contents.__getitem__)
        assert not unread
        return staged

    return make


@pytest.fixture
def make_rules(tmp_path: Path) -> Callable[..., RuleSet]:
    def make(*rules: Mapping[str, object]) -> RuleSet:
        folder = tmp_path / "rules"
        folder.mkdir(exist_ok=True)
        (folder / "rules.json").write_text(json.dumps({"rules": list(rules)}))
        return load_rules([folder], builtin=False)

    return make
