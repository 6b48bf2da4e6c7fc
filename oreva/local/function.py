"""What a function is, how an invocation of it ends, and what its process may see."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REGION = "us-east-1"
ACCOUNT = "000000000000"
"""What the embedded AWS calls itself."""
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
"""The embedded AWS takes any; these open nothing elsewhere."""

PASSED_ON: tuple[str, ...] = ("SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH")
"""All of the user's environment that the process of a function sees."""


@dataclass(frozen=True)
class FunctionConfig:
    """One deployed function, as Lambda's own configuration describes it."""

    name: str
    handler: str
    """`package.module.function`, the command of the image."""
    timeout_s: float
    memory_mb: int
    variables: Mapping[str, str] = field(default_factory=dict)
    arn: str = ""


@dataclass(frozen=True)
class Outcome:
    """How one invocation ended."""

    payload: bytes
    """What the handler returned, or `{errorType, errorMessage, ...}`, as JSON."""
    failed: bool = False
    log: str = ""
    """What the function wrote meanwhile; the end of it, if it wrote much."""


def failure(kind: str, message: str, log: str = "") -> Outcome:
    """An invocation that Lambda itself ends, in Lambda's own shape."""
    return Outcome(json.dumps({"errorType": kind, "errorMessage": message}).encode(), failed=True, log=log)


def process_environment(
    function: FunctionConfig, *, runtime_api: str, root: Path, scratch: Path, endpoints: Mapping[str, str]
) -> dict[str, str]:
    """All that the process of a function sees: its own settings and what Lambda gives every function.

    `endpoints` are variables such as `AWS_ENDPOINT_URL`. Of the user's environment only `PASSED_ON` is there;
    credentials are dummies, and the user's AWS profiles are out of reach.
    """
    programs = [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    return {
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        **function.variables,
        **CREDENTIALS,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_EXECUTION_ENV": "AWS_Lambda_Image",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": scratch.name,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_REGION": REGION,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "HOME": str(scratch),
        "LAMBDA_RUNTIME_DIR": str(root),
        "LAMBDA_TASK_ROOT": str(root),
        "LANG": "en_US.UTF-8",
        "PATH": os.pathsep.join(programs),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(scratch),
        "TZ": ":UTC",
        "_HANDLER": function.handler,
        **endpoints,
    }
