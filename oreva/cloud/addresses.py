"""Reading and writing single objects of the bucket by signed addresses, which are all that Scan has of it.

An address is good for one object, one method and some hours, and needs no credentials. So it is a credential itself:
no error, log line or text of a model shows one.
"""

from __future__ import annotations

import random
import re
import ssl
import time
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, SSLError

from oreva.cloud.artifacts import MissingArtifactError
from oreva.errors import StoreError, ThrottledError
from oreva.http_logs import hide_queries

LAST_S = 7 * 3600
"""Seconds that addresses are signed for: an hour more than a whole scan may take.

The credentials that sign them may end before, and the addresses with them (docs/limits.md).
"""
ATTEMPTS = 5
_FIRST_WAIT_S = 0.2
_LATER = frozenset({429, 500, 502, 503, 504})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TIMEOUT = urllib3.Timeout(connect=5, read=30)
_CODE = re.compile(rb"<Code>([A-Za-z]{1,60})</Code>")
_EXPIRED = re.compile(rb"<Code>ExpiredToken</Code>|<Message>Request has expired</Message>")

hide_queries()


def read(address: str, name: str, sleep: Callable[[float], None] = time.sleep) -> bytes:
    """The object at an address, called `name` in errors.

    Raises `MissingArtifactError`, `ThrottledError` if S3 asks for less or does not answer, else `StoreError`.
    """
    return _ask("GET", address, name, {}, None, sleep)


def write(address: str, body: bytes, content_type: str, name: str, sleep: Callable[[float], None] = time.sleep) -> None:
    """Write the object at an address that was signed for this content type. Raises as `read`."""
    _ask("PUT", address, name, {"Content-Type": content_type}, body, sleep)


def _ask(
    method: str,
    address: str,
    name: str,
    headers: dict[str, str],
    body: bytes | None,
    sleep: Callable[[float], None],
) -> bytes:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise StoreError(f"{name}: its address is not https; start the scan again")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = _pool().request(
                method,
                address,
                body=body,
                headers={"Accept-Encoding": "identity", **headers},
                redirect=False,
                decode_content=False,
                timeout=_TIMEOUT,
            )
        except HTTPError as error:  # its text has the address in it
            if isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise StoreError(f"{name}: the certificate of S3 is not trusted; see SSL_CERT_FILE") from None
            reason = f"no answer ({type(error).__name__})"
        else:
            if answer.status == 200:
                return answer.data
            if answer.status not in _LATER:
                raise _refusal(answer.status, answer.data, name)
            reason = f"S3 answers with {answer.status}"
        if attempt < ATTEMPTS:
            sleep(random.uniform(0.5, 1) * _FIRST_WAIT_S * 2**attempt)  # noqa: S311
    raise ThrottledError(f"{name}: {reason}; try again later")


def _refusal(status: int, body: bytes, name: str) -> StoreError:
    if status == 404:
        return MissingArtifactError(f"{name}: not there; it may have expired, start the scan again")
    if _EXPIRED.search(body):
        return StoreError(f"{name}: its address has expired; scan again, with a greater map_concurrency if it is large")
    found = _CODE.search(body)
    code = found[1].decode("ascii") if found else "no reason is given"
    return StoreError(f"{name}: S3 answers with {status} ({code}); check the bucket and the role of the function Fetch")


@lru_cache(maxsize=1)
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=2, retries=False, ssl_context=ssl.create_default_context())
