"""`oreva up` and `oreva down`: the stack of the AWS pipeline on this machine, on an embedded AWS."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oreva.cli.trust import user_state_home
from oreva.errors import UsageError
from oreva.reports.text_safety import terminal

if TYPE_CHECKING:
    from oreva.local.running import Running
    from oreva.local.stack import LocalStack

DEFAULT_PORT = 4566
"""Where other tools expect an embedded AWS; another one is taken if it is in use and nobody asked for it."""
DETACHED_START_S = 300.0
BEDROCK_VARIABLE = "OREVA_BEDROCK_ENDPOINT"
TOKEN_VARIABLE = "OREVA_GITHUB_TOKEN"  # noqa: S105  (the name of a variable)

_state_dir = click.option(
    "--state-dir", type=click.Path(file_okay=False, path_type=Path), help="Where logs and the state of `up` are kept."
)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"Port of the embedded AWS (default {DEFAULT_PORT}, 0 any)."
)
@click.option("--detach", is_flag=True, help="Come back once everything is up; `oreva down` stops it.")
@click.option("-c", "settings", multiple=True, metavar="KEY=VALUE", help="A setting of the stack, as with `cdk -c`.")
@click.option("--project", type=click.Path(file_okay=False, path_type=Path), help="Checkout with infra/ and handlers/.")
@click.option("--jobs", type=click.IntRange(1), help="Most processes of one function (default: one per processor).")
@click.option("--record-calls", type=click.Path(dir_okay=False, path_type=Path), help="Write every AWS call to a file.")
@_state_dir
def up(
    port: int | None,
    detach: bool,
    settings: tuple[str, ...],
    project: Path | None,
    jobs: int | None,
    record_calls: Path | None,
    state_dir: Path | None,
) -> int:
    """Bring up the AWS pipeline on this machine: the real stack, on an embedded AWS, without an account.

    OREVA_BEDROCK_ENDPOINT names another Converse endpoint than the built-in double, OREVA_GITHUB_TOKEN a token for
    scans of GitHub repositories.
    """
    folder = _folder(state_dir)
    _need_packages()
    given = _settings(settings)
    if detach:
        options = [("--port", port), ("--project", project), ("--jobs", jobs), ("--record-calls", record_calls)]
        arguments = [f"{name}={value}" for name, value in options if value is not None]
        return _detach(folder, [*arguments, *(f"-c{pair}" for pair in settings)])
    from oreva.local.running import claimed  # noqa: PLC0415

    with claimed(folder):
        return _run(folder, port, given, project, jobs, record_calls)


@click.command()
@_state_dir
def down(state_dir: Path | None) -> int:
    """Stop what `oreva up` has started, from another shell."""
    from oreva.local.running import stop  # noqa: PLC0415

    pid = stop(_folder(state_dir))
    click.echo("nothing is up" if pid is None else f"stopped (process {pid})")
    return 0


def _folder(state_dir: Path | None) -> Path:
    return (state_dir or user_state_home() / "up").absolute()


def _need_packages() -> None:
    missing = [name for name in ("ministack", "awslambdaric", "boto3") if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            f"{', '.join(missing)}: not installed; `oreva up` needs `pip install 'oreva[aws,infra,local]'`"
        )


def _settings(pairs: tuple[str, ...]) -> dict[str, object]:
    found: dict[str, object] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not (key and equals):
            raise UsageError(f"-c {pair}: not KEY=VALUE; write for instance -c triage=heuristic")
        found[key] = value
    return found


def _port(wanted: int | None) -> int:
    from oreva.local.aws import port_is_free  # noqa: PLC0415

    if wanted is not None:
        if wanted and not port_is_free(wanted):
            raise UsageError(f"port {wanted} of 127.0.0.1 is in use; give another one with --port, or 0 for any")
        return wanted
    return DEFAULT_PORT if port_is_free(DEFAULT_PORT) else 0


def _run(
    folder: Path,
    port: int | None,
    settings: dict[str, object],
    project: Path | None,
    jobs: int | None,
    record_calls: Path | None,
) -> int:
    from oreva.local.host import Invoked  # noqa: PLC0415
    from oreva.local.progress import ProgressWatch  # noqa: PLC0415
    from oreva.local.running import record  # noqa: PLC0415
    from oreva.local.stack import LocalStack  # noqa: PLC0415
    from oreva.local.synth import project_root  # noqa: PLC0415

    watches: list[ProgressWatch] = []

    def invoked(call: Invoked) -> None:
        for watch in watches:
            watch.invoked(call)

    stack = LocalStack(
        project_root(project),
        folder,
        port=_port(port),
        settings=settings,
        secret=_secret(),
        bedrock_endpoint=os.environ.get(BEDROCK_VARIABLE) or None,
        concurrency=jobs,
        calls_file=record_calls.absolute() if record_calls else None,
        say=_say,
        watch=invoked,
    )
    try:
        with stack:
            running = _describe(stack)
            watches.append(ProgressWatch(stack.client("stepfunctions"), running.state_machine, _say))
            try:
                record(folder, running)
                _greet(running)
                while stack.aws.alive:
                    time.sleep(0.2)
            finally:
                watches[0].close()
        raise UsageError(f"the embedded AWS has ended by itself; see {stack.logs / 'aws.log'}")
    except KeyboardInterrupt:
        _say("stopped; what the embedded AWS held is gone")
        return 0


def _secret() -> dict[str, str]:
    import secrets  # noqa: PLC0415

    token = os.environ.get(TOKEN_VARIABLE, "")
    return {"webhook_secret": secrets.token_urlsafe(24)} | ({"token": token} if token else {})


def _describe(stack: LocalStack) -> Running:
    from oreva.local.running import Running  # noqa: PLC0415
    from oreva.models import utc_now  # noqa: PLC0415

    deployed = stack.deployed
    return Running(
        pid=os.getpid(),
        started_at=utc_now(),
        url=stack.url,
        api_url=deployed.api_url,
        table=deployed.table,
        bucket=deployed.bucket,
        bus=deployed.bus,
        state_machine=deployed.state_machine,
        secret=deployed.secret,
        webhook_secret=stack.secret["webhook_secret"],
        logs=stack.logs,
        bedrock="a local double that judges nothing" if stack.bedrock else os.environ.get(BEDROCK_VARIABLE, ""),
    )


def _greet(running: Running) -> None:
    """Say where everything is, and how a first scan is started."""
    click.echo(
        rf"""
Oreva is up on this machine. Ctrl-C stops it, or `oreva down` in another shell.

  API             {running.api_url}   (routes: docs/api.md)
  table           {running.table}
  bucket          {running.bucket}
  event bus       {running.bus}
  state machine   {running.state_machine}
  webhook         {running.api_url}/v1/webhooks/github   secret: {running.webhook_secret}
  Bedrock         {running.bedrock}
  logs            {running.logs}
  for AWS tools   AWS_ENDPOINT_URL={running.url} AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test

A first scan, with the report shown here:

  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1
  oreva scan examples/shop --fail-on none --remote {running.api_url}

The same with curl. The API wants signed requests, as in AWS; the embedded AWS checks neither signature nor permissions:

  API={running.api_url}/v1
  api() {{ curl -sS --aws-sigv4 aws:amz:us-east-1:execute-api --user test:test -H 'Content-Type: application/json' \
    "$API/$@"; }}
  tar -czf /tmp/shop.tar.gz -C examples/shop .
  api uploads -d "{{\"repository\": \"shop\", \"bytes\": $(wc -c < /tmp/shop.tar.gz)}}" > /tmp/ticket.json
  python3 -c 'import json; t = json.load(open("/tmp/ticket.json")); print("url=" + json.dumps(t["url"]), \
    *("header=" + json.dumps(": ".join(h)) for h in t["headers"].items()), sep="\n")' > /tmp/ticket.curl
  curl -sS --config /tmp/ticket.curl --upload-file /tmp/shop.tar.gz
  api scans -d "{{\"repository\": \"shop\", $(grep -o '"upload_id": *"[^"]*"' /tmp/ticket.json)}}"
  api 'findings?repository=archive/shop'
"""
    )


def _say(line: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')}  {terminal(line)}", err=True)


def _detach(folder: Path, arguments: list[str]) -> int:
    """Start the same command in a session of its own, and wait until it is up."""
    from oreva.local.running import holder, running_in  # noqa: PLC0415

    if holder(folder) is not None:
        raise UsageError("Oreva is up already; stop it with `oreva down`, or use a --state-dir of its own")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log_file = folder / "up.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "oreva", "up", "--state-dir", str(folder), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + DETACHED_START_S
    try:
        while process.poll() is None and time.monotonic() < deadline:
            running = running_in(folder)
            if running is not None:
                _greet(running)
                return 0
            time.sleep(0.1)
    except KeyboardInterrupt:
        process.terminate()
        raise
    said = log_file.read_text(errors="replace").strip().splitlines()
    if process.poll() is None:
        process.terminate()
    raise UsageError(
        f"it did not come up: {(said or ['it said nothing'])[-1].removeprefix('oreva: ')} (see {log_file})"
    )
