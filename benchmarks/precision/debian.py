"""Upstream sources as Debian keeps them: projects in Go and Java, which the other registries carry only as binaries."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

SOURCES = Path("/etc/apt")


def fetch(folder: Path, pins: Sequence[dict[str, str]]) -> list[Path]:
    """Each of these unpacked below `folder`; one that is already there is left alone.

    A pin has `name` and `version`, `archive` (the file's name in Debian) and `sha256`. Where there is no apt-get, they
    are left out and named. Raises `SystemExit` if one cannot be fetched, or is not what its digest says.
    """
    targets = {pin["name"]: folder / f"{pin['name']}-{pin['version']}" for pin in pins}
    missing = [pin for pin in pins if not targets[pin["name"]].is_dir()]
    if missing and shutil.which("apt-get") is None:
        print(f"left out, because apt-get is missing: {', '.join(pin['name'] for pin in missing)}", file=sys.stderr)
        return [path for path in targets.values() if path.is_dir()]
    if missing:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            settings = _settings(Path(scratch))
            updated = _run(["apt-get", *settings, "-q", "update"], Path(scratch))
            if updated.returncode != 0:
                sys.exit(f"apt-get update failed: {updated.stderr.strip()[-500:]}")
            for pin in missing:
                _unpack(_download(settings, pin, Path(scratch)), targets[pin["name"]])
    return list(targets.values())


def _settings(scratch: Path) -> list[str]:
    """Settings of apt for the sources behind this machine's own packages, with all its files in `scratch`."""
    parts = scratch / "sources"
    parts.mkdir()
    lists = [SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*"))]
    for number, file in enumerate(file for file in lists if file.is_file()):
        text = re.sub(r"(?m)^deb ", "deb-src ", file.read_text())
        (parts / f"{number}{file.suffix}").write_text(re.sub(r"(?m)^Types:.*$", "Types: deb-src", text))
    (scratch / "lists").mkdir()
    settings = [
        f"Dir::Etc::sourceparts={parts}",
        "Dir::Etc::sourcelist=/dev/null",
        f"Dir::State::lists={scratch}/lists",
    ]
    return [word for setting in settings for word in ("-o", setting)]


def _download(settings: Sequence[str], pin: dict[str, str], scratch: Path) -> Path:
    """The archive of one pin, from whichever revision of the package still has it."""
    archive = scratch / pin["archive"]
    known = _run(["apt-cache", *settings, "showsrc", pin["name"]], scratch).stdout
    for revision in re.findall(r"(?m)^Version: (\S+)$", known):
        _run(["apt-get", *settings, "-q", "source", "--download-only", f"{pin['name']}={revision}"], scratch)
        if archive.is_file():
            break
    else:
        sys.exit(f"{pin['name']} {pin['version']} is not in this machine's Debian; pin the version that is there")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != pin["sha256"]:
        sys.exit(f"{archive.name} is not what was pinned: {digest} instead of {pin['sha256']}")
    return archive


def _unpack(archive: Path, target: Path) -> None:
    unpacked = archive.with_name(f"{target.name}.unpacked")
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    (top,) = unpacked.iterdir()
    top.rename(target)


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
