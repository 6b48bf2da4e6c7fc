"""Folding of code and the names of enclosing functions, told from text alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.findings.syntax import fold, fold_line, scope_name, scopes, syntax_of


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("a.py", "f(a,b)", "f( a,  # why\n  b )"),
        ("a.py", "f(a, b)", "f(\n    a,\n    b,\n)"),
        ("a.py", "f('a')", 'f("a")'),
        ("a.py", "x = 1 + \\\n  2", "x = 1 + 2"),
        ("a.py", "not  x", "not\tx"),
        ("a.js", "f(a, /* b */ c) // d", "f(a,c)"),
        ("a.go", "x := `a`", "x:=`a`"),
        ("a.php", "f(1); # x", "f(1); // y"),
        ("main.tf", 'acl = "x" # public', 'acl="x"'),
        ("a.yml", "run: a b # c", "run:   a   b"),
        ("a.sql", "SELECT 1 -- x", "SELECT  1"),
        ("a.html", "<p><!-- x -->a</p>", "<p>a</p>"),
        ("Dockerfile", "RUN a # b", "RUN  a"),
    ],
)
def test_reformatted_code_folds_to_the_same(path, one, other):
    assert fold(one, syntax_of(path)) == fold(other, syntax_of(path))


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("a.py", "f('a b')", "f('ab')"),
        ("a.py", "f('#a')", "f('#b')"),
        ("a.py", 'f("""a # b""")', 'f("""a # c""")'),
        ("a.py", "f(not x)", "f(notx)"),
        ("a.py", "a // b", "a // c"),
        ("a.js", "f('http://a')", "f('http://b')"),
        ("a.js", "f(`// a`)", "f(`// b`)"),
        ("a.js", 'f("a\'b")', "f('a')"),
        ("a.sh", "echo ${x#y}", "echo ${x#z}"),
        ("a.py", "# password = 1", "# password = 2"),
        ("a.py", "f('it\\'s')", "f('its')"),
    ],
)
def test_different_code_folds_to_something_else(path, one, other):
    assert fold(one, syntax_of(path)) != fold(other, syntax_of(path))


@given(
    st.text(alphabet="ab'\"`#/*\\ \n\t,()-<!>=", max_size=60),
    st.sampled_from(["py", "js", "php", "sh", "sql", "html", "x"]),
)
def test_folding_takes_any_text_and_adds_nothing(text, suffix):
    folded = fold(text, syntax_of(f"a.{suffix}"))
    assert len(folded) <= len(text)
    assert bool(folded) == bool(text.strip())


def test_a_hostile_line_folds_in_reasonable_time():
    for suffix in ("py", "js", "html", "sql"):
        assert fold("'" * 50_000 + "/*" * 50_000 + '"""' * 20_000, syntax_of(f"a.{suffix}"))


@pytest.mark.parametrize(
    ("line", "folded"),
    [("  x = 1  ", "x=1"), ("  # no", ""), ("", ""), ("x = 'a'  # b", 'x="a"')],
)
def test_one_line_of_the_surroundings(line, folded):
    assert fold_line(line, syntax_of("a.py")) == folded


def test_the_inside_of_a_block_comment_is_no_surrounding():
    assert [fold_line(line, syntax_of("a.java")) for line in ("/* a", " * b", " */", " *", "x = y * z;")] == [
        *[""] * 4,
        "x=y*z;",
    ]


PYTHON = '''\
import os

@decorated
class Shop:
    """Sells.

def not_a_function(): in a docstring
    """

    async def buy(
        self,
        item,
    ):
        # comment
        query = """
SELECT *
"""
        run(query)

        def inner():
            return 1
        run(inner)

    name = "x"

if os:
    def guarded():
        pass
    run()
run()
'''


def test_python_scopes_follow_the_indentation():
    lines = PYTHON.split("\n")
    found = {lines[n - 1].strip(): name for n, name in scopes(lines, range(-3, 99), syntax_of("a.py")).items()}
    assert found["run(query)"] == "Shop.buy"
    assert found["return 1"] == "Shop.buy.inner"
    assert found["run(inner)"] == "Shop.buy"
    assert found["item,"] == "Shop.buy"
    assert found["async def buy("] == "Shop.buy"
    assert found['name = "x"'] == "Shop"
    assert found["pass"] == "guarded"
    assert found["import os"] == ""
    assert found["@decorated"] == ""
    everything = scopes(lines, range(1, len(lines) + 1), syntax_of("a.py"))
    assert everything[lines.index("run()") + 1] == ""
    assert [scopes(lines, [n], syntax_of("a.py"))[n] for n in everything] == list(everything.values())


@pytest.mark.parametrize(
    ("path", "text", "line", "name"),
    [
        ("a.js", "function run(a) {\n  go(a)\n}", 2, "run"),
        ("a.js", "const run = async (a) => {\n  go(a)\n}", 2, "run"),
        ("a.js", "exports.run = function (a) {\n  go(a)\n}", 2, "exports.run"),
        ("a.ts", "export class A {\n  async run(a: string): void {\n    go(a)\n  }\n}", 3, "A.run"),
        ("a.js", "if (a) {\n  go(a)\n}", 2, ""),
        ("a.go", "func (s *Shop) Run(a int) {\n\tgo(a)\n}", 2, "Run"),
        ("A.java", "public class A {\n  public String run(Request a) {\n    go(a);\n  }\n}", 3, "A.run"),
        ("A.cs", "class A\n{\n    void Run(int a)\n    {\n        Go(a);\n    }\n}", 5, "A.Run"),
        ("a.rb", "class A\n  def run\n    go\n  end\nend", 3, "A.run"),
        ("a.tf", 'resource "aws_s3_bucket" "b" {\n  acl = "x"\n}', 2, "resource.aws_s3_bucket.b"),
        (".github/workflows/a.yml", "jobs:\n  build:\n    steps:\n      - run: x", 4, "jobs.build.steps"),
        ("a.json", '{\n  "a": 1\n}', 2, ""),
        ("a.js", "x\tfunction\n" + "y" * 5000, 2, ""),
    ],
)
def test_scopes_of_other_languages(path, text, line, name):
    assert scopes(text.split("\n"), [line], syntax_of(path))[line] == name


def test_an_unfinished_docstring_hides_what_follows():
    assert scopes(['x = """', "def f():", "    y"], [3], syntax_of("a.py")) == {3: ""}


@pytest.mark.parametrize(
    ("path", "first", "code", "name"),
    [
        ("run", "#!/usr/bin/env python3", "def f():", "f"),
        ("run", "#!/bin/sh", "f() {", "f"),
        ("Makefile", "", "def f():", ""),
        ("run", "", "def f():", ""),
    ],
)
def test_files_without_a_suffix_are_known_by_name_or_first_line(path, first, code, name):
    assert scope_name(code, syntax_of(path, first)) == name
