"""How models become items of the DynamoDB table and come back.

An item carries its model as JSON: as text (`body`) while that is short, else compressed (`zip`). What is still too
large for one item lies in pieces under a key of its own (`pieces`, `pieces_id`), so that nothing is ever cut off; the
pieces are written before the item that names them and are never changed.
"""

from __future__ import annotations

import base64
import json
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from oreva.errors import StoreError
from oreva.models import Finding, Model
from oreva.store import dynamodb_keys as keys
from oreva.store.records import dump, load, to_key

if TYPE_CHECKING:
    from oreva.store.dynamodb_keys import Item

ModelT = TypeVar("ModelT", bound=Model)

BODY = ("body", "zip", "pieces", "pieces_id")
"""The attributes that a model is read from."""

_TEXT_BYTES = 4_096
"""Longer bodies are compressed: the console shows short ones, and writes are paid by the kilobyte."""
_INLINE_BYTES = 100_000
_PIECE_BYTES = 350_000
"""DynamoDB takes items of 400 KB."""


@dataclass(frozen=True)
class Rendered:
    """A model as items."""

    item: Item
    pieces: tuple[Item, ...] = ()
    """To be written before `item`; mostly none."""


def render(key: Item, model: Model, **attributes: Item) -> Rendered:
    """The item of a model at a key. `attributes` are more of its attributes, in groups."""
    item: Item = dict(key)
    for group in attributes.values():
        item |= group
    text = dump(model)
    body = text.encode()
    if len(body) <= _TEXT_BYTES:
        return Rendered(item | {"body": {"S": text}})
    packed = zlib.compress(body)
    if len(packed) <= _INLINE_BYTES:
        return Rendered(item | {"zip": {"B": packed}})
    pieces_id = uuid.uuid4().hex
    parts = [packed[start : start + _PIECE_BYTES] for start in range(0, len(packed), _PIECE_BYTES)]
    item |= {"pieces_id": {"S": pieces_id}, "pieces": {"N": str(len(parts))}}
    expires: Item = {keys.EXPIRES: item[keys.EXPIRES]} if keys.EXPIRES in item else {}
    pieces: list[Item] = [
        {**place, **expires, "zip": {"B": part}} for place, part in zip(piece_keys(item), parts, strict=True)
    ]
    return Rendered(item, tuple(pieces))


def piece_keys(item: Item) -> list[Item]:
    """Keys of the pieces that an item names, in order; none for most items."""
    if "pieces" not in item:
        return []
    partition = f"PIECES#{item['pieces_id']['S']}"
    return [keys.key(partition, f"{number:06d}") for number in range(int(item["pieces"]["N"]))]


def parse(model_type: type[ModelT], item: Item, pieces: Sequence[Item] = ()) -> ModelT:
    """The model an item was rendered from; `pieces` in order, if it names any.

    Raises `StoreError` if it cannot be read.
    """
    try:
        if "body" in item:
            return load(model_type, item["body"]["S"])
        packed = b"".join(piece["zip"]["B"] for piece in pieces) if "pieces" in item else item["zip"]["B"]
        return load(model_type, zlib.decompress(packed).decode())
    except (ValueError, KeyError, zlib.error) as error:
        reason = str(error).partition("\n")[0]
        raise StoreError(
            f"DynamoDB item {item['PK']['S']} {item['SK']['S']} cannot be read by this version of Oreva ({reason}): "
            "upgrade oreva, or restore the table"
        ) from error


def finding_items(repository: str, finding: Finding) -> tuple[Rendered, list[Item]]:
    """A finding as it is to be written (at the next revision), and its further places in the index of CWEs.

    The first CWE is indexed by the finding's own item; DynamoDB indexes one value per item, so each further one has a
    small item of its own. Raises `StoreError` if the finding has no id.
    """
    if not finding.id:
        raise StoreError(f"a finding in {finding.path} has no id yet; match it with the store before writing it")
    written = finding.model_copy(update={"revision": finding.revision + 1})
    cwes = list(dict.fromkeys(finding.cwe))
    rendered = render(
        keys.finding_key(repository, finding.id),
        written,
        plain={
            "repository": {"S": to_key(repository)},
            "revision": {"N": str(written.revision)},
            "status": {"S": finding.status.value},
            "severity": {"S": finding.severity.value},
            "path": {"S": to_key(finding.path)},
            "cwe": {"L": [{"S": to_key(cwe)} for cwe in cwes]},
        },
        queue=keys.queue_keys(finding),
        cwe=keys.cwe_keys(finding, cwes[0]) if cwes else {},
    )
    further = [keys.cwe_key(repository, finding.id, cwe) | keys.cwe_keys(finding, cwe) for cwe in cwes[1:]]
    return rendered, further


def size(item: Item) -> int:
    """Bytes of an item, rather too many than too few."""
    return len(to_line(item))


def to_line(item: Item) -> str:
    """An item as one line of ASCII JSON."""
    return json.dumps(item, default=lambda data: base64.b64encode(data).decode(), separators=(",", ":"))


def from_line(line: str) -> Item:
    """The item that `to_line` made the line from."""
    item: Item = json.loads(line)
    for value in item.values():
        if "B" in value:
            value["B"] = base64.b64decode(value["B"])
    return item
