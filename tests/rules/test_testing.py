"""Testing rules with the real Semgrep, and that the judgement is the one of `semgrep scan --test`."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from oreva.errors import RuleError
from oreva.rules.scaffold import SCAFFOLD_LANGUAGES, new_rule
from oreva.rules.testing import RuleTestResult, targets_of, test_rules


def write(
    folder: Path, stem: str, target: str, *, suffix: str = ".py", ids: tuple[str, ...] = (), more: str = ""
) -> Path:
    lines = "".join(
        f"- {{id: {rule_id}, languages: [python], severity: HIGH, message: m,"
        f" pattern: {rule_id.split('.')[-1]}(...){more}}}\n"
        for rule_id in ids or (f"t.{stem}",)
    )
    rule_file = folder / f"{stem}.yaml"
    rule_file.write_text(f"rules:\n{lines}")
    (folder / f"{stem}{suffix}").write_text(target)
    return rule_file


def by_id(folder: Path, semgrep: Path, only: str | None = None) -> dict[str, RuleTestResult]:
    return {result.rule_id: result for result in test_rules([folder], semgrep, only)}


def test_every_kind_of_outcome_in_one_run(tmp_path: Path, semgrep: Path) -> None:
    write(tmp_path, "good", "# ruleid: t.good\ngood(1)\n# ok: t.good\nother(1)\n# todook: t.good\ngood(2)\n")
    write(
        tmp_path,
        "misses",
        "# ruleid: t.misses\nother()\n# ok: t.misses\nmisses()\nmisses()\n# todoruleid: t.misses\nx = 1\n",
    )
    write(tmp_path, "alone", "", suffix=".md")
    write(tmp_path, "unmarked", "x = 1\n# ok: t.unmarked\ny = 2\n")
    write(tmp_path, "typo", "# ruleid: t.typpo\ntypo()\n")
    write(tmp_path, "unparseable", "# ruleid: t.unparseable\nunparseable()\ndef (\n")
    results = by_id(tmp_path, semgrep)
    good = results["t.good"]
    assert (good.passed, good.positives, good.negatives, good.error) == (True, 1, 1, "")
    misses = results["t.misses"]
    assert not misses.passed
    assert [str(place) for place in misses.missed] == [f"{tmp_path}/misses.py:2"]
    assert [place.line for place in misses.unexpected] == [4, 5]
    assert results["t.alone"].error.startswith("no test target; add one such as `alone.py`")
    assert "no line with `ruleid`" in results["t.unmarked"].error
    assert results["t.typo"].error == "typo.py: line 1: the rule file beside it has no rule `t.typpo`; correct the id"
    assert results["t.unparseable"].error.startswith("unparseable.py: ")
    assert [result.rule_id for result in results.values() if result.passed] == ["t.good"]


def test_findings_on_the_targets_of_other_rules_do_not_count(tmp_path: Path, semgrep: Path) -> None:
    write(tmp_path, "one", "# ruleid: t.one\none()\ntwo()\n")
    write(tmp_path, "two", "# ruleid: t.two\ntwo()\none()\n")
    assert all(result.passed for result in by_id(tmp_path, semgrep).values())


def test_several_rules_and_targets_of_one_file(tmp_path: Path, semgrep: Path) -> None:
    write(
        tmp_path,
        "pair",
        "# ruleid: t.one, t.two\none(two())\n# ruleid: t.one\n# ok: t.two\none()\n",
        ids=("t.one", "t.two"),
    )
    (tmp_path / "pair.second.py").write_text("# ruleid: t.two\ntwo()\n# ok: t.one\ntwo\n")
    results = by_id(tmp_path, semgrep)
    assert [(result.passed, result.positives, result.negatives) for result in results.values()] == [
        (True, 2, 1),
        (True, 2, 1),
    ]
    (alone,) = test_rules([tmp_path], semgrep, "two")
    assert (alone.rule_id, alone.passed) == ("t.two", True)


def test_paths_of_a_rule_do_not_hide_its_targets(tmp_path: Path, semgrep: Path) -> None:
    write(tmp_path, "limited", "# ruleid: t.limited\nlimited()\n", more=", paths: {include: [src/]}")
    assert by_id(tmp_path, semgrep)["t.limited"].passed


def test_nosemgrep_in_a_target_hides_nothing(tmp_path: Path, semgrep: Path) -> None:
    write(tmp_path, "quiet", "# ruleid: t.quiet\nquiet()  # nosemgrep\n")
    assert by_id(tmp_path, semgrep)["t.quiet"].passed


def test_a_rule_that_semgrep_refuses_fails_alone(tmp_path: Path, semgrep: Path) -> None:
    write(tmp_path, "good", "# ruleid: t.good\ngood(1)\n")
    bad = write(tmp_path, "bad", "# ruleid: t.bad\nbad(1)\n")
    bad.write_text(bad.read_text().replace("bad(...)", '"bad(((("'))
    results = by_id(tmp_path, semgrep)
    assert results["t.good"].passed
    assert results["t.bad"].error.startswith("Invalid pattern for Python")


def test_only_what_is_asked_for(tmp_path: Path, semgrep: Path) -> None:
    for stem in ("one", "two", "three"):
        write(tmp_path, stem, f"# ruleid: t.{stem}\n{stem}()\n")
    assert list(by_id(tmp_path, semgrep, "t.t*")) == ["t.three", "t.two"]
    with pytest.raises(RuleError, match="four: no such rule"):
        by_id(tmp_path, semgrep, "four")


def test_targets_are_told_from_rules_and_documentation(tmp_path: Path) -> None:
    names = ["a.py", "a.test.yaml", "a.tsx", "a.md", "a.fixed.py", "a.json", "ab.py", "b.py", "a[1].py"]
    for name in ["a.yaml", *names]:
        (tmp_path / name).write_text("")
    assert [target.name for target in targets_of(tmp_path / "a.yaml")] == ["a.py", "a.test.yaml", "a.tsx"]
    assert [target.name for target in targets_of(tmp_path / "a[1].yaml")] == ["a[1].py"]


def test_a_target_that_cannot_be_read(tmp_path: Path, semgrep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "one", "# ruleid: t.one\none()\n")

    def refuse(source: Path, **_: str) -> str:
        raise PermissionError(13, "Permission denied", str(source))

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(RuleError, match=r"one\.py: Permission denied"):
        test_rules([tmp_path], semgrep)


def test_new_rules_pass_as_they_are(tmp_path: Path, semgrep: Path) -> None:
    for language in SCAFFOLD_LANGUAGES:
        new_rule(f"acme.{language}.example-{language}", language, tmp_path)
    results = test_rules([tmp_path], semgrep)
    assert len(results) == len(SCAFFOLD_LANGUAGES)
    assert [(result.rule_id, result.error) for result in results if not result.passed] == []
    assert {(result.positives, result.negatives) for result in results} == {(2, 2)}


@pytest.mark.slow
def test_agrees_with_semgreps_own_test_mode(tmp_path: Path, semgrep: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    write(folder, "passes", "# ruleid: t.passes\npasses()\n# ok: t.passes\nother()\n#ruleid:t.passes\npasses(1)\n")
    write(folder, "misses", "# ruleid: t.misses\nother()\n# ruleid: t.misses\n\nmisses()\n")
    write(folder, "noisy", "# ruleid: t.noisy\nnoisy()\n# ok: t.noisy\nnoisy()\nnoisy()\n")
    write(folder, "later", "# todoruleid: t.later\nx()\n# todook: t.later\nlater()\n# ruleid: t.later\nlater()\n")
    write(
        folder,
        "pair",
        "# ruleid: t.one, t.two\none(two())\n# ok: t.one\ntwo\n# ruleid: t.two\none()\n",
        ids=("t.one", "t.two"),
    )
    settings = {"SEMGREP_SETTINGS_FILE": f"{tmp_path}/settings.yml", "SEMGREP_LOG_FILE": f"{tmp_path}/log"}
    done = subprocess.run(
        [semgrep, "scan", "--test", "--json", "--metrics=off", "--disable-version-check", str(folder)],
        capture_output=True,
        env={**os.environ, **settings},
    )
    checks: dict[str, dict[str, object]] = {}
    for rule_file in json.loads(done.stdout)["results"].values():
        checks |= rule_file["checks"]
    theirs = {}
    for rule_id, check in checks.items():
        ((expected, reported),) = (
            (set(match["expected_lines"]), set(match["reported_lines"])) for match in check["matches"].values()
        )
        theirs[rule_id] = (check["passed"], sorted(expected - reported), sorted(reported - expected))
    ours = {
        rule_id: (result.passed, [p.line for p in result.missed], [p.line for p in result.unexpected])
        for rule_id, result in by_id(folder, semgrep).items()
    }
    assert ours == theirs
    assert {passed for passed, _, _ in ours.values()} == {True, False}
