"""What hand-off needs from others: `bot.store` keeps its rows, `bot.webhooks` reaches other systems."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.conversations.model import Message, Reply
from bot.handoff.events import Event
from bot.handoff.model import Case, Note, Person, TranscriptLine, Wish
from bot.mail.model import Letter


class Handoffs(Protocol):
    """
    Who holds what. Each act is one transaction, with the notice that the customer gets of it.

    Raised where an act is not possible: UnknownConversationError, NotYoursError, ClosedError, and what an act names.
    """

    async def take(self, conversation: str, person: Person, notice: Reply) -> Message | None:
        """
        From the queue or from the bot; None when the person has it already.

        Raises TakenError and NoSeatError.
        """

    async def take_next(self, person: Person, notice: Reply) -> tuple[str, Message] | None:
        """The one that waits longest for everybody or for one of the person's groups. Raises NoSeatError."""

    async def say(self, conversation: str, person: Person, key: str, text: str) -> tuple[Message, bool]:
        """What the person writes, and whether it is new: the same `key` again is the same message."""

    async def hand(self, conversation: str, person: Person, receiver: int, notice: Reply) -> Message:
        """To a colleague; seats do not count here. Raises UnknownReceiverError."""

    async def queue(self, conversation: str, person: Person, group: str | None, notice: Reply) -> Message:
        """Back into the queue, at its old place, for everybody or a group. Raises UnknownReceiverError."""

    async def give_back(self, conversation: str, person: Person, notice: Reply) -> Message:
        """To the bot."""

    async def close(
        self, conversation: str, person: Person, reason: str, notices: Sequence[Reply]
    ) -> Sequence[Message]:
        """The end, with the question for a rating."""

    async def abandon(self, person: int, notice: Reply) -> Sequence[tuple[str, Message]]:
        """All that the person holds goes back into the queue, at its old place."""

    async def check_holds(self, conversation: str, person: Person) -> None:
        """Raises NotYoursError unless the person holds it."""

    async def find_person(self, person: int) -> Person | None:
        """An agent that may take conversations."""


class Cases(Protocol):
    """What the desk's lists show."""

    async def case(self, conversation: str) -> Case:
        """Raises UnknownConversationError."""

    async def waiting(self) -> Sequence[Case]:
        """The queue, oldest first."""

    async def held_by(self, person: int) -> Sequence[Case]:
        """What the person holds, oldest first."""

    async def active(self, since: datetime, most: int) -> Sequence[Case]:
        """All that were written in since then and are not closed, newest first."""


class Transcripts(Protocol):
    """Conversations as the desk sees them."""

    async def last(self, conversation: str, most: int, before: int | None = None) -> Sequence[TranscriptLine]:
        """The last lines, or the last before that `seq`; oldest first."""

    async def lines(self, conversation: str, seqs: Sequence[int]) -> Sequence[TranscriptLine]:
        """Those of these `seq`."""

    async def retry(self, conversation: str, seq: int) -> bool:
        """Try a dead letter again; False if the message is none."""

    async def note(self, conversation: str, person: Person, text: str) -> Note:
        """Write a note. Raises UnknownConversationError."""

    async def notes(self, conversation: str) -> Sequence[Note]:
        """All of them, oldest first."""


class Presence(Protocol):
    """Signs of life of agents."""

    async def alive(self, person: int) -> None:
        """The person is there."""

    async def holders(self) -> Sequence[tuple[Person, datetime | None]]:
        """Who holds conversations, and each one's last sign of life."""


class Queue(Protocol):
    """Conversations that wait for a person."""

    async def waiting(self) -> int:
        """How many there are now."""

    async def is_elsewhere(self, conversation: str) -> bool:
        """Whether people answer this one in a system of their channel's, where it waits instead."""


class Staffing(Protocol):
    """The people at the desk."""

    async def is_staffed(self) -> bool:
        """Whether there is any account of an agent that may sign in; not whether one is signed in."""


class Proofs(Protocol):
    """Which mailboxes a conversation has proven to own."""

    async def of(self, conversation: str) -> frozenset[str]:
        """Those whose proof still holds."""


class TranscriptMails(Protocol):
    """Transcripts on their way to customers, by the outbox of mails."""

    async def post(self, wish: Wish, letter: Letter, most: int, since: datetime) -> bool:
        """
        Note the wish and queue the letter, in one transaction; the same `key` again is the same wish.

        False when the conversation has had `most` of them after `since`.
        """


class Events(Protocol):
    """
    The outbox of events for other systems.

    What puts events into it does so within its own transaction: `bot.store.events.SqlEvents.initiate` and `status`.
    """

    async def due(self) -> Sequence[Event]:
        """What may be sent now: of each conversation the oldest event that is not sent."""

    async def seconds_to_next(self) -> float | None:
        """When to look again; None when nothing waits."""

    async def sent(self, event: Event) -> None:
        """The other system has it; what it says is deleted here."""

    async def failed(self, event: Event, error: str, retry_in: float | None) -> None:
        """Not sent; try again in so many seconds, or never (None: a dead letter)."""

    async def dead(self) -> Sequence[Event]:
        """The dead letters, oldest first."""

    async def replay(self, id: int) -> bool:
        """Try a dead letter again; False if it is none."""


class Receiver(Protocol):
    """The other system."""

    async def send(self, event: Event) -> None:
        """Raises ReceiverError; unless it is final the event may have arrived all the same."""

    async def close(self) -> None:
        """Let go of connections."""
