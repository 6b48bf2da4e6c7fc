"""What a change under review has changed: the files that differ from the commit where it left the default branch.

The default branch goes on meanwhile. What was fixed or added there since is none of the change's doing, so the newest
state of the default branch alone cannot say what the change introduces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from oreva.cloud.configuration import Trusted
from oreva.cloud.plan import Tree
from oreva.cloud.services import Services
from oreva.errors import SourceError
from oreva.models import Source
from oreva.sources.archive import ArchiveLimits, Extraction, extract

_READERS = 4


def digests(extraction: Extraction) -> dict[str, str]:
    """Path to content digest (SHA-256, hex) of every file that was unpacked."""

    def digest(path: str) -> str:
        with (extraction.root / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    with ThreadPoolExecutor(_READERS) as readers:
        return dict(zip(extraction.files, readers.map(digest, extraction.files), strict=True))


def changed_files(
    source: Source, trusted: Trusted, here: Mapping[str, str], newest: Tree, folder: Path, services: Services
) -> frozenset[str]:
    """The paths that a change adds, changes or removes.

    Args:
        source: the change; its commit is known.
        trusted: the default branch as it is now.
        here: path to content digest in the change.
        newest: the default branch as its newest complete scan has seen it, which is the second best to compare with
            where GitHub knows no commit that both share.
        folder: an empty place for another archive.
        services: GitHub, and how large an archive may be.

    Raises:
        SourceError: GitHub refuses the archive of the shared commit, or it cannot be unpacked.
        ThrottledError: GitHub asks for less.
    """
    shared = services.github.merge_base(source.repository, trusted.commit or "HEAD", source.commit or "HEAD")
    there = newest.files if shared in (None, newest.commit) else _fetched(source, str(shared), folder, services)
    return frozenset(path for path in {*here, *there} if here.get(path) != there.get(path))


def _fetched(source: Source, commit: str, folder: Path, services: Services) -> Mapping[str, str]:
    limit = services.settings.upload_bytes
    archive = folder / "shared.tar.gz"
    with archive.open("w+b") as file:
        services.github.download_tarball(source.repository, commit, file, limit)
    try:
        return digests(extract(archive, folder / "shared", ArchiveLimits(archive_bytes=limit)))
    except SourceError as error:
        reason = str(error).replace(str(archive), "its archive")
        raise SourceError(f"commit {commit[:12]}, which the change started from: {reason}") from error
    finally:
        archive.unlink()
