"""Recorded AWS calls, and whether the roles of a template allow them.

A call is one JSON object a line: `{"function": "scan", "service": "s3", "operation": "GetObject", "parameters": {…}}`,
as `oreva.local.recording` writes it. `refusals` says which of them the function's role would not be allowed to make.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oreva.local.recording import SIGNED
from tests.infra.cloudformation import ResolvedTemplate
from tests.infra.iam import Request, Statement, allowed, denied

TABLE_KEY = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
MAY_BE_MISSING = re.compile(
    r"cache/|trees/|uploads/|scans/[^/]+/(results/|verdicts/|analysis|published|failed|report\.|request\.json)"
)
"""Keys that the code looks for without knowing that they are there: "no such key" is told to those who may list."""


@dataclass(frozen=True)
class Call:
    """One call that a function makes."""

    function: str
    service: str
    operation: str
    parameters: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.function}: {self.service} {self.operation} {json.dumps(self.parameters, sort_keys=True)}"


def read_calls(file: Path, stack: str = "oreva") -> list[Call]:
    """The different calls of a recording; functions go by their name without the stack's."""
    lines = dict.fromkeys(file.read_text(encoding="utf-8").splitlines())
    calls = []
    for line in filter(None, lines):
        call = json.loads(line)
        name = call["function"].removeprefix(f"{stack}-")
        calls.append(Call(name, call["service"], call["operation"], call["parameters"]))
    return calls


class Roles:
    """What the functions of a template may do: their roles, the bucket's policy, and the endpoints of their network."""

    def __init__(self, template: ResolvedTemplate) -> None:
        self.template = template
        self._functions = {
            properties["FunctionName"].partition("-")[2]: (logical_id, properties)
            for logical_id, properties in template.of_type("AWS::Lambda::Function")
        }
        self._bucket_policy = _statements(template, "AWS::S3::BucketPolicy")
        self._endpoints = {
            properties["ServiceName"].rpartition(".")[2]: properties["PolicyDocument"]["Statement"]
            for _, properties in template.of_type("AWS::EC2::VPCEndpoint")
        }
        (key,) = (template.resolve({"Fn::GetAtt": [name, "Arn"]}) for name, _ in template.of_type("AWS::KMS::Key"))
        self.key = str(key)
        ((_, bucket),) = template.of_type("AWS::S3::Bucket")
        self.bucket = f"arn:aws:s3:::{bucket['BucketName']}"

    def statements(self, function: str) -> list[Statement]:
        """The policy of a function's role, which has no managed policy."""
        logical_id, _ = self._functions[function]
        (role_id, _) = self.template.resources[logical_id]["Properties"]["Role"]["Fn::GetAtt"]
        role = self.template.resolve(self.template.resources[role_id]["Properties"])
        assert "ManagedPolicyArns" not in role, f"{function}: the evaluator does not know what a managed policy says"
        found = [each for policy in role["Policies"] for each in policy["PolicyDocument"]["Statement"]]
        for _, policy in self.template.of_type("AWS::IAM::Policy"):
            if f"ref-of-{role_id}" in policy["Roles"]:
                found += policy["PolicyDocument"]["Statement"]
        return found

    def allows(self, function: str, request: Request) -> bool:
        """Whether a function may make this request, from where it runs."""
        _, properties = self._functions[function]
        arn = f"arn:aws:lambda:{self.template.region}:{self.template.account}:function:{properties['FunctionName']}"
        context = {
            "aws:SecureTransport": "true",
            "s3:TlsVersion": "1.3",
            "s3:authType": "REST-HEADER",
            "aws:PrincipalAccount": self.template.account,
            "lambda:SourceFunctionArn": arn,
            **self.place(function),
            **request.context,
        }
        asked = Request(request.action, request.resource, context)
        if not allowed(self.statements(function), asked) or denied(self._bucket_policy, asked):
            return False
        service = request.action.partition(":")[0].replace("bedrock", "bedrock-runtime")
        through_kms = service == "kms"  # the other service asks for the key, from its own network
        inside = "VpcConfig" in properties or "aws:SourceVpc" in request.context
        if not inside or through_kms:
            return True
        return service in self._endpoints and allowed(self._endpoints[service], asked)

    def place(self, function: str) -> dict[str, str]:
        """What AWS sees of where a request comes from: the network, if the function is inside."""
        _, properties = self._functions[function]
        ids = [f"ref-of-{logical_id}" for logical_id, _ in self.template.of_type("AWS::EC2::VPC")]
        return {"aws:SourceVpc": ids[0]} if "VpcConfig" in properties else {}

    def refused(self, call: Call) -> list[Request]:
        """The requests of a call that are not allowed."""
        if call.function not in self._functions:
            raise ValueError(f"{call}: no such function")
        return [each for each in self.requests(call) if not self.allows(call.function, each)]

    def requests(self, call: Call) -> list[Request]:
        """What a call comes down to. Raises `LookupError` for one that nobody has thought about yet."""
        make = _OPERATIONS.get((call.service, call.operation))
        if make is None:
            raise LookupError(f"{call}: add to tests/infra/calls.py what it needs, and to infra/permissions.py who may")
        return list(make(self, call))

    def via(self, service: str, *actions: str) -> Iterator[Request]:
        """Uses of the key by a service on behalf of the caller."""
        context = {"kms:ViaService": f"{service}.{self.template.region}.amazonaws.com"}
        return (Request(action, self.key, context) for action in actions)

    def arn(self, service: str, resource: str) -> str:
        """An ARN in this account and region."""
        return f"arn:aws:{service}:{self.template.region}:{self.template.account}:{resource}"


def refusals(calls: Iterable[Call], template: ResolvedTemplate) -> list[str]:
    """One line for each call that the template's roles do not allow."""
    roles = Roles(template)
    return [f"{call}: {request} is refused" for call in calls for request in roles.refused(call)]


def _statements(template: ResolvedTemplate, kind: str) -> list[Statement]:
    return [each for _, policy in template.of_type(kind) for each in policy["PolicyDocument"]["Statement"]]


def _how(roles: Roles, call: Call) -> dict[str, str]:
    """What S3 sees of a request by a signed address: Scan calls those of Fetch, from where it is."""
    if not call.parameters.get(SIGNED):
        return {}
    return {"s3:authType": "REST-QUERY-STRING", **(roles.place("scan") if call.function == "fetch" else {})}


def _read_object(roles: Roles, call: Call) -> Iterator[Request]:
    bucket, key = f"arn:aws:s3:::{call.parameters['Bucket']}", call.parameters["Key"]
    yield Request("s3:GetObject", f"{bucket}/{key}", _how(roles, call))
    yield from roles.via("s3", "kms:Decrypt")
    if MAY_BE_MISSING.match(key):
        yield Request("s3:ListBucket", bucket)


def _write_object(roles: Roles, call: Call) -> Iterator[Request]:
    key = f"arn:aws:s3:::{call.parameters['Bucket']}/{call.parameters['Key']}"
    yield Request("s3:PutObject", key, _how(roles, call))
    yield from roles.via("s3", "kms:GenerateDataKey")


def _list_objects(_: Roles, call: Call) -> Iterator[Request]:
    context = {"s3:prefix": call.parameters.get("Prefix", "")}
    yield Request("s3:ListBucket", f"arn:aws:s3:::{call.parameters['Bucket']}", context)


def _delete_object(_: Roles, call: Call) -> Iterator[Request]:
    yield Request("s3:DeleteObject", f"arn:aws:s3:::{call.parameters['Bucket']}/{call.parameters['Key']}")


def _table(*actions: str) -> Callable[[Roles, Call], Iterator[Request]]:
    def make(roles: Roles, call: Call) -> Iterator[Request]:
        for table in _list(call.parameters["TableName"]):
            arn = roles.arn("dynamodb", f"table/{table}")
            index = call.parameters.get("IndexName")
            for action in actions:
                yield Request(f"dynamodb:{action}", f"{arn}/index/{index}" if index else arn)
        yield from roles.via("dynamodb", *TABLE_KEY)

    return make


def _publish(roles: Roles, call: Call) -> Iterator[Request]:
    for bus in _list(call.parameters["EventBusName"]):
        source = call.parameters.get("Source", "oreva")
        yield Request("events:PutEvents", roles.arn("events", f"event-bus/{bus}"), {"events:source": [source]})


def _read_secret(roles: Roles, call: Call) -> Iterator[Request]:
    name = call.parameters["SecretId"].rpartition(":secret:")[2]
    full = re.fullmatch(r".*-\w{6}", name)
    yield Request(
        "secretsmanager:GetSecretValue",
        roles.arn("secretsmanager", f"secret:{name}" if full else f"secret:{name}-a1B2c3"),
    )
    yield from roles.via("secretsmanager", "kms:Decrypt")


def _ask_model(roles: Roles, call: Call) -> Iterator[Request]:
    model = call.parameters["modelId"]
    geography, _, behind = model.partition(".")
    if geography not in ("us", "eu", "apac", "global"):
        yield Request("bedrock:InvokeModel", f"arn:aws:bedrock:{roles.template.region}::foundation-model/{model}")
        return
    profile = roles.arn("bedrock", f"inference-profile/{model}")
    yield Request("bedrock:InvokeModel", profile)
    for region in (roles.template.region, "us-west-2", *([""] if geography == "global" else [])):
        context = {"bedrock:InferenceProfileArn": profile}
        yield Request("bedrock:InvokeModel", f"arn:aws:bedrock:{region}::foundation-model/{behind}", context)


def _list(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


_OPERATIONS: dict[tuple[str, str], Callable[[Roles, Call], Iterator[Request]]] = {
    ("s3", "GetObject"): _read_object,
    ("s3", "HeadObject"): _read_object,
    ("s3", "PutObject"): _write_object,
    ("s3", "ListObjectsV2"): _list_objects,
    ("s3", "DeleteObject"): _delete_object,
    ("dynamodb", "GetItem"): _table("GetItem"),
    ("dynamodb", "BatchGetItem"): _table("BatchGetItem"),
    ("dynamodb", "Query"): _table("Query"),
    ("dynamodb", "PutItem"): _table("PutItem"),
    ("dynamodb", "UpdateItem"): _table("UpdateItem"),
    ("dynamodb", "DeleteItem"): _table("DeleteItem"),
    ("dynamodb", "BatchWriteItem"): _table("BatchWriteItem"),
    ("dynamodb", "Scan"): _table("Scan"),
    # A recording does not say what a transaction does, so it needs everything that one of ours may do.
    ("dynamodb", "TransactWriteItems"): _table("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
    ("events", "PutEvents"): _publish,
    ("secretsmanager", "GetSecretValue"): _read_secret,
    ("bedrock-runtime", "Converse"): _ask_model,
    ("bedrock-runtime", "InvokeModel"): _ask_model,
}
