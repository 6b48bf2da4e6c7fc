"""`oreva scan --triage bedrock` against an endpoint that speaks Converse."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.unit.triage.converse_server import ConverseServer, Fault, Reply, judge_all

CODE = "def run(text):\n    exec(text)\n"


@pytest.fixture
def bedrock(monkeypatch) -> Iterator[ConverseServer]:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with ConverseServer() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url)
        yield server


def test_a_model_judges_and_is_asked_once(bedrock, tree, scan) -> None:
    root = tree({"app.py": CODE}, config="triage: {model_id: eu.anthropic.claude-test-v1}\n")
    first = scan(root, "--triage", "bedrock")
    (finding,) = first.findings
    assert finding["verdict"]["triaged_by"] == "bedrock"
    assert finding["verdict"]["model_id"] == "eu.anthropic.claude-test-v1"
    assert finding["verdict"]["assessment"] == "true_positive"
    assert finding["verdict"]["evidence"] == [{"path": "app.py", "line": 2, "quote": "exec(text)"}]
    assert first.report["scan"]["triage"]["calls"] == len(bedrock.requests) == 1
    assert [request.model_id for request in bedrock.requests] == ["eu.anthropic.claude-test-v1"]

    (root / "app.py").write_text("# moved\n" + CODE)
    again = scan(root, "--triage", "bedrock")
    assert again.findings[0]["id"] == finding["id"]
    assert again.findings[0]["verdict"]["evidence"][0]["line"] == 3
    assert len(bedrock.requests) == 1  # the store has the verdict on this code


def test_without_the_model_findings_stay_open_with_the_reason(bedrock, tree, scan) -> None:
    bedrock.model = lambda request: Fault("AccessDeniedException", "not for you")
    ran = scan(tree({"app.py": CODE}), "--triage", "bedrock")
    (finding,) = ran.findings
    assert ran.code == 1
    assert (finding["status"], finding["verdict"]) == ("open", None)
    assert finding["untriaged_reason"].startswith("Bedrock: ")


def test_a_decision_of_a_person_is_shown_to_the_model(bedrock, tree, scan, oreva) -> None:
    root = tree({"app.py": CODE, "other.py": "x = 1\n"})
    (finding,) = scan(root, "--triage", "off").findings
    oreva("findings", "dismiss", finding["id"], "--as", "false_positive", "--reason", "Told apart by a person.",
          "--path", root)  # fmt: skip
    (root / "other.py").write_text("def second(code):\n    exec(code)\n")
    scan(root, "--triage", "bedrock")
    assert [("Told apart by a person." in request.question) for request in bedrock.requests] == [True]


def test_a_file_in_the_tree_alone_asks_no_model(bedrock, tree, scan) -> None:
    root = tree({"app.py": CODE}, config="triage: {mode: bedrock}\n")
    ran = scan(root)
    assert ran.findings[0]["verdict"]["triaged_by"] == "heuristic"
    assert "--triage bedrock" in " ".join(ran.report["notes"])
    assert bedrock.requests == []


def test_a_configuration_named_by_the_user_asks_it(bedrock, tree, scan) -> None:
    root = tree({"app.py": CODE}, config="triage: {mode: bedrock}\n")
    ran = scan(root, "--config", root / ".oreva.yml")
    assert ran.findings[0]["verdict"]["triaged_by"] == "bedrock"


def test_a_change_is_judged_too(bedrock, tree, scan, git) -> None:
    root = tree({"app.py": "x = 1\n"})
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    (root / "app.py").write_text(CODE)
    ran = scan(root, "--diff", "HEAD", "--triage", "bedrock")
    assert [(f["new"], f["verdict"]["triaged_by"]) for f in ran.findings] == [(True, "bedrock")]
    assert ran.report["scan"]["triage"]["calls"] == 1


def test_no_region_is_an_error_before_anything_is_scanned(bedrock, tree, scan, monkeypatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    root = tree({"app.py": CODE})
    ran = scan(root, "--triage", "bedrock")
    assert (ran.code, ran.stdout, ran.err.count("\n")) == (2, b"", 1)
    assert "AWS_REGION" in ran.err
    assert not (root / ".oreva").exists()


def test_a_policy_may_suppress_by_a_model(bedrock, tree, scan) -> None:
    code = "def digest(text):\n    return weak_hash(text)\n"

    def model(request) -> Reply:
        return judge_all(request, "false_positive", 0.97)

    bedrock.model = model
    root = tree({"app.py": code}, config="triage: {policy: {suppress: true}}\n")
    ran = scan(root, "--triage", "bedrock", "--show", "all")
    assert [(f["status"], f["severity"]) for f in ran.findings] == [("suppressed", "medium")]
    assert "triage policy: " in ran.findings[0]["status_reason"]
