"""The parts of the API that need no service: who calls, names, cursors, problems."""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreva.cloud.api import cursor
from oreva.cloud.api.caller import UnknownCallerError, caller
from oreva.cloud.api.names import is_ulid, repository_key
from oreva.cloud.api.problems import TITLES, NotFoundError, invalid, problem, problem_of
from oreva.errors import ConfigError, ConflictError, SourceError, StoreError, ThrottledError, UsageError
from oreva.store.dynamodb_keys import repository_partition


def event(**authorizer: Any) -> dict[str, Any]:
    return {"requestContext": {"authorizer": authorizer}}


def test_the_caller_is_who_the_authorizer_names() -> None:
    arn = "arn:aws:sts::123456789012:assumed-role/Developer/ada"
    assert caller(event(iam={"userArn": arn, "userId": "AROA:ada"})) == arn
    assert caller(event(jwt={"claims": {"sub": "1234", "email": "root@example.org"}})) == "1234"


@pytest.mark.parametrize(
    "given_event",
    [
        {},
        {"requestContext": {}},
        {"requestContext": {"authorizer": None}},
        event(),
        event(iam=None, jwt=None),
        event(iam={"userArn": None}),
        event(iam={"userArn": ""}),
        event(iam={"userArn": "  "}),
        event(jwt={"claims": {"email": "ada@example.org"}}),
        event(jwt={"claims": {"sub": "a\nb"}}),
        event(jwt={"claims": {"sub": "a" * 301}}),
        event(jwt={"claims": {"sub": 7}}),
        event(**{"lambda": {"sub": "ada"}}),
        {"body": '{"user": "ada"}', "headers": {"x-user": "ada"}, "requestContext": {}},
    ],
)
def test_nobody_else_is_believed(given_event) -> None:
    with pytest.raises(UnknownCallerError, match="sign it"):
        caller(given_event)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("acme/shop", "github/acme/shop"),
        ("github/acme/shop", "github/acme/shop"),
        ("github/github/docs", "github/github/docs"),
        ("acme/.github", "github/acme/.github"),
        ("archive/shop", "archive/shop"),
        ("archive/acme/shop", "archive/acme/shop"),
    ],
)
def test_a_repository_has_one_key(text, key) -> None:
    assert repository_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "", "shop", "/", "a/", "/a", "a/b/c", "github/shop", "github/a/b/c", "archive/", "archive/a/b/c",
        "archive/../x", "acme/..", "acme/.", "directory/x/y", "a#b/c", "a/b#SCAN", "a/b\n", "a b/c",
        "a/" + "b" * 140, "é/a", "a/b\0",
    ],
)  # fmt: skip
def test_what_is_no_repository_is_refused(text) -> None:
    with pytest.raises(ValueError, match="write owner/name"):
        repository_key(text)


@given(st.text(max_size=60))
def test_no_name_reaches_a_key_with_anything_but_its_own_letters(text) -> None:
    try:
        key = repository_key(text)
    except ValueError:
        return
    partition = repository_partition(key)
    assert partition == f"REPO#{key}"
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")
    assert ".." not in key.split("/")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.text(max_size=20))
def test_a_cursor_comes_back_as_it_was_for_the_same_question_only(position, question) -> None:
    text = cursor.make([question], position)
    assert cursor.read(text, [question], len(position)) == position
    with pytest.raises(UsageError, match="other filters"):
        cursor.read(text, [question, "more"], len(position))
    with pytest.raises(UsageError, match="not one that"):
        cursor.read(text, [question], len(position) + 1)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_breaks_the_reading_of_cursors(text) -> None:
    with pytest.raises(UsageError, match="cursor"):
        cursor.read(text, ["x"], 1)


def test_a_cursor_of_anything_but_texts_is_refused() -> None:
    for value in ([], {}, None, 7, ["a"], ["a", 7], [["a"], "b"], "[" * 1_000):
        text = base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
        with pytest.raises(UsageError):
            cursor.read(text, ["x"], 1)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (NotFoundError("scan x: there is none;\n check"), 404, "scan x: there is none; check"),
        (ConflictError("read again"), 409, "read again"),
        (SourceError("GitHub a/b: gone; check"), 422, "GitHub a/b: gone; check"),
        (UsageError("wrong"), 422, "wrong"),
        (ThrottledError("DynamoDB table secret-name is busy"), 503, "busy"),
        (StoreError("s3://secret-name/x: AccessDenied"), 500, "logs"),
        (ConfigError("secret secret-name: cannot be read"), 500, "logs"),
        (KeyError("secret-name"), 500, "logs"),
    ],
)
def test_an_error_is_told_as_far_as_it_concerns_the_caller(error, status, told) -> None:
    made = problem_of(error)
    assert made.status == status
    assert made.title == TITLES[HTTPStatus(status)]
    assert told in made.detail
    assert "secret-name" not in made.model_dump_json()


def test_every_kind_of_problem_is_described_in_the_guide() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in guide.splitlines() if line.startswith("#")}
    for status in TITLES:
        assert problem(status, "x").type.rpartition("#")[2] in headings


def test_an_invalid_request_names_each_part() -> None:
    errors = [
        {"loc": ("query", "limit"), "msg": "too\nlarge"},
        {"loc": ("body", "ref", 0), "msg": "Value error, no ref"},
    ]
    made = invalid(errors)
    assert [(part.where, part.detail) for part in made.errors] == [
        ("query.limit", "too large"),
        ("body.ref.0", "no ref"),
    ]
    assert made.detail == "query.limit: too large (and 1 more); correct it and send the request again"


def test_ids_are_ulids() -> None:
    assert is_ulid("01K5T3V8W0Q4N6R7S9XYZABCDE")
    for text in ("", "01K5T3V8W0Q4N6R7S9XYZABCD", "81K5T3V8W0Q4N6R7S9XYZABCDE", "01k5t3v8w0q4n6r7s9xyzabcde", "x" * 26):
        assert not is_ulid(text)
    assert not is_ulid("01K5T3V8W0Q4N6R7S9XYZABCDE\n")
