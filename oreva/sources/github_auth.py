"""Who Oreva is to GitHub: the owner of a token, or a GitHub App that is installed on the repository."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from oreva.errors import ConfigError, SourceError
from oreva.sources.github_http import Call, Http, Refused

_JWT_S = 540
"""Life of a signed request of the app; GitHub takes at most ten minutes, and the clocks may differ by one."""
_EARLY_S = 300
"""A token of an installation is not used in the last seconds of its life (it lives an hour)."""


class Authorization:
    """The `Authorization` header for one repository. Neither its text nor an error of it shows a secret."""

    def __init__(
        self,
        http: Http,
        *,
        token: str = "",
        app_id: str = "",
        private_key: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        """Raises `ConfigError` if there is half of an app."""
        if bool(app_id) != bool(private_key):
            raise ConfigError("GitHub credentials: app_id and private_key go together; put both into the secret")
        self._http = http
        self._token = token.strip()
        self._app_id = app_id.strip()
        self._private_key = private_key.replace("\\n", "\n")
        self._now = now
        self._installed: dict[str, tuple[str, float]] = {}

    @property
    def is_app(self) -> bool:
        """Whether Oreva acts as a GitHub App, which alone may write check runs."""
        return bool(self._app_id)

    @property
    def is_anonymous(self) -> bool:
        """Whether there are no credentials at all."""
        return not self._app_id and not self._token

    def header(self, repository: str) -> str:
        """The header; empty without credentials, which is enough to read a public repository.

        Raises `SourceError` if the app cannot sign or is not installed on the repository.
        """
        if not self.is_app:
            return f"Bearer {self._token}" if self._token else ""
        token, until = self._installed.get(repository.lower(), ("", 0.0))
        if self._now() >= until:
            token, until = self._install(repository)
            self._installed[repository.lower()] = (token, until)
        return f"Bearer {token}"

    def forget(self, repository: str) -> bool:
        """Drop a kept token that GitHub no longer takes; False if there was none, so that a new one cannot help."""
        return self._installed.pop(repository.lower(), None) is not None

    def _install(self, repository: str) -> tuple[str, float]:
        """A new token for one repository alone, and when to stop using it."""
        jwt = f"Bearer {self._jwt()}"
        find = Call("GET", f"/repos/{repository}/installation", repository, "the installation of the GitHub App")
        try:
            number = int(self._http.json(find, jwt)["id"])
            grant = Call(
                "POST",
                f"/app/installations/{number}/access_tokens",
                repository,
                "a token of the GitHub App",
                body={"repositories": [repository.partition("/")[2]]},
            )
            answer = self._http.json(grant, jwt)
            expires = dt.datetime.fromisoformat(str(answer["expires_at"]))
            return str(answer["token"]), expires.timestamp() - _EARLY_S
        except Refused as error:
            if error.status == 404:
                step = "install the app on the repository, or check app_id (docs/github.md)"
                raise SourceError(find.error(f"app {self._app_id} is not installed there", step)) from None
            if error.status == 401:
                step = "check app_id and private_key in the secret, and the clock"
                raise Refused(find.error("GitHub does not take the signature of the app", step), 401) from None
            raise
        except (KeyError, TypeError, ValueError):
            reason = "the answer is not what GitHub documents"
            raise SourceError(find.error(reason, "check the setting github_api")) from None

    def _jwt(self) -> str:
        import jwt  # noqa: PLC0415  (needs a moment and `cryptography`)

        now = int(self._now())
        claims = {"iat": now - 60, "exp": now + _JWT_S, "iss": self._app_id}
        try:
            return jwt.encode(claims, self._private_key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):  # the message may quote the key
            raise ConfigError(
                "GitHub credentials: private_key is no RSA key in PEM; put the file of the GitHub App into the secret"
            ) from None
