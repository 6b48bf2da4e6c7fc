"""GitHub's webhook: one delivery in, one answer out."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2, event_source

from handlers.runtime import cold_start, logger
from oreva.cloud.webhook import Delivery, receive

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

services = cold_start("table", "bucket", "bus", "secret")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP, clear_state=True)
@event_source(data_class=APIGatewayProxyEventV2)
def handler(event: APIGatewayProxyEventV2, context: LambdaContext) -> dict[str, Any]:
    """Answer one request of the HTTP API (payload format 2.0). The body is taken as the bytes that were signed."""
    text = event.body or ""
    body = base64.b64decode(text) if event.is_base64_encoded else text.encode("utf-8", "surrogatepass")
    headers = {name.lower(): value for name, value in event.headers.items()}
    answer = receive(Delivery(headers=headers, body=body), services, context)
    return {
        "statusCode": answer.status,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps(dict(answer.body)),
    }
