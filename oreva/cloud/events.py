"""The event bus: what Oreva says of scans and findings, for whoever listens."""

from __future__ import annotations

from collections.abc import Sequence
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

        for start in range(0, len(events), _ENTRIES):
            entries: list[PutEventsRequestEntryTypeDef] = [
                {"Source": EVENT_SOURCE, "DetailType": kind, "Detail": dump(detail), "EventBusName": self.name}
                for kind, detail in events[start : start + _ENTRIES]
            ]
            try:
                answer = self._client.put_events(Entries=entries)
            except (ClientError, BotoCoreError) as error:
                raise StoreError(
                    f"event bus {self.name}: {type(error).__name__}; check its name and the role"
                ) from error
            if answer["FailedEntryCount"]:
                code = next(entry["ErrorCode"] for entry in answer["Entries"] if "ErrorCode" in entry)
                kind_of_error = ThrottledError if "Throttl" in code else StoreError
                raise kind_of_error(f"event bus {self.name}: {code}; {answer['FailedEntryCount']} events not taken")
