"""The port `bot.staff.ports.IdentityProvider` by OpenID Connect: the code flow with PKCE, by Authlib."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote_plus

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from bot.clock import Clock
from bot.oidc.claims import identity_of
from bot.oidc.token import read_token
from bot.settings import Settings
from bot.staff.errors import IdentityError
from bot.staff.model import Attempt, Identity

DISCOVERY = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
TIMEOUT = 10.0
"""Seconds for each request."""


class OidcProvider:
    """One provider, which is found by its issuer (OpenID Connect Discovery)."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._issuer = settings.desk_oidc_issuer
        self._client_id = settings.desk_oidc_client_id
        self._secret = settings.desk_oidc_client_secret.get_secret_value()
        self._clock = clock

    async def begin(self, redirect_uri: str) -> tuple[str, Attempt]:
        """See the port."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        async with self._client(redirect_uri) as client:
            metadata = await self._discover(client)
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return url, Attempt(state, nonce, verifier, redirect_uri)

    async def finish(self, attempt: Attempt, code: str, issuer: str | None) -> Identity:
        """See the port."""
        # RFC 9207: what another provider answered.
        if issuer not in (None, self._issuer):
            raise IdentityError(f"The answer is from {issuer!r}, not from {self._issuer}.")
        async with self._client(attempt.redirect_uri) as client:
            metadata = await self._discover(client)
            tokens = await client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
                auth=self._credentials(client, metadata),
            )
            claims = read_token(
                tokens,
                keys=await _get(client, metadata["jwks_uri"]),
                expected={"iss": self._issuer, "aud": self._client_id, "nonce": attempt.nonce},
                algorithms=metadata.get("id_token_signing_alg_values_supported"),
                at=self._clock(),
            )
            claims = await _userinfo(client, metadata, claims["sub"]) | claims
        return identity_of(claims, self._settings)

    @asynccontextmanager
    async def _client(self, redirect_uri: str) -> AsyncIterator[AsyncOAuth2Client]:
        """For one step of one sign-in. Turns what goes wrong in it into IdentityError."""
        client = AsyncOAuth2Client(
            self._client_id,
            self._secret or None,
            scope=self._settings.desk_oidc_scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )
        try:
            async with client:
                yield client
        except (AuthlibBaseError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise IdentityError(f"{self._issuer} does not answer as it should: {error!r}. Does it run?") from error

    async def _discover(self, client: AsyncOAuth2Client) -> Mapping[str, Any]:
        # Each time: agents sign in once a day, and so its keys and addresses may change at any time.
        metadata = await _get(client, self._issuer.rstrip("/") + DISCOVERY)
        if metadata.get("issuer") != self._issuer:
            raise IdentityError(
                f"{self._issuer} calls itself {metadata.get('issuer')!r}. Write that into POSTBOTE_DESK_OIDC_ISSUER."
            )
        if missing := [name for name in NEEDED if not isinstance(metadata.get(name), str)]:
            raise IdentityError(f"{self._issuer} does not publish {', '.join(missing)}.")
        return metadata

    def _credentials(self, client: AsyncOAuth2Client, metadata: Mapping[str, Any]) -> object:
        offered = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not self._secret:
            return client.client_auth("none")
        if "client_secret_basic" not in offered:
            return client.client_auth("client_secret_post")
        # RFC 6749, 2.3.1: both are encoded as in a form first, which Authlib leaves out.
        return httpx2.BasicAuth(quote_plus(self._client_id), quote_plus(self._secret))


async def _get(client: AsyncOAuth2Client, url: str, *, with_token: bool = False) -> dict[str, Any]:
    response = await client.request("GET", url, withhold_token=not with_token)
    response.raise_for_status()
    answer = response.json()
    if not isinstance(answer, dict):
        raise IdentityError(f"{url} answers no JSON object.")
    return answer


async def _userinfo(client: AsyncOAuth2Client, metadata: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """What the ID token does not say: it is the provider's choice in which of the two it puts address and groups."""
    if not metadata.get("userinfo_endpoint"):
        return {}
    info = await _get(client, metadata["userinfo_endpoint"], with_token=True)
    if info.get("sub") != subject:
        raise IdentityError("The provider's userinfo is about somebody else.")
    return info
