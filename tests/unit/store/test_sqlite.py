"""What the SQLite store does beyond the contract: files, versions, damage, full disks, expiry."""

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from oreva.errors import StoreError
from oreva.models import Detection, Finding, Fingerprints, Scan, Source
from oreva.store import database
from oreva.store.base import Changes
from oreva.store.sqlite import SqliteStore

REPO = "directory/shop"
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def a_finding(number=1, text="x"):
    place = {"scanner": "bandit", "rule_id": "B1", "path": "a.py"}
    detection = Detection(
        **place, start_line=1, start_col=1, end_line=1, end_col=2, severity="low", confidence="low", message="m"
    )
    return Finding(
        id=f"{number:026d}",
        severity="low",
        confidence="low",
        title="t",
        message="m",
        path="a.py",
        start_line=1,
        end_line=1,
        snippet=text,
        detections=(detection,),
        fingerprints=(Fingerprints(rule="a", code="b", context="c", primary_location_line_hash="d:1"),),
        first_seen=NOW,
    )


def a_scan(number=1):
    source = Source(provider="directory", repository="shop")
    return Scan(
        id=f"{number:026d}",
        source=source,
        state="completed",
        sequence=number,
        started_at=NOW,
        ruleset_digest="d",
        scanners={},
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "oreva.db"


@pytest.fixture
def store(path):
    opened = SqliteStore(path)
    yield opened
    opened.close()


class TestStateDirectory:
    def test_is_made_and_ignored_by_git(self, tmp_path):
        state = tmp_path / "deep" / ".oreva"
        SqliteStore.open(state).close()
        SqliteStore.open(state).close()
        assert sorted(entry.name for entry in state.iterdir()) == [".gitignore", "oreva.db"]
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
        status = subprocess.run(
            ["git", "-C", str(tmp_path), "status", "--porcelain", "-uall"], capture_output=True, check=True
        )
        assert status.stdout == b""

    def test_a_gitignore_that_was_cut_short_by_a_kill_is_completed(self, tmp_path):
        state = tmp_path / ".oreva"
        state.mkdir()
        (state / ".gitignore").touch()
        (state / "cache.db").touch()
        SqliteStore.open(state).close()
        assert (state / ".gitignore").read_text() == "*\n"

    def test_a_gitignore_of_somebody_is_left_alone(self, tmp_path):
        (tmp_path / ".gitignore").write_text("*.pyc\n")
        SqliteStore.open(tmp_path).close()
        assert (tmp_path / ".gitignore").read_text() == "*.pyc\n"

    def test_a_directory_with_other_things_is_not_hidden_from_git(self, tmp_path):
        (tmp_path / "main.py").touch()
        SqliteStore.open(tmp_path).close()
        assert not (tmp_path / ".gitignore").exists()

    def test_a_directory_of_another_name_is_ignored_too(self, tmp_path):
        SqliteStore.open(tmp_path / "state").close()
        assert (tmp_path / "state" / ".gitignore").read_text() == "*\n"

    def test_a_file_in_its_place(self, tmp_path):
        (tmp_path / ".oreva").write_text("")
        with pytest.raises(StoreError, match=r"\.oreva cannot hold Oreva's state .*--state-dir"):
            SqliteStore.open(tmp_path / ".oreva")
        with pytest.raises(StoreError, match="--state-dir"):
            SqliteStore.open(tmp_path / ".oreva" / "below")

    @pytest.mark.parametrize("link", [".oreva", ".oreva/.gitignore", ".oreva/oreva.db"])
    def test_links_out_of_a_scanned_tree_are_not_followed(self, tmp_path, link):
        outside = tmp_path / "outside"
        outside.mkdir()
        tree = tmp_path / "tree"
        (tree / ".oreva").mkdir(parents=True)
        if link == ".oreva":
            (tree / ".oreva").rmdir()
            (tree / link).symlink_to(outside)
        else:
            (tree / link).symlink_to(outside / "target")
        with pytest.raises(StoreError, match=f"{link} is a symbolic link"):
            SqliteStore.open(tree / ".oreva")
        assert list(outside.iterdir()) == []

    @pytest.mark.parametrize("denied", [".oreva", "oreva.db"])
    def test_what_may_not_be_written_is_refused_at_once(self, tmp_path, monkeypatch, denied):
        """Permission bits do not bind root, under whom tests may run: the answer of the system is played."""
        state = tmp_path / ".oreva"
        SqliteStore.open(state).close()
        allowed = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != denied and allowed(path, mode))
        with pytest.raises(StoreError, match=rf"{denied}.* not writable.*--state-dir"):
            SqliteStore.open(state)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_read_only_directory(self, tmp_path):
        tmp_path.chmod(0o500)
        try:
            with pytest.raises(StoreError, match="--state-dir"):
                SqliteStore.open(tmp_path / ".oreva")
        finally:
            tmp_path.chmod(0o700)


class TestOpening:
    def test_is_lazy(self, path):
        store = SqliteStore(path)
        assert not path.exists()
        assert store.repositories() == []
        assert path.exists()
        store.close()

    def test_writes_ahead_and_checks_references(self, store):
        connection = store._connection()
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)

    def test_in_a_directory_that_is_not_there(self, tmp_path):
        with pytest.raises(StoreError, match=r"none/oreva\.db cannot be opened"):
            SqliteStore(tmp_path / "none" / "oreva.db").repositories()

    def test_many_at_once_on_a_new_file(self, path):
        barrier = threading.Barrier(8)
        outcomes = []

        def work(number):
            store = SqliteStore(path)
            barrier.wait()
            outcomes.append(store.apply(Changes(repository=REPO, findings=(a_finding(number),))))
            store.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store = SqliteStore(path)
        assert outcomes == [True] * 8
        assert len(list(store.findings(REPO))) == 8
        store.close()

    def test_a_lock_that_is_never_released(self, path, monkeypatch):
        SqliteStore(path).repositories()
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
        store = SqliteStore(path)
        with pytest.raises(StoreError, match="being written by another process"):
            store.put_scan(REPO, a_scan())
        assert store.scan(REPO, a_scan().id) is None  # readers do not wait
        holder.execute("ROLLBACK")
        store.put_scan(REPO, a_scan())
        assert store.scan(REPO, a_scan().id) == a_scan()
        holder.close()
        store.close()

    @pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
    def test_a_lock_on_a_file_that_is_still_empty(self, path, lock):
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute(f"BEGIN {lock}")
        with pytest.raises(StoreError, match="being written by another process"):
            database.connect(path, timeout_s=0.05)
        holder.execute("ROLLBACK")
        database.connect(path, timeout_s=0.05).close()
        holder.close()


class TestVersions:
    def test_a_newer_schema_is_refused_untouched(self, path):
        SqliteStore(path).repositories()
        raw = sqlite3.connect(path)
        raw.execute("PRAGMA user_version = 99")
        raw.close()
        before = path.read_bytes()
        with pytest.raises(StoreError, match=r"oreva\.db has schema version 99.*upgrade oreva.*--state-dir"):
            SqliteStore(path).repositories()
        assert path.read_bytes() == before

    def test_a_database_of_another_program_is_refused_untouched(self, path):
        raw = sqlite3.connect(path)
        raw.execute("CREATE TABLE places (url TEXT)")
        raw.close()
        before = path.read_bytes()
        with pytest.raises(StoreError, match=r"oreva\.db is a database of another program"):
            SqliteStore(path).repositories()
        assert path.read_bytes() == before

    def with_second_version(self, tmp_path, monkeypatch, script):
        scripts = tmp_path / "migrations"
        scripts.mkdir()
        (scripts / "0002.sql").write_text(script)
        monkeypatch.setattr(database, "MIGRATIONS", scripts)
        monkeypatch.setattr(database, "SCHEMA_VERSION", 2)

    def test_an_older_schema_is_brought_forward(self, path, tmp_path, monkeypatch):
        old = SqliteStore(path)
        old.put_scan(REPO, a_scan())
        old.close()
        self.with_second_version(
            tmp_path,
            monkeypatch,
            "ALTER TABLE scan ADD COLUMN label TEXT; -- a comment; with semicolon\nUPDATE scan\nSET label = 'a;b';\n",
        )
        new = SqliteStore(path)
        assert new.scan(REPO, a_scan().id) == a_scan()
        connection = new._connection()
        assert connection.execute("SELECT label FROM scan").fetchall() == [("a;b",)]
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        new.close()

    def test_a_migration_that_fails_leaves_the_old_version(self, path, tmp_path, monkeypatch):
        old = SqliteStore(path)
        old.put_scan(REPO, a_scan())
        old.close()
        with monkeypatch.context() as patch:
            self.with_second_version(tmp_path, patch, "DROP TABLE scan;\nALTER TABLE nowhere ADD COLUMN x;\n")
            with pytest.raises(StoreError, match="no such table"):
                SqliteStore(path).repositories()
        assert SqliteStore(path).scan(REPO, a_scan().id) == a_scan()


class TestDamage:
    def test_no_database_at_all(self, path):
        path.write_bytes(b"not a database " * 1000)
        with pytest.raises(StoreError, match=r"oreva\.db is not a usable database.*move it away"):
            SqliteStore(path).repositories()
        assert path.read_bytes() == b"not a database " * 1000

    def test_a_directory_in_its_place(self, path):
        path.mkdir()
        with pytest.raises(StoreError, match=r"oreva\.db cannot be opened"):
            SqliteStore(path).repositories()

    def test_pages_overwritten(self, path):
        store = SqliteStore(path)
        store.apply(Changes(repository=REPO, findings=tuple(a_finding(number, "x" * 900) for number in range(200))))
        store.close()
        content = path.read_bytes()
        path.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
        with pytest.raises(StoreError, match=r"oreva\.db is not a usable database"):
            list(SqliteStore(path).findings(REPO))

    @pytest.mark.parametrize("body", ["{", '{"id": 1}', '{"\\udcff": 1', '{"\\udcff": 1}'])
    def test_a_record_of_another_shape(self, store, path, body):
        store.put_scan(REPO, a_scan())
        store._connection().execute("UPDATE scan SET body = ?", (body,))
        with pytest.raises(StoreError, match=r"oreva\.db holds a record.*cannot read.*upgrade oreva"):
            store.scan(REPO, a_scan().id)
        with pytest.raises(StoreError, match="holds a record"):
            store.scans(REPO)

    def test_a_connection_closed_by_another_thread(self, store):
        store.repositories()
        store._connection().close()
        with pytest.raises(StoreError, match="cannot be used"):
            store.repositories()


class TestFullDisk:
    def test_nothing_is_half_written_and_the_store_works_on(self, store):
        store.apply(Changes(repository=REPO, scan=a_scan(1), findings=(a_finding(1),)))
        connection = store._connection()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        many = tuple(a_finding(number, "x" * 3000) for number in range(2, 500))
        with pytest.raises(StoreError, match=r"oreva\.db cannot grow .*full.*nothing was written.*--state-dir"):
            store.apply(Changes(repository=REPO, scan=a_scan(2), findings=many))
        assert store.scan(REPO, a_scan(2).id) is None
        assert [finding.id for finding in store.findings(REPO)] == [a_finding(1).id]
        connection.execute("PRAGMA max_page_count = 1000000")
        assert store.apply(Changes(repository=REPO, scan=a_scan(2), findings=many)) is True
        assert len(list(store.findings(REPO))) == 499

    def test_a_limit_of_the_system(self, path):
        """A real refusal by the kernel: files of this process may not outgrow 200 kB."""
        test = sys.modules[__name__]
        code = (
            "import importlib.util, resource, signal, sys\n"
            f"spec = importlib.util.spec_from_file_location('t', {test.__file__!r})\n"
            "t = importlib.util.module_from_spec(spec); spec.loader.exec_module(t)\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            f"store = t.SqliteStore(t.Path({str(path)!r}))\n"
            "store.apply(t.Changes(repository=t.REPO, scan=t.a_scan(1), findings=(t.a_finding(1),)))\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
            "many = tuple(t.a_finding(number, 'x' * 3000) for number in range(2, 500))\n"
            "try:\n    store.apply(t.Changes(repository=t.REPO, scan=t.a_scan(2), findings=many))\n"
            "except t.StoreError as error:\n    print(error)\n    sys.exit(7)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.returncode == 7, done.stderr
        assert "oreva.db" in done.stdout
        assert "--state-dir" in done.stdout
        store = SqliteStore(path)
        assert store.scan(REPO, a_scan(2).id) is None
        assert [finding.id for finding in store.findings(REPO)] == [a_finding(1).id]
        store.close()


class TestExpiry:
    def test_branch_findings_are_kept_90_days(self, path):
        today = NOW
        store = SqliteStore(path, clock=lambda: today)
        store.put_branch_findings("first", [a_finding(1), a_finding(2)])
        today = NOW + dt.timedelta(days=45)
        store.put_branch_findings("second", [a_finding(3)])
        today = NOW + dt.timedelta(days=90)
        store.put_branch_findings("third", [])
        assert len(store.branch_findings("first")) == 2
        today = NOW + dt.timedelta(days=90, seconds=1)
        store.put_branch_findings("fourth", [])
        assert store.branch_findings("first") == []
        assert store.branch_findings("second") == [a_finding(3)]
        assert store._connection().execute("SELECT count(*) FROM branch_finding").fetchone() == (1,)
        store.close()

    def test_writing_them_again_starts_anew(self, path):
        today = NOW
        store = SqliteStore(path, clock=lambda: today)
        store.put_branch_findings("first", [a_finding(1)])
        today = NOW + dt.timedelta(days=80)
        store.put_branch_findings("first", [a_finding(1)])
        today = NOW + dt.timedelta(days=160)
        store.put_branch_findings("second", [])
        assert store.branch_findings("first") == [a_finding(1)]
        store.close()


def test_threads_get_connections_of_their_own_and_close_releases_all(store):
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(store._connection())) for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    assert len({id(connection) for connection in [*seen, store._connection()]}) == 4
    store.close()
    for connection in seen:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_an_interruption_rolls_back(store, monkeypatch):
    """Ctrl-C between two statements of one write."""

    def interrupted(_connection, _rows):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("oreva.store.sqlite._write_events", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.apply(Changes(repository=REPO, scan=a_scan(1), findings=(a_finding(1),)))
    assert store.finding(REPO, a_finding(1).id) is None
    assert store.apply(Changes(repository=REPO, scan=a_scan(1), findings=(a_finding(1),))) is True
