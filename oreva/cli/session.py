"""Everything one scan on this machine needs, put together from options, configuration, environment and defaults."""

from __future__ import annotations

import difflib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from oreva import __version__, pipeline
from oreva.cli.progress import ProgressLine
from oreva.cli.reviewed_rules import load_reviewed_rules
from oreva.cli.state import STATE_NAME, StateDir, state_dir
from oreva.config import Config, DisabledRule, config_from_text, find_config, load_config, with_environment
from oreva.errors import UsageError
from oreva.findings.suppressions import honoured, honoured_in_review
from oreva.models import Finding, Rule, Severity
from oreva.rules.check import check_rules
from oreva.rules.load import RuleSet, load_rules
from oreva.scanners.base import Limits, Scanner
from oreva.scanners.cache import ScanCache
from oreva.scanners.coverage import AcceptedGap
from oreva.scanners.registry import make_scanners
from oreva.scanners.semgrep import SemgrepScanner
from oreva.sources import git
from oreva.sources.directory import DirectorySource
from oreva.sources.display import shown
from oreva.store.base import FindingStore
from oreva.triage.registry import triager

if TYPE_CHECKING:
    from oreva.cli.local_scan import Options
    from oreva.triage.bedrock_settings import BedrockSettings

CACHE_NAME = "cache.db"
CONFIG_NAME = ".oreva.yml"


class SourceSettings(TypedDict):
    """What a `DirectorySource` of this session is made with."""

    root: Path
    repository: str
    excludes: Sequence[str]
    includes: Sequence[str]
    state_dir: Path


@dataclass(frozen=True)
class Session:
    """Everything a scan needs, made once."""

    options: Options
    config: Config
    state: StateDir
    scanners: Sequence[Scanner]
    active: pipeline.Ruleset
    cache: ScanCache
    limits: Limits
    jobs: int
    progress: ProgressLine
    notes: tuple[str, ...]
    base: str | None
    """The commit that `--diff` compares with."""

    @property
    def source_settings(self) -> SourceSettings:
        """What the source of this session is made with."""
        return {
            "root": self.options.path,
            "repository": self.state.repository,
            "excludes": (*self.config.exclude, *own_report(self.options)),
            "includes": self.config.include,
            "state_dir": self.state.path,
        }

    @property
    def source(self) -> DirectorySource:
        """The directory to scan."""
        return DirectorySource(**self.source_settings)

    @property
    def fail_on(self) -> Severity | None:
        """The lowest severity that makes the scan fail; None for never."""
        return self.config.fail_on

    @property
    def accepted_gaps(self) -> tuple[AcceptedGap, ...]:
        """The gaps that the configuration says are known."""
        return tuple(AcceptedGap(path=g.path, scanner=g.scanner, reason=g.reason) for g in self.config.accepted_gaps)

    @property
    def title(self) -> str:
        """What is scanned, for a heading."""
        return self.options.path.resolve().name or str(self.options.path.resolve())

    @property
    def grammar_note(self) -> str:
        """Advice for files that Bandit cannot parse because this Python is older than their syntax; else empty."""
        if sys.version_info >= (3, 13):
            return ""
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return (
            f"Bandit parses with the Python that runs it, here {version}: files in newer syntax are gaps; "
            "install Oreva with Python 3.13 to have them scanned"
        )

    def triage(self, store: FindingStore) -> pipeline.TriageSettings:
        """Who judges, with the verdicts and decisions of people that are in the store. One budget each."""
        judge = triager(
            self.config.triage.mode,
            settings=_bedrock_settings(self.config) if self.config.triage.mode == "bedrock" else None,
            cache=store,
            memories=partial(store.memories, f"directory/{self.state.repository}"),
            rules=self.active.rules,
        )
        return pipeline.TriageSettings(judge, self.config.triage.policy)

    def honour(self, findings: list[Finding]) -> list[Finding]:
        """In-source suppressions as the configuration wants them."""
        return honoured(findings, self.config.suppressions.in_source)

    def honour_in_review(self, finding: Finding) -> Finding:
        """The same for a finding that a change under review introduces."""
        return honoured_in_review(finding, self.config.suppressions.in_source)


def _bedrock_settings(config: Config) -> BedrockSettings:
    from oreva.triage.bedrock_settings import BedrockSettings  # noqa: PLC0415  (slow, and seldom needed)

    chosen = {} if config.triage.model_id is None else {"model_id": config.triage.model_id}
    return BedrockSettings(**chosen, region=config.triage.region, token_budget=config.triage.token_budget)


def own_report(options: Options) -> tuple[str, ...]:
    """A pattern for the file that the report goes to, if it lies in the tree: it quotes what the last scan found."""
    if options.output is None:
        return ()
    file = os.path.join(os.path.realpath(options.output.parent), options.output.name)  # noqa: PTH118  (a link stays one)
    relative = os.path.relpath(file, os.path.realpath(options.path))
    if Path(relative).parts[:1] in ((), ("..",)):
        return ()
    return ("/" + re.sub(r"([\\*?\[\]\s])", r"\\\1", relative.replace(os.sep, "/")),)


def source_of(options: Options) -> DirectorySource:
    """The directory as a scan would list it; makes no state and checks no rules.

    Raises `OrevaError` for a path or a configuration that a scan would refuse too.
    """
    root = options.path
    _ = DirectorySource(root=root, repository="").real_root
    base = git.merge_base(root, options.diff) if options.diff is not None else None
    config, _notes = _configuration(options, base)
    return DirectorySource(
        root=root,
        repository="local/root",
        excludes=(*config.exclude, *own_report(options)),
        includes=config.include,
        state_dir=options.state_dir or Path(os.path.realpath(root)) / STATE_NAME,
    )


@contextmanager
def open_session(options: Options, progress: ProgressLine) -> Iterator[Session]:
    """Read configuration and rules, check them, find the scanners, open the cache.

    Raises `OrevaError` for whatever is wrong with any of them, before anything is scanned.
    """
    root = options.path
    _ = DirectorySource(root=root, repository="").real_root  # raises SourceError, with what is wrong with it
    base = git.merge_base(root, options.diff) if options.diff is not None else None
    config, notes = _configuration(options, base)
    _refuse_committed_state(options)
    if config.triage.mode == "bedrock":
        from oreva.triage.bedrock_settings import bedrock_client  # noqa: PLC0415  (slow, and seldom needed)

        _ = bedrock_client(_bedrock_settings(config))  # raises UsageError before anything is scanned
    state = state_dir(root, options.state_dir)
    if state.note:
        progress.say(state.note)
    cache = ScanCache(state.path / CACHE_NAME if options.use_cache else None)
    try:
        loaded = _rules(options, config, state.path if options.use_cache else None, base, notes)
        notes += _ineffective(
            config.disabled_rules, {rule.rule.id for rule in loaded.rules}, lambda: _bandit_rules(cache)
        )
        off = {rule.id for rule in config.disabled_rules}
        rules = RuleSet(tuple(rule for rule in loaded.rules if rule.rule.id not in off)) if off else loaded
        scanners = make_scanners(options.scanners or config.scanners, rules, lambda: _bandit_rules(cache))
        active = pipeline.ruleset(scanners, off)
        for scanner in scanners:
            if isinstance(scanner, SemgrepScanner) and not rules.rules:
                notes.append(
                    "semgrep has no rules and looked at nothing: builtin_rules is off and no other rules are named"
                )
            elif isinstance(scanner, SemgrepScanner):
                progress.show("checking rules ...")
                check_rules(rules, Path(scanner.program), cache_dir=state.path if options.use_cache else None)
                slow = sum(not scanner.native_rule(loaded) for loaded in rules.rules)
                if slow:
                    notes.append(
                        f"{slow} rules need Semgrep's plain front end, which starts slowly (see docs/rules.md)"
                    )
        yield Session(
            options=options,
            config=config,
            state=state,
            scanners=scanners,
            active=active,
            cache=cache,
            limits=config.limits,
            jobs=config.jobs or _processors(),
            progress=progress,
            notes=tuple(notes),
            base=base,
        )
    finally:
        cache.close()


def _refuse_committed_state(options: Options) -> None:
    """A repository cannot bring its own state: it could hold dismissals, or results that hide what is there."""
    if options.state_dir is not None:
        return
    if git.tracked_files(options.path, f"{STATE_NAME}/"):
        raise UsageError(
            f"{STATE_NAME}/ is tracked by git, so its content cannot be trusted; remove it with "
            f"`git rm -r --cached {STATE_NAME}`, or keep state elsewhere with --state-dir"
        )


def _configuration(options: Options, base: str | None) -> tuple[Config, list[str]]:
    """The configuration: for a review that of the compared commit, so that a branch cannot weaken its own scan."""
    notes: list[str] = []
    if base is not None and options.config_file is None:
        stored = git.GitTree(options.path, base).read_many([CONFIG_NAME]).get(CONFIG_NAME)
        text = (stored or b"").decode("utf-8", "replace")
        config = with_environment(config_from_text(text, f"{CONFIG_NAME}@{base[:12]}", options.path), os.environ)
        here = options.path / CONFIG_NAME
        if here.is_file() and here.read_bytes() != (stored or b""):
            notes.append(f"{CONFIG_NAME} is taken from {base[:12]}: a change cannot alter the rules of its own review")
    else:
        config = load_config(options.config_file or find_config(options.path), os.environ)
    flags = config.with_overrides(
        fail_on=options.fail_on, triage=options.triage, exclude=options.excludes, jobs=options.jobs
    )
    if flags.triage.mode == "bedrock" and not _asked_for_a_model(options):
        notes.append(
            f"{CONFIG_NAME} asks for triage by a model, which costs money and sends code to Amazon Bedrock: "
            "say so yourself with --triage bedrock; judged by heuristics here"
        )
        flags = flags.with_overrides(triage="heuristic")
    return flags, notes


def _asked_for_a_model(options: Options) -> bool:
    """Whether the user, and not just a file in the scanned tree, wants a model to be asked."""
    return options.triage == "bedrock" or os.environ.get("OREVA_TRIAGE") == "bedrock" or options.config_file is not None


def _rules(options: Options, config: Config, cache_dir: Path | None, base: str | None, notes: list[str]) -> RuleSet:
    """The rules that are named; for a review those of the compared commit, with a note if a change would alter them."""
    paths = [*config.rules, *options.rules]
    for path in paths:
        if base is None and not path.exists():
            name = f"--rules {shown(str(path))}" if path in options.rules else f"rules: {shown(str(path))}"
            where = "" if path in options.rules else f" ({shown(str(options.config_file or CONFIG_NAME))})"
            raise UsageError(f"{name}: no such file or folder{where}; name a rule file or a folder that holds some")
    if base is None:
        loaded = load_rules(paths, builtin=config.builtin_rules, cache_dir=cache_dir)
    else:
        loaded, altered = load_reviewed_rules(
            options.path, base, paths, builtin=config.builtin_rules, cache_dir=cache_dir
        )
        if altered:
            notes.append(f"rules are taken from {base[:12]}: a change cannot alter the rules of its own review")
    return loaded


def _ineffective(
    disabled: Sequence[DisabledRule], known: set[str], bandit: Callable[[], Sequence[Rule]]
) -> Iterator[str]:
    """A remark for each disabled rule that there is none of: misspelt, or gone with another version."""
    if any(rule.id not in known for rule in disabled):
        known = known | {rule.id for rule in bandit()}
    for rule in disabled:
        if rule.id not in known:
            near = difflib.get_close_matches(rule.id.rpartition(":")[2], known, n=1, cutoff=0.7)
            hint = f"did you mean {near[0]!r}?" if near else "list them with `oreva rules list`"
            yield f"disabled_rules: there is no rule {rule.id!r}, so nothing is left out; {hint}"


def _bandit_rules(cache: ScanCache) -> tuple[Rule, ...]:
    """Bandit's catalogue, remembered by version, since asking Bandit means importing all of it."""
    import importlib.metadata  # noqa: PLC0415

    key = f"bandit-rules {importlib.metadata.version('bandit')} oreva {__version__}"
    known = cache.note(key)
    if known is not None:
        return tuple(Rule.model_validate(rule) for rule in json.loads(known))
    from oreva.rules.catalogue import bandit_rules  # noqa: PLC0415

    rules = bandit_rules()
    cache.put_note(key, json.dumps([rule.model_dump(mode="json") for rule in rules]))
    return rules


def _processors() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
