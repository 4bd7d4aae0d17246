"""
Request Tracker 5, by its REST API 2.

https://docs.bestpractical.com/rt/5.0.5/RT/REST2.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.ticketing.http import JsonClient, check_tickets
from bot.ticketing.wording import body_of, requestor_of, subject_of
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import State, Ticket

STATES = {
    "new": State.OPEN,
    "open": State.WORKING,
    "stalled": State.WAITING,
    "resolved": State.DONE,
    "rejected": State.REFUSED,
    "deleted": State.REFUSED,
}
"""Of RT's default lifecycle."""
BATCH = 50
API = "/REST/2.0"


@dataclass(frozen=True)
class Rt:
    """Where and how."""

    client: JsonClient
    queue: str
    states: Mapping[str, State]
    zone: ZoneInfo


class RtTickets:
    """The port `bot.tickets.ports.TicketSystem` on RT. Our number is in the subject, which TicketSQL can search."""

    def __init__(self, rt: Rt) -> None:
        self._rt = rt

    async def open(self, ticket: Ticket) -> str:
        """See the port."""
        body = {
            "Queue": self._rt.queue,
            "Subject": subject_of(ticket),
            "Content": body_of(ticket, self._rt.zone),
            "ContentType": "text/plain",
        }
        if requestor := requestor_of(ticket):
            body["Requestor"] = requestor
        answer = await self._rt.client.post(f"{API}/ticket", body)
        if not isinstance(answer, dict) or "id" not in answer:
            raise TicketSystemError(f"Request Tracker opened no ticket, but answered {answer!r}.")
        return str(answer["id"])

    async def find(self, number: str) -> str | None:
        """See the port."""
        query = f"Queue = '{_quoted(self._rt.queue)}' AND Subject LIKE '[{_quoted(number)}]'"
        items = await self._search(query, "id")
        return min((str(item["id"]) for item in items), key=int, default=None)

    async def states(self, references: Sequence[str]) -> dict[str, State]:
        """See the port."""
        found = {}
        asked = set(references)
        for start in range(0, len(references), BATCH):
            query = " OR ".join(f"id = {int(each)}" for each in references[start : start + BATCH])
            for item in await self._search(query, "Status"):
                reference, state = str(item["id"]), self._rt.states.get(str(item.get("Status")))
                if state and reference in asked:
                    found[reference] = state
        return found

    async def ping(self) -> None:
        """See the port."""
        await self._rt.client.get(f"{API}/queue/{self._rt.queue}")

    async def close(self) -> None:
        """See the port."""
        await self._rt.client.close()

    async def _search(self, query: str, fields: str) -> list[dict[str, Any]]:
        answer = await self._rt.client.get(f"{API}/tickets", query=query, fields=fields, per_page=str(BATCH))
        return check_tickets(answer.get("items", []) if isinstance(answer, dict) else answer, "Request Tracker")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
