"""One request to Bedrock's Converse API: the forced tool, retries, and what every way of failing means.

Facts of the API used here (Amazon Bedrock API reference, Converse): `toolChoice` `{"tool": {"name": …}}` forces a tool;
some newer models refuse that with a ValidationException, and are asked with `auto` from then on. `stopReason` tells a
guardrail, a content filter and a cut answer from a complete one. `usage` counts tokens, `metrics.latencyMs` the time.
Sampling parameters are only sent if configured, since newer models refuse them.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from oreva.triage.budget import ModelCall, estimate_tokens
from oreva.triage.prompt import TOOL_NAME, Prompt, reply_schema
from oreva.triage.slices import printable

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient
    from types_boto3_bedrock_runtime.type_defs import (
        ConverseRequestTypeDef,
        ConverseResponseTypeDef,
        MessageUnionTypeDef,
        TokenUsageTypeDef,
    )

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 20.0


class FailureKind(StrEnum):
    """What a failed request means for those that follow."""

    TRANSIENT = "transient"
    """Throttled or unreachable in spite of retries: the next request may fare better."""
    REQUEST = "request"
    """This one request, or its content, is not answered."""
    TOO_LONG = "too long"
    """The answer was cut off, or the question did not fit: fewer findings at once may fit."""
    FATAL = "fatal"
    """No request will be answered: no permission, no credentials, no such model."""


@dataclass(frozen=True)
class Failure:
    """A request without an answer."""

    kind: FailureKind
    reason: str
    """For people; holds nothing of the code that was sent."""


@dataclass(frozen=True)
class Answer:
    """What came back, not yet checked."""

    message: MessageUnionTypeDef
    """The model's whole message, to be sent back in a repair turn."""
    tool_use_id: str | None
    tool_input: object
    """What the tool was called with; None if it was not called."""


_RETRIED = {
    "ThrottlingException": "throttled",
    "TooManyRequestsException": "throttled",
    "ModelNotReadyException": "the model is not ready",
    "ServiceUnavailableException": "the service is unavailable",
    "InternalServerException": "the service failed",
    "ModelErrorException": "the model failed",
}
_FATAL = {
    "AccessDeniedException": "access denied; allow bedrock:InvokeModel on the model and request access to it",
    "ResourceNotFoundException": "the model or inference profile was not found in this region; check triage.model_id",
    "UnrecognizedClientException": "the AWS credentials are not valid",
    "InvalidSignatureException": "the AWS credentials are not valid",
    "ExpiredTokenException": "the AWS credentials have expired",
    "ServiceQuotaExceededException": "the account's quota is used up",
}
_STOPPED = {
    "guardrail_intervened": "a guardrail of the account blocked it",
    "content_filtered": "the service's content filter blocked it",
    "refusal": "the model refused to answer",
}
_TOO_LONG = {
    "max_tokens": "the answer was cut off at the token limit",
    "model_context_window_exceeded": "it does not fit into the model's context",
}
_TOOL_CHOICE = re.compile(r"tool[_ ]?choice|forc\w+ (?:a )?tool", re.IGNORECASE)
_INPUT_TOO_LONG = re.compile(r"too long|too many (?:input )?tokens|context (?:window|length)", re.IGNORECASE)


@dataclass
class Conversation:
    """Sends requests to Converse with bounded retries, and remembers which models refuse a forced tool."""

    client: BedrockRuntimeClient
    attempts: int = 5
    temperature: float | None = None
    guardrail: tuple[str, str] | None = None
    """Identifier and version of the account's guardrail, if requests are to pass one."""
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    """Gives a number from 0 to 1; the delay before a retry is that part of the current limit («full jitter»)."""
    _unforced: set[str] = field(default_factory=set)

    def ask(
        self,
        model_id: str,
        prompt: Prompt,
        turns: Sequence[MessageUnionTypeDef],
        *,
        max_tokens: int,
        findings: int,
        record: Callable[[ModelCall], object],
    ) -> Answer | Failure:
        """Send a prompt, and the turns that followed it, to a model.

        Args:
            model_id: a model or inference profile, by id or ARN.
            prompt: the system text and the first user turn.
            turns: what was said after that; empty for the first request.
            max_tokens: the longest answer.
            findings: how many findings are asked about, for the record.
            record: is given what an answered request has cost.
        """
        started = time.monotonic()
        for attempt in range(1, self.attempts + 1):
            outcome = self._send(model_id, prompt, turns, max_tokens)
            if isinstance(outcome, Failure):
                if outcome.kind is not FailureKind.TRANSIENT:
                    return outcome
                if attempt == self.attempts:
                    return Failure(outcome.kind, f"{outcome.reason}, {attempt} times in a row")
                self.sleep(min(FIRST_DELAY_S * 2 ** (attempt - 1), LONGEST_DELAY_S) * self.jitter())
                continue
            elapsed_ms = int((time.monotonic() - started) * 1000)
            record(_call_of(model_id, outcome, prompt, findings=findings, attempts=attempt, elapsed_ms=elapsed_ms))
            return _answer_of(outcome)
        raise AssertionError("attempts is at least 1")  # pragma: no cover

    def _send(
        self, model_id: str, prompt: Prompt, turns: Sequence[MessageUnionTypeDef], max_tokens: int
    ) -> ConverseResponseTypeDef | Failure:
        """One request; a second one at once if the model turns out to refuse a forced tool."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
        from botocore.parsers import ResponseParserError  # noqa: PLC0415

        try:
            return self.client.converse(**self._request(model_id, prompt, turns, max_tokens))
        except ClientError as error:
            detail = error.response.get("Error", {})
            code, message = detail.get("Code", ""), detail.get("Message", "")
        except (BotoCoreError, ResponseParserError) as error:
            return _failure_on_the_way(error)
        if code == "ValidationException" and _TOOL_CHOICE.search(message) and model_id not in self._unforced:
            self._unforced.add(model_id)
            return self._send(model_id, prompt, turns, max_tokens)
        return _failure_of(code, message)

    def _request(
        self, model_id: str, prompt: Prompt, turns: Sequence[MessageUnionTypeDef], max_tokens: int
    ) -> ConverseRequestTypeDef:
        request: ConverseRequestTypeDef = {
            "modelId": model_id,
            "system": [{"text": prompt.system}],
            "messages": [{"role": "user", "content": [{"text": prompt.question}]}, *turns],
            "inferenceConfig": {"maxTokens": max_tokens},
            "toolConfig": {
                "tools": [
                    {
                        "toolSpec": {
                            "name": TOOL_NAME,
                            "description": "Record the verdict on each finding that was asked about.",
                            "inputSchema": {"json": reply_schema()},
                        }
                    }
                ],
                "toolChoice": {"auto": {}} if model_id in self._unforced else {"tool": {"name": TOOL_NAME}},
            },
        }
        if self.temperature is not None:
            request["inferenceConfig"]["temperature"] = self.temperature
        if self.guardrail is not None:
            identifier, version = self.guardrail
            request["guardrailConfig"] = {"guardrailIdentifier": identifier, "guardrailVersion": version}
        return request


def repair_turns(answer: Answer, problem: str) -> list[MessageUnionTypeDef]:
    """The turns that ask a model to answer again: what it said, and what is wrong with that."""
    if answer.tool_use_id is None:
        return [answer.message, {"role": "user", "content": [{"text": problem}]}]
    result: MessageUnionTypeDef = {
        "role": "user",
        "content": [
            {"toolResult": {"toolUseId": answer.tool_use_id, "content": [{"text": problem}], "status": "error"}}
        ],
    }
    return [answer.message, result]


def _failure_on_the_way(error: Exception) -> Failure:
    """What it means that no reply of the service came, or one that cannot be read."""
    from botocore import exceptions  # noqa: PLC0415
    from botocore.parsers import ResponseParserError  # noqa: PLC0415

    if isinstance(error, exceptions.ReadTimeoutError):
        return Failure(FailureKind.REQUEST, "the model did not answer in time")
    if isinstance(error, exceptions.NoCredentialsError | exceptions.CredentialRetrievalError):
        return Failure(FailureKind.FATAL, "there are no AWS credentials")
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError | ResponseParserError):
        return Failure(FailureKind.TRANSIENT, f"Bedrock cannot be reached ({type(error).__name__})")
    return Failure(FailureKind.REQUEST, f"the request could not be made ({type(error).__name__})")


def _failure_of(code: str, message: str) -> Failure:
    if code in _RETRIED:
        return Failure(FailureKind.TRANSIENT, _RETRIED[code])
    if code in _FATAL:
        return Failure(FailureKind.FATAL, _FATAL[code])
    if code == "ModelTimeoutException":
        return Failure(FailureKind.REQUEST, "the model did not answer in time")
    if code == "ValidationException" and _INPUT_TOO_LONG.search(message):
        return Failure(FailureKind.TOO_LONG, _TOO_LONG["model_context_window_exceeded"])
    said = printable(" ".join(message.split()))[:200]
    return Failure(FailureKind.REQUEST, f"Bedrock refused the request ({printable(code)[:60]}: {said})")


def _answer_of(response: ConverseResponseTypeDef) -> Answer | Failure:
    stop_reason: str = response.get("stopReason", "")
    if stop_reason in _STOPPED:
        return Failure(FailureKind.REQUEST, _STOPPED[stop_reason])
    if stop_reason in _TOO_LONG:
        return Failure(FailureKind.TOO_LONG, _TOO_LONG[stop_reason])
    message = response.get("output", {}).get("message")
    if message is None or not message.get("content"):
        return Failure(FailureKind.REQUEST, "the model gave no answer")
    for block in message["content"]:
        tool = block.get("toolUse")
        if tool is not None and tool["name"] == TOOL_NAME:
            return Answer(message, tool["toolUseId"], tool["input"])
    return Answer(message, None, None)


def _call_of(
    model_id: str,
    response: ConverseResponseTypeDef,
    prompt: Prompt,
    *,
    findings: int,
    attempts: int,
    elapsed_ms: int,
) -> ModelCall:
    """What an answered request has cost; where the service does not say, an estimate that is rather too high."""
    usage: TokenUsageTypeDef | Mapping[str, int] = response.get("usage", {})
    cached = usage.get("cacheReadInputTokens", 0) + usage.get("cacheWriteInputTokens", 0)
    return ModelCall(
        model_id=model_id,
        findings=findings,
        input_tokens=usage.get("inputTokens", estimate_tokens(prompt.characters)) + cached,
        output_tokens=usage.get("outputTokens", 0),
        latency_ms=response.get("metrics", {}).get("latencyMs", elapsed_ms),
        attempts=attempts,
        stop_reason=response.get("stopReason", ""),
    )
