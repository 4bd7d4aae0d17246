"""Any system that takes a POST, signed as Standard Webhooks has it."""

import json

from bot.clock import Clock
from bot.signing import Signer
from bot.ticketing.http import JsonClient
from bot.ticketing.writeonly import WriteOnly
from bot.tickets.model import MessageRequest, Request, RestoreRequest, Ticket


class WebhookTickets(WriteOnly):
    """
    The port `bot.tickets.ports.TicketSystem` on a URL of the hoster's.

    It cannot be searched: `webhook-id` and `Idempotency-Key` are the ticket's number, the same on every
    attempt, and the receiver takes the second one for the first. Its answer may say `{"reference": …}`.
    """

    def __init__(self, client: JsonClient, signer: Signer, clock: Clock) -> None:
        self._client = client
        self._signer = signer
        self._clock = clock

    async def open(self, ticket: Ticket) -> str:
        """See the port."""
        body = json.dumps({"type": "ticket.opened", "data": _data(ticket)}, ensure_ascii=False).encode()
        headers = self._signer.headers(ticket.number, self._clock(), body) | {"Idempotency-Key": ticket.number}
        answer = await self._client.post("", body, headers)
        reference = answer.get("reference") if isinstance(answer, dict) else None
        return str(reference or ticket.number)

    async def ping(self) -> None:
        """Nothing is sent that is no ticket."""

    async def close(self) -> None:
        """See the port."""
        await self._client.close()


def _data(ticket: Ticket) -> dict[str, str | None]:
    return {
        "number": ticket.number,
        "kind": ticket.request.kind,
        **_wish(ticket.request),
        "contact": ticket.request.contact,
        "conversation": ticket.conversation,
        "opened_at": ticket.opened_at.isoformat(),
    }


def _wish(request: Request) -> dict[str, str | None]:
    match request:
        case RestoreRequest(mailbox=mailbox, folder=folder, point=point, target=target):
            return {"mailbox": mailbox, "folder": folder, "point": point.isoformat(), "target": target}
        case MessageRequest(text=text):
            return {"text": text}
