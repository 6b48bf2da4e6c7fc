"""The client of the API: addresses, credentials, errors in one line, and patience where it helps."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from oreva.cli.remote_api import RemoteApi, RemoteError, checked_url
from oreva.errors import UsageError

TOKEN = {"OREVA_TOKEN": "token"}


class Server:
    """Answers what it is told to, in order; the last answer again and again."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = [(200, b"{}")]
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status, content = server.answers[0] if len(server.answers) == 1 else server.answers.pop(0)
                self.send_response(status)
                if status in (301, 302):
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Retry-After", "0")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = _any  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    made = Server()
    threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.mark.parametrize("url", ["https://a.example", "http://localhost:8", "http://127.0.0.1", "http://[::1]:8/x"])
def test_addresses_that_keep_code_from_others_are_fine(url) -> None:
    assert checked_url(url, "--remote") == url


@pytest.mark.parametrize(
    "url",
    ["http://a.example", "http://10.0.0.1", "http://localhost.example.org", "https://", "https://a@b", "http://[x", ""],
)
def test_other_addresses_are_not(url) -> None:
    with pytest.raises(UsageError, match="https"):
        checked_url(url, "--remote")


def test_the_version_in_the_address_is_optional(server) -> None:
    for address in (server.url, f"{server.url}/", f"{server.url}/v1", f"{server.url}/v1/"):
        RemoteApi(address, TOKEN).get("/v1/x")
    assert {path for _, path, _, _ in server.seen} == {"/v1/x"}
    assert server.seen[0][2]["authorization"] == "Bearer token"


def test_a_question_is_repeated_while_the_api_is_busy(server) -> None:
    server.answers = [(503, b"{}"), (502, b""), (200, b'{"a": 1}')]
    assert RemoteApi(server.url, TOKEN).get("/v1/x") == {"a": 1}
    assert len(server.seen) == 3


def test_what_begins_something_is_sent_once(server) -> None:
    server.answers = [(503, b'{"detail": "busy; send it again"}'), (200, b"{}")]
    with pytest.raises(RemoteError, match="busy") as refused:
        RemoteApi(server.url, TOKEN).post("/v1/scans", {"repository": "x"})
    assert refused.value.status == 503
    assert len(server.seen) == 1
    assert server.seen[0][3] == b'{"repository": "x"}'


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (422, b'{"detail": "repository: no name; correct it"}', "repository: no name; correct it"),
        (403, b'{"message": "Forbidden"}', "HTTP 403, Forbidden.*execute-api:Invoke"),
        (401, b'{"message": "Unauthorized"}', "OREVA_TOKEN"),
        (404, b"<html>", "address of the API"),
        (418, b"[]", "try again later"),
        (422, b'{"detail": "a\\u001b[31m\\nb"}', r"a\\x1b\[31m\\nb"),
        (302, b"", "HTTP 302"),
        (200, b"<html>", "no JSON object"),
        (200, b"[]", "no JSON object"),
    ],
)
def test_errors_are_one_line(server, status, content, words) -> None:
    server.answers = [(status, content)]
    with pytest.raises(RemoteError, match=words) as refused:
        RemoteApi(server.url, TOKEN).get("/v1/x")
    assert "\n" not in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_no_answer_is_one_line_too(server) -> None:
    api = RemoteApi("http://127.0.0.1:9", TOKEN)
    with pytest.raises(RemoteError, match="no answer") as refused:
        api.post("/v1/scans", {})
    assert "0x" not in str(refused.value)
    assert refused.value.status is None


def test_an_upload_is_repeated_from_its_start_and_carries_no_credentials(server) -> None:
    server.answers = [(503, b"<Code>SlowDown</Code>"), (200, b"")]
    body = io.BytesIO(b"archive")
    RemoteApi(server.url, TOKEN).put(f"{server.url}/up?X=1", {"Content-Type": "a/b", "content-length": "7"}, body, 7)
    assert [seen[3] for seen in server.seen] == [b"archive", b"archive"]
    assert server.seen[1][2]["content-length"] == "7"
    assert server.seen[1][2]["content-type"] == "a/b"
    assert "authorization" not in server.seen[1][2]


def test_a_refused_upload_or_download_says_what_the_store_says(server) -> None:
    server.answers = [(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")]
    api = RemoteApi(server.url, TOKEN)
    with pytest.raises(RemoteError, match=r"upload to .*HTTP 403, SignatureDoesNotMatch"):
        api.put(f"{server.url}/up", {}, io.BytesIO(b"x"), 1)
    with pytest.raises(RemoteError, match=r"download from .*HTTP 403"):
        api.download(f"{server.url}/down?signature=secret")


def test_nothing_is_sent_to_an_address_that_others_can_hear(server) -> None:
    api = RemoteApi(server.url, TOKEN)
    with pytest.raises(UsageError, match="unencrypted"):
        api.put("http://bucket.example.org/x", {}, io.BytesIO(b"x"), 1)
    with pytest.raises(UsageError, match="unencrypted"):
        api.download("http://bucket.example.org/x")
    assert server.seen == []


def test_a_token_that_would_break_a_header_is_refused(server) -> None:
    for token in ("a\nb", "é"):
        with pytest.raises(UsageError, match="OREVA_TOKEN"):
            RemoteApi(server.url, {"OREVA_TOKEN": token})


def test_requests_go_through_the_proxy_of_the_environment(server, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "")
    assert RemoteApi("http://localhost:9", TOKEN).get("/v1/x") == {}
    assert server.seen[0][1] == "http://localhost:9/v1/x"


def test_the_region_is_that_of_the_address(monkeypatch, server) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("http_proxy", server.url)
    api = RemoteApi("https://abc.execute-api.ap-south-1.amazonaws.com", {})
    headers = api._sign("GET", f"{api.url}/v1/x", b"")
    assert "/ap-south-1/execute-api/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "session"
    other = RemoteApi("https://scans.example.org", {})
    assert "/us-east-1/execute-api/" in other._sign("GET", f"{other.url}/v1/x", b"")["Authorization"]


def test_an_unknown_profile_is_a_usage_error(monkeypatch, server, tmp_path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "none-such")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with pytest.raises(UsageError, match="AWS_PROFILE"):
        RemoteApi(server.url, {})
