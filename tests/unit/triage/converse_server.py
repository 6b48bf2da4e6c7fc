"""The Bedrock Runtime endpoint of `oreva.local.bedrock`, with a model that is sure of what it says."""

from dataclasses import dataclass

from oreva.local import bedrock
from oreva.local.bedrock import (  # noqa: F401  (for the tests)
    STATUS,
    Answer,
    Fault,
    Model,
    Raw,
    Reply,
    Request,
    use_tool,
    verdict,
    verdicts,
)


def judge_all(request: Request, assessment: str = "true_positive", confidence: float = 0.95) -> Reply:
    """A model that quotes the flagged line of everything it is asked about."""
    return verdicts(
        verdict(name, request.flagged[name], request.shown[request.flagged[name]].strip(), assessment, confidence)
        for name in request.asked
    )


@dataclass
class ConverseServer(bedrock.ConverseServer):
    model: Model = judge_all
