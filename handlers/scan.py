"""Scan: both scanners over one shard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.runtime import SHARD, cold_start, logger, remaining_s
from oreva.cloud import scan
from oreva.cloud.messages import ShardMessage

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

services = cold_start()


@logger.inject_lambda_context(correlation_id_path=SHARD, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One item of `shards.json` in, `ShardReceipt` out."""
    receipt = scan.run(ShardMessage.model_validate(event), services, remaining_s(context))
    logger.info("scanned", extra=receipt.model_dump(mode="json"))
    return receipt.model_dump(mode="json")
