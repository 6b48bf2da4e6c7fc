"""One deployment per folder, told from what a killed one left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oreva.errors import UsageError
from oreva.local import running
from oreva.local.running import Running, claimed, holder, record, running_in, stop
from oreva.models import utc_now

HOLD = """
import sys, time
from pathlib import Path
from oreva.local.running import claimed
with claimed(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def description(folder: Path) -> Running:
    names = ("api_url", "table", "bucket", "bus", "state_machine", "secret", "bedrock")
    return Running(
        pid=os.getpid(),
        started_at=utc_now(),
        url="http://127.0.0.1:1",
        webhook_secret="s",
        logs=folder,
        **dict.fromkeys(names, "x"),
    )


@pytest.fixture
def hold() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a process that holds a folder; none of them outlives the test."""
    held = []

    def start(folder: Path, code: str = HOLD) -> subprocess.Popen[str]:
        process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
        held.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in held:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_folder_is_held_once_and_free_afterwards(tmp_path):
    folder = tmp_path / "up"
    assert holder(folder) is None
    with claimed(folder):
        record(folder, description(folder))
        assert holder(folder) == os.getpid()
        assert running_in(folder) == description(folder).model_copy(
            update={"started_at": running_in(folder).started_at}
        )
        assert (folder / running.STATE_NAME).stat().st_mode & 0o077 == 0
        with (
            pytest.raises(
                UsageError, match=r"up already at http://127.0.0.1:1 \(process \d+\); stop it with `oreva down`"
            ),
            claimed(folder),
        ):
            pass
    assert holder(folder) is None
    assert running_in(folder) is None
    assert not (folder / running.STATE_NAME).exists()


def test_what_a_killed_one_left_behind_does_not_count(tmp_path, hold):
    process = hold(tmp_path)
    record(tmp_path, description(tmp_path))
    assert holder(tmp_path) == process.pid
    process.kill()
    process.wait()
    assert holder(tmp_path) is None
    assert running_in(tmp_path) is None
    assert stop(tmp_path) is None
    assert not (tmp_path / running.STATE_NAME).exists()
    with claimed(tmp_path):
        pass


def test_stop_ends_the_holder_and_waits_for_it(tmp_path, hold):
    process = hold(tmp_path)
    assert stop(tmp_path) == process.pid
    assert process.wait(10) == -signal.SIGTERM


def test_one_that_does_not_end_is_named(tmp_path, monkeypatch, hold):
    monkeypatch.setattr(running, "STOP_S", 0.2)
    stubborn = HOLD.replace("import sys", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nimport sys")
    process = hold(tmp_path, stubborn)
    with pytest.raises(UsageError, match=rf"process {process.pid} does not end; end it with `kill -9"):
        stop(tmp_path)
