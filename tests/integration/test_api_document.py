"""The OpenAPI document is what the API does: requests made from it are answered as it says, and nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from oreva.cloud import layout
from oreva.cloud.api import document
from oreva.models import ScanState, Source
from tests.doubles.api_world import TOKEN, ApiWorld
from tests.doubles.github_api import GitHubApi
from tests.integration.test_api import finding, scan_of, store

DOCUMENT = document.document()
OPERATIONS = sorted(operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values())
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 12
FINDINGS = [finding(number, path=f"shop/{number}.py") for number in range(4)]
ARCHIVE = Source(provider="archive", repository="shop")
SCANS = [scan_of(ARCHIVE, number) for number in range(4)]
REAL = {
    "finding_id": [f.id for f in FINDINGS],
    "scan_id": [s.id for s in SCANS],
    "repository": ["archive/shop"],
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiWorld]:
    with (
        GitHubApi(tmp_path_factory.mktemp("github"), tokens={"github-token"}) as github,
        ApiWorld(github.url) as started,
    ):
        github.create("acme/shop")
        github.push("acme/shop", {"a.py": "a = 1\n"})
        store(started, "archive/shop", *FINDINGS)
        for scan in SCANS:
            started.services.store.put_scan("archive/shop", scan)
            started.services.artifacts.put(layout.report(scan.id, "json"), b"{}")
        failed = SCANS[0].model_copy(update={"state": ScanState.FAILED})
        started.services.store.put_scan("archive/shop", failed)
        yield started


def operation(name: str) -> Any:
    """One operation of the document, as schemathesis sees it."""
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    return next(
        result.ok() for result in schema.get_all_operations() if result.ok().definition.raw["operationId"] == name
    )


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_request_made_from_the_document_is_answered_as_it_says(world, name) -> None:
    one = operation(name)
    statuses = set()

    @given(
        data=st.data(),
        case=st.one_of(
            one.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE),
            one.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        ),
    )
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(data: st.DataObject, case: schemathesis.Case) -> None:
        usable = case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE
        for place in (case.path_parameters, case.query, case.body if isinstance(case.body, dict) else {}):
            for parameter in sorted(set(place or {}) & set(REAL)):
                if usable and data.draw(st.booleans()):
                    place[parameter] = data.draw(st.sampled_from(REAL[parameter]))
        response = case.call_and_validate(
            base_url=world.url, headers={"Authorization": f"Bearer {TOKEN}"}, checks=CHECKS
        )
        statuses.add(response.status_code)

    check()
    assert statuses  # it did ask


def test_the_document_in_the_repository_is_current() -> None:
    kept = Path(__file__).parents[2] / "docs" / "openapi.json"
    assert kept.read_text(encoding="utf-8") == document.text(), (
        "run `python -m oreva.cloud.api.document docs/openapi.json` and commit it"
    )


def test_the_document_is_valid_and_complete() -> None:
    validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")
    for path, operations in DOCUMENT["paths"].items():
        for method, described in operations.items():
            where = f"{method} {path}"
            assert described["summary"], where
            assert described["description"], where
            assert {"401", "500", "503"} <= set(described["responses"]), where
            assert any(status.startswith("2") for status in described["responses"]), where
            for parameter in described.get("parameters", []):
                assert parameter["description"], where
            if method == "post":
                assert described["requestBody"]["content"]["application/json"]["examples"], where
    assert set(DOCUMENT["components"]["securitySchemes"]) == {"iam", "jwt"}


def test_the_examples_of_the_document_are_accepted(world) -> None:
    call = world.caller(TOKEN)
    for path, operations in DOCUMENT["paths"].items():
        for example in (
            operations.get("post", {})
            .get("requestBody", {})
            .get("content", {})
            .get("application/json", {})
            .get("examples", {})
            .values()
        ):
            place = path.replace("{finding_id}", FINDINGS[3].id)
            answer = call("POST", place, example["value"])
            assert answer.status in (200, 201, 202, 404), (path, answer.content)


def test_the_api_gives_its_own_document(world) -> None:
    answer = world.caller()("GET", "/v1/openapi.json")
    assert json.loads(answer.content) == DOCUMENT
