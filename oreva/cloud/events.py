"""The event bus: what Oreva says of scans and findings, for whoever listens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from oreva.cloud.messages import EVENT_SOURCE
from oreva.errors import StoreError, ThrottledError
from oreva.models import Model
from oreva.store.records import dump

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

_ENTRIES = 10
"""EventBridge takes that many in one call."""
ENTRY_BYTES = 256 * 1024
"""And that many bytes, all entries of the call together."""


class Bus:
    """One EventBridge bus."""

    def __init__(self, name: str, client: EventBridgeClient) -> None:
        self.name = name
        self._client = client

    @classmethod
    def open(cls, name: str) -> Bus:
        """The bus, through a client of the environment's region and endpoint."""
        import boto3  # noqa: PLC0415

        return cls(name, boto3.session.Session().client("events"))

    def publish(self, events: Sequence[tuple[str, Model]]) -> None:
        """Put events, each a detail type and its detail.

        Raises `ThrottledError` if the bus asks for less, and `StoreError` if it refuses an event.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        for entries in self._calls(events):
            try:
                answer = self._client.put_events(Entries=entries)
            except ClientError as error:
                code = error.response.get("Error", {}).get("Code", "unknown")
                kind_of_error = ThrottledError if "Throttl" in code else StoreError
                raise kind_of_error(f"event bus {self.name}: {code}; check its name and the role") from error
            except BotoCoreError as error:
                raise StoreError(
                    f"event bus {self.name}: {type(error).__name__}; check its name and the role"
                ) from error
            if answer["FailedEntryCount"]:
                code = next(entry["ErrorCode"] for entry in answer["Entries"] if "ErrorCode" in entry)
                kind_of_error = ThrottledError if "Throttl" in code else StoreError
                raise kind_of_error(f"event bus {self.name}: {code}; {answer['FailedEntryCount']} events not taken")

    def _calls(self, events: Sequence[tuple[str, Model]]) -> Iterator[list[PutEventsRequestEntryTypeDef]]:
        """The entries of each call: as many as one may have, and no more bytes than all of them may have together."""
        entries: list[PutEventsRequestEntryTypeDef] = []
        size = 0
        for kind, detail in events:
            text = dump(detail)
            length = len(EVENT_SOURCE) + len(kind) + len(text.encode())
            if length > ENTRY_BYTES:
                raise StoreError(f"event bus {self.name}: an event {kind!r} of {length:,} bytes is above its limit")
            if len(entries) == _ENTRIES or size + length > ENTRY_BYTES:
                yield entries
                entries, size = [], 0
            entries.append({"Source": EVENT_SOURCE, "DetailType": kind, "Detail": text, "EventBusName": self.name})
            size += length
        if entries:
            yield entries
