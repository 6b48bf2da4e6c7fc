"""A synthesized template with its intrinsic functions resolved, as CloudFormation would in one account and region."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ACCOUNT = "000000000000"
REGION = "us-east-1"

_ARNS = {
    "AWS::DynamoDB::Table": ("dynamodb", "table/{TableName}"),
    "AWS::Events::EventBus": ("events", "event-bus/{Name}"),
    "AWS::Events::Rule": ("events", "rule/{Name}"),
    "AWS::KMS::Key": ("kms", "key/{logical_id}"),
    "AWS::Lambda::Function": ("lambda", "function:{FunctionName}"),
    "AWS::SecretsManager::Secret": ("secretsmanager", "secret:{Name}-a1B2c3"),
    "AWS::StepFunctions::StateMachine": ("states", "stateMachine:{StateMachineName}"),
    "AWS::Logs::LogGroup": ("logs", "log-group:{LogGroupName}:*"),
    "AWS::SNS::Topic": ("sns", "{TopicName}"),
    "AWS::SQS::Queue": ("sqs", "{QueueName}"),
}
_NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::S3::Bucket": "BucketName",
}


@dataclass(frozen=True)
class ResolvedTemplate:
    """A template; `resolve` turns what stands in it into what AWS would see."""

    body: Mapping[str, Any]
    account: str = ACCOUNT
    region: str = REGION

    @property
    def resources(self) -> Mapping[str, Any]:
        return self.body["Resources"]

    def of_type(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Logical ids and resolved properties of all resources of a type."""
        for logical_id, resource in self.resources.items():
            if resource["Type"] == kind:
                yield logical_id, self.resolve(resource.get("Properties", {}))

    def resolve(self, value: Any) -> Any:
        """The value without intrinsic functions. Raises `LookupError` for one that is not known here."""
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return self._function(name.removeprefix("Fn::"), argument)
        return {key: self.resolve(each) for key, each in value.items()}

    def _function(self, name: str, argument: Any) -> Any:
        if name == "GetAtt":
            return self._attribute(*argument)
        if name == "Sub":
            return re.sub(r"\$\{([\w:]+)\}", lambda found: self._ref(found[1]), argument)
        if name == "GetAZs":
            return [f"{self.region}{letter}" for letter in "abc"]
        resolved = self.resolve(argument)
        if name == "Join":
            return resolved[0].join(resolved[1])
        if name == "Select":
            return resolved[1][int(resolved[0])]
        if name == "FindInMap":
            return self.body["Mappings"][resolved[0]][resolved[1]][resolved[2]]
        if name == "Split":
            return resolved[1].split(resolved[0])
        raise LookupError(f"Fn::{name} cannot be resolved here")

    def _ref(self, name: str) -> str:
        pseudo = {
            "AWS::AccountId": self.account,
            "AWS::Partition": "aws",
            "AWS::Region": self.region,
            "AWS::StackName": "oreva",
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        resource = self.resources[name]
        kind, properties = resource["Type"], resource.get("Properties", {})
        if kind in _NAMES:
            return self.resolve(properties[_NAMES[kind]])
        if kind in ("AWS::SecretsManager::Secret", "AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"):
            return self._attribute(name, "Arn")
        return f"ref-of-{name}"

    def _attribute(self, logical_id: str, attribute: str) -> str:
        resource = self.resources[logical_id]
        kind = resource["Type"]
        properties = self.resolve(
            {key: value for key, value in resource.get("Properties", {}).items() if key.endswith("Name")}
        )
        if attribute in ("Arn", "Id") and kind == "AWS::S3::Bucket":
            return f"arn:aws:s3:::{properties['BucketName']}"
        if attribute == "Arn" and kind in _ARNS:
            service, form = _ARNS[kind]
            return f"arn:aws:{service}:{self.region}:{self.account}:{form.format(logical_id=logical_id, **properties)}"
        if attribute == "Name" and "Name" in properties:
            return str(properties["Name"])
        return f"{attribute}-of-{logical_id}"
