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

import os
import stat
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from pathlib import Path

from oreva.errors import SourceError, UsageError
from oreva.models import Source
from oreva.sources import git
from oreva.sources.base import Listing
from oreva.sources.display import shown
from oreva.sources.ignore import PatternList, parse_pattern
from oreva.sources.plain_file import read_plain, why
from oreva.sources.walk import Selection, Walk
from oreva.sources.working_tree import open_root


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
        selection = Selection(self.excludes, self.includes, self.strict_paths, _relative_state(self))
        walk = Walk(self.real_root, selection, tree, rules)
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


def _patterns(texts: Iterable[str]) -> PatternList:
    patterns = []
    for text in texts:
        pattern = parse_pattern(text.removeprefix("./"))
        if pattern is None:
            raise UsageError(f"the pattern {shown(text)!r} can match nothing: write it as in a .gitignore file")
        patterns.append(pattern)
    return PatternList(patterns)


def _relative_state(source: DirectorySource) -> str | None:
    """The state directory relative to the root; None if it lies elsewhere."""
    if source.state_dir is None:
        return None
    real = Path(os.path.realpath(source.state_dir))
    root = Path(source.real_root)
    return real.relative_to(root).as_posix() if real != root and real.is_relative_to(root) else None
