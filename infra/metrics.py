"""The metrics that dashboard and alarms are made of: Oreva's own, and those of the services below it."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

NAMESPACE = "Oreva"
FIVE_MINUTES = Duration.minutes(5)


def own(stack: str, name: str, statistic: str = "Sum", period: Duration = FIVE_MINUTES) -> cloudwatch.Metric:
    """One that a function of the stack emits; the name of the stack keeps two in one account apart."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={"service": stack},
        statistic=statistic,
        period=period,
    )


def bedrock(name: str, model: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """One of Bedrock for one model."""
    return cloudwatch.Metric(
        namespace="AWS/Bedrock",
        metric_name=name,
        dimensions_map={"ModelId": model.rpartition("/")[2]},
        statistic=statistic,
        period=FIVE_MINUTES,
    )


def table(name: str, table_name: str) -> cloudwatch.Metric:
    """One of DynamoDB for the table."""
    return cloudwatch.Metric(
        namespace="AWS/DynamoDB",
        metric_name=name,
        dimensions_map={"TableName": table_name},
        statistic="Sum",
        period=FIVE_MINUTES,
    )
