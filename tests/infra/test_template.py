"""The template has the properties that security and operation rest on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk.assertions import Match, Template

from infra.functions import FUNCTIONS, NAMES, isolated
from infra.prefix_lists import PREFIX_LISTS
from oreva.cloud.environment import PREFIX, Environment, environment
from oreva.store.dynamodb_keys import EXPIRES, TABLE
from tests.infra.cloudformation import ResolvedTemplate
from tests.infra.conftest import Synthesize
from tests.infra.iam import Request, allowed


@pytest.fixture(scope="module")
def cdk(template: ResolvedTemplate) -> Template:
    return Template.from_json(dict(template.body))


def function(template: ResolvedTemplate, name: str) -> dict[str, Any]:
    (found,) = (
        each for _, each in template.of_type("AWS::Lambda::Function") if each["FunctionName"] == f"oreva-{name}"
    )
    return found


# --- Persistence


def test_the_table_is_the_one_that_the_store_defines(template: ResolvedTemplate) -> None:
    ((_, table),) = template.of_type("AWS::DynamoDB::Table")
    for part in ("BillingMode", "KeySchema"):
        assert table[part] == TABLE[part]  # type: ignore[literal-required]
    by_name = {each["AttributeName"]: each for each in table["AttributeDefinitions"]}
    assert by_name == {each["AttributeName"]: each for each in TABLE["AttributeDefinitions"]}
    assert table["GlobalSecondaryIndexes"] == TABLE["GlobalSecondaryIndexes"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": EXPIRES, "Enabled": True}


def test_the_table_survives_mistakes(cdk: Template) -> None:
    cdk.has_resource(
        "AWS::DynamoDB::Table",
        {
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "DeletionProtectionEnabled": True,
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": Match.any_value()},
            },
        },
    )


def test_the_bucket_is_closed_encrypted_and_forgets(cdk: Template) -> None:
    cdk.resource_count_is("AWS::S3::Bucket", 1)
    cdk.has_resource(
        "AWS::S3::Bucket",
        {
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {
                            "BucketKeyEnabled": True,
                            "ServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": Match.any_value(),
                            },
                        }
                    ]
                },
                "VersioningConfiguration": Match.absent(),
                "CorsConfiguration": Match.absent(),
                "LifecycleConfiguration": {
                    "Rules": [
                        Match.object_like({"Prefix": prefix, "ExpirationInDays": days, "Status": "Enabled"})
                        for prefix, days in (("scans/", 90), ("uploads/", 2), ("cache/", 90), ("trees/", 90))
                    ]
                },
            },
        },
    )


def test_the_key_rotates_and_stays(cdk: Template) -> None:
    cdk.resource_count_is("AWS::KMS::Key", 1)
    rotates = {"Properties": {"EnableKeyRotation": True}}
    cdk.has_resource("AWS::KMS::Key", {"DeletionPolicy": "RetainExceptOnCreate", **rotates})


def test_a_first_deployment_that_fails_leaves_the_protected_table_only(template: ResolvedTemplate) -> None:
    """And that only since its protection would make clearing away fail."""
    policies = {
        each["Type"]: each["DeletionPolicy"] for each in template.resources.values() if "DeletionPolicy" in each
    }
    assert {kind: policy for kind, policy in policies.items() if policy != "Delete"} == {
        "AWS::DynamoDB::Table": "Retain",
        "AWS::KMS::Key": "RetainExceptOnCreate",
        "AWS::S3::Bucket": "RetainExceptOnCreate",
        "AWS::SecretsManager::Secret": "RetainExceptOnCreate",
    }
    ((_, table),) = template.of_type("AWS::DynamoDB::Table")
    assert table["DeletionProtectionEnabled"] is True


def test_the_secret_is_made_and_never_in_the_template(cdk: Template) -> None:
    cdk.has_resource_properties(
        "AWS::SecretsManager::Secret",
        {
            "Name": "oreva/github",
            "KmsKeyId": Match.any_value(),
            "SecretString": Match.absent(),
            "GenerateSecretString": {
                "GenerateStringKey": "webhook_secret",
                "PasswordLength": 48,
                "SecretStringTemplate": '{"token": ""}',
            },
        },
    )


def test_without_protection_all_goes_with_the_stack(synthesize: Synthesize) -> None:
    template = synthesize("protection=false")
    ((_, table),) = template.of_type("AWS::DynamoDB::Table")
    assert table["DeletionProtectionEnabled"] is False
    kept = [name for name, each in template.resources.items() if each.get("DeletionPolicy", "Delete") != "Delete"]
    assert kept == []


# --- Functions


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_as_its_table_says(template: ResolvedTemplate, name: str) -> None:
    spec, made = FUNCTIONS[name], function(template, name)  # type: ignore[index]
    assert made["PackageType"] == "Image"
    assert made["ImageConfig"]["Command"] == [f"handlers.{name}.handler"]
    assert (made["Timeout"], made["MemorySize"]) == (spec.timeout_s, spec.memory_mb)
    assert made["EphemeralStorage"]["Size"] == spec.tmp_mb
    assert made["LoggingConfig"]["LogGroup"].startswith("ref-of-"), "a log group of its own, which forgets"
    assert made["Architectures"] == ["x86_64"]
    variables = made["Environment"]["Variables"]
    assert variables["POWERTOOLS_SERVICE_NAME"] == "oreva"
    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "Oreva"
    own = {key.removeprefix(PREFIX).lower() for key in variables if key.startswith(PREFIX)}
    assert own <= set(spec.settings)
    assert set(Environment.model_fields) >= set(spec.settings)
    environment(variables)  # raises ConfigError for a value that the function would refuse


def test_a_new_account_can_have_every_function() -> None:
    assert max(spec.memory_mb for spec in FUNCTIONS.values()) <= 3008, "what AWS gives to a new account"


def test_functions_of_one_kind_share_an_image(template: ResolvedTemplate) -> None:
    images: dict[str, set[str]] = {}
    for name, spec in FUNCTIONS.items():
        images.setdefault(spec.image, set()).add(json.dumps(function(template, name)["Code"]))
    assert {kind: len(found) for kind, found in images.items()} == {"scanner": 1, "control": 1}
    assert images["scanner"] != images["control"]


def test_every_setting_of_the_functions_is_given_to_one() -> None:
    assert {name for spec in FUNCTIONS.values() for name in spec.settings} == set(Environment.model_fields)


def test_settings_reach_the_functions(synthesize: Synthesize) -> None:
    prices = '{"m.one": {"input_per_million": "3", "output_per_million": 15}}'
    template = synthesize(
        "model_id=m.one",
        "second_model_id=m.two",
        f"prices={prices}",
        "allowed_repositories=acme/*,beta/app",
        "token_budget=5000",
        "timeout_s=12.5",
        "shard_files=7",
        "scan_function_mb=3008",
        "jobs=1",
        "report_url=https://x.example/{scan_id}",
        "team_rules_in_image=true",
        'reserved_concurrency={"scan": 9, "triage": 0}',
    )
    triage = environment(function(template, "triage")["Environment"]["Variables"])
    assert (triage.model_id, triage.second_model_id, triage.token_budget) == ("m.one", "m.two", 5000)
    assert json.loads(triage.prices)["m.one"]["output_per_million"] == "15"
    assert environment(function(template, "webhook")["Environment"]["Variables"]).allows("acme/shop")
    assert not environment(function(template, "api")["Environment"]["Variables"]).allows("other/shop")
    fetch = environment(function(template, "fetch")["Environment"]["Variables"])
    assert (fetch.shard_files, fetch.rules_dir) == (7, "/opt/oreva/team-rules")
    assert environment(function(template, "scan")["Environment"]["Variables"]).timeout_s == 12.5
    assert environment(function(template, "report")["Environment"]["Variables"]).report_url.endswith("{scan_id}")
    assert function(template, "scan")["MemorySize"] == 3008
    assert function(template, "scan")["ReservedConcurrentExecutions"] == 9
    assert function(template, "triage")["ReservedConcurrentExecutions"] == 0
    assert "ReservedConcurrentExecutions" not in function(template, "api")


def test_each_function_has_a_role_of_its_own(template: ResolvedTemplate) -> None:
    roles = [
        resource["Properties"]["Role"]["Fn::GetAtt"][0]
        for resource in template.resources.values()
        if resource["Type"] == "AWS::Lambda::Function"
    ]
    assert len(set(roles)) == len(roles) == len(NAMES)


def test_log_groups_forget(template: ResolvedTemplate) -> None:
    groups = dict(template.of_type("AWS::Logs::LogGroup"))
    assert {each["RetentionInDays"] for each in groups.values()} == {90}
    assert {f"/aws/lambda/oreva-{name}" for name in NAMES} < {each["LogGroupName"] for each in groups.values()}


def test_there_are_no_functions_but_ours(cdk: Template) -> None:
    cdk.resource_count_is("AWS::Lambda::Function", len(NAMES))
    cdk.resource_properties_count_is("AWS::Lambda::Function", {"PackageType": "Image"}, len(NAMES))


# --- Network


def test_the_network_has_no_way_out(cdk: Template, template: ResolvedTemplate) -> None:
    for kind in (
        "AWS::EC2::InternetGateway",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::Route",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
    ):
        cdk.resource_count_is(kind, 0)
    for _, subnet in template.of_type("AWS::EC2::Subnet"):
        assert subnet["MapPublicIpOnLaunch"] is False
        assert "Ipv6CidrBlock" not in subnet


def test_inside_only_names_of_aws_can_be_resolved(template: ResolvedTemplate) -> None:
    """A question for a name reaches the servers of whoever owns it, so it would be a way out."""
    lists = {
        f"Id-of-{name}": each["Domains"] for name, each in template.of_type("AWS::Route53Resolver::FirewallDomainList")
    }
    ((group_id, group),) = template.of_type("AWS::Route53Resolver::FirewallRuleGroup")
    rules = sorted(group["FirewallRules"], key=lambda rule: rule["Priority"])
    assert [(rule["Action"], lists[rule["FirewallDomainListId"]]) for rule in rules] == [
        ("ALLOW", ["*.amazonaws.com"]),
        ("BLOCK", ["*"]),
    ]
    ((_, association),) = template.of_type("AWS::Route53Resolver::FirewallRuleGroupAssociation")
    assert association["FirewallRuleGroupId"] == f"Id-of-{group_id}"
    assert association["VpcId"].startswith("ref-of-NetworkVpc")


def egress(template: ResolvedTemplate, name: str) -> list[dict[str, Any]]:
    (reference,) = function(template, name)["VpcConfig"]["SecurityGroupIds"]
    logical_id = reference.removeprefix("GroupId-of-")
    rules: list[dict[str, Any]] = template.resolve(template.resources[logical_id]["Properties"])["SecurityGroupEgress"]
    return rules


def test_scan_reaches_s3_and_nothing_else(template: ResolvedTemplate) -> None:
    (rule,) = egress(template, "scan")
    assert rule["DestinationPrefixListId"] == PREFIX_LISTS["us-east-1"]["s3"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 443, 443)
    assert "CidrIp" not in rule


def test_the_others_inside_reach_what_they_need(template: ResolvedTemplate) -> None:
    lists = PREFIX_LISTS["us-east-1"]
    found = {
        name: [r.get("DestinationPrefixListId", r.get("CidrIp")) for r in egress(template, name)] for name in isolated()
    }
    assert found == {
        "scan": [lists["s3"]],
        "deduplicate": [lists["s3"], lists["dynamodb"]],
        "triage": [lists["s3"], lists["dynamodb"], "10.111.0.0/24"],
    }
    assert all(r["IpProtocol"] == "tcp" and r["ToPort"] == 443 for name in isolated() for r in egress(template, name))


def test_only_the_analysing_functions_are_inside(template: ResolvedTemplate) -> None:
    inside = {name for name in NAMES if "VpcConfig" in function(template, name)}
    assert inside == {"scan", "deduplicate", "triage"} == set(isolated())


def test_the_endpoint_of_bedrock_answers_triage_only(template: ResolvedTemplate) -> None:
    (endpoint,) = (
        each for _, each in template.of_type("AWS::EC2::VPCEndpoint") if each["VpcEndpointType"] == "Interface"
    )
    assert endpoint["ServiceName"] == "com.amazonaws.us-east-1.bedrock-runtime"
    assert endpoint["PrivateDnsEnabled"] is True
    (group,) = endpoint["SecurityGroupIds"]
    properties = template.resolve(template.resources[group.removeprefix("GroupId-of-")]["Properties"])
    (ingress,) = properties["SecurityGroupIngress"]
    assert [ingress["SourceSecurityGroupId"]] == function(template, "triage")["VpcConfig"]["SecurityGroupIds"]
    (out,) = properties["SecurityGroupEgress"]
    assert out["CidrIp"] == "255.255.255.255/32"


def test_what_the_network_refuses_is_logged(cdk: Template) -> None:
    cdk.has_resource_properties("AWS::EC2::FlowLog", {"ResourceType": "VPC", "TrafficType": "REJECT"})
    metric = {"MetricNamespace": "Oreva/Network", "MetricName": "oreva-refused", "MetricValue": "1"}
    cdk.has_resource_properties(
        "AWS::Logs::MetricFilter", {"FilterPattern": "REJECT", "MetricTransformations": [Match.object_like(metric)]}
    )
    watched = {"Namespace": "Oreva/Network", "MetricName": "oreva-refused", "Threshold": 1}
    cdk.has_resource_properties("AWS::CloudWatch::Alarm", {"AlarmName": "oreva-network-refused", **watched})


@pytest.mark.parametrize("flow_logs", ["true", "false"])
def test_a_name_that_is_refused_sounds_an_alarm(synthesize: Synthesize, flow_logs: str) -> None:
    """By the metric of the firewall for the list of the rule that blocks: flow logs do not show these questions."""
    template = synthesize(f"flow_logs={flow_logs}")
    (alarm,) = (
        each for _, each in template.of_type("AWS::CloudWatch::Alarm") if each["AlarmName"] == "oreva-names-refused"
    )
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Route53Resolver", "FirewallRuleQueryVolume")
    assert (alarm["Statistic"], alarm["Period"], alarm["Threshold"]) == ("Sum", 300, 1)
    ((group_id, group),) = template.of_type("AWS::Route53Resolver::FirewallRuleGroup")
    (blocking,) = (rule for rule in group["FirewallRules"] if rule["Action"] == "BLOCK")
    assert {each["Name"]: each["Value"] for each in alarm["Dimensions"]} == {
        "FirewallRuleGroupId": f"Id-of-{group_id}",
        "FirewallDomainListId": blocking["FirewallDomainListId"],
    }


def test_the_parts_that_only_observe_can_be_left_out(synthesize: Synthesize) -> None:
    template = synthesize("flow_logs=false", "event_days=0")
    kinds = {each["Type"] for each in template.resources.values()}
    assert not kinds & {"AWS::EC2::FlowLog", "AWS::Events::Archive"}


def test_a_region_decides_the_prefix_lists(synthesize: Synthesize) -> None:
    template = synthesize("region=eu-central-1", "account=123456789012")
    assert "Mappings" not in template.body
    (rule,) = egress(template, "scan")
    assert rule["DestinationPrefixListId"] == "pl-6ea54007"


def test_without_a_network_there_is_none_of_it(synthesize: Synthesize) -> None:
    template = synthesize("vpc=false")
    inside = ("AWS::EC2::", "AWS::Route53Resolver::")
    assert not [name for name, each in template.resources.items() if each["Type"].startswith(inside)]
    assert not any("VpcConfig" in function(template, name) for name in NAMES)
    actions = json.dumps([each for _, each in template.of_type("AWS::IAM::Role")])
    assert "ec2:" not in actions


def test_without_a_model_there_is_no_way_to_bedrock(synthesize: Synthesize) -> None:
    template = synthesize("triage=heuristic")
    assert not [each for _, each in template.of_type("AWS::EC2::VPCEndpoint") if "bedrock" in each["ServiceName"]]
    assert "bedrock:" not in json.dumps([each for _, each in template.of_type("AWS::IAM::Role")])


# --- Ingress


def routes(template: ResolvedTemplate) -> dict[str, str]:
    return {each["RouteKey"]: each["AuthorizationType"] for _, each in template.of_type("AWS::ApiGatewayV2::Route")}


def test_only_the_webhook_is_open(template: ResolvedTemplate) -> None:
    assert routes(template) == {"POST /v1/webhooks/github": "NONE", "ANY /v1/{proxy+}": "AWS_IAM"}


def test_a_token_instead_of_iam(synthesize: Synthesize) -> None:
    template = synthesize("authorizer=jwt", "jwt_issuer=https://login.example", "jwt_audience=oreva,ci")
    assert routes(template)["ANY /v1/{proxy+}"] == "JWT"
    ((_, authorizer),) = template.of_type("AWS::ApiGatewayV2::Authorizer")
    assert authorizer["JwtConfiguration"] == {"Audience": ["oreva", "ci"], "Issuer": "https://login.example"}
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]


def test_pages_of_given_origins_may_call(synthesize: Synthesize) -> None:
    template = synthesize("cors_origins=https://dash.example")
    assert routes(template)["OPTIONS /v1/{proxy+}"] == "NONE"
    ((_, api),) = template.of_type("AWS::ApiGatewayV2::Api")
    assert api["CorsConfiguration"]["AllowOrigins"] == ["https://dash.example"]
    assert "AllowCredentials" not in api["CorsConfiguration"]
    ((_, bucket),) = template.of_type("AWS::S3::Bucket")
    (rule,) = bucket["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedMethods"], rule["AllowedOrigins"]) == (["GET", "PUT"], ["https://dash.example"])


def test_the_api_is_throttled_and_logged_without_secrets(template: ResolvedTemplate) -> None:
    ((_, stage),) = template.of_type("AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 50
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 100
    assert not stage["DefaultRouteSettings"].get("DetailedMetricsEnabled"), "these are charged, one by one"
    logged = json.loads(stage["AccessLogSettings"]["Format"])
    assert "$context.requestId" in logged.values()
    assert not any("header" in value.lower() or "query" in value.lower() for value in logged.values())


def test_only_the_api_and_one_rule_may_start_functions(template: ResolvedTemplate) -> None:
    by_principal: dict[str, list[dict[str, Any]]] = {}
    for _, permission in template.of_type("AWS::Lambda::Permission"):
        by_principal.setdefault(permission["Principal"], []).append(permission)
    assert set(by_principal) == {"apigateway.amazonaws.com", "events.amazonaws.com"}
    for permission in by_principal["apigateway.amazonaws.com"]:
        assert ":execute-api:us-east-1:000000000000:" in permission["SourceArn"]
    (permission,) = by_principal["events.amazonaws.com"]
    assert permission["FunctionName"].endswith(":function:oreva-fail")
    assert permission["SourceArn"].endswith(":rule/oreva-scan-ended")


# --- Events


def rules(template: ResolvedTemplate) -> dict[str, dict[str, Any]]:
    return {each["Name"].removeprefix("oreva-"): each for _, each in template.of_type("AWS::Events::Rule")}


def test_the_bus_keeps_its_events_and_loses_no_request(cdk: Template, template: ResolvedTemplate) -> None:
    cdk.has_resource_properties("AWS::Events::Archive", {"RetentionDays": 30, "EventPattern": {"source": ["oreva"]}})
    rule = rules(template)["scan-requested"]
    assert rule["EventPattern"] == {"source": ["oreva"], "detail-type": ["Scan Requested"]}
    (target,) = rule["Targets"]
    assert target["DeadLetterConfig"]["Arn"].endswith(":oreva-undelivered")
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20}
    transformer = target["InputTransformer"]
    ((name, path),) = transformer["InputPathsMap"].items()
    assert path == "$.detail"
    assert transformer["InputTemplate"] == f'{{"request":<{name}>}}', "the object itself, not its text"


def test_fail_is_told_of_an_execution_that_ended_without_a_report(template: ResolvedTemplate) -> None:
    rule = rules(template)["scan-ended"]
    assert "EventBusName" not in rule, "AWS sends its events to the default bus"
    assert rule["EventPattern"] == {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {
            "stateMachineArn": ["arn:aws:states:us-east-1:000000000000:stateMachine:oreva-pipeline"],
            "status": ["FAILED", "TIMED_OUT", "ABORTED"],
        },
    }
    (target,) = rule["Targets"]
    assert target["Arn"].endswith(":function:oreva-fail")
    assert target["InputPath"] == "$.detail"
    assert target["DeadLetterConfig"]["Arn"].endswith(":oreva-undelivered")
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20}


@pytest.mark.parametrize("name", ["scan-requested", "scan-ended"])
def test_a_rule_may_leave_what_it_cannot_deliver(template: ResolvedTemplate, name: str) -> None:
    ((_, policy),) = template.of_type("AWS::SQS::QueuePolicy")
    rule = f"arn:aws:events:us-east-1:000000000000:rule/oreva-{name}"
    queue = "arn:aws:sqs:us-east-1:000000000000:oreva-undelivered"
    statements = policy["PolicyDocument"]["Statement"]
    assert allowed(statements, Request("sqs:SendMessage", queue, {"aws:SourceArn": rule}))
    assert not allowed(statements, Request("sqs:SendMessage", queue, {"aws:SourceArn": f"{rule}-of-another"}))


def test_the_queue_of_the_undelivered_is_encrypted_and_takes_tls_only(cdk: Template) -> None:
    cdk.has_resource_properties("AWS::SQS::Queue", {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 1209600})
    cdk.has_resource_properties(
        "AWS::SQS::QueuePolicy",
        {
            "PolicyDocument": Match.object_like(
                {
                    "Statement": Match.array_with(
                        [Match.object_like({"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})]
                    )
                }
            )
        },
    )


# --- Observability


def test_alarms_watch_what_matters_and_reach_a_person(synthesize: Synthesize) -> None:
    costs = ("model_cost_per_day=3.5", "model_cost_per_scan=0.25")
    template = synthesize("alarm_email=ops@example.com", *costs, "second_model_id=m.two")
    alarms = {each["AlarmName"].removeprefix("oreva-"): each for _, each in template.of_type("AWS::CloudWatch::Alarm")}
    expected = {"network-refused", "names-refused", "scans-failed", "gaps", "untriaged", "undelivered", "api-5xx"}
    expected |= {"model-cost", "model-cost-of-a-scan"}
    expected |= {f"pipeline-{name}" for name in ("failed", "timed-out", "aborted", "throttled")}
    expected |= {f"{name}-{what}" for name in NAMES for what in ("errors", "throttles")}
    expected |= {"model-1-throttles", "model-2-throttles", "table-read-throttles", "table-write-throttles"}
    assert set(alarms) == expected
    assert alarms["model-cost"]["Threshold"] == 3.5
    assert alarms["model-cost"]["Period"] == 86400
    of_a_scan = alarms["model-cost-of-a-scan"]
    assert (of_a_scan["MetricName"], of_a_scan["Statistic"]) == ("ModelCostOfScan", "Maximum"), (
        "one value comes from each scan"
    )
    assert of_a_scan["Threshold"] == 0.25
    for name, alarm in alarms.items():
        assert alarm["TreatMissingData"] == "notBreaching", name
        assert alarm["AlarmActions"] == alarm["OKActions"], name
    for own in ("scans-failed", "gaps", "untriaged", "model-cost", "model-cost-of-a-scan"):
        assert alarms[own]["Namespace"] == "Oreva"
        assert alarms[own]["Dimensions"] == [{"Name": "service", "Value": "oreva"}]
    ((_, subscription),) = template.of_type("AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@example.com")
    ((_, topic),) = template.of_type("AWS::SNS::Topic")
    assert topic["KmsMasterKeyId"]


def test_an_alarm_gets_through_to_the_topic(template: ResolvedTemplate) -> None:
    """From the alarm to its topic, past the topic's policy, to the key that the topic is encrypted with."""
    ((_, topic),) = template.of_type("AWS::SNS::Topic")
    arn = "arn:aws:sns:us-east-1:000000000000:oreva-alarms"
    for _, alarm in template.of_type("AWS::CloudWatch::Alarm"):
        assert alarm["AlarmActions"] == alarm["OKActions"] == [arn]
    ((_, policy),) = template.of_type("AWS::SNS::TopicPolicy")
    assert policy["Topics"] == [arn]
    told = from_cloudwatch(policy["PolicyDocument"]["Statement"])
    alarm_arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:oreva-gaps"
    alarm = {"aws:SourceAccount": "000000000000", "aws:SourceArn": alarm_arn, "aws:SecureTransport": "true"}
    assert allowed(told, Request("sns:Publish", arn, alarm))
    foreign = {"aws:SourceAccount": "111111111111", "aws:SourceArn": alarm_arn.replace("0" * 12, "1" * 12)}
    assert not allowed(told, Request("sns:Publish", arn, {**alarm, **foreign}))
    assert not allowed(told, Request("sns:Publish", arn, {**alarm, "aws:SecureTransport": "false"}))
    assert not allowed(told, Request("sns:Subscribe", arn, alarm))
    ((_, key),) = template.of_type("AWS::KMS::Key")
    (key_id,) = (name for name, each in template.resources.items() if each["Type"] == "AWS::KMS::Key")
    assert topic["KmsMasterKeyId"].endswith(f":key/{key_id}")
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert allowed(from_cloudwatch(key["KeyPolicy"]["Statement"]), Request(action, "*", alarm))


def from_cloudwatch(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements that speak of CloudWatch, by name or by speaking of everybody."""
    principals = ({"Service": "cloudwatch.amazonaws.com"}, "*", {"AWS": "*"})
    return [each for each in statements if each["Principal"] in principals]


def test_alarms_may_go_to_a_topic_that_is_there(synthesize: Synthesize) -> None:
    arn = "arn:aws:sns:us-east-1:123456789012:ops"
    template = synthesize(f"alarm_topic_arn={arn}")
    assert not list(template.of_type("AWS::SNS::Topic"))
    assert {tuple(each["AlarmActions"]) for _, each in template.of_type("AWS::CloudWatch::Alarm")} == {(arn,)}


def test_cloudwatch_can_use_the_key_of_the_topic(template: ResolvedTemplate) -> None:
    ((_, key),) = template.of_type("AWS::KMS::Key")
    (statement,) = (each for each in key["KeyPolicy"]["Statement"] if "Service" in each["Principal"])
    assert statement["Principal"]["Service"] == "cloudwatch.amazonaws.com"
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "000000000000"}}


METRICS = (
    *("ScansCompleted", "ScansFailed", "ScanSeconds", "Files", "CachedResults", "Gaps", "ShardsFailed"),
    *("FindingsOpened", "FindingsFixed", "Untriaged", "ModelCalls", "ModelTokens", "ModelCost", "TriageBatchesFailed"),
    "ModelCostOfScan",
)


def test_the_dashboard_shows_every_metric_of_oreva(template: ResolvedTemplate) -> None:
    ((_, dashboard),) = template.of_type("AWS::CloudWatch::Dashboard")
    body = json.loads(dashboard["DashboardBody"])
    shown = {
        metric[1] for widget in body["widgets"] for metric in widget["properties"]["metrics"] if metric[0] == "Oreva"
    }
    assert shown == set(METRICS)


# --- The stack


def test_other_names_are_other_stacks(synthesize: Synthesize) -> None:
    template = synthesize("name=oreva-two", name="oreva-two")
    names = json.dumps([each for _, each in template.of_type("AWS::Lambda::Function")])
    assert '"oreva-two-scan"' in names
    assert '"POWERTOOLS_SERVICE_NAME": "oreva-two"' in names
    assert '"POWERTOOLS_SERVICE_NAME": "oreva"' not in names
    own = [each for _, each in template.of_type("AWS::CloudWatch::Alarm") if each.get("Namespace") == "Oreva"]
    assert {each["MetricName"] for each in own} >= {"ScansFailed", "Gaps", "ModelCost"}
    assert all(each["Dimensions"] == [{"Name": "service", "Value": "oreva-two"}] for each in own)
    ((_, dashboard),) = template.of_type("AWS::CloudWatch::Dashboard")
    shown = [
        metric[:4]
        for widget in json.loads(dashboard["DashboardBody"])["widgets"]
        for metric in widget["properties"]["metrics"]
        if metric[0] == "Oreva"
    ]
    assert shown
    assert all(metric[2:] == ["service", "oreva-two"] for metric in shown)
    ((_, bucket),) = template.of_type("AWS::S3::Bucket")
    assert bucket["BucketName"] == "oreva-two-artifacts-000000000000-us-east-1"


def test_outputs_say_what_comes_next(template: ResolvedTemplate) -> None:
    assert set(template.body["Outputs"]) == {
        *("ApiUrl", "WebhookUrl", "TableName", "BucketName", "BusName", "SecretArn", "StateMachineArn")
    }
