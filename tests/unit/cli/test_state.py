"""Where state is kept: under the root, where the user says, or in the user's own folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from oreva.cli.state import existing_state_dir, state_dir
from oreva.errors import StoreError, UsageError

AT_ONCE = """
import multiprocessing, sys
from pathlib import Path
from oreva.cli.state import state_dir

def make(root, start):
    start.wait()
    state_dir(root, None)

fork = multiprocessing.get_context("fork")
for name in range(20):
    root = Path(sys.argv[1], str(name))
    root.mkdir()
    start = fork.Barrier(3)
    scans = [fork.Process(target=make, args=(root, start)) for _ in range(3)]
    for scan in scans:
        scan.start()
    for scan in scans:
        scan.join()
    print(sum(scan.exitcode != 0 for scan in scans))
"""
"""Three processes that make the same state directory in the same moment; prints how many of them fail."""


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


class TestStateDir:
    def test_lies_below_the_root_and_ignores_itself(self, root):
        state = state_dir(root, None)
        assert (state.path, state.repository, state.note) == (root / ".oreva", "local/root", "")
        assert (state.path / ".gitignore").read_text() == "*\n"
        assert not list(state.path.glob(".probe-*"))

    def test_of_the_users_choice_knows_the_code_by_its_place(self, root, tmp_path):
        other = tmp_path / "other"
        other.mkdir()
        states = [state_dir(folder, tmp_path / "state") for folder in (root, other)]
        assert {state.path for state in states} == {tmp_path / "state"}
        assert len({state.repository for state in states}) == 2
        assert state_dir(root, root / ".oreva").repository == "local/root"

    @pytest.mark.parametrize("file", ["a.py", "owner.py", "cache.db.py", "rules-a.py"])
    @pytest.mark.parametrize("name", [".", "src", "..//root"])
    def test_is_no_place_with_code_in_it(self, root, name, file):
        (root / "src").mkdir()
        (root / "src" / file).touch()
        with pytest.raises(UsageError, match="holds code to scan"):
            state_dir(root, root / name)
        assert not list(root.rglob(".gitignore"))

    def test_outside_of_the_root_may_hold_other_things_but_does_not_hide_them(self, root, tmp_path):
        shared = tmp_path / "shared"
        shared.mkdir()
        (shared / "notes.txt").touch()
        assert state_dir(root, shared).path == shared
        assert not (shared / ".gitignore").exists()

    def test_is_no_link(self, root, tmp_path):
        (tmp_path / "victim").mkdir()
        (root / ".oreva").symlink_to(tmp_path / "victim")
        with pytest.raises(StoreError, match="is a symbolic link"):
            state_dir(root, None)
        with pytest.raises(StoreError, match="is a symbolic link"):
            state_dir(root, root / ".oreva")
        assert list((tmp_path / "victim").iterdir()) == []

    def test_goes_to_the_users_own_folder_where_the_root_cannot_hold_it(self, root, home):
        (root / ".oreva").write_text("a file in the way")
        state = state_dir(root, None)
        assert state.path.parent == home / "oreva"
        assert state.repository == f"local/{state.path.name}"
        assert f"{root}/.oreva cannot be written; findings and cache are kept in {state.path}" in state.note
        assert state_dir(root, None) == state

    def test_is_an_error_where_no_place_can_hold_it(self, root, home):
        (root / ".oreva").write_text("a file in the way")
        home.write_text("another one")
        with pytest.raises(StoreError, match=r"\.oreva cannot hold Oreva's state"):
            state_dir(root, None)

    def test_must_take_a_file(self, root, monkeypatch):
        def refuse(self):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "touch", refuse)
        with pytest.raises(StoreError, match=r"cannot be written \(No space left on device\); choose another"):
            state_dir(root, root.parent / "state")

    def test_is_made_by_several_scans_at_once(self, tmp_path):
        done = subprocess.run([sys.executable, "-c", AT_ONCE, tmp_path], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "0\n" * 20, "")

    def test_that_a_killed_scan_had_begun_is_used(self, root):
        (root / ".oreva").mkdir()
        for name in (".gitignore", ".probe-123", ".owner-x1y2"):
            (root / ".oreva" / name).touch()
        assert state_dir(root, None).path == root / ".oreva"


class TestExistingStateDir:
    def test_is_what_a_scan_has_left(self, root, tmp_path):
        assert existing_state_dir(root, None) is None
        made = state_dir(root, None)
        assert existing_state_dir(root, None) is None
        (made.path / "oreva.db").touch()
        assert existing_state_dir(root, None) == made
        assert existing_state_dir(root, tmp_path / "elsewhere") is None
        chosen = state_dir(root, tmp_path / "elsewhere")
        (chosen.path / "oreva.db").touch()
        assert existing_state_dir(root, tmp_path / "elsewhere") == chosen

    def test_may_lie_in_the_users_own_folder(self, root):
        (root / ".oreva").write_text("a file in the way")
        made = state_dir(root, None)
        (made.path / "oreva.db").touch()
        found = existing_state_dir(root, None)
        assert (found.path, found.repository) == (made.path, made.repository)

    def test_of_a_loop_of_links_is_none(self, tmp_path):
        (tmp_path / "loop").symlink_to("loop")
        assert existing_state_dir(tmp_path / "loop", None) is None

    def test_follows_a_link_to_the_root(self, root, tmp_path, monkeypatch):
        made = state_dir(root, None)
        (made.path / "oreva.db").touch()
        (tmp_path / "link").symlink_to(root)
        monkeypatch.chdir(tmp_path)
        assert existing_state_dir(Path("link"), None) == made
