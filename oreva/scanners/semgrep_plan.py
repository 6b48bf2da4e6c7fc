"""What Semgrep processes a batch takes: which files, which rules, through which front end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from oreva.rules.load import LoadedRule
from oreva.scanners import languages
from oreva.scanners.base import Stage
from oreva.scanners.selection import Selection, parts

WORTH_SELECTING_BYTES = 50_000
"""A batch of less than this is scanned before it is known which rules it needs."""


@dataclass(frozen=True)
class Run:
    """What one Semgrep process is to do."""

    root: Path
    """Holds exactly the files to scan."""
    rules: Sequence[LoadedRule]
    native: bool


class Plan:
    """Cuts batches into runs for one rule set."""

    def __init__(
        self, native: Sequence[LoadedRule], plain: Sequence[LoadedRule], select: Callable[[], Selection | None]
    ) -> None:
        """`native` and `plain` are the rules of each front end; `select` is asked once, when a batch is worth it."""
        self._native = native
        self._plain = plain
        self._select = select
        self._fitting_by_languages: dict[frozenset[str] | None, tuple[LoadedRule, ...]] = {}

    @cached_property
    def _selection(self) -> Selection | None:
        return self._select()

    def runs(self, stage: Stage, folder: Path, processes: int) -> list[Run]:
        """The runs over a stage; together they are the stage under all rules. `folder` is for links to its files.

        Where several processes may work on it, each gets a part of the rules: what a rule finds in a file does not
        depend on the other rules.
        """
        made = [
            Run(root, hand, native=True)
            for root, rules in self._selected(stage, folder)
            for hand in _dealt(rules, processes)
        ]
        return made + ([Run(stage.root, self._plain, native=False)] if self._plain else [])

    def _selected(self, stage: Stage, folder: Path) -> list[tuple[Path, Sequence[LoadedRule]]]:
        """Folders of files, and for each the native rules that can match in one of them."""
        if not self._native:
            return []
        if sum(file.size for file in stage.files) < WORTH_SELECTING_BYTES or self._selection is None:
            return [(stage.root, self._native)]
        chosen = []
        for file in stage.files:
            fitting = self._fitting(languages.languages_of(file.path))
            content = (stage.root / file.staged).read_bytes() if fitting else b""
            chosen.append((file.staged, file.size, self._selection.candidates(content, fitting)))
        cut = parts(chosen)
        result: list[tuple[Path, Sequence[LoadedRule]]] = []
        for number, part in enumerate(cut):
            root = stage.root
            if len(cut) > 1:
                root = folder / str(number)
                root.mkdir()
                _link(stage.root, root, part.names)
            wanted = self._always | part.flow
            result.append((root, [loaded for loaded in self._native if loaded.rule.id in wanted]))
        return result

    @cached_property
    def _always(self) -> frozenset[str]:
        """All rules but flow rules, which cost little, and a flow rule where a language has no other.

        They decide which files Semgrep says it looked at.
        """
        ids = {loaded.rule.id for loaded in self._native if loaded.definition.get("mode") != "taint"}
        seen = {loaded.rule.languages for loaded in self._native if loaded.rule.id in ids}
        for loaded in self._native:
            if loaded.rule.languages not in seen:
                seen.add(loaded.rule.languages)
                ids.add(loaded.rule.id)
        return frozenset(ids)

    def _fitting(self, of_file: frozenset[str] | None) -> tuple[LoadedRule, ...]:
        """The native rules that can apply to files of these languages; none if no flow rule is among them."""
        known = self._fitting_by_languages.get(of_file)
        if known is None:
            known = tuple(loaded for loaded in self._native if of_file is None or can_apply(loaded, of_file))
            if not any(loaded.definition.get("mode") == "taint" for loaded in known):
                known = ()
            self._fitting_by_languages[of_file] = known
        return known


def without_overflows(done: Iterable[tuple[Run, Mapping[str, str]]], folder: Path) -> Iterator[Run]:
    """What is left to do after some runs: files of which one rule matched so often that nothing was reported.

    `done` gives each run the files that this happened to, and the rule; they are done again without that rule.
    `folder` is for links to the files.
    """
    for number, (run, overflows) in enumerate(done):
        for place, rule_id in enumerate(sorted(set(overflows.values()))):
            rules = [loaded for loaded in run.rules if loaded.rule.id != rule_id]
            if rules and len(rules) < len(run.rules):
                root = folder / f"{number}-{place}"
                root.mkdir()
                _link(run.root, root, [name for name, culprit in overflows.items() if culprit == rule_id])
                yield replace(run, root=root, rules=rules)


def can_apply(loaded: LoadedRule, of_file: frozenset[str]) -> bool:
    """Whether a rule looks at files of these languages."""
    names = {languages.canonical(name) for name in loaded.rule.languages}
    return bool(names & languages.ANY_FILE) or bool(names & of_file)


def _link(source: Path, target: Path, names: Iterable[str]) -> None:
    """Make these files of one folder appear in another."""
    for name in names:
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            place.hardlink_to(source / name)
        except OSError:
            shutil.copy2(source / name, place)


def _dealt(rules: Sequence[LoadedRule], hands: int) -> list[list[LoadedRule]]:
    """Rules dealt out to processes: those of one language in turn, flow rules, the costly ones, first."""
    if hands == 1:
        return [list(rules)]
    ordered = sorted(rules, key=lambda loaded: (loaded.rule.languages, loaded.definition.get("mode") != "taint"))
    return [part for start in range(hands) if (part := ordered[start::hands])]
