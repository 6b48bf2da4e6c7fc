"""Identity, duplicates and life of findings."""
