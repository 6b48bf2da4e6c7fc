"""Deploying a synthesized stack to the embedded AWS, through the CloudFormation API and unmodified."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from oreva.errors import UsageError
from oreva.local.function import ACCOUNT, REGION, FunctionConfig
from oreva.local.synth import StackTemplate

BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = "30"
"""What `cdk bootstrap` leaves for the stacks that come after it; every template of CDK asks for it."""
DEPLOY_S = 120.0

Client = Callable[[str], Any]
"""Name of a service to a client of it."""


@dataclass(frozen=True)
class Deployed:
    """What is there after a deployment, by the names that people need."""

    stack: str
    api_url: str
    table: str
    bucket: str
    bus: str
    secret: str
    state_machine: str
    """ARN."""
    functions: tuple[FunctionConfig, ...]
    outputs: dict[str, str]


def deploy(stack: StackTemplate, client: Client, endpoint: str) -> Deployed:
    """Create the stack and wait until it is there.

    `endpoint` is that of the embedded AWS, for the address of the API. Raises `UsageError` with CloudFormation's own
    reason if it fails.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415

    _bootstrap(client)
    _publish(stack, client)
    cloudformation = client("cloudformation")
    try:
        cloudformation.create_stack(
            StackName=stack.name,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            **_template(stack, endpoint),
        )
    except ClientError as error:
        said = " ".join(error.response.get("Error", {}).get("Message", "").split())[-300:]
        raise UsageError(f"stack {stack.name}: refused ({said}); run `make synth` to look at it") from error
    deadline = time.monotonic() + DEPLOY_S
    while True:
        found = cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]
        status = found["StackStatus"]
        if status == "CREATE_COMPLETE":
            break
        if not status.endswith("IN_PROGRESS") or time.monotonic() > deadline:
            raise UsageError(f"stack {stack.name}: {status} ({_reason(cloudformation, stack.name)})")
        time.sleep(0.1)
    outputs = {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", [])}
    return _deployed(stack.name, client, endpoint, outputs)


def template_functions(stack: StackTemplate) -> list[str]:
    """Names of the image functions of a template, which the embedded AWS must know before it starts.

    Raises `UsageError` for an image function whose name is not fixed.
    """
    resources = json.loads(stack.template.read_text(encoding="utf-8"))["Resources"]
    names = []
    for logical, resource in resources.items():
        if resource["Type"] == "AWS::Lambda::Function" and resource["Properties"].get("PackageType") == "Image":
            name = resource["Properties"].get("FunctionName")
            if not isinstance(name, str):
                raise UsageError(f"{stack.template.name}: function {logical} has no fixed name; give it one in infra/")
            names.append(name)
    return names


def _bootstrap(client: Client) -> None:
    client("ssm").put_parameter(Name=BOOTSTRAP_PARAMETER, Value=BOOTSTRAP_VERSION, Type="String", Overwrite=True)


def _publish(stack: StackTemplate, client: Client) -> None:
    """Put files that the template refers to where `cdk deploy` would put them."""
    s3 = client("s3")
    for bucket in {asset.bucket for asset in stack.assets}:
        s3.create_bucket(Bucket=bucket)
    for asset in stack.assets:
        s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=asset.path.read_bytes())


def _template(stack: StackTemplate, endpoint: str) -> dict[str, str]:
    """How CloudFormation gets the template: from S3 if it lies there, since only small ones may come along."""
    for asset in stack.assets:
        if asset.path == stack.template:
            return {"TemplateURL": f"{endpoint}/{asset.bucket}/{asset.key}"}
    return {"TemplateBody": stack.template.read_text(encoding="utf-8")}


def _reason(cloudformation: Any, name: str) -> str:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    if not failed:
        return "CloudFormation gives no reason"
    first = failed[-1]
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'no reason given')}"


def _deployed(name: str, client: Client, endpoint: str, outputs: dict[str, str]) -> Deployed:
    resources: list[dict[str, Any]] = []
    for page in client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name):
        resources += page["StackResourceSummaries"]

    def physical(kind: str) -> list[str]:
        return [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == kind]

    functions = tuple(
        function for each in physical("AWS::Lambda::Function") if (function := _function(client("lambda"), each))
    )
    settings: dict[str, str] = {}
    for function in functions:
        settings |= function.variables
    apis = physical("AWS::ApiGatewayV2::Api")
    machines = physical("AWS::StepFunctions::StateMachine")
    if not (functions and apis and machines):
        raise UsageError(f"stack {name}: no function, no HTTP API or no state machine in it; check infra/app.py")
    return Deployed(
        stack=name,
        api_url=f"{endpoint}/_aws/execute-api/{apis[0]}",
        table=settings.get("OREVA_TABLE", ""),
        bucket=settings.get("OREVA_BUCKET", ""),
        bus=settings.get("OREVA_BUS", ""),
        secret=settings.get("OREVA_SECRET", ""),
        state_machine=machines[0],
        functions=functions,
        outputs=outputs,
    )


def _function(lambdas: Any, name: str) -> FunctionConfig | None:
    """The settings of an image function; None for one that CDK brought along."""
    found = lambdas.get_function_configuration(FunctionName=name)
    if found.get("PackageType") != "Image":
        return None
    command = found.get("ImageConfigResponse", {}).get("ImageConfig", {}).get("Command") or []
    if not command:
        raise UsageError(f"function {name}: its image has no command; set the handler in infra/")
    return FunctionConfig(
        name=found["FunctionName"],
        handler=command[0],
        timeout_s=float(found["Timeout"]),
        memory_mb=int(found["MemorySize"]),
        variables=found.get("Environment", {}).get("Variables", {}),
        arn=found.get("FunctionArn") or f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
    )
