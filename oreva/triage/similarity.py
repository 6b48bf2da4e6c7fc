"""Near-duplicates: which slices of one rule are so alike that they have one root cause.

Locally by token shingles (Broder, On the resemblance and containment of documents, 1997); on AWS, if wanted, by Titan
text embeddings.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from oreva.triage.budget import ModelCall, estimate_tokens

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

SHINGLE_TOKENS = 4
MAX_LEADERS = 200
"""With how many groups a text is compared; further ones stand alone."""

TITAN_MODEL_ID = "amazon.titan-embed-text-v2:0"
MAX_EMBEDDED_CHARACTERS = 20_000
"""Titan takes 8,192 tokens."""

MAX_EMBEDDED_TEXTS = 200
"""How many findings of one rule are embedded at most: each is a request of its own."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


class Likeness(Protocol):
    """Tells which texts are near-duplicates."""

    def leaders(self, texts: Sequence[str]) -> list[int]:
        """For each text the position of the first one that it is like; its own if there is none.

        A leader's leader is itself: groups do not chain.
        """


class ShingleLikeness:
    """Likeness as the share of common runs of `SHINGLE_TOKENS` tokens (Jaccard). Needs no network."""

    def __init__(self, threshold: float = 0.85) -> None:
        """`threshold` is the lowest share, from 0 to 1, at which two texts count as alike."""
        self._threshold = threshold

    def leaders(self, texts: Sequence[str]) -> list[int]:
        """See `Likeness`."""
        shingles = [_shingles(text) for text in texts]
        return _lead(len(texts), lambda a, b: _jaccard(shingles[a], shingles[b]) >= self._threshold)


class TitanLikeness:
    """Likeness as the cosine of Titan text embeddings; by shingles wherever Titan does not answer."""

    def __init__(
        self,
        client: BedrockRuntimeClient,
        threshold: float = 0.97,
        model_id: str = TITAN_MODEL_ID,
        fallback: Likeness | None = None,
        record: Callable[[ModelCall], object] = lambda call: call,
    ) -> None:
        """Make one.

        Args:
            client: as `bedrock_settings.bedrock_client` makes it.
            threshold: the lowest cosine at which two texts count as alike.
            model_id: the embedding model.
            fallback: judges where Titan does not answer, and beyond `MAX_EMBEDDED_TEXTS`.
            record: is given what each embedding has cost.
        """
        self._client = client
        self._threshold = threshold
        self._model_id = model_id
        self._fallback = fallback or ShingleLikeness()
        self._record = record

    def leaders(self, texts: Sequence[str]) -> list[int]:
        """See `Likeness`."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        if len(texts) < 2:
            return list(range(len(texts)))
        if len(texts) > MAX_EMBEDDED_TEXTS:
            return self._fallback.leaders(texts)
        try:
            vectors = [self._embedding(text) for text in texts]
        except (BotoCoreError, ClientError, ValueError, KeyError, TypeError):
            return self._fallback.leaders(texts)
        return _lead(len(texts), lambda a, b: _cosine(vectors[a], vectors[b]) >= self._threshold)

    def _embedding(self, text: str) -> list[float]:
        body = json.dumps({"inputText": text[:MAX_EMBEDDED_CHARACTERS], "dimensions": 512, "normalize": True})
        response = self._client.invoke_model(
            modelId=self._model_id, body=body, contentType="application/json", accept="application/json"
        )
        answer = json.loads(response["body"].read())
        headers = response["ResponseMetadata"]["HTTPHeaders"]
        self._record(
            ModelCall(
                model_id=self._model_id,
                findings=1,
                input_tokens=int(answer.get("inputTextTokenCount", estimate_tokens(len(body)))),
                output_tokens=0,
                latency_ms=int(headers.get("x-amzn-bedrock-invocation-latency", 0)),
                attempts=1,
                stop_reason="embedded",
            )
        )
        return [float(number) for number in answer["embedding"]]


class _Alike(Protocol):
    def __call__(self, a: int, b: int, /) -> bool: ...


def _lead(count: int, alike: _Alike) -> list[int]:
    leaders: list[int] = []
    found = []
    for position in range(count):
        leader = next((known for known in leaders if alike(known, position)), position)
        if leader == position and len(leaders) < MAX_LEADERS:
            leaders.append(position)
        found.append(leader)
    return found


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if len(tokens) <= SHINGLE_TOKENS:
        return frozenset({tuple(tokens)})
    return frozenset(zip(*(tokens[start:] for start in range(SHINGLE_TOKENS)), strict=False))


def _jaccard(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> float:
    if min(len(a), len(b)) < max(len(a), len(b)) / 2:
        return 0.0
    return len(a & b) / len(a | b)


def _cosine(a: Sequence[float], b: Sequence[float]) -> float:
    if len(a) != len(b):
        return 0.0
    length = math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / length if length else 0.0
