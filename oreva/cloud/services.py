"""What the functions talk to, each made when it is first needed and kept while the function stays warm."""

from __future__ import annotations

import json
import logging
import os
import time
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from oreva.cloud.artifacts import Artifacts
from oreva.cloud.environment import Environment, environment
from oreva.cloud.events import Bus
from oreva.errors import ConfigError
from oreva.models import Model
from oreva.sources.github_credentials import Credentials

if TYPE_CHECKING:
    from oreva.sources.github import GitHub
    from oreva.store.dynamodb import DynamoDbStore


_log = logging.getLogger(__name__)

KEEP_S = 300.0
"""The secret is read again when it has been kept that long, so that what was taken out of it stops being used."""


class GitHubCredentials(Model):
    """Content of the secret: how pushes are verified, and how code is fetched and checks are written.

    `app_id` and `private_key` (PEM) make Oreva act as a GitHub App; `token` alone as the owner of that token.
    `webhook_secret_previous` is taken too, while the secret of a webhook is being changed. No value is in its text.
    """

    webhook_secret: str = Field(default="", repr=False)
    webhook_secret_previous: str = Field(default="", repr=False)
    token: str = Field(default="", repr=False)
    app_id: str = Field(default="", coerce_numbers_to_str=True)
    private_key: str = Field(default="", repr=False)

    @property
    def for_github(self) -> Credentials:
        """What GitHub is asked with."""
        return Credentials(self.token, self.app_id, self.private_key)


class Services:
    """Clients and settings of one function."""

    def __init__(self, settings: Environment | None = None) -> None:
        """`settings` are those of the environment if left out."""
        self.settings = settings or environment()
        self._credentials_at = 0.0
        self._github: tuple[Credentials, GitHub] | None = None

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
            credentials = GitHubCredentials.model_validate(json.loads(text))
        except (ClientError, BotoCoreError) as error:
            code = type(error).__name__
            raise ConfigError(f"secret {name}: cannot be read ({code}); check its name and the role") from error
        except (ValidationError, ValueError, KeyError):  # the content must not get into the message
            raise ConfigError(
                f"secret {name}: not a JSON object of webhook_secret and token, or of webhook_secret, app_id and "
                "private_key; put the value again (docs/operations.md)"
            ) from None
        self._credentials_at = time.monotonic()
        return credentials

    def recent_credentials(self, seconds: float) -> GitHubCredentials:
        """The GitHub credentials, read again if that was longer ago. Raises as `credentials` if none were ever read."""
        kept: GitHubCredentials | None = self.__dict__.get("credentials")
        if kept is None or time.monotonic() - self._credentials_at <= seconds:
            return self.credentials
        del self.credentials
        try:
            return self.credentials
        except ConfigError as error:  # those that are there may still be right
            _log.warning("%s; those read before are used on", error)
            self._credentials_at = time.monotonic()
            self.__dict__["credentials"] = kept
        return self.credentials

    @property
    def github(self) -> GitHub:
        """The GitHub API, with what the secret has held in the last five minutes. Raises `ConfigError`.

        Ask for it anew for each thing to do. Credentials that GitHub refuses are read again at once.
        """
        from oreva.sources.github import GitHub  # noqa: PLC0415

        wanted = self.recent_credentials(KEEP_S).for_github
        if self._github is None or self._github[0] != wanted:
            client = GitHub(
                api_url=self.settings.github_api,
                token=wanted.token,
                app_id=wanted.app_id,
                private_key=wanted.private_key,
                renew=lambda: self.recent_credentials(0).for_github,
            )
            self._github = wanted, client
        return self._github[1]
