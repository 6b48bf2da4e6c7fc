"""The Bedrock triager: asks a model about findings, severest first, and believes only what can be checked.

A finding is asked about with others of the same rule and file. Near-duplicates of one rule share a question: what is
said of one holds for the others, except that none is cleared by likeness alone. Whatever goes wrong costs the verdict
and leaves the reason, never the finding.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from oreva.errors import StoreError
from oreva.models import Assessment, Finding, Rule, Severity, TriageMemory, TriageSpending, Verdict, utc_now
from oreva.triage.base import TriageContext, TriageResult
from oreva.triage.bedrock_settings import BedrockSettings
from oreva.triage.budget import Budget, ModelCall
from oreva.triage.converse import Answer, Conversation, Failure, FailureKind, repair_turns
from oreva.triage.prompt import MAX_MEMORIES, Asked, Prompt, RuleText, compose, history_of, prompt_hash
from oreva.triage.reply import Checked, Seal, check_reply, rejected
from oreva.triage.rounds import Case, Round, batches, halves, near_duplicates, share
from oreva.triage.similarity import Likeness, ShingleLikeness, TitanLikeness
from oreva.triage.slices import MaskedFile
from oreva.triage.verdict_cache import VerdictCache, VerdictStore, moved_in

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

_log = logging.getLogger(__name__)

Memories = Callable[[str], Sequence[TriageMemory]]
"""Past decisions of people on a rule (`scanner:rule id`) in the repository under scan, newest first."""


class BedrockTriager:
    """Judges findings with a model on Amazon Bedrock. One instance serves one scan: the budget is its own."""

    name = "bedrock"

    def __init__(
        self,
        client: BedrockRuntimeClient,
        settings: BedrockSettings | None = None,
        cache: VerdictStore | None = None,
        memories: Memories | None = None,
        clock: Callable[[], dt.datetime] = utc_now,
        *,
        rules: Mapping[str, Rule] | None = None,
        token: Callable[[], str] = lambda: secrets.token_hex(16),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make a triager.

        Args:
            client: as `bedrock_settings.bedrock_client` makes it; must not retry by itself.
            settings: how to ask.
            cache: where verdicts are kept between scans; a `FindingStore` is one.
            memories: past decisions of people; those of the context come first.
            clock: gives the time that verdicts carry; read once per call.
            rules: text and digest of the active rules by `scanner:rule id`; of others only the title is told.
            token: draws the unguessable part of the delimiters around code.
            sleep: waits between retries, in seconds.
        """
        self.settings = settings or BedrockSettings()
        self.budget = Budget(self.settings.token_budget, self.settings.prices)
        self._conversation = Conversation(
            client,
            attempts=self.settings.attempts,
            temperature=self.settings.temperature,
            guardrail=self.settings.guardrail,
            sleep=sleep,
        )
        self._likeness: Likeness = ShingleLikeness(self.settings.likeness)
        if self.settings.embedding_model_id is not None:
            self._likeness = TitanLikeness(
                client,
                model_id=self.settings.embedding_model_id,
                fallback=self._likeness,
                record=self.budget.record,
            )
        self._cache = VerdictCache(cache)
        self._memories = memories
        self._clock = clock
        self._rules = rules or {}
        self._token = token

    @property
    def spending(self) -> TriageSpending:
        """What its calls have taken so far."""
        return self.budget.spending.kept

    @property
    def calls(self) -> Sequence[ModelCall]:
        """Every answered request."""
        return tuple(self.budget.calls)

    def triage(self, findings: Sequence[Finding], context: TriageContext) -> list[TriageResult]:
        """Judge every finding; results come in the order given, each with a verdict or the reason why there is none."""
        run = self._run(findings, context, range(len(findings)), self.settings.model_id, together=True)
        return [
            TriageResult(
                finding_index=index, verdict=run.verdicts.get(index), untriaged_reason=run.reasons.get(index, "")
            )
            for index in range(len(findings))
        ]

    def second_opinions(
        self, findings: Sequence[Finding], context: TriageContext, first: Sequence[TriageResult]
    ) -> dict[int, Verdict]:
        """What the second model says of high and critical findings that the first took for false positives.

        It is told nothing of the first verdict, and nothing is shared between near-duplicates.

        Returns:
            Verdicts by position, for `policy.decide`; empty if no other second model is configured.
        """
        model_id = self.settings.second_model_id
        if model_id is None or model_id == self.settings.model_id:
            return {}
        wanted = [
            result.finding_index
            for result in first
            if result.verdict is not None
            and result.verdict.assessment is Assessment.FALSE_POSITIVE
            and findings[result.finding_index].severity >= Severity.HIGH
        ]
        return self._run(findings, context, wanted, model_id, together=False).verdicts

    def _run(
        self,
        findings: Sequence[Finding],
        context: TriageContext,
        wanted: Sequence[int],
        model_id: str,
        *,
        together: bool,
    ) -> Round:
        keys = {findings[index].rule_ids[0] for index in wanted}
        history = {key: history_of(findings, key) for key in keys}
        run = Round(Seal(model_id, prompt_hash(), self._clock()), history)
        cases = self._cached(self._cases(findings, context, wanted, run), run)
        groups = near_duplicates(cases, self._likeness) if together else [[case] for case in cases]
        self._ask(run, [group[0] for group in groups])
        alone = [case for group in groups for case in share(run, group)]
        self._ask(run, alone)
        return run

    def _cases(
        self, findings: Sequence[Finding], context: TriageContext, wanted: Sequence[int], run: Round
    ) -> list[Case]:
        """What can be asked about; the rest is left with its reason."""
        files: dict[str, MaskedFile] = {}
        memories: dict[str, tuple[TriageMemory, ...]] = {}
        cases = []
        for index in wanted:
            finding = findings[index]
            text = context.files.get(finding.path)
            if text is None:
                run.reasons[index] = "its file was not at hand for triage"
                continue
            file = files.setdefault(finding.path, MaskedFile(finding.path, text))
            try:
                shown = file.slice(finding)
            except Exception as error:  # noqa: BLE001  one finding's code must never cost the verdicts of the others
                run.reasons[index] = f"its code could not be prepared for a model ({type(error).__name__})"
                continue
            if shown is None:
                run.reasons[index] = "its lines hold no code that can be shown to a model"
                continue
            rule = RuleText.of(finding, self._rules)
            if rule.id not in memories:
                memories[rule.id] = self._remember(rule.id, context)
            cases.append(Case(index, finding, file, shown, rule, memories[rule.id]))
        return sorted(cases, key=lambda case: case.urgency)

    def _remember(self, rule_key: str, context: TriageContext) -> tuple[TriageMemory, ...]:
        found = list(context.memories.get(rule_key, ()))
        if self._memories is not None:
            try:
                found += self._memories(rule_key)
            except StoreError as error:
                _log.warning("the triage memories could not be read: %s", error)
        return tuple({memory.id: memory for memory in found}.values())[:MAX_MEMORIES]

    def _cached(self, cases: Sequence[Case], run: Round) -> list[Case]:
        """The cases whose verdict is not known yet."""
        keys = [case.key(run.seal.model_id) for case in cases]
        known = self._cache.load(keys)
        unknown = []
        for case, key in zip(cases, keys, strict=True):
            kept = known.get(key)
            verdict = None if kept is None else moved_in(kept, case.shown, case.file)
            if verdict is None:
                unknown.append(case)
            else:
                run.verdicts[case.index] = verdict
        return unknown

    def _ask(self, run: Round, cases: Sequence[Case]) -> None:
        """Ask about cases in batches of one rule and file, the batch with the severest finding first."""
        queue = deque(batches(cases, self.settings.batch))
        while queue:
            batch = queue.popleft()
            if run.stopped:
                run.leave(batch, run.stopped)
                continue
            try:
                smaller = self._ask_batch(run, batch)
            except Exception as error:  # noqa: BLE001  one batch must never cost the verdicts of the others
                _log.warning("a batch could not be judged (%s)", type(error).__name__)
                run.leave(batch, f"the answer could not be handled ({type(error).__name__})")
                continue
            queue.extendleft(reversed(smaller))

    def _ask_batch(self, run: Round, batch: Sequence[Case]) -> list[Sequence[Case]]:
        """Ask about one batch. Returns the halves to ask about instead, if it was too long."""
        asked = {f"F{number}": case for number, case in enumerate(batch, start=1)}
        prompt = self._compose(run, asked)
        room = self.budget.room_for_reply(prompt.characters, len(batch), self.settings.max_output_tokens)
        if not room:
            if len(batch) > 1:
                return halves(batch)
            run.stopped = f"the scan's budget of {self.settings.token_budget} tokens is spent"
            run.leave(batch, run.stopped)
            return []
        answer = self._conversation.ask(
            run.seal.model_id, prompt, [], max_tokens=room, findings=len(batch), record=self.budget.record
        )
        if isinstance(answer, Failure):
            return self._failed(run, batch, answer)
        run.failed_in_a_row = 0
        checked = self._check(run, answer, asked)
        verdicts, problems = dict(checked.verdicts), checked.problems
        if problems:
            repaired = self._repair(run, prompt, answer, {name: asked[name] for name in problems}, problems)
            verdicts |= repaired.verdicts
            problems = repaired.problems
        self._cache.save({asked[n].key(run.seal.model_id): (v, asked[n].shown) for n, v in verdicts.items()})
        verdicts |= {name: rejected(problem, run.seal) for name, problem in problems.items()}
        run.verdicts.update((asked[name].index, verdict) for name, verdict in verdicts.items())
        return []

    def _compose(self, run: Round, asked: Mapping[str, Case]) -> Prompt:
        first = next(iter(asked.values()))
        return compose(
            first.rule,
            first.finding.severity,
            [Asked(id=name, slice=case.shown) for name, case in asked.items()],
            first.memories,
            run.history.get(first.rule.id, {}),
            self._token,
        )

    def _failed(self, run: Round, batch: Sequence[Case], failure: Failure) -> list[Sequence[Case]]:
        """What follows from a request without an answer."""
        if failure.kind is FailureKind.TOO_LONG and len(batch) > 1:
            return halves(batch)
        run.leave(batch, failure.reason)
        run.failed_in_a_row = run.failed_in_a_row + 1 if failure.kind is FailureKind.TRANSIENT else 0
        if failure.kind is FailureKind.FATAL or run.failed_in_a_row >= self.settings.give_up_after:
            run.stopped = failure.reason
        return []

    def _check(self, run: Round, answer: Answer, asked: Mapping[str, Case]) -> Checked:
        file = next(iter(asked.values())).file
        return check_reply(answer.tool_input, {name: case.shown for name, case in asked.items()}, file, run.seal)

    def _repair(
        self, run: Round, prompt: Prompt, answer: Answer, asked: Mapping[str, Case], problems: Mapping[str, str]
    ) -> Checked:
        """Ask once more about the findings whose verdict failed a check."""
        wrong = "\n".join(f"{name}: {problem}" for name, problem in problems.items())
        turns = repair_turns(
            answer,
            f"These verdicts failed the checks and were thrown away:\n{wrong}\n"
            f"Call the tool again, with exactly one verdict for each of: {', '.join(asked)}.",
        )
        length = prompt.characters + len(str(turns))
        room = self.budget.room_for_reply(length, len(asked), self.settings.max_output_tokens)
        if not room:
            return Checked(
                {}, {name: f"{problem}; no tokens were left to ask again" for name, problem in problems.items()}
            )
        second = self._conversation.ask(
            run.seal.model_id, prompt, turns, max_tokens=room, findings=len(asked), record=self.budget.record
        )
        if isinstance(second, Failure):
            return Checked({}, {name: f"{problem}; asked again: {second.reason}" for name, problem in problems.items()})
        return self._check(run, second, asked)
