"""The whole of Oreva on this machine: CDK app, embedded AWS, function host and Bedrock double, up and down together."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from oreva.local.aws import EmbeddedAws
from oreva.local.bedrock import MODEL_ID, ConverseServer
from oreva.local.deploy import Deployed, deploy, template_functions
from oreva.local.function import ACCOUNT, REGION
from oreva.local.host import FunctionHost, Invoked
from oreva.local.synth import StackTemplate, synthesize

LOCAL_SETTINGS: Mapping[str, object] = {
    "scanner_image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/oreva/scanner:local",
    "control_image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/oreva/control:local",
}
"""Settings of the CDK app that differ from a real deployment: images are not built, since processes stand for them."""


class LocalStack:
    """One deployment on the loopback. Use it as a context manager; all of it is gone when it ends."""

    deployed: Deployed
    """What was deployed; there once it is up."""
    template: StackTemplate
    aws: EmbeddedAws
    host: FunctionHost
    bedrock: ConverseServer | None = None
    """The double, unless another endpoint was given."""

    def __init__(
        self,
        root: Path,
        folder: Path,
        *,
        port: int = 0,
        settings: Mapping[str, object] | None = None,
        secret: Mapping[str, str] | None = None,
        bedrock_endpoint: str | None = None,
        concurrency: int | None = None,
        calls_file: Path | None = None,
        aws_variables: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda _: None,
        watch: Callable[[Invoked], None] = lambda _: None,
    ) -> None:
        """Prepare; nothing is started yet.

        Args:
            root: checkout with `infra/` and `handlers/`.
            folder: where logs and temporary files go.
            port: of the embedded AWS; 0 takes a free one.
            settings: of the CDK app, as with `cdk -c`.
            secret: content of the GitHub secret; a random webhook secret and no token if left out.
            bedrock_endpoint: another Converse endpoint instead of the double.
            concurrency: most processes of one function.
            calls_file: records every AWS call of the functions there.
            aws_variables: more environment variables of ministack.
            say: is told what is being done.
            watch: is told of every finished invocation.
        """
        self.root, self.folder = root, folder
        self.secret = dict(secret) if secret is not None else {"webhook_secret": secrets.token_urlsafe(24)}
        self._port = port
        self._settings = dict(settings or {})
        self._bedrock_endpoint = bedrock_endpoint
        self._concurrency, self._calls_file = concurrency, calls_file
        self._aws_variables = dict(aws_variables or {})
        self._say, self._watch = say, watch
        self._parts = ExitStack()

    @property
    def logs(self) -> Path:
        """One log file per function, and that of the embedded AWS."""
        return self.folder / "logs"

    @property
    def url(self) -> str:
        """Endpoint of the embedded AWS."""
        return self.aws.url

    def client(self, service: str) -> Any:
        """A client of one service of the embedded AWS."""
        return self.aws.client(service)

    def __enter__(self) -> LocalStack:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Bring everything up. Raises `UsageError` that says what is in the way; then nothing is left running."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End everything that was started, in the opposite order."""
        self._parts.close()

    def _start(self) -> None:
        work = self.folder / "work"
        for folder in (work, self.logs):  # of the time before
            shutil.rmtree(folder, ignore_errors=True)
        for folder in (work, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self._parts.callback(shutil.rmtree, work, ignore_errors=True)
        bedrock = self._bedrock_endpoint
        settings = {**LOCAL_SETTINGS, **self._settings}
        if bedrock is None:
            self.bedrock = self._parts.enter_context(ConverseServer())
            bedrock = self.bedrock.url
            settings.setdefault("model_id", MODEL_ID)
        self._say("synthesizing the stack (infra/app.py)")
        template = self.template = synthesize(self.root, work / "cdk.out", settings)
        self.host = self._parts.enter_context(
            FunctionHost(
                root=self.root,
                work=work / "functions",
                logs=self.logs,
                endpoints={"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": bedrock},
                concurrency=self._concurrency,
                calls_file=self._calls_file,
                watch=self._watch,
            )
        )
        self._say("starting the embedded AWS")
        forwarded = {
            f"MINISTACK_LAMBDA_PROXY_{name}": f"{self.host.url}/{name}" for name in template_functions(template)
        }
        self.aws = EmbeddedAws(
            work=work, log_file=self.logs / "aws.log", port=self._port, variables={**forwarded, **self._aws_variables}
        )
        self._parts.enter_context(self.aws)
        self._say(f"deploying stack {template.name}")
        self.deployed = deploy(template, self.aws.client, self.aws.url)
        if self.deployed.secret:
            self.client("secretsmanager").put_secret_value(
                SecretId=self.deployed.secret, SecretString=json.dumps(self.secret)
            )
        self.host.serve(self.deployed.functions, {"AWS_ENDPOINT_URL": self.aws.url})
