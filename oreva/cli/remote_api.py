"""Oreva's HTTP API, as `oreva scan --remote` uses it: signed requests, errors in one line, uploads and downloads."""

from __future__ import annotations

import ipaddress
import json
import os
import re
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from oreva.errors import OrevaError, UsageError
from oreva.sources.display import shown

if TYPE_CHECKING:
    import urllib3
    from botocore.session import Session

TOKEN_VARIABLE = "OREVA_TOKEN"  # noqa: S105  (the name of a variable)
_AWS_HOST = re.compile(r"\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$")
_CONNECT_S = 10.0
_READ_S = 60.0
_UPLOAD_S = 300.0
_TRIES = 4
_PASSING = (429, 500, 502, 503, 504)
_LONGEST_WAIT_S = 20
_NEEDED = "scan --remote needs boto3: pip install 'oreva[aws]'"


class RemoteError(OrevaError):
    """The API, or what lies behind it, says no, or says nothing."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status of the answer; None if there was none."""


class RemoteApi:
    """The API at one address. Every method may raise `RemoteError`, which names what was asked."""

    def __init__(self, url: str, environment: Mapping[str, str] = os.environ) -> None:
        """Look for credentials: a token in `OREVA_TOKEN`, else those of AWS. Raises `UsageError` if there are none."""
        self.url = checked_url(url, "--remote").rstrip("/").removesuffix("/v1")
        token = environment.get(TOKEN_VARIABLE, "").strip()
        if token:
            self._sign = _bearer(token)
        else:
            self._sign = _signed(self.url)
        self._pools = _Pools()

    def get(self, path: str) -> dict[str, Any]:
        """The JSON object at a path; tried again where that may help."""
        return self._call("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a JSON object; not repeated, since it may begin something."""
        return self._call("POST", path, json.dumps(body).encode())

    def _call(self, method: str, path: str, body: bytes | None) -> dict[str, Any]:
        import urllib3  # noqa: PLC0415  (only when it is used)

        url = self.url + path
        headers = self._sign(method, url, body or b"")
        retries = urllib3.Retry(
            total=_TRIES if method == "GET" else 0,
            redirect=0,
            status_forcelist=_PASSING,
            raise_on_status=False,
            backoff_factor=0.5,
            retry_after_max=_LONGEST_WAIT_S,
        )
        what = f"{method} {url}"
        timeout = urllib3.Timeout(_CONNECT_S, read=_READ_S)
        answer = self._pools.request(what, method, url, body=body, headers=headers, retries=retries, timeout=timeout)
        if answer.status >= 300:
            raise RemoteError(_refusal(what, answer), answer.status)
        document = _json(answer.data)
        if document is None:
            raise RemoteError(f"{what}: the answer is no JSON object; check that --remote is the address of the API")
        return document

    def put(self, url: str, headers: Mapping[str, str], file: IO[bytes], size: int) -> None:
        """Upload a file to an address that the API has given."""
        import urllib3  # noqa: PLC0415

        checked_url(url, "the address for the upload")
        retries = urllib3.Retry(
            total=_TRIES, redirect=0, status_forcelist=_PASSING, raise_on_status=False, backoff_factor=0.5
        )
        sent = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        sent["Content-Length"] = str(size)
        what = f"upload to {urlsplit(url).netloc}"
        timeout = urllib3.Timeout(_CONNECT_S, read=_UPLOAD_S)
        answer = self._pools.request(what, "PUT", url, body=file, headers=sent, retries=retries, timeout=timeout)
        if answer.status != 200:
            raise RemoteError(f"{what}: refused ({_s3_reason(answer)}); run the scan again")

    def download(self, url: str) -> bytes:
        """What an address that the API has given answers."""
        import urllib3  # noqa: PLC0415

        checked_url(url, "the address of the report")
        what = f"download from {urlsplit(url).netloc}"
        retries = urllib3.Retry(
            total=_TRIES, redirect=0, status_forcelist=_PASSING, raise_on_status=False, backoff_factor=0.5
        )
        timeout = urllib3.Timeout(_CONNECT_S, read=_UPLOAD_S)
        answer = self._pools.request(what, "GET", url, body=None, headers={}, retries=retries, timeout=timeout)
        if answer.status != 200:
            raise RemoteError(f"{what}: refused ({_s3_reason(answer)}); run the scan again")
        return answer.data


class _Pools:
    """Connections, through the proxy of the environment if there is one."""

    def __init__(self) -> None:
        self._known: dict[str | None, urllib3.PoolManager] = {}

    def request(
        self,
        what: str,
        method: str,
        url: str,
        *,
        body: bytes | IO[bytes] | None,
        headers: Mapping[str, str],
        retries: urllib3.Retry,
        timeout: urllib3.Timeout,
    ) -> urllib3.BaseHTTPResponse:
        """One request. Raises `RemoteError` if there is no answer."""
        import urllib3  # noqa: PLC0415

        parts = urlsplit(url)
        proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
        if proxy not in self._known:
            self._known[proxy] = urllib3.PoolManager() if proxy is None else urllib3.ProxyManager(proxy)
        try:
            return self._known[proxy].request(
                method, url, body=body, headers=headers, retries=retries, timeout=timeout, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            cause = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) else error
            reason = re.sub(r"^.*?object at 0x[0-9a-f]+>: ", "", " ".join(str(cause or error).split()))
            raise RemoteError(f"{what}: no answer ({shown(reason)}); check the address and the network") from error


def checked_url(url: str, name: str) -> str:
    """The address itself, if what is sent there is encrypted or stays on this machine. Raises `UsageError`."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"{name} {shown(url)}: not an address; write it as https://host") from None
    if not host or parts.scheme not in ("https", "http") or parts.username is not None:
        raise UsageError(f"{name} {shown(url)}: not an address that can be used; write it as https://host")
    if parts.scheme == "http" and not _is_loopback(host):
        raise UsageError(f"{name} {shown(url)}: would send code and credentials unencrypted; use https")
    if name == "--remote" and (parts.query or parts.fragment):
        raise UsageError(f"{name} {shown(url)}: has a query; give the address of the API alone")
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_Sign = Callable[[str, str, bytes], dict[str, str]]
_CONTENT = {"Accept": "application/json", "Content-Type": "application/json"}


def _bearer(token: str) -> _Sign:
    if not token.isprintable() or not token.isascii():
        raise UsageError(f"{TOKEN_VARIABLE}: no token; set it to the one that your identity provider has issued")
    return lambda _method, _url, _body: {**_CONTENT, "Authorization": f"Bearer {token}"}


def _signed(base: str) -> _Sign:
    """AWS Signature Version 4 with the credentials of the environment, fresh for each request."""
    try:
        from botocore.auth import SigV4Auth  # noqa: PLC0415
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
        from botocore.session import get_session  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(_NEEDED) from error
    session = get_session()
    try:
        region = _region(base, session)
        credentials = session.get_credentials()
    except BotoCoreError as error:
        raise UsageError(f"AWS credentials: {' '.join(str(error).split())}; check AWS_PROFILE") from error
    if credentials is None:
        raise UsageError(
            f"AWS credentials: there are none; set AWS_PROFILE or log in, or set {TOKEN_VARIABLE} for an API with JWT"
        )

    def sign(method: str, url: str, body: bytes) -> dict[str, str]:
        request = AWSRequest(method, url, data=body, headers=dict(_CONTENT))
        try:
            SigV4Auth(credentials.get_frozen_credentials(), "execute-api", region).add_auth(request)
        except BotoCoreError as error:
            raise RemoteError(f"AWS credentials: {' '.join(str(error).split())}; log in again") from error
        return dict(request.headers.items())

    return sign


def _region(base: str, session: Session) -> str:
    """The region that a request is signed for: in the address, else that of the environment."""
    found = _AWS_HOST.search(urlsplit(base).hostname or "")
    region = found[1] if found else os.environ.get("AWS_REGION") or session.get_config_variable("region")
    if not region:
        raise UsageError("AWS_REGION: not set, and the address names no region; set it to that of the deployment")
    return str(region)


def _refusal(what: str, answer: urllib3.BaseHTTPResponse) -> str:
    """An error of the API in one line, or of the gateway before it."""
    document = _json(answer.data) or {}
    detail = document.get("detail")
    if isinstance(detail, str):
        return f"{what}: {shown(detail, 600)}"
    said = document.get("message")
    reason = f"HTTP {answer.status}" + (f", {shown(said)}" if isinstance(said, str) else "")
    if answer.status in (401, 403):
        step = f"check AWS_PROFILE and that it may execute-api:Invoke, or {TOKEN_VARIABLE}"
    elif answer.status == 404:
        step = "check that --remote is the address of the API"
    else:
        step = "try again later"
    return f"{what}: refused ({reason}); {step}"


def _s3_reason(answer: urllib3.BaseHTTPResponse) -> str:
    code = re.search(rb"<Code>(\w{1,60})</Code>", answer.data[:10_000])
    return f"HTTP {answer.status}" + (f", {code[1].decode()}" if code else "")


def _json(data: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
