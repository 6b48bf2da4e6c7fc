"""Findings over real scans: they stay themselves, and end only on proof."""

import json

import pytest

EXEC = "exec(text)\n"
IN_FUNCTION = "def run(text):\n    exec(text)\n"


@pytest.fixture
def stored(oreva):
    """Status of every stored finding by id."""

    def read(root) -> dict[str, str]:
        listed = oreva("findings", "list", "--path", root, "--status", "any", "--format", "json")
        return {finding["id"]: finding["status"] for finding in json.loads(listed.stdout)}

    return read


class TestTheSameFinding:
    def test_through_moved_lines_new_format_edits_around_it_and_a_new_name(self, scan, tree):
        root = tree({"a.py": IN_FUNCTION}, scanners="semgrep, bandit")
        (first,) = scan(root).findings
        assert first["new"] is True
        versions = [
            ("a.py", '"""Runs text."""\n\nimport this\n\n\n' + IN_FUNCTION),
            ("a.py", '"""Runs text."""\n\nimport this\n\n\ndef run(text):\n    exec(\n        text\n    )  # now\n'),
            (
                "lib/b.py",
                '"""Runs text."""\n\nimport this\n\n\ndef run(text):\n    exec(\n        text\n    )  # now\n',
            ),
            ("lib/b.py", "def run(text):\n    log(text)\n    exec(text)\n    return text\n"),
        ]
        for path, text in versions:
            for old in root.rglob("*.py"):
                old.unlink()
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(text)
            ran = scan(root)
            (finding,) = ran.findings
            assert (finding["id"], finding["path"], finding["new"]) == (first["id"], path, False)
            assert finding["first_seen"] == first["first_seen"]
            assert [d["scanner"] for d in finding["detections"]].count("bandit") == 1
            assert (ran.report["summary"]["new"], ran.report["fixed"]) == (0, [])

    def test_not_in_a_copy_while_the_original_is_only_left_out(self, scan, tree, stored):
        root = tree({"a.py": IN_FUNCTION})
        (id_,) = scan(root).ids.values()
        (root / "b.py").write_text(IN_FUNCTION)
        (copy,) = scan(root, "--exclude", "a.py").findings
        assert (copy["path"], copy["new"]) == ("b.py", True)
        assert copy["id"] != id_
        assert scan(root).ids == {("a.py", 2): id_, ("b.py", 2): copy["id"]}

    def test_of_two_alike_one_is_fixed_and_the_other_stays(self, scan, tree, stored):
        root = tree({"a.py": "exec(text)\nx = 1\nexec(text)\n"})
        before = set(scan(root).ids.values())
        assert len(before) == 2
        (root / "a.py").write_text("x = 1\nexec(text)\n")
        ran = scan(root)
        (kept,) = ran.ids.values()
        (fixed,) = ran.report["fixed"]
        assert {kept, fixed["id"]} == before
        assert stored(root) == {kept: "open", fixed["id"]: "fixed"}

    def test_two_scanners_on_one_line_are_one_finding(self, scan, tree):
        root = tree({"a.py": IN_FUNCTION + "weak_hash(1)\nassert x\n"}, scanners="semgrep, bandit")
        ran = scan(root)
        found = {f["start_line"]: sorted(d["scanner"] for d in f["detections"]) for f in ran.findings}
        assert found == {2: ["bandit", "semgrep"], 3: ["semgrep"], 4: ["bandit"]}

    def test_a_scan_again_changes_nothing(self, scan, oreva, tree):
        root = tree({"a.py": EXEC, "b.js": "eval(x)\n"}, scanners="semgrep, bandit")
        first, second = scan(root), scan(root, "--no-cache")
        for finding in second.findings:
            assert finding.pop("new") is False
            assert finding in [{k: v for k, v in f.items() if k != "new"} for f in first.findings]
        lives = [oreva("findings", "show", id_, "--path", root).out for id_ in first.ids.values()]
        assert all(life.count("Z  opened by scan:") == 1 for life in lives)


class TestTheEndOfAFinding:
    def test_its_code_is_gone(self, scan, tree, stored):
        root = tree({"a.py": EXEC})
        (id_,) = scan(root).ids.values()
        (root / "a.py").write_text("x = 1\n")
        ran = scan(root)
        assert ran.code == 0
        assert [f["id"] for f in ran.report["fixed"]] == [id_]
        assert stored(root) == {id_: "fixed"}

    def test_its_file_is_gone(self, scan, tree, stored):
        root = tree({"a.py": EXEC, "b.py": "x = 1\n"})
        (id_,) = scan(root).ids.values()
        (root / "a.py").unlink()
        assert scan(root).report["fixed"][0]["status_reason"] == "its file is gone"
        assert stored(root) == {id_: "fixed"}

    def test_not_while_its_file_cannot_be_parsed(self, scan, tree, stored):
        root = tree({"a.py": EXEC}, scanners="bandit")
        (id_,) = scan(root).ids.values()
        (root / "a.py").write_text("def f( = :\n")
        for _ in range(2):
            ran = scan(root)
            assert ran.code == 3
            (finding,) = ran.findings
            assert (finding["id"], finding["status"]) == (id_, "open")
            assert finding["status_reason"].startswith("not looked at in this scan (")
            assert ran.report["fixed"] == []
        assert scan(root, "--allow-gaps", "--fail-on", "medium").code == 1
        assert stored(root) == {id_: "open"}
        (root / "a.py").write_text("x = 1\n")
        assert scan(root).code == 0
        assert stored(root) == {id_: "fixed"}

    def test_not_while_its_file_is_excluded(self, scan, tree, stored):
        root = tree({"old/a.py": EXEC, "b.py": "x = 1\n"})
        (id_,) = scan(root).ids.values()
        (root / "old" / "a.py").write_text("x = 1\n")
        assert scan(root, "--exclude", "old/").report["fixed"] == []
        assert stored(root) == {id_: "open"}
        assert scan(root).report["fixed"] != []

    def test_not_while_its_scanner_stays_away(self, scan, tree, stored):
        root = tree({"a.py": "exec(text)\n", "b.py": "assert x\n"}, scanners="semgrep, bandit")
        both = scan(root)
        (root / "a.py").write_text("x = 1\n")
        (root / "b.py").write_text("x = 1\n")
        semgrep = scan(root, "--scanner", "semgrep")
        assert semgrep.report["fixed"] == []
        assert set(stored(root).values()) == {"open"}
        bandit = scan(root, "--scanner", "bandit")
        assert {f["id"] for f in bandit.report["fixed"]} == {both.ids["b.py", 1]}
        assert {f["id"] for f in scan(root).report["fixed"]} == {both.ids["a.py", 1]}

    def test_its_rule_is_gone(self, scan, tree, stored):
        root = tree({"a.py": EXEC, "b.py": "weak_hash(1)\n"})
        ids = scan(root).ids
        with (root / ".oreva.yml").open("a") as file:
            file.write("disabled_rules: [{id: team.exec, reason: noise}]\n")
        ran = scan(root)
        assert ran.code == 0
        assert ran.report["fixed"] == []
        assert stored(root) == {ids["a.py", 1]: "retired", ids["b.py", 1]: "open"}

    def test_it_comes_back_under_its_id(self, scan, oreva, tree, stored):
        root = tree({"a.py": EXEC})
        (id_,) = scan(root).ids.values()
        (root / "a.py").write_text("x = 1\n")
        scan(root)
        (root / "a.py").write_text("x = 1\nexec(text)\n")
        (finding,) = scan(root).findings
        assert (finding["id"], finding["reopened"], finding["status"]) == (id_, 1, "open")
        life = oreva("findings", "show", id_, "--path", root).out
        assert [word for word in ("opened by", "fixed by", "reopened by") if word in life] == [
            "opened by",
            "fixed by",
            "reopened by",
        ]


class TestCommentsInTheSource:
    CODE = "exec(text)  # nosemgrep: team.exec -- reviewed by hand  # nosec B102 - reviewed\n"

    def test_silence_a_finding_which_is_still_listed(self, scan, oreva, tree):
        root = tree({"a.py": self.CODE}, scanners="semgrep, bandit")
        ran = scan(root)
        assert ran.code == 0
        (finding,) = ran.findings
        assert finding["status"] == "suppressed"
        assert ran.report["summary"]["suppressed_in_source"] == 1
        assert all(d["suppression"] for d in finding["detections"])
        assert "a.py" not in oreva("scan", root).out
        assert "a.py" in oreva("scan", root, "--show", "all").out
        sarif = oreva("scan", root, "--format", "sarif").out
        assert '"suppressions"' in sarif
        (root / "a.py").write_text(EXEC)
        ran = scan(root)
        assert ran.code == 1
        assert ran.findings[0]["id"] == finding["id"]

    def test_do_nothing_where_the_configuration_says_so(self, scan, tree):
        root = tree({"a.py": self.CODE}, config="suppressions: {in_source: ignore}\n")
        ran = scan(root)
        assert ran.code == 1
        assert ran.findings[0]["status"] == "open"

    def test_one_scanner_silenced_does_not_silence_the_other(self, scan, tree):
        root = tree({"a.py": "exec(text)  # nosec\n"}, scanners="semgrep, bandit")
        ran = scan(root)
        assert ran.code == 1
        (finding,) = ran.findings
        assert finding["status"] == "open"
