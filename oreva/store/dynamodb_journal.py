"""Writing more than one DynamoDB transaction holds, so that nothing is visible before everything is.

A transaction takes 100 items. A scan that changes more is written ahead:

1. *Check.* The revisions it was computed from are read and compared.
2. *Stage.* All items to be written are packed, compressed, into items `JOURNAL#<id>` / `PACK#<n>`. No reader looks
   there.
3. *Commit.* One transaction writes the scan and the baseline (with their conditions), enters the journal's id in the
   repository's item `WRITES`, and lists the repository under `JOURNALS`. Its condition: no journal is entered there,
   and `generation` is still the one that was read before step 1. Since every other write of findings counts
   `generation` up in its own transaction, what step 1 has checked still holds. This is the moment everything becomes
   true.
4. *Roll forward.* The packed items are written to their places in transactions, each with the condition that the
   journal is still entered in `WRITES`. They are whole items, so writing them twice is the same as writing them once;
   and a helper that was asleep and wakes up after the end can write nothing any more.
5. *End.* One transaction takes the journal out of `WRITES` and `JOURNALS`; then the packs are deleted.

Whoever reads or writes findings of a repository looks at `WRITES` first and, if a journal is entered, does steps 4 and
5 before anything else: it does not matter who committed it or whether they still live. A page of findings that was read
while a journal was committed is read again (`journals` counts commits). So a crash before 3 leaves everything as it was
(and packs that nobody reads: some kilobytes, named by nothing), a crash after it loses nothing. Packs never expire,
since a journal may have to wait for the next visitor. So whoever may read findings needs the right to
write them as well.

What DynamoDB itself promises within a page is the limit of this: a query that meets the milliseconds in which a (small)
transaction is being written may see some of its items and not yet the others. Single items are never torn.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oreva.errors import StoreError
from oreva.store import dynamodb_keys as keys
from oreva.store.dynamodb_items import from_line, size, to_line
from oreva.store.dynamodb_table import (
    TRANSACTION_BYTES,
    TRANSACTION_ITEMS,
    Operation,
    RefusedError,
    Table,
)
from oreva.store.records import from_key, to_key

if TYPE_CHECKING:
    from oreva.store.dynamodb_keys import Item

_PACK_BYTES = 360_000  # what zlib cannot make smaller still fits into an item
_JOURNALS = "JOURNALS"
_REPOSITORIES = "REPOSITORIES"


class MovedOnError(Exception):
    """Somebody else wrote to the repository in between; read again."""


@dataclass(frozen=True)
class Writes:
    """What is known of the writes to one repository: its item `WRITES`."""

    repository: str
    generation: int = 0
    """Counts transactions that wrote findings."""
    journals: int = 0
    """Counts those of them that needed a journal."""
    journal: str = ""
    """The journal that is committed and not yet rolled forward; mostly none."""
    packs: int = 0
    registered: bool = False
    """True if the repository is in the list of repositories."""

    @property
    def key(self) -> Item:
        """Where it lies."""
        return keys.key(keys.repository_partition(self.repository), "WRITES")


class Journal:
    """The journals of one table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, repository: str) -> Writes:
        """The state of a repository's writes."""
        item = self._table.get(Writes(repository).key) or {}
        return Writes(
            repository,
            generation=int(item["generation"]["N"]) if "generation" in item else 0,
            journals=int(item["journals"]["N"]) if "journals" in item else 0,
            journal=item["journal"]["S"] if "journal" in item else "",
            packs=int(item["packs"]["N"]) if "packs" in item else 0,
            registered="registered" in item,
        )

    def settled(self, repository: str) -> Writes:
        """The state of a repository without a journal under way: rolls one forward if there is one."""
        while (writes := self.read(repository)).journal:
            self._roll_forward(writes)
        return writes

    def settle_all(self) -> int:
        """Roll forward every journal of the table; how many there were."""
        pages = list(self._table.query(_JOURNALS))
        waiting = [from_key(item["repository"]["S"]) for page in pages for item in page]
        for repository in waiting:
            self.settled(repository)
        return len(waiting)

    def repositories(self) -> list[str]:
        """Keys of all registered repositories, sorted."""
        pages = self._table.query(_REPOSITORIES)
        return sorted(from_key(item["repository"]["S"]) for page in pages for item in page)

    def registered(self, writes: Writes) -> list[Operation]:
        """What enters a repository in the list of repositories."""
        update = Operation("update", writes.key, update="SET #registered = :true", values={":true": {"BOOL": True}})
        return [update, Operation("put", self._listed(_REPOSITORIES, writes.repository))]

    def counted(self, writes: Writes, *, register: bool) -> list[Operation]:
        """What every single transaction that writes findings starts with.

        Its first operation is refused while a journal is entered. With `register` the repository is listed, if it is
        not yet.
        """
        return self._entry(writes, "attribute_not_exists(#journal)", {}, adds=["#generation"], register=register)

    def commit(self, writes: Writes, head: Sequence[Operation], rest: Sequence[Operation], *, register: bool) -> None:
        """Write `head` and `rest` as a whole; only `head` may have conditions.

        The caller has checked what `rest` was computed from after it read `writes`. Raises `RefusedError` with
        positions in `head`, and `MovedOnError` if the repository has been written to since; nothing is visible then.
        """
        journal_id = uuid.uuid4().hex
        packs = list(_packed(journal_id, rest))
        self._table.write_many(packs)
        condition = "attribute_not_exists(#journal) AND attribute_not_exists(#generation)"
        values: Item = {}
        if writes.generation:
            condition = "attribute_not_exists(#journal) AND #generation = :generation"
            values = {":generation": {"N": str(writes.generation)}}
        values |= {":journal": {"S": journal_id}, ":packs": {"N": str(len(packs))}}
        sets, adds = ["#journal = :journal", "#packs = :packs"], ["#generation", "#journals"]
        operations = [
            *head,
            *self._entry(writes, condition, values, sets=sets, adds=adds, register=register),
            Operation("put", self._listed(_JOURNALS, writes.repository)),
        ]
        try:
            self._table.transact(operations)
        except RefusedError as refused:
            self._table.write_many(delete=packs)
            in_head = [position for position in refused.positions if position < len(head)]
            if in_head:
                raise RefusedError(in_head) from refused
            raise MovedOnError from refused
        self.settled(writes.repository)

    def _roll_forward(self, writes: Writes) -> None:
        """Steps 4 and 5; several may do it at once."""
        packs = [item for page in self._table.query(f"JOURNAL#{writes.journal}") for item in page]
        if len(packs) != writes.packs:
            if self.read(writes.repository).journal != writes.journal:
                return  # somebody else has come to the end in the meantime
            raise StoreError(
                f"DynamoDB table {self._table.name} lacks {writes.packs - len(packs)} of {writes.packs} packs of "
                f"journal {writes.journal} of {writes.repository!r}: "
                "restore the table to a point in time before they were lost"
            )
        entered = "#journal = :journal"
        values: Item = {":journal": {"S": writes.journal}}
        fence = Operation("check", writes.key, entered, values)
        try:
            for part in _parts(_unpacked(packs)):
                self._table.transact([fence, *part])
            self._table.transact([
                Operation("update", writes.key, entered, values, "REMOVE #journal, #packs"),
                Operation("delete", self._key(_JOURNALS, writes.repository)),
            ])  # fmt: skip
        except RefusedError:
            return  # somebody else has come to the end in the meantime
        self._table.write_many(delete=packs)

    def _entry(
        self,
        writes: Writes,
        condition: str,
        values: Item,
        *,
        adds: Sequence[str],
        sets: Sequence[str] = (),
        register: bool,
    ) -> list[Operation]:
        """The change of `WRITES` and, if it is to be made, the repository's entry in the list."""
        values = values | {":one": {"N": "1"}}
        added = ", ".join(f"{name} :one" for name in adds)
        entering = register and not writes.registered
        if entering:
            sets, values = [*sets, "#registered = :true"], values | {":true": {"BOOL": True}}
        update = f"SET {', '.join(sets)} ADD {added}" if sets else f"ADD {added}"
        listed = [Operation("put", self._listed(_REPOSITORIES, writes.repository))] if entering else []
        return [Operation("update", writes.key, condition, values, update), *listed]

    def _key(self, partition: str, repository: str) -> Item:
        return keys.key(partition, f"REPO#{to_key(repository)}")

    def _listed(self, partition: str, repository: str) -> Item:
        return self._key(partition, repository) | {"repository": {"S": to_key(repository)}}


def fits(operations: Sequence[Operation]) -> bool:
    """Whether one transaction holds them."""
    return len(operations) <= TRANSACTION_ITEMS and sum(size(o.item) for o in operations) <= TRANSACTION_BYTES


def _parts(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """As few transactions as hold them with the fence."""
    part: list[Operation] = []
    total = 0
    for operation in operations:
        weight = size(operation.item)
        if part and (len(part) + 1 == TRANSACTION_ITEMS or total + weight > TRANSACTION_BYTES):
            yield part
            part, total = [], 0
        part.append(operation)
        total += weight
    if part:
        yield part


def _packed(journal_id: str, operations: Iterable[Operation]) -> Iterator[Item]:
    lines: list[str] = []
    total = number = 0

    def pack() -> Item:
        place = keys.key(f"JOURNAL#{journal_id}", f"PACK#{number:06d}")
        return place | {"zip": {"B": zlib.compress("\n".join(lines).encode())}}

    for operation in operations:
        line = f"{operation.kind} {to_line(operation.item)}"
        if lines and total + len(line) > _PACK_BYTES:
            yield pack()
            lines, total, number = [], 0, number + 1
        lines.append(line)
        total += len(line) + 1
    if lines:
        yield pack()


def _unpacked(packs: Iterable[Item]) -> Iterator[Operation]:
    for pack in packs:
        for line in zlib.decompress(pack["zip"]["B"]).decode().split("\n"):
            kind, _, item = line.partition(" ")
            yield Operation("delete" if kind == "delete" else "put", from_line(item))
