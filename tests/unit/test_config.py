"""`.oreva.yml`, environment and flags: what they mean, which wins, and how a mistake is told."""

import datetime as dt
import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from oreva import config_text
from oreva.cli.scan import scan
from oreva.config import (
    MAX_BYTES,
    AcceptedGap,
    Config,
    DisabledRule,
    SuppressionSettings,
    TriageSettings,
    config_from_text,
    find_config,
    load_config,
    to_schema,
)
from oreva.errors import ConfigError, UsageError
from oreva.models import Severity
from oreva.rules.load import load_rules
from oreva.scanners.base import SCANNERS, Limits
from oreva.scanners.registry import make_scanners
from oreva.triage.policy import TriagePolicy
from oreva.triage.registry import MODES

EVERYTHING = """\
# What our team agreed on.
fail_on: medium
scanners: [semgrep]
rules:
  - security/rules
  - /opt/rules.yaml
builtin_rules: no
disabled_rules:
  - id: python.flask.debug
    reason: "only in the demo"
exclude: ["docs/", '*.min.js', "!keep.min.js"]
include: [vendor/ours/**]
accepted_gaps:
  - {path: legacy/*.py, scanner: bandit, reason: Python 2}
  - path: data/huge.json
    reason: no code
jobs: 4
timeout_s: 12
batch_timeout_s: 90.5
memory_mb: 1024
triage:
  mode: off
  policy: {suppress: true, min_confidence: 0.95, max_severity: low, allow_high: false}
  model_id: eu.anthropic.claude-sonnet-4-5-20250929-v1:0
  region: eu-central-1
  token_budget: 0
suppressions: {in_source: ignore}
"""


def message(text):
    with pytest.raises(ConfigError) as caught:
        config_from_text(text, ".oreva.yml")
    said = str(caught.value)
    assert "\n" not in said
    assert said.isprintable()
    return said


def outcome(text):
    """The settings in a text, or what is said about it."""
    try:
        return config_from_text(text, ".oreva.yml")
    except ConfigError as error:
        return str(error)


class TestSettings:
    def test_every_setting(self):
        assert config_from_text(EVERYTHING, ".oreva.yml", Path("/repo")) == Config(
            fail_on=Severity.MEDIUM,
            scanners=("semgrep",),
            rules=(Path("/repo/security/rules"), Path("/opt/rules.yaml")),
            builtin_rules=False,
            disabled_rules=(DisabledRule(id="python.flask.debug", reason="only in the demo"),),
            exclude=("docs/", "*.min.js", "!keep.min.js"),
            include=("vendor/ours/**",),
            accepted_gaps=(
                AcceptedGap(path="legacy/*.py", scanner="bandit", reason="Python 2"),
                AcceptedGap(path="data/huge.json", reason="no code"),
            ),
            jobs=4,
            timeout_s=12.0,
            batch_timeout_s=90.5,
            memory_mb=1024,
            triage=TriageSettings(
                mode="off",
                policy=TriagePolicy(suppress=True, min_confidence=0.95, max_severity=Severity.LOW),
                model_id="eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
                region="eu-central-1",
                token_budget=0,
            ),
            suppressions=SuppressionSettings(in_source="ignore"),
        )

    @pytest.mark.parametrize("text", ["", "\n# nothing yet\n", "---\n", "~", "exclude:\njobs: ~\ntriage:\n  policy:\n"])
    def test_what_is_left_empty_has_its_default(self, text):
        config = config_from_text(text, ".oreva.yml")
        assert config == Config()
        assert config.fail_on is Severity.HIGH
        assert config.scanners == ("semgrep", "bandit")
        assert config.triage == TriageSettings(mode="heuristic", policy=TriagePolicy())
        assert config.limits == Limits()

    def test_paths_of_rules_stay_as_written_without_a_folder(self):
        assert config_from_text("rules: [a/b]", "x").rules == (Path("a/b"),)

    def test_limits_of_a_scanner_process(self):
        config = config_from_text("{timeout_s: 1, batch_timeout_s: 2, memory_mb: 64}", "x")
        assert config.limits == Limits(timeout_s=1, batch_timeout_s=2, memory_bytes=64 * 1024**2)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("none", None), ("critical", Severity.CRITICAL), ("info", Severity.INFO), ('"none"', None)],
    )
    def test_fail_on(self, text, expected):
        assert config_from_text(f"fail_on: {text}", "x").fail_on is expected

    @pytest.mark.parametrize("word", ["off", "heuristic", "bedrock"])
    def test_words_that_yaml_1_1_takes_for_booleans_stay_words(self, word):
        assert config_from_text(f"triage: {{mode: {word}}}", "x").triage.mode == word

    def test_a_scanner_named_twice_runs_once(self):
        assert config_from_text("scanners: [bandit, bandit, semgrep]", "x").scanners == ("bandit", "semgrep")

    def test_settings_cannot_be_changed_in_place(self):
        with pytest.raises(ValueError, match="frozen"):
            Config().jobs = 3

    def test_bytes_that_start_with_a_mark_are_read(self, tmp_path):
        path = tmp_path / ".oreva.yml"
        path.write_bytes("\ufefffail_on: low\r\njobs: 2\r\n".encode())
        assert load_config(path, {}) == Config(fail_on=Severity.LOW, jobs=2)


class TestMistakes:
    def test_an_unknown_key_with_a_suggestion(self):
        text = "fail_on: low\n\n# one\n\n\njobs: 1\nexlude: [a]\n"
        assert message(text) == '.oreva.yml:7: unknown key "exlude"; did you mean "exclude"?'

    @pytest.mark.parametrize(
        ("text", "start", "suggestion"),
        [
            ("triage:\n  mode: off\n  modle_id: x", '.oreva.yml:3: unknown key "modle_id"', "model_id"),
            ("triage: {policy: {\n supress: true}}", '.oreva.yml:2: unknown key "supress"', "suppress"),
            ("disabled_rules:\n- id: a\n  reson: b", '.oreva.yml:3: unknown key "reson"', "reason"),
            (
                "accepted_gaps:\n- path: a\n  reason: b\n- pth: a\n  reason: b",
                '.oreva.yml:4: unknown key "pth"',
                "path",
            ),
        ],
    )
    def test_unknown_keys_further_down(self, text, start, suggestion):
        assert message(text) == f'{start}; did you mean "{suggestion}"?'

    def test_an_unknown_key_like_no_other(self):
        said = message('"\\e[31mqqqqqq": 1')
        assert (
            said
            == '.oreva.yml:1: unknown key "\\x1b[31mqqqqqq"; remove it, or see the documentation for the known keys'
        )

    def test_the_first_of_several_mistakes_is_told(self):
        assert message("jobs: 1\nzzz: 1\njobz: 3\nfail_on: 7\n").startswith('.oreva.yml:2: unknown key "zzz"')

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("fail_on: hihg", '1: fail_on: expected one of critical, high, medium, low, info, none, not "hihg"'),
            ("\nscanners: [semgrep,\n pylint]", '3: scanners[1]: expected one of semgrep, bandit, not "pylint"'),
            ("scanners: semgrep", '1: scanners: expected a list, not "semgrep"'),
            ("scanners: []", "1: scanners: expected at least one entry, not []"),
            ("rules: ['']", '1: rules[0]: expected a path, not ""'),
            ('rules: ["a\\0b"]', '1: rules[0]: expected a path, not "a\\u0000b"'),
            ("rules: [1]", "1: rules[0]: expected a path, not 1"),
            ("builtin_rules: 7", "1: builtin_rules: expected true or false, not 7"),
            ("builtin_rules: maybe", '1: builtin_rules: expected true or false, not "maybe"'),
            (
                "disabled_rules:\n- id: 12\n  reason: a",
                "2: disabled_rules[0].id: expected text (numbers in quotes), not 12",
            ),
            ("disabled_rules:\n- id: x\n", '2: disabled_rules[0]: the key "reason" is missing; add it'),
            ("disabled_rules:\n- {id: x, reason: '  '}", '2: disabled_rules[0].reason: expected some text, not "  "'),
            ("disabled_rules: [x]", '1: disabled_rules[0]: expected `key: value` lines, not "x"'),
            (
                "exclude: ['a', '!']",
                '1: exclude[1]: expected a pattern in .gitignore syntax that can match something, not "!"',
            ),
            ("exclude: [2020-01-01, []]", "1: exclude[1]: expected text (numbers in quotes), not []"),
            ("jobs: many", '1: jobs: expected a whole number, not "many"'),
            ("jobs: true", "1: jobs: expected a whole number, not true"),
            ("jobs: 0", "1: jobs: expected at least 1, not 0"),
            ("jobs: 5000", "1: jobs: expected at most 1024, not 5000"),
            ("jobs: 1.5", "1: jobs: expected a whole number, not 1.5"),
            ("timeout_s: -1", "1: timeout_s: expected more than 0.0, not -1"),
            ("timeout_s: .nan", '1: timeout_s: expected a number, not ".nan"'),
            ("triage: off", '1: triage: expected `key: value` lines, not "off"'),
            ("triage: {region: 'evil.example/'}", "1: triage.region: expected text of the form "),
            (
                "suppressions: {in_source: never}",
                '1: suppressions.in_source: expected one of honour, ignore, not "never"',
            ),
            ("state_dir: /etc", "1: state_dir cannot be set here; use --state-dir or OREVA_STATE_DIR"),
            ("jobs: 1\njobs: 2", "2: the key is already set in line 1; remove one of the two"),
            ("jobs:\njobs: 2", "2: the key is already set in line 1; remove one of the two"),
            ("a: [", "2: invalid YAML: "),
            ("jobs: 1\n\tfail_on: low", "2: invalid YAML: "),
            ("jobs: 1\nx: \x07", "2: invalid YAML: "),
            ("jobs: 1\nx: '\udcff'", "2: invalid YAML: "),
            ("- a\n- b", "1: expected `key: value` lines"),
            ("just words", "1: expected `key: value` lines"),
            ("--- {jobs: 1}\n--- {jobs: 2}", "2: a second document"),
            ("x: !!python/object/apply:os.system [id]", "1: tags (`!name`) are not supported"),
            ("jobs: !!int 3", "1: tags (`!name`) are not supported"),
            ("[a]: 1", "1: a key must be a plain word"),
        ],
    )
    def test_are_told_with_line_key_and_expectation(self, text, said):
        assert message(text).startswith(f".oreva.yml:{said}")

    def test_what_was_found_is_cut_and_made_harmless(self):
        said = message(f'fail_on: "\\e]0;title\\a{"x" * 5000}"')
        assert len(said) < 250

    def test_an_alias_bomb_goes_off_nowhere(self):
        levels = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
        assert message("\n".join(levels)) == ".oreva.yml:2: aliases (`*name`) are not supported; write the value out"
        assert "line" not in message("exclude: &a [*a]")

    @pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
    def test_bottomless_nesting(self, opening):
        said = message(opening * 200_000)
        assert "nested more than 20 levels deep" in said or "invalid YAML" in said

    def test_the_pure_python_parser_tells_the_same_lines(self, monkeypatch):
        monkeypatch.setattr(config_text, "_LOADER", yaml.SafeLoader)
        assert config_from_text(EVERYTHING, "x").jobs == 4
        assert message("jobs: 1\nexlude: []").startswith(".oreva.yml:2: unknown key")
        assert message("jobs: 1\nx: \x07").startswith(".oreva.yml:2: invalid YAML: ")
        assert message("a: [").startswith(".oreva.yml:1: invalid YAML: ")
        assert "nested more than" in message("[" * 1000)

    @given(st.text() | st.text("[]{}:,-&*!|>'\"#%@`\n \tab01~?\\", max_size=40))
    def test_any_text_is_settings_or_a_mistake_in_one_line(self, text):
        said = outcome(text)
        assert isinstance(said, Config) or (said.startswith(".oreva.yml:") and said.isprintable())

    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(dt.date(2026, 1, 1)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    )

    @given(st.dictionaries(st.sampled_from(sorted(Config.model_fields)), values, max_size=4))
    def test_any_value_of_any_setting_is_settings_or_a_mistake_with_its_line(self, content):
        text = yaml.safe_dump(content, default_flow_style=False, sort_keys=False)
        said = outcome(text)
        if isinstance(said, str):
            assert said.isprintable()
            assert 1 <= int(said.split(":")[1]) <= text.count("\n") + 1


class TestFiles:
    def test_is_found_in_the_root_only(self, tmp_path):
        inner = tmp_path / "inner"
        inner.mkdir()
        (tmp_path / ".oreva.yml").touch()
        assert find_config(tmp_path) == tmp_path / ".oreva.yml"
        assert find_config(inner) is None
        assert find_config(tmp_path / "missing") is None

    def test_another_suffix_is_not_passed_over_in_silence(self, tmp_path):
        (tmp_path / ".oreva.yaml").touch()
        with pytest.raises(ConfigError, match=r"\.oreva\.yaml is not read under this name; rename it to \.oreva\.yml"):
            find_config(tmp_path)
        (tmp_path / ".oreva.yml").touch()
        assert find_config(tmp_path) == tmp_path / ".oreva.yml"

    def test_rules_lie_relative_to_the_file(self, tmp_path):
        path = tmp_path / ".oreva.yml"
        path.write_text("rules: [rules, ../shared]\n")
        assert load_config(path, {}).rules == (tmp_path / "rules", tmp_path / "../shared")

    def test_no_file_means_defaults(self):
        assert load_config(None, {}) == Config()

    def test_messages_name_the_file_as_seen_from_here(self, tmp_path, monkeypatch):
        folder = tmp_path / "proj\x1b[31m\nect"
        folder.mkdir()
        (folder / ".oreva.yml").write_text("jobs: x")
        monkeypatch.chdir(folder)
        with pytest.raises(ConfigError, match=r"^\.oreva\.yml:1: jobs"):
            load_config(Path(".oreva.yml"), {})
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ConfigError, match=r"^proj\\x1b\[31m\\nect/\.oreva\.yml:1: jobs"):
            load_config(folder / ".oreva.yml", {})
        monkeypatch.chdir("/usr")
        with pytest.raises(ConfigError) as caught:
            load_config(folder / ".oreva.yml", {})
        assert str(caught.value).startswith(f"{tmp_path}/proj\\x1b")

    def test_unreadable_kinds_of_files(self, tmp_path):
        path = tmp_path / ".oreva.yml"
        with pytest.raises(ConfigError, match=r"\.oreva\.yml cannot be read: no such file"):
            load_config(path, {})
        path.mkdir()
        with pytest.raises(ConfigError, match=r"cannot be read: not a regular file"):
            load_config(path, {})
        path.rmdir()
        os.mkfifo(path)
        with pytest.raises(ConfigError, match=r"cannot be read: not a regular file"):
            load_config(path, {})
        path.unlink()
        path.symlink_to("/etc/passwd")
        assert find_config(tmp_path) == path
        with pytest.raises(ConfigError, match=r"cannot be read: .*links"):
            load_config(path, {})

    @pytest.mark.parametrize("filler", [b"# filler\n", "# füller\n".encode()])
    def test_a_file_above_1_mb_is_refused(self, tmp_path, filler):
        path = tmp_path / ".oreva.yml"
        path.write_bytes(filler * (MAX_BYTES // len(filler)))
        assert load_config(path, {}) == Config()
        path.write_bytes(filler * (MAX_BYTES // len(filler) + 2))
        with pytest.raises(ConfigError, match=r"\.oreva\.yml is larger than 1 MB"):
            load_config(path, {})
        assert message("#" * (MAX_BYTES + 1)).startswith(".oreva.yml is larger than 1 MB")

    def test_other_encodings_are_refused_with_the_line(self, tmp_path):
        path = tmp_path / ".oreva.yml"
        path.write_bytes(b"jobs: 1\n# caf\xe9\n")
        with pytest.raises(ConfigError, match=r"\.oreva\.yml:2: not UTF-8"):
            load_config(path, {})


class TestEnvironment:
    def test_overrides_the_file(self, tmp_path):
        path = tmp_path / ".oreva.yml"
        path.write_text(
            "fail_on: low\njobs: 2\nrules: [a]\ntriage: {mode: off, token_budget: 5}\nbuiltin_rules: false\n"
        )
        env = {
            "OREVA_FAIL_ON": "none",
            "OREVA_JOBS": "3",
            "OREVA_STATE_DIR": "/var/lib/oreva",
            "OREVA_TRIAGE": "heuristic",
            "OREVA_RULES": os.pathsep.join(["x", "", "y"]),
            "OREVA_NO_COLOR": "1",
            "PATH": "/bin",
        }
        assert load_config(path, env) == Config(
            fail_on=None,
            jobs=3,
            state_dir=Path("/var/lib/oreva"),
            rules=(Path("x"), Path("y")),
            triage=TriageSettings(mode="heuristic", token_budget=5),
            builtin_rules=False,
        )

    def test_empty_variables_are_not_set(self):
        names = ("OREVA_FAIL_ON", "OREVA_JOBS", "OREVA_STATE_DIR", "OREVA_TRIAGE", "OREVA_RULES")
        assert load_config(None, dict.fromkeys(names, "")) == Config()
        assert load_config(None, {"OREVA_RULES": os.pathsep}) == Config()

    @pytest.mark.parametrize(
        ("variable", "value", "said"),
        [
            ("OREVA_FAIL_ON", "hi\x1bgh", 'expected one of critical, high, medium, low, info, none, not "hi\\u001bgh"'),
            ("OREVA_JOBS", "two", 'expected a whole number, not "two"'),
            ("OREVA_JOBS", "²", 'expected a whole number, not "²"'),
            ("OREVA_JOBS", "0", "expected at least 1, not 0"),
            ("OREVA_JOBS", "9" * 5000, "expected a whole number, not "),
            ("OREVA_TRIAGE", "gpt", 'expected one of heuristic, bedrock, off, not "gpt"'),
            ("OREVA_RULES", "a\0b", 'expected a path, not "a\\u0000b"'),
        ],
    )
    def test_a_bad_value_names_the_variable(self, variable, value, said):
        with pytest.raises(ConfigError) as caught:
            load_config(None, {variable: value})
        assert str(caught.value).startswith(f"{variable}: {said}")
        assert len(str(caught.value)) < 200


class TestFlags:
    def test_override_everything(self):
        config = config_from_text("fail_on: low\nexclude: [a]\nscanners: [bandit]\ntriage: {token_budget: 5}", "x")
        flagged = config.with_overrides(
            fail_on="none",
            exclude=("b", "c"),
            scanners=("semgrep",),
            triage="off",
            jobs=2,
            state_dir=Path("s"),
            rules=(),
        )
        assert flagged == Config(
            fail_on=None,
            exclude=("a", "b", "c"),
            scanners=("semgrep",),
            triage=TriageSettings(mode="off", token_budget=5),
            jobs=2,
            state_dir=Path("s"),
        )
        assert config.exclude == ("a",)

    def test_what_is_not_given_changes_nothing(self):
        config = config_from_text(EVERYTHING, "x")
        assert config.with_overrides(fail_on=None, exclude=(), scanners=[], triage=None, jobs=None) == config
        assert config.with_overrides() == config

    def test_false_is_a_value(self):
        assert Config().with_overrides(builtin_rules=False).builtin_rules is False

    @pytest.mark.parametrize(
        ("flag", "said"),
        [
            ({"jobs": 0}, "--jobs: expected at least 1, not 0"),
            ({"state_dir": 3}, "--state-dir: expected a path, not 3"),
            ({"triage": "x"}, '--triage: expected one of heuristic, bedrock, off, not "x"'),
            ({"exclude": ["!"]}, "--exclude: expected a pattern in .gitignore syntax"),
            ({"exclude": "a"}, '--exclude: expected a list, not "a"'),
        ],
    )
    def test_a_bad_value_names_the_flag(self, flag, said):
        with pytest.raises(UsageError) as caught:
            Config().with_overrides(**flag)
        assert str(caught.value).startswith(said)

    def test_a_flag_that_is_no_setting_is_a_mistake_of_the_caller(self):
        with pytest.raises(TypeError, match="colour"):
            Config().with_overrides(colour=True)


class TestSchema:
    def test_accepts_what_is_valid_and_refuses_what_is_not(self):
        schema = json.loads(json.dumps(to_schema()))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        content = yaml.safe_load(EVERYTHING)
        content["triage"]["mode"] = "off"  # YAML 1.1 reads a boolean
        assert list(validator.iter_errors(content)) == []
        assert validator.is_valid({"fail_on": "none"})
        for wrong in ({"exlude": []}, {"state_dir": "x"}, {"fail_on": "worst"}, {"disabled_rules": [{"id": "x"}]}):
            assert not validator.is_valid(wrong)

    def test_the_copy_for_editors_is_current(self):
        kept = Path(__file__).parents[2] / "docs" / "oreva.schema.json"
        assert json.loads(kept.read_text(encoding="utf-8")) == to_schema(), "run `.venv/bin/python .ci/config-schema`"

    def test_modes_and_scanners_are_those_there_are(self):
        described = to_schema()
        assert tuple(described["$defs"]["TriageSettings"]["properties"]["mode"]["enum"]) == MODES
        (flag,) = (option for option in scan.params if option.name == "triage")
        assert tuple(flag.type.choices) == MODES
        scanners = described["properties"]["scanners"]
        assert tuple(scanners["items"]["enum"]) == tuple(scanners["default"]) == SCANNERS
        made = make_scanners(SCANNERS, load_rules(), lambda: ())
        assert tuple(scanner.name for scanner in made) == SCANNERS

    def test_describes_every_setting(self):
        described = to_schema()["properties"]
        assert described.keys() == Config.model_fields.keys() - {"state_dir"}
        assert all("description" in setting or "$ref" in setting for setting in described.values())
