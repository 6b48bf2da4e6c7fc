"""Unpacking archives: what comes out of good ones, and that bad ones do no harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oreva.errors import SourceError
from oreva.models import Outcome
from oreva.sources import archive_streams
from oreva.sources.archive import ArchiveLimits, Extraction, extract

Members = list[tuple[tarfile.TarInfo, bytes]]


def member(
    name: str, content: bytes = b"x\n", kind: bytes = tarfile.REGTYPE, **fields: object
) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.size = len(content) if kind == tarfile.REGTYPE else 0
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def tar_bytes(*members: tuple[tarfile.TarInfo, bytes], **options: object) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", errors="surrogateescape", **options) as tar:  # type: ignore[call-overload]
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def zip_bytes(
    entries: dict[str | zipfile.ZipInfo, bytes], comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        archive.comment = comment
    return packed.getvalue()


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[..., Extraction]:
    """Writes bytes to a file and unpacks it into a new directory, `out`."""

    def run(data: bytes, limits: ArchiveLimits | None = None, **options: bool) -> Extraction:
        (tmp_path / "archive").write_bytes(data)
        return extract(tmp_path / "archive", tmp_path / "out", limits, **options)

    return run


Unpack = Callable[..., Extraction]


def refused(unpack: Unpack, tmp_path: Path, data: bytes, words: str, limits: ArchiveLimits | None = None) -> None:
    """The archive is refused with these words, leaves nothing behind and nothing outside."""
    before = sorted(path for path in tmp_path.rglob("*") if path.name not in ("archive", "out"))
    with pytest.raises(SourceError, match=words) as caught:
        unpack(data, limits)
    assert str(caught.value).isprintable()
    assert list((tmp_path / "out").iterdir()) == []
    assert sorted(path for path in tmp_path.rglob("*") if path.name not in ("archive", "out")) == before


GOOD = tar_bytes(
    member("top", kind=tarfile.DIRTYPE),
    member("top/a.py", b"a = 1\n"),
    member("top/d/run.sh", b"#!/bin/sh\n", mode=0o6755),
    member("./top/empty", b""),
)


@pytest.mark.parametrize(
    "pack",
    [
        bytes,
        gzip.compress,
        bz2.compress,
        lzma.compress,
        lambda data: lzma.compress(data[:700]) + b"\0" * 8 + lzma.compress(data[700:]),
    ],
)
def test_unpacks_tar_in_every_compression(unpack: Unpack, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    done = unpack(pack(GOOD))
    assert done.root == tmp_path / "out" / "top"
    assert done.files == ("a.py", "d/run.sh", "empty")
    assert done.skipped == ()
    assert (done.root / "a.py").read_bytes() == b"a = 1\n"
    assert stat.S_IMODE((done.root / "a.py").stat().st_mode) == 0o600
    assert stat.S_IMODE((done.root / "d/run.sh").stat().st_mode) == 0o700


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_unpacks_zip(unpack: Unpack, tmp_path: Path, method: int) -> None:
    done = unpack(zip_bytes({"top/": b"", "top/a.py": b"a = 1\n", "top/d/b.py": b"b" * 100_000}, method=method))
    assert done.root == tmp_path / "out" / "top"
    assert done.files == ("a.py", "d/b.py")
    assert (done.root / "d/b.py").read_bytes() == b"b" * 100_000


def test_the_only_folder_is_the_root_unless_told_otherwise(unpack: Unpack, tmp_path: Path) -> None:
    assert unpack(GOOD, strip_top=False).files == ("top/a.py", "top/d/run.sh", "top/empty")


def test_several_folders_or_one_file_are_not_stripped(unpack: Unpack, tmp_path: Path) -> None:
    assert unpack(zip_bytes({"a/x.py": b"", "b/y.py": b""})).files == ("a/x.py", "b/y.py")
    (tmp_path / "one").write_bytes(zip_bytes({"x.py": b"1"}))
    assert extract(tmp_path / "one", tmp_path / "out2").root == tmp_path / "out2"


def test_what_is_left_out_beside_the_only_folder_keeps_its_place(unpack: Unpack, tmp_path: Path) -> None:
    done = unpack(tar_bytes(member("top/a.py"), member("link", kind=tarfile.SYMTYPE, linkname="top/a.py")))
    assert done.root == tmp_path / "out"
    assert [entry.path for entry in done.skipped] == ["link"]


def test_an_empty_archive_has_no_files(unpack: Unpack, tmp_path: Path) -> None:
    assert unpack(tar_bytes()).files == ()
    (tmp_path / "zip").write_bytes(zip_bytes({}))
    assert extract(tmp_path / "zip", tmp_path / "out2").files == ()


def test_the_commit_that_git_archive_notes(unpack: Unpack, tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    assert unpack(tar_bytes(member("a"), format=tarfile.PAX_FORMAT, pax_headers={"comment": commit})).commit == commit
    (tmp_path / "zip").write_bytes(zip_bytes({"a": b""}, comment=commit.encode()))
    assert extract(tmp_path / "zip", tmp_path / "out2").commit == commit
    (tmp_path / "other").write_bytes(zip_bytes({"a": b""}, comment=b"; rm -rf /"))
    assert extract(tmp_path / "other", tmp_path / "out3").commit is None


def test_odd_names_come_out_as_they_are(unpack: Unpack) -> None:
    names = ["two\nlines", "sp ace", "\udcff", "\x1b[31m", "...", "a\\b", "-rf"]
    done = unpack(tar_bytes(*(member(name) for name in names)))
    assert set(done.files) == set(names)
    assert all((done.root / name).read_bytes() == b"x\n" for name in names)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/evil",
        "a/../../evil",
        "a/..",
        "..",
        "..\\evil",
        "a\\..\\..\\evil",
        "\\evil",
        "C:\\evil",
        "c:/evil",
        "\x1b/../evil",
    ],
)
def test_no_name_leads_out(unpack: Unpack, tmp_path: Path, name: str) -> None:
    refused(unpack, tmp_path, tar_bytes(member("first.py"), member(name)), "leads out of the archive")
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    refused(unpack, tmp_path, zip_bytes({"first.py": b"x", info: b"x"}), "leads out of the archive")


def test_a_zip_name_that_ends_early_is_refused(unpack: Unpack, tmp_path: Path) -> None:
    data = zip_bytes({"aa#.py": b"x"}).replace(b"aa#.py", b"aa\0.py")
    refused(unpack, tmp_path, data, "leads out of the archive|damaged")


def test_links_and_devices_are_never_made(unpack: Unpack, tmp_path: Path) -> None:
    done = unpack(
        tar_bytes(
            member("a.py"),
            member("dir", kind=tarfile.SYMTYPE, linkname="/tmp"),
            member("dir/through.py", b"inside\n"),
            member("soft", kind=tarfile.SYMTYPE, linkname="../../../etc/passwd"),
            member("hard", kind=tarfile.LNKTYPE, linkname="/etc/passwd"),
            member("null", kind=tarfile.CHRTYPE, devmajor=1, devminor=3),
            member("disk", kind=tarfile.BLKTYPE, devmajor=8),
            member("pipe", kind=tarfile.FIFOTYPE),
        )
    )
    assert done.files == ("a.py", "dir/through.py")
    assert (tmp_path / "out" / "dir" / "through.py").read_bytes() == b"inside\n"
    assert {entry.path: entry.reason for entry in done.skipped} == {
        "dir": "symbolic link to /tmp, not unpacked",
        "soft": "symbolic link to ../../../etc/passwd, not unpacked",
        "hard": "hard link to /etc/passwd, not unpacked",
        "null": "device or named pipe, not unpacked",
        "disk": "device or named pipe, not unpacked",
        "pipe": "device or named pipe, not unpacked",
    }
    assert all(entry.on_purpose for entry in done.skipped)
    assert all(path.is_file() or path.is_dir() for path in (tmp_path / "out").rglob("*") if not path.is_symlink())
    assert not any(path.is_symlink() for path in (tmp_path / "out").rglob("*"))


def test_links_and_devices_in_a_zip_are_never_made(unpack: Unpack) -> None:
    link, pipe = zipfile.ZipInfo("link"), zipfile.ZipInfo("pipe")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    pipe.external_attr = (stat.S_IFIFO | 0o644) << 16
    done = unpack(zip_bytes({"a.py": b"x", link: b"/etc/passwd", pipe: b""}))
    assert done.files == ("a.py",)
    assert [entry.reason for entry in done.skipped] == [
        "symbolic link, not unpacked",
        "device or named pipe, not unpacked",
    ]


def test_version_control_data_stays_packed(unpack: Unpack) -> None:
    done = unpack(tar_bytes(member("a.py"), member("sub/.git/config"), member(".git/hooks/pre-commit")))
    assert done.files == ("a.py",)
    assert [entry.path for entry in done.skipped] == [".git/hooks/pre-commit", "sub/.git/config"]


def test_the_same_path_twice_is_refused(unpack: Unpack, tmp_path: Path) -> None:
    refused(unpack, tmp_path, tar_bytes(member("a.py"), member("./a.py", b"other")), "twice")


def test_a_file_in_the_place_of_a_folder_is_a_gap(unpack: Unpack) -> None:
    done = unpack(tar_bytes(member("a"), member("a/b.py"), member("c/d.py"), member("c")))
    assert done.files == ("a", "c/d.py")
    assert [(entry.path, entry.is_gap) for entry in done.skipped] == [("a/b.py", True), ("c", True)]


def test_names_that_no_file_system_takes_are_gaps(unpack: Unpack) -> None:
    done = unpack(tar_bytes(member("a.py"), member("n" * 300), member("/".join(["d" * 100] * 50))))
    assert done.files == ("a.py",)
    assert [(entry.outcome, entry.reason) for entry in done.skipped] == [
        (Outcome.FAILED, "its name is too long for a file system")
    ] * 2


def test_a_file_above_the_limit_is_a_gap_and_the_rest_comes_out(unpack: Unpack) -> None:
    limits = ArchiveLimits(file_bytes=1000)
    done = unpack(tar_bytes(member("big.py", b"x" * 1001), member("a.py", b"y" * 1000)), limits)
    assert done.files == ("a.py",)
    (gap,) = done.skipped
    assert gap.is_gap
    assert gap.reason == "larger than 1000 bytes: raise the setting archive_file_bytes"


@pytest.mark.parametrize("pack", ["tar", "zip"])
def test_too_many_entries(unpack: Unpack, tmp_path: Path, pack: str) -> None:
    names = [f"f{number}" for number in range(11)]
    data = tar_bytes(*map(member, names)) if pack == "tar" else zip_bytes(dict.fromkeys(names, b""))
    refused(unpack, tmp_path, data, "more than 10 entries: raise the setting archive_files", ArchiveLimits(files=10))


def test_a_zip_directory_too_large_to_load_is_refused_unread(
    unpack: Unpack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = zip_bytes({f"{number:0200}": b"" for number in range(100)})
    monkeypatch.setattr(zipfile, "ZipFile", None)
    refused(unpack, tmp_path, data, "more than 10 entries", ArchiveLimits(files=10))


def test_finds_the_size_of_the_zip_directory() -> None:
    plain = zip_bytes({"a": b"1", "b": b"2"})
    size = archive_streams.zip_directory_size(io.BytesIO(plain))
    assert plain[-22 - size :].startswith(b"PK\x01\x02")
    assert archive_streams.zip_directory_size(io.BytesIO(zip_bytes({"a": b"1", "b": b"2"}, comment=b"hello"))) == size
    assert archive_streams.zip_directory_size(io.BytesIO(b"PK\x03\x04")) == 0
    assert archive_streams.zip_directory_size(io.BytesIO(b"x" * 100)) == 0
    record = b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(28) + (987_654).to_bytes(8, "little") + bytes(8)
    locator = b"PK\x06\x07" + bytes(4) + (0).to_bytes(8, "little") + (1).to_bytes(4, "little")
    end = b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)
    assert archive_streams.zip_directory_size(io.BytesIO(record + locator + end)) == 987_654


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_tar_bombs(unpack: Unpack, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(tar_bytes(member("zeros", bytes(4 << 20))))
    refused(
        unpack, tmp_path, bomb, "raise the setting archive_ratio if", ArchiveLimits(ratio=20, ratio_free_bytes=1 << 20)
    )
    refused(
        unpack,
        tmp_path,
        bomb,
        "more than 1048576 bytes: raise the setting archive_total_bytes",
        ArchiveLimits(total_bytes=1 << 20),
    )


def test_zip_bombs(unpack: Unpack, tmp_path: Path) -> None:
    bomb = zip_bytes({f"zeros{number}": bytes(1 << 20) for number in range(4)})
    refused(
        unpack, tmp_path, bomb, "raise the setting archive_ratio if", ArchiveLimits(ratio=20, ratio_free_bytes=1 << 20)
    )
    refused(unpack, tmp_path, bomb, "raise the setting archive_total_bytes", ArchiveLimits(total_bytes=1 << 20))


def test_a_bomb_in_a_header_is_refused(unpack: Unpack, tmp_path: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type = tarfile.XHDTYPE
    header.size = 8 << 20
    data = header.tobuf(tarfile.USTAR_FORMAT) + bytes(8 << 20)
    refused(unpack, tmp_path, gzip.compress(data, 1), "header of more than 1048576 bytes")


def test_a_large_archive_is_refused_unread(unpack: Unpack, tmp_path: Path) -> None:
    refused(
        unpack,
        tmp_path,
        GOOD,
        "larger than 100 bytes: raise the setting upload_bytes",
        ArchiveLimits(archive_bytes=100),
    )


def test_an_xz_that_asks_for_too_much_memory_is_refused(
    unpack: Unpack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = lzma.compress(GOOD, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 16 << 20}])
    monkeypatch.setattr(archive_streams, "XZ_MEMORY_BYTES", 8 << 20)
    refused(unpack, tmp_path, data, "damaged or no archive")


def test_archives_inside_are_files(unpack: Unpack) -> None:
    inner = zip_bytes({"../evil": b"x"})
    done = unpack(tar_bytes(member("inner.zip", inner)))
    assert done.files == ("inner.zip",)
    assert (done.root / "inner.zip").read_bytes() == inner


def test_sparse_files_and_unknown_kinds_are_gaps(unpack: Unpack) -> None:
    done = unpack(tar_bytes(member("odd", kind=b"Z"), member("a.py")))
    assert done.files == ("a.py",)
    assert [(entry.path, entry.is_gap) for entry in done.skipped] == [("odd", True)]


def test_a_sparse_file_is_a_gap(unpack: Unpack) -> None:
    info = tarfile.TarInfo("sparse")
    info.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 50)}
    info.size = 1
    done = unpack(tar_bytes((info, b"x"), member("a.py"), format=tarfile.PAX_FORMAT))
    assert done.files == ("a.py",)
    (gap,) = done.skipped
    assert gap.is_gap
    assert "sparse" in gap.reason


def test_encrypted_and_exotic_zip_entries_are_gaps(unpack: Unpack) -> None:
    data = bytearray(zip_bytes({"a.py": b"x", "locked.py": b"y"}, method=zipfile.ZIP_STORED))
    central = data.rindex(b"PK\x01\x02")
    data[central + 8] |= 1
    done = unpack(bytes(data))
    assert done.files == ("a.py",)
    assert [(entry.path, entry.reason.split(":")[0], entry.is_gap) for entry in done.skipped] == [
        ("locked.py", "encrypted", True)
    ]


def test_a_zip_entry_compressed_by_lzma_is_a_gap(unpack: Unpack) -> None:
    done = unpack(zip_bytes({"a.py": b"x" * 100}, method=zipfile.ZIP_LZMA))
    assert [(entry.path, entry.is_gap) for entry in done.skipped] == [("a.py", True)]
    assert "compressed by method 14" in done.skipped[0].reason


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"no archive at all", id="text"),
        pytest.param(b"x" * 2000, id="one-letter"),
        pytest.param(gzip.compress(b"no tar" * 1000), id="gzip-of-text"),
        pytest.param(b"\x1f\x8b" + b"rubbish" * 10, id="gzip-header-only"),
        pytest.param(b"BZh9" + b"rubbish" * 10, id="bzip2-header-only"),
        pytest.param(lzma.compress(GOOD)[:-40], id="xz-cut-at-the-end"),
        pytest.param(lzma.compress(GOOD)[:100], id="xz-cut-early"),
        pytest.param(gzip.compress(GOOD)[:-20], id="gzip-cut"),
        pytest.param(bz2.compress(GOOD)[:-20], id="bzip2-cut"),
        pytest.param(GOOD[:1600], id="tar-cut-in-a-header"),
        pytest.param(GOOD[: 512 * 3], id="tar-cut-after-an-entry"),
        pytest.param(GOOD[:1536] + b"\xff" * 512 + GOOD[2048:], id="tar-with-a-header-of-ones"),
        pytest.param(zip_bytes({"a.py": b"x" * 1000})[:-10], id="zip-cut"),
        pytest.param(
            zip_bytes({"a.py": b"hello"}, method=zipfile.ZIP_STORED).replace(b"hello", b"HELLO"),
            id="zip-with-a-wrong-checksum",
        ),
    ],
)
def test_damaged_archives_are_refused(unpack: Unpack, tmp_path: Path, data: bytes) -> None:
    refused(unpack, tmp_path, data, "damaged or no archive .*fetch it again|^cannot unpack")


def test_data_after_the_end_is_refused(unpack: Unpack, tmp_path: Path) -> None:
    refused(unpack, tmp_path, gzip.compress(GOOD + tar_bytes(member("b.py"))), "data after its end mark")


def test_a_negative_size_is_damage(unpack: Unpack, tmp_path: Path) -> None:
    header = bytearray(tarfile.TarInfo("a").tobuf())
    header[124:136] = b"\xff" * 12
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    refused(unpack, tmp_path, bytes(header) + bytes(2048), "damaged")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_does_more_than_refuse_the_archive(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("damage")
    whole = data.draw(st.sampled_from([GOOD, gzip.compress(GOOD), zip_bytes({"d/a.py": b"abc" * 50, "d/b.py": b"x"})]))
    damaged = bytearray(whole)
    for position, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), min_size=1, max_size=6)
    ):
        damaged[position] = byte
    (root / "archive").write_bytes(damaged)
    try:
        done = extract(root / "archive", root / "out", ArchiveLimits(total_bytes=1 << 20, file_bytes=1 << 20))
    except SourceError:
        assert list((root / "out").iterdir()) == []
    else:
        assert all((done.root / path).is_file() for path in done.files)
        assert all((done.root / path).resolve().is_relative_to((root / "out").resolve()) for path in done.files)
    assert sorted(path.name for path in root.iterdir()) == ["archive", "out"]


def test_zstandard_says_what_it_needs(unpack: Unpack, tmp_path: Path) -> None:
    if sys.version_info >= (3, 14):
        pytest.skip("this Python knows it")
    refused(unpack, tmp_path, b"\x28\xb5\x2f\xfd" + b"x" * 100, r"Zstandard.*repack it as \.tar\.gz")


def test_no_such_archive_or_a_directory_in_use(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file or directory"):
        extract(tmp_path / "missing.zip", tmp_path / "out")
    (tmp_path / "good").write_bytes(GOOD)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine").write_text("keep")
    with pytest.raises(SourceError, match="is not empty"):
        extract(tmp_path / "good", tmp_path / "used")
    assert (tmp_path / "used" / "mine").read_text() == "keep"


def test_a_full_disk_is_said_and_leaves_nothing(
    unpack: Unpack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fdopen

    def full(descriptor: int, mode: str) -> object:
        os.close(descriptor)
        monkeypatch.setattr(os, "fdopen", real)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    refused(unpack, tmp_path, GOOD, r"cannot unpack .*archive \(at top/a\.py\): no space left on device")
