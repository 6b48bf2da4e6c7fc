"""Testing rules on the targets beside them, all rules in one run of Semgrep.

The test targets of `<stem>.yaml` are the files `<stem>.<anything>` in its folder that are no rule files (Markdown is
documentation, `<stem>.fixed.*` is the expected result of an automatic fix). See `annotations` for what they say.
"""

from __future__ import annotations

import fnmatch
import glob
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oreva.errors import RuleError
from oreva.rules.annotations import Annotations, Expectations, read_annotations
from oreva.rules.definition import canonical_json
from oreva.rules.engine import EngineError, run_semgrep
from oreva.rules.load import LoadedRule, RuleSet, is_rule_file, load_rules
from oreva.rules.problems import printable


@dataclass(frozen=True)
class Place:
    """A line of a test target."""

    file: Path
    line: int
    """1-based."""

    def __str__(self) -> str:
        return f"{printable(str(self.file))}:{self.line}"


@dataclass(frozen=True)
class RuleTestResult:
    """How one rule did on its test targets."""

    rule_id: str
    file: Path
    """The rule's own file."""
    passed: bool
    missed: tuple[Place, ...] = ()
    """Lines that had to be reported and were not."""
    unexpected: tuple[Place, ...] = ()
    """Lines that were reported and had not to be."""
    error: str = ""
    """Why the rule could not be tested: no target, a target that does not parse, a pattern that does not."""
    positives: int = 0
    """How many lines its targets mark with `ruleid`."""
    negatives: int = 0
    """How many lines its targets mark with `ok`."""


def test_rules(paths: Sequence[Path], semgrep: Path, only: str | None = None) -> list[RuleTestResult]:  # noqa: PT028
    """Test the rules at or below `paths` (of those, the ones that `only` selects), one result per rule, by id.

    `only` is an id, its last part, or a pattern of ids such as `acme.python.*`.

    Raises `RuleError` if a rule file cannot be used or `only` selects none, `ScannerError` if Semgrep cannot run.
    """
    everything = load_rules(paths, builtin=False)
    chosen = _select(everything, only)
    with tempfile.TemporaryDirectory(prefix="oreva-rule-tests-") as folder:
        targets = _stage(everything, chosen, Path(folder).resolve())
        output = run_semgrep(semgrep, without_paths(chosen.rules), Path(folder).resolve())
    reported: dict[tuple[str, str], set[int]] = defaultdict(set)
    for match in output.results:
        reported[match.check_id, match.path].add(match.start.line)
    return [_judge(loaded, targets[loaded.file], reported, output.errors) for loaded in chosen.rules]


test_rules.__test__ = False  # type: ignore[attr-defined]  # pytest must not take it for a test


def targets_of(rule_file: Path) -> Iterator[Path]:
    """The test targets of one rule file, sorted."""
    stem = rule_file.name.split(".", 1)[0]
    for candidate in sorted(rule_file.parent.glob(f"{glob.escape(stem)}.*")):
        is_target = candidate != rule_file and candidate.suffix != ".md" and ".fixed" not in candidate.suffixes
        if is_target and not is_rule_file(candidate) and candidate.is_file():
            yield candidate


def read_target(target: Path) -> str:
    """The text of a test target. Raises `RuleError` if it cannot be read."""
    try:
        return target.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise RuleError(f"{printable(str(target))}: {error.strerror}; make the test target readable") from None


def without_paths(rules: Sequence[LoadedRule]) -> bytes:
    """The rules for Semgrep without `paths`: test targets lie elsewhere than the code that a rule is meant for."""
    return canonical_json({"rules": [{k: v for k, v in loaded.definition.items() if k != "paths"} for loaded in rules]})


@dataclass(frozen=True)
class _Target:
    """A test target, its copy in the stage, and what it says about the rules of its rule file."""

    file: Path
    staged: str
    annotations: Annotations


def _select(ruleset: RuleSet, only: str | None) -> RuleSet:
    if only is None:
        return ruleset
    chosen = [
        rule_id for rule_id in ruleset.by_id if fnmatch.fnmatchcase(rule_id, only) or rule_id.endswith(f".{only}")
    ]
    if not chosen:
        raise RuleError(f"{printable(only)}: no such rule; list the ids with `oreva rules list`")
    return ruleset.only(chosen)


def _stage(everything: RuleSet, chosen: RuleSet, folder: Path) -> dict[Path, list[_Target]]:
    """Copy the targets of the chosen rules into the stage, each into a folder of its own; by rule file."""
    ids: dict[Path, set[str]] = defaultdict(set)
    for loaded in everything.rules:
        ids[loaded.file].add(loaded.rule.id)
    staged: dict[Path, list[_Target]] = {}
    for number, rule_file in enumerate(dict.fromkeys(loaded.file for loaded in chosen.rules)):
        place = folder / str(number)
        place.mkdir()
        staged[rule_file] = []
        for file in targets_of(rule_file):
            text = read_target(file)
            copy = str(shutil.copyfile(file, place / file.name))
            staged[rule_file].append(_Target(file, copy, read_annotations(text, ids[rule_file])))
    return staged


def _judge(
    loaded: LoadedRule,
    targets: Sequence[_Target],
    reported: Mapping[tuple[str, str], Collection[int]],
    errors: Sequence[EngineError],
) -> RuleTestResult:
    rule_id = loaded.rule.id
    missed: list[Place] = []
    unexpected: list[Place] = []
    positives = negatives = 0
    for target in targets:
        expected = target.annotations.by_rule.get(rule_id, Expectations())
        lines = reported.get((rule_id, target.staged), ())
        missed += [Place(target.file, line) for line in expected.missed(lines)]
        unexpected += [Place(target.file, line) for line in expected.unexpected(lines)]
        positives += len(expected.report)
        negatives += len(expected.silent)
    error = next(_obstacles(loaded, targets, errors), "")
    if not error and not positives:
        error = "its targets mark no line with `ruleid`; add a case that it must report"
    return RuleTestResult(
        rule_id=rule_id,
        file=loaded.file,
        passed=not (missed or unexpected or error),
        missed=tuple(missed),
        unexpected=tuple(unexpected),
        error=error,
        positives=positives,
        negatives=negatives,
    )


def _obstacles(loaded: LoadedRule, targets: Sequence[_Target], errors: Sequence[EngineError]) -> Iterator[str]:
    """Why a rule's test says nothing."""
    own = [error for error in errors if error.rule_id in (loaded.rule.id, None)]
    for error in own:
        if error.path is None:
            yield printable(error.reason)
    if not targets:
        stem = loaded.file.name.split(".", 1)[0]
        yield f"no test target; add one such as `{printable(stem)}.py` beside {printable(loaded.file.name)}"
    for target in targets:
        for problem in target.annotations.errors:
            yield f"{printable(target.file.name)}: {printable(str(problem))}"
        for error in own:
            if error.path == target.staged:
                yield f"{printable(target.file.name)}: {printable(error.reason)}"
