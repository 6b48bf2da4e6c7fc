"""What a change introduces, keeps and fixes against its base."""

from oreva.findings.compare import compare
from oreva.models import Status

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
