"""Input that is wrong, hostile or huge: each is answered in one line or costs no more than the file it is in."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from oreva.reports.formats import FORMATS

EXEC = "exec(text)\n"


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


class TestPaths:
    def test_no_such_path(self, oreva, tmp_path):
        ran = oreva("scan", tmp_path / "nowhere")
        assert (ran.code, ran.stdout) == (2, b"")
        assert ran.err == f"oreva: no such path: {tmp_path}/nowhere: check the spelling\n"

    def test_a_file_is_no_directory(self, oreva, tmp_path):
        (tmp_path / "a.py").write_text(EXEC)
        ran = oreva("scan", tmp_path / "a.py")
        assert ran.code == 2
        assert ran.err == f"oreva: not a directory: {tmp_path}/a.py: name the directory that holds it\n"

    def test_a_loop_of_links_as_the_root(self, oreva, tmp_path):
        (tmp_path / "a").symlink_to(tmp_path / "b")
        (tmp_path / "b").symlink_to(tmp_path / "a")
        for arguments in (["scan", tmp_path / "a"], ["findings", "list", "--path", tmp_path / "a"]):
            ran = oreva(*arguments)
            assert (ran.code, ran.stdout, ran.err.count("\n")) == (2, b"", 1)

    def test_loops_of_links_in_the_tree_are_listed_and_not_followed(self, scan, tree):
        root = tree({"sub/a.py": EXEC})
        (root / "sub" / "up").symlink_to(root)
        (root / "self").symlink_to("self")
        ran = scan(root)
        assert ran.code == 1
        assert [f["path"] for f in ran.findings] == ["sub/a.py"]
        skipped = {entry["path"]: entry["reason"] for entry in ran.report["coverage"]["skipped"]}
        assert skipped["sub/up"] == "link to the root of this directory, which is scanned itself"
        assert skipped["self"] == "link that leads back to itself"

    def test_an_empty_tree_is_no_error_and_claims_nothing(self, oreva, tmp_path):
        ran = oreva("scan", tmp_path)
        assert ran.code == 0
        assert "No files to scan: nothing was assessed." in ran.out

    def test_a_file_that_cannot_be_read_is_a_gap_and_the_rest_is_scanned(self, process, tree, as_plain_user):
        root = tree({"a.py": EXEC, "secret.py": EXEC})
        (root / "secret.py").chmod(0)
        ran = process("scan", root, "--format", "json", prefix=as_plain_user)
        assert ran.code == 3
        assert [(g["path"], g["outcome"], g["reason"]) for g in ran.report["coverage"]["gaps"]] == [
            ("secret.py", "failed", "cannot be read: permission denied")
        ]
        assert [f["path"] for f in ran.findings] == ["a.py"]


HOSTILE = [
    b"new\nline.py",
    b"sp ace.py",
    b"latin-\xe9.py",
    b"\x1b[31mred\x1b]0;title\x07.py",
    b"-rf.py",
    "\u202eyp.live.py".encode(),
    b"<script>alert(1)</script>'\"&.py".replace(b"/", b""),
    b"| table | ` [x](y) @all.py",
]


class TestNames:
    def test_no_name_reaches_a_terminal_or_a_page_unescaped(self, oreva, tree, tmp_path):
        folder = tmp_path / "pro\x1b[5mject\n"
        folder.mkdir()
        root = tree({}, scanners="semgrep, bandit", name=folder.name)
        for name in HOSTILE:
            (root / os.fsdecode(name)).write_text("exec(text)  # caf\xe9 \x1b[2J\n")
        (root / "bytes.js").write_bytes(b"eval(x)  // caf\xe9 \x1b[2J\n")
        (root / "gap\x1b[1m.py").write_text("# exec(\ndef f( = :\nclass ===\n")
        for format_ in FORMATS:
            ran = oreva("scan", root, "--format", format_)
            assert ran.code == 3, ran.err
            assert b"\x1b" not in ran.stdout
            assert b"\x07" not in ran.stdout
            assert "\u202e" not in ran.out
            assert format_ != "html" or "<script>alert" not in ran.out
            assert "\x1b" not in ran.err
        report = oreva("scan", root, "--format", "json").report
        assert len({f["path"] for f in report["findings"]}) == len(HOSTILE) + 1 == len(report["findings"])
        assert {len(f["detections"]) for f in report["findings"] if f["path"] != "bytes.js"} == {2}
        assert "latin-\\xe9.py" in {f["path"] for f in report["findings"]}
        assert "new\nline.py" in {f["path"] for f in report["findings"]}
        listed = oreva("findings", "list", "--path", root)
        assert (listed.code, listed.out.count("\n")) == (0, len(HOSTILE) + 1)
        assert "\x1b" not in listed.out
        stored = json.loads(oreva("findings", "list", "--path", root, "--format", "json").stdout)
        assert {finding["path"] for finding in stored} == {f["path"] for f in report["findings"]}
        for finding in stored:
            shown = oreva("findings", "show", finding["id"], "--path", root)
            assert shown.code == 0
            assert "\x1b" not in shown.out
        explained = oreva("scan", root, "--explain-skips")
        assert explained.code == 0
        assert "\x1b" not in explained.out

    def test_an_error_about_a_hostile_name_is_one_clean_line(self, oreva, tree):
        root = tree({"a.py": EXEC})
        name = "no\nwhere\x1b[31m"
        for arguments in (
            ["scan", root / name],
            ["scan", root, "--rules", root / name],
            ["scan", root, "--config", root / name],
            ["scan", root, "--output", root / name / "report"],
            ["scan", root, "--scanner", name],
            ["scan", root, "--diff", name],
            ["findings", "list", "--path", root / name],
            ["findings", "show", name, "--path", root],
            ["rules", "list", root / name],
        ):
            ran = oreva(*arguments)
            assert ran.code == 2, arguments
            assert ran.err.count("\n") == 1, ran.err
            assert "\x1b" not in ran.err


class TestContents:
    def test_binary_files_are_left_out_with_the_reason(self, scan, tree):
        root = tree({"a.py": EXEC, "image.png": b"\x89PNG\r\n\x1a\n\0\0" * 50, "lib.so": b"\x7fELF\0\0" * 50})
        ran = scan(root)
        assert ran.code == 1
        skipped = {entry["path"]: entry["reason"] for entry in ran.report["coverage"]["skipped"]}
        assert "image.png" in skipped
        assert "binary" in skipped["lib.so"]

    def test_one_line_of_50_mb_costs_bounded_time_and_has_an_outcome(self, scan, tree):
        size = 50 * 1024**2
        root = tree(
            {
                "huge.py": b"x = [" + b"'0123456789', " * (size // 14) + b"]; exec(x)\n",
                "huge.js": b"let a = [" + b"'0 1 2 3 4', " * (size // 13) + b"] ; eval(a)\n",
                "a.py": EXEC,
            },
            scanners="semgrep, bandit",
            config="timeout_s: 1\nbatch_timeout_s: 5\n",
        )
        began = time.monotonic()
        ran = scan(root)
        assert time.monotonic() - began < 90  # four looks at a huge file, each stopped after 5 s at the latest
        assert ran.code == 3
        assert [f["path"] for f in ran.findings] == ["a.py"]
        gaps = {(g["path"], g["scanner"]): g["reason"] for g in ran.report["coverage"]["gaps"]}
        assert gaps.keys() == {("huge.py", "semgrep"), ("huge.py", "bandit"), ("huge.js", "semgrep")}
        assert gaps["huge.py", "bandit"] == "bandit took longer than 5 s"
        assert all("did not finish" in why or "took longer" in why for why in gaps.values())

    def test_deep_nesting_costs_the_file_and_not_the_scan(self, scan, tree):
        deep = "x = " + "(" * 30_000 + "1" + ")" * 30_000 + "\n"
        chain = "x = " + "+".join(["a"] * 30_000) + "\n"
        root = tree({"deep.py": deep, "chain.py": chain, "a.py": EXEC}, scanners="semgrep, bandit")
        ran = scan(root)
        assert ran.code == 3
        assert {g["path"] for g in ran.report["coverage"]["gaps"]} <= {"deep.py", "chain.py"}
        assert {g["scanner"] for g in ran.report["coverage"]["gaps"] if g["path"] == "deep.py"} >= {"bandit"}
        assert [f["path"] for f in ran.findings] == ["a.py"]
        assert len(ran.findings[0]["detections"]) == 2


class TestRules:
    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            ("rules:\n  - id: bad\n    message: 'open\n", 4, "invalid YAML"),
            ("rules:\n- id: team.one\n  languages: [python]\n  severity: HIGH\n  message: x\n", 2, "team.one"),
            (
                "rules:\n- id: team.two\n  languages: [python]\n  severity: HIGH\n  message: x\n  patern: f(...)\n",
                2,
                "team.two",
            ),
            ("rules: 5\n", 1, ""),
            ("", 1, ""),
        ],
    )
    def test_a_file_that_is_no_rule_file_stops_the_scan_before_it_begins(self, oreva, tree, tmp_path, text, line, said):
        root = tree({"a.py": EXEC})
        bad = tmp_path / "bad.yaml"
        bad.write_text(text)
        ran = oreva("scan", root, "--rules", bad)
        assert (ran.code, ran.stdout) == (2, b"")
        assert f"{bad}:{line}: " in ran.err
        assert said in ran.err
        assert not (root / ".oreva" / "oreva.db").exists()

    def test_a_pattern_semgrep_refuses_is_named_with_file_and_line(self, oreva, tree, tmp_path):
        root = tree({"a.py": EXEC})
        assert oreva("scan", root).code == 1
        before = (root / ".oreva" / "oreva.db").read_bytes()
        bad = tmp_path / "bad.yaml"
        bad.write_text(
            "rules:\n"
            "- {id: team.good, languages: [python], severity: LOW, message: x, pattern: f(...)}\n"
            "- {id: team.bad, languages: [python], severity: LOW, message: x, pattern: 'f(((('}\n"
        )
        ran = oreva("scan", root, "--rules", bad)
        assert (ran.code, ran.stdout) == (2, b"")
        assert f"{bad}:3: rule team.bad: " in ran.err
        assert "team.good" not in ran.err
        assert (root / ".oreva" / "oreva.db").read_bytes() == before

    def test_two_rules_of_one_id(self, oreva, tree, rules, tmp_path):
        bad = tmp_path / "again.yaml"
        bad.write_text("rules:\n- {id: team.exec, languages: [python], severity: LOW, message: x, pattern: f(...)}\n")
        ran = oreva("scan", tree({"a.py": EXEC}), "--rules", bad)
        assert ran.code == 2
        assert "team.exec" in ran.err
        assert str(rules / "team.yaml") in ran.err


class TestConfiguration:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("fail-on: low", '.oreva.yml:4: unknown key "fail-on"; did you mean "fail_on"?'),
            ("fail_on: terrible", ".oreva.yml:4: fail_on: expected one of critical, high"),
            ("accepted_gaps: [{path: a.py, reasn: x}]", 'did you mean "reason"?'),
            ("jobs: [", ".oreva.yml:5: "),
            ("scanners: [bandid]", ".oreva.yml:4: "),
        ],
    )
    def test_a_mistake_is_named_with_its_line_before_anything_is_scanned(self, oreva, tree, line, said):
        root = tree({"a.py": EXEC}, config=line + "\n")
        ran = oreva("scan", ".", cwd=root)
        assert (ran.code, ran.stdout, ran.err.count("\n")) == (2, b"", 1)
        assert said in ran.err
        assert not (root / ".oreva" / "oreva.db").exists()


class TestMissingScanner:
    @pytest.mark.parametrize("name", ["semgrep", "bandit"])
    def test_is_named_with_the_way_to_get_it(self, oreva, tree, monkeypatch, name):
        real = importlib.metadata.version

        def version(distribution: str) -> str:
            if distribution == name:
                raise importlib.metadata.PackageNotFoundError(distribution)
            return real(distribution)

        monkeypatch.setattr(importlib.metadata, "version", version)
        root = tree({"a.py": EXEC}, scanners="semgrep, bandit")
        ran = oreva("scan", root)
        assert (ran.code, ran.stdout, ran.err.count("\n")) == (2, b"", 1)
        assert f"scanner {name} is not installed beside this Python; install it with `pip install {name}==" in ran.err
        doctor = oreva("doctor")
        assert doctor.code == 2
        assert f"missing: {name.capitalize()}" in doctor.out


class TestStatePlaces:
    def test_a_tree_that_cannot_be_written_keeps_its_state_elsewhere_and_says_so_once(
        self, process, tree, as_plain_user, clean_environment
    ):
        root = tree({"a.py": EXEC})
        root.chmod(0o555)
        try:
            runs = [process("scan", root, "--format", "json", prefix=as_plain_user) for _ in range(2)]
        finally:
            root.chmod(0o755)
        assert [ran.code for ran in runs] == [1, 1]
        for ran in runs:
            assert ran.err.count("\n") == 1
            assert f"{root}/.oreva cannot be written; findings and cache are kept in {clean_environment}" in ran.err
        assert runs[0].ids == runs[1].ids
        assert runs[1].counts("semgrep")["scanned"] == 0
        assert not (root / ".oreva").exists()
        listed = process("findings", "list", "--path", root)
        assert "a.py:1" in listed.out

    def test_a_directory_of_the_users_choice(self, oreva, scan, tree, tmp_path, monkeypatch):
        one, two = tree({"a.py": EXEC}, name="one"), tree({"a.py": EXEC}, name="two")
        state = tmp_path / "state"
        runs = [scan(root, "--state-dir", state) for root in (one, two, one)]
        assert runs[0].ids == runs[2].ids
        assert set(runs[0].ids.values()).isdisjoint(runs[1].ids.values())
        assert not (one / ".oreva").exists()
        monkeypatch.setenv("OREVA_STATE_DIR", str(state))
        assert "a.py:1" in oreva("findings", "list", "--path", two).out

    @pytest.mark.parametrize("place", [".", "src"])
    def test_a_directory_with_code_in_it_is_refused(self, oreva, tree, place):
        root = tree({"src/a.py": EXEC})
        ran = oreva("scan", ".", "--state-dir", place, cwd=root)
        assert (ran.code, ran.stdout) == (2, b"")
        assert ran.err == (
            f"oreva: --state-dir {place} holds code to scan, and state is never scanned; name a directory of its own\n"
        )
        assert names_in(root) == [".oreva.yml", "src"]
        assert oreva("scan", ".", "--state-dir", "state", cwd=root).code == 1
        assert oreva("scan", ".", "--state-dir", "state", cwd=root).code == 1

    @pytest.mark.parametrize("dangling", [False, True])
    def test_a_link_in_the_place_of_the_state_is_not_followed(self, oreva, tree, tmp_path, dangling):
        root = tree({"a.py": EXEC})
        victim = tmp_path / "victim"
        if not dangling:
            victim.mkdir()
        (root / ".oreva").symlink_to(victim)
        ran = oreva("scan", root)
        assert (ran.code, ran.stdout) == (2, b"")
        assert "is a symbolic link" in ran.err
        assert not victim.exists() or names_in(victim) == []

    def test_a_link_inside_the_state_is_not_followed(self, oreva, tree, tmp_path):
        root = tree({"a.py": EXEC})
        (root / ".oreva").mkdir()
        (root / ".oreva" / ".gitignore").symlink_to(tmp_path / "victim")
        ran = oreva("scan", root)
        assert ran.code == 1
        assert "cannot be written; findings and cache are kept in" in ran.err
        assert names_in(root / ".oreva") == [".gitignore"]
        assert not (tmp_path / "victim").exists()

    def test_state_of_a_newer_version_or_another_program_is_left_alone(self, oreva, tree):
        root = tree({"a.py": EXEC})
        assert oreva("scan", root).code == 1
        database = root / ".oreva" / "oreva.db"
        database.write_bytes(b"no database at all" * 100)
        ran = oreva("scan", root)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "oreva.db" in ran.err
        assert database.read_bytes() == b"no database at all" * 100


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and shutil.which("mount")
        and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False).returncode == 0
    )
    if not mounted:
        pytest.skip("making a small file system needs root and `mount`")
    yield folder
    subprocess.run(["umount", folder], check=True)


class TestFullDisk:
    def test_state_stays_as_it_was_and_one_line_says_why(self, oreva, scan, tree, small_disk):
        root = tree({"a.py": EXEC})
        first = scan(root, "--state-dir", small_disk / "state")
        assert first.code == 1
        (root / "b.py").write_text("".join(f"exec(text_{n})\n" for n in range(2_000)))
        with (small_disk / "filler").open("wb", buffering=0) as filler:
            for size in (4096, 1):
                try:
                    while filler.write(b"\0" * size) == size:
                        pass
                except OSError:
                    continue
        full = oreva("scan", root, "--state-dir", small_disk / "state")
        assert (full.code, full.stdout, full.err.count("\n")) == (2, b"", 1), full.err
        assert "free some space" in full.err or "--state-dir" in full.err
        (small_disk / "filler").unlink()
        (root / "b.py").unlink()
        again = scan(root, "--state-dir", small_disk / "state")
        assert again.code == 1
        assert again.ids == first.ids
        assert again.report["summary"]["new"] == 0

    def test_no_room_for_temporary_files(self, process, tree, small_disk):
        root = tree({"a.py": EXEC, "b.py": "x = 1\n" * 400_000})
        ran = process("scan", root, env={"TMPDIR": str(small_disk)})
        assert (ran.code, ran.stdout, ran.err.count("\n")) == (2, b"", 1), ran.err
        assert "No space left on device; free some space there, or set TMPDIR" in ran.err
        assert names_in(small_disk) == []
