"""Uploads: a place for one archive, for one caller and one repository, for an hour."""

from __future__ import annotations

import datetime as dt
import secrets

from oreva.cloud import layout
from oreva.cloud.api.bodies import NewUpload, Upload
from oreva.cloud.api.problems import ForbiddenError, NotFoundError, NotReadyError
from oreva.cloud.environment import Environment
from oreva.cloud.services import Services
from oreva.errors import UsageError
from oreva.models import Model, Timestamp

LASTS = dt.timedelta(hours=1)
CONTENT_TYPE = "application/octet-stream"
_ID_BYTES = 24


class Ticket(Model):
    """Who may use an upload, kept beside the archive."""

    repository: str
    caller: str
    bytes: int
    expires_at: Timestamp


def check_allowed(settings: Environment, repository: str) -> None:
    """Raises `ForbiddenError` for a repository that this deployment does not scan."""
    if not settings.allows(repository):
        raise ForbiddenError(
            f"repository {repository}: not among those that this deployment scans; ask for it to be allowed "
            "(setting allowed_repositories)"
        )


def create(services: Services, who: str, wanted: NewUpload, now: dt.datetime) -> Upload:
    """A place for one archive. Raises `ForbiddenError` (the repository) or `UsageError` (too large)."""
    check_allowed(services.settings, wanted.repository)
    limit = services.settings.upload_bytes
    if wanted.bytes > limit:
        raise UsageError(
            f"body.bytes: {wanted.bytes:,} are more than the {limit:,} that this deployment takes; leave files out, "
            "or have the setting upload_bytes raised"
        )
    upload_id = secrets.token_urlsafe(_ID_BYTES)
    expires = now + LASTS
    ticket = Ticket(repository=wanted.repository, caller=who, bytes=wanted.bytes, expires_at=expires)
    services.artifacts.put_model(layout.upload_ticket(upload_id), ticket)
    seconds = int(LASTS.total_seconds())
    key = layout.upload(upload_id)
    return Upload(
        upload_id=upload_id,
        url=services.artifacts.address_to_put(key, wanted.bytes, CONTENT_TYPE, seconds),
        headers={"Content-Type": CONTENT_TYPE, "Content-Length": str(wanted.bytes)},
        max_bytes=limit,
        expires_at=expires,
    )


def redeem(services: Services, who: str, upload_id: str, repository: str, now: dt.datetime) -> None:
    """Check that this caller may have this archive scanned as this repository, and that it is there.

    Raises `NotFoundError`, with no word about what is wrong with somebody else's upload, and `NotReadyError`.
    """
    key = layout.upload_ticket(upload_id)
    found = services.artifacts.size(key)
    ticket = None if found is None else services.artifacts.get_model(key, Ticket)
    if ticket is None or ticket.caller != who or ticket.repository != repository or ticket.expires_at <= now:
        raise NotFoundError(
            f"upload {upload_id}: you have none of this id for {repository}, or it has expired; ask for a new one"
        )
    size = services.artifacts.size(layout.upload(upload_id))
    if size is None:
        raise NotReadyError(f"upload {upload_id}: the archive is not there yet; PUT it to the url first")
    if size != ticket.bytes:
        raise NotReadyError(f"upload {upload_id}: {size:,} bytes instead of {ticket.bytes:,}; ask for a new one")
