"""`oreva triage`: measure how well a triager judges."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def triage() -> None:
    """Measure how well a triager judges."""


@triage.command("eval")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--triage", "mode", type=click.Choice(["heuristic"]), default="heuristic", show_default=True)
def evaluate_file(file: Path, mode: str) -> None:
    """Judge the labelled cases in FILE (JSON lines) and compare the verdicts with the labels."""
    from oreva.triage.evaluate import evaluate  # noqa: PLC0415
    from oreva.triage.registry import triager  # noqa: PLC0415

    judge = triager(mode)
    assert judge is not None  # noqa: S101  (narrows the type: only `off` gives none)
    click.echo(str(evaluate(file, judge)))
