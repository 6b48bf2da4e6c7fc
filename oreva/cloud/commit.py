"""The files of a commit on GitHub: its archive, held against what git itself has.

GitHub makes archives with `git archive`, which follows `.gitattributes` of the very commit: `export-ignore` leaves
files out, `export-subst` rewrites text in them. A branch could so hide code from its own scan. Every file is therefore
compared with its blob by id. What is missing or differs is fetched by itself, as far as that is bearable, and is a gap
beyond. Other line ends (`eol=crlf`) are no difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from oreva.cloud.services import Services
from oreva.errors import SourceError
from oreva.models import CoverageEntry, Outcome
from oreva.sources.archive import ArchiveLimits, Extraction, extract
from oreva.sources.github import Blob

MOST_FETCHED = 200
"""Files that are fetched by themselves, one call each."""
LARGEST_FETCHED = 1024**2
LARGEST_CONVERTED = 16 * 1024**2
"""A larger file is not tried with other line ends."""
LEFT_OUT = "GitHub's archive of the commit leaves it out (export-ignore in .gitattributes)"
ALTERED = "GitHub's archive of the commit has other content (.gitattributes)"


def fetch_commit(
    repository: str, commit: str, folder: Path, services: Services, tree: Mapping[str, Blob] | None = None
) -> Extraction:
    """The files of a commit, below the folder.

    Args:
        repository: `owner/name`.
        commit: its id.
        folder: an empty directory.
        services: GitHub, and how large an archive may be.
        tree: what git has, if that is known already.

    Raises:
        SourceError: GitHub refuses, or the archive cannot be unpacked.
        ThrottledError: GitHub asks for less.
    """
    limit = services.settings.upload_bytes
    archive = folder / "source"
    with archive.open("w+b") as file:
        services.github.download_tarball(repository, commit, file, limit)
    extraction = unpack(archive, folder / "tree", services.settings.archive_limits)
    blobs = services.github.tree(repository, commit) if tree is None else tree
    return _completed(repository, extraction, blobs, services)


def unpack(archive: Path, into: Path, limits: ArchiveLimits) -> Extraction:
    """The files in an archive, which is removed. Raises `SourceError`, which speaks of "the archive"."""
    try:
        return extract(archive, into, limits)
    except SourceError as error:
        raise SourceError(str(error).replace(str(archive), "the archive")) from error
    finally:
        archive.unlink()


def _completed(repository: str, extraction: Extraction, blobs: Mapping[str, Blob], services: Services) -> Extraction:
    """What was unpacked, with every file as git has it, and a gap for each that could not be had so."""
    files = set(extraction.files)
    told = {entry.path for entry in extraction.skipped}
    wrong = [path for path in files if path in blobs and not _is(extraction.root / path, blobs[path])]
    missing = [path for path in blobs if path not in files and path not in told]
    gaps: list[CoverageEntry] = []
    fetched = 0
    for path in sorted((*wrong, *missing)):
        target = _inside(extraction.root, path)
        files.discard(path)
        bearable = fetched < MOST_FETCHED and blobs[path].size <= LARGEST_FETCHED
        if target is not None and bearable:
            content = services.github.read_blob(repository, blobs[path].id, LARGEST_FETCHED)
            fetched += 1
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(0o700 if blobs[path].executable else 0o600)
            files.add(path)
            continue
        if target is not None:
            target.unlink(missing_ok=True)
        reason = LEFT_OUT if path in missing else ALTERED
        gaps.append(CoverageEntry(path=path, scanner=None, outcome=Outcome.FAILED, reason=reason))
    skipped = sorted((*extraction.skipped, *gaps), key=lambda entry: entry.path)
    return replace(extraction, files=tuple(sorted(files)), skipped=tuple(skipped))


def _is(file: Path, blob: Blob) -> bool:
    """Whether the file is the blob, but perhaps for its line ends."""
    size = file.stat().st_size
    if size == blob.size:
        with file.open("rb") as content:
            digest = _header(size)
            while chunk := content.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest() == blob.id
    if not blob.size < size <= LARGEST_CONVERTED:
        return False
    plain = file.read_bytes().replace(b"\r\n", b"\n")
    digest = _header(len(plain))
    digest.update(plain)
    return digest.hexdigest() == blob.id


def _header(size: int) -> hashlib._Hash:
    """The beginning of git's id of a content: SHA-1, which git chose, over a header and the content."""
    return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)


def _inside(root: Path, path: str) -> Path | None:
    """Where a file of the tree lies; None for a name that no file system should be given."""
    parts = path.split("/")
    bad = any(part in ("", ".", "..", ".git") for part in parts) or "\0" in path or "\\" in path
    too_long = any(len(part.encode("utf-8", "surrogateescape")) > 255 for part in parts)
    target = root.joinpath(*parts)
    if bad or too_long or target.is_symlink() or not target.parent.resolve().is_relative_to(root.resolve()):
        return None
    return target if not target.is_dir() and not _file_on_the_way(root, parts) else None


def _file_on_the_way(root: Path, parts: Iterable[str]) -> bool:
    """Whether a file is where a folder would have to be."""
    place = root
    for part in list(parts)[:-1]:
        place /= part
        if place.exists() and not place.is_dir():
            return True
    return False
