"""The key layout of the DynamoDB table, and the table's definition as data.

Everything lies in one table. Text of unknown length becomes a key only through `bounded`, text of unknown content only
through `to_key`; where text stands in the middle of a key its `#` is escaped too, so that no two keys run together.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from oreva.models import Finding, FindingEvent, Severity, Status
from oreva.store.records import to_key

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, CreateTableInputTypeDef

    Item = dict[str, AttributeValueTypeDef]

PARTITION_LIMIT = 2048
"""Bytes of a partition key; DynamoDB's limit."""
SORT_LIMIT = 1024
"""Bytes of a sort key; DynamoDB's limit."""
QUEUE_SHARDS = 10
EXPIRES = "expires"
"""The TTL attribute: seconds since 1970."""

QUEUE_INDEX = "queue"
CWE_INDEX = "cwe"

TABLE: CreateTableInputTypeDef = {
    "TableName": "oreva",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")
    ],
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": QUEUE_INDEX,
            "KeySchema": [
                {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                {"AttributeName": "GSI1SK", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        },
        {
            "IndexName": CWE_INDEX,
            "KeySchema": [
                {"AttributeName": "GSI2PK", "KeyType": "HASH"},
                {"AttributeName": "GSI2SK", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        },
    ],
}
"""What `CreateTable` is given. The indexes hold keys only: bodies are read from the table, so a write costs one unit
per index, whatever the size of the finding."""


def create_table(client: DynamoDBClient, name: str) -> None:
    """Make the table for tests and local use (a deployment makes it with CDK), and wait until it can be used."""
    definition: CreateTableInputTypeDef = {**TABLE, "TableName": name}
    client.create_table(**definition)
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRES})


def key(partition: str, sort: str) -> Item:
    """The primary key of one item, as DynamoDB writes it."""
    return {"PK": {"S": bounded(partition, PARTITION_LIMIT)}, "SK": {"S": bounded(sort, SORT_LIMIT)}}


def bounded(text: str, limit: int) -> str:
    """The text, or its beginning and its SHA-256 if it is longer than `limit` bytes."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    digest = hashlib.sha256(encoded).hexdigest()
    return f"{encoded[: limit - len(digest) - 1].decode('utf-8', 'ignore')}#{digest}"


def repository_partition(repository: str) -> str:
    """Where findings, scans, baselines and memories of a repository lie."""
    return bounded(f"REPO#{to_key(repository)}", PARTITION_LIMIT)


def finding_key(repository: str, finding_id: str) -> Item:
    """A finding in its repository."""
    return key(repository_partition(repository), f"FINDING#{to_key(finding_id)}")


def scan_key(repository: str, scan_id: str) -> Item:
    """A scan in its repository."""
    return key(repository_partition(repository), f"SCAN#{to_key(scan_id)}")


def baseline_key(repository: str, branch: str) -> Item:
    """The baseline of one branch."""
    return key(repository_partition(repository), f"BASELINE#{to_key(branch)}")


def event_partition(finding_id: str) -> str:
    """Where the life of one finding lies."""
    return bounded(f"FINDING#{to_key(finding_id)}", PARTITION_LIMIT)


def event_key(event: FindingEvent) -> Item:
    """One change in a finding's life; sorts by time."""
    return key(event_partition(event.finding_id), f"EVENT#{stamp(event.at)}#{to_key(event.id)}")


def cwe_key(repository: str, finding_id: str, cwe: str) -> Item:
    """A small item that puts a finding under one more CWE in the index."""
    return key(repository_partition(repository), f"CWE#{_inner(cwe_number(cwe))}#{to_key(finding_id)}")


def memory_prefix(rule_id: str) -> str:
    """The beginning of the sort keys of all memories of a rule."""
    return bounded(f"MEMORY#{_inner(rule_id)}", SORT_LIMIT // 2) + "#"


def verdict_key(verdict: str) -> Item:
    """A cached verdict."""
    return key(f"VERDICT#{to_key(verdict)}", "VERDICT")


def branch_partition(scan_id: str) -> str:
    """Where the findings of a scan off the default branch lie."""
    return bounded(f"SCAN#{to_key(scan_id)}", PARTITION_LIMIT)


def queue_partition(status: Status, severity: Severity, shard: int) -> str:
    """One write shard of the work queue."""
    return f"STATUS#{status}#{severity}#{shard}"


def cwe_partition(cwe: str) -> str:
    """All findings with one CWE."""
    return bounded(f"CWE#{to_key(cwe_number(cwe))}", PARTITION_LIMIT)


def cwe_number(cwe: str) -> str:
    """`89` of `CWE-89`; any other text as it is."""
    return cwe.removeprefix("CWE-")


def queue_keys(finding: Finding) -> Item:
    """Where the finding stands in the work queue."""
    shard = int(hashlib.sha256(to_key(finding.id).encode()).hexdigest(), 16) % QUEUE_SHARDS
    return {
        "GSI1PK": {"S": queue_partition(finding.status, finding.severity, shard)},
        "GSI1SK": {"S": bounded(f"{stamp(finding.first_seen)}#{to_key(finding.id)}", SORT_LIMIT)},
    }


def queue_position(partition: str, repository: str, first_seen: dt.datetime, finding_id: str) -> Item:
    """A place in one write shard of the work queue, whether or not a finding stands there."""
    moment = {"GSI1SK": {"S": bounded(f"{stamp(first_seen)}#{to_key(finding_id)}", SORT_LIMIT)}}
    return {**finding_key(repository, finding_id), "GSI1PK": {"S": partition}, **moment}  # type: ignore[dict-item]


def cwe_keys(finding: Finding, cwe: str) -> Item:
    """Where the finding stands in the index of one CWE."""
    return {
        "GSI2PK": {"S": cwe_partition(cwe)},
        "GSI2SK": {"S": bounded(f"{finding.status}#{to_key(finding.id)}", SORT_LIMIT)},
    }


def place_of_finding(entry: Item) -> Item:
    """The key of the finding that an entry of an index stands for."""
    if entry["SK"]["S"].startswith("FINDING#"):
        return {"PK": entry["PK"], "SK": entry["SK"]}
    finding_id = entry["GSI2SK"]["S"].partition("#")[2]
    return {"PK": entry["PK"], "SK": {"S": f"FINDING#{finding_id}"}}


def stamp(moment: dt.datetime) -> str:
    """A moment as text that sorts by time: UTC, to the microsecond, always 27 characters."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _inner(text: str) -> str:
    """Text in the middle of a key."""
    return to_key(text).replace("#", "\\u0023")
