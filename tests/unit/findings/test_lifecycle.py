"""The life of a finding, scan after scan."""

import datetime as dt
import itertools

import pytest

from oreva.errors import UsageError
from oreva.findings.decisions import dismiss, reopen
from oreva.findings.lifecycle import advance
from oreva.findings.tracking import Tracking, track
from oreva.models import Assessment, DismissalKind, Severity, Status, Verdict

FILES = {"a.py": "def f(cmd):\n    subprocess.call(cmd, shell=True)\n"}
EMPTY = {"a.py": "def f(cmd):\n    pass\n"}
BANDIT = frozenset({"bandit:B602"})
SEMGREP = frozenset({"semgrep:shell"})


def changes(step):
    return [(event.change, event.from_status, event.to_status) for event in step.events]


def verdict(kit, assessment=Assessment.FALSE_POSITIVE, confidence=0.95, at=None):
    return Verdict(
        assessment=assessment, confidence=confidence, rationale="r", triaged_by="heuristic", at=at or kit.NOW
    )


def test_new_then_unchanged_then_fixed_then_back(kit, world):
    step = world.scan(FILES)
    (finding,) = step.findings
    assert changes(step) == [("opened", None, Status.OPEN)]
    assert step.opened == (finding.id,)
    assert (finding.first_seen, finding.first_seen_scan) == (kit.NOW, "SCAN1")
    assert step.events[0].actor == "scan:SCAN1"
    later = kit.NOW + dt.timedelta(days=1)
    assert world.scan(FILES, now=later).changed == ()

    step = world.scan(EMPTY, now=later)
    assert changes(step) == [("fixed", Status.OPEN, Status.FIXED)]
    assert step.fixed == step.changed
    assert (world.one().status, world.one().fixed_at) == (Status.FIXED, later)
    assert world.one().status_reason == "no longer reported by semgrep:shell, bandit:B602"
    assert world.scan(EMPTY).changed == ()

    step = world.scan(FILES, now=later)
    assert changes(step) == [("reopened", Status.FIXED, Status.OPEN)]
    assert step.opened == (finding.id,)
    back = world.one()
    assert (back.id, back.first_seen, back.reopened, back.fixed_at) == (finding.id, kit.NOW, 1, None)


def test_a_file_that_is_gone_fixes_its_findings_whatever_the_scanners_did(world):
    world.scan(FILES)
    step = world.scan({}, failing={("a.py", "bandit")})
    assert step.fixed[0].status_reason == "its file is gone"


def test_a_moved_finding_is_changed_without_an_event(world):
    world.scan(FILES)
    step = world.scan({"a.py": "\n\n" + FILES["a.py"]})
    assert [finding.start_line for finding in step.changed] == [4]
    assert step.events == ()


def test_nothing_closes_until_every_scanner_that_saw_it_has_looked(world):
    world.scan(FILES)
    for scanner in ("semgrep", "bandit"):
        assert world.scan(EMPTY, failing={("a.py", scanner)}).changed == ()
    assert len(world.scan(EMPTY).fixed) == 1


def test_what_one_scanner_still_sees_keeps_what_the_other_saw_before_it_failed(kit, world):
    world.scan({"a.py": "\n" + FILES["a.py"]})
    step = world.scan(FILES, failing={("a.py", "bandit")})
    (finding,) = step.findings
    assert finding.rule_ids == ("semgrep:shell", "bandit:B602")
    assert [d.start_line for d in finding.detections] == [2, 2]
    assert world.scan(EMPTY, failing={("a.py", "bandit")}).fixed == ()
    assert world.scan(FILES, failing={("a.py", "semgrep")}).findings[0].severity is Severity.CRITICAL


def test_what_a_scanner_looked_for_and_did_not_find_is_dropped_from_the_finding(world):
    world.scan(FILES)
    step = world.scan(FILES, active=SEMGREP)
    assert step.findings[0].rule_ids == ("semgrep:shell",)
    assert step.fixed == step.retired == ()


def test_a_finding_retires_with_its_rules_and_comes_back_with_them(world):
    world.scan(FILES)
    step = world.scan(FILES, active=frozenset({"semgrep:eval", "bandit:B307"}))
    assert changes(step) == [("retired", Status.OPEN, Status.RETIRED)]
    assert step.retired[0].status_reason == "no longer looked for: semgrep:shell, bandit:B602"
    assert world.scan(FILES, active=frozenset({"semgrep:eval"})).changed == ()
    step = world.scan(FILES)
    assert changes(step) == [("reopened", Status.RETIRED, Status.OPEN)]


def test_with_one_of_two_rules_gone_it_retires_rather_than_to_be_called_fixed(world):
    world.scan(FILES)
    step = world.scan(EMPTY, active=SEMGREP)
    assert step.fixed == ()
    assert step.retired[0].status_reason == "no longer looked for: bandit:B602"


def test_a_scanner_that_took_no_part_retires_nothing(kit, world):
    world.scan(FILES, active=BANDIT)
    stored = list(world.stored.values())
    scan = kit.make_scan().model_copy(update={"scanners": {"semgrep": "1"}})
    for active, status in ((SEMGREP, Status.OPEN), (SEMGREP | {"bandit:B101"}, Status.RETIRED)):
        step = advance(
            [],
            stored,
            track([], stored),
            scan=scan,
            covered=lambda path, scanner: "not_looked",
            active_rules=active,
            now=kit.NOW,
            new_id=world.new_id,
        )
        assert next(finding.status for finding in (*step.changed, *stored)) is status


def test_a_renamed_file_that_could_not_be_scanned_proves_nothing(world):
    world.scan(FILES)
    moved = {"b.py": FILES["a.py"]}
    failing = {("b.py", "semgrep"), ("b.py", "bandit")}
    assert world.scan(moved, failing=failing, renames={"a.py": "b.py"}).changed == ()
    step = world.scan(moved, renames={"a.py": "b.py"})
    assert [event.change for event in step.events] == ["moved"]
    assert step.findings[0].path == "b.py"


def test_two_that_became_one_leave_one_and_a_note(world):
    world.scan(FILES, active=SEMGREP)
    semgrep = world.one()
    (bandit,) = (f for f in kit_findings(world, FILES, BANDIT))
    world.put(bandit)
    step = world.scan(FILES)
    assert step.findings[0].id == semgrep.id
    assert changes(step) == [("retired", Status.OPEN, Status.RETIRED)]
    assert world.stored[bandit.id].status_reason == f"merged into {semgrep.id}"
    assert world.scan(FILES).changed == ()


def kit_findings(world, files, active):
    """Findings as another store would hold them."""
    other = type(world)()
    return [f.model_copy(update={"id": f"OTHER-{f.id}"}) for f in other.scan(files, active=active).findings]


QUIET = {"a.py": "def f(cmd):\n    eval(cmd)  # nosec\n"}
LOUD = {"a.py": "def f(cmd):\n    eval(cmd)\n"}
EVAL = frozenset({"bandit:B307"})


class TestComments:
    def test_added_and_removed(self, world):
        world.scan(LOUD, active=EVAL)
        step = world.scan(QUIET, active=EVAL)
        assert changes(step) == [("suppressed", Status.OPEN, Status.SUPPRESSED)]
        assert step.events[0].reason == "in-source: nosec (for every rule) on line 2"
        assert world.scan(QUIET, active=EVAL).changed == ()
        step = world.scan(LOUD, active=EVAL)
        assert changes(step) == [("unsuppressed", Status.SUPPRESSED, Status.OPEN)]
        assert world.one().status_reason == ""
        assert world.scan(LOUD, active=EVAL).changed == ()

    def test_there_from_the_start(self, world):
        step = world.scan(QUIET, active=EVAL)
        assert changes(step) == [("suppressed", None, Status.SUPPRESSED)]
        assert step.opened == ()
        assert len(world.scan({"a.py": "x = 1\n"}, active=EVAL).fixed) == 1
        assert changes(world.scan(QUIET, active=EVAL)) == [("reopened", Status.FIXED, Status.SUPPRESSED)]

    def test_for_one_scanner_only_it_stays_open_and_says_so(self, world):
        step = world.scan(QUIET)
        assert step.findings[0].status is Status.OPEN
        assert "but not semgrep:eval" in step.findings[0].status_reason
        world.scan(LOUD)
        assert world.one().status_reason == ""

    def test_a_scanner_that_failed_is_not_taken_for_one_that_was_silenced(self, world):
        world.scan(LOUD)
        step = world.scan(QUIET, failing={("a.py", "semgrep")})
        assert step.findings[0].status is Status.OPEN
        assert step.findings[0].rule_ids == ("bandit:B307", "semgrep:eval")


class TestDismissal:
    def dismissed(self, kit, world, expires=None):
        world.scan(FILES)
        finding, event = dismiss(world.one(), DismissalKind.ACCEPTED_RISK, " intern only ", "ann", kit.NOW, expires)
        world.put(finding)
        return event

    def test_says_who_why_and_until_when(self, kit, world):
        event = self.dismissed(kit, world, dt.date(2026, 12, 1))
        assert (event.change, event.actor, event.to_status) == ("dismissed", "user:ann", Status.DISMISSED)
        assert event.reason == "accepted risk: intern only (until 2026-12-01)"
        assert world.one().status_reason == "accepted risk: intern only"

    def test_holds_until_it_expires(self, kit, world):
        self.dismissed(kit, world, dt.date(2026, 12, 1))
        assert world.scan(FILES, now=dt.datetime(2026, 11, 30, 23, tzinfo=dt.UTC)).changed == ()
        step = world.scan(FILES, now=dt.datetime(2026, 12, 1, 0, tzinfo=dt.UTC))
        assert changes(step) == [("expired", Status.DISMISSED, Status.OPEN)]
        assert (world.one().dismissal, world.one().status_reason) == (
            None,
            "the dismissal by ann expired on 2026-12-01",
        )
        assert step.opened == ()
        assert world.scan(FILES, now=dt.datetime(2026, 12, 2, tzinfo=dt.UTC)).changed == ()

    def test_expires_though_its_file_cannot_be_looked_at(self, kit, world):
        self.dismissed(kit, world, dt.date(2026, 12, 1))
        late = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        failing = {("a.py", "bandit"), ("a.py", "semgrep")}
        step = world.scan(FILES, failing=failing, now=late)
        assert changes(step) == [("expired", Status.DISMISSED, Status.OPEN)]
        assert world.scan(FILES, failing=failing, now=late).changed == ()

    def test_ends_when_the_code_is_gone_and_holds_again_when_it_is_back(self, kit, world):
        self.dismissed(kit, world)
        assert len(world.scan(EMPTY).fixed) == 1
        step = world.scan(FILES)
        assert changes(step) == [("reopened", Status.FIXED, Status.DISMISSED)]
        assert "still holds" in step.events[0].reason
        assert step.opened == ()
        assert world.scan(FILES).changed == ()

    def test_ends_when_the_code_became_vulnerable(self, kit, world):
        """The flow rule reports what only the rule of form had reported, since somebody took the quoting away."""
        quoted = {"a.py": "def g(x):\n    x = quote(x)\n    subprocess.call(x, shell=True)\n"}
        bare = {"a.py": "def g(x):\n    subprocess.call(x, shell=True)\n"}
        world.scan(quoted, active=BANDIT)
        finding, _ = dismiss(world.one(), DismissalKind.FALSE_POSITIVE, "quoted", "ann", kit.NOW)
        world.put(finding)
        step = world.scan(bare)
        assert changes(step) == [("reopened", Status.DISMISSED, Status.OPEN)]
        assert step.events[0].reason == (
            "now also reported by semgrep:shell since it was dismissed by ann, and its code has changed"
        )
        assert (world.one().id, world.one().dismissal) == (finding.id, None)
        assert world.scan(bare, same_rules=True).changed == ()

    def test_holds_where_only_the_rules_are_new(self, kit, world):
        bare = {"a.py": "def g(x):\n    subprocess.call(x, shell=True)\n"}
        for same_rules, status in ((False, Status.DISMISSED), (True, Status.OPEN)):
            world.stored.clear()
            world.scan(bare, active=BANDIT)
            world.put(dismiss(world.one(), DismissalKind.FALSE_POSITIVE, "quoted", "ann", kit.NOW)[0])
            world.scan(bare, same_rules=same_rules)
            assert world.one().status is status

    def test_holds_through_edits_that_make_it_no_worse(self, kit, world):
        self.dismissed(kit, world)
        world.scan({"a.py": FILES["a.py"].replace("def ", "import os\n\ndef ", 1)}, same_rules=True)
        assert world.one().status is Status.DISMISSED

    def test_does_not_come_back_with_code_that_became_vulnerable(self, kit, world):
        quoted = {"a.py": "def g(x):\n    x = quote(x)\n    subprocess.call(x, shell=True)\n"}
        world.scan(quoted, active=BANDIT)
        world.put(dismiss(world.one(), DismissalKind.FALSE_POSITIVE, "quoted", "ann", kit.NOW)[0])
        world.scan(EMPTY)
        world.scan({"a.py": "def g(x):\n    subprocess.call(x, shell=True)\n"})
        assert (world.one().status, world.one().dismissal) == (Status.OPEN, None)

    def test_does_not_hold_again_once_expired(self, kit, world):
        self.dismissed(kit, world, dt.date(2026, 12, 1))
        world.scan(EMPTY)
        world.scan(FILES, now=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
        assert (world.one().status, world.one().dismissal) == (Status.OPEN, None)

    def test_nonsense_is_refused(self, kit, world):
        world.scan(FILES)
        finding = world.one()
        with pytest.raises(UsageError, match="without a reason"):
            dismiss(finding, DismissalKind.WONT_FIX, "  ", "ann", kit.NOW)
        with pytest.raises(UsageError, match="2026-11-22 is not in the future"):
            dismiss(finding, DismissalKind.WONT_FIX, "x", "ann", kit.NOW, kit.NOW.date())
        with pytest.raises(UsageError, match="is open already"):
            reopen(finding, "ann", "", kit.NOW)
        world.scan(EMPTY)
        with pytest.raises(UsageError, match="is fixed: nothing to dismiss"):
            dismiss(world.one(), DismissalKind.WONT_FIX, "x", "ann", kit.NOW)
        with pytest.raises(UsageError, match="a scan opens it again"):
            reopen(world.one(), "ann", "", kit.NOW)

    def test_can_be_renewed_and_taken_back(self, kit, world):
        self.dismissed(kit, world)
        finding, event = dismiss(world.one(), DismissalKind.WONT_FIX, "legacy", "bob", kit.NOW)
        assert event.from_status is Status.DISMISSED
        finding, event = reopen(finding, "ann", "wrong", kit.NOW)
        assert (event.change, event.reason, event.to_status) == ("reopened", "reopened by ann: wrong", Status.OPEN)
        assert (finding.dismissal, finding.reopened) == (None, 0)
        world.put(finding)
        assert world.scan(FILES).changed == ()

    def test_what_a_comment_silences_cannot_be_reopened_by_hand(self, kit, world):
        world.scan(QUIET, active=EVAL)
        with pytest.raises(UsageError, match="remove the comment"):
            reopen(world.one(), "ann", "", kit.NOW)
        finding, _ = dismiss(world.one(), DismissalKind.WONT_FIX, "legacy", "bob", kit.NOW)
        finding, event = reopen(finding, "ann", "", kit.NOW)
        assert event.to_status is finding.status is Status.SUPPRESSED


class TestVerdicts:
    def judged(self, kit, files, **options):
        return [f.model_copy(update={"verdict": verdict(kit, **options)}) for f in kit.findings_of(files)]

    def test_stays_while_the_code_is_the_same(self, kit, world):
        world.scan(FILES, current=self.judged(kit, FILES))
        step = world.scan({"a.py": "# moved\n" + FILES["a.py"]})
        assert step.findings[0].verdict == verdict(kit)
        assert step.events == ()

    def test_goes_with_the_code_it_was_about(self, kit, world):
        world.scan(FILES, current=self.judged(kit, FILES))
        step = world.scan({"a.py": FILES["a.py"].replace("cmd,", "[cmd],")})
        assert step.findings[0].verdict is None
        assert [(event.change, event.reason) for event in step.events] == [
            ("verdict", "dropped: the code it was about has changed")
        ]

    def test_given_again_an_hour_later_it_is_the_same(self, kit, world):
        world.scan(FILES, current=self.judged(kit, FILES))
        later = self.judged(kit, FILES, at=kit.NOW + dt.timedelta(hours=1))
        assert world.scan(FILES, current=later).changed == ()

    def test_a_new_one_is_told(self, kit, world):
        world.scan(FILES, current=self.judged(kit, FILES))
        step = world.scan(FILES, current=self.judged(kit, FILES, assessment=Assessment.TRUE_POSITIVE, confidence=0.5))
        assert [event.reason for event in step.events] == ["true positive, confidence 0.5, by heuristic"]

    def test_a_reason_for_having_none_is_kept(self, kit, world):
        current = [f.model_copy(update={"untriaged_reason": "budget spent"}) for f in kit.findings_of(FILES)]
        world.scan(FILES, current=current)
        assert world.scan(FILES).changed == ()
        assert world.one().untriaged_reason == "budget spent"

    def by_policy(self, kit, world):
        world.scan(FILES, current=self.judged(kit, FILES))
        policy = {"status": Status.SUPPRESSED, "status_reason": "triage policy: fine"}
        world.put(world.one().model_copy(update=policy))

    def test_what_a_policy_suppressed_stays_so_while_verdict_and_code_do(self, kit, world):
        self.by_policy(kit, world)
        assert world.scan(FILES).changed == ()
        assert world.one().status_reason == "triage policy: fine"

    def test_what_a_policy_suppressed_opens_when_the_code_changes(self, kit, world):
        self.by_policy(kit, world)
        step = world.scan({"a.py": FILES["a.py"].replace("cmd,", "[cmd],")})
        assert ("unsuppressed", Status.SUPPRESSED, Status.OPEN) in changes(step)
        assert world.one().status is Status.OPEN

    def test_what_a_policy_suppressed_opens_when_the_verdict_changes(self, kit, world):
        self.by_policy(kit, world)
        world.scan(FILES, current=self.judged(kit, FILES, assessment=Assessment.UNCERTAIN))
        assert world.one().status is Status.OPEN

    def test_what_a_policy_suppressed_opens_when_another_scanner_reports_it_too(self, kit, world):
        world.scan(FILES, active=SEMGREP)
        policy = {"status": Status.SUPPRESSED, "status_reason": "triage policy: fine", "verdict": verdict(kit)}
        world.put(world.one().model_copy(update=policy))
        world.scan(FILES)
        assert (world.one().status, world.one().verdict) == (Status.OPEN, None)

    def test_a_policy_that_acts_before_is_heard(self, kit, world):
        world.scan(FILES)
        update = {"status": Status.SUPPRESSED, "status_reason": "triage policy: fine", "verdict": verdict(kit)}
        current = [f.model_copy(update=update) for f in kit.findings_of(FILES)]
        step = world.scan(FILES, current=current)
        assert changes(step)[0] == ("suppressed", Status.OPEN, Status.SUPPRESSED)
        assert world.scan(FILES, current=current).changed == ()


def test_ids_of_findings_and_events_come_from_one_source_and_never_repeat(kit):
    found = kit.findings_of(FILES)
    numbers = itertools.count()
    step = advance(
        found,
        [],
        Tracking(matches=(), new=(0,), missing=(), merged={}),
        scan=kit.make_scan(),
        covered=lambda path, scanner: "looked",
        active_rules=frozenset(kit.RULES),
        now=kit.NOW,
        new_id=lambda: f"N{next(numbers)}",
    )
    assert (step.findings[0].id, step.events[0].id) == ("N0", "N1")


def test_a_finding_that_went_through_a_scan_can_be_written_and_read(kit, world):
    world.scan(FILES)
    step = world.scan({"a.py": "\n" + FILES["a.py"]}, failing={("a.py", "bandit")})
    (finding,) = step.findings
    assert finding.rule_ids == ("semgrep:shell", "bandit:B602")
    assert type(finding).model_validate_json(finding.model_dump_json()) == finding
