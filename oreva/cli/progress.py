"""Progress on standard error: one moving line on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import threading

from oreva.reports.text_safety import terminal


class ProgressLine:
    """Shows how far each scanner has come; silent if standard error is no terminal or `quiet` is set."""

    def __init__(self, *, quiet: bool) -> None:
        self._on = sys.stderr.isatty() and not quiet
        self._quiet = quiet
        self._state: dict[str, str] = {}
        self._lock = threading.Lock()

    def say(self, message: str) -> None:
        """A line that stays, such as a remark a user must see; not with `--quiet`."""
        if not self._quiet:
            self.clear()
            sys.stderr.write(f"oreva: {terminal(message)}\n")
            sys.stderr.flush()

    def show(self, text: str) -> None:
        """What is being done now, until the next call."""
        if self._on:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def scanner(self, name: str, done: int, total: int) -> None:
        """How many files a scanner has done."""
        with self._lock:
            self._state[name] = f"{name} {done:,}/{total:,}"
            self.show("scanning: " + ", ".join(self._state.values()))

    def clear(self) -> None:
        """Remove the moving line."""
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
