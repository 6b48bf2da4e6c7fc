"""What each function may do: derived from the calls of its code, written down as data, one role per function."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from infra.functions import FunctionName
from infra.persistence import Persistence
from oreva.cloud import layout
from oreva.cloud.messages import EVENT_SOURCE
from oreva.models import Model
from oreva.store.dynamodb_keys import TABLE


class Access(Model):
    """What one function does in the bucket, the table, the bus and the secret; keys are patterns below the bucket."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    signs_reads: tuple[str, ...] = ()
    """What it signs addresses for, for Scan to read; a right that holds for such an address only."""
    signs_writes: tuple[str, ...] = ()
    """The same for what Scan writes."""
    lists: bool = False
    """May list keys. S3 also says "not there" only to who may list, and "forbidden" to all others."""
    table: bool = False
    """Readers need to write too: whoever meets a large write that was interrupted completes it."""
    bus: bool = False
    secret: bool = False
    models: bool = False


_ANY = "*"
_SHARDS = f"scans/{_ANY}/shards/{_ANY}"
_RESULTS = f"scans/{_ANY}/results/{_ANY}"
_BATCHES = f"scans/{_ANY}/batches/{_ANY}"
_VERDICTS = f"scans/{_ANY}/verdicts/{_ANY}"
_REPORTS = f"scans/{_ANY}/report.{_ANY}"
_CACHE = f"cache/{_ANY}"
_TREES = f"trees/{_ANY}"
_PLANNED = (layout.plan(_ANY), layout.ruleset(_ANY))
"""What every stage after Fetch begins with."""

ACCESS: dict[FunctionName, Access] = {
    "webhook": Access(writes=(layout.request(_ANY),), table=True, bus=True, secret=True),
    "api": Access(
        reads=(layout.request(_ANY), _REPORTS, layout.upload(_ANY), layout.upload_ticket(_ANY)),
        writes=(layout.request(_ANY), layout.upload(_ANY), layout.upload_ticket(_ANY)),
        lists=True,
        table=True,
        bus=True,
        secret=True,
    ),
    "fetch": Access(
        reads=(layout.upload(_ANY), _CACHE, _TREES),
        writes=(
            *_PLANNED,
            layout.files(_ANY),
            layout.skipped(_ANY),
            layout.shards(_ANY),
            _SHARDS,
            layout.result(_ANY, "cached"),
        ),
        signs_reads=(_SHARDS,),
        signs_writes=(_RESULTS,),
        lists=True,
        table=True,
        secret=True,
    ),
    "scan": Access(),  # it has the addresses that Fetch has signed, and nothing else
    "deduplicate": Access(
        reads=(
            *_PLANNED,
            layout.files(_ANY),
            layout.skipped(_ANY),
            _RESULTS,
            layout.candidates(_ANY),
            layout.coverage(_ANY),
            layout.contents(_ANY),
        ),
        writes=(
            layout.candidates(_ANY),
            layout.coverage(_ANY),
            layout.contents(_ANY),
            layout.fresh(_ANY),
            layout.deduplicated(_ANY),
            _BATCHES,
        ),
        lists=True,
        table=True,
    ),
    "triage": Access(reads=(*_PLANNED, _BATCHES), writes=(_VERDICTS,), table=True, models=True),
    "report": Access(
        reads=(
            *_PLANNED,
            layout.files(_ANY),
            layout.candidates(_ANY),
            layout.coverage(_ANY),
            layout.contents(_ANY),
            layout.fresh(_ANY),
            layout.deduplicated(_ANY),
            _VERDICTS,
            layout.analysis(_ANY),
            layout.published(_ANY),
            _CACHE,
        ),
        writes=(layout.analysis(_ANY), layout.published(_ANY), _REPORTS, _CACHE, _TREES),
        lists=True,
        table=True,
        bus=True,
        secret=True,
    ),
    "fail": Access(
        reads=(layout.failed(_ANY), layout.published(_ANY)),
        writes=(layout.failed(_ANY),),
        lists=True,
        table=True,
        bus=True,
        secret=True,
    ),
}

TABLE_ACTIONS = (
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
TABLE_KEY_ACTIONS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
_OWN_EVENTS: dict[str, dict[str, str]] = {
    "ForAllValues:StringEquals": {"events:source": EVENT_SOURCE},
    "Null": {"events:source": "false"},
}
"""One call may carry events of several sources: all must be ours, and there must be one."""

_SIGNED = {"s3:authType": "REST-QUERY-STRING"}
"""A request by a signed address, in the words of S3."""

NETWORK_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""What Lambda itself needs to put a function into a network. None of them can be limited to a resource in advance."""


def statements(
    name: FunctionName,
    stack: Stack,
    persistence: Persistence,
    bus_arn: str,
    model_statements: Sequence[iam.PolicyStatement],
    function_name: str,
    *,
    vpc_id: str | None,
    scan_vpc_id: str | None,
) -> list[iam.PolicyStatement]:
    """The whole policy of one function's role.

    In the network (`vpc_id`) its way to data leads through the endpoints there; so its credentials are of no use to
    whoever carries them off. Where Scan is in a network (`scan_vpc_id`), addresses that are signed for it are of no use
    anywhere else.
    """
    here = {"StringEquals": {"aws:SourceVpc": vpc_id}} if vpc_id else None
    access = ACCESS[name]
    key, bucket, table = persistence.key.key_arn, persistence.bucket.bucket_arn, persistence.table.table_arn

    def with_key(service: str, *actions: str) -> iam.PolicyStatement:
        statement = _allow(actions, [key])
        statement.add_conditions({"StringEquals": {"kms:ViaService": f"{service}.{stack.region}.{stack.url_suffix}"}})
        return statement

    log_group = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{log_group_name(function_name)}"
    granted = [_allow(["logs:CreateLogStream", "logs:PutLogEvents"], [f"{log_group}:log-stream:*"])]
    signed = {"StringEquals": {**_SIGNED, **({"aws:SourceVpc": scan_vpc_id} if scan_vpc_id else {})}}
    granted += [
        _allow([action], [f"{bucket}/{pattern}" for pattern in patterns], conditions)
        for action, patterns, conditions in (
            ("s3:GetObject", access.reads, here),
            ("s3:PutObject", access.writes, here),
            ("s3:GetObject", access.signs_reads, signed),
            ("s3:PutObject", access.signs_writes, signed),
        )
        if patterns
    ]
    if access.lists:
        granted.append(_allow(["s3:ListBucket"], [bucket], here))
    actions = [*(["kms:Decrypt"] if access.reads else []), *(["kms:GenerateDataKey"] if access.writes else [])]
    if actions:
        granted.append(with_key("s3", *actions))
    if access.table:
        indexes = [f"{table}/index/{index['IndexName']}" for index in TABLE["GlobalSecondaryIndexes"]]
        granted += [_allow(TABLE_ACTIONS, [table, *indexes], here), with_key("dynamodb", *TABLE_KEY_ACTIONS)]
    if access.bus:
        granted.append(_allow(["events:PutEvents"], [bus_arn], _OWN_EVENTS))
    if access.secret:
        granted.append(_allow(["secretsmanager:GetSecretValue"], [persistence.secret.secret_arn]))
        granted.append(with_key("secretsmanager", "kms:Decrypt"))
    if access.models:
        granted += model_statements
    if vpc_id:
        granted += _in_network(stack, function_name)
    return granted


def log_group_name(function_name: str) -> str:
    """Where a function logs."""
    return f"/aws/lambda/{function_name}"


def _in_network(stack: Stack, function_name: str) -> list[iam.PolicyStatement]:
    """Lambda may make the function's network interface; code that runs in the function may not use that right."""
    function = f"arn:{stack.partition}:lambda:{stack.region}:{stack.account}:function:{function_name}"
    return [
        _allow(NETWORK_ACTIONS, ["*"]),
        iam.PolicyStatement(
            effect=iam.Effect.DENY,
            actions=list(NETWORK_ACTIONS),
            resources=["*"],
            conditions={"ArnEquals": {"lambda:SourceFunctionArn": function}},
        ),
    ]


def _allow(
    actions: Sequence[str], resources: Sequence[str], conditions: dict[str, dict[str, str]] | None = None
) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=list(actions), resources=list(resources), conditions=conditions)
