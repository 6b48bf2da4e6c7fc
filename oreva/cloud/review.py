"""What a change under review has changed: the files that differ from the commit where it left the default branch.

The default branch goes on meanwhile. What was fixed or added there since is none of the change's doing, so the newest
state of the default branch alone cannot say what the change introduces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from oreva.cloud.configuration import Trusted
from oreva.cloud.plan import Tree
from oreva.cloud.services import Services
from oreva.models import Source
from oreva.sources.archive import Extraction
from oreva.sources.github import Blob

_READERS = 4


def digests(extraction: Extraction) -> dict[str, str]:
    """Path to content digest (SHA-256, hex) of every file that was unpacked."""

    def digest(path: str) -> str:
        with (extraction.root / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    with ThreadPoolExecutor(_READERS) as readers:
        return dict(zip(extraction.files, readers.map(digest, extraction.files), strict=True))


def changed_files(
    source: Source,
    trusted: Trusted,
    git: Mapping[str, Blob],
    newest: Tree,
    here: Mapping[str, str],
    services: Services,
) -> frozenset[str]:
    """The paths that a change adds, changes or removes.

    Args:
        source: the change; its commit is known.
        trusted: the default branch as it is now.
        git: the files of the change as git has them.
        newest: the default branch as its newest complete scan has seen it, which is the second best to compare with
            where GitHub knows no commit that both share.
        here: path to content digest in the change, as in `newest`.
        services: GitHub.

    Raises:
        SourceError: GitHub refuses.
        ThrottledError: GitHub asks for less.
    """
    shared = services.github.merge_base(source.repository, trusted.commit or "HEAD", source.commit or "HEAD")
    if shared is None:
        return _differing(here, newest.files)
    there = services.github.tree(source.repository, shared)
    return _differing({path: blob.id for path, blob in git.items()}, {path: blob.id for path, blob in there.items()})


def _differing(here: Mapping[str, str], there: Mapping[str, str]) -> frozenset[str]:
    return frozenset(path for path in {*here, *there} if here.get(path) != there.get(path))
