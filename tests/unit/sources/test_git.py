"""Git on a repository that nobody trusts: what it tells, and that it starts nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from oreva.errors import SourceError, UsageError
from oreva.sources import git as repo
from oreva.sources import git_program
from oreva.sources.git import Change, GitTree, changes, merge_base
from tests.unit.sources.conftest import Git, Tree


@pytest.fixture
def root(tree: Tree, git: Git) -> Path:
    root = tree({"a.py": "a = 1\n", "sub/b.py": "b = 1\n" * 20, "sub/c.py": "c = 1\n", "d.py": "d = 1\n"})
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return root


def edited(root: Path, git: Git) -> str:
    """Every kind of change; gives back the commit before them."""
    base = git(root, "rev-parse", "HEAD")
    (root / "a.py").write_text("a = 2\n")
    git(root, "commit", "-qam", "second")
    git(root, "mv", "sub/b.py", "sub/moved.py")
    (root / "sub/moved.py").write_text("b = 1\n" * 19 + "b = 2\n")
    (root / "sub/c.py").unlink()
    (root / "staged.py").write_text("s\n")
    git(root, "add", "staged.py")
    (root / "sub/new\n\x1b.py").write_text("n\n")
    (root / ".gitignore").write_text("*.log\n")
    (root / "ignored.log").write_text("i\n")
    return base


def test_says_where_the_working_tree_is(root: Path, tmp_path: Path) -> None:
    assert repo.toplevel(root) == root
    assert repo.toplevel(root / "sub") == root
    assert repo.toplevel(tmp_path) is None
    assert repo.toplevel(tmp_path / "missing") is None
    (tmp_path / "link").symlink_to(root / "sub")
    assert repo.toplevel(tmp_path / "link") == root


def test_says_what_is_tracked(root: Path, tmp_path: Path, git: Git) -> None:
    assert repo.tracked_files(root) == {"a.py", "d.py", "sub/b.py", "sub/c.py"}
    assert repo.tracked_files(root / "sub") == {"b.py", "c.py"}
    assert repo.tracked_files(tmp_path) is None


def test_says_which_commit_is_checked_out(root: Path, tmp_path: Path, git: Git) -> None:
    assert repo.head_commit(root) == git(root, "rev-parse", "HEAD")
    assert repo.head_commit(tmp_path) is None
    (tmp_path / "new").mkdir()
    git(tmp_path / "new", "init", "-q")
    assert repo.head_commit(tmp_path / "new") is None


def test_finds_every_kind_of_change(root: Path, git: Git) -> None:
    base = edited(root, git)
    expected = {
        Change("a.py", "a.py"),
        Change("sub/b.py", "sub/moved.py"),
        Change("sub/c.py", None),
        Change(None, "staged.py"),
        Change(None, "sub/new\n\x1b.py"),
        Change(None, ".gitignore"),
    }
    assert set(changes(root, base)) == expected
    below = {
        Change("b.py", "moved.py"),
        Change("c.py", None),
        Change(None, "new\n\x1b.py"),
    }
    assert set(changes(root / "sub", base)) == below


def test_an_untouched_tree_has_no_changes_even_with_new_time_stamps(root: Path, git: Git) -> None:
    for path in root.rglob("*.py"):
        os.utime(path, (1, 1))
    index = (root / ".git" / "index").read_bytes()
    assert changes(root, git(root, "rev-parse", "HEAD")) == ()
    assert (root / ".git" / "index").read_bytes() == index


def test_a_conflict_is_a_change(root: Path, git: Git) -> None:
    base = git(root, "rev-parse", "HEAD")
    git(root, "checkout", "-qb", "other")
    (root / "a.py").write_text("a = 2\n")
    git(root, "commit", "-qam", "theirs")
    git(root, "checkout", "-q", base)
    (root / "a.py").write_text("a = 3\n")
    git(root, "commit", "-qam", "ours")
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "merge", "other")
    assert Change("a.py", "a.py") in changes(root, base)


def test_links_count_as_absent(root: Path, git: Git) -> None:
    base = git(root, "rev-parse", "HEAD")
    (root / "a.py").unlink()
    (root / "a.py").symlink_to("d.py")
    (root / "new.py").symlink_to("d.py")
    assert changes(root, base) == (Change("a.py", None),)


def test_names_that_are_no_utf8(root: Path, git: Git) -> None:
    base = git(root, "rev-parse", "HEAD")
    (root / "\udcff.py").write_text("x")
    assert changes(root, base) == (Change(None, "\udcff.py"),)
    git(root, "add", ".")
    git(root, "commit", "-qm", "odd")
    head = GitTree(root, "HEAD")
    assert head.read_many(["\udcff.py"]) == {"\udcff.py": b"x"}


def test_files_of_sub_modules_that_differ_are_new(root: Path, git: Git, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "x.py").write_text("x = 1\n")
    (inner / "y.py").write_text("y = 1\n")
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "inner")
    git(root, "submodule", "add", "-q", str(inner), "module")
    git(root, "commit", "-qm", "module")
    base = git(root, "rev-parse", "HEAD")
    assert changes(root, base) == ()
    (root / "module/x.py").write_text("x = 2\n")
    assert changes(root, base) == (Change(None, "module/x.py"),)
    git(root / "module", "commit", "-qam", "moved on")
    assert changes(root, base) == (Change(None, "module/x.py"),)
    before = git(root, "rev-parse", "HEAD~1")
    assert {Change(None, "module/x.py"), Change(None, "module/y.py")} <= set(changes(root, before))


def test_files_of_an_untracked_clone_are_new(root: Path, git: Git) -> None:
    base = git(root, "rev-parse", "HEAD")
    (root / "clone").mkdir()
    git(root / "clone", "init", "-q")
    (root / "clone" / "x.py").write_text("x")
    git(root / "clone", "add", ".")
    git(root / "clone", "commit", "-qm", "c")
    (root / "clone" / "d").mkdir()
    (root / "clone" / "d" / "y.py").write_text("y")
    assert set(changes(root, base)) == {Change(None, "clone/x.py"), Change(None, "clone/d/y.py")}


def test_reads_old_contents(root: Path, git: Git) -> None:
    (root / "link").symlink_to("a.py")
    (root / "empty").write_text("")
    git(root, "add", ".")
    git(root, "commit", "-qm", "more")
    base = edited(root, git)
    tree = GitTree(root, base)
    assert tree.exists("sub/b.py")
    assert not tree.exists("sub/moved.py")
    assert not tree.exists("link")
    assert not tree.exists("sub")
    assert tree.read_many(["a.py", "sub/c.py", "missing", "a.py", "link", "empty"]) == {
        "a.py": b"a = 1\n",
        "sub/c.py": b"c = 1\n",
        "empty": b"",
    }
    assert tree.read_many([]) == {}
    below = GitTree(root / "sub", base)
    assert below.read_many(["c.py"]) == {"c.py": b"c = 1\n"}
    assert not below.exists("a.py")


def test_a_missing_object_is_an_error(root: Path, git: Git) -> None:
    blob = git(root, "rev-parse", "HEAD:a.py")
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceError, match=r"not complete here .*git fetch"):
        GitTree(root, "HEAD").read_many(["a.py"])
    with pytest.raises(SourceError, match="ls-tree failed"):
        GitTree(root, "0" * 40).exists("a.py")


def test_merge_base(root: Path, git: Git) -> None:
    first = git(root, "rev-parse", "HEAD")
    git(root, "tag", "v1")
    git(root, "checkout", "-qb", "topic")
    git(root, "commit", "-qm", "topic", "--allow-empty")
    git(root, "checkout", "-q", "main")
    git(root, "commit", "-qm", "main moved on", "--allow-empty")
    git(root, "checkout", "-q", "topic")
    assert merge_base(root, "main") == first
    assert merge_base(root, "v1") == first
    assert merge_base(root / "sub", "HEAD") == git(root, "rev-parse", "HEAD")


@pytest.mark.parametrize("ref", ["nonsense", "--output=/tmp/x", "", "a\0b", "HEAD:a.py", "x\x1b[31m\n"])
def test_an_unknown_ref_is_named(root: Path, ref: str) -> None:
    with pytest.raises(UsageError, match=r"no such ref: .*git fetch") as caught:
        merge_base(root, ref)
    assert str(caught.value).isprintable()


def test_a_ref_that_only_the_remote_has_is_suggested(root: Path, git: Git, tmp_path: Path) -> None:
    git(root, "branch", "release")
    git(tmp_path, "clone", "-q", str(root), "copy")
    with pytest.raises(UsageError, match="did you mean origin/release"):
        merge_base(tmp_path / "copy", "release")


def test_a_shallow_clone_is_called_one(root: Path, git: Git, tmp_path: Path) -> None:
    git(root, "branch", "old")
    git(root, "commit", "-qm", "second", "--allow-empty")
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{root}", "copy")
    with pytest.raises(UsageError, match="shallow clone: run git fetch --unshallow"):
        merge_base(tmp_path / "copy", "origin/old")
    with pytest.raises(UsageError, match=r"no such ref: nonsense .*shallow clone: run git fetch --unshallow"):
        merge_base(tmp_path / "copy", "nonsense")


def test_unrelated_histories_have_no_base(root: Path, git: Git) -> None:
    git(root, "checkout", "-q", "--orphan", "other")
    git(root, "commit", "-qm", "other")
    with pytest.raises(UsageError, match="histories are unrelated: name another ref"):
        merge_base(root, "main")


def test_no_repository_or_no_commit(tmp_path: Path, git: Git) -> None:
    with pytest.raises(UsageError, match="needs a git repository"):
        merge_base(tmp_path, "main")
    with pytest.raises(SourceError, match="part of no git repository"):
        changes(tmp_path, "main")
    git(tmp_path, "init", "-q")
    with pytest.raises(UsageError, match="commit first"):
        merge_base(tmp_path, "main")
    with pytest.raises(SourceError, match="no such commit: main"):
        changes(tmp_path, "main")


def test_an_ignored_directory_is_not_part_of_the_repository(root: Path, git: Git) -> None:
    (root / ".gitignore").write_text("/sub/\n/download/\n")
    (root / "download").mkdir()
    (root / "download" / "x.py").write_text("x")
    head = git(root, "rev-parse", "HEAD")
    with pytest.raises(UsageError, match="part of none"):
        merge_base(root / "download", "HEAD")
    with pytest.raises(SourceError, match="part of no git repository"):
        changes(root / "download", head)
    assert merge_base(root / "sub", "HEAD") == head


def test_without_git_only_what_needs_it_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert git_program.program() is None
    assert repo.toplevel(root) is None
    assert repo.tracked_files(root) is None
    assert repo.exclude_file(root) is None
    for call in (
        lambda: merge_base(root, "main"),
        lambda: changes(root, "main"),
        lambda: GitTree(root, "x").exists("y"),
    ):
        with pytest.raises(UsageError, match="git is not installed"):
            call()


def test_a_git_that_hangs_or_cannot_start_is_an_error(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    slow.chmod(0o755)
    monkeypatch.setattr(git_program, "program", lambda: str(slow))
    monkeypatch.setattr(git_program, "TIMEOUT_S", 0.2)
    with pytest.raises(SourceError, match="took more than"):
        GitTree(root, "HEAD").exists("a.py")
    monkeypatch.setattr(git_program, "program", lambda: str(tmp_path))
    with pytest.raises(SourceError, match="cannot be started"):
        GitTree(root, "HEAD").exists("a.py")


def test_what_a_hook_leaves_in_the_environment_does_not_mislead(
    root: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    assert repo.tracked_files(root) == {"a.py", "d.py", "sub/b.py", "sub/c.py"}


@pytest.fixture
def trap(root: Path, git: Git, tmp_path: Path) -> Path:
    """A repository whose configuration names a program wherever git would run one; the file it leaves if it runs."""
    sprung = tmp_path / "sprung"
    program = tmp_path / "evil"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {sprung}\nexec cat\n')
    program.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("post-index-change", "post-checkout", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman"):
        (hooks / hook).symlink_to(program)
        (root / ".git" / "hooks" / hook).unlink(missing_ok=True)
        (root / ".git" / "hooks" / hook).symlink_to(program)
    (root / ".gitattributes").write_text("*.py filter=evil diff=evil\n*.txt filter=e.v.i.l\n")
    (root / "t.txt").write_text("t\n" * 50)
    git(root, "add", ".")
    git(root, "commit", "-qm", "attributes")
    settings = {
        "core.fsmonitor": str(program),
        "core.hooksPath": str(hooks),
        "core.pager": str(program),
        "core.editor": str(program),
        "core.sshCommand": str(program),
        "core.askPass": str(program),
        "core.gitProxy": str(program),
        "core.alternateRefsCommand": str(program),
        "pager.diff": str(program),
        "alias.diff": f"!{program}",
        "alias.ls-files": f"!{program}",
        "credential.helper": f"!{program}",
        "diff.external": str(program),
        "diff.evil.command": str(program),
        "diff.evil.textconv": str(program),
        "filter.evil.clean": str(program),
        "filter.evil.smudge": str(program),
        "filter.evil.required": "true",
        "filter.e.v.i.l.process": str(program),
        "filter.e.v.i.l.clean": str(program),
        "gc.recentObjectsHook": str(program),
        "protocol.ext.allow": "always",
        "protocol.file.allow": "always",
        "remote.origin.url": f"ext::{program}",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "remote.origin.uploadpack": str(program),
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "submodule.recurse": "true",
        "uploadpack.packObjectsHook": str(program),
    }
    for name, value in settings.items():
        git(root, "config", name, value)
    sprung.unlink(missing_ok=True)
    return sprung


def test_the_trap_works(trap: Path, root: Path, git: Git) -> None:
    (root / "a.py").write_text("a = 2\n")
    git(root, "diff", "HEAD")
    assert "evil" in trap.read_text()


def test_nothing_in_a_repository_is_ever_started(trap: Path, root: Path, git: Git) -> None:
    base = repo.head_commit(root)
    assert base is not None
    for path in root.rglob("*.*"):
        if ".git/" not in str(path):
            os.utime(path, (1, 1))
    (root / "a.py").write_text("a = 2\n")
    (root / "t.txt").rename(root / "renamed.txt")
    with (root / "renamed.txt").open("a") as file:
        file.write("more\n")
    (root / "new.py").write_text("n\n")
    assert merge_base(root, base) == base
    assert Change("a.py", "a.py") in changes(root, base)
    assert repo.tracked_files(root)
    assert repo.exclude_file(root)
    assert GitTree(root, base).read_many(["a.py", "t.txt"])["a.py"] == b"a = 1\n"
    blob = git(root, "rev-parse", f"{base}:d.py")
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    trap.unlink(missing_ok=True)
    with pytest.raises(SourceError, match="not complete"):
        GitTree(root, base).read_many(["d.py"])
    assert not trap.exists()


def test_nothing_in_a_sub_module_is_started(trap: Path, root: Path, git: Git, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    root.rename(outer / "inner")
    git(outer, "add", "inner")
    git(outer, "commit", "-qm", "with inner")
    base = git(outer, "rev-parse", "HEAD")
    trap.unlink(missing_ok=True)
    (outer / "inner" / "a.py").write_text("a = 3\n")
    assert changes(outer, base) == (Change(None, "inner/a.py"),)
    assert not trap.exists()


def test_filters_that_cannot_be_switched_off_are_refused(root: Path, git: Git) -> None:
    git(root, "config", "filter.a=b.clean", "false")
    with pytest.raises(SourceError, match="cannot be switched off"):
        changes(root, "HEAD")


def test_a_repository_that_others_own_can_be_read(root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root")
    for path in (root, root / ".git"):
        os.chown(path, 65534, 65534)
    assert repo.toplevel(root) == root
    assert repo.tracked_files(root)
