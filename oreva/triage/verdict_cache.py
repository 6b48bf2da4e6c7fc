"""The verdict cache: a model is asked once about the same code, under the same rule, with the same prompt.

The key is made of the rule and its digest, the people's decisions that were shown as examples, the slice, the prompt
and the model. It holds no path and no line number, so that a verdict is found again when code moves; the quotes of a
kept verdict name lines by their position in the slice, and are checked against the file again before they count.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from oreva.errors import StoreError
from oreva.models import TriageMemory, Verdict
from oreva.triage.prompt import RuleText, prompt_hash
from oreva.triage.slices import MaskedFile, Slice

_log = logging.getLogger(__name__)


class VerdictStore(Protocol):
    """What the cache needs of a `FindingStore`."""

    def verdicts(self, keys: Sequence[str]) -> dict[str, Verdict]:
        """Cached verdicts by key; unknown keys are absent."""

    def put_verdicts(self, verdicts: dict[str, Verdict]) -> None:
        """Cache verdicts; an existing key is overwritten."""


def cache_key(rule: RuleText, memories: Sequence[TriageMemory], shown: Slice, model_id: str) -> str:
    """SHA-256 (hex) over everything that makes a verdict what it is."""
    examples = "\n".join(f"{memory.id} {memory.decision}" for memory in memories)
    parts = (
        *(rule.id, rule.digest, rule.title, rule.message, ",".join(rule.cwe)),
        *(examples, shown.digest, prompt_hash(), model_id),
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


class VerdictCache:
    """Keeps verdicts in a store. A store that fails costs a question to the model, never a finding."""

    def __init__(self, store: VerdictStore | None) -> None:
        """Without a store nothing is kept and nothing found."""
        self._store = store

    def load(self, keys: Sequence[str]) -> dict[str, Verdict]:
        """The verdicts that are known, by key; `moved_in` brings each to the place it is wanted at."""
        if self._store is None or not keys:
            return {}
        try:
            return self._store.verdicts(list(dict.fromkeys(keys)))
        except StoreError as error:
            _log.warning("the verdict cache could not be read: %s", error)
            return {}

    def save(self, verdicts: Mapping[str, tuple[Verdict, Slice]]) -> None:
        """Keep verdicts by key; those that quote lines of another slice are left out."""
        kept = {key: moved_out(verdict, shown) for key, (verdict, shown) in verdicts.items()}
        entries = {key: verdict for key, verdict in kept.items() if verdict is not None}
        if self._store is None or not entries:
            return
        try:
            self._store.put_verdicts(entries)
        except StoreError as error:
            _log.warning("the verdict cache could not be written: %s", error)


def moved_out(verdict: Verdict, shown: Slice) -> Verdict | None:
    """A verdict that names lines by their position in the slice, and no path; None if it quotes other lines."""
    positions = {number: position for position, number in enumerate(shown.numbers, start=1)}
    if any(item.line not in positions for item in verdict.evidence):
        return None
    quotes = (item.model_copy(update={"path": "", "line": positions[item.line]}) for item in verdict.evidence)
    return verdict.model_copy(update={"evidence": tuple(quotes)})


def moved_in(verdict: Verdict, shown: Slice, file: MaskedFile) -> Verdict | None:
    """A verdict made by `moved_out`, at another place; None unless every quote holds there."""
    numbers = shown.numbers
    if any(not 1 <= item.line <= len(numbers) for item in verdict.evidence):
        return None
    quotes = tuple(
        item.model_copy(update={"path": file.path, "line": numbers[item.line - 1]}) for item in verdict.evidence
    )
    if any(file.problem_of(item, frozenset(numbers)) for item in quotes):
        return None
    return verdict.model_copy(update={"evidence": quotes})
