"""Starting a rule: what is written, and what is refused. (That it passes its tests is shown in tests/rules.)"""

from pathlib import Path

import pytest

from oreva.errors import UsageError
from oreva.rules.lint import lint
from oreva.rules.load import load_rules
from oreva.rules.scaffold import SCAFFOLD_LANGUAGES, new_rule


@pytest.mark.parametrize("language", SCAFFOLD_LANGUAGES)
def test_a_new_rule_lints_clean(tmp_path: Path, language: str) -> None:
    rule_file, target, page = new_rule(f"acme.{language}.weakness.example", language, tmp_path / "new")
    assert (rule_file.name, target.name.split(".")[0], page.name) == ("example.yaml", "example", "example.md")
    assert f"`acme.{language}.weakness.example`" in page.read_text()
    (loaded,) = load_rules([tmp_path], builtin=False).rules
    assert (loaded.rule.id, loaded.rule.languages) == (f"acme.{language}.weakness.example", (language,))
    assert lint([tmp_path]) == []


def test_another_name_of_a_language(tmp_path: Path) -> None:
    assert [file.name for file in new_rule("acme.x", "golang", tmp_path)] == ["x.yaml", "x.go", "x.md"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "x.py"
    target.write_text("mine")
    with pytest.raises(UsageError, match=r"x\.py: already there"):
        new_rule("acme.x", "python", tmp_path)
    assert target.read_text() == "mine"
    assert not (tmp_path / "x.yaml").exists()
    (tmp_path / "y.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="already there"):
        new_rule("acme.y", "python", tmp_path)


@pytest.mark.parametrize("rule_id", ["short", "", "../../etc/x", "a..b", "a.b/c", "a.b\n", ".a"])
def test_ids_that_are_none(tmp_path: Path, rule_id: str) -> None:
    with pytest.raises(UsageError, match="no rule id"):
        new_rule(rule_id, "python", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_language_without_a_template(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"klingon: no template .* use one of .*python"):
        new_rule("acme.x", "klingon", tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="choose a folder that can be written"):
        new_rule("acme.x", "python", tmp_path / "file" / "below")
