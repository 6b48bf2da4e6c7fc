"""Walking a directory: what is listed, what is left out and why, and what cannot be read."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oreva.errors import SourceError, UsageError
from oreva.models import CoverageEntry, Outcome
from oreva.sources import git_program, walk
from oreva.sources.base import Listing
from oreva.sources.directory import DirectorySource
from tests.unit.sources.conftest import Git, Tree, write_tree


def listing(root: Path, **options: object) -> Listing:
    return DirectorySource(root, repository="r", **options).list()  # type: ignore[arg-type]


def paths(found: Listing) -> list[str]:
    return [file.path for file in found.files]


def entry(found: Listing, path: str) -> CoverageEntry:
    (only,) = [entry for entry in found.skipped if entry.path == path]
    return only


def reasons(found: Listing) -> dict[str, str]:
    assert all(entry.on_purpose and not entry.is_gap for entry in found.skipped)
    return {entry.path: entry.reason for entry in found.skipped}


def test_lists_files_sorted_with_size_and_mode(tree: Tree) -> None:
    root = tree(
        {"b/z.py": "x = 1\n", "b.py": "", "a/b/c.txt": "hi", "tests/test_a.py": "assert 1\n", "run.sh": "#!/bin/sh\n"}
    )
    (root / "run.sh").chmod(0o755)
    found = listing(root)
    assert paths(found) == ["a/b/c.txt", "b.py", "b/z.py", "run.sh", "tests/test_a.py"]
    assert [file.size for file in found.files] == [2, 0, 6, 10, 9]
    assert [file.path for file in found.files if file.executable] == ["run.sh"]
    assert found.skipped == ()
    assert found.source.provider == "directory"
    assert found.source.repository == "r"
    assert found.source.commit is None


def test_an_empty_directory_has_no_files(tree: Tree) -> None:
    assert listing(tree({})).files == ()


@pytest.mark.parametrize("present", ["missing", "a\0b", "loop", "dangling"])
def test_no_such_path(tmp_path: Path, present: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(SourceError, match=r"^(no such path:|cannot open) .*: .*(check|NUL)") as caught:
        listing(tmp_path / present)
    assert "\n" not in str(caught.value)


def test_not_a_directory(tree: Tree) -> None:
    root = tree({"a.py": "x"})
    with pytest.raises(SourceError, match=r"not a directory: .*a\.py: name the directory"):
        listing(root / "a.py")


def test_terminal_escapes_in_the_name_of_the_root_stay_out_of_the_message(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        listing(tmp_path / "\x1b[31m\nevil")
    assert "\\x1b[31m\\nevil" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_root_that_is_a_link_is_walked(tree: Tree, tmp_path: Path) -> None:
    tree({"a.py": "x = 1\n"})
    (tmp_path / "link").symlink_to("tree")
    source = DirectorySource(tmp_path / "link", repository="r")
    assert paths(source.list()) == ["a.py"]
    assert source.read("a.py") == b"x = 1\n"


def test_odd_names_survive_and_can_be_read(tree: Tree) -> None:
    root = tree({})
    names = [
        b"two\nlines.py",
        b"sp ace.py",
        b"\xff\xfe.py",
        b"\x1b[31mred.py",
        "ü\u202e.py".encode(),
        b"-rf",
        b"a\\b.py",
    ]
    for name in names:
        (root / os.fsdecode(name)).write_bytes(name)
    source = DirectorySource(root, repository="r")
    found = source.list()
    assert {os.fsencode(path) for path in paths(found)} == set(names)
    assert all(source.read(path) == os.fsencode(path) for path in paths(found))


def test_reasons_are_one_printable_line(tree: Tree) -> None:
    root = tree({"\x1b[2J/.gitignore": "x*\n", "\x1b[2J/x\ny": "1"})
    (root / "l\x1bink").symlink_to("/tmp/\x1b[31m\n")
    found = listing(root, excludes=["*\x07"])
    assert found.skipped
    assert all(entry.reason.isprintable() for entry in found.skipped)


def test_links_are_not_followed(tree: Tree, tmp_path: Path) -> None:
    root = tree({"a.py": "x", "d/b.py": "y", "node_modules/c.js": "z"})
    (tmp_path / "outside.py").write_text("secret")
    for name, target in {
        "to_file": "a.py",
        "to_folder": "d",
        "to_left_out": "node_modules/c.js",
        "to_left_out_folder": "node_modules",
        "out": "../outside.py",
        "out_absolute": "/etc",
        "broken": "nothing",
        "self": "self",
        "d/up": "..",
        "chain": "to_file",
    }.items():
        (root / name).symlink_to(target)
    found = listing(root)
    assert paths(found) == ["a.py", "d/b.py"]
    assert reasons(found) == {
        "broken": "broken link: what it leads to does not exist",
        "chain": "link to a.py, which is scanned itself",
        "d/up": "link to the root of this directory, which is scanned itself",
        "node_modules/": "dependencies installed by npm or a program like it",
        "out": "link out of this directory, to ../outside.py",
        "out_absolute": "link out of this directory, to /etc",
        "self": "link that leads back to itself",
        "to_file": "link to a.py, which is scanned itself",
        "to_folder": "link to d/, which is walked itself",
        "to_left_out": "link to node_modules/c.js, which is left out itself",
        "to_left_out_folder": "link to node_modules/, which is left out itself",
    }


def test_special_files_are_never_opened(tree: Tree) -> None:
    root = tree({"a.py": "x"})
    os.mkfifo(root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(root)  # the path of a socket is short
        try:
            server.bind("sock.py")
        finally:
            os.chdir(here)
        found = listing(root)
    assert paths(found) == ["a.py"]
    assert reasons(found) == {"pipe.py": "named pipe, not a file", "sock.py": "socket, not a file"}


def test_a_device_is_left_out(tree: Tree) -> None:
    root = tree({"a.py": "x"})
    try:
        os.mknod(root / "null", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("needs root")
    assert reasons(listing(root)) == {"null": "device, not a file"}


def test_a_file_that_turns_into_a_pipe_is_a_gap_and_does_not_hang(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree({"a.py": "x"})
    real = walk.read_plain

    def swapped(path: str, limit: int | None = None) -> bytes:
        Path(path).unlink()
        os.mkfifo(path)
        return real(path, limit)

    monkeypatch.setattr(walk, "read_plain", swapped)
    failed = entry(listing(root), "a.py")
    assert failed.outcome is Outcome.FAILED
    assert failed.reason == "cannot be read: not a regular file"
    assert failed.is_gap


def test_what_vanishes_during_the_walk_is_not_there(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree({"a.py": "x", "b.py": "y", "d/c.py": "z"})
    real = walk.read_plain

    def vanishing(path: str, limit: int | None = None) -> bytes:
        if path.endswith("a.py"):
            Path(path).unlink()
            (root / "d" / "c.py").unlink()
            (root / "d").rmdir()
        return real(path, limit)

    monkeypatch.setattr(walk, "read_plain", vanishing)
    found = listing(root)
    assert paths(found) == ["b.py"]
    assert found.skipped == ()


@pytest.fixture
def public_root() -> Iterator[Path]:
    """A directory that every user can reach, which `tmp_path` is not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_what_another_user_may_not_read_is_a_gap(public_root: Path) -> None:
    root = public_root
    write_tree(root, {"open.py": "x", "closed.py": "y", "closed/a.py": "z", "unsearchable/b.py": "w"})
    (root / "closed.py").chmod(0o600)
    (root / "closed").chmod(0o700)
    (root / "unsearchable").chmod(0o744)
    os.seteuid(65534)
    try:
        found = listing(root)
        with pytest.raises(SourceError, match=r"cannot read closed\.py: permission denied"):
            DirectorySource(root, repository="r").read("closed.py")
        with pytest.raises(SourceError, match=r"cannot read directory .*permission denied"):
            listing(root / "closed")
    finally:
        os.seteuid(0)
    assert paths(found) == ["open.py"]
    gaps = {entry.path: entry for entry in found.skipped}
    assert set(gaps) == {"closed.py", "closed/", "unsearchable/b.py"}
    assert all(gap.is_gap and gap.outcome is Outcome.FAILED for gap in gaps.values())
    assert {gap.reason for gap in gaps.values()} == {"cannot be read: permission denied"}


def test_errors_of_the_disk_are_gaps(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree({"a.py": "x", "d/b.py": "y"})
    real_open, real_scandir = os.open, os.scandir

    def failing_open(path: str, *arguments: int, **options: int) -> int:
        if str(path).endswith("a.py"):
            raise OSError(5, "Input/output error", path)
        return real_open(path, *arguments, **options)

    def failing_scandir(path: str) -> object:
        if path.endswith("/d"):
            raise PermissionError(13, "Permission denied", path)
        return real_scandir(path)

    monkeypatch.setattr(os, "open", failing_open)
    monkeypatch.setattr(os, "scandir", failing_scandir)
    found = listing(root)
    assert entry(found, "a.py").reason == "cannot be read: input/output error"
    assert entry(found, "d/").reason == "cannot be read: permission denied"
    assert all(gap.is_gap for gap in found.skipped)


def test_a_path_too_long_for_the_system_is_a_gap(tree: Tree) -> None:
    root = tree({"a.py": "x"})
    name = "d" * 200
    descriptor = os.open(root, os.O_RDONLY)
    for _ in range(25):
        os.mkdir(name, dir_fd=descriptor)
        below = os.open(name, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(os.open("deep.py", os.O_WRONLY | os.O_CREAT, dir_fd=descriptor))
    os.close(descriptor)
    found = listing(root)
    assert paths(found) == ["a.py"]
    (gap,) = found.skipped
    assert gap.is_gap
    assert gap.reason == "cannot be read: file name too long"


def test_a_large_file_of_one_line_is_listed_by_its_first_bytes(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree({})
    with (root / "big.py").open("wb") as file:
        file.write(b"x = '" + b"a" * 8192)
        file.truncate(50_000_000)
    taken: list[int] = []
    real = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: taken.append(size) or real(descriptor, size))
    found = listing(root)
    assert [(file.path, file.size) for file in found.files] == [("big.py", 50_000_000)]
    assert sum(taken) <= 8192


@pytest.mark.parametrize(
    "path", ["../outside", "/etc/passwd", "missing", "link", "d/../a.py", "a\0b", "", ".", "d", "through/b.py"]
)
def test_reads_nothing_but_files_of_the_directory(tree: Tree, path: str) -> None:
    root = tree({"a.py": "x", "d/b.py": "y"})
    (root.parent / "outside").write_text("secret")
    (root / "link").symlink_to("/etc/passwd")
    (root / "through").symlink_to("d")
    with pytest.raises(SourceError, match="scan again"):
        DirectorySource(root, repository="r").read(path)


def test_reads_whole_files(tree: Tree) -> None:
    content = os.urandom(3 << 20)
    root = tree({"big": content})
    assert DirectorySource(root, repository="r").read("big") == content


def test_state_and_version_control_are_never_scanned(tree: Tree) -> None:
    root = tree(
        {
            ".oreva/x.py": "x",
            ".git/hooks/a.py": "x",
            ".hg/b.py": "x",
            ".svn/c.py": "x",
            "state/d.py": "x",
            "a/.oreva/e.py": "x",
        }
    )
    found = listing(root, state_dir=root / "state", includes=["*.py"])
    assert paths(found) == [".hg/b.py", ".svn/c.py", "a/.oreva/e.py"]
    assert {path for path, reason in reasons(found).items() if reason == "state of Oreva"} == {".oreva/", "state/"}
    assert entry(found, ".git/").reason == "version control data (Git)"
    plain = listing(root, state_dir=root)
    assert paths(plain) == ["state/d.py"]
    assert set(reasons(plain)) == {".oreva/", ".git/", ".hg/", ".svn/", "a/.oreva/"}


def test_excludes_win_over_includes(tree: Tree) -> None:
    root = tree({"a.py": "x", "d/b.py": "y", "d/c.js": "z", "e/f.py": "w"})
    found = listing(root, excludes=["./d", "/e/*.py"], includes=["d/b.py", "e/"])
    assert paths(found) == ["a.py"]
    assert reasons(found) == {"d/": "excluded by d", "e/f.py": "excluded by /e/*.py"}


def test_a_user_may_take_back_an_exclusion(tree: Tree) -> None:
    root = tree({"a.log": "x", "b.log": "y"})
    assert paths(listing(root, excludes=["*.log", "!b.log"])) == ["b.log"]


@pytest.mark.parametrize("pattern", ["", "[a", "a\\", "# comment", "/"])
def test_a_pattern_that_can_match_nothing_is_an_error(tree: Tree, pattern: str) -> None:
    with pytest.raises(UsageError, match="can match nothing"):
        DirectorySource(tree({}), repository="r", excludes=[pattern])


def test_includes_reach_into_what_conventions_and_ignore_files_leave_out(tree: Tree) -> None:
    root = tree(
        {
            ".gitignore": "build/\n",
            "build/a.py": "x",
            "build/b.txt": "x",
            "node_modules/mine/i.js": "x",
            "node_modules/theirs/j.js": "x",
            "app.min.js": "x",
            "blob": b"\0",
            "env/pyvenv.cfg": "",
            "env/bin/x.py": "x",
        }
    )
    found = listing(root, includes=["build/*.py", "node_modules/mine/", "/app.min.js", "/blob", "env/bin/*.py"])
    assert paths(found) == [".gitignore", "app.min.js", "blob", "build/a.py", "env/bin/x.py", "node_modules/mine/i.js"]
    assert reasons(found) == {
        "build/b.txt": "ignored by .gitignore (.gitignore: build/)",
        "env/pyvenv.cfg": "virtual environment of Python (it holds pyvenv.cfg)",
        "node_modules/theirs/": "dependencies installed by npm or a program like it",
    }


def test_ignore_files_are_honoured_without_a_repository(tree: Tree) -> None:
    root = tree(
        {
            ".gitignore": "*.log\n/out/\n",
            "a.log": "x",
            "out/b.py": "y",
            "d/.gitignore": "c.py\n",
            "d/c.py": "z",
            "c.py": "w",
        }
    )
    found = listing(root)
    assert paths(found) == [".gitignore", "c.py", "d/.gitignore"]
    assert reasons(found) == {
        "a.log": "ignored by .gitignore (.gitignore: *.log)",
        "d/c.py": "ignored by .gitignore (d/.gitignore: c.py)",
        "out/": "ignored by .gitignore (.gitignore: /out/)",
    }


def test_an_export_of_a_commit_has_no_ignored_files(tree: Tree) -> None:
    root = tree({".gitignore": "*\n", "a.py": "x", "__pycache__/b.py": "y", "node_modules/c.js": "z"})
    found = listing(root, exported=True)
    assert paths(found) == [".gitignore", "__pycache__/b.py", "a.py"]


def test_a_link_or_a_monstrous_file_is_no_ignore_file(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "rules").write_text("*\n")
    root = tree({"a.py": "x", "d/.gitignore": "#" * 600_000 + "\n*.py\n", "d/b.py": "y"})
    (root / ".gitignore").symlink_to(tmp_path / "rules")
    assert paths(listing(root)) == ["a.py", "d/.gitignore", "d/b.py"]


def test_a_change_under_review_hides_nothing(tree: Tree) -> None:
    root = tree(
        {
            "src/pyvenv.cfg": "",
            "src/bin/x.py": "x",
            "marked.py": "# @generated\nx = 1\n",
            "old.py": "# @generated\ny = 1\n",
            "a.min.js": "x",
        }
    )
    assert paths(listing(root)) == []
    strict = listing(root, strict_paths=["src/pyvenv.cfg", "marked.py", "a.min.js"])
    assert paths(strict) == ["marked.py", "src/bin/x.py", "src/pyvenv.cfg"]
    assert set(reasons(strict)) == {"old.py", "a.min.js"}


def repository(root: Path, git: Git, message: str = "c") -> str:
    if not (root / ".git").exists():
        git(root, "init", "-q")
    git(root, "add", "-f", ".")
    git(root, "commit", "-qm", message)
    return git(root, "rev-parse", "HEAD")


def test_tracked_files_are_never_ignored(tree: Tree, git: Git) -> None:
    root = tree(
        {"src/a.py": "x", "src/deep/b.py": "y", "__pycache__/c.py": "z", "env/pyvenv.cfg": "", "env/bin/d.py": "w"}
    )
    commit = repository(root, git)
    tree({".gitignore": "*\n", "src/new.py": "n", "src/other/o.py": "o", "new.py": "n"})
    found = listing(root)
    assert found.source.commit == commit
    assert paths(found) == ["__pycache__/c.py", "env/bin/d.py", "env/pyvenv.cfg", "src/a.py", "src/deep/b.py"]
    assert reasons(found) == {
        ".git/": "version control data (Git)",
        ".gitignore": "ignored by .gitignore (.gitignore: *)",
        "new.py": "ignored by .gitignore (.gitignore: *)",
        "src/new.py": "ignored by .gitignore (.gitignore: *)",
        "src/other/": "ignored by .gitignore (.gitignore: *)",
    }


def test_dependencies_in_an_ignored_folder_with_tracked_files_stay_out(tree: Tree, git: Git) -> None:
    root = tree({".gitignore": "/lib/\n", "lib/a.py": "x", "lib/node_modules/b.js": "x"})
    repository(root, git)
    found = listing(root)
    assert paths(found) == [".gitignore", "lib/a.py"]
    assert reasons(found)["lib/node_modules/"].startswith("dependencies installed by npm")


def test_ignore_files_above_a_scanned_sub_directory_count(tree: Tree, git: Git) -> None:
    root = tree(
        {
            ".gitignore": "*.log\n/sub/gone/\n",
            "sub/.gitignore": "!keep.log\n",
            "sub/in/a.py": "x",
            "sub/tracked.log": "t",
        }
    )
    commit = repository(root, git)
    tree(
        {
            "sub/x.log": "x",
            "sub/in/y.log": "x",
            "sub/keep.log": "x",
            "sub/gone/z.py": "x",
            ".git/info/exclude": "in/w.py\n/sub/v.py",
        }
    )
    tree({"sub/in/w.py": "x", "sub/v.py": "x"})
    found = listing(root / "sub")
    assert found.source.commit == commit
    assert paths(found) == [".gitignore", "in/a.py", "in/w.py", "keep.log", "tracked.log"]
    assert reasons(found) == {
        "gone/": "ignored by .gitignore (../.gitignore: /sub/gone/)",
        "in/y.log": "ignored by .gitignore (../.gitignore: *.log)",
        "v.py": "ignored by .gitignore (.git/info/exclude: /sub/v.py)",
        "x.log": "ignored by .gitignore (../.gitignore: *.log)",
    }
    inner = listing(root / "sub" / "in")
    assert paths(inner) == ["a.py", "w.py"]
    assert reasons(inner) == {"y.log": "ignored by .gitignore (../../.gitignore: *.log)"}


def test_a_root_that_its_repository_ignores_stands_alone(tree: Tree, git: Git) -> None:
    root = tree({".gitignore": ".demo/\n*.txt\n", "a.py": "x"})
    repository(root, git)
    tree(
        {
            ".demo/project/b.py": "x",
            ".demo/project/c.txt": "x",
            ".demo/project/.gitignore": "d.py",
            ".demo/project/d.py": "",
        }
    )
    found = listing(root / ".demo" / "project")
    assert found.source.commit is None
    assert paths(found) == [".gitignore", "b.py", "c.txt"]


def test_an_unignored_new_sub_directory_belongs_to_its_repository(tree: Tree, git: Git) -> None:
    root = tree({".gitignore": "*\n!/new/\n", "a.py": "x"})
    commit = repository(root, git)
    tree({"new/b.py": "x"})
    assert listing(root / "new").source.commit == commit


def test_nested_repositories_have_their_own_rules(tree: Tree, git: Git) -> None:
    root = tree({".gitignore": "*.py\n", "a.txt": "x"})
    repository(root, git)
    inner = tree({"sub/.gitignore": "out\n", "sub/a.py": "x", "sub/out": "y"}) / "sub"
    repository(inner, git)
    tree({"sub/b.py": "new", "sub/d/out": "z", "sub/.git/info/exclude": "/c.js\n", "sub/c.js": "x"})
    found = listing(root)
    assert paths(found) == [".gitignore", "a.txt", "sub/.gitignore", "sub/a.py", "sub/b.py", "sub/out"]
    assert reasons(found) == {
        ".git/": "version control data (Git)",
        "sub/.git/": "version control data (Git)",
        "sub/c.js": "ignored by .gitignore (.git/info/exclude: /c.js)",
        "sub/d/out": "ignored by .gitignore (sub/.gitignore: out)",
    }


def test_a_linked_working_tree_is_a_repository(tree: Tree, git: Git, tmp_path: Path) -> None:
    root = tree({"a.py": "x"})
    commit = repository(root, git)
    git(root, "worktree", "add", "-q", "../linked")
    (root / ".git" / "info" / "exclude").write_text("b.py\n")
    (tmp_path / "linked" / "b.py").write_text("x")
    found = listing(tmp_path / "linked")
    assert found.source.commit == commit
    assert paths(found) == ["a.py"]
    assert set(reasons(found)) == {".git", "b.py"}


@pytest.mark.parametrize("broken", ["no git", "no repository", "index"])
def test_where_git_cannot_tell_no_ignore_file_is_honoured(
    tree: Tree, git: Git, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    root = tree({"a.py": "x"})
    repository(root, git)
    tree({".gitignore": "*.py\n", "b.py": "x", "sub/.gitignore": "*.js\n", "sub/c.js": "x"})
    if broken == "no git":
        monkeypatch.setattr(git_program, "program", lambda: None)
    elif broken == "no repository":
        (root / ".git" / "HEAD").unlink()
    else:
        (root / ".git" / "index").write_bytes(b"rubbish")
    assert paths(listing(root)) == [".gitignore", "a.py", "b.py", "sub/.gitignore", "sub/c.js"]


def test_a_false_repository_inside_turns_ignore_files_off_there(tree: Tree) -> None:
    root = tree({".gitignore": "*.py\n", "a.py": "x", "sub/.git/config": "", "sub/b.py": "x"})
    assert paths(listing(root)) == [".gitignore", "sub/b.py"]


def test_a_repository_that_claims_another_working_tree_is_not_believed(tree: Tree, git: Git, tmp_path: Path) -> None:
    root = tree({"a.py": "x"})
    repository(root, git)
    tree({".gitignore": "*.py\n"})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    git(root, "config", "core.worktree", str(elsewhere))
    assert paths(listing(root)) == [".gitignore", "a.py"]


def test_names_that_are_no_utf8_can_be_tracked_and_ignored(tree: Tree, git: Git) -> None:
    root = tree({})
    (root / "\udcff.py").write_text("x")
    repository(root, git)
    (root / "\udcfe.py").write_text("x")
    (root / ".gitignore").write_bytes(b"\xff.py\n\xfe.py\n")
    found = listing(root)
    assert paths(found) == [".gitignore", "\udcff.py"]
    assert reasons(found)["\udcfe.py"] == "ignored by .gitignore (.gitignore: \\xfe.py)"


NAMES = st.sampled_from(["a.py", "b.js", "node_modules", "x\ny", "vendor", ".gitignore", "\udcff", "dist", "c"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.sets(st.lists(NAMES, min_size=1, max_size=4).map(tuple), max_size=12),
    exclude=st.sampled_from(["c", "*.py", "d"]),
)
def test_every_file_is_listed_or_has_a_reason(
    chosen: set[tuple[str, ...]], exclude: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("any")
    made = set()
    for parts in chosen:
        path = root.joinpath(*parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("c\n")
        except OSError:
            continue
        made.add("/".join(parts))
    found = listing(root, excludes=[exclude])
    left_out = [entry.path for entry in found.skipped]
    for path in made:
        covering = [out for out in left_out if path == out or (out.endswith("/") and path.startswith(out))]
        assert (path in paths(found)) + len(covering) == 1
    assert set(paths(found)) <= made


def test_the_root_of_the_file_system_is_a_directory_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    source = DirectorySource(Path("/"), repository="r", excludes=["/*"])
    assert "etc/" in {entry.path for entry in source.list().skipped}
    assert source.read("etc/passwd").startswith(b"root:")


def test_listing_imports_no_scanner() -> None:
    code = "import sys, oreva.sources.directory; print('semgrep' in sys.modules, 'bandit' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.split() == ["False", "False"]
