"""What the functions talk to, each made when it is first needed and kept while the function stays warm."""

from __future__ import annotations

import json
import os
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import ValidationError

from oreva.cloud.artifacts import Artifacts
from oreva.cloud.environment import Environment, environment
from oreva.cloud.events import Bus
from oreva.errors import ConfigError
from oreva.models import Model

if TYPE_CHECKING:
    from oreva.sources.github import GitHub
    from oreva.store.dynamodb import DynamoDbStore


class GitHubCredentials(Model):
    """Content of the secret: how pushes are verified, and how code is fetched and checks are written.

    `app_id` and `private_key` (PEM) make Oreva act as a GitHub App; `token` alone as the owner of that token.
    """

    webhook_secret: str = ""
    token: str = ""
    app_id: str = ""
    private_key: str = ""


class Services:
    """Clients and settings of one function."""

    def __init__(self, settings: Environment | None = None) -> None:
        """`settings` are those of the environment if left out."""
        self.settings = settings or environment()

    @cached_property
    def artifacts(self) -> Artifacts:
        """The bucket."""
        return Artifacts.open(self.settings.need("bucket").bucket or "")

    @cached_property
    def store(self) -> DynamoDbStore:
        """The table."""
        from oreva.store.dynamodb import DynamoDbStore  # noqa: PLC0415

        return DynamoDbStore.open(self.settings.need("table").table or "", os.environ.get("AWS_REGION"))

    @cached_property
    def bus(self) -> Bus:
        """The event bus."""
        return Bus.open(self.settings.need("bus").bus or "")

    @cached_property
    def credentials(self) -> GitHubCredentials:
        """The GitHub credentials. Raises `ConfigError` if the secret cannot be read or is not what it should be."""
        name = self.settings.need("secret").secret or ""
        import boto3  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        client = boto3.session.Session().client("secretsmanager")
        try:
            text = client.get_secret_value(SecretId=name)["SecretString"]
            return GitHubCredentials.model_validate(json.loads(text))
        except (ClientError, BotoCoreError) as error:
            code = type(error).__name__
            raise ConfigError(f"secret {name}: cannot be read ({code}); check its name and the role") from error
        except (ValidationError, ValueError, KeyError):  # the content must not get into the message
            raise ConfigError(
                f"secret {name}: not a JSON object of webhook_secret and token, or of webhook_secret, app_id and "
                "private_key; put the value again (docs/operations.md)"
            ) from None

    @cached_property
    def github(self) -> GitHub:
        """The GitHub API."""
        from oreva.sources.github import GitHub  # noqa: PLC0415

        c = self.credentials
        return GitHub(api_url=self.settings.github_api, token=c.token, app_id=c.app_id, private_key=c.private_key)
