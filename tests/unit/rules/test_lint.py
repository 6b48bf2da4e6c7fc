"""Conventions: what our own rules must keep, and what a team is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from oreva.errors import RuleError
from oreva.rules.lint import all_cwes, lint
from oreva.rules.load import load_rules

GOOD = """\
rules:
  - id: oreva.python.code-injection.eval-call
    languages: [python]
    severity: HIGH
    message: >-
      The text is run as code (see e.g. `eval`). Parse it instead, with `ast.literal_eval(text)`.
    pattern: eval(...)
    metadata:
      title: Text evaluated as code
      category: security
      confidence: HIGH
      likelihood: MEDIUM
      impact: HIGH
      cwe: ["CWE-95: Eval Injection"]
      owasp: ["A03:2021 - Injection", "A05:2025"]
      asvs: [V5.2.4]
      references: [https://cwe.mitre.org/data/definitions/95.html]
      fix: |
        ```python
        ast.literal_eval(text)
        ```
"""
ID = "oreva.python.code-injection.eval-call"
CASES = f"# ruleid: {ID}\neval(a)\n# ruleid: {ID}\neval(b)\n# ok: {ID}\nf(a)\n# ok: {ID}\nf(b)\n"

Lint = Callable[..., list[str]]


@pytest.fixture
def lint_rule(tmp_path: Path) -> Lint:
    """Lint one rule file and its target; `line: message` of each problem."""

    def run(rule: str = GOOD, cases: str | None = CASES, *, name: str = "eval-call", strict: bool = True) -> list[str]:
        folder = tmp_path / "python"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.yaml").write_text(rule)
        if cases is not None:
            (folder / f"{name}.py").write_text(cases)
        return [f"{problem.level[0]}{problem.line}: {problem.message}" for problem in lint([tmp_path], strict=strict)]

    return run


def test_a_good_rule_is_clean_under_both_profiles(lint_rule: Lint) -> None:
    assert lint_rule() == []
    assert lint_rule(strict=False) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("oreva.python.code-injection", "oreva.go.code-injection", "e2: the id says `go` but the folder is `python`"),
        ("oreva.python", "acme.python", "e2: the id is not `oreva.<folder>.<weakness>.<name>`"),
        ("code-injection", "Code_injection", "e2: the id is not `oreva.<folder>.<weakness>.<name>`"),
        ("injection.eval-call", "injection.eval", "e2: the id ends in `eval` but the file is `eval-call`"),
        ("severity: HIGH", "severity: ERROR", "e4: `ERROR` is an old severity; use HIGH"),
        ("severity: HIGH", "severity: BAD", "e4: unknown severity `BAD`"),
        (" Parse it instead, with `ast.literal_eval(text)`.", "", "e5: the message is one sentence"),
        ("    pattern: eval(...)", "    pattern: eval(...)\n    paths: {include: [a]}", "e8: it has `paths`"),
        ("    pattern: eval(...)", "    pattern: eval(...)\n    patern-not: x", "e8: unknown key `patern-not`, which"),
        ("[V5.2.4]", "&a [V5.2.4]", "e2: it uses an alias, an anchor or a merge key"),
        ("      title: Text evaluated as code\n", "", "e8: no `title`"),
        ("      fix: |\n        ```python\n        ast.literal_eval(text)\n        ```\n", "", "e8: no `fix`"),
        ("```python\n        ast.literal_eval(text)\n        ```", "Parse it.", "e8: `fix` has no code"),
        (', "A05:2025"', "", "e8: `owasp` has no category of 2025"),
        ('"A03:2021 - Injection", ', "", "e8: `owasp` has no category of 2021"),
        (
            "      asvs",
            "      corroborates: [bandit:B307]\n      asvs",
            "e8: `corroborates` is for rules that follow data",
        ),
        ("category: security", "category: style", "e8: the category is not `security`"),
        ("      confidence: HIGH\n", "", "e8: `confidence` is not one of HIGH, MEDIUM, LOW"),
        ("likelihood: MEDIUM", "likelihood: medium", "e8: `likelihood` is not one of HIGH, MEDIUM, LOW"),
        ("      impact: HIGH\n", "", "e8: `impact` is not one of HIGH, MEDIUM, LOW"),
        ("CWE-95: Eval Injection", "95", "e8: `95` in `cwe` is not of the form `CWE-89`"),
        ("CWE-95: Eval Injection", "CWE-99999", "e8: there is no weakness CWE-99999"),
        ("A05:2025", "A11:2025", "e8: `A11:2025` in `owasp` is not of the form `A03:2021`"),
        ("[V5.2.4]", "['5.2.4']", "e8: `5.2.4` in `asvs` is not of the form `V5.3.4`"),
        ("[V5.2.4]", "[]", "e8: no `asvs` list"),
        ("[V5.2.4]", "V5.2.4", "e8: no `asvs` list"),
        ("https://cwe", "http://cwe", "e8: `http://cwe.mitre.org/data/definitions/95.html` in `references` is not"),
    ],
)
def test_what_our_rules_must_keep(lint_rule: Lint, old: str, new: str, problem: str) -> None:
    assert old in GOOD
    changed = GOOD.replace(old, new, 1)
    rule_id = next(line.split("id: ")[1] for line in changed.splitlines() if "- id: " in line)
    found = lint_rule(changed, CASES.replace(ID, rule_id))
    assert len(found) == 1
    assert found[0].startswith(problem)


FLOW = GOOD.replace(
    "    pattern: eval(...)\n",
    "    mode: taint\n    pattern-sources: [{pattern: source()}]\n    pattern-sinks: [{pattern: eval(...)}]\n",
)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("bandit:B307", "`corroborates` is no list"),
        ("[]", "`corroborates` is no list"),
        ("[B307]", "`B307` in `corroborates` is not of the form `bandit:B608`"),
        ("[bandit:B307, 608]", "`608` in `corroborates` is not of the form `bandit:B608`"),
    ],
)
def test_a_rule_that_weighs_tests_names_them(lint_rule: Lint, value: str, problem: str) -> None:
    (found,) = lint_rule(FLOW.replace("      asvs", f"      corroborates: {value}\n      asvs"))
    assert problem in found
    assert lint_rule(FLOW.replace("      asvs", "      corroborates: [bandit:B307]\n      asvs")) == []


def test_only_a_rule_that_follows_data_weighs_calls_and_any_rule_an_import(lint_rule: Lint) -> None:
    def weighing(tests: str) -> list[str]:
        return lint_rule(GOOD.replace("      asvs", f"      corroborates: [{tests}]\n      asvs"))

    (found,) = weighing("bandit:B307")
    assert "`corroborates` is for rules that follow data, or look for the use of an import" in found
    assert weighing("bandit:B413") == []
    assert len(weighing("bandit:B413, bandit:B307")) == 1


def test_no_metadata_at_all(lint_rule: Lint) -> None:
    found = lint_rule(GOOD.split("    metadata:", maxsplit=1)[0])
    assert [line.split(":")[0] for line in found] == ["e2"] * len(found)
    assert len(found) == 10


def test_cases_are_counted(lint_rule: Lint) -> None:
    assert lint_rule(cases=CASES[len(f"# ruleid: {ID}\neval(a)\n") :]) == [
        "e2: its targets have 1 `ruleid` and 2 `ok` cases; 2 of each are needed"
    ]


def test_a_target_is_needed(lint_rule: Lint) -> None:
    assert lint_rule(cases=None) == ["e2: no test target beside it; add one with `ruleid` and `ok` cases"]
    assert lint_rule(cases=None, strict=False) == [
        "w2: no test target beside it; start one with `oreva rules new`",
    ]


def test_annotations_must_name_a_rule_of_the_file(lint_rule: Lint) -> None:
    found = lint_rule(cases=CASES + "# ok: oreva.other\nf()\n", strict=False)
    assert found == ["e9: the rule file beside it has no rule `oreva.other`; correct the id"]


def test_one_rule_per_file(lint_rule: Lint) -> None:
    second = GOOD.removeprefix("rules:\n").replace(ID, f"{ID}-2")
    found = lint_rule(GOOD + second, CASES + CASES.replace(ID, f"{ID}-2"))
    assert [line for line in found if "one file" in line] == [
        "e2: 2 rules in one file; give each a file of its own",
        "e22: 2 rules in one file; give each a file of its own",
    ]


def test_a_team_gets_warnings(lint_rule: Lint) -> None:
    rule = "rules:\n- {id: short, languages: [python], severity: ERROR, message: m, pattern: x, ours: y}\n"
    assert lint_rule(rule, "# ruleid: short\nx\n", strict=False) == [
        "w2: no CWE, so it is in no compliance report; add `metadata.cwe`",
        "w2: the id has one part; name it like `acme.python.raw-query`",
        "w2: unknown key `ours`, which Semgrep skips; check its spelling",
    ]


def test_what_makes_a_rule_unusable_is_an_error_for_a_team_too(lint_rule: Lint) -> None:
    assert lint_rule("rules:\n- {severity: HIGH}\n", None, strict=False)[:1] == [
        "e2: it has no `id`; add one such as `acme.python.sql-injection.raw-query`"
    ]
    assert lint_rule("a: [\n", None, strict=False)[0].startswith("e2: invalid YAML")


def test_no_such_path(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such file or folder"):
        lint([tmp_path / "nothing"])


def test_the_table_of_weaknesses() -> None:
    assert {"CWE-79", "CWE-89", "CWE-798", "CWE-1427"} <= all_cwes()
    assert "CWE-99999" not in all_cwes()
    assert len(all_cwes()) > 900


def test_an_id_of_the_pack_is_taken(tmp_path: Path) -> None:
    taken = load_rules().rules[0].rule.id
    (tmp_path / "a.yaml").write_text(GOOD.replace(ID, taken))
    assert [problem.message for problem in lint([tmp_path]) if problem.level == "error"] == [
        "a rule of Oreva's own pack has this id; rename it"
    ]
    with pytest.raises(RuleError) as refused:
        load_rules([tmp_path])
    assert str(refused.value).startswith(f"{tmp_path}/a.yaml:2: rule {taken}: the id is also at ")


def test_a_file_without_rules(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("rules: []\n")
    assert [problem.message for problem in lint([tmp_path])] == [
        "`rules` is empty; write a rule into it, or remove the file"
    ]
    with pytest.raises(RuleError, match="`rules` is empty"):
        load_rules([tmp_path])
