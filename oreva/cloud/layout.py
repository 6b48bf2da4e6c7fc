"""Where everything lies in the artifacts bucket."""

from __future__ import annotations

import hashlib
from typing import Literal

ReportFormat = Literal["json", "sarif", "html", "markdown", "data"]
REPORT_FILES: dict[ReportFormat, tuple[str, str]] = {
    "json": ("report.json", "application/json"),
    "sarif": ("report.sarif", "application/sarif+json"),
    "html": ("report.html", "text/html; charset=utf-8"),
    "markdown": ("report.md", "text/markdown; charset=utf-8"),
    "data": ("report.data.json", "application/json"),
}
"""Format to file name and content type. `data` is all that the other formats are made from, for another Oreva."""


def scan_prefix(scan_id: str) -> str:
    """Everything that belongs to one scan."""
    return f"scans/{scan_id}/"


def request(scan_id: str) -> str:
    """The request, as JSON: tells the repository of a scan id."""
    return f"scans/{scan_id}/request.json"


def plan(scan_id: str) -> str:
    """What Fetch decided: settings, ruleset digest, scanners."""
    return f"scans/{scan_id}/plan.json.gz"


def ruleset(scan_id: str) -> str:
    """The active rules as reports show them, one a line."""
    return f"scans/{scan_id}/ruleset.jsonl.gz"


def scan_settings(scan_id: str) -> str:
    """What every Scan function of one scan must know: scanners, limits, and the rules as Semgrep is given them."""
    return f"scans/{scan_id}/shards/settings.json.gz"


def files(scan_id: str) -> str:
    """Every file of the source with its content digest and, if it is to be scanned, its shard, one a line."""
    return f"scans/{scan_id}/files.jsonl.gz"


def skipped(scan_id: str) -> str:
    """What was left out and why, one entry a line."""
    return f"scans/{scan_id}/skipped.jsonl.gz"


def shards(scan_id: str) -> str:
    """The items of the Distributed Map, a plain JSON array."""
    return f"scans/{scan_id}/shards.json"


def shard(scan_id: str, number: int) -> str:
    """The files of one shard with their content, one a line."""
    return f"scans/{scan_id}/shards/{number:05d}.jsonl.gz"


def result(scan_id: str, number: int | Literal["cached"]) -> str:
    """Detections, coverage and the content of files with detections of one shard, or of what was cached."""
    name = number if isinstance(number, str) else f"{number:05d}"
    return f"scans/{scan_id}/results/{name}.jsonl.gz"


def candidates(scan_id: str) -> str:
    """The deduplicated findings, not yet matched with the store."""
    return f"scans/{scan_id}/candidates.jsonl.gz"


def contents(scan_id: str) -> str:
    """The content of every file that has a detection."""
    return f"scans/{scan_id}/contents.jsonl.gz"


def coverage(scan_id: str) -> str:
    """Every coverage entry of the scan."""
    return f"scans/{scan_id}/coverage.jsonl.gz"


def fresh(scan_id: str) -> str:
    """What the scanners said anew and will say again, for the scan cache."""
    return f"scans/{scan_id}/fresh.jsonl.gz"


def deduplicated(scan_id: str) -> str:
    """What came of the shards, and how many triage batches there are."""
    return f"scans/{scan_id}/deduplicated.json"


def batch(scan_id: str, number: int) -> str:
    """The findings of one triage batch, and the files they are in."""
    return f"scans/{scan_id}/batches/{number:05d}.json.gz"


def verdicts(scan_id: str, number: int) -> str:
    """The verdicts on one batch."""
    return f"scans/{scan_id}/verdicts/{number:05d}.json.gz"


def analysis(scan_id: str) -> str:
    """What Report decided, so that a second run of it says the same."""
    return f"scans/{scan_id}/analysis.json.gz"


def published(scan_id: str) -> str:
    """Exists once events and the check of a scan are out."""
    return f"scans/{scan_id}/published.json"


def failed(scan_id: str) -> str:
    """Exists once it is said that a scan has failed."""
    return f"scans/{scan_id}/failed.json"


def report(scan_id: str, report_format: ReportFormat) -> str:
    """One report."""
    return f"scans/{scan_id}/{REPORT_FILES[report_format][0]}"


def cache(repository: str, ruleset_digest: str) -> str:
    """The scan cache of one repository under one ruleset."""
    return f"cache/{_hashed(repository)}/{ruleset_digest}.jsonl.gz"


def tree(repository: str, branch: str) -> str:
    """Path to content digest of the newest complete scan of a branch."""
    return f"trees/{_hashed(repository)}/{_hashed(branch)}.json.gz"


def upload(upload_id: str) -> str:
    """An uploaded archive."""
    return f"uploads/{upload_id}/source.tar.gz"


def upload_ticket(upload_id: str) -> str:
    """Who may use an upload, for which repository, until when."""
    return f"uploads/{upload_id}/ticket.json"


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
