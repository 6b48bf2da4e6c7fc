"""The model is really asked, over the wire, and what it says is checked and kept."""

from oreva.local.bedrock import MODEL_ID, RATIONALE
from tests.e2e.conftest import ProjectScan
from tests.e2e.world import World


def test_every_open_finding_has_a_verdict_of_the_model(world: World, project_scan: ProjectScan):
    stored = world.findings("archive/django-shop")
    assert {each.verdict.triaged_by for each in stored if each.verdict} == {"bedrock"}
    assert [each.path for each in stored if each.verdict is None] == []
    assert {each.verdict.model_id for each in stored if each.verdict} == {MODEL_ID}
    assert {each.verdict.rationale for each in stored if each.verdict} == {RATIONALE}


def test_its_quotes_occur_in_the_code(world: World, project_scan: ProjectScan):
    quotes = [evidence for each in world.findings("archive/django-shop") for evidence in each.verdict.evidence]
    assert quotes
    assert all(evidence.quote for evidence in quotes)


def test_it_was_asked_with_a_forced_tool_and_told_nothing_of_the_place(world: World, project_scan: ProjectScan):
    assert world.stack.bedrock
    asked = [each for each in world.stack.bedrock.requests if each.operation == "converse"]
    assert asked
    for request in asked:
        assert request.model_id == MODEL_ID
        assert request.body["toolConfig"]["toolChoice"] == {"tool": {"name": "record_verdicts"}}
        assert b"django-shop" not in request.raw
        assert b"shop/api" not in request.raw


def test_what_it_has_cost_is_told(world: World, project_scan: ProjectScan):
    (event,) = world.events(project_scan.scan_id, "Scan Completed")
    assert event["untriaged"] == 0
    assert event["triage"]["calls"] > 0
    assert event["triage"]["input_tokens"] > 0
