"""Writing reports, and the line of progress."""

import io
import os
import stat
import sys

import pytest

from oreva.cli.output import use_color, write_whole
from oreva.cli.progress import ProgressLine
from oreva.errors import UsageError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestWriteWhole:
    def test_replaces_and_keeps_the_mode_that_new_files_have(self, tmp_path):
        target = tmp_path / "report"
        before = os.umask(0o027)
        try:
            write_whole(target, "one\n")
            write_whole(target, "two\ud800\n")
        finally:
            os.umask(before)
        assert target.read_bytes() == b"two\\ud800\n"
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        assert list(tmp_path.iterdir()) == [target]

    def test_leaves_the_old_content_if_it_fails(self, tmp_path, monkeypatch):
        target = tmp_path / "report"
        target.write_text("old")

        def refuse(self, target):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("pathlib.Path.replace", refuse)
        with pytest.raises(UsageError, match=r"--output .*report: No space left on device; name a file"):
            write_whole(target, "new")
        assert target.read_text() == "old"
        assert list(tmp_path.iterdir()) == [target]

    def test_a_directory_is_no_file(self, tmp_path):
        with pytest.raises(UsageError, match=r"Is a directory; name a file that can be written"):
            write_whole(tmp_path, "x")
        assert list(tmp_path.iterdir()) == []


class TestUseColor:
    @pytest.mark.parametrize(
        ("choice", "output", "terminal", "no_color", "expected"),
        [
            ("auto", None, True, "", True),
            ("auto", None, True, "1", False),
            ("auto", None, False, "", False),
            ("auto", "file", True, "", False),
            ("always", "file", False, "1", True),
            ("never", None, True, "", False),
        ],
    )
    def test_where_a_person_reads_it(self, monkeypatch, tmp_path, choice, output, terminal, no_color, expected):
        monkeypatch.setenv("NO_COLOR", no_color)
        monkeypatch.setattr(sys, "stdout", Terminal() if terminal else io.StringIO())
        assert use_color(choice, tmp_path / output if output else None) is expected


class TestProgress:
    def test_is_one_moving_line_on_a_terminal(self, monkeypatch):
        monkeypatch.setattr(sys, "stderr", Terminal())
        line = ProgressLine(quiet=False)
        line.scanner("semgrep", 1, 1200)
        line.scanner("bandit", 2, 3)
        line.say("note\x1b[31m")
        line.clear()
        assert sys.stderr.getvalue() == (
            "\r\x1b[Kscanning: semgrep 1/1,200"
            "\r\x1b[Kscanning: semgrep 1/1,200, bandit 2/3"
            "\r\x1b[Koreva: note\\x1b[31m\n"
            "\r\x1b[K"
        )

    @pytest.mark.parametrize(("terminal", "quiet", "said"), [(True, True, ""), (False, False, "oreva: note\n")])
    def test_is_silent_elsewhere(self, monkeypatch, terminal, quiet, said):
        monkeypatch.setattr(sys, "stderr", Terminal() if terminal else io.StringIO())
        line = ProgressLine(quiet=quiet)
        line.show("listing files ...")
        line.scanner("semgrep", 1, 2)
        line.say("note")
        line.clear()
        assert sys.stderr.getvalue() == said
