"""The environment of the programs that Oreva starts: nothing of the user's but what they cannot run without."""

from __future__ import annotations

import os
from pathlib import Path

PASSED_ON: tuple[str, ...] = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH")
"""All of the user's environment that is passed on: the search path; the CA bundle, without which Semgrep refuses to
start even offline; and where shared libraries lie, without which some builds of Python do not start."""


def child_environment(scratch: Path, **extra: str) -> dict[str, str]:
    """The environment of a program that reads code or rules of others, with `extra` variables.

    No credentials, no settings of the user, a home and a temp folder of its own (`scratch`).
    Of the user's environment only `PASSED_ON` is there.
    """
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    if "SSL_CERT_FILE" not in environment:
        import certifi  # noqa: PLC0415  (only where the system names no bundle)

        environment["SSL_CERT_FILE"] = certifi.where()
    environment |= {
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    return environment | extra


def semgrep_environment(scratch: Path) -> dict[str, str]:
    """The same for Semgrep: settings and log of its own, no metrics, and no io_uring, which containers forbid."""
    return child_environment(
        scratch,
        SEMGREP_SETTINGS_FILE=str(scratch / "settings.yml"),
        SEMGREP_LOG_FILE=str(scratch / "semgrep.log"),
        SEMGREP_SEND_METRICS="off",
        EIO_BACKEND="posix",
    )
