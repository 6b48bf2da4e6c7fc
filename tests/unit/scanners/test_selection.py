"""Leaving out flow rules that cannot match; the real Semgrep says what rules need, and what they find."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.rules.load import RuleSet, builtin_rules_path, load_rules
from oreva.scanners.base import Limits
from oreva.scanners.selection import Selection, ask, parts
from oreva.scanners.semgrep import SemgrepScanner
from oreva.scanners.semgrep_plan import WORTH_SELECTING_BYTES
from oreva.scanners.staging import stage
from tests.unit.scanners.conftest import EVAL_RULE

MakeRules = Callable[..., RuleSet]
FLOW_RULE = {
    "id": "team.python.code-injection.eval-flow",
    "languages": ["python"],
    "severity": "HIGH",
    "message": "input reaches eval",
    "mode": "taint",
    "pattern-sources": [{"pattern": "input(...)"}, {"pattern": 'os.environ.get("KEY")'}],
    "pattern-sinks": [{"pattern": "eval(...)"}, {"pattern": "$X.run(..., kind='a-b')"}],
    "metadata": {"cwe": ["CWE-95"], "confidence": "HIGH"},
}
FLOW = FLOW_RULE["id"]


@pytest.fixture(scope="module")
def core() -> Path:
    import semgrep  # noqa: PLC0415  (only to find the program that it brings)

    return Path(semgrep.__file__).parent / "bin" / "semgrep-core"


def selected(core: Path, rules: RuleSet, content: bytes) -> frozenset[str]:
    selection = ask(core, rules.rules)
    assert selection is not None
    return selection.candidates(content, rules.rules)


@pytest.mark.parametrize(
    ("content", "runs"),
    [
        (b"eval(input())", True),
        (b"eval(os.environ.get('KEY'))", True),
        (b"x.run(input(), kind='a-b')", True),
        (b"from builtins import eval as e\ne(input())", True),
        (b"retrieval(input())", False),
        (b"evaluate(input())\nmedieval", False),
        (b"eval(inputs)", False),
        (b"eval(os.environ.get(constant_of_that_value))", True),
        (b"x.runner(input(), kind='a-b')", False),
        ("é".encode() + b"eval(input())", True),
        (b"", False),
    ],
)
def test_a_flow_rule_runs_where_its_words_are(core: Path, make_rules: MakeRules, content: bytes, *, runs: bool) -> None:
    always = {**EVAL_RULE, "pattern": "$F($X)"}
    assert (FLOW in selected(core, make_rules(FLOW_RULE, always), content)) is runs


def test_a_file_that_semgrep_would_have_parsed_is_still_parsed(core: Path, make_rules: MakeRules) -> None:
    by_accident = b"retrieval(input())"
    assert FLOW in selected(core, make_rules(FLOW_RULE), by_accident)
    assert FLOW in selected(core, make_rules(FLOW_RULE, {**EVAL_RULE, "pattern": "other(...)"}), by_accident)
    assert FLOW not in selected(core, make_rules(FLOW_RULE, EVAL_RULE), by_accident), "another rule has it parsed"
    assert FLOW not in selected(core, make_rules(FLOW_RULE), b"retrieval(output())")


def test_requirements_that_are_not_understood_leave_the_rule_in(make_rules: MakeRules) -> None:
    rules = make_rules(FLOW_RULE, EVAL_RULE).rules
    for strange in (
        None,
        ["Xor", []],
        ["Pred", ["Regexp", "(?i)ev[ae]l"]],
        ["Or", [["Pred", ["New", 1]]]],
        ["And", []],
    ):
        assert FLOW in Selection(rules, {FLOW: strange}).candidates(b"nothing", rules)
    partly = ["And", [["Pred", ["Regexp", "(?i)ev[ae]l"]], ["Pred", ["Idents", ["input"]]]]]
    assert FLOW not in Selection(rules, {FLOW: partly}).candidates(b"nothing", rules)


@pytest.mark.parametrize("body", ["exit 3", "echo no json", "echo '[{}]'", "echo '{\"a\": 1}'"])
def test_an_engine_that_does_not_say_leaves_all_rules_in(tmp_path: Path, make_rules: MakeRules, body: str) -> None:
    program = tmp_path / "core"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    assert ask(program, make_rules(FLOW_RULE).rules) is None
    assert ask(tmp_path / "missing", make_rules(FLOW_RULE).rules) is None


FLOWS = st.frozensets(st.sampled_from("abcdef"), max_size=4)


@given(st.lists(st.tuples(st.integers(0, 400_000), FLOWS), max_size=40))
def test_every_file_is_in_one_part_with_all_its_rules(files: list[tuple[int, frozenset[str]]]) -> None:
    named = [(f"f{index}.py", size, flow) for index, (size, flow) in enumerate(files)]
    made = parts(named)
    assert sorted(name for part in made for name in part.names) == sorted(name for name, _, _ in named)
    rules = {name: part.flow for part in made for name in part.names}
    assert all(flow <= rules[name] for name, _, flow in named)
    assert sum(part.size for part in made) == sum(size for _, size, _ in named)
    apart = sum(
        part.cost for flow in {flow for _, _, flow in named} for part in parts(f for f in named if f[2] == flow)
    )
    assert sum(part.cost for part in made) <= apart + 1e-9, "parts are put together only where that is cheaper"


def test_all_built_in_rules_find_the_same_with_and_without(tmp_path: Path) -> None:
    """On every file that a built-in rule is tested with, whatever rule it is for."""
    rules = load_rules()
    samples = [file for file in sorted(builtin_rules_path().rglob("*")) if file.is_file() and file.suffix != ".yaml"]
    contents = {str(file.relative_to(builtin_rules_path())): file.read_bytes() for file in samples}
    contents |= {
        "broken.py": b"def f(:\n    retrieval(request.args)\n",
        "part.js": b"app.get(p, (req, res) => retrieval(req.query.x))\nlet y = {{{ ;;;\n",
        "large.py": b"import os\nx = 'retrieval'\n" * (WORTH_SELECTING_BYTES // 20),
    }
    staged, _ = stage(tmp_path / "stage", [(path, False) for path in contents], contents.__getitem__)
    limits = Limits(timeout_s=60, batch_timeout_s=600)
    program = str(Path(sys.executable).parent / "semgrep")
    everywhere = SemgrepScanner(rules, program=program).scan(staged, limits, lambda: False)
    chosen = SemgrepScanner(rules).scan(staged, limits, lambda: False)
    assert len(everywhere.detections) > 500
    assert Counter(chosen.detections) == Counter(everywhere.detections)
    assert chosen.coverage == everywhere.coverage
