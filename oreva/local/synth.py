"""Synthesizing the CDK app in a process of its own, as the `cdk` command does it, and reading what came out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oreva.errors import UsageError
from oreva.local.function import ACCOUNT, REGION

PARTS = ("infra/app.py", "handlers")
"""What makes a folder the one to start from."""
SYNTH_S = 300.0
_STACK = "aws:cloudformation:stack"


@dataclass(frozen=True)
class Asset:
    """A file that must lie in S3 before the stack is deployed."""

    path: Path
    bucket: str
    key: str


@dataclass(frozen=True)
class StackTemplate:
    """One synthesized stack."""

    name: str
    template: Path
    assets: tuple[Asset, ...] = ()


def project_root(given: Path | None) -> Path:
    """The checkout that holds the CDK app and the handlers.

    `given`, else the working directory, else where this code lies. Raises `UsageError` that says how to get one.
    """
    here = Path(__file__).resolve().parents[2]
    for folder in [given] if given is not None else [Path.cwd(), here]:
        if all((folder / part).exists() for part in PARTS):
            return folder.resolve()
    where = given if given is not None else Path.cwd()
    raise UsageError(
        f"{where}: no infra/app.py and handlers/ there, and the installed package does not carry them; get the source "
        "of this version of Oreva, install it with `pip install -e '.[aws,infra,local]'`, and run `oreva up` in it"
    )


def synthesize(root: Path, output: Path, settings: Mapping[str, object]) -> StackTemplate:
    """Run the CDK app of `root` and write its cloud assembly to `output`.

    `settings` are context values, as with `cdk -c key=value`; they win over those of `cdk.json`. Raises `UsageError`
    with what the app said, if it fails.
    """
    context = {**_context_of(root), **settings}
    # HOME, since jsii keeps its unpacked packages there: without them each run takes four times as long.
    kept = ("HOME", "PATH", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "JSII_NODE", "TMPDIR", "XDG_CACHE_HOME")
    environment = {name: os.environ[name] for name in kept if name in os.environ} | {
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": REGION,
        "CDK_OUTDIR": str(output),
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "infra.app"],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SYNTH_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"the CDK app did not end within {SYNTH_S:g} s; try `make synth`") from None
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise UsageError(f"the CDK app failed: {_complaint(said)}; run `make synth` to see all of it")
    return read_assembly(output)


def read_assembly(folder: Path) -> StackTemplate:
    """The one stack of a cloud assembly. Raises `UsageError` if there is none, or more than one."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: no cloud assembly ({error}); run `make synth`") from error
    stacks = [(name, each) for name, each in manifest["artifacts"].items() if each["type"] == _STACK]
    if len(stacks) != 1:
        raise UsageError(f"{folder}: {len(stacks)} stacks, expected one; check infra/app.py")
    name, artifact = stacks[0]
    properties = artifact["properties"]
    assets = folder / f"{name}.assets.json"
    found: list[Asset] = []
    if assets.is_file():
        for entry in json.loads(assets.read_text(encoding="utf-8"))["files"].values():
            source = folder / entry["source"]["path"]
            if source.is_file():
                found += [
                    Asset(source, _filled(target["bucketName"]), target["objectKey"])
                    for target in entry["destinations"].values()
                ]
    return StackTemplate(properties.get("stackName", name), folder / properties["templateFile"], tuple(found))


def _context_of(root: Path) -> dict[str, Any]:
    try:
        content = json.loads((root / "cdk.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise UsageError(f"{root / 'cdk.json'}: not JSON ({error}); correct it") from error
    context: dict[str, Any] = content.get("context", {})
    return context


def _filled(name: str) -> str:
    """A name with the placeholders of a cloud assembly replaced."""
    for placeholder, value in (("AccountId", ACCOUNT), ("Region", REGION), ("Partition", "aws")):
        name = name.replace("${AWS::" + placeholder + "}", value)
    return name


def _complaint(lines: list[str]) -> str:
    """The line of a traceback that says what is wrong, else the last one."""
    errors = [line.strip() for line in lines if "Error" in line and not line.startswith((" ", "\t"))]
    return (errors or lines)[-1].strip()
