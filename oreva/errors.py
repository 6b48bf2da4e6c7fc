"""The errors a user can meet: each message names the thing, the reason and the next step, in one line."""


class OrevaError(Exception):
    """Base of every error that Oreva raises on purpose."""

    exit_code = 2


class UsageError(OrevaError):
    """The command line, an environment variable or a path given by the user is wrong."""


class ConfigError(OrevaError):
    """`.oreva.yml` cannot be used."""


class RuleError(OrevaError):
    """A rule file cannot be used."""


class SourceError(OrevaError):
    """What is to be scanned cannot be read."""


class ScannerError(OrevaError):
    """A scanner is missing or cannot run at all (one file it fails on is a gap, not an error)."""


class StoreError(OrevaError):
    """The store cannot be read or written."""


class ConflictError(StoreError):
    """Somebody else wrote in between; read again and repeat."""


class ThrottledError(StoreError):
    """A service of AWS asks for less; the same call goes through later. The state machine retries on this name."""
