"""What a store must bring to be held to the contract: how to open it, here and in another process."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import boto3
import pytest
from botocore.config import Config

from oreva.local.aws import EmbeddedAws
from oreva.models import (
    Baseline,
    Detection,
    Finding,
    FindingEvent,
    Fingerprints,
    Scan,
    Source,
)
from oreva.store.base import FindingStore
from oreva.store.dynamodb import DynamoDbStore, create_table
from oreva.store.sqlite import SqliteStore
from tests.contract.dynamodb_server import ACCESS


class StoreFactory(Protocol):
    """One empty place to store things in."""

    def open(self) -> FindingStore:
        """A new store object on that place."""

    def opening_code(self) -> str:
        """Python code that sets `store` to a store on that place, for a process of its own."""


@dataclass(frozen=True)
class SqliteFactory:
    path: Path

    def open(self) -> FindingStore:
        return SqliteStore(self.path)

    def opening_code(self) -> str:
        return (
            "from pathlib import Path\nfrom oreva.store.sqlite import SqliteStore\n"
            f"store = SqliteStore(Path({str(self.path)!r}))\n"
        )


class DynamoDbEndpoint(Protocol):
    """Something that speaks DynamoDB's protocol on a local port."""

    url: str

    def client(self) -> Any:
        """A client of it."""


@dataclass(frozen=True)
class Embedded:
    """DynamoDB as `oreva up` has it: another implementation than moto's, in a process of its own."""

    url: str

    def client(self) -> Any:
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=50)
        return boto3.session.Session(**ACCESS).client("dynamodb", endpoint_url=self.url, config=config)


@dataclass(frozen=True)
class DynamoDbFactory:
    table: str
    server: DynamoDbEndpoint

    def open(self) -> FindingStore:
        return DynamoDbStore(self.table, self.server.client())

    def opening_code(self) -> str:
        return (
            "import boto3\nfrom oreva.store.dynamodb import DynamoDbStore\n"
            f"client = boto3.client('dynamodb', endpoint_url={self.server.url!r}, **{ACCESS!r})\n"
            f"store = DynamoDbStore({self.table!r}, client)\n"
        )


@pytest.fixture(scope="session")
def embedded_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    folder = tmp_path_factory.mktemp("aws")
    with EmbeddedAws(work=folder, log_file=folder / "log") as aws:
        yield Embedded(aws.url)


SERVERS = {"dynamodb": "dynamodb_server", "embedded": "embedded_aws"}
"""Where DynamoDB is played: by moto behind promises of transactions, and by the embedded AWS."""


@pytest.fixture(params=["sqlite", *SERVERS])
def store_factory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StoreFactory]:
    """Another implementation registers itself here: a name in `params` and a branch below."""
    if request.param == "sqlite":
        yield SqliteFactory(tmp_path / "oreva.db")
        return
    server: DynamoDbEndpoint = request.getfixturevalue(SERVERS[request.param])
    table, client = f"oreva-{uuid.uuid4().hex}", server.client()
    create_table(client, table)
    yield DynamoDbFactory(table, server)
    client.delete_table(TableName=table)


@pytest.fixture
def store(store_factory: StoreFactory) -> Iterator[FindingStore]:
    opened = store_factory.open()
    yield opened
    opened.close()


class Make:
    """Builds models with plain values where a test does not care."""

    repository = "github/acme/shop"
    moment = dt.datetime(2026, 5, 1, 12, 30, 0, 123000, tzinfo=dt.UTC)

    def ulid(self, number: int) -> str:
        return f"01{number:024d}"

    def detection(self, **fields: Any) -> Detection:
        values = {
            "scanner": "semgrep",
            "rule_id": "python.sql-injection",
            "path": "shop/db.py",
            "start_line": 3,
            "start_col": 5,
            "end_line": 3,
            "end_col": 40,
            "severity": "high",
            "confidence": "medium",
            "message": "SQL built from input",
        }
        return Detection.model_validate(values | fields)

    def fingerprints(self, **fields: Any) -> Fingerprints:
        values = {"rule": "a" * 32, "code": "b" * 32, "context": "c" * 32, "primary_location_line_hash": "f00:1"}
        return Fingerprints.model_validate(values | fields)

    def finding(self, number: int = 0, **fields: Any) -> Finding:
        values = {
            "id": self.ulid(number),
            "severity": "high",
            "confidence": "medium",
            "title": "SQL injection",
            "message": "SQL built from input",
            "path": "shop/db.py",
            "start_line": 3,
            "end_line": 3,
            "snippet": "cursor.execute(query)",
            "detections": (self.detection(),),
            "fingerprints": (self.fingerprints(),),
            "first_seen": self.moment,
        }
        return Finding.model_validate(values | fields)

    def event(self, number: int, finding_id: str, **fields: Any) -> FindingEvent:
        values = {
            "id": self.ulid(number),
            "finding_id": finding_id,
            "at": self.moment,
            "actor": "scan:x",
            "change": "opened",
            "to_status": "open",
        }
        return FindingEvent.model_validate(values | fields)

    def scan(self, number: int = 0, **fields: Any) -> Scan:
        values = {
            "id": self.ulid(number),
            "source": Source(provider="github", repository="acme/shop", ref="main"),
            "state": "completed",
            "sequence": number,
            "started_at": self.moment,
            "ruleset_digest": "d" * 64,
            "scanners": {"semgrep": "1.0", "bandit": "1.0"},
        }
        return Scan.model_validate(values | fields)

    def baseline(self, number: int = 0, **fields: Any) -> Baseline:
        values = {
            "repository": self.repository,
            "branch": "main",
            "scan_id": self.ulid(number),
            "sequence": number,
            "ruleset_digest": "d" * 64,
            "at": self.moment,
        }
        return Baseline.model_validate(values | fields)


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()
