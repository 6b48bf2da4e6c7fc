"""What reaches a flagged Python call: claims of "only constants" and "only cleaned values" must hold."""

from __future__ import annotations

import pytest

from oreva.models import Assessment

TARGET = "subprocess.run(cmd, shell=True)"
HEAD = "import os, shlex, subprocess, sys\nfrom flask import request\n"


def indent(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


CONSTANT = {
    "literal": "cmd = 'ls'",
    "f-string of constants": "where = '/tmp'\ncmd = f'ls {where}'",
    "joined parts": "cmd = ' '.join(['ls', '-l'])",
    "percent": "cmd = 'ls %s' % '/tmp'",
    "format": "cmd = 'ls {}'.format('/tmp')",
    "either branch": "cmd = 'ls' if os.name == 'nt' else 'dir'",
    "both assignments": "cmd = 'ls'\nif sys.platform == 'win32':\n    cmd = 'dir'",
    "loop over literals": "for cmd in ('ls', 'df'):\n    pass",
    "list that grows by literals": "parts = ['ls']\nparts.append('-l')\nparts += ['/tmp']\ncmd = ' '.join(parts)",
    "choice from a table": "cmd = {'a': 'ls', 'b': 'df'}[request.args['which']]",
    "input that is replaced": "cmd = request.args['c']\ncmd = 'ls'",
    "the interpreter's own name": "cmd = sys.executable + ' -V'",
    "walrus": "print(cmd := 'ls')",
    "appended to itself": "cmd = 'ls'\ncmd = cmd + ' -l'",
    "or": "cmd = '' or 'ls'",
    "repeated marks": "cmd = 'echo ' + ', '.join('?' * len(sys.argv))",
    "comprehension": "cmd = ' '.join(part for part in ('ls', '-l'))",
    "nested function with a name of its own": "cmd = 'ls'\ndef inner():\n    other = given\n    return other",
    "later input": "cmd = 'ls'\nsubprocess.run(cmd, shell=True)\ncmd = request.args['c']",
}


@pytest.mark.parametrize("body", CONSTANT.values(), ids=CONSTANT.keys())
def test_constant_commands_are_false_positives(judge, body):
    code = f"{HEAD}\ndef view():\n{indent(body)}    {TARGET}\n"
    verdict = judge(code, TARGET)
    assert verdict.assessment is Assessment.FALSE_POSITIVE, verdict.rationale
    assert verdict.confidence >= 0.9
    assert verdict.signals == ("constant-arguments",)


OPEN = {
    "parameter": ("", "cmd = given"),
    "parameter with a default": ("", "cmd = chosen"),
    "request": ("", "cmd = request.args['c']"),
    "request through a call": ("", "cmd = wrap(request.args['c'])"),
    "request method": ("", "cmd = request.get_json()['c'].strip()"),
    "one branch only": ("", "cmd = 'ls'\nif given:\n    cmd = given"),
    "try and except": ("", "try:\n    cmd = 'ls'\nexcept OSError:\n    cmd = given"),
    "augmented": ("", "cmd = 'ls '\ncmd += given"),
    "list that grows": ("", "parts = ['ls']\nparts.append(given)\ncmd = ' '.join(parts)"),
    "list that is extended": ("", "parts = ['ls']\nparts += [given]\ncmd = ' '.join(parts)"),
    "slice": ("", "parts = ['ls', '']\nparts[1:] = given\ncmd = ' '.join(parts)"),
    "dictionary": ("", "table = {'a': 'ls'}\ntable['b'] = given\ncmd = table['a']"),
    "another name for the list": ("", "parts = ['ls']\nother = parts\nother.append(given)\ncmd = ' '.join(parts)"),
    "handed to a function": ("", "parts = ['ls']\nfill(parts)\ncmd = ' '.join(parts)"),
    "loop carried": ("", "cmd = 'ls'\nfor part in given:\n    subprocess.run(cmd, shell=True)\n    cmd = part"),
    "loop variable": ("", "for cmd in given:\n    pass"),
    "with": ("", "with given as cmd:\n    pass"),
    "exception": ("", "try:\n    pass\nexcept OSError as cmd:\n    pass"),
    "match": ("", "match given:\n    case {'c': cmd}:\n        pass\n    case [cmd, *rest]:\n        pass"),
    "match rest": ("", "match given:\n    case {'c': 1, **cmd}:\n        pass"),
    "walrus": ("", "if (cmd := given):\n    pass"),
    "nonlocal": ("", "cmd = 'ls'\ndef change():\n    nonlocal cmd\n    cmd = given\nchange()"),
    "global rebound elsewhere": ("cmd = 'ls'\ndef set_it(value):\n    global cmd\n    cmd = value\n", "pass"),
    "globals()": ("cmd = 'ls'\ndef set_it(value):\n    globals()['cmd'] = value\n", "pass"),
    "module list changed elsewhere": (
        "parts = ['ls']\ndef more(value):\n    parts.append(value)\n",
        "cmd = ' '.join(parts)",
    ),
    "imported constant": ("from settings import cmd\n", "pass"),
    "imported object": ("from settings import config\n", "cmd = config.get('cmd')"),
    "imported table": ("from settings import config\n", "cmd = config['cmd'].strip()"),
    "imported attribute": ("import settings\n", "cmd = settings.cmd.lower()"),
    "function result": ("", "cmd = build('ls')"),
    "own function called like a known one": ("def str(x):\n    return x.danger\n", "cmd = str('ls')"),
    "attribute": ("", "cmd = self.cmd"),
    "star": ("", "cmd = ' '.join(['ls', *given])"),
    "format spec": ("", "cmd = f'{1:{given}}'"),
    "unknown name": ("", "cmd = undefined_here"),
    "name of a nested function only": ("", "def inner():\n    cmd = 'ls'\n    return cmd"),
    "name of a comprehension only": ("cmd = input()\n", "[cmd for cmd in ('ls', 'df')]"),
    "yield": ("", "cmd = yield 'ls'"),
    "deferred": ("", "cmd = (lambda: given)()"),
    "recursion": ("", "cmd = cmd2 = given\ncmd = cmd + cmd"),
    "annotation without a value": ("", "cmd: str"),
    "environment": ("", "cmd = os.environ.get('X', 'ls')"),
    "quoted in part": ("", "cmd = 'ls ' + shlex.quote(given) + given"),
    "quote of somebody else": ("from mine import quote\n", "cmd = 'ls ' + quote(given)"),
    "quote redefined": ("from shlex import quote\ndef quote(x):\n    return x\n", "cmd = 'ls ' + quote(given)"),
    "int redefined": ("def int(x):\n    return x\n", "cmd = f'kill {int(given)}'"),
    "two imports of one name": (
        "from shlex import quote\ndef other():\n    from urllib.parse import quote\n",
        "cmd = 'ls ' + quote(given)",
    ),
    "cleaned in one branch": ("", "cmd = given\nif chosen:\n    cmd = shlex.quote(given)"),
    "cleaned too late": ("", "cmd = given\nother = shlex.quote(cmd)"),
    "checked list from outside": ("", "if given not in request.args:\n    raise ValueError\ncmd = given"),
    "checked but not left": ("", "if given not in ('a', 'b'):\n    print(given)\ncmd = given"),
    "checked with a way around": ("", "if given not in ('a', 'b') and chosen:\n    raise ValueError\ncmd = given"),
    "checked another name": ("", "if chosen not in ('a', 'b'):\n    raise ValueError\ncmd = given"),
    "checked and replaced": ("", "cmd = given\nif cmd not in ('a', 'b'):\n    raise ValueError\ncmd = chosen"),
}


@pytest.mark.parametrize(("top", "body"), OPEN.values(), ids=OPEN.keys())
def test_what_can_come_from_elsewhere_is_never_called_harmless(judge, top, body):
    code = f"{HEAD}{top}\ndef view(self, given, chosen='ls'):\n{indent(body)}    {TARGET}\n"
    verdict = judge(code, TARGET)
    assert verdict.assessment is not Assessment.FALSE_POSITIVE, verdict.rationale


CLEANED = {
    "shlex.quote": "cmd = 'ls ' + shlex.quote(given)",
    "number": "given = int(given)\ncmd = f'kill {given}'",
    "list checked before": "if given not in ('web', 'worker'):\n    raise ValueError\ncmd = f'restart {given}'",
    "list checked around": f"if given in ['web']:\n    cmd = given\n    {TARGET}",
    "aborted otherwise": "if given not in {'a', 'b'}:\n    sys.exit(2)\ncmd = given",
}


@pytest.mark.parametrize("body", CLEANED.values(), ids=CLEANED.keys())
def test_cleaned_values_are_probably_harmless(judge, body):
    code = f"{HEAD}\ndef view(given):\n{indent(body)}    {TARGET}\n"
    verdict = judge(code, TARGET)
    assert verdict.assessment is Assessment.FALSE_POSITIVE, verdict.rationale
    assert verdict.signals == ("sanitiser",)


INPUT = {
    "flask": ("", "request.args['c']", "whoever sends the request"),
    "imported attribute": ("from sys import argv\n", "argv[1]", "starts the program"),
    "argparse": ("import argparse\n", "argparse.ArgumentParser().parse_args().c", "starts the program"),
    "typed": ("", "input()", "starts the program"),
    "stdin": ("", "sys.stdin.read()", "starts the program"),
    "environment": ("", "os.getenv('C')", "environment"),
    "network": ("import requests\n", "requests.get('http://x/').text", "network"),
    "socket": ("", "given.recv(10).decode()", "network"),
    "file": ("", "open('x').read()", "read from a file"),
}


@pytest.mark.parametrize(("top", "value", "words"), INPUT.values(), ids=INPUT.keys())
def test_input_in_a_shell_command_is_a_real_defect(judge, top, value, words):
    code = f"{HEAD}{top}\ndef view(given):\n    cmd = {value}\n    {TARGET}\n"
    verdict = judge(code, TARGET)
    assert verdict.assessment is Assessment.TRUE_POSITIVE
    assert set(verdict.signals) == {"input-reaches-call", "shell-with-variable"}
    assert words in verdict.rationale
    assert any(evidence.line == code.count("\n") - 1 for evidence in verdict.evidence)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("@app.route('/x/<cmd>')\ndef view(cmd):", "input-reaches-call"),
        ("@app.get('/x')\nasync def view(cmd: str):", "input-reaches-call"),
        ("@app.get('/x')\nasync def view(cmd: int):", "input-reaches-call"),
        ("def handler(event, context):\n    cmd = event['c']", "input-reaches-call"),
        ("@cache.get('x')\ndef view(cmd):", "shell-with-variable"),
    ],
)
def test_the_parameters_of_request_handlers_are_input(judge, head, expected):
    verdict = judge(f"import subprocess\n{head}\n    {TARGET}\n", TARGET)
    assert verdict.signals[0] == expected


ROUTES = [
    ("flask", "@app.route('/u/<uid>')", "uid: int", False),
    ("flask", "@app.route('/u/<int:uid>')", "uid", True),
    ("flask", "@app.route('/u/<int(min=1):uid>')", "uid", True),
    ("flask", "@app.route('/u/<string:uid>')", "uid: int", False),
    ("flask", "@app.route('/u/<int:uid>')\n@app.route('/v/<uid>')", "uid: int", False),
    ("quart", "@app.route('/u/<uid>')", "uid: int", False),
    ("bottle", "@app.get('/u/<uid>')", "uid: int", False),
    ("bottle", "@app.get('/u/<uid:int>')", "uid", True),
    ("unknown", "@app.get('/u/{uid}')", "uid: int", False),
    ("fastapi", "@app.get('/u/{uid}')", "uid: int", True),
    ("fastapi", "@app.get('/u/{uid}')", "uid: str", False),
    ("fastapi", "@app.get('/u/{uid}')", "uid: UUID", False),
    ("fastapi", "@app.get('/u')", "uid: int = Depends(find)", False),
    ("fastapi", "@app.get('/u')", "*, uid: int = Query(1)", True),
    ("fastapi, flask", "@app.get('/u/{uid}')", "uid: int", False),
    ("starlette", "@app.route('/u/{uid:int}')", "uid", True),
]


@pytest.mark.parametrize(("packages", "decorators", "parameters", "number"), ROUTES)
def test_only_some_frameworks_turn_parameters_into_numbers(judge, packages, decorators, parameters, number):
    call = "cursor.execute(f'SELECT {uid}')"
    code = f"import {packages}\n{decorators}\ndef user({parameters}):\n    {call}\n"
    verdict = judge(code, call, rule="B608", cwe="CWE-89")
    assert verdict.signals == (("sanitiser",) if number else ("input-reaches-call",))


def test_a_local_object_called_request_is_not_the_web_frameworks(judge):
    code = f"import subprocess\ndef view():\n    request = build()\n    cmd = request.args['c']\n    {TARGET}\n"
    assert judge(code, TARGET).signals == ("shell-with-variable",)


def test_the_uncertain_say_what_they_could_not_follow(judge):
    target = "eval(text)"
    verdict = judge(f"def calculate(text):\n    return {target}\n", target, rule="B307", cwe="CWE-95")
    assert verdict.assessment is Assessment.UNCERTAIN
    assert "`text`, a parameter of `calculate` whose callers were not looked at" in verdict.rationale


def test_code_too_tangled_to_follow_is_unknown(judge):
    lines = ["x0 = given + given"] + [f"x{n} = x{n - 1} + x{n - 1}" for n in range(1, 40)]
    code = f"import subprocess\ndef view(given):\n{indent(chr(10).join(lines))}    cmd = x39\n    {TARGET}\n"
    verdict = judge(code, TARGET)
    assert verdict.assessment is Assessment.TRUE_POSITIVE
    assert "too large to follow" in verdict.rationale


def test_class_attributes_are_seen_in_the_class_only(judge):
    body = f"import subprocess\nclass A:\n    cmd = 'ls'\n    {TARGET}\n"
    assert judge(body, TARGET).assessment is Assessment.FALSE_POSITIVE
    method = f"import subprocess\nclass A:\n    cmd = 'ls'\n    def run(self):\n        {TARGET}\n"
    assert judge(method, TARGET).assessment is not Assessment.FALSE_POSITIVE


@pytest.mark.parametrize(
    ("call", "false_alarm"),
    [
        ('cursor.execute("SELECT %s" % name)', False),
        ('cursor.execute("SELECT " + TABLE)', True),
        ('cursor.execute("SELECT ?", (name,))', True),
        ('cursor.execute(f"SELECT {name}", (name,))', False),
        ('cursor.execute(sql="SELECT 1")', True),
        ("cursor.execute(*name)", False),
        ("cursor.execute(**name)", False),
        ("cursor.execute()", False),
    ],
)
def test_queries(judge, call, false_alarm):
    code = f"TABLE = 't'\ndef find(cursor, name):\n    {call}\n"
    verdict = judge(code, call, scanner="semgrep", rule="sql", cwe="CWE-89")
    assert (verdict.assessment is Assessment.FALSE_POSITIVE) == false_alarm, verdict.rationale


def test_a_flagged_literal_stands_for_the_query_it_is_built_into(judge):
    code = "def find(cursor, name):\n    cursor.execute(\"SELECT * FROM t WHERE n = '%s'\" % name)\n"
    literal = "\"SELECT * FROM t WHERE n = '%s'\""
    assert judge(code, literal, rule="B608", cwe="CWE-89").assessment is Assessment.UNCERTAIN
    code = 'def find(cursor, name):\n    cursor.execute("SELECT {} FROM t".format(name))\n'
    assert judge(code, '"SELECT {} FROM t"', rule="B608", cwe="CWE-89").assessment is Assessment.UNCERTAIN


def test_a_keyword_at_the_column_of_the_call_is_not_the_call(judge):
    """Bandit gives the line of `shell=` with the column of the call, where another argument may stand."""
    code = "import subprocess\ndef f(given):\n    p = subprocess.run(\n        'ls ' + given,\n        shell=True)\n"
    verdict = judge(code, "'ls ' + given,\n        shell=True)")
    assert verdict.signals == ("shell-with-variable",)
    code = "import subprocess\ndef f(given):\n    p = subprocess.run(given, shell=\n        'x')\n"
    assert judge(code, "'x')").assessment is not Assessment.FALSE_POSITIVE


@pytest.mark.parametrize(
    ("call", "signal"),
    [
        ('requests.get(f"https://api.example.org/{name}")', "fixed-address"),
        ('requests.get("https://api.example.org/%s" % name)', "fixed-address"),
        ('requests.get("https://api.example.org/{}".format(name))', "fixed-address"),
        ('requests.get("https://api.example.org/" + name)', "fixed-address"),
        ('redirect("/users/" + name)', "fixed-address"),
        ('redirect("//" + name)', None),
        ('requests.get("https://" + name)', None),
        ('requests.get("https://api.example.org" + name)', None),
        ("requests.get(name)", None),
    ],
)
def test_addresses_with_a_fixed_host(judge, call, signal):
    code = f"import requests\ndef fetch(name):\n    return {call}\n"
    verdict = judge(code, call, scanner="semgrep", rule="ssrf", cwe="CWE-918")
    assert verdict.signals == ((signal,) if signal else ())


@pytest.mark.parametrize(
    ("call", "signal"),
    [
        ('subprocess.run(["git", "show", name])', "list-arguments"),
        ('subprocess.run(["git"] + name)', "list-arguments"),
        ('subprocess.run(["/bin/sh", "-c", name])', None),
        ('subprocess.run(["ping", "-c", "1", name])', "list-arguments"),
        ('subprocess.run(["/opt/tool", "-c", name])', None),
        ('subprocess.run(["busybox", "sh", "-c", name])', None),
        ('subprocess.run(["python3.11", name])', None),
        ('subprocess.run(["C:\\\\Python\\\\pythonw.exe", name])', None),
        ('subprocess.run(["nice2"] + ["sudo", name])', None),
        ('subprocess.run(["build.cmd", name])', None),
        ('subprocess.run(["ls", name], executable="/bin/sh")', None),
        ('subprocess.run(["ls", name], **more)', None),
        ("subprocess.run([name])", None),
        ("subprocess.run(name)", None),
    ],
)
def test_programs_with_a_list_of_arguments(judge, call, signal):
    verdict = judge(f"import subprocess\ndef f(name):\n    {call}\n", call, rule="B603")
    assert verdict.signals == ((signal,) if signal else ())


@pytest.mark.parametrize(
    ("command", "decides"),
    [('["git", "clone", name]', False), ('["git", "show", "--", name]', True), ('["ls"] + name', False)],
)
def test_programs_that_run_others_by_an_option(judge, command, decides):
    call = f"subprocess.run({command})"
    verdict = judge(f"import subprocess\ndef f(name):\n    {call}\n", call, rule="B603")
    assert verdict.assessment is (Assessment.FALSE_POSITIVE if decides else Assessment.UNCERTAIN)
    injected = judge(f"def f(name):\n    {call}\n", call, rule="arguments", cwe="CWE-88", scanner="semgrep")
    assert injected.assessment is Assessment.UNCERTAIN


SETTINGS = [
    ("app.run(debug=True, host='0.0.0.0')", "B201", "CWE-94"),
    ("app.run(debug=True, host='0.0.0.0')", "debug", "CWE-489"),
    ("app.run(debug=True)", "debug", "CWE-94"),
    ("Environment(autoescape=False)", "B701", "CWE-94"),
    ("Environment(loader=FileSystemLoader('x'), autoescape=False)", "autoescape", "CWE-79"),
    ("Template('<b>${x}</b>')", "B702", "CWE-80"),
    ("listen(9999)", "B612", "CWE-94"),
    ("tar.extractall('/srv/x')", "B202", "CWE-22"),
    ("tar.extractall('/srv/x')", "tar", "CWE-22"),
    ("os.system('ls')", "permissions", "CWE-732"),
]


@pytest.mark.parametrize(("call", "rule", "cwe"), SETTINGS)
def test_a_constant_that_is_the_defect_is_no_evidence_against_it(judge, call, rule, cwe):
    scanner = "bandit" if rule.startswith("B") else "semgrep"
    assert judge(f"{call}\n", call, rule=rule, cwe=cwe, scanner=scanner).assessment is Assessment.UNCERTAIN


def test_own_arguments_without_a_shell_do_not_decide(judge):
    call = "subprocess.run(sys.argv[1:])"
    verdict = judge(f"import subprocess, sys\n{call}\n", call, rule="B603")
    assert verdict.assessment is Assessment.UNCERTAIN
    assert verdict.signals == ("input-reaches-call",)


def test_constants_do_not_refute_claims_about_something_else(judge):
    wildcard = "os.system('chown root *')"
    assert judge(f"import os\n{wildcard}\n", wildcard, rule="B609").assessment is Assessment.UNCERTAIN
    partial = "subprocess.run(['git', 'gc'])"
    assert judge(f"import subprocess\n{partial}\n", partial, rule="B607").confidence < 0.9
    runs_more = "exec('exec(code)')"
    assert judge(f"{runs_more}\n", runs_more, rule="B102", cwe="CWE-78").assessment is Assessment.UNCERTAIN
    unknown = "frobnicate('x')"
    assert judge(f"{unknown}\n", unknown, scanner="semgrep").confidence < 0.9
    parsed = "parse('x')"
    verdict = judge(f"{parsed}\n", parsed, scanner="semgrep", cwe="CWE-611")
    assert verdict.assessment is Assessment.UNCERTAIN


def test_a_shell_keyword_of_a_function_that_starts_nothing_is_no_shell(judge):
    call = "template.format(shell=name)"
    assert judge(f"def f(template, name):\n    {call}\n", call, rule="B604").assessment is Assessment.UNCERTAIN
