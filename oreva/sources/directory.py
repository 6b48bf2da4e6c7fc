"""A directory on disk as a source: walks it, decides file by file what is scanned, and gives a reason for the rest.

Links are never followed and nothing but regular files is opened, of which the first 8 KB are read. What cannot be read
is a gap; everything else that is left out is left out on purpose, with the reason:

- Oreva's own state and version control data: always;
- what the user excludes;
- what ignore files leave out and git does not track (`working_tree`), and what conventions leave out (`conventions`),
  unless the user includes it;
- links, since what they lead to is scanned where it lies, or is none of this source; FIFOs, sockets and devices.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from oreva.errors import SourceError, UsageError
from oreva.models import CoverageEntry, Outcome, Source
from oreva.sources import conventions, git
from oreva.sources.base import Listing, SourceFile
from oreva.sources.conventions import Exclusion
from oreva.sources.display import shown
from oreva.sources.ignore import PatternList, parse_pattern
from oreva.sources.plain_file import read_plain, why
from oreva.sources.working_tree import Rules, WorkingTree, open_nested, open_root, read_ignore_file

STATE_DIRECTORY = ".oreva"


class DirectorySource:
    """The files below one directory."""

    def __init__(
        self,
        root: Path,
        *,
        repository: str,
        excludes: Sequence[str] = (),
        includes: Sequence[str] = (),
        state_dir: Path | None = None,
        strict_paths: Collection[str] | None = None,
        exported: bool = False,
    ) -> None:
        """Describe the source; nothing is read yet.

        Args:
            root: the directory; may be a link to one.
            repository: the name that the store knows it by.
            excludes: patterns in the language of `.gitignore`, relative to `root`, of what is not scanned.
            includes: patterns of what is scanned even where a convention or an ignore file leaves it out.
            state_dir: where Oreva keeps its state, if not in `.oreva/`.
            strict_paths: the files of the change under review. Nothing that is written in them leaves them out, and
                none of them is a sign that leaves others out; names still count.
            exported: `root` is an export of a commit, so that no ignore file applies to what is in it.

        Raises:
            UsageError: a pattern that can match nothing.
        """
        self.root = root
        self.repository = repository
        self.excludes = _patterns(excludes)
        self.includes = _patterns(includes)
        self.state_dir = state_dir
        self.strict_paths = frozenset(strict_paths or ())
        self.exported = exported

    @cached_property
    def real_root(self) -> str:
        """`root` without links. Raises `SourceError` if it is no directory."""
        name = shown(str(self.root))
        try:
            real = os.path.realpath(self.root, strict=True)
            mode = Path(real).stat().st_mode
        except FileNotFoundError:
            raise SourceError(f"no such path: {name}: check the spelling") from None
        except OSError as error:
            raise SourceError(f"cannot open {name}: {why(error)}: check the path and its permissions") from error
        except ValueError:
            raise SourceError(f"no such path: {name}: a path holds no NUL character") from None
        if not stat.S_ISDIR(mode):
            raise SourceError(f"not a directory: {name}: name the directory that holds it")
        return real

    def list(self) -> Listing:
        """Walk the directory. Raises `SourceError` if there is no such directory or it cannot be read."""
        root = Path(self.real_root)
        tree, rules = open_root(root, exported=self.exported)
        walk = _Walk(self, tree, rules)
        walk.run()
        return Listing(
            source=Source(
                provider="directory",
                repository=self.repository,
                commit=git.head_commit(tree.top) if tree.top else None,
            ),
            files=tuple(sorted(walk.files, key=lambda file: file.path)),
            skipped=tuple(sorted(walk.skipped, key=lambda entry: entry.path)),
        )

    def read(self, path: str) -> bytes:
        """The content of one listed file. Raises `SourceError` if it is gone, is no file any more, or lies outside."""
        full = f"{self.real_root.rstrip('/')}/{path}"
        try:
            if "\0" in path or os.path.realpath(full, strict=True) != full:
                raise SourceError(f"cannot read {shown(path)}: it is no file of this directory: scan again")
            return read_plain(full)
        except OSError as error:
            raise SourceError(f"cannot read {shown(path)}: {why(error)}: check it and scan again") from error


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


class _Walk:
    """One walk over a `DirectorySource`."""

    def __init__(self, source: DirectorySource, tree: WorkingTree, rules: Rules) -> None:
        self._source = source
        self._root = source.real_root.rstrip("/")
        self._state = _relative_state(source)
        self._folders = [_Folder("", (), tree, rules)]
        self._links: list[tuple[str, str, str]] = []
        self.files: list[SourceFile] = []
        self.skipped: list[CoverageEntry] = []

    def run(self) -> None:
        """Fill `files` and `skipped`."""
        while self._folders:
            self._walk(self._folders.pop())
        listed = {file.path for file in self.files}
        for path, target, full_target in self._links:
            self._skip(path, _link_reason(self._source.real_root, target, full_target, listed))

    def _walk(self, folder: _Folder) -> None:
        try:
            with os.scandir(f"{self._root}/{folder.path}") as scanned:
                entries = list(scanned)
        except OSError as error:
            if not folder.path:
                name = shown(str(self._source.root))
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
                lambda name: _join(folder.path, name) not in self._source.strict_paths,
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
            exclusion = folder.inherited or conventions.directory_by_name(name) or self._state_elsewhere(name)
            if exclusion is None:
                ignored = folder.tree.ignored(parts, folder.rules, directory=True)
                exclusion = Exclusion(ignored, spares_tracked=True) if ignored else None
        if exclusion and not self._reaches_below(path, parts, folder.tree, exclusion):
            self._skip(path + "/", exclusion.reason)
            return
        self._folders.append(_Folder(path, parts, folder.tree, folder.rules, kinds, included, exclusion))

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
            under_review = path in self._source.strict_paths
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
        if path in (STATE_DIRECTORY, self._state):
            return "state of Oreva"
        return "version control data (Git)" if name == ".git" else ""

    def _state_elsewhere(self, name: str) -> Exclusion | None:
        """State of a scan of a directory below this one."""
        return Exclusion("state of Oreva", spares_tracked=True) if name == STATE_DIRECTORY else None

    def _excluded(self, parts: tuple[str, ...], *, directory: bool) -> str:
        pattern = self._source.excludes.deciding(parts, directory=directory)
        return f"excluded by {shown(pattern.text, 80)}" if pattern and not pattern.negated else ""

    def _included(self, parts: tuple[str, ...], *, directory: bool) -> bool:
        pattern = self._source.includes.deciding(parts, directory=directory)
        return pattern is not None and not pattern.negated

    def _reaches_below(self, path: str, parts: tuple[str, ...], tree: WorkingTree, exclusion: Exclusion) -> bool:
        """Whether something below a directory that is left out is scanned all the same."""
        spared = exclusion.spares_tracked and tree.tracks_below(path)
        return spared or self._source.includes.can_match_below(parts)

    def _skip(self, path: str, reason: str) -> None:
        entry = CoverageEntry(path=path, scanner=None, outcome=Outcome.SKIPPED, reason=reason, on_purpose=True)
        self.skipped.append(entry)

    def _fail(self, path: str, error: OSError) -> None:
        reason = f"cannot be read: {why(error)}"
        self.skipped.append(CoverageEntry(path=path, scanner=None, outcome=Outcome.FAILED, reason=reason))


def _patterns(texts: Iterable[str]) -> PatternList:
    patterns = []
    for text in texts:
        pattern = parse_pattern(text.removeprefix("./"))
        if pattern is None:
            raise UsageError(f"the pattern {shown(text)!r} can match nothing: write it as in a .gitignore file")
        patterns.append(pattern)
    return PatternList(patterns)


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _relative_state(source: DirectorySource) -> str | None:
    """The state directory relative to the root; None if it lies elsewhere."""
    if source.state_dir is None:
        return None
    real = Path(os.path.realpath(source.state_dir))
    root = Path(source.real_root)
    return real.relative_to(root).as_posix() if real != root and real.is_relative_to(root) else None


def _link_reason(root: str, target: str, full_target: str, listed: Collection[str]) -> str:
    if full_target == root:
        return "link to the root of this directory, which is scanned itself"
    inside = full_target.removeprefix(root.rstrip("/") + "/")
    if inside == full_target:
        return f"link out of this directory, to {shown(target)}"
    if Path(full_target).is_dir():
        return f"link to {shown(inside)}/, which is walked itself"
    judged = "which is scanned itself" if inside in listed else "which is left out itself"
    return f"link to {shown(inside)}, {judged}"


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "named pipe"
    return "socket" if stat.S_ISSOCK(mode) else "device"
