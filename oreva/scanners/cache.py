"""The scan cache: what a scanner said of a content, so that nothing is scanned twice. Local form, one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from oreva.models import CoverageEntry, Detection, Model, Outcome

KEEP_S = 60 * 24 * 3600
"""Results that no scan has asked for in 60 days are dropped."""
_TOUCH_AFTER_S = 24 * 3600
_CHUNK = 500
_FORMAT = 1


class CachedResult(Model):
    """What one scanner said of one file, without the file's path."""

    outcome: Outcome
    reason: str
    detections: tuple[Detection, ...]

    def at(self, path: str, scanner: str) -> tuple[tuple[Detection, ...], CoverageEntry]:
        """The result as that of the file at `path`: a clean look says `cached`, a partial one stays partial."""
        outcome = Outcome.CACHED if self.outcome is Outcome.SCANNED else self.outcome
        entry = CoverageEntry(path=path, scanner=scanner, outcome=outcome, reason=self.reason)
        return tuple(d.model_copy(update={"path": path}) for d in self.detections), entry


class ScanCache:
    """Results by cache key. A cache that cannot be read or written only costs time: every error means «not cached»."""

    def __init__(self, file: Path | None) -> None:
        """`file` None keeps nothing."""
        self._connection: sqlite3.Connection | None = None
        if file is not None:
            with suppress(sqlite3.Error, OSError):
                self._connection = _open(file)

    def get(self, keys: Sequence[str]) -> dict[str, CachedResult]:
        """The known results among these keys."""
        if self._connection is None:
            return {}
        found: dict[str, CachedResult] = {}
        stale: list[str] = []
        now = int(time.time())
        try:
            for start in range(0, len(keys), _CHUNK):
                chunk = keys[start : start + _CHUNK]
                marks = ",".join("?" * len(chunk))
                query = f"SELECT key, used_at, result FROM results WHERE key IN ({marks})"  # noqa: S608  (marks only)
                for key, used_at, blob in self._connection.execute(query, chunk):
                    found[key] = _load(blob)
                    if now - used_at > _TOUCH_AFTER_S:
                        stale.append(key)
            with self._connection:
                self._connection.executemany("UPDATE results SET used_at = ? WHERE key = ?", [(now, k) for k in stale])
        except (sqlite3.Error, ValueError, zlib.error):
            return {}
        return found

    def put(self, results: Mapping[str, CachedResult]) -> None:
        """Keep results; they are there for the next scan even if this one is interrupted later."""
        if self._connection is None or not results:
            return
        now = int(time.time())
        rows = [(key, now, _dump(result)) for key, result in results.items()]
        with suppress(sqlite3.Error), self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)

    def tree(self) -> dict[str, str]:
        """Path to content digest of the last complete scan; empty if none is known."""
        if self._connection is None:
            return {}
        with suppress(sqlite3.Error, ValueError, zlib.error):
            row = self._connection.execute("SELECT value FROM meta WHERE name = 'tree'").fetchone()
            if row is not None:
                tree: dict[str, str] = json.loads(zlib.decompress(row[0]))
                return tree
        return {}

    def put_tree(self, tree: Mapping[str, str]) -> None:
        """Remember which content lay where, to recognise renamed files next time; drop what was long unused."""
        if self._connection is None:
            return
        blob = zlib.compress(json.dumps(dict(sorted(tree.items()))).encode(), 1)
        with suppress(sqlite3.Error), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('tree', ?)", (blob,))
            for table in ("results", "answers"):
                statement = f"DELETE FROM {table} WHERE used_at < ?"  # noqa: S608  (a name from the line above)
                self._connection.execute(statement, (int(time.time()) - KEEP_S,))

    def note(self, name: str) -> str | None:
        """A remark kept under a name, or None."""
        if self._connection is None:
            return None
        with suppress(sqlite3.Error):
            row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (f"note {name}",)).fetchone()
            return None if row is None else str(row[0])
        return None

    def put_note(self, name: str, text: str) -> None:
        """Keep a remark under a name."""
        if self._connection is not None:
            with suppress(sqlite3.Error), self._connection:
                self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"note {name}", text))

    def answer(self, key: str) -> bool | None:
        """The answer to a question about a content, if one is kept under this key."""
        if self._connection is None:
            return None
        with suppress(sqlite3.Error):
            row = self._connection.execute("SELECT value FROM answers WHERE key = ?", (key,)).fetchone()
            return None if row is None else bool(row[0])
        return None

    def put_answers(self, answers: Mapping[str, bool]) -> None:
        """Keep answers to questions about contents."""
        if self._connection is None or not answers:
            return
        now = int(time.time())
        rows = [(key, now, value) for key, value in answers.items()]
        with suppress(sqlite3.Error), self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Release the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=10, check_same_thread=False)
    try:
        _prepare(connection)
    except sqlite3.DatabaseError:
        # A cache that is damaged or of another format is worth nothing: begin anew.
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        connection = sqlite3.connect(file, timeout=10, check_same_thread=False)
        _prepare(connection)
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, _FORMAT):
        raise sqlite3.DatabaseError(f"cache format {version}")
    with connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, used_at INTEGER, result BLOB) WITHOUT ROWID"
        )
        connection.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB)")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, used_at INTEGER, value INTEGER) WITHOUT ROWID"
        )
        connection.execute(f"PRAGMA user_version = {_FORMAT}")


_EMPTY = {outcome: CachedResult(outcome=outcome, reason="", detections=()) for outcome in Outcome}


def _dump(result: CachedResult) -> bytes:
    if not result.detections and not result.reason:
        return result.outcome.value.encode()
    detections: Iterable[Detection] = (d.model_copy(update={"path": ""}) for d in result.detections)
    plain = CachedResult(outcome=result.outcome, reason=result.reason, detections=tuple(detections))
    return b"z" + zlib.compress(plain.model_dump_json().encode(), 1)


def _load(blob: bytes) -> CachedResult:
    if blob[:1] == b"z":
        return CachedResult.model_validate_json(zlib.decompress(blob[1:]))
    return _EMPTY[Outcome(blob.decode())]
