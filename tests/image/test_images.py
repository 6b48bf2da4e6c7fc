"""What is in the images, and the cage that the other tests put them in."""

import json
from pathlib import Path

import pytest

from tests.image.conftest import Measure
from tests.image.container import ROOT, Engine

pytestmark = pytest.mark.image
TARGETS = ("scanner", "control")
INVENTORY = """
import json, os
found = {"programs": [], "setuid": [], "writable": []}
for folder, folders, names in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/sys", "/dev", "/tmp")]
    for name in [*folders, *names]:
        path = os.path.join(folder, name)
        if os.path.islink(path):
            continue
        mode = os.stat(path).st_mode
        if mode & 0o6000:
            found["setuid"].append(path)
        if mode & 0o002 or os.stat(path).st_uid == os.getuid():
            found["writable"].append(path)
        if name in names and mode & 0o111:
            with open(path, "rb") as file:
                head = file.read(64)
            if head.startswith(b"#!") or (head.startswith(b"\\x7fELF") and ".so" not in name):
                found["programs"].append(path)
print(json.dumps(found))
"""


@pytest.mark.parametrize(("target", "limit"), [("scanner", 480e6), ("control", 130e6)])
def test_size(engine: Engine, target: str, limit: float) -> None:
    assert engine.inspect(target)["Size"] < limit


@pytest.mark.parametrize("target", TARGETS)
def test_smoke(engine: Engine, target: str, measure: Measure) -> None:
    versions = json.loads(engine.python(target, "/smoke.py", mounts={ROOT / f"images/{target}/smoke.py": "/smoke.py"}))
    assert tuple(map(int, versions["python"].split(".")[:2])) >= (3, 13)
    measure(f"{target}: versions", ", ".join(f"{name} {version}" for name, version in versions.items()))


@pytest.mark.parametrize("target", TARGETS)
def test_starts_as_lambda_expects(engine: Engine, target: str) -> None:
    config = engine.inspect(target)["Config"]
    assert config["Entrypoint"] == ["python", "-m", "awslambdaric"]
    assert config["User"] == "993:990"
    assert config["WorkingDir"] == "/opt/oreva"
    assert "PYTHONDONTWRITEBYTECODE=1" in config["Env"]


def test_label_is_the_digest_of_the_rules_inside(engine: Engine, ruleset_digest: str) -> None:
    """The image says with which rules it scans; the digest outside and the one inside are computed apart."""
    inside = json.loads(engine.python("scanner", "-c", "print(open('ruleset.json').read())"))
    assert inside["ruleset_digest"] == ruleset_digest
    assert len(ruleset_digest) == 64
    assert inside["rules"] > 200


def test_a_wrong_digest_stops_the_build(engine: Engine) -> None:
    with pytest.raises(AssertionError, match="build it from the same commit"):
        engine.build("scanner", RULESET_DIGEST="0" * 64)


def test_a_bad_rule_of_the_team_stops_the_build(engine: Engine) -> None:
    rules = ROOT / "images/scanner/team-rules.test"
    rules.mkdir()
    try:
        (rules / "bad.yaml").write_text(
            "rules: [{id: team.bad, message: m, severity: ERROR, languages: [python], pattern: '$X ='}]"
        )
        with pytest.raises(AssertionError, match=r"team\.bad"):
            engine.build("scanner", TEAM_RULES="images/scanner/team-rules.test")
    finally:
        (rules / "bad.yaml").unlink()
        rules.rmdir()


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_to_work_with_for_an_intruder(engine: Engine, target: str) -> None:
    """No shell, no package manager, nothing set-uid, and nothing that the function could change."""
    found = json.loads(engine.python(target, "-c", INVENTORY))
    assert found["setuid"] == []
    assert found["writable"] == []
    elsewhere = {Path(path).name for path in found["programs"] if not path.startswith("/opt/venv/")}
    elsewhere = {name for name in elsewhere if not name.endswith(".py")}  # modules of the standard library
    assert {name.rstrip("0123456789.") for name in elsewhere} == {"python"}
    names = {Path(path).name for path in found["programs"]}
    assert not names & {
        "pip",
        "pip3",
        "uv",
        "sh",
        "bash",
        "dash",
        "perl",
        "apt",
        "dpkg",
        "curl",
        "wget",
        "tar",
        "busybox",
    }
    assert engine.python(target, "-c", "import importlib.util as u; print(u.find_spec('pip'))").strip() == "None"


@pytest.mark.parametrize("target", TARGETS)
def test_code_is_compiled_ahead(engine: Engine, target: str) -> None:
    """Importing reads bytecode that no time stamp can make stale."""
    program = (
        "import importlib.util, pathlib, json, oreva.models, pydantic\n"
        "for module in (json, oreva.models, pydantic):\n"
        "    compiled = pathlib.Path(importlib.util.cache_from_source(module.__file__))\n"
        "    print(compiled.read_bytes()[4])"
    )
    unchecked_hash = "1"  # PEP 552: a hash, and nobody compares it with the source
    assert engine.python(target, "-c", program).split() == [unchecked_hash] * 3


def test_the_cage_is_what_lambda_allows(engine: Engine) -> None:
    """The restrictions that every function of these tests runs under are really there."""
    program = """
import json, os, socket
from pathlib import Path
def tries(action):
    try:
        action()
    except OSError as error:
        return error.strerror
    return "done"
status = dict(line.split(":\\t") for line in Path("/proc/self/status").read_text().splitlines() if ":\\t" in line)
size = os.statvfs("/tmp")
print(json.dumps({
    "root": tries(lambda: Path("/opt/oreva/new").write_text("")),
    "tmp": tries(lambda: Path("/tmp/new").write_text("")),
    "tmp_mb": size.f_blocks * size.f_frsize // 2**20,
    "shm": os.path.exists("/dev/shm"),
    "uid": os.getuid(),
    "capabilities": int(status["CapEff"], 16) | int(status["CapBnd"], 16),
    "no_new_privileges": status["NoNewPrivs"],
    "interfaces": [name for _, name in socket.if_nameindex() if Path("/sys/class/net", name, "operstate").exists()],
    "internet": tries(lambda: socket.create_connection(("1.1.1.1", 443), 5)),
    "metadata": tries(lambda: socket.create_connection(("169.254.169.254", 80), 5)),
}))
"""
    assert json.loads(engine.python("scanner", "-c", program)) == {
        "root": "Read-only file system",
        "tmp": "done",
        "tmp_mb": 512,
        "shm": False,
        "uid": 993,
        "capabilities": 0,
        "no_new_privileges": "1",
        "interfaces": ["lo"],
        "internet": "Network is unreachable",
        "metadata": "Network is unreachable",
    }
