"""What the exit status says, what goes to which stream, and what a report file looks like afterwards."""

import json
import os
import pty
import subprocess
import xml.dom.minidom
from pathlib import Path

import pytest

from oreva.reports.formats import FORMATS

EXEC = "exec(text)\n"
BROKEN = "# exec(\ndef f( = :\n    pass\nclass ===\n"


class TestExitStatus:
    def test_0_when_there_is_nothing_to_report(self, oreva, tree):
        ran = oreva("scan", tree({"a.py": "x = 1\n"}))
        assert ran.code == 0
        assert "No findings" in ran.out

    def test_1_for_a_finding_at_or_above_the_threshold_of_flag_environment_or_configuration(
        self, oreva, tree, monkeypatch
    ):
        root = tree({"a.py": EXEC, "b.py": "weak_hash(x)\n"})
        assert oreva("scan", root).code == 1
        assert oreva("scan", root, "--fail-on", "critical").code == 0
        assert oreva("scan", root, "--fail-on", "none").code == 0
        (root / "a.py").write_text("")
        assert oreva("scan", root).code == 0
        assert oreva("scan", root, "--fail-on", "medium").code == 1
        monkeypatch.setenv("OREVA_FAIL_ON", "medium")
        assert oreva("scan", root).code == 1
        monkeypatch.delenv("OREVA_FAIL_ON")
        with (root / ".oreva.yml").open("a") as file:
            file.write("fail_on: medium\n")
        assert oreva("scan", root).code == 1
        assert oreva("scan", root, "--fail-on", "high").code == 0

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--fail-on", "terrible"], "'terrible' is not one of"),
            (["--scanner", "bandid"], "no such scanner 'bandid'; did you mean 'bandit'?"),
            (["--jobs", "0"], "0 is not in the range"),
            (["--formt", "json"], "Did you mean one of: '--format'"),
            (["--rules", "nowhere"], "nowhere: no such file or folder"),
            (["--config", "nowhere.yml"], "nowhere.yml cannot be read"),
            (["--exclude", "/"], "pattern"),
        ],
    )
    def test_2_for_a_wrong_command_line_in_one_line_and_nothing_is_written(self, oreva, tree, arguments, said):
        root = tree({"a.py": EXEC})
        ran = oreva("scan", root, *arguments)
        assert ran.code == 2
        assert said in ran.err
        assert ran.err.startswith("oreva: ")
        assert ran.err.count("\n") == 1
        assert ran.stdout == b""
        assert not (root / ".oreva" / "oreva.db").exists()

    def test_3_for_a_gap_outranks_1_unless_it_is_allowed_or_accepted(self, scan, tree):
        root = tree({"a.py": EXEC, "broken.py": BROKEN}, scanners="semgrep, bandit")
        ran = scan(root)
        assert ran.code == 3
        assert {(g["path"], g["scanner"], g["outcome"]) for g in ran.report["coverage"]["gaps"]} == {
            ("broken.py", "semgrep", "partial"),
            ("broken.py", "bandit", "failed"),
        }
        assert all(gap["reason"] and not gap["accepted"] for gap in ran.report["coverage"]["gaps"])
        assert scan(root, "--allow-gaps").code == 1
        assert scan(root, "--allow-gaps", "--fail-on", "none").code == 0
        assert scan(root, "--fail-on", "none").code == 3
        with (root / ".oreva.yml").open("a") as file:
            file.write("accepted_gaps:\n- {path: broken.py, scanner: bandit, reason: template}\n")
        assert scan(root).code == 3
        with (root / ".oreva.yml").open("a") as file:
            file.write("- {path: broken.py, scanner: semgrep, reason: template}\n")
        ran = scan(root)
        assert ran.code == 1
        assert all(gap["accepted"] for gap in ran.report["coverage"]["gaps"])
        assert ran.report["summary"]["accepted_gaps"] == 2
        assert scan(root, "--fail-on", "none").code == 0

    def test_a_tree_with_gaps_is_never_called_clean(self, oreva, tree):
        root = tree({"broken.py": BROKEN})
        for format_ in FORMATS:
            ran = oreva("scan", root, "--format", format_, "--allow-gaps")
            assert ran.code == 0
            assert "No findings." not in ran.out
            assert "broken.py" in ran.out


class TestStreams:
    def test_standard_output_carries_the_report_and_nothing_else(self, oreva, tree):
        root = tree({"a.py": EXEC})
        ran = oreva("scan", root, "--format", "json")
        assert ran.stdout.startswith(b"{")
        assert ran.stdout.endswith(b"}\n")
        assert ran.err == ""

    def test_progress_goes_to_a_terminal_on_standard_error_unless_quiet(self, program, tree):
        root = tree({"a.py": EXEC})
        for arguments, expected in (([], True), (["--quiet"], False)):
            reader, writer = pty.openpty()
            with subprocess.Popen(
                [*program, "scan", str(root), "--no-cache", "--format", "json", *arguments],
                stdout=subprocess.PIPE,
                stderr=writer,
            ) as running:
                os.close(writer)
                assert running.stdout is not None
                report = running.stdout.read()
            shown = _read_all(reader)
            assert running.returncode == 1
            assert json.loads(report)["findings"]
            assert (b"semgrep 1/1" in shown) is expected
            assert (shown == b"") is not expected
            assert b"\r\x1b[K" not in report

    def test_a_reader_that_leaves_early_does_not_change_what_the_scan_says(self, program, tree):
        root = tree({"a.py": EXEC})
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([*program, "scan", str(root)], stdout=writer, stderr=subprocess.PIPE, check=False)
        os.close(writer)
        assert done.returncode == 1
        assert done.stderr == b""

    def test_closed_standard_output_is_told_before_the_scan(self, program, tree):
        root = tree({"a.py": EXEC})
        command = " ".join([*map(str, program), "scan", str(root), ">&-"])
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert done.stderr == (
            "oreva: standard output is closed, so the report would be lost; name a file with --output\n"
        )

    def test_a_list_nobody_reads_to_its_end_is_no_success(self, program):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([*program, "rules", "list"], stdout=writer, stderr=subprocess.PIPE, check=False)
        os.close(writer)
        assert (done.returncode, done.stderr.count(b"Traceback")) == (141, 0)


class TestDefects:
    def test_an_error_nobody_thought_of_is_no_finding(self, oreva, tree, monkeypatch):
        def fail(*_):
            raise ValueError("not thought of")

        monkeypatch.setattr("oreva.cli.local_scan.perform", fail)
        ran = oreva("scan", tree({"a.py": "x = 1\n"}))
        assert (ran.code, ran.stdout) == (2, b"")
        assert "ValueError: not thought of" in ran.err
        assert ran.err.splitlines()[-1].startswith("oreva: this is a defect of Oreva")

    def test_a_disabled_rule_that_there_is_none_of_is_told(self, scan, tree):
        root = tree({"a.py": EXEC}, scanners="semgrep, bandit")
        with (root / ".oreva.yml").open("a") as file:
            file.write("disabled_rules:\n")
            file.writelines(
                f"  - {{id: '{name}', reason: x}}\n" for name in ("B6O5", "bandit:B102", "team.exec", "B999x")
            )
        ran = scan(root)
        said = "\n".join(ran.report["notes"])
        assert "disabled_rules: there is no rule 'B6O5', so nothing is left out; did you mean 'B6" in said
        assert "there is no rule 'bandit:B102', so nothing is left out; did you mean 'B102'?" in said
        assert "'B999x'" in said
        assert "'team.exec'" not in said
        assert {d["rule_id"] for f in ran.findings for d in f["detections"]} == {"B102"}

    def test_a_rule_folder_that_is_missing_is_named_with_its_file(self, oreva, tree):
        root = tree({"a.py": "x = 1\n"})
        (root / ".oreva.yml").write_text("rules: [nope]\n")
        ran = oreva("scan", root)
        assert ran.code == 2
        assert "rules: nope: no such file or folder (.oreva.yml)" in ran.err.replace(f"{root}/", "")


def _read_all(descriptor: int) -> bytes:
    parts = []
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # how a pseudo-terminal says that the other end has gone
            part = b""
        if not part:
            os.close(descriptor)
            return b"".join(parts)
        parts.append(part)


class TestFormats:
    def test_every_format_renders_what_the_scan_found(self, oreva, tree):
        root = tree({"a.py": EXEC, "b.js": "eval(x)\n", "broken.py": BROKEN}, scanners="semgrep, bandit")
        outputs = {format_: oreva("scan", root, "--format", format_) for format_ in FORMATS}
        assert {ran.code for ran in outputs.values()} == {3}
        for ran in outputs.values():
            assert all(name in ran.out for name in ("a.py", "b.js", "broken.py", "Text run as code"))
        assert {f["path"] for f in outputs["json"].findings} == {"a.py", "b.js"}
        sarif = json.loads(outputs["sarif"].stdout)
        assert sarif["version"] == "2.1.0"
        results = [result for run in sarif["runs"] for result in run["results"]]
        assert all(result["partialFingerprints"]["primaryLocationLineHash"] for result in results)
        assert outputs["html"].out.lower().startswith("<!doctype html>")
        assert "<script src" not in outputs["html"].out
        assert xml.dom.minidom.parseString(
            outputs["html"].out[outputs["html"].out.index("<style") :].partition("</style>")[0] + "</style>"
        )

    def test_colors_only_where_asked_or_on_a_terminal(self, oreva, tree):
        root = tree({"a.py": EXEC})
        assert "\x1b[" not in oreva("scan", root).out
        assert "\x1b[" in oreva("scan", root, "--color", "always").out


class TestOutput:
    def test_the_report_goes_to_the_file_and_a_remark_to_standard_error(self, oreva, tree, tmp_path):
        root = tree({"a.py": EXEC})
        target = tmp_path / "report.json"
        target.write_text("old")
        ran = oreva("scan", root, "--format", "json", "--output", target)
        assert (ran.code, ran.stdout) == (1, b"")
        assert ran.err == f"oreva: report written to {target}\n"
        assert json.loads(target.read_text())["summary"]["failing"] == 1
        assert sorted(file.name for file in tmp_path.iterdir()) == ["project", "report.json"]
        assert oreva("scan", root, "--format", "json", "--output", target, "--quiet").err == ""

    def test_a_folder_that_is_not_there(self, oreva, tree, tmp_path):
        ran = oreva("scan", tree({"a.py": EXEC}), "--output", tmp_path / "nowhere" / "report.txt")
        assert ran.code == 2
        assert "nowhere/report.txt: No such file or directory; name a file in a directory" in ran.err
        assert not (tmp_path / "nowhere").exists()

    def test_a_folder_that_cannot_be_written_leaves_the_old_report(self, process, tree, tmp_path, as_plain_user):
        root = tree({"a.py": EXEC})
        folder = tmp_path / "reports"
        folder.mkdir()
        (folder / "report.txt").write_text("old")
        folder.chmod(0o555)
        ran = process("scan", root, "--output", folder / "report.txt", prefix=as_plain_user)
        folder.chmod(0o755)
        assert ran.code == 2
        assert "report.txt: Permission denied" in ran.err
        assert ran.err.count("\n") == 1
        assert [(file.name, file.read_text()) for file in folder.iterdir()] == [("report.txt", "old")]

    def test_a_device_is_written_to_and_not_replaced(self, oreva, tree):
        ran = oreva("scan", tree({"a.py": EXEC}), "--output", os.devnull, "--quiet")
        assert (ran.code, ran.stdout, ran.err) == (1, b"", "")
        assert not Path(os.devnull).is_file()
