"""`oreva scan`: the main job, from a directory to a report."""

from __future__ import annotations

from pathlib import Path

import click

from oreva.reports.formats import FORMATS

SEVERITIES = ("critical", "high", "medium", "low", "info", "none")

EPILOG = """\
\b
Exit status:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  usage or configuration error
  3  the scan has gaps: some file was not, or not wholly, looked at (outranks 1)
130  interrupted

\b
Examples:
  oreva scan .
  oreva scan . --diff origin/main --format markdown --output comment.md
  oreva scan . --format sarif --output oreva.sarif --fail-on none
  oreva scan . --rules team-rules --exclude 'legacy/**'
  oreva scan . --remote https://abc123.execute-api.eu-central-1.amazonaws.com --repository acme/shop
"""


@click.command(epilog=EPILOG)
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="Form of the report."
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write the report to this file instead of standard output."
)
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES), help="Lowest severity that makes the scan fail.  [default: high]"
)
@click.option("--diff", metavar="REF", help="Report only what HEAD and the working tree introduce since they left REF.")
@click.option(
    "--scanner", "scanners", multiple=True, metavar="NAME", help="Run only this scanner (repeatable): semgrep, bandit."
)
@click.option(
    "--rules", "rules", multiple=True, type=click.Path(path_type=Path), help="Rule file or folder to add (repeatable)."
)
@click.option(
    "--exclude", "excludes", multiple=True, metavar="GLOB", help="Leave these paths out, as in .gitignore (repeatable)."
)
@click.option(
    "--triage", type=click.Choice(["heuristic", "bedrock", "off"]), help="Who judges findings.  [default: heuristic]"
)
@click.option(
    "--show",
    type=click.Choice(["regular", "all"]),
    default="regular",
    show_default=True,
    help="all: also low confidence, suppressed and dismissed findings.",
)
@click.option("--no-cache", is_flag=True, help="Scan every file anew, and remember nothing of it.")
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    envvar="OREVA_STATE_DIR",
    help="Where findings and cache are kept.  [default: PATH/.oreva]",
)
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.  [default: PATH/.oreva.yml]"
)
@click.option("--allow-gaps", is_flag=True, help="Do not fail because of files that could not be looked at.")
@click.option("--explain-skips", is_flag=True, help="Only list what would be left out, and why; scan nothing.")
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Scanner processes at a time.  [default: number of processors]"
)
@click.option("--remote", metavar="URL", help="Scan in AWS: the address of a deployment's API.")
@click.option(
    "--repository", metavar="NAME", help="With --remote: what the findings are kept under.  [default: PATH's name]"
)
@click.option("--quiet", "-q", is_flag=True, help="No progress and no remarks on standard error.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colors in the table.",
)
def scan(
    path: Path,
    format_: str,
    output: Path | None,
    fail_on: str | None,
    diff: str | None,
    scanners: tuple[str, ...],
    rules: tuple[Path, ...],
    excludes: tuple[str, ...],
    triage: str | None,
    show: str,
    no_cache: bool,
    state_dir: Path | None,
    config_file: Path | None,
    allow_gaps: bool,
    explain_skips: bool,
    jobs: int | None,
    remote: str | None,
    repository: str | None,
    quiet: bool,
    color: str,
) -> int:
    """Scan PATH (default: this directory) with Semgrep and Bandit and report what is wrong.

    Findings keep their identity from scan to scan; state is kept in PATH/.oreva, which git ignores. Results are cached
    by content: a second scan looks only at what has changed. Nothing in PATH is executed; nothing leaves this machine,
    unless --remote sends the files to a deployment of yours.
    """
    from oreva.cli.local_scan import Options, explain, perform  # noqa: PLC0415  (only when scanning)
    from oreva.cli.output import require_output, use_color, write_report  # noqa: PLC0415
    from oreva.cli.progress import ProgressLine  # noqa: PLC0415

    if not explain_skips:
        require_output(output)
    options = Options(
        path=path,
        fail_on=fail_on,
        diff=diff,
        scanners=scanners,
        rules=rules,
        excludes=excludes,
        triage=triage,
        show_all=show == "all",
        use_cache=not no_cache,
        state_dir=state_dir,
        config_file=config_file,
        allow_gaps=allow_gaps,
        jobs=jobs,
        output=output,
    )
    progress = ProgressLine(quiet=quiet)
    if explain_skips:
        explain(options, click.echo)
        return 0
    if repository is not None and remote is None:
        raise click.UsageError("--repository names the code of a scan with --remote; leave it out, or add --remote URL")
    try:
        if remote is None:
            data = perform(options, progress)
        else:
            from oreva.cli.remote_scan import RemoteOptions, perform_remote  # noqa: PLC0415  (needs the API client)

            data = perform_remote(options, RemoteOptions(remote, repository), progress)
    finally:
        progress.clear()
    write_report(format_, data, output, color=use_color(color, output), progress=progress)
    from oreva.reports.summary import summarize  # noqa: PLC0415

    return summarize(data).exit_code
