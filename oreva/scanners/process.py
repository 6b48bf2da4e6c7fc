"""One scanner process under limits: wall time, resident memory of its whole tree, bytes written, cancellation."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from oreva.environment import child_environment
from oreva.errors import ScannerError

__all__ = ["CancelledError", "Finished", "child_environment", "run"]

POLL_S = 0.05
MEMORY_POLL_S = 0.25
STDERR_TAIL = 4_000


_NOT_STARTED = "oreva cannot start it: "
_ENDING_WITH_US = f"""\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
try:
    os.execvp(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.stderr.write({_NOT_STARTED!r} + error.strerror)
    sys.exit(127)
"""
"""Runs the command given after our process id, and has the kernel kill it when we die (`PR_SET_PDEATHSIG`)."""


class CancelledError(Exception):
    """The user asked to stop; whatever ran has been killed."""


@dataclass(frozen=True)
class Finished:
    """How a process ended."""

    returncode: int
    """Negative: the number of the signal that ended it."""
    stopped: str
    """Why we killed it, in words for a person; empty if it ended by itself."""
    stderr: str
    """The last few kilobytes it wrote there."""

    @property
    def reason(self) -> str:
        """Why it did not end well, in words; empty for exit status 0."""
        if self.stopped:
            return self.stopped
        if self.returncode < 0:
            try:
                name = signal.Signals(-self.returncode).name
            except ValueError:
                name = str(-self.returncode)
            return f"crashed ({name})"
        return f"exit status {self.returncode}" if self.returncode else ""


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    stdout: Path,
    timeout_s: float,
    memory_bytes: int,
    output_bytes: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> Finished:
    """Run one command to its end or to a limit, its output going to the file `stdout`.

    On Linux the process dies with the thread that calls this, even if that is killed.

    Raises `CancelledError` once `cancelled()` is true, and `ScannerError` if the program cannot be started at all. The
    process gets a session of its own, so that nothing it starts outlives it.
    """
    if shutil.which(command[0], path=environment.get("PATH")) is None:
        raise _not_started(command, "no such program")
    errors = stdout.with_name(stdout.name + ".stderr")
    with stdout.open("wb") as out, errors.open("wb") as err:
        try:
            process = subprocess.Popen(
                _ending_with_us(command),
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started(command, error.strerror or type(error).__name__) from error
        _limit_file_size(process.pid, output_bytes)
        stopped = _watch(process, stdout, timeout_s, memory_bytes, output_bytes, cancelled)
    with errors.open("rb") as err:
        err.seek(max(0, errors.stat().st_size - STDERR_TAIL))
        tail = err.read().decode("utf-8", "replace")
    if tail.startswith(_NOT_STARTED):
        raise _not_started(command, tail.removeprefix(_NOT_STARTED))
    if not stopped and (-process.returncode == signal.SIGXFSZ or stdout.stat().st_size >= output_bytes):
        stopped = f"wrote more than {_megabytes(output_bytes)}"
    return Finished(process.returncode, stopped, tail)


def _ending_with_us(command: Sequence[str]) -> list[str]:
    if sys.platform != "linux" or not sys.executable:
        return list(command)
    return [sys.executable, "-I", "-S", "-c", _ENDING_WITH_US, str(os.getpid()), *command]


def _not_started(command: Sequence[str], reason: str) -> ScannerError:
    return ScannerError(f"{command[0]} cannot be started ({reason}); run `oreva doctor`")


def _watch(
    process: subprocess.Popen[bytes],
    stdout: Path,
    timeout_s: float,
    memory_bytes: int,
    output_bytes: int,
    cancelled: Callable[[], bool],
) -> str:
    """Wait for the process; kill it at a limit and say which."""
    deadline = time.monotonic() + timeout_s
    next_memory = time.monotonic() + MEMORY_POLL_S
    try:
        while True:
            try:
                process.wait(POLL_S)
            except subprocess.TimeoutExpired:
                pass
            else:
                return ""
            if cancelled():
                raise CancelledError
            now = time.monotonic()
            if now > deadline:
                return f"took longer than {timeout_s:g} s"
            if now > next_memory:
                next_memory = now + MEMORY_POLL_S
                if _resident(process.pid) > memory_bytes:
                    return f"needed more than {_megabytes(memory_bytes)} of memory"
                if stdout.stat().st_size > output_bytes:
                    return f"wrote more than {_megabytes(output_bytes)}"
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and everything that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _resident(pid: int) -> int:
    """Resident bytes of a process and its descendants; 0 if it has just ended."""
    try:
        root = psutil.Process(pid)
        tree = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0
    total = 0
    for process in tree:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total


def _limit_file_size(pid: int, limit: int) -> None:
    """Let the kernel end a process that writes a huge file (Linux; elsewhere the watch on its output has to do)."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415

        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, limit))


def _megabytes(count: int) -> str:
    return f"{count / 1024**2:,.0f} MB"
