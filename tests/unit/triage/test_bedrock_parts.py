"""The parts around the Bedrock triager: client, registry, near-duplicates, budget, what is sent if configured."""

from __future__ import annotations

import json
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oreva.errors import UsageError
from oreva.triage.base import TriageContext
from oreva.triage.bedrock import BedrockTriager
from oreva.triage.bedrock_settings import DEFAULT_MODEL_ID, BedrockSettings, bedrock_client
from oreva.triage.budget import Budget, ModelCall, Price, estimate_tokens
from oreva.triage.registry import triager
from oreva.triage.similarity import ShingleLikeness, TitanLikeness
from tests.unit.triage import converse_server as wire

CODE = "def run(request):\n    eval(request.data)\n"


@pytest.fixture
def server(endpoint, monkeypatch):
    endpoint.requests.clear()
    endpoint.model = wire.judge_all
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    return endpoint


def build(server, **values: object) -> BedrockTriager:
    chosen = BedrockSettings.model_validate({"region": "us-east-1", "endpoint_url": server.url, **values})
    made = triager("bedrock", settings=chosen)
    assert isinstance(made, BedrockTriager)
    return made


class TestClientAndRegistry:
    def test_the_registry_makes_one_that_works(self, server, finding_of) -> None:
        made = build(server)
        (result,) = made.triage([finding_of(CODE, "eval")], TriageContext(files={"app/code.py": CODE}))
        assert made.name == "bedrock"
        assert result.verdict.model_id == DEFAULT_MODEL_ID
        assert "eu-west-9" not in server.requests[0].headers["authorization"]

    def test_without_boto3_the_extra_is_named(self, monkeypatch) -> None:
        monkeypatch.setitem(sys.modules, "boto3", None)
        with pytest.raises(UsageError, match=r"pip install oreva\[aws\]"):
            triager("bedrock")

    def test_without_a_region_the_setting_is_named(self, server) -> None:
        with pytest.raises(UsageError, match=r"set triage\.region or AWS_REGION"):
            triager("bedrock")

    def test_an_endpoint_that_is_none(self, server) -> None:
        with pytest.raises(UsageError, match="no client for Bedrock"):
            bedrock_client(BedrockSettings(region="us-east-1", endpoint_url="not a url"))

    def test_a_profile_that_is_missing(self, server, monkeypatch) -> None:
        monkeypatch.setenv("AWS_PROFILE", "nobody")
        with pytest.raises(UsageError, match="no client for Bedrock"):
            bedrock_client(BedrockSettings())

    def test_without_credentials_nothing_is_asked_twice(self, server, monkeypatch, finding_of) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        findings = [finding_of(CODE, "eval", rule=rule) for rule in ("B1", "B2")]
        results = build(server).triage(findings, TriageContext(files={"app/code.py": CODE}))
        assert {result.untriaged_reason for result in results} == {"Bedrock: there are no AWS credentials"}
        assert server.requests == []

    def test_a_model_that_takes_too_long(self, server, finding_of) -> None:
        import threading  # noqa: PLC0415

        gate = threading.Event()

        def model(request: wire.Request) -> object:
            gate.wait(10)
            return wire.judge_all(request)

        server.model = model
        made = build(server, read_timeout_s=0.2)
        (result,) = made.triage([finding_of(CODE, "eval")], TriageContext(files={"app/code.py": CODE}))
        gate.set()
        assert result.untriaged_reason == "Bedrock: the model did not answer in time"

    def test_temperature_and_guardrail_are_sent_if_set(self, server, finding_of) -> None:
        made = build(server, temperature=0, guardrail=("gr-1", "3"))
        made.triage([finding_of(CODE, "eval")], TriageContext(files={"app/code.py": CODE}))
        body = server.requests[0].body
        assert body["inferenceConfig"]["temperature"] == 0
        assert body["guardrailConfig"] == {"guardrailIdentifier": "gr-1", "guardrailVersion": "3"}


class TestLikeness:
    def test_shingles(self) -> None:
        text = " ".join(f"word{n} = call{n}(x)" for n in range(30))
        near = text.replace("call7(x)", "call7(y)")
        assert ShingleLikeness().leaders([text, near, "os.system(x)", text, ""]) == [0, 0, 2, 0, 4]

    @settings(max_examples=50, deadline=None)
    @given(texts=st.lists(st.text("ab (", max_size=12), max_size=8), threshold=st.floats(0.1, 1))
    def test_groups_do_not_chain_and_equal_texts_are_together(self, texts: list[str], threshold: float) -> None:
        leaders = ShingleLikeness(threshold).leaders(texts)
        assert all(leaders[leader] == leader <= position for position, leader in enumerate(leaders))
        assert all(leaders[texts.index(text)] == leaders[i] for i, text in enumerate(texts))

    def test_titan(self, server) -> None:
        vectors = {"a": [1.0, 0.0], "b": [0.99, 0.05], "c": [0.0, 1.0], "d": [0.0, 0.0], "e": [1.0]}

        def model(request: wire.Request) -> object:
            assert request.model_id == "amazon.titan-embed-text-v2:0"
            assert request.operation == "invoke"
            vector = vectors[request.body["inputText"]]
            return wire.Raw(json.dumps({"embedding": vector, "inputTextTokenCount": 1}).encode())

        server.model = model
        client = bedrock_client(BedrockSettings(region="us-east-1", endpoint_url=server.url))
        assert TitanLikeness(client).leaders(list("abcde")) == [0, 0, 2, 3, 4]
        assert server.requests[0].body["dimensions"] == 512
        server.requests.clear()
        assert TitanLikeness(client).leaders(["a"]) == [0]
        assert server.requests == []

    @pytest.mark.parametrize("answer", [wire.Fault("ThrottlingException"), wire.Raw(b"{}"), wire.Raw(b"<")])
    def test_shingles_stand_in_for_titan(self, server, answer) -> None:
        server.model = lambda request: answer
        client = bedrock_client(BedrockSettings(region="us-east-1", endpoint_url=server.url))
        assert TitanLikeness(client).leaders(["a b", "a b", "c"]) == [0, 0, 2]

    def test_too_many_texts_are_not_embedded(self, server) -> None:
        client = bedrock_client(BedrockSettings(region="us-east-1", endpoint_url=server.url))
        assert TitanLikeness(client).leaders(["a b"] * 300) == [0] * 300
        assert server.requests == []

    def test_the_triager_uses_it_if_set(self, server, finding_of) -> None:
        embedded = b'{"embedding": [1.0], "inputTextTokenCount": 7}'

        def model(request: wire.Request) -> object:
            return wire.judge_all(request) if request.operation == "converse" else wire.Raw(embedded)

        server.model = model
        made = build(server, embedding_model_id="amazon.titan-embed-text-v2:0")
        files = {"a.py": CODE, "b.py": CODE.replace("data", "body")}
        findings = [finding_of(code, "eval", path=path) for path, code in files.items()]
        results = made.triage(findings, TriageContext(files=files))
        assert [request.operation for request in server.requests] == ["invoke", "invoke", "converse"]
        assert all(result.verdict.signals[0].startswith("root-cause-") for result in results)
        assert [call.stop_reason for call in made.budget.calls] == ["embedded", "embedded", "tool_use"]
        assert made.budget.calls[0].input_tokens == 7


class TestBudget:
    @settings(max_examples=80, deadline=None)
    @given(
        limit=st.integers(0, 20_000),
        asked=st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 8), st.floats(0, 1)), max_size=10),
    )
    def test_the_limit_holds_whatever_is_asked(self, limit: int, asked: list[tuple[int, int, float]]) -> None:
        budget = Budget(limit)
        for characters, findings, share in asked:
            room = budget.room_for_reply(characters, findings, 4_000)
            if room:
                spent = {"input_tokens": estimate_tokens(characters), "output_tokens": int(room * share)}
                budget.record(
                    ModelCall(model_id="m", findings=findings, latency_ms=1, attempts=1, stop_reason="", **spent)
                )
        assert budget.spending.input_tokens + budget.spending.output_tokens <= limit
        assert budget.left >= 0
        assert budget.spending.calls == len(budget.calls)

    def test_cost_is_unknown_rather_than_wrong(self) -> None:
        price = Price(input_per_million=Decimal("2.50"), output_per_million=Decimal(10))
        budget = Budget(10_000, {"a": price})
        call = ModelCall(
            model_id="a", findings=1, input_tokens=400, output_tokens=100, latency_ms=5, attempts=1, stop_reason=""
        )
        assert budget.record(call).cost == Decimal("0.002")
        assert budget.spending.cost == Decimal("0.002")
        assert budget.record(call.model_copy(update={"model_id": "b"})).cost is None
        assert budget.spending.cost is None
        assert budget.spending.latency_ms == 10
