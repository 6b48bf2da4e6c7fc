"""DynamoDB's wire protocol on a local port: moto behind a lock, with the promises of transactions that moto lacks.

moto copies the whole table once per operation of a transaction, knows no client tokens and no limit of 4 MB; here a
transaction checks all conditions first, writes afterwards, and is one step for everybody. Answers are looked up by
their exact names, and a query looks at its own partition: moto's search for other spellings and its sorting of the
whole table take most of its time.
"""

import inspect
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.config import Config
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.serialize import JSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table as MotoTable

ACCESS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "eu-central-1"}
_LIMIT = 4 * 1024 * 1024
_SESSION = boto3.session.Session(**ACCESS)
_original = DynamoDBBackend.transact_write_items
_original_query = MotoTable.query


def _check(operation: dict[str, Any]) -> dict[str, Any]:
    """The condition of an operation alone."""
    (body,) = operation.values()
    key = body.get("Key") or {name: body["Item"][name] for name in ("PK", "SK")}
    kept = ("TableName", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues")
    return {"ConditionCheck": {"Key": key} | {name: body[name] for name in kept if name in body}}


def _transact(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    _original(self, [_check(operation) for operation in transact_items])
    _original(self, transact_items)


def _member(self: JSONSerializer, value: Any, key: str, shape: Any) -> Any:
    return value.get(key) if type(value) is dict else super(JSONSerializer, self).get_value(value, key, shape)


def _query(self: MotoTable, *positional: Any, **named: Any) -> Any:
    given = inspect.signature(_original_query).bind(self, *positional, **named).arguments
    partitions = self.items.values() if given.get("index_name") else [self.items.get(given["hash_key"], {})]
    self.all_items = lambda: [item for partition in partitions for item in partition.values()]
    try:
        return _original_query(self, *positional, **named)
    finally:
        del self.all_items


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet
    lock = threading.Lock()
    tokens: ClassVar[dict[str, str]] = {}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.lock:
            status, answer = self._answer(body)
        data = answer.encode() if isinstance(answer, str) else answer
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, body: bytes) -> tuple[int, Any]:
        transaction = self.headers["X-Amz-Target"].endswith(".TransactWriteItems")
        if transaction:
            request = json.loads(body)
            token = request["ClientRequestToken"]
            text = json.dumps(request["TransactItems"], sort_keys=True)
            if token in self.tokens:
                known = self.tokens[token] == text
                return (200, "{}") if known else (400, _error("IdempotentParameterMismatchException"))
            if len(body) > _LIMIT:
                return 400, _error("ValidationException")
        headers = HTTPHeaders()
        for name, value in self.headers.items():
            headers[name] = value
        url = "https://dynamodb.eu-central-1.amazonaws.com/"
        request = AWSPreparedRequest("POST", url, headers, body, stream_output=False)
        status, _, answer = BotocoreStubber().process_request(request)
        if transaction and status == 200:
            self.tokens[token] = text
        return status, answer

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _error(code: str) -> str:
    return json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code})


class DynamoDbServer:
    """Runs while the `with` block does; several may run at once and share their tables."""

    _running = 0

    def __enter__(self) -> "DynamoDbServer":
        DynamoDbServer._running += 1
        DynamoDBBackend.transact_write_items = _transact
        MotoTable.__deepcopy__ = lambda table, memo: table  # nothing is written before all conditions hold
        MotoTable.query = _query
        JSONSerializer.get_value = _member
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        DynamoDbServer._running -= 1
        if not DynamoDbServer._running:
            DynamoDBBackend.transact_write_items = _original
            MotoTable.query = _original_query
            del MotoTable.__deepcopy__
            del JSONSerializer.get_value

    def client(self, **settings: Any) -> Any:
        """A new client of this server."""
        config = Config(retries={"total_max_attempts": 1}, **settings)
        return _SESSION.client("dynamodb", endpoint_url=self.url, config=config)
