"""Which deployment runs in a folder: a lock for as long as it lives, and a file that says where everything is."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from oreva.errors import UsageError
from oreva.models import Model, Timestamp

LOCK_NAME = "lock"
STATE_NAME = "running.json"
STOP_S = 60.0


class Running(Model):
    """What other commands must know of a deployment that is up."""

    pid: int
    started_at: Timestamp
    url: str
    """Endpoint of the embedded AWS."""
    api_url: str
    table: str
    bucket: str
    bus: str
    state_machine: str
    secret: str
    webhook_secret: str
    logs: Path
    bedrock: str
    """Who answers for Bedrock, in words."""


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a folder for one deployment; the system lets it go when the process ends, however it ends.

    Raises `UsageError` if another one runs there.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK_NAME).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(_taken(folder)) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        state = folder / STATE_NAME
        state.unlink(missing_ok=True)
        try:
            yield
        finally:
            state.unlink(missing_ok=True)


def record(folder: Path, running: Running) -> None:
    """Say that the deployment is up. The file is for this user alone: it holds the webhook secret."""
    aside = folder / f"{STATE_NAME}.new"
    aside.touch(mode=0o600)
    aside.write_text(running.model_dump_json(indent=2) + "\n", encoding="utf-8")
    aside.replace(folder / STATE_NAME)


def holder(folder: Path) -> int | None:
    """Process id of the deployment that runs or starts in a folder, or None."""
    try:
        with (folder / LOCK_NAME).open("r+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return _number(lock.read())
            return None
    except FileNotFoundError:
        return None


def running_in(folder: Path) -> Running | None:
    """The deployment that is up in a folder, or None: what a killed one left behind does not count."""
    if holder(folder) is None:
        return None
    try:
        return Running.model_validate_json((folder / STATE_NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None


def stop(folder: Path) -> int | None:
    """End the deployment of a folder and wait until it is gone; its process id, or None if there is none.

    Raises `UsageError` if it does not end.
    """
    pid = holder(folder)
    if pid is None:
        (folder / STATE_NAME).unlink(missing_ok=True)
        return None
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S
    while holder(folder) is not None:
        if time.monotonic() > deadline:
            raise UsageError(f"process {pid} does not end; end it with `kill -9 {pid}`")
        time.sleep(0.05)
    return pid


def _taken(folder: Path) -> str:
    found = running_in(folder)
    place = f" at {found.url}" if found else ""
    pid = holder(folder)
    return (
        f"Oreva is up already{place} (process {pid}); stop it with `oreva down`, or start another one with a "
        "--state-dir of its own"
    )


def _number(text: str) -> int | None:
    """The process id in the lock; None for the moment before it is written."""
    return int(text) if text.strip().isdigit() else None
