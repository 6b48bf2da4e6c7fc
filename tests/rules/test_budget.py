"""How long rules take: what is told from Semgrep's times, and that the real one tells them."""

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from oreva.rules.budget import FLOOR_S, costs, over_budget
from oreva.rules.lint import lint
from oreva.rules.load import RuleSet, load_rules

WATCH = """\
#!{python}
import json, pathlib, sys

config = json.loads(pathlib.Path(sys.argv[sys.argv.index("--config") + 1]).read_text())["rules"]
files = list(pathlib.Path(sys.argv[-1]).iterdir())
runs = pathlib.Path(__file__).with_name("runs")
with runs.open("a") as log:
    print(len(config), *sorted(file.name for file in files), file=log)
noise = {noise} if len(runs.read_text().splitlines()) < 3 else 0
lines = sum(file.read_text().count("\\n") for file in files)
times = [rule["metadata"]["ms"] * lines / 1e6 for rule in config]
times[0] += {shared} * lines / 1e6
for place, rule in enumerate(config):
    times[place] += noise * lines / 1e6 if rule["metadata"].get("noisy") else 0
late = [rule["id"] for rule in config if rule["metadata"].get("late")]
print(json.dumps({{
    "errors": [{{"type": "Timeout", "level": "warn", "message": "stopped", "rule_id": one}} for one in late],
    "time": {{"rules": [rule["id"] for rule in config], "targets": [{{"path": "x", "match_times": times}}]}},
}}))
"""
"""Stands where Semgrep is expected, and says that each rule took its `metadata.ms` for 1,000 lines."""


@pytest.fixture
def watch(tmp_path: Path) -> Callable[..., Path]:
    """Write that program; `shared` milliseconds are charged to the first rule of each run."""

    def write(shared: int = 0, noise: int = 0) -> Path:
        file = tmp_path / "bin" / "semgrep"
        file.parent.mkdir(exist_ok=True)
        file.write_text(WATCH.format(python=sys.executable, shared=shared, noise=noise))
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file

    return write


def pack(folder: Path, *times: int, name: str = "r", **changes: object) -> RuleSet:
    """Rules `<name>.a`, `<name>.b` ... that take these milliseconds for 1,000 lines, each with a target."""
    folder.mkdir(exist_ok=True)
    for number, ms in enumerate(times):
        rule: dict[str, object] = {"id": f"{name}.{chr(97 + number)}", "languages": ["python"], "message": "m"}
        rule |= {"severity": "HIGH", "pattern": "f(...)", "metadata": {"ms": ms}} | changes
        (folder / f"{name}{number}.yaml").write_text(json.dumps({"rules": [rule]}))
        (folder / f"{name}{number}.py").write_text("f()\n" * 10)
    return load_rules([folder], builtin=False)


def slow(rules: RuleSet, semgrep: Path, references: RuleSet | None = None) -> list[str]:
    return [problem.rule_id for problem in over_budget(rules, semgrep, references=references)]


def test_a_rule_far_above_its_peers_is_told(tmp_path: Path, watch: Callable[..., Path]) -> None:
    rules = pack(tmp_path / "rules", 20, 20, 20, 59, 61)
    (problem,) = over_budget(rules, watch())
    assert (problem.rule_id, problem.level, problem.file.name) == ("r.e", "warning", "r4.yaml")
    assert problem.message.startswith("it takes 0.061 s for 1,000 lines, 3.0 times the median of 5 python rules")
    assert "metadata.slow_because" in problem.message
    assert {cost.loaded.rule.id: round(cost.seconds, 3) for cost in costs(rules, watch())} == {
        "r.a": 0.02,
        "r.b": 0.02,
        "r.c": 0.02,
        "r.d": 0.059,
        "r.e": 0.061,
    }


def test_what_hardly_takes_time_is_never_slow(tmp_path: Path, watch: Callable[..., Path]) -> None:
    assert slow(pack(tmp_path / "rules", 1, 1, 1, 1, int(FLOOR_S * 1000)), watch()) == []


def test_a_reason_is_enough(tmp_path: Path, watch: Callable[..., Path]) -> None:
    rules = pack(tmp_path / "rules", 20, 20, 20, 20)
    rules = RuleSet(rules.rules + pack(tmp_path / "s", 90, name="s", metadata={"ms": 90}).rules)
    assert slow(rules, watch()) == ["s.a"]
    pack(tmp_path / "s", 90, name="s", metadata={"ms": 90, "slow_because": "It looks at every statement."})
    assert slow(load_rules([tmp_path / "rules", tmp_path / "s"], builtin=False), watch()) == []


@pytest.mark.parametrize("reason", ["", "  ", True, ["x"]])
def test_a_reason_has_words(tmp_path: Path, watch: Callable[..., Path], reason: object) -> None:
    pack(tmp_path / "rules", 20, 20, 20, 20)
    pack(tmp_path / "rules", 90, name="s", metadata={"ms": 90, "slow_because": reason})
    assert slow(load_rules([tmp_path / "rules"], builtin=False), watch()) == ["s.a"]


def test_few_rules_say_nothing_unless_there_are_others_to_hold_them_against(
    tmp_path: Path, watch: Callable[..., Path]
) -> None:
    rules = pack(tmp_path / "rules", 20, 20, 20, 90)
    assert slow(rules, watch()) == []
    references = pack(tmp_path / "others", *[20] * 26, name="o")
    assert slow(rules, watch(), references) == ["r.d"]
    assert "5 python" not in next(over_budget(rules, watch(), references=references)).message
    alone = pack(tmp_path / "alone", 90, name="o")  # the same id as one of the references: that one is left out
    assert slow(alone, watch(), references) == ["o.a"]


def test_rules_of_another_language_or_kind_are_no_peers(tmp_path: Path, watch: Callable[..., Path]) -> None:
    pack(tmp_path / "rules", 20, 20, 20, 20, 20)
    flow = {"mode": "taint", "pattern-sources": [{"pattern": "a()"}], "pattern-sinks": [{"pattern": "b($X)"}]}
    pack(tmp_path / "rules", *[400] * 5, name="flow", **flow)
    pack(tmp_path / "rules", *[90] * 5, name="go", languages=["go"])
    assert slow(load_rules([tmp_path / "rules"], builtin=False), watch()) == []


def test_a_shared_pattern_is_not_charged_to_the_rule_that_happens_to_be_first(
    tmp_path: Path, watch: Callable[..., Path]
) -> None:
    assert slow(pack(tmp_path / "rules", 20, 20, 20, 20, 20), watch(shared=100)) == []
    assert slow(pack(tmp_path / "rules", 20, 20, 20, 20, 400), watch(shared=100)) == ["r.e"]


def test_other_work_on_the_machine_makes_no_rule_slow(tmp_path: Path, watch: Callable[..., Path]) -> None:
    rules = pack(tmp_path / "rules", 20, 20, 20, 20)
    noisy = pack(tmp_path / "noisy", 20, name="s", metadata={"ms": 20, "noisy": True})
    assert slow(RuleSet(rules.rules + noisy.rules), watch(noise=1000)) == []


def test_a_rule_that_was_stopped_is_slow(tmp_path: Path, watch: Callable[..., Path]) -> None:
    rules = pack(tmp_path / "rules", 20, 20, 20, 20)
    late = pack(tmp_path / "late", 0, name="s", metadata={"ms": 0, "late": True})
    assert slow(RuleSet(rules.rules + late.rules), watch()) == ["s.a"]


def test_no_target_no_time(tmp_path: Path, watch: Callable[..., Path]) -> None:
    rules = pack(tmp_path / "rules", 20, 20, 20, 20, 90)
    for target in (tmp_path / "rules").glob("*.py"):
        target.unlink()
    assert costs(rules, watch()) == []


def test_documents_that_cannot_be_joined_stay_apart(tmp_path: Path, watch: Callable[..., Path]) -> None:
    rules = pack(tmp_path / "rules", 20, languages=["json"])
    (tmp_path / "rules" / "r0.py").unlink()
    (tmp_path / "rules" / "r0.test.json").write_text('{"a":\n1}\n')
    assert len(costs(rules, watch())) == 1
    names = (tmp_path / "bin" / "runs").read_text().split()[1:]
    assert len(names) == 1500
    assert all(name.endswith(".json") for name in names)


# The real one.

NAMES = ("APPS", "PARTS", "ITEMS", "LISTS", "ROWS", "CELLS", "TERMS", "WORDS", "LINES", "FILES")
EVERYTHING: dict[str, object] = {
    "patterns": [
        {"pattern": '$NAME = "$KEY"'},
        {
            "pattern-either": [{"pattern-inside": f'$NAME = "$KEY"\n...\n{name} = [...]\n'} for name in NAMES]
            + [{"pattern-inside": f'{name} = [...]\n...\n$NAME = "$KEY"\n'} for name in NAMES]
        },
        {"metavariable-regex": {"metavariable": "$NAME", "regex": "^SECRET$"}},
    ]
}
"""A rule that looks at every assignment and all that follows it, before it asks for the name."""


def test_a_rule_that_looks_everywhere_is_found_by_lint(tmp_path: Path, semgrep: Path) -> None:
    rule = {"id": "team.everything", "languages": ["python"], "message": "m", "severity": "LOW"} | EVERYTHING
    (tmp_path / "everything.yaml").write_text(json.dumps({"rules": [rule | {"metadata": {"cwe": "CWE-95"}}]}))
    (tmp_path / "everything.py").write_text("APPS = [1]\n# ruleid: team.everything\nSECRET = 'x'\n")
    assert lint([tmp_path], semgrep=semgrep) == []
    (problem,) = lint([tmp_path], semgrep=semgrep, timing=True)
    assert (problem.rule_id, problem.level) == ("team.everything", "warning")
    assert problem.message.startswith("it takes ")


def test_no_rule_is_timed_while_one_is_wrong(tmp_path: Path, watch: Callable[..., Path]) -> None:
    pack(tmp_path / "rules", 20, 20, 20, 20, 90, metadata={"ms": 20, "cwe": "CWE-95"})
    (tmp_path / "rules" / "bad.yaml").write_text("rules:\n- {id: bad.one, languages: [python], message: m}\n")
    assert all(problem.rule_id == "bad.one" for problem in lint([tmp_path / "rules"], semgrep=watch(), timing=True))
    assert (tmp_path / "bin" / "runs").read_text().splitlines() == ["5"]  # the check reads them, on no file
