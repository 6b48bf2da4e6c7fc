"""The HTTP API on a local port: real requests become events of payload format 2.0, as API Gateway makes them.

Signatures are verified (AWS Signature Version 4) and tokens looked up here, so that the function behind sees a caller
only if the request proves one.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGION = "eu-central-1"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/execute-api/aws4_request, "
    r"SignedHeaders=(?P<signed>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Context:
    """What a Lambda function is told about its call."""

    function_name: str = "oreva-api"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = f"arn:aws:lambda:{REGION}:123456789012:function:oreva-api"
    aws_request_id: str = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


class ApiGateway:
    """Runs while the `with` block does. `users` are access key to (secret, user name); `tokens` token to claims."""

    def __init__(
        self,
        handler: Callable[[dict[str, Any], Any], dict[str, Any]],
        users: dict[str, tuple[str, str]],
        tokens: dict[str, dict[str, str]] | None = None,
    ) -> None:
        self.handler = handler
        self.users = users
        self.tokens = tokens or {}
        self.lock = threading.Lock()  # a function instance has one call at a time
        self.requests: list[str] = []

    def __enter__(self) -> ApiGateway:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                gateway._serve(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_TRACE = _any  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, http: BaseHTTPRequestHandler) -> None:
        body = http.rfile.read(int(http.headers.get("Content-Length") or 0))
        self.requests.append(f"{http.command} {http.path}")
        authorizer = self._authorizer(http, body)
        if authorizer is None:
            answer: dict[str, Any] = {
                "statusCode": 403,
                "headers": {"Content-Type": "application/json"},
                "body": '{"message":"Forbidden"}',
            }
        else:
            with self.lock:
                answer = self.handler(
                    event_of(http.command, http.path, dict(http.headers), body, authorizer), Context()
                )
        data = answer.get("body") or ""
        content = base64.b64decode(data) if answer.get("isBase64Encoded") else data.encode()
        http.send_response(answer["statusCode"])
        for name, value in answer.get("headers", {}).items():
            http.send_header(name, value)
        http.send_header("Content-Length", str(len(content)))
        http.end_headers()
        if http.command != "HEAD":
            http.wfile.write(content)

    def _authorizer(self, http: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any] | None:
        header = http.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            claims = self.tokens.get(header.removeprefix("Bearer "))
            return None if claims is None else {"jwt": {"claims": claims, "scopes": None}}
        found = _AUTHORIZATION.fullmatch(header)
        if found is None or found["key"] not in self.users:
            return None
        secret, user = self.users[found["key"]]
        request = AWSRequest(http.command, f"http://{http.headers['Host']}{http.path}", data=body)
        for name in found["signed"].split(";"):
            request.headers[name] = http.headers.get(name, "")
        request.context["timestamp"] = http.headers.get("X-Amz-Date", "")
        auth = SigV4Auth(Credentials(found["key"], secret), "execute-api", found["region"])
        expected = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        if not hmac.compare_digest(expected, found["signature"]):
            return None
        return {"iam": {"accessKey": found["key"], "userArn": f"arn:aws:iam::123456789012:user/{user}"}}


def event_of(
    method: str, target: str, headers: dict[str, str], body: bytes, authorizer: dict[str, Any]
) -> dict[str, Any]:
    """The event that API Gateway makes of a request."""
    parts = urlsplit(target)
    query: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    path = unquote(parts.path)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /v1/{proxy+}",
        "rawPath": path,
        "rawQueryString": parts.query,
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "authorizer": authorizer,
            "domainName": "api.execute-api.eu-central-1.amazonaws.com",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""},
            "requestId": uuid.uuid4().hex,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime()),
            "timeEpoch": int(time.time() * 1000),
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = query
    if body:
        try:
            event["body"] = body.decode()
        except UnicodeDecodeError:
            event["body"] = base64.b64encode(body).decode()
            event["isBase64Encoded"] = True
    return event


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """The JSON body of an answer."""
    document: dict[str, Any] = json.loads(answer["body"])
    return document
