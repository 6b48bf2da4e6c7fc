"""What the rules find and what they wrongly report, on labelled programs, scored as the OWASP Benchmark scores.

    python -m benchmarks.recall                            (all cases, per language and per weakness)
    python -m benchmarks.recall --set held-out --misses    (cases written after the rules; and which ones went wrong)

`tests/corpus` holds pairs of small programs: one with a defect, and its twin without it. A case counts as reported if a
scan shows an open finding of the case's CWE family in its file. The true positive rate (TPR) is the share of vulnerable
programs reported, the false positive rate (FPR) that of safe ones; the score is their difference: 1 is perfect, 0 is
what guessing reaches.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from oreva import pipeline
from oreva.findings.cwe import share_family
from oreva.models import Confidence, Finding, Model, Status, utc_now
from oreva.rules.catalogue import bandit_rules
from oreva.rules.load import load_rules
from oreva.scanners.base import Limits
from oreva.scanners.cache import ScanCache
from oreva.scanners.registry import SCANNERS, make_scanners
from oreva.sources.directory import DirectorySource

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus"
JOBS = 2


class Case(Model):
    """One program of the corpus."""

    file: str
    """Below the corpus."""
    case: str
    """The name that the two programs of a pair share."""
    language: str
    cwe: str
    vulnerable: bool
    lines: tuple[int, ...]
    """Where the defect is; empty for a safe program."""
    set: str
    """`tuned`: the rules were improved with it in sight; the others: see the README of the corpus."""


@dataclass(frozen=True)
class Judged:
    """A case and what a scan says of it."""

    case: Case
    reported: bool
    """A finding of its CWE family is shown."""
    at_line: bool
    """One of those lies on a line where the defect is."""


@dataclass(frozen=True)
class Score:
    """Counts over some cases."""

    positives: int = 0
    negatives: int = 0
    true_positives: int = 0
    false_positives: int = 0

    @property
    def tpr(self) -> float:
        """Share of the vulnerable cases that were reported."""
        return self.true_positives / self.positives if self.positives else 0.0

    @property
    def fpr(self) -> float:
        """Share of the safe cases that were reported."""
        return self.false_positives / self.negatives if self.negatives else 0.0


def read_cases(corpus: Path = CORPUS) -> tuple[Case, ...]:
    """The cases of the manifest."""
    return tuple(Case.model_validate(entry) for entry in json.loads((corpus / "manifest.json").read_bytes()))


def scan(corpus: Path = CORPUS, *, scanners: Sequence[str] = SCANNERS) -> dict[str, list[Finding]]:
    """The findings of a scan of the corpus, by file.

    Raises `SystemExit` if a file could not be looked at: a rate over half of the files would mean nothing.
    """
    source = DirectorySource(corpus, repository="corpus", includes=["*"])
    made = make_scanners(scanners, load_rules(), bandit_rules)
    active = pipeline.ruleset(made)
    cache = ScanCache(None)
    scanned = pipeline.scanning(source, source.list(), made, active, cache=cache, limits=Limits(), jobs=JOBS)
    if scanned.coverage.gaps:
        sys.exit("\n".join(f"{gap.path}: {gap.scanner}: {gap.reason}" for gap in scanned.coverage.gaps))
    contents = pipeline.read_contents(source.read, {d.path for d in scanned.detections})
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in pipeline.candidates(scanned, active, contents, utc_now()):
        found[finding.path].append(finding)
    return found


def judge(cases: Iterable[Case], found: dict[str, list[Finding]], *, show_all: bool = False) -> list[Judged]:
    """Say of each case whether a scan reports it; with `show_all`, findings of low confidence count too."""
    judged = []
    for case in cases:
        related = [
            finding
            for finding in found.get(case.file, [])
            if share_family(finding.cwe, [case.cwe])
            and finding.status is Status.OPEN
            and (show_all or finding.confidence is not Confidence.LOW)
        ]
        at_line = any(d.start_line <= n <= d.end_line for f in related for d in f.detections for n in case.lines)
        judged.append(Judged(case, bool(related), at_line))
    return judged


def score(judged: Iterable[Judged]) -> Score:
    """Count."""
    rows = list(judged)
    bad = [row for row in rows if row.case.vulnerable]
    good = [row for row in rows if not row.case.vulnerable]
    return Score(len(bad), len(good), sum(row.reported for row in bad), sum(row.reported for row in good))


def table(groups: dict[str, list[Judged]]) -> str:
    """One line per group, as Markdown."""
    lines = ["| | pairs | TPR | FPR | score | at the line |", "| :-- | --: | --: | --: | --: | --: |"]
    for name, rows in groups.items():
        got = score(rows)
        hits = [row for row in rows if row.case.vulnerable and row.reported]
        exact = f"{sum(row.at_line for row in hits)}/{len(hits)}"
        lines.append(
            f"| {name} | {got.positives} | {got.tpr:.2f} | {got.fpr:.2f} | {got.tpr - got.fpr:.2f} | {exact} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Scan, judge, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recall", description=__doc__.split("\n")[0])
    parser.add_argument("--set", choices=("all", "tuned", "held-out", "blind", "helpers"), default="all")
    parser.add_argument("--show", choices=("regular", "all"), default="regular", help="all: with low confidence")
    parser.add_argument("--scanner", action="append", choices=SCANNERS, help="only this scanner")
    parser.add_argument("--misses", action="store_true", help="name the cases that went wrong")
    options = parser.parse_args()
    cases = [case for case in read_cases() if options.set in ("all", case.set)]
    judged = judge(cases, scan(scanners=options.scanner or SCANNERS), show_all=options.show == "all")
    languages = sorted({case.language for case in cases})
    groups = {name: [row for row in judged if row.case.language == name] for name in languages}
    print(table({**groups, "all": judged}))
    print()
    weaknesses = sorted({case.cwe for case in cases}, key=lambda cwe: int(cwe[4:]))
    print(table({cwe: [row for row in judged if row.case.cwe == cwe] for cwe in weaknesses}))
    if options.misses:
        print()
        for row in judged:
            if row.case.vulnerable and not row.reported:
                print(f"missed: {row.case.file}")
            elif row.reported and not row.case.vulnerable:
                print(f"false:  {row.case.file}")


if __name__ == "__main__":
    main()
