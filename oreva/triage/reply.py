"""The checks on a model's reply: schema, then ids, then quotes; and the verdicts made of what passes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from oreva.models import Assessment, Evidence, Verdict
from oreva.triage.prompt import BatchReply, VerdictReply, printable_lines
from oreva.triage.slices import MaskedFile, Slice, printable

MAX_RATIONALE_CHARACTERS = 1_500
MAX_PROBLEMS = 5


@dataclass(frozen=True)
class Seal:
    """What every verdict of one request carries."""

    model_id: str
    prompt_hash: str
    at: dt.datetime


@dataclass(frozen=True)
class Checked:
    """A reply after the checks: each asked id is either a verdict or a problem."""

    verdicts: dict[str, Verdict]
    problems: dict[str, str]
    """In words that quote nothing of the reply."""


def check_reply(tool_input: object, asked: Mapping[str, Slice], file: MaskedFile, seal: Seal) -> Checked:
    """Check what the tool was called with.

    Args:
        tool_input: the arguments of the call; None if the tool was not called.
        asked: what was shown, by the id that was asked.
        file: the file that all of it is from.
        seal: what the verdicts carry.
    """
    if tool_input is None:
        return _all(asked, "the tool was not called")
    try:
        reply = BatchReply.model_validate(tool_input)
    except ValidationError as error:
        return _all(asked, f"the reply does not fit the schema: {_schema_problems(error)}")
    problem = _id_problem(reply, asked)
    if problem:
        return _all(asked, problem)
    shown = frozenset(number for item in asked.values() for number in item.numbers)
    verdicts = {}
    problems = {}
    for said in reply.verdicts:
        verdict = _verdict(said, file, seal)
        problem = _evidence_problem(verdict, shown, file)
        if problem:
            problems[said.id] = problem
        else:
            verdicts[said.id] = verdict
    return Checked(verdicts, problems)


def rejected(reason: str, seal: Seal) -> Verdict:
    """The verdict on a finding whose reply failed the checks: nothing is known."""
    return Verdict(
        assessment=Assessment.UNCERTAIN,
        confidence=0,
        rationale=f"The model's answer was thrown away: {reason}.",
        signals=("reply-rejected",),
        triaged_by="bedrock",
        model_id=seal.model_id,
        prompt_hash=seal.prompt_hash,
        at=seal.at,
    )


def _all(asked: Mapping[str, Slice], problem: str) -> Checked:
    return Checked({}, dict.fromkeys(asked, problem))


def _schema_problems(error: ValidationError) -> str:
    """Place and kind of the first problems; never what the model wrote."""
    problems = [
        f"{printable('.'.join(map(str, item['loc'])))[:80] or 'the whole'}: {item['msg'][:120]}"
        for item in error.errors(include_input=False, include_url=False)
    ]
    return "; ".join(problems[:MAX_PROBLEMS])


def _id_problem(reply: BatchReply, asked: Mapping[str, Slice]) -> str:
    counts = Counter(said.id for said in reply.verdicts)
    missing = [name for name in asked if name not in counts]
    if missing:
        return f"there is no verdict for {', '.join(missing)}"
    if len(counts) > len(asked):
        return "there are verdicts for ids that were not asked"
    if any(count > 1 for count in counts.values()):
        return "there is more than one verdict for an id"
    return ""


def _verdict(said: VerdictReply, file: MaskedFile, seal: Seal) -> Verdict:
    return Verdict(
        assessment=said.assessment,
        confidence=said.confidence,
        rationale=printable_lines(said.rationale.strip())[:MAX_RATIONALE_CHARACTERS],
        evidence=tuple(Evidence(path=file.path, line=item.line, quote=item.quote.strip()) for item in said.evidence),
        triaged_by="bedrock",
        model_id=seal.model_id,
        prompt_hash=seal.prompt_hash,
        at=seal.at,
    )


def _evidence_problem(verdict: Verdict, shown: frozenset[int], file: MaskedFile) -> str:
    for number, item in enumerate(verdict.evidence, start=1):
        problem = file.problem_of(item, shown)
        if problem:
            return f"evidence {number}: {problem}"
    return ""
