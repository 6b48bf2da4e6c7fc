"""The documentation says what is: examples load, commands parse, links lead somewhere, tables are complete."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from pydantic import BaseModel

from oreva.cli.__main__ import oreva
from oreva.config import Config, config_from_text
from oreva.models import Outcome, Status
from oreva.rules.load import RuleSet
from oreva.rules.testing import test_rules as run_rule_tests
from oreva.scanners.semgrep import SemgrepScanner
from oreva.triage.evaluate import evaluate
from oreva.triage.heuristics import HeuristicTriager
from oreva.triage.signals import SIGNALS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
]
NAMES = [page.name for page in PAGES]
PATHS = {page.name: page for page in PAGES}

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?:^|[\s`/])(oreva (?:scan|findings|rules|triage|up|down|doctor)\b.*)$")
INDENTED = re.compile(r"^    (oreva .+?)(?:  .*)?$", re.MULTILINE)
"""A command of an indented block; what it does may stand behind it."""
END_OF_COMMAND = re.compile(r"^(?:[|&;]+|\d?>>?|<)$")


def text_of(name: str) -> str:
    return PATHS[name].read_text(encoding="utf-8")


def blocks(name: str) -> Iterator[tuple[str, str]]:
    """Language and content of every fenced block of a page."""
    return ((match[1], match[2]) for match in FENCE.finditer(text_of(name)))


def block_commands(name: str) -> list[str]:
    """Every `oreva ...` command line in the fenced and the indented blocks of a page."""
    found = []
    for language, content in blocks(name):
        if language not in ("sh", "console", "yaml", "text"):
            continue
        for line in content.replace("\\\n", " ").splitlines():
            if language in ("console", "text") and not line.startswith("$ "):
                continue
            match = COMMAND.search(line)
            if match and "next: change" not in line and not line.lstrip().startswith("#"):
                found.append(match[1])
    return found + [match[1] for match in INDENTED.finditer(FENCE.sub("", text_of(name)))]


def inline_commands(name: str) -> list[str]:
    prose = FENCE.sub("", text_of(name))
    return [match[1] for match in re.finditer(r"`(oreva [^`\n]+)`", prose)]


def words_of(command: str) -> list[str]:
    """The arguments of `oreva` in a line of shell, up to the first pipe, redirection or separator."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    words = []
    for word in list(lexer)[1:]:
        if END_OF_COMMAND.match(word):
            break
        words.append(word)
    return words


def resolved(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words call, and what is left of them."""
    command: click.Command = oreva
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        assert found is not None, f"no command {rest[0]!r} in {' '.join(words)!r}"
        command, rest = found, rest[1:]
    return command, rest


@pytest.mark.parametrize("name", NAMES)
def test_every_command_in_a_block_can_be_given(name: str) -> None:
    for line in block_commands(name):
        command, rest = resolved(words_of(line))
        assert not isinstance(command, click.Group), line
        command.make_context(line, rest)  # raises click.UsageError for options and values that there are not


@pytest.mark.parametrize("name", NAMES)
def test_every_command_in_the_text_exists_with_its_options(name: str) -> None:
    for line in inline_commands(name):
        command, rest = resolved(words_of(line))
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        known |= {"--help", "-h"}
        for word in rest:
            assert not word.startswith("-") or word.split("=")[0] in known, line


def test_there_are_commands_to_check() -> None:
    assert sum(len(block_commands(name)) for name in NAMES) > 20
    assert len(block_commands("README.md")) > 10
    assert sum(len(inline_commands(name)) for name in NAMES) > 20


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_files_and_headings(name: str) -> None:
    page = PATHS[name]
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", text_of(name))):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name}: {link}"
        assert target.is_relative_to(ROOT), f"{name}: {link}"
        if anchor:
            assert anchor in headings(target), f"{name}: {link}"


def headings(page: Path) -> set[str]:
    """The anchors that GitHub makes from the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def config_blocks() -> list[tuple[str, str]]:
    return [(name, text) for name in NAMES for _, text in blocks(name) if text.startswith("# .oreva.yml\n")]


@pytest.mark.parametrize(("name", "text"), config_blocks())
def test_examples_of_the_configuration_load(name: str, text: str) -> None:
    config_from_text(text, name)


def keys(model: type[BaseModel], prefix: str = "") -> dict[str, object]:
    """Every setting by its dotted name, with its default."""
    found: dict[str, object] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.default, BaseModel):
            found |= keys(type(field.default), f"{prefix}{name}.")
        else:
            found[prefix + name] = model.model_construct().model_dump(mode="json")[name]
    return found


def test_every_setting_is_listed_with_its_default() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| .+? \| (?:`(.+?)`|—.*?) \| ", text_of("configuration.md"), re.MULTILINE)
    listed = {key: yaml.safe_load(value) if value else None for key, value in rows}
    wanted = keys(Config)
    assert wanted.pop("state_dir") is None
    assert {key: listed.get(key, "missing") for key in wanted} == wanted
    assert "`state_dir`" in text_of("configuration.md")


def test_the_full_example_sets_every_setting_that_is_used() -> None:
    name, text = next((name, text) for name, text in config_blocks() if name == "configuration.md")
    given = config_from_text(text, name).model_dump(mode="json", exclude_unset=True)
    flat = {f"{key}.{below}" for key, value in given.items() if isinstance(value, dict) for below in value}
    not_used_yet = re.compile(r"archive\.|triage\.(?:model_id|region|token_budget)\Z|state_dir\Z|triage\.policy\.")
    missing = {key for key in keys(Config) if key not in {*given, *flat} and not not_used_yet.match(key)}
    assert missing == set()
    assert set(given["triage"]["policy"]) == {key.rpartition(".")[2] for key in keys(Config) if ".policy." in key}


def test_flags_of_a_scan_are_listed() -> None:
    command, _ = resolved(["scan"])
    text = text_of("configuration.md")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}" in text, parameter.opts[0]


def test_variables_of_the_environment_are_listed() -> None:
    text = text_of("configuration.md")
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "oreva").rglob("*.py"))
    for variable in set(re.findall(r'"(OREVA_[A-Z_]+)"', source)):
        assert f"`{variable}`" in text, variable


def test_words_of_the_models_are_explained() -> None:
    for outcome in Outcome:
        assert f"| `{outcome}` |" in text_of("coverage.md")
    for status in Status:
        assert f"| `{status}` |" in text_of("findings.md")


def test_every_signal_is_listed_and_no_other() -> None:
    section = text_of("triage.md").partition("## The heuristic triager")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([\w-]+)` \| ([\w-]+) \| ", section, re.MULTILINE)
    assert set(listed) == {(signal.name, signal.group) for signal in SIGNALS}


def test_dependencies_are_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    section = text_of("decisions.md").partition("## Dependencies\n")[2]
    core, *extras = re.split(r"^### Extra `([\w-]+)`.*$", section, flags=re.MULTILINE)
    explained = {"": explained_in(core)}
    explained |= {name: explained_in(text) for name, text in zip(extras[::2], extras[1::2], strict=True)}
    declared = {"": project["dependencies"], **project["optional-dependencies"]}
    assert explained == {name: sorted(map(package, lines)) for name, lines in declared.items()}


def explained_in(section: str) -> list[str]:
    """The packages in the first column of the tables, each as often as it is named there; every row has a reason."""
    rows = re.findall(r"^\| (`.+?) \| (.*?) ?\|$", section, re.MULTILINE)
    assert all(reason for _, reason in rows)
    return sorted(name for names, _ in rows for name in re.findall("`(.+?)`", names))


def package(requirement: str) -> str:
    return re.split(r"[\[<>=!; ]", requirement)[0]


def rule_example_files() -> dict[str, str]:
    found = {}
    for _, text in blocks("writing-rules.md"):
        first, _, rest = text.partition("\n")
        if first.startswith("# team-rules/"):
            found[first.removeprefix("# ")] = rest
    return found


def test_the_rules_of_the_tutorial_pass_their_tests(tmp_path: Path) -> None:
    for name, text in rule_example_files().items():
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    program = Path(SemgrepScanner(RuleSet(())).program)
    results = run_rule_tests([tmp_path / "team-rules"], program)
    assert len(results) == 3
    assert [result for result in results if not result.passed] == []
    assert all(result.positives and result.negatives for result in results)


def test_the_labelled_cases_of_the_triage_page_give_the_printed_result(tmp_path: Path) -> None:
    (cases,) = [text for language, text in blocks("triage.md") if language == "json"]
    assert len([json.loads(line) for line in cases.splitlines()]) == 2
    file = tmp_path / "cases.jsonl"
    file.write_text(cases, encoding="utf-8")
    assert str(evaluate(file, HeuristicTriager())) in text_of("triage.md")


def test_the_page_of_rules_is_current() -> None:
    command = [sys.executable, str(ROOT / ".ci" / "rules-doc"), "-"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == text_of("rules.md"), "docs/rules.md is old; run `.venv/bin/python .ci/rules-doc`"
