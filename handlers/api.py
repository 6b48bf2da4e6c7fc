"""The HTTP API: one request in, one answer out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import correlation_paths

from handlers.runtime import cold_start, logger
from oreva.cloud.api.routes import make_app

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

services = cold_start("table", "bucket", "bus")
app = make_app()


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP, clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request (payload format 2.0)."""
    app.append_context(services=services)  # type: ignore[no-untyped-call]
    return app.resolve(event, context)
