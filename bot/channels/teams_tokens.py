"""
The two tokens between Microsoft's Bot Connector and us: theirs is checked here, ours is fetched here.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
import structlog
from pydantic import Field, ValidationError

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError, ForgedError
from bot.channels.payload import Payload
from bot.clock import Clock
from bot.conversations.errors import DeliveryError

LEEWAY = 300
"""Seconds that clocks may differ, as Microsoft advises."""
FRESH = timedelta(hours=24)
"""How long the keys are used without a look at whether there are others."""
PAUSE = timedelta(minutes=5)
"""Between two looks for a key that is not known, so that forged calls cannot make us hammer Microsoft."""
FIRST_PAUSE = timedelta(seconds=10)
"""The same, as long as there are no keys at all."""
EARLY = timedelta(minutes=5)
"""Before it expires our token is replaced."""
ALGORITHM = "RS256"
"""The key's, never the token's: https://www.rfc-editor.org/rfc/rfc8725#section-3.1"""

log = structlog.get_logger(stop="channel")


@dataclass(frozen=True)
class Claim:
    """What a call's token says."""

    service_url: str
    endorsements: frozenset[str]
    """Channels that the key may speak for."""


@dataclass(frozen=True)
class _Key:
    key: Any
    endorsements: frozenset[str]


class Keys:
    """The keys that Microsoft publishes, and signs its calls with."""

    def __init__(self, api: Api, metadata_url: str, clock: Clock) -> None:
        self._api = api
        self._metadata_url = metadata_url
        self._clock = clock
        self._keys: dict[str, _Key] = {}
        self._looked: datetime | None = None
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> _Key | None:
        """Looks again where it is not known, now and then. Raises ChannelError when there are no keys at all."""
        async with self._lock:
            if self._is_due(kid):
                await self._look()
        return self._keys.get(kid)

    async def get_all(self) -> Mapping[str, _Key]:
        """What is published now. Raises ChannelError."""
        try:
            metadata = await self._api.get(self._metadata_url)
            published = await self._api.get(metadata["jwks_uri"])
            keys = {each["kid"]: _read(each) for each in published["keys"] if each.get("kty") == "RSA"}
        except (DeliveryError, jwt.PyJWTError, KeyError, TypeError, AttributeError) as error:
            raise ChannelError(f"Microsoft's keys cannot be fetched from {self._metadata_url}: {error!r}.") from error
        return keys

    def _is_due(self, kid: str) -> bool:
        if self._looked is None:
            return True
        age = self._clock() - self._looked
        return age > FRESH or (kid not in self._keys and age > (PAUSE if self._keys else FIRST_PAUSE))

    async def _look(self) -> None:
        self._looked = self._clock()
        try:
            self._keys = dict(await self.get_all())
        except ChannelError as error:
            if not self._keys:
                raise
            log.warning("old keys are used on", channel="teams", error=str(error))


class Calls:
    """Checks the token of a call."""

    def __init__(self, keys: Keys, app_id: str, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._app_id = app_id
        self._issuer = issuer
        self._clock = clock

    async def check(self, authorization: str) -> Claim:
        """Raises ForgedError; ChannelError when Microsoft's keys cannot be had."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise ForgedError("The call has no bearer token. Only Microsoft's Bot Connector may call this address.")
        try:
            return await self._claim(token)
        except (jwt.PyJWTError, ValueError) as error:
            raise ForgedError(f"The token is not one of Microsoft's for this app: {error}.") from error

    async def _claim(self, token: str) -> Claim:
        kid = jwt.get_unverified_header(token).get("kid")
        key = await self._keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            raise ForgedError("The token is signed with a key that Microsoft does not publish.")
        claims = jwt.decode(
            token,
            key.key,
            algorithms=[ALGORITHM],
            audience=self._app_id,
            issuer=self._issuer,
            options={
                "require": ["exp", "iss", "aud"],
                # Times are checked below, by our own clock.
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        self._check_times(claims)
        return Claim(str(claims.get("serviceurl") or claims.get("serviceUrl") or ""), key.endorsements)

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock().timestamp()
        begins, ends = claims.get("nbf", 0), claims["exp"]
        if not isinstance(begins, int | float) or not isinstance(ends, int | float):
            raise ForgedError("The token's `exp` and `nbf` must be numbers.")
        if not begins - LEEWAY <= now <= ends + LEEWAY:
            raise ForgedError("The token has expired, or is not valid yet. Does the clock here go right?")


def _read(key: dict[str, Any]) -> _Key:
    return _Key(jwt.PyJWK(key, ALGORITHM).key, frozenset(key.get("endorsements") or ()))


class Issued(Payload):
    """What the login answers."""

    access_token: str = Field(min_length=1)
    expires_in: int = Field(gt=0)


class Pass:
    """Our own token, by the app's credentials; kept until it expires."""

    def __init__(self, api: Api, path: str, form: Mapping[str, str], clock: Clock) -> None:
        """`path` of the login's token endpoint, and what it is asked with."""
        self._api = api
        self._path = path
        self._form = form
        self._clock = clock
        self._token = ""
        self._until: datetime | None = None
        self._lock = asyncio.Lock()

    async def header(self) -> dict[str, str]:
        """For Microsoft's own hosts only. Raises DeliveryError."""
        async with self._lock:
            if self._until is None or self._clock() >= self._until:
                await self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """It was refused."""
        self._until = None

    async def _fetch(self) -> None:
        began = self._clock()
        try:
            issued = Issued.model_validate(await self._api.request("POST", self._path, data=self._form))
        except RefusedError as error:
            # The app's credentials can be put right, so that this is never the end of a message.
            raise DeliveryError(f"Microsoft does not accept the app's credentials. {error}") from error
        except ValidationError:
            raise DeliveryError("Microsoft's login answered without a token.") from None
        self._token = issued.access_token
        self._until = began + max(timedelta(seconds=issued.expires_in) - EARLY, timedelta())
