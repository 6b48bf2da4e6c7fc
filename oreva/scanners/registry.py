"""The scanners by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from oreva.errors import UsageError
from oreva.models import Rule
from oreva.rules.load import RuleSet
from oreva.scanners.bandit import BanditScanner
from oreva.scanners.base import SCANNERS, Scanner
from oreva.scanners.semgrep import SemgrepScanner

__all__ = ["SCANNERS", "make_scanners"]


def make_scanners(names: Sequence[str], rules: RuleSet, bandit_rules: Callable[[], Sequence[Rule]]) -> list[Scanner]:
    """The scanners of these names, each once, in the order of `SCANNERS`. Raises `UsageError` for an unknown name."""
    for name in names:
        if name not in SCANNERS:
            near = difflib.get_close_matches(name, SCANNERS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {' and '.join(SCANNERS)}"
            raise UsageError(f"no such scanner {name!r}; {hint}")
    if set(names) == {"semgrep"} and not rules.rules:
        raise UsageError(
            "there is nothing to scan with: semgrep has no rules; name a folder with --rules, or add bandit"
        )
    # Semgrep without rules takes part all the same: it has no files then, and findings of rules that are gone retire.
    made: list[Scanner] = []
    if "semgrep" in names:
        made.append(SemgrepScanner(rules))
    if "bandit" in names:
        made.append(BanditScanner(bandit_rules))
    return made
