"""`oreva scan --remote`: the files that a scan here would look at, scanned by a deployment in AWS, reported here."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.client import CONFLICT
from pathlib import Path
from typing import IO, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from oreva.cli.local_scan import Options
from oreva.cli.progress import ProgressLine
from oreva.cli.remote_api import RemoteApi, RemoteError
from oreva.cli.session import own_report
from oreva.config import CONFIG_NAME, Config, find_config, load_config
from oreva.errors import UsageError
from oreva.models import Model, Scan, ScanState, Source, Timestamp
from oreva.reports import data as report_data
from oreva.reports.base import ReportData
from oreva.reports.summary import amount
from oreva.sources.base import SourceFile
from oreva.sources.directory import DirectorySource
from oreva.sources.display import shown
from oreva.sources.packing import Packed, contents, pack

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)?")
_LONGEST_NAME = 140
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 5.0
_REPORT_S = 900.0
"""How long the Report function may take."""
_PATIENCE_S = 2 * 3600.0
"""How long nothing may change before the scan is given up; no stage of the pipeline takes that long."""


class _Answer(Model):
    """What the API says, as far as it is needed here; a newer one may say more."""

    model_config = ConfigDict(extra="ignore")


AnswerT = TypeVar("AnswerT", bound=_Answer)


class _Upload(_Answer):
    upload_id: str
    url: str
    headers: dict[str, str]


class _Link(_Answer):
    url: str


class _Progress(_Answer):
    scan_id: str
    source: Source
    state: ScanState
    stage: str = ""
    files: int = 0
    shards: int = 0
    duration_s: float = 0.0
    cause: str = ""
    started_at: Timestamp
    ruleset_digest: str = ""
    scanners: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class RemoteOptions:
    """What `--remote` needs beside the options of a scan here."""

    url: str
    repository: str | None = None


def perform_remote(
    options: Options,
    remote: RemoteOptions,
    progress: ProgressLine,
    pause: Callable[[float], None] = time.sleep,
    environment: Mapping[str, str] = os.environ,
) -> ReportData:
    """Pack, upload, scan, wait, and fetch the report. Raises `OrevaError` for what keeps it from being made."""
    _refuse(options, environment)
    api = RemoteApi(remote.url, environment)
    repository = _repository(options.path, remote.repository)
    config = load_config(find_config(options.path), environment).with_overrides(
        fail_on=options.fail_on, exclude=options.excludes
    )
    with tempfile.TemporaryFile(prefix="oreva-upload-") as archive:
        packed = _pack(options, config, repository, archive, progress)
        size = archive.tell()
        progress.say(
            f"{amount(packed.files, 'file')} packed ({size:,} bytes), {amount(len(packed.left_out), 'path')} left out"
        )
        started = _start(api, repository, archive, size, progress)
        try:
            ended = _follow(api, started, progress, pause)
        except KeyboardInterrupt:
            progress.say(f"scan {started.scan_id} goes on in AWS; see it with GET {_place(api, started)}")
            raise
        data = _report(api, ended, progress, pause)
        archive.seek(0)
        code = contents(archive, {finding.path for finding in (*data.findings, *data.fixed)})

    def read_text(path: str) -> str | None:
        content = code.get(path)
        return None if content is None else content.decode("utf-8", "replace")

    return replace(
        data,
        title=options.path.resolve().name or repository,
        show_all=options.show_all,
        fail_on=config.fail_on,
        allow_gaps=options.allow_gaps,
        read_text=read_text,
    )


def _refuse(options: Options, environment: Mapping[str, str]) -> None:
    """Say of options that only a scan here can honour that they cannot be used. Raises `UsageError`."""
    local = {
        "--diff": options.diff is not None,
        "--scanner": bool(options.scanners),
        "--rules": bool(options.rules),
        "--triage": options.triage is not None,
        "--no-cache": not options.use_cache,
        "--config": options.config_file is not None,
        "--jobs": options.jobs is not None,
        "OREVA_RULES": bool(environment.get("OREVA_RULES", "").strip()),
        "OREVA_TRIAGE": bool(environment.get("OREVA_TRIAGE", "").strip()),
    }
    for name, given in local.items():
        if given:
            raise UsageError(
                f"{name} cannot be used with --remote: {CONFIG_NAME} in PATH and the deployment decide; leave it out"
            )


def _repository(root: Path, wanted: str | None) -> str:
    """The name that the deployment keeps the findings under. Raises `UsageError`."""
    name = root.resolve().name if wanted is None else wanted
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        source = "--repository" if wanted is not None else "the directory's name"
        raise UsageError(
            f"{source} {shown(name)!r} is no name for a repository; give one with --repository, such as acme/shop"
        )
    return name


def _pack(options: Options, config: Config, repository: str, archive: IO[bytes], progress: ProgressLine) -> Packed:
    """Write what a scan here would look at, with the configuration and the rules that it names."""
    progress.show("listing files ...")
    source = DirectorySource(
        options.path,
        repository=repository,
        excludes=(*config.exclude, *own_report(options)),
        includes=config.include,
        state_dir=options.state_dir,
    )
    listing = source.list()
    progress.show(f"packing {len(listing.files):,} files ...")
    files = {file.path: file for file in (*_settings(source, config), *listing.files)}
    return pack(source, files.values(), listing.skipped, archive)


def _settings(source: DirectorySource, config: Config) -> list[SourceFile]:
    """The configuration and the files of rules, whether or not they are scanned. Raises `UsageError`."""
    root = Path(source.real_root)
    found = [root / CONFIG_NAME] if (root / CONFIG_NAME).is_file() else []
    for path in config.rules:
        real = Path(os.path.realpath(path))
        if not real.is_relative_to(root):
            raise UsageError(
                f"rules {shown(str(path))}: they lie outside of {shown(str(source.root))} and cannot travel; move them "
                "into it, or build them into the deployment"
            )
        found += [real] if real.is_file() else sorted(file for file in real.rglob("*") if file.is_file())
    return [
        SourceFile(path=os.path.relpath(file, root).replace(os.sep, "/"), size=file.stat().st_size) for file in found
    ]


def _start(api: RemoteApi, repository: str, archive: IO[bytes], size: int, progress: ProgressLine) -> _Progress:
    upload = _parsed(_Upload, api.post("/v1/uploads", {"repository": repository, "bytes": size}))
    progress.show(f"uploading {size:,} bytes ...")
    archive.seek(0)
    api.put(upload.url, upload.headers, archive, size)
    scan = _parsed(_Progress, api.post("/v1/scans", {"repository": repository, "upload_id": upload.upload_id}))
    progress.say(f"scan {scan.scan_id} of archive/{repository} has begun")
    return scan


def _follow(api: RemoteApi, scan: _Progress, progress: ProgressLine, pause: Callable[[float], None]) -> _Progress:
    """Wait for the end of a scan, telling each stage. Raises `RemoteError` if nothing happens any more."""
    told, quiet_s, wait = "", 0.0, _FIRST_PAUSE_S
    while scan.state is ScanState.RUNNING:
        words = _words(scan)
        if words != told:
            told, quiet_s = words, 0.0
            progress.say(words)
        progress.show(f"{words} ... {scan.duration_s:,.0f} s")
        if quiet_s > _PATIENCE_S:
            raise RemoteError(
                f"scan {scan.scan_id}: {words} for {quiet_s / 3600:.0f} hours without an end; look at the "
                f"state machine of the deployment, and at GET {_place(api, scan)}"
            )
        pause(wait)
        quiet_s += wait
        wait = min(_LONGEST_PAUSE_S, wait * 1.3)
        scan = _parsed(_Progress, api.get(f"/v1/scans/{scan.scan_id}"))
    return scan


def _words(scan: _Progress) -> str:
    if scan.stage == "scanning" and scan.shards:
        return f"scanning {amount(scan.files, 'file')} in {amount(scan.shards, 'shard')}"
    return scan.stage or "running"


def _report(api: RemoteApi, scan: _Progress, progress: ProgressLine, pause: Callable[[float], None]) -> ReportData:
    """The report data of a scan that has ended; of one that failed, only why."""
    if scan.state is ScanState.FAILED:
        failed = Scan(
            id=scan.scan_id,
            source=scan.source,
            state=scan.state,
            sequence=0,
            started_at=scan.started_at,
            duration_s=scan.duration_s,
            ruleset_digest=scan.ruleset_digest,
            scanners=scan.scanners,
            files=scan.files,
            cause=scan.cause,
        )
        return ReportData(scan=failed, findings=(), coverage=())
    progress.show("fetching the report ...")
    link, waited = None, 0.0
    while link is None:
        try:
            link = _parsed(_Link, api.get(f"/v1/scans/{scan.scan_id}/reports/data"))
        except RemoteError as error:
            if error.status != CONFLICT or waited > _REPORT_S:
                raise
            pause(_FIRST_PAUSE_S)  # the scan is recorded before its reports are written
            waited += _FIRST_PAUSE_S
    return report_data.parse(api.download(link.url).decode("utf-8", "replace"))


def _place(api: RemoteApi, scan: _Progress) -> str:
    return f"{api.url}/v1/scans/{scan.scan_id}"


def _parsed(model: type[AnswerT], answer: Mapping[str, object]) -> AnswerT:
    try:
        return model.model_validate(answer)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise RemoteError(
            f"the API's answer lacks {where}, or has it wrong; use the version of Oreva that the deployment has"
        ) from error
