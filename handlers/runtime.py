"""What every function does once when it starts, and what they share: checked settings, logs, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from oreva.cloud.environment import environment
from oreva.cloud.services import Services

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
"""Service and level come from `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_LOG_LEVEL`."""

REQUEST = "request.scan_id"
"""Where the scan id is in the event of a stage: what the logs of one scan have in common."""
SHARD = "scan_id"

_UNITS = {"ScanSeconds": MetricUnit.Seconds, "ModelCost": MetricUnit.NoUnit, "ModelCostOfScan": MetricUnit.NoUnit}


def cold_start(*needed: str) -> Services:
    """The settings of the environment, checked, and clients that are made when they are first used.

    `needed` are the settings (fields of `Environment`) that the function cannot do without. Raises `ConfigError`,
    naming the variables, which ends the function before it has taken anything on.
    """
    return Services(environment().need(*needed))


def remaining_s(context: LambdaContext) -> float:
    """Seconds until Lambda ends this invocation."""
    return context.get_remaining_time_in_millis() / 1000


def measure(measures: Mapping[str, float]) -> None:
    """Count these metrics, in CloudWatch's embedded metric format, with the service as their only dimension."""
    if not measures:
        return
    metrics = Metrics()
    for name, value in measures.items():
        metrics.add_metric(name=name, unit=_UNITS.get(name, MetricUnit.Count), value=value)
    metrics.flush_metrics()
