"""What the functions really call is allowed by their roles, and what they must never do is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.functions import NAMES, isolated
from infra.permissions import ACCESS
from infra.state_machine import EXECUTION_TIMEOUT_S
from oreva.cloud import addresses, layout
from tests.infra.calls import Call, Roles, read_calls, refusals
from tests.infra.cloudformation import ResolvedTemplate
from tests.infra.conftest import Synthesize
from tests.infra.iam import Request, Statement, allowed, matches

RECORDED = Path(__file__).parent / "calls.jsonl"
BUCKET = "oreva-artifacts-000000000000-us-east-1"
SCAN = "01K00000000000000000000000"
OTHER = "arn:aws:s3:::somebody-elses-bucket"
TITAN = "amazon.titan-embed-text-v2:0"
KEY_USES = ("kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:ScheduleKeyDeletion")


@pytest.fixture(scope="module")
def roles(template: ResolvedTemplate) -> Roles:
    return Roles(template)


@pytest.mark.parametrize("vpc", ["true", "false"])
def test_every_recorded_call_is_allowed(synthesize: Synthesize, vpc: str) -> None:
    """The recording is of a push twice, a scan by the API, an upload, a broken upload, and every route of the API."""
    calls = read_calls(RECORDED)
    assert {call.function for call in calls} == set(NAMES) - {"scan"}, "Scan has signed addresses and calls nothing"
    assert refusals(calls, synthesize(f"embedding_model_id={TITAN}", f"vpc={vpc}")) == []


def test_a_recording_is_read_once_per_call_and_without_the_stack(tmp_path: Path) -> None:
    line = json.dumps(
        {"function": "oreva-fetch", "service": "s3", "operation": "GetObject", "parameters": {"Key": "k"}}
    )
    file = tmp_path / "calls.jsonl"
    file.write_text(f"{line}\n{line}\n\n")
    assert read_calls(file) == [Call("fetch", "s3", "GetObject", {"Key": "k"})]


def test_a_call_nobody_has_thought_about_is_an_error(roles: Roles) -> None:
    with pytest.raises(LookupError, match=r"permissions\.py"):
        roles.refused(Call("scan", "s3", "CopyObject", {}))
    with pytest.raises(ValueError, match="no such function"):
        roles.refused(Call("guess", "s3", "GetObject", {}))


def call(function: str, service: str, operation: str, **parameters: object) -> Call:
    return Call(function, service, operation, parameters)


def reads(function: str, key: str) -> Call:
    return call(function, "s3", "GetObject", Bucket=BUCKET, Key=key)


def writes(function: str, key: str) -> Call:
    return call(function, "s3", "PutObject", Bucket=BUCKET, Key=key)


FORBIDDEN_CALLS = [
    *(
        call("scan", "dynamodb", name, TableName="oreva")
        for name in ("GetItem", "PutItem", "Query", "TransactWriteItems")
    ),
    call("scan", "events", "PutEvents", EventBusName="oreva-bus"),
    call("scan", "secretsmanager", "GetSecretValue", SecretId="oreva/github"),
    call("scan", "bedrock-runtime", "Converse", modelId="global.anthropic.claude-sonnet-5"),
    call("scan", "s3", "ListObjectsV2", Bucket=BUCKET, Prefix="scans/"),
    reads("scan", layout.shard(SCAN, 0)),
    reads("scan", layout.scan_settings(SCAN)),
    writes("scan", layout.result(SCAN, 0)),
    reads("scan", layout.upload("an-upload")),
    reads("scan", layout.plan(SCAN)),
    reads("scan", layout.result(SCAN, 0)),
    reads("scan", layout.cache("github/o/r", "digest")),
    reads("scan", layout.report(SCAN, "json")),
    writes("scan", layout.shard(SCAN, 0)),
    writes("scan", layout.request(SCAN)),
    writes("scan", layout.report(SCAN, "sarif")),
    writes("scan", layout.cache("github/o/r", "digest")),
    writes("scan", layout.upload("an-upload")),
    reads("webhook", layout.request(SCAN)),
    reads("webhook", layout.report(SCAN, "json")),
    reads("webhook", layout.contents(SCAN)),
    writes("webhook", layout.upload("an-upload")),
    writes("webhook", layout.report(SCAN, "json")),
    reads("api", layout.contents(SCAN)),
    reads("api", layout.shard(SCAN, 0)),
    writes("api", layout.report(SCAN, "json")),
    writes("api", layout.cache("github/o/r", "digest")),
    reads("fetch", layout.shard(SCAN, 0)),
    writes("fetch", layout.report(SCAN, "json")),
    writes("fetch", layout.cache("github/o/r", "digest")),
    writes("fetch", layout.verdicts(SCAN, 0)),
    writes("fetch", layout.result(SCAN, 0)),
    reads("triage", layout.upload("an-upload")),
    reads("triage", layout.shard(SCAN, 0)),
    writes("triage", layout.report(SCAN, "json")),
    writes("triage", layout.batch(SCAN, 0)),
    writes("deduplicate", layout.verdicts(SCAN, 0)),
    writes("deduplicate", layout.result(SCAN, 0)),
    writes("report", layout.verdicts(SCAN, 0)),
    writes("report", layout.coverage(SCAN)),
    reads("report", layout.upload("an-upload")),
    reads("fail", layout.contents(SCAN)),
    writes("fail", layout.published(SCAN)),
    *(call(name, "secretsmanager", "GetSecretValue", SecretId="oreva/github") for name in ("deduplicate", "triage")),
    *(call(name, "events", "PutEvents", EventBusName="oreva-bus") for name in ("fetch", "deduplicate", "triage")),
    *(
        call(name, "bedrock-runtime", operation, modelId="global.anthropic.claude-sonnet-5")
        for name in NAMES
        for operation in ("Converse", "InvokeModel")
        if name != "triage"
    ),
    call("triage", "bedrock-runtime", "Converse", modelId="anthropic.claude-3-opus-20240229-v1:0"),
    *(call(name, "events", "PutEvents", EventBusName="default") for name in NAMES),
    *(call(name, "events", "PutEvents", EventBusName="oreva-bus", Source="aws.s3") for name in NAMES),
    *(call(name, "secretsmanager", "GetSecretValue", SecretId="production/database") for name in NAMES),
    *(call(name, "dynamodb", "GetItem", TableName="another-table") for name in NAMES),
    *(call(name, "dynamodb", "Scan", TableName="oreva") for name in NAMES),
    *(call(name, "s3", "DeleteObject", Bucket=BUCKET, Key=layout.request(SCAN)) for name in NAMES),
    *(call(name, "s3", "GetObject", Bucket="somebody-elses-bucket", Key="scans/x/plan.json.gz") for name in NAMES),
    *(call(name, "s3", "PutObject", Bucket="somebody-elses-bucket", Key="scans/x/results/0") for name in NAMES),
]


@pytest.mark.parametrize("forbidden", FORBIDDEN_CALLS, ids=str)
def test_what_a_function_must_not_call_is_refused(roles: Roles, forbidden: Call) -> None:
    first, *_ = roles.requests(forbidden)
    assert not roles.allows(forbidden.function, first)


FORBIDDEN_ACTIONS = (
    "iam:PassRole",
    "iam:CreateAccessKey",
    "iam:PutRolePolicy",
    "sts:AssumeRole",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "lambda:GetFunctionConfiguration",
    "states:StartExecution",
    "states:StopExecution",
    "events:PutTargets",
    "logs:DeleteLogGroup",
    "logs:PutRetentionPolicy",
    "s3:PutBucketPolicy",
    "s3:ListAllMyBuckets",
    "s3:DeleteObject",
    "s3:PutLifecycleConfiguration",
    "dynamodb:DeleteTable",
    "dynamodb:UpdateTable",
    "dynamodb:ExportTableToPointInTime",
    "kms:ScheduleKeyDeletion",
    "kms:PutKeyPolicy",
    "secretsmanager:PutSecretValue",
    "secretsmanager:ListSecrets",
    "ecr:GetAuthorizationToken",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AuthorizeSecurityGroupEgress",
    "bedrock:CreateModelInvocationJob",
    "ssm:GetParameter",
)


@pytest.mark.parametrize("function", NAMES)
def test_no_function_may_change_what_it_runs_on(roles: Roles, function: str) -> None:
    resources = ("*", f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/{layout.request(SCAN)}", roles.key)
    resources += (roles.arn("dynamodb", "table/oreva"), roles.arn("lambda", "function:oreva-scan"), OTHER)
    for action in FORBIDDEN_ACTIONS:
        for resource in resources:
            assert not roles.allows(function, Request(action, resource)), f"{function}: {action} on {resource}"


@pytest.mark.parametrize("function", NAMES)
def test_the_key_is_of_use_through_a_service_only(roles: Roles, function: str) -> None:
    for action in KEY_USES:
        assert not roles.allows(function, Request(action, roles.key))
        assert not roles.allows(function, Request(action, roles.key, {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}))


@pytest.mark.parametrize("function", NAMES)
def test_a_function_writes_its_own_log_only(roles: Roles, function: str) -> None:
    for other in NAMES:
        stream = roles.arn("logs", f"log-group:/aws/lambda/oreva-{other}:log-stream:2026/11/25/[$LATEST]0")
        assert any(matches_log(statement, stream) for statement in roles.statements(function)) is (other == function)


def matches_log(statement: Statement, stream: str) -> bool:
    return matches(statement, Request("logs:PutLogEvents", stream))


@pytest.mark.parametrize("sources", [["oreva", "aws.s3"], ["aws.s3", "oreva"], []])
def test_no_event_of_another_source_goes_along(roles: Roles, sources: list[str]) -> None:
    bus = roles.arn("events", "event-bus/oreva-bus")
    context = {"events:source": sources} if sources else {}
    assert roles.allows("report", Request("events:PutEvents", bus, {"events:source": ["oreva", "oreva"]}))
    assert not roles.allows("report", Request("events:PutEvents", bus, context))


@pytest.mark.parametrize("scheme", ["false", "1.0"])
def test_the_bucket_takes_nothing_without_tls(roles: Roles, scheme: str) -> None:
    context = {"aws:SecureTransport": scheme} if scheme == "false" else {"s3:TlsVersion": scheme}
    key = f"arn:aws:s3:::{BUCKET}/{layout.batch(SCAN, 0)}"
    assert roles.allows("triage", Request("s3:GetObject", key))
    assert not roles.allows("triage", Request("s3:GetObject", key, context))


SIGNED_OBJECTS = [
    ("s3:GetObject", layout.shard(SCAN, 0)),
    ("s3:GetObject", layout.scan_settings(SCAN)),
    ("s3:PutObject", layout.result(SCAN, 0)),
]


@pytest.mark.parametrize(("action", "key"), SIGNED_OBJECTS)
def test_an_address_that_fetch_signs_is_of_use_to_scan_only(roles: Roles, action: str, key: str) -> None:
    arn = f"arn:aws:s3:::{BUCKET}/{key}"
    by_address = {"s3:authType": "REST-QUERY-STRING"}
    here = roles.place("scan")
    assert here
    assert roles.allows("fetch", Request(action, arn, {**by_address, **here}))
    for elsewhere in ({}, by_address, here, {**by_address, "aws:SourceVpc": "vpc-of-somebody-else"}):
        assert not roles.allows("fetch", Request(action, arn, elsewhere)), elsewhere
    without_tls = {**by_address, **here, "aws:SecureTransport": "false"}
    assert not roles.allows("fetch", Request(action, arn, without_tls))


@pytest.mark.parametrize(("action", "key"), SIGNED_OBJECTS)
def test_without_a_network_an_address_is_all_that_counts(synthesize: Synthesize, action: str, key: str) -> None:
    outside = Roles(synthesize("vpc=false"))
    arn = f"arn:aws:s3:::{BUCKET}/{key}"
    assert outside.allows("fetch", Request(action, arn, {"s3:authType": "REST-QUERY-STRING"}))
    assert not outside.allows("fetch", Request(action, arn))


@pytest.mark.parametrize("vpc", ["true", "false"])
def test_scan_has_rights_on_its_log_and_its_interface_and_nothing_else(synthesize: Synthesize, vpc: str) -> None:
    """It parses hostile code: whatever it may do, it may do to other scans too. Addresses are for one object each."""
    granted = {
        action
        for statement in Roles(synthesize(f"vpc={vpc}")).statements("scan")
        if statement["Effect"] == "Allow"
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert {action.partition(":")[0] for action in granted} == ({"logs", "ec2"} if vpc == "true" else {"logs"})


def test_addresses_last_longer_than_a_scan_may_take() -> None:
    assert EXECUTION_TIMEOUT_S + 1_800 <= addresses.LAST_S <= 7 * 24 * 3_600  # what S3 takes at most


@pytest.mark.parametrize("function", isolated())
def test_credentials_from_inside_are_of_no_use_outside(roles: Roles, function: str) -> None:
    for elsewhere in ({}, {"aws:SourceVpc": "vpc-of-somebody-else"}):
        for statement in roles.statements(function):
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            for action in actions:
                if statement["Effect"] == "Allow" and action.startswith(("s3:", "dynamodb:")):
                    for pattern in (
                        [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]
                    ):
                        assert not allowed(roles.statements(function), Request(action, pattern, elsewhere)), action


@pytest.mark.parametrize(
    ("model", "others"),
    [
        ("anthropic.claude-3-5-sonnet-20240620-v1:0", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("us.anthropic.claude-3-5-sonnet-20241022-v2:0", "us.anthropic.claude-3-haiku-20240307-v1:0"),
    ],
)
def test_triage_may_ask_just_the_configured_models(synthesize: Synthesize, model: str, others: str) -> None:
    roles = Roles(synthesize(f"model_id={model}", f"embedding_model_id={TITAN}"))
    assert not roles.refused(call("triage", "bedrock-runtime", "Converse", modelId=model))
    assert not roles.refused(call("triage", "bedrock-runtime", "InvokeModel", modelId=TITAN))
    assert roles.refused(call("triage", "bedrock-runtime", "Converse", modelId=others))
    behind = f"arn:aws:bedrock:us-west-2::foundation-model/{model.removeprefix('us.')}"
    assert not roles.allows("triage", Request("bedrock:InvokeModel", behind)), "around the profile"


def test_fail_may_look_whether_the_report_was_out(roles: Roles) -> None:
    assert not roles.refused(reads("fail", layout.published(SCAN)))


def test_only_functions_that_look_for_what_may_be_missing_can_list() -> None:
    assert {name for name, access in ACCESS.items() if access.lists} == {
        "api",
        "fetch",
        "deduplicate",
        "report",
        "fail",
    }
