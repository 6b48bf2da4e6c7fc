"""The first notebook, executed on a real scan in a DynamoDB table, and on nothing at all."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oreva.store.base import Changes
from oreva.store.dynamodb import DynamoDbStore, create_table
from oreva.store.sqlite import SqliteStore
from tests.contract.dynamodb_server import ACCESS, DynamoDbServer
from tests.notebooks.execution import NOTEBOOKS, Executed, execute

NAME = "explore_findings.ipynb"
TABLE = "oreva-notebook"
ROOT = NOTEBOOKS.parent


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A real scan of the example shop with one file that cannot be parsed: its report and its state."""
    folder = tmp_path_factory.mktemp("notebook")
    shop = Path(shutil.copytree(ROOT / "examples/shop", folder / "shop", ignore=shutil.ignore_patterns(".oreva")))
    (shop / "broken.py").write_text("def broken(:\n")
    command = [sys.executable, "-m", "oreva", "scan", str(shop), "--state-dir", str(folder / "state")]
    command += ["--format", "json", "--fail-on", "none", "--allow-gaps", "--quiet"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout), folder / "state"


@pytest.fixture(scope="module")
def executed(report: tuple[dict[str, Any], Path]) -> Iterator[Executed]:
    """The notebook after it ran on a table that holds the scan."""
    local = SqliteStore.open(report[1])
    with DynamoDbServer() as server:
        create_table(server.client(), TABLE)
        table = DynamoDbStore(TABLE, server.client())
        for repository in local.repositories():
            (scan,) = local.scans(repository)
            found = [finding.model_copy(update={"revision": 0}) for finding in local.findings(repository)]
            table.apply(Changes(repository=repository, scan=scan, findings=tuple(found)))
        local.close()
        keys = {name.upper(): value for name, value in ACCESS.items() if name != "region_name"}
        place = {"AWS_REGION": ACCESS["region_name"], "AWS_ENDPOINT_URL_DYNAMODB": server.url}
        yield execute(NAME, {"OREVA_TABLE": TABLE, **keys, **place})
        server.client().delete_table(TableName=TABLE)


def test_nothing_that_it_showed_is_in_git() -> None:
    """Outputs, counts and the state of an editor stay out: they are data of whoever ran it."""
    notebook = json.loads((NOTEBOOKS / NAME).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        assert cell["metadata"] == {}
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}


def test_the_numbers_are_those_of_the_scan(executed: Executed, report: tuple[dict[str, Any], Path]) -> None:
    findings = [finding for finding in report[0]["findings"] if finding["status"] == "open"]
    assert len(findings) > 20
    alarms = sum(finding["verdict"]["assessment"] == "false_positive" for finding in findings)
    (first, *_) = executed.shown("text/markdown")
    assert first.startswith(f"**{len(findings)} open findings** in 1 repository;")
    assert f"takes {alarms} of the open ones for false alarms" in first
    overview = cells(executed.shown("text/html")[0])
    expected = [
        sum(
            finding["severity"] == severity and finding["verdict"]["assessment"] != "false_positive"
            for finding in findings
        )
        for severity in ("critical", "high", "medium", "low", "info")
    ]
    assert [int(number) for number in overview[:5]] == expected


def test_what_was_not_assessed_stands_beside_the_findings(
    executed: Executed, report: tuple[dict[str, Any], Path]
) -> None:
    html = executed.shown("text/html")[0]
    assert "not assessed" in html
    coverage = report[0]["coverage"]
    assert len(coverage["gaps"]) >= 1
    assert cells(html)[5:7] == [str(coverage["files"]), str(len(coverage["gaps"]))]


def test_every_picture_is_drawn_without_a_warning(executed: Executed) -> None:
    assert len(executed.shown("image/png")) == 7
    assert executed.warnings == []


def test_it_says_so_if_there_is_nothing(tmp_path: Path) -> None:
    """A table or state directory before the first scan: no picture of nothing, and no error."""
    SqliteStore.open(tmp_path).close()
    empty = execute(NAME, {"OREVA_STATE_DIR": str(tmp_path), "OREVA_TABLE": ""})
    text = "\n".join(empty.shown("text/markdown"))
    assert "**0 open findings** in 0 repositories" in text
    assert "No scan has been completed yet: nothing at all was assessed." in text
    assert empty.warnings == []


def cells(html: str) -> list[str]:
    """The cells of the first row of a table, without its heading."""
    body = re.search(r"<tbody>.*?</tr>", html, re.DOTALL)
    assert body is not None
    return [cell.strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", body[0], re.DOTALL)]
