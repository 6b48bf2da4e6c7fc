"""Functions as processes that really poll the Runtime API: answers, errors, limits, concurrency, what they see."""

import json
import os
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from oreva.local.host import FunctionHost, Invoked


def call(host: FunctionHost, event: object, name: str = "toy"):
    outcome = host.invoke(name, "request-1", json.dumps(event).encode())
    return outcome, json.loads(outcome.payload)


def test_answers_and_stays_warm(make_host, toy):
    host = make_host(toy())
    outcome, first = call(host, {"text": "grüße 𝄞"})
    assert not outcome.failed
    assert first["event"] == {"text": "grüße 𝄞"}
    assert first["request_id"] == "request-1"
    assert first["arn"] == "arn:toy"
    assert 0 < first["left_ms"] <= 20_000
    assert "log line of toy" in outcome.log
    _, second = call(host, {})
    assert second["pid"] == first["pid"]


def test_sees_what_lambda_gives_and_nothing_of_the_user(make_host, toy, monkeypatch, project):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the user's own")
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    _, seen = call(make_host(toy()), {})
    environment = seen["environment"]
    assert seen["folder"] == str(project)
    assert environment["OREVA_TABLE"] == "findings"
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "toy"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert environment["LAMBDA_TASK_ROOT"] == str(project)
    assert environment["AWS_SECRET_ACCESS_KEY"] == "test"
    assert environment["HOME"] == environment["TMPDIR"] != os.environ.get("HOME")
    assert not {"AWS_PROFILE", "GITHUB_TOKEN"} & set(environment)
    assert "the user's own" not in environment.values()


def test_an_exception_has_the_shape_that_lambda_gives_it(make_host, toy):
    host = make_host(toy())
    outcome, error = call(host, {"fail": "asks for less"})
    assert outcome.failed
    assert (error["errorType"], error["errorMessage"]) == ("ThrottledError", "asks for less")
    assert "handler" in error["stackTrace"][-1]
    _, after = call(host, {})
    assert after["pid"]


def test_a_process_that_ends_costs_that_invocation_alone(make_host, toy):
    host = make_host(toy())
    _, before = call(host, {})
    outcome, error = call(host, {"exit": 7})
    assert outcome.failed
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"] == "RequestId: request-1 Error: Runtime exited with error: exit status 7"
    _, after = call(host, {})
    assert after["pid"] != before["pid"]


def test_the_timeout_ends_the_process_and_all_below_it(make_host, toy, tmp_path):
    host = make_host(toy(timeout_s=1))
    _, before = call(host, {})
    outcome, error = call(host, {"sleep": 30})
    assert outcome.failed
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"] == "RequestId: request-1 Error: Task timed out after 1.00 seconds"
    assert not psutil.pid_exists(before["pid"])
    _, after = call(host, {})
    assert after["pid"] != before["pid"]
    assert len(list((tmp_path / "work").iterdir())) == 1  # the temporary files of the ended process are gone


def test_more_memory_than_configured_ends_the_process(make_host, toy):
    outcome, error = call(make_host(toy(memory_mb=128)), {"memory": 200})
    assert outcome.failed
    assert error["errorType"] == "Runtime.OutOfMemory"
    assert "more than 128 MB of memory" in outcome.log


def test_an_answer_over_the_limit_of_lambda_is_an_error(make_host, toy):
    outcome, error = call(make_host(toy()), {"answer_bytes": 7 * 1024 * 1024})
    assert outcome.failed
    assert error["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_module_that_cannot_be_loaded_is_told_with_every_invocation(make_host, toy):
    host = make_host(toy(handler="broken.handler"))
    for _ in range(2):
        outcome, error = call(host, {})
        assert outcome.failed
        assert error["errorType"] == "Runtime.ImportModuleError"
        assert "a_module_that_is_not_there" in error["errorMessage"]


def test_an_unknown_function_is_named(make_host, toy):
    outcome, error = call(make_host(toy()), {}, "other")
    assert outcome.failed
    assert error["errorMessage"] == "no function 'other' here; there are: toy"


def test_two_at_once_run_in_two_processes_and_a_third_waits(make_host, toy):
    host = make_host(toy(), concurrency=2)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: call(host, {"sleep": 0.5})[1], range(3)))
    assert len({answer["pid"] for answer in answers}) == 2


def test_new_settings_are_seen_by_the_next_invocation(make_host, toy):
    host = make_host(toy())
    _, before = call(host, {})
    host.serve([toy(memory_mb=300)])
    _, after = call(host, {})
    assert after["pid"] != before["pid"]
    assert after["environment"]["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "300"


def test_invocations_come_over_http_and_are_told_to_who_watches(make_host, toy):
    seen: list[Invoked] = []
    told = threading.Event()

    def watch(invoked: Invoked) -> None:
        seen.append(invoked)
        told.set()

    host = make_host(toy(), watch=watch)
    request = urllib.request.Request(
        f"{host.url}/toy", data=b'{"fail": "no"}', headers={"X-Amzn-Lambda-Request-Id": "abc"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["X-Amz-Function-Error"] == "Unhandled"
        assert answer.headers["X-Amz-Log-Result"]
        assert json.loads(answer.read())["errorType"] == "ThrottledError"
    assert told.wait(5)
    assert (seen[0].function, seen[0].request_id, seen[0].outcome.failed) == ("toy", "abc", True)


def test_logs_are_kept_per_function(make_host, toy, tmp_path):
    host = make_host(toy("one"), toy("two"))
    call(host, {}, "one")
    call(host, {}, "two")
    for name in ("one", "two"):
        assert (tmp_path / "logs" / f"{name}.log").read_text().splitlines() == [f"log line of {name}"]


def test_nothing_is_left_when_the_host_is_closed(make_host, toy, tmp_path):
    host = make_host(toy())
    _, answer = call(host, {})
    host.close()
    assert not psutil.pid_exists(answer["pid"])
    assert list((tmp_path / "work").iterdir()) == []
    assert call(host, {})[1]["errorMessage"] == "the function host stops"


def test_a_running_function_is_ended_with_the_host(make_host, toy):
    host = make_host(toy())
    _, answer = call(host, {})
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(call, host, {"sleep": 60})
        while not host._pools["toy"].busy:
            assert not running.done()
        host.close()
        assert not psutil.pid_exists(answer["pid"])
        assert running.result(20)[1]["errorType"] == "Runtime.ExitError"


@pytest.mark.parametrize("recorded", [True, False])
def test_calls_of_aws_are_written_down_on_request(make_host, toy, tmp_path, recorded):
    calls = tmp_path / "calls.jsonl"
    host = make_host(toy(handler="toy.buckets"), calls_file=calls if recorded else None)
    outcome, _ = call(host, {})
    assert outcome.failed  # nobody listens there, and the call was made all the same
    if recorded:
        (line,) = map(json.loads, Path(calls).read_text().splitlines())
        assert line == {"function": "toy", "service": "s3", "operation": "ListBuckets", "parameters": {}}
    else:
        assert not calls.exists()
