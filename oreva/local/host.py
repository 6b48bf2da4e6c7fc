"""The function host: takes invocations over HTTP and runs them in processes, more of them when more come at once."""

from __future__ import annotations

import base64
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from oreva.local.execution import ExecutionEnvironment
from oreva.local.function import FunctionConfig, Outcome, failure

RUNTIME = (sys.executable, "-m", "awslambdaric")
RECORDING_RUNTIME = (sys.executable, "-m", "oreva.local.recording")
LOG_TAIL = 4 * 1024
"""How much of the log goes back with an invocation, as Lambda does it."""


@dataclass(frozen=True)
class Invoked:
    """One finished invocation, for whoever watches."""

    function: str
    request_id: str
    payload: bytes
    seconds: float
    outcome: Outcome


@dataclass
class _Pool:
    config: FunctionConfig
    limit: int
    idle: list[ExecutionEnvironment] = field(default_factory=list)
    busy: list[ExecutionEnvironment] = field(default_factory=list)
    running: int = 0
    """How many are busy or being started."""
    free: threading.Condition = field(default_factory=threading.Condition)


class FunctionHost:
    """Hosts every function it knows. Use it as a context manager.

    An invocation is `POST /<function name>` with the event as body; it is answered with what the function returned, and
    with `X-Amz-Function-Error: Unhandled` if it failed, as the Invoke operation of Lambda does.
    """

    def __init__(
        self,
        *,
        root: Path,
        work: Path,
        logs: Path,
        endpoints: Mapping[str, str],
        concurrency: int | None = None,
        calls_file: Path | None = None,
        watch: Callable[[Invoked], None] = lambda _: None,
    ) -> None:
        """Listen on a port of the loopback.

        `root` holds `handlers/`; `work` takes the temporary folders of the processes, `logs` one file per function;
        `endpoints` is given to every process; `concurrency` bounds the processes of one function (default: one per
        processor, at least two); `calls_file` turns recording of AWS calls on.
        """
        self._root, self._work, self._logs = root, work, logs
        self._endpoints = dict(endpoints)
        self._limit = concurrency or max(2, os.cpu_count() or 1)
        self._calls_file = calls_file
        self._watch = watch
        self._pools: dict[str, _Pool] = {}
        self._closed = threading.Event()
        for folder in (work, logs):
            folder.mkdir(parents=True, exist_ok=True)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.host = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="function-host", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> FunctionHost:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where invocations are taken."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def serve(self, functions: Sequence[FunctionConfig], endpoints: Mapping[str, str] | None = None) -> None:
        """Take these functions on, or their new settings; processes with old ones end once they are idle."""
        self._endpoints |= endpoints or {}
        for function in functions:
            old = self._pools.get(function.name)
            self._pools[function.name] = _Pool(function, self._limit)
            if old is not None:
                self._empty(old)

    def invoke(self, name: str, request_id: str, payload: bytes, trace: str = "") -> Outcome:
        """Run a function once, in an idle process or a new one; waits if the bound is reached."""
        pool = self._pools.get(name)
        if pool is None:
            known = ", ".join(sorted(self._pools)) or "none yet"
            return failure("Lambda.ResourceNotFoundException", f"no function {name!r} here; there are: {known}")
        started = time.monotonic()
        environment = self._take(pool)
        if environment is None:
            return failure("Lambda.ServiceException", "the function host stops")
        try:
            outcome = environment.invoke(request_id, payload, trace)
        finally:
            self._give_back(pool, environment)
        if not self._closed.is_set():
            self._watch(Invoked(name, request_id, payload, time.monotonic() - started, outcome))
        return outcome

    def close(self) -> None:
        """End all processes and stop listening."""
        self._closed.set()
        for pool in self._pools.values():
            self._empty(pool)
            for environment in list(pool.busy):
                environment.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _take(self, pool: _Pool) -> ExecutionEnvironment | None:
        with pool.free:
            while pool.running >= pool.limit and not self._closed.is_set():
                pool.free.wait(0.5)
            if self._closed.is_set():
                return None
            pool.running += 1
            while pool.idle:
                environment = pool.idle.pop()
                if environment.alive:
                    pool.busy.append(environment)
                    return environment
                environment.close()
        try:
            environment = self._start(pool.config)
        except OSError:
            with pool.free:
                pool.running -= 1
            raise
        with pool.free:
            pool.busy.append(environment)
        return environment

    def _give_back(self, pool: _Pool, environment: ExecutionEnvironment) -> None:
        with pool.free:
            pool.running -= 1
            pool.busy.remove(environment)
            keep = environment.alive and not self._closed.is_set() and self._pools.get(pool.config.name) is pool
            if keep:
                pool.idle.append(environment)
            pool.free.notify()
        if not keep:
            environment.close()

    def _start(self, function: FunctionConfig) -> ExecutionEnvironment:
        recording = self._calls_file is not None
        return ExecutionEnvironment(
            function,
            command=RECORDING_RUNTIME if recording else RUNTIME,
            root=self._root,
            work=self._work,
            log_file=self._logs / f"{function.name}.log",
            endpoints=self._endpoints,
            extra={"OREVA_LOCAL_CALLS_FILE": str(self._calls_file)} if recording else None,
        )

    @staticmethod
    def _empty(pool: _Pool) -> None:
        with pool.free:
            idle, pool.idle = pool.idle, []
            pool.free.notify_all()
        for environment in idle:
            environment.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    host: FunctionHost


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_POST(self) -> None:
        payload = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request_id = self.headers.get("X-Amzn-Lambda-Request-Id") or os.urandom(8).hex()
        trace = self.headers.get("X-Amzn-Trace-Id") or ""
        outcome = self.server.host.invoke(unquote(self.path.strip("/")), request_id, payload, trace)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            if outcome.failed:
                self.send_header("X-Amz-Function-Error", "Unhandled")
            self.send_header("X-Amz-Log-Result", base64.b64encode(outcome.log.encode()[-LOG_TAIL:]).decode())
            self.send_header("Content-Length", str(len(outcome.payload)))
            self.end_headers()
            self.wfile.write(outcome.payload)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
