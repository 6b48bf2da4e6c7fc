"""Semgrep and Bandit behind one interface."""
