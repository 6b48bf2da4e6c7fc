"""The wire of the Runtime API, as any runtime may speak it."""

import http.client
import json
import threading

import pytest

from oreva.local.runtime_api import PREFIX, Invocation, RuntimeApi


@pytest.fixture
def api():
    api = RuntimeApi()
    yield api
    api.close()


def ask(api: RuntimeApi, method: str, path: str, **more):
    connection = http.client.HTTPConnection(api.address, timeout=10)
    try:
        connection.request(method, path, **more)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def test_an_event_comes_with_what_the_runtime_must_know(api):
    api.offer(Invocation("id-1", b'{"a": 1}', "arn:f", 1_790_000_000_000, "Root=1-abc"))
    status, headers, body = ask(api, "GET", f"{PREFIX}invocation/next")
    assert (status, body) == (200, b'{"a": 1}')
    assert headers["Lambda-Runtime-Aws-Request-Id"] == "id-1"
    assert headers["Lambda-Runtime-Invoked-Function-Arn"] == "arn:f"
    assert headers["Lambda-Runtime-Deadline-Ms"] == "1790000000000"
    assert headers["Lambda-Runtime-Trace-Id"] == "Root=1-abc"
    assert api.ready.is_set()


@pytest.mark.parametrize(("end", "failed"), [("response", False), ("error", True)])
def test_an_answer_is_taken_whole_or_in_chunks(api, end, failed):
    whole = ask(api, "POST", f"{PREFIX}invocation/id-1/{end}", body=b'"answer"')
    chunks = ask(api, "POST", f"{PREFIX}invocation/id-2/{end}", body=iter([b'"ans', b'wer"']), encode_chunked=True)
    assert (whole[0], chunks[0]) == (202, 202)
    for name in ("id-1", "id-2"):
        request_id, outcome = api.outcomes.get(timeout=5)
        assert (request_id, outcome.payload, outcome.failed) == (name, b'"answer"', failed)


def test_a_start_that_fails_is_told_and_ends_the_wait(api):
    body = json.dumps({"errorType": "Runtime.ImportModuleError", "errorMessage": "no"})
    assert ask(api, "POST", f"{PREFIX}init/error", body=body)[0] == 202
    request_id, outcome = api.outcomes.get(timeout=5)
    assert (request_id, outcome.failed, outcome.payload) == ("", True, body.encode())
    assert api.ready.is_set()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", f"{PREFIX}restore/next"),
        ("POST", f"{PREFIX}invocation/id-1"),
        ("POST", f"{PREFIX}invocation/id-1/other"),
    ],
)
def test_other_paths_are_not_there(api, method, path):
    status, _, body = ask(api, method, path, body=b"" if method == "POST" else None)
    assert (status, json.loads(body)["errorType"]) == (404, "InvalidPath")
    assert api.outcomes.empty()


def test_a_poll_without_an_answer_ends_with_the_environment():
    api = RuntimeApi()
    ended = threading.Event()

    def poll() -> None:
        with pytest.raises((http.client.HTTPException, OSError)):
            ask(api, "GET", f"{PREFIX}invocation/next")
        ended.set()

    threading.Thread(target=poll, daemon=True).start()
    assert api.ready.wait(5)
    api.close()
    assert ended.wait(5)
