"""Runs the embedded AWS (ministack) with function errors as Lambda reports them: `python -m oreva.local.embedded`.

ministack forwards an invocation to a host of ours, but takes every 2xx answer for a success, so that no error name
would reach `Retry` and `Catch` of a state machine. That one function of it is replaced here, and resource types that it
does not know in templates are added (`oreva.local.resource_types`). Standard input is a pipe
from whoever started this; when it closes, the embedded AWS ends, so that none is left behind.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from oreva.local.resource_types import add_resource_types

PATIENCE_S = 3_600
"""How much longer than its timeout an invocation may take: the host ends it in time, but it may have to wait there."""


def forward(function: dict[str, Any], event: object, url: str, request_id: str) -> dict[str, Any]:
    """Invoke a function at its host, and tell ministack how it ended."""
    config = function.get("config") or function
    timeout = float(config.get("Timeout") or 3)
    request = urllib.request.Request(  # noqa: S310  (the address is our own host's)
        url,
        data=json.dumps(event, ensure_ascii=False).encode(),
        headers={
            "Content-Type": "application/json",
            "X-Amzn-Lambda-Request-Id": request_id,
            "X-Amzn-Lambda-Deadline-Ms": str(int((time.time() + timeout) * 1000)),
        },
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout + PATIENCE_S) as answer:  # noqa: S310
            body = answer.read()
            failed = answer.headers.get("X-Amz-Function-Error")
            log = base64.b64decode(answer.headers.get("X-Amz-Log-Result") or "").decode("utf-8", "replace")
    except (OSError, urllib.error.URLError) as error:
        said = {"errorType": "Lambda.ServiceException", "errorMessage": f"the function host does not answer: {error}"}
        return {"body": said, "error": True}
    try:
        result: dict[str, Any] = {"body": json.loads(body) if body else None, "log": log}
    except ValueError:
        result = {"body": body.decode("utf-8", "replace"), "raw_payload": True, "log": log}
    if failed:
        result |= {"error": True, "function_error": failed}
    return result


def main() -> None:
    """Run until a signal comes, or standard input closes."""
    from ministack import app  # type: ignore[import-untyped]  # noqa: PLC0415
    from ministack.services import lambda_svc  # type: ignore[import-untyped]  # noqa: PLC0415

    if not callable(getattr(lambda_svc, "_execute_function_proxy", None)):
        sys.exit(
            "oreva: this ministack has no function proxy; install the pinned one with `pip install 'oreva[local]'`"
        )
    lambda_svc._execute_function_proxy = forward  # noqa: SLF001  (see above)
    add_resource_types()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.argv = ["ministack"]
    app.main()


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
