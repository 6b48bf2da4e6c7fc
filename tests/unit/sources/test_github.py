"""The GitHub client against a local GitHub API that speaks the real wire format."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import logging
import ssl
import tarfile
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from oreva.errors import ConfigError, OrevaError, SourceError, ThrottledError
from oreva.sources.github import GitHub, check_ref, check_repository
from oreva.sources.github_credentials import Credentials
from tests.doubles.github_api import Answer, Fault, GitHubApi, Installed

TOKEN = "ghp_owner0123456789"
APP_ID = "271828"
FILES = {"app/db.py": b"import sqlite3\n", "README.md": b"# shop\n", ".oreva.yml": b"fail_on: high\n"}
LIMIT = 10_000_000


@pytest.fixture(scope="module")
def key() -> tuple[str, str]:
    """Private and public key of the app, in PEM."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@pytest.fixture
def api(tmp_path: Path, key: tuple[str, str]) -> Iterator[GitHubApi]:
    installed = Installed(APP_ID, key[1], {"acme/shop"})
    with GitHubApi(tmp_path, tokens={TOKEN}, app=installed) as running:
        running.create("acme/shop")
        yield running


@pytest.fixture
def waits() -> list[float]:
    """What the client has waited for, instead of waiting."""
    return []


@pytest.fixture
def github(api: GitHubApi, waits: list[float]) -> GitHub:
    return GitHub(api_url=api.url, token=TOKEN, sleep=waits.append)


@pytest.fixture
def app(api: GitHubApi, key: tuple[str, str], waits: list[float]) -> GitHub:
    return GitHub(api_url=api.url, app_id=APP_ID, private_key=key[0], sleep=waits.append)


def unpacked(body: io.BytesIO) -> dict[str, bytes]:
    body.seek(0)
    with tarfile.open(fileobj=body, mode="r:gz") as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        return {m.name.partition("/")[2]: archive.extractfile(m).read() for m in members}  # type: ignore[union-attr]


def text_of(error: BaseException) -> str:
    """Everything a log could show of an error."""
    return "".join(traceback.format_exception(error)) + repr(error)


# --- archives ---------------------------------------------------------------------------------------------------------


def test_an_archive_holds_the_files_of_the_commit(api: GitHubApi, github: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    api.push("acme/shop", {"later.py": b"x"})
    into = io.BytesIO()
    size = github.download_tarball("acme/shop", commit, into, LIMIT)
    assert size == len(into.getvalue())
    assert unpacked(into) == FILES


def test_the_host_of_archives_never_sees_the_credentials(api: GitHubApi, github: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    github.download_tarball("acme/shop", commit, io.BytesIO(), LIMIT)
    (asked,) = api.asked("GET api/repos/acme/shop/tarball")
    (fetched,) = api.asked("GET codeload/")
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert "authorization" not in fetched.headers
    assert fetched.query["token"]


def test_an_archive_above_the_limit_is_refused(api: GitHubApi, github: GitHub) -> None:
    commit = api.push("acme/shop", {"noise": bytes(i * i % 251 for i in range(200_000))})
    into = io.BytesIO()
    with pytest.raises(
        SourceError, match=r"GitHub acme/shop: the archive of .*: more than 1,000 bytes; raise the setting up"
    ):
        github.download_tarball("acme/shop", commit, into, 1_000)
    assert len(into.getvalue()) <= 1_000


def test_an_archive_that_breaks_off_is_fetched_again(api: GitHubApi, github: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    api.faults = [Fault(match="codeload", cut=40, times=2)]
    into = io.BytesIO(b"kept")
    into.seek(4)
    size = github.download_tarball("acme/shop", commit, into, LIMIT)
    assert into.getvalue()[:4] == b"kept"
    assert len(into.getvalue()) == 4 + size
    assert unpacked(io.BytesIO(into.getvalue()[4:])) == FILES


def test_an_archive_that_always_breaks_off_may_work_later(api: GitHubApi, github: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    api.faults = [Fault(match="codeload", cut=40, times=100)]
    with pytest.raises(ThrottledError, match="the answer broke off"):
        github.download_tarball("acme/shop", commit, io.BytesIO(), LIMIT)
    assert len(api.asked("codeload")) == 4


def test_a_tag_branch_or_pull_request_has_an_archive(api: GitHubApi, github: GitHub) -> None:
    api.push("acme/shop", FILES)
    api.push("acme/shop", {"fork.py": b"1"}, ref="refs/pull/7/head")
    into = io.BytesIO()
    github.download_tarball("acme/shop", "refs/pull/7/head", into, LIMIT)
    assert unpacked(into) == {"fork.py": b"1"}


# --- files and refs ---------------------------------------------------------------------------------------------------


def test_a_file_is_read_as_it_is(api: GitHubApi, github: GitHub) -> None:
    old = api.push("acme/shop", FILES | {"we ird/ä#?.txt": b"\x00\xff"})
    api.push("acme/shop", {".oreva.yml": b"new"})
    assert github.read_file("acme/shop", ".oreva.yml", old) == b"fail_on: high\n"
    assert github.read_file("acme/shop", ".oreva.yml", "main") == b"new"
    assert github.read_file("acme/shop", "we ird/ä#?.txt", old) == b"\x00\xff"
    assert github.read_file("acme/shop", "nothing", "main") is None
    assert github.read_file("acme/shop", ".oreva.yml", "no-branch") is None


def test_a_directory_or_a_large_file_is_refused(api: GitHubApi, github: GitHub) -> None:
    api.push("acme/shop", FILES)
    with pytest.raises(SourceError, match="app at main: it is a directory"):
        github.read_file("acme/shop", "app", "main")
    with pytest.raises(SourceError, match="more than 3 bytes"):
        github.read_file("acme/shop", "README.md", "main", limit=3)


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a//b", "a/../b", "a/.", "\udcff"])
def test_no_other_path_than_one_from_the_root_is_asked_for(api: GitHubApi, github: GitHub, path: str) -> None:
    with pytest.raises(SourceError, match="not the path of a file"):
        github.read_file("acme/shop", path, "main")
    assert api.requests == []


def test_a_ref_is_resolved(api: GitHubApi, github: GitHub) -> None:
    first = api.push("acme/shop", FILES)
    branch = api.push("acme/shop", {"x": b"1"}, branch="feature/x#1", parent=first)
    second = api.push("acme/shop", {"y": b"2"})
    head = api.push("acme/shop", {"z": b"3"}, ref="refs/pull/3/head", parent=first)
    got = github.resolve("acme/shop", None)
    assert (got.ref, got.commit, got.default_branch) == ("main", second, "main")
    assert github.resolve("acme/shop", "refs/heads/main") == got
    assert github.resolve("acme/shop", "feature/x#1").commit == branch
    assert github.resolve("acme/shop", first).commit == first
    assert github.resolve("acme/shop", "refs/pull/3/head").commit == head


def test_a_tag_cannot_pass_for_the_default_branch(api: GitHubApi, github: GitHub) -> None:
    evil = api.push("acme/shop", {"evil.py": b"1"}, ref="refs/tags/main")
    good = api.push("acme/shop", FILES)
    assert evil != good
    assert github.resolve("acme/shop", "main").commit == good


def test_what_cannot_be_resolved_is_named(api: GitHubApi, github: GitHub) -> None:
    with pytest.raises(SourceError, match=r"refused with 409 \(Git Repository is empty\); check that the repository"):
        github.resolve("acme/shop", None)
    api.push("acme/shop", FILES)
    with pytest.raises(SourceError, match="acme/shop: nope: there is no such branch, tag or commit"):
        github.resolve("acme/shop", "nope")
    with pytest.raises(SourceError, match=r"GitHub acme/other: the repository: refused with 404 \(Not Found\); check"):
        github.resolve("acme/other", None)


def test_the_merge_base_is_found(api: GitHubApi, github: GitHub) -> None:
    first = api.push("acme/shop", FILES)
    side = api.push("acme/shop", {"x": b"1"}, branch="side", parent=first)
    main = api.push("acme/shop", {"y": b"2"})
    alone = api.push("acme/shop", {"z": b"3"}, branch="alone")
    assert github.merge_base("acme/shop", main, side) == first
    assert github.merge_base("acme/shop", main, alone) is None
    assert github.merge_base("acme/shop", "0" * 40, side) is None


@pytest.mark.parametrize(
    "name", ["", "acme", "acme/", "/shop", "acme/shop/x", "acme/..", "acme/.", "a b/c", "acme/shop?x", "-a/b", "a/b\n"]
)
def test_only_names_of_repositories_get_into_an_address(api: GitHubApi, github: GitHub, name: str) -> None:
    with pytest.raises(SourceError, match="write it as owner/name"):
        github.resolve(name, None)
    assert api.requests == []


@pytest.mark.parametrize("name", ["acme/shop", "a/b", "Acme-1/_x.y-z", "who_corp/.github", "a/..."])
def test_names_of_repositories_are_taken(name: str) -> None:
    assert check_repository(name) == name


@pytest.mark.parametrize(
    "ref", ["", "a..b", "a b", "a~1", "a^", "a:b", "-x", "/x", "x/", "x.lock", "@", "a@{1}", "é\udcff"]
)
def test_only_refs_that_git_allows_get_into_an_address(ref: str) -> None:
    with pytest.raises(SourceError, match="not a name that git allows"):
        check_ref(ref)


@given(st.text(max_size=60))
def test_a_ref_that_is_taken_stays_one_path_segment_chain(ref: str) -> None:
    with contextlib.suppress(SourceError):
        taken = check_ref(ref)
        assert not any(part in ("", ".", "..") for part in taken.split("/"))
        assert not any(char in taken for char in "?\n\r\0 ")


# --- trouble ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_error_is_waited_out(api: GitHubApi, github: GitHub, waits: list[float], status: int) -> None:
    commit = api.push("acme/shop", FILES)
    api.faults = [Fault(status, times=2)]
    assert github.resolve("acme/shop", None).commit == commit
    assert len(waits) == 2
    assert waits[0] < 1 < waits[1] * 2 + 1


def test_a_connection_that_is_closed_is_tried_again(api: GitHubApi, github: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    api.faults = [Fault(hang_up=True, times=2)]
    assert github.resolve("acme/shop", None).commit == commit


def test_an_error_that_stays_may_pass_later(api: GitHubApi, github: GitHub, waits: list[float]) -> None:
    api.faults = [Fault(502, "Bad\n gateway\x1b[31m", times=100)]
    with pytest.raises(ThrottledError, match=r"GitHub acme/shop: the repository: server error \(502: Bad gateway") as e:
        github.resolve("acme/shop", None)
    assert "\x1b" not in str(e.value)
    assert len(api.requests) == 4
    assert len(waits) == 3


@pytest.mark.parametrize("status", [403, 429])
def test_a_rate_limit_is_waited_for_as_long_as_asked(
    api: GitHubApi, github: GitHub, waits: list[float], status: int
) -> None:
    api.push("acme/shop", FILES)
    api.faults = [Fault(status, "You have exceeded a secondary rate limit.", {"Retry-After": "7"})]
    github.resolve("acme/shop", None)
    assert waits == [7]


def test_a_secondary_limit_without_a_time_is_waited_out(api: GitHubApi, github: GitHub, waits: list[float]) -> None:
    api.push("acme/shop", FILES)
    api.faults = [Fault(403, "You have exceeded a secondary rate limit. Please wait a few minutes.")]
    github.resolve("acme/shop", None)
    assert len(waits) == 1


def test_a_long_rate_limit_is_left_to_the_caller(api: GitHubApi, github: GitHub, waits: list[float]) -> None:
    reset = str(int(time.time()) + 1800)
    api.faults = [Fault(403, "API rate limit exceeded", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})]
    with pytest.raises(ThrottledError, match=r"rate limit \(403: API rate limit exceeded\); try again in 1[78]\d\d s"):
        github.resolve("acme/shop", None)
    assert waits == []
    assert len(api.requests) == 1


def test_a_refusal_is_not_repeated(api: GitHubApi, github: GitHub, waits: list[float]) -> None:
    api.faults = [Fault(403, "Resource not accessible by personal access token")]
    with pytest.raises(SourceError, match=r"refused with 403 \(Resource not accessible .*\); give the token or the G"):
        github.resolve("acme/shop", None)
    assert waits == []


def test_nobody_there_is_an_error_that_may_pass(tmp_path: Path) -> None:
    with GitHubApi(tmp_path) as gone:
        url = gone.url
    github = GitHub(api_url=url, token=TOKEN, sleep=lambda _s: None)
    with pytest.raises(ThrottledError, match=r"the repository: no answer \(NewConnectionError\)"):
        github.resolve("acme/shop", None)


def test_an_answer_that_is_none_of_github(api: GitHubApi, github: GitHub) -> None:
    api._api = lambda _request: Answer(200, b"<html>Sign in</html>")  # type: ignore[method-assign]
    with pytest.raises(SourceError, match="the answer is no JSON; check that the setting github_api"):
        github.resolve("acme/shop", None)


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("ftp://127.0.0.1/x", "not https"),
        ("file:///etc/passwd", "not https"),
        ("/repos/acme/shop", "in a circle"),
    ],
)
def test_a_redirect_to_nowhere(api: GitHubApi, github: GitHub, location: str, said: str) -> None:
    api.faults = [Fault(302, "Found", {"Location": location}, times=100)]
    with pytest.raises(SourceError, match=said):
        github.resolve("acme/shop", None)


def test_a_renamed_repository_is_found(api: GitHubApi, github: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    moved = {"Location": f"{api.url}/repos/acme/shop"}
    api.faults = [Fault(301, "Moved Permanently", moved, match="GET api/repos/acme/old$")]
    commits = {"Location": f"{api.url}/repos/acme/shop/commits/heads/main"}
    api.faults += [Fault(301, "Moved Permanently", commits, match="GET api/repos/acme/old/commits/heads/main$")]
    assert github.resolve("acme/old", None).commit == commit
    assert {request.headers["authorization"] for request in api.requests} == {f"Bearer {TOKEN}"}


def test_what_is_written_is_not_sent_to_another_host(api: GitHubApi, github: GitHub) -> None:
    api.faults = [Fault(307, "", {"Location": f"{api.codeload_url}/steal"})]
    with pytest.raises(SourceError, match="redirected to another host"):
        github.set_status("acme/shop", "a" * 40, "success", context="oreva", description="ok")
    assert api.asked("codeload") == []


@pytest.fixture(scope="module")
def untrusted() -> Iterator[str]:
    """The address of a host whose certificate nobody has signed."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    key, now = rsa.generate_private_key(public_exponent=65537, key_size=2048), dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - dt.timedelta(1)).not_valid_after(now + dt.timedelta(1))
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(private + certificate)
        file.flush()
        context.load_cert_chain(file.name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_arguments: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_certificate_that_is_not_trusted_is_not_tried_again(untrusted: str, waits: list[float]) -> None:
    github = GitHub(api_url=untrusted, token=TOKEN, sleep=waits.append)
    with pytest.raises(SourceError, match="the certificate of the host is not trusted; name the certificate of its au"):
        github.resolve("acme/shop", None)
    assert waits == []


@pytest.mark.parametrize("answer", [b"[]", b"{}", b'{"default_branch": 7}', b"null"])
def test_an_answer_without_what_github_documents(api: GitHubApi, github: GitHub, answer: bytes) -> None:
    api._api = lambda _request: Answer(200, answer)  # type: ignore[method-assign]
    with pytest.raises(SourceError, match="check the setting github_api"):
        github.resolve("acme/shop", None)


def test_a_commit_id_that_is_none(api: GitHubApi, github: GitHub) -> None:
    api.push("acme/shop", FILES)
    api.faults = [Fault(200, "not a commit", match="commits/heads")]
    with pytest.raises(SourceError, match="the answer is no commit id"):
        github.resolve("acme/shop", None)


@pytest.mark.parametrize("ask", ["read_file", "merge_base", "resolve"])
def test_a_refusal_is_not_taken_for_absence(api: GitHubApi, github: GitHub, ask: str) -> None:
    commit = api.push("acme/shop", FILES)
    api.faults = [Fault(403, "Resource not accessible", match="contents|compare|commits", times=9)]
    arguments = {
        "read_file": ("acme/shop", ".oreva.yml", commit),
        "merge_base": ("acme/shop", commit, commit),
        "resolve": ("acme/shop", "main"),
    }
    with pytest.raises(SourceError, match="refused with 403"):
        getattr(github, ask)(*arguments[ask])


# --- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["http://github.example", "ftp://x", "https://user:secret@host/", "https://host/?token=secret", "nonsense"],
)
def test_credentials_do_not_travel_in_the_clear(address: str) -> None:
    with pytest.raises(ConfigError, match="GitHub API"):
        GitHub(api_url=address, token=TOKEN)


def test_no_secret_in_errors_logs_or_reprs(
    api: GitHubApi, github: GitHub, app: GitHub, caplog: pytest.LogCaptureFixture, key: tuple[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    commit = api.push("acme/shop", FILES)
    seen: list[str] = [repr(github), repr(app), repr(app._authorization), str(vars(app._authorization).keys())]
    asks: list[Callable[[], object]] = [
        lambda: github.download_tarball("acme/shop", commit, io.BytesIO(), 10),
        lambda: github.resolve("acme/none", None),
        lambda: app.resolve("acme/none", None),
        lambda: app.resolve("acme/shop", None),
    ]
    for ask in asks:
        try:
            ask()
        except OrevaError as error:
            seen.append(text_of(error))
    api.faults = [Fault(hang_up=True, match="codeload", times=9)]
    with pytest.raises(ThrottledError) as lost:
        github.download_tarball("acme/shop", commit, io.BytesIO(), LIMIT)
    seen += [text_of(lost.value), caplog.text]
    everything = "\n".join(seen)
    assert "legacy.tar.gz" in caplog.text
    for secret in (TOKEN, *api.granted, *api.downloads, key[0].splitlines()[1]):
        assert secret not in everything
    for request in api.requests:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        assert not bearer or bearer not in everything


# --- GitHub App -------------------------------------------------------------------------------------------------------


def test_an_app_signs_and_takes_a_token_for_one_repository(api: GitHubApi, app: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    assert app.resolve("acme/shop", None).commit == commit
    assert app.resolve("Acme/Shop", None).commit == commit
    (grant,) = api.asked("POST api/app/installations")
    assert grant.body == {"repositories": ["shop"]}


def test_a_token_is_taken_anew_five_minutes_before_it_ends(api: GitHubApi, key: tuple[str, str]) -> None:
    clock = [time.time()]
    app = GitHub(api_url=api.url, app_id=APP_ID, private_key=key[0], now=lambda: clock[0])
    assert api.app is not None
    api.push("acme/shop", FILES)
    for seconds, grants in ((0, 1), (10, 1), (15, 2)):
        clock[0] += seconds
        api.app.lifetime_s = 3600 if seconds == 15 else 320
        app.resolve("acme/shop", None)
        assert len(api.asked("POST api/app/installations")) == grants


def test_a_clock_that_is_wrong_is_told(api: GitHubApi, key: tuple[str, str]) -> None:
    app = GitHub(api_url=api.url, app_id=APP_ID, private_key=key[0], now=lambda: time.time() + 3600)
    with pytest.raises(SourceError, match=r"does not take the signature of the app; check app_id .* and the clock"):
        app.resolve("acme/shop", None)


def test_a_token_that_was_revoked_is_replaced(api: GitHubApi, app: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    app.resolve("acme/shop", None)
    api.granted.clear()
    assert app.resolve("acme/shop", None).commit == commit
    assert len(api.asked("POST api/app/installations")) == 2


def test_a_new_key_of_the_app_is_taken_once_the_old_one_is_refused(
    api: GitHubApi, key: tuple[str, str], waits: list[float]
) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = other.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    asked: list[None] = []

    def renew() -> Credentials:
        asked.append(None)
        return Credentials(app_id=APP_ID, private_key=private.decode())

    app = GitHub(api_url=api.url, app_id=APP_ID, private_key=key[0], renew=renew, sleep=waits.append)
    commit = api.push("acme/shop", FILES)
    app.resolve("acme/shop", None)
    assert api.app is not None
    api.app.public_key = public.decode()
    app.resolve("acme/shop", None)
    assert asked == []  # the token that the old key has got is still good
    api.granted.clear()
    assert app.resolve("acme/shop", None).commit == commit
    assert asked == [None]
    assert private.decode() not in repr(renew())


def test_an_app_that_is_not_installed(api: GitHubApi, app: GitHub) -> None:
    api.create("acme/secret")
    with pytest.raises(SourceError, match="acme/secret: the installation of the GitHub App: app 271828 is not instal"):
        app.resolve("acme/secret", None)


def test_a_key_of_another_app(api: GitHubApi) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    app = GitHub(api_url=api.url, app_id=APP_ID, private_key=other.decode())
    with pytest.raises(
        SourceError, match="GitHub does not take the signature of the app; check app_id and private_key"
    ):
        app.resolve("acme/shop", None)


def test_a_key_that_is_none_is_not_quoted(api: GitHubApi) -> None:
    app = GitHub(api_url=api.url, app_id=APP_ID, private_key="-----BEGIN hunter2-----")
    with pytest.raises(ConfigError, match="private_key is no RSA key in PEM") as caught:
        app.resolve("acme/shop", None)
    assert "hunter2" not in text_of(caught.value)


def test_a_key_on_one_line_is_taken(api: GitHubApi, key: tuple[str, str]) -> None:
    commit = api.push("acme/shop", FILES)
    app = GitHub(api_url=api.url, app_id=APP_ID, private_key=key[0].replace("\n", "\\n"))
    assert app.resolve("acme/shop", None).commit == commit


def test_half_an_app_is_refused(api: GitHubApi) -> None:
    with pytest.raises(ConfigError, match="app_id and private_key go together"):
        GitHub(api_url=api.url, app_id=APP_ID)


def test_a_public_repository_needs_no_credentials(api: GitHubApi) -> None:
    api.create("acme/open", private=False)
    commit = api.push("acme/open", FILES)
    github = GitHub(api_url=api.url)
    assert github.resolve("acme/open", None).commit == commit
    assert "authorization" not in api.requests[-1].headers


# --- checks and statuses ----------------------------------------------------------------------------------------------


def test_a_check_is_created_found_and_updated(api: GitHubApi, app: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    other = app.create_check("acme/shop", {"name": "Oreva", "head_sha": commit, "external_id": "other"})
    made = app.create_check("acme/shop", {"name": "Oreva", "head_sha": commit, "external_id": "mine"})
    assert app.find_check("acme/shop", commit, "Oreva", "mine") == made
    assert app.find_check("acme/shop", commit, "Oreva", "nobody's") is None
    assert other.id != made.id
    note = {"path": "a", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"}
    output = {"title": "t", "summary": "s", "annotations": [note, note]}
    after = app.update_check("acme/shop", made.id, {"status": "completed", "conclusion": "neutral", "output": output})
    assert (after.status, after.annotations) == ("completed", 2)


def test_a_check_among_many_is_found(api: GitHubApi, app: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    for number in range(103):
        last = app.create_check("acme/shop", {"name": "Oreva", "head_sha": commit, "external_id": str(number)})
    assert app.find_check("acme/shop", commit, "Oreva", "102") == last


def test_a_new_check_is_not_asked_for_twice(api: GitHubApi, app: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    api.faults = [Fault(502, match="POST api/repos/acme/shop/check-runs", after=True)]
    with pytest.raises(ThrottledError):
        app.create_check("acme/shop", {"name": "Oreva", "head_sha": commit, "external_id": "mine"})
    assert len(api.repositories["acme/shop"].checks) == 1


def test_a_status_is_written(api: GitHubApi, github: GitHub) -> None:
    commit = api.push("acme/shop", FILES)
    github.set_status("acme/shop", commit, "failure", context="oreva", description="2 high", target_url="https://x.y")
    assert api.repositories["acme/shop"].statuses == [
        {"sha": commit, "state": "failure", "context": "oreva", "description": "2 high", "target_url": "https://x.y"}
    ]
