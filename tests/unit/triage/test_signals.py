"""What each signal sees, and what it must not be fooled by."""

from __future__ import annotations

import pytest

from oreva.models import Assessment, InSourceSuppression
from oreva.triage.signals import SIGNALS

RUN = "subprocess.run(given, shell=True)"


def test_every_signal_completes_its_sentences():
    for signal in SIGNALS:
        assert signal.name == signal.name.lower()
        assert signal.group
        assert not signal.unless.endswith(".")
        assert not signal.unless.startswith("if ")


@pytest.mark.parametrize(
    "path",
    [
        "tests/helper.py",
        "pkg/test/a.py",
        "app/test_run.py",
        "app/run_test.py",
        "conftest.py",
        "src/__tests__/a.py",
        "e2e/run.py",
    ],
)
def test_paths_of_test_code(judge, path):
    code = f"import subprocess\ndef f(given):\n    {RUN}\n"
    verdict = judge(code, RUN, path=path)
    assert verdict.assessment is Assessment.FALSE_POSITIVE
    assert verdict.signals == ("test-code",)
    assert verdict.confidence < 0.9


@pytest.mark.parametrize(
    "path", ["app/contest/run.py", "latest.py", "app/attestation/a.py", "app/protest_run.py", "TESTS"]
)
def test_paths_that_only_sound_like_tests(judge, path):
    code = f"import subprocess\ndef f(given):\n    {RUN}\n"
    assert "test-code" not in judge(code, RUN, path=path).signals


@pytest.mark.parametrize(
    "head",
    [
        "class Runs(unittest.TestCase):\n  def check(self, given):",
        "class Runs(TestCase):\n  async def test_it(self, given):",
    ],
)
def test_test_cases_outside_of_test_files(judge, head):
    verdict = judge(f"import subprocess\n{head}\n    {RUN}\n", RUN)
    assert verdict.signals == ("test-code",)
    assert verdict.assessment is Assessment.FALSE_POSITIVE
    assert "test case `Runs`" in verdict.rationale


def test_a_function_that_is_only_called_like_a_test_proves_little(judge):
    """`test_connection` of an administration page is no test."""
    verdict = judge(f"import subprocess\ndef test_connection(given):\n    {RUN}\n", RUN)
    assert verdict.signals == ("shell-with-variable", "test-code")
    assert verdict.assessment is Assessment.UNCERTAIN


@pytest.mark.parametrize(
    ("path", "signal"),
    [
        ("examples/run.py", "example-code"),
        ("docs/run.py", "example-code"),
        ("benchmarks/run.py", "example-code"),
        ("proto/run_pb2.py", "generated-code"),
        ("app/run.py", None),
    ],
)
def test_other_places(judge, path, signal):
    code = "def f(given):\n    return eval(given)\n"
    verdict = judge(code, "eval(given)", path=path, rule="B307", cwe="CWE-95")
    assert verdict.signals == ((signal,) if signal else ())
    expected = Assessment.FALSE_POSITIVE if signal == "example-code" else Assessment.UNCERTAIN
    assert verdict.assessment is expected


def test_input_in_test_code_is_mixed_evidence(judge):
    code = "def check(request):\n    return eval(request.GET['x'])\n"
    verdict = judge(code, "eval(request.GET['x'])", rule="B307", cwe="CWE-95", path="tests/check.py")
    assert verdict.assessment is Assessment.UNCERTAIN
    assert "mixed" in verdict.rationale
    assert set(verdict.signals) == {"test-code", "input-reaches-call"}


DEAD = {
    "if False": "if False:\n    HERE",
    "if 0": "if 0:\n    HERE",
    "type checking": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    HERE",
    "type checking of the module": "import typing as t\nif t.TYPE_CHECKING:\n    HERE",
    "not true": "if not True:\n    HERE",
    "never equal": "if 'a' == 'b':\n    HERE",
    "never identical": "if 1 is not 1:\n    HERE",
    "never greater": "if 1 > 2:\n    HERE",
    "never both": "if given and False:\n    HERE",
    "neither": "if False or 0:\n    HERE",
    "else of always": "if True:\n    pass\nelse:\n    HERE",
    "while": "while False:\n    HERE",
    "after return": "def f():\n    return 1\n    HERE",
    "after raise": "def f():\n    raise ValueError\n    if given:\n        HERE",
    "after break": "while given:\n    break\n    HERE",
    "in a function behind return": "def f():\n    return 1\n    def g():\n        HERE",
}


@pytest.mark.parametrize("shape", DEAD.values(), ids=DEAD.keys())
def test_code_that_never_runs_is_no_defect(judge, shape):
    code = f"import subprocess\ngiven = input()\n{shape.replace('HERE', RUN)}\n"
    verdict = judge(code, RUN)
    assert verdict.assessment is Assessment.FALSE_POSITIVE, verdict.rationale
    assert verdict.signals[0] == "dead-code"
    assert "can never run" in verdict.rationale


ALIVE = {
    "if True": "if True:\n    HERE",
    "else of never": "if False:\n    pass\nelse:\n    HERE",
    "either": "if given or False:\n    HERE",
    "unlike types": "if 1 < 'a':\n    HERE",
    "own constant": "TYPE_CHECKING = True\nif TYPE_CHECKING:\n    HERE",
    "rebound": "from typing import TYPE_CHECKING\nTYPE_CHECKING = 1\nif TYPE_CHECKING:\n    HERE",
    "before return": "def f():\n    HERE\n    return 1",
    "return in a branch": "def f():\n    if given:\n        return 1\n    HERE",
    "else of while": "while True:\n    break\nelse:\n    HERE",
    "chain": "if 1 < 2 < given:\n    HERE",
    "finally": "def f():\n    try:\n        return 1\n    finally:\n        HERE",
    "name": "if DEBUG:\n    HERE",
}


@pytest.mark.parametrize("shape", ALIVE.values(), ids=ALIVE.keys())
def test_code_that_can_run_is_not_called_dead(judge, shape):
    code = f"import subprocess\ngiven = input()\n{shape.replace('HERE', RUN)}\n"
    assert "dead-code" not in judge(code, RUN).signals


@pytest.mark.parametrize(
    ("line", "signal", "assessment"),
    [
        ("etag = hashlib.md5(body).hexdigest()", "hash-purpose", Assessment.FALSE_POSITIVE),
        ("key = cache.get(hashlib.md5(body).hexdigest())", "hash-purpose", Assessment.FALSE_POSITIVE),
        ("x = hashlib.md5(body, usedforsecurity=False)", "not-for-security", Assessment.FALSE_POSITIVE),
        ("x = hashlib.md5(body, usedforsecurity=True)", None, Assessment.UNCERTAIN),
        ("signature = hashlib.sha1(body).digest()", "hash-purpose", Assessment.TRUE_POSITIVE),
        ("passwordCacheKey = hashlib.sha1(body).digest()", "hash-purpose", Assessment.TRUE_POSITIVE),
        ("x = hashlib.sha1(body).digest()", None, Assessment.UNCERTAIN),
        ("x = hashlib.md5(password, usedforsecurity=False)", "hash-purpose", Assessment.TRUE_POSITIVE),
        ("cache_userpassword = hashlib.md5(body)", None, Assessment.UNCERTAIN),
        ("ok = hashlib.md5(body).hexdigest() == cache.sum", None, Assessment.UNCERTAIN),
    ],
)
def test_hashes(judge, line, signal, assessment):
    verdict = judge(f"import hashlib\n{line}\n", line, rule="B324", cwe="CWE-327")
    assert verdict.signals == ((signal,) if signal else ())
    assert verdict.assessment is assessment


@pytest.mark.parametrize(
    ("line", "signal", "assessment"),
    [
        ("delay = base + random.random()", "random-purpose", Assessment.FALSE_POSITIVE),
        ("random.shuffle(cards)", None, Assessment.UNCERTAIN),
        ("x = ''.join(random.sample(letters, 9))", None, Assessment.UNCERTAIN),
        ("x = int(random.uniform(0, 10**16))", None, Assessment.UNCERTAIN),
        ("pw = ''.join(random.sample(letters, 9))", "random-purpose", Assessment.TRUE_POSITIVE),
        ("send(phone, random.randint(0, 9999), timeout=5)", None, Assessment.UNCERTAIN),
        ("cache.wait('otp:' + user, random.randint(0, 9999))", None, Assessment.UNCERTAIN),
        ("time.sleep(random.random())", "random-purpose", Assessment.FALSE_POSITIVE),
        ("session_id = random.getrandbits(64)", "random-purpose", Assessment.TRUE_POSITIVE),
        ("token = random.sample(letters, 20)", "random-purpose", Assessment.TRUE_POSITIVE),
        ("x = random.random()", None, Assessment.UNCERTAIN),
    ],
)
def test_random_numbers(judge, line, signal, assessment):
    verdict = judge(f"import random\n{line}\n", line, rule="B311", cwe="CWE-330")
    assert verdict.signals == ((signal,) if signal else ())
    assert verdict.assessment is assessment


@pytest.mark.parametrize(
    ("line", "path", "assessment"),
    [
        ("assert x == 1", "tests/test_x.py", Assessment.FALSE_POSITIVE),
        ("assert x == 1", "app/x.py", Assessment.UNCERTAIN),
        ("assert isinstance(x, int) and y is not None", "app/x.py", Assessment.FALSE_POSITIVE),
        ("assert user.is_admin", "app/x.py", Assessment.TRUE_POSITIVE),
        ("assert request.user is not None", "app/x.py", Assessment.UNCERTAIN),
    ],
)
def test_assertions(judge, line, path, assessment):
    assert judge(f"{line}\n", line, path=path, rule="B101", cwe="CWE-703").assessment is assessment


YAML = ("yaml.load(x, SafeLoader)", "B506", "CWE-20")


@pytest.mark.parametrize(
    ("code", "target", "rule", "cwe", "signal"),
    [
        ("import pickle\n", "import pickle", "B403", "CWE-502", "import-only"),
        ("if __name__ == '__main__':\n    run('0.0.0.0')\n", "'0.0.0.0'", "B104", "CWE-605", "started-by-hand"),
        ("if __name__ != '__main__':\n    run('0.0.0.0')\n", "'0.0.0.0'", "B104", "CWE-605", None),
        ("ok = run('0.0.0.0') is None\n", "'0.0.0.0'", "B104", "CWE-605", None),
        ("from mine import Any as SafeLoader\nyaml.load(x, SafeLoader)\n", *YAML, None),
        ("from yaml import SafeLoader\nyaml.load(x, SafeLoader)\n", *YAML, "safe-loader"),
        ("from yaml import SafeLoader\nSafeLoader.add_constructor('!x', f)\nyaml.load(x, SafeLoader)\n", *YAML, None),
        ("pickle.loads(pickle.dumps(x))\n", "pickle.loads(pickle.dumps(x))", "B301", "CWE-502", "safe-loader"),
        ("pickle.loads(cache.dumps(x))\n", "pickle.loads(cache.dumps(x))", "B301", "CWE-502", None),
        (
            "XMLParser(resolve_entities=False, load_dtd=True)\n",
            "XMLParser(resolve_entities=False, load_dtd=True)",
            "xml",
            "CWE-611",
            None,
        ),
        (
            "from defusedxml.ElementTree import parse\nparse(x, forbid_entities=False)\n",
            "parse(x, forbid_entities=False)",
            "xml",
            "CWE-611",
            None,
        ),
        (
            "hmac.compare_digest(a, b) or a == c\n",
            "hmac.compare_digest(a, b) or a == c",
            "timing",
            "CWE-208",
            None,
        ),
        ("x = host in ('0.0.0.0', '::')\n", "'0.0.0.0'", "B104", "CWE-605", "compared-only"),
        ("run('0.0.0.0', host == '::')\n", "'0.0.0.0'", "B104", "CWE-605", None),
        ("yaml.load(x, yaml.CSafeLoader)\n", "yaml.load(x, yaml.CSafeLoader)", "B506", "CWE-20", "safe-loader"),
        ("yaml.load(x, yaml.FullLoader)\n", "yaml.load(x, yaml.FullLoader)", "B506", "CWE-20", None),
        ("torch.load(x, weights_only=True)\n", "torch.load(x, weights_only=True)", "B614", "CWE-502", "safe-loader"),
        ("torch.load(x, weights_only=False)\n", "torch.load(x, weights_only=False)", "B614", "CWE-502", None),
        (
            "XMLParser(resolve_entities=False)\n",
            "XMLParser(resolve_entities=False)",
            "xml",
            "CWE-611",
            "hardened-parser",
        ),
        (
            "from defusedxml.ElementTree import parse\nparse(x)\n",
            "parse(x)",
            "xml",
            "CWE-611",
            "hardened-parser",
        ),
        ("hmac.compare_digest(a, b)\n", "hmac.compare_digest(a, b)", "timing", "CWE-208", "constant-time"),
        ("a == b\n", "a == b", "timing", "CWE-208", None),
    ],
)
def test_settings_and_purposes(judge, code, target, rule, cwe, signal):
    scanner = "bandit" if rule.startswith("B") else "semgrep"
    assert judge(code, target, rule=rule, cwe=cwe, scanner=scanner).signals == ((signal,) if signal else ())


SECRETS = [
    ('PASSWORD = "changeme"', "placeholder-secret"),
    ('PASSWORD = ""', "placeholder-secret"),
    ('PASSWORD = "<your password>"', "placeholder-secret"),
    ('PASSWORD = "${DB_PASSWORD}"', "placeholder-secret"),
    ('PASSWORD = "xxxxxxxxxxxx"', "placeholder-secret"),
    ('API_KEY = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"', "test-key"),
    ('TOKEN_URL = "https://auth.internal/oauth/token"', "plain-word-secret"),
    ('TOKEN_HEADER = "X-Auth-Token"', "plain-word-secret"),
    ('PASSWORD = "hunter2"', "common-password"),
    ('db(password="letmein")', "common-password"),
    ('PASSWORD = "9f86d081884c7d659a2feaa0c55ad015"', "secret-format"),
    ('URL = "https://ann:pa55word@db/"', None),
    ('TOKEN = "[-!#$%&a-z0-9A-Z^_`|~]+"', None),
    ('PASSWORD = "correct horse"', None),
    ('PASSWORD = "password"', "common-password"),
    ('PASSWORD_FIELD = "password"', "plain-word-secret"),
    ('MYSQL_PASSWORD = "user-password"', None),
    ('password = "test123"', None),
    ('API_KEY = "your_api_key_here"', "placeholder-secret"),
    ('KEY = "AKIAIOSFODNN7EXAMPLE"', "placeholder-secret"),
    ('app.secret_key = "example-shop-Qz7!kd83Lm2#vT"', "secret-format"),
    ('db = dict(password="my-Prod-Pw-8812!")', "secret-format"),
    ('SECRET_KEY = "my-production-key-9f8a7d6e5c4b"', "secret-format"),
    ('password = "your-Mama-77!"', None),
    ('password = "$ecret"', None),
    ('password = "<Tr0ub4dor&3>"', None),
    ('password = "Rexxxx99!aB"', None),
    ('secret = "/aBdkeLqZtWvYpRs"', None),
    ('TOKEN_URL = "https://x.org/cb?token=abcdefgh"', None),
    ('password = os.environ["X"] + "Zx9k"', None),
    ('password = os.environ.get("X") or DEFAULT', None),
    ('password = os.environ["X"] if prod else ""', "looked-up-secret"),
    ('password = os.environ["X"] if prod else "9f86d081884c7d659a2feaa0"', "secret-format"),
    ('password = os.environ["DB_PASSWORD"]', "looked-up-secret"),
    ('password = os.getenv("DB_PASSWORD", "")', "looked-up-secret"),
    ('password = os.getenv("DB_PASSWORD") or "9f86d081884c7d659a2feaa0"', "secret-format"),
    ('password = os.getenv("DB_PASSWORD", "9f86d081884c7d659a2feaa0")', "secret-format"),
    ('connect(password=getpass("Password: "))', "looked-up-secret"),
    ('x = {"password": "changeme"}', "placeholder-secret"),
    ('def f(token="changeme"): pass', "placeholder-secret"),
    ('if password == "9f86d081884c7d659a2feaa0c55ad015": pass', "secret-format"),
]


@pytest.mark.parametrize(("line", "signal"), SECRETS, ids=[line for line, _ in SECRETS])
def test_secrets_in_python(judge, line, signal):
    verdict = judge(f"{line}\n", line, rule="secret", cwe="CWE-798", scanner="semgrep")
    assert verdict.signals == ((signal,) if signal else ())


@pytest.mark.parametrize(
    ("line", "path", "assessment"),
    [
        ("jwt.sign(t, 'secret')", "a.js", Assessment.TRUE_POSITIVE),
        ("jwt.sign(t, 'hardcodedsecret')", "a.js", Assessment.TRUE_POSITIVE),
        ("jwt.sign(t, 'my-super-secret-jwt-key-2024')", "a.js", Assessment.TRUE_POSITIVE),
        ("jwt.sign(t, 'changeme')", "a.js", Assessment.UNCERTAIN),
        ("session({ secret: 'keyboard cat', name: 'sid' })", "a.js", Assessment.TRUE_POSITIVE),
        ("x = jwt.encode(p, 'secret', algorithm='HS256')", "a.py", Assessment.TRUE_POSITIVE),
        ("x = jwt.encode(p, key='auth-token')", "a.py", Assessment.TRUE_POSITIVE),
        ("x = jwt.encode(p, os.environ['KEY'])", "a.py", Assessment.UNCERTAIN),
    ],
)
def test_what_signs_is_a_secret_however_weak(judge, line, path, assessment):
    verdict = judge(f"{line}\n", line, path=path, rule="jwt", cwe="CWE-321", scanner="semgrep")
    assert verdict.assessment is assessment, verdict.rationale


@pytest.mark.parametrize("value", ["changeme", "", "example"])
def test_a_placeholder_that_is_handed_over_does_not_decide(judge, value):
    line = f'connect(password="{value}")'
    verdict = judge(f"{line}\n", line, rule="B106", cwe="CWE-259")
    assert verdict.signals == ("placeholder-secret",)
    assert verdict.assessment is Assessment.UNCERTAIN


@pytest.mark.parametrize(
    "line", ['x = {"password": "9f86d081884c7d659a2feaa0"}', 'x["password"] = "9f86d081884c7d659a2feaa0"']
)
def test_a_flagged_key_stands_for_its_value(judge, line):
    assert judge(f"{line}\n", '"password"', rule="B105", cwe="CWE-259").signals == ("secret-format",)


@pytest.mark.parametrize(
    ("line", "path", "signal"),
    [
        ("password: changeme", "deploy/values.yaml", "placeholder-secret"),
        ("ENV TOKEN=9f86d081884c7d659a2feaa0c55ad015", "Dockerfile", "secret-format"),
        ('const key = "9f86d081884c7d659a2feaa0c55ad015"; // changeme', "a.js", "secret-format"),
        ('password = "hunter2"', "main.tf", "common-password"),
        ("password: [", "deploy/values.yaml", None),
    ],
)
def test_secrets_elsewhere(judge, line, path, signal):
    verdict = judge(f"{line}\n", line, path=path, rule="secret", cwe="CWE-798", scanner="semgrep")
    assert verdict.signals == ((signal,) if signal else ())


def test_a_real_key_in_test_code_stays_real(judge):
    line = 'KEY = "AKIA' + '2Q7XN5RJ4WPLM3VD"'
    verdict = judge(f"{line}\n", line, path="tests/test_s3.py", rule="secret", cwe="CWE-798", scanner="semgrep")
    assert verdict.assessment is Assessment.TRUE_POSITIVE


TEXT = [
    ("a.js", "CWE-78", "", 'exec("ls -l", true)', "constant-arguments"),
    ("a.js", "CWE-78", "", "exec(`ls -l`)", "constant-arguments"),
    ("a.js", "CWE-78", "", "exec(`ls ${where}`)", None),
    ("a.js", "CWE-78", "", 'exec("ls ${where}")', "constant-arguments"),
    ("a.js", "CWE-78", "", 'exec("ls " + where)', None),
    ("a.js", "CWE-78", "", 'exec(build("ls"))', None),
    ("a.js", "CWE-78", "", "exec(", None),
    ("a.js", "CWE-78", "", "exec()", None),
    ("a.java", "CWE-78", "", 'Runtime.getRuntime().exec("df")', "constant-arguments"),
    ("a.java", "CWE-78", "", 'Runtime.getRuntime().exec("df " + where)', None),
    ("a.php", "CWE-78", "", 'system("ls $where")', None),
    ("a.php", "CWE-78", "", "system('ls $where')", "constant-arguments"),
    ("a.php", "CWE-78", "", 'system("ls {$_GET[1]}")', "input-reaches-call"),
    ("a.rb", "CWE-78", "", 'system("ls #{where}")', None),
    ("a.go", "CWE-89", "", 'db.Query("SELECT * FROM u WHERE n = $1", name)', "parameterised-query"),
    ("a.go", "CWE-89", "", 'db.Query("SELECT * FROM u", name)', None),
    ("a.go", "CWE-89", "", 'db.Query("SELECT * FROM u WHERE n = " + name)', None),
    ("a.ts", "CWE-79", "", "el.innerHTML = DOMPurify.sanitize(x)", "sanitiser"),
    ("a.ts", "CWE-79", "", "el.innerHTML = location.hash", "input-reaches-call"),
    ("a.ts", "CWE-79", "const x = location.hash;", "el.innerHTML = x", "input-reaches-call"),
    ("a.ts", "CWE-79", "const y = location.hash;", "el.innerHTML = x", None),
    ("a.ts", "CWE-79", "// const x = location.hash;", "el.innerHTML = x", None),
    ("a.ts", "CWE-79", "const { x } = req.query;", "el.innerHTML = `<b>${x}`", "input-reaches-call"),
    ("a.ts", "CWE-79", "const x = req.query.x;", 'el.innerHTML = "x"', None),
    ("a.ts", "CWE-79", "if (x == location.hash) {}", "el.innerHTML = x", None),
    ("a.go", "CWE-78", 'name := r.FormValue("n")', 'exec.Command("sh", "-c", name)', "input-reaches-call"),
    ("a.swift", "CWE-78", "", 'system("ls")', "constant-arguments"),
    ("a.js", "CWE-79", "", '$("#id").html(x)', None),
    ("a.js", "CWE-79", "", 'document.getElementById("x").innerHTML = y', None),
    ("a.js", "CWE-79", "", 'res.setHeader("X-XSS-Protection", "0")', None),
    ("a.js", "CWE-78", "", 'require("child_process").exec(cmd)', None),
    ("a.js", "CWE-78", "", 'const out = require("child_process").execSync("df")', "constant-arguments"),
    ("a.js", "CWE-78", "", 'spawn("bash", ["-s"])', None),
    ("a.js", "CWE-95", "", 'eval("run(location.name)")', None),
    ("a.java", "CWE-611", "", 'factory.setFeature("http://x/disallow-doctype-decl", false)', None),
    ("a.java", "CWE-89", "", "String.format(\"SELECT 'a@b' FROM %s\", name)", None),
    ("a.js", "CWE-89", "", 'const r = await db.query("SELECT $1", [n])', "parameterised-query"),
    ("a.ts", "CWE-79", "", "el.innerHTML = DOMPurify.sanitize(x) + y", None),
    ("a.ts", "CWE-79", "", 'el.innerHTML = DOMPurify.sanitize(x, {ADD_TAGS: ["script"]})', None),
    ("a.ts", "CWE-79", "", 'el.innerHTML = "<a href=\'" + escapeHtml(x) + "\'>"', None),
    ("a.js", "CWE-918", "", 'fetch("https://" + encodeURIComponent(x))', None),
    ("a.js", "CWE-918", "", 'fetch("https://x.org/" + encodeURIComponent(x))', "sanitiser"),
    ("a.js", "CWE-22", "", "readFile(dir + path.basename(x))", None),
    ("a.js", "CWE-22", "", 'readFile("/srv/" + path.basename(x))', "sanitiser"),
    ("a.js", "CWE-22", "", 'readFile("/srv/" + path.basename(x) + "/config")', None),
    ("a.php", "CWE-78", "", 'system("ls " . escapeshellarg($x))', "sanitiser"),
    ("a.php", "CWE-78", "", 'system("sh -c \'ls " . escapeshellarg($x) . "\'")', None),
    ("a.unknown", "CWE-78", "", 'system("ls")', None),
    ("a.py", "CWE-78", "def broken(:", "os.system(request.args['x'])", "input-reaches-call"),
    ("a.py", "CWE-78", "def broken(:", "os.system('ls')", None),
]


@pytest.mark.parametrize(("path", "cwe", "before", "line", "signal"), TEXT)
def test_languages_that_are_judged_by_their_text(judge, path, cwe, before, line, signal):
    verdict = judge(f"{before}\n{line}\n", line, path=path, cwe=cwe, rule="r", scanner="semgrep")
    assert verdict.signals == ((signal,) if signal else ())


def test_variables_of_another_function_do_not_count(judge):
    code = "function a() {\n  const x = location.hash;\n}\nfunction b(x) {\n  el.innerHTML = x;\n}\n"
    verdict = judge(code, "el.innerHTML = x", path="a.js", cwe="CWE-79", rule="r", scanner="semgrep")
    assert verdict.signals == ()


def suppression(*, named: bool = True, why: str = "only trusted input") -> InSourceSuppression:
    return InSourceSuppression(kind="nosec", line=2, named=named, justification=why)


def test_a_justified_suppression_is_told_but_proves_nothing(judge):
    code = "def f(given):\n    return eval(given)  # nosec B307: only trusted input\n"
    verdict = judge(code, "eval(given)", rule="B307", cwe="CWE-95", suppression=suppression())
    assert verdict.signals == ("in-source-suppression",)
    assert verdict.assessment is Assessment.UNCERTAIN
    assert "comment on line 2" in verdict.rationale


@pytest.mark.parametrize("given", [suppression(named=False), suppression(why=" "), None])
def test_a_bare_suppression_says_nothing(judge, given):
    code = "def f(given):\n    return eval(given)  # nosec\n"
    assert judge(code, "eval(given)", rule="B307", cwe="CWE-95", suppression=given).signals == ()


def test_a_rule_of_no_known_family_is_left_to_people(judge):
    verdict = judge(
        "FROM scratch\nUSER root\n", "USER root", path="Dockerfile", rule="r", cwe="CWE-250", scanner="semgrep"
    )
    assert verdict.assessment is Assessment.UNCERTAIN
    assert verdict.confidence == 0.5
    assert verdict.rationale.endswith("A person has to look at the code.")
