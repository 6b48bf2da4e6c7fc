"""The smaller commands: version, help, doctor, rules, triage."""

import json
from pathlib import Path

import pytest

from oreva._version import __version__

CASES = Path(__file__).parents[1] / "unit" / "triage" / "cases.jsonl"


class TestStart:
    def test_version(self, oreva):
        assert oreva("--version").out == f"oreva {__version__}\n"

    def test_help_lists_every_command_in_one_line(self, oreva):
        ran = oreva("--help")
        assert ran.code == 0
        for name in ("scan", "findings", "rules", "triage", "doctor"):
            assert f"\n  {name} " in ran.out
            assert oreva(name, "--help").out.startswith(f"Usage: oreva {name}")

    @pytest.mark.parametrize("command", [[], ["findings"], ["rules"], ["triage"]])
    def test_a_group_without_a_command_shows_its_help(self, oreva, command):
        ran = oreva(*command)
        assert ran.code == 2
        assert ran.err.startswith("Usage: oreva")
        assert "oreva: " not in ran.err

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("scna", "no such command 'scna'; did you mean `oreva scan`?"),
            ("finding", "no such command 'finding'; did you mean `oreva findings`?"),
            ("zzzzzz", "no such command 'zzzzzz'; see `oreva --help`"),
            ("--versio", "No such option '--versio'. Did you mean '--version'?"),
        ],
    )
    def test_a_mistyped_command(self, oreva, typed, said):
        ran = oreva(typed)
        assert (ran.code, ran.stdout, ran.err) == (2, b"", f"oreva: {said}\n")


class TestDoctor:
    def test_everything_is_there(self, oreva):
        ran = oreva("doctor")
        assert ran.code == 0
        assert ran.out.endswith("everything a scan needs is there\n")
        for name in ("Python", "Semgrep", "Bandit", "rules", "git", "temp space"):
            assert f" {name} " in ran.out

    def test_no_git_is_a_note(self, oreva, monkeypatch):
        monkeypatch.setenv("PATH", "/nonexistent")
        ran = oreva("doctor")
        assert ran.code == 0
        assert "note     git            not found: --diff needs it" in ran.out


class TestRules:
    def test_list_by_language_and_weakness(self, oreva, rules):
        ran = oreva("rules", "list", rules)
        assert (ran.code, ran.err, ran.out.count("\n")) == (0, "3 rules\n", 3)
        assert oreva("rules", "list", rules, "--language", "js").out.split()[3] == "team.js-eval"
        assert oreva("rules", "list", rules, "--cwe", "cwe-327").err == "1 rules\n"
        listed = json.loads(oreva("rules", "list", rules, "--format", "json").stdout)
        assert {rule["id"] for rule in listed} == {"team.exec", "team.weak-hash", "team.js-eval"}

    def test_the_pack_has_at_least_60_rules(self, oreva):
        listed = json.loads(oreva("rules", "list", "--format", "json").stdout)
        assert len({rule["id"] for rule in listed}) == len(listed) >= 60
        assert all(rule["cwe"] and rule["owasp"] and rule["title"] for rule in listed)

    def test_a_new_rule_passes_its_own_test_and_the_lint(self, oreva, tmp_path):
        ran = oreva("rules", "new", "team.python.shout", "--language", "python", "--folder", tmp_path / "team")
        assert ran.code == 0, ran.err
        assert ran.out.count("wrote ") == 3
        assert oreva("rules", "test", tmp_path / "team").out.endswith("1 rules passed, 0 failed\n")
        assert oreva("rules", "lint", tmp_path / "team").code == 0
        again = oreva("rules", "new", "team.python.shout", "--language", "python", "--folder", tmp_path / "team")
        assert (again.code, again.err.count("\n")) == (2, 1)

    def test_a_failing_test_says_which_line(self, oreva, tmp_path):
        oreva("rules", "new", "team.python.shout", "--language", "python", "--folder", tmp_path)
        (target,) = tmp_path.rglob("*.py")
        text = target.read_text().replace("ruleid:", "swap:").replace("ok:", "ruleid:").replace("swap:", "ok:")
        target.write_text(text)
        ran = oreva("rules", "test", tmp_path)
        assert ran.code == 1
        assert "FAILED team.python.shout" in ran.out
        assert "not reported:" in ran.out
        assert "reported wrongly:" in ran.out
        assert oreva("rules", "test", tmp_path, "--only", "team.python.shout").code == 1

    def test_lint_finds_what_a_report_would_lack(self, oreva, tmp_path):
        (tmp_path / "a.yaml").write_text(
            "rules:\n- {id: a.b, languages: [python], severity: HIGH, message: x, pattern: 'f(...)'}\n"
        )
        ran = oreva("rules", "lint", tmp_path)
        assert ran.code == 0
        assert f"{tmp_path}/a.yaml:2: rule a.b: no CWE" in ran.out
        assert ran.out.endswith("0 errors, 2 warnings\n")
        (tmp_path / "b.yaml").write_text("rules:\n- {id: a.c, languages: [python], severity: HIGH, message: x}\n")
        ran = oreva("rules", "lint", tmp_path)
        assert ran.code == 1
        assert f"{tmp_path}/b.yaml:2: rule a.c: " in ran.out

    @pytest.mark.parametrize("command", ["list", "test", "lint"])
    def test_no_such_folder(self, oreva, command, tmp_path):
        ran = oreva("rules", command, tmp_path / "nowhere")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "no such file or folder" in ran.err


class TestTriage:
    def test_measures_the_labelled_cases(self, oreva):
        ran = oreva("triage", "eval", CASES)
        assert ran.code == 0
        assert str(len(CASES.read_text().splitlines())) in ran.out

    def test_no_such_file(self, oreva, tmp_path):
        ran = oreva("triage", "eval", tmp_path / "nowhere.jsonl")
        assert (ran.code, ran.stdout, ran.err.count("\n")) == (2, b"", 1)
        assert "nowhere.jsonl" in ran.err
