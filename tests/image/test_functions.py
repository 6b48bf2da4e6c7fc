"""Every function in its image, under Lambda's limits: from an upload through all stages to the report."""

import hashlib
import hmac
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oreva.cloud import layout
from tests.image.cloud import WEBHOOK_SECRET, Cloud, Done, Pipeline, copy_tree, detections
from tests.image.conftest import Measure
from tests.image.container import ROOT, Engine

pytestmark = pytest.mark.image
SLOW_JS = "slow.js"
DEEP_PY = "deep.py"


@pytest.fixture(scope="module")
def pipeline(engine: Engine, cloud: Cloud, measure: Measure) -> Iterator[Pipeline]:
    with Pipeline(engine, cloud, {"OREVA_SHARD_FILES": "40"}) as started:
        yield started
        for name, (ready, first) in started.cold.items():
            warm = started.warm.get(name)
            rest = f", warm {min(warm):5.2f} s" if warm else ""
            measure(f"{name}: cold", f"ready after {ready:5.2f} s, first call {first:5.2f} s{rest}")


@pytest.fixture(scope="module")
def flask(tmp_path_factory: pytest.TempPathFactory) -> Path:
    command = [sys.executable, str(ROOT / ".ci/fetch-projects"), str(ROOT / ".demo"), "flask"]
    fetched = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    return copy_tree(Path(fetched), tmp_path_factory.mktemp("source") / "flask")


@pytest.fixture(scope="module")
def scan_of_flask(pipeline: Pipeline, flask: Path) -> Done:
    """The scan of a real project, all stages."""
    return pipeline.run(pipeline.start(flask, "flask"))


def local_report(tree: Path, state: Path) -> dict[str, Any]:
    """What the command line says of the same folder."""
    command = [sys.executable, "-m", "oreva", "scan", str(tree), "--format", "json", "--fail-on", "none"]
    command += ["--allow-gaps", "--quiet", "--state-dir", str(state)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_a_real_project_is_scanned_as_on_a_laptop(scan_of_flask: Done, flask: Path, tmp_path: Path) -> None:
    """Same detections and same gaps, from the images under Lambda's limits and from the command line."""
    expected = local_report(flask, tmp_path)
    assert len(scan_of_flask.receipts) > 1
    assert len(detections(expected)) > 50
    assert detections(scan_of_flask.report) == detections(expected)
    assert scan_of_flask.report["coverage"]["gaps"] == expected["coverage"]["gaps"]
    assert scan_of_flask.report["coverage"]["by_scanner"] == expected["coverage"]["by_scanner"]
    assert scan_of_flask.reported["state"] == "completed"


def test_the_report_names_the_rules_of_the_image(scan_of_flask: Done, ruleset_digest: str) -> None:
    assert scan_of_flask.report["scan"]["ruleset_digest"] == ruleset_digest


def test_findings_are_in_the_table_and_in_sarif(scan_of_flask: Done, cloud: Cloud) -> None:
    stored = cloud.findings("archive/flask")
    assert {finding.id for finding in stored} == {finding["id"] for finding in scan_of_flask.report["findings"]}
    sarif = json.loads(cloud.read(layout.report(scan_of_flask.request["scan_id"], "sarif")))
    assert len(sarif["runs"][0]["results"]) == len(stored)


def test_the_same_again_starts_no_scanner(scan_of_flask: Done, pipeline: Pipeline, flask: Path) -> None:
    """Cached by content: no shard is cut, and nothing changes."""
    again = pipeline.run(pipeline.start(flask, "flask"))
    assert again.receipts == []
    assert (again.reported["new"], again.reported["fixed"]) == (0, 0)
    assert detections(again.report) == detections(scan_of_flask.report)


def test_scan_reaches_s3_and_nothing_else(scan_of_flask: Done, pipeline: Pipeline) -> None:
    """Its network is a loopback with two ports: the Runtime API, and AWS, of which it is told S3's address alone."""
    assert scan_of_flask.receipts
    scan = pipeline.function("scan")
    program = """
import json, os, pathlib, socket
sockets = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
with socket.socket() as probe:
    outside = os.strerror(probe.connect_ex(("1.1.1.1", 443)))
print(json.dumps({
    "listening": sorted({int(place.rpartition(":")[2], 16) for _, place, _, state, *_ in sockets if state == "0A"}),
    "routes": len(pathlib.Path("/proc/net/route").read_text().splitlines()) - 1,
    "outside": outside,
    "told": sorted(name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")),
}))
"""
    assert json.loads(scan.execute(program)) == {
        "listening": [4566, 9001],
        "routes": 0,
        "outside": "Network is unreachable",
        "told": ["AWS_ENDPOINT_URL_S3"],
    }


def test_the_logs_tell_the_scan(scan_of_flask: Done, pipeline: Pipeline) -> None:
    lines = [json.loads(line) for line in pipeline.function("scan").logs().splitlines() if line.startswith("{")]
    told = [line for line in lines if line.get("correlation_id") == scan_of_flask.request["scan_id"]]
    assert len(told) == len(scan_of_flask.receipts)
    assert {line["cold_start"] for line in lines} == {True, False}


def test_the_api_answers(scan_of_flask: Done, pipeline: Pipeline) -> None:
    scan_id = scan_of_flask.request["scan_id"]
    scan = pipeline.http("GET", f"/v1/scans/{scan_id}")
    assert (scan["statusCode"], scan["body"]["state"]) == (200, "completed")
    findings = pipeline.http("GET", "/v1/findings?repository=archive/flask&limit=5&status=any")
    assert (findings["statusCode"], len(findings["body"]["findings"])) == (200, 5)
    report = pipeline.http("GET", f"/v1/scans/{scan_id}/reports/sarif")
    assert report["statusCode"] == 200
    assert scan_id in report["body"]["url"]
    assert pipeline.http("GET", "/v1/openapi.json")["body"]["openapi"].startswith("3.")


def test_the_webhook_takes_signed_deliveries_only(pipeline: Pipeline, cloud: Cloud) -> None:
    commit = "1" * 40
    push = json.dumps(
        {
            "ref": "refs/heads/main",
            "before": "2" * 40,
            "after": commit,
            "created": False,
            "deleted": False,
            "forced": False,
            "repository": {"id": 1, "full_name": "acme/shop", "default_branch": "main", "pushed_at": 1_773_342_238,
                           "private": True},
            "sender": {"login": "ada"},
            "head_commit": {"id": commit, "timestamp": "2026-03-12T19:03:58Z"},
        }
    )  # fmt: skip
    headers = {"x-github-event": "push", "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958"}
    refused = pipeline.http("POST", "/v1/webhooks/github", push, "webhook", **headers)
    assert refused["statusCode"] == 401
    assert not list(cloud.store.scans("github/acme/shop", limit=1))
    signature = hmac.new(WEBHOOK_SECRET.encode(), push.encode(), hashlib.sha256).hexdigest()
    taken = pipeline.http(
        "POST", "/v1/webhooks/github", push, "webhook", **headers, **{"x-hub-signature-256": f"sha256={signature}"}
    )
    assert taken["statusCode"] == 202, taken
    assert [scan.source.commit for scan in cloud.store.scans("github/acme/shop", limit=5)] == [commit]


def test_a_scan_that_fails_is_marked_as_failed(pipeline: Pipeline, tmp_path: Path) -> None:
    tree = tmp_path / "shop"
    tree.mkdir()
    (tree / "app.py").write_text("print()\n")
    request = pipeline.start(tree, "shop")
    pipeline.call("fail", {"request": request, "error": "States.Timeout", "cause": ""})
    scan = pipeline.http("GET", f"/v1/scans/{request['scan_id']}")
    assert scan["body"]["state"] == "failed"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example shop with a file that Bandit cannot parse and one that takes Semgrep minutes."""
    tree = copy_tree(ROOT / "examples/shop", tmp_path_factory.mktemp("source") / "shop")
    (tree / DEEP_PY).write_text("x = " + "(" * 1_000 + "1" + ")" * 1_000 + "\n")
    chain = "".join(
        f"  const a{n} = req.query.k{n} + a{n - 1} + f(a{max(n - 2, 0)}, a{max(n - 3, 0)});\n" for n in range(1, 20_000)
    )
    (tree / SLOW_JS).write_text(
        f"const cp = require('child_process');\nmodule.exports = (req, a0, f) => {{\n{chain}  cp.exec(a19999);\n}};\n"
    )
    return tree


def harmless(report: dict[str, Any]) -> set[Any]:
    """The detections in all files but the two poisonous ones."""
    return {detection for detection in detections(report) if detection[2] not in (DEEP_PY, SLOW_JS)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What there is to find in the example shop."""
    report = local_report(
        copy_tree(ROOT / "examples/shop", tmp_path_factory.mktemp("source") / "shop"), tmp_path_factory.mktemp("state")
    )
    assert len(detections(report)) > 10
    return report


def test_a_poisoned_file_costs_that_file(engine: Engine, cloud: Cloud, poisoned: Path, shop: dict[str, Any]) -> None:
    """A scanner process over its time is ended, its batch is split, and the other files are scanned all the same."""
    with Pipeline(engine, cloud, {"OREVA_BATCH_TIMEOUT_S": "10"}) as limited:
        done = limited.run(limited.start(poisoned, "shop"))
        assert limited.function("scan").running()
    assert harmless(done.report) == detections(shop)
    assert set(done.gaps) == {(DEEP_PY, "bandit"), (SLOW_JS, "semgrep")}
    assert re.search("too many nested|could not parse", done.gaps[DEEP_PY, "bandit"])
    assert "took longer than 10 s" in done.gaps[SLOW_JS, "semgrep"]
    assert done.reported["state"] == "completed"


def statuses(cloud: Cloud) -> dict[str, str]:
    """Where each finding of the shop is in its life."""
    return {finding.id: finding.status.value for finding in cloud.findings("archive/shop")}


def test_a_function_out_of_time_says_what_it_did_not_do(engine: Engine, cloud: Cloud, poisoned: Path) -> None:
    """Scan ends before Lambda ends it: what it had no time for is a gap, and nothing is closed by that."""
    before = statuses(cloud)
    settings = {"OREVA_SHARD_FILES": "1"}
    with Pipeline(engine, cloud, settings, timeout_s={"scan": 20}) as short:
        (poisoned / SLOW_JS).write_text((poisoned / SLOW_JS).read_text() + "// changed\n")
        request = short.start(poisoned, "shop")
        done = short.run(request)
    assert "the time of the function" in done.gaps[SLOW_JS, "semgrep"]
    assert statuses(cloud) == before


def test_a_setting_that_is_missing_ends_the_function_at_its_start(engine: Engine, cloud: Cloud) -> None:
    with (
        Pipeline(engine, cloud, {"OREVA_BUCKET": ""}) as broken,
        pytest.raises(AssertionError, match="OREVA_BUCKET not set"),
    ):
        broken.call("deduplicate", {})
