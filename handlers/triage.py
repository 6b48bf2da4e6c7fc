"""Triage: verdicts on one batch of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.runtime import REQUEST, cold_start, logger, measure, remaining_s
from oreva.cloud import triage
from oreva.cloud.messages import BatchMessage

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

services = cold_start("table", "bucket")


@logger.inject_lambda_context(correlation_id_path=REQUEST, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`{request, batch}` in, `TriageReceipt` out."""
    receipt = triage.run(BatchMessage.model_validate(event), services, remaining_s(context), measure)
    logger.info("triaged", extra=receipt.model_dump(mode="json"))
    return receipt.model_dump(mode="json")
