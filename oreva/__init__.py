"""Oreva: a security scanner with findings that keep their identity and coverage that has no silent gaps."""
