"""Triage: verdicts on one batch, by heuristics or by a model on Bedrock. Whatever fails leaves findings as they are."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial

from pydantic import TypeAdapter, ValidationError

from oreva.cloud import layout
from oreva.cloud.batches import Batch
from oreva.cloud.environment import Environment
from oreva.cloud.messages import BatchMessage, TriageReceipt
from oreva.cloud.plan import Plan, TriageMode, load_plan, load_ruleset
from oreva.cloud.services import Services
from oreva.cloud.verdicts import BatchVerdicts, Recorded, key_of
from oreva.errors import ConfigError, OrevaError, ThrottledError
from oreva.models import Finding, Verdict
from oreva.triage.base import SecondOpinions, Spends, TriageContext, Triager, TriageResult
from oreva.triage.bedrock_settings import BedrockSettings
from oreva.triage.budget import Price
from oreva.triage.registry import triager

PORTION = 24
"""So many findings are judged before the time is looked at again."""
RESERVE_S = 240.0
"""No further portion is begun with less time left than that: a slow model takes about as long for one."""
READ_TIMEOUT_S = 60.0
ATTEMPTS = 3
OFF = "triage is off"
OUT_OF_TIME = "not judged: the time of the function was up"

_log = logging.getLogger(__name__)
_PRICES = TypeAdapter(dict[str, Price])
_ORDER: tuple[TriageMode, ...] = ("off", "heuristic", "bedrock")


def _uncounted(_measures: Mapping[str, float]) -> None:
    """Counts nothing."""


def run(
    message: BatchMessage,
    services: Services,
    remaining_s: float = float("inf"),
    count: Callable[[Mapping[str, float]], None] = _uncounted,
) -> TriageReceipt:
    """Judge the findings of one batch and record what was said and spent.

    Args:
        message: which batch.
        services: artifacts, and the table for the verdict cache and the decisions of people.
        remaining_s: seconds until the function is ended from outside.
        count: is told what was spent since it was last told, by metric, as soon as it is spent, so that it counts
            whatever becomes of the function and of the scan.

    Raises:
        StoreError: the batch cannot be read or the verdicts cannot be written.
    """
    deadline = time.monotonic() + remaining_s
    scan_id, artifacts = message.request.scan_id, services.artifacts
    plan = load_plan(scan_id, artifacts)
    batch = artifacts.get_model(layout.batch(scan_id, message.batch), Batch)
    mode = effective_mode(services.settings.triage, plan.triage)
    try:
        judge = _triager(mode, message, plan, batch, services)
    except ThrottledError:
        raise
    except OrevaError as error:
        _log.warning("batch %d is not judged: %s", message.batch, error)
        said = BatchVerdicts(judged=tuple(_left(finding, str(error)) for finding in batch.findings))
    else:
        said = _judge(judge, batch, plan, deadline, count)
    artifacts.put_model(layout.verdicts(scan_id, message.batch), said)
    judged = sum(item.verdict is not None for item in said.judged)
    return TriageReceipt(batch=message.batch, verdicts=judged, untriaged=len(said.judged) - judged)


def effective_mode(allowed: TriageMode, wanted: TriageMode | None) -> TriageMode:
    """Who judges: what the default branch asks for, if the deployment allows that much; else what it allows."""
    return allowed if wanted is None else min(allowed, wanted, key=_ORDER.index)


def _triager(mode: TriageMode, message: BatchMessage, plan: Plan, batch: Batch, services: Services) -> Triager | None:
    """Raises `OrevaError` if there is none to be had."""
    if mode != "bedrock":
        return triager(mode)
    own = services.settings
    budget = own.token_budget if plan.token_budget is None else min(own.token_budget, plan.token_budget)
    return triager(
        mode,
        settings=bedrock_settings(own, batch.tokens(budget)),
        cache=services.store,
        memories=partial(services.store.memories, plan.source.key),
        rules=load_ruleset(message.request.scan_id, plan, services.artifacts).rules,
    )


def bedrock_settings(own: Environment, tokens: int) -> BedrockSettings:
    """How Bedrock is asked. Raises `ConfigError` if the prices in the environment are not what they should be."""
    try:
        prices = _PRICES.validate_json(own.prices) if own.prices else {}
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"setting prices: {place}: {first['msg']}; correct it and deploy again") from None
    chosen = {} if own.model_id is None else {"model_id": own.model_id}
    return BedrockSettings(
        **chosen,
        second_model_id=own.second_model_id,
        embedding_model_id=own.embedding_model_id,
        token_budget=tokens,
        prices=prices,
        read_timeout_s=READ_TIMEOUT_S,
        attempts=ATTEMPTS,
    )


def _judge(
    judge: Triager | None,
    batch: Batch,
    plan: Plan,
    deadline: float,
    count: Callable[[Mapping[str, float]], None],
) -> BatchVerdicts:
    """All findings of the batch, portion by portion as long as there is time."""
    if judge is None:
        return BatchVerdicts(judged=tuple(_left(finding, OFF) for finding in batch.findings))
    context = TriageContext(files=batch.files)
    judged: list[Recorded] = []
    for start in range(0, len(batch.findings), PORTION):
        portion = batch.findings[start : start + PORTION]
        if start and time.monotonic() > deadline - RESERVE_S:
            judged += (_left(finding, OUT_OF_TIME) for finding in portion)
            continue
        with _counted(judge, count):
            results = judge.triage(portion, context)
            seconds = _second_opinions(judge, plan, portion, context, results)
        judged += (
            Recorded(
                key=key_of(finding),
                verdict=result.verdict,
                untriaged_reason=result.untriaged_reason,
                second=seconds.get(index),
            )
            for index, (finding, result) in enumerate(zip(portion, results, strict=True))
        )
    if not isinstance(judge, Spends):
        return BatchVerdicts(judged=tuple(judged))
    return BatchVerdicts(judged=tuple(judged), spending=judge.spending, calls=tuple(judge.calls))


@contextmanager
def _counted(judge: Triager, count: Callable[[Mapping[str, float]], None]) -> Iterator[None]:
    """Count what is spent in the block, also if it ends with an error."""
    before = _spent(judge)
    try:
        yield
    finally:
        after = _spent(judge)
        if after["ModelCalls"] > before["ModelCalls"]:
            count({name: float(value - before.get(name, 0)) for name, value in after.items()})


def _spent(judge: Triager) -> dict[str, Decimal]:
    """All that was spent until now, by metric; no cost where that of a call is unknown."""
    spent = judge.spending if isinstance(judge, Spends) else None
    if spent is None:
        return {"ModelCalls": Decimal(0)}
    measures = {"ModelCalls": Decimal(spent.calls), "ModelTokens": Decimal(spent.input_tokens + spent.output_tokens)}
    return measures if spent.cost is None else measures | {"ModelCost": Decimal(spent.cost)}


def _second_opinions(
    judge: Triager, plan: Plan, findings: Sequence[Finding], context: TriageContext, first: Sequence[TriageResult]
) -> dict[int, Verdict]:
    """Further verdicts, where the policy could make something of them."""
    if not (plan.policy.suppress and plan.policy.allow_high and isinstance(judge, SecondOpinions)):
        return {}
    return dict(judge.second_opinions(findings, context, first))


def _left(finding: Finding, reason: str) -> Recorded:
    return Recorded(key=key_of(finding), untriaged_reason=reason)
