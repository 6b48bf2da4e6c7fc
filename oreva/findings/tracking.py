"""Tracking: which finding of this scan is which finding of the store.

Passes over what is still unmatched, strictest first; each is one-to-one over a multiset. All of them look at every
detection of both sides, the primary ones first, so that a finding keeps its identity when one scanner stops seeing it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from oreva.findings.alignment import Aligner, Place
from oreva.findings.cwe import share_family
from oreva.findings.renames import infer_renames
from oreva.findings.syntax import fold, syntax_of
from oreva.models import Finding, Status

How = Literal["exact", "moved", "edited", "near", "renamed", "cross-scanner"]

_CLOSED = frozenset({Status.FIXED, Status.RETIRED})
_SET_ASIDE = frozenset({Status.DISMISSED, Status.SUPPRESSED})

_NEAR_LINES_AT_TOP_LEVEL = 10
"""Outside of any function, how far an edited finding may be from where it was expected."""
_LIKENESS = 0.5
"""Share of its words that an edited finding must have kept, if its surroundings changed too."""
_LIKENESS_SET_ASIDE = 0.8
"""The same for one that a person or a policy set aside: what they judged must still be there."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Match:
    """One finding of this scan and the stored one that it is."""

    current: int
    stored: int
    how: How


@dataclass(frozen=True)
class Tracking:
    """What became of every finding on both sides; all numbers are indexes into the two sequences."""

    matches: tuple[Match, ...]
    """In order of `current`."""
    new: tuple[int, ...]
    """Current findings that no stored one is."""
    missing: tuple[int, ...]
    """Stored findings that no current one is, without those of `merged`."""
    merged: Mapping[int, int]
    """Stored finding to the current one that now holds its detections, which is another stored finding already."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Old path to new path: those given, and those inferred."""


class _Facet(NamedTuple):
    """One detection of a finding, reduced to what is compared."""

    path: str
    rule: str
    code: str
    context: str
    scope: str
    start: str
    """Hash of the 100 characters from the start of the line."""


Key = Callable[[_Facet, Finding], tuple[str, ...]]

_SAME_CODE: tuple[tuple[How, Key], ...] = (
    ("exact", lambda f, _: (f.path, f.rule, f.code, f.context, f.scope)),
    ("moved", lambda f, _: (f.path, f.rule, f.code, f.context)),
    ("moved", lambda f, _: (f.path, f.rule, f.code, f.start, f.scope)),
    ("moved", lambda f, finding: (f.path, f.rule, f.code, _text(finding), f.scope)),
    ("moved", lambda f, _: (f.path, f.rule, f.code, f.scope)),
    ("moved", lambda f, _: (f.path, f.rule, f.code)),
    ("moved", lambda f, finding: (f.path, f.rule, _text(finding))),
)
"""The detected code is the same; fixed and retired findings take part, and come back."""

_EDITED: tuple[tuple[How, Key], ...] = (
    ("edited", lambda f, _: (f.path, f.rule, f.context, f.scope)),
    ("edited", lambda f, _: (f.path, f.rule, f.start, f.scope)),
    ("edited", lambda f, _: (f.path, f.rule, f.context)),
)
"""The code changed where it stands."""

_OTHER_RULE: tuple[Key, ...] = (
    lambda f, _: (f.path, f.code),
    lambda f, _: (f.path, f.start),
    lambda f, finding: (f.path, _text(finding)),
)


def track(
    current: Sequence[Finding],
    stored: Sequence[Finding],
    *,
    renames: Mapping[str, str] | None = None,
    gone: Callable[[str], bool] | None = None,
) -> Tracking:
    """Match the findings of a scan with the stored ones of the same repository, one to one.

    The result does not depend on the order of either side. Time grows about linearly with the number of findings.

    Args:
        current: findings of this scan; their ids are not looked at.
        stored: findings of every status. Fixed and retired ones are matched only by the same code, after the others.
        renames: old path to new path of files known to be renamed.
        gone: whether a path does not exist any more. Without it no rename is inferred; with it, a vanished file is
            taken for an appeared one if their findings agree and no other file could be meant.
    """
    known = dict(renames or {})
    matcher = _Matcher(current, stored, known)
    matcher.same_code()
    if gone is not None:
        inferred = infer_renames(matcher.unmatched_current(), matcher.unmatched_stored(), stored, known, gone)
        if inferred:
            known.update(inferred)
            matcher.use_renames(known)
            matcher.same_code()
    if known:
        matcher.use_renames({})
        matcher.same_code()
        matcher.use_renames(known)
    matcher.edited()
    matcher.near()
    matcher.other_rule()
    return matcher.result(known)


class _Matcher:
    """The state between the passes: what is matched, and what is still free on either side."""

    def __init__(self, current: Sequence[Finding], stored: Sequence[Finding], renames: Mapping[str, str]) -> None:
        self._current = current
        self._stored = stored
        self._current_facets = [_facets(finding, {}) for finding in current]
        self._stored_facets = [_facets(finding, renames) for finding in stored]
        self._free_current = set(range(len(current)))
        self._free_stored = set(range(len(stored)))
        self._matches: dict[int, tuple[int, How]] = {}
        self._aligner = Aligner()

    def use_renames(self, renames: Mapping[str, str]) -> None:
        """Look at what is still free under other paths."""
        for index in self._free_stored:
            self._stored_facets[index] = _facets(self._stored[index], renames)

    def unmatched_current(self) -> list[Finding]:
        """Findings of this scan that are still free."""
        return [self._current[index] for index in sorted(self._free_current)]

    def unmatched_stored(self) -> list[Finding]:
        """Stored findings, neither fixed nor retired, that are still free."""
        return [self._stored[i] for i in sorted(self._free_stored) if self._stored[i].status not in _CLOSED]

    def same_code(self) -> None:
        """The passes that ask for the same rule and the same code."""
        for how, key in _SAME_CODE:
            self._pass(how, key, closed=True)

    def edited(self) -> None:
        """The passes for code that was edited in place."""
        for how, key in _EDITED:
            self._pass(how, key, closed=False)

    def other_rule(self) -> None:
        """Another rule reports the same code as the same kind of defect."""
        for key in _OTHER_RULE:
            for _, cs, ss in self._buckets(key, primary=False, closed=True):
                by_cwe_c, by_cwe_s = self._by_cwe(self._current, cs), self._by_cwe(self._stored, ss)
                for cwe_c, group_c in sorted(by_cwe_c.items()):
                    for cwe_s, group_s in sorted(by_cwe_s.items()):
                        if share_family(cwe_c, cwe_s):
                            self._pair_up("cross-scanner", group_c, group_s)

    def near(self) -> None:
        """The nearest finding of the same rule in the same function, if it still reads alike."""
        for (_, _, scope), cs, ss in self._buckets(lambda f, _: (f.path, f.rule, f.scope), primary=False, closed=False):
            places = [self._stored_place(s) for s in ss]
            candidates = self._aligner.nearest([self._current_place(c) for c in cs], places)
            for distance, c, s in candidates:
                if c not in self._free_current or s not in self._free_stored:
                    continue
                if not scope and distance > _NEAR_LINES_AT_TOP_LEVEL:
                    continue
                if _alike(self._current[c], self._stored[s]):
                    self._match(c, s, "near")

    def result(self, renames: Mapping[str, str]) -> Tracking:
        """Everything matched so far, and the rest."""
        merged = self._merged()
        return Tracking(
            matches=tuple(Match(c, s, how) for c, (s, how) in sorted(self._matches.items())),
            new=tuple(sorted(self._free_current)),
            missing=tuple(sorted(self._free_stored - merged.keys())),
            merged=merged,
            renames=dict(renames),
        )

    def _pass(self, how: How, key: Key, *, closed: bool) -> None:
        for primary in (True, False):
            for _, cs, ss in self._buckets(key, primary=primary, closed=closed):
                self._pair_up(how, cs, ss)

    def _buckets(
        self, key: Key, *, primary: bool, closed: bool
    ) -> Iterable[tuple[tuple[str, ...], list[int], list[int]]]:
        """Free findings with the same key on both sides, by key; those with one on either side come first.

        What lies between unambiguous neighbours is easier to tell apart, so these are matched before.
        """
        if not self._free_current or not self._free_stored:
            return
        left = self._by_key(self._current, self._current_facets, self._free_current, key, primary)
        usable = self._free_stored
        if not closed:
            usable = {s for s in usable if self._stored[s].status not in _CLOSED}
        right = self._by_key(self._stored, self._stored_facets, usable, key, primary, only=left)
        for shared in sorted(right, key=lambda k: (len(left[k]) > 1 or len(right[k]) > 1, k)):
            cs = [c for c in left[shared] if c in self._free_current]
            ss = [s for s in right[shared] if s in self._free_stored]
            if cs and ss:
                yield shared, cs, ss

    @staticmethod
    def _by_key(
        findings: Sequence[Finding],
        facets: Sequence[Sequence[_Facet]],
        free: Iterable[int],
        key: Key,
        primary: bool,
        only: Mapping[tuple[str, ...], list[int]] | None = None,
    ) -> dict[tuple[str, ...], list[int]]:
        found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for index in free:
            looked_at = facets[index][:1] if primary else facets[index]
            for value in {key(facet, findings[index]) for facet in looked_at}:
                if only is None or value in only:
                    found[value].append(index)
        return found

    @staticmethod
    def _by_cwe(findings: Sequence[Finding], indexes: Iterable[int]) -> dict[tuple[str, ...], list[int]]:
        found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for index in indexes:
            found[findings[index].cwe].append(index)
        return found

    def _pair_up(self, how: How, cs: Iterable[int], ss: Iterable[int]) -> None:
        """Match findings that look the same: open and set-aside ones first, then fixed, then retired ones."""
        left = [c for c in cs if c in self._free_current]
        right = [s for s in ss if s in self._free_stored]
        live = [s for s in right if self._stored[s].status not in _CLOSED]
        # Where fewer are left than there were, an open one goes on and a dismissed one ends: nothing real is hidden.
        firm = [s for s in live if self._stored[s].status not in _SET_ASIDE]
        rounds = [(live, firm)]
        rounds += [
            ([s for s in right if self._stored[s].status is status], []) for status in (Status.FIXED, Status.RETIRED)
        ]
        for candidates, preferred in rounds:
            free = [self._current_place(c) for c in left if c in self._free_current]
            if not free:
                return
            places = [self._stored_place(s) for s in candidates]
            for c, s in self._aligner.align(free, places, frozenset(preferred)):
                self._match(c, s, how)

    def _match(self, c: int, s: int, how: How) -> None:
        self._free_current.discard(c)
        self._free_stored.discard(s)
        before, after = self._stored[s], self._current[c]
        self._matches[c] = (s, how if before.path == after.path else "renamed")
        if how in ("exact", "moved"):
            self._aligner.anchor(after.path, before.start_line, after.start_line)

    def _current_place(self, c: int) -> Place:
        finding = self._current[c]
        return Place(c, finding.path, finding.start_line, _order(finding))

    def _stored_place(self, s: int) -> Place:
        finding = self._stored[s]
        path = self._stored_facets[s][0].path
        line = self._aligner.expected(path, finding.start_line)
        return Place(
            s, path, line, (finding.start_line, *_order(finding)[1:], finding.first_seen.isoformat(), finding.id)
        )

    def _merged(self) -> dict[int, int]:
        """Unmatched stored findings whose detections are now part of a finding that is another stored one.

        Only detections of rules that this other one did not have count, and each for one finding: otherwise the
        second of two equal findings would pass for merged when in truth it is gone.
        """
        unexplained: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for c, (s, _) in sorted(self._matches.items()):
            known = set(self._stored[s].rule_ids)
            for number, facet in enumerate(self._current_facets[c]):
                if facet.rule not in known:
                    for value in _merge_keys(facet):
                        unexplained[value].append((c, number))
        used: set[tuple[int, int]] = set()
        merged: dict[int, int] = {}
        live = [s for s in self._free_stored if self._stored[s].status not in _CLOSED]
        for s in sorted(live, key=lambda s: (_order(self._stored[s]), self._stored[s].id)):
            for value in [value for facet in self._stored_facets[s] for value in _merge_keys(facet)]:
                taken = next((slot for slot in unexplained.get(value, ()) if slot not in used), None)
                if taken is not None:
                    used.add(taken)
                    merged[s] = taken[0]
                    break
        return merged


def _facets(finding: Finding, renames: Mapping[str, str]) -> list[_Facet]:
    return [
        _Facet(
            renames.get(d.path, d.path),
            f"{d.scanner}:{d.rule_id}",
            prints.code,
            prints.context,
            prints.scope,
            prints.primary_location_line_hash.partition(":")[0],
        )
        for d, prints in zip(finding.detections, finding.fingerprints, strict=True)
    ]


def _merge_keys(facet: _Facet) -> tuple[tuple[str, ...], ...]:
    return (
        ("code", facet.path, facet.rule, facet.code),
        ("start", facet.path, facet.rule, facet.start),
        ("context", facet.path, facet.rule, facet.context, facet.scope),
    )


def _text(finding: Finding) -> str:
    """The lines of a finding with white space and comments folded."""
    return fold(finding.snippet, syntax_of(finding.path))


def _order(finding: Finding) -> tuple[int, int, int, int, tuple[str, ...], str, str]:
    """By place, then by what tells two findings at one place apart."""
    d = finding.primary
    return (d.start_line, d.start_col, d.end_line, d.end_col, finding.rule_ids, d.message, finding.fingerprints[0].rule)


def _alike(current: Finding, stored: Finding) -> bool:
    """Whether enough words of the shorter text are in the longer one (overlap coefficient)."""
    a, b = set(_WORD.findall(current.snippet)), set(_WORD.findall(stored.snippet))
    if not a or not b:
        return False
    needed = _LIKENESS_SET_ASIDE if stored.status in _SET_ASIDE else _LIKENESS
    return len(a & b) >= needed * min(len(a), len(b))
