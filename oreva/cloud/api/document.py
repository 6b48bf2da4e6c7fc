"""The OpenAPI document of the API, generated from its routes and models.

`python -m oreva.cloud.api.document FILE` writes it. Powertools describes what is asked and answered; added here are
what it cannot know: the errors, who may call, and that a query has no null.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from oreva._version import __version__
from oreva.cloud.api.problems import CONTENT_TYPE, TITLES, Problem
from oreva.cloud.api.routes import make_app

_DESCRIPTION = """\
Starts scans in your own AWS account, shows how far they have come, and lists, shows, dismisses and reopens findings.

Every request is signed with AWS Signature Version 4 (service `execute-api`), or carries a bearer token where the API
was deployed with a JWT authorizer. Errors are problem details (RFC 9457); those of the gateway itself, such as a wrong
signature, are `{"message": "Forbidden"}`.
"""
_ERRORS: dict[HTTPStatus, str] = {
    HTTPStatus.UNAUTHORIZED: "Nobody is named by the authorizer",
    HTTPStatus.FORBIDDEN: "The repository is not among those that this deployment scans",
    HTTPStatus.NOT_FOUND: "What the request names is not there",
    HTTPStatus.CONFLICT: "Not in this state: somebody else has written it, or it is not ready",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not JSON",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The request cannot be used; `errors` names each part that is wrong",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something is wrong with the deployment; its logs say what",
    HTTPStatus.SERVICE_UNAVAILABLE: "A service that is needed is busy; try again after the seconds in `Retry-After`",
}
_DONE = {200: "Here it is, or done", 201: "Made", 202: "Begun"}
_EVERYWHERE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
_ALSO: dict[str, tuple[HTTPStatus, ...]] = {
    "createUpload": (HTTPStatus.FORBIDDEN,),
    "startScan": (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    "getScan": (HTTPStatus.NOT_FOUND,),
    "getReport": (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    "getFinding": (HTTPStatus.NOT_FOUND,),
    "dismissFinding": (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    "reopenFinding": (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
}
_BODIES: dict[str, dict[str, Any]] = {
    "createUpload": {"an archive of 52 kB": {"repository": "shop", "bytes": 52_114}},
    "startScan": {
        "a branch on GitHub": {"repository": "acme/shop", "ref": "main"},
        "an uploaded archive": {"repository": "shop", "upload_id": "Zk3v9Yw1pQ7rT5uXbN2mLhJ8gFdSaEcR"},
    },
    "dismissFinding": {
        "accept the risk for a while": {
            "repository": "github/acme/shop",
            "kind": "accepted_risk",
            "reason": "only reached from tests",
            "expires": "2099-06-30",
        }
    },
    "reopenFinding": {
        "take a dismissal back": {"repository": "github/acme/shop", "reason": "the endpoint is public now"}
    },
}
_SECURITY_SCHEMES: dict[str, Any] = {
    "iam": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "AWS Signature Version 4 with credentials that may `execute-api:Invoke` (the default)",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
    "jwt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Where the API was deployed with a JWT authorizer; `sub` is who is put on record",
    },
}


@cache
def document() -> dict[str, Any]:
    """The document, OpenAPI 3.1. Do not change it: it is made once."""
    made: dict[str, Any] = json.loads(make_app().get_openapi_json_schema(title="Oreva", version=__version__))
    schemas = made["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in made["paths"].values():
        for operation in path.values():
            _complete(operation)
    return {
        "openapi": made["openapi"],
        "info": made["info"]
        | {
            "summary": "Security scans of code, on every push, in your own AWS account",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [
            {
                "url": "https://{host}",
                "description": "The stack's output ApiUrl says where",
                "variables": {"host": {"default": "example.execute-api.eu-central-1.amazonaws.com"}},
            }
        ],
        "security": [{"iam": []}, {"jwt": []}],
        "tags": [
            {"name": "scans", "description": "Start scans, follow them, read their reports"},
            {"name": "findings", "description": "The work queue: list, read, dismiss, reopen"},
            {"name": "document", "description": "This document"},
        ],
        "paths": dict(sorted(made["paths"].items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {_name(status): _error(status) for status in _ERRORS},
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def text() -> str:
    """The document as a file holds it."""
    return json.dumps(document(), indent=2) + "\n"


def _complete(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    del responses["422"]
    for status, response in responses.items():
        response["description"] = _DONE[int(status)]
    errors = {*_EVERYWHERE, *_ALSO.get(operation["operationId"], ())}
    if "parameters" in operation or "requestBody" in operation:
        errors.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if "requestBody" in operation:
        errors.add(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        examples = {
            name: {"summary": name, "value": value} for name, value in _BODIES[operation["operationId"]].items()
        }
        operation["requestBody"]["content"]["application/json"]["examples"] = examples
    for error in sorted(errors):
        responses[str(error.value)] = {"$ref": f"#/components/responses/{_name(error)}"}
    for parameter in operation.get("parameters", []):
        parameter["schema"] = _plain(parameter["schema"])


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter without null, and without what the parameter itself says."""
    kept = {name: value for name, value in schema.items() if name not in ("title", "description")}
    choices = [choice for choice in kept.pop("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        kept |= choices[0]
        kept = {name: value for name, value in kept.items() if not (name == "default" and value is None)}
    return {name: int(v) if name in ("minimum", "maximum") else v for name, v in kept.items()}


def _error(status: HTTPStatus) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": _ERRORS[status],
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        made["headers"] = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return made


def _name(status: HTTPStatus) -> str:
    return TITLES[status].title().replace(" ", "")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
