"""`--diff REF`: what a change introduces, and what a change cannot do to its own review."""

import pytest

EXEC = "exec(text)\n"
BASE = {"a.py": "import this\n\n\ndef run(text):\n    exec(text)\n", "b.py": "x = 1\n"}


@pytest.fixture
def repo(tree, git):
    """A repository with these files on `main`, and a branch `change` checked out."""

    def make(files: dict[str, str], **settings: str):
        root = tree(files, **settings)
        git(root, "init", "-q", "-b", "main")
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "base")
        git(root, "checkout", "-q", "-b", "change")
        return root

    return make


def new(ran) -> set[tuple[str, int]]:
    return {(f["path"], f["start_line"]) for f in ran.findings if f["new"]}


class TestWhatCounts:
    def test_only_what_the_change_introduces(self, scan, oreva, repo, git):
        root = repo(BASE)
        assert scan(root, "--diff", "main").code == 0
        (root / "committed.py").write_text(EXEC)
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "change")
        (root / "staged.py").write_text(EXEC)
        git(root, "add", "staged.py")
        (root / "untracked.py").write_text(EXEC)
        (root / "a.py").write_text("exec(other)\n" + BASE["a.py"])
        ran = scan(root, "--diff", "main")
        assert ran.code == 1
        assert new(ran) == {("committed.py", 1), ("staged.py", 1), ("untracked.py", 1), ("a.py", 1)}
        assert ran.report["diff"] == {"ref": "main"}
        assert ran.report["summary"]["failing"] == 4
        assert ran.report["summary"]["existing"] == 1
        assert ran.report["coverage"]["files"] == 4
        text = oreva("scan", root, "--diff", "main").out
        assert "a.py:1" in text
        assert "a.py:6" not in text
        assert scan(root, "--diff", "HEAD").ids.keys() == {
            ("staged.py", 1),
            ("untracked.py", 1),
            ("a.py", 1),
            ("a.py", 6),
        }

    def test_main_may_have_moved_on(self, scan, repo, git):
        root = repo(BASE)
        git(root, "checkout", "-q", "main")
        (root / "later.py").write_text(EXEC)
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "later")
        git(root, "checkout", "-q", "change")
        ran = scan(root, "--diff", "main")
        assert (ran.code, ran.findings, ran.report["fixed"]) == (0, [], [])

    def test_a_renamed_file_keeps_its_old_defect(self, scan, repo, git):
        root = repo(BASE)
        git(root, "mv", "a.py", "moved.py")
        ran = scan(root, "--diff", "main")
        assert (ran.code, new(ran), ran.report["fixed"]) == (0, set(), [])
        assert list(ran.ids) == [("moved.py", 5)]

    def test_a_removed_defect_is_fixed_under_the_id_the_store_knows(self, scan, repo, git):
        root = repo({**BASE, "c.py": EXEC})
        git(root, "checkout", "-q", "main")
        stored = scan(root).ids
        git(root, "checkout", "-q", "change")
        (root / "a.py").write_text("x = 1\n")
        (root / "c.py").unlink()
        ran = scan(root, "--diff", "main")
        assert ran.code == 0
        assert {(f["path"], f["id"], f["status"]) for f in ran.report["fixed"]} == {
            ("a.py", stored["a.py", 5], "fixed"),
            ("c.py", stored["c.py", 1], "fixed"),
        }

    def test_a_removed_file_that_was_never_scanned_fixes_nothing(self, scan, repo):
        root = repo({**BASE, "legacy/c.py": EXEC}, config="exclude: [legacy/]\n")
        (root / "legacy" / "c.py").unlink()
        assert scan(root, "--diff", "main").report["fixed"] == []

    def test_a_file_that_cannot_be_parsed_any_more_fixes_nothing(self, scan, repo):
        root = repo({"a.py": EXEC}, scanners="bandit")
        (root / "a.py").write_text("def f( = :\n")
        ran = scan(root, "--diff", "main")
        assert ran.code == 3
        assert ran.report["fixed"] == []

    def test_ids_stay_and_the_stored_findings_are_left_alone(self, scan, oreva, repo, git):
        root = repo(BASE)
        git(root, "checkout", "-q", "main")
        stored = scan(root)
        before = oreva("findings", "list", "--path", root, "--status", "any", "--format", "json").stdout
        git(root, "checkout", "-q", "change")
        (root / "n.py").write_text(EXEC)
        (root / "a.py").write_text("\n" + BASE["a.py"])
        first, second = (scan(root, "--diff", "main") for _ in range(2))
        assert first.ids == second.ids
        assert first.ids["a.py", 6] == stored.ids["a.py", 5]
        (root / "n.py").write_text("# moved\n\n" + EXEC)
        assert scan(root, "--diff", "main").ids["n.py", 3] == first.ids["n.py", 1]
        assert oreva("findings", "list", "--path", root, "--status", "any", "--format", "json").stdout == before
        git(root, "checkout", "-q", "--", "a.py")
        (root / "n.py").unlink()
        assert scan(root).report["summary"]["new"] == 0

    def test_a_dismissed_finding_stays_dismissed_in_the_change(self, scan, oreva, repo):
        root = repo({"a.py": EXEC})
        (root / "new.py").write_text(EXEC)
        id_ = scan(root).ids["new.py", 1]
        oreva("findings", "dismiss", id_, "--reason", "agreed", "--path", root)
        ran = scan(root, "--diff", "main")
        assert ran.code == 0
        assert [f["status"] for f in ran.findings if f["id"] == id_] == ["dismissed"]

    def test_a_part_of_the_repository(self, scan, tree, git):
        top = tree({"sub/a.py": "x = 1\n", "other/b.py": "x = 1\n"})
        (top / ".oreva.yml").rename(top / "sub" / ".oreva.yml")
        git(top, "init", "-q", "-b", "main")
        git(top, "add", ".")
        git(top, "commit", "-q", "-m", "base")
        (top / "sub" / "a.py").write_text(EXEC)
        (top / "other" / "b.py").write_text(EXEC)
        ran = scan(top / "sub", "--diff", "main")
        assert (ran.code, list(ran.ids)) == (1, [("a.py", 1)])


class TestAChangeCannotWeakenItsReview:
    def test_by_its_configuration(self, scan, repo):
        root = repo(BASE)
        (root / "new.py").write_text(EXEC)
        text = (root / ".oreva.yml").read_text()
        for line in (
            "fail_on: none",
            "exclude: ['*.py']",
            "disabled_rules: [{id: team.exec, reason: x}]",
            "nonsense: 1",
        ):
            (root / ".oreva.yml").write_text(f"{text}{line}\n")
            ran = scan(root, "--diff", "main")
            assert (ran.code, new(ran)) == (1, {("new.py", 1)}), line
            assert any(".oreva.yml is taken from" in note for note in ran.report["notes"])
        (root / ".oreva.yml").unlink()
        assert scan(root, "--diff", "main").code == 1

    def test_by_a_comment_unless_the_finding_is_mild(self, scan, repo):
        root = repo(BASE)
        (root / "high.py").write_text("exec(text)  # nosemgrep: team.exec\n")
        (root / "medium.py").write_text("weak_hash(1)  # nosemgrep: team.weak-hash -- no secret\n")
        ran = scan(root, "--diff", "main", "--fail-on", "low")
        assert ran.code == 1
        status = {f["path"]: f["status"] for f in ran.findings}
        assert status == {"high.py": "open", "medium.py": "suppressed"}
        reason = next(f["status_reason"] for f in ran.findings if f["path"] == "high.py")
        assert reason == "this change adds a comment to silence a high finding; a person must decide"
        (root / "high.py").unlink()
        assert scan(root, "--diff", "main", "--fail-on", "low").code == 0

    def test_by_ignore_files_or_marks(self, scan, repo, git):
        root = repo(BASE)
        (root / "hidden").mkdir()
        (root / "hidden" / "a.py").write_text(EXEC)
        (root / "generated.py").write_text("# @generated by a tool. DO NOT EDIT.\n" + EXEC)
        (root / "nul.py").write_bytes(b"# \0\n" + EXEC.encode())
        git(root, "add", ".")
        (root / ".gitignore").write_text("hidden/\n*.py\n")
        (root / "hidden" / "pyvenv.cfg").write_text("home = /usr\n")
        (root / "hidden" / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n")
        git(root, "add", "-f", ".")
        git(root, "commit", "-q", "-m", "hide")
        ran = scan(root, "--diff", "main")
        assert ran.code != 0
        assert new(ran) >= {("hidden/a.py", 1), ("generated.py", 2), ("nul.py", 2)}

    @pytest.mark.parametrize("named_by", ["configuration", "flag"])
    def test_by_rules_of_its_own(self, scan, oreva, repo, rules, tmp_path, named_by):
        text = (rules / "team.yaml").read_text().replace("team.", "own.")
        config = "" if named_by == "flag" else "rules: [own]\n"
        root = repo({**BASE, ".oreva.yml": f"builtin_rules: false\nscanners: [semgrep]\n{config}", "own/a.yaml": text})
        arguments = ["--diff", "main", *(["--rules", root / "own"] if named_by == "flag" else [])]
        (root / "new.py").write_text(EXEC)
        (root / "own" / "a.yaml").write_text(text.replace("exec(...)", "shout(...)"))
        ran = scan(root, *arguments)
        assert (ran.code, new(ran)) == (1, {("new.py", 1)})
        assert any("rules are taken from" in note for note in ran.report["notes"])
        (root / "own" / "a.yaml").unlink()
        assert scan(root, *arguments).code == 1
        (root / "own").rmdir()
        (root / "own").symlink_to(tmp_path)
        assert scan(root, *arguments).code == 1
        again = oreva("scan", root, *arguments, "--rules", rules, "--format", "json")
        assert len({d["rule_id"] for f in again.findings for d in f["detections"]}) == 2

    def test_but_rules_that_only_it_has_are_used(self, scan, repo):
        root = repo(BASE)
        (root / "more.yaml").write_text(
            "rules:\n- {id: more.x, languages: [python], severity: HIGH, message: x, pattern: 'shout(...)'}\n"
        )
        (root / "new.py").write_text("shout()\n")
        ran = scan(root, "--diff", "main", "--rules", root / "more.yaml")
        assert (ran.code, new(ran), ran.report["notes"]) == (1, {("new.py", 1)}, [])

    @pytest.mark.parametrize("link", [False, True])
    def test_by_state_that_it_brings_along(self, oreva, repo, git, tmp_path, link):
        root = repo(BASE)
        if link:
            (root / ".oreva").symlink_to(tmp_path)
        else:
            (root / ".oreva").mkdir()
            (root / ".oreva" / "oreva.db").write_text("dismissals")
        git(root, "add", "-f", ".oreva")
        git(root, "commit", "-q", "-m", "state")
        for arguments in ([], ["--diff", "main"]):
            ran = oreva("scan", root, *arguments)
            assert (ran.code, ran.stdout, ran.err.count("\n")) == (2, b"", 1)
            assert "with --state-dir" in ran.err
        assert oreva("scan", root, "--state-dir", tmp_path / "state").code == 1


class TestWhatCannotBeCompared:
    def test_an_unknown_ref(self, oreva, repo):
        root = repo(BASE)
        ran = oreva("scan", root, "--diff", "mian")
        assert (ran.code, ran.stdout) == (2, b"")
        assert ran.err == (
            "oreva: no such ref: mian is no branch, tag or commit here: check the spelling, or run git fetch\n"
        )
        assert oreva("scan", root, "--diff", "--all").code == 2

    def test_no_repository(self, oreva, tree):
        root = tree({"a.py": EXEC})
        ran = oreva("scan", root, "--diff", "main")
        assert (ran.code, ran.stdout, ran.err.count("\n")) == (2, b"", 1)
        assert "--diff needs a git repository" in ran.err

    def test_no_commit(self, oreva, tree, git):
        root = tree({"a.py": EXEC})
        git(root, "init", "-q")
        ran = oreva("scan", root, "--diff", "main")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "commit first" in ran.err
