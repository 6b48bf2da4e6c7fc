"""Frameworks as data, and what was assessed."""
