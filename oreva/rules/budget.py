"""How long each rule takes, and which ones take too long.

All rules of a language run on one stress text: the test targets of all of them in one file, so that every rule finds
the words it looks for. A rule is held against the rules of its own language and kind, because following data costs
tens of times what a pattern costs whatever the rule is about; a rule far above its peers is written badly, or has a
reason.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from oreva.rules.engine import RAN_OUT, RULE_TIMEOUT_S, EngineOutput, run_semgrep
from oreva.rules.load import LoadedRule, RuleSet
from oreva.rules.problems import Problem
from oreva.rules.testing import read_target, targets_of, without_paths

BUDGET = 3.0
"""How many times the median of its peers a rule may take without a written reason."""
FLOOR_S = 0.02
"""Seconds for 1,000 lines below which no rule is too slow: that is less than reading the file costs."""
MIN_LINES = {"taint": 1000, "search": 3000}
"""A shorter stress text is repeated up to this length, by the costliest kind of the rules: what costs little is
measured on more, so that a moment in which the machine does something else counts for less."""
MIN_PEERS = 5
"""With fewer rules of one kind than this, a median says nothing."""
REFERENCES = 9
"""How many rules of the pack a team's few rules of one kind are held against, and how many peers are timed alone."""
RUNS = 5
"""How often a rule that seems too slow is timed alone. The best time counts: other work on the machine only adds."""
REASON = "slow_because"
"""The key in a rule's metadata that says why it takes longer."""

_UNJOINABLE = frozenset({".json", ".xml", ".html", ".ipynb"})
"""Suffixes of formats in which two documents one after the other are no document."""


@dataclass(frozen=True)
class Cost:
    """What one rule took on the stress text of its language."""

    loaded: LoadedRule
    seconds: float
    """For 1,000 lines of the stress text."""
    median: float
    """Of the rules it is held against, in the same unit."""
    peers: int
    """How many rules those are."""

    @property
    def too_slow(self) -> bool:
        """Whether it is over the budget, reason or not."""
        return self.peers >= MIN_PEERS and self.seconds > max(FLOOR_S, BUDGET * self.median)


def over_budget(ruleset: RuleSet, semgrep: Path, *, references: RuleSet | None = None) -> Iterator[Problem]:
    """A warning for each rule that takes longer than the budget and does not say why.

    `references` are rules to hold them against where `ruleset` has only few of a kind.

    Raises `ScannerError` if Semgrep cannot run, `RuleError` if a test target cannot be read.
    """
    for cost in costs(ruleset, semgrep, references=references):
        if cost.too_slow and not _reason(cost.loaded):
            language, mode = _kind(cost.loaded)
            kind = "rules that follow data" if mode == "taint" else "rules without data flow"
            yield Problem(
                cost.loaded.file,
                cost.loaded.line,
                cost.loaded.rule.id,
                f"it takes {cost.seconds:.3f} s for 1,000 lines, {cost.seconds / cost.median:.1f} times the median of "
                f"{cost.peers} {language} {kind} ({cost.median:.3f} s, budget {BUDGET:.0f} times); make its "
                f"patterns narrower, or say in `metadata.{REASON}` why it needs the time",
                "warning",
            )


def costs(ruleset: RuleSet, semgrep: Path, *, references: RuleSet | None = None) -> list[Cost]:
    """What each rule of `ruleset` takes, by id. Raises as `over_budget` does."""
    by_language: dict[str, list[LoadedRule]] = defaultdict(list)
    for loaded in ruleset.rules:
        by_language[_kind(loaded)[0]].append(loaded)
    found: list[Cost] = []
    for own in by_language.values():
        others = _references(own, references or RuleSet(()))
        found += _measure(own, others, semgrep)
    return sorted(found, key=lambda cost: cost.loaded.rule.id)


def _measure(own: Sequence[LoadedRule], others: Sequence[LoadedRule], semgrep: Path) -> list[Cost]:
    """Time rules of one language on their stress text: all together, then those that seem too slow alone.

    What rules share, reading the file and the sources that flow rules have in common, is charged to one of them, and
    it is not told to which. So a suspect runs alone, and what its peers take alone more than together is taken off.
    """
    with tempfile.TemporaryDirectory(prefix="oreva-rule-costs-") as folder:
        watch = _Stopwatch(semgrep, Path(folder), _write_stress_text([*own, *others], Path(folder)))
        together = watch.time([*own, *others])
        found: list[Cost] = []
        for loaded in own:
            peers = [one for one in (*own, *others) if one.rule.id in together and _kind(one) == _kind(loaded)]
            if loaded not in peers:
                continue  # no test target is in its language
            typical = median(together[one.rule.id] for one in peers)
            cost = Cost(loaded, together[loaded.rule.id], typical, len(peers))
            for run in range(RUNS):
                if not cost.too_slow or _reason(loaded) or (run and cost.seconds > 2 * BUDGET * typical):
                    break
                shared = median(watch.alone(one) - together[one.rule.id] for one in _middle(peers, together))
                cost = Cost(loaded, watch.alone(loaded) - max(0.0, shared), typical, len(peers))
            found.append(cost)
    return found


@dataclass
class _Stopwatch:
    """Times rules on one stress text."""

    semgrep: Path
    folder: Path
    lines: int
    best: dict[str, float] = field(default_factory=dict)
    """Of the rules that ran alone, by id."""

    def time(self, rules: Sequence[LoadedRule]) -> dict[str, float]:
        """Seconds for 1,000 lines that each of these rules takes when they run together, by id."""
        if not self.lines:
            return {}
        output = run_semgrep(self.semgrep, without_paths(rules), self.folder, timing=True)
        return {rule_id: seconds * 1000 / self.lines for rule_id, seconds in _times(output).items()}

    def alone(self, loaded: LoadedRule) -> float:
        """The same for one rule: run it again, the best of all its runs."""
        rule_id = loaded.rule.id
        seconds = self.time([loaded]).get(rule_id, 0.0)
        self.best[rule_id] = min(seconds, self.best.get(rule_id, seconds))
        return self.best[rule_id]


def _middle(rules: Sequence[LoadedRule], seconds: Mapping[str, float]) -> list[LoadedRule]:
    """The rules around the median, at most `REFERENCES`."""
    ordered = sorted(rules, key=lambda loaded: seconds[loaded.rule.id])
    start = max(0, (len(ordered) - REFERENCES) // 2)
    return ordered[start : start + REFERENCES]


def _times(output: EngineOutput) -> dict[str, float]:
    """Seconds that each rule took on all files; for one that was not finished, no less than Semgrep allows."""
    seconds: dict[str, float] = defaultdict(float)
    if output.time is not None:
        for target in output.time.targets:
            for rule_id, spent in zip(output.time.rules, target.match_times, strict=False):
                seconds[rule_id] += spent
    for error in output.errors:
        if error.type in RAN_OUT and error.rule_id:
            seconds[error.rule_id] += RULE_TIMEOUT_S
    return seconds


def _write_stress_text(rules: Sequence[LoadedRule], folder: Path) -> int:
    """Write the test targets of these rules, joined by suffix; how many lines that are."""
    texts: dict[str, list[str]] = defaultdict(list)
    for file in dict.fromkeys(loaded.file for loaded in rules):
        for target in targets_of(file):
            texts[target.suffix].append(read_target(target))
    wanted = MIN_LINES["taint" if any(_kind(loaded)[1] == "taint" for loaded in rules) else "search"]
    lines = 0
    for suffix, parts in texts.items():
        times = -(-wanted // max(1, sum(text.count("\n") for text in parts)))
        repeated = parts * times
        glue = "\n---\n" if suffix in {".yaml", ".yml"} else "\n"
        contents = repeated if suffix in _UNJOINABLE else [glue.join(repeated)]
        for number, content in enumerate(contents):
            (folder / f"stress{number}{suffix}").write_text(content, encoding="utf-8")
            lines += content.count("\n")
    return lines


def _references(own: Sequence[LoadedRule], references: RuleSet) -> list[LoadedRule]:
    """Some rules of the pack for each kind of which there are too few, spread over its ids."""
    ids = {loaded.rule.id for loaded in own}
    chosen: list[LoadedRule] = []
    for kind in dict.fromkeys(map(_kind, own)):
        if sum(_kind(loaded) == kind for loaded in own) < REFERENCES:
            same = [loaded for loaded in references.rules if _kind(loaded) == kind and loaded.rule.id not in ids]
            chosen += same[:: max(1, len(same) // REFERENCES)][:REFERENCES]
    return chosen


def _kind(loaded: LoadedRule) -> tuple[str, str]:
    """What rules are held against each other: their first language, and whether they follow data."""
    return loaded.rule.languages[0], "taint" if loaded.definition.get("mode") == "taint" else "search"


def _reason(loaded: LoadedRule) -> str:
    metadata = loaded.definition.get("metadata")
    reason = metadata.get(REASON) if isinstance(metadata, Mapping) else None
    return reason.strip() if isinstance(reason, str) else ""
