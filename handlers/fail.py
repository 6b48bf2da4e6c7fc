"""Fail: a scan that could not be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.runtime import cold_start, logger, measure
from oreva.cloud import fail

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

services = cold_start("table", "bucket", "bus")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{request, error, cause}` or the `detail` of an execution that has ended in, `FailReceipt` out."""
    del context
    message = fail.message_of(event)
    logger.set_correlation_id(message.request.scan_id)
    receipt = fail.run(message, services)
    logger.error("failed", extra=receipt.model_dump(mode="json"))
    measure(receipt.measures)
    return receipt.model_dump(mode="json")
