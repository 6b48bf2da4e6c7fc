"""Objects by signed addresses: what is sent, what is tried again, and that nobody gets to see an address."""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from oreva.cloud import addresses, layout, shards
from oreva.cloud.artifacts import Artifacts, MissingArtifactError
from oreva.cloud.messages import ShardMessage
from oreva.cloud.objects import LINES_TYPE
from oreva.cloud.shards import Waiting
from oreva.errors import StoreError, ThrottledError
from oreva.sources.base import SourceFile
from tests.unit.cloud.bucket import account

SCAN = "01K00000000000000000000000"
QUERY = "X-Amz-Security-Token=hunter2&X-Amz-Signature=5ec2e7"
TOKEN = "IQoJb3JpZ2luX2VjE/+=" * 75
"""As long as that of a Lambda function may be, with characters that a query has to escape."""


def refusal(code: str, message: str) -> bytes:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()


class Server(ThreadingHTTPServer):
    """Answers with what is in `answers`, the last one again and again; None hangs up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, bytes] | None] = [(200, b"")]
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/bucket/key?{QUERY}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        if answer is None:
            self.close_connection = True
            return
        status, content = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_PUT = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def s3() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def waits() -> list[float]:
    return []


def test_an_object_is_read_as_it_is(s3: Server, waits: list[float]) -> None:
    s3.answers = [(200, b"\x1f\x8bpacked")]
    assert addresses.read(s3.address, "shard 0", waits.append) == b"\x1f\x8bpacked"
    ((method, path, headers, body),) = s3.asked
    assert (method, path, body) == ("GET", f"/bucket/key?{QUERY}", b"")
    assert "authorization" not in headers
    assert waits == []


def test_an_object_is_written_with_what_was_signed(s3: Server, waits: list[float]) -> None:
    addresses.write(s3.address, b"result", LINES_TYPE, "the result", waits.append)
    ((method, _, headers, body),) = s3.asked
    assert (method, headers["content-type"], headers["content-length"], body) == ("PUT", LINES_TYPE, "6", b"result")


@pytest.mark.parametrize("passing", [(503, refusal("SlowDown", "x")), (500, b""), None])
def test_what_passes_is_tried_again(s3: Server, waits: list[float], passing: tuple[int, bytes] | None) -> None:
    s3.answers = [passing, passing, (200, b"there")]
    assert addresses.read(s3.address, "shard 0", waits.append) == b"there"
    assert len(waits) == 2
    assert waits[0] < waits[1] < 2


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ((503, b""), ThrottledError, "S3 answers with 503; try again later"),
        (None, ThrottledError, r"no answer \(ProtocolError\); try again later"),
        ((404, refusal("NoSuchKey", "x")), MissingArtifactError, "not there; it may have expired"),
        ((403, refusal("AccessDenied", "Request has expired")), StoreError, "its address has expired; scan again"),
        ((400, refusal("ExpiredToken", "The token has expired")), StoreError, "its address has expired; scan again"),
        ((403, refusal("AccessDenied", "Access Denied")), StoreError, r"S3 answers with 403 \(AccessDenied\); check"),
        ((307, b""), StoreError, r"S3 answers with 307 \(no reason is given\)"),
    ],
)
def test_an_error_says_why_and_shows_no_address(
    s3: Server,
    waits: list[float],
    caplog: pytest.LogCaptureFixture,
    answer: tuple[int, bytes] | None,
    kind: type[Exception],
    said: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    s3.answers = [answer]
    with pytest.raises(kind, match=f"^shard 0: {said}") as caught:
        addresses.read(s3.address, "shard 0", waits.append)
    assert type(caught.value) is kind
    assert len(s3.asked) == (addresses.ATTEMPTS if kind is ThrottledError else 1)
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "hunter2" not in shown
    assert "5ec2e7" not in shown


def test_nobody_there_shows_no_address_either(waits: list[float], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ThrottledError, match=r"^shard 0: no answer \(NewConnectionError\)") as caught:
        addresses.read(f"http://127.0.0.1:9/bucket/key?{QUERY}", "shard 0", waits.append)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value)) + caplog.text


@pytest.mark.parametrize("address", ["http://s3.example/key", "file:///etc/passwd", "key"])
def test_an_address_in_the_clear_is_refused(address: str, waits: list[float]) -> None:
    with pytest.raises(StoreError, match=r"^shard 0: its address is not https"):
        addresses.read(f"{address}?{QUERY}", "shard 0", waits.append)


class _Reader:
    def read(self, path: str) -> bytes:
        return path.encode()


@pytest.fixture
def item(monkeypatch: pytest.MonkeyPatch) -> Iterator[ShardMessage]:
    """One item of `shards.json` as it is in AWS: signed with temporary credentials, for an address of S3 itself."""
    with account() as (_, _bus):
        monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
        artifacts = Artifacts.open("artifacts")
        settings = artifacts.address_to_read(layout.scan_settings(SCAN), addresses.LAST_S)
        waiting = Waiting(SourceFile(path="a.py", size=4, executable=False), {"bandit": "k"}, {})
        yield shards.write(SCAN, 7, [waiting], _Reader(), artifacts, settings)


def test_an_address_is_for_one_object_of_the_scan(item: ShardMessage) -> None:
    wanted = {
        item.settings_address: (layout.scan_settings(SCAN), "host"),
        item.shard_address: (layout.shard(SCAN, 7), "host"),
        item.result_address: (layout.result(SCAN, 7), "content-type;host"),
    }
    assert len(wanted) == 3
    for address, (key, signed) in wanted.items():
        parts = urlsplit(address)
        query = parse_qs(parts.query)
        assert (parts.scheme, parts.hostname) == ("https", "artifacts.s3.eu-central-1.amazonaws.com")
        assert parts.path == f"/{key}"
        assert key.startswith(layout.scan_prefix(SCAN))
        assert query["X-Amz-SignedHeaders"] == [signed]
        assert query["X-Amz-Expires"] == [str(addresses.LAST_S)]
        assert query["X-Amz-Security-Token"] == [TOKEN]


def test_an_item_is_far_below_what_a_state_may_carry(item: ShardMessage) -> None:
    assert len(item.model_dump_json()) < 16 * 1024


def test_no_text_or_error_of_an_item_shows_an_address(item: ShardMessage) -> None:
    plain = item.model_dump(mode="json")
    assert ShardMessage.model_validate(json.loads(json.dumps(plain))) == item
    with pytest.raises(ValidationError) as caught:
        ShardMessage.model_validate({**plain, "shard": plain["shard_address"], "more": plain["result_address"]})
    for text in (str(item), repr(item), str(caught.value), repr(caught.value)):
        assert "X-Amz" not in text
        assert "shard" in text
