"""`oreva findings`: list, show, dismiss, reopen, and how to name a finding."""

import datetime as dt
import json

import pytest

from oreva.cli import local_scan
from oreva.models import utc_now


@pytest.fixture
def project(tree, scan):
    """A scanned directory with three findings, and their ids by line."""
    root = tree({"a.py": "exec(text)\nweak_hash(1)\n", "b.js": "eval(x)\n"})
    return root, scan(root).ids


class TestList:
    def test_the_worst_first_and_by_filter(self, oreva, project):
        root, ids = project
        ran = oreva("findings", "list", cwd=root)
        assert (ran.code, ran.err) == (0, "3 findings\n")
        lines = ran.out.splitlines()
        assert [line.split()[1] for line in lines] == ["high", "high", "medium"]
        assert lines[0].startswith(ids["a.py", 1][-10:])
        assert lines[2].endswith("a.py:2  Weak digest")
        assert oreva("findings", "list", "--severity", "high", cwd=root).err == "2 findings\n"
        assert oreva("findings", "list", "--cwe", "cwe-327", cwd=root).err == "1 finding\n"
        wrong = oreva("findings", "list", "--cwe", "sqli", cwd=root)
        assert (wrong.code, wrong.err) == (2, "oreva: --cwe sqli: no weakness; write it as CWE-89\n")
        assert oreva("findings", "list", "--status", "fixed", cwd=root).err == "0 findings\n"
        found = json.loads(oreva("findings", "list", "--format", "json", cwd=root).stdout)
        assert {finding["id"] for finding in found} == set(ids.values())
        assert found[0]["rules"] == ["semgrep:team.exec"]

    def test_nothing_was_scanned_yet(self, oreva, tmp_path):
        ran = oreva("findings", "list", "--path", tmp_path)
        assert (ran.code, ran.stdout) == (2, b"")
        assert "nothing is stored for this directory; run `oreva scan" in ran.err


class TestNames:
    def test_the_end_of_an_id_is_enough_in_any_case(self, oreva, project):
        root, ids = project
        id_ = ids["a.py", 2]
        for name in (id_, id_.lower(), id_[-10:], id_[-8:].lower()):
            ran = oreva("findings", "show", name, cwd=root)
            assert ran.code == 0
            assert ran.out.startswith(id_)

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("ABC", "'ABC' is too short for an id; give at least its last 6 characters"),
            ("ZZZZZZZZ", "id 'ZZZZZZZZ' names no stored finding; see `oreva findings list --status any`"),
        ],
    )
    def test_a_name_that_is_none(self, oreva, project, name, said):
        root, _ = project
        for command in (["show"], ["dismiss", "--reason", "x"], ["reopen"]):
            ran = oreva("findings", *command, name, cwd=root)
            assert (ran.code, ran.stdout, ran.err) == (2, b"", f"oreva: {said}\n")

    def test_an_end_that_two_share(self, oreva, project, monkeypatch):
        root, ids = project
        monkeypatch.setattr("oreva.cli.findings.SHORTEST_ID", 0)
        ran = oreva("findings", "show", "", cwd=root)
        assert ran.code == 2
        assert f"names {len(ids)} findings; give more of it" in ran.err


class TestShow:
    def test_says_everything_a_person_needs(self, oreva, project):
        root, ids = project
        out = oreva("findings", "show", ids["a.py", 1], cwd=root).out
        for part in (
            f"{ids['a.py', 1]}  high, high confidence, open",
            "Text run as code",
            "  a.py:1\n",
            "CWE-95",
            "      1 | exec(text)",
            "Text is run as code.",
            "Triage (heuristic): ",
            "  semgrep team.exec at 1:1",
            "opened by scan:",
        ):
            assert part in out


class TestDismiss:
    def test_holds_over_scans_until_it_is_taken_back(self, oreva, scan, project):
        root, ids = project
        id_ = ids["a.py", 1]
        ran = oreva("findings", "dismiss", id_, "--reason", "only our own text", "--as", "wont_fix", cwd=root)
        assert ran.code == 0
        assert f"dismissed {id_} as wont_fix; undo with `oreva findings reopen {id_[-10:]}`" in ran.out
        (root / "b.js").write_text("")
        (root / "a.py").write_text("import this\nexec(text)\nweak_hash(1)\n")
        for _ in range(2):
            report = scan(root)
            assert report.code == 0
            dismissed = next(f for f in report.findings if f["id"] == id_)
            assert dismissed["status"] == "dismissed"
            assert dismissed["dismissal"]["reason"] == "only our own text"
            assert dismissed["dismissal"]["expires"] is None
        assert "Text run as code" not in oreva("scan", root).out
        assert "only our own text" in oreva("scan", root, "--show", "all").out
        assert oreva("findings", "list", "--status", "dismissed", cwd=root).err == "1 finding\n"
        life = oreva("findings", "show", id_, cwd=root).out
        assert "dismissed by user:" in life
        assert "user:user:" not in life
        assert "dismissed: wont fix: only our own text" in life
        again = oreva("findings", "reopen", id_[-8:], "--reason", "it is not", cwd=root)
        assert again.out == f"{id_} is open again\n"
        assert scan(root).code == 1
        assert oreva("findings", "reopen", id_, cwd=root).code == 2

    def test_ends_on_the_day_it_expires(self, oreva, scan, project, monkeypatch):
        root, ids = project
        id_ = ids["a.py", 1]
        (root / "b.js").write_text("")
        today = utc_now().date()
        day = today + dt.timedelta(days=3)
        ran = oreva("findings", "dismiss", id_, "--reason", "until the release", "--expires", day.isoformat(), cwd=root)
        assert f"as accepted_risk until {day}" in ran.out
        monkeypatch.setattr(local_scan, "utc_now", lambda: utc_now() + dt.timedelta(days=2))
        assert scan(root).code == 0
        monkeypatch.setattr(local_scan, "utc_now", lambda: utc_now() + dt.timedelta(days=3))
        ran = scan(root)
        assert ran.code == 1
        finding = next(f for f in ran.findings if f["id"] == id_)
        assert (finding["status"], finding["dismissal"]) == ("open", None)
        assert f"expired on {day}" in finding["status_reason"]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--reason", "x", "--expires", "2020-01-01"], "the expiry 2020-01-01 is not in the future"),
            (["--reason", "x", "--expires", "soon"], "--expires 'soon' is no date; write it as 2027-01-31"),
            (["--reason", "  "], "cannot be dismissed without a reason"),
            ([], "Missing option '--reason'"),
            (["--reason", "x", "--as", "boring"], "'boring' is not one of"),
        ],
    )
    def test_needs_a_reason_and_a_day_to_come(self, oreva, project, arguments, said):
        root, ids = project
        ran = oreva("findings", "dismiss", ids["a.py", 1], *arguments, cwd=root)
        assert (ran.code, ran.stdout) == (2, b"")
        assert said in ran.err
        assert ran.err.count("\n") == 1
        assert oreva("findings", "list", "--status", "dismissed", cwd=root).err == "0 findings\n"

    def test_what_is_fixed_cannot_be_set_aside(self, oreva, scan, project):
        root, ids = project
        (root / "a.py").write_text("")
        scan(root)
        ran = oreva("findings", "dismiss", ids["a.py", 1], "--reason", "x", cwd=root)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "is fixed" in ran.err


class TestTriage:
    POLICY = "triage: {policy: {suppress: true, heuristic_may_suppress: true, min_confidence: 0.5}}\n"

    def test_off_says_that_nobody_judged(self, scan, tree):
        ran = scan(tree({"a.py": "exec(text)\n"}), "--triage", "off")
        assert [(f["verdict"], f["untriaged_reason"]) for f in ran.findings] == [(None, "triage is off")]

    def test_a_policy_may_suppress_what_a_person_can_reopen_for_good(self, scan, oreva, tree):
        root = tree({"a.py": "import subprocess\n"}, scanners="bandit", config=self.POLICY)
        ran = scan(root, "--fail-on", "low")
        assert ran.code == 0
        (finding,) = ran.findings
        assert finding["status"] == "suppressed"
        assert finding["status_reason"].startswith("triage policy: ")
        assert ran.report["summary"]["suppressed_by_policy"] == 1
        assert oreva("findings", "reopen", finding["id"], "--reason", "it matters", "--path", root).code == 0
        for _ in range(2):
            ran = scan(root, "--fail-on", "low")
            assert (ran.code, ran.findings[0]["status"]) == (1, "open")
