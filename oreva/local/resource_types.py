"""What the stack uses and ministack does not know in templates; used in its process only.

Archives and flow logs it serves through its API. Alarms over metric math are taken note of and never go off, as are the
parts of a DNS firewall, which have nothing to answer here.
"""

from __future__ import annotations

import json
from typing import Any

Created = tuple[str, dict[str, Any]]
"""Physical id, and what `Fn::GetAtt` finds."""


def add_resource_types() -> None:
    """Let CloudFormation of the ministack in this process take every type that the stack uses."""
    from ministack.services.cloudformation import provisioners  # type: ignore[import-untyped]  # noqa: PLC0415

    handlers = provisioners._RESOURCE_HANDLERS  # noqa: SLF001  (it has no other way in)
    handlers.setdefault("AWS::Events::Archive", {"create": _create_archive, "delete": _delete_archive})
    handlers.setdefault("AWS::EC2::FlowLog", {"create": _create_flow_log, "delete": _delete_flow_log})
    for part in ("DomainList", "RuleGroup", "RuleGroupAssociation"):
        handlers.setdefault(f"AWS::Route53Resolver::Firewall{part}", {"create": _note, "delete": _forget})
    handlers["AWS::CloudWatch::Alarm"] = _with_metric_math(handlers["AWS::CloudWatch::Alarm"])


def _create_archive(_logical_id: str, properties: dict[str, Any], _stack: str) -> Created:
    from ministack.services import eventbridge  # type: ignore[import-untyped]  # noqa: PLC0415

    wanted = {
        "ArchiveName": properties["ArchiveName"],
        "EventSourceArn": properties["SourceArn"],
        "EventPattern": json.dumps(properties["EventPattern"]) if "EventPattern" in properties else "",
        "Description": properties.get("Description", ""),
        "RetentionDays": int(properties.get("RetentionDays", 0)),
    }
    answer = _accepted(eventbridge._create_archive(wanted))  # noqa: SLF001
    return wanted["ArchiveName"], {"Arn": json.loads(answer)["ArchiveArn"]}


def _delete_archive(physical_id: str, _properties: dict[str, Any]) -> None:
    from ministack.services import eventbridge  # noqa: PLC0415

    eventbridge._delete_archive({"ArchiveName": physical_id})  # noqa: SLF001


def _create_flow_log(_logical_id: str, properties: dict[str, Any], _stack: str) -> Created:
    from ministack.services import ec2  # noqa: PLC0415

    names = ("ResourceType", "TrafficType", "LogDestinationType", "LogDestination", "LogGroupName")
    wanted = {name: [str(properties[name])] for name in names if name in properties}
    known = set(ec2._flow_logs)  # noqa: SLF001
    _accepted(ec2._create_flow_logs({**wanted, "ResourceId.1": [properties["ResourceId"]]}))  # noqa: SLF001
    (made,) = set(ec2._flow_logs) - known  # noqa: SLF001
    return made, {"Id": made}


def _delete_flow_log(physical_id: str, _properties: dict[str, Any]) -> None:
    from ministack.services import ec2  # noqa: PLC0415

    ec2._delete_flow_logs({"FlowLogId.1": [physical_id]})  # noqa: SLF001


def _note(logical_id: str, _properties: dict[str, Any], stack: str) -> Created:
    physical_id = f"{stack}-{logical_id}"
    return physical_id, {"Id": physical_id}


def _forget(_physical_id: str, _properties: dict[str, Any]) -> None:
    return None


def _with_metric_math(known: dict[str, Any]) -> dict[str, Any]:
    """The handlers of alarms, which also take those over several metrics."""

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        if "Metrics" not in properties:
            made: Created = known["create"](logical_id, properties, stack)
            return made
        from ministack.core.responses import get_account_id, get_region  # type: ignore[import-untyped]  # noqa: PLC0415

        name = properties.get("AlarmName") or f"{stack}-{logical_id}"
        return name, {"Arn": f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"}

    return {**known, "create": create}


def _accepted(answer: tuple[int, Any, Any]) -> Any:
    """The body of an answer. Raises `ValueError`, which CloudFormation reports, if the service refused."""
    status, _, body = answer
    if status >= 300:
        raise ValueError(body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body))
    return body
