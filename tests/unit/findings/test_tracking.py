"""Tracking: single situations, each told apart from its neighbour."""

import datetime as dt

import pytest

from oreva.findings.alignment import Aligner, Place
from oreva.findings.tracking import track
from oreva.models import Status

FILLER = "\n".join(f"value_{n} = compute_something({n}, offset_{n})" for n in range(8))


@pytest.fixture
def stored(kit):
    """Findings as a store would have them: with ids, in a status."""

    def make(files, status=Status.OPEN, prefix="S", **options):
        found = kit.findings_of(files, **options)
        return [f.model_copy(update={"id": f"{prefix}{n}", "status": status}) for n, f in enumerate(found)]

    return make


def hows(tracking):
    return [match.how for match in tracking.matches]


def test_nothing_on_either_side(kit):
    empty = track([], [])
    assert (empty.matches, empty.new, empty.missing) == ((), (), ())
    found = kit.findings_of({"a.py": "eval(x)\n"})
    assert track(found, []).new == (0,)
    assert track([], found).missing == (0,)


def test_unchanged_is_exact_and_moved_to_other_surroundings_is_moved(kit, stored):
    old = stored({"a.py": f"{FILLER}\neval(x)\n"})
    assert hows(track(kit.findings_of({"a.py": f"{FILLER}\neval(x)\n"}), old)) == ["exact"]
    assert hows(track(kit.findings_of({"a.py": f"other()\neval(x)\n{FILLER}\n"}), old)) == ["moved"]


def test_edited_in_place(kit, stored):
    old = stored({"a.py": f"{FILLER}\neval(x)\n{FILLER}\n"})
    assert hows(track(kit.findings_of({"a.py": f"\n{FILLER}\neval(y + 1)\n{FILLER}\n"}), old)) == ["edited"]


def test_edited_with_its_surroundings_in_the_same_function(kit, stored):
    old = stored({"a.py": f"def f():\n    a(1)\n    subprocess.call(cmd, shell=True)\n    b(2)\n\n{FILLER}\n"})
    new = f"{FILLER}\n\ndef f():\n    c(3)\n    subprocess.call(cmd, cwd, shell=True)\n    d(4)\n"
    assert hows(track(kit.findings_of({"a.py": new}), old)) == ["near"]
    elsewhere = new.replace("def f", "def g")
    assert hows(track(kit.findings_of({"a.py": elsewhere}), old)) == []


def test_nothing_alike_in_the_same_function_is_another_finding(kit, stored):
    old = stored({"a.py": "def f():\n    a(1)\n    eval(first, second, third)\n    b(2)\n"})
    new = "def f():\n    c(3)\n    result = eval(other, values, here)\n    d(4)\n"
    tracking = track(kit.findings_of({"a.py": new}), old)
    assert tracking.matches == ()
    assert (tracking.new, tracking.missing) == ((0,), (0,))


def test_what_was_set_aside_is_not_taken_over_by_something_that_only_reads_alike(kit, stored):
    old_text = "def f():\n    a(1)\n    eval(constant)\n    b(2)\n"
    new = kit.findings_of({"a.py": "def f():\n    c(3)\n    eval(request)\n    d(4)\n"})
    assert hows(track(new, stored({"a.py": old_text}))) == ["near"]
    assert hows(track(new, stored({"a.py": old_text}, Status.DISMISSED))) == []
    assert hows(track(new, stored({"a.py": old_text}, Status.SUPPRESSED))) == []


def test_outside_of_functions_near_means_a_few_lines(kit, stored):
    old = stored({"a.py": "one()\nsubprocess.call(cmd, shell=True)\ntwo()\n"})
    edited = "subprocess.call(cmd, env, shell=True)"
    close = kit.findings_of({"a.py": f"three()\n\n\n{edited}\nfour()\n"})
    assert hows(track(close, old)) == ["near"]
    far = kit.findings_of({"a.py": "three()\n" + "\n" * 30 + f"{edited}\nfour()\n"})
    assert hows(track(far, old)) == []


def test_a_fixed_finding_comes_back_by_its_code_only(kit, stored):
    old = stored({"a.py": f"{FILLER}\neval(x)\n{FILLER}\n"}, Status.FIXED)
    assert hows(track(kit.findings_of({"a.py": f"{FILLER}\neval(x)\n{FILLER}\n"}), old)) == ["exact"]
    assert hows(track(kit.findings_of({"a.py": f"{FILLER}\neval(y)\n{FILLER}\n"}), old)) == []


def test_of_equal_ones_the_open_one_goes_on_then_a_fixed_then_a_retired_one(kit, stored):
    text = {"a.py": f"{FILLER}\neval(x)\n"}
    found = kit.findings_of(text)
    every = [
        *stored(text, Status.RETIRED, "R"),
        *stored(text, Status.FIXED, "F"),
        *stored(text, Status.DISMISSED, "D"),
        *stored(text, Status.OPEN, "O"),
    ]
    for expected in ("O0", "D0", "F0", "R0"):
        (match,) = track(found, every).matches
        assert every[match.stored].id == expected
        del every[match.stored]


def test_the_older_of_two_in_every_way_equal_ones_goes_on(kit, stored):
    text = {"a.py": "eval(x)\n"}
    young, old = stored(text, prefix="Y"), stored(text, prefix="Z", now=kit.NOW - dt.timedelta(days=1))
    for both in ([*young, *old], [*old, *young]):
        (match,) = track(kit.findings_of(text), both).matches
        assert both[match.stored].id == "Z0"


def test_of_two_twins_with_neighbours_of_their_own_the_right_one_is_missing(kit, stored):
    text = "a = eval(x)\nb = eval(x)\n"
    old = stored({"a.py": text})
    tracking = track(kit.findings_of({"a.py": "b = eval(x)\n"}), old)
    assert [old[m.stored].snippet for m in tracking.matches] == ["b = eval(x)"]
    tracking = track(kit.findings_of({"a.py": "a = eval(x)\n"}), old)
    assert [old[m.stored].snippet for m in tracking.matches] == ["a = eval(x)"]


def test_a_finding_keeps_its_identity_when_the_other_scanner_sees_it(kit, stored):
    text = {"a.py": f"{FILLER}\nsubprocess.call(cmd, shell=True)\n{FILLER}\n"}
    both, bandit = kit.findings_of(text), kit.findings_of(text, active=frozenset({"bandit:B602"}))
    semgrep = kit.findings_of(text, active=frozenset({"semgrep:shell"}))
    assert hows(track(both, stored(text, active=frozenset({"bandit:B602"})))) == ["exact"]
    assert hows(track(bandit, stored(text))) == ["exact"]
    assert hows(track(semgrep, stored(text, active=frozenset({"bandit:B602"})))) == ["cross-scanner"]
    other = kit.findings_of({"a.py": f"{FILLER}\neval(cmd)\n{FILLER}\n"}, active=frozenset({"semgrep:eval"}))
    assert hows(track(other, stored(text, active=frozenset({"bandit:B602"})))) == []


def test_two_that_became_one_are_merged_and_not_missing(kit, stored):
    text = {"a.py": f"{FILLER}\nsubprocess.call(cmd, shell=True)\n{FILLER}\n"}
    old = [
        *stored(text, prefix="B", active=frozenset({"bandit:B602"})),
        *stored(text, prefix="S", active=frozenset({"semgrep:shell"})),
    ]
    tracking = track(kit.findings_of(text), old)
    assert [old[m.stored].id for m in tracking.matches] == ["S0"]
    assert tracking.merged == {0: 0}
    assert tracking.missing == ()


def test_the_second_of_two_twins_is_missing_and_not_merged(kit, stored):
    old = stored({"a.py": "eval(x)\n\neval(x)\n"})
    tracking = track(kit.findings_of({"a.py": "eval(x)\n"}), old)
    assert tracking.merged == {}
    assert len(tracking.missing) == 1


def test_one_that_became_two_leaves_one_new(kit, stored):
    text = {"a.py": f"{FILLER}\nsubprocess.call(cmd, shell=True)\n"}
    apart = [
        *kit.findings_of(text, active=frozenset({"bandit:B602"})),
        *kit.findings_of(text, active=frozenset({"semgrep:shell"})),
    ]
    tracking = track(apart, stored(text))
    assert [(m.current, m.stored) for m in tracking.matches] == [(1, 0)]
    assert tracking.new == (0,)


class TestRenames:
    TEXT = f"def f(cmd):\n    eval(cmd)\n    subprocess.call(cmd, shell=True)\n{FILLER}\n"

    def test_a_told_rename_is_followed_and_a_wrong_one_does_no_harm(self, kit, stored):
        old = stored({"a.py": self.TEXT})
        tracking = track(kit.findings_of({"b.py": self.TEXT}), old, renames={"a.py": "b.py"})
        assert hows(tracking) == ["renamed", "renamed"]
        assert tracking.renames == {"a.py": "b.py"}
        assert hows(track(kit.findings_of({"a.py": self.TEXT}), old, renames={"a.py": "b.py"})) == ["exact", "exact"]

    def test_two_files_that_swap_their_names(self, kit, stored):
        other = f"eval(cmd)\n\n{FILLER}\n"
        old = stored({"a.py": self.TEXT, "b.py": other})
        new = kit.findings_of({"b.py": self.TEXT, "a.py": other})
        tracking = track(new, old, renames={"a.py": "b.py", "b.py": "a.py"})
        assert {old[m.stored].path + new[m.current].path for m in tracking.matches} == {"a.pyb.py", "b.pya.py"}

    def test_an_untold_rename_is_inferred_only_if_the_old_file_is_gone(self, kit, stored):
        old, new = stored({"a.py": self.TEXT}), kit.findings_of({"b.py": self.TEXT})
        assert track(new, old).matches == ()
        assert track(new, old, gone=lambda path: False).matches == ()
        tracking = track(new, old, gone=lambda path: path == "a.py")
        assert hows(tracking) == ["renamed", "renamed"]
        assert tracking.renames == {"a.py": "b.py"}

    def test_with_two_candidates_none_is_taken(self, kit, stored):
        old = stored({"a.py": self.TEXT})
        new = kit.findings_of({"b.py": self.TEXT, "c.py": self.TEXT})
        assert track(new, old, gone=lambda path: True).matches == ()

    def test_a_moved_directory_is_told_apart_by_file_names(self, kit, stored):
        old = stored({"old/a.py": self.TEXT, "old/b.py": self.TEXT})
        new = kit.findings_of({"new/a.py": self.TEXT, "new/b.py": self.TEXT})
        tracking = track(new, old, gone=lambda path: path.startswith("old/"))
        assert tracking.renames == {"old/a.py": "new/a.py", "old/b.py": "new/b.py"}
        assert len(tracking.matches) == 4

    def test_the_same_line_in_unrelated_files_is_no_rename(self, kit, stored):
        old = stored({"a.py": f"{FILLER}\neval(x)\n"})
        new = kit.findings_of({"b.py": "import this\nthis.run()\neval(x)\n"})
        assert track(new, old, gone=lambda path: True).matches == ()

    def test_a_file_that_had_findings_before_is_no_target(self, kit, stored):
        old = stored({"a.py": self.TEXT, "b.py": "subprocess.call(x, shell=True)\n"})
        new = kit.findings_of({"b.py": self.TEXT})
        assert track(new, old, gone=lambda path: path == "a.py").renames == {}

    def test_rename_and_reformatting_at_once(self, kit, stored):
        old = stored({"a.py": self.TEXT})
        text = "# header\n\n" + self.TEXT.replace("    ", "  ").replace("(cmd)", "( cmd )")
        assert len(track(kit.findings_of({"b.py": text}), old, gone=lambda path: True).matches) == 2

    MANY = "".join(f"def f{n}(x):\n    y = x + {n}\n    eval(y + {n})\n\n" for n in range(10))

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            (MANY.replace("eval(y + 3)", "eval(y + 30)"), 10),
            (MANY.replace("eval(y + 3)", "pass"), 9),
            (MANY + "def more(x):\n    eval(x)\n", 10),
            (MANY.split("def f6")[0], 6),
            (MANY.split("def f4")[0], 0),
        ],
        ids=["edited", "one fixed", "one more", "six left", "four left"],
    )
    def test_a_renamed_file_that_was_edited_keeps_what_most_of_it_shares(self, kit, stored, text, kept):
        old = stored({"a.py": self.MANY})
        tracking = track(kit.findings_of({"b.py": text}), old, gone=lambda path: path == "a.py")
        assert tracking.renames == ({"a.py": "b.py"} if kept else {})
        assert len(tracking.matches) == kept

    def test_of_a_file_cut_into_two_halves_neither_is_taken(self, kit, stored):
        first, second = self.MANY.split("def f5", 1)
        new = kit.findings_of({"b.py": first, "c.py": "def f5" + second})
        assert track(new, stored({"a.py": self.MANY}), gone=lambda path: path == "a.py").renames == {}
        larger = kit.findings_of({"b.py": first + self.MANY[len(first) : -40], "c.py": "def f9" + second[-30:]})
        assert track(larger, stored({"a.py": self.MANY}), gone=lambda path: path == "a.py").renames == {"a.py": "b.py"}


class TestAlignment:
    @staticmethod
    def places(*lines):
        return [Place(number, "a", line, (line,)) for number, line in enumerate(lines)]

    @pytest.mark.parametrize(
        ("current", "stored", "pairs"),
        [
            ((10, 20), (20, 30), {(0, 0), (1, 1)}),
            ((20,), (1, 19, 40), {(0, 1)}),
            ((1, 19, 40), (20,), {(1, 0)}),
            ((5, 6), (6,), {(1, 0)}),
            ((1, 2, 3), (3, 3), {(1, 0), (2, 1)}),
            ((7,), (7, 7), {(0, 0)}),
        ],
    )
    def test_order_is_kept_and_the_nearest_is_taken(self, current, stored, pairs):
        assert set(Aligner().align(self.places(*current), self.places(*stored))) == pairs

    def test_the_preferred_go_first_when_not_all_can(self):
        places = self.places(10, 20, 30)
        assert Aligner().align(self.places(10), places, {2}) == [(0, 2)]
        assert set(Aligner().align(self.places(10, 20), places, {2})) == {(0, 0), (1, 2)}

    def test_what_was_recognised_says_how_far_the_rest_has_moved(self):
        aligner = Aligner()
        assert aligner.expected("a", 50) == 50
        aligner.anchor("a", 10, 10)
        aligner.anchor("a", 40, 140)
        assert [aligner.expected("a", line) for line in (1, 12, 39, 40, 80)] == [1, 12, 139, 140, 180]
        assert aligner.expected("b", 5) == 5
