"""One execution environment: a process of a function, its Runtime API, its time, memory and log."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

from oreva.local.function import FunctionConfig, Outcome, failure, process_environment
from oreva.local.runtime_api import Invocation, RuntimeApi, now_ms

START_S = 90.0
"""Longest start of a process. Lambda gives ten seconds; a laptop that does other things too gets more."""
_POLL_S = 0.02
_MEMORY_POLL_S = 0.25
_LOG_TAIL = 256 * 1024


class ExecutionEnvironment:
    """A process that runs one function, one invocation at a time, until it fails in a way that ends it."""

    def __init__(
        self,
        function: FunctionConfig,
        *,
        command: Sequence[str],
        root: Path,
        work: Path,
        log_file: Path,
        endpoints: Mapping[str, str],
        extra: Mapping[str, str] | None = None,
    ) -> None:
        """Start the process.

        `command` comes before the name of the handler; `root` is the working directory, `work` where the private
        temporary folder is made; `extra` are variables that Lambda would not set (for recording calls).
        """
        self.function = function
        self._api = RuntimeApi()
        self._scratch = Path(tempfile.mkdtemp(prefix=f"{function.name}-", dir=work))
        self._log_file = log_file
        self._log = bytearray()
        self._log_lock = threading.Lock()
        self._spent = False
        environment = process_environment(
            function, runtime_api=self._api.address, root=root, scratch=self._scratch, endpoints=endpoints
        )
        self._process = subprocess.Popen(
            [*command, function.handler],
            cwd=root,
            env={**environment, **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read_log, name=f"log-{function.name}", daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Whether it can take an invocation."""
        return not self._spent and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def invoke(self, request_id: str, payload: bytes, trace: str = "") -> Outcome:
        """Run the handler once. Ends the process where Lambda would: at the timeout, over the memory, after a crash."""
        with self._log_lock:
            self._log.clear()
        outcome = self._started(request_id) or self._run(request_id, payload, trace)
        return Outcome(outcome.payload, outcome.failed, self._tail())

    def close(self) -> None:
        """End the process, whatever it started, and forget its temporary files."""
        self._kill()
        self._api.close()
        self._reader.join(timeout=5)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _started(self, request_id: str) -> Outcome | None:
        """Wait for the runtime's first poll; the failure, if there is none."""

        def ready() -> bool:
            return self._api.ready.wait(_POLL_S)

        stopped = self._watch(ready, START_S, request_id, f"Init phase took longer than {START_S:g} s")
        if stopped is None:
            with contextlib.suppress(queue.Empty):
                outcome = self._api.outcomes.get_nowait()[1]
                self._spent = True  # it is about to end
                return outcome
        return stopped

    def _run(self, request_id: str, payload: bytes, trace: str) -> Outcome:
        limit = self.function.timeout_s
        arn = self.function.arn
        self._api.offer(Invocation(request_id, payload, arn, now_ms() + int(limit * 1000), trace))
        ended: list[Outcome] = []

        def answered() -> bool:
            with contextlib.suppress(queue.Empty):
                answer_to, outcome = self._api.outcomes.get(timeout=_POLL_S)
                if answer_to in {request_id, ""}:
                    ended.append(outcome)
            return bool(ended)

        stopped = self._watch(answered, limit, request_id, f"Task timed out after {limit:.2f} seconds")
        return stopped or ended[0]

    def _watch(self, done: Callable[[], bool], limit_s: float, request_id: str, late: str) -> Outcome | None:
        """Wait until `done()`; end the process and say how, if it crashes or comes to a limit before."""
        deadline = time.monotonic() + limit_s
        next_memory = time.monotonic() + _MEMORY_POLL_S
        while not done():
            now = time.monotonic()
            if not self.alive:
                if done():
                    break
                return failure("Runtime.ExitError", f"RequestId: {request_id} Error: {self._ending()}")
            if now > deadline:
                self._kill()
                return failure("Sandbox.Timedout", f"RequestId: {request_id} Error: {late}")
            if now > next_memory:
                next_memory = now + _MEMORY_POLL_S
                if _resident(self._process.pid) > self.function.memory_mb * 1024**2:
                    self._kill()
                    self._note(f"more than {self.function.memory_mb} MB of memory\n")
                    said = "Runtime exited with error: signal: killed"
                    return failure("Runtime.OutOfMemory", f"RequestId: {request_id} Error: {said}")
        return None

    def _ending(self) -> str:
        code = self._process.wait()
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"Runtime exited with error: signal: {signal.Signals(-code).name}"
        return f"Runtime exited with error: exit status {code}" if code else "Runtime exited without providing a reason"

    def _kill(self) -> None:
        """End the process and all it started: the scanners have process groups of their own."""
        family = []
        with contextlib.suppress(psutil.Error):
            family = psutil.Process(self._process.pid).children(recursive=True)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self._process.wait()

    def _read_log(self) -> None:
        """Keep the log while the process lives."""
        stream = self._process.stdout
        assert stream is not None  # noqa: S101  (it is a pipe; narrows the type)
        while not stream.closed:
            select.select([stream], [], [])
            with self._log_lock:
                if _readable(stream) and not self._take_log(stream.fileno()):
                    stream.close()

    def _take_log(self, descriptor: int) -> bool:
        """Read what is there now; False at the end. To be called with the lock held, and only if there is something."""
        chunk = os.read(descriptor, 65_536)
        if chunk:
            with self._log_file.open("ab") as log:
                log.write(chunk)
            self._log += chunk
            del self._log[:-_LOG_TAIL]
        return bool(chunk)

    def _note(self, text: str) -> None:
        with self._log_lock:
            self._log += text.encode()

    def _tail(self) -> str:
        """The log of this invocation: all that was written before the answer, whether the reader has seen it or not."""
        stream = self._process.stdout
        with self._log_lock:
            while stream is not None and _readable(stream) and self._take_log(stream.fileno()):
                pass
            return bytes(self._log).decode("utf-8", "replace")


def _readable(stream: IO[bytes]) -> bool:
    """Whether there is something to read, or the end, at once."""
    return not stream.closed and bool(select.select([stream], [], [], 0)[0])


def _resident(pid: int) -> int:
    """Resident bytes of a process and all below it; 0 if it has just ended."""
    total = 0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total
