"""Which detections are one finding, and what that finding says."""

import itertools

import pytest

from oreva.findings.deduplicate import deduplicate, in_source
from oreva.models import Confidence, InSourceSuppression, Rule, Severity, Status


def merged(kit, detections, text="code\n" * 60):
    """The findings as sets of `rule@line:column`."""
    contents = {d.path: text.encode() for d in detections}
    found = deduplicate(detections, kit.RULES, contents, kit.NOW)
    return sorted(sorted(f"{d.rule_id}@{d.start_line}:{d.start_col}" for d in finding.detections) for finding in found)


def test_two_scanners_on_one_defect_are_one_finding_with_the_strongest_of_both(kit):
    (finding,) = kit.findings_of({"a.py": "subprocess.call(cmd, shell=True)\n"})
    assert finding.rule_ids == ("semgrep:shell", "bandit:B602")
    assert (finding.severity, finding.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert finding.title == "Shell command from input"
    assert finding.fix == "Pass a list."
    assert finding.owasp == ("A03:2021",)
    assert finding.references == ("https://example.org/shell",)
    assert finding.cwe == ("CWE-78",)
    assert finding.snippet == "subprocess.call(cmd, shell=True)"
    assert (finding.id, finding.status, finding.first_seen) == ("", Status.OPEN, kit.NOW)
    assert len(finding.fingerprints) == 2


def test_the_corrected_cwe_is_what_the_finding_says_and_the_detection_keeps_its_own(kit):
    findings = kit.findings_of({"a.py": "eval(x)\n"}, active=frozenset({"bandit:B307"}))
    assert findings[0].cwe == ("CWE-95",)
    assert findings[0].primary.cwe == ("CWE-78",)


def test_two_reports_of_one_rule_are_two_findings(kit):
    a, b = kit.detection(line=3, col=1, end_col=8), kit.detection(line=3, col=9, end_col=12)
    assert merged(kit, [a, b]) == [["shell@3:1"], ["shell@3:9"]]
    nested = kit.detection(line=2, col=1, end_line=5)
    assert merged(kit, [a, nested]) == [["shell@2:1"], ["shell@3:1"]]


def test_one_detection_reported_twice_counts_once(kit):
    a = kit.detection()
    assert len(merged(kit, [a, a])) == 1
    assert len(merged(kit, [a, a.model_copy(update={"message": "another"})])) == 2


def test_of_one_reported_twice_the_one_no_comment_silences_stays(kit):
    a = kit.detection()
    quiet = a.model_copy(update={"suppression": InSourceSuppression(kind="nosemgrep", line=1, named=True)})
    for pair in ([a, quiet], [quiet, a]):
        (finding,) = deduplicate(pair, kit.RULES, {}, kit.NOW)
        assert finding.status is Status.OPEN


def test_different_families_lines_and_files_stay_apart(kit):
    shell = kit.detection("semgrep:shell", line=3)
    assert len(merged(kit, [shell, kit.detection("bandit:B307", line=3)])) == 2
    assert len(merged(kit, [shell, kit.detection("bandit:B602", line=4)])) == 2
    assert len(merged(kit, [shell, kit.detection("bandit:B602", line=3, path="other.py")])) == 2
    assert len(merged(kit, [shell, kit.detection("semgrep:custom", line=3, cwe=())])) == 2


def test_pairs_on_one_line_find_each_other_by_their_columns(kit):
    detections = [
        kit.detection(rule, line=3, col=col, end_col=col + 10)
        for rule in ("semgrep:shell", "bandit:B602")
        for col in (1, 30)
    ]
    for order in itertools.permutations(detections):
        assert merged(kit, order) == [["B602@3:1", "shell@3:1"], ["B602@3:30", "shell@3:30"]]


def test_one_scanner_means_two_things_by_two_columns_another_may_not(kit):
    left = kit.detection("bandit:B602", line=3, col=1, end_col=5)
    assert len(merged(kit, [left, kit.detection("bandit:B605", line=3, col=9, end_col=15, cwe=("CWE-78",))])) == 2
    assert len(merged(kit, [left, kit.detection("bandit:B605", line=3, col=3, end_col=15, cwe=("CWE-78",))])) == 1
    assert len(merged(kit, [left, kit.detection("semgrep:shell", line=3, col=9, end_col=15)])) == 1
    assert len(merged(kit, [left, kit.detection("semgrep:argument", line=3, col=9, end_col=15, cwe=("CWE-88",))])) == 2


def test_a_long_statement_does_not_glue_together_what_it_overlaps(kit):
    long = kit.detection("semgrep:shell", line=10, end_line=19)
    near = kit.detection("bandit:B602", line=10, end_line=12)
    far = kit.detection("bandit:B605", line=18, cwe=("CWE-78",))
    for order in itertools.permutations([long, near, far]):
        assert merged(kit, order) == [["B602@10:1", "shell@10:1"], ["B605@18:1"]]


def test_a_call_over_several_lines_meets_the_line_of_its_argument(kit):
    call = kit.detection("semgrep:shell", line=10, end_line=14)
    assert len(merged(kit, [call, kit.detection("bandit:B602", line=13, end_line=14, col=5)])) == 1


def test_a_detection_of_many_lines_does_not_take_in_a_single_one_far_below(kit):
    long = kit.detection("semgrep:shell", line=10, end_line=49)
    assert len(merged(kit, [long, kit.detection("bandit:B602", line=40)])) == 2


@pytest.mark.parametrize(
    ("head", "one"),
    [
        ("def f(a):", False),
        ("with open(a) as b:", False),
        ("try:", False),
        ("async def f(\n    a,\n):", False),
        ("function f() {", False),
        ("if x:  # why", False),
        ("run(", True),
    ],
)
def test_of_a_block_only_the_head_overlaps(kit, head, one):
    text = head + "\n" + "    code\n" * 20
    block = kit.detection("semgrep:shell", line=1, end_line=9)
    inner = kit.detection("bandit:B602", line=8)
    assert (len(merged(kit, [block, inner], text)) == 1) is one
    at_head = kit.detection("bandit:B602", line=1)
    assert len(merged(kit, [block, at_head], text)) == 1


def test_a_block_without_an_end_to_its_head_counts_with_its_first_line(kit):
    text = "def f(\n" + "  a,\n" * 40
    assert len(merged(kit, [kit.detection(line=1, end_line=30), kit.detection("bandit:B602", line=9)], text)) == 2


def test_a_crowded_line_is_still_sorted_out(kit):
    detections = [
        kit.detection(rule, line=1, col=n * 10 + 1, end_col=n * 10 + 8, cwe=("CWE-78",))
        for n in range(250)
        for rule in ("semgrep:shell", "bandit:B602")
    ]
    found = merged(kit, detections, "x" * 3000)
    assert len(found) == 250
    assert all(len(group) == 2 for group in found)


def test_findings_are_ranked(kit):
    text = 'password = "a"\nx = eval(y)\nsubprocess.call(c, shell=True)\n'
    found = kit.findings_of({"b.py": text, "a.py": text})
    assert [(f.severity, f.path) for f in found] == [
        (severity, path) for severity in (Severity.CRITICAL, Severity.HIGH, Severity.LOW) for path in ("a.py", "b.py")
    ]


def test_silenced_by_comments_for_every_scanner_is_suppressed(kit):
    text = "x = eval(y)  # nosec\n"
    (finding,) = kit.findings_of({"a.py": text}, active=frozenset({"bandit:B307"}))
    assert finding.status is Status.SUPPRESSED
    assert finding.status_reason == "in-source: nosec (for every rule) on line 1"
    (both,) = kit.findings_of({"a.py": text})
    assert both.status is Status.OPEN
    assert both.status_reason == (
        "in-source: nosec (for every rule) on line 1 silences bandit:B307, but not semgrep:eval"
    )


def test_the_justification_of_a_comment_is_told_in_one_line(kit):
    quiet = InSourceSuppression(kind="nosemgrep", line=7, named=True, justification="a\nb" + "c" * 300)
    silenced, reason = in_source([kit.detection(suppression=quiet)])
    assert silenced
    assert reason.startswith("in-source: nosemgrep on line 7: a bccc")
    assert len(reason) < 250
    assert in_source([kit.detection()]) == (False, "")


def test_a_rule_nobody_knows_speaks_for_itself(kit):
    (finding,) = deduplicate([kit.detection("semgrep:own", cwe=("CWE-89",))], {}, {"app.py": b"x\n"}, kit.NOW)
    assert (finding.title, finding.message, finding.cwe) == ("own", "message of semgrep:own", ("CWE-89",))


def test_what_the_first_rule_leaves_out_another_one_adds(kit):
    bare = Rule(id="bare", scanner="semgrep", title="Bare", severity=Severity.HIGH, confidence=Confidence.HIGH)
    rules = {"semgrep:bare": bare, "semgrep:shell": kit.RULES["semgrep:shell"]}
    detections = [
        kit.detection("semgrep:bare", cwe=("CWE-77",), severity=Severity.CRITICAL, confidence=Confidence.HIGH),
        kit.detection("semgrep:shell"),
    ]
    (finding,) = deduplicate(detections, rules, {"app.py": b"x\n"}, kit.NOW)
    assert (finding.title, finding.fix, finding.owasp) == ("Bare", "Pass a list.", ("A03:2021",))
    assert finding.cwe == ("CWE-77", "CWE-78")


def test_a_file_that_vanished_meanwhile_still_has_its_findings(kit):
    found = deduplicate([kit.detection(line=3), kit.detection(line=9)], kit.RULES, {}, kit.NOW)
    assert [(f.start_line, f.snippet) for f in found] == [(3, ""), (9, "")]
    assert len({f.fingerprints[0].rule for f in found}) == 2
