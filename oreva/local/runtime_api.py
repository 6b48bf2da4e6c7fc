"""The Lambda Runtime API of one execution environment, on a port of the loopback."""

from __future__ import annotations

import json
import queue
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from oreva.local.function import Outcome

PREFIX = "/2018-06-01/runtime/"
MAX_PAYLOAD = 6 * 1024**2 + 100
"""Most bytes of an answer; Lambda allows a little more than 6 MB."""


@dataclass(frozen=True)
class Invocation:
    """One event on its way to the runtime."""

    request_id: str
    payload: bytes
    arn: str
    deadline_ms: int
    trace: str = ""


class RuntimeApi:
    """What the runtime of one process polls; hands out one invocation at a time."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        """Set once the runtime has asked for its first event, or has said that it cannot: its start is over."""
        self.outcomes: queue.Queue[tuple[str, Outcome]] = queue.Queue()
        """Request id and outcome; the id is empty for a process that could not start."""
        self._invocations: queue.Queue[Invocation | None] = queue.Queue()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="runtime-api", daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """Value of `AWS_LAMBDA_RUNTIME_API`."""
        return f"127.0.0.1:{self._server.server_port}"

    def offer(self, invocation: Invocation) -> None:
        """Hand an invocation to the runtime, which takes it with its next poll."""
        self._invocations.put(invocation)

    def close(self) -> None:
        """Stop listening. A runtime that polls gets no answer and ends."""
        self._invocations.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next(self) -> Invocation | None:
        """The next invocation for the runtime, or None once this is closed."""
        self.ready.set()
        return self._invocations.get()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    api: RuntimeApi


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        if urlsplit(self.path).path != f"{PREFIX}invocation/next":
            self._answer(404, {"errorType": "InvalidPath", "errorMessage": self.path})
            return
        invocation = self.server.api.next()
        if invocation is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Lambda-Runtime-Aws-Request-Id", invocation.request_id)
        self.send_header("Lambda-Runtime-Deadline-Ms", str(invocation.deadline_ms))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", invocation.arn)
        if invocation.trace:
            self.send_header("Lambda-Runtime-Trace-Id", invocation.trace)
        self.send_header("Content-Length", str(len(invocation.payload)))
        self.end_headers()
        self.wfile.write(invocation.payload)

    def do_POST(self) -> None:
        body = self._body()
        path = urlsplit(self.path).path.removeprefix(PREFIX)
        if path == "init/error":
            self.server.api.outcomes.put(("", Outcome(body, failed=True)))
            self.server.api.ready.set()
            self._answer(202, {"status": "OK"})
            return
        parts = path.split("/")
        if len(parts) != 3 or parts[0] != "invocation" or parts[2] not in {"response", "error"}:
            self._answer(404, {"errorType": "InvalidPath", "errorMessage": self.path})
            return
        outcome = Outcome(body, failed=parts[2] == "error")
        if len(body) > MAX_PAYLOAD:
            said = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes)."
            text = json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": said})
            outcome = Outcome(text.encode(), failed=True)
        self.server.api.outcomes.put((parts[1], outcome))
        self._answer(202, {"status": "OK"})

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = bytearray()
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return bytes(body)

    def _answer(self, status: int, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing: the function's own log is what people read."""


def now_ms() -> int:
    """Milliseconds since the epoch, as deadlines are told."""
    return int(time.time() * 1000)
