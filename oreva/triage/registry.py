"""The triagers by the name that `--triage` and the configuration give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from oreva.errors import UsageError
from oreva.models import utc_now
from oreva.triage.base import Triager
from oreva.triage.heuristics import HeuristicTriager

MODES = ("heuristic", "bedrock", "off")


def triager(mode: str, *, clock: Callable[[], dt.datetime] = utc_now) -> Triager | None:
    """The triager for a mode, or None for `off`.

    Args:
        mode: one of `MODES`.
        clock: gives the time that verdicts carry.

    Raises:
        UsageError: the mode is unknown, or needs what is not installed.
    """
    if mode == "off":
        return None
    if mode == "heuristic":
        return HeuristicTriager(clock)
    if mode == "bedrock":
        raise UsageError("triage mode bedrock: Bedrock triage needs the AWS extra (oreva[aws]); use --triage heuristic")
    raise UsageError(f"triage mode {mode!r}: there is no such mode; use one of {', '.join(MODES)}")
