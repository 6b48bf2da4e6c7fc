"""The engine, the images built once, and AWS (moto) for the functions in them. Measurements are printed at the end.

These tests start an engine and build images, so they run only when they are asked for: `pytest -m image`.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.contract.dynamodb_server import DynamoDbServer
from tests.image.cloud import Cloud
from tests.image.container import ROOT, Engine

_MEASURED = pytest.StashKey[list[tuple[str, str]]]()
RULESET = (sys.executable, "images/ruleset", "images/scanner/team-rules")
MOTO = """
import logging, sys
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print("%s:%s" % server.get_host_and_port(), flush=True)
sys.stdin.read()
"""
"""Serves AWS until its input ends."""
Measure = Callable[[str, str], None]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_MEASURED] = []
    config.addinivalue_line("markers", "image: needs a Docker engine, see .ci/image-engine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.markexpr != "image":
        unwanted = [item for item in items if item.get_closest_marker("image")]
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if item not in unwanted]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    measured = config.stash[_MEASURED]
    if measured:
        width = max(len(name) for name, _ in measured)
        terminalreporter.section("images")
        for name, value in measured:
            terminalreporter.write_line(f"{name:<{width}}  {value}")


@pytest.fixture(scope="session")
def measure(request: pytest.FixtureRequest) -> Measure:
    """Keeps a name and a value for the end of the run."""
    return lambda name, value: request.config.stash[_MEASURED].append((name, value))


@pytest.fixture(scope="session")
def engine(measure: Measure) -> Iterator[Engine]:
    """An engine with both images, built from this checkout."""
    script = str(ROOT / ".ci/image-engine")
    try:
        told = subprocess.run([script, "start"], stdout=subprocess.PIPE, text=True, check=True).stdout
        settings = dict(line.split("=", 1) for line in told.splitlines())
        engine = Engine(settings["DOCKER"], settings["DOCKER_HOST"], settings["BASE_IMAGE"])
        digest = subprocess.run(RULESET, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
        for target, arguments in (("scanner", {"RULESET_DIGEST": digest}), ("control", {})):
            measure(f"{target}: build", f"{engine.build(target, **arguments):6.1f} s")
            measure(f"{target}: size", f"{engine.inspect(target)['Size'] / 1e6:6.0f} MB")
        yield engine
    finally:
        subprocess.run([script, "stop"], check=True)


@pytest.fixture(scope="session")
def ruleset_digest(engine: Engine) -> str:
    """What the label of the scanner image says."""
    return str(engine.inspect("scanner")["Config"]["Labels"]["oreva.ruleset-digest"])


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """S3, EventBridge and Secrets Manager in a process of their own, since what DynamoDB's needs would change them."""
    command = (sys.executable, "-c", MOTO)
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as moto,
        DynamoDbServer() as dynamodb,
    ):
        assert moto.stdout is not None
        assert moto.stdin is not None
        yield Cloud(moto.stdout.readline().strip(), dynamodb)
        moto.stdin.close()
