"""GitHub webhooks: a signed delivery of a push or a pull request starts one scan, however often it is delivered."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from ulid import ULID

from oreva.cloud.messages import ScanRequest
from oreva.cloud.requests import make_request, start
from oreva.cloud.services import Services
from oreva.cloud.webhook_payload import Ignored, PayloadError, Wanted, read
from oreva.cloud.webhook_signature import is_genuine
from oreva.errors import OrevaError

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
    from aws_lambda_powertools.utilities.typing import LambdaContext

_log = logging.getLogger(__name__)

BODY_LIMIT = 6 * 1024**2
"""Bytes of a payload; API Gateway hands on no more to a function."""
REMEMBERED_S = 4 * 24 * 3600
"""How long what was delivered is known; GitHub lets a person deliver it again for three days."""
_DELIVERY = re.compile(r"[A-Za-z0-9-]{1,100}")
_EVENT = re.compile(r"[a-z0-9_]{1,100}")
_NEWEST_NS = 999_999_999


@dataclass(frozen=True)
class Delivery:
    """One request to the webhook, as it came."""

    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Exactly as it was sent."""


@dataclass(frozen=True)
class Answer:
    """What the sender is told."""

    status: int
    body: Mapping[str, str]


class Clock(Protocol):
    """The context of a Lambda invocation, as far as it is used."""

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still take."""


class _TenSeconds:
    """What the function has in AWS."""

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


_TEN_SECONDS = _TenSeconds()


def receive(delivery: Delivery, services: Services, clock: Clock = _TEN_SECONDS) -> Answer:
    """Take one delivery. Nothing is parsed, logged or done before its signature is found to be right.

    401 for anything unsigned; 202 for a scan that is started, or an event from which none follows; 4xx where sending it
    again would not help, 503 where it would. `clock` limits how long a crashed attempt blocks the next one.
    """
    try:
        genuine = is_genuine(delivery.body, delivery.headers.get("x-hub-signature-256", ""), services)
    except OrevaError as error:
        _log.error("webhook: %s", error)
        return _refused(503, "the deliveries cannot be verified at present")
    if not genuine:
        return _refused(401, "the signature is missing or wrong")
    if len(delivery.body) > BODY_LIMIT:
        return _refused(413, f"more than {BODY_LIMIT:,} bytes")
    return _act(delivery, services, clock)


def _act(delivery: Delivery, services: Services, clock: Clock) -> Answer:
    """Do what a genuine delivery asks for."""
    headers = delivery.headers
    event, name = headers.get("x-github-event", ""), headers.get("x-github-delivery", "")
    if not _EVENT.fullmatch(event) or not _DELIVERY.fullmatch(name):
        return _refused(400, "X-GitHub-Event or X-GitHub-Delivery is missing")
    if event == "ping":
        return Answer(200, {"state": "ready"})
    try:
        wanted = read(event, headers.get("content-type", ""), delivery.body, services.settings.allows)
    except PayloadError as error:
        _log.warning("webhook delivery %s: %s: %s", name, event, error)
        return _refused(400, str(error))
    if isinstance(wanted, Ignored):
        _log.info("webhook delivery %s: %s: ignored, %s", name, event, wanted.reason)
        return Answer(202, {"state": "ignored", "reason": wanted.reason})
    return _start_once(name, _signed(event, delivery.body), wanted, services, clock)


def _signed(event: str, body: bytes) -> str:
    """What a delivery is known by: what is signed of it.

    Its name (`X-GitHub-Delivery`) is not, so whoever has seen a delivery could send it again under others. Two payloads
    of GitHub are never the same: they carry ids and moments.
    """
    return f"{event} {hashlib.sha256(body).hexdigest()}"


def _start_once(name: str, signed: str, wanted: Wanted, services: Services, clock: Clock) -> Answer:
    """Start the scan, or repeat the answer that the same payload got before, whatever name it comes under."""
    from aws_lambda_powertools.utilities import idempotency  # noqa: PLC0415  (only what asks for a scan needs it)
    from aws_lambda_powertools.utilities.idempotency import exceptions  # noqa: PLC0415

    def begin(*, payload: str) -> dict[str, str]:
        request = _request(payload, wanted)
        start(request, services)
        source = wanted.source
        _log.info("webhook delivery %s: scan %s of %s at %s", name, request.scan_id, source.repository, source.commit)
        return {"state": "accepted", "scan_id": request.scan_id}

    once = idempotency.idempotent_function(
        begin,
        data_keyword_argument="payload",
        persistence_store=_deliveries(services.settings.need("table").table or ""),
        config=idempotency.IdempotencyConfig(
            expires_after_seconds=REMEMBERED_S,
            hash_function="sha256",
            lambda_context=cast("LambdaContext", clock),
        ),
        key_prefix="delivery",
    )
    try:
        body: dict[str, Any] = once(payload=signed)
    except exceptions.IdempotencyAlreadyInProgressError:
        return _refused(409, "this delivery is being taken at this moment")
    except (OrevaError, exceptions.IdempotencyPersistenceLayerError) as error:
        reason = error if isinstance(error, OrevaError) else f"the table does not answer ({type(error).__name__})"
        _log.error("webhook delivery %s: no scan is started: %s", name, reason)
        return _refused(503, "no scan is started at present; deliver it again later")
    return Answer(202, {key: str(value) for key, value in body.items()})


def _request(signed: str, wanted: Wanted) -> ScanRequest:
    """The request of a delivery.

    Its scan id follows from what was signed, so that an attempt that broke off half way is taken up by the next one
    instead of leaving a second scan behind.
    """
    now_ns = time.time_ns()
    request = make_request(
        wanted.source,
        trigger=wanted.trigger,
        requested_by=wanted.requested_by,
        sequence=sequence(wanted.at, now_ns),
    )
    digest = hashlib.sha256(f"{wanted.source.key}\0{signed}".encode()).digest()
    scan_id = ULID.from_bytes(int(wanted.at.timestamp() * 1000).to_bytes(6) + digest[:10])
    return request.model_copy(update={"scan_id": str(scan_id)})


def sequence(at: dt.datetime, received_ns: int) -> int:
    """The push order: nanoseconds since 1970 of GitHub's signed moment, and of its receipt within that second.

    The moment is to the second and does not change when a delivery is late or sent again, so an old push can never pass
    for a new one; within one second, what came first counts as first.
    """
    second = int(at.timestamp()) * 1_000_000_000
    return second + min(max(received_ns - second, 0), _NEWEST_NS)


@lru_cache(maxsize=4)
def _deliveries(table: str) -> DynamoDBPersistenceLayer:
    """Where deliveries are remembered: in the table of the findings, apart from everything else."""
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer  # noqa: PLC0415

    return DynamoDBPersistenceLayer(
        table_name=table,
        key_attr="PK",
        sort_key_attr="SK",
        static_pk_value="IDEMPOTENCY#webhook",
        expiry_attr="expires",
    )


def _refused(status: int, reason: str) -> Answer:
    return Answer(status, {"error": reason})
