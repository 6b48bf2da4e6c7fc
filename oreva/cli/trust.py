"""Whether a state directory was made by this user: a stranger's tree may bring one, with dismissals in it.

A random key lies in the user's own state folder; a state directory carries a random id and its HMAC-SHA256 under that
key. A tree that was unpacked, cloned or received cannot carry a right one.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

OWNER_NAME = "owner"
ASIDE = ".owner-"
"""How the name of an owner file begins while it is being written."""
_OWNER = re.compile(r"(?P<id>[0-9a-f]{32}) (?P<mac>[0-9a-f]{64})\n?")


def user_state_home() -> Path:
    """The folder for the state of this user's programs (XDG base directory specification)."""
    return Path(os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")) / "oreva"  # noqa: PTH111


def mark_as_ours(state: Path) -> None:
    """Say in a new state directory that this user made it. Without a place for the key nothing is said."""
    key = _key()
    if key is not None and not (state / OWNER_NAME).exists():
        name = secrets.token_hex(16)
        # Whole or not at all: another scan may be reading it. If it writes one too, either is right.
        handle, aside = tempfile.mkstemp(dir=state, prefix=ASIDE)
        with os.fdopen(handle, "w") as new:
            new.write(f"{name} {_mac(key, name)}\n")
        Path(aside).replace(state / OWNER_NAME)


def is_ours(state: Path) -> bool:
    """Whether this user made the state directory. True without a place for the key: then nothing can be told."""
    key = _key()
    if key is None:
        return True
    try:
        match = _OWNER.fullmatch((state / OWNER_NAME).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    return match is not None and hmac.compare_digest(_mac(key, match["id"]), match["mac"])


def _mac(key: bytes, name: str) -> str:
    return hmac.new(key, f"oreva state {name}".encode(), "sha256").hexdigest()


def _key() -> bytes | None:
    """This user's key, made at first use; None if it can be neither read nor made."""
    file = user_state_home() / "key"
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Whole or not at all, and the first of two processes wins: written aside, then linked to its name.
            handle, name = tempfile.mkstemp(dir=file.parent)
            with os.fdopen(handle, "wb") as new:
                new.write(secrets.token_bytes(32))
            with suppress(FileExistsError):
                os.link(name, file)
            Path(name).unlink()
        key = file.read_bytes()
    except OSError:
        return None
    return key if len(key) == 32 else None
