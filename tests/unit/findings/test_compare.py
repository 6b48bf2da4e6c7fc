"""What a change introduces, keeps and fixes against its base."""

from oreva.findings.compare import compare
from oreva.models import Confidence, Severity, Status

BASE = {"a.py": "def f(x):\n    eval(x)\n\ndef g(x):\n    subprocess.call(x, shell=True)\n"}


def test_new_existing_and_fixed(kit):
    base = kit.findings_of(BASE)
    changed = {"a.py": 'def f(x):\n    return x\n\ndef g(x):\n    password = "x"\n    subprocess.call(x, shell=True)\n'}
    current = kit.findings_of(changed)
    result = compare(current, base)
    assert [current[index].rule_ids for index in sorted(result.new)] == [("bandit:B105",)]
    assert {current[c].rule_ids[0]: base[b].rule_ids[0] for c, b in result.existing.items()} == {
        "semgrep:shell": "semgrep:shell"
    }
    assert [finding.rule_ids[0] for finding in result.fixed] == ["semgrep:eval"]


def test_a_dismissed_finding_of_the_base_is_not_new_and_a_fixed_one_is(kit):
    current = kit.findings_of(BASE)
    base = [
        finding.model_copy(update={"id": str(n), "status": status})
        for n, (finding, status) in enumerate(zip(current, (Status.FIXED, Status.DISMISSED), strict=True))
    ]
    result = compare(current, base)
    assert result.new == {0}
    assert result.existing == {1: 1}
    assert result.fixed == ()


def test_only_what_is_proven_counts_as_fixed(kit):
    base = kit.findings_of(BASE)
    assert len(compare([], base, covered=lambda path, scanner: "looked").fixed) == 2
    assert (
        compare([], base, covered=lambda path, scanner: "not_looked" if scanner == "bandit" else "looked").fixed == ()
    )


def test_a_renamed_file_introduces_nothing(kit):
    base, current = kit.findings_of(BASE), kit.findings_of({"b.py": BASE["a.py"]})
    assert compare(current, base, renames={"a.py": "b.py"}).new == frozenset()
    assert compare(current, base, gone=lambda path: path == "a.py").new == frozenset()
    assert len(compare(current, base).new) == 2


CALL = {"a.py": "def g(x):\n    x = quote(x)\n    subprocess.call(x, shell=True)\n"}
BARE = {"a.py": "def g(x):\n    subprocess.call(x, shell=True)\n"}


def test_what_a_removed_check_had_kept_out_is_new_though_the_place_was_known(kit):
    """Bandit reports the call on both sides; the flow rule only where nothing cleans the value."""
    base = kit.findings_of(CALL, active=frozenset({"bandit:B602"}))
    current = kit.findings_of(BARE)
    assert [finding.rule_ids for finding in current] == [("semgrep:shell", "bandit:B602")]
    assert compare(current, base).new == {0}
    assert compare(current, base).existing == {}
    assert compare(current, base).fixed == ()
    assert compare(current, base, same_rules=False).new == frozenset()
    assert compare(base, current).new == frozenset()


def test_what_rose_in_severity_or_out_of_low_confidence_is_new(kit):
    (current,) = kit.findings_of(BARE)
    for field, low, high in (
        ("severity", Severity.LOW, Severity.HIGH),
        ("confidence", Confidence.LOW, Confidence.MEDIUM),
    ):
        lower, higher = (current.model_copy(update={field: value}) for value in (low, high))
        assert compare([higher], [lower]).new == {0}
        assert compare([lower], [higher]).new == frozenset()
        assert compare([higher], [higher]).new == frozenset()
    surer = [current.model_copy(update={"confidence": c}) for c in (Confidence.MEDIUM, Confidence.HIGH)]
    assert compare(surer[1:], surer[:1]).new == frozenset()


def test_two_findings_that_became_one_introduce_nothing(kit):
    (both,) = kit.findings_of(BARE)
    (form,) = kit.findings_of(BARE, active=frozenset({"bandit:B602"}))
    (flow,) = kit.findings_of(BARE, active=frozenset({"semgrep:shell"}))
    assert compare([both], [form, flow]).new == frozenset()
