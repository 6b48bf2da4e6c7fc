"""Fail: a scan that could not be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.runtime import REQUEST, cold_start, logger, measure
from oreva.cloud import fail
from oreva.cloud.messages import FailMessage

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

services = cold_start("table", "bucket", "bus")


@logger.inject_lambda_context(correlation_id_path=REQUEST, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{request, error, cause}` in, `FailReceipt` out."""
    del context
    receipt = fail.run(FailMessage.model_validate(event), services)
    logger.error("failed", extra=receipt.model_dump(mode="json"))
    measure(receipt.measures)
    return receipt.model_dump(mode="json")
