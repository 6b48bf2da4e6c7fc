"""The triagers by the name that `--triage` and the configuration give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from oreva.errors import UsageError
from oreva.models import Rule, TriageMemory, utc_now
from oreva.triage.base import Triager
from oreva.triage.heuristics import HeuristicTriager

if TYPE_CHECKING:
    from oreva.triage.bedrock_settings import BedrockSettings
    from oreva.triage.verdict_cache import VerdictStore

MODES = ("heuristic", "bedrock", "off")


def triager(
    mode: str,
    *,
    clock: Callable[[], dt.datetime] = utc_now,
    settings: BedrockSettings | None = None,
    cache: VerdictStore | None = None,
    memories: Callable[[str], Sequence[TriageMemory]] | None = None,
    rules: Mapping[str, Rule] | None = None,
) -> Triager | None:
    """The triager for a mode, or None for `off`.

    Args:
        mode: one of `MODES`.
        clock: gives the time that verdicts carry.
        settings: for `bedrock`: how to ask; defaults if left out.
        cache: for `bedrock`: where verdicts are kept between scans.
        memories: for `bedrock`: past decisions of people on a rule (`scanner:rule id`), newest first.
        rules: for `bedrock`: the active rules by `scanner:rule id`.

    Raises:
        UsageError: the mode is unknown, or needs what is not installed or not set.
    """
    if mode == "off":
        return None
    if mode == "heuristic":
        return HeuristicTriager(clock)
    if mode == "bedrock":
        from oreva.triage.bedrock import BedrockTriager  # noqa: PLC0415
        from oreva.triage.bedrock_settings import BedrockSettings, bedrock_client  # noqa: PLC0415

        chosen = settings or BedrockSettings()
        return BedrockTriager(bedrock_client(chosen), chosen, cache, memories, clock, rules=rules)
    raise UsageError(f"triage mode {mode!r}: there is no such mode; use one of {', '.join(MODES)}")
