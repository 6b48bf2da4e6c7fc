"""Ignore patterns: the language of gitignore(5), held against the git program itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oreva.sources.directory import DirectorySource
from oreva.sources.ignore import MAX_PATTERNS, PatternList, parse_pattern, parse_patterns

TREE = [
    *(
        f"{folder}{name}"
        for folder in ("", "a/", "a/b/", "b/", "b/a/", "ab/", "a/b/a/b/")
        for name in ("a.c", "b.h", "abb")
    ),
    "a b/c ",
    "#x",
    "!y",
    "z]",
    "a/b/[c]",
    "x\ny",
    "back\\slash",
    "-dash",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    subprocess.run(["git", "init", "-q", root], check=True)
    for name in TREE:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")
    return root


def visible_to_git(root: Path) -> set[str]:
    command = ["git", "-c", "core.excludesFile=/dev/null", "ls-files", "-z", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
    return set(output.decode().split("\0")) - {""}


def visible_to_oreva(root: Path) -> set[str]:
    return {file.path for file in DirectorySource(root, repository="r").list().files}


def both(root: Path, files: dict[str, str]) -> tuple[set[str], set[str]]:
    for name in (".gitignore", "a/.gitignore", ".git/info/exclude"):
        (root / name).unlink(missing_ok=True)
    for name, text in files.items():
        (root / name).write_text(text, newline="")
    return visible_to_oreva(root), visible_to_git(root)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a/",
        "/a",
        "/a/",
        "a/b",
        "*.c",
        "/*.c",
        "a/*",
        "a/**",
        "**/b",
        "**/a/b",
        "a/**/b",
        "a/**/**/b",
        "**",
        "/**",
        "**/",
        "*",
        "*\n!*/\n!*.c",
        "*.c\n!a/",
        "a\n!a/b",
        "/a/*\n!/a/b",
        "a*\n!a.c",
        "[ab].c",
        "[!a].h",
        "[^a].h",
        "[a-c]b",
        "[[:alpha:]].c",
        "[[:nonsense:]].c",
        "[z-a].c",
        "[]a].c",
        "z[]]",
        "[a",
        "a\\",
        "\\#x",
        "#x",
        "\\!y",
        "!y",
        "a b/c\\ ",
        "a b/c ",
        "c\\ ",
        "?.c",
        "??",
        "x?y",
        "a/b/\\[c\\]",
        "back\\\\slash",
        "[\\\\]*",
        "*\\\\*",
        "-dash",
        "a/b/",
        "//a",
        "a//",
        "/",
        "!",
        "",
        "\ufeffab",
        "ab\r\nb.h\r\n",
        "*.c\n*.h\n!b.h\nb.h\n!a/b.h",
        "*b*",
        "*a*b",
        "a*/b*",
        "*/b",
        "b/a/*.c",
        "[*]x",
        "[a-]*",
        "[--0]dash",
        "[\\]z]*",
    ],
)
def test_decides_as_git_does(tree: Path, text: str) -> None:
    ours, gits = both(tree, {".gitignore": text})
    assert ours == gits


def test_inner_files_outrank_outer_ones_and_the_repositorys_own_comes_last(tree: Path) -> None:
    files = {".gitignore": "*.c\n!b.h\n", "a/.gitignore": "!a.c\n/b/ab\n", ".git/info/exclude": "b.h\n#x\n"}
    ours, gits = both(tree, files)
    assert ours == gits
    assert "a/a.c" in ours
    assert "a.c" not in ours


PIECES = st.sampled_from(
    ["a", "b", "ab", "*", "**", "?", "/", "!", ".c", ".h", "[ab]", "[!a]", "[a-b]", "\\", " ", "c", "]"]
)
LINES = st.lists(
    st.lists(PIECES, min_size=1, max_size=6).map("".join).filter(lambda line: "\\/" not in line), min_size=1, max_size=4
).map("\n".join)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outer=LINES, inner=LINES)
def test_decides_as_git_does_for_any_patterns(tree: Path, outer: str, inner: str) -> None:
    ours, gits = both(tree, {".gitignore": outer, "a/.gitignore": inner})
    assert ours == gits


def test_hostile_patterns_take_no_time_to_speak_of() -> None:
    pattern = parse_pattern("*a" * 60 + "*b")
    assert pattern is not None
    assert not pattern.matches(["a" * 250], directory=False)
    deep = parse_pattern("/**/a" * 40 + "/b")
    assert deep is not None
    assert not deep.matches(["a"] * 1500, directory=False)


def test_too_many_patterns_are_not_honoured() -> None:
    assert parse_patterns("a\n" * (MAX_PATTERNS - 1))
    assert parse_patterns("a\n" * (MAX_PATTERNS + 1)) == ()


@pytest.mark.parametrize(
    ("pattern", "directory", "expected"),
    [
        ("node_modules/mine/**", ["node_modules"], True),
        ("node_modules/mine/**", ["node_modules", "mine"], True),
        ("node_modules/mine/**", ["node_modules", "other"], False),
        ("/a/b", ["a", "b"], False),
        ("**/x/*.js", ["a", "b"], True),
        ("a/**/c", ["a", "b", "c"], True),
        ("a/**/c", ["b"], False),
        ("*.js", ["anything"], True),
        ("!*.js", ["anything"], False),
    ],
)
def test_knows_whether_it_can_match_below(pattern: str, directory: list[str], expected: bool) -> None:
    assert PatternList(parse_patterns(pattern)).can_match_below(directory) is expected
