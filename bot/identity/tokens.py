"""
Signed tokens of the hoster's logged-in pages (JWT, RFC 7519).

The page's server signs `{"aud": …, "exp": …, "mailboxes": ["anna@example.de"]}` with a key whose name is in the
header's `kid`; keys are rotated by adding the new one, changing the page, and taking the old one out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from bot.clock import Clock
from bot.errors import PostboteError, SettingsError
from bot.identity.ports import Proofs
from bot.mailboxes.address import normalise_address
from bot.settings import TokenKey

MOST_MAILBOXES = 100
LEEWAY = 30
"""Seconds that clocks may differ."""


class TokenError(PostboteError):
    """The token proves nothing; the message says why, without the token."""

    code = "bad_token"


@dataclass(frozen=True)
class Claim:
    """What a token proves."""

    mailboxes: frozenset[str]
    until: datetime


class Tokens:
    """Reads tokens, and remembers what they prove."""

    def __init__(
        self, keys: Mapping[str, TokenKey], audience: str, longest: timedelta, proofs: Proofs, clock: Clock
    ) -> None:
        """A proof lasts as long as the token, `longest` at most. Raises SettingsError when a key is none."""
        self._keys = {kid: _prepared(kid, key) for kid, key in keys.items()}
        self._audience = audience
        self._longest = longest
        self._proofs = proofs
        self._clock = clock

    async def prove(self, conversation: str, token: str) -> Claim:
        """Note that the conversation owns the token's mailboxes. Raises TokenError."""
        claim = self.read(token)
        await self._proofs.add(conversation, claim.mailboxes, claim.until)
        return claim

    def read(self, token: str) -> Claim:
        """Raises TokenError."""
        try:
            claims = self._claims(token)
        except jwt.PyJWTError as error:
            raise TokenError(f"The token is not valid: {error}.") from error
        now, expires = self._clock(), _moment(claims["exp"])
        if expires <= now - timedelta(seconds=LEEWAY):
            raise TokenError(f"The token expired at {expires.isoformat()}. The page must fetch a new one.")
        return Claim(_mailboxes(claims), min(expires, now + self._longest))

    def _claims(self, token: str) -> dict[str, Any]:
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self._keys:
            raise TokenError(f"The token's header names the key {kid!r}, which POSTBOTE_TOKEN_KEYS does not have.")
        algorithm, key = self._keys[kid]
        # The algorithm is the key's, never the token's: https://www.rfc-editor.org/rfc/rfc8725#section-3.1
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=self._audience,
            options={"require": ["exp", "aud"], "verify_exp": False},
        )
        if not isinstance(claims["exp"], int):
            raise TokenError("The token's `exp` must be a whole number of seconds.")
        return claims


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise TokenError(f"The token's `exp` is {seconds}, not seconds since 1970. Is it in milliseconds?") from error


def _mailboxes(claims: Mapping[str, Any]) -> frozenset[str]:
    named = claims.get("mailboxes")
    if not isinstance(named, list) or not 0 < len(named) <= MOST_MAILBOXES:
        raise TokenError(f"The token's `mailboxes` must be a list of 1 to {MOST_MAILBOXES} addresses.")
    found = {normalise_address(each) if isinstance(each, str) else None for each in named}
    if None in found:
        raise TokenError("One of the token's `mailboxes` is no address of a mailbox.")
    return frozenset(address for address in found if address)


def _prepared(kid: str, key: TokenKey) -> tuple[str, Any]:
    secret = key.key.get_secret_value()
    if key.algorithm == "HS256" and len(secret) < 32:
        raise SettingsError(f"POSTBOTE_TOKEN_KEYS: the key {kid!r} is too short; HS256 needs 32 characters at least.")
    try:
        return key.algorithm, jwt.get_algorithm_by_name(key.algorithm).prepare_key(secret)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise SettingsError(f"POSTBOTE_TOKEN_KEYS: the key {kid!r} is no {key.algorithm} key: {error}.") from error
