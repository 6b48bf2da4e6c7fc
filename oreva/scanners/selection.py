"""Which flow rules can match in a file at all, told by the words that Semgrep itself says each rule needs.

Semgrep looks for the words of every rule in every file before it parses one, rule by rule, anywhere in the text: `eval`
is found in `retrieval`. Here each word is looked up once for all rules, and as a whole word where it is an identifier,
since an identifier of a pattern only ever matches a whole identifier. A rule that lacks a word it needs cannot match,
so that leaving it out changes no result; tests hold both sides to that.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from oreva.environment import semgrep_environment
from oreva.rules.load import LoadedRule

_START_S = 0.3
"""What one more Semgrep process costs."""
_ANY_RULE_S = 5e-6
_EACH_RULE_S = 1.5e-6
"""Seconds per byte: for the first flow rule (looking up what all of them share), and for each."""
_ASK_TIMEOUT_S = 60
_WORDS = re.compile(rb"[A-Za-z_]\w*")
_SIMPLE = re.compile(r"[\w|()?]+", re.ASCII)
"""A regular expression that means the same to Python and to Semgrep."""


@dataclass(frozen=True)
class _Word:
    text: bytes
    whole: bool
    """Whether it is an identifier."""


@dataclass(frozen=True)
class _Matches:
    pattern: re.Pattern[bytes]


@dataclass(frozen=True)
class _All:
    needs: tuple[_Need, ...]


@dataclass(frozen=True)
class _Any:
    needs: tuple[_Need, ...]


_Need = _Word | _Matches | _All | _Any


@dataclass
class _Text:
    """A content in which words are looked up, each once."""

    content: bytes
    words: set[bytes] | None = None
    known: dict[tuple[object, bool], bool] = field(default_factory=dict)

    def has(self, need: _Need, *, whole_words: bool) -> bool:
        if isinstance(need, _All):
            return all(self.has(part, whole_words=whole_words) for part in need.needs)
        if isinstance(need, _Any):
            return any(self.has(part, whole_words=whole_words) for part in need.needs)
        key = (need, whole_words)
        answer = self.known.get(key)
        if answer is None:
            answer = self.known[key] = self._look(need, whole_words=whole_words)
        return answer

    def _look(self, need: _Word | _Matches, *, whole_words: bool) -> bool:
        if isinstance(need, _Matches):
            return need.pattern.search(self.content) is not None
        if need.text not in self.content:
            return False
        if not (whole_words and need.whole):
            return True
        if self.words is None:
            self.words = set(_WORDS.findall(self.content))
        return need.text in self.words


class Selection:
    """The flow rules of a rule set with what each needs of a file."""

    def __init__(self, rules: Sequence[LoadedRule], needs: Mapping[str, object]) -> None:
        """`needs` maps rule ids to requirements as Semgrep writes them; a rule that is not there needs nothing."""
        self._needs = {loaded.rule.id: _need(needs.get(loaded.rule.id)) for loaded in rules}
        self.flow = frozenset(loaded.rule.id for loaded in rules if loaded.definition.get("mode") == "taint")

    def candidates(self, content: bytes, rules: Iterable[LoadedRule]) -> frozenset[str]:
        """The flow rules, among those whose language fits the file, that are to be run on it.

        Semgrep parses a file, and says what it could not parse, as soon as one rule's words are there. So where nothing
        but flow rules would have made it do that and none of them can match, one of them stays.
        """
        text = _Text(content)
        by_languages: dict[tuple[str, ...], list[str]] = {}
        for loaded in rules:
            by_languages.setdefault(loaded.rule.languages, []).append(loaded.rule.id)
        chosen: set[str] = set()
        for ids in by_languages.values():
            flow = [rule_id for rule_id in ids if rule_id in self.flow]
            possible = [rule_id for rule_id in flow if self._has(text, rule_id, whole_words=True)]
            chosen.update(possible)
            if possible or any(self._has(text, rule_id, whole_words=False) for rule_id in ids if rule_id not in flow):
                continue
            chosen.update([rule_id for rule_id in flow if self._has(text, rule_id, whole_words=False)][:1])
        return frozenset(chosen)

    def _has(self, text: _Text, rule_id: str, *, whole_words: bool) -> bool:
        need = self._needs.get(rule_id)
        return need is None or text.has(need, whole_words=whole_words)


def ask(core: Path, rules: Sequence[LoadedRule]) -> Selection | None:
    """Ask Semgrep's engine what each rule needs; None if it does not say, so that all rules run everywhere."""
    with tempfile.TemporaryDirectory(prefix="oreva-semgrep-") as folder:
        config = Path(folder, "rules.json")
        config.write_text(json.dumps({"rules": [dict(loaded.definition) for loaded in rules]}))
        try:
            done = subprocess.run(
                [str(core), "-prefilter_of_rules", str(config)],
                env=semgrep_environment(Path(folder)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_ASK_TIMEOUT_S,
                check=True,
                cwd=folder,
            )
            answer = json.loads(done.stdout)
            needs = {entry["rule_id"]: entry["filter"][1] for entry in answer if entry["filter"] != "None"}
        except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError, IndexError):
            return None
    return Selection(rules, needs)


def _need(formula: object) -> _Need | None:
    """A requirement as Semgrep writes it (`["And", [...]]`, `["Pred", ["Idents", [...]]]`); None: not known, none."""
    match formula:
        case ["Pred", ["Idents", [*words]]]:
            texts = [str(word).encode() for word in words]
            return _All(tuple(_Word(text, _WORDS.fullmatch(text) is not None) for text in texts))
        case ["Pred", ["Regexp", str(pattern)]] if _SIMPLE.fullmatch(pattern):
            try:
                return _Matches(re.compile(pattern.encode()))
            except re.error:
                return None
        case ["And", [*parts]]:
            known = tuple(need for part in parts if (need := _need(part)) is not None)
            return _All(known) if known else None
        case ["Or", [*parts]]:
            known = tuple(need for part in parts if (need := _need(part)) is not None)
            return _Any(known) if known and len(known) == len(parts) else None
    return None


@dataclass
class Part:
    """Files that one process scans, and the flow rules that it runs on all of them."""

    names: list[str]
    size: int
    flow: frozenset[str]

    @property
    def cost(self) -> float:
        """Estimated seconds of one processor."""
        return _START_S + _work(self.size, len(self.flow))


def parts(files: Iterable[tuple[str, int, frozenset[str]]]) -> list[Part]:
    """Files (name, size, flow rules) in parts: together where running each other's rules costs less than a process."""
    alike: dict[frozenset[str], Part] = {}
    for name, size, flow in files:
        part = alike.setdefault(flow, Part([], 0, flow))
        part.names.append(name)
        part.size += size
    made: list[Part] = []
    for part in sorted(alike.values(), key=lambda part: (-part.cost, part.names[0])):
        best, least = None, part.cost
        for other in made:
            more = _work(other.size + part.size, len(other.flow | part.flow)) - _work(other.size, len(other.flow))
            if more <= least:
                best, least = other, more
        if best is None:
            made.append(part)
        else:
            best.names += part.names
            best.size += part.size
            best.flow |= part.flow
    return made


def _work(size: int, rules: int) -> float:
    return size * (_ANY_RULE_S + _EACH_RULE_S * rules) if rules else 0.0
