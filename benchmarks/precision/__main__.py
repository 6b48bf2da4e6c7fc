"""Findings per 1,000 lines of well-kept projects, and how many of the severe ones are false.

    python -m benchmarks.precision                 (fetches into .demo, scans, compares with the judgements)
    python -m benchmarks.precision --list          (and prints every finding of high or critical severity)

The projects are popular, maintained and reviewed, so that most of what a scanner says of them is wrong or unimportant:
what it says at `high` and `critical` is what people would have to read. `judgements.json` holds one entry for each of
those, made by hand after reading the code: true or false, and why. The command fails if one has no judgement, or if
more than 0.05 false ones come on 1,000 lines. Tests, documentation and examples are left out, as a user would.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.precision.projects import REPOSITORY, fetch
from oreva import pipeline
from oreva.models import Confidence, Finding, Model, Severity, Status, utc_now
from oreva.rules.catalogue import bandit_rules
from oreva.rules.load import load_rules
from oreva.scanners.base import Limits
from oreva.scanners.cache import ScanCache
from oreva.scanners.registry import SCANNERS, make_scanners
from oreva.sources.directory import DirectorySource

EXCLUDED = (
    "test/",
    "tests/",
    "testing/",
    "testdata/",
    "__tests__/",
    "*.test.*",
    "test_*.py",
    "*_test.go",
    "docs/",
    "doc/",
    "examples/",
    "example/",
    "benchmarks/",
)
CODE = {".py", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".java", ".go"}
MAX_FALSE = 0.05
"""Findings of high or critical severity that are false, per 1,000 lines."""
SEVERE = (Severity.CRITICAL, Severity.HIGH)


class Judgement(Model):
    """What a person said of one finding, after reading the code."""

    project: str
    path: str
    line: int
    rules: tuple[str, ...]
    true: bool
    """Whether the code has the weakness that is reported."""
    why: str

    @property
    def key(self) -> tuple[str, str, int, tuple[str, ...]]:
        """What it is about."""
        return (self.project, self.path, self.line, self.rules)


def scan(folder: Path) -> tuple[list[Finding], int]:
    """What a scan of a project shows (open, not of low confidence), and its lines of code that are not blank."""
    source = DirectorySource(folder, repository=folder.name, excludes=EXCLUDED)
    scanners = make_scanners(SCANNERS, load_rules(), bandit_rules)
    active = pipeline.ruleset(scanners)
    listing = source.list()
    scanned = pipeline.scanning(source, listing, scanners, active, cache=ScanCache(None), limits=Limits(), jobs=2)
    for gap in scanned.coverage.gaps:
        print(f"gap: {folder.name}/{gap.path}: {gap.scanner}: {gap.reason}", file=sys.stderr)
    contents = pipeline.read_contents(source.read, {d.path for d in scanned.detections})
    found = pipeline.candidates(scanned, active, contents, utc_now())
    code = [source.read(file.path) for file in listing.files if Path(file.path).suffix in CODE]
    lines = sum(1 for content in code for line in content.split(b"\n") if line.strip())
    return [f for f in found if f.status is Status.OPEN and f.confidence is not Confidence.LOW], lines


def judgements() -> dict[tuple[str, str, int, tuple[str, ...]], Judgement]:
    """All that were made, by what they are about."""
    read = json.loads(Path(__file__).with_name("judgements.json").read_bytes())
    made = [Judgement.model_validate(entry) for entry in read]
    return {judgement.key: judgement for judgement in made}


def _row(name: str, lines: int, counts: Counter[Severity], false: int) -> str:
    cells = [str(counts[severity]) for severity in Severity]
    severe = sum(counts[severity] for severity in SEVERE)
    rates = [
        f"{1000 * sum(counts.values()) / lines:.2f}",
        f"{1000 * severe / lines:.3f}",
        f"{1000 * false / lines:.3f}",
    ]
    return f"| {' | '.join([name, f'{lines:,}', *cells, *rates])} |"


def report(found: dict[str, tuple[Sequence[Finding], int]], *, show: bool) -> int:
    """Print the table; 1 if a severe finding has no judgement or too many are false."""
    judged = judgements()
    total, all_lines, all_false, unjudged = Counter[Severity](), 0, 0, 0
    words = " | ".join(severity.value for severity in Severity)
    print(f"| project | lines | {words} | all per 1,000 | high+critical per 1,000 | false ones per 1,000 |")
    print("| :-- |" + " --: |" * 9)
    for name, (findings, lines) in found.items():
        counts = Counter(finding.severity for finding in findings)
        false = 0
        for finding in findings:
            if finding.severity not in SEVERE:
                continue
            judgement = judged.get((name.split()[0], finding.path, finding.start_line, finding.rule_ids))
            false += judgement is not None and not judgement.true
            unjudged += judgement is None
            if show or judgement is None:
                verdict = "not judged" if judgement is None else "true" if judgement.true else "false"
                place = f"{finding.path}:{finding.start_line}"
                print(f"{verdict}: {name}: {place}: {finding.severity} {', '.join(finding.rule_ids)}", file=sys.stderr)
        print(_row(name, lines, counts, false))
        total, all_lines, all_false = total + counts, all_lines + lines, all_false + false
    print(_row("all", all_lines, total, all_false))
    if unjudged:
        print(f"{unjudged} findings have no judgement", file=sys.stderr)
    return int(unjudged > 0 or 1000 * all_false / all_lines > MAX_FALSE)


def main() -> int:
    """Fetch, scan, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.precision", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--folder", type=Path, default=REPOSITORY / ".demo", help="where the projects are unpacked")
    parser.add_argument("--project", action="append", help="only this one")
    parser.add_argument("--list", action="store_true", help="print every finding of high or critical severity")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    projects = {
        n: p for n, p in fetch(options.folder).items() if not options.project or n.split()[0] in options.project
    }
    return report({name: scan(path) for name, path in projects.items()}, show=options.list)


if __name__ == "__main__":
    sys.exit(main())
