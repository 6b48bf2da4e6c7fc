"""When a flow rule lowers or raises what a test of form reports, and when nothing is known and nothing changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.findings.corroborate import corroborate
from oreva.findings.deduplicate import deduplicate
from oreva.models import Confidence

CALL = "subprocess.call(command, shell=True)"


def active(kit, **changes):
    """The rules of the kit, with the flow rule declaring what it covers."""
    rules = dict(kit.RULES)
    shell = {"corroborates": ("bandit:B602", "bandit:B404"), **changes}
    rules["semgrep:shell"] = rules["semgrep:shell"].model_copy(update=shell)
    return rules


def everything(_path, _scanner):
    return "looked"


def weighed(kit, text, detections, *, rules=None, looked=everything, path="app.py"):
    rules = rules if rules is not None else active(kit)
    contents = {path: text.encode()}
    findings = deduplicate(detections, rules, contents, kit.NOW)
    return corroborate(findings, rules, contents, looked)


def lone(kit, text, *, rule="bandit:B602", **options):
    """The finding of one test of form on the line that holds the call."""
    line = 1 + next(i for i, row in enumerate(text.split("\n")) if CALL in row or row.startswith("import subprocess"))
    (finding,) = weighed(kit, text, [kit.detection(rule, line=line)], **options)
    return finding


CONSTANT = f"def backup():\n    command = 'tar cf /srv/b.tar /srv'\n    {CALL}\n"


def test_a_lone_test_of_form_drops_to_low_and_says_why(kit):
    finding = lone(kit, CONSTANT)
    assert finding.confidence is Confidence.LOW
    assert "semgrep:shell" in finding.confidence_reason
    assert "bandit:B602" in finding.confidence_reason
    assert finding.severity is kit.RULES["bandit:B602"].severity
    assert [d.rule_id for d in finding.detections] == ["B602"]
    assert finding.detections[0].confidence is kit.RULES["bandit:B602"].confidence


def test_confidence_rises_where_both_agree(kit):
    pair = [
        kit.detection("bandit:B602", line=3, confidence=Confidence.LOW),
        kit.detection("semgrep:shell", line=3, confidence=Confidence.MEDIUM),
    ]
    (finding,) = weighed(kit, CONSTANT, pair)
    assert finding.confidence is Confidence.HIGH
    assert "saw outside data" in finding.confidence_reason
    assert {d.rule_id for d in finding.detections} == {"B602", "shell"}


@pytest.mark.parametrize("outcome", ["not_looked", "gone"])
def test_nothing_changes_where_the_flow_rule_did_not_look(kit, outcome):
    finding = lone(kit, CONSTANT, looked=lambda _path, scanner: outcome if scanner == "semgrep" else "looked")
    assert finding.confidence is Confidence.HIGH
    assert finding.confidence_reason == ""


def test_nothing_changes_without_an_active_rule_that_says_it_covers_the_test(kit):
    assert lone(kit, CONSTANT, rules=active(kit, corroborates=())).confidence is Confidence.HIGH
    without = {key: rule for key, rule in active(kit).items() if key != "semgrep:shell"}
    assert lone(kit, CONSTANT, rules=without).confidence is Confidence.HIGH
    assert lone(kit, CONSTANT, rules=active(kit, corroborates=("bandit:B999",))).confidence is Confidence.HIGH


def test_nothing_changes_where_another_rule_reports_the_same(kit):
    both = [kit.detection("bandit:B602", line=3), kit.detection("semgrep:custom", line=3, cwe=("CWE-78",))]
    (finding,) = weighed(kit, CONSTANT, both)
    assert finding.confidence is Confidence.HIGH


def test_nothing_changes_where_the_flow_rule_reports_in_the_same_function(kit):
    """The pieces are put together on one line and run on another: two findings, one problem."""
    text = f"def run():\n    command = 'ls ' + name\n    x = 1\n    {CALL}\n"
    found = weighed(kit, text, [kit.detection("bandit:B602", line=2), kit.detection("semgrep:shell", line=4)])
    assert {f.confidence_reason for f in found} == {""}
    apart = (
        f"def a():\n    command = 'ls'\n    {CALL}\n\ndef b():\n    subprocess.call(request.args['x'], shell=True)\n"
    )
    low, sure = weighed(kit, apart, [kit.detection("bandit:B602", line=3), kit.detection("semgrep:shell", line=6)])[
        ::-1
    ]
    assert (low.start_line, low.confidence) == (3, Confidence.LOW)
    assert sure.confidence is Confidence.MEDIUM


def test_an_import_alone_speaks_of_the_file(kit):
    text = f"import subprocess\n\ndef f(command):\n    {CALL}\n"
    alone = lone(kit, text, rule="bandit:B404")
    assert alone.confidence is Confidence.LOW
    assert "a use that makes this import harmful" in alone.confidence_reason
    detections = [kit.detection("bandit:B404", line=1, cwe=("CWE-78",)), kit.detection("semgrep:shell", line=4)]
    assert {f.confidence_reason for f in weighed(kit, text, detections)} == {""}


@pytest.mark.parametrize(
    "text",
    [
        f"def run(command):\n    {CALL}\n",
        f"def run(name):\n    command = 'ls ' + name\n    {CALL}\n",
        f"def run(names):\n    command = ''\n    for name in names:\n        command += name\n    {CALL}\n",
        f"def run(name):\n    command = ['ls']\n    command.append(name)\n    {CALL}\n",
        f"def run(name):\n    command = ['ls', '']\n    command[1] = name\n    {CALL}\n",
        f"def run(*parts):\n    command, rest = parts[0], parts[1:]\n    {CALL}\n",
        f"def run(source):\n    with source.open() as command:\n        {CALL}\n",
        f"def run(source):\n    if command := source.get():\n        {CALL}\n",
        f"def run(name):\n    def inner():\n        command = name\n        {CALL}\n    inner()\n",
        f"class A:\n    def run(self):\n        command = self.command\n        {CALL}\n",
        f"@cached\ndef run(command):\n    {CALL}\n",
        f"run = lambda command: {CALL}\n",
        f"def broken(:\n    {CALL}\n",
    ],
)
def test_nothing_is_known_of_what_a_caller_hands_over(kit, text):
    finding = lone(kit, text)
    assert finding.confidence is Confidence.HIGH
    assert finding.confidence_reason == ""


SET_ELSEWHERE = f"""\
class A:
    x = ''

    def a(self, x):
        self.x = x

    def b(self):
        command = self.x
        {CALL}
"""
VIEW = "@app.route('/x')\ndef view():\n"


@pytest.mark.parametrize(
    "text",
    [
        f"command = 'ls'\n{CALL}\n",
        f"COMMAND = 'ls'\ndef run():\n    command = COMMAND + ' -l'\n    {CALL}\n",
        f"from settings import COMMAND\ndef run():\n    command = COMMAND\n    {CALL}\n",
        f"def run(count: int):\n    command = 'head -n %d' % count\n    {CALL}\n",
        f"def run(count):\n    command = f'head -n {{int(count)}}'\n    {CALL}\n",
        f"def run(other):\n    print(other)\n    command = 'ls'\n    {CALL}\n",
        f"def run(command):\n    command = 'ls'\n    {CALL}\n",
        f"def run(name):\n    command = name\n    if name:\n        command = 'ls'\n    command = 'du'\n    {CALL}\n",
        f"def run(name):\n    if 7 * 6 > 40:\n        command = 'ls'\n    else:\n        command = name\n    {CALL}\n",
        f"class A:\n    def get(self):\n        self.command = 'ls'\n        command = self.command\n        {CALL}\n",
        f"class A:\n    program = 'ls'\n    def get(self):\n        command = self.program\n        {CALL}\n",
        f"NAMES = {{'a': 'ls'}}\n{VIEW}    command = NAMES[request.GET['x']]\n    {CALL}\n",
        f"{VIEW}    command = shlex.quote(request.args['c'])\n    {CALL}\n",
        f"{VIEW}    command = 'ls ' + clean(request.args['c'])\n    {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    if command not in ALLOWED:\n        abort(400)\n    {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    if command in ALLOWED:\n        {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    if command not in ALLOWED:\n        command = 'ls'\n    {CALL}\n",
        f"{VIEW}    parts = [p for p in request.args['c'] if p in OK]\n    command = ' '.join(parts)\n    {CALL}\n",
        f"@app.get('/x/<name>')\ndef view(name):\n    command = quote(name)\n    {CALL}\n",
    ],
)
def test_a_flow_rule_can_know_constants_and_request_data_that_was_handled(kit, text):
    assert lone(kit, text).confidence is Confidence.LOW


@pytest.mark.parametrize(
    "text",
    [
        f"command = input()\n{CALL}\n",
        f"command = sys.argv[1]\n{CALL}\n",
        f"def handler(event, context):\n    command = event['c']\n    {CALL}\n",
        f"def run(context, command):\n    {CALL}\n",
        f"def run(request, command):\n    {CALL}\n",
        f"def build():\n    return 'ping ' + request.args['h']\ndef run():\n    command = build()\n    {CALL}\n",
        f"def run(c):\n    command = c.recv(65536)\n    {CALL}\n",
        f"def run():\n    command = server.recv(65536).decode()\n    {CALL}\n",
        f"def run():\n    command = 'ping ' + form.host.data\n    {CALL}\n",
        f"def run():\n    command = 'ping ' + session['host']\n    {CALL}\n",
        f"def run():\n    command = User.query.get(1).command\n    {CALL}\n",
        f"def run():\n    command = find(request.args['u']).command\n    {CALL}\n",
        f"def run():\n    for name in os.listdir('/up'):\n        command = 'convert %s' % name\n        {CALL}\n",
        f"def run():\n    command = urlopen('https://example.org').read()\n    {CALL}\n",
        f"import other\ndef run():\n    command = other.command\n    {CALL}\n",
        f"from other import command\ndef run():\n    {CALL}\n",
        f"command = 'ls'\ndef put(c):\n    global command\n    command = c\ndef run():\n    {CALL}\n",
        f"PARTS = ['ls']\ndef put(c):\n    PARTS.append(c)\ndef run():\n    command = ' '.join(PARTS)\n    {CALL}\n",
        SET_ELSEWHERE,
        f"def run(x):\n    command = ['ls']\n    put = command.append\n    put(x)\n    {CALL}\n",
        f"def run(x):\n    command = other = ['ls']\n    other.append(x)\n    {CALL}\n",
        f"def run(x):\n    command = ['ls']\n    box = [command]\n    box[0].append(x)\n    {CALL}\n",
        f"def run(x):\n    command = {{'a': {{}}}}\n    command['a']['b'] = x\n    {CALL}\n",
        f"def run(x):\n    command = 'ls'\n    while more():\n        {CALL}\n        command = x\n",
        f"try:\n    pass\nexcept OSError as command:\n    {CALL}\n",
    ],
)
def test_what_others_give_is_not_known(kit, text):
    finding = lone(kit, text)
    assert finding.confidence is Confidence.HIGH
    assert finding.confidence_reason == ""


@pytest.mark.parametrize(
    "text",
    [
        f"{VIEW}    command = request.args['c']\n    {CALL}\n",
        f"{VIEW}    command = ' '.join(['ls', request.args['c'].strip()])\n    {CALL}\n",
        f"DEBUG = False\n{VIEW}    command = request.args['c']\n    if DEBUG:\n        {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    try:\n        return ''\n    finally:\n        {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    if command in OK:\n        pass\n    else:\n        {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    if not command:\n        return ''\n    {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    if len(command) > 9:\n        return ''\n    {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    if command in 'please run sh':\n        {CALL}\n",
        f"{VIEW}    command = request.args['c']\n    if command not in OK:\n        log(command)\n    {CALL}\n",
        f"{VIEW}    n = shlex.quote(request.args['n'])\n    command = f\"grep '{{n}}' f\"\n    {CALL}\n",
        f"{VIEW}    command = 'sh -c \"ls %s\"' % shlex.quote(request.args['n'])\n    {CALL}\n",
        f"@app.get('/x/<command>')\ndef view(command):\n    {CALL}\n",
        f"from flask import Flask\n@app.get('/x/<n>')\ndef view(n: int):\n    command = 'head -n' + n\n    {CALL}\n",
    ],
)
def test_a_flow_rule_that_is_silent_on_raw_request_data_did_not_see_it(kit, text):
    finding = lone(kit, text)
    assert finding.confidence is Confidence.HIGH
    assert finding.confidence_reason == ""


def test_a_framework_that_converts_arguments_is_believed(kit):
    text = (
        f"from fastapi import FastAPI\n@app.get('/x')\ndef view(n: int):\n    command = f'head -n {{n}}'\n    {CALL}\n"
    )
    assert lone(kit, text).confidence is Confidence.LOW


def test_a_list_of_arguments_is_no_command(kit):
    text = "@app.get('/x')\ndef view():\n    subprocess.call(['ping', request.args['h']])\n"
    rules = active(kit, corroborates=("bandit:B603",))
    rules["bandit:B603"] = rules["bandit:B602"].model_copy(update={"id": "B603"})
    (finding,) = weighed(kit, text, [kit.detection("bandit:B603", line=3)], rules=rules)
    assert finding.confidence is Confidence.LOW
    unknown = text.replace("request.args['h']", "host")
    (finding,) = weighed(kit, unknown, [kit.detection("bandit:B603", line=3)], rules=rules)
    assert finding.confidence_reason == ""


def test_a_huge_file_is_not_judged(kit):
    text = CONSTANT + "#" * 1024 * 1024
    assert lone(kit, text).confidence is Confidence.HIGH


@given(data=st.data())
def test_no_finding_and_no_detection_is_ever_lost(kit, data):
    rules = active(kit)
    one = st.builds(
        kit.detection,
        st.sampled_from([*sorted(rules), "bandit:B404"]),
        st.sampled_from(["a.py", "b.py"]),
        st.integers(1, 5),
        cwe=st.sampled_from([("CWE-78",), ("CWE-95",), ()]),
        confidence=st.sampled_from(list(Confidence)),
    )
    detections = data.draw(st.lists(one, max_size=8))
    blind = data.draw(st.sets(st.sampled_from(["a.py", "b.py"])))
    contents = {"a.py": CONSTANT.encode(), "b.py": b"def f(command):\n    g(command)\n\n\n\n"}
    before = deduplicate(detections, rules, contents, kit.NOW)

    def looked(path, scanner):
        return "not_looked" if scanner == "semgrep" and path in blind else "looked"

    after = corroborate(before, rules, contents, looked)
    assert len(after) == len(before)
    for old, new in zip(before, after, strict=True):
        untouched = {"confidence", "confidence_reason"}
        assert old.model_dump(exclude=untouched) == new.model_dump(exclude=untouched)
        assert (new.confidence != old.confidence) <= bool(new.confidence_reason)
        if new.confidence < old.confidence:
            assert old.path not in blind
            assert all(d.scanner == "bandit" for d in new.detections)


def test_a_rule_that_judges_by_names_can_tell_of_parameters_too(kit):
    text = f"def run(command):\n    {CALL}\n"
    assert lone(kit, text).confidence is Confidence.HIGH
    assert lone(kit, text, rules=active(kit, corroborates_parameters=True)).confidence is Confidence.LOW


@pytest.mark.parametrize(
    "text",
    [
        f"def check(self, pw):\n    {CALL}\n    f(pw)\n".replace("command", "pw"),
        f"def reset_token(command):\n    {CALL}\n",
        f"class PasswordHasher:\n    def run(self, command):\n        {CALL}\n",
        f"def run(self, command):\n    self.passwordHash = {CALL}\n",
        f"def signRequest(command):\n    {CALL}\n",
    ],
)
def test_not_where_a_name_speaks_of_secrets(kit, text):
    line = 1 + next(i for i, row in enumerate(text.split("\n")) if "subprocess.call" in row)
    rules = active(kit, corroborates_parameters=True)
    (finding,) = weighed(kit, text, [kit.detection("bandit:B602", line=line)], rules=rules)
    assert finding.confidence is Confidence.HIGH
