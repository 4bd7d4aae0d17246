"""What tickets need from others: `bot.store.tickets` keeps them, `bot.ticketing` has the ticket systems."""

from collections.abc import Collection, Sequence
from typing import Protocol

from bot.conversations.model import Message
from bot.tickets.model import Due, Opened, Request, State, Ticket


class Tickets(Protocol):
    """Where tickets are kept, and on their way to the ticket system."""

    async def open(self, key: str, conversation: str, request: Request) -> Opened:
        """
        Store the ticket and queue its delivery, in one transaction.

        `key` names the wish (conversation, message, action): the same key again is the same
        ticket. An unfinished ticket to restore the same mailbox, folder and point is
        returned instead of a second one; a message is one each time.
        """

    async def find(self, number: str) -> Ticket | None:
        """The ticket of that number."""

    async def of_mailboxes(self, mailboxes: Collection[str]) -> Sequence[Ticket]:
        """To restore them; newest first."""

    async def of_conversation(self, conversation: str) -> Sequence[Ticket]:
        """All that were opened in it, of whatever kind; newest first."""

    async def claim(self, seconds: float) -> Sequence[Due]:
        """What may be delivered now; for so many seconds it is given to nobody else, nor again after a crash."""

    async def seconds_to_next(self) -> float | None:
        """When to look again; None when nothing waits."""

    async def sent(self, number: str, reference: str) -> None:
        """The ticket system has it."""

    async def failed(self, number: str, error: str, retry_in: float | None) -> None:
        """Not delivered; try again in so many seconds, or never (None: a dead letter)."""

    async def dead(self) -> Sequence[Due]:
        """The dead letters, oldest first."""

    async def replay(self, number: str) -> bool:
        """Try a dead letter again; False if it is none."""

    async def unfinished(self) -> Sequence[Ticket]:
        """Those that the ticket system has and whose state may still change."""

    async def change(self, number: str, state: State, news: str) -> tuple[str, Message] | None:
        """
        Write a new state, and the news of it into the ticket's conversation, in one transaction.

        Returns the conversation and the message, or None if the state was written before.
        """


class TicketSystem(Protocol):
    """The hoster's ticket system."""

    async def open(self, ticket: Ticket) -> str:
        """
        Open the ticket there and return its reference.

        The ticket carries its number in a field that `find` can search. Raises TicketSystemError;
        unless it is final the ticket may exist all the same.
        """

    async def find(self, number: str) -> str | None:
        """
        The reference of the ticket that carries our number, if an earlier attempt opened it.

        Systems that cannot be searched (mail, webhook) return None and make a second
        attempt harmless otherwise: by a stable Message-ID, or an idempotency key in the header.
        Raises TicketSystemError.
        """

    async def states(self, references: Sequence[str]) -> dict[str, State]:
        """The present states; what is unknown there, or has no state, is left out. Raises TicketSystemError."""

    async def ping(self) -> None:
        """Whether it answers and knows our credentials; raises TicketSystemError."""

    async def close(self) -> None:
        """Let go of connections."""
