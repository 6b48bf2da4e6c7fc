"""The lines that tell what happens, from histories of executions and finished invocations."""

import json

import pytest

from oreva.local.function import Outcome, failure
from oreva.local.host import Invoked
from oreva.local.progress import ProgressWatch

REQUEST = {"request": {"scan_id": "01K", "source": {"repository": "acme/shop"}}}


class States:
    """A Step Functions client in the form of its answers."""

    def __init__(self):
        self.status = "RUNNING"
        self.events = []
        self.end = {}

    def list_executions(self, **asked):
        assert asked == {"stateMachineArn": "arn:machine"}
        return {"executions": [{"executionArn": "arn:x:1", "startDate": 1, "status": self.status}]}

    def get_execution_history(self, **_):
        return {"events": self.events}

    def describe_execution(self, **_):
        return {"status": self.status, "input": json.dumps(REQUEST), **self.end}

    def enter(self, *names):
        for name in names:
            details = {"name": name, "input": json.dumps(REQUEST)}
            self.events.append({"id": len(self.events) + 1, "stateEnteredEventDetails": details})


@pytest.fixture
def told(monkeypatch):
    monkeypatch.setattr("oreva.local.progress.POLL_S", 3600)  # the tests look themselves
    states, lines = States(), []
    watch = ProgressWatch(states, "arn:machine", lines.append)
    yield states, watch, lines
    watch.close()


def test_each_state_is_told_once_and_the_counts_at_the_end(told):
    states, watch, lines = told
    states.enter("Scanning")
    watch.look()
    states.enter("Analyzing")
    watch.look()
    watch.look()
    states.status = "SUCCEEDED"
    receipt = {"state": "completed", "findings": 3, "new": 2, "fixed": 1, "gaps": 0, "scan_id": "01K"}
    states.end = {"output": json.dumps(receipt)}
    watch.look()
    watch.look()
    assert lines == [
        "01K acme/shop  Scanning",
        "01K acme/shop  Analyzing",
        "01K acme/shop  completed: 3 findings, 2 new, 1 fixed, 0 gaps",
    ]


def test_a_failed_scan_is_told_with_its_cause(told):
    states, watch, lines = told
    states.status = "FAILED"
    states.end = {"error": "SourceError", "cause": json.dumps({"errorType": "SourceError", "errorMessage": "a bomb"})}
    watch.look()
    assert lines == ["01K acme/shop  failed: SourceError: SourceError: a bomb"]


@pytest.mark.parametrize(
    ("payload", "outcome", "line"),
    [
        (json.dumps(REQUEST), Outcome(b"{}"), "01K  fetch: 1.2 s"),
        ('{"scan_id": "01K"}', Outcome(b"{}"), "01K  fetch: 1.2 s"),
        ("not json", failure("Sandbox.Timedout", "too late"), "fetch: Sandbox.Timedout: too late"),
    ],
)
def test_an_invocation_is_told_with_its_time_or_error(told, payload, outcome, line):
    _, watch, lines = told
    watch.invoked(Invoked("oreva-fetch", "r", payload.encode(), 1.234, outcome))
    assert lines == [line]


def test_of_the_api_only_errors_are_told(told):
    _, watch, lines = told
    watch.invoked(Invoked("oreva-api", "r", b"{}", 0.1, Outcome(b"{}")))
    watch.invoked(Invoked("oreva-api", "r", b"{}", 0.1, failure("KeyError", "'requestContext'")))
    assert lines == ["api: KeyError: 'requestContext'"]


def test_what_cannot_be_read_is_told_and_ends_the_watch_alone(monkeypatch):
    monkeypatch.setattr("oreva.local.progress.POLL_S", 0.01)
    lines: list[str] = []
    watch = ProgressWatch(None, "arn:machine", lines.append)
    watch._thread.join(10)
    assert lines == ["progress cannot be read (AttributeError); the scans go on"]
    watch.close()
