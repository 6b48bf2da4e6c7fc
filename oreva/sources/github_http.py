"""HTTP to the GitHub API: time limits, bounded retries, redirects that leave the credentials at home, plain errors."""

from __future__ import annotations

import contextlib
import json
import random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from oreva._version import __version__
from oreva.errors import ConfigError, SourceError, ThrottledError
from oreva.http_logs import hide_queries
from oreva.sources.display import shown

ATTEMPTS = 4
"""How often one call is tried."""
PATIENCE_S = 20.0
"""No attempt begins later than that many seconds after the first; who is told to wait longer gets `ThrottledError`."""
JSON_LIMIT = 16 * 1024**2
"""Most bytes of an answer that is read into memory."""
_FIRST_WAIT_S = 0.5
_REDIRECTS = 5
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({429, 500, 502, 503, 504})
_TIMEOUT = urllib3.Timeout(connect=5, read=30)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SETTING = "the setting github_api"
_MESSAGE = 200  # characters of what GitHub says that are repeated in an error

hide_queries()  # GitHub puts a token into the address of an archive


@dataclass(frozen=True)
class Call:
    """One request, and how an error names it."""

    method: str
    path: str
    """Below the base URL, quoted, with its query."""
    repository: str
    """`owner/name`, for errors."""
    subject: str
    """What is asked for, for errors: `the archive of abc`."""
    accept: str = "application/vnd.github+json"
    body: Mapping[str, Any] | None = None
    repeatable: bool = True
    """Whether the same call twice does no more than once; else it is repeated only if GitHub has not acted on it."""

    def error(self, reason: str, next_step: str) -> str:
        """An error in one line."""
        return f"GitHub {self.repository}: {shown(self.subject)}: {reason}; {next_step}"


class Refused(SourceError):  # noqa: N818  (a word of its own, as the other errors of a source)
    """GitHub said no, and would again."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Http:
    """Requests below one base URL. Raises `ConfigError` if credentials would travel in the clear to it."""

    def __init__(
        self,
        base_url: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        patience_s: float = PATIENCE_S,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ConfigError(f"GitHub API {base_url!r}: not an https address; correct {_SETTING}")
        if parts.username or parts.query or parts.fragment:
            raise ConfigError(f"GitHub API: the address must not carry credentials or a query; correct {_SETTING}")
        self.base_url = base_url.rstrip("/")
        self._sleep = sleep
        self._now = now
        self._patience_s = patience_s
        self._pool = urllib3.PoolManager(num_pools=4, retries=False, ssl_context=ssl.create_default_context())

    def json(self, call: Call, authorization: str) -> Any:
        """The answer as JSON. Raises as `answer`, and `SourceError` if it is none."""
        with self.answer(call, authorization) as response:
            body = whole(response, call, JSON_LIMIT)
        try:
            return json.loads(body)
        except ValueError:
            reason = "the answer is no JSON"
            raise SourceError(call.error(reason, f"check that {_SETTING} is the address of the API")) from None

    @contextlib.contextmanager
    def answer(self, call: Call, authorization: str) -> Iterator[urllib3.BaseHTTPResponse]:
        """The first answer that is a success, its body unread.

        Raises `Refused` (a `SourceError`) for an answer that would be the same again, and `ThrottledError` where the
        same call may go through later: rate limits, server errors, no connection.
        """
        response = self._answer(call, authorization)
        try:
            yield response
        finally:
            response.close()
            response.release_conn()

    def _answer(self, call: Call, authorization: str) -> urllib3.BaseHTTPResponse:
        waited, started = 0.0, time.monotonic()
        for attempt in range(1, ATTEMPTS + 1):
            wait = random.uniform(0.5, 1) * _FIRST_WAIT_S * 2 ** (attempt - 1)  # noqa: S311
            try:
                response = self._follow(call, authorization)
            except HTTPError as error:  # its text may hold an address with a token: only its kind is told
                if isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
                    step = "name the certificate of its authority in SSL_CERT_FILE"
                    raise SourceError(call.error("the certificate of the host is not trusted", step)) from None
                reason = f"no answer ({type(error).__name__})"
                again = call.repeatable or isinstance(error, (NewConnectionError, ConnectTimeoutError))
            else:
                if response.status < 300:
                    return response
                said = _said(response)
                limited = _is_limit(response, said)
                if not limited and response.status not in _LATER:
                    raise Refused(call.error(*_refusal(response.status, said)), response.status)
                reason = f"{'rate limit' if limited else 'server error'} ({response.status}{said and ': '}{said})"
                again = call.repeatable or limited
                wait = max(wait, _asked_wait(response, self._now()))
            spent = max(waited, time.monotonic() - started)
            if not again or attempt == ATTEMPTS or spent + wait > self._patience_s:
                break
            self._sleep(wait)
            waited += wait
        hint = f"in {wait:.0f} s" if wait > self._patience_s else "later"
        raise ThrottledError(call.error(reason, f"try again {hint}, see githubstatus.com if it stays")) from None

    def _follow(self, call: Call, authorization: str) -> urllib3.BaseHTTPResponse:
        """One answer that is no redirect. Another origin than the API's never sees the credentials or a body."""
        home = _origin(self.base_url)
        url = self.base_url + call.path
        for _ in range(_REDIRECTS + 1):
            at_home = _origin(url) == home
            headers = {
                "Accept": call.accept,
                "Accept-Encoding": "identity",
                "User-Agent": f"oreva/{__version__}",
                "X-GitHub-Api-Version": "2022-11-28",
            }
            if at_home and authorization:
                headers["Authorization"] = authorization
            body = None
            if call.body is not None:
                headers["Content-Type"] = "application/json"
                body = json.dumps(call.body).encode()
            response = self._pool.request(
                call.method,
                url,
                headers=headers,
                body=body,
                redirect=False,
                preload_content=False,
                decode_content=False,
                timeout=_TIMEOUT,
            )
            if response.status not in _REDIRECT:
                return response
            target = urljoin(url, response.headers.get("Location", ""))
            response.drain_conn()
            response.release_conn()
            downgrade = urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https"
            if downgrade or urlsplit(target).scheme not in ("http", "https"):
                raise SourceError(call.error("redirected to an address that is not https", f"check {_SETTING}"))
            if call.method != "GET" and _origin(target) != home:
                raise SourceError(call.error("redirected to another host", f"check {_SETTING}"))
            url = target
        raise SourceError(call.error("redirected in a circle", f"check {_SETTING}"))


def whole(response: urllib3.BaseHTTPResponse, call: Call, limit: int) -> bytes:
    """The body. Raises `SourceError` if it has more than `limit` bytes, `ThrottledError` if it breaks off."""
    body = bytearray()
    for chunk in chunks(response, call):
        body += chunk
        if len(body) > limit:
            raise SourceError(call.error(f"more than {limit:,} bytes", "make it smaller"))
    return bytes(body)


def chunks(response: urllib3.BaseHTTPResponse, call: Call) -> Iterator[bytes]:
    """The body in pieces, as it came. Raises `ThrottledError` if it breaks off."""
    try:
        yield from response.stream(1 << 16, decode_content=False)
    except HTTPError as error:
        raise ThrottledError(call.error(f"the answer broke off ({type(error).__name__})", "try again later")) from None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _said(response: urllib3.BaseHTTPResponse) -> str:
    """What GitHub says of an error, in one short printable line."""
    try:
        body = response.read(JSON_LIMIT, decode_content=False)
        message = json.loads(body).get("message", "")
    except (HTTPError, ValueError, AttributeError):
        return ""
    finally:
        response.release_conn()
    return shown(" ".join(str(message).split()), _MESSAGE).strip(" .")


def _is_limit(response: urllib3.BaseHTTPResponse, said: str) -> bool:
    """Whether this is a primary or secondary rate limit, which GitHub answers with 403 or 429."""
    if response.status == 429:
        return True
    headers = response.headers
    return response.status == 403 and (
        "Retry-After" in headers or headers.get("X-RateLimit-Remaining") == "0" or "rate limit" in said.lower()
    )


def _asked_wait(response: urllib3.BaseHTTPResponse, now: float) -> float:
    """Seconds GitHub asks to wait for; 0 if it does not say."""
    headers = response.headers
    with contextlib.suppress(ValueError):
        if "Retry-After" in headers:
            return float(headers["Retry-After"])
        if headers.get("X-RateLimit-Remaining") == "0":
            return max(0.0, float(headers.get("X-RateLimit-Reset", "0")) - now)
    return 0.0


def _refusal(status: int, said: str) -> tuple[str, str]:
    """Reason and next step for an answer that would be the same again."""
    reason = f"refused with {status}" + (f" ({said})" if said else "")
    steps = {
        401: "the credentials are not valid (any more); put new ones into the secret",
        403: "give the token or the GitHub App the permission (docs/github.md)",
        404: "check the name, and that the token or the GitHub App may read the repository (docs/github.md)",
        409: "check that the repository is not empty",
        451: "ask GitHub why the repository is blocked",
    }
    return reason, steps.get(status, "check what was asked for")
