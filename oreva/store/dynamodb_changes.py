"""What `apply` has to write, as operations on the DynamoDB table with the conditions they stand under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oreva.errors import ConflictError
from oreva.store import dynamodb_keys as keys
from oreva.store.base import Changes
from oreva.store.dynamodb_items import finding_items, piece_keys, render
from oreva.store.dynamodb_table import Operation, key_of, key_only
from oreva.store.records import from_key, to_key

if TYPE_CHECKING:
    from oreva.store.dynamodb_keys import Item

_ABSENT = "attribute_not_exists(#PK)"
_NEW = "a finding that is new to this scan was stored by another one; read again and repeat"
_CHANGED = "a finding was changed by somebody else in the meantime; read again and repeat"
_EVENT = "an event of this change is already stored; read again and repeat"


@dataclass(frozen=True)
class Plan:
    """All operations of one `Changes`."""

    changes: Changes
    head: tuple[Operation, ...]
    """The scan and, last, the baseline, with their conditions."""
    guarded: tuple[Operation, ...]
    """Findings, each at the revision it was read at, and events, which must be new."""
    places: tuple[Operation, ...]
    """Further places of the findings in the index of CWEs."""
    pieces: tuple[Item, ...]
    """To be written before everything else; nobody reads them before the items that name them."""
    revisions: dict[tuple[str, str], int]
    """What is stored at the key of each guarded operation: its revision, 0 for nothing."""

    @classmethod
    def of(cls, changes: Changes) -> Plan:
        """The plan. Raises `StoreError` for a finding without id, `ConflictError` if anything is in it twice."""
        repository = changes.repository
        head: list[Operation] = []
        pieces: list[Item] = []
        if changes.scan is not None:
            scan = render(keys.scan_key(repository, changes.scan.id), changes.scan, applied={"applied": {"BOOL": True}})
            pieces += scan.pieces
            head.append(Operation("put", scan.item, "attribute_not_exists(#applied)"))
        if (new := changes.baseline) is not None:
            key = keys.baseline_key(repository, new.branch)
            baseline = render(key, new, scan={"scan_id": {"S": to_key(new.scan_id)}})
            pieces += baseline.pieces
            expected = changes.expected_baseline_scan
            head.append(
                Operation("put", baseline.item, _ABSENT)
                if expected is None
                else Operation("put", baseline.item, "#scan_id = :expected", {":expected": {"S": to_key(expected)}})
            )
        guarded: list[Operation] = []
        places: dict[tuple[str, str], Operation] = {}
        revisions: dict[tuple[str, str], int] = {}
        for finding in changes.findings:
            rendered, further = finding_items(repository, finding)
            pieces += rendered.pieces
            guarded.append(_at_revision(rendered.item, finding.revision))
            places |= {key_of(item): Operation("put", item) for item in further}
            revisions[key_of(rendered.item)] = finding.revision
        for event in changes.events:
            told = render(keys.event_key(event), event)
            pieces += told.pieces
            guarded.append(Operation("put", told.item, _ABSENT))
            revisions[key_of(told.item)] = 0
        if len(revisions) != len(guarded):
            raise ConflictError("a finding or an event is in one change twice; read again and repeat")
        return cls(changes, tuple(head), tuple(guarded), tuple(places.values()), tuple(pieces), revisions)

    @property
    def repository(self) -> str:
        """Key of the repository."""
        return self.changes.repository

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.head or self.guarded)

    @property
    def registers(self) -> bool:
        """Whether the repository becomes one that has findings or scans."""
        return self.changes.scan is not None or bool(self.changes.findings)

    @property
    def scan_key(self) -> Item | None:
        """Where the scan is written, if there is one."""
        return None if self.changes.scan is None else keys.scan_key(self.repository, self.changes.scan.id)

    @property
    def guarded_keys(self) -> list[Item]:
        """Keys of all findings and events."""
        return [key_only(operation.item) for operation in self.guarded]

    @property
    def changed_keys(self) -> list[Item]:
        """Keys of the findings that are stored already."""
        return [key for key in self.guarded_keys if self.revisions[key_of(key)]]

    def outdated(self, stored: Iterable[Item]) -> list[Operation]:
        """What the changed findings leave behind: places in the index of CWEs, and pieces of their former bodies."""
        kept = {key_of(operation.item) for operation in self.places}
        ids = {key_of(keys.finding_key(self.repository, f.id)): f.id for f in self.changes.findings}
        gone: list[Item] = []
        for item in stored:
            cwes = [from_key(value["S"]) for value in item["cwe"]["L"]]
            former = (keys.cwe_key(self.repository, ids[key_of(item)], cwe) for cwe in cwes[1:])
            gone += [key for key in former if key_of(key) not in kept]
            gone += piece_keys(item)
        return [Operation("delete", key) for key in {key_of(key): key for key in gone}.values()]

    def check(self, stored: Iterable[Item]) -> None:
        """Compare all findings and events with what is stored; raises `ConflictError` for the first that differs."""
        found = {key_of(item): int(item["revision"]["N"]) if "revision" in item else None for item in stored}
        for operation in self.guarded:
            key = key_of(operation.item)
            if found.get(key, 0) != self.revisions[key]:
                raise ConflictError(self.conflict(operation))

    def conflict(self, operation: Operation) -> str:
        """Why an operation was refused, in one line."""
        if operation.item["SK"]["S"].startswith("EVENT#"):
            return _EVENT
        return _CHANGED if self.revisions.get(key_of(operation.item)) else _NEW


def _at_revision(item: Item, revision: int) -> Operation:
    if not revision:
        return Operation("put", item, _ABSENT)
    return Operation("put", item, "#revision = :expected", {":expected": {"N": str(revision)}})
