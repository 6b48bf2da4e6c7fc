"""Conventions for rules: strict ones for Oreva's own pack, a few for a team's rules.

Whatever makes a rule unusable is an error under either profile. A convention that a team's rule breaks is a warning.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from oreva.models import Confidence, Severity
from oreva.rules.annotations import read_annotations
from oreva.rules.budget import over_budget
from oreva.rules.check import find_bad_rules
from oreva.rules.definition import SEVERITIES, cwe_ids, owasp_ids
from oreva.rules.load import Definition, RuleSet, load_rules, read_definitions, read_files
from oreva.rules.patterns import meant
from oreva.rules.problems import Problem
from oreva.rules.testing import read_target, targets_of

NEWER_CWES = frozenset({"CWE-1426", "CWE-1427"})
"""Entries about generative models, which are younger than the table of the `cwe_tree` package."""
MIN_CASES = 2
"""How many `ruleid` and how many `ok` lines the test targets of one of our rules must have."""

# fmt: off
KNOWN_KEYS = frozenset({
    "id", "languages", "message", "severity", "metadata", "mode", "options", "fix", "fix-regex", "paths",
    "min-version", "max-version", "match", "taint", "pattern", "patterns", "pattern-either", "pattern-regex",
    "pattern-sources", "pattern-sinks", "pattern-sanitizers", "pattern-propagators",
})
# fmt: on
"""Semgrep skips any other key with a mere warning, which hides misspellings."""

_PART = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_TEAM_ID = re.compile(r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)+\Z")
_CWE = re.compile(r"CWE-\d+(?:: \S.*)?\Z")
_OWASP = re.compile(r"A(?:0[1-9]|10):20\d\d(?: - \S.*)?\Z")
_ASVS = re.compile(r"V\d{1,2}(?:\.\d{1,2}){1,2}\Z")
_TESTS = re.compile(r"bandit:B\d{3}\Z")
_IMPORT_TEST = re.compile(r"bandit:B4(?:0\d|1[0-5])\Z")
"""Tests that fire on an import: any rule on a use of the module can say more."""
_YEARS = ("2021", "2025")
"""The editions of the OWASP Top 10 that each of our rules is placed in."""
_URL = re.compile(r"https://[^\s/]+\S*\Z")
_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bcf)[.!?][`'\")\]]*(?=\s|\Z)")
_LEVELS = frozenset(confidence.name for confidence in Confidence)


def lint(
    paths: Sequence[Path], *, strict: bool = False, semgrep: Path | None = None, timing: bool = False
) -> list[Problem]:
    """Everything that is wrong with the rules at or below `paths`, sorted by place.

    `strict` asks for what Oreva's own pack keeps. With `semgrep`, Semgrep too must accept every rule; with `timing` as
    well, and no error until then, it runs each rule, and none may take much longer than its peers (see `budget`).

    Raises `RuleError` if a path does not exist or cannot be read, `ScannerError` if Semgrep cannot run.
    """
    definitions, problems = read_definitions(read_files(paths))
    pack = None if strict else load_rules()
    if pack is not None:
        problems += _taken_ids(definitions, pack)
    problems += _annotation_problems(definitions)
    own = _strict_problems if strict else _team_problems
    for found in definitions:
        problems += own(found)
    if strict:
        per_file = Counter(found.file for found in definitions)
        problems += [
            found.problem("id", f"{per_file[found.file]} rules in one file; give each a file of its own")
            for found in definitions
            if per_file[found.file] > 1
        ]
    if semgrep is not None:
        loaded = sorted((found.loaded() for found in definitions if found.usable), key=lambda rule: rule.rule.id)
        ruleset = RuleSet(tuple(loaded))
        problems += find_bad_rules(ruleset, semgrep)
        if timing and not any(problem.level == "error" for problem in problems):
            level: Literal["error", "warning"] = "error" if strict else "warning"
            slow = over_budget(ruleset, semgrep, references=pack)
            problems += [replace(problem, level=level) for problem in slow]
    return sorted(problems)


def _taken_ids(definitions: Sequence[Definition], pack: RuleSet) -> Iterator[Problem]:
    """Ids that a rule of the pack has, which is active beside a team's rules unless `builtin_rules` is off."""
    for found in definitions:
        other = pack.by_id.get(str(found.definition.get("id", "")))
        if other is not None and other.file.resolve() != found.file.resolve():
            yield found.problem("id", "a rule of Oreva's own pack has this id; rename it")


def _team_problems(found: Definition) -> Iterator[Problem]:
    """What a team's own rule should have."""
    rule_id = str(found.definition.get("id", ""))
    if rule_id and not _TEAM_ID.match(rule_id):
        yield found.problem("id", "the id has one part; name it like `acme.python.raw-query`", "warning")
    for key in _unknown_keys(found):
        yield found.problem(key, f"unknown key `{key}`, which Semgrep skips; check its spelling", "warning")
    metadata = _metadata(found)
    known = [cwe for cwe in cwe_ids(metadata.get("cwe")) if cwe in all_cwes()]
    if not known:
        yield found.problem("metadata", "no CWE, so it is in no compliance report; add `metadata.cwe`", "warning")
    if not any(targets_of(found.file)):
        yield found.problem("id", "no test target beside it; start one with `oreva rules new`", "warning")


def _strict_problems(found: Definition) -> Iterator[Problem]:
    """What one of Oreva's own rules must have, beyond being usable."""
    yield from _id_problems(found)
    if found.entry.has_alias:
        yield found.problem("", "it uses an alias, an anchor or a merge key; write the values out")
    if "paths" in found.definition:
        yield found.problem("paths", "it has `paths`; say by its patterns what it is about")
    for key in _unknown_keys(found):
        yield found.problem(key, f"unknown key `{key}`, which Semgrep skips; check its spelling")
    severity = str(found.definition.get("severity"))
    if severity in SEVERITIES and severity not in Severity.__members__:
        yield found.problem("severity", f"`{severity}` is an old severity; use {SEVERITIES[severity].name}")
    message = found.definition.get("message")
    if isinstance(message, str) and len(_SENTENCE_END.findall(message.strip())) < 2:
        yield found.problem("message", "the message is one sentence; say what is wrong, why, and how to fix it")
    for message in (*_metadata_defects(_metadata(found)), *_corroboration_defects(found.definition)):
        yield found.problem("metadata", message)
    yield from _case_problems(found)


def _id_problems(found: Definition) -> Iterator[Problem]:
    parts = str(found.definition.get("id", "")).split(".")
    folder, stem = found.file.parent.name, found.file.name.split(".", 1)[0]
    if len(parts) != 4 or parts[0] != "oreva" or not all(_PART.match(part) for part in parts):
        yield found.problem(
            "id", "the id is not `oreva.<folder>.<weakness>.<name>` in lower case and hyphens; rename it"
        )
        return
    if parts[1] != folder:
        yield found.problem("id", f"the id says `{parts[1]}` but the folder is `{folder}`; move it or rename it")
    if parts[3] != stem:
        yield found.problem("id", f"the id ends in `{parts[3]}` but the file is `{stem}`; rename one of the two")


def _unknown_keys(found: Definition) -> list[str]:
    return [key for key in found.definition if key not in KNOWN_KEYS and not meant(key)]  # those make it unusable


def _metadata(found: Definition) -> Mapping[str, object]:
    metadata = found.definition.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def _metadata_defects(metadata: Mapping[str, object]) -> Iterator[str]:
    for key in ("title", "fix"):
        value = metadata.get(key)
        if not isinstance(value, str) or not value.strip():
            yield f"no `{key}`; add one"
    if metadata.get("category") != "security":
        yield "the category is not `security`; set it"
    for key in ("confidence", "likelihood", "impact"):
        if metadata.get(key) not in _LEVELS:
            yield f"`{key}` is not one of HIGH, MEDIUM, LOW; set it"
    for key, form, example in (
        ("cwe", _CWE, "CWE-89"),
        ("owasp", _OWASP, "A03:2021"),
        ("asvs", _ASVS, "V5.3.4"),
        ("references", _URL, "https://..."),
    ):
        values = metadata.get(key)
        if not isinstance(values, list) or not values:
            yield f"no `{key}` list; add one such as `[{example}]`"
            continue
        for value in values:
            if not isinstance(value, str) or not form.match(value):
                yield f"`{value}` in `{key}` is not of the form `{example}`; correct it"
    for cwe in cwe_ids(metadata.get("cwe")):
        if cwe not in all_cwes():
            yield f"there is no weakness {cwe}; look it up at https://cwe.mitre.org"
    fix = metadata.get("fix")
    if isinstance(fix, str) and fix.strip() and "```" not in fix:
        yield "`fix` has no code; show the repaired code between ``` lines"
    listed = metadata.get("owasp")
    placed = owasp_ids(listed)
    well_formed = isinstance(listed, list) and all(isinstance(text, str) and _OWASP.match(text) for text in listed)
    for year in _YEARS:
        if placed and well_formed and not any(category.endswith(year) for category in placed):
            yield f"`owasp` has no category of {year}; add one such as `A03:{year}`"


def _corroboration_defects(definition: Mapping[str, object]) -> Iterator[str]:
    """Whether a rule that weighs the tests of another scanner follows data, and names tests."""
    metadata = definition.get("metadata")
    if not isinstance(metadata, Mapping) or "corroborates" not in metadata:
        return
    tests = metadata["corroborates"]
    if not isinstance(tests, list) or not tests:
        yield "`corroborates` is no list; write it as `[bandit:B608]`"
        return
    if definition.get("mode") != "taint" and not all(_IMPORT_TEST.match(str(test)) for test in tests):
        yield "`corroborates` is for rules that follow data, or look for the use of an import; set `mode: taint`"
    for test in tests:
        if not isinstance(test, str) or not _TESTS.match(test):
            yield f"`{test}` in `corroborates` is not of the form `bandit:B608`; correct it"


def _case_problems(found: Definition) -> Iterator[Problem]:
    """Whether the targets beside a rule have enough cases, and annotations that can be read."""
    targets = list(targets_of(found.file))
    if not targets:
        yield found.problem("id", "no test target beside it; add one with `ruleid` and `ok` cases")
        return
    rule_id = str(found.definition.get("id", ""))
    expected = [read_annotations(read_target(target), [rule_id]).by_rule.get(rule_id) for target in targets]
    positives = sum(len(one.report) for one in expected if one)
    negatives = sum(len(one.silent) for one in expected if one)
    if positives < MIN_CASES or negatives < MIN_CASES:
        yield found.problem(
            "id", f"its targets have {positives} `ruleid` and {negatives} `ok` cases; {MIN_CASES} of each are needed"
        )


def _annotation_problems(definitions: Sequence[Definition]) -> Iterator[Problem]:
    """Annotations that name no rule of their rule file, or stand where they mean nothing."""
    ids: dict[Path, set[str]] = {}
    for found in definitions:
        ids.setdefault(found.file, set()).add(str(found.definition.get("id", "")))
    for rule_file, known in ids.items():
        for target in targets_of(rule_file):
            for error in read_annotations(read_target(target), known).errors:
                yield Problem(target, error.line, "", error.message)


@cache
def all_cwes() -> frozenset[str]:
    """Every weakness there is, as `CWE-89`, from the table in the `cwe_tree` package.

    Read as a file: the package's interface differs between versions, and importing it takes a tenth of a second.
    """
    spec = find_spec("cwe_tree")
    if spec is None or spec.origin is None:  # pragma: no cover - a dependency
        raise ModuleNotFoundError("cwe_tree")
    with (Path(spec.origin).parent / "data" / "nodes.csv").open(encoding="utf-8", newline="") as file:
        return NEWER_CWES.union(row["id"] for row in csv.DictReader(file))
