"""Judging findings."""
