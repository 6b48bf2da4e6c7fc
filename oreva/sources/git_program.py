"""The git program, run so that a repository nobody trusts cannot make it start anything.

A repository's own configuration can name programs for git to run (fsmonitor, hooks, filters, textconv, pagers, remote
helpers). Here every command runs with those switched off, without the user's and the machine's configuration, without
network, and with a time limit. Nothing is written to the repository, its index included.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from oreva.errors import SourceError, UsageError
from oreva.sources.display import shown

TIMEOUT_S = 300
"""Seconds after which a git command is given up."""
MAX_FILTERS = 500
"""More filter drivers than that in one configuration are taken as an attempt at something."""

_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "core.editor": "false",
    "core.askPass": "",
    "core.sshCommand": "false",
    "core.gitProxy": "",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.quotePath": "false",
    "credential.helper": "",
    "diff.external": "",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "safe.directory": "*",  # ownership is checked to keep configuration from running programs: none runs here
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
}
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # outranks protocol.<name>.allow of the repository
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}


class GitError(SourceError):
    """A git command failed on this repository."""


def program() -> str | None:
    """Where git is installed; None if it is not."""
    return shutil.which("git")


def require_program() -> str:
    """Where git is installed; raises `UsageError` if it is not."""
    found = program()
    if found is None:
        raise UsageError("git is not installed, and this needs it: install git, or scan without --diff")
    return found


def _environment() -> dict[str, str]:
    """The caller's environment without what would steer git (a hook sets GIT_DIR and GIT_INDEX_FILE, for one)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **_ENVIRONMENT}


def _command(root: Path, *arguments: str, settings: Sequence[str] = ()) -> list[str]:
    if not root.is_dir():
        raise GitError(f"no such directory: {shown(str(root))}")
    fixed = [f"{name}={value}" for name, value in _SETTINGS.items()]
    options = [word for setting in (*fixed, *settings) for word in ("-c", setting)]
    return [require_program(), "--no-pager", *options, *arguments]


def run(
    root: Path,
    *arguments: str,
    settings: Sequence[str] = (),
    index: Path | None = None,
    given: IO[bytes] | int = subprocess.DEVNULL,
) -> subprocess.CompletedProcess[bytes]:
    """Run git in `root`; what it prints is in `stdout`, whatever its exit status.

    `settings` go on top of the safe ones; `index` is used in place of the repository's own.
    Raises `GitError` if it cannot be started or takes too long, `UsageError` if git is not installed.
    """
    command = _command(root, *arguments, settings=settings)
    environment = {**_environment(), **({"GIT_INDEX_FILE": str(index)} if index else {})}
    try:
        return subprocess.run(
            command,
            cwd=root,
            env=environment,
            stdin=given,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitError(f"git {arguments[0]} took more than {TIMEOUT_S} s in {shown(str(root))}: run git gc") from None
    except OSError as error:
        raise GitError(f"git cannot be started in {shown(str(root))}: {error.strerror}") from error


def git_output(root: Path, *arguments: str, settings: Sequence[str] = (), index: Path | None = None) -> bytes:
    """What the command prints; raises `GitError` with git's own first line if it fails."""
    result = run(root, *arguments, settings=settings, index=index)
    if result.returncode != 0:
        lines = os.fsdecode(result.stderr).strip().splitlines() or [f"exit status {result.returncode}"]
        raise GitError(f"git {arguments[0]} failed in {shown(str(root))}: {shown(lines[0])}")
    return result.stdout


def split_paths(output: bytes) -> Iterator[str]:
    """The NUL-terminated paths in what git printed under `-z`."""
    return (os.fsdecode(path) for path in output.split(b"\0") if path)


def filters_off(root: Path) -> list[str]:
    """Settings that leave every filter driver of the configuration without a program to run."""
    result = run(root, "config", "-z", "--name-only", "--get-regexp", r"^filter\.")
    drivers = {name[: name.rindex(".")] for name in split_paths(result.stdout) if name.count(".") > 1}
    if len(drivers) > MAX_FILTERS or any("=" in driver for driver in drivers):
        raise GitError(f"the git configuration of {shown(str(root))} has filters that cannot be switched off safely")
    off = ("clean=", "smudge=", "process=", "required=false")
    return [f"{driver}.{setting}" for driver in sorted(drivers) for setting in off]
