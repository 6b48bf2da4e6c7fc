"""The registry of signals: everything the heuristic triager looks at. A new signal is one function and one line."""

from oreva.triage.signals import claims, flow, place, purpose, secrets, text
from oreva.triage.signals.base import Observation, Signal

SIGNALS: tuple[Signal, ...] = (
    *place.SIGNALS,
    *flow.SIGNALS,
    *purpose.SIGNALS,
    *secrets.SIGNALS,
    *text.SIGNALS,
    *claims.SIGNALS,
)
"""In the order in which equally strong ones are preferred."""

__all__ = ["SIGNALS", "Observation", "Signal"]
