"""What the pack finds in the labelled corpus, in one scan, and that the corpus is what its manifest says."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.recall import CORPUS, Case, judge, read_cases, scan, score
from oreva.findings.compare import compare
from oreva.findings.cwe import share_family
from oreva.models import Confidence

TARGETS = {"python": 0.85, "java": 0.85, "javascript": 0.80, "go": 0.80}
MAX_FPR = 0.10


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return read_cases()


@pytest.fixture(scope="module")
def found():
    return scan()


@pytest.fixture(scope="module")
def judged(cases, found):
    return judge(cases, found)


@pytest.mark.parametrize("language", TARGETS)
def test_the_pack_finds_what_it_should_and_little_else(judged, language):
    rows = [row for row in judged if row.case.language == language]
    got = score(rows)
    wrong = [row.case.file for row in rows if row.reported != row.case.vulnerable]
    assert got.tpr >= TARGETS[language], wrong
    assert got.fpr <= MAX_FPR, wrong


def test_reports_lie_where_the_defect_is(judged):
    hits = [row for row in judged if row.case.vulnerable and row.reported]
    assert sum(row.at_line for row in hits) >= 0.8 * len(hits)


def test_a_change_that_makes_a_safe_program_vulnerable_introduces_something(judged, found):
    """Though a scanner of form may report the place on both sides."""
    reported = {row.case.case for row in judged if row.case.vulnerable and row.reported}
    clean = {row.case.case for row in judged if not row.case.vulnerable and not row.reported}
    by_case: dict[str, dict[bool, Case]] = {}
    for row in judged:
        by_case.setdefault(row.case.case, {})[row.case.vulnerable] = row.case
    unseen = []
    for name in sorted(reported & clean):
        safe, bad = (at_one_path(found.get(by_case[name][side].file, [])) for side in (False, True))
        new = [bad[index] for index in compare(bad, safe).new]
        if not any(share_family(f.cwe, [by_case[name][True].cwe]) and f.confidence > Confidence.LOW for f in new):
            unseen.append(name)
    assert len(reported & clean) > 250
    assert unseen == []


def at_one_path(findings):
    """The findings as those of one file, before and after a change."""
    return [
        finding.model_copy(
            update={"detections": tuple(d.model_copy(update={"path": "program"}) for d in finding.detections)}
        )
        for finding in findings
    ]


def test_the_corpus_is_large_and_every_defect_has_a_safe_twin(cases):
    bad = {case.case for case in cases if case.vulnerable}
    good = {case.case for case in cases if not case.vulnerable}
    assert bad == good
    assert len(bad) >= 200
    assert len({case.cwe for case in cases}) >= 25
    assert {case.language for case in cases} == set(TARGETS)
    held_out = sum(case.set != "tuned" for case in cases)
    assert held_out >= len(cases) / 3


def test_the_manifest_lists_every_file_once_and_its_lines_exist(cases):
    on_disk = {
        str(p.relative_to(CORPUS)) for p in CORPUS.rglob("*") if p.is_file() and p.suffix not in (".json", ".md")
    }
    listed = Counter(case.file for case in cases)
    assert set(listed) == on_disk
    assert max(listed.values()) == 1
    for case in cases:
        lines = len(Path(CORPUS, case.file).read_text().splitlines())
        assert bool(case.lines) == case.vulnerable
        assert all(1 <= line <= lines for line in case.lines)


def test_twins_differ(cases):
    by_case: dict[str, set[str]] = {}
    for case in cases:
        by_case.setdefault(case.case, set()).add(Path(CORPUS, case.file).read_text())
    assert {name for name, texts in by_case.items() if len(texts) != 2} == set()
