"""The CDK app: `cdk` runs it as cdk.json says, and `python -m infra.app [-c key=value] [--output DIR]` without `cdk`.

Both write the same template. Neither needs Docker, an account, or a Node.js on the search path.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from aws_cdk import App
from aws_cdk.cx_api import SynthesisMessageLevel

from infra.nag import check
from infra.settings import Settings, settings_from
from infra.stack import OrevaStack
from oreva.errors import OrevaError

ROOT = Path(__file__).resolve().parent.parent
_FROM_CLI = "CDK_CONTEXT_JSON"
"""Set by the `cdk` command, which reads cdk.json and `-c` itself."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Synthesize; returns 2 and one line on stderr if the settings are wrong, 1 if a security rule is broken."""
    parser = argparse.ArgumentParser(prog="python -m infra.app", description="Write the CloudFormation template.")
    parser.add_argument("-c", "--context", action="append", default=[], metavar="KEY=VALUE", help="a setting")
    parser.add_argument("-o", "--output", default=os.environ.get("CDK_OUTDIR", "cdk.out"), help="folder to write")
    given = parser.parse_args(arguments)
    try:
        app = App(outdir=given.output, analytics_reporting=False, context=_context(given.context))
        stack = build(app)
    except OrevaError as error:
        print(f"infra: {error}", file=sys.stderr)  # noqa: T201
        return 2
    said = app.synth().get_stack_artifact(stack.artifact_id).messages
    if _FROM_CLI not in os.environ:  # `cdk` prints warnings itself
        for message in said:
            if message.level is SynthesisMessageLevel.WARNING:
                print(f"infra: warning: {message.entry.data}", file=sys.stderr)  # noqa: T201
    problems = [message for message in said if message.level is SynthesisMessageLevel.ERROR]
    for problem in problems:
        print(f"infra: {problem.id}: {problem.entry.data}", file=sys.stderr)  # noqa: T201
    return 1 if problems else 0


def build(app: App, settings: Settings | None = None) -> OrevaStack:
    """The stack in an app, with the security rules watching. Settings come from the app's context if left out."""
    stack = OrevaStack(app, settings or settings_from(dict(app.node.get_all_context())))
    check(app, stack)
    return stack


def _context(pairs: Sequence[str]) -> dict[str, object]:
    """What `cdk` would pass on: the feature flags of cdk.json, and `-c`."""
    context: dict[str, object] = {}
    if _FROM_CLI not in os.environ:
        context = dict(json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"])
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not mark:
            raise OrevaError(f"-c {pair}: no value; write -c {key}=VALUE")
        context[key] = value
    return context


if __name__ == "__main__":
    sys.exit(main())
