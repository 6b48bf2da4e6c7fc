"""Keeping findings, scans and verdicts."""
