"""Findings, scans, verdicts and coverage as pandas DataFrames, from any store, for notebooks.

Needs `pip install oreva[notebooks]`. Every table has its columns, with their types, when it is empty too. Times are in
UTC; severity, confidence and status are ordered categories, so that they sort and group in their own order.

Findings are those of the tracked branches. Findings of pull requests and other branches are kept with their scans for
90 days and do not appear here; their scans do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from oreva.errors import ConfigError
from oreva.models import Assessment, Confidence, Finding, Outcome, Rule, Scan, ScanState, Severity, Status
from oreva.store.base import FindingStore
from oreva.store.dynamodb import DynamoDbStore
from oreva.store.sqlite import SqliteStore

UNMAPPED = "not mapped"
"""What `exploded` says of a finding whose rules name no weakness or category."""
SCANS = 1_000
"""How many scans of a repository are read, newest first, unless asked for others."""

OWASP: Mapping[Literal["2021", "2025"], Mapping[str, str]] = {
    "2021": {
        "A01:2021": "Broken access control",
        "A02:2021": "Cryptographic failures",
        "A03:2021": "Injection",
        "A04:2021": "Insecure design",
        "A05:2021": "Security misconfiguration",
        "A06:2021": "Vulnerable and outdated components",
        "A07:2021": "Identification and authentication failures",
        "A08:2021": "Software and data integrity failures",
        "A09:2021": "Security logging and monitoring failures",
        "A10:2021": "Server-side request forgery",
    },
    "2025": {
        "A01:2025": "Broken access control",
        "A02:2025": "Security misconfiguration",
        "A03:2025": "Software supply chain failures",
        "A04:2025": "Cryptographic failures",
        "A05:2025": "Injection",
        "A06:2025": "Insecure design",
        "A07:2025": "Authentication failures",
        "A08:2025": "Software or data integrity failures",
        "A09:2025": "Security logging and alerting failures",
        "A10:2025": "Mishandling of exceptional conditions",
    },
}
"""The categories of the OWASP Top 10 by edition (owasp.org/Top10)."""


def _ordered(names: Iterable[str]) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(names), ordered=True)


SEVERITY = _ordered(reversed([severity.value for severity in Severity]))
"""`info` < … < `critical`."""
CONFIDENCE = _ordered(reversed([confidence.value for confidence in Confidence]))
STATUS = _ordered(status.value for status in Status)
_STATE = _ordered(state.value for state in ScanState)
_ASSESSMENT = _ordered(assessment.value for assessment in Assessment)
_TIME = "datetime64[ns, UTC]"

FINDING_COLUMNS: Mapping[str, Any] = {
    "repository": "string",
    "id": "string",
    "status": STATUS,
    "severity": SEVERITY,
    "confidence": CONFIDENCE,
    "title": "string",
    "cwe": "object",
    "owasp": "object",
    "asvs": "object",
    "scanners": "object",
    "rules": "object",
    "path": "string",
    "start_line": "int64",
    "assessment": _ASSESSMENT,
    "untriaged_reason": "string",
    "dismissed_as": "string",
    "first_seen": _TIME,
    "fixed_at": _TIME,
    "days_open": "float64",
    "reopened": "int64",
}
SCAN_COLUMNS: Mapping[str, Any] = {
    "repository": "string",
    "id": "string",
    "state": _STATE,
    "trigger": "string",
    "branch": "string",
    "commit": "string",
    "tracked": "bool",
    "started_at": _TIME,
    "duration_s": "float64",
    "files": "int64",
    "gaps": "int64",
    "opened": "int64",
    "fixed": "int64",
    **{severity.value: "int64" for severity in Severity},
    "ruleset_digest": "string",
    "model_calls": "int64",
    "model_tokens": "int64",
    "model_cost": "float64",
    "cause": "string",
}
COVERAGE_COLUMNS: Mapping[str, Any] = {
    "repository": "string",
    "scan_id": "string",
    "started_at": _TIME,
    "tracked": "bool",
    "scanner": "string",
    "version": "string",
    **{outcome.value: "int64" for outcome in Outcome},
}
VERDICT_COLUMNS: Mapping[str, Any] = {
    "repository": "string",
    "finding_id": "string",
    "severity": SEVERITY,
    "status": STATUS,
    "assessment": _ASSESSMENT,
    "confidence": "float64",
    "quotes": "int64",
    "triaged_by": "string",
    "model_id": "string",
    "at": _TIME,
    "rationale": "string",
}
NOT_ASSESSED_COLUMNS: Mapping[str, Any] = {
    "repository": "string",
    "scan_id": "string",
    "at": _TIME,
    "files": "int64",
    "gaps": "int64",
    "partial": "int64",
    "failed": "int64",
    "skipped": "int64",
    "no_rule_least": "int64",
    "no_rule_most": "int64",
    "unfinished_since": "int64",
}


def store_from_environment(variables: Mapping[str, str] | None = None) -> FindingStore:
    """The store that `OREVA_TABLE` (a DynamoDB table) or `OREVA_STATE_DIR` (a state directory of `oreva scan`) names.

    The table wins if both are set. Its region, credentials and endpoint are those of the environment (`AWS_REGION`,
    `AWS_PROFILE`, `AWS_ENDPOINT_URL`). Raises `ConfigError` if neither is set or the directory holds no state, and
    `StoreError` if the table cannot be opened.
    """
    given = os.environ if variables is None else variables
    table, state = given.get("OREVA_TABLE", "").strip(), given.get("OREVA_STATE_DIR", "").strip()
    if table:
        return DynamoDbStore.open(table, given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION"))
    if not state:
        raise ConfigError(
            "neither OREVA_TABLE nor OREVA_STATE_DIR is set; name the table of the stack, or a state directory"
        )
    if not Path(state, "oreva.db").is_file():
        raise ConfigError(f"OREVA_STATE_DIR: {state}: no state of Oreva in it; run `oreva scan` first, or correct it")
    return SqliteStore.open(Path(state))


def findings(
    store: FindingStore, repositories: Collection[str] | None = None, *, now: pd.Timestamp | None = None
) -> pd.DataFrame:
    """One row per finding, of these repositories (`<provider>/<name>`) or of all.

    `cwe`, `owasp`, `asvs`, `scanners` and `rules` hold tuples of text: see `exploded`. `assessment` is triage's, and
    missing if there is no verdict; `dismissed_as` is missing unless a person set the finding aside. `days_open` is in
    days, from `first_seen` to `fixed_at`, or to `now` if it is not fixed. Raises `StoreError`.
    """
    moment = now or pd.Timestamp.now(tz="UTC")
    rows = ((repository, f) for repository in _keys(store, repositories) for f in store.findings(repository))
    table = _table((_finding(repository, finding) for repository, finding in rows), FINDING_COLUMNS)
    table["days_open"] = (table["fixed_at"].fillna(moment) - table["first_seen"]).dt.total_seconds() / 86_400
    return table


def scans(store: FindingStore, repositories: Collection[str] | None = None, *, limit: int = SCANS) -> pd.DataFrame:
    """One row per scan, oldest first, of these repositories or of all.

    `tracked` says that the scan was of the branch whose findings have lives. `duration_s` is in seconds; `critical` to
    `info` count the open findings when it ended; `opened` and `fixed` what it changed; `files` what was to be scanned;
    `gaps` file × scanner pairs that could not be assessed in full. `model_tokens` counts input and output; `model_cost`
    is in the currency of the configured prices, and missing where it is not known. Raises `StoreError`.
    """
    return _table((_scan(key, scan) for key, scan in _scans(store, repositories, limit)), SCAN_COLUMNS)


def coverage(store: FindingStore, repositories: Collection[str] | None = None, *, limit: int = SCANS) -> pd.DataFrame:
    """One row per scan × scanner, oldest first: how many files had which outcome. Raises `StoreError`."""
    rows = (
        {
            "repository": key,
            "scan_id": scan.id,
            "started_at": scan.started_at,
            "tracked": _tracked(scan),
            "scanner": scanner,
            "version": scan.scanners.get(scanner, ""),
            **counts.model_dump(),
        }
        for key, scan in _scans(store, repositories, limit)
        for scanner, counts in sorted(scan.coverage.items())
    )
    return _table(rows, COVERAGE_COLUMNS)


def verdicts(store: FindingStore, repositories: Collection[str] | None = None) -> pd.DataFrame:
    """One row per finding that has a verdict. `confidence` is between 0 and 1; `quotes` counts the verified quotes.

    Raises `StoreError`.
    """
    rows = (
        {
            "repository": key,
            "finding_id": finding.id,
            "severity": finding.severity.value,
            "status": finding.status.value,
            "assessment": finding.verdict.assessment.value,
            "confidence": finding.verdict.confidence,
            "quotes": len(finding.verdict.evidence),
            "triaged_by": finding.verdict.triaged_by,
            "model_id": finding.verdict.model_id,
            "at": finding.verdict.at,
            "rationale": finding.verdict.rationale,
        }
        for key in _keys(store, repositories)
        for finding in store.findings(key)
        if finding.verdict is not None
    )
    return _table(rows, VERDICT_COLUMNS)


def not_assessed(
    store: FindingStore, repositories: Collection[str] | None = None, *, limit: int = SCANS
) -> pd.DataFrame:
    """One row per repository: what its newest complete scan of a tracked branch did **not** look at.

    `files` are those listed for scanning. `gaps` counts file × scanner pairs that are `partial`, `failed`, or skipped
    for a reason nobody chose; `skipped` counts every skipped pair, chosen or not. No rule of any scanner is about a
    number of files between `no_rule_least` and `no_rule_most` (a store keeps counts per scanner, and two scanners may
    pass over the same file or over two). `unfinished_since` counts newer scans that are not complete. A repository that
    was never scanned completely has no scan id, and zeros that mean nothing. Raises `StoreError`.
    """
    known: dict[str, list[Scan]] = {key: [] for key in _keys(store, repositories)}
    for key, scan in _scans(store, repositories, limit):
        if _tracked(scan) and scan.state is not ScanState.SUPERSEDED:
            known[key].append(scan)
    return _table((_unseen(key, found) for key, found in sorted(known.items())), NOT_ASSESSED_COLUMNS)


def exploded(table: pd.DataFrame, column: Literal["cwe", "owasp", "asvs", "scanners", "rules"]) -> pd.DataFrame:
    """One row per finding and value of a column of tuples; a finding without any gets `UNMAPPED`, so none is lost.

    A finding with two values counts twice: sums over the result may exceed the number of findings.
    """
    listed = table.assign(**{column: table[column].map(lambda values: list(values) or [UNMAPPED])})
    return listed.explode(column, ignore_index=True).astype({column: "string"})


def owasp_categories(
    table: pd.DataFrame, rules: Sequence[Rule], edition: Literal["2021", "2025"] = "2025"
) -> pd.DataFrame:
    """One row per category of the OWASP Top 10: its findings in `table`, and the rules that look for it.

    `assessed` is False where no rule does: 0 findings there mean nothing. Where rules do look, they see a part of what
    the category is about. `rules` are those of the scans, such as `active_rules` gives.
    """
    counts = exploded(table, "owasp").groupby("owasp", observed=True).size()
    looking = pd.Series([category for rule in rules for category in rule.owasp], dtype="string").value_counts()
    names = OWASP[edition]
    result = pd.DataFrame({"category": pd.Series(list(names), dtype="string"), "name": list(names.values())})
    result["findings"] = result["category"].map(counts).fillna(0).astype("int64")
    result["rules"] = result["category"].map(looking).fillna(0).astype("int64")
    return result.assign(assessed=result["rules"] > 0)


def active_rules() -> list[Rule]:
    """The rules that come with this version of Oreva, of both scanners; those of a repository's own are not among them.

    Raises `ScannerError` if a scanner is not installed.
    """
    from oreva.rules.catalogue import bandit_rules  # noqa: PLC0415 - needs Bandit
    from oreva.rules.load import load_rules  # noqa: PLC0415

    return [*(loaded.rule for loaded in load_rules().rules), *bandit_rules()]


def _keys(store: FindingStore, repositories: Collection[str] | None) -> list[str]:
    return store.repositories() if repositories is None else sorted(set(repositories))


def _scans(store: FindingStore, repositories: Collection[str] | None, limit: int) -> Iterator[tuple[str, Scan]]:
    for key in _keys(store, repositories):
        for scan in reversed(store.scans(key, limit)):
            yield key, scan


def _tracked(scan: Scan) -> bool:
    """Whether a scan was of a branch whose findings have lives: not a pull request, nor a branch beside the default."""
    source = scan.source
    if source.provider != "github":
        return True
    return scan.trigger != "pull_request" and source.ref in (None, source.default_branch)


def _table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=list(columns))
    for name, kind in columns.items():
        times = kind == _TIME
        table[name] = pd.to_datetime(table[name], utc=True).astype(_TIME) if times else table[name].astype(kind)
    return table


def _finding(repository: str, finding: Finding) -> dict[str, Any]:
    return {
        "repository": repository,
        "id": finding.id,
        "status": finding.status.value,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "title": finding.title,
        "cwe": finding.cwe,
        "owasp": finding.owasp,
        "asvs": finding.asvs,
        "scanners": tuple(sorted({detection.scanner for detection in finding.detections})),
        "rules": finding.rule_ids,
        "path": finding.path,
        "start_line": finding.start_line,
        "assessment": finding.verdict.assessment.value if finding.verdict else None,
        "untriaged_reason": finding.untriaged_reason,
        "dismissed_as": finding.dismissal.kind.value if finding.dismissal else None,
        "first_seen": finding.first_seen,
        "fixed_at": finding.fixed_at,
        "reopened": finding.reopened,
    }


def _scan(key: str, scan: Scan) -> dict[str, Any]:
    spent = scan.triage
    return {
        "repository": key,
        "id": scan.id,
        "state": scan.state.value,
        "trigger": scan.trigger,
        "branch": scan.source.branch,
        "commit": scan.source.commit,
        "tracked": _tracked(scan),
        "started_at": scan.started_at,
        "duration_s": scan.duration_s,
        "files": scan.files,
        "gaps": scan.gaps,
        "opened": scan.opened,
        "fixed": scan.fixed,
        **{severity.value: scan.counts.get(severity, 0) for severity in Severity},
        "ruleset_digest": scan.ruleset_digest,
        "model_calls": spent.calls if spent else 0,
        "model_tokens": spent.input_tokens + spent.output_tokens if spent else 0,
        "model_cost": float(spent.cost) if spent and spent.cost is not None else None,
        "cause": scan.cause,
    }


def _unseen(key: str, found: Sequence[Scan]) -> dict[str, Any]:
    """What the newest complete one of these scans, oldest first, left out."""
    complete = [number for number, scan in enumerate(found) if scan.state is ScanState.COMPLETED]
    if not complete:
        return dict.fromkeys(NOT_ASSESSED_COLUMNS, 0) | {
            "repository": key,
            "scan_id": None,
            "at": None,
            "unfinished_since": len(found),
        }
    newest = found[complete[-1]]
    counts = list(newest.coverage.values())
    applicable: Callable[[Any], int] = lambda each: max(0, newest.files - each.not_applicable)  # noqa: E731
    return {
        "repository": key,
        "scan_id": newest.id,
        "at": newest.started_at,
        "files": newest.files,
        "gaps": newest.gaps,
        "partial": sum(each.partial for each in counts),
        "failed": sum(each.failed for each in counts),
        "skipped": sum(each.skipped for each in counts),
        "no_rule_least": max(0, newest.files - sum(applicable(each) for each in counts)),
        "no_rule_most": min((each.not_applicable for each in counts), default=newest.files),
        "unfinished_since": len(found) - 1 - complete[-1],
    }
