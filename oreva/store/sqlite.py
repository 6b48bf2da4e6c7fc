"""The embedded store: one SQLite file, safe for several threads and processes and for being killed at any moment.

Models lie as JSON beside the columns that are searched. Each call is one transaction; writers take the lock at its
start (`BEGIN IMMEDIATE`), readers never wait (WAL).
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from oreva.errors import ConflictError, StoreError
from oreva.models import Baseline, Finding, FindingEvent, Model, Scan, TriageMemory, Verdict, utc_now
from oreva.store import database
from oreva.store.base import Changes, FindingFilter
from oreva.store.records import dump, from_key, load, to_key

BRANCH_FINDINGS_KEPT = dt.timedelta(days=90)

_PAGE = 500
_KEYS_PER_QUERY = 500  # SQLite built with old defaults takes 999 parameters

ModelT = TypeVar("ModelT", bound=Model)


class SqliteStore:
    """`FindingStore` in one file. It is opened at the first use; threads may share it (each gets a connection)."""

    def __init__(self, path: Path, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.path = path
        self._clock = clock
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[sqlite3.Connection] = []
        self._closed = False

    @classmethod
    def open(cls, state_dir: Path) -> SqliteStore:
        """The store in a state directory, which is made if it is missing and git-ignores itself.

        Raises `StoreError` if the directory or the database in it cannot be used.
        """
        database.prepare_state_dir(state_dir)
        path = state_dir / database.DATABASE_NAME
        if path.exists() and not os.access(path, os.W_OK):
            raise StoreError(f"{path} is not writable: check its permissions or use another --state-dir")
        store = cls(path)
        store._connection()
        return store

    def findings(self, repository: str, where: FindingFilter | None = None) -> Iterator[Finding]:
        """All findings of a repository that match, in order of id; pages are fetched as the iterator advances.

        No transaction stays open between pages: a write in between shows if its id comes later.
        """
        key, last = to_key(repository), ""
        conditions, parameters = _conditions(key, where or FindingFilter())
        query = f"SELECT id, body FROM finding WHERE repository = ? AND id > ?{conditions} ORDER BY id LIMIT ?"  # noqa: S608 - only column names and question marks
        while True:
            with self._reading() as connection:
                rows = connection.execute(query, (key, last, *parameters, _PAGE)).fetchall()
            for _, body in rows:
                yield self._load(Finding, body)
            if len(rows) < _PAGE:
                return
            last = rows[-1][0]

    def finding(self, repository: str, finding_id: str) -> Finding | None:
        """One finding, or None."""
        return self._one(
            Finding, "SELECT body FROM finding WHERE repository = ? AND id = ?", to_key(repository), to_key(finding_id)
        )

    def events(self, finding_id: str) -> list[FindingEvent]:
        """The life of one finding, oldest first."""
        return self._all(
            FindingEvent, "SELECT body FROM event WHERE finding_id = ? ORDER BY at, id", to_key(finding_id)
        )

    def scan(self, repository: str, scan_id: str) -> Scan | None:
        """One scan, or None."""
        return self._one(
            Scan, "SELECT body FROM scan WHERE repository = ? AND id = ?", to_key(repository), to_key(scan_id)
        )

    def scans(self, repository: str, limit: int = 50) -> list[Scan]:
        """The newest scans of a repository, newest first."""
        query = "SELECT body FROM scan WHERE repository = ? ORDER BY id DESC LIMIT ?"
        return self._all(Scan, query, to_key(repository), limit)

    def put_scan(self, repository: str, scan: Scan) -> None:
        """Record the state of a scan that changes no finding.

        A scan whose changes were applied is final: a late or repeated call leaves it as it is.
        """
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO scan (repository, id, applied, body) VALUES (?, ?, 0, ?)"
                " ON CONFLICT (repository, id) DO UPDATE SET body = excluded.body WHERE applied = 0",
                (to_key(repository), to_key(scan.id), dump(scan)),
            )

    def baseline(self, repository: str, branch: str) -> Baseline | None:
        """What the newest scan of a tracked branch stood on, or None before the first."""
        query = "SELECT body FROM baseline WHERE repository = ? AND branch = ?"
        return self._one(Baseline, query, to_key(repository), to_key(branch))

    def apply(self, changes: Changes) -> bool:
        """Write all of it atomically; see `FindingStore.apply`."""
        repository = to_key(changes.repository)
        # Rendered before the lock is taken, so that it is held for the writing alone.
        findings = [_finding_row(repository, finding) for finding in changes.findings]
        cwes = [(repository, cwe, to_key(f.id)) for f in changes.findings for cwe in dict.fromkeys(map(to_key, f.cwe))]
        events = [(to_key(e.finding_id), _microseconds(e.at), to_key(e.id), dump(e)) for e in changes.events]
        with self._writing() as connection:
            if changes.scan is not None and not _claim_scan(connection, repository, changes.scan):
                return False
            if changes.baseline is not None:
                _replace_baseline(connection, repository, changes.baseline, changes.expected_baseline_scan)
            _write_findings(connection, findings)
            connection.executemany("INSERT INTO finding_cwe (repository, cwe, finding_id) VALUES (?, ?, ?)", cwes)
            _write_events(connection, events)
        return True

    def put_branch_findings(self, scan_id: str, findings: Sequence[Finding]) -> None:
        """Keep the findings of a scan off the default branch (kept 90 days); replaces what that scan had."""
        key, now = to_key(scan_id), self._clock()
        rows = [(key, position, dump(finding)) for position, finding in enumerate(findings)]
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM branch_scan WHERE scan_id = ? OR kept_since < ?",
                (key, _microseconds(now - BRANCH_FINDINGS_KEPT)),
            )
            connection.execute("INSERT INTO branch_scan (scan_id, kept_since) VALUES (?, ?)", (key, _microseconds(now)))
            connection.executemany("INSERT INTO branch_finding (scan_id, position, body) VALUES (?, ?, ?)", rows)

    def branch_findings(self, scan_id: str) -> list[Finding]:
        """The findings kept by `put_branch_findings`, in the order given there."""
        query = "SELECT body FROM branch_finding WHERE scan_id = ? ORDER BY position"
        return self._all(Finding, query, to_key(scan_id))

    def verdicts(self, keys: Sequence[str]) -> dict[str, Verdict]:
        """Cached verdicts by key; unknown keys are absent."""
        wanted = {to_key(key): key for key in keys}
        found: dict[str, Verdict] = {}
        for chunk in _chunks(list(wanted)):
            query = f"SELECT key, body FROM verdict WHERE key IN ({_marks(chunk)})"  # noqa: S608 - only question marks
            with self._reading() as connection:
                rows = connection.execute(query, chunk).fetchall()
            found |= {wanted[key]: self._load(Verdict, body) for key, body in rows}
        return found

    def put_verdicts(self, verdicts: dict[str, Verdict]) -> None:
        """Cache verdicts; an existing key is overwritten."""
        rows = [(to_key(key), dump(verdict)) for key, verdict in verdicts.items()]
        with self._writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO verdict (key, body) VALUES (?, ?)", rows)

    def memories(self, repository: str, rule_id: str, limit: int = 5) -> list[TriageMemory]:
        """The newest decisions of people on a rule in a repository, newest first."""
        query = "SELECT body FROM memory WHERE repository = ? AND rule_id = ? ORDER BY id DESC LIMIT ?"
        return self._all(TriageMemory, query, to_key(repository), to_key(rule_id), limit)

    def put_memory(self, memory: TriageMemory) -> None:
        """Remember a person's decision."""
        row = (to_key(memory.repository), to_key(memory.rule_id), to_key(memory.id), dump(memory))
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO memory (repository, rule_id, id, body) VALUES (?, ?, ?, ?)", row)

    def repositories(self) -> list[str]:
        """Keys of all repositories that have findings or scans, sorted."""
        with self._reading() as connection:
            rows = connection.execute("SELECT repository FROM finding UNION SELECT repository FROM scan").fetchall()
        return sorted(from_key(key) for (key,) in rows)

    def close(self) -> None:
        """Release files and connections; the store cannot be used afterwards. Closing twice is fine."""
        with self._lock:
            self._closed = True
            connections, self._connections = self._connections, []
        with database.explained(self.path):
            for connection in connections:
                connection.close()

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        if self._closed:
            raise StoreError(f"{self.path} was closed; open the store again")
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = database.connect(self.path, database.BUSY_TIMEOUT_S)
            with self._lock:
                self._connections.append(connection)
        return connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        with database.explained(self.path):
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        with database.explained(self.path), database.transaction(connection):
            yield connection

    def _load(self, model_type: type[ModelT], body: str) -> ModelT:
        try:
            return load(model_type, body)
        except ValueError as error:  # pydantic.ValidationError or json.JSONDecodeError
            reason = str(error).partition("\n")[0]
            raise StoreError(
                f"{self.path} holds a record that this version of Oreva cannot read ({reason}): "
                "upgrade oreva, or use another --state-dir"
            ) from error

    def _one(self, model_type: type[ModelT], query: str, *parameters: str) -> ModelT | None:
        with self._reading() as connection:
            row = connection.execute(query, parameters).fetchone()
        return None if row is None else self._load(model_type, row[0])

    def _all(self, model_type: type[ModelT], query: str, *parameters: str | int) -> list[ModelT]:
        with self._reading() as connection:
            rows = connection.execute(query, parameters).fetchall()
        return [self._load(model_type, body) for (body,) in rows]


_FindingRow = tuple[str, str, int, str, str, str, str]
_EventRow = tuple[str, int, str, str]


def _finding_row(repository: str, finding: Finding) -> _FindingRow:
    """Repository, id, revision to be written, status, severity, path, body."""
    if not finding.id:
        raise StoreError(f"a finding in {finding.path} has no id yet; match it with the store before writing it")
    written = finding.model_copy(update={"revision": finding.revision + 1})
    key, path = to_key(finding.id), to_key(finding.path)
    return repository, key, written.revision, finding.status.value, finding.severity.value, path, dump(written)


def _claim_scan(connection: sqlite3.Connection, repository: str, scan: Scan) -> bool:
    """Write the scan as applied; False if it already was."""
    cursor = connection.execute(
        "INSERT INTO scan (repository, id, applied, body) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (repository, id) DO UPDATE SET applied = 1, body = excluded.body WHERE applied = 0",
        (repository, to_key(scan.id), dump(scan)),
    )
    return cursor.rowcount == 1


def _replace_baseline(
    connection: sqlite3.Connection, repository: str, baseline: Baseline, expected_scan: str | None
) -> None:
    branch = to_key(baseline.branch)
    query = "SELECT scan_id FROM baseline WHERE repository = ? AND branch = ?"
    row = connection.execute(query, (repository, branch)).fetchone()
    stored = None if row is None else from_key(row[0])
    if stored != expected_scan:
        raise ConflictError(
            f"the baseline of {baseline.branch} is now scan {stored or '(none)'}, not {expected_scan or '(none)'}: "
            "another scan finished in the meantime; read again and repeat"
        )
    connection.execute(
        "INSERT OR REPLACE INTO baseline (repository, branch, scan_id, body) VALUES (?, ?, ?, ?)",
        (repository, branch, to_key(baseline.scan_id), dump(baseline)),
    )


def _write_findings(connection: sqlite3.Connection, rows: Sequence[_FindingRow]) -> None:
    """Insert the new ones (revision 1) and replace the others, each only at the revision it was read at."""
    new = [row for row in rows if row[2] == 1]
    changed = [row for row in rows if row[2] != 1]
    inserted = connection.executemany(
        "INSERT INTO finding (repository, id, revision, status, severity, path, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (repository, id) DO NOTHING",
        new,
    )
    if new and inserted.rowcount != len(new):
        raise ConflictError("a finding that is new to this scan was stored by another one; read again and repeat")
    updated = connection.executemany(
        "UPDATE finding SET revision = ?, status = ?, severity = ?, path = ?, body = ?"
        " WHERE repository = ? AND id = ? AND revision = ?",
        [(*row[2:], row[0], row[1], row[2] - 1) for row in changed],
    )
    if changed and updated.rowcount != len(changed):
        raise ConflictError("a finding was changed by somebody else in the meantime; read again and repeat")
    connection.executemany(
        "DELETE FROM finding_cwe WHERE repository = ? AND finding_id = ?", [(row[0], row[1]) for row in changed]
    )


def _write_events(connection: sqlite3.Connection, rows: Sequence[_EventRow]) -> None:
    """Add events; what is written there once is never replaced."""
    cursor = connection.executemany(
        "INSERT INTO event (finding_id, at, id, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
    )
    if rows and cursor.rowcount != len(rows):
        raise ConflictError("an event of this change is already stored; read again and repeat")


def _conditions(repository: str, where: FindingFilter) -> tuple[str, list[str | int]]:
    """The filter as SQL, starting with ` AND`, and its parameters."""
    parts: list[str] = []
    parameters: list[str | int] = []
    for column, words in (("status", where.statuses), ("severity", where.severities)):
        if words:
            parts.append(f" AND {column} IN ({_marks(words)})")
            parameters += [word.value for word in words]
    if where.cwe is not None:
        parts.append(" AND id IN (SELECT finding_id FROM finding_cwe WHERE repository = ? AND cwe = ?)")
        parameters += [repository, to_key(where.cwe)]
    if where.path_prefix:
        prefix = to_key(where.path_prefix)
        parts.append(" AND path >= ? AND substr(path, 1, ?) = ?")
        parameters += [prefix, len(prefix), prefix]
    return "".join(parts), parameters


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _chunks(keys: list[str]) -> Iterable[list[str]]:
    return (keys[start : start + _KEYS_PER_QUERY] for start in range(0, len(keys), _KEYS_PER_QUERY))


def _microseconds(moment: dt.datetime) -> int:
    """Since 1970, exactly."""
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
