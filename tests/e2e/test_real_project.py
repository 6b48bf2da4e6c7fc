"""A real project with planted defects: what the API starts, the table, the bucket, the bus and a laptop agree upon."""

import json
from collections import Counter

from tests.e2e.conftest import ProjectScan
from tests.e2e.world import World

PLANTED = {
    ("shop/api/app.py", "CWE-89"),
    ("shop/api/app.py", "CWE-78"),
    ("shop/api/app.py", "CWE-502"),
    ("shop/api/app.py", "CWE-918"),
    ("shop/api/app.py", "CWE-601"),
    ("shop/web/server.js", "CWE-78"),
}
REPOSITORY = "archive/django-shop"


def detections(report) -> Counter:
    found = Counter()
    for finding in report["findings"]:
        for each in finding["detections"]:
            place = (each["start_line"], each["start_col"], each["end_line"], each["end_col"])
            found[each["scanner"], each["rule_id"], each["path"], place] += 1
    return found


def problems(report) -> Counter:
    return Counter(
        (each["path"], each["start_line"], each["severity"], each["confidence"], tuple(each["cwe"]), each["status"])
        for each in report["findings"]
    )


def test_more_than_500_files_went_through_several_shards(world: World, project_scan: ProjectScan):
    assert project_scan.files > 500
    assert project_scan.remote["coverage"]["files"] == project_scan.files
    assert len([key for key in world.keys(f"scans/{project_scan.scan_id}/shards/") if key.endswith(".gz")]) >= 3


def test_the_planted_defects_are_found(project_scan: ProjectScan):
    found = {(each["path"], cwe) for each in project_scan.remote["findings"] for cwe in each["cwe"]}
    assert found >= PLANTED


def test_the_pipeline_reports_what_a_laptop_reports(project_scan: ProjectScan):
    remote, local = project_scan.remote, project_scan.local
    assert sum(detections(local).values()) > 50
    assert detections(remote) == detections(local)
    assert problems(remote) == problems(local)
    assert remote["scan"]["ruleset_digest"] == local["scan"]["ruleset_digest"]
    assert remote["scan"]["scanners"] == local["scan"]["scanners"]
    assert remote["coverage"] == local["coverage"]


def test_the_table_holds_what_the_report_says(world: World, project_scan: ProjectScan):
    stored = world.findings(REPOSITORY)
    assert Counter((each.id, str(each.status), str(each.severity)) for each in stored) == Counter(
        (each["id"], each["status"], each["severity"]) for each in project_scan.remote["findings"]
    )
    assert len(world.items(f"REPO#{REPOSITORY}", "FINDING#")) >= len(stored)


def test_the_sarif_in_the_bucket_holds_the_same(world: World, project_scan: ProjectScan):
    (run,) = world.report(project_scan.scan_id, "sarif")["runs"]
    places = Counter(
        (
            each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            each["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for each in run["results"]
    )
    assert places == Counter((each["path"], each["start_line"]) for each in project_scan.remote["findings"])


def test_the_event_counts_the_same(world: World, project_scan: ProjectScan):
    (event,) = world.events(project_scan.scan_id, "Scan Completed")
    severities = Counter(each["severity"] for each in project_scan.remote["findings"] if each["status"] == "open")
    assert {name: number for name, number in event["counts"].items() if number} == severities
    assert event["new"] == len(project_scan.remote["findings"])
    assert event["files"] == project_scan.files
    assert event["gaps"] == len(project_scan.remote["coverage"]["gaps"])
    opened = world.events(project_scan.scan_id, "Finding Opened", at_least=sum(severities.values()))
    assert {each["finding_id"] for each in opened} == {each["id"] for each in project_scan.remote["findings"]}


def test_the_api_shows_the_same(world: World, project_scan: ProjectScan):
    status, scan = world.api("GET", f"scans/{project_scan.scan_id}")
    assert (status, scan["state"], scan["files"]) == (200, "completed", project_scan.files)
    found, cursor = [], ""
    while True:
        status, page = world.api("GET", f"findings?repository={REPOSITORY}&limit=40{cursor}")
        assert status == 200, page
        found += [each["id"] for each in page["findings"]]
        if not page.get("cursor"):
            break
        cursor = f"&cursor={page['cursor']}"
    assert sorted(found) == sorted(each["id"] for each in project_scan.remote["findings"])


def test_an_unsigned_request_is_refused(world: World):
    assert world.api("GET", f"findings?repository={REPOSITORY}", signed=False)[0] == 403


def test_the_scan_is_counted_in_metrics(world: World, project_scan: ProjectScan):
    """In CloudWatch's embedded metric format, on the output of the function, with one dimension."""
    lines = (world.stack.logs / "oreva-report.log").read_text(encoding="utf-8").splitlines()
    documents = [json.loads(line) for line in lines if '"_aws"' in line]
    (document,) = [each for each in documents if each["Files"] == [project_scan.files]]
    (directive,) = document["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Oreva", [["service"]])
    assert (document["service"], document["ScansCompleted"]) == ("oreva", [1])
    assert document["FindingsOpened"] == [len(project_scan.remote["findings"])]
