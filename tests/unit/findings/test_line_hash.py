"""`primaryLocationLineHash` against the hashes that GitHub's upload action is known to give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.findings.fingerprints import primary_location_line_hashes

WORDS = ["e9496ae3ebfced30", "fb7c023a8b9ccb3f", "ce8ba1a563dcdaca", "e20e36e16fcb0cc8", "b3edc88f2938467e"]
ENDED = [f"{h}:1" for h in (*WORDS, "c8e28b0b4002a3a0", "c129715d7a2bc9a3")]
LOREM = ["a7f2ff13bc495cf2"] * 6 + ["a7f2ff1481e87703", "a9cf91f7bbf1862b", "55ec222b86bcae53", "cc97dc7b1d7d8f7b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            [
                f"{h}:1"
                for h in (
                    *("8b7cf3e952e7aeb2", "b1ae1287ec4718d9", "bff680108adb0fcc"),
                    *("c6805c5e1288b612", "b86d3392aea1be30", "e6ceba753e1a442"),
                )
            ],
        ),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", ENDED),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", ENDED),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", ENDED),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", ENDED),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [f"{h}:{n}" for h, n in zip(LOREM, [1, 2, 3, 4, 5, 6, 1, 1, 1, 1], strict=True)] + ["c129715d7a2bc9a3:1"],
        ),
    ],
)
def test_known_hashes(text, expected):
    hashes = primary_location_line_hashes(text.encode(), range(1, len(expected) + 5))
    assert [hashes[line] for line in sorted(hashes)] == expected


def reference(content: bytes) -> dict[int, str]:
    """The algorithm as it is described: one unit after the other through a window of a hundred."""
    units = content.decode("utf-8", "replace").encode("utf-16-le", "surrogatepass")
    codes = [int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2)]
    window, marks, value = [0] * 100, [0] * 100, 0
    counts: dict[int, int] = {}
    out: dict[int, str] = {}
    index = line = 0
    at_start, after_cr = True, False

    def emit() -> None:
        counts[value] = counts.get(value, 0) + 1
        out[marks[index]] = f"{value:x}:{counts[value]}"
        marks[index] = 0

    def push(code: int) -> None:
        nonlocal value, index
        value = (37 * value + code - pow(37, 100, 1 << 64) * window[index]) % (1 << 64)
        window[index] = code
        index = (index + 1) % 100

    for raw in [*codes, 65535]:
        if raw in (32, 9) or (after_cr and raw == 10):
            after_cr = False
            continue
        after_cr = raw == 13
        code = 10 if after_cr else raw
        if marks[index]:
            emit()
        if at_start:
            line += 1
            marks[index] = line
        at_start = code == 10
        push(code)
    for _ in range(100):
        if marks[index]:
            emit()
        push(0)
    return out


@given(
    st.lists(st.sampled_from(["a", "xyz", " ", "\t", "\n", "\r\n", "\r", "😀", "é", "\n" * 30, "w" * 70])).map("".join)
)
def test_every_line_agrees_with_the_description(text):
    expected = reference(text.encode())
    assert primary_location_line_hashes(text.encode(), range(1, 500)) == expected


def test_only_the_lines_asked_for_are_given():
    assert primary_location_line_hashes(b"a\nb\nc\n", [2]).keys() == {2}
    assert primary_location_line_hashes(b"a\n", []) == {}
    assert primary_location_line_hashes(b"a\n", [9]) == {}


def test_bytes_that_are_no_text_are_hashed_like_the_replacement_character():
    assert primary_location_line_hashes(b"\xff\n", [1]) == primary_location_line_hashes("\ufffd\n".encode(), [1])
