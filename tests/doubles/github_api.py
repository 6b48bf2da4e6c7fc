"""The GitHub REST API on two loopback ports: the API, and the host that archives are served from.

Repositories are bare git repositories, so that refs, archives and merge bases are git's own. Tokens, permissions and
limits are checked as GitHub checks them. Every request is kept in `requests`, and `faults` are answered instead of the
real thing. Usable without tests:

    with GitHubApi(folder, tokens={"secret"}) as github:
        github.create("acme/shop")
        commit = github.push("acme/shop", {"app.py": b"print(1)"})
        GitHub(api_url=github.url, token="secret")
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import secrets
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import jwt

from tests.doubles.github_checks import check_problems
from tests.doubles.github_repository import Repository

STATES = {"error", "failure", "pending", "success"}
COMMIT = re.compile(r"[0-9a-f]{40}\Z")


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire."""

    host: str
    """`api` or `codeload`."""
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Fault:
    """An answer in place of the real one, for requests whose `METHOD host/path` matches, as many `times`."""

    status: int = 503
    message: str = "Server Error"
    headers: dict[str, str] = field(default_factory=dict)
    match: str = ""
    times: int = 1
    after: bool = False
    """Do what was asked first: the answer alone is lost."""
    cut: int | None = None
    """Send the real answer, but break off after that many bytes of its body."""
    hang_up: bool = False
    """Close the connection without an answer."""


@dataclass
class Installed:
    """A GitHub App and the repositories that it is installed on."""

    app_id: str
    public_key: str
    repositories: set[str]
    permissions: dict[str, str] = field(
        default_factory=lambda: {
            "checks": "write",
            "contents": "read",
            "metadata": "read",
            "pull_requests": "read",
            "statuses": "write",
        }
    )
    installation: int = 4711
    lifetime_s: int = 3600


class Problem(Exception):  # noqa: N818
    """An error answer."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        self.status = status
        self.body = {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            "status": str(status),
        } | more


@dataclass
class Answer:
    """What is sent."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    chunked: bool = False


def refuse_unless_fit(check: dict[str, Any]) -> None:
    """Raises if GitHub would not take these fields of a check run."""
    problems = check_problems(check)
    if problems:
        raise Problem(422, "Invalid request.\n\n" + "\n".join(problems), errors=problems)


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode())


class GitHubApi:
    """Both ports, while used as a context."""

    def __init__(self, folder: Path, *, tokens: set[str] | None = None, app: Installed | None = None) -> None:
        self.folder = folder
        self.tokens = tokens or set()
        self.app = app
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.repositories: dict[str, Repository] = {}
        self.granted: dict[str, tuple[set[str], float]] = {}
        """Tokens of installations: the repositories they are for, and their end."""
        self.downloads: dict[str, str] = {}
        self.tree_limit = 100_000
        """Tokens of archive addresses, and the path each is for."""
        self._lock = threading.RLock()
        self._servers = {name: _Server(self, name) for name in ("api", "codeload")}
        self.url = f"http://127.0.0.1:{self._servers['api'].server_port}"
        self.codeload_url = f"http://127.0.0.1:{self._servers['codeload'].server_port}"

    def __enter__(self) -> GitHubApi:
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def create(self, name: str, *, default_branch: str = "main", private: bool = True) -> Repository:
        """An empty repository."""
        folder = self.folder / f"{name.lower()}.git"
        folder.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["git", "init", "--quiet", "--bare", f"--initial-branch={default_branch}", str(folder)], check=True
        )
        made = Repository(name, folder, default_branch, private, 1000 + len(self.repositories))
        self.repositories[name.lower()] = made
        return made

    def push(
        self,
        name: str,
        files: Mapping[str, bytes | str],
        *,
        branch: str | None = None,
        ref: str | None = None,
        parent: str | None = None,
        message: str = "change",
    ) -> str:
        """Commit exactly these files to a branch (the default one), on top of it or of `parent`; returns the commit."""
        repository = self.repositories[name.lower()]
        target = ref or f"refs/heads/{branch or repository.default_branch}"
        return repository.push(files, target, parent or repository.commit(target), message)

    def push_folder(self, name: str, folder: Path, **where: Any) -> str:
        """Commit every file below a folder."""
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }
        return self.push(name, files, **where)

    def asked(self, pattern: str) -> list[Request]:
        """The requests whose `METHOD host/path` matches."""
        return [r for r in self.requests if re.search(pattern, f"{r.method} {r.host}{r.path}")]

    def answer(self, request: Request) -> tuple[Answer, Fault | None]:
        """What to send, and the fault that is to spoil it."""
        with self._lock:
            self.requests.append(request)
            fault = self._fault(request)
            if fault and not fault.after and fault.cut is None and not fault.hang_up:
                return self._faulty(fault), None
            try:
                route = self._codeload if request.host == "codeload" else self._api
                answer = route(request)
            except Problem as problem:
                answer = as_json(problem.body, problem.status)
            if fault and fault.after and not fault.hang_up:
                return self._faulty(fault), None
            return answer, fault

    def _fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and re.search(fault.match, f"{request.method} {request.host}{request.path}"):
                fault.times -= 1
                return fault
        return None

    def _faulty(self, fault: Fault) -> Answer:
        answer = as_json({"message": fault.message, "documentation_url": "https://docs.github.com"}, fault.status)
        answer.headers = fault.headers
        return answer

    def _codeload(self, request: Request) -> Answer:
        if self.downloads.get(request.query.get("token", "")) != request.path:
            return Answer(404, b"404: Not Found", "text/plain; charset=utf-8")
        owner, name, _, commit = request.path.strip("/").split("/", 3)
        repository = self.repositories[f"{owner}/{name}".lower()]
        prefix = f"{repository.name.replace('/', '-')}-{commit[:7]}/"
        body = repository.git("archive", "--format=tar.gz", f"--prefix={prefix}", commit)
        headers = {"Content-Disposition": f"attachment; filename={prefix[:-1]}.tar.gz"}
        return Answer(200, body, "application/x-gzip", headers, chunked=True)

    def _api(self, request: Request) -> Answer:
        if request.method == "POST" and (
            found := re.fullmatch(r"/app/installations/(\d+)/access_tokens", request.path)
        ):
            return self._grant(request, int(found[1]))
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)(?:/(.*))?", request.path)
        if not found:
            raise Problem(404, "Not Found")
        name, rest = found[1].lower(), found[2] or ""
        if rest == "installation":
            return self._installation(request, name)
        repository = self._visible(request, name)
        for method, pattern, handle in _ROUTES:
            match = re.fullmatch(pattern, rest)
            if match and method == request.method:
                return handle(self, request, repository, match)
        raise Problem(404, "Not Found")

    def _bearer(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return token if scheme in ("Bearer", "token") else ""

    def _app_signed(self, request: Request) -> Installed:
        if self.app is None:
            raise Problem(404, "Integration not found")
        try:
            claims = jwt.decode(
                self._bearer(request),
                self.app.public_key,
                algorithms=["RS256"],
                issuer=self.app.app_id,
                options={"require": ["iat", "exp", "iss"]},
            )
        except jwt.PyJWTError:
            raise Problem(401, "A JSON web token could not be decoded") from None
        if claims["exp"] - dt.datetime.now(dt.UTC).timestamp() > 600:
            raise Problem(401, "'Expiration time' claim ('exp') is too far in the future")
        return self.app

    def _installation(self, request: Request, name: str) -> Answer:
        app = self._app_signed(request)
        if name not in {known.lower() for known in app.repositories}:
            raise Problem(404, "Not Found")
        return as_json({"id": app.installation, "app_id": int(app.app_id), "permissions": app.permissions})

    def _grant(self, request: Request, installation: int) -> Answer:
        app = self._app_signed(request)
        if installation != app.installation:
            raise Problem(404, "Not Found")
        known = {name.partition("/")[2].lower(): name.lower() for name in app.repositories}
        asked = [name.lower() for name in (request.body.get("repositories") if request.raw else None) or known]
        if not set(asked) <= set(known):
            raise Problem(422, "There is at least one repository that does not exist or is not accessible")
        token = f"ghs_{secrets.token_hex(18)}"
        ends = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=app.lifetime_s)
        self.granted[token] = ({known[name] for name in asked}, ends.timestamp())
        body = {"token": token, "expires_at": ends.strftime("%Y-%m-%dT%H:%M:%SZ"), "permissions": app.permissions}
        return as_json(body, 201)

    def _visible(self, request: Request, name: str) -> Repository:
        token = self._bearer(request)
        granted, ends = self.granted.get(token, (set(), 0.0))
        alive = ends > dt.datetime.now(dt.UTC).timestamp()
        if request.headers.get("authorization") and token not in self.tokens and not alive:
            raise Problem(401, "Bad credentials")
        repository = self.repositories.get(name)
        if repository is None or (repository.private and token not in self.tokens and name not in granted):
            raise Problem(404, "Not Found")
        return repository

    def _may(self, request: Request, what: str, level: str) -> None:
        """Raises unless the caller has a permission. Owners of tokens have all but that for checks."""
        token = self._bearer(request)
        if token in self.tokens:
            if what == "checks":
                raise Problem(403, "You must authenticate via a GitHub App.")
            return
        permissions = self.app.permissions if self.app and token in self.granted else {}
        if permissions.get(what) not in ({"write"} if level == "write" else {"read", "write"}):
            raise Problem(403, "Resource not accessible by integration")

    def _about(self, _request: Request, repository: Repository, _match: re.Match[str]) -> Answer:
        owner, _, name = repository.name.partition("/")
        return as_json(
            {
                "id": repository.number,
                "name": name,
                "full_name": repository.name,
                "owner": {"login": owner},
                "private": repository.private,
                "default_branch": repository.default_branch,
            }
        )

    def _tarball(self, _request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        commit = repository.commit(match[1] or repository.default_branch)
        if commit is None:
            raise Problem(404, "Not Found")
        path = f"/{repository.name}/legacy.tar.gz/{commit}"
        token = secrets.token_hex(16)
        self.downloads[token] = path
        return Answer(302, b"", headers={"Location": f"{self.codeload_url}{path}?token={token}"})

    def _tree(self, request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        """A tree, at most `tree_limit` entries of a recursive one."""
        recursive = ["-r", "-t"] if request.query.get("recursive") else []
        try:
            listed = repository.git("ls-tree", "-z", "-l", *recursive, match[1]).decode("utf-8", "replace")
        except subprocess.CalledProcessError:
            raise Problem(404, "Not Found") from None
        entries = []
        for line in filter(None, listed.split("\0")):
            about, _, path = line.partition("\t")
            mode, kind, sha, size = about.split()
            entries.append({"path": path, "mode": mode, "type": kind, "sha": sha})
            if kind == "blob":
                entries[-1]["size"] = int(size)
        truncated = bool(recursive) and len(entries) > self.tree_limit
        body = {"sha": match[1], "tree": entries[: self.tree_limit] if truncated else entries, "truncated": truncated}
        return as_json(body)

    def _blob(self, _request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        try:
            content = repository.git("cat-file", "blob", match[1])
        except subprocess.CalledProcessError:
            raise Problem(404, "Not Found") from None
        return Answer(200, content, "application/vnd.github.raw+json; charset=utf-8")

    def _contents(self, request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        commit = repository.commit(request.query.get("ref", repository.default_branch))
        if commit is None:
            raise Problem(404, f"No commit found for the ref {request.query.get('ref')}")
        try:
            kind = repository.git("cat-file", "-t", f"{commit}:{match[1]}").decode().strip()
        except subprocess.CalledProcessError:
            raise Problem(404, "Not Found") from None
        if kind == "tree":
            names = repository.git("ls-tree", "--name-only", f"{commit}:{match[1]}").decode().splitlines()
            return as_json([{"type": "file", "name": name, "path": f"{match[1]}/{name}"} for name in names])
        body = repository.git("cat-file", "blob", f"{commit}:{match[1]}")
        if "raw" in request.headers.get("accept", ""):
            return Answer(200, body, "application/vnd.github.raw+json; charset=utf-8")
        encoded = base64.encodebytes(body).decode()
        return as_json({"type": "file", "path": match[1], "encoding": "base64", "content": encoded})

    def _commits(self, request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        commit = repository.commit(match[1])
        if commit is None:
            if repository.commit("HEAD") is None:
                raise Problem(409, "Git Repository is empty.")
            raise Problem(422, f"No commit found for SHA: {match[1]}")
        if request.headers.get("accept") == "application/vnd.github.sha":
            return Answer(200, commit.encode(), "application/vnd.github.sha; charset=utf-8")
        return as_json({"sha": commit, "commit": {"message": "change"}})

    def _compare(self, _request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        base, head = repository.commit(match[1]), repository.commit(match[2])
        if base is None or head is None:
            raise Problem(404, "Not Found")
        try:
            shared = repository.git("merge-base", base, head).decode().strip()
        except subprocess.CalledProcessError:
            raise Problem(404, f"No common ancestor between {match[1]} and {match[2]}.") from None
        return as_json({"status": "diverged", "merge_base_commit": {"sha": shared}, "commits": [], "files": []})

    def _create_check(self, request: Request, repository: Repository, _match: re.Match[str]) -> Answer:
        self._may(request, "checks", "write")
        body = request.body
        refuse_unless_fit(body)
        if not body.get("name") or not COMMIT.match(body.get("head_sha", "")):
            raise Problem(422, "Invalid request.\n\nname and head_sha must be supplied")
        if repository.commit(body["head_sha"]) is None:
            raise Problem(422, f"No commit found for SHA: {body['head_sha']}")
        check = {"id": 5000 + len(repository.checks), "status": "queued", "conclusion": None, "annotations": []}
        repository.checks.append(check)
        return self._write_check(check, body, 201)

    def _update_check(self, request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        self._may(request, "checks", "write")
        refuse_unless_fit(request.body)
        for check in repository.checks:
            if check["id"] == int(match[1]):
                return self._write_check(check, request.body, 200)
        raise Problem(404, "Not Found")

    def _write_check(self, check: dict[str, Any], body: dict[str, Any], status: int) -> Answer:
        output = dict(body.get("output") or {})
        check["annotations"].extend(output.pop("annotations", []))
        if "conclusion" in body:
            check["status"] = "completed"
        check.update({name: value for name, value in body.items() if name != "output"})
        check["output"] = check.get("output", {}) | output
        return as_json(self._shown(check), status)

    def _shown(self, check: dict[str, Any]) -> dict[str, Any]:
        output = check.get("output", {}) | {"annotations_count": len(check["annotations"])}
        return {name: value for name, value in check.items() if name != "annotations"} | {"output": output}

    def _checks(self, request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        if self._bearer(request) not in self.tokens:
            self._may(request, "checks", "read")
        commit, name = repository.commit(match[1]), request.query.get("check_name")
        runs = [c for c in repository.checks if c.get("head_sha") == commit and name in (None, c.get("name"))]
        size, page = int(request.query.get("per_page", "30")), int(request.query.get("page", "1"))
        shown = [self._shown(check) for check in runs[(page - 1) * size : page * size]]
        return as_json({"total_count": len(runs), "check_runs": shown})

    def _set_status(self, request: Request, repository: Repository, match: re.Match[str]) -> Answer:
        self._may(request, "statuses", "write")
        body = request.body
        if body.get("state") not in STATES or len(body.get("description") or "") > 140:
            raise Problem(422, "Validation Failed")
        if repository.commit(match[1]) is None:
            raise Problem(422, f"No commit found for SHA: {match[1]}")
        repository.statuses.insert(0, {"sha": match[1]} | body)
        return as_json(body, 201)


_Handle = Callable[[GitHubApi, Request, Repository, re.Match[str]], Answer]
_ROUTES: list[tuple[str, str, _Handle]] = [
    ("GET", "", GitHubApi._about),
    ("GET", r"tarball(?:/(.+))?", GitHubApi._tarball),
    ("GET", r"contents/(.+)", GitHubApi._contents),
    ("GET", r"git/trees/([0-9a-f]{40})", GitHubApi._tree),
    ("GET", r"git/blobs/([0-9a-f]{40})", GitHubApi._blob),
    ("GET", r"commits/(.+)/check-runs", GitHubApi._checks),
    ("GET", r"commits/(.+)", GitHubApi._commits),
    ("GET", r"compare/(.+)\.\.\.(.+)", GitHubApi._compare),
    ("POST", r"check-runs", GitHubApi._create_check),
    ("PATCH", r"check-runs/(\d+)", GitHubApi._update_check),
    ("POST", r"statuses/([0-9a-f]+)", GitHubApi._set_status),
]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: GitHubApi, name: str) -> None:
        self.api = api
        self.host_name = name
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        request = Request(
            host=self.server.host_name,
            method=self.command,
            path=unquote(parts.path),
            query={name: values[-1] for name, values in parse_qs(parts.query).items()},
            headers={name.lower(): value for name, value in self.headers.items()},
            raw=self.rfile.read(int(self.headers.get("Content-Length", "0"))),
        )
        answer, fault = self.server.api.answer(request)
        if fault and fault.hang_up:
            self.close_connection = True
            return
        cut = fault.cut if fault else None
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        body = answer.body if cut is None else answer.body[:cut]
        if answer.chunked:
            for start in range(0, len(body), 1 << 14):
                piece = body[start : start + (1 << 14)]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            if cut is None:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(body)
        if cut is not None:
            self.close_connection = True

    do_POST = do_PATCH = do_GET  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        pass
