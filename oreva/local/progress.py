"""What happens in the deployment, line by line: which state a scan is in, what each function took, how it ended."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from oreva.local.host import Invoked

POLL_S = 0.5
_DONE = {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}


class ProgressWatch:
    """Follows the executions of one state machine in a thread of its own, until it is closed."""

    def __init__(self, states: Any, state_machine: str, say: Callable[[str], None]) -> None:
        """`states` is a Step Functions client, `say` takes one line at a time."""
        self._states = states
        self._machine = state_machine
        self._say = say
        self._told: dict[str, int] = {}
        """Execution to the id of the last event told."""
        self._names: dict[str, str] = {}
        self._over: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="progress", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        self._thread.join()

    def invoked(self, invoked: Invoked) -> None:
        """Tell of one finished invocation; to be given to the function host as `watch`.

        Answered requests to the API are not told: a client that waits for a scan asks every second.
        """
        name = invoked.function.rpartition("-")[2]
        if name == "api" and not invoked.outcome.failed:
            return
        scan = _scan_of(invoked.payload)
        outcome = _error_of(invoked.outcome.payload) if invoked.outcome.failed else f"{invoked.seconds:.1f} s"
        self._say(f"{scan + '  ' if scan else ''}{name}: {outcome}")

    def look(self) -> None:
        """Tell what has happened since the last look."""
        executions = self._states.list_executions(stateMachineArn=self._machine)["executions"]
        for execution in sorted(executions, key=lambda each: str(each["startDate"])):
            arn = execution["executionArn"]
            if arn not in self._over:
                self._tell_events(arn)
                if execution["status"] in _DONE:
                    self._over.add(arn)
                    self._tell_end(arn)

    def _follow(self) -> None:
        while not self._stop.wait(POLL_S):
            try:
                self.look()
            except Exception as error:  # noqa: BLE001  (a picture of what happens must not end what happens)
                if not self._stop.is_set():
                    self._say(f"progress cannot be read ({type(error).__name__}); the scans go on")
                    return

    def _tell_events(self, arn: str) -> None:
        events = self._states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        for event in events:
            if event["id"] <= self._told.get(arn, 0):
                continue
            self._told[arn] = event["id"]
            entered = event.get("stateEnteredEventDetails")
            if entered:
                self._say(f"{self._name(arn, entered.get('input', '{}'))}  {entered['name']}")

    def _tell_end(self, arn: str) -> None:
        found = self._states.describe_execution(executionArn=arn)
        name = self._name(arn, found.get("input", "{}"))
        if found["status"] == "SUCCEEDED":
            receipt = _document(found.get("output", "{}"))
            counts = ", ".join(
                f"{receipt[key]} {key}" for key in ("findings", "new", "fixed", "gaps") if key in receipt
            )
            self._say(f"{name}  {receipt.get('state', 'succeeded')}: {counts or 'nothing to report'}")
        else:
            cause = _error_of(found.get("cause", "").encode()) or "no cause given"
            self._say(f"{name}  {found['status'].lower()}: {found.get('error', 'unknown')}: {cause}")

    def _name(self, arn: str, text: str) -> str:
        """Scan id and repository of an execution."""
        if arn not in self._names:
            request = _document(text).get("request") or {}
            repository = (request.get("source") or {}).get("repository") or ""
            self._names[arn] = f"{request.get('scan_id') or arn.rpartition(':')[2]} {repository}".strip()
        return self._names[arn]


def _scan_of(payload: bytes) -> str:
    document = _document(payload.decode("utf-8", "replace"))
    request = document.get("request")
    found = request.get("scan_id") if isinstance(request, dict) else document.get("scan_id")
    return found if isinstance(found, str) else ""


def _error_of(payload: bytes) -> str:
    text = payload.decode("utf-8", "replace")
    document = _document(text)
    if "errorType" in document:
        return f"{document['errorType']}: {document.get('errorMessage', '')}"
    return text


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
