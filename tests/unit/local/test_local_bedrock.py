"""The local double of Bedrock, through a real client."""

import json

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from oreva.local.bedrock import MODEL_ID, RATIONALE, ConverseServer

QUESTION = """Rule python.sql
<data-1>
   10  def get(name):
   11>     db.execute("select " + name)
...
   40>     os.system(name)
</data-1>
F1: line 11
F2: lines 40 to 41
"""


@pytest.fixture
def client():
    with ConverseServer() as server:
        yield boto3.client(
            "bedrock-runtime",
            endpoint_url=server.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )


def converse(client, *turns: str):
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": [{"text": text}]} for n, text in enumerate(turns)]
    return client.converse(modelId=MODEL_ID, messages=messages)


def test_it_quotes_the_flagged_line_of_everything_that_is_asked(client):
    answer = converse(client, QUESTION)
    said = answer["output"]["message"]["content"][-1]["toolUse"]["input"]["verdicts"]
    assert [(each["id"], each["evidence"]) for each in said] == [
        ("F1", [{"line": 11, "quote": 'db.execute("select " + name)'}]),
        ("F2", [{"line": 40, "quote": "os.system(name)"}]),
    ]
    assert {each["rationale"] for each in said} == {RATIONALE}
    assert {each["assessment"] for each in said} == {"true_positive"}
    assert answer["stopReason"] == "tool_use"
    assert answer["usage"]["totalTokens"] == answer["usage"]["inputTokens"] + answer["usage"]["outputTokens"]


def test_it_says_the_same_every_time(client):
    assert converse(client, QUESTION)["output"] == converse(client, QUESTION)["output"]


def test_a_repair_turn_is_answered_for_what_it_asks(client):
    answer = converse(client, QUESTION, "nothing", "call the tool with a verdict for each of F2")
    said = answer["output"]["message"]["content"][-1]["toolUse"]["input"]["verdicts"]
    assert [each["id"] for each in said] == ["F2"]


def embed(client, text: str) -> list[float]:
    body = json.dumps({"inputText": text, "dimensions": 256, "normalize": True})
    answer = client.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=body)
    return json.loads(answer["body"].read())["embedding"]


def test_embeddings_are_unit_vectors_in_which_like_is_near_like(client):
    one, same, near, far = (
        embed(client, text)
        for text in ("db.execute(sql + name)", "db.execute(sql + name)", "db.execute(sql + user)", "return 404 if x")
    )

    def cosine(a, b):
        return sum(x * y for x, y in zip(a, b, strict=True))

    assert len(one) == 256
    assert one == same
    assert cosine(one, one) == pytest.approx(1)
    assert cosine(one, near) > 0.7 > cosine(one, far)


def test_another_operation_is_refused_as_bedrock_does(client):
    with pytest.raises(ClientError, match="does not speak") as caught:
        client.count_tokens(modelId=MODEL_ID, input={"invokeModel": {"body": b"{}"}})
    assert caught.value.response["Error"]["Code"] == "ValidationException"
