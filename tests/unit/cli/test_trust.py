"""State that this user made is told from state that came along."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from oreva.cli.state import existing_state_dir, state_dir
from oreva.cli.trust import OWNER_NAME, is_ours, mark_as_ours, user_state_home
from oreva.errors import UsageError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    return tmp_path / "tree"


def test_state_of_our_own_is_ours_and_stays_so_when_the_tree_moves(tree: Path, tmp_path: Path) -> None:
    made = state_dir(tree, None)
    (made.path / "oreva.db").touch()
    assert is_ours(made.path)
    assert state_dir(tree, None).path == made.path
    moved = tmp_path / "elsewhere"
    tree.rename(moved)
    assert state_dir(moved, None).path == moved / ".oreva"
    assert existing_state_dir(moved, None) is not None


@pytest.mark.parametrize("name", ["oreva.db", "cache.db", "rules-1.json"])
def test_state_that_came_along_is_refused(tree: Path, name: str) -> None:
    (tree / ".oreva").mkdir()
    (tree / ".oreva" / name).touch()
    with pytest.raises(UsageError, match=r"was not made by you on this machine.*--state-dir"):
        state_dir(tree, None)
    with pytest.raises(UsageError, match="was not made by you"):
        existing_state_dir(tree, None)


def test_the_mark_of_another_user_does_not_count(tree: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = state_dir(tree, None)
    (made.path / "oreva.db").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(home.with_name("other")))
    assert not is_ours(made.path)
    with pytest.raises(UsageError):
        state_dir(tree, None)


def test_state_that_is_named_is_trusted(tree: Path) -> None:
    (tree / ".oreva").mkdir()
    (tree / ".oreva" / "oreva.db").touch()
    assert state_dir(tree, tree / ".oreva").repository == "local/root"


@pytest.mark.parametrize("text", ["", "x y", "0" * 32 + " " + "0" * 64, "\udcff"])
def test_a_mark_that_is_none(tree: Path, text: str) -> None:
    mark_as_ours(tree)
    (tree / OWNER_NAME).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert not is_ours(tree)


def test_the_key_is_private_and_made_once(tree: Path) -> None:
    mark_as_ours(tree)
    key = user_state_home() / "key"
    assert key.stat().st_mode & 0o077 == 0
    content = key.read_bytes()
    shutil.rmtree(tree)
    tree.mkdir()
    mark_as_ours(tree)
    assert key.read_bytes() == content
    assert [entry.name for entry in key.parent.iterdir()] == ["key"]


def test_without_a_place_for_the_key_nothing_can_be_told(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    mark_as_ours(tree)
    assert not list(tree.iterdir())
    assert is_ours(tree)
