"""What is written down of a call: names of things, and nothing else."""

import pytest

from oreva.local.recording import names_in

CASES = {
    "an object": (
        {"Bucket": "artifacts", "Key": "scans/1/plan.json.gz", "Body": b"code", "ContentType": "text/plain"},
        {"Bucket": "artifacts", "Key": "scans/1/plan.json.gz"},
    ),
    "an item by its typed key": (
        {"TableName": "t", "Key": {"PK": {"S": "REPO#a"}, "SK": {"S": "SCAN#1"}}, "ConsistentRead": True},
        {"TableName": "t", "Keys": [{"PK": "REPO#a", "SK": "SCAN#1"}]},
    ),
    "a plain item": (
        {"TableName": "t", "Item": {"PK": "REPO#a", "SK": "SCAN#1", "body": "secret"}},
        {"TableName": "t", "Keys": [{"PK": "REPO#a", "SK": "SCAN#1"}]},
    ),
    "a query of an index": (
        {"TableName": "t", "IndexName": "queue", "Limit": 1},
        {"TableName": "t", "IndexName": "queue"},
    ),
    "a batch of reads": (
        {"RequestItems": {"t": {"Keys": [{"PK": {"S": "a"}, "SK": {"S": "b"}}]}}},
        {"TableName": ["t"], "Keys": [{"PK": "a", "SK": "b"}]},
    ),
    "a batch of writes": (
        {
            "RequestItems": {
                "t": [
                    {"PutRequest": {"Item": {"PK": {"S": "a"}, "SK": {"S": "b"}, "body": {"S": "code"}}}},
                    {"DeleteRequest": {"Key": {"PK": {"S": "c"}, "SK": {"S": "d"}}}},
                ]
            }
        },
        {"TableName": ["t"], "Keys": [{"PK": "a", "SK": "b"}, {"PK": "c", "SK": "d"}]},
    ),
    "a transaction": (
        {
            "TransactItems": [
                {"Put": {"TableName": "t", "Item": {"PK": {"S": "a"}, "SK": {"S": "b"}}}},
                {"ConditionCheck": {"TableName": "t", "Key": {"PK": {"S": "c"}, "SK": {"S": "d"}}}},
            ]
        },
        {"TableName": ["t"], "Keys": [{"PK": "a", "SK": "b"}, {"PK": "c", "SK": "d"}]},
    ),
    "events": (
        {
            "Entries": [
                {"EventBusName": "bus", "Source": "oreva", "Detail": "{}"},
                {"EventBusName": "bus", "Source": "oreva", "Detail": "{}"},
            ]
        },
        {"EventBusName": ["bus"], "Source": "oreva"},
    ),
    "a secret": ({"SecretId": "oreva/github"}, {"SecretId": "oreva/github"}),
    "a model": ({"modelId": "m", "messages": [{"content": "code"}]}, {"modelId": "m"}),
}


@pytest.mark.parametrize("name", CASES)
def test_only_names_are_kept(name):
    parameters, expected = CASES[name]
    assert names_in(parameters) == expected
