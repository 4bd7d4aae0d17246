"""
Any system that takes a signed POST, as Standard Webhooks has it.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import json

from bot.clock import Clock
from bot.ticketing.http import JsonClient
from bot.ticketing.writeonly import WriteOnly
from bot.tickets.model import Ticket

PREFIX = "whsec_"


class WebhookTickets(WriteOnly):
    """
    The port `bot.tickets.ports.TicketSystem` on a URL of the hoster's.

    It cannot be searched: `webhook-id` and `Idempotency-Key` are the ticket's number, the same on every
    attempt, and the receiver takes the second one for the first. Its answer may say `{"reference": …}`.
    """

    def __init__(self, client: JsonClient, secret: str, clock: Clock) -> None:
        """`secret` as the specification writes it: `whsec_` and base64; else it is taken as it is."""
        self._client = client
        encoded = secret.removeprefix(PREFIX)
        self._key = base64.b64decode(encoded) if secret.startswith(PREFIX) else secret.encode()
        self._clock = clock

    async def open(self, ticket: Ticket) -> str:
        """See the port."""
        body = json.dumps({"type": "ticket.opened", "data": _data(ticket)}, ensure_ascii=False).encode()
        answer = await self._client.post("", body, self._headers(ticket.number, body))
        reference = answer.get("reference") if isinstance(answer, dict) else None
        return str(reference or ticket.number)

    async def ping(self) -> None:
        """Nothing is sent that is no ticket."""

    async def close(self) -> None:
        """See the port."""
        await self._client.close()

    def _headers(self, number: str, body: bytes) -> dict[str, str]:
        at = str(int(self._clock().timestamp()))
        signed = hmac.new(self._key, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
        return {
            "webhook-id": number,
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
            "Idempotency-Key": number,
        }


def _data(ticket: Ticket) -> dict[str, str | None]:
    request = ticket.request
    return {
        "number": ticket.number,
        "mailbox": request.mailbox,
        "folder": request.folder,
        "point": request.point.isoformat(),
        "target": request.target.value,
        "contact": request.contact,
        "opened_at": ticket.opened_at.isoformat(),
    }
