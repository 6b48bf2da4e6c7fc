"""A scanner process under limits."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from oreva.errors import ScannerError
from oreva.scanners.process import CancelledError, Finished, child_environment, run

REPOSITORY = Path(__file__).resolve().parents[3]


def python(tmp_path: Path, code: str, **limits: float) -> Finished:
    settings = {"timeout_s": 30.0, "memory_bytes": 1 << 30, "output_bytes": 1 << 20} | limits
    return run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        environment=child_environment(tmp_path),
        stdout=tmp_path / "out",
        timeout_s=settings["timeout_s"],
        memory_bytes=int(settings["memory_bytes"]),
        output_bytes=int(settings["output_bytes"]),
    )


def test_what_it_writes_lands_in_the_file(tmp_path: Path) -> None:
    finished = python(tmp_path, "import sys; print('hello'); sys.stderr.write('warned'); sys.exit(3)")
    assert (tmp_path / "out").read_text() == "hello\n"
    assert (finished.returncode, finished.stderr, finished.reason) == (3, "warned", "exit status 3")


def test_a_good_end_has_no_reason(tmp_path: Path) -> None:
    assert python(tmp_path, "pass").reason == ""


def test_the_time_limit_ends_it_and_its_children(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "pathlib.Path('child').write_text(str(child.pid))\n"
        "time.sleep(600)"
    )
    finished = python(tmp_path, code, timeout_s=2.0)
    assert finished.reason == "took longer than 2 s"
    child = int((tmp_path / "child").read_text())
    gone, alive = psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE], gone


def test_the_memory_limit_ends_it(tmp_path: Path) -> None:
    finished = python(tmp_path, "import time; x = b'x' * (300 << 20); time.sleep(60)", memory_bytes=100 << 20)
    assert finished.reason == "needed more than 100 MB of memory"


def test_the_output_limit_ends_it(tmp_path: Path) -> None:
    finished = python(tmp_path, "import sys\nwhile True: sys.stdout.write('x' * 65536)", output_bytes=1 << 20)
    assert finished.reason == "wrote more than 1 MB"
    assert (tmp_path / "out").stat().st_size < 16 << 20


def test_a_crash_names_the_signal(tmp_path: Path) -> None:
    assert python(tmp_path, "import os; os.kill(os.getpid(), 11)").reason == "crashed (SIGSEGV)"


def test_cancelling_ends_it(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        run(
            [sys.executable, "-c", "import time; time.sleep(600)"],
            cwd=tmp_path,
            environment=child_environment(tmp_path),
            stdout=tmp_path / "out",
            timeout_s=60,
            memory_bytes=1 << 30,
            output_bytes=1 << 20,
            cancelled=stop.is_set,
        )


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match=r"no-such-program cannot be started .*oreva doctor"):
        run(
            [str(tmp_path / "no-such-program")],
            cwd=tmp_path,
            environment={},
            stdout=tmp_path / "out",
            timeout_s=1,
            memory_bytes=1,
            output_bytes=1,
        )


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_it_dies_with_oreva_even_if_that_is_killed(tmp_path: Path) -> None:
    code = f"""
import pathlib, sys
from oreva.scanners.process import child_environment, run
here = pathlib.Path({str(tmp_path)!r})
sleeper = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); print(flush=True)"
sleeper += "; time.sleep(600)"
run([sys.executable, "-c", sleeper], cwd=here, environment=child_environment(here), stdout=here / "out",
    timeout_s=600, memory_bytes=1 << 30, output_bytes=1 << 20)
"""
    oreva = subprocess.Popen([sys.executable, "-c", code], cwd=REPOSITORY)
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "out").is_file() or not (tmp_path / "out").read_bytes():
            assert time.monotonic() < deadline
            assert oreva.poll() is None
            time.sleep(0.05)
        scanner = psutil.Process(int((tmp_path / "pid").read_text()))
    finally:
        oreva.kill()
        oreva.wait()
    assert not [
        alive for alive in psutil.wait_procs([scanner], timeout=20)[1] if alive.status() != psutil.STATUS_ZOMBIE
    ]


def test_a_program_without_its_interpreter_is_named(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(0o755)
    with pytest.raises(ScannerError, match=r"program cannot be started \(No such file or directory\)"):
        run(
            [str(program)],
            cwd=tmp_path,
            environment=child_environment(tmp_path),
            stdout=tmp_path / "out",
            timeout_s=30,
            memory_bytes=1 << 30,
            output_bytes=1 << 20,
        )


def test_credentials_of_the_user_are_not_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("SEMGREP_APP_TOKEN", "secret")
    environment = child_environment(tmp_path, EXTRA="1")
    assert "secret" not in environment.values()
    assert environment["HOME"] == environment["TMPDIR"] == str(tmp_path)
    assert environment["EXTRA"] == "1"


def test_of_the_environment_only_what_is_documented_is_passed_on() -> None:
    ours = {"HOME", "TMPDIR", "LANG", "LC_ALL", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "SSL_CERT_FILE"}
    of_the_user = {"PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH"}
    tempting = {"PYTHONPATH", "PYTHONSTARTUP", "COVERAGE_PROCESS_START", "COVERAGE_FILE", "HTTPS_PROXY", "LD_PRELOAD"}
    given = {name: os.environ.get(name, "") for name in (*of_the_user, *tempting)} | {"PYTHONPATH": str(REPOSITORY)}
    program = (
        "import json, pathlib, oreva.environment as e\nprint(json.dumps(e.child_environment(pathlib.Path('scratch'))))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout).keys() == ours | of_the_user
    page = (REPOSITORY / "docs" / "security-model.md").read_text(encoding="utf-8")
    paragraph = page.partition("**Scanners get no secrets.**")[2].partition("\n\n")[0]
    assert set(re.findall("`([A-Z_]+)`", paragraph)) == of_the_user


def test_there_is_a_ca_bundle_even_if_the_system_names_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert os.path.isfile(child_environment(tmp_path)["SSL_CERT_FILE"])  # noqa: PTH113
