"""Test annotations: the comments of a rule's test target that say where the rule must report and where it must not.

    # ruleid: acme.python.eval          the next line must be reported
    # ok: acme.python.eval              the next line must not be reported
    # todoruleid: acme.python.eval      the next line should be reported one day; either is right for now
    # todook: acme.python.eval          the next line is reported, wrongly; either is right for now

As Semgrep documents them for `semgrep --test`: a comment of its own, ids separated by commas. Beyond that, annotations
may be stacked, each about the first line below the stack.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal, cast

Kind = Literal["ruleid", "ok", "todoruleid", "todook"]

_OPEN = r"(?:\#|//|<!--|\{?/\*|\(\*|--|;|%)"
_CLOSE = r"(?:-->|\*/\}?|\*\))"
_ANNOTATION = re.compile(rf"\s*{_OPEN}\s*(ruleid|ok|todoruleid|todook):\s*(.*?)\s*{_CLOSE}?\s*\Z")
_TRAILING = re.compile(rf"\S.*?{_OPEN}\s*(?:ruleid|ok|todoruleid|todook):\s*([A-Za-z0-9._-]+)")
_RULE_ID = re.compile(r"[A-Za-z0-9._-]+\Z")


@dataclass
class Expectations:
    """What the annotations of one test target say about one rule; 1-based lines."""

    report: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    either: set[int] = field(default_factory=set)

    def add(self, kind: Kind, line: int) -> None:
        """Note one annotation about a line."""
        if kind in ("todoruleid", "todook"):
            self.either.add(line)
        elif kind == "ruleid":
            self.report.add(line)
        else:
            self.silent.add(line)

    def missed(self, reported: Collection[int]) -> list[int]:
        """Lines that had to be reported and were not."""
        return sorted(self.report - self.either - set(reported))

    def unexpected(self, reported: Collection[int]) -> list[int]:
        """Lines that were reported and had not to be."""
        return sorted(set(reported) - self.report - self.either)


@dataclass(frozen=True)
class AnnotationError:
    """An annotation that cannot be used."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(frozen=True)
class Annotations:
    """All annotations of one test target."""

    by_rule: dict[str, Expectations]
    errors: tuple[AnnotationError, ...]


def read_annotations(text: str, rule_ids: Collection[str]) -> Annotations:
    """The annotations in the text of a test target that belongs to these rules."""
    by_rule: dict[str, Expectations] = {}
    errors: list[AnnotationError] = []
    pending: list[tuple[Kind, str]] = []
    number = 0
    for number, line in enumerate(text.split("\n"), start=1):
        annotation = _ANNOTATION.match(line)
        if annotation is None:
            for kind, rule_id in pending:
                by_rule.setdefault(rule_id, Expectations()).add(kind, number)
            pending = []
            trailing = _TRAILING.match(line.strip())
            if trailing and trailing.group(1) in rule_ids:
                errors.append(AnnotationError(number, "an annotation behind code; put it on a line of its own above"))
            continue
        for name in annotation.group(2).split(","):
            rule_id = name.strip()
            if rule_id in rule_ids:
                pending.append((cast("Kind", annotation.group(1)), rule_id))
            elif _RULE_ID.match(rule_id):
                errors.append(
                    AnnotationError(number, f"the rule file beside it has no rule `{rule_id}`; correct the id")
                )
            else:
                errors.append(
                    AnnotationError(number, f"no list of rule ids after `{annotation.group(1)}:`; write them")
                )
    if pending:
        errors.append(AnnotationError(number, "an annotation with no line below it; add the code it is about"))
    return Annotations(by_rule, tuple(errors))
