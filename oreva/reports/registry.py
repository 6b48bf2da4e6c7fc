"""The report formats by name."""

from __future__ import annotations

from importlib import import_module

from oreva.errors import UsageError
from oreva.reports.base import ReportData
from oreva.reports.formats import FORMATS

_ALL = (*FORMATS, "data")


def render(format: str, data: ReportData, *, color: bool = False, width: int = 100) -> str:  # noqa: A002
    """Render a finished scan in one of `FORMATS`, or as `data`, which another Oreva reads; it ends with a line feed.

    `color` and `width` (cells of a line) matter to the table only. A format is imported when it is asked for: what HTML
    needs takes longer to load than a small scan. Raises `UsageError` for an unknown format.
    """
    if format not in _ALL:
        raise UsageError(f"--format {format!r}: there is no such format; choose one of {', '.join(FORMATS)}.")
    module = import_module(f"oreva.reports.{format}")
    text: str = module.render(data, color=color, width=width) if format == "table" else module.render(data)
    return text
