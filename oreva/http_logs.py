"""urllib3 writes every address into its debug log, and the query of some is a credential: it is left out there."""

from __future__ import annotations

import logging


class _WithoutQuery(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                arg.partition("?")[0] + "?…" if isinstance(arg, str) and "?" in arg else arg for arg in record.args
            )
        return True


_FILTER = _WithoutQuery()


def hide_queries() -> None:
    """Leave queries out of urllib3's log from now on, in this process."""
    logging.getLogger("urllib3.connectionpool").addFilter(_FILTER)  # adding it twice is adding it once
