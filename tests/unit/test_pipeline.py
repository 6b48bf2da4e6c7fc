"""The stages together on plain data and a real store: order of scans, conflicts, replays, rulesets, renames."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva import pipeline, review
from oreva.errors import ConflictError, ScannerError, SourceError
from oreva.models import (
    Confidence,
    CoverageEntry,
    Detection,
    Outcome,
    Rule,
    ScanState,
    Severity,
    Source,
    Status,
    utc_now,
)
from oreva.scanners.coverage import Coverage
from oreva.store.sqlite import SqliteStore
from oreva.triage.policy import TriagePolicy
from oreva.triage.registry import triager

SOURCE = Source(provider="directory", repository="local/root")
RULE = Rule(
    id="exec",
    scanner="semgrep",
    title="Text run as code",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    digest="1",
)
ACTIVE = pipeline.Ruleset({"semgrep:exec": RULE}, "digest", {"semgrep": "1"})
OFF = pipeline.TriageSettings(None, TriagePolicy())
KEY = SOURCE.key


@pytest.fixture
def store(tmp_path):
    opened = SqliteStore.open(tmp_path / ".oreva")
    yield opened
    opened.close()


class Tree:
    """Files as a scanner that looks for `exec` would see them."""

    def __init__(self, files: dict[str, str], failed: tuple[str, ...] = ()) -> None:
        self.contents = {path: text.encode() for path, text in files.items()}
        detections = [
            Detection(
                scanner="semgrep",
                rule_id="exec",
                path=path,
                start_line=number,
                start_col=1,
                end_line=number,
                end_col=1 + len(line),
                severity=Severity.HIGH,
                confidence=Confidence.HIGH,
                message="x",
            )
            for path, text in files.items()
            if path not in failed
            for number, line in enumerate(text.splitlines(), start=1)
            if line.startswith("exec")
        ]
        coverage = [
            CoverageEntry(
                path=path,
                scanner="semgrep",
                outcome=Outcome.FAILED if path in failed else Outcome.SCANNED,
                reason="it crashed" if path in failed else "",
            )
            for path in files
        ]
        self.scanned = pipeline.ScanningResult(
            detections=tuple(detections),
            coverage=Coverage(coverage),
            files=len(files),
            digests={},
            looked_at=frozenset(files),
        )

    def scan(self, store, sequence, *, triage=OFF, before_write=lambda: None, active=ACTIVE):
        """All stages after Scanning, as the command line runs them."""
        scan = pipeline.new_scan(SOURCE, active, started_at=utc_now(), sequence=sequence)
        now = utc_now()
        current = pipeline.candidates(self.scanned, active, self.contents, now)

        def work():
            analysis = pipeline.analyze(
                current, self.scanned, active, store, scan,
                contents=self.contents, triage=triage, renames={}, now=now,
            )  # fmt: skip
            before_write()
            return analysis

        return pipeline.reporting(store, scan, self.scanned, work, lambda: 1.25)


def lives(store) -> dict[tuple[str, int], Status]:
    return {(f.path, f.start_line): f.status for f in store.findings(KEY)}


class TestOrder:
    def test_a_scan_of_older_code_that_ends_late_closes_nothing_and_opens_nothing(self, store):
        newer, _ = Tree({"a.py": "exec(1)\n", "b.py": "x\n"}).scan(store, sequence=20)
        before = list(store.findings(KEY))
        older, analysis = Tree({"a.py": "x\n", "b.py": "exec(2)\n"}).scan(store, sequence=10)
        assert (newer.state, older.state) == (ScanState.COMPLETED, ScanState.SUPERSEDED)
        assert analysis.superseded
        assert analysis.changes is None
        assert (analysis.new_ids, analysis.fixed) == (frozenset(), ())
        assert [f.path for f in analysis.findings] == ["b.py"]
        assert list(store.findings(KEY)) == before
        baseline = store.baseline(KEY, SOURCE.branch)
        assert (baseline.scan_id, baseline.sequence) == (newer.id, 20)
        assert store.scan(KEY, older.id) == older

    def test_a_newer_scan_takes_over(self, store):
        Tree({"a.py": "exec(1)\n"}).scan(store, sequence=10)
        done, analysis = Tree({"a.py": "x\n"}).scan(store, sequence=20)
        assert [f.status for f in analysis.fixed] == [Status.FIXED]
        assert lives(store) == {("a.py", 1): Status.FIXED}
        assert (done.opened, done.fixed, done.duration_s, done.counts) == (0, 1, 1.25, {})
        assert store.baseline(KEY, SOURCE.branch).sequence == 20


class TestConflict:
    def test_is_analyzed_again_on_what_the_other_scan_wrote(self, store):
        tree = Tree({"a.py": "exec(1)\n"})
        others = []

        def another_scan_writes_first():
            if not others:
                others.append(None)
                others.append(tree.scan(store, sequence=10)[1])

        done, analysis = tree.scan(store, sequence=20, before_write=another_scan_writes_first)
        assert done.state is ScanState.COMPLETED
        assert analysis.new_ids == frozenset()
        assert [f.id for f in analysis.findings] == [f.id for f in others[1].findings]
        assert len(list(store.findings(KEY))) == 1
        assert [e.change for e in store.events(analysis.findings[0].id)] == ["opened"]

    def test_with_a_newer_scan_ends_superseded(self, store):
        wrote = []

        def a_newer_scan_writes_first():
            if not wrote:
                wrote.append(None)
                Tree({"a.py": "x\n"}).scan(store, sequence=30)

        done, _ = Tree({"a.py": "exec(1)\n"}).scan(store, sequence=20, before_write=a_newer_scan_writes_first)
        assert done.state is ScanState.SUPERSEDED
        assert lives(store) == {}

    def test_that_never_ends_is_an_error_and_writes_nothing(self, store):
        sequence = iter(range(10, 1000))
        wrote = []

        def others_keep_writing():
            wrote.append(Tree({"b.py": "x\n"}).scan(store, sequence=next(sequence))[0].id)

        with pytest.raises(ConflictError, match="other scans of the same code keep writing"):
            Tree({"a.py": "exec(1)\n"}).scan(store, sequence=10_000, before_write=others_keep_writing)
        assert len(wrote) == pipeline.CONFLICT_RETRIES
        assert lives(store) == {}
        assert {scan.id for scan in store.scans(KEY)} == set(wrote)


class TestReplay:
    def test_of_the_same_changes_is_refused_as_done(self, store):
        done, analysis = Tree({"a.py": "exec(1)\n"}).scan(store, sequence=10)
        before = list(store.findings(KEY))
        assert store.apply(analysis.changes.model_copy(update={"scan": done})) is False
        assert list(store.findings(KEY)) == before

    def test_of_the_same_code_writes_no_finding(self, store):
        tree = Tree({"a.py": "exec(1)\nexec(1)\n", "b.py": "exec(2)\n"})
        judging = pipeline.TriageSettings(triager("heuristic"), TriagePolicy())
        tree.scan(store, sequence=10, triage=judging)
        before = list(store.findings(KEY))
        _, analysis = tree.scan(store, sequence=20, triage=judging)
        assert analysis.changes.findings == analysis.changes.events == ()
        assert list(store.findings(KEY)) == before

    @given(
        st.lists(
            st.dictionaries(
                st.sampled_from(["a.py", "b.py", "c/d.py"]),
                st.lists(st.sampled_from(["exec(1)", "exec(2)", "x = 1"]), max_size=3).map("\n".join),
                max_size=3,
            ),
            min_size=1,
            max_size=4,
        )
    )
    def test_what_is_open_is_what_was_seen_last_and_ids_are_never_shared(self, tmp_path_factory, trees):
        store = SqliteStore.open(tmp_path_factory.mktemp("state") / ".oreva")
        try:
            for sequence, files in enumerate(trees, start=1):
                tree = Tree(files)
                _, analysis = tree.scan(store, sequence=sequence)
                seen = [(d.path, d.start_line) for d in tree.scanned.detections]
                assert sorted((f.path, f.start_line) for f in analysis.findings) == sorted(seen)
                stored = list(store.findings(KEY))
                assert {f.id for f in stored if f.status is Status.OPEN} == {f.id for f in analysis.findings}
                assert len({f.id for f in stored}) == len(stored)
                assert len({f.id for f in analysis.findings}) == len(seen)
        finally:
            store.close()


class TestGaps:
    def test_findings_of_a_file_that_failed_are_shown_as_last_seen(self, store):
        Tree({"a.py": "exec(1)\n", "b.py": "exec(2)\n"}).scan(store, sequence=10)
        done, analysis = Tree({"a.py": "x\n", "b.py": "x\n"}, failed=("a.py",)).scan(store, sequence=20)
        assert [(f.path, f.id in analysis.stale_ids) for f in analysis.findings] == [("a.py", True)]
        assert analysis.findings[0].status_reason == "not looked at in this scan (it crashed); shown as last seen"
        assert (done.gaps, done.counts) == (1, {Severity.HIGH: 1})
        assert lives(store) == {("a.py", 1): Status.OPEN, ("b.py", 1): Status.FIXED}
        assert next(f for f in store.findings(KEY) if f.path == "a.py").status_reason == ""


class FixedScanner:
    """A scanner as far as rulesets are concerned."""

    name = "semgrep"

    def __init__(self, version: str, *rules: Rule) -> None:
        self._version, self._rules = version, rules

    def version(self) -> str:
        return self._version

    def rules(self):
        return self._rules


class TestRuleset:
    def test_its_digest_follows_rules_versions_and_what_is_disabled(self):
        other = RULE.model_copy(update={"id": "other"})
        made = [
            pipeline.ruleset([FixedScanner("1", RULE, other)]),
            pipeline.ruleset([FixedScanner("2", RULE, other)]),
            pipeline.ruleset([FixedScanner("1", RULE)]),
            pipeline.ruleset([FixedScanner("1", RULE.model_copy(update={"digest": "2"}))]),
            pipeline.ruleset([]),
        ]
        assert len({ruleset.digest for ruleset in made}) == len(made)
        disabled = pipeline.ruleset([FixedScanner("1", RULE, other)], ["other"])
        assert disabled == made[2]
        assert disabled.rules.keys() == {"semgrep:exec"}
        assert pipeline.ruleset([FixedScanner("1", other, RULE)]).digest == made[0].digest

    def test_a_missing_scanner_is_an_error(self):
        class Missing(FixedScanner):
            def version(self) -> str:
                raise ScannerError("scanner semgrep is not installed")

        with pytest.raises(ScannerError, match="not installed"):
            pipeline.ruleset([Missing("1")])


class TestRenamed:
    @pytest.mark.parametrize(
        ("before", "after", "renames"),
        [
            ({"a": "1"}, {"b": "1"}, {"a": "b"}),
            ({"a": "1"}, {"a": "1", "b": "1"}, {}),
            ({"a": "1", "b": "1"}, {"c": "1"}, {}),
            ({"a": "1"}, {"b": "1", "c": "1"}, {}),
            ({"a": "1", "b": "1"}, {"a": "1", "c": "1"}, {"b": "c"}),
            ({"a": "1", "b": "2"}, {"a": "2", "b": "1"}, {}),
            ({}, {"a": "1"}, {}),
        ],
    )
    def test_only_where_one_vanished_and_one_appeared(self, before, after, renames):
        assert pipeline.renamed(before, after) == renames


class TestContents:
    def test_a_file_that_has_just_vanished_reads_as_empty(self):
        def read(path: str) -> bytes:
            if path == "gone":
                raise SourceError("gone")
            return path.encode()

        assert pipeline.read_contents(read, ["b", "gone", "b"]) == {"b": b"b", "gone": b""}


class TestIntroduced:
    def test_ids_are_derived_from_the_code_and_equal_in_every_scan(self, store):
        def compare(files, base):
            scan = pipeline.new_scan(SOURCE, ACTIVE, started_at=utc_now(), sequence=1)
            current, old = (
                pipeline.candidates(tree.scanned, ACTIVE, tree.contents, dt.datetime.now(dt.UTC))
                for tree in (Tree(files), Tree(base))
            )
            return review.introduced(
                current, old, list(store.findings(KEY)), scan,
                contents=Tree(files).contents, covered=lambda _path, _scanner: "looked", triage=OFF,
                honour=lambda finding: finding,
            )  # fmt: skip

        first = compare({"a.py": "exec(1)\nexec(2)\nexec(2)\n"}, {"a.py": "exec(1)\n"})
        second = compare({"a.py": "x\nexec(2)\nexec(2)\nexec(1)\n"}, {"a.py": "exec(1)\n"})
        assert len(first.new_ids) == 2
        assert first.new_ids == second.new_ids
        assert {f.id for f in first.findings} == {f.id for f in second.findings}
        assert first.changes is None
        gone = compare({"a.py": "x\n"}, {"a.py": "exec(1)\n"})
        assert [(f.id, f.status) for f in gone.fixed] == [
            (next(iter({f.id for f in first.findings} - first.new_ids)), Status.FIXED)
        ]
        _, stored = Tree({"a.py": "exec(1)\n"}).scan(store, sequence=5)
        again = compare({"a.py": "x\n"}, {"a.py": "exec(1)\n"})
        assert [f.id for f in again.fixed] == [f.id for f in stored.findings]
