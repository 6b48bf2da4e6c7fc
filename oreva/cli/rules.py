"""`oreva rules`: list, test, check and begin rules."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from oreva.errors import UsageError
from oreva.sources.display import shown

_paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


@click.group()
def rules() -> None:
    """List, test, check and begin rules.

    Without PATHS these commands work on the rules that come with Oreva; give a file or folder to work on your own.
    docs/writing-rules.md teaches how to write one.
    """


@rules.command("list")
@_paths
@click.option("--language", metavar="NAME", help="Only rules for this language.")
@click.option("--cwe", metavar="CWE-N", help="Only rules about this weakness.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def list_rules(paths: tuple[Path, ...], language: str | None, cwe: str | None, format_: str) -> None:
    """List the active rules: severity, confidence, weakness, id and title."""
    from oreva.rules.definition import canonical_language  # noqa: PLC0415
    from oreva.rules.load import load_rules  # noqa: PLC0415

    found = [loaded.rule for loaded in load_rules(_existing(paths), builtin=not paths).rules]
    if language:
        wanted = canonical_language(language)
        found = [rule for rule in found if wanted in {canonical_language(name) for name in rule.languages}]
    if cwe:
        found = [rule for rule in found if cwe.upper() in rule.cwe]
    if format_ == "json":
        import json  # noqa: PLC0415

        click.echo(json.dumps([rule.model_dump(mode="json") for rule in found], indent=2))
        return
    for rule in found:
        weakness = rule.cwe[0] if rule.cwe else ""
        click.echo(f"{rule.severity:<8} {rule.confidence:<6} {weakness:<9} {rule.id}  {rule.title}")
    click.echo(f"{len(found)} rules", err=True)


@rules.command("test")
@_paths
@click.option("--only", metavar="ID", help="Only this rule.")
def test(paths: tuple[Path, ...], only: str | None) -> int:
    """Run each rule on its test file: `ruleid:` lines must be reported, `ok:` lines must not."""
    from oreva.rules.testing import test_rules  # noqa: PLC0415

    results = test_rules(_folders(paths), _semgrep(), only)
    failed = [result for result in results if not result.passed]
    for result in failed:
        click.echo(f"FAILED {result.rule_id} ({result.file})")
        if result.error:
            click.echo(f"  {result.error}")
        for place in result.missed:
            click.echo(f"  not reported:    {place}")
        for place in result.unexpected:
            click.echo(f"  reported wrongly: {place}")
    click.echo(f"{len(results) - len(failed)} rules passed, {len(failed)} failed")
    return 1 if failed else 0


@rules.command("lint")
@_paths
@click.option("--timing/--no-timing", default=True, show_default=True, help="Run each rule and say which are slow.")
def lint_rules(paths: tuple[Path, ...], timing: bool) -> int:
    """Check rules: can Semgrep use them, do they say what a report needs, do they have tests, are they slow.

    To see which are slow, all rules of a language run on one file made of all their test targets. A rule that takes
    more than 3 times the median of its peers must say in `metadata.slow_because` why it needs the time.
    """
    from oreva.rules.lint import lint  # noqa: PLC0415

    folders = _folders(paths)
    if timing and sys.stderr.isatty():
        click.echo("checking, then running each rule (--no-timing leaves that out) ...", err=True)
    problems = lint(
        folders, strict=not paths, semgrep=_semgrep(), timing=timing
    )  # our own pack keeps stricter conventions
    for problem in problems:
        click.echo(str(problem))
    errors = [problem for problem in problems if problem.level == "error"]
    click.echo(f"{len(errors)} errors, {len(problems) - len(errors)} warnings")
    return 1 if errors else 0


@rules.command("new")
@click.argument("rule_id")
@click.option("--language", required=True, metavar="NAME", help="python, javascript, java, go, yaml, ...")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("rules"), show_default=True)
def new(rule_id: str, language: str, folder: Path) -> None:
    """Begin a rule: writes the rule and its test file, ready to be changed."""
    from oreva.rules.scaffold import new_rule  # noqa: PLC0415

    for file in new_rule(rule_id, language, folder):
        click.echo(f"wrote {file}")
    click.echo(f"next: change the pattern and the test, then run `oreva rules test {folder}`")


def _existing(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    for path in paths:
        if not path.exists():
            raise UsageError(
                f"{shown(str(path))}: no such file or folder; name a rule file or a folder that holds some"
            )
    return paths


def _folders(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    from oreva.rules.load import builtin_rules_path  # noqa: PLC0415

    return _existing(paths) or (builtin_rules_path(),)


def _semgrep() -> Path:
    from oreva.rules.load import RuleSet  # noqa: PLC0415
    from oreva.scanners.semgrep import SemgrepScanner  # noqa: PLC0415

    return Path(SemgrepScanner(RuleSet(())).program)
