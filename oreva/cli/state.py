"""Where a scan keeps its state: `.oreva/` under the scanned root, or elsewhere if that cannot be written."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from oreva.cli.trust import ASIDE, OWNER_NAME, is_ours, mark_as_ours, user_state_home
from oreva.errors import StoreError, UsageError
from oreva.sources.display import shown
from oreva.store.database import DATABASE_NAME, STATE_DIR_NAME, prepare_state_dir

STATE_NAME = STATE_DIR_NAME
_PASSING = re.compile(rf"\.gitignore|\.probe-\d+|{re.escape(ASIDE)}\w+")
"""The names of what another scan may be about to make, or may have left when it was killed: worth nothing."""
_OURS = re.compile(
    rf"{_PASSING.pattern}|{OWNER_NAME}|(oreva|cache)\.db(-wal|-shm|-journal)?"
    r"|\.?rules-\w+(\.json)?|checked-[0-9a-f]{64}"
)
"""The names of everything that lies in a state directory."""


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
    the state goes to `$XDG_STATE_HOME/oreva` (default `~/.local/state/oreva`).

    Raises `UsageError` if `wanted` holds code to scan or `.oreva/` was not made by this user, and `StoreError` if no
    place can be written or it is a link, since a stranger's tree may bring one that leads anywhere.
    """
    resolved = Path(os.path.realpath(root))
    elsewhere = _name_of(resolved)
    if wanted is not None:
        inside = os.path.realpath(wanted) == str(resolved / STATE_NAME)
        _refuse_scanned_code(resolved, wanted)
        _make(wanted)
        mark_as_ours(wanted)
        return StateDir(wanted, "local/root" if inside else elsewhere)
    own = resolved / STATE_NAME
    if own.is_symlink():
        raise StoreError(f"{shown(str(own))} is a symbolic link; remove it, or keep state elsewhere with --state-dir")
    try:
        _make(own)
    except StoreError as error:
        fallback = _user_state(elsewhere)
        try:
            _make(fallback)
        except StoreError:
            raise error from None
        note = f"{own} cannot be written; findings and cache are kept in {fallback} (choose another with --state-dir)"
        return StateDir(fallback, elsewhere, note)
    _refuse_what_came_along(own)
    mark_as_ours(own)
    return StateDir(own, "local/root")


def existing_state_dir(root: Path, wanted: Path | None) -> StateDir | None:
    """The state directory that an earlier scan of this root has left, or None."""
    resolved = Path(os.path.realpath(root))
    elsewhere = _name_of(resolved)
    if wanted is not None:
        inside = os.path.realpath(wanted) == str(resolved / STATE_NAME)
        places = [StateDir(wanted, "local/root" if inside else elsewhere)]
    else:
        _refuse_what_came_along(resolved / STATE_NAME)
        places = [StateDir(resolved / STATE_NAME, "local/root"), StateDir(_user_state(elsewhere), elsewhere)]
    return next((place for place in places if (place.path / DATABASE_NAME).is_file()), None)


def _refuse_what_came_along(own: Path) -> None:
    """State that came with a tree could hold dismissals, or cached results that hide what is there."""
    if own.is_dir() and any(not _PASSING.fullmatch(entry.name) for entry in own.iterdir()) and not is_ours(own):
        raise UsageError(
            f"{shown(str(own))} was not made by you on this machine, so its dismissals and cached results cannot be "
            f"trusted; remove it, or name it with --state-dir if you know where it comes from"
        )


def _name_of(resolved: Path) -> str:
    """The name of a root in a state directory that may hold the state of several."""
    return "local/" + hashlib.sha256(os.fsencode(resolved)).hexdigest()[:16]


def _user_state(name: str) -> Path:
    """Where the state of a root that cannot be written lies."""
    return user_state_home() / name.rpartition("/")[2]


def _refuse_scanned_code(root: Path, wanted: Path) -> None:
    """State is never scanned, so a directory of the scanned tree with other things in it would go unseen."""
    real = Path(os.path.realpath(wanted))
    if not real.is_relative_to(root) or not real.is_dir():
        return
    if real == root or any(not _OURS.fullmatch(entry.name) for entry in real.iterdir()):
        raise UsageError(
            f"--state-dir {shown(str(wanted))} holds code to scan, and state is never scanned; "
            "name a directory of its own"
        )


def _make(path: Path) -> None:
    """Make a state directory that git ignores by itself, and prove that it can be written."""
    prepare_state_dir(path)
    probe = path / f".probe-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"state directory {shown(str(path))} cannot be written ({reason}); choose another with --state-dir"
        ) from error
