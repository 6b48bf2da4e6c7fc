"""The judgements of what the rules say of real projects: readable, unique, reasoned, and few of them false."""

import json

from benchmarks.precision.__main__ import judgements
from benchmarks.precision.projects import PYPI, REPOSITORY, pins


def test_every_judgement_is_of_a_pinned_project_and_says_why():
    made = judgements()
    others = {pin["name"] for kind in ("npm", "debian") for pin in pins(kind)}
    pinned = (REPOSITORY / "requirements/projects.txt").read_text()
    assert all(f"\n{name}==" in pinned for name in PYPI)
    assert len(others) + len(PYPI) >= 10
    assert {judgement.project for judgement in made.values()} <= {*PYPI, *others}
    assert all(len(judgement.why) > 40 for judgement in made.values())
    assert len({judgement.why for judgement in made.values()}) > len(made) / 2


def test_no_finding_is_judged_twice():
    entries = json.loads((REPOSITORY / "benchmarks/precision/judgements.json").read_bytes())
    assert len(judgements()) == len(entries) > 0
