"""Writing a report: to standard output, or whole or not at all to a file."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oreva.errors import UsageError
from oreva.sources.display import shown

if TYPE_CHECKING:
    from oreva.cli.progress import ProgressLine
    from oreva.reports.base import ReportData

WIDEST = 120
NARROWEST = 60


def use_color(choice: str, output: Path | None) -> bool:
    """Whether to color: as asked, else if a person reads it (https://no-color.org is honoured)."""
    if choice != "auto":
        return choice == "always"
    return output is None and sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def require_output(output: Path | None) -> None:
    """Raise `UsageError` if the report has nowhere to go, before anything is scanned."""
    if output is None and sys.stdout is None:
        raise UsageError("standard output is closed, so the report would be lost; name a file with --output")


def write_report(format_: str, data: ReportData, output: Path | None, *, color: bool, progress: ProgressLine) -> None:
    """Render and write a report. Raises `UsageError` if the file cannot be written; then nothing of it is."""
    from oreva.reports.registry import render  # noqa: PLC0415  (a format loads what it needs)

    width = min(WIDEST, max(NARROWEST, shutil.get_terminal_size((100, 24)).columns))
    text = render(format_, data, color=color, width=width)
    if output is None:
        try:
            click.echo(text.encode("utf-8", "backslashreplace"), nl=False)
        except BrokenPipeError:
            forget_reader()  # what the scan found still decides the exit status
        return
    write_whole(output, text)
    progress.say(f"report written to {output}")


def forget_reader() -> None:
    """Let standard output lead nowhere once its reader has gone (`oreva scan | head`): that is no error of ours."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_whole(target: Path, text: str) -> None:
    """Write a file so that a reader sees the old content or the new one, never half of it."""
    content = text.encode("utf-8", "backslashreplace")
    if target.exists() and not target.is_file():
        # A pipe or a device such as /dev/stdout: it cannot be replaced, only written to.
        try:
            target.write_bytes(content)
        except OSError as error:
            raise UsageError(
                f"--output {shown(str(target))}: {error.strerror}; name a file that can be written"
            ) from error
        return
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(
            f"--output {shown(str(target))}: {error.strerror}; name a file in a directory that can be written"
        ) from error
