"""What git says of a directory: which files it tracks, and which others its ignore files leave out.

A tracked file is never ignored, whatever an ignore file says: otherwise a branch could hide code by ignoring it. So
where there is a repository that git cannot read (or git is missing), nothing is known to be untracked, no ignore file
is honoured, and more is scanned. Without any repository ignore files are honoured as they stand.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from oreva.sources import git
from oreva.sources.display import shown
from oreva.sources.ignore import PatternList, parse_patterns
from oreva.sources.plain_file import read_plain

MAX_IGNORE_BYTES = 512 * 1024
"""An ignore file that is larger is not honoured: what it names is scanned."""


@dataclass(frozen=True)
class IgnoreFile:
    """The patterns of one ignore file and the place they are relative to."""

    where: str
    """For a person: its path as seen from the scanned root."""
    patterns: PatternList
    depth: int = 0
    """How many directories below the scanned root it stands."""
    lead: tuple[str, ...] = ()
    """Directories between it and the scanned root, if it stands above."""

    def relative(self, parts: Sequence[str]) -> Sequence[str]:
        """The path `parts` (relative to the scanned root) as this file's patterns see it."""
        return (*self.lead, *parts) if self.lead else parts[self.depth :]


Rules = tuple[IgnoreFile, ...]
"""Ignore files from the outermost to the innermost; a later one outranks an earlier one."""


class WorkingTree:
    """A repository's working tree, or a directory that is in none."""

    def __init__(
        self, directory: Path, path: str = "", *, top: Path | None, readable: bool, exported: bool = False
    ) -> None:
        """Describe the tree that the directory `path` (relative to the scanned root) belongs to.

        Args:
            directory: that directory on disk.
            path: the same, relative to the scanned root.
            top: the root of the working tree; None without a repository.
            readable: False if there is a repository that git cannot read.
            exported: the directory is an export of a commit: all in it counts as tracked.
        """
        self.directory = directory
        self.prefix = f"{path}/" if path else ""
        self.top = top
        self.exported = exported
        self._readable = readable

    @cached_property
    def _tracked(self) -> frozenset[str] | None:
        """Relative to the scanned root; None if it cannot be known."""
        if self.top is None:
            return frozenset() if self._readable else None
        found = git.tracked_files(self.directory)
        return None if found is None else frozenset(self.prefix + path for path in found)

    @cached_property
    def _tracked_directories(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self._tracked or ():
            found.add(path)  # a sub-module is listed as its directory
            above = path.rpartition("/")[0]
            while above and above not in found:
                found.add(above)
                above = above.rpartition("/")[0]
        return frozenset(found)

    @property
    def is_known(self) -> bool:
        """Whether it can be told what is tracked; if not, no ignore file is honoured."""
        return self.exported or self._tracked is not None

    @property
    def tracks_any(self) -> bool:
        """Whether anything at all is tracked."""
        return self.exported or bool(self._tracked)

    def tracks(self, path: str) -> bool:
        """Whether the file at `path` is tracked."""
        return self.exported or path in (self._tracked or ())

    def tracks_below(self, path: str) -> bool:
        """Whether anything below the directory at `path` is tracked."""
        return self.exported or path in self._tracked_directories

    def ignored(self, parts: Sequence[str], rules: Rules, *, directory: bool) -> str:
        """Why the ignore files leave the entry at `parts` out (tracked or not); empty if they don't."""
        if self.exported:
            return ""
        for ignore_file in reversed(rules):
            pattern = ignore_file.patterns.deciding(ignore_file.relative(parts), directory=directory)
            if pattern is not None:
                if pattern.negated or not self.is_known:
                    return ""
                return f"ignored by .gitignore ({ignore_file.where}: {shown(pattern.text, 80)})"
        return ""


def open_root(root: Path, *, exported: bool = False) -> tuple[WorkingTree, Rules]:
    """The working tree of a scanned root (a real path), and the ignore files that stand above it or for all of it.

    A root that the repository around it ignores (a download in a build folder) is not part of that repository.
    """
    around = next((folder for folder in (root, *root.parents) if os.path.lexists(folder / ".git")), None)
    if exported or around is None:
        return WorkingTree(root, top=None, readable=True, exported=exported), ()
    top = git.toplevel(root)
    if top is None:
        return WorkingTree(root, top=None, readable=False), ()
    lead = root.relative_to(top).parts
    tree = WorkingTree(root, top=top, readable=True)
    rules = list(_own_rules(top, "", lead))
    for depth in range(len(lead)):
        full = top.joinpath(*lead[:depth], ".gitignore")
        rules += read_ignore_file(str(full), "../" * (len(lead) - depth) + ".gitignore", lead=lead[depth:])
        if _ignores_ancestor(rules, below=len(lead) - depth - 1) and tree.is_known and not tree.tracks_any:
            return WorkingTree(root, top=None, readable=True), ()
    return tree, tuple(rules)


def _ignores_ancestor(rules: Sequence[IgnoreFile], below: int) -> bool:
    """Whether `rules` ignore the directory that the scanned root lies `below` levels under."""
    for rule in reversed(rules):
        pattern = rule.patterns.deciding(rule.lead[: len(rule.lead) - below], directory=True)
        if pattern is not None:
            return not pattern.negated
    return False


def open_nested(directory: Path, path: str) -> tuple[WorkingTree, Rules]:
    """The repository of its own (a sub-module, a nested clone) whose root is the directory at `path`."""
    top = git.toplevel(directory)
    if top is None or top != Path(os.path.realpath(directory)):
        return WorkingTree(directory, path, top=None, readable=False), ()
    return WorkingTree(directory, path, top=top, readable=True), _own_rules(top, path, ())


def read_ignore_file(full: str, where: str, *, depth: int = 0, lead: tuple[str, ...] = ()) -> Rules:
    """The ignore file at `full`, as no or one element; a link or anything unreadable is no ignore file, as for git."""
    try:
        content = read_plain(full, MAX_IGNORE_BYTES + 1)
    except OSError:
        return ()
    patterns = PatternList(parse_patterns(os.fsdecode(content))) if len(content) <= MAX_IGNORE_BYTES else None
    return (IgnoreFile(shown(where), patterns, depth, lead),) if patterns else ()


def _own_rules(top: Path, path: str, lead: tuple[str, ...]) -> Rules:
    """The repository's `info/exclude`."""
    administration = top / ".git"
    try:
        plain = stat.S_ISDIR(administration.lstat().st_mode)
    except OSError:
        return ()
    exclude = administration / "info" / "exclude" if plain else git.exclude_file(top)
    if exclude is None:
        return ()
    depth = path.count("/") + 1 if path else 0
    return read_ignore_file(str(exclude), ".git/info/exclude", depth=depth, lead=lead)
