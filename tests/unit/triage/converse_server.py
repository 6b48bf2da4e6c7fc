"""A Bedrock Runtime endpoint on the loopback: speaks the wire format of Converse and InvokeModel to a real client.

What it answers is decided by a function from request to `Reply` or `Fault`. It checks nothing but the form of requests.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

STATUS = {
    "ValidationException": 400,
    "AccessDeniedException": 403,
    "UnrecognizedClientException": 403,
    "ExpiredTokenException": 403,
    "ResourceNotFoundException": 404,
    "ModelTimeoutException": 408,
    "ModelErrorException": 424,
    "ThrottlingException": 429,
    "ModelNotReadyException": 429,
    "InternalServerException": 500,
    "ServiceUnavailableException": 503,
}


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire."""

    model_id: str
    operation: str
    raw: bytes
    headers: dict[str, str]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def question(self) -> str:
        """The first user turn."""
        return self.body["messages"][0]["content"][0]["text"]

    @property
    def asked(self) -> list[str]:
        """The ids that are asked about: all in the first turn, some in a repair turn."""
        if len(self.body["messages"]) > 1:
            said = json.dumps(self.body["messages"][-1])
            return re.findall(r"F\d+", said.rpartition("verdict for each of")[2])
        return re.findall(r"^(F\d+): lines? \d+", self.question, re.MULTILINE)

    @property
    def flagged(self) -> dict[str, int]:
        """The first flagged line of each id."""
        return {name: int(line) for name, line in re.findall(r"^(F\d+): lines? (\d+)", self.question, re.MULTILINE)}

    @property
    def shown(self) -> dict[int, str]:
        """The lines under review."""
        return {int(n): text for n, text in re.findall(r"^ {0,5}(\d+)[> ] (.*)$", self.question, re.MULTILINE)}


@dataclass(frozen=True)
class Reply:
    """A 200 answer of Converse."""

    content: list[dict[str, Any]]
    stop_reason: str = "tool_use"
    input_tokens: int = 1_000
    output_tokens: int = 100
    latency_ms: int = 700

    def as_json(self) -> dict[str, Any]:
        total = self.input_tokens + self.output_tokens
        return {
            "metrics": {"latencyMs": self.latency_ms},
            "output": {"message": {"role": "assistant", "content": self.content}},
            "stopReason": self.stop_reason,
            "usage": {"inputTokens": self.input_tokens, "outputTokens": self.output_tokens, "totalTokens": total},
        }


@dataclass(frozen=True)
class Raw:
    """Any other 200 answer, such as that of InvokeModel."""

    body: bytes


@dataclass(frozen=True)
class Fault:
    """An error answer; `Fault("drop")` closes the connection without one."""

    kind: str
    message: str = "no"


Answer = Reply | Raw | Fault
Model = Callable[[Request], Answer]


def use_tool(tool_input: Any, name: str = "record_verdicts", **more: Any) -> Reply:
    """An answer that calls a tool."""
    block = {"toolUse": {"toolUseId": "tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", "name": name, "input": tool_input}}
    return Reply([{"text": "I have looked at it."}, block], **more)


def verdict(
    name: str, line: int, quote: str, assessment: str = "true_positive", confidence: float = 0.95
) -> dict[str, Any]:
    """One verdict as a model writes it."""
    return {
        "id": name,
        "assessment": assessment,
        "confidence": confidence,
        "rationale": "Input reaches the call.",
        "evidence": [{"line": line, "quote": quote}],
    }


def verdicts(items: Iterable[dict[str, Any]], **more: Any) -> Reply:
    return use_tool({"verdicts": list(items)}, **more)


def judge_all(request: Request, assessment: str = "true_positive", confidence: float = 0.95) -> Reply:
    """A model that quotes the flagged line of everything it is asked about."""
    return verdicts(
        verdict(name, request.flagged[name], request.shown[request.flagged[name]].strip(), assessment, confidence)
        for name in request.asked
    )


@dataclass
class ConverseServer:
    """The endpoint; set `model` to what it is to answer. Use it as a context manager."""

    model: Model = judge_all
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> ConverseServer:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                _, _, model_id, operation = self.path.split("/")
                headers = {key.lower(): value for key, value in self.headers.items()}
                request = Request(unquote(model_id), operation, raw, headers)
                outer.requests.append(request)
                self._send(outer.model(request))

            def _send(self, answer: Answer) -> None:
                if isinstance(answer, Fault) and answer.kind == "drop":
                    self.close_connection = True
                    return
                if isinstance(answer, Fault):
                    body = json.dumps({"message": answer.message}).encode()
                    self.send_response(STATUS[answer.kind])
                    self.send_header("x-amzn-ErrorType", f"{answer.kind}:http://internal.amazon.com/coral/bedrock/")
                else:
                    body = answer.body if isinstance(answer, Raw) else json.dumps(answer.as_json()).encode()
                    self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("x-amzn-RequestId", "4a6f2c3e-0b7d-4c1e-9a55-2f1f6f0f3c11")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"
