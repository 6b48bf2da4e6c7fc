"""The GitHub API, as far as a scan needs it: archives, single files, what a ref stands for, checks and statuses."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import IO, Any, Literal, TypeVar
from urllib.parse import quote, urlencode

import urllib3

from oreva.errors import SourceError, ThrottledError
from oreva.models import Model
from oreva.sources.display import shown
from oreva.sources.github_auth import Authorization
from oreva.sources.github_credentials import Credentials
from oreva.sources.github_http import ATTEMPTS, Call, Http, Refused, chunks, whole

FILE_LIMIT = 1024**2
"""Largest single file that is read."""
DOWNLOAD_S = 600.0
"""Seconds one archive may take."""
_PAGES = 10
_LINK = "120000"
"""Mode of a symbolic link."""
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}\Z")
_BAD_IN_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|(?:^|/)\.|\.lock(?:/|\Z)|\.\Z|/\Z|^/|^-|^@\Z")

CommitState = Literal["pending", "success", "failure", "error"]
AnswerT = TypeVar("AnswerT")


class ResolvedRef(Model):
    """What a ref stands for at this moment."""

    ref: str
    """The short name: `main`, not `refs/heads/main`."""
    commit: str
    default_branch: str
    repository: str = ""
    """The repository's name as GitHub writes it now, whatever its letters' case in the request; empty if not told."""


class Blob(Model):
    """One file of a commit as git has it."""

    id: str
    """SHA-1 of git's (hex)."""
    size: int
    executable: bool = False


class CheckRun(Model):
    """A check run that is there."""

    id: int
    status: str
    annotations: int
    """How many it has."""


def check_repository(repository: str) -> str:
    """The name itself if it is `owner/name` as GitHub allows it. Raises `SourceError`."""
    if not _REPOSITORY.match(repository):
        raise SourceError(f"repository {shown(repository)}: not a name on GitHub; write it as owner/name")
    return repository


def check_ref(ref: str) -> str:
    """The ref itself if git allows it (`git check-ref-format`). Raises `SourceError`."""
    if not ref or len(ref) > 1000 or _BAD_IN_REF.search(ref) or not _is_utf8(ref):
        raise SourceError(f"ref {shown(ref)}: not a name that git allows; give a branch, a tag or a commit")
    return ref


class GitHub:
    """One GitHub, with the credentials of a token, of a GitHub App, or none.

    Every method may raise `SourceError` (GitHub says no, and would again) and `ThrottledError` (try later).
    """

    def __init__(
        self,
        *,
        api_url: str,
        token: str = "",
        app_id: str = "",
        private_key: str = "",
        renew: Callable[[], Credentials] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`renew` tells the credentials of this moment, and is asked once when GitHub no longer takes those there are.

        Raises `ConfigError` if the address or the credentials cannot be used.
        """
        self._http = Http(api_url, sleep=sleep, now=now)
        self._credentials = Credentials(token, app_id, private_key)
        self._renew = renew
        self._sleep = sleep
        self._now = now
        self._authorization = self._authorized_by(self._credentials)

    @property
    def is_app(self) -> bool:
        """Whether Oreva acts as a GitHub App, which alone may write check runs."""
        return self._authorization.is_app

    @property
    def is_anonymous(self) -> bool:
        """Whether there are no credentials: public repositories can be read, and nothing written."""
        return self._authorization.is_anonymous

    def download_tarball(self, repository: str, commit: str, into: IO[bytes], limit: int) -> int:
        """Copy the archive (tar, gzip) of a commit into a file, at most `limit` bytes; returns its size.

        An archive that breaks off is fetched again if `into` can be rewound.
        """
        call = Call("GET", f"{_at(repository)}/tarball/{_quoted(commit)}", repository, f"the archive of {commit[:40]}")
        start = into.tell() if into.seekable() else None
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._authorized(call, lambda response: _copy(response, call, into, limit))
            except ThrottledError:
                if start is None or into.tell() == start or attempt == ATTEMPTS:
                    raise
                into.seek(start)
                into.truncate()
                self._sleep(attempt)
        raise AssertionError  # pragma: no cover  (the last attempt returns or raises)

    def read_file(self, repository: str, path: str, ref: str, limit: int = FILE_LIMIT) -> bytes | None:
        """The content of one file at a ref; None if it is not there.

        Raises `SourceError` if it is a directory or larger than `limit` bytes.
        """
        parts = path.split("/")
        if not path or any(part in ("", ".", "..") for part in parts) or not _is_utf8(path):
            raise SourceError(f"GitHub {repository}: {shown(path)}: not the path of a file; write it from the root")
        target = f"{_at(repository)}/contents/{quote(path)}?{urlencode({'ref': check_ref(ref)})}"
        call = Call("GET", target, repository, f"{path} at {ref[:40]}", accept="application/vnd.github.raw+json")

        def content(response: urllib3.BaseHTTPResponse) -> bytes:
            if response.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json":
                raise SourceError(call.error("it is a directory", "name a file"))
            return whole(response, call, limit)

        try:
            return self._authorized(call, content)
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def tree(self, repository: str, commit: str) -> dict[str, Blob]:
        """Every file of a commit by its path; links and submodules are left out.

        One call up to some 100,000 files; what GitHub cuts off is asked for folder by folder.
        """
        files: dict[str, Blob] = {}
        waiting = [("", commit)]
        while waiting:
            above, name = waiting.pop()
            target = f"{_at(repository)}/git/trees/{_quoted(name)}"
            answer = self._json(Call("GET", f"{target}?recursive=1", repository, f"the files of {name[:40]}"))
            whole_tree = not answer.get("truncated")
            if not whole_tree:
                answer = self._json(Call("GET", target, repository, f"the files of {name[:40]}"))
            for path, kind, mode, blob in _entries(answer, repository):
                if kind == "tree" and not whole_tree:
                    waiting.append((f"{above}{path}/", blob.id))
                elif kind == "blob" and mode != _LINK:
                    files[above + path] = blob
        return files

    def read_blob(self, repository: str, blob: str, limit: int = FILE_LIMIT) -> bytes:
        """The content of one file of `tree`. Raises `SourceError` if it is larger than `limit` bytes."""
        target = f"{_at(repository)}/git/blobs/{_quoted(blob)}"
        call = Call("GET", target, repository, f"blob {blob[:40]}", accept="application/vnd.github.raw+json")
        return self._authorized(call, lambda response: whole(response, call, limit))

    def resolve(self, repository: str, ref: str | None) -> ResolvedRef:
        """What a branch, tag or commit stands for; the default branch if `ref` is None.

        A branch is preferred to a tag of the same name, so that a tag cannot pass for the default branch.
        """
        about = self._json(Call("GET", _at(repository), repository, "the repository"))
        default_branch = _text(about, "default_branch", repository)
        wanted = default_branch if ref is None else ref.removeprefix("refs/heads/")
        commit = self._commit(repository, f"heads/{wanted}") if not wanted.startswith("refs/") else None
        if commit is None:
            commit = self._commit(repository, wanted)
        if commit is None:
            raise SourceError(
                f"GitHub {repository}: {shown(wanted)}: there is no such branch, tag or commit; check the name"
            )
        name = about.get("full_name")
        return ResolvedRef(
            ref=wanted,
            commit=commit,
            default_branch=default_branch,
            repository=name if isinstance(name, str) and _REPOSITORY.match(name) else "",
        )

    def merge_base(self, repository: str, base: str, head: str) -> str | None:
        """The newest commit that both have in their history; None if there is none, or one of them is gone."""
        pair = f"{_quoted(base)}...{_quoted(head)}"
        call = Call(
            "GET", f"{_at(repository)}/compare/{pair}?per_page=1", repository, f"what {base[:40]} and head share"
        )
        try:
            return _text(self._json(call), "merge_base_commit", repository, "sha")
        except Refused as error:
            if error.status in (404, 422):
                return None
            raise

    def find_check(self, repository: str, commit: str, name: str, external_id: str) -> CheckRun | None:
        """The check run on a commit that was created with this external id."""
        for page in range(1, _PAGES + 1):
            query = urlencode({"check_name": name, "filter": "all", "per_page": 100, "page": page})
            path = f"{_at(repository)}/commits/{_quoted(commit)}/check-runs?{query}"
            runs = self._json(Call("GET", path, repository, f"the checks of {commit[:40]}")).get("check_runs") or []
            for run in runs:
                if isinstance(run, dict) and run.get("external_id") == external_id:
                    return _check_run(run)
            if len(runs) < 100:
                return None
        return None

    def create_check(self, repository: str, fields: Mapping[str, Any]) -> CheckRun:
        """Create a check run; GitHub Apps only. Not repeated by itself: a lost answer may hide one that is there."""
        path = f"{_at(repository)}/check-runs"
        return _check_run(self._json(Call("POST", path, repository, "a new check", body=fields, repeatable=False)))

    def update_check(self, repository: str, check: int, fields: Mapping[str, Any]) -> CheckRun:
        """Change a check run. Annotations are added to those it has, so a call that carries some is not repeated."""
        repeatable = not fields.get("output", {}).get("annotations")
        path = f"{_at(repository)}/check-runs/{check}"
        call = Call("PATCH", path, repository, f"check {check}", body=fields, repeatable=repeatable)
        return _check_run(self._json(call))

    def set_status(
        self, repository: str, commit: str, state: CommitState, *, context: str, description: str, target_url: str = ""
    ) -> None:
        """Write the status of a commit under `context`; a later one with the same context replaces it."""
        body = {"state": state, "context": context, "description": description}
        if target_url:
            body["target_url"] = target_url
        path = f"{_at(repository)}/statuses/{_quoted(commit)}"
        self._json(Call("POST", path, repository, f"the status of {commit[:40]}", body=body))

    def _commit(self, repository: str, committish: str) -> str | None:
        path = f"{_at(repository)}/commits/{_quoted(committish)}"
        call = Call("GET", path, repository, f"the commit of {committish[:100]}", accept="application/vnd.github.sha")
        try:
            sha = (
                self._authorized(call, lambda response: whole(response, call, 1000)).decode("ascii", "replace").strip()
            )
        except Refused as error:
            if error.status in (404, 422):
                return None
            raise
        if not re.fullmatch(r"[0-9a-f]{40,64}", sha):
            raise SourceError(call.error("the answer is no commit id", "check the setting github_api"))
        return sha

    def _json(self, call: Call) -> dict[str, Any]:
        answer = self._retried(call, lambda header: self._http.json(call, header))
        if not isinstance(answer, dict):
            raise SourceError(call.error("the answer is not what GitHub documents", "check the setting github_api"))
        return answer

    def _authorized(self, call: Call, use: Callable[[urllib3.BaseHTTPResponse], AnswerT]) -> AnswerT:
        def attempt(header: str) -> AnswerT:
            with self._http.answer(call, header) as response:
                return use(response)

        return self._retried(call, attempt)

    def _retried(self, call: Call, attempt: Callable[[str], AnswerT]) -> AnswerT:
        """Once more if GitHub no longer takes who we are: with a fresh token of the app, then with newer credentials.

        A kept token ends early when the app is installed anew or its key is revoked.
        """
        remedies: Iterator[Callable[[], bool]] = iter(
            (partial(self._authorization.forget, call.repository), self._renewed)
        )
        while True:
            try:
                return attempt(self._authorization.header(call.repository))
            except Refused as error:
                if error.status != 401 or not any(remedy() for remedy in remedies):
                    raise

    def _renewed(self) -> bool:
        """Take newer credentials, if there are any."""
        newer = self._credentials if self._renew is None else self._renew()
        if newer == self._credentials:
            return False
        self._authorization, self._credentials = self._authorized_by(newer), newer
        return True

    def _authorized_by(self, credentials: Credentials) -> Authorization:
        return Authorization(
            self._http,
            token=credentials.token,
            app_id=credentials.app_id,
            private_key=credentials.private_key,
            now=self._now,
        )


def _copy(response: urllib3.BaseHTTPResponse, call: Call, into: IO[bytes], limit: int) -> int:
    deadline = time.monotonic() + DOWNLOAD_S
    size = 0
    for chunk in chunks(response, call):
        size += len(chunk)
        if size > limit:
            raise SourceError(call.error(f"more than {limit:,} bytes", "raise the setting upload_bytes, or scan less"))
        if time.monotonic() > deadline:
            raise SourceError(call.error(f"not there after {DOWNLOAD_S:.0f} s", "try again, or scan less"))
        into.write(chunk)
    return size


def _at(repository: str) -> str:
    return f"/repos/{check_repository(repository)}"


def _quoted(ref: str) -> str:
    return quote(check_ref(ref))


def _is_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _text(answer: Mapping[str, Any], name: str, repository: str, *inner: str) -> str:
    value: Any = answer.get(name)
    for key in inner:
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, str) or not value:
        raise SourceError(f"GitHub {repository}: the answer has no {name}; check the setting github_api")
    return value


def _entries(answer: Mapping[str, Any], repository: str) -> Iterator[tuple[str, str, str, Blob]]:
    """Path, kind, mode and blob of every entry of a tree."""
    try:
        for entry in answer["tree"]:
            blob = Blob(id=entry["sha"], size=entry.get("size", 0), executable=entry["mode"] == "100755")
            yield str(entry["path"]), str(entry["type"]), str(entry["mode"]), blob
    except (AttributeError, KeyError, TypeError, ValueError):
        raise SourceError(
            f"GitHub {repository}: a tree without what GitHub documents; check the setting github_api"
        ) from None


def _check_run(run: Any) -> CheckRun:
    try:
        count = int((run.get("output") or {}).get("annotations_count") or 0)
        return CheckRun(id=int(run["id"]), status=str(run.get("status", "")), annotations=count)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise SourceError("GitHub: a check run without what GitHub documents; check the setting github_api") from None
