"""Loading, checking, testing and scaffolding rules."""
