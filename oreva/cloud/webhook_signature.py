"""Whether a webhook delivery comes from who knows the secret: HMAC-SHA256 over its raw bytes."""

from __future__ import annotations

import hashlib
import hmac
import re

from oreva.cloud.services import KEEP_S, GitHubCredentials, Services

AGAIN_S = 60.0
"""A signature that does not fit makes the secret be read again, but not more often than that."""

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")


def is_genuine(body: bytes, signature: str, services: Services) -> bool:
    """Whether `signature` (the header `X-Hub-Signature-256`) fits the body under the secret, or under the previous one.

    Nothing else is read of the delivery. Raises `ConfigError` if the secret cannot be read.
    """
    found = _SIGNATURE.fullmatch(signature)
    if not found:
        return False
    return _fits(body, found[1], services.recent_credentials(KEEP_S)) or _fits(
        body, found[1], services.recent_credentials(AGAIN_S)
    )


def _fits(body: bytes, signature: str, credentials: GitHubCredentials) -> bool:
    """In a time that does not tell how much of the signature is right; an empty secret fits nothing."""
    results = [
        hmac.compare_digest(hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(), signature)
        for secret in (credentials.webhook_secret, credentials.webhook_secret_previous)
        if secret
    ]
    return any(results)
