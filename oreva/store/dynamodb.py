"""The store in AWS: one DynamoDB table, on demand.

The key layout is in `dynamodb_keys`, how models become items in `dynamodb_items`, how more is written than one
transaction holds in `dynamodb_journal`. All that one scan changes is one transaction where it fits (100 items, 4 MB):
the scan, the baseline, the counter of writes, and one to three items per changed finding. A scan without a change
writes the scan, the baseline and the counter.

Each finding stands in two indexes: `queue` by status and severity in ten write shards, and `cwe` by its first CWE;
each further CWE has a small item of its own beside the finding, since DynamoDB indexes one value per item. Indexes lag
behind and hold keys only: what they name is read from the table and compared again.
"""

from __future__ import annotations

import datetime as dt
import heapq
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from oreva.errors import ConflictError, StoreError
from oreva.models import Baseline, Finding, FindingEvent, Model, Scan, Severity, Status, TriageMemory, Verdict, utc_now
from oreva.store import dynamodb_keys as keys
from oreva.store.base import Changes, FindingFilter
from oreva.store.dynamodb_changes import Plan
from oreva.store.dynamodb_items import BODY, render
from oreva.store.dynamodb_journal import Journal, MovedOnError, fits
from oreva.store.dynamodb_keys import create_table
from oreva.store.dynamodb_reading import Models, filter_expression
from oreva.store.dynamodb_table import Operation, RefusedError, Table, key_of, key_only
from oreva.store.records import to_key

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from oreva.store.dynamodb_keys import Item

__all__ = ["BRANCH_FINDINGS_KEPT", "VERDICTS_KEPT", "DynamoDbStore", "create_table"]

BRANCH_FINDINGS_KEPT = dt.timedelta(days=90)
VERDICTS_KEPT = dt.timedelta(days=90)

_PAGE = 500
_ATTEMPTS = 10
_MANIFEST = "MANIFEST"
_NOT_APPLIED = "attribute_not_exists(#applied)"

ModelT = TypeVar("ModelT", bound=Model)


class DynamoDbStore:
    """`FindingStore` in one DynamoDB table. Threads may share it."""

    def __init__(
        self,
        table_name: str,
        client: DynamoDBClient,
        clock: Callable[[], dt.datetime] = utc_now,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._table = Table(table_name, client, sleep, jitter)
        self._models = Models(self._table)
        self._journal = Journal(self._table)
        self._clock = clock

    @classmethod
    def open(cls, table_name: str, region: str | None = None, endpoint_url: str | None = None) -> DynamoDbStore:
        """The store in a table of the account that the environment gives access to.

        Raises `StoreError` if boto3 is missing, or if no region or credentials are set.
        """
        try:
            import boto3  # noqa: PLC0415 - comes with oreva[aws]
            from botocore.config import Config  # noqa: PLC0415
            from botocore.exceptions import BotoCoreError  # noqa: PLC0415
        except ImportError as error:
            raise StoreError("the DynamoDB store needs boto3: pip install oreva[aws]") from error
        try:
            retries = Config(retries={"mode": "standard", "total_max_attempts": 2})  # the table is patient by itself
            client = boto3.client("dynamodb", region_name=region, endpoint_url=endpoint_url, config=retries)
        except (BotoCoreError, ValueError) as error:
            reason = " ".join(str(error).split())
            raise StoreError(f"DynamoDB cannot be used ({reason}): set AWS_REGION and credentials") from error
        return cls(table_name, client)

    def findings(
        self, repository: str, where: FindingFilter | None = None, *, after: str | None = None
    ) -> Iterator[Finding]:
        """All findings of a repository that match, in order of id; pages are fetched as the iterator advances.

        With `after`, those that follow this id. A write in between shows if its id comes later.
        """
        partition = keys.repository_partition(repository)
        condition, values = filter_expression(where or FindingFilter())
        last = None if after is None else keys.finding_key(repository, after)
        while True:
            journals = self._journal.settled(repository).journals
            pages = self._table.query(
                partition, "FINDING#", where=condition, values=values, attributes=BODY, limit=_PAGE, after=last
            )
            for page in pages:
                if self._journal.read(repository).journals != journals:
                    break  # perhaps half of a large scan: read this page again
                yield from self._models.load_all(Finding, page)
                last = key_only(page[-1]) if page else last
            else:
                return

    def finding(self, repository: str, finding_id: str) -> Finding | None:
        """One finding, or None."""
        self._journal.settled(repository)
        return self._models.get(Finding, keys.finding_key(repository, finding_id))

    def events(self, finding_id: str) -> list[FindingEvent]:
        """The life of one finding, oldest first."""
        while True:
            self._journal.settle_all()
            items = self._models.items(keys.event_partition(finding_id), "EVENT#")
            if not self._journal.settle_all():  # none was committed while reading
                return list(self._models.load_all(FindingEvent, items))

    def scan(self, repository: str, scan_id: str) -> Scan | None:
        """One scan, or None."""
        return self._models.get(Scan, keys.scan_key(repository, scan_id))

    def scans(self, repository: str, limit: int = 50, *, before: str | None = None) -> list[Scan]:
        """The newest scans of a repository, newest first; with `before`, those that are older than this id."""
        after = None if before is None else keys.scan_key(repository, before)
        return self._models.newest(Scan, keys.repository_partition(repository), "SCAN#", limit, after)

    def put_scan(self, repository: str, scan: Scan) -> None:
        """Record the state of a scan that changes no finding.

        A scan whose changes were applied is final: a late or repeated call leaves it as it is.
        """
        rendered = render(keys.scan_key(repository, scan.id), scan)
        self._table.write_many(rendered.pieces)
        writes = self._journal.read(repository)
        try:
            if writes.registered:
                self._table.put(rendered.item, _NOT_APPLIED)
            else:
                write = Operation("put", rendered.item, _NOT_APPLIED)
                self._table.transact([write, *self._journal.registered(writes)])
        except RefusedError:
            self._table.write_many(delete=rendered.pieces)

    def baseline(self, repository: str, branch: str) -> Baseline | None:
        """What the newest scan of a tracked branch stood on, or None before the first."""
        return self._models.get(Baseline, keys.baseline_key(repository, branch))

    def apply(self, changes: Changes) -> bool:
        """Write all of it atomically; see `FindingStore.apply`."""
        plan = Plan.of(changes)
        if plan.is_empty:
            return True
        self._table.write_many(plan.pieces)
        try:
            applied = self._apply(plan)
        except ConflictError:
            self._table.write_many(delete=plan.pieces)
            raise
        if not applied:
            self._table.write_many(delete=plan.pieces)
        return applied

    def _apply(self, plan: Plan) -> bool:
        for _ in range(_ATTEMPTS):
            writes = self._journal.settled(plan.repository)
            stored = self._table.get_many(plan.changed_keys, ("revision", "cwe", "pieces", "pieces_id"))
            rest = [*plan.guarded, *plan.places, *plan.outdated(stored)]
            start = self._journal.counted(writes, register=plan.registers)
            whole = [*start, *plan.head, *rest]
            try:
                if fits(whole):
                    self._table.transact(whole)
                else:
                    if self._is_applied(plan):
                        return False
                    plan.check(self._table.get_many(plan.guarded_keys, ("revision",)))
                    self._journal.commit(writes, plan.head, rest, register=plan.registers)
            except MovedOnError:
                continue
            except RefusedError as refused:
                if self._is_applied(plan):
                    return False
                if fits(whole) and 0 in refused.positions:
                    continue  # a journal was committed after `writes` was read
                offset = len(start) if fits(whole) else 0
                self._raise_conflict(plan, [position - offset for position in refused.positions])
            return True
        raise ConflictError(f"others keep writing to {plan.repository!r}: read again and repeat when they are done")

    def _is_applied(self, plan: Plan) -> bool:
        stored = self._table.get(plan.scan_key) if plan.scan_key else None
        return stored is not None and "applied" in stored

    def _raise_conflict(self, plan: Plan, positions: Sequence[int]) -> None:
        baseline = plan.changes.baseline
        operations = [*plan.head, *plan.guarded]
        if baseline and any(operations[position] is plan.head[-1] for position in positions):
            stored = self.baseline(plan.repository, baseline.branch)
            raise ConflictError(
                f"the baseline of {baseline.branch} is now scan {stored.scan_id if stored else '(none)'}, "
                f"not {plan.changes.expected_baseline_scan or '(none)'}: another scan finished in the meantime; "
                "read again and repeat"
            )
        raise ConflictError(plan.conflict(operations[min(positions)]))

    def put_branch_findings(self, scan_id: str, findings: Sequence[Finding]) -> None:
        """Keep the findings of a scan off the default branch (kept 90 days); replaces what that scan had."""
        partition = keys.branch_partition(scan_id)
        expires = self._expiry(BRANCH_FINDINGS_KEPT)
        old = [key_only(item) for item in self._models.items(partition)]
        manifest = keys.key(partition, _MANIFEST) | expires
        self._table.put(manifest | {"complete": {"BOOL": False}})
        rendered = []
        times: dict[str, int] = {}
        for position, finding in enumerate(findings):
            name = finding.fingerprints[0].rule if finding.fingerprints else finding.id
            times[name] = times.get(name, 0) + 1
            again = f"#{times[name]}" if times[name] > 1 else ""
            place = keys.key(partition, f"FINDING#{to_key(name)}{again}")
            rendered.append(render(place, finding, given={"position": {"N": str(position)}}, ttl=expires))
        items = [item for each in rendered for item in (*each.pieces, each.item)]
        new = {key_of(item) for item in items}
        self._table.write_many(items, [key for key in old if key_of(key) not in new and key["SK"]["S"] != _MANIFEST])
        self._table.put(manifest | {"complete": {"BOOL": True}, "count": {"N": str(len(findings))}})

    def branch_findings(self, scan_id: str) -> list[Finding]:
        """The findings kept by `put_branch_findings`, in the order given there.

        Raises `StoreError` if they were not all written: a part would look like the whole.
        """
        partition = keys.branch_partition(scan_id)
        manifest = self._table.get(keys.key(partition, _MANIFEST))
        if manifest is None or self._has_expired(manifest):
            return []
        items = self._models.items(partition, "FINDING#")
        if not manifest["complete"]["BOOL"] or len(items) != int(manifest["count"]["N"]):
            raise StoreError(f"the findings of scan {scan_id} are not all written: wait for its end, or scan again")
        items.sort(key=lambda item: int(item["position"]["N"]))
        return list(self._models.load_all(Finding, items))

    def verdicts(self, keys_wanted: Sequence[str]) -> dict[str, Verdict]:
        """Cached verdicts by key; unknown keys are absent."""
        places = {key_of(keys.verdict_key(key)): key for key in keys_wanted}
        items = self._table.get_many(keys.verdict_key(key) for key in keys_wanted)
        found = {}
        for item in items:
            verdict = None if self._has_expired(item) else self._models.load(Verdict, item)
            if verdict is not None:
                found[places[key_of(item)]] = verdict
        return found

    def put_verdicts(self, verdicts: dict[str, Verdict]) -> None:
        """Cache verdicts (kept 90 days); an existing key is overwritten."""
        expires = self._expiry(VERDICTS_KEPT)
        rendered = [render(keys.verdict_key(key), verdict, ttl=expires) for key, verdict in verdicts.items()]
        self._table.write_many(piece for each in rendered for piece in each.pieces)
        self._table.write_many(each.item for each in rendered)

    def memories(self, repository: str, rule_id: str, limit: int = 5) -> list[TriageMemory]:
        """The newest decisions of people on a rule in a repository, newest first."""
        return self._models.newest(
            TriageMemory, keys.repository_partition(repository), keys.memory_prefix(rule_id), limit
        )

    def put_memory(self, memory: TriageMemory) -> None:
        """Remember a person's decision."""
        place = keys.key(
            keys.repository_partition(memory.repository), keys.memory_prefix(memory.rule_id) + to_key(memory.id)
        )
        rendered = render(place, memory)
        self._table.write_many(rendered.pieces)
        self._table.put(rendered.item)

    def repositories(self) -> list[str]:
        """Keys of all repositories that have findings or scans, sorted."""
        return self._journal.repositories()

    def queue(
        self, status: Status, severity: Severity, *, after: tuple[str, dt.datetime, str] | None = None
    ) -> Iterator[tuple[str, Finding]]:
        """Repository and finding of all repositories with this status and severity, oldest first.

        With `after` (repository, first seen, id of a finding), those that follow it. Very recent writes may be missing:
        indexes follow the table by a moment.
        """
        self._journal.settle_all()
        shards = []
        for shard in range(keys.QUEUE_SHARDS):
            partition = keys.queue_partition(status, severity, shard)
            start = None if after is None else keys.queue_position(partition, *after)
            shards.append(self._models.entries(keys.QUEUE_INDEX, ("GSI1PK", "GSI1SK"), partition, start))
        for repository, finding in self._models.named(heapq.merge(*shards, key=lambda item: item["GSI1SK"]["S"])):
            if (finding.status, finding.severity) == (status, severity):
                yield repository, finding

    def by_cwe(self, cwe: str) -> Iterator[tuple[str, Finding]]:
        """Repository and finding of all repositories with this CWE, by status and id.

        Very recent writes may be missing: indexes follow the table by a moment.
        """
        self._journal.settle_all()
        for repository, finding in self._models.named(
            self._models.entries(keys.CWE_INDEX, ("GSI2PK", "GSI2SK"), keys.cwe_partition(cwe))
        ):
            if cwe in finding.cwe:
                yield repository, finding

    def close(self) -> None:
        """Release the table; the store cannot be used afterwards. Closing twice is fine."""
        self._table.close()

    def _expiry(self, kept: dt.timedelta) -> Item:
        return {keys.EXPIRES: {"N": str(int((self._clock() + kept).timestamp()))}}

    def _has_expired(self, item: Item) -> bool:
        """DynamoDB deletes expired items some time later, mostly within days."""
        return int(item[keys.EXPIRES]["N"]) <= self._clock().timestamp()
