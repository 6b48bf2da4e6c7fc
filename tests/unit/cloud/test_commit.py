"""The files of a commit, held against what git has: from a local GitHub whose archives are git's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from oreva.cloud import commit
from oreva.cloud.commit import fetch_commit
from oreva.cloud.environment import Environment
from oreva.cloud.services import Services
from oreva.errors import SourceError
from oreva.sources.archive import Extraction
from oreva.sources.github import Blob, GitHub
from tests.doubles.github_api import Fault, GitHubApi

NAME = "acme/shop"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubApi]:
    with GitHubApi(tmp_path / "github", tokens={"token"}) as api:
        api.create(NAME)
        yield api


class Connected(Services):
    """Services with a GitHub of their own."""

    github: GitHub = None  # type: ignore[assignment]


@pytest.fixture
def services(github: GitHubApi) -> Services:
    made = Connected(Environment(upload_bytes=1_000_000))
    made.github = GitHub(api_url=github.url, token="token", sleep=lambda _seconds: None)
    return made


@pytest.fixture
def fetched(github: GitHubApi, services: Services, tmp_path: Path):
    def fetch(files: dict[str, bytes], tree: dict[str, Blob] | None = None) -> Extraction:
        folder = tmp_path / "work"
        folder.mkdir()
        return fetch_commit(NAME, github.push(NAME, files), folder, services, tree)

    return fetch


def contents(extraction: Extraction) -> dict[str, bytes]:
    return {path: (extraction.root / path).read_bytes() for path in extraction.files}


def test_an_honest_archive_is_taken_as_it_is(github, fetched) -> None:
    files = {"a.py": b"a\n", "b/c.py": b"c\r\n", "empty": b""}
    assert contents(fetched(files)) == files
    assert github.asked("git/blobs") == []
    assert len(github.asked("git/trees")) == 1


def test_what_an_archive_hides_or_rewrites_is_fetched(github, fetched) -> None:
    files = {
        ".gitattributes": b".gitattributes export-ignore\nall/** export-ignore\nsub.txt export-subst\n",
        "all/one.py": b"1\n",
        "sub.txt": b"$Format:%H$\n",
        "kept.py": b"k\n",
    }
    extraction = fetched(files)
    assert contents(extraction) == files
    assert extraction.skipped == ()
    assert len(github.asked("git/blobs")) == 3


def test_other_line_ends_are_no_difference(github, fetched) -> None:
    extraction = fetched({".gitattributes": b"*.py text eol=crlf\n", "a.py": b"one\ntwo\n"})
    assert contents(extraction)["a.py"] == b"one\r\ntwo\r\n"
    assert github.asked("git/blobs") == []


def test_too_many_and_too_large_ones_are_gaps(fetched, monkeypatch) -> None:
    monkeypatch.setattr(commit, "MOST_FETCHED", 1)
    monkeypatch.setattr(commit, "LARGEST_FETCHED", 5)
    extraction = fetched(
        {".gitattributes": b"h* export-ignore\nsub export-subst\n", "h0": b"long content", "h1": b"1", "h2": b"2",
         "sub": b"$Format:%H$"}
    )  # fmt: skip
    assert set(extraction.files) == {".gitattributes", "h1"}
    assert [(entry.path, entry.reason, entry.is_gap) for entry in extraction.skipped] == [
        ("h0", commit.LEFT_OUT, True),
        ("h2", commit.LEFT_OUT, True),
        ("sub", commit.ALTERED, True),
    ]
    assert not (extraction.root / "sub").exists()  # what is not the code of the commit is not scanned as if it were


@pytest.mark.parametrize(
    "path",
    [
        "../out.py",
        "/etc/out.py",
        "a/../../out.py",
        "a//b",
        "a/./b",
        ".git/hooks/x",
        "a\\b",
        "nul\0",
        "n" * 300,
        "a.py/b",
    ],
)
def test_a_name_that_is_no_place_for_a_file_is_a_gap(fetched, tmp_path, path) -> None:
    digest = hashlib.sha1(b"blob 2\0a\n", usedforsecurity=False).hexdigest()
    extraction = fetched({"a.py": b"a\n"}, tree={"a.py": Blob(id=digest, size=2), path: Blob(id="0" * 40, size=1)})
    assert extraction.files == ("a.py",)
    assert [entry.path for entry in extraction.skipped] == [path]
    assert not (tmp_path / "out.py").exists()


def test_an_archive_above_the_limit_is_refused(services, fetched) -> None:
    services.settings = Environment(upload_bytes=10)
    with pytest.raises(SourceError, match="more than 10 bytes"):
        fetched({"a.py": b"a\n"})


class TestTree:
    def test_of_many_files(self, github, services) -> None:
        files = {f"f{n // 3}/g{n}/a.py": b"%d\n" % n for n in range(20)} | {"top.py": b"t\n"}
        sha = github.push(NAME, files)
        whole = services.github.tree(NAME, sha)
        assert {path: blob.size for path, blob in whole.items()} == {path: len(body) for path, body in files.items()}
        github.tree_limit = 5  # GitHub cuts recursive answers off: folder by folder then
        assert services.github.tree(NAME, sha) == whole
        assert {path: services.github.read_blob(NAME, whole[path].id) for path in ("top.py", "f0/g0/a.py")} == {
            "top.py": b"t\n",
            "f0/g0/a.py": b"0\n",
        }

    def test_links_are_left_out_and_what_may_be_run_is_told(self, github, services) -> None:
        repository = github.create("acme/other")
        stream = (
            b"commit refs/heads/main\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\nx\n"
            b"M 120000 inline link\ndata 4\na.sh\nM 100755 inline a.sh\ndata 3\n#!x\n"
        )
        repository.git("fast-import", "--quiet", given=stream)
        tree = services.github.tree("acme/other", repository.commit("main"))
        assert {path: blob.executable for path, blob in tree.items()} == {"a.sh": True}

    def test_an_answer_of_another_form_is_refused(self, github, services, monkeypatch) -> None:
        sha = github.push(NAME, {"a.py": b"a\n"})
        monkeypatch.setattr(GitHub, "_json", lambda self, call: {"tree": [{"path": "x"}]})
        with pytest.raises(SourceError, match="a tree without what GitHub documents"):
            services.github.tree(NAME, sha)

    def test_a_blob_above_the_limit_is_refused(self, github, services) -> None:
        sha = github.push(NAME, {"a.py": b"a" * 100})
        (blob,) = services.github.tree(NAME, sha).values()
        with pytest.raises(SourceError, match="more than 10 bytes"):
            services.github.read_blob(NAME, blob.id, 10)

    def test_a_passing_failure_is_tried_again(self, github, services) -> None:
        sha = github.push(NAME, {"a.py": b"a\n"})
        github.faults.append(Fault(503, match="git/trees"))
        assert set(services.github.tree(NAME, sha)) == {"a.py"}
