"""The command line run as a user runs it: in this process where that is enough, else as a real one."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import jsonschema
import pytest

from oreva.cli.__main__ import main
from oreva.reports.json import schema

RULES = """\
rules:
  - id: team.exec
    languages: [python]
    severity: HIGH
    message: Text is run as code.
    metadata: {title: Text run as code, category: security, confidence: HIGH, cwe: ["CWE-95: Eval Injection"]}
    pattern: exec(...)
  - id: team.weak-hash
    languages: [python]
    severity: MEDIUM
    message: This digest is weak.
    metadata: {title: Weak digest, category: security, confidence: HIGH, cwe: ["CWE-327: Broken Algorithm"]}
    pattern: weak_hash(...)
  - id: team.js-eval
    languages: [javascript]
    severity: HIGH
    message: Text is run as code.
    metadata: {title: Text run as code, category: security, confidence: HIGH, cwe: ["CWE-95: Eval Injection"]}
    pattern: eval(...)
"""


@dataclass(frozen=True)
class Ran:
    """What a run of the command line left behind."""

    code: int
    stdout: bytes
    err: str

    @property
    def out(self) -> str:
        return self.stdout.decode("utf-8")

    @property
    def report(self) -> dict:
        """The JSON report on standard output, which satisfies its schema."""
        document = json.loads(self.stdout)
        jsonschema.validate(document, json.loads(schema()))
        return document

    @property
    def findings(self) -> list[dict]:
        return self.report["findings"]

    @property
    def ids(self) -> dict[tuple[str, int], str]:
        """Place to id of every finding in the JSON report."""
        return {(f["path"], f["start_line"]): f["id"] for f in self.findings}

    def counts(self, scanner: str) -> dict[str, int]:
        return self.report["coverage"]["by_scanner"][scanner]


def _in_process(*arguments: object, cwd: Path | None = None) -> Ran:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    terminate, threshold = signal.getsignal(signal.SIGTERM), gc.get_threshold()
    code = None
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.chdir(cwd or Path.cwd()),
        mock.patch.object(sys, "argv", ["oreva", *map(str, arguments)]),
    ):
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        finally:
            signal.signal(signal.SIGTERM, terminate)
            gc.set_threshold(*threshold)
    assert isinstance(code, int)
    return Ran(code, out.buffer.getvalue(), err.buffer.getvalue().decode("utf-8"))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path_factory):
    """No setting of whoever runs the tests, and a home of its own."""
    for name in [name for name in os.environ if name.startswith("OREVA_")]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return home


@pytest.fixture
def oreva() -> Callable[..., Ran]:
    """Run the command line in this process: arguments as on the command line, and `cwd`."""
    return _in_process


@pytest.fixture
def scan() -> Callable[..., Ran]:
    """`oreva scan ROOT --format json ...` in this process."""
    return lambda root, *arguments: _in_process("scan", root, "--format", "json", *arguments)


@pytest.fixture
def program() -> list[str]:
    """The command that starts the command line as a process of its own."""
    return [sys.executable, "-m", "oreva"]


@pytest.fixture
def process(program) -> Callable[..., Ran]:
    """Run the command line as a process of its own; `prefix` goes before the command, `env` over the environment."""

    def run(*arguments: object, cwd: Path | None = None, prefix: tuple[str, ...] = (), env: dict | None = None) -> Ran:
        done = subprocess.run(
            [*prefix, *program, *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            check=False,
            timeout=120,
        )
        return Ran(done.returncode, done.stdout, done.stderr.decode("utf-8"))

    return run


@pytest.fixture
def as_plain_user() -> tuple[str, ...]:
    """What to put before a command so that file permissions hold for it, as they do for everybody but root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("runs as root, for whom no permission holds, and there is no setpriv to give that up")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")


@pytest.fixture(scope="session")
def rules(tmp_path_factory) -> Path:
    """A folder with three small rules, so that Semgrep starts at once."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "team.yaml").write_text(RULES)
    return folder


@pytest.fixture
def tree(tmp_path, rules) -> Callable[..., Path]:
    """Make a directory to scan from `{path: content}`; its configuration names the small rules and these scanners."""

    def make(files: dict[str, str | bytes], scanners: str = "semgrep", config: str = "", name: str = "project") -> Path:
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        text = f"builtin_rules: false\nrules: ['{rules}']\nscanners: [{scanners}]\n{config}"
        for path, content in {".oreva.yml": text, **files}.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return make


@pytest.fixture
def git() -> Callable[..., str]:
    """Run git in a directory; gives what it prints."""

    def run(root: Path, *arguments: str) -> str:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
        done = subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, check=True)
        return os.fsdecode(done.stdout)

    return run
