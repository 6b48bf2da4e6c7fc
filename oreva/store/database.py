"""The SQLite file: opening it, bringing its schema up to date, and saying in plain words what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from oreva.errors import StoreError

SCHEMA_VERSION = 1
"""The newest schema this version of Oreva knows; there is one migration script for each number up to it."""

MIGRATIONS = Path(__file__).parent / "migrations"

STATE_DIR_NAME = ".oreva"
DATABASE_NAME = "oreva.db"

APPLICATION_ID = 0x4F726576  # "Orev": tells our files from other SQLite databases

BUSY_TIMEOUT_S = 30.0
"""How long a writer waits for another one. A write takes milliseconds; only a hung process holds the lock longer."""


def connect(path: Path, timeout_s: float) -> sqlite3.Connection:
    """Open the database, creating it or migrating it forward if needed.

    Args:
        path: the database file; its directory must exist.
        timeout_s: how long to wait for another process that is writing.

    Raises:
        StoreError: it cannot be opened, is no Oreva database, or was written by a newer Oreva.
    """
    if path.is_symlink():
        raise StoreError(f"{path} is a symbolic link; Oreva writes to real files only: remove it or use --state-dir")
    connection = None
    with explained(path):
        try:
            # The lock is taken by explicit BEGIN IMMEDIATE; other threads only ever close the connection.
            connection = sqlite3.connect(path, timeout=timeout_s, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut too
            _prepare(connection, path, timeout_s)
        except BaseException:
            if connection is not None:
                connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, timeout_s: float) -> None:
    """Check whose database it is and of which version; create or migrate it under the write lock."""
    connection.execute("BEGIN")  # all of it at one moment: another process may just be creating the tables
    try:
        version = _version(connection, path)
    finally:
        with suppress(sqlite3.Error):  # damage has already rolled back
            connection.execute("ROLLBACK")
    if version == SCHEMA_VERSION:
        return
    _use_write_ahead_log(connection, timeout_s)
    with transaction(connection):
        version = _version(connection, path)  # again: another process may have been faster
        for number in range(version + 1, SCHEMA_VERSION + 1):
            for statement in _statements((MIGRATIONS / f"{number:04d}.sql").read_text(encoding="utf-8")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of the file; 0 for a new, empty one."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if application != APPLICATION_ID:
        if application or version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StoreError(f"{path} is a database of another program; use another --state-dir")
        return 0
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} has schema version {version}, written by a newer Oreva (this one knows {SCHEMA_VERSION}): "
            "upgrade oreva, or use another --state-dir"
        )
    return version


def _use_write_ahead_log(connection: sqlite3.Connection, timeout_s: float) -> None:
    """Switch the file to WAL mode for good, waiting for other processes that do the same.

    SQLite reports a lock at once here, without its busy handler. Where WAL is impossible (some network file systems)
    the rollback journal stays, which is as safe and only lets readers wait.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one (`executescript` would commit the transaction around it)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the write lock; commit at the end, roll back on any exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a full disk has already rolled back
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into `StoreError`s that name the file, the reason and the next step."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_explanation(path, error)) from error


def _explanation(path: Path, error: sqlite3.Error) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return f"{path} is not a usable database ({error}): restore it from a backup, or move it away to start anew"
        case sqlite3.SQLITE_FULL:
            return f"{path} cannot grow ({error}), nothing was written: free some space or use another --state-dir"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return f"{path} cannot be opened for writing ({error}): check its permissions or use another --state-dir"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"{path} is being written by another process ({error}): wait for it to end and run again"
        case sqlite3.SQLITE_IOERR:
            return f"{path} cannot be read or written ({error}): check the disk or use another --state-dir"
    return f"{path} cannot be used ({error}): use another --state-dir, or move the file away to start anew"


def prepare_state_dir(state_dir: Path) -> None:
    """Make a directory for Oreva's state that git ignores by itself.

    A directory with other things in it gets no `.gitignore`: `--state-dir .` must not hide a whole project from git.

    Raises:
        StoreError: it cannot be made or written, or is a symbolic link (a scanned tree may hold a `.oreva` that points
            anywhere).
    """
    ignore = state_dir / ".gitignore"
    for entry in (state_dir, ignore):
        if entry.is_symlink():
            raise StoreError(f"{entry} is a symbolic link; Oreva keeps its state in real directories: use --state-dir")
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        if not os.access(state_dir, os.W_OK | os.X_OK):
            raise PermissionError(None, "it is not writable")
        if _is_ours(state_dir) and not (ignore.exists() and ignore.stat().st_size):
            ignore.write_text("*\n", encoding="ascii")
    except OSError as error:
        raise StoreError(
            f"{state_dir} cannot hold Oreva's state ({error.strerror}): use another --state-dir"
        ) from error


def _is_ours(state_dir: Path) -> bool:
    """Whether the directory holds Oreva's files only."""
    return state_dir.name == STATE_DIR_NAME or all(
        entry.name == ".gitignore" or entry.name.startswith(DATABASE_NAME) for entry in state_dir.iterdir()
    )
