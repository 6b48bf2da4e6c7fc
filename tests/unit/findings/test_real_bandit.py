"""With what Bandit really reports: a file that a formatter and a refactoring went over keeps its findings."""

import hashlib

import pytest

from oreva.scanners.bandit import BanditScanner
from oreva.scanners.base import Limits, Stage, StagedFile

BEFORE = """\
import subprocess, pickle
import yaml, hashlib, random

PASSWORD = 'hunter2'
HOSTS = {'db': dict(host='0.0.0.0', password='s3cret'), 'web': dict(host='0.0.0.0')}

def run(cmd, key='k3y', token='t0ken'):
    try:
        out = subprocess.Popen('ls ' + cmd, shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except Exception:
        pass
    subprocess.call(cmd, shell=True)
    return hashlib.md5(cmd).hexdigest()

class Store:
    def load(self, data):
        first = pickle.loads(data)
        second = pickle.loads(data)
        return yaml.load(data), first, second, eval(data)

    def find(self, db, name):
        return db.execute("SELECT * FROM users WHERE name = '%s' AND secret = '%s'" % (name, random.random()))
"""

AFTER = '''\
"""Now with a docstring."""

import hashlib
import subprocess, pickle  # the two
import yaml, hashlib, random

PASSWORD = "hunter2"
HOSTS = {
    "db": dict(host="0.0.0.0", password="s3cret"),
    "web": dict(host="0.0.0.0"),
}


class Store:
    def load(self, data):
        # the first
        first = pickle.loads(
            data,
        )
        second = pickle.loads(data)
        return (
            yaml.load(data),
            first,
            second,
            eval(data),
        )

    def find(self, db, name):
        return db.execute(
            "SELECT * FROM users WHERE name = '%s' AND secret = '%s'"
            % (name, random.random())
        )


def run(cmd, key="k3y", token="t0ken"):
    try:
        out = subprocess.Popen(
            "ls " + cmd,
            shell=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except Exception:
        pass
    subprocess.call(cmd, shell=True)
    return hashlib.md5(cmd).hexdigest()
'''


REPAIRED = AFTER.replace("second = pickle.loads(data)", "second = json.loads(data)")
ONE_CALL = "import subprocess\nsubprocess.Popen(\n    'ls',\n    shell=True)\n"


@pytest.fixture(scope="module")
def bandit(tmp_path_factory):
    """Text to the detections that the adapter gives of it; all are scanned at once, each as `app.py`."""
    root = tmp_path_factory.mktemp("stage")
    texts = {f"{number}.py": text for number, text in enumerate((BEFORE, AFTER, REPAIRED, ONE_CALL))}
    staged = []
    for name, text in texts.items():
        content = text.encode()
        (root / name).write_bytes(content)
        staged.append(StagedFile(name, name, hashlib.sha256(content).hexdigest(), len(content)))
    result = BanditScanner(list).scan(Stage(root, tuple(staged)), Limits(), lambda: False)
    return {
        text: [d.model_copy(update={"path": "app.py"}) for d in result.detections if d.path == name]
        for name, text in texts.items()
    }


@pytest.fixture
def rescan(kit, bandit):
    """Scan one file into a world with every rule of Bandit active."""

    def scan(world, text):
        found = kit.deduplicate(bandit[text], {}, {"app.py": text.encode()}, kit.NOW)
        active = frozenset(f"bandit:B{number}" for number in range(100, 800))
        return world.scan({"app.py": text}, current=found, active=active)

    return scan


def test_a_reformatted_and_rearranged_file_keeps_every_finding(world, rescan):
    first = rescan(world, BEFORE)
    assert len(first.findings) >= 15
    step = rescan(world, AFTER)
    assert [(finding.rule_ids, finding.snippet) for finding in step.fixed] == []
    assert step.opened == ()
    rules = {finding.id: finding.rule_ids for finding in first.findings}
    assert {finding.id: finding.rule_ids for finding in step.findings} == rules


def test_each_repaired_line_fixes_just_its_own_finding(world, rescan):
    first = rescan(world, BEFORE)
    lines = {finding.start_line: finding.id for finding in first.findings if finding.rule_ids == ("bandit:B301",)}
    assert len(lines) == 2
    step = rescan(world, REPAIRED)
    assert [finding.id for finding in step.fixed] == [lines[max(lines)]]
    assert step.opened == ()


def test_two_tests_of_bandit_on_one_call_are_one_finding(kit, bandit):
    found = kit.deduplicate(bandit[ONE_CALL], {}, {"app.py": ONE_CALL.encode()}, kit.NOW)
    assert {frozenset(finding.rule_ids) for finding in found} == {
        frozenset({"bandit:B404"}),
        frozenset({"bandit:B602", "bandit:B607"}),
    }
