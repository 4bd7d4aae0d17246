"""
Zammad, by its REST API.

https://docs.zammad.org/en/latest/api/ticket/index.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.ticketing.http import JsonClient, check_tickets
from bot.ticketing.wording import body_of, requestor_of, subject_of
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import MessageRequest, RestoreRequest, State, Ticket

STATES = {
    "new": State.OPEN,
    "open": State.WORKING,
    "pending reminder": State.WAITING,
    "pending close": State.DONE,
    "closed": State.DONE,
    "merged": State.DONE,
}
"""Of a fresh Zammad."""
API = "/api/v1"
MOST_FAILED = 5
"""After so many failures in a row it is down."""


@dataclass(frozen=True)
class Zammad:
    """Where and how."""

    client: JsonClient
    group: str
    states: Mapping[str, State]
    zone: ZoneInfo


class ZammadTickets:
    """The port `bot.tickets.ports.TicketSystem` on Zammad. Our number is in the title, which its search knows."""

    def __init__(self, zammad: Zammad) -> None:
        self._zammad = zammad

    async def open(self, ticket: Ticket) -> str:
        """See the port. The customer is made in Zammad if there is none with the address."""
        body = {
            "title": subject_of(ticket),
            "group": self._zammad.group,
            "customer_id": await self._customer(ticket),
            "article": {
                "subject": subject_of(ticket),
                "body": body_of(ticket, self._zammad.zone),
                "content_type": "text/plain",
                "type": "note",
                "internal": True,
            },
        }
        answer = await self._zammad.client.post(f"{API}/tickets", body)
        if not isinstance(answer, dict) or "id" not in answer:
            raise TicketSystemError(f"Zammad opened no ticket, but answered {answer!r}.")
        return str(answer["id"])

    async def _customer(self, ticket: Ticket) -> str | int:
        """Every ticket has one there: the requestor, else whose mailbox it is, else we ourselves."""
        match ticket.request:
            case RestoreRequest(mailbox=mailbox):
                return f"guess:{requestor_of(ticket) or mailbox}"
            case MessageRequest():
                me = await self._zammad.client.get(f"{API}/users/me")
                (me,) = check_tickets([me], "Zammad")
                return int(me["id"])

    async def find(self, number: str) -> str | None:
        """See the port."""
        found = await self._zammad.client.get(
            f"{API}/tickets/search", query=f'title:"{number}"', limit="5", expand="true"
        )
        # Search engines find what is like it, too.
        mine = [item for item in check_tickets(_items(found), "Zammad") if f"[{number}]" in str(item.get("title"))]
        return min((str(item["id"]) for item in mine), key=int, default=None)

    async def states(self, references: Sequence[str]) -> dict[str, State]:
        """See the port; Zammad has no way to ask for several at once, so some may fail and others not."""
        found, failed = {}, 0
        for reference in references:
            try:
                ticket = await self._zammad.client.get(f"{API}/tickets/{int(reference)}", expand="true")
            except TicketSystemError as error:
                if error.final:  # it was deleted there
                    continue
                failed += 1
                if failed >= MOST_FAILED:
                    raise
                continue
            failed = 0
            (ticket,) = check_tickets([ticket], "Zammad")
            if state := self._zammad.states.get(str(ticket.get("state", "")).lower()):
                found[reference] = state
        return found

    async def ping(self) -> None:
        """See the port."""
        await self._zammad.client.get(f"{API}/users/me")

    async def close(self) -> None:
        """See the port."""
        await self._zammad.client.close()


def _items(answer: Any) -> Any:
    match answer:
        # Without `expand`, and in old releases, the tickets are assets by their ids.
        case {"assets": {"Ticket": dict(tickets)}}:
            return list(tickets.values())
        case {"assets": _}:
            return []
    return answer
