"""The prefix lists of S3 and DynamoDB by region, as `aws ec2 describe-managed-prefix-lists` prints them.

AWS never changes these ids, and CloudFormation cannot look them up. A region that is missing here is given by the
settings `s3_prefix_list` and `dynamodb_prefix_list`; a wrong id is refused at deployment.
"""

from __future__ import annotations

from aws_cdk import CfnMapping, Stack
from constructs import Construct

from oreva.errors import ConfigError

PREFIX_LISTS: dict[str, dict[str, str]] = {
    "ap-northeast-1": {"s3": "pl-61a54008", "dynamodb": "pl-78a54011"},
    "ap-northeast-2": {"s3": "pl-78a54011", "dynamodb": "pl-48a54021"},
    "ap-south-1": {"s3": "pl-78a54011", "dynamodb": "pl-66a7420f"},
    "ap-southeast-1": {"s3": "pl-6fa54006", "dynamodb": "pl-67a5400e"},
    "ap-southeast-2": {"s3": "pl-6ca54005", "dynamodb": "pl-62a5400b"},
    "ca-central-1": {"s3": "pl-7da54014", "dynamodb": "pl-4ea54027"},
    "eu-central-1": {"s3": "pl-6ea54007", "dynamodb": "pl-66a5400f"},
    "eu-north-1": {"s3": "pl-c3aa4faa", "dynamodb": "pl-adae4bc4"},
    "eu-west-1": {"s3": "pl-6da54004", "dynamodb": "pl-6fa54006"},
    "eu-west-2": {"s3": "pl-7ca54015", "dynamodb": "pl-b3a742da"},
    "eu-west-3": {"s3": "pl-23ad484a", "dynamodb": "pl-abb451c2"},
    "sa-east-1": {"s3": "pl-6aa54003", "dynamodb": "pl-60a54009"},
    "us-east-1": {"s3": "pl-63a5400a", "dynamodb": "pl-02cd2c6b"},
    "us-east-2": {"s3": "pl-7ba54012", "dynamodb": "pl-4ca54025"},
    "us-west-1": {"s3": "pl-6ba54002", "dynamodb": "pl-6ea54007"},
    "us-west-2": {"s3": "pl-68a54001", "dynamodb": "pl-00a54069"},
}


def prefix_list(scope: Construct, service: str, region: str | None, given: str | None) -> str:
    """The list of `s3` or `dynamodb`: the given one, else that of the region, else one that is chosen at deployment.

    Raises `ConfigError`, with the command that finds it, for a region that is not known here.
    """
    if given:
        return given
    if region is None:
        ids = {each: {"Id": lists[service]} for each, lists in PREFIX_LISTS.items()}
        return CfnMapping(scope, f"lists-of-{service}", mapping=ids, lazy=True).find_in_map(
            Stack.of(scope).region, "Id"
        )
    if region not in PREFIX_LISTS:
        raise ConfigError(
            f"{service}_prefix_list: not known for {region}; find it with `aws ec2 describe-managed-prefix-lists "
            f"--region {region} --filters Name=prefix-list-name,Values=com.amazonaws.{region}.{service}`, or set "
            "vpc=false"
        )
    return PREFIX_LISTS[region][service]
