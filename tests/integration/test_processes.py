"""What only real processes can show: Ctrl-C, two scans at once, a kill in the middle, and what is loaded."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import psutil
import pytest

from oreva._version import __version__

EXEC = "exec(text)\n"


def _scanners(temporary: Path) -> list[psutil.Process]:
    """Scanner processes of the scan with this folder for temporary files, wherever they hang in the tree."""
    processes = psutil.process_iter(["cmdline"])
    return [process for process in processes if str(temporary) in " ".join(process.info["cmdline"] or ())]


def _first_child(process: psutil.Process, part: str) -> psutil.Process | None:
    """The first descendant whose command line holds `part`; None once the process has ended."""
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        for child in process.children(recursive=True):
            try:
                if part in " ".join(child.cmdline()):
                    return child
            except psutil.Error:
                continue
    return None


class TestInterrupt:
    @pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_ends_the_scanners_keeps_what_is_finished_and_the_next_scan_goes_on(
        self, program, scan, tree, tmp_path, with_signal
    ):
        root = tree({"a.py": EXEC, "b.py": "weak_hash(1)\n"}, scanners="semgrep, bandit")
        first = scan(root)
        # A file that keeps Bandit busy until it is stopped; the others are known or done in a moment.
        (root / "slow.py").write_text("x = [" + "'0123456789', " * 400_000 + "]\n")
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        running = subprocess.Popen(
            [*program, "scan", str(root), "--format", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(temporary)},
            start_new_session=True,
            # A shell starts what it puts in the background with SIGINT ignored, and that is inherited down to here.
            preexec_fn=lambda: signal.signal(with_signal, signal.SIG_DFL),  # noqa: PLW1509
        )
        assert _first_child(psutil.Process(running.pid), "bandit_worker") is not None
        assert _scanners(temporary) != []
        running.send_signal(with_signal)
        out, err = running.communicate(timeout=30)
        assert running.returncode == 130
        assert out == b""
        assert err.lstrip() == b"oreva: interrupted; what was finished is kept, and the next scan goes on from there\n"
        assert _scanners(temporary) == []
        assert list(temporary.iterdir()) == []
        (root / "slow.py").unlink()
        after = scan(root)
        assert after.code == first.code == 1
        assert after.ids == first.ids
        assert {after.counts(name)["scanned"] for name in ("semgrep", "bandit")} == {0}

    def test_a_scan_under_nohup_outlives_its_terminal(self, program, tree):
        root = tree({"a.py": EXEC, "slow.py": "x = [" + "'0123456789', " * 20_000 + "]\n"}, scanners="bandit")
        with subprocess.Popen(
            [*program, "scan", str(root), "--format", "json"],
            stdout=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),  # noqa: PLW1509
        ) as running:
            assert _first_child(psutil.Process(running.pid), "bandit_worker") is not None
            running.send_signal(signal.SIGHUP)
            out, _ = running.communicate(timeout=60)
        assert running.returncode == 0  # what Bandit alone says of exec is medium
        assert json.loads(out)["findings"]

    def test_a_kill_loses_no_stored_scan(self, program, scan, tree):
        root = tree({"a.py": EXEC}, scanners="bandit")
        first = scan(root)
        (root / "slow.py").write_text("x = [" + "'0123456789', " * 400_000 + "]\n")
        with subprocess.Popen([*program, "scan", str(root)], stdout=subprocess.DEVNULL) as running:
            worker = _first_child(psutil.Process(running.pid), "bandit_worker")
            assert worker is not None
            running.kill()
        worker.kill()  # nobody is left to end it
        (root / "slow.py").unlink()
        assert scan(root).ids == first.ids


class TestTwoScansAtOnce:
    def test_both_succeed_and_agree_on_one_set_of_findings(self, program, oreva, tree):
        root = tree({f"f{n}.py": EXEC * (n + 1) for n in range(4)}, scanners="semgrep, bandit")
        running = [
            subprocess.Popen(
                [*program, "scan", str(root), "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for _ in range(2)
        ]
        outputs: dict[int, tuple[bytes, bytes]] = {}
        readers = [
            threading.Thread(target=lambda p=process: outputs.update({p.pid: p.communicate(timeout=100)}))
            for process in running
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert [err for _, err in outputs.values()] == [b"", b""]
        assert [process.returncode for process in running] == [1, 1]
        reports = [json.loads(out) for out, _ in outputs.values()]
        stored = json.loads(oreva("findings", "list", "--path", root, "--status", "any", "--format", "json").stdout)
        ids = {finding["id"] for finding in stored}
        assert len(ids) == len(stored) == 10
        for report in reports:
            assert {finding["id"] for finding in report["findings"]} == ids
        states = Counter(report["scan"]["state"] for report in reports)
        assert states in (Counter(completed=2), Counter(completed=1, superseded=1))
        with sqlite3.connect(root / ".oreva" / "oreva.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            opened = "SELECT count(*) FROM event WHERE body LIKE '%\"opened\"%'"
            assert database.execute(opened).fetchone() == (10,)
        database.close()


class TestStart:
    def test_help_loads_neither_models_nor_scanners_nor_tables(self):
        code = (
            "import sys\n"
            "from oreva.cli.__main__ import main\n"
            "sys.argv = ['oreva', '--help']\n"
            "try:\n"
            "    main()\n"
            "except SystemExit as stop:\n"
            "    print(stop.code, *{name.partition('.')[0] for name in sys.modules})\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        status, *loaded = done.stdout.splitlines()[-1].split()
        assert status == "0"
        assert "click" in loaded
        assert {"pydantic", "semgrep", "bandit", "rich", "yaml", "jinja2", "psutil"}.isdisjoint(loaded)

    def test_the_module_and_the_installed_program_are_the_same(self, process):
        program = Path(sys.executable).with_name("oreva")
        installed = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        assert installed.stdout == process("--version").out == f"oreva {__version__}\n"
