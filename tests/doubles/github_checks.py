"""What GitHub refuses in a check run, as far as Oreva could get it wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

CONCLUSIONS = {"action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"}
STATES = {"queued", "in_progress", "completed"}
LEVELS = {"notice", "warning", "failure"}
NEEDED = {"path", "start_line", "end_line", "annotation_level", "message"}
TEXT_BYTES = 65_535
PER_CALL = 50


def check_problems(check: dict[str, Any]) -> list[str]:
    """What is wrong with the fields of a create or update call; nothing if GitHub would take them."""
    output = check.get("output") or {}
    annotations = output.get("annotations", [])
    return [*_of_check(check), *_of_output(output), *(p for each in annotations for p in _of_annotation(each))]


def _of_check(check: dict[str, Any]) -> Iterator[str]:
    if "conclusion" in check and check["conclusion"] not in CONCLUSIONS:
        yield "conclusion is not included in the list"
    if check.get("status", "queued") not in STATES:
        yield "status is not included in the list"
    if check.get("status") == "completed" and "conclusion" not in check:
        yield "conclusion is missing"


def _of_output(output: dict[str, Any]) -> Iterator[str]:
    if output and not (output.get("title") and output.get("summary")):
        yield "title and summary must be supplied"
    for name in ("summary", "text"):
        if len(output.get(name, "").encode()) > TEXT_BYTES:
            yield f"{name} exceeds a maximum bytesize of {TEXT_BYTES}"
    if len(output.get("annotations", ())) > PER_CALL:
        yield f"annotations exceeds a maximum quantity of {PER_CALL}"


def _of_annotation(annotation: dict[str, Any]) -> Iterator[str]:
    if not set(annotation) >= NEEDED or annotation["annotation_level"] not in LEVELS:
        yield "annotation is not valid"
        return
    first, last = annotation["start_line"], annotation["end_line"]
    if {"start_column", "end_column"} & set(annotation) and first != last:
        yield "columns are for annotations on one line only"
    if first < 1 or last < first:
        yield "lines are not in order"
    if len(annotation["message"].encode()) > 64 * 1024 or len(annotation.get("title", "")) > 255:
        yield "annotation is too long"
