"""`oreva findings`: list what the store holds, show one in full, dismiss or reopen it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oreva.cli.person import user_name
from oreva.errors import UsageError
from oreva.sources.display import shown

if TYPE_CHECKING:
    from oreva.models import Finding, FindingEvent
    from oreva.store.sqlite import SqliteStore

SHORTEST_ID = 6
STATUSES = ("open", "fixed", "dismissed", "suppressed", "retired", "any")
KINDS = ("false_positive", "accepted_risk", "wont_fix")

_path = click.option(
    "--path",
    "root",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The scanned directory.  [default: this one]",
)
_state = click.option(
    "--state-dir", type=click.Path(path_type=Path), envvar="OREVA_STATE_DIR", help="As given to the scan."
)


@click.group()
def findings() -> None:
    """List findings, look at one, dismiss or reopen it.

    Works on what the last `oreva scan` of a directory has stored. An id may be shortened to its last characters, as
    long as they name one finding.
    """


@findings.command("list")
@_path
@_state
@click.option("--status", type=click.Choice(STATUSES), default="open", show_default=True)
@click.option(
    "--severity", type=click.Choice(["critical", "high", "medium", "low", "info"]), help="This one and worse."
)
@click.option("--cwe", metavar="CWE-N", help="Only this weakness.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def list_findings(
    root: Path, state_dir: Path | None, status: str, severity: str | None, cwe: str | None, format_: str
) -> None:
    """List stored findings, the worst first."""
    from oreva.models import Severity, Status, urgency  # noqa: PLC0415  (models are loaded only when needed)
    from oreva.reports.text_safety import terminal  # noqa: PLC0415
    from oreva.store.base import FindingFilter  # noqa: PLC0415

    if cwe is not None and not re.fullmatch(r"(?i)CWE-\d{1,5}", cwe):
        raise UsageError(f"--cwe {terminal(cwe)}: no weakness; write it as CWE-89")
    where = FindingFilter(
        statuses=() if status == "any" else (Status(status),),
        severities=tuple(s for s in Severity if s >= Severity(severity)) if severity else (),
        cwe=cwe.upper() if cwe else None,
    )
    with _stored(root, state_dir) as (store, repository):
        found = sorted(store.findings(repository, where), key=urgency)
    if format_ == "json":
        import json  # noqa: PLC0415

        click.echo(json.dumps([_plain(finding) for finding in found], indent=2))
        return
    for finding in found:
        place = terminal(f"{finding.path}:{finding.start_line}")
        extra = "" if finding.status is Status.OPEN else f" [{finding.status}]"
        click.echo(f"{finding.id[-10:]}  {finding.severity:<8}  {place}  {terminal(finding.title)}{extra}")
    click.echo(f"{len(found):,} findings" if len(found) != 1 else "1 finding", err=True)


@findings.command()
@click.argument("finding_id")
@_path
@_state
def show(finding_id: str, root: Path, state_dir: Path | None) -> None:
    """Show one finding: where, why, how to fix it, what each scanner said, its verdict and its life so far."""
    with _stored(root, state_dir) as (store, repository):
        finding = _find(store, repository, finding_id)
        events = store.events(finding.id)
    for line in _in_full(finding, events):
        click.echo(line)


@findings.command()
@click.argument("finding_id")
@click.option("--reason", required=True, help="Why, for whoever reads it next year.")
@click.option("--as", "kind", type=click.Choice(KINDS), default="accepted_risk", show_default=True)
@click.option("--expires", metavar="YYYY-MM-DD", help="Open it again on this day.  [default: never]")
@_path
@_state
def dismiss(finding_id: str, reason: str, kind: str, expires: str | None, root: Path, state_dir: Path | None) -> None:
    """Set a finding aside: it stays stored, is listed on request, and no longer makes a scan fail."""
    from oreva.findings.stored_decisions import dismiss_stored  # noqa: PLC0415
    from oreva.models import DismissalKind  # noqa: PLC0415

    day = _date(expires) if expires else None
    with _stored(root, state_dir) as (store, repository):
        exact = _find(store, repository, finding_id).id
        after = dismiss_stored(store, repository, exact, DismissalKind(kind), reason, user_name(), day)
    until = f" until {expires}" if expires else ""
    click.echo(f"dismissed {after.id} as {kind}{until}; undo with `oreva findings reopen {after.id[-10:]}`")


@findings.command()
@click.argument("finding_id")
@click.option("--reason", default="", help="Why.")
@_path
@_state
def reopen(finding_id: str, reason: str, root: Path, state_dir: Path | None) -> None:
    """Open a dismissed finding again."""
    from oreva.findings.stored_decisions import reopen_stored  # noqa: PLC0415

    with _stored(root, state_dir) as (store, repository):
        after = reopen_stored(store, repository, _find(store, repository, finding_id).id, user_name(), reason)
    click.echo(f"{after.id} is open again")


@contextmanager
def _stored(root: Path, wanted: Path | None) -> Iterator[tuple[SqliteStore, str]]:
    """The store that scans of `root` have written, and the name of the code in it."""
    from oreva.cli.state import existing_state_dir  # noqa: PLC0415
    from oreva.store.sqlite import SqliteStore  # noqa: PLC0415

    state = existing_state_dir(root, wanted)
    if state is None:
        name = shown(str(root))
        raise UsageError(f"{name}: nothing is stored for this directory; run `oreva scan {name}` first")
    store = SqliteStore.open(state.path)
    try:
        yield store, f"directory/{state.repository}"
    finally:
        store.close()


def _find(store: SqliteStore, repository: str, finding_id: str) -> Finding:
    """One finding by its id or the end of it. Raises `UsageError` if there is none, or more than one."""
    wanted = finding_id.upper()
    exact = store.finding(repository, wanted)
    if exact is not None:
        return exact
    if len(wanted) < SHORTEST_ID:
        raise UsageError(f"{finding_id!r} is too short for an id; give at least its last {SHORTEST_ID} characters")
    found = [finding for finding in store.findings(repository) if finding.id.endswith(wanted)]
    if len(found) == 1:
        return found[0]
    problem = "names no stored finding" if not found else f"names {len(found)} findings; give more of it"
    raise UsageError(f"id {finding_id!r} {problem}; see `oreva findings list --status any`")


def _in_full(finding: Finding, events: list[FindingEvent]) -> Iterator[str]:
    from oreva.reports.text_safety import block, terminal  # noqa: PLC0415

    yield f"{finding.id}  {finding.severity}, {finding.confidence} confidence, {finding.status}"
    yield terminal(finding.title)
    yield f"  {terminal(finding.path)}:{finding.start_line}"
    labels = [*finding.cwe, *(f"OWASP {name}" for name in finding.owasp), *(f"ASVS {name}" for name in finding.asvs)]
    if labels:
        yield "  " + ", ".join(map(terminal, labels))
    yield ""
    yield from (f"  {finding.start_line + n:>5} | {line}" for n, line in enumerate(block(finding.snippet).split("\n")))
    yield ""
    yield block(finding.message)
    if finding.fix:
        yield from ("", "How to fix:", block(finding.fix))
    if finding.status_reason:
        yield from ("", f"{finding.status}: {terminal(finding.status_reason)}")
    if finding.verdict is not None:
        verdict = finding.verdict
        words = verdict.assessment.value.replace("_", " ")
        yield from ("", f"Triage ({verdict.triaged_by}): {words}, confidence {verdict.confidence:.2f}")
        yield f"  {terminal(verdict.rationale)}"
        yield from (f"  line {e.line}: {terminal(e.quote)}" for e in verdict.evidence)
    elif finding.untriaged_reason:
        yield from ("", f"Not triaged: {terminal(finding.untriaged_reason)}")
    yield from ("", "Seen by:")
    yield from (f"  {d.scanner} {terminal(d.rule_id)} at {d.start_line}:{d.start_col}" for d in finding.detections)
    if finding.references:
        yield from ("", "Read more:", *(f"  {terminal(link)}" for link in finding.references))
    yield from ("", "Life:")
    for event in events:
        why = f": {terminal(event.reason)}" if event.reason else ""
        yield f"  {event.at:%Y-%m-%d %H:%M:%S}Z  {event.change} by {terminal(event.actor)}{why}"


def _plain(finding: Finding) -> dict[str, object]:
    from oreva.reports.text_safety import json_path  # noqa: PLC0415

    plain = finding.model_dump(mode="json", exclude={"fingerprints", "detections", "path"})
    return {**plain, "path": json_path(finding.path), "rules": list(finding.rule_ids)}


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--expires {text!r} is no date; write it as 2027-01-31") from None
