"""Packing: the same files make the same archive, and what was left out travels with it."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from oreva.errors import SourceError
from oreva.models import CoverageEntry, Outcome
from oreva.sources.archive import extract
from oreva.sources.base import SourceFile
from oreva.sources.directory import DirectorySource
from oreva.sources.packing import LEFT_OUT, TOP, contents, pack, told


@pytest.fixture
def tree(tmp_path: Path) -> DirectorySource:
    root = tmp_path / "tree"
    for path, text in {"src/a.py": "a = 1\n", "src/run": "#!/bin/sh\n", "é/ü.py": "u\n"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / "src/run").chmod(0o755)
    (root / os.fsdecode(b"src/\xff.py")).write_text("b = 2\n")
    return DirectorySource(root, repository="tree")


def packed(tree: DirectorySource) -> io.BytesIO:
    body = io.BytesIO()
    listing = tree.list()
    pack(tree, listing.files, listing.skipped, body)
    body.seek(0)
    return body


def test_it_comes_out_as_it_went_in(tree, tmp_path) -> None:
    archive = tmp_path / "a.tar.gz"
    archive.write_bytes(packed(tree).getvalue())
    extraction = extract(archive, tmp_path / "out")
    again = DirectorySource(extraction.root, repository="tree", exported=True)
    assert again.list().files == tree.list().files
    for file in tree.list().files:
        assert again.read(file.path) == tree.read(file.path)


def test_the_same_files_make_the_same_archive(tree) -> None:
    first = packed(tree).getvalue()
    os.utime(tree.root / "src/a.py", (1, 1))
    (tree.root / "src/a.py").chmod(0o600)
    assert packed(tree).getvalue() == first


def test_nothing_of_this_machine_is_in_it(tree) -> None:
    with tarfile.open(fileobj=packed(tree), errors="surrogateescape") as tar:
        for member in tar:
            assert (member.uid, member.gid, member.uname, member.gname, member.mtime) == (0, 0, "", "", 0)
            assert member.name.startswith(f"{TOP}/")


def test_what_was_left_out_and_what_cannot_be_read_is_told(tree, tmp_path) -> None:
    body = io.BytesIO()
    gone = SourceFile(path="src/gone.py", size=1)
    skipped = CoverageEntry(path="vendor/", scanner=None, outcome=Outcome.SKIPPED, reason="vendored", on_purpose=True)
    result = pack(tree, [*tree.list().files, gone], [skipped], body)
    assert result.files == 4
    archive = tmp_path / "a.tar.gz"
    archive.write_bytes(body.getvalue())
    extraction = extract(archive, tmp_path / "out")
    entries = told(extraction.root, extraction.files)
    assert entries == result.left_out
    assert [(entry.path, entry.is_gap) for entry in entries] == [("src/gone.py", True), ("vendor/", False)]
    assert told(extraction.root, ["vendor/", "src/gone.py"]) == ()


def test_an_archive_of_anybody_else_tells_nothing(tmp_path) -> None:
    assert told(tmp_path, []) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not what this version"),
        ('{"path": "a", "scanner": null, "outcome": "scanned"}', "is not left out"),
        ("x" * 100, "not what this version"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_refused(tmp_path, text, words) -> None:
    place = tmp_path / LEFT_OUT
    place.parent.mkdir()
    place.write_text(text)
    with pytest.raises(SourceError, match=words):
        told(tmp_path, [])


def test_a_list_that_is_a_link_is_refused(tmp_path) -> None:
    place = tmp_path / LEFT_OUT
    place.parent.mkdir()
    place.symlink_to("/etc/passwd")
    with pytest.raises(SourceError, match="cannot be read"):
        told(tmp_path, [])


def test_contents_are_read_back(tree) -> None:
    odd = os.fsdecode(b"src/\xff.py")
    found = contents(packed(tree), {"src/a.py", odd, "no/such"})
    assert found == {"src/a.py": b"a = 1\n", odd: b"b = 2\n"}
    assert contents(io.BytesIO(), set()) == {}
