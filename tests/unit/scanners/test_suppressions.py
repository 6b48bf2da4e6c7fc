"""`nosemgrep` comments: judged as Semgrep judges them (differential), and their reasons."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from oreva.rules.load import RuleSet
from oreva.scanners.base import Limits, Stage
from oreva.scanners.process import child_environment
from oreva.scanners.semgrep import SemgrepScanner
from oreva.scanners.suppressions import justification, nosemgrep
from tests.unit.scanners.conftest import EVAL_RULE

RULE = "team.python.code-injection.eval"

CASES = [
    "eval(1)",
    "eval(1)  # nosem",
    "eval(1)  # NOSEMGREP",
    f"eval(1)  # nosemgrep: {RULE}",
    "eval(1)  # nosemgrep: eval",
    "eval(1)  # nosemgrep: code-injection.eval",
    "eval(1)  # nosemgrep: injection.eval",
    "eval(1)  # nosemgrep: other",
    "eval(1)  # nosemgrep:other,eval",
    "eval(1)  # nosemgrep: other, eval",
    "eval(1)  # nosemgrep: other eval",
    "eval(1)  #nosemgrep",
    "eval(1)  # nosemgrep because we trust it",
    "eval(1)  # nosemgrep: eval because reasons",
    "eval(1)  # nosemgrep: eval -- because reasons",
    "# nosemgrep\neval(1)",
    "# nosemgrep: eval\neval(1)",
    "# nosemgrep: other\neval(1)",
    "# because of x nosemgrep\neval(1)",
    "x = 1  # nosemgrep\neval(1)",
    "eval(  # nosemgrep\n  1)",
    "eval(\n  1)  # nosemgrep",
    "eval(\n  # nosemgrep\n  1)",
    "eval(1)  # nosemgrep=eval",
    "eval(1)  # type: ignore # nosemgrep",
    "eval(1)  # nosemgrepx",
    "eval(1)  # nosemgrep : eval",
    'eval(1)  # nosemgrep: "eval"',
    "# nosemgrep\n\neval(1)",
    "    # nosemgrep\neval(1)",
    'eval(" nosemgrep")',
    "eval(1) # nosemgrep:\teval",
    "eval(1) # nosemgrep:eval;",
    "eval(1) # nosemgrep: EVAL",
    "eval(1) # nosemgrep:",
    "eval(1) # nosemgrep: ,",
    'eval(1) ; x = " nosemgrep: other " # nosemgrep: eval',
    "# nosemgrep\neval(1) # nosemgrep: other",
    "# nosemgrep: other\neval(1) # nosemgrep",
    "# nosemgrep: eval\neval(1) # nosemgrep: other",
    "# nosemgrep: other\neval(1) # nosemgrep: eval",
    "# nosemgrep: other\neval(1) # nosemgrep: another",
    "ü = 'ü'; eval(1)  # nosemgrep",
]


def by_semgrep(folder: Path, rules: RuleSet) -> set[str]:
    """Names of the files in which plain Semgrep, judging comments itself, still reports something."""
    (folder / "rules.json").write_bytes(rules.to_json())
    scratch = folder / "scratch"
    scratch.mkdir()
    environment = child_environment(
        scratch, SEMGREP_SETTINGS_FILE=str(scratch / "s.yml"), SEMGREP_LOG_FILE=str(scratch / "log")
    )
    command = [str(Path(sys.executable).parent / "semgrep"), "scan", "--config=rules.json", "--json", "--metrics=off"]
    command += ["--disable-version-check", "--no-rewrite-rule-ids", "--no-git-ignore", "--quiet", "cases"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=300)
    return {Path(result["path"]).name for result in json.loads(done.stdout)["results"]}


def test_which_comments_count_is_what_semgrep_says(
    tmp_path: Path, make_stage: Callable[[Mapping[str, bytes]], Stage], make_rules: Callable[..., RuleSet]
) -> None:
    rules = make_rules(EVAL_RULE)
    contents = {f"case{number:02}.py": text.encode() + b"\n" for number, text in enumerate(CASES)}
    cases = tmp_path / "plain" / "cases"
    cases.mkdir(parents=True)
    for name, content in contents.items():
        (cases / name).write_bytes(content)
    expected = by_semgrep(tmp_path / "plain", rules)
    result = SemgrepScanner(rules).scan(make_stage(contents), Limits(), lambda: False)
    assert {detection.path for detection in result.detections} == set(contents)
    reported = {detection.path for detection in result.detections if detection.suppression is None}
    assert {name: contents[name] for name in reported ^ expected} == {}
    assert expected
    assert expected != set(contents)


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# nosemgrep: eval -- input is ours", "input is ours"),
        ("# nosemgrep because input is ours", "input is ours"),
        ("# nosec B602 - reviewed 2026-01-02", "reviewed 2026-01-02"),
        ("/* nosemgrep -- input is ours */", "input is ours"),
        ("# nosemgrep", ""),
        ("# nosec B602", ""),
    ],
)
def test_the_reason_a_comment_gives(comment: str, reason: str) -> None:
    assert justification(comment) == reason


def test_what_a_suppression_remembers() -> None:
    found = nosemgrep(["x = 1", "# nosemgrep: eval -- safe", "eval(x)"], 3, RULE)
    assert found is not None
    assert (found.kind, found.line, found.named, found.justification) == ("nosemgrep", 2, True, "safe")
    assert nosemgrep(["eval(x)"], 1, RULE) is None
    assert nosemgrep([], 5, RULE) is None
