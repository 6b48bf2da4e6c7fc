"""One walk over a directory: each entry is taken, left out with its reason, or recorded as unreadable."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from oreva.errors import SourceError
from oreva.models import CoverageEntry, Outcome
from oreva.sources import conventions
from oreva.sources.base import SourceFile
from oreva.sources.conventions import Exclusion
from oreva.sources.display import shown
from oreva.sources.ignore import PatternList
from oreva.sources.plain_file import read_plain, why
from oreva.sources.working_tree import Rules, WorkingTree, open_nested, read_ignore_file

STATE_DIRECTORY = ".oreva"


@dataclass(frozen=True)
class Selection:
    """What the user and the kind of scan say about which files are wanted."""

    excludes: PatternList
    includes: PatternList
    strict_paths: Collection[str] = frozenset()
    """Files of the change under review."""
    state: str | None = None
    """The state directory relative to the root, if it lies below it."""


@dataclass(frozen=True)
class _Folder:
    """A directory to walk, and what holds for everything in it."""

    path: str
    """Relative to the root; empty for the root."""
    parts: tuple[str, ...]
    tree: WorkingTree
    rules: Rules
    beside: dict[str, bool] = field(default_factory=dict)
    """Names in its parent, True for directories."""
    included: bool = False
    """The user includes all of it."""
    inherited: Exclusion | None = None
    """Why what is in it is left out, except what is included or spared."""


class Walk:
    """One walk; `files` and `skipped` are filled by `run`, in no order."""

    def __init__(self, root: str, selection: Selection, tree: WorkingTree, rules: Rules) -> None:
        """Prepare a walk over `root`, a real path that belongs to `tree`, for which `rules` hold."""
        self._real_root = root
        self._root = root.rstrip("/")
        self._selection = selection
        self._folders = [_Folder("", (), tree, rules)]
        self._links: list[tuple[str, str, str]] = []
        self.files: list[SourceFile] = []
        self.skipped: list[CoverageEntry] = []

    def run(self) -> None:
        """Fill `files` and `skipped`."""
        while self._folders:
            self._walk(self._folders.pop())
        listed = {file.path for file in self.files}
        left_out = {entry.path for entry in self.skipped}
        for path, target, full_target in self._links:
            self._skip(path, _link_reason(self._real_root, target, full_target, listed, left_out))

    def _walk(self, folder: _Folder) -> None:
        try:
            with os.scandir(f"{self._root}/{folder.path}") as scanned:
                entries = list(scanned)
        except OSError as error:
            if not folder.path:
                name = shown(self._real_root)
                raise SourceError(f"cannot read directory {name}: {why(error)}: check its permissions") from error
            if not isinstance(error, FileNotFoundError):
                self._fail(folder.path + "/", error)
            return
        statuses: dict[str, os.stat_result] = {}
        for entry in entries:
            try:
                statuses[entry.name] = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError as error:
                if not self._excluded((*folder.parts, entry.name), directory=False):
                    self._fail(_join(folder.path, entry.name), error)
        kinds = {name: stat.S_ISDIR(status.st_mode) for name, status in statuses.items()}
        settled = self._settle(folder, kinds)
        if settled is None:
            return
        for name, status in statuses.items():
            if kinds[name]:
                self._meet_folder(settled, name, kinds)
            else:
                self._meet_other(settled, name, status)

    def _settle(self, folder: _Folder, kinds: dict[str, bool]) -> _Folder | None:
        """The folder with what its own content says about it; None if that leaves it out."""
        tree, rules, inherited = folder.tree, folder.rules, folder.inherited
        if folder.path and ".git" in kinds and not tree.exported:
            tree, rules = open_nested(Path(self._root, folder.path), folder.path)
        if folder.path and not folder.included and inherited is None:
            inherited = conventions.directory_by_signs(
                folder.parts[-1],
                kinds,
                folder.beside,
                lambda name: _join(folder.path, name) not in self._selection.strict_paths,
            )
            if inherited and not self._reaches_below(folder.path, folder.parts, tree, inherited):
                self._skip(folder.path + "/", inherited.reason)
                return None
        if kinds.get(".gitignore") is False and not tree.exported:
            where = _join(folder.path, ".gitignore")
            rules += read_ignore_file(f"{self._root}/{where}", where, depth=len(folder.parts))
        return _Folder(folder.path, folder.parts, tree, rules, folder.beside, folder.included, inherited)

    def _meet_folder(self, folder: _Folder, name: str, kinds: dict[str, bool]) -> None:
        path, parts = _join(folder.path, name), (*folder.parts, name)
        reason = self._always_left_out(path, name) or self._excluded(parts, directory=True)
        if reason:
            self._skip(path + "/", reason)
            return
        included = folder.included or self._included(parts, directory=True)
        exclusion = None
        if not included:
            exclusion = self._exclusion(folder, name, parts)
        if exclusion and not self._reaches_below(path, parts, folder.tree, exclusion):
            self._skip(path + "/", exclusion.reason)
            return
        self._folders.append(_Folder(path, parts, folder.tree, folder.rules, kinds, included, exclusion))

    def _exclusion(self, folder: _Folder, name: str, parts: tuple[str, ...]) -> Exclusion | None:
        """Why a directory that the user does not include is left out, as far as can be told from outside."""
        named = conventions.directory_by_name(name)
        if named and not named.spares_tracked:
            return named
        if folder.inherited or named:
            return folder.inherited or named
        if name == STATE_DIRECTORY:  # of a scan of a directory below this one
            return Exclusion("state of Oreva", spares_tracked=True)
        ignored = folder.tree.ignored(parts, folder.rules, directory=True)
        return Exclusion(ignored, spares_tracked=True) if ignored else None

    def _meet_other(self, folder: _Folder, name: str, status: os.stat_result) -> None:
        """A file, a link or something special."""
        path, parts = _join(folder.path, name), (*folder.parts, name)
        included = folder.included or self._included(parts, directory=False)
        reason = self._always_left_out(path, name) or self._excluded(parts, directory=False)
        if not reason and not included:
            reason = self._left_out(folder, path, parts, regular=stat.S_ISREG(status.st_mode))
        if reason:
            self._skip(path, reason)
        elif stat.S_ISLNK(status.st_mode):
            self._meet_link(path)
        elif not stat.S_ISREG(status.st_mode):
            self._skip(path, f"{_kind(status.st_mode)}, not a file")
        else:
            self._meet_file(path, name, status, included=included)

    def _left_out(self, folder: _Folder, path: str, parts: tuple[str, ...], *, regular: bool) -> str:
        """Why what the user does not include is left out without a look into it; empty if it is not."""
        if folder.inherited and not (folder.inherited.spares_tracked and folder.tree.tracks(path)):
            return folder.inherited.reason
        by_name = conventions.file_by_name(parts[-1]) if regular else None
        if by_name:
            return by_name
        ignored = folder.tree.ignored(parts, folder.rules, directory=False)
        return "" if folder.tree.tracks(path) else ignored

    def _meet_file(self, path: str, name: str, status: os.stat_result, *, included: bool) -> None:
        head = b""
        if status.st_size:
            try:
                head = read_plain(f"{self._root}/{path}", conventions.HEAD_BYTES)
            except FileNotFoundError:
                return
            except OSError as error:
                self._fail(path, error)
                return
        if not included:
            under_review = path in self._selection.strict_paths
            reason = conventions.file_by_head(name, head, status.st_size, under_review=under_review)
            if reason:
                self._skip(path, reason)
                return
        executable = bool(status.st_mode & stat.S_IXUSR)
        self.files.append(SourceFile(path=path, size=status.st_size, executable=executable))

    def _meet_link(self, path: str) -> None:
        full = f"{self._root}/{path}"
        try:
            target = os.readlink(full)  # noqa: PTH115 (Path would tidy the text up)
            self._links.append((path, target, os.path.realpath(full, strict=True)))
        except FileNotFoundError:
            self._skip(path, "broken link: what it leads to does not exist")
        except OSError as error:
            loop = error.errno == errno.ELOOP
            self._skip(path, "link that leads back to itself" if loop else f"link that leads nowhere: {why(error)}")

    def _always_left_out(self, path: str, name: str) -> str:
        if path in (STATE_DIRECTORY, self._selection.state):
            return "state of Oreva"
        return "version control data (Git)" if name == ".git" else ""

    def _excluded(self, parts: tuple[str, ...], *, directory: bool) -> str:
        pattern = self._selection.excludes.deciding(parts, directory=directory)
        return f"excluded by {shown(pattern.text, 80)}" if pattern and not pattern.negated else ""

    def _included(self, parts: tuple[str, ...], *, directory: bool) -> bool:
        pattern = self._selection.includes.deciding(parts, directory=directory)
        return pattern is not None and not pattern.negated

    def _reaches_below(self, path: str, parts: tuple[str, ...], tree: WorkingTree, exclusion: Exclusion) -> bool:
        """Whether something below a directory that is left out is scanned all the same."""
        spared = exclusion.spares_tracked and tree.tracks_below(path)
        return spared or self._selection.includes.can_match_below(parts)

    def _skip(self, path: str, reason: str) -> None:
        entry = CoverageEntry(path=path, scanner=None, outcome=Outcome.SKIPPED, reason=reason, on_purpose=True)
        self.skipped.append(entry)

    def _fail(self, path: str, error: OSError) -> None:
        reason = f"cannot be read: {why(error)}"
        self.skipped.append(CoverageEntry(path=path, scanner=None, outcome=Outcome.FAILED, reason=reason))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _link_reason(root: str, target: str, full_target: str, listed: Collection[str], left_out: Collection[str]) -> str:
    if full_target == root:
        return "link to the root of this directory, which is scanned itself"
    inside = full_target.removeprefix(root.rstrip("/") + "/")
    if inside == full_target:
        return f"link out of this directory, to {shown(target)}"
    if Path(full_target).is_dir():
        parts = inside.split("/")
        hidden = any("/".join(parts[:depth]) + "/" in left_out for depth in range(1, len(parts) + 1))
        return f"link to {shown(inside)}/, which is {'left out' if hidden else 'walked'} itself"
    judged = "which is scanned itself" if inside in listed else "which is left out itself"
    return f"link to {shown(inside)}, {judged}"


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "named pipe"
    return "socket" if stat.S_ISSOCK(mode) else "device"
