"""AWS as the functions of the tests need it, and the pipeline as the state machine drives it, function by function."""

import json
import shutil
import tarfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from oreva.cloud import layout
from oreva.models import Finding
from oreva.store.dynamodb import DynamoDbStore, create_table
from tests.contract.dynamodb_server import ACCESS, DynamoDbServer
from tests.image.container import SERVICES_PORT, Engine, Function

CALLER = {"iam": {"userArn": "arn:aws:iam::000000000000:user/tester"}}
WEBHOOK_SECRET = "a secret of the tests"
SETTINGS = {
    "AWS_DEFAULT_REGION": ACCESS["region_name"],
    "AWS_REGION": ACCESS["region_name"],
    "OREVA_ALLOWED_REPOSITORIES": "acme/*,flask,shop",
    "OREVA_BUCKET": "oreva-artifacts",
    "OREVA_BUS": "oreva-bus",
    "OREVA_SECRET": "oreva-github",
    "OREVA_TABLE": "oreva",
    "OREVA_TRIAGE": "heuristic",
}
MEMORY_MB = {"webhook": 512, "api": 1024, "fetch": 3008, "scan": 3008, "deduplicate": 3008, "triage": 1024,
             "report": 3008, "fail": 512}  # fmt: skip
TIMEOUT_S = {"webhook": 10, "api": 29, "fail": 60}
SCANNER_IMAGE = ("fetch", "scan")


class Cloud:
    """Bucket, bus and secret at `services` (host:port), and the table."""

    def __init__(self, services: str, dynamodb: DynamoDbServer) -> None:
        self.services = services
        self.dynamodb = dynamodb.url.removeprefix("http://")
        self._session = boto3.session.Session(**ACCESS)
        self.s3 = self._client("s3")
        place = {"LocationConstraint": ACCESS["region_name"]}
        self.s3.create_bucket(Bucket=SETTINGS["OREVA_BUCKET"], CreateBucketConfiguration=place)
        create_table(dynamodb.client(), SETTINGS["OREVA_TABLE"])
        self._client("events").create_event_bus(Name=SETTINGS["OREVA_BUS"])
        secret = json.dumps({"webhook_secret": WEBHOOK_SECRET, "token": "none"})
        self._client("secretsmanager").create_secret(Name=SETTINGS["OREVA_SECRET"], SecretString=secret)
        self.store = DynamoDbStore(SETTINGS["OREVA_TABLE"], dynamodb.client())

    def _client(self, name: str) -> Any:
        return self._session.client(name, endpoint_url=f"http://{self.services}")  # type: ignore[call-overload]

    def read(self, key: str) -> bytes:
        """One artifact."""
        return bytes(self.s3.get_object(Bucket=SETTINGS["OREVA_BUCKET"], Key=key)["Body"].read())

    def put(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        """Put to an address that a function signed; it knows the services under another port."""
        url = url.replace(f"127.0.0.1:{SERVICES_PORT}", self.services)
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PUT")) as answer:
            assert answer.status == 200

    def findings(self, repository: str) -> list[Finding]:
        """Everything in the table that is known of a repository."""
        return list(self.store.findings(repository))


@dataclass
class Pipeline:
    """Functions in containers, each started when it is first needed and kept warm."""

    engine: Engine
    cloud: Cloud
    settings: dict[str, str] = field(default_factory=dict)
    timeout_s: dict[str, int] = field(default_factory=dict)
    cold: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Function to the seconds until it was ready, and of its first invocation."""
    warm: dict[str, list[float]] = field(default_factory=dict)
    """Function to the seconds of each later invocation."""
    _running: dict[str, Function] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> "Pipeline":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def function(self, name: str) -> Function:
        """The container of one function. Scan knows where S3 is, and no other service."""
        if name not in self._running:
            self._running[name] = self._stack.enter_context(
                Function(
                    self.engine,
                    "scanner" if name in SCANNER_IMAGE else "control",
                    f"handlers.{name}.handler",
                    memory_mb=MEMORY_MB[name],
                    timeout_s=self.timeout_s.get(name, TIMEOUT_S.get(name, 120)),
                    variables=SETTINGS | self.settings,
                    endpoints={"AWS_ENDPOINT_URL_S3": self.cloud.services}
                    if name == "scan"
                    else {"AWS_ENDPOINT_URL": self.cloud.services, "AWS_ENDPOINT_URL_DYNAMODB": self.cloud.dynamodb},
                )
            )
        return self._running[name]

    def call(self, name: str, event: object) -> Any:
        """Invoke a function, which must not fail."""
        function = self.function(name)
        answer = function.invoke(event)
        assert not answer.failed, f"{name}: {answer.payload}\n{function.logs()}"
        if name in self.cold:
            self.warm.setdefault(name, []).append(answer.seconds)
        else:
            self.cold[name] = (function.cold_start_s, answer.seconds)
        return answer.payload

    def http(self, method: str, path: str, body: object = None, function: str = "api", **headers: str) -> Any:
        """Send a request through a function as API Gateway does; returns the answer with its body parsed."""
        path, _, query = path.partition("?")
        pairs = dict(part.split("=", 1) for part in query.split("&")) if query else None
        text = body if isinstance(body, str) else json.dumps(body)
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {"content-type": "application/json", "host": "api.example.com", **headers},
            "queryStringParameters": pairs,
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "api",
                "authorizer": CALLER,
                "domainName": "api.example.com",
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                         "userAgent": "tests"},
                "requestId": "one",
                "routeKey": "$default",
                "stage": "$default",
                "time": "12/Mar/2026:19:03:58 +0000",
                "timeEpoch": 1_773_342_238_000,
            },
            "isBase64Encoded": False,
            **({} if body is None else {"body": text}),
        }  # fmt: skip
        answer = self.call(function, event)
        assert answer["statusCode"] < 500, f"{answer}\n{self.function(function).logs()[-4000:]}"
        return answer | {"body": json.loads(answer["body"])}

    def start(self, tree: Path, repository: str) -> dict[str, Any]:
        """Upload a folder and ask for a scan of it; returns the request that went out on the bus."""
        with packed(tree) as archive:
            wanted = {"repository": repository, "bytes": len(archive)}
            upload = self.http("POST", "/v1/uploads", wanted)
            assert upload["statusCode"] == 201, upload
            self.cloud.put(upload["body"]["url"], archive, upload["body"]["headers"])
        scan = {"repository": repository, "upload_id": upload["body"]["upload_id"]}
        accepted = self.http("POST", "/v1/scans", scan)
        assert accepted["statusCode"] == 202, accepted
        request: dict[str, Any] = json.loads(self.cloud.read(layout.request(accepted["body"]["scan_id"])))
        return request

    def run(self, request: dict[str, Any]) -> "Done":
        """Scanning, Analyzing, Reporting, as the state machine does it."""
        fetched = self.call("fetch", {"request": request})
        shards = json.loads(self.cloud.read(fetched["shards_key"]))
        receipts = [self.call("scan", shard) for shard in shards]
        deduplicated = self.call("deduplicate", {"request": request})
        for batch in deduplicated["batches"]:
            self.call("triage", {"request": request, "batch": batch})
        reported = self.call("report", {"request": request})
        report = json.loads(self.cloud.read(layout.report(request["scan_id"], "json")))
        return Done(request, receipts, reported, report)


@dataclass(frozen=True)
class Done:
    """What came of one scan."""

    request: dict[str, Any]
    receipts: list[dict[str, Any]]
    reported: dict[str, Any]
    report: dict[str, Any]

    @property
    def gaps(self) -> dict[tuple[str, str], str]:
        """Path and scanner to the reason."""
        return {(gap["path"], gap["scanner"]): gap["reason"] for gap in self.report["coverage"]["gaps"]}


@contextmanager
def packed(tree: Path) -> Iterator[bytes]:
    """A folder as .tar.gz."""
    archive = tree.parent / f"{tree.name}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tree, tree.name)
    try:
        yield archive.read_bytes()
    finally:
        archive.unlink()


def detections(report: dict[str, Any]) -> set[tuple[str, str, str, int, int]]:
    """Every detection of a report in JSON: scanner, rule, path, line, column."""
    return {
        (d["scanner"], d["rule_id"], d["path"], d["start_line"], d["start_col"])
        for finding in report["findings"]
        for d in finding["detections"]
    }


def copy_tree(source: Path, target: Path) -> Path:
    """A copy of a folder without what scans and interpreters leave in it."""
    ignored = shutil.ignore_patterns(".oreva", "__pycache__", ".git")
    return Path(shutil.copytree(source, target, ignore=ignored))
