"""Oreva: a security scanner with findings that keep their identity and coverage that has no silent gaps."""

from oreva._version import __version__

__all__ = ["__version__"]
