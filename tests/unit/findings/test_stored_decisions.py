"""Decisions on stored findings: recorded, remembered, and never made on something that has changed unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oreva.errors import ConflictError, UsageError
from oreva.findings.stored_decisions import UnknownFindingError, dismiss_stored, reopen_stored
from oreva.models import Detection, DismissalKind, Finding, Fingerprints, Status
from oreva.store.base import Changes
from oreva.store.sqlite import SqliteStore

REPOSITORY = "github/acme/shop"
ID = "01K5T3V8W0Q4N6R7S9XYZABCDE"


class BusyStore(SqliteStore):
    """A store in which somebody else writes the finding before each of the next `times` decisions."""

    times = 0

    def apply(self, changes: Changes) -> bool:
        if self.times:
            self.times -= 1
            (finding,) = [f for f in self.findings(changes.repository) if f.id == ID]
            super().apply(Changes(repository=changes.repository, findings=(finding,)))
        return super().apply(changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BusyStore]:
    opened = BusyStore(tmp_path / "oreva.db")
    yield opened
    opened.close()


@pytest.fixture
def put(store: BusyStore) -> Callable[..., None]:
    def write(**fields: Any) -> None:
        place = {
            "path": "a.py",
            "start_line": 3,
            "end_line": 3,
            "severity": "high",
            "confidence": "high",
            "message": "m",
        }
        detection = Detection.model_validate(
            {"scanner": "bandit", "rule_id": "B1", "start_col": 1, "end_col": 2} | place
        )
        prints = Fingerprints(rule="a", code="b", context="c", primary_location_line_hash="d:1")
        at = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
        values = {"id": ID, "title": "t", "snippet": "s", "detections": (detection,), "fingerprints": (prints,)}
        finding = Finding.model_validate(values | place | {"first_seen": at} | fields)
        store.apply(Changes(repository=REPOSITORY, findings=(finding,)))

    return write


def dismiss(store: SqliteStore, **more: Any) -> Finding:
    return dismiss_stored(store, REPOSITORY, ID, DismissalKind.WONT_FIX, " dead code ", "ada", **more)


def test_a_dismissal_is_recorded_and_remembered(store, put) -> None:
    put()
    dismiss(store)
    stored = store.finding(REPOSITORY, ID)
    assert (stored.status, stored.dismissal.by, stored.dismissal.reason) == (Status.DISMISSED, "ada", "dead code")
    assert [(e.actor, e.change) for e in store.events(ID)] == [("user:ada", "dismissed")]
    (memory,) = store.memories(REPOSITORY, "bandit:B1")
    assert (memory.decision, memory.reason, memory.snippet) == (DismissalKind.WONT_FIX, "dead code", "s")
    reopen_stored(store, REPOSITORY, ID, "bob", "no")
    assert store.finding(REPOSITORY, ID).status is Status.OPEN
    assert [e.change for e in store.events(ID)] == ["dismissed", "reopened"]


def test_a_scan_that_writes_in_between_is_decided_on_anew(store, put) -> None:
    put()
    store.times = 2
    dismiss(store)
    assert store.finding(REPOSITORY, ID).status is Status.DISMISSED
    assert len(store.events(ID)) == 1


def test_a_finding_that_is_always_written_is_left_alone(store, put) -> None:
    put()
    store.times = 50
    with pytest.raises(ConflictError, match="when it is done"):
        dismiss(store)
    assert store.finding(REPOSITORY, ID).status is Status.OPEN
    assert store.memories(REPOSITORY, "bandit:B1") == []


def test_what_the_person_has_looked_at_must_still_be_there(store, put) -> None:
    put()
    store.times = 1
    with pytest.raises(ConflictError, match="revision 2, not 1"):
        dismiss(store, revision=1)
    assert store.finding(REPOSITORY, ID).status is Status.OPEN
    dismiss(store, revision=2)
    assert store.finding(REPOSITORY, ID).status is Status.DISMISSED


def test_what_is_not_there_or_makes_no_sense_is_refused(store, put) -> None:
    with pytest.raises(UnknownFindingError, match="check id and repository"):
        dismiss(store)
    put(status="fixed")
    with pytest.raises(UsageError, match="is fixed"):
        dismiss(store)
