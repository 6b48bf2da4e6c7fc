"""The HTTP API: what a request may ask (`bodies`), what it does (`uploads`, `scans`, `findings`), and its routes."""
