"""What is known of origins, remembered from scan to scan."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from oreva.findings import origins
from oreva.findings.origins import Origins
from oreva.findings.provenance import Provenance
from oreva.models import Confidence, Detection, Severity
from oreva.scanners.cache import ScanCache

HANDED = b"def run(command):\n    subprocess.run(command, shell=True)\n"
MADE = b"def run():\n    command = 'ls'\n    subprocess.run(command, shell=True)\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The contents that were really parsed."""
    seen: list[bytes] = []

    class Watched(Provenance):
        def __init__(self, content: bytes) -> None:
            seen.append(content)
            super().__init__(content)

    monkeypatch.setattr(origins, "Provenance", Watched)
    return seen


def at(path: str, line: int) -> Detection:
    """A detection in this line, at no expression in particular."""
    return Detection(
        scanner="bandit", rule_id="B602", path=path, start_line=line, start_col=1, end_line=line, end_col=1,
        severity=Severity.HIGH, confidence=Confidence.HIGH, message="m",
    )  # fmt: skip


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ScanCache]:
    """A cache of this test's own."""
    made = ScanCache(tmp_path / "cache.db")
    yield made
    made.close()


def ask(cache: ScanCache | None, *questions: tuple[str, int], **contents: bytes) -> list[bool]:
    asked = Origins(contents, cache)
    answers = [asked.known(at(path, line)) for path, line in questions]
    asked.keep()
    return answers


def test_a_file_is_parsed_once_in_all_scans(tmp_path: Path, parsed: list[bytes]) -> None:
    for number in range(3):
        cache = ScanCache(tmp_path / "cache.db")
        renamed = {f"a{number}": HANDED, f"b{number}": MADE}
        assert ask(cache, (f"a{number}", 2), (f"b{number}", 3), (f"a{number}", 2), **renamed) == [False, True, False]
        cache.close()
    assert parsed == [HANDED, MADE]


def test_other_lines_and_other_contents_are_other_questions(cache: ScanCache, parsed: list[bytes]) -> None:
    assert ask(cache, ("a", 2), a=HANDED) == [False]
    assert ask(cache, ("a", 3), a=HANDED) == [False]  # nothing is there
    assert ask(cache, ("a", 2), a=MADE) == [True]
    assert ask(cache, ("gone", 2), a=HANDED) == [False]
    assert len(parsed) == 4


def test_names_that_speak_of_secrets(cache: ScanCache, parsed: list[bytes]) -> None:
    for _ in range(2):
        origins = Origins({"a": HANDED, "b": HANDED.replace(b"run(c", b"reset_token(c")}, cache)
        assert [origins.secretive(at(path, 2)) for path in "ab"] == [False, True]
        origins.keep()
    assert len(parsed) == 2


def test_another_version_of_the_analysis_asks_anew(
    cache: ScanCache, parsed: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(cache, ("a", 2), a=HANDED)
    monkeypatch.setattr(origins, "_maker", lambda: b"another")
    ask(cache, ("a", 2), a=HANDED)
    assert parsed == [HANDED, HANDED]


@pytest.mark.parametrize("memory", [None, ScanCache(None)], ids=["none", "no file"])
def test_no_memory_no_harm(memory: ScanCache | None, parsed: list[bytes]) -> None:
    assert ask(memory, ("a", 2), ("a", 2), a=HANDED) == [False, False]
    assert ask(memory, ("a", 2), a=HANDED) == [False]
    assert parsed == [HANDED, HANDED]  # once in each scan
