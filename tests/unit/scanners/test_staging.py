"""Staging: exactly the files, under harmless names."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.errors import SourceError
from oreva.scanners.staging import stage, staged_name

PARTS = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=30).filter(
    lambda part: part not in (".", "..")
)
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


def test_plain_paths_stay_as_they_are() -> None:
    for path in ("a.py", "src/app/main.ts", ".github/workflows/ci.yml", "with space/x.go", "Dockerfile", "a+b@c=d.py"):
        assert staged_name(path) == path


def test_other_names_are_replaced_and_keep_their_suffix() -> None:
    name = staged_name("dir/\x1b[31mred\n.test.js")
    assert name.startswith("dir/oreva-")
    assert name.endswith(".test.js")
    assert staged_name("-rf.py") != "-rf.py"
    assert staged_name("x" * 300 + ".py").endswith(".py")
    assert len(staged_name("x" * 300 + ".py")) < 60


@given(st.sets(PATHS, max_size=8))
def test_staged_names_are_ascii_stay_inside_and_do_not_collide(paths: set[str]) -> None:
    names = {path: staged_name(path) for path in paths}
    assert len(set(names.values())) == len(paths)
    for name in names.values():
        assert name.isascii()
        assert name.isprintable()
        assert not name.startswith(("/", "-"))
        assert ".." not in name.split("/")


@settings(max_examples=30)
@given(st.dictionaries(PARTS.map(lambda part: f"d/{part}.py"), st.binary(max_size=50), max_size=5))
def test_a_stage_holds_the_bytes_it_says(tmp_path_factory: object, contents: dict[str, bytes]) -> None:
    root = tmp_path_factory.mktemp("stage") / "stage"  # type: ignore[attr-defined]
    staged, unread = stage(root, [(path, False) for path in contents], contents.__getitem__)
    assert not unread
    assert {file.path for file in staged.files} == set(contents)
    for file in staged.files:
        content = (root / file.staged).read_bytes()
        assert content == contents[file.path]
        assert (file.sha256, file.size) == (hashlib.sha256(content).hexdigest(), len(content))


def test_a_file_that_cannot_be_read_is_left_out_with_the_reason(tmp_path: Path) -> None:
    def read(path: str) -> bytes:
        if path == "gone.py":
            raise SourceError("gone.py: no longer there")
        return b"x = 1\n"

    staged, unread = stage(tmp_path / "s", [("gone.py", False), ("run", True)], read)
    assert unread == {"gone.py": "gone.py: no longer there"}
    assert [file.path for file in staged.files] == ["run"]
    assert (tmp_path / "s" / "run").stat().st_mode & 0o111
