"""What of a source is not scanned, and why: everything that any step on the way has left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from oreva.models import CoverageEntry, Outcome
from oreva.sources.archive import Extraction
from oreva.sources.base import Listing
from oreva.sources.directory import DirectorySource
from oreva.sources.display import shown
from oreva.sources.packing import LEFT_OUT, STATE


def left_out(
    listing: Listing, extraction: Extraction, directory: DirectorySource, packed: Sequence[CoverageEntry]
) -> Iterator[CoverageEntry]:
    """What was left out, by path: before packing (`packed`), while unpacking, and after.

    What lies below something that is left out as a whole is not listed again.
    """
    whole = {entry.path for entry in listing.skipped if entry.path.endswith("/")}
    unpacking = _unexcluded(extraction, directory)
    entries = [*listing.skipped, *(entry for entry in unpacking if not _below(entry.path, whole))]
    if packed or LEFT_OUT in extraction.files:  # the list may be empty: nothing was left out
        known = {entry.path for entry in packed} | {f"{STATE}/"}
        entries = [*packed, *(entry for entry in entries if entry.path not in known)]
    yield from sorted(entries, key=lambda entry: entry.path)


def _unexcluded(extraction: Extraction, directory: DirectorySource) -> Iterator[CoverageEntry]:
    """What was left out while unpacking; what the user excludes is no gap, whatever kept it from being unpacked."""
    for entry in extraction.skipped:
        parts = entry.path.split("/")
        deciding = (
            directory.excludes.deciding(parts[:length], directory=length < len(parts))
            for length in range(1, len(parts) + 1)
        )
        pattern = next((found for found in deciding if found is not None and not found.negated), None)
        if pattern is None or not entry.is_gap:
            yield entry
            continue
        reason = f"excluded by {shown(pattern.text, 80)}"
        yield entry.model_copy(update={"outcome": Outcome.SKIPPED, "reason": reason, "on_purpose": True})


def _below(path: str, folders: Collection[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[:length]) + "/" in folders for length in range(1, len(parts)))
