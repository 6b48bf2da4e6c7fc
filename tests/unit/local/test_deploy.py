"""Deploying templates to an embedded AWS of their own, and what is said when that does not work."""

import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from oreva.errors import UsageError
from oreva.local.aws import EmbeddedAws, free_port, port_is_free
from oreva.local.deploy import deploy
from oreva.local.embedded import forward
from oreva.local.synth import StackTemplate

pytest.importorskip("ministack", reason="the extra `local` is not installed")

TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "TableName": "t",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    },
}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAws]:
    work = tmp_path_factory.mktemp("aws")
    with EmbeddedAws(work=work, log_file=work / "aws.log") as embedded:
        yield embedded


def deployed(aws: EmbeddedAws, folder: Path, name: str, resources: dict) -> None:
    template = folder / "t.json"
    template.write_text(json.dumps({"Resources": resources}))
    deploy(StackTemplate(name, template), aws.client, aws.url)


def test_a_stack_without_a_pipeline_is_refused(aws, tmp_path):
    with pytest.raises(UsageError, match="stack plain: no function, no HTTP API or no state machine in it"):
        deployed(aws, tmp_path, "plain", {"Table": TABLE})
    assert aws.client("dynamodb").list_tables()["TableNames"] == ["t"]


def test_the_reason_of_cloudformation_is_told(aws, tmp_path):
    with pytest.raises(UsageError, match=r"stack odd: refused \(.*AWS::Odd::Thing"):
        deployed(aws, tmp_path, "odd", {"Odd": {"Type": "AWS::Odd::Thing"}})
    archive = {"ArchiveName": "a", "SourceArn": "arn:x", "EventPattern": {"source": "not a list"}}
    with pytest.raises(UsageError, match=r"stack failed: ROLLBACK_COMPLETE \(Archive: "):
        deployed(aws, tmp_path, "failed", {"Archive": {"Type": "AWS::Events::Archive", "Properties": archive}})


def test_an_image_without_a_handler_is_refused(aws, tmp_path):
    function = {
        "FunctionName": "f",
        "PackageType": "Image",
        "Code": {"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/f:1"},
        "Role": "arn:aws:iam::000000000000:role/f",
    }
    with pytest.raises(UsageError, match="function f: its image has no command"):
        deployed(aws, tmp_path, "function", {"F": {"Type": "AWS::Lambda::Function", "Properties": function}})


def test_what_was_added_can_be_deleted_again(aws, tmp_path):
    resources = {
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "b"}},
        "Archive": {
            "Type": "AWS::Events::Archive",
            "Properties": {"ArchiveName": "kept", "SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}, "RetentionDays": 3},
        },
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/24"}},
        "Log": {
            "Type": "AWS::EC2::FlowLog",
            "Properties": {"ResourceId": {"Ref": "Vpc"}, "ResourceType": "VPC", "TrafficType": "REJECT"},
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "plain",
                "ComparisonOperator": "GreaterThanThreshold",
                "EvaluationPeriods": 1,
                "Threshold": 1,
                "MetricName": "m",
                "Namespace": "n",
                "Statistic": "Sum",
                "Period": 60,
            },
        },
    }
    with pytest.raises(UsageError, match="no function"):
        deployed(aws, tmp_path, "added", resources)
    events, ec2 = aws.client("events"), aws.client("ec2")
    assert events.describe_archive(ArchiveName="kept")["RetentionDays"] == 3
    (log,) = ec2.describe_flow_logs()["FlowLogs"]
    assert log["TrafficType"] == "REJECT"
    assert [each["AlarmName"] for each in aws.client("cloudwatch").describe_alarms()["MetricAlarms"]] == ["plain"]
    aws.client("cloudformation").delete_stack(StackName="added")
    aws.client("cloudformation").get_waiter("stack_delete_complete").wait(
        StackName="added", WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )
    assert events.list_archives()["Archives"] == []
    assert ec2.describe_flow_logs()["FlowLogs"] == []


def test_it_listens_on_the_loopback_alone_and_refuses_a_port_in_use(aws, tmp_path):
    (process,) = [each for each in psutil.Process().children() if "oreva.local.embedded" in each.cmdline()]
    listening = [each.laddr for each in process.net_connections() if each.status == psutil.CONN_LISTEN]
    assert [(each.ip, each.port) for each in listening] == [("127.0.0.1", aws.port)]
    assert not port_is_free(aws.port)
    assert free_port() != aws.port
    with pytest.raises(UsageError, match=f"port {aws.port} of 127.0.0.1 is in use"):
        EmbeddedAws(work=tmp_path, log_file=tmp_path / "log", port=aws.port).start()


def test_one_that_ends_at_once_is_told_with_its_last_line(tmp_path):
    broken = EmbeddedAws(work=tmp_path, log_file=tmp_path / "log", variables={"GATEWAY_PORT": "none"})
    with pytest.raises(UsageError, match=r"the embedded AWS ended at once \(ValueError: .*\); see .*log"):
        broken.start()
    assert not broken.alive


def test_a_host_that_does_not_answer_is_an_error_that_is_tried_again():
    result = forward({"FunctionName": "f", "Timeout": 1}, {}, f"http://127.0.0.1:{free_port()}/f", "id")
    assert result["error"]
    assert result["body"]["errorType"] == "Lambda.ServiceException"
