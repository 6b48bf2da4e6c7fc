"""Who sits at the command line."""

from __future__ import annotations

import getpass
import os


def user_name() -> str:
    """The name of the user, the number where the system knows no name (in a container), else `unknown`."""
    try:
        return getpass.getuser()
    except (ImportError, OSError, KeyError):  # what it raises differs between versions of Python
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
