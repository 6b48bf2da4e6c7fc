"""Every rule of our own pack keeps the conventions and passes its own tests, in one run of Semgrep."""

from pathlib import Path

import pytest

from oreva.rules.lint import lint
from oreva.rules.load import builtin_rules_path, rule_files
from oreva.rules.testing import RuleTestResult, test_rules

PACK = builtin_rules_path()
FILES = [file.relative_to(PACK).as_posix() for file in rule_files(PACK)]


@pytest.fixture(scope="session")
def results(semgrep: Path) -> dict[str, RuleTestResult]:
    """How every rule did, by its file below the pack."""
    return {result.file.relative_to(PACK).as_posix(): result for result in test_rules([PACK], semgrep)}


@pytest.fixture(scope="session")
def problems() -> dict[str, list[str]]:
    """What lint says, by file below the pack and without suffix."""
    found: dict[str, list[str]] = {}
    for problem in lint([PACK], strict=True):
        found.setdefault(_stem(problem.file.relative_to(PACK).as_posix()), []).append(str(problem))
    return found


def _stem(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/{name.split('.', 1)[0]}"


def test_the_pack_is_there() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES)
def test_a_rule_keeps_the_conventions(file: str, problems: dict[str, list[str]]) -> None:
    assert problems.get(_stem(file), []) == []


@pytest.mark.parametrize("file", FILES)
def test_a_rule_passes_its_own_tests(file: str, results: dict[str, RuleTestResult]) -> None:
    result = results[file]
    assert result.error == ""
    assert [str(place) for place in result.missed] == []
    assert [str(place) for place in result.unexpected] == []
    assert result.passed


def test_every_file_in_the_pack_belongs_to_a_rule() -> None:
    stems = {_stem(file) for file in FILES}
    files = [path.relative_to(PACK).as_posix() for path in PACK.rglob("*") if path.is_file()]
    assert [file for file in files if "/" in file and _stem(file) not in stems] == []
