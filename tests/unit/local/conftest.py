"""A small project of the same form as the real one: an app that writes a cloud assembly, and handlers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oreva.local.function import FunctionConfig
from oreva.local.host import FunctionHost

HANDLER = """
import os, sys, time


class ThrottledError(Exception):
    pass


def handler(event, context):
    print("log line of", context.function_name)
    if "fail" in event:
        raise ThrottledError(event["fail"])
    if "exit" in event:
        os._exit(event["exit"])
    if "sleep" in event:
        time.sleep(event["sleep"])
    if "memory" in event:
        kept = bytearray(event["memory"] * 1024 * 1024)
        time.sleep(30)
    if "answer_bytes" in event:
        return "x" * event["answer_bytes"]
    if "fail_once" in event:
        marker = event["fail_once"]
        if not os.path.exists(marker):
            open(marker, "w").close()
            raise ThrottledError("asks for less")
    return {
        "pid": os.getpid(),
        "event": event,
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "arn": context.invoked_function_arn,
        "request_id": context.aws_request_id,
        "left_ms": context.get_remaining_time_in_millis(),
    }


def api(event, context):
    return {"statusCode": 200, "body": event["rawPath"]}


def buckets(event, context):
    import boto3

    from botocore.config import Config

    client = boto3.client("s3", config=Config(retries={"total_max_attempts": 1}))
    return [each["Name"] for each in client.list_buckets()["Buckets"]]
"""

APP = """
import json, os, sys
from pathlib import Path

context = json.loads(os.environ["CDK_CONTEXT_JSON"])
if context.get("break"):
    raise ValueError("the setting break is set")
output = Path(os.environ["CDK_OUTDIR"])
output.mkdir(parents=True, exist_ok=True)
template = json.loads(Path("template.json").read_text())
(output / "toy.template.json").write_text(json.dumps(template))
stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "toy.template.json"}}
(output / "manifest.json").write_text(json.dumps({"version": "1", "artifacts": {"toy": stack}}))
bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
files = {
    "1": {
        "source": {"path": "toy.template.json", "packaging": "file"},
        "destinations": {"here": {"bucketName": bucket, "objectKey": "1.json"}},
    }
}
(output / "toy.assets.json").write_text(json.dumps({"version": "1", "files": files, "dockerImages": {}}))
"""

RETRY = {"ErrorEquals": ["ThrottledError"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1}
STATES = {
    "StartAt": "Working",
    "States": {
        "Working": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "toy-work", "Payload.$": "$"},
            "ResultSelector": {"scan_id.$": "$.Payload.event.request.scan_id"},
            "Retry": [RETRY],
            "Next": "Reporting",
        },
        "Reporting": {
            "Type": "Pass",
            "Result": {"state": "completed", "findings": 3, "new": 2, "fixed": 1, "gaps": 0},
            "End": True,
        },
    },
}


def function(name: str, handler: str, **variables: str) -> dict:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": name,
            "PackageType": "Image",
            "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/toy:1"},
            "ImageConfig": {"Command": [f"handlers.toy.{handler}"]},
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Timeout": 20,
            "MemorySize": 256,
            "Environment": {"Variables": variables},
        },
    }


def template() -> dict:
    """A state machine, an HTTP API, and the resource types that the embedded AWS has to be taught."""
    api = {"Ref": "Api"}
    return {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Action": "sts:AssumeRole",
                                "Principal": {"Service": "lambda.amazonaws.com"},
                            }
                        ],
                    }
                },
            },
            "Secret": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"Name": "toy/github", "GenerateSecretString": {}},
            },
            "Work": function("toy-work", "handler", OREVA_TABLE="toy", OREVA_SECRET="toy/github"),
            "Answer": function("toy-api", "api"),
            "Buckets": function("toy-buckets", "buckets"),
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "StateMachineName": "toy-pipeline",
                    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                    "DefinitionString": json.dumps(STATES),
                },
            },
            "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "toy", "ProtocolType": "HTTP"}},
            "Stage": {
                "Type": "AWS::ApiGatewayV2::Stage",
                "Properties": {"ApiId": api, "StageName": "$default", "AutoDeploy": True},
            },
            "Integration": {
                "Type": "AWS::ApiGatewayV2::Integration",
                "Properties": {
                    "ApiId": api,
                    "IntegrationType": "AWS_PROXY",
                    "IntegrationUri": {"Fn::GetAtt": ["Answer", "Arn"]},
                    "PayloadFormatVersion": "2.0",
                },
            },
            "Route": {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": api,
                    "RouteKey": "GET /v1/{proxy+}",
                    "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]},
                },
            },
            "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "toy-bus"}},
            "Archive": {
                "Type": "AWS::Events::Archive",
                "Properties": {
                    "ArchiveName": "toy-archive",
                    "SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]},
                    "EventPattern": {"source": ["toy"]},
                    "RetentionDays": 3,
                },
            },
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/24"}},
            "FlowLog": {
                "Type": "AWS::EC2::FlowLog",
                "Properties": {
                    "ResourceId": {"Ref": "Vpc"},
                    "ResourceType": "VPC",
                    "TrafficType": "REJECT",
                    "LogGroupName": "toy-flow",
                },
            },
            "Alarm": {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {
                    "AlarmName": "toy-alarm",
                    "ComparisonOperator": "GreaterThanThreshold",
                    "EvaluationPeriods": 1,
                    "Threshold": 1,
                    "Metrics": [{"Id": "sum", "Expression": "1 + 1"}],
                },
            },
        },
        "Outputs": {"Archive": {"Value": {"Fn::GetAtt": ["Archive", "Arn"]}}, "Flow": {"Value": {"Ref": "FlowLog"}}},
    }


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for folder, name, text in (("infra", "app.py", APP), ("handlers", "toy.py", HANDLER)):
        (root / folder).mkdir()
        (root / folder / "__init__.py").touch()
        (root / folder / name).write_text(text)
    (root / "handlers" / "broken.py").write_text("import a_module_that_is_not_there\n")
    (root / "template.json").write_text(json.dumps(template()))
    (root / "cdk.json").write_text(json.dumps({"app": "python -m infra.app", "context": {"from_file": 1}}))
    return root


@pytest.fixture
def make_host(project: Path, tmp_path: Path) -> Iterator[Callable[..., FunctionHost]]:
    hosts: list[FunctionHost] = []

    def make(*functions: FunctionConfig, **more: object) -> FunctionHost:
        host = FunctionHost(
            root=project,
            work=tmp_path / "work",
            logs=tmp_path / "logs",
            endpoints={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
            **more,
        )
        hosts.append(host)
        host.serve(functions)
        return host

    yield make
    for host in hosts:
        host.close()


@pytest.fixture
def toy() -> Callable[..., FunctionConfig]:
    def make(name: str = "toy", handler: str = "toy.handler", timeout_s: float = 20, memory_mb: int = 256):
        return FunctionConfig(name, f"handlers.{handler}", timeout_s, memory_mb, {"OREVA_TABLE": "findings"}, "arn:toy")

    return make
