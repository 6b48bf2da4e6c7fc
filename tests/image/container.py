"""Functions in containers, held to what Lambda allows, and driven through the Lambda Runtime API."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oreva.local.function import REGION
from oreva.local.runtime_api import Invocation, RuntimeApi, now_ms

ROOT = Path(__file__).resolve().parent.parent.parent
RELAY = Path(__file__).with_name("relay.py")
START_S = 60
LAMBDA_USER = "993:990"
CAGE = (
    "--network=none",  # a loopback of its own and nothing else
    "--read-only",
    "--tmpfs=/tmp:rw,exec,size=512m,mode=1777",
    "--ipc=none",  # no /dev/shm
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--pids-limit=1024",
    "--ulimit=nofile=1024:1024",
    f"--user={LAMBDA_USER}",
)
"""What Lambda allows a function, in Docker's words; memory comes with each function."""
RUNTIME_PORT = 9001
SERVICES_PORT = 4566
"""Of the first endpoint; the next one has the next."""


@dataclass(frozen=True)
class Engine:
    """The Docker engine and the images built with it."""

    client: str
    host: str
    base_image: str
    images: dict[str, str] = field(default_factory=dict)
    """Target to image."""

    def run(self, *arguments: str, check: bool = True, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """One command of the client; fails with what it said."""
        environment = {**os.environ, "DOCKER_BUILDKIT": "1"} | ({"DOCKER_HOST": self.host} if self.host else {})
        done = subprocess.run(
            [self.client, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=timeout
        )
        if check and done.returncode != 0:
            raise AssertionError(f"docker {' '.join(arguments)}: {(done.stdout + done.stderr)[-4000:]}")
        return done

    def build(self, target: str, **arguments: str) -> float:
        """Build one target of the Dockerfile; returns the seconds it took."""
        bundle = os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt"
        command = ["build", "--network=host", f"--target={target}", f"--tag=oreva-{target}:test"]
        if self.base_image:
            arguments["BASE_IMAGE"] = self.base_image
        command += [f"--build-arg={name}={value}" for name, value in arguments.items()]
        if Path(bundle).is_file():
            command.append(f"--secret=id=ca_bundle,src={bundle}")
        start = time.monotonic()
        self.run(*command, str(ROOT), timeout=1200)
        self.images[target] = f"oreva-{target}:test"
        return time.monotonic() - start

    def python(self, target: str, *arguments: str, mounts: Mapping[Path, str] | None = None) -> str:
        """Run Python in an image as Lambda would run it; returns what it printed."""
        volumes = [f"--volume={source}:{place}:ro" for source, place in (mounts or {}).items()]
        image = self.images[target]
        run = ("run", "--rm", *CAGE, "--memory=2g", *volumes, "--entrypoint=python", image, *arguments)
        return self.run(*run).stdout

    def inspect(self, target: str) -> dict[str, Any]:
        """What the engine knows of an image."""
        described: list[dict[str, Any]] = json.loads(self.run("image", "inspect", self.images[target]).stdout)
        return described[0]


@dataclass(frozen=True)
class Answer:
    """How one invocation ended."""

    payload: Any
    failed: bool
    seconds: float


class Function:
    """A function in a container of its own; use it as a context manager.

    It has no network. A second container shares its loopback and carries some ports of it to the test: the Runtime API,
    and what `endpoints` names: variable to host:port, such as `AWS_ENDPOINT_URL_S3`. So whatever the function reaches,
    it reaches through one of these.
    """

    def __init__(
        self,
        engine: Engine,
        target: str,
        handler: str,
        *,
        endpoints: Mapping[str, str],
        memory_mb: int,
        timeout_s: float,
        variables: Mapping[str, str],
    ) -> None:
        self.engine = engine
        self.handler = handler
        self.memory_mb = memory_mb
        self.timeout_s = timeout_s
        self.cold_start_s = 0.0
        self._image = engine.images[target]
        self._routes = dict(enumerate(endpoints.values(), SERVICES_PORT))
        addresses = (f"http://127.0.0.1:{port}" for port in self._routes)
        self._variables = dict(variables) | dict(zip(endpoints, addresses, strict=True))
        self._name = f"oreva-{uuid.uuid4().hex[:12]}"
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> "Function":
        with contextlib.ExitStack() as started:
            self._api = RuntimeApi()
            started.callback(self._api.close)
            sockets = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="oreva-", dir="/tmp")))
            sockets.chmod(0o755)
            routes = {RUNTIME_PORT: self._api.address, **self._routes}
            outside = [f"unix:{sockets}/{port}=tcp:{target}" for port, target in routes.items()]
            inside = [f"tcp:127.0.0.1:{port}=unix:/sockets/{port}" for port in routes]
            started.enter_context(_relay([sys.executable, str(RELAY), *outside]))
            started.callback(self.engine.run, "rm", "--force", self._relay_name, check=False)
            self.engine.run(
                *("run", "--detach", f"--name={self._relay_name}", *CAGE, "--memory=256m"),
                *(f"--volume={sockets}:/sockets:ro", f"--volume={RELAY}:/relay.py:ro"),
                *("--entrypoint=python", self._image, "/relay.py", *inside),
            )
            self._await_relay()
            started.callback(self.engine.run, "rm", "--force", self._name, check=False)
            start = time.monotonic()
            cage = [option for option in CAGE if not option.startswith("--network")]
            self.engine.run(
                *("run", "--detach", f"--name={self._name}", *cage, f"--network=container:{self._relay_name}"),
                *(f"--memory={self.memory_mb}m", f"--memory-swap={self.memory_mb}m"),
                *(f"--env={name}={value}" for name, value in self._environment().items()),
                *(self._image, self.handler),
            )
            if not self._api.ready.wait(START_S) or not self._api.outcomes.empty():
                raise AssertionError(f"{self.handler} does not start:\n{self.logs()}")
            self.cold_start_s = time.monotonic() - start
            self._cleanup = started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def invoke(self, event: object) -> Answer:
        """Run the handler once. Fails the test if the process dies or is not done in time, as Lambda would end it."""
        request_id = str(uuid.uuid4())
        start = time.monotonic()
        deadline = now_ms() + int(self.timeout_s * 1000)
        arn = f"arn:aws:lambda:{REGION}:000000000000:function:{self._variables['AWS_LAMBDA_FUNCTION_NAME']}"
        self._api.offer(Invocation(request_id, json.dumps(event).encode(), arn, deadline))
        while now_ms() < deadline:
            with contextlib.suppress(queue.Empty):
                answered, outcome = self._api.outcomes.get(timeout=0.5)
                if answered in {request_id, ""}:
                    return Answer(json.loads(outcome.payload), outcome.failed, time.monotonic() - start)
            if not self.running():
                raise AssertionError(f"{self.handler} ended during an invocation:\n{self.logs()}")
        raise AssertionError(f"{self.handler} took longer than {self.timeout_s} s:\n{self.logs()}")

    def running(self) -> bool:
        """Whether the container still runs."""
        done = self.engine.run("inspect", "--format={{.State.Running}}", self._name, check=False)
        return done.stdout.strip() == "true"

    def logs(self) -> str:
        """What the function wrote so far."""
        done = self.engine.run("logs", self._name, check=False)
        return done.stdout + done.stderr

    def execute(self, program: str) -> str:
        """Run a Python program beside the function, in its container; returns what it printed."""
        return self.engine.run("exec", self._name, "python", "-c", program).stdout

    @property
    def _relay_name(self) -> str:
        return f"{self._name}-relay"

    def _await_relay(self) -> None:
        deadline = time.monotonic() + START_S
        while "ready" not in self.engine.run("logs", self._relay_name).stdout:
            if time.monotonic() > deadline:
                raise AssertionError("the relay of the function does not start")
            time.sleep(0.05)

    def _environment(self) -> dict[str, str]:
        name = f"oreva-{self.handler.split('.')[-2]}"
        self._variables["AWS_LAMBDA_FUNCTION_NAME"] = name
        return {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_EXECUTION_ENV": "AWS_Lambda_Image",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_mb),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "test",
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{RUNTIME_PORT}",
            "AWS_REGION": REGION,
            "AWS_SECRET_ACCESS_KEY": "testing",
            "POWERTOOLS_LOG_LEVEL": "INFO",
            "POWERTOOLS_METRICS_NAMESPACE": "Oreva",
            "POWERTOOLS_SERVICE_NAME": "oreva",
            "_HANDLER": self.handler,
            **self._variables,
        }


@contextlib.contextmanager
def _relay(command: Sequence[str]) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline().strip() != "ready":
                raise AssertionError("the relay outside of the container does not start")
            yield
        finally:
            process.terminate()
