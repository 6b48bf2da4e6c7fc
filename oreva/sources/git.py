"""What git knows of a working tree: tracked files, commits, changes against another commit, old contents."""

from __future__ import annotations

import io
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from oreva.errors import UsageError
from oreva.sources.display import shown
from oreva.sources.git_program import GitError, filters_off, git_output, require_program, run, split_paths
from oreva.sources.plain_file import read_plain, why

_GITLINK = "160000"
_REGULAR = ("100644", "100755", "100664")


@dataclass(frozen=True)
class Change:
    """One file that differs between two states; paths are relative to the scanned root.

    Added: `old` is None. Deleted: `new` is None. Edited: both are equal. Renamed: both differ.
    """

    old: str | None
    new: str | None


def toplevel(path: Path) -> Path | None:
    """The root of the working tree that `path` (a directory) lies in.

    None if there is none, git is missing or cannot read the repository, or the repository claims a working tree that
    does not hold `path`.
    """
    try:
        output = git_output(path, "rev-parse", "--show-toplevel")
    except (GitError, UsageError):
        return None
    top = Path(os.fsdecode(output.removesuffix(b"\n")))
    real = Path(os.path.realpath(path))
    return top if top == real or top in real.parents else None


def head_commit(root: Path) -> str | None:
    """The commit that is checked out; None before the first commit or without a repository."""
    return _commit(root, "HEAD")


def tracked_files(root: Path, below: str = "") -> frozenset[str] | None:
    """What git tracks below `root`, relative to it (sub-modules as the path of their directory).

    `below` is a folder to look into instead of everything.

    None if git is missing or cannot read the repository: then nothing is known about any file.
    """
    only = ("--", f":(literal){below}") if below else ()
    try:
        return frozenset(split_paths(git_output(root, "ls-files", "-z", "--cached", *only)))
    except (GitError, UsageError):
        return None


def exclude_file(root: Path) -> Path | None:
    """Where the repository's own ignore file (`info/exclude`) is, whether it exists or not; None if unknown."""
    try:
        output = git_output(root, "rev-parse", "--git-path", "info/exclude")
    except (GitError, UsageError):
        return None
    return root / os.fsdecode(output.removesuffix(b"\n"))


def merge_base(root: Path, ref: str) -> str:
    """The newest commit that HEAD and `ref` (a branch, tag or commit) have in common.

    Raises:
        UsageError: git is missing, there is no repository, no such ref, no commit yet, or no common history; the
            message says what to do.
    """
    name = shown(ref)
    if not _is_part_of_repository(root):
        raise UsageError(f"--diff needs a git repository, and {shown(str(root))} is part of none: scan without --diff")
    if head_commit(root) is None:
        raise UsageError("--diff needs a commit to compare with, and this repository has none yet: commit first")
    commit = _commit(root, ref)
    if commit is None:
        raise UsageError(f"no such ref: {name} is no branch, tag or commit here{_advice(root, ref)}")
    result = run(root, "merge-base", "--end-of-options", "HEAD", commit)
    if result.returncode != 0:
        why = "this is a shallow clone" if _is_shallow(root) else "their histories are unrelated"
        step = "run git fetch --unshallow" if _is_shallow(root) else "name another ref"
        raise UsageError(f"HEAD and {name} have no commit in common, since {why}: {step}")
    return result.stdout.decode("ascii").strip()


def changes(root: Path, base: str) -> tuple[Change, ...]:
    """What the working tree below `root` (staged, unstaged and untracked files) changes against the commit `base`.

    Renames are found as git does (`-M`). Links count as absent, as they are never scanned. Files in sub-modules and
    nested repositories that may differ are reported as added, since their old content is not part of `base`.

    Raises:
        UsageError: git is missing.
        SourceError: git cannot compare them.
    """
    if not _is_part_of_repository(root):
        raise GitError(f"{shown(str(root))} is part of no git repository that can be read: scan without --diff")
    if _commit(root, base) is None:
        raise GitError(f"no such commit: {shown(base)} is not in this repository: run git fetch")
    found: dict[Change, None] = {}
    moved_modules: dict[str, str] = {}
    for old_mode, new_mode, old_oid, old_path, new_path in _raw_diff(_diff(root, base)):
        old = old_path if old_mode in _REGULAR else None
        new = new_path if new_mode in _REGULAR else None
        if old is not None or new is not None:
            found[Change(old, new)] = None
        if new_mode == _GITLINK:
            moved_modules[new_path] = old_oid if old_mode == _GITLINK else ""
    for path in split_paths(git_output(root, "ls-files", "-z", "--others", "--exclude-standard")):
        if path.endswith("/"):
            moved_modules[path.removesuffix("/")] = ""
        elif _is_regular(root / path):
            found[Change(None, path)] = None
    modules = {**_sub_modules(root), **moved_modules}
    for path, commit in modules.items():
        for below in _changed_in_module(root / path, commit):
            found[Change(None, f"{path}/{below}")] = None
    return tuple(sorted(found, key=lambda change: (change.new or change.old or "", change.old or "")))


class GitTree:
    """The regular files below `root` as they were at `commit`."""

    def __init__(self, root: Path, commit: str) -> None:
        self.root = root
        self.commit = commit

    @cached_property
    def _blobs(self) -> dict[str, bytes]:
        blobs = {}
        for line in git_output(self.root, "ls-tree", "-r", "-z", self.commit).split(b"\0"):
            head, tab, path = line.partition(b"\t")
            if tab and head.split(b" ")[0].decode("ascii") in _REGULAR:
                blobs[os.fsdecode(path)] = head.split(b" ")[2]
        return blobs

    def exists(self, path: str) -> bool:
        """Whether there was a regular file at `path`. Raises `SourceError` if the commit cannot be read."""
        return path in self._blobs

    def read_many(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The contents of those of `paths` that existed, as stored (no filter or line-end conversion applied).

        Raises `SourceError` if an object is missing (a partial clone) or the repository is damaged.
        """
        wanted = [path for path in dict.fromkeys(paths) if path in self._blobs]
        if not wanted:
            return {}
        with tempfile.TemporaryFile() as names:
            names.write(b"".join(self._blobs[path] + b"\n" for path in wanted))
            names.seek(0)
            output = io.BytesIO(run(self.root, "cat-file", "--batch", given=names).stdout)
        return {path: self._next_blob(output) for path in wanted}

    def _next_blob(self, output: io.BytesIO) -> bytes:
        words = output.readline().split()
        if len(words) != 3 or words[1] != b"blob":
            raise GitError(
                f"commit {shown(self.commit)} is not complete here (a partial clone, or damaged): "
                "run git fetch --refetch, or clone anew"
            )
        size = int(words[2])
        content = output.read(size + 1)
        return content[:-1]


def _commit(root: Path, ref: str) -> str | None:
    if not ref or ref.startswith("-") or "\0" in ref:
        return None
    try:
        return git_output(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").decode("ascii").strip()
    except GitError:
        return None


def _is_part_of_repository(root: Path) -> bool:
    """Whether a repository tracks `root`, or would; not so for a download in a folder that it ignores."""
    require_program()
    top = toplevel(root)
    if top is None:
        return False
    path = Path(os.path.realpath(root)).relative_to(top)
    ignored = path.parts and run(top, "check-ignore", "--quiet", "--", f"./{path}").returncode == 0
    return not ignored or bool(tracked_files(root))


def _is_shallow(root: Path) -> bool:
    return run(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def _advice(root: Path, ref: str) -> str:
    """What to do about an unknown ref, as the end of a sentence."""
    remote = f"refs/remotes/origin/{ref}"
    if _commit(root, remote) is not None:
        return f": did you mean origin/{shown(ref)}?"
    if _is_shallow(root):
        return ", and this is a shallow clone: run git fetch --unshallow origin (in CI, check out the whole history)"
    return ": check the spelling, or run git fetch"


def _diff(root: Path, base: str) -> bytes:
    """The raw differences between `base` and the working tree.

    Git writes what it learns about time stamps into the index, so it gets a copy. That keeps its own time stamp, which
    git needs to tell what was edited in the moment the index was written.
    """
    options = ("--raw", "-z", "--no-abbrev", "-M", "-l1000", "-O" + os.devnull, "--no-ext-diff", "--no-textconv")
    modules = "--ignore-submodules=dirty"  # anything more would start git inside them with their own configuration
    own = root / os.fsdecode(git_output(root, "rev-parse", "--git-path", "index").removesuffix(b"\n"))
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "index")
        if own.exists():
            try:
                copy.write_bytes(read_plain(str(own)))
                shutil.copystat(own, copy)
            except OSError as error:
                raise GitError(f"cannot read the git index of {shown(str(root))}: {why(error)}") from error
        arguments = ("diff", *options, "--relative", modules, base, "--")
        return git_output(root, *arguments, settings=filters_off(root), index=copy)


def _raw_diff(output: bytes) -> Iterator[tuple[str, str, str, str, str]]:
    """Old mode, new mode, old object, old path, new path of each record of `git diff --raw -z`."""
    fields = iter(output.split(b"\0"))
    for field in fields:
        if not field:
            continue
        old_mode, new_mode, old_oid, _new_oid, status = field.removeprefix(b":").decode("ascii").split(" ")
        old_path = os.fsdecode(next(fields))
        new_path = os.fsdecode(next(fields)) if status[0] in "RC" else old_path
        yield old_mode, new_mode, old_oid, old_path, new_path


def _sub_modules(root: Path) -> dict[str, str]:
    """Path to recorded commit of each sub-module below `root`."""
    modules = {}
    for line in git_output(root, "ls-files", "-z", "--stage").split(b"\0"):
        head, _, path = line.partition(b"\t")
        if head.startswith(_GITLINK.encode()):
            modules[os.fsdecode(path)] = head.split(b" ")[1].decode("ascii")
    return modules


def _changed_in_module(directory: Path, commit: str) -> Iterator[str]:
    """Files of a nested repository that may differ from `commit`; all of them if that cannot be told."""
    if directory.is_symlink() or not directory.is_dir():
        return
    if commit and toplevel(directory) == Path(os.path.realpath(directory)) and _commit(directory, commit):
        yield from (change.new for change in changes(directory, commit) if change.new is not None)
        return
    for folder, folders, names in os.walk(directory):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            path = Path(folder, name)
            if name != ".git" and _is_regular(path):
                yield path.relative_to(directory).as_posix()


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
