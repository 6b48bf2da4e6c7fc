"""The whole of a finished scan as one JSON document that another Oreva reads: all other formats can be made from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from oreva._version import __version__
from oreva.errors import SourceError
from oreva.models import CoverageEntry, Finding, Model, Rule, Scan
from oreva.reports.base import ReportData
from oreva.store.records import dump, load


class ReportDocument(Model):
    """`ReportData` without what its reader chooses: threshold, selection and where the code comes from."""

    oreva_version: str = __version__
    scan: Scan
    findings: tuple[Finding, ...]
    coverage: tuple[CoverageEntry, ...]
    rules: dict[str, Rule]
    """Those that the findings name, by `scanner:rule id`."""
    new_ids: frozenset[str]
    fixed: tuple[Finding, ...]
    diff_ref: str | None
    title: str
    notes: tuple[str, ...]


def render(data: ReportData) -> str:
    """The document, one line of JSON."""
    named = {rule for finding in (*data.findings, *data.fixed) for rule in finding.rule_ids}
    document = ReportDocument(
        scan=data.scan,
        findings=data.findings,
        coverage=data.coverage,
        rules={name: rule for name, rule in data.rules.items() if name in named},
        new_ids=data.new_ids,
        fixed=data.fixed,
        diff_ref=data.diff_ref,
        title=data.title,
        notes=data.notes,
    )
    return dump(document) + "\n"


def parse(text: str, read_text: Callable[[str], str | None] = lambda _path: None) -> ReportData:
    """The report data that `render` made the document from; `read_text` gives the code that findings are shown in.

    Raises `SourceError` if this version of Oreva cannot read the document.
    """
    try:
        document = load(ReportDocument, text)
    except ValueError as error:
        raise SourceError(
            f"the report data cannot be read by Oreva {__version__}; use the version that the scan was made with"
        ) from error
    values = {field: getattr(document, field) for field in ReportDocument.model_fields if field != "oreva_version"}
    return dataclasses.replace(ReportData(**values), read_text=read_text)
