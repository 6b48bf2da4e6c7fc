"""What a verified webhook payload asks for: a scan of one commit, or nothing, and then why."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import parse_qs

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from oreva.errors import SourceError
from oreva.models import Source
from oreva.sources.github import check_ref, check_repository

_NO_COMMIT = re.compile(r"0{40}(0{24})?")
_BRANCH = "refs/heads/"
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)
_PULL_ACTIONS = ("opened", "synchronize", "reopened")

Commit = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]


class PayloadError(ValueError):
    """The payload is not what GitHub documents; the text names the first thing that is wrong."""


@dataclass(frozen=True)
class Wanted:
    """A scan that a delivery asks for."""

    source: Source
    trigger: Literal["push", "pull_request"]
    requested_by: str
    at: dt.datetime
    """When it happened, by GitHub's clock, to the second."""


@dataclass(frozen=True)
class Ignored:
    """A delivery that asks for no scan."""

    reason: str


# The parts of GitHub's payloads that are used; everything else in them is left unread.


class _Account(BaseModel):
    login: str = ""


class _Repository(BaseModel):
    full_name: str
    default_branch: str
    pushed_at: int | dt.datetime | None = None


class _Push(BaseModel):
    ref: str
    before: Commit
    after: Commit
    created: bool = False
    deleted: bool = False
    commits: list[object] = []
    repository: _Repository
    sender: _Account = _Account()


class _Tip(BaseModel):
    sha: Commit


class _Base(_Tip):
    repo: _Repository


class _PullRequest(BaseModel):
    head: _Tip
    base: _Base
    updated_at: dt.datetime


class _PullRequestEvent(BaseModel):
    action: str
    number: int = Field(gt=0)
    pull_request: _PullRequest
    sender: _Account = _Account()


def read(event: str, content_type: str, body: bytes, allows: Callable[[str], bool]) -> Wanted | Ignored:
    """What a delivery of this event (the header `X-GitHub-Event`) asks for.

    `allows` says of a repository whether it may be scanned. Raises `PayloadError`.
    """
    if event not in ("push", "pull_request"):
        return Ignored("no scan follows from this event")
    try:
        document = _document(content_type, body)
        wanted = _push(_Push.model_validate(document)) if event == "push" else _pull(document)
        if isinstance(wanted, Ignored):
            return wanted
        check_repository(wanted.source.repository)
        for ref in (wanted.source.ref, wanted.source.default_branch):
            check_ref(ref or "")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise PayloadError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None
    except SourceError as error:
        raise PayloadError(str(error)) from None
    if not allows(wanted.source.repository):
        return Ignored("the repository is not among those that may be scanned")
    return wanted


def _document(content_type: str, body: bytes) -> object:
    """The JSON of a payload; GitHub can also send it as the field `payload` of a form."""
    try:
        if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
            fields = parse_qs(body.decode("utf-8"), strict_parsing=True, max_num_fields=10)
            return json.loads(fields["payload"][0])
        return json.loads(body)
    except (ValueError, KeyError, RecursionError):
        raise PayloadError("the body is no JSON; set the content type of the webhook to application/json") from None


def _push(push: _Push) -> Wanted | Ignored:
    if push.deleted or _NO_COMMIT.fullmatch(push.after):
        return Ignored("the ref was deleted")
    if not push.ref.startswith(_BRANCH):
        return Ignored("only branches are scanned, not tags or other refs")
    branch = push.ref.removeprefix(_BRANCH)
    default_branch = push.repository.default_branch
    if push.before == push.after:
        return Ignored("nothing was pushed")
    if push.created and not push.commits and branch != default_branch:
        return Ignored("a new branch without a commit of its own")
    return Wanted(
        source=Source(
            provider="github",
            repository=push.repository.full_name,
            ref=branch,
            commit=push.after,
            default_branch=default_branch,
            before=None if _NO_COMMIT.fullmatch(push.before) else push.before,
        ),
        trigger="push",
        requested_by=push.sender.login,
        at=_moment(push.repository.pushed_at),
    )


def _pull(document: object) -> Wanted | Ignored:
    action = document.get("action") if isinstance(document, dict) else None
    if isinstance(action, str) and action not in _PULL_ACTIONS:
        return Ignored("only a pull request that is opened, reopened or gets commits is scanned")
    event = _PullRequestEvent.model_validate(document)
    pull = event.pull_request
    return Wanted(
        source=Source(
            provider="github",
            repository=pull.base.repo.full_name,  # never the fork: it has the commits of its pull requests too
            ref=f"refs/pull/{event.number}/head",  # not the branch's name, which a fork chooses
            commit=pull.head.sha,
            default_branch=pull.base.repo.default_branch,
            before=pull.base.sha,
        ),
        trigger="pull_request",
        requested_by=event.sender.login,
        at=_moment(pull.updated_at),
    )


def _moment(told: int | dt.datetime | None) -> dt.datetime:
    """GitHub writes seconds since 1970 into a push and a date into everything else; now if it is not told, or later."""
    now = dt.datetime.now(dt.UTC)
    if isinstance(told, int):
        told = dt.datetime.fromtimestamp(min(max(told, 0), now.timestamp()), dt.UTC)
    if told is None:
        return now
    return min(max(told if told.tzinfo else told.replace(tzinfo=dt.UTC), _EPOCH), now)
