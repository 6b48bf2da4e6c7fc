"""The cache: what is known is not scanned again, and makes no difference to the result."""

import json
from pathlib import Path

import pytest

from oreva.scanners import process

FILES = {"a.py": "exec(text)\n", "b.py": "weak_hash(1)\n", "c.js": "eval(x)\n", "README.md": "# exec(text)\n"}
SCANNERS = ("semgrep", "bandit")


@pytest.fixture
def commands(monkeypatch):
    """The commands of all scanner processes that were started."""
    started = []
    real = process.subprocess.Popen

    def popen(command, *args, **kwargs):
        started.append(command)
        return real(command, *args, **kwargs)

    monkeypatch.setattr(process.subprocess, "Popen", popen)
    return started


def comparable(ran) -> list[dict]:
    """The findings without what belongs to one scan."""
    names = ("id", "new", "first_seen", "first_seen_scan", "verdict")
    return [{key: value for key, value in finding.items() if key not in names} for finding in ran.findings]


def scanned(ran) -> dict[str, int]:
    return {name: ran.counts(name)["scanned"] for name in SCANNERS}


class TestCache:
    def test_an_unchanged_tree_starts_no_scanner_and_a_change_scans_what_changed(self, scan, tree, commands):
        root = tree(FILES, scanners="semgrep, bandit")
        first = scan(root)
        assert scanned(first) == {"semgrep": 3, "bandit": 2}
        commands.clear()
        second = scan(root)
        assert [command for command in commands if "git" not in Path(command[0]).name] == []
        assert scanned(second) == {"semgrep": 0, "bandit": 0}
        assert {name: second.counts(name)["cached"] for name in SCANNERS} == {"semgrep": 3, "bandit": 2}
        assert second.ids == first.ids
        assert comparable(second) == comparable(first)
        (root / "c.js").write_text("eval(y)\n")
        assert scanned(scan(root)) == {"semgrep": 1, "bandit": 0}
        (root / "a.py").write_text("weak_hash(2)\n")
        assert scanned(scan(root)) == {"semgrep": 1, "bandit": 1}
        (root / "copy.py").write_text(FILES["a.py"])
        known = scan(root)
        assert scanned(known) == {"semgrep": 0, "bandit": 0}
        assert ("copy.py", 1) in known.ids

    def test_is_equal_to_a_fresh_scan_after_any_edit(self, scan, tree):
        root = tree(FILES)
        edits = [
            ("a.py", "exec(text)\nexec(text)\n"),
            ("b.py", None),
            ("d.py", "weak_hash(1)\n"),
            ("d.js", "eval(x)\neval(x)  // nosemgrep\n"),
        ]
        scan(root)
        for path, text in edits:
            (root / path).unlink() if text is None else (root / path).write_text(text)
            cached = scan(root)
            fresh = scan(root, "--no-cache", "--state-dir", root.parent / "other")
            assert comparable(cached) == comparable(fresh)
            assert cached.report["coverage"]["gaps"] == fresh.report["coverage"]["gaps"]

    def test_a_changed_rule_invalidates_its_language_only(self, scan, tree, tmp_path):
        team = tmp_path / "team"
        team.mkdir()
        rule = "rules:\n- {id: own.js, languages: [javascript], severity: LOW, message: x, pattern: '%s(...)'}\n"
        (team / "own.yaml").write_text(rule % "eval")
        root = tree(FILES)
        scan(root, "--rules", team)
        (team / "own.yaml").write_text(rule % "shout")
        ran = scan(root, "--rules", team)
        assert ran.counts("semgrep") == {**ran.counts("semgrep"), "scanned": 1, "cached": 2}

    def test_no_cache_scans_everything_and_leaves_no_results(self, scan, tree):
        root = tree(FILES)
        for _ in range(2):
            assert scan(root, "--no-cache").counts("semgrep")["scanned"] == 3
        assert sorted(file.name for file in (root / ".oreva").iterdir()) == [".gitignore", "oreva.db", "owner"]
        assert scan(root).counts("semgrep")["scanned"] == 3

    def test_a_damaged_cache_costs_time_and_nothing_else(self, scan, tree):
        root = tree(FILES)
        first = scan(root)
        (root / ".oreva" / "cache.db").write_bytes(b"damaged" * 1000)
        second = scan(root)
        assert second.counts("semgrep")["scanned"] == 3
        assert second.ids == first.ids
        assert scan(root).counts("semgrep")["scanned"] == 0

    def test_files_that_could_not_be_scanned_in_time_are_tried_again(self, scan, tree):
        root = tree({"a.py": "exec(text)\n" * 200}, config="batch_timeout_s: 0.001\n")
        first = scan(root)
        assert first.code == 3
        assert json.dumps(first.report["coverage"]["gaps"]).count("took longer than 0.001 s") == 1
        text = (root / ".oreva.yml").read_text().replace("0.001", "60")
        (root / ".oreva.yml").write_text(text)
        second = scan(root)
        assert second.code == 1
        assert len(second.findings) == 200
