"""What conversations need from others."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.conversations.files import Attachment, Expected, File, FileState
from bot.conversations.holding import Standing
from bot.conversations.model import (
    Accepted,
    Choice,
    Delivery,
    Incoming,
    Message,
    Offer,
    Reply,
    Suggestion,
    Turn,
    Waiting,
)


class Dialogue(Protocol):
    """The dialogue engine: text and state in, replies and state out."""

    async def respond(self, waiting: Waiting) -> Turn:
        """
        Take the turn of a message.

        The ids of conversation and message make what actions do idempotent, so a turn
        may be taken again after a crash. Turns of one conversation must not overlap.
        Any exception means that the turn had no effect on the state; UnavailableError, that it is to be taken later.
        """

    def sentence(self, name: str) -> Reply:
        """The response `name` of the domain, such as `utter_turn_failed`, outside of a turn."""

    def title(self, label: str) -> str:
        """What a label is called among people: an entry's question, a procedure's name, else the label itself."""

    def suggest(self, text: str, n: int) -> Sequence[Suggestion]:
        """The `n` FAQ entries that a text most probably asks for, likeliest first, whatever `respond` would do."""


class Conversations(Protocol):
    """Where conversations are kept."""

    async def begin(self, channel: str, address: str) -> str:
        """The id of the address's conversation, which begins now if there is none."""

    async def find(self, channel: str, address: str) -> str | None:
        """The id of the address's conversation."""

    async def find_choice(self, conversation: str, choice: str) -> tuple[Choice, str] | None:
        """The button and its payload, if this conversation was offered it."""

    async def find_offer(self, channel: str, address: str) -> Offer | None:
        """The buttons that the address's conversation was offered last."""

    async def accept(self, incoming: Incoming, payload: str | None, most_waiting: int) -> Accepted:
        """
        Store a message, with the payload of its button; one that came before is not stored again.

        Raises TooManyError when `most_waiting` of the conversation's messages wait already.
        """

    async def answer(self, incoming: Incoming, reply: Reply) -> tuple[Accepted, Message | None]:
        """Store a message with its answer, so that no turn is taken; without one when the message came before."""

    async def unfinished(self) -> Sequence[str]:
        """Conversations with messages that wait for their turn."""

    async def count_deaths(self) -> None:
        """To be called when a process starts: the turns that were under way died with the last one, but suspects'."""

    async def try_alone(self, waiting: Waiting) -> None:
        """A suspect's turn begins: if the process dies now, that is counted already."""

    async def next_waiting(self, conversation: str) -> Waiting | None:
        """The oldest message whose turn is to be taken."""

    async def finish(self, waiting: Waiting, turn: Turn) -> Sequence[Message] | None:
        """
        Write a turn: message done, state saved, replies queued, in one transaction.

        Returns the replies as stored, or None when the message's turn was written before, by whomever, or
        something was erased from the conversation since it began; then this one leaves no trace.
        """

    async def find_replies(self, message: int) -> Sequence[Message] | None:
        """What was answered to a message; None while its turn is not over."""

    async def replies_to(self, message: int) -> Sequence[Message]:
        """What the bot answered to a message."""

    async def messages_after(self, conversation: str, seq: int) -> Sequence[Message]:
        """The transcript behind `seq`."""

    async def news_before(self, conversation: str, seq: int) -> Sequence[Message]:
        """What the customer was told unasked between their message `seq` and the one before it."""


class Standings(Protocol):
    """Who holds conversations, and what customers have seen."""

    async def standing(self, conversation: str) -> Standing:
        """Who holds it, and its place in the queue."""

    async def positions(self) -> Mapping[str, int]:
        """The place of each conversation in the queue, from 1."""

    async def last_seqs(self, conversations: Collection[str]) -> Mapping[str, int]:
        """How far each of them has come."""

    async def delivered(self, conversation: str) -> int:
        """Up to which `seq` the customer's device is known to have everything."""

    async def seen_until(self, conversation: str, moment: datetime, *, read: bool) -> bool:
        """As `seen`, of everything that was said until the moment."""

    async def seen(self, conversation: str, seq: int, *, read: bool) -> bool:
        """The customer's device has everything up to `seq`, and shows it if `read`; False if that was known."""


class Reception(Protocol):
    """Whether people can be called."""

    async def is_open(self, conversation: str) -> bool:
        """Somebody is there for it."""


class Outbox(Protocol):
    """Messages on their way to channels that are pushed to."""

    async def due(self) -> Sequence[Delivery]:
        """What may be sent now: of each conversation the oldest message that is not sent."""

    async def seconds_to_next(self) -> float | None:
        """When to look again; None when nothing waits."""

    async def sent(self, delivery: Delivery) -> None:
        """The channel has taken it."""

    async def failed(self, delivery: Delivery, error: str, retry_in: float | None, parts_sent: int = 0) -> None:
        """It did not arrive, or only so many parts did; try again in so many seconds, or never (None: dead letter)."""


class Contacts(Protocol):
    """Whether customers of channels can be reached."""

    async def gone(self, channel: str, address: str, reason: str) -> None:
        """Nothing reaches them: what still waits for them is dead, and the desk sees why."""

    async def back(self, channel: str, address: str) -> None:
        """They write, so they are there; what waited for that is sent."""

    async def failed(self, channel: str, address: str, message: int, reason: str) -> None:
        """The vendor took the message `message` of ours, and did not bring it to them."""


class Attachments(Protocol):
    """What customers attach, where it is kept."""

    async def expect(self, message: int, channel: str, files: Sequence[File]) -> None:
        """They are to be fetched, and belong to the customer's message; to be told twice is harmless."""


class AttachmentStore(Attachments, Protocol):
    """Where that is."""

    async def due(self) -> Sequence[Expected]:
        """What may be fetched now, a few at a time."""

    async def seconds_to_next(self) -> float | None:
        """When to look again; None when nothing waits."""

    async def kept(self, expected: Expected, type: str, content: bytes) -> None:
        """Store its content, and its type by that."""

    async def refused(self, expected: Expected, state: FileState, reason: str, words: str) -> Message | None:
        """It is not kept, for ever; the customer is told so by `words`. None when another process has dealt with it."""

    async def failed(self, expected: Expected, error: str, retry_in: float) -> None:
        """Try again in so many seconds."""

    async def find(self, conversation: str, id: int) -> tuple[Attachment, bytes] | None:
        """A kept one of the conversation, with its content."""


class Fetcher(Protocol):
    """A channel that has files of customers; see bot.channels.port for the whole of it."""

    async def fetch(self, file: File, most: int) -> bytes:
        """What was attached, if it has `most` bytes at most. Raises DeliveryError, and TooLargeError of it."""


class Sender(Protocol):
    """A channel that messages are pushed to; see bot.channels.port for the whole of it."""

    async def send(self, address: str, message: Message, parts_sent: int = 0) -> None:
        """Without the parts that have arrived before. Raises DeliveryError when it did not arrive."""

    async def hand_over(self, address: str) -> None:
        """Let people take over in the channel's own system; only asked of channels that have one."""
