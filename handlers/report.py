"""Report: the end of a scan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.runtime import REQUEST, cold_start, logger, measure
from oreva.cloud import report
from oreva.cloud.messages import StageMessage

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

services = cold_start("table", "bucket", "bus")


@logger.inject_lambda_context(correlation_id_path=REQUEST, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{request}` in, `ReportReceipt` out."""
    del context
    receipt = report.run(StageMessage.model_validate(event), services)
    logger.info("reported", extra=receipt.model_dump(mode="json"))
    measure(receipt.measures)
    return receipt.model_dump(mode="json")
