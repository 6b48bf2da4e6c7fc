"""The behaviour every `FindingStore` shows, whatever it is made of."""

import datetime as dt
import subprocess
import sys
import threading
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oreva.errors import ConflictError, StoreError
from oreva.models import (
    Assessment,
    CoverageCounts,
    Dismissal,
    Evidence,
    Finding,
    InSourceSuppression,
    Scan,
    Severity,
    Status,
    TriageMemory,
    Verdict,
)
from oreva.store.base import Changes, FindingFilter

REPO = "github/acme/shop"
NON_UTF8_PATH = b"src/caf\xe9/na\xff\nme \x1b[31m.py".decode("utf-8", "surrogateescape")

# What names and code hold in practice: any character, and bytes that are no UTF-8 as PEP 383 carries them.
any_text = st.text(
    st.characters(exclude_categories=("Cs",)) | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF)
)


def stored(finding):
    """The finding as a store gives it back after its write."""
    return finding.model_copy(update={"revision": finding.revision + 1})


def full_verdict(make):
    return Verdict(
        assessment="false_positive",
        confidence=0.1 + 0.2,
        rationale="Only ever called with constants.\nSee line 3.",
        evidence=(Evidence(path="shop/db.py", line=3, quote='  cursor.execute("SELECT 1")\t'),),
        signals=("constant-arguments", "test-code"),
        triaged_by="bedrock",
        model_id="anthropic.claude",
        prompt_hash="e" * 64,
        at=make.moment,
    )


def full_finding(make, number=1):
    suppression = InSourceSuppression(kind="nosec", line=3, named=True, justification="ünïcode 🙈")
    return make.finding(
        number,
        status="dismissed",
        status_reason="accepted",
        fix="Use `?` placeholders.",
        references=("https://example.org/a",),
        cwe=("CWE-89", "CWE-564"),
        owasp=("A03:2021",),
        asvs=("V5.3.4",),
        detections=(make.detection(cwe=("CWE-89",), suppression=suppression), make.detection(scanner="bandit")),
        fingerprints=(make.fingerprints(scope="Shop.find"), make.fingerprints(rule="9" * 32)),
        verdict=full_verdict(make),
        untriaged_reason="budget spent",
        dismissal=Dismissal(
            kind="accepted_risk", reason="behind VPN", by="ana", at=make.moment, expires=dt.date(2027, 1, 31)
        ),
        first_seen_scan=make.ulid(9),
        fixed_at=make.moment + dt.timedelta(microseconds=1000),
        reopened=2,
    )


class TestFindings:
    def test_every_field_comes_back(self, store, make):
        finding = full_finding(make)
        assert store.apply(Changes(repository=REPO, findings=(finding,)))
        assert store.finding(REPO, finding.id) == stored(finding)
        assert list(store.findings(REPO)) == [stored(finding)]

    def test_an_unknown_finding_is_none(self, store, make):
        store.apply(Changes(repository=REPO, findings=(make.finding(1),)))
        assert store.finding(REPO, make.ulid(2)) is None
        assert store.finding("github/acme/other", make.ulid(1)) is None

    def test_another_store_object_sees_what_was_written(self, store, store_factory, make):
        store.apply(Changes(repository=REPO, findings=(make.finding(1),)))
        other = store_factory.open()
        assert other.finding(REPO, make.ulid(1)) == stored(make.finding(1))
        other.close()

    def test_5000_findings_come_back_in_order_of_id(self, store, make):
        findings = [make.finding(number) for number in range(5000)]
        store.apply(Changes(repository=REPO, findings=tuple(reversed(findings))))
        assert list(store.findings(REPO)) == [stored(finding) for finding in findings]

    def test_a_reader_may_stop_early_and_write_while_reading(self, store, make):
        store.apply(Changes(repository=REPO, findings=tuple(make.finding(number) for number in range(1200))))
        reader = store.findings(REPO)
        first = list(islice(reader, 3))
        changed = make.finding(1100, revision=1, status="fixed")
        store.apply(Changes(repository=REPO, findings=(changed,)))
        rest = list(reader)
        assert [finding.id for finding in [*first, *rest]] == [make.ulid(number) for number in range(1200)]
        reader = store.findings(REPO)
        next(reader)
        reader.close()
        assert store.finding(REPO, make.ulid(1100)).status is Status.FIXED

    def test_repositories_are_apart(self, store, make):
        mine, theirs = make.finding(1, title="mine"), make.finding(1, title="theirs")
        store.apply(Changes(repository=REPO, findings=(mine,)))
        store.apply(Changes(repository="github/acme/shop2", findings=(theirs,)))
        assert list(store.findings(REPO)) == [stored(mine)]
        assert list(store.findings("github/acme/shop2")) == [stored(theirs)]
        assert list(store.findings("github/acme")) == []

    @pytest.mark.parametrize(
        ("where", "numbers"),
        [
            (FindingFilter(), [0, 1, 2, 3, 4]),
            (FindingFilter(statuses=(Status.OPEN,)), [0, 2, 4]),
            (FindingFilter(statuses=(Status.FIXED, Status.DISMISSED)), [1, 3]),
            (FindingFilter(severities=(Severity.CRITICAL,)), [0, 1]),
            (FindingFilter(severities=(Severity.LOW, Severity.CRITICAL), statuses=(Status.OPEN,)), [0, 2]),
            (FindingFilter(cwe="CWE-89"), [0, 3]),
            (FindingFilter(cwe="CWE-8"), []),
            (FindingFilter(cwe="CWE-79", path_prefix="web/"), [3]),
            (FindingFilter(path_prefix="shop/"), [0, 1]),
            (FindingFilter(path_prefix="shop"), [0, 1, 2]),
            (FindingFilter(path_prefix="100%_"), [4]),
            (FindingFilter(path_prefix="nowhere"), []),
        ],
    )
    def test_filters(self, store, make, where, numbers):
        rows = [
            ("open", "critical", "shop/a.py", ("CWE-89",)),
            ("fixed", "critical", "shop/b.py", ()),
            ("open", "low", "shop.py", ("CWE-79",)),
            ("dismissed", "medium", "web/ü.js", ("CWE-89", "CWE-79")),
            ("open", "info", "100%_.py", ("CWE-798",)),
        ]
        findings = [
            make.finding(number, status=status, severity=severity, path=path, cwe=cwe)
            for number, (status, severity, path, cwe) in enumerate(rows)
        ]
        store.apply(Changes(repository=REPO, findings=tuple(findings)))
        assert list(store.findings(REPO, where)) == [stored(findings[number]) for number in numbers]

    def test_filters_follow_a_change(self, store, make):
        before = make.finding(1, cwe=("CWE-89", "CWE-79"), path="old.py")
        store.apply(Changes(repository=REPO, findings=(before,)))
        after = make.finding(1, revision=1, cwe=("CWE-79", "CWE-20"), path="new.py", status="fixed", severity="low")
        store.apply(Changes(repository=REPO, findings=(after,)))
        for gone in (
            FindingFilter(cwe="CWE-89"),
            FindingFilter(path_prefix="old"),
            FindingFilter(statuses=(Status.OPEN,)),
            FindingFilter(severities=(Severity.HIGH,)),
        ):
            assert list(store.findings(REPO, gone)) == []
        for there in (
            FindingFilter(cwe="CWE-79"),
            FindingFilter(cwe="CWE-20"),
            FindingFilter(path_prefix="new"),
            FindingFilter(statuses=(Status.FIXED,), severities=(Severity.LOW,)),
        ):
            assert list(store.findings(REPO, there)) == [stored(after)]

    def test_a_cwe_named_twice_is_one(self, store, make):
        finding = make.finding(1, cwe=("CWE-89", "CWE-89"))
        store.apply(Changes(repository=REPO, findings=(finding,)))
        assert list(store.findings(REPO, FindingFilter(cwe="CWE-89"))) == [stored(finding)]

    def test_filtered_findings_come_page_by_page_too(self, store, make):
        findings = [make.finding(n, status="fixed" if n % 2 else "open") for n in range(2500)]
        store.apply(Changes(repository=REPO, findings=tuple(findings)))
        assert list(store.findings(REPO, FindingFilter(statuses=(Status.FIXED,)))) == [
            stored(f) for f in findings[1::2]
        ]

    def test_a_finding_without_id_is_refused(self, store, make):
        nameless = make.finding(1).model_copy(update={"id": ""})
        with pytest.raises(StoreError, match="no id"):
            store.apply(Changes(repository=REPO, scan=make.scan(1), findings=(make.finding(2), nameless)))
        assert list(store.findings(REPO)) == []
        assert store.scan(REPO, make.ulid(1)) is None


class TestText:
    """Paths and code hold any bytes; keys and filters must cope."""

    def test_bytes_that_are_no_utf8(self, store, make):
        finding = make.finding(
            1, path=NON_UTF8_PATH, snippet="x = '\udcff\\udcff'", detections=(make.detection(path=NON_UTF8_PATH),)
        )
        lookalike = make.finding(2, path=NON_UTF8_PATH.replace("\udcff", "\\udcff"))
        store.apply(Changes(repository=REPO, findings=(finding, lookalike)))
        assert list(store.findings(REPO)) == [stored(finding), stored(lookalike)]
        prefix = NON_UTF8_PATH[: NON_UTF8_PATH.index("\udcff") + 1]
        assert list(store.findings(REPO, FindingFilter(path_prefix=prefix))) == [stored(finding)]
        assert store.finding(REPO, finding.id).path.encode("utf-8", "surrogateescape") == (
            b"src/caf\xe9/na\xff\nme \x1b[31m.py"
        )

    @given(texts=st.lists(any_text, min_size=6, max_size=6))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_text_comes_back(self, store, make, texts):
        repository, path, snippet, branch, rule_id, key = texts
        known = store.finding(repository, make.ulid(1))
        finding = make.finding(1, path=path, snippet=snippet, cwe=(rule_id,), revision=known.revision if known else 0)
        baseline = make.baseline(1, repository=repository, branch=branch)
        stored_baseline = store.baseline(repository, branch)
        store.apply(
            Changes(
                repository=repository,
                findings=(finding,),
                baseline=baseline,
                expected_baseline_scan=stored_baseline.scan_id if stored_baseline else None,
            )
        )
        assert store.finding(repository, finding.id) == stored(finding)
        where = FindingFilter(path_prefix=path[:-1], cwe=rule_id)
        assert list(store.findings(repository, where)) == [stored(finding)]
        assert repository in store.repositories()
        assert store.baseline(repository, branch) == baseline
        verdict = full_verdict(make).model_copy(update={"rationale": snippet})
        store.put_verdicts({key: verdict})
        assert store.verdicts([key]) == {key: verdict}
        memory = TriageMemory(
            repository=repository,
            rule_id=rule_id,
            id=make.ulid(1),
            finding_id=finding.id,
            decision="wont_fix",
            reason=path,
            snippet=snippet,
            at=make.moment,
        )
        store.put_memory(memory)
        assert store.memories(repository, rule_id) == [memory]
        store.put_branch_findings(make.ulid(1), [finding])
        assert store.branch_findings(make.ulid(1)) == [finding]


class TestEvents:
    def test_a_life_is_told_oldest_first(self, store, make):
        finding = make.finding(1)
        later = make.event(1, finding.id, at=make.moment + dt.timedelta(seconds=1), change="fixed", to_status="fixed")
        first = make.event(5, finding.id, actor="user:ana", reason="new ü", from_status=None)
        second = make.event(6, finding.id, change="verdict", from_status="open")
        other = make.event(7, make.ulid(2))
        store.apply(Changes(repository=REPO, findings=(finding,), events=(later, second, other)))
        store.apply(Changes(repository=REPO, events=(first,)))
        assert store.events(finding.id) == [first, second, later]
        assert store.events(make.ulid(2)) == [other]
        assert store.events(make.ulid(3)) == []

    def test_what_happened_is_never_rewritten(self, store, make):
        finding = make.finding(1)
        event = make.event(1, finding.id, reason="true")
        store.apply(Changes(repository=REPO, findings=(finding,), events=(event,)))
        forged = event.model_copy(update={"reason": "forged"})
        with pytest.raises(ConflictError):
            store.apply(Changes(repository=REPO, findings=(make.finding(2),), events=(forged,)))
        assert store.events(finding.id) == [event]
        assert store.finding(REPO, make.ulid(2)) is None


class TestScans:
    def test_every_field_comes_back(self, store, make):
        scan = make.scan(
            1,
            trigger="pull_request",
            requested_by="ana",
            duration_s=12.345678901234567,
            sequence=1_790_000_000_123_456_789,
            active_rules={"semgrep": "1" * 64},
            files=7,
            coverage={"semgrep": CoverageCounts(scanned=5, cached=1, failed=1)},
            gaps=1,
            counts={Severity.CRITICAL: 1, Severity.INFO: 3},
            opened=2,
            fixed=1,
            cause="none",
        )
        store.put_scan(REPO, scan)
        assert store.scan(REPO, scan.id) == scan
        assert store.scan(REPO, make.ulid(2)) is None
        assert store.scan("github/acme/other", scan.id) is None

    def test_the_newest_come_first(self, store, make):
        for number in (2, 1, 4, 3):
            store.put_scan(REPO, make.scan(number))
        store.put_scan("github/acme/other", make.scan(5))
        assert store.scans(REPO) == [make.scan(number) for number in (4, 3, 2, 1)]
        assert store.scans(REPO, limit=2) == [make.scan(4), make.scan(3)]
        assert store.scans("github/acme/none") == []

    def test_50_unless_more_are_asked_for(self, store, make):
        for number in range(53):
            store.put_scan(REPO, make.scan(number))
        assert len(store.scans(REPO)) == 50
        assert len(store.scans(REPO, limit=1000)) == 53

    def test_a_scan_moves_on(self, store, make):
        for state in ("running", "failed", "superseded"):
            store.put_scan(REPO, make.scan(1, state=state))
            assert store.scan(REPO, make.ulid(1)).state == state
        assert len(store.scans(REPO)) == 1

    def test_a_running_scan_can_be_applied_once(self, store, make):
        store.put_scan(REPO, make.scan(1, state="running"))
        assert store.apply(Changes(repository=REPO, scan=make.scan(1))) is True
        assert store.apply(Changes(repository=REPO, scan=make.scan(1))) is False
        assert store.scan(REPO, make.ulid(1)) == make.scan(1)

    def test_an_applied_scan_is_final(self, store, make):
        """A stage that is run again after its end must not show the finished scan as running or failed."""
        store.apply(Changes(repository=REPO, scan=make.scan(1), findings=(make.finding(1),)))
        store.put_scan(REPO, make.scan(1, state="failed", cause="late retry"))
        assert store.scan(REPO, make.ulid(1)) == make.scan(1)
        assert store.apply(Changes(repository=REPO, scan=make.scan(1))) is False

    def test_repositories_are_those_with_findings_or_scans(self, store, make):
        assert store.repositories() == []
        store.put_scan("github/z/z", make.scan(1))
        store.apply(Changes(repository="directory/a\\b", findings=(make.finding(1),)))
        store.apply(Changes(repository="github/z/z", findings=(make.finding(1),)))
        assert store.repositories() == ["directory/a\\b", "github/z/z"]


class TestApply:
    def changes(self, make, number=1, **fields):
        finding = make.finding(number)
        values = {
            "scan": make.scan(number),
            "findings": (finding,),
            "events": (make.event(number, finding.id),),
            "baseline": make.baseline(number),
        }
        return Changes(repository=REPO, **(values | fields))

    def assert_nothing_written(self, store, make, number):
        assert store.scan(REPO, make.ulid(number)) is None
        assert store.finding(REPO, make.ulid(number)) is None
        assert store.events(make.ulid(number)) == []

    def test_all_of_it_is_written(self, store, make):
        changes = self.changes(make)
        assert store.apply(changes) is True
        assert store.scan(REPO, changes.scan.id) == changes.scan
        assert list(store.findings(REPO)) == [stored(changes.findings[0])]
        assert store.events(make.ulid(1)) == list(changes.events)
        assert store.baseline(REPO, "main") == changes.baseline
        assert store.baseline(REPO, "other") is None
        assert store.baseline("github/acme/other", "main") is None

    def test_nothing_to_write_is_fine(self, store):
        assert store.apply(Changes(repository=REPO)) is True
        assert store.repositories() == []

    def test_a_replay_changes_nothing(self, store, make):
        store.apply(self.changes(make))
        again = self.changes(make, findings=(make.finding(1, title="again"), make.finding(2)))
        assert store.apply(again) is False
        assert list(store.findings(REPO)) == [stored(make.finding(1))]
        assert len(store.events(make.ulid(1))) == 1

    def test_a_replay_is_told_before_any_conflict(self, store, make):
        store.apply(self.changes(make))
        store.apply(self.changes(make, 2, expected_baseline_scan=make.ulid(1)))
        assert store.apply(self.changes(make)) is False
        assert store.baseline(REPO, "main") == make.baseline(2)

    def test_the_same_scan_id_elsewhere_is_no_replay(self, store, make):
        assert store.apply(self.changes(make))
        assert store.apply(Changes(repository="github/acme/other", scan=make.scan(1)))

    def test_revisions_count_up(self, store, make):
        store.apply(Changes(repository=REPO, findings=(make.finding(1),)))
        for revision in (1, 2, 3):
            read = store.finding(REPO, make.ulid(1))
            assert read.revision == revision
            store.apply(Changes(repository=REPO, findings=(read.model_copy(update={"reopened": revision}),)))
        assert store.finding(REPO, make.ulid(1)).reopened == 3

    @pytest.mark.parametrize("revision", [0, 1, 3])
    def test_an_old_or_invented_revision_is_refused(self, store, make, revision):
        store.apply(Changes(repository=REPO, findings=(make.finding(1),)))
        store.apply(Changes(repository=REPO, findings=(make.finding(1, revision=1, title="current"),)))
        late = self.changes(make, 2, findings=(make.finding(2), make.finding(1, revision=revision, title="late")))
        with pytest.raises(ConflictError, match="repeat"):
            store.apply(late)
        assert store.finding(REPO, make.ulid(1)).title == "current"
        assert store.baseline(REPO, "main") is None
        self.assert_nothing_written(store, make, 2)

    def test_a_finding_that_is_not_there_cannot_be_changed(self, store, make):
        with pytest.raises(ConflictError):
            store.apply(self.changes(make, 1, findings=(make.finding(1, revision=1),)))
        self.assert_nothing_written(store, make, 1)

    def test_one_finding_twice_is_a_conflict(self, store, make):
        with pytest.raises(ConflictError):
            store.apply(Changes(repository=REPO, findings=(make.finding(1), make.finding(1))))
        assert store.finding(REPO, make.ulid(1)) is None

    @pytest.mark.parametrize("expected", [None, 2, 3])
    def test_another_baseline_is_refused(self, store, make, expected):
        store.apply(self.changes(make))
        late = self.changes(make, 4, expected_baseline_scan=expected and make.ulid(expected))
        with pytest.raises(ConflictError, match="baseline of main"):
            store.apply(late)
        assert store.baseline(REPO, "main") == make.baseline(1)
        self.assert_nothing_written(store, make, 4)

    def test_a_baseline_expected_where_there_is_none_is_refused(self, store, make):
        with pytest.raises(ConflictError):
            store.apply(self.changes(make, expected_baseline_scan=make.ulid(7)))
        self.assert_nothing_written(store, make, 1)

    def test_after_a_conflict_the_same_scan_can_be_applied(self, store, make):
        store.apply(self.changes(make))
        with pytest.raises(ConflictError):
            store.apply(self.changes(make, 2))
        assert store.apply(self.changes(make, 2, expected_baseline_scan=make.ulid(1))) is True
        assert store.baseline(REPO, "main") == make.baseline(2)

    def test_each_branch_has_its_own_baseline(self, store, make):
        store.apply(self.changes(make))
        store.apply(self.changes(make, 2, baseline=make.baseline(2, branch="release")))
        assert store.baseline(REPO, "main") == make.baseline(1)
        assert store.baseline(REPO, "release") == make.baseline(2, branch="release")

    def test_a_person_decides_without_a_scan(self, store, make):
        store.apply(self.changes(make))
        decided = make.finding(1, revision=1, status="dismissed")
        event = make.event(2, decided.id, actor="user:ana", change="dismissed", to_status="dismissed")
        assert store.apply(Changes(repository=REPO, findings=(decided,), events=(event,)))
        assert store.finding(REPO, decided.id) == stored(decided)
        assert store.baseline(REPO, "main") == make.baseline(1)
        assert store.events(decided.id)[-1] == event


class TestBranchFindings:
    def test_they_come_back_as_given(self, store, make):
        findings = [full_finding(make, 3), make.finding(1), make.finding(2).model_copy(update={"id": ""})]
        store.put_branch_findings(make.ulid(1), [*findings, findings[1]])
        assert store.branch_findings(make.ulid(1)) == [*findings, findings[1]]
        assert store.branch_findings(make.ulid(2)) == []

    def test_they_replace_the_former_ones_of_that_scan_only(self, store, make):
        store.put_branch_findings(make.ulid(1), [make.finding(number) for number in range(30)])
        store.put_branch_findings(make.ulid(2), [make.finding(9)])
        store.put_branch_findings(make.ulid(1), [make.finding(7)])
        assert store.branch_findings(make.ulid(1)) == [make.finding(7)]
        assert store.branch_findings(make.ulid(2)) == [make.finding(9)]
        store.put_branch_findings(make.ulid(1), [])
        assert store.branch_findings(make.ulid(1)) == []

    def test_they_are_no_findings_of_the_repository(self, store, make):
        store.put_branch_findings(make.ulid(1), [make.finding(1)])
        assert list(store.findings(REPO)) == []
        assert store.repositories() == []


class TestVerdictsAndMemories:
    def test_verdicts_are_found_by_key(self, store, make):
        verdict = full_verdict(make)
        other = verdict.model_copy(update={"assessment": Assessment.UNCERTAIN, "model_id": None})
        store.put_verdicts({"a": verdict, "b": other})
        assert store.verdicts(["b", "missing", "a", "a"]) == {"a": verdict, "b": other}
        assert store.verdicts([]) == {}
        store.put_verdicts({"a": other})
        assert store.verdicts(["a"]) == {"a": other}
        store.put_verdicts({})

    def test_many_verdicts_at_once(self, store, make):
        verdict = full_verdict(make)
        keys = [f"{number:064x}" for number in range(1300)]
        store.put_verdicts(dict.fromkeys(keys[::2], verdict))
        assert store.verdicts(keys).keys() == set(keys[::2])

    def memory(self, make, number, **fields):
        values = {
            "repository": REPO,
            "rule_id": "semgrep:python.sql-injection",
            "id": make.ulid(number),
            "finding_id": make.ulid(1),
            "decision": "false_positive",
            "reason": "constants only",
            "snippet": "execute('SELECT 1')",
            "at": make.moment,
        }
        return TriageMemory.model_validate(values | fields)

    def test_memories_come_newest_first(self, store, make):
        memories = [self.memory(make, number) for number in range(8)]
        for number in (3, 0, 7, 1, 2, 6, 5, 4):
            store.put_memory(memories[number])
        store.put_memory(self.memory(make, 9, rule_id="semgrep:other", decision="true_positive"))
        store.put_memory(self.memory(make, 9, repository="github/acme/other"))
        assert store.memories(REPO, "semgrep:python.sql-injection") == memories[:2:-1]
        assert store.memories(REPO, "semgrep:python.sql-injection", limit=100) == memories[::-1]
        assert store.memories(REPO, "semgrep:other") == [
            self.memory(make, 9, rule_id="semgrep:other", decision="true_positive")
        ]
        assert store.memories(REPO, "bandit:B101") == []


COUNT_UP = """
import sys
from oreva.errors import ConflictError
from oreva.store.base import Changes

def count_up(store, repository, finding_id, times):
    done = 0
    while done < times:
        read = store.finding(repository, finding_id)
        try:
            changed = read.model_copy(update={"reopened": read.reopened + 1})
            store.apply(Changes(repository=repository, findings=(changed,)))
        except ConflictError:
            continue
        done += 1
"""


class TestTwoWriters:
    def test_threads_lose_no_update(self, store, make):
        store.apply(Changes(repository=REPO, findings=(make.finding(1),)))
        names: dict = {}
        exec(COUNT_UP, names)  # the very code that the processes below run
        failures = []

        def work():
            try:
                names["count_up"](store, REPO, make.ulid(1), 25)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        final = store.finding(REPO, make.ulid(1))
        assert (final.reopened, final.revision) == (100, 101)

    def test_processes_lose_no_update(self, store, store_factory, make):
        store.apply(Changes(repository=REPO, findings=(make.finding(1),)))
        code = COUNT_UP + store_factory.opening_code() + "print('ready', flush=True); sys.stdin.readline()\n"
        code += f"count_up(store, {REPO!r}, {make.ulid(1)!r}, 60)\nstore.close()\n"
        processes = [
            subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            process.communicate()
        assert [process.returncode for process in processes] == [0, 0]
        final = store.finding(REPO, make.ulid(1))
        assert (final.reopened, final.revision) == (120, 121)

    def test_of_two_scans_on_one_baseline_one_wins(self, store_factory, make):
        first, second = store_factory.open(), store_factory.open()
        barrier = threading.Barrier(2)
        outcomes = {}

        def work(store, number):
            changes = Changes(
                repository=REPO,
                scan=make.scan(number),
                findings=(make.finding(number),),
                baseline=make.baseline(number),
            )
            barrier.wait()
            try:
                outcomes[number] = store.apply(changes)
            except ConflictError:
                outcomes[number] = "conflict"

        threads = [threading.Thread(target=work, args=pair) for pair in ((first, 1), (second, 2))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, outcomes.values())) == ["True", "conflict"]
        winner = next(number for number, outcome in outcomes.items() if outcome is True)
        assert first.baseline(REPO, "main") == make.baseline(winner)
        assert [finding.id for finding in second.findings(REPO)] == [make.ulid(winner)]
        assert [scan.id for scan in first.scans(REPO)] == [make.ulid(winner)]
        first.close()
        second.close()

    def test_readers_never_see_half_a_scan(self, store_factory, make):
        writer, reader = store_factory.open(), store_factory.open()
        writer.put_scan(REPO, make.scan(0, state="failed"))
        done = threading.Event()
        torn = []

        def read():
            while not done.is_set():
                newest: Scan = reader.scans(REPO, limit=1)[0]
                findings: list[Finding] = list(reader.findings(REPO))
                expected = 10 * newest.sequence
                if len(findings) < expected or len(findings) % 10:
                    torn.append((expected, len(findings)))

        thread = threading.Thread(target=read)
        thread.start()
        for number in range(1, 31):
            findings = tuple(make.finding(number * 10 + index) for index in range(10))
            writer.apply(Changes(repository=REPO, scan=make.scan(number), findings=findings))
        done.set()
        thread.join()
        assert torn == []
        writer.close()
        reader.close()


def test_a_closed_store_says_so_and_closing_twice_is_fine(store_factory, make):
    store = store_factory.open()
    store.apply(Changes(repository=REPO, findings=tuple(make.finding(number) for number in range(1200))))
    reader = store.findings(REPO)
    next(reader)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.finding(REPO, make.ulid(1))
    with pytest.raises(StoreError, match="closed"):
        list(reader)
