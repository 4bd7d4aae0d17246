"""
What a channel is: the one port between a vendor and the road.

Road: the vendor calls → `check` → `parse` → bot.channels.inbound → … → bot.conversations.delivery → `send`.
How to write one: docs/how-to/add-a-channel.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from pydantic_settings import BaseSettings

from bot.channels.parts import Form, split
from bot.clock import Clock
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Author, Choice, Incoming, Message
from bot.settings import Settings


@dataclass(frozen=True)
class Call:
    """A request to the channel's address, `/webhooks/<name>`."""

    method: str
    """GET or POST."""
    headers: Mapping[str, str]
    """Their names in any case."""
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the vendor gets at once; turns are taken after it."""

    text: str = ""
    status: int = 200
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Said:
    """A message, a pressed button, or an edit (whose message id then differs from the first one's)."""

    incoming: Incoming
    """With files, its text may be empty."""
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Unreadable:
    """Something that a customer sent and nobody here can read, such as a sticker or a place; answered politely."""

    incoming: Incoming
    """Its text is what the transcript shows, best a sign that all languages know."""


@dataclass(frozen=True)
class Failed:
    """The vendor took a message of ours and could not bring it to the customer."""

    address: str
    message_id: int
    """Ours: `Part.message_id`, which the vendor gave back."""
    reason: str


@dataclass(frozen=True)
class Gone:
    """The customer blocks us, or is no more."""

    address: str
    reason: str


@dataclass(frozen=True)
class Seen:
    """The customer's device has what we sent up to `seq`, and shows it if `read`."""

    address: str
    seq: int
    read: bool


@dataclass(frozen=True)
class SeenUntil:
    """The same by time, for vendors that name no message of ours: what we said up to the moment."""

    address: str
    moment: datetime
    read: bool


Event = Said | Unreadable | Failed | Gone | Seen | SeenUntil
Take = Callable[[Sequence[Event]], Awaitable[None]]


@dataclass(frozen=True)
class Part:
    """One text of a message, as the vendor gets it."""

    text: str
    """In the vendor's style, within its limit."""
    buttons: tuple[Choice, ...]
    """To be shown as such; empty where there are none, or only numbers in the text, see `Form`."""
    message_id: int
    """Ours."""
    seq: int
    key: str
    """The same on every attempt, for vendors that take a key against doubles."""
    author: Author = Author.BOT


class Notes(Protocol):
    """What a channel must remember: small values by key, kept in the database."""

    async def find(self, channel: str, key: str) -> dict[str, Any] | None:
        """None where nothing was kept."""

    async def keep(self, channel: str, key: str, value: Mapping[str, Any]) -> None:
        """JSON values; what was kept under the key is replaced."""


@dataclass(frozen=True)
class Tools:
    """What a channel may be made from."""

    settings: Settings
    notes: Notes
    sentence: Callable[[str], str]
    """A response of the domain, such as `utter_list_button`, in the customers' language."""
    clock: Clock

    @property
    def timeout(self) -> float:
        """Seconds that a vendor has for an answer."""
        return self.settings.channels_timeout


class Channel(ABC):
    """One vendor's way of talking. Nothing is opened when it is made."""

    name: ClassVar[str]
    """As in POSTBOTE_CHANNELS and in the address `/webhooks/<name>`."""
    form: Form
    """What the vendor shows."""
    opened_by: ClassVar[frozenset[str]] = frozenset({"POST"})
    """Methods that `check` and `parse` are asked about; a vendor's handshake may come by GET."""

    @abstractmethod
    async def check(self, call: Call) -> None:
        """Raises ForgedError unless the vendor made the call; compares in constant time."""

    @abstractmethod
    def parse(self, call: Call) -> Sequence[Event]:
        """
        What happened, oldest first; a real event that does not matter to us is none.

        Raises ForeignError when the payload is not of the vendor's form.
        """

    def reply(self, call: Call) -> Answer:  # noqa: ARG002 -- for those that answer with what they were asked
        """To a call that was checked and parsed, and whose events are stored."""
        return Answer()

    async def send(self, address: str, message: Message, parts_sent: int = 0) -> None:
        """See bot.conversations.ports.Sender; cuts the message into parts for `post`."""
        texts = split(message, self.form)
        for number, text in list(enumerate(texts))[parts_sent:]:
            shown = self.form.buttons(message) if number == len(texts) - 1 else ()
            part = Part(text, shown, int(message.id), message.seq, f"{message.id}-{number}", message.author)
            try:
                await self.post(address, part)
            except DeliveryError as error:
                error.parts_sent = number
                raise

    @abstractmethod
    async def post(self, address: str, part: Part) -> None:
        """Send one text. Raises DeliveryError with the vendor's reason."""

    async def hand_over(self, address: str) -> None:  # noqa: B027 -- see Kind.own_desk
        """Let people take over at the vendor's; the bot hears no more of it until they give it back."""

    async def remember(self, incoming: Incoming) -> None:  # noqa: B027 -- few vendors have rules that need it
        """Keep in notes what must be known before anything is answered; the message is stored only after it."""

    async def acknowledge(self, incoming: Incoming) -> None:  # noqa: B027 -- not every vendor has such marks
        """Tell the customer that the message is here, such as by a read mark; a failure is only logged."""

    async def fetch(self, file: File, most: int) -> bytes:  # noqa: ARG002 -- for those with files
        """What was attached, if it has `most` bytes at most. Raises DeliveryError, and TooLargeError of it."""
        raise DeliveryError(f"The channel {self.name} fetches no files.", final=True)

    async def listen(self, take: Take) -> None:  # noqa: B027 -- most vendors call
        """For vendors that do not call: get events and hand them to `take`, until cancelled; see `listens`."""

    @property
    def listens(self) -> bool:
        """Whether `listen` is to be run, as long as the process lives; it is started again when it fails."""
        return type(self).listen is not Channel.listen

    @abstractmethod
    async def ping(self) -> str:
        """Who we are at the vendor's, such as the bot's name. Raises ChannelError."""

    async def set_webhook(self, url: str) -> str:
        """Tell the vendor our address, where it can be told; returns what was done. Raises ChannelError."""
        return f"{self.name} is told its address in the vendor's console: {url}"

    async def close(self) -> None:  # noqa: B027 -- not all open any
        """Let go of connections."""


Maker = Callable[[Tools], Channel]
"""Raises SettingsError, which names the key, when the channel's options do not fit."""


@dataclass(frozen=True)
class Kind:
    """An entry of the registry."""

    make: Maker
    options: type[BaseSettings]
    """The channel's `Options`, for `python -m bot settings`."""
    own_desk: bool = False
    """People answer in the vendor's system, not at our desk: a hand-off calls `Channel.hand_over`."""
