"""Calls to one DynamoDB table: pages, batches, transactions, and patience with throttling.

Reads are strongly consistent (indexes cannot be). Whatever DynamoDB asks to be repeated is repeated with exponential
backoff and full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). The limits of batches
are kept here, those of a transaction by the caller.
"""

from __future__ import annotations

import random
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar

from oreva.errors import StoreError, ThrottledError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import (
        KeysAndAttributesTypeDef,
        PutItemInputTypeDef,
        QueryInputTypeDef,
        TransactWriteItemTypeDef,
        WriteRequestTypeDef,
    )

    from oreva.store.dynamodb_keys import Item

T = TypeVar("T")

TRANSACTION_ITEMS = 100
TRANSACTION_BYTES = 3_500_000
"""Below DynamoDB's 4 MB, which counts names and overhead too."""

_BATCH_WRITE = 25
_BATCH_GET = 100
_ATTEMPTS = 10
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 5.0
_CONDITION = "ConditionalCheckFailed"
_PASSING = frozenset({
    "InternalServerError",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingError",
    "ThrottlingException",
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
})  # fmt: skip


class RefusedError(Exception):
    """A condition did not hold; nothing was written."""

    def __init__(self, positions: Sequence[int]) -> None:
        super().__init__(f"refused: {list(positions)}")
        self.positions = frozenset(positions)
        """Which of the operations, counted from 0."""


@dataclass(frozen=True)
class Operation:
    """One part of a transaction. `#name` in an expression stands for the attribute `name`."""

    kind: Literal["put", "delete", "check", "update"]
    item: Item
    """The whole item for `put`, else its key."""
    condition: str = ""
    values: Item = field(default_factory=dict)
    update: str = ""


class Table:
    """One table, reached through one client. Threads may share it."""

    def __init__(
        self,
        name: str,
        client: DynamoDBClient,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self._client = client
        self._sleep = sleep
        self._jitter = jitter
        self._closed = False

    def close(self) -> None:
        """Refuse every further call."""
        self._closed = True

    def get(self, key: Item) -> Item | None:
        """One item, or None."""
        answer = self._patiently(lambda: self._client.get_item(TableName=self.name, Key=key, ConsistentRead=True))
        return answer.get("Item")

    def get_many(self, keys: Iterable[Item], attributes: Sequence[str] = ()) -> list[Item]:
        """The items that exist, in no order; with `attributes`, these and the key only. Keys may repeat."""
        wanted = list({key_of(key): key_only(key) for key in keys}.values())
        found: list[Item] = []
        for start in range(0, len(wanted), _BATCH_GET):
            request: KeysAndAttributesTypeDef = {"Keys": wanted[start : start + _BATCH_GET], "ConsistentRead": True}
            if attributes:
                request["ProjectionExpression"] = _projection(attributes)
                request["ExpressionAttributeNames"] = _names(_projection(attributes))
            found += self._get_batch(request)
        return found

    def _get_batch(self, request: KeysAndAttributesTypeDef) -> Iterator[Item]:
        tries = 0
        while True:
            answer = self._patiently(partial(self._client.batch_get_item, RequestItems={self.name: request}))
            items = answer["Responses"].get(self.name, [])
            yield from items
            left = answer.get("UnprocessedKeys", {}).get(self.name)
            if not left:
                return
            request = {**request, "Keys": left["Keys"]}
            tries = self._pause(0 if items else tries)

    def query(
        self,
        partition: str,
        prefix: str = "",
        *,
        index: str = "",
        index_keys: tuple[str, str] = ("PK", "SK"),
        attributes: Sequence[str] = (),
        where: str = "",
        values: Item | None = None,
        limit: int | None = None,
        backwards: bool = False,
        after: Item | None = None,
    ) -> Iterator[list[Item]]:
        """The items of a partition whose sort key begins with `prefix`, in order, page by page (some may be empty).

        With `attributes`, these and the key only. `index_keys` are the names of an index's two keys, `where` a filter
        expression, `limit` the items read for one page, `after` the key of an item: only what follows it is read.
        """
        expression = f"#{index_keys[0]} = :partition"
        filled: Item = {":partition": {"S": partition}, **(values or {})}
        if prefix:
            expression += f" AND begins_with(#{index_keys[1]}, :prefix)"
            filled[":prefix"] = {"S": prefix}
        request: QueryInputTypeDef = {
            "TableName": self.name,
            "KeyConditionExpression": expression,
            "ExpressionAttributeNames": _names(expression + where + _projection(attributes)),
            "ExpressionAttributeValues": filled,
            "ScanIndexForward": not backwards,
        }
        if where:
            request["FilterExpression"] = where
        if attributes:
            request["ProjectionExpression"] = _projection(attributes)
        if index:
            request["IndexName"] = index
        else:
            request["ConsistentRead"] = True
        if limit is not None:
            request["Limit"] = limit
        if after is not None:
            request["ExclusiveStartKey"] = after
        while True:
            answer = self._patiently(lambda: self._client.query(**request))
            yield answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def put(self, item: Item, condition: str = "") -> None:
        """Write one item. Raises `RefusedError` if the condition does not hold."""
        request: PutItemInputTypeDef = {"TableName": self.name, "Item": item}
        if condition:
            request["ConditionExpression"] = condition
            request["ExpressionAttributeNames"] = _names(condition)
        self._patiently(lambda: self._client.put_item(**request))

    def write_many(self, items: Iterable[Item] = (), delete: Iterable[Item] = ()) -> None:
        """Put items and delete keys, all different, in no order and not as a whole."""
        requests: list[WriteRequestTypeDef] = [{"PutRequest": {"Item": item}} for item in items]
        requests += [{"DeleteRequest": {"Key": key_only(key)}} for key in delete]
        for start in range(0, len(requests), _BATCH_WRITE):
            self._write_batch(requests[start : start + _BATCH_WRITE])

    def _write_batch(self, requests: Sequence[WriteRequestTypeDef]) -> None:
        tries = 0
        while True:
            answer = self._patiently(partial(self._client.batch_write_item, RequestItems={self.name: requests}))
            left = answer.get("UnprocessedItems", {}).get(self.name)
            if not left:
                return
            tries = self._pause(0 if len(left) < len(requests) else tries)
            requests = left  # type: ignore[assignment]  # what came back is what was sent

    def transact(self, operations: Sequence[Operation]) -> None:
        """Write all or nothing: at most 100 operations on different items and 4 MB.

        Repeats carry one client token, so that a transaction whose answer was lost is not run twice. Raises
        `RefusedError` with the positions of the conditions that did not hold.
        """
        token = str(uuid.uuid4())
        items = [self._rendered(operation) for operation in operations]
        self._patiently(lambda: self._client.transact_write_items(TransactItems=items, ClientRequestToken=token))

    def _rendered(self, operation: Operation) -> TransactWriteItemTypeDef:
        body: dict[str, object] = {"TableName": self.name}
        body["Item" if operation.kind == "put" else "Key"] = operation.item
        if operation.update:
            body["UpdateExpression"] = operation.update
        if operation.condition:
            body["ConditionExpression"] = operation.condition
        if names := _names(operation.update + operation.condition):
            body["ExpressionAttributeNames"] = names
        if operation.values:
            body["ExpressionAttributeValues"] = operation.values
        kind = {"put": "Put", "delete": "Delete", "check": "ConditionCheck", "update": "Update"}[operation.kind]
        return {kind: body}  # type: ignore[misc]  # a TypedDict cannot be built by a computed name

    def _patiently(self, call: Callable[[], T]) -> T:
        """The call's answer, repeated while DynamoDB says that it is busy."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - botocore comes with oreva[aws]

        tries = 0
        while True:
            if self._closed:
                raise StoreError(f"DynamoDB table {self.name} was closed; open the store again")
            try:
                return call()
            except ClientError as error:
                if refused := _refused(error):
                    raise RefusedError(refused) from error
                if not _passes(error):
                    raise StoreError(self._explanation(error)) from error
            except BotoCoreError as error:
                reason = " ".join(str(error).split())
                raise StoreError(
                    f"DynamoDB table {self.name} cannot be reached ({reason}): "
                    "check the network, the region and the credentials"
                ) from error
            tries = self._pause(tries)

    def _pause(self, tries: int) -> int:
        """Wait before the next try; the number of tries so far. Raises `ThrottledError` when it is enough."""
        if tries + 1 >= _ATTEMPTS:
            raise ThrottledError(
                f"DynamoDB table {self.name} stayed busy over {_ATTEMPTS} tries: "
                "run it again later, or raise the table's throughput limits"
            )
        self._sleep(self._jitter() * min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**tries))
        return tries + 1

    def _explanation(self, error: ClientError) -> str:
        code, message = _code(error), " ".join(error.response.get("Error", {}).get("Message", "").split())
        if code == "ResourceNotFoundException":
            return f"DynamoDB table {self.name} does not exist: check its name and region, or deploy it first"
        if code == "AccessDeniedException":
            return (
                f"DynamoDB table {self.name} may not be used with these credentials ({message}): allow it in the role"
            )
        return f"DynamoDB table {self.name} refused a call ({code}: {message}): see the service's documentation"


def key_only(item: Item) -> Item:
    """The primary key of an item."""
    return {"PK": item["PK"], "SK": item["SK"]}


def key_of(item: Item) -> tuple[str, str]:
    """The primary key of an item as plain text."""
    return item["PK"]["S"], item["SK"]["S"]


def _names(expression: str) -> dict[str, str]:
    return {f"#{name}": name for name in re.findall(r"#(\w+)", expression)}


def _projection(attributes: Sequence[str]) -> str:
    return ", ".join(f"#{name}" for name in ("PK", "SK", *attributes)) if attributes else ""


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _reasons(error: ClientError) -> list[str]:
    """Why each operation of a cancelled transaction did not work; `None` for those that would have."""
    return [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]


def _refused(error: ClientError) -> list[int]:
    if _code(error) == "ConditionalCheckFailedException":
        return [0]
    return [position for position, reason in enumerate(_reasons(error)) if reason == _CONDITION]


def _passes(error: ClientError) -> bool:
    if _code(error) == "TransactionCanceledException":
        reasons = set(_reasons(error)) - {"None"}
        return bool(reasons) and reasons <= _PASSING
    return _code(error) in _PASSING
