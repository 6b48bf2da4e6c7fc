"""The Lambda runtime, with every AWS call of the function written down: `python -m oreva.local.recording HANDLER`.

One JSON object a line goes to the file named by `OREVA_LOCAL_CALLS_FILE`: function, service, operation, and of the
parameters the names of things alone (buckets, keys, tables, table keys, secrets, models), never a body. An address that
is signed for somebody else to call is written down as the call that it stands for, with `SIGNED`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

CALLS_FILE = "OREVA_LOCAL_CALLS_FILE"
SIGNED = "SignedAddress"
_NAMES = (
    *("Bucket", "Key", "Prefix", "CopySource", "TableName", "IndexName", "SecretId", "EventBusName", "modelId"),
    *("KeyId", "QueueUrl", "FunctionName", "stateMachineArn", "executionArn", "Name"),
)
_TABLE_KEYS = ("PK", "SK")
_MOST_KEYS = 100


def main(arguments: list[str]) -> None:
    """Run the runtime for one handler; `arguments` as for `python -m awslambdaric`."""
    from awslambdaric.__main__ import main as run  # type: ignore[import-untyped]  # noqa: PLC0415

    record_calls(os.environ[CALLS_FILE], os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""))
    run(arguments)


def record_calls(calls_file: str, function: str) -> None:
    """From now on write every call of every botocore client of this process to `calls_file`."""
    import botocore.session  # noqa: PLC0415

    original = botocore.session.Session.__init__

    def start(self: botocore.session.Session, *positional: Any, **named: Any) -> None:
        original(self, *positional, **named)
        self.register("before-parameter-build", write)

    def write(params: Any = None, model: Any = None, context: Any = None, **_: Any) -> None:
        signed = {SIGNED: True} if (context or {}).get("is_presign_request") else {}
        call = {
            "function": function,
            "service": model.service_model.service_name,
            "operation": model.name,
            "parameters": names_in(params) | signed,
        }
        with open(calls_file, "a", encoding="utf-8") as calls:  # noqa: PTH123  (one append per call)
            calls.write(json.dumps(call, sort_keys=True) + "\n")

    botocore.session.Session.__init__ = start  # type: ignore[method-assign]


def names_in(params: Mapping[str, Any]) -> dict[str, Any]:
    """What of the parameters of a call names a resource, by the parameter's own name.

    Calls on several things name them all: `TableName` of a batch or a transaction is a list, as are `Keys` (partition
    and sort keys of table items, DynamoDB's or plain form) and `EventBusName`.
    """
    found: dict[str, Any] = {name: params[name] for name in _NAMES if isinstance(params.get(name), str)}
    tables: list[str] = []
    keys: list[dict[str, str]] = []
    for item in ("Key", "Item"):
        if isinstance(params.get(item), Mapping):
            keys += _table_key(params[item])
    for table, requests in _mapping(params.get("RequestItems")):
        tables.append(table)
        items = requests.get("Keys", []) if isinstance(requests, Mapping) else _written(requests)
        keys += [key for item in items for key in _table_key(item)]
    for operation in params.get("TransactItems") or []:
        for _, body in _mapping(operation):
            tables.append(body.get("TableName", ""))
            keys += _table_key(body.get("Key") or body.get("Item") or {})
    entries = params.get("Entries") or []
    buses = {entry.get("EventBusName", "default") for entry in entries}
    sources = {entry.get("Source", "") for entry in entries}
    if tables:
        found["TableName"] = sorted(set(tables))
    if keys:
        found["Keys"] = keys[:_MOST_KEYS]
    if entries:
        found |= {"EventBusName": sorted(buses), "Source": ",".join(sorted(sources))}
    return found


def _mapping(value: object) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def _written(requests: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The items and keys of the write requests of one table."""
    return [body.get("Item") or body.get("Key") or {} for request in requests for body in request.values()]


def _table_key(item: Mapping[str, Any]) -> list[dict[str, str]]:
    key = {}
    for name in _TABLE_KEYS:
        value = item.get(name)
        if isinstance(value, Mapping):
            value = value.get("S")
        if isinstance(value, str):
            key[name] = value
    return [key] if key else []


if __name__ == "__main__":
    main(sys.argv)
