"""Which CWEs belong together: what Semgrep rules and Bandit report for one defect, and what must stay apart."""

import pytest

from oreva.findings import cwe as subject
from oreva.findings.cwe import GENERIC, REFINED, family, refined, share_family


@pytest.mark.parametrize(
    ("semgrep", "bandit_rule", "bandit"),
    [
        (["CWE-78"], "B602", ["CWE-78"]),
        (["CWE-88"], "B603", ["CWE-78"]),
        (["CWE-77"], "B605", ["CWE-78"]),
        (["CWE-89"], "B608", ["CWE-89"]),
        (["CWE-943"], "B608", ["CWE-89"]),
        (["CWE-502"], "B301", ["CWE-502"]),
        (["CWE-502"], "B506", ["CWE-20"]),
        (["CWE-327"], "B324", ["CWE-327"]),
        (["CWE-328"], "B324", ["CWE-327"]),
        (["CWE-916"], "B324", ["CWE-327"]),
        (["CWE-326"], "B502", ["CWE-327"]),
        (["CWE-327"], "B505", ["CWE-326"]),
        (["CWE-295"], "B501", ["CWE-295"]),
        (["CWE-297"], "B501", ["CWE-295"]),
        (["CWE-798"], "B105", ["CWE-259"]),
        (["CWE-321"], "B105", ["CWE-259"]),
        (["CWE-379"], "B108", ["CWE-377"]),
        (["CWE-377"], "B306", ["CWE-377"]),
        (["CWE-391"], "B110", ["CWE-703"]),
        (["CWE-390"], "B112", ["CWE-703"]),
        (["CWE-338"], "B311", ["CWE-330"]),
        (["CWE-79"], "B701", ["CWE-94"]),
        (["CWE-116"], "B701", ["CWE-94"]),
        (["CWE-489"], "B201", ["CWE-94"]),
        (["CWE-215"], "B201", ["CWE-94"]),
        (["CWE-94"], "B201", ["CWE-94"]),
        (["CWE-95"], "B307", ["CWE-78"]),
        (["CWE-94"], "B102", ["CWE-78"]),
        (["CWE-611"], "B314", ["CWE-20"]),
        (["CWE-776"], "B405", ["CWE-20"]),
        (["CWE-918"], "B310", ["CWE-22"]),
        (["CWE-939"], "B310", ["CWE-22"]),
        (["CWE-79"], "B703", ["CWE-80"]),
        (["CWE-80"], "B308", ["CWE-79"]),
        (["CWE-22"], "B202", ["CWE-22"]),
        (["CWE-276"], "B103", ["CWE-732"]),
        (["CWE-1327"], "B104", ["CWE-605"]),
        (["CWE-319"], "B312", ["CWE-319"]),
        (["CWE-400"], "B113", ["CWE-400"]),
    ],
)
def test_one_defect_seen_by_both_scanners_is_one_family(semgrep, bandit_rule, bandit):
    assert share_family(refined("semgrep:any", semgrep), refined(f"bandit:{bandit_rule}", bandit))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("CWE-89", "CWE-78"),  # both are injections
        ("CWE-89", "CWE-90"),
        ("CWE-79", "CWE-89"),
        ("CWE-78", "CWE-94"),
        ("CWE-79", "CWE-94"),
        ("CWE-79", "CWE-117"),  # log injection is about escaping too
        ("CWE-89", "CWE-74"),
        ("CWE-89", "CWE-20"),
        ("CWE-502", "CWE-94"),
        ("CWE-502", "CWE-22"),
        ("CWE-502", "CWE-915"),
        ("CWE-327", "CWE-295"),
        ("CWE-327", "CWE-330"),
        ("CWE-327", "CWE-319"),
        ("CWE-312", "CWE-319"),
        ("CWE-798", "CWE-295"),
        ("CWE-798", "CWE-522"),
        ("CWE-611", "CWE-918"),
        ("CWE-601", "CWE-918"),
        ("CWE-22", "CWE-377"),
        ("CWE-209", "CWE-532"),
        ("CWE-352", "CWE-347"),
        ("CWE-614", "CWE-1004"),
        ("CWE-862", "CWE-732"),
        ("CWE-390", "CWE-78"),
        ("CWE-770", "CWE-1333"),
    ],
)
def test_different_defects_are_different_families(a, b):
    assert not share_family([a], [b])
    assert not share_family([b], [a])


@pytest.mark.parametrize(
    ("a", "b"), [("CWE-22", "CWE-23"), ("CWE-36", "CWE-23"), ("CWE-22", "CWE-73"), ("CWE-79", "CWE-80")]
)
def test_the_usual_neighbours_belong_together(a, b):
    assert share_family([a], [b])
    assert share_family([b], [a])


@pytest.mark.parametrize("cwe", ["CWE-20", "CWE-703", "CWE-89", "CWE-999999"])
def test_a_cwe_is_related_to_itself_however_general(cwe):
    assert share_family([cwe], [cwe])


def test_nothing_is_shared_without_a_cwe():
    assert not share_family([], ["CWE-89"])
    assert not share_family(["CWE-89"], [])


def test_a_family_holds_what_lies_above_up_to_the_catch_all_classes():
    assert family("CWE-78") == {"CWE-78", "CWE-77"}
    assert family("CWE-23") == {"CWE-23", "CWE-22"}
    assert family("CWE-20") == {"CWE-20"}
    assert not family("CWE-259") & GENERIC


def test_cwes_are_brought_into_one_form():
    assert refined("semgrep:x", ["CWE-089: SQL injection", "cwe_89", " 78", "none"]) == ("CWE-89", "CWE-78")
    assert refined("bandit:B506", ["CWE-20"]) == ("CWE-502",)


def test_every_pillar_is_generic_and_every_correction_is_a_known_cwe():
    parents, known = subject._parents(), subject._abstractions()
    assert {cwe for cwe in known if cwe not in parents} <= GENERIC
    assert {cwe for row in REFINED.values() for cwe in row} <= known.keys()
    assert known.keys() >= GENERIC


def test_the_missing_table_package_says_what_to_do(monkeypatch):
    subject._tables.cache_clear()
    monkeypatch.setattr(subject.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="cwe-tree is missing; install"):
        subject._tables()
    subject._tables.cache_clear()
