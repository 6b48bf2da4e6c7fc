"""Where a scan keeps its state: `.oreva/` under the scanned root, or elsewhere if that cannot be written."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from oreva.errors import StoreError

STATE_NAME = ".oreva"


@dataclass(frozen=True)
class StateDir:
    """The directory of database and cache, and the name by which the store knows the scanned code."""

    path: Path
    repository: str
    note: str = ""
    """Why it lies elsewhere than expected; empty otherwise."""


def state_dir(root: Path, wanted: Path | None) -> StateDir:
    """Choose and make the state directory of a scanned root.

    Below the root the code is known as `local/root`, so that moving the root loses nothing. A directory outside may
    hold the state of several roots, so there the code is known by a digest of its path. If the root cannot be written,
    the state goes to `$XDG_STATE_HOME/oreva` (default `~/.local/state/oreva`). Raises `StoreError` if no place can be
    written.
    """
    resolved = root.resolve()
    elsewhere = "local/" + hashlib.sha256(os.fsencode(resolved)).hexdigest()[:16]
    if wanted is not None:
        inside = wanted.resolve() == resolved / STATE_NAME
        _make(wanted)
        return StateDir(wanted, "local/root" if inside else elsewhere)
    own = resolved / STATE_NAME
    try:
        _make(own)
    except StoreError as error:
        home = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")  # noqa: PTH111  (never raises)
        fallback = Path(home) / "oreva" / elsewhere.rpartition("/")[2]
        try:
            _make(fallback)
        except StoreError:
            raise error from None
        note = f"{own} cannot be written; findings and cache are kept in {fallback} (choose another with --state-dir)"
        return StateDir(fallback, elsewhere, note)
    return StateDir(own, "local/root")


def existing_state_dir(root: Path, wanted: Path | None) -> StateDir | None:
    """The state directory that an earlier scan of this root has left, or None."""
    resolved = root.resolve()
    elsewhere = "local/" + hashlib.sha256(os.fsencode(resolved)).hexdigest()[:16]
    home = Path(os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state"))  # noqa: PTH111
    places = [(wanted, "local/root" if wanted.resolve() == resolved / STATE_NAME else elsewhere)] if wanted else []
    if not wanted:
        places = [(resolved / STATE_NAME, "local/root"), (home / "oreva" / elsewhere.rpartition("/")[2], elsewhere)]
    for path, repository in places:
        if path is not None and (path / "oreva.db").is_file():
            return StateDir(path, repository)
    return None


def _make(path: Path) -> None:
    """Make a state directory that git ignores by itself, and prove that it can be written."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        ignore = path / ".gitignore"
        if not ignore.is_file():
            ignore.write_text("*\n")
        probe = path / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"state directory {path} cannot be written ({reason}); choose another with --state-dir"
        ) from error
