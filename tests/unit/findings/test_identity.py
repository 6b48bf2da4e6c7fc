"""Identity through edits: programs with planted defects are edited at random, and every finding must stay itself."""

import dataclasses
import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oreva.findings.decisions import dismiss
from oreva.findings.deduplicate import deduplicate
from oreva.findings.tracking import track
from oreva.models import DismissalKind, Status

settings.register_profile("identity", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
moderate = settings(settings.get_profile("identity"))


@dataclasses.dataclass(frozen=True)
class Statement:
    text: str
    defect: int | None = None
    """A number that follows the defect through every edit; never part of the text."""


Function = tuple[str, tuple[Statement, ...]]
Program = tuple[Function, ...]

DEFECTS = ["subprocess.call({}, shell=True)", "x = eval({})", 'password = "{}"']


@st.composite
def programs(draw, max_functions=3, max_statements=5, arguments=("cmd", "data")) -> Program:
    """Functions with statements; defects repeat often, since few different ones are drawn."""
    defects = iter(range(10_000))
    functions = []
    for number in range(draw(st.integers(1, max_functions))):
        statements = []
        for place in range(draw(st.integers(1, max_statements))):
            if draw(st.booleans()):
                text = draw(st.sampled_from(DEFECTS)).format(draw(st.sampled_from(arguments)))
                statements.append(Statement(text, next(defects)))
            else:
                statements.append(Statement(f"value_{number}_{place} = compute({draw(st.integers(0, 99))})"))
        functions.append((f"function_{number}", tuple(statements)))
    return tuple(functions)


def defects_of(program: Program) -> list[int]:
    """The planted defects in order of their lines."""
    return [s.defect for _, statements in program for s in statements if s.defect is not None]


def render(program: Program, *, indent=4, blanks=0, comments=False, spaced=False, header=0) -> str:
    """The program as text; the options change nothing but white space and comments."""
    lines = [f"# header {n}" if comments else "" for n in range(header)]
    for name, statements in program:
        lines.append(f"def {name}(cmd, data):" + ("  # a function" if comments else ""))
        for number, statement in enumerate(statements):
            text = statement.text
            if spaced:
                text = text.replace("(", "( ").replace(")", " )").replace(" = ", "  =  ").replace(", ", ",   ")
            if comments:
                lines.append(" " * indent + f"# comment {number}")
                text += "  # because"
            lines.append(" " * indent + text)
            lines += [""] * blanks
        lines.append("")
    return "\n".join(lines)


layouts = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([2, 4, 8]),
        "blanks": st.integers(0, 2),
        "comments": st.booleans(),
        "spaced": st.booleans(),
        "header": st.integers(0, 40),
    }
)


def without(program: Program, defect: int) -> Program:
    return tuple((name, tuple(s for s in body if s.defect != defect)) for name, body in program)


def with_statement(program: Program, function: int, place: int, statement: Statement) -> Program:
    edited = list(program)
    name, body = edited[function % len(edited)]
    at = place % (len(body) + 1)
    edited[function % len(edited)] = (name, (*body[:at], statement, *body[at:]))
    return tuple(edited)


def ids_by_defect(step, program):
    """Which id each planted defect has: findings in order of lines are the defects in order."""
    in_order = sorted(step.findings, key=lambda finding: (finding.path, finding.start_line))
    return dict(zip(defects_of(program), [finding.id for finding in in_order], strict=True))


@moderate
@given(programs(), layouts, layouts)
def test_white_space_comments_and_line_shifts_change_nothing(kit, program, before, after):
    world = kit.World()
    first = ids_by_defect(world.scan({"a.py": render(program, **before)}), program)
    step = world.scan({"a.py": render(program, **after)})
    assert ids_by_defect(step, program) == first
    assert not step.opened
    assert not step.fixed
    assert not step.events


@moderate
@given(programs(), layouts, st.data())
def test_of_identical_findings_just_one_is_fixed_and_the_others_stay(kit, program, layout, data):
    planted = defects_of(program)
    world = kit.World()
    first = ids_by_defect(world.scan({"a.py": render(program)}), program)
    if not planted:
        return
    victim = data.draw(st.sampled_from(planted))
    rest = without(program, victim)
    step = world.scan({"a.py": render(rest, **layout)})
    assert len(step.fixed) == 1
    assert not step.opened
    assert {finding.id for finding in step.findings} | {step.fixed[0].id} == set(first.values())
    twins = {d for d in planted if text_of(program, d) == text_of(program, victim)}
    assert step.fixed[0].id in {first[twin] for twin in twins}
    kept = ids_by_defect(step, rest)
    assert all(kept[d] == first[d] for d in kept if d not in twins)


def text_of(program, defect):
    return next(s.text for _, body in program for s in body if s.defect == defect)


@moderate
@given(programs(max_functions=4), st.data())
def test_a_twin_in_another_function_is_never_mistaken(kit, program, data):
    """With one defect per function and surroundings of its own, the very one that was removed is the one fixed."""
    plain = tuple(
        (
            name,
            (
                *(Statement(f"{name}_{i} = prepare_{name}({i}) + offset_{name}") for i in range(6)),
                Statement("x = eval(cmd)", number),
                *(Statement(f"{name}_{i} = finish_{name}({i}) - offset_{name}") for i in range(6, 12)),
            ),
        )
        for number, (name, _) in enumerate(program)
    )
    world = kit.World()
    first = ids_by_defect(world.scan({"a.py": render(plain)}), plain)
    victim = data.draw(st.sampled_from(sorted(first)))
    step = world.scan({"a.py": render(without(plain, victim), header=data.draw(st.integers(0, 50)))})
    assert [finding.id for finding in step.fixed] == [first[victim]]


@moderate
@given(programs(), layouts, st.integers(0, 9), st.integers(0, 9), st.sampled_from(DEFECTS))
def test_a_new_defect_is_one_new_finding(kit, program, layout, function, place, text):
    world = kit.World()
    first = world.scan({"a.py": render(program)})
    added = with_statement(program, function, place, Statement(text.format("fresh"), 99_999))
    step = world.scan({"a.py": render(added, **layout)})
    assert len(step.opened) == 1
    assert not step.fixed
    assert {f.id for f in step.findings} == {f.id for f in first.findings} | set(step.opened)
    assert ids_by_defect(step, added)[99_999] == step.opened[0]


@moderate
@given(programs(), layouts, st.booleans())
def test_a_renamed_file_keeps_its_findings(kit, program, layout, told):
    world = kit.World()
    other = "x = eval(never)\n"
    first = ids_by_defect(world.scan({"old/a.py": render(program)}), program)
    world.scan({"old/a.py": render(program), "b.py": other})
    renames = {"old/a.py": "new/a.py"} if told else None
    text = render(program, **layout) if told else render(program)
    step = world.scan({"new/a.py": text, "b.py": other}, renames=renames)
    moved = dataclasses.replace(step, findings=tuple(f for f in step.findings if f.path != "b.py"))
    assert ids_by_defect(moved, program) == first
    assert not step.opened
    assert not step.fixed
    assert [event.change for event in step.events] == ["moved"] * len(first)
    again = world.scan({"new/a.py": text, "b.py": other})
    assert not again.changed


edits = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 9), st.integers(0, 9), st.sampled_from(DEFECTS)),
        st.tuples(st.just("remove"), st.integers(0, 99)),
        st.tuples(st.just("layout"), layouts),
        st.tuples(st.just("rename"), st.sampled_from(["a.py", "b.py", "pkg/a.py"])),
        st.tuples(st.just("fail"), st.sampled_from(["semgrep", "bandit"])),
        st.tuples(st.just("retire"), st.sampled_from(["bandit:B602", "semgrep:eval", "bandit:B105"])),
    ),
    min_size=1,
    max_size=8,
)


@moderate
@given(programs(), edits)
def test_a_long_history_keeps_its_books(kit, program, history):
    """After any history: as many live findings as defects, ids used once, replays change nothing, every change told."""
    world = kit.World()
    path, layout, fresh = "a.py", {}, 1_000
    world.scan({path: render(program)})
    for edit in history:
        failing, active, renames = frozenset(), frozenset(kit.RULES), None
        match edit:
            case ("add", function, place, text):
                fresh += 1
                program = with_statement(program, function, place, Statement(text.format("cmd"), fresh))
            case ("remove", number) if defects_of(program):
                program = without(program, defects_of(program)[number % len(defects_of(program))])
            case ("layout", chosen):
                layout = chosen
            case ("rename", name):
                renames = {path: name} if name != path else None
                path = name
            case ("fail", scanner):
                failing = frozenset({(path, scanner)})
            case ("retire", rule):
                active = frozenset(kit.RULES) - {rule}
        files = {path: render(program, **layout)}
        before = dict(world.stored)
        alive_before = world.alive()
        step = world.scan(files, failing=failing, active=active, renames=renames)
        assert len({f.id for f in step.findings}) == len(step.findings)
        assert alive_before | {f.id for f in step.changed} >= world.alive()
        for finding in step.changed:
            old = before.get(finding.id)
            assert old is None or old.first_seen == finding.first_seen
            if old is None or old.status is not finding.status:
                assert any(e.finding_id == finding.id and e.to_status is finding.status for e in step.events)
        if failing:
            assert not step.fixed or all(
                "bandit" not in _scanners(f) or (path, "bandit") not in failing for f in step.fixed
            )
        replay = world.scan(files, failing=failing, active=active)
        assert not replay.changed
        assert not replay.events
    settled = world.scan({path: render(program, **layout)})
    assert len(settled.findings) == len(defects_of(program))
    assert {f.id for f in settled.findings} == world.alive()


def _scanners(finding):
    return {detection.scanner for detection in finding.detections}


@moderate
@given(programs(), st.sampled_from(["semgrep", "bandit"]), st.data())
def test_a_scanner_that_fails_closes_nothing(kit, program, scanner, data):
    world = kit.World()
    files = {"a.py": render(program), "b.py": render(program, header=3)}
    first = world.scan(files)
    failed = data.draw(st.sampled_from(["a.py", "b.py"]))
    broken = {failed: "# nothing left\n"} if data.draw(st.booleans()) else {}
    step = world.scan(files | broken, failing={(failed, scanner)})
    seen_by_it = {f.id for f in first.findings if f.path == failed and scanner in _scanners(f)}
    assert not {f.id for f in (*step.fixed, *step.retired)} & seen_by_it
    assert world.alive() >= seen_by_it
    back = world.scan(files)
    assert {f.id for f in back.findings} == {f.id for f in first.findings}
    assert {f.id: f.rule_ids for f in back.findings} == {f.id: f.rule_ids for f in first.findings}


@moderate
@given(programs(), layouts, st.data())
def test_a_dismissal_survives_what_does_not_touch_its_finding(kit, program, layout, data):
    planted = defects_of(program)
    if not planted:
        return
    world = kit.World()
    first = ids_by_defect(world.scan({"a.py": render(program)}), program)
    chosen = first[data.draw(st.sampled_from(planted))]
    finding, _ = dismiss(world.stored[chosen], DismissalKind.FALSE_POSITIVE, "constant", "ann", kit.NOW)
    world.put(finding)
    world.scan({"a.py": render(program, **layout)}, failing=data.draw(st.sampled_from([(), (("a.py", "bandit"),)])))
    world.scan({"b/a.py": render(program, **layout)}, renames={"a.py": "b/a.py"})
    world.scan({"b/a.py": "import os\n"})
    assert world.stored[chosen].status is Status.FIXED
    world.scan({"b/a.py": render(program)}, now=kit.NOW + dt.timedelta(days=900))
    after = world.stored[chosen]
    assert after.status is Status.DISMISSED
    assert after.dismissal == finding.dismissal
    assert after.reopened == 1


@moderate
@given(programs(), programs(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(kit, program, edited, random):
    texts = ({"a.py": render(program), "b.py": render(edited)}, {"a.py": render(edited), "c.py": render(program)})
    contents = [{path: text.encode() for path, text in files.items()} for files in texts]
    found = [kit.scan_files(files) for files in texts]
    before, after = (deduplicate(d, kit.RULES, c, kit.NOW) for d, c in zip(found, contents, strict=True))
    for detections in found:
        random.shuffle(detections)
    assert [before, after] == [deduplicate(d, kit.RULES, c, kit.NOW) for d, c in zip(found, contents, strict=True)]
    stored = [finding.model_copy(update={"id": f"ID{number:04d}"}) for number, finding in enumerate(before)]
    expected = pairs(after, stored, track(after, stored, gone=lambda path: path == "b.py"))
    random.shuffle(stored)
    random.shuffle(after)
    assert pairs(after, stored, track(after, stored, gone=lambda path: path == "b.py")) == expected


def pairs(current, stored, tracking):
    matched = [(current[m.current].fingerprints[0].rule, stored[m.stored].id, m.how) for m in tracking.matches]
    assert len({m.current for m in tracking.matches}) == len({m.stored for m in tracking.matches}) == len(matched)
    seen = {m.current for m in tracking.matches} | set(tracking.new)
    assert seen == set(range(len(current)))
    kept = {m.stored for m in tracking.matches} | set(tracking.missing) | tracking.merged.keys()
    assert kept == set(range(len(stored)))
    return sorted(matched)
