"""Reading models from the DynamoDB table: one, a page, the newest, and those that an index names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from oreva.errors import StoreError
from oreva.models import Finding, Model
from oreva.store import dynamodb_keys as keys
from oreva.store.base import FindingFilter
from oreva.store.dynamodb_items import parse, piece_keys
from oreva.store.dynamodb_table import Table, key_of, key_only
from oreva.store.records import from_key, to_key

if TYPE_CHECKING:
    from oreva.store.dynamodb_keys import Item

ModelT = TypeVar("ModelT", bound=Model)

_ATTEMPTS = 10
_CHUNK = 100


class Models:
    """The models of one table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def items(self, partition: str, prefix: str = "") -> list[Item]:
        """All items of a partition whose sort key begins with `prefix`."""
        return [item for page in self._table.query(partition, prefix) for item in page]

    def entries(
        self, index: str, index_keys: tuple[str, str], partition: str, after: Item | None = None
    ) -> Iterator[Item]:
        """All entries of one partition of an index, in order; pages are fetched as the iterator advances."""
        for page in self._table.query(partition, index=index, index_keys=index_keys, after=after):
            yield from page

    def named(self, entries: Iterable[Item]) -> Iterator[tuple[str, Finding]]:
        """Repository and finding for all that index entries name and that still exist, in their order, each once."""
        seen: set[tuple[str, str]] = set()
        chunk: list[Item] = []
        for entry in entries:
            place = keys.place_of_finding(entry)
            if key_of(place) not in seen:
                seen.add(key_of(place))
                chunk.append(place)
            if len(chunk) == _CHUNK:
                yield from self._findings_at(chunk)
                chunk = []
        yield from self._findings_at(chunk)

    def _findings_at(self, places: Sequence[Item]) -> Iterator[tuple[str, Finding]]:
        items = {key_of(item): item for item in self._table.get_many(places)}
        for place in places:
            item = items.get(key_of(place))
            finding = None if item is None else self.load(Finding, item)
            if item is not None and finding is not None:
                yield from_key(item["repository"]["S"]), finding

    def newest(
        self, model_type: type[ModelT], partition: str, prefix: str, limit: int, after: Item | None = None
    ) -> list[ModelT]:
        """The last `limit` models whose sort key begins with `prefix`, last first; `after` is where to go on."""
        found: list[ModelT] = []
        if limit < 1:
            return found
        for page in self._table.query(partition, prefix, limit=limit, backwards=True, after=after):
            found += self.load_all(model_type, page)
            if len(found) >= limit:
                break
        return found[:limit]

    def get(self, model_type: type[ModelT], key: Item) -> ModelT | None:
        """The model at a key, or None."""
        item = self._table.get(key)
        return None if item is None else self.load(model_type, item)

    def load_all(self, model_type: type[ModelT], items: Iterable[Item]) -> Iterator[ModelT]:
        """The models of items that still exist, in their order."""
        for item in items:
            if (model := self.load(model_type, item)) is not None:
                yield model

    def load(self, model_type: type[ModelT], item: Item) -> ModelT | None:
        """The model of an item with its pieces; None if the item has gone in the meantime."""
        current: Item | None = item
        for _ in range(_ATTEMPTS):
            if current is None:
                return None
            places = piece_keys(current)
            pieces = {key_of(piece): piece for piece in self._table.get_many(places)}
            if len(pieces) == len(places):
                return parse(model_type, current, [pieces[key_of(place)] for place in places])
            current = self._table.get(key_only(item))  # it was replaced, and its pieces deleted with it
        raise StoreError(
            f"DynamoDB item {item['PK']['S']} {item['SK']['S']} lacks pieces of its body: "
            "restore the table to a point in time before they were lost"
        )


def filter_expression(where: FindingFilter) -> tuple[str, Item]:
    """The filter as a filter expression and its values."""
    parts: list[str] = []
    values: Item = {}
    for name, words in (("status", where.statuses), ("severity", where.severities)):
        if words:
            marks: Item = {f":{name}{position}": {"S": word.value} for position, word in enumerate(words)}
            parts.append(f"#{name} IN ({', '.join(marks)})")
            values |= marks
    if where.cwe is not None:
        parts.append("contains(#cwe, :cwe)")
        values[":cwe"] = {"S": to_key(where.cwe)}
    if where.path_prefix:
        parts.append("begins_with(#path, :path)")
        values[":path"] = {"S": to_key(where.path_prefix)}
    return " AND ".join(parts), values
