"""Text that is put together in one statement and run in a later one: one problem, one finding."""

import pytest

from oreva.findings.deduplicate import deduplicate

HEAD = "def view():\n"


def merged(kit, text, form_line, *flow_lines, covers=("bandit:B602",)):
    """The findings as sets of `rule@line`."""
    rules = dict(kit.RULES)
    rules["semgrep:shell"] = rules["semgrep:shell"].model_copy(update={"corroborates": covers})
    lines = text.split("\n")

    def at(rule, line):
        return kit.detection(rule, line=line, end_col=len(lines[line - 1]) + 1)

    detections = [at("bandit:B602", form_line), *(at("semgrep:shell", line) for line in flow_lines)]
    found = deduplicate(detections, rules, {"app.py": text.encode()}, kit.NOW)
    return sorted(sorted(f"{d.rule_id}@{d.start_line}" for d in finding.detections) for finding in found)


@pytest.mark.parametrize(
    ("text", "form", "flow"),
    [
        (HEAD + "    sql = 'a' + x\n    y = 1\n    run(sql)\n", 2, 4),
        (HEAD + "    sql: str = 'a' + x\n    run(sql)\n", 2, 3),
        (HEAD + "    sql += 'a' + x\n    run(sql)\n", 2, 3),
        (HEAD + "    self.sql = 'a' + x\n    run(self.sql)\n", 2, 3),
        (HEAD + "    sql = (\n        'a' + x\n    )\n    run(sql)\n", 3, 5),
    ],
)
def test_the_text_and_its_use_are_one(kit, text, form, flow):
    assert merged(kit, text, form, flow) == [sorted([f"B602@{form}", f"shell@{flow}"])]
    assert len(merged(kit, text, form, flow, covers=())) == 2


@pytest.mark.parametrize(
    ("text", "form", "flow"),
    [
        (HEAD + "    sql = 'a' + x\n    run(other)\n", 2, 3),
        (HEAD + "    sql = 'a' + x\n    run(sql_of(y))\n", 2, 3),
        (HEAD + "    log('a' + x)\n    run(sql)\n", 2, 3),
        (HEAD + "    if sql == 'a' + x:\n        run(sql)\n", 2, 3),
        (HEAD + "    run(sql)\n    sql = 'a' + x\n", 3, 2),
        (HEAD + "    sql = 'a' + x\n\ndef other(sql):\n    run(sql)\n", 2, 5),
    ],
)
def test_what_does_not_use_the_text_is_another(kit, text, form, flow):
    assert len(merged(kit, text, form, flow)) == 2


def test_of_two_uses_the_next_one_takes_the_text(kit):
    text = HEAD + "    sql = 'a' + x\n    run(sql)\n    run(sql)\n"
    assert merged(kit, text, 2, 3, 4) == [["B602@2", "shell@3"], ["shell@4"]]


def test_a_use_that_the_test_reports_itself_keeps_its_own(kit):
    text = HEAD + "    sql = 'a' + x\n    run(sql)\n"
    rules = dict(kit.RULES)
    rules["semgrep:shell"] = rules["semgrep:shell"].model_copy(update={"corroborates": ("bandit:B602",)})
    spots = [("bandit:B602", 2), ("bandit:B602", 3), ("semgrep:shell", 3)]
    detections = [kit.detection(rule, line=line, end_col=20) for rule, line in spots]
    found = deduplicate(detections, rules, {"app.py": text.encode()}, kit.NOW)
    assert sorted(len(finding.detections) for finding in found) == [1, 2]
