"""A Bedrock Runtime endpoint on the loopback: the wire format of Converse and InvokeModel, without a model behind it.

What it answers is decided by a function from `Request` to `Reply`, `Raw` or `Fault`. The default one judges nothing: it
quotes the flagged line of everything it is asked about, so that all of the way there and back is exercised, and says so
in every rationale.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

MODEL_ID = "oreva.local-double"
"""What verdicts say they are from, so that nobody takes them for a model's."""
RATIONALE = (
    "Local double of Bedrock: no model was asked. It quotes the flagged line and calls everything a true positive, "
    "with little confidence. Set OREVA_BEDROCK_ENDPOINT to ask another endpoint."
)
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
"""HTTP status of the errors of Bedrock Runtime (its API reference)."""
_CHARACTERS_PER_TOKEN = 4
_KEPT = 10_000


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire."""

    model_id: str
    operation: str
    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        """The JSON document."""
        return json.loads(self.raw)

    @property
    def question(self) -> str:
        """The first user turn."""
        return str(self.body["messages"][0]["content"][0]["text"])

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
        """The document that goes over the wire."""
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
    name: str,
    line: int,
    quote: str,
    assessment: str = "true_positive",
    confidence: float = 0.95,
    rationale: str = "Input reaches the call.",
) -> dict[str, Any]:
    """One verdict as a model writes it."""
    return {
        "id": name,
        "assessment": assessment,
        "confidence": confidence,
        "rationale": rationale,
        "evidence": [{"line": line, "quote": quote}],
    }


def verdicts(items: Iterable[dict[str, Any]], **more: Any) -> Reply:
    """An answer that records verdicts."""
    return use_tool({"verdicts": list(items)}, **more)


def quote_flagged_lines(request: Request) -> Answer:
    """The default double: deterministic, and marked as what it is."""
    if request.operation == "invoke":
        return _embedding(request)
    if request.operation != "converse":
        return Fault("ValidationException", f"the local double of Bedrock does not speak {request.operation}")
    said = []
    for name in request.asked:
        line = request.flagged.get(name, 0)
        said.append(verdict(name, line, request.shown.get(line, "").strip(), "true_positive", 0.5, RATIONALE))
    spent = len(request.raw) // _CHARACTERS_PER_TOKEN
    return verdicts(said, input_tokens=spent, output_tokens=60 * len(said), latency_ms=1)


def _embedding(request: Request) -> Answer:
    """A vector in which texts with common words are near each other, in the form of Titan text embeddings."""
    text = str(request.body.get("inputText", ""))
    size = int(request.body.get("dimensions", 1_024))
    vector = [0.0] * size
    for word, count in Counter(re.findall(r"\w+|[^\w\s]", text)).items():
        vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % size] += count
    length = math.sqrt(sum(part * part for part in vector)) or 1.0
    tokens = len(text) // _CHARACTERS_PER_TOKEN
    return Raw(json.dumps({"embedding": [part / length for part in vector], "inputTextTokenCount": tokens}).encode())


@dataclass
class ConverseServer:
    """The endpoint; set `model` to what it is to answer. Use it as a context manager."""

    model: Model = quote_flagged_lines
    requests: list[Request] = field(default_factory=list)
    """What was asked, the newest last."""

    def __enter__(self) -> ConverseServer:
        """Listen on a free port of the loopback."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.endpoint = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Value of `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`."""
        return f"http://127.0.0.1:{self._server.server_port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    endpoint: ConverseServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        parts = self.path.split("/")
        if len(parts) != 4 or parts[1] != "model":
            self._send(Fault("ValidationException", f"no such operation: {self.path}"))
            return
        headers = {key.lower(): value for key, value in self.headers.items()}
        request = Request(unquote(parts[2]), parts[3], raw, headers)
        self.server.endpoint.requests.append(request)
        del self.server.endpoint.requests[:-_KEPT]
        self._send(self.server.endpoint.model(request))

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

    def log_message(self, *_: object) -> None:
        """Say nothing."""
