"""The embedded AWS: a ministack process on the loopback, with nothing of the user's environment."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oreva.errors import UsageError
from oreva.local.function import CREDENTIALS, PASSED_ON, REGION

if TYPE_CHECKING:
    from boto3.session import Session

START_S = 60.0
STOP_S = 3.0
"""It holds nothing that is kept, so it is not waited for any longer."""


class EmbeddedAws:
    """One ministack. Use it as a context manager; what it holds is gone when it ends."""

    def __init__(
        self, *, work: Path, log_file: Path, port: int = 0, variables: Mapping[str, str] | None = None
    ) -> None:
        """`port` 0 takes a free one; `variables` are more settings of ministack."""
        self.port = port or free_port()
        self._work, self._log_file = work, log_file
        self._variables = dict(variables or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: dict[str, Any] = {}

    def __enter__(self) -> EmbeddedAws:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Endpoint of every service."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises `UsageError` if the port is taken, if ministack is not installed, or if it does not come up.
        """
        if not port_is_free(self.port):
            raise UsageError(f"port {self.port} of 127.0.0.1 is in use; give another one with --port, or 0 for any")
        temporary = self._work / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
            "HOME": str(temporary),
            "TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "BIND_HOST": "127.0.0.1",
            "DOCKER_HOST": f"unix://{temporary}/no-docker.sock",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "LOG_LEVEL": "INFO",
            "MINISTACK_REGION": REGION,
            "S3_DATA_DIR": str(temporary / "s3"),
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(temporary / "state"),
            **CREDENTIALS,
            **self._variables,
        }
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "oreva.local.embedded"],
                cwd=self._work,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it; at once if it does not end by itself."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def client(self, service: str) -> Any:
        """A client of one service, the same one each time."""
        if service not in self._clients:
            self._clients[service] = client(service, self.url)
        return self._clients[service]

    def _wait(self) -> None:
        assert self._process is not None  # noqa: S101  (narrows the type)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise UsageError(f"the embedded AWS ended at once ({_last_line(self._log_file)}); see {self._log_file}")
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=2):  # noqa: S310
                return
            time.sleep(0.05)
        raise UsageError(f"the embedded AWS did not answer within {START_S:g} s; see {self._log_file}")


def session() -> Session:
    """A boto3 session of the embedded AWS: dummy credentials, no profile of the user."""
    import boto3  # noqa: PLC0415

    return boto3.session.Session(
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )


def client(service: str, url: str) -> Any:
    """A client of one service of the embedded AWS."""
    from botocore.config import Config  # noqa: PLC0415

    config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 3}, proxies={})
    made: Any = session().client(service, endpoint_url=url, config=config)  # type: ignore[call-overload]
    return made


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether a server may listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _last_line(log_file: Path) -> str:
    lines = log_file.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
