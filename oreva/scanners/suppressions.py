"""In-source suppressions: which detections a `nosemgrep` comment is meant for, as Semgrep itself decides it.

Observed of Semgrep 1.182 and held to it by a differential test: the comment counts on the first line of the match, or
alone on the line before; the first `nosemgrep` of a line decides; ids are separated by commas, only the first word of
each counts, and an id names a rule in full or by its last dotted parts. The ids of both lines count together; without
any, every rule is silenced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from oreva.models import Detection, InSourceSuppression
from oreva.scanners.base import Stage

_IDS = r"(?:[:=]\s?(?P<ids>(?:[^,\s](?:[,\s]+)?)+))?"
_SAME_LINE = re.compile(r" nosem(?:grep)?" + _IDS, re.IGNORECASE)
_LINE_BEFORE = re.compile(r"^[^a-zA-Z0-9]* nosem(?:grep)?" + _IDS, re.IGNORECASE)
_REASON = re.compile(r"(?:\s(?:--?|—|:)\s+|\bbecause\s+)(?P<why>.+)\Z", re.IGNORECASE)


def mark_nosemgrep(detections: Iterable[Detection], stage: Stage) -> list[Detection]:
    """The detections, in their order, with `suppression` set where a comment in the staged file asks for it."""
    staged = {file.path: file.staged for file in stage.files}
    lines: dict[str, list[str]] = {}
    marked = []
    for detection in detections:
        if detection.path not in lines:
            content = (stage.root / staged[detection.path]).read_bytes()
            lines[detection.path] = (
                content.decode("utf-8", "replace").split("\n") if b"nosem" in content.lower() else []
            )
        found = nosemgrep(lines[detection.path], detection.start_line, detection.rule_id)
        marked.append(detection.model_copy(update={"suppression": found}) if found else detection)
    return marked


def nosemgrep(lines: list[str], line: int, rule_id: str) -> InSourceSuppression | None:
    """The comment that silences `rule_id` at `line` (1-based) of these lines, if there is one."""
    found = []
    if line <= len(lines) and (match := _SAME_LINE.search(lines[line - 1])):
        found.append((line, match))
    if 2 <= line <= len(lines) + 1 and (match := _LINE_BEFORE.search(lines[line - 2])):
        found.append((line - 1, match))
    if not found:
        return None
    ids = [name for _, match in found for name in _ids(match)]
    if ids and not any(rule_id == name or rule_id.endswith("." + name) for name in ids):
        return None
    place, match = found[0]
    why = next((text for _, m in found if (text := justification(m.string[m.start() :]))), "")
    return InSourceSuppression(kind="nosemgrep", line=place, named=bool(ids), justification=why)


def _ids(match: re.Match[str]) -> list[str]:
    return [words[0].strip("\"'") for part in (match["ids"] or "").split(",") if (words := part.split())]


def justification(comment: str) -> str:
    """What a suppression comment gives as its reason: the text behind `--`, `-`, `:` or `because`; empty if none."""
    match = _REASON.search(comment.rstrip().removesuffix("*/").rstrip())
    return match["why"].strip() if match else ""
