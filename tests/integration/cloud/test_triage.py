"""Triage in the pipeline in AWS: by a model behind an endpoint that speaks Converse, by heuristics, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from oreva.cloud import layout, triage
from oreva.cloud.messages import BatchMessage
from oreva.cloud.services import Services
from oreva.cloud.verdicts import BatchVerdicts
from oreva.errors import StoreError
from oreva.models import Assessment, DismissalKind, Status, TriageMemory, utc_now
from tests.integration.cloud.conftest import Cloud
from tests.integration.cloud.test_pipeline import RULES, small
from tests.unit.triage.converse_server import ConverseServer, Fault, Reply, Request, judge_all

PRICES = '{"first": {"input_per_million": "3", "output_per_million": "15"}}'


@pytest.fixture
def bedrock(monkeypatch) -> Iterator[ConverseServer]:
    with ConverseServer() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url)
        yield server


def configured(code: str, policy: str, severity: str = "HIGH") -> dict[str, bytes]:
    """A tree with one module and a triage section in its configuration."""
    files = small(app=code)
    config = files[".oreva.yml"] + policy.encode()
    return files | {
        ".oreva.yml": config,
        "rules/team.yaml": RULES.replace(b"HIGH\n    message", severity.encode() + b"\n    message"),
    }


def findings(deployed, request) -> list[dict[str, Any]]:
    return deployed.report(request)["findings"]


def test_a_model_judges_what_is_new_and_costs_are_told(cloud, bedrock) -> None:
    deployed = cloud(triage="bedrock", model_id="first", prices=PRICES)
    request = deployed.upload(small(app="def f(x):\n    exec(x)\n"))
    receipt = deployed.run(request)
    (finding,) = findings(deployed, request)
    assert (finding["verdict"]["triaged_by"], finding["verdict"]["model_id"]) == ("bedrock", "first")
    assert finding["verdict"]["evidence"] == [{"path": "app.py", "line": 2, "quote": "exec(x)"}]
    spent = {"calls": 1, "input_tokens": 1000, "output_tokens": 100, "latency_ms": 700, "cost": "0.0045"}
    assert deployed.report(request)["scan"]["triage"] == spent
    assert deployed.services.store.scan("archive/shop", request.scan_id).triage.model_dump() == spent
    assert deployed.counted == [{"ModelCalls": 1, "ModelTokens": 1100, "ModelCost": 0.0045}]
    assert {name: value for name, value in receipt.measures.items() if name.startswith("Model")} == {
        "ModelCostOfScan": 0.0045  # of the whole scan, beside what Triage has counted
    }
    assert receipt.measures["Untriaged"] == 0
    recorded = deployed.services.artifacts.get_model(layout.verdicts(request.scan_id, 0), BatchVerdicts)
    assert [(call.model_id, call.findings, call.input_tokens) for call in recorded.calls] == [("first", 1, 1000)]
    # Nothing new: nobody is asked. A new finding: asked about it alone.
    deployed.run(deployed.upload(small(app="def f(x):\n    exec(x)\n")))
    assert len(bedrock.requests) == 1
    deployed.run(deployed.upload(small(app="def f(x):\n    exec(x)\n", other="def g(y):\n    exec(y + 1)\n")))
    assert [len(asked.asked) for asked in bedrock.requests] == [1, 1]
    assert [measures["ModelCalls"] for measures in deployed.counted] == [1, 1]


def test_what_a_model_costs_is_counted_as_it_is_spent(cloud, bedrock, monkeypatch) -> None:
    """Whatever becomes of the batch, of its function, and of the scan."""
    monkeypatch.setattr(triage, "PORTION", 1)
    deployed = cloud(triage="bedrock", model_id="first", prices=PRICES)
    request = deployed.upload(small(a="exec(x)\n", b="exec(y)\n"))
    deployed.scanning(request)
    judge = triage._second_opinions

    def crash(*arguments: Any) -> Any:
        if len(deployed.counted) == 1:
            raise StoreError("the table is gone")
        return judge(*arguments)

    monkeypatch.setattr(triage, "_second_opinions", crash)
    with pytest.raises(StoreError):
        deployed.analyzing(request)
    one = {"ModelCalls": 1, "ModelTokens": 1100, "ModelCost": 0.0045}
    assert deployed.counted == [one, one]


def test_without_prices_calls_are_counted_and_no_cost(cloud, bedrock) -> None:
    deployed = cloud(triage="bedrock", model_id="first")
    receipt = deployed.run(deployed.upload(small(app="exec(x)\n")))
    assert deployed.counted == [{"ModelCalls": 1, "ModelTokens": 1100}]
    assert not [name for name in receipt.measures if name.startswith("Model")]


def test_decisions_of_people_are_shown_to_the_model(cloud, bedrock) -> None:
    deployed = cloud(triage="off")
    deployed.run(deployed.upload(small(app="def f(x):\n    exec(x)\n")))
    (finding,) = deployed.services.store.findings("archive/shop")
    memory = TriageMemory(
        repository="archive/shop",
        rule_id="semgrep:team.exec",
        id="01JG0000000000000000000000",
        finding_id=finding.id,
        decision=DismissalKind.FALSE_POSITIVE,
        reason="Told apart by a person.",
        snippet=finding.snippet,
        at=utc_now(),
    )
    deployed.services.store.put_memory(memory)
    asking = Cloud(deployed.name, Services(deployed.services.settings.model_copy(update={"triage": "bedrock"})), "")
    asking.run(asking.upload(small(app="def f(x):\n    exec(x)\n")))
    assert ["Told apart by a person." in asked.question for asked in bedrock.requests] == [True]


@pytest.mark.parametrize("fault", ["AccessDeniedException", "ServiceUnavailableException"])
def test_with_bedrock_down_findings_stay_open_with_the_reason(cloud, bedrock, fault, monkeypatch) -> None:
    monkeypatch.setattr(triage, "ATTEMPTS", 1)
    bedrock.model = lambda request: Fault(fault)
    deployed = cloud(triage="bedrock", model_id="first")
    request = deployed.upload(small(app="exec(x)\n", other="exec(y)\n"))
    receipt = deployed.run(request)
    assert [(f["status"], f["verdict"]) for f in findings(deployed, request)] == [("open", None)] * 2
    assert all(f["untriaged_reason"].startswith("Bedrock: ") for f in findings(deployed, request))
    assert receipt.measures["Untriaged"] == 2
    (event,) = [detail for kind, detail in deployed.events() if kind == "Scan Completed"]
    assert event["untriaged"] == 2
    # The next scan asks again, although nothing has changed.
    bedrock.model = judge_all
    again = deployed.upload(small(app="exec(x)\n", other="exec(y)\n"))
    deployed.run(again)
    assert {f["verdict"]["triaged_by"] for f in findings(deployed, again)} == {"bedrock"}


def test_new_rules_do_not_cost_a_verdict_that_cannot_be_had_again(cloud, bedrock, monkeypatch) -> None:
    monkeypatch.setattr(triage, "ATTEMPTS", 1)
    deployed = cloud(triage="bedrock", model_id="first")
    files = small(app="exec(x)\n")
    deployed.run(deployed.upload(files))
    bedrock.model = lambda request: Fault("AccessDeniedException")
    reworded = RULES.replace(b"Text is run as code.", b"Text is run as code, which is bad.")
    request = deployed.upload({**files, "rules/team.yaml": reworded})
    deployed.run(request)
    assert len(bedrock.requests) == 2
    (finding,) = findings(deployed, request)
    assert (finding["verdict"]["triaged_by"], finding["untriaged_reason"]) == ("bedrock", "")


def test_a_batch_that_is_lost_leaves_its_findings_untriaged(cloud) -> None:
    deployed = cloud()
    request = deployed.upload(small(app="exec(x)\n"))
    deployed.scanning(request)
    deployed.analyzing(request)
    artifacts = deployed.services.artifacts
    artifacts._client.delete_object(Bucket=artifacts.bucket, Key=layout.verdicts(request.scan_id, 0))
    receipt = deployed.reporting(request)
    (finding,) = findings(deployed, request)
    assert (finding["status"], finding["verdict"]) == ("open", None)
    assert "triage failed" in finding["untriaged_reason"]
    assert (receipt.measures["TriageBatchesFailed"], receipt.measures["Untriaged"]) == (1, 1)


def test_settings_that_are_wrong_cost_the_verdict_only(cloud, bedrock) -> None:
    deployed = cloud(triage="bedrock", model_id="first", prices='{"first": {"input_per_million": -1}}')
    request = deployed.upload(small(app="exec(x)\n"))
    deployed.run(request)
    assert "setting prices: first" in findings(deployed, request)[0]["untriaged_reason"]
    assert bedrock.requests == []


def test_no_tokens_no_question(cloud, bedrock) -> None:
    deployed = cloud(triage="bedrock", model_id="first")
    request = deployed.upload(configured("exec(x)\n", "triage: {token_budget: 100}\n"))
    deployed.run(request)
    assert "budget of 100 tokens" in findings(deployed, request)[0]["untriaged_reason"]
    assert bedrock.requests == []


@pytest.mark.parametrize(
    ("allowed", "wanted", "by"),
    [
        ("bedrock", "", "bedrock"),
        ("bedrock", "triage: {mode: heuristic}\n", "heuristic"),
        ("heuristic", "triage: {mode: bedrock}\n", "heuristic"),
        ("bedrock", "triage: {mode: 'off'}\n", None),
        ("off", "triage: {mode: bedrock}\n", None),
    ],
)
def test_the_default_branch_may_ask_for_less_than_the_deployment_allows(cloud, bedrock, allowed, wanted, by) -> None:
    deployed = cloud(triage=allowed, model_id="first")
    request = deployed.upload(configured("exec(x)\n", wanted))
    deployed.run(request)
    (finding,) = findings(deployed, request)
    assert (finding["verdict"] or {}).get("triaged_by") == by
    assert (finding["untriaged_reason"] == triage.OFF) is (by is None)
    assert len(bedrock.requests) == (by == "bedrock")


class TestSecondOpinions:
    POLICY = "triage: {policy: {suppress: true, allow_high: true, max_severity: high}}\n"
    CODE = "def f(x):\n    exec(x)\n"

    @staticmethod
    def false_alarm(request: Request) -> Reply:
        return judge_all(request, "false_positive", 0.97)

    def deploy(self, cloud, **more: Any) -> Any:
        return cloud(triage="bedrock", model_id="first", second_model_id="second", **more)

    def test_two_models_that_agree_suppress_a_severe_finding_and_keep_it_so(self, cloud, bedrock) -> None:
        bedrock.model = self.false_alarm
        deployed = self.deploy(cloud)
        files = configured(self.CODE, self.POLICY)
        first = deployed.upload(files)
        deployed.run(first)
        (finding,) = findings(deployed, first)
        assert (finding["status"], finding["severity"]) == ("suppressed", "high")
        assert "first" in finding["status_reason"]
        assert "second" in finding["status_reason"]
        assert [asked.model_id for asked in bedrock.requests] == ["first", "second"]
        assert "Finding Opened" not in [kind for kind, _ in deployed.events()]
        assert sum(measures["ModelCalls"] for measures in deployed.counted) == 2

        again = deployed.upload(files)
        deployed.run(again)
        assert findings(deployed, again)[0]["status"] == "suppressed"
        assert len(bedrock.requests) == 2  # both verdicts are in the table

        without = deployed.upload(configured(self.CODE, "triage: {policy: {suppress: true}}\n"))
        deployed.run(without)
        assert findings(deployed, without)[0]["status"] == "open"
        assert [kind for kind, _ in deployed.events()].count("Finding Opened") == 1

    def test_one_that_disagrees_keeps_it_open(self, cloud, bedrock) -> None:
        bedrock.model = lambda asked: self.false_alarm(asked) if asked.model_id == "first" else judge_all(asked)
        deployed = self.deploy(cloud)
        request = deployed.upload(configured(self.CODE, self.POLICY))
        deployed.run(request)
        assert findings(deployed, request)[0]["status"] == "open"
        assert findings(deployed, request)[0]["verdict"]["assessment"] == Assessment.FALSE_POSITIVE

    def test_it_is_not_asked_where_the_policy_could_not_use_it(self, cloud, bedrock) -> None:
        bedrock.model = self.false_alarm
        deployed = self.deploy(cloud)
        request = deployed.upload(configured(self.CODE, "triage: {policy: {suppress: true}}\n"))
        deployed.run(request)
        assert [asked.model_id for asked in bedrock.requests] == ["first"]
        (finding,) = deployed.services.store.findings("archive/shop")
        assert finding.status is Status.OPEN


def test_a_batch_that_runs_out_of_time_says_so(cloud, bedrock, monkeypatch) -> None:
    monkeypatch.setattr(triage, "PORTION", 1)
    deployed = cloud(triage="bedrock", model_id="first")
    request = deployed.upload(small(a="exec(x)\n", b="exec(y)\n", c="exec(z)\n"))
    deployed.scanning(request)
    with monkeypatch.context() as patch:
        patch.setattr(triage, "run", lambda *_arguments, **_named: None)
        deployed.analyzing(request)
    receipt = triage.run(BatchMessage(request=request, batch=0), deployed.services, remaining_s=triage.RESERVE_S - 1)
    assert (receipt.verdicts, receipt.untriaged) == (1, 2)
    deployed.reporting(request)
    reasons = sorted(f["untriaged_reason"] for f in findings(deployed, request))
    assert reasons == ["", triage.OUT_OF_TIME, triage.OUT_OF_TIME]
