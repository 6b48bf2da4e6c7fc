"""The budget of triage by a model: tokens spent and left, latency, and cost where prices are known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from pydantic import Field

from oreva.models import Model, TriageSpending

CHARACTERS_PER_TOKEN = 2.5
"""What one token is taken to hold before the model has counted: fewer than any current model needs for code."""

MIN_REPLY_TOKENS = 300
"""What one verdict needs at least; with less left, nothing is asked."""


class Price(Model):
    """What a model costs, in any one currency."""

    input_per_million: Decimal = Field(ge=0, description="Price of a million input tokens")
    output_per_million: Decimal = Field(ge=0, description="Price of a million output tokens")


class ModelCall(Model):
    """One answered request: who, how much, how long."""

    model_id: str
    findings: int
    """How many were asked about."""
    input_tokens: int
    """Those read from and written to a cache included."""
    output_tokens: int
    latency_ms: int
    """As the service reports it."""
    attempts: int
    stop_reason: str
    cost: Decimal | None = None
    """None where the model has no configured price."""


class Spending(Model):
    """What a whole scan has spent."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    latency_ms: int = 0
    cost: Decimal | None = Decimal(0)
    """None as soon as one call's is unknown."""

    @property
    def kept(self) -> TriageSpending:
        """The form that is kept with a scan."""
        return TriageSpending(
            calls=self.calls,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            latency_ms=self.latency_ms,
            cost=None if self.cost is None else str(self.cost),
        )


def estimate_tokens(characters: int) -> int:
    """How many tokens a text of that length may have, rather too many than too few."""
    return math.ceil(characters / CHARACTERS_PER_TOKEN)


class Budget:
    """The tokens of one scan. A request is only sent if prompt and longest answer fit into what is left."""

    def __init__(self, tokens: int, prices: Mapping[str, Price] | None = None) -> None:
        """`tokens` is the limit over all requests, input and output; `prices` go by model id, as configured."""
        self.limit = tokens
        self.calls: list[ModelCall] = []
        self._prices = dict(prices or {})
        self._spent = 0

    @property
    def left(self) -> int:
        """Tokens that may still be spent."""
        return max(self.limit - self._spent, 0)

    def room_for_reply(self, characters: int, findings: int, most: int) -> int:
        """How many tokens the answer to a prompt may have; 0 if the prompt, or a useful answer, does not fit.

        Args:
            characters: length of everything that is sent.
            findings: how many verdicts are asked for.
            most: the longest answer that is configured.
        """
        room = min(self.left - estimate_tokens(characters), most)
        return room if room >= min(MIN_REPLY_TOKENS * findings, most) else 0

    def record(self, call: ModelCall) -> ModelCall:
        """Book an answered request; returns it with its cost."""
        price = self._prices.get(call.model_id)
        if price is not None:
            cost = (
                call.input_tokens * price.input_per_million + call.output_tokens * price.output_per_million
            ) / 1_000_000
            call = call.model_copy(update={"cost": cost})
        self.calls.append(call)
        self._spent += call.input_tokens + call.output_tokens
        return call

    @property
    def spending(self) -> Spending:
        """The sums over all calls."""
        costs = [call.cost for call in self.calls]
        known = [cost for cost in costs if cost is not None]
        return Spending(
            calls=len(self.calls),
            input_tokens=sum(call.input_tokens for call in self.calls),
            output_tokens=sum(call.output_tokens for call in self.calls),
            latency_ms=sum(call.latency_ms for call in self.calls),
            cost=sum(known, Decimal(0)) if len(known) == len(costs) else None,
        )
