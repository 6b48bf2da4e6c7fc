"""`oreva up` and `oreva down` as commands, over a small project: what they start, print, refuse and leave behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from oreva.local.aws import client
from oreva.local.running import Running, running_in

pytest.importorskip("ministack", reason="the extra `local` is not installed")

START_S = 60


def oreva(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "oreva", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=START_S, env={**os.environ, **more})


@pytest.fixture
def begin(project: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `oreva up` in the foreground and waits until it is up."""
    processes = []

    def start(state: Path, *arguments: str) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            "-m",
            "oreva",
            "up",
            "--project",
            str(project),
            "--state-dir",
            str(state),
            "--port=0",
        ]
        process = subprocess.Popen(
            [*command, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # A shell starts what it puts in the background with SIGINT ignored, and that is inherited down to here.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
        processes.append(process)
        deadline = time.monotonic() + START_S
        while running_in(state) is None:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def children(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=20)[1]


def run_machine(running: Running, **given: object) -> dict:
    states = client("stepfunctions", running.url)
    document = {"request": {"scan_id": "01K", "source": {"repository": "acme/shop"}}, **given}
    arn = states.start_execution(stateMachineArn=running.state_machine, input=json.dumps(document))["executionArn"]
    deadline = time.monotonic() + 30
    while (found := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def test_up_deploys_serves_tells_and_stops_on_ctrl_c(begin, tmp_path):
    process = begin(tmp_path / "up")
    running = running_in(tmp_path / "up")
    assert running.pid == process.pid
    assert (running.table, running.secret) == ("toy", "toy/github")
    with urllib.request.urlopen(f"{running.api_url}/v1/hello", timeout=30) as answer:
        assert answer.read() == b"/v1/hello"
    secret = client("secretsmanager", running.url).get_secret_value(SecretId="toy/github")["SecretString"]
    assert json.loads(secret) == {"webhook_secret": running.webhook_secret}

    ended = run_machine(running, fail_once=str(tmp_path / "failed-once"))
    assert ended["status"] == "SUCCEEDED"  # the state machine knew the error by its name and tried again
    failed = run_machine(running, fail="for good")
    assert (failed["status"], failed["error"]) == ("FAILED", "ThrottledError")
    assert json.loads(failed["cause"])["errorMessage"] == "for good"
    assert process.stdout
    told = []
    for line in process.stdout:
        told.append(line)
        if "  failed: " in line:
            break

    started = children(process.pid)
    assert len(started) >= 3
    os.killpg(process.pid, signal.SIGINT)
    said = "".join(told) + process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert gone(started)
    assert running.api_url in said
    assert "a local double that judges nothing" in said
    assert re.search(r"01K acme/shop  Working\n", said)
    assert re.search(r"01K  work: ThrottledError: asks for less\n", said)
    assert re.search(r"01K acme/shop  completed: 3 findings, 2 new, 1 fixed, 0 gaps\n", said)
    assert re.search(r"01K acme/shop  failed: ThrottledError: ThrottledError: for good\n", said)
    assert said.rstrip().endswith("stopped; what the embedded AWS held is gone")
    assert not (tmp_path / "up" / "work").exists()
    assert "log line of toy-work" in (tmp_path / "up" / "logs" / "toy-work.log").read_text()


def test_detached_it_is_stopped_from_elsewhere_and_two_run_side_by_side(begin, project, tmp_path):
    process = begin(tmp_path / "one")
    done = oreva("up", "--detach", "--project", project, "--state-dir", tmp_path / "two", "--port", 0)
    assert done.returncode == 0, done.stderr
    one, two = running_in(tmp_path / "one"), running_in(tmp_path / "two")
    assert one.url != two.url
    assert two.api_url in done.stdout
    again = oreva("up", "--project", project, "--state-dir", tmp_path / "two")
    assert again.returncode == 2
    assert f"Oreva is up already at {two.url} (process {two.pid}); stop it with `oreva down`" in again.stderr
    detached_again = oreva("up", "--detach", "--project", project, "--state-dir", tmp_path / "two")
    assert (detached_again.returncode, "is up already" in detached_again.stderr) == (2, True)

    started = [psutil.Process(two.pid), *children(two.pid)]
    down = oreva("down", "--state-dir", tmp_path / "two")
    assert (down.returncode, down.stdout) == (0, f"stopped (process {two.pid})\n")
    assert gone(started)
    assert oreva("down", "--state-dir", tmp_path / "two").stdout == "nothing is up\n"
    assert process.poll() is None  # the other one goes on
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(30) == 0


def test_killed_it_leaves_no_process_and_can_be_started_again(begin, tmp_path):
    process = begin(tmp_path)
    run_machine(running_in(tmp_path))
    started = children(process.pid)
    process.kill()
    process.wait()
    assert gone(started)
    assert running_in(tmp_path) is None
    begin(tmp_path)
    assert run_machine(running_in(tmp_path))["status"] == "SUCCEEDED"


def test_it_ends_when_the_embedded_aws_does(begin, tmp_path):
    process = begin(tmp_path)
    (aws,) = [each for each in children(process.pid) if "oreva.local.embedded" in each.cmdline()]
    aws.kill()
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "the embedded AWS has ended by itself" in said


def test_another_endpoint_of_bedrock_is_used_and_calls_are_recorded(project, tmp_path):
    calls = tmp_path / "calls.jsonl"
    done = oreva(
        *("up", "--detach", "--project", project, "--state-dir", tmp_path / "up", "--port", 0),
        *("--record-calls", calls, "--jobs", 1),
        OREVA_BEDROCK_ENDPOINT="http://127.0.0.1:9/other",
        OREVA_GITHUB_TOKEN="a-token",
    )
    assert done.returncode == 0, done.stderr
    try:
        running = running_in(tmp_path / "up")
        assert running.bedrock == "http://127.0.0.1:9/other"
        lambdas = client("lambda", running.url)
        answer = lambdas.invoke(FunctionName="toy-work", Payload=b"{}")
        environment = json.loads(answer["Payload"].read())["environment"]
        assert environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] == "http://127.0.0.1:9/other"
        failed = lambdas.invoke(FunctionName="toy-work", Payload=b'{"fail": "x"}')
        assert failed["FunctionError"] == "Unhandled"
        buckets = json.loads(lambdas.invoke(FunctionName="toy-buckets")["Payload"].read())
        assert buckets == ["cdk-hnb659fds-assets-000000000000-us-east-1"]
        assert json.loads(calls.read_text())["operation"] == "ListBuckets"
        secret = client("secretsmanager", running.url).get_secret_value(SecretId="toy/github")["SecretString"]
        assert json.loads(secret)["token"] == "a-token"
    finally:
        oreva("down", "--state-dir", tmp_path / "up")


def refused(tmp_path: Path, *arguments: object) -> str:
    done = oreva("up", "--state-dir", tmp_path / "up", *arguments)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()[-1:]
    assert running_in(tmp_path / "up") is None
    return line


def test_a_port_in_use_is_named(project, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refused(tmp_path, "--project", project, "--port", port)
    assert line == f"oreva: port {port} of 127.0.0.1 is in use; give another one with --port, or 0 for any"


def test_without_a_checkout_it_says_what_to_do(tmp_path):
    line = refused(tmp_path, "--project", tmp_path)
    assert "no infra/app.py and handlers/ there" in line
    assert "get the source of this version of Oreva" in line


def test_a_setting_that_is_none_is_refused(tmp_path):
    assert refused(tmp_path, "-c", "triage") == (
        "oreva: -c triage: not KEY=VALUE; write for instance -c triage=heuristic"
    )


def test_what_the_app_says_is_told_detached_too(project, tmp_path):
    line = refused(tmp_path, "--detach", "--project", project, "-c", "break=1")
    assert "it did not come up: the CDK app failed: ValueError: the setting break is set" in line


def test_a_template_that_cannot_be_deployed_is_told_with_the_reason(project, tmp_path):
    broken = tmp_path / "broken"
    for name in ("infra", "handlers"):
        (broken / name).mkdir(parents=True)
        for path in (project / name).glob("*.py"):
            (broken / name / path.name).write_text(path.read_text())
    template = json.loads((project / "template.json").read_text())
    template["Resources"]["Odd"] = {"Type": "AWS::Odd::Thing"}
    (broken / "template.json").write_text(json.dumps(template))
    assert "AWS::Odd::Thing" in refused(tmp_path, "--project", broken, "--port", 0)
