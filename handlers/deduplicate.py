"""Deduplicate: from detections to findings, and to batches for triage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.runtime import REQUEST, cold_start, logger
from oreva.cloud import deduplicate
from oreva.cloud.messages import StageMessage

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

services = cold_start("table", "bucket")


@logger.inject_lambda_context(correlation_id_path=REQUEST, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{request}` in, `DeduplicateReceipt` out."""
    del context
    receipt = deduplicate.run(StageMessage.model_validate(event), services)
    logger.info("deduplicated", extra=receipt.model_dump(mode="json"))
    return receipt.model_dump(mode="json")
