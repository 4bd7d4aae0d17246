"""
Dovecot, by doveadm's HTTP API: https://doc.dovecot.org/2.3/admin_manual/doveadm_http_api/

A question is `[[command, parameters, tag]]`, its answer `[["doveadmResponse", …, tag]]` or
`[["error", {"type": "exitCode", "exitCode": 67}, tag]]`, with HTTP status 200 in both cases.
"""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientConnectionError, ClientError, ClientPayloadError, ClientSession, encode_basic_auth

from bot.clock import Clock
from bot.mailboxes.address import is_address
from bot.mailboxes.errors import PlatformError, UnknownMailboxError
from bot.mailboxes.model import Quota
from bot.mailplatform.contact import find_usable_contact
from bot.mailplatform.errors import BusyError, UnreachableError
from bot.mailplatform.quotaget import read_storage

PATH = "/doveadm/v1"
# sysexits.h; https://doc.dovecot.org/2.3/admin_manual/error_codes/
NO_USER = 67
TEMPORARY = 75


@dataclass(frozen=True)
class Doveadm:
    """Where it is and how to speak to it."""

    url: str
    """Scheme, host and port."""
    authorization: str = field(repr=False)
    quota_root: str = ""
    """The root of which the limit is the mailbox's own; may be empty where there is one only."""
    contact_field: str = ""
    """The extra field of the userdb that has the contact address; without it, nobody has one."""


def authorize_by_key(key: str) -> str:
    """The header for `doveadm_api_key`."""
    return f"X-Dovecot-API {b64encode(key.encode()).decode()}"


def authorize_by_password(user: str, password: str) -> str:
    """The header for `doveadm_password`."""
    return encode_basic_auth(user, password)


class DoveadmMailboxes:
    """`Mailboxes` on a Dovecot, or on the director or proxy before several."""

    def __init__(self, doveadm: Doveadm, clock: Clock) -> None:
        self._doveadm = doveadm
        self._clock = clock
        self._opened: ClientSession | None = None

    async def quota(self, address: str) -> Quota:
        """See the port. Dovecot counts in KiB."""
        at = self._clock()
        used, total = read_storage(await self._run("quotaGet", address, user=address), self._doveadm.quota_root)
        return Quota(used, total, at)

    async def find_contact(self, address: str) -> str | None:
        """See the port."""
        name = self._doveadm.contact_field
        if not name:
            return None
        try:
            users = await self._run("user", address, userMask=[address], field=name)
        except UnknownMailboxError:
            return None
        match users:
            case dict() if set(users) == {address} and isinstance(users[address], dict):
                if isinstance(contact := users[address].get(name, ""), str):
                    return find_usable_contact(address, contact)
        raise PlatformError("Dovecot's doveadm answered `user` with something else than this user's fields.")

    async def ping(self) -> None:
        """See the port."""
        commands = await self._request("GET", None)
        known = commands if isinstance(commands, list) else ()
        if not any(isinstance(command, dict) and command.get("command") == "quotaGet" for command in known):
            raise PlatformError("Dovecot's doveadm has no command quotaGet. Add `quota` to its global mail_plugins.")

    async def close(self) -> None:
        """See the port."""
        if self._opened:
            await self._opened.close()

    async def _run(self, command: str, address: str, **parameters: Any) -> Any:
        # Dovecot takes `*` and `?` for many users, and answers with the figures of all.
        if not is_address(address):
            raise UnknownMailboxError("What was asked for cannot be a mailbox; Dovecot was not asked.")
        match await self._request("POST", [[command, parameters, "postbote"]]):
            case [["doveadmResponse", answer, "postbote"]]:
                return answer
            case [["error", {"exitCode": code}, "postbote"]] if code == NO_USER:
                raise UnknownMailboxError("Dovecot's userdb has no such mailbox.")
            case [["error", {"exitCode": code}, "postbote"]] if code == TEMPORARY:
                raise BusyError(f"Dovecot's doveadm cannot do {command} just now; its log says why.")
            case [["error", {"type": kind, "exitCode": code}, "postbote"]]:
                raise PlatformError(f"Dovecot's doveadm refused {command}: {kind} {code}; its log says why.")
        raise PlatformError(f"Dovecot's doveadm answered {command} in a way that is not documented.")

    async def _request(self, method: str, body: Any) -> Any:
        try:
            # A redirect would carry the key elsewhere.
            async with self._session().request(method, PATH, json=body, allow_redirects=False) as response:
                status, answer = response.status, await response.read()
        except (ClientConnectionError, ClientPayloadError) as error:
            raise UnreachableError(f"{self._doveadm.url} does not answer: {error!r}. Does Dovecot run?") from error
        except ClientError as error:
            raise PlatformError(f"{self._doveadm.url} does not speak HTTP: {error!r}. Check the address.") from error
        self._check(status)
        return self._decode(answer)

    def _decode(self, answer: bytes) -> Any:
        try:
            return json.loads(answer)
        except (ValueError, RecursionError) as error:
            raise PlatformError(f"{self._doveadm.url} answered no JSON. Is this Dovecot's HTTP listener?") from error

    def _check(self, status: int) -> None:
        if status in (401, 403):
            raise PlatformError(f"{self._doveadm.url} refused our key or password. Compare with Dovecot's settings.")
        if status >= 500:
            raise UnreachableError(f"{self._doveadm.url} answered with HTTP status {status}.")
        if status != 200:
            raise PlatformError(f"{self._doveadm.url} answered with HTTP status {status}. Is this Dovecot's listener?")

    def _session(self) -> ClientSession:
        if self._opened is None:
            # Dovecot closes each connection after its answer. It must not be asked to, though: 2.3.19 never answers
            # a POST with `Connection: close` and a wrong key.
            self._opened = ClientSession(self._doveadm.url, headers={"Authorization": self._doveadm.authorization})
        return self._opened
