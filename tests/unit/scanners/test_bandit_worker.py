"""The worker beside Bandit's own manager: same results on awkward syntax, and a failed plugin is not silent."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
from bandit.core import config as bandit_config
from bandit.core import manager as bandit_manager
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.scanners import bandit_worker

LINES = st.sampled_from(
    [
        "import os, pickle as p",
        "from subprocess import Popen, PIPE",
        "from os import *",
        "os.system('ls ' + x)",
        "Popen(x, shell=True)",
        "password = 'hunter2'",
        "d = {'password': 'x', 'a': [1, b'2']}",
        "assert x",
        "p.loads(x)",
        "q = 'SELECT * FROM t WHERE a = %s' % x",
        "q = f'DELETE FROM {t}'",
        "eval(x); exec(y)",
        "eval(z)  # nosec",
        "hashlib.md5(x)",
        "def f(password='x', *, token=None): return eval(password)",
        "class C:\n    secret = 'abc'\n    def m(self): assert self",
        "try:\n    pass\nexcept Exception:\n    pass",
        "for i in x:\n    try: y\n    except: continue",
        "with open('/tmp/x') as f: pass",
        "@decorator('/tmp/y')\nasync def g(): await h(verify=False)",
        "lambda p='/var/tmp/z': (yield)",
        "x = [eval(i) for i in y if i not in {'a': '0.0.0.0'}]",
        "requests.get(u, verify=False)",
        "match x:\n    case {'password': 'p'}: pass",
        "'''docstring password'''",
        "random.random()",
        "\u202e = 1",
    ]
)


@pytest.fixture(scope="module")
def testset() -> Any:
    return bandit_manager.BanditManager(bandit_config.BanditConfig(), "file").b_ts


def _last_line(issue: Any) -> int:
    last: int = max(issue.linerange, default=issue.lineno)
    return last


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(LINES, max_size=8))
def test_results_are_those_of_bandits_manager(lines: list[str], testset: Any, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("worker") / "code.py"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    manager = bandit_manager.BanditManager(bandit_config.BanditConfig(), "file")
    manager.discover_files([str(path)])
    manager.run_tests()
    expected = sorted(
        (i.test_id, i.severity, i.confidence, i.cwe.id, i.text, i.lineno, _last_line(i), i.col_offset, i.end_col_offset)
        for i in manager.results
    )
    answer: Any = bandit_worker.scan_file(str(path), testset)
    keys = ("test_id", "severity", "confidence", "cwe", "text", "line", "last_line", "col", "end_col")
    found = sorted(tuple(r[key] for key in keys) for r in answer["results"] if "nosec" not in r)
    assert found == expected
    assert bool(answer["error"]) == bool(manager.skipped)


def test_a_plugin_that_fails_is_named(testset: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_plugin(_context: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setitem(testset.tests, "Call", [*testset.tests["Call"], broken_plugin])
    (tmp_path / "a.py").write_text(textwrap.dedent("eval(x)\nf()\n"))
    answer: Any = bandit_worker.scan_file(str(tmp_path / "a.py"), testset)
    assert answer["incomplete"] == ["broken_plugin (RuntimeError)"]
    assert [r["test_id"] for r in answer["results"]] == ["B307"]


def test_a_file_that_is_gone_is_an_answer(testset: Any, tmp_path: Path) -> None:
    answer: Any = bandit_worker.scan_file(str(tmp_path / "gone.py"), testset)
    assert "FileNotFoundError" in answer["error"]
