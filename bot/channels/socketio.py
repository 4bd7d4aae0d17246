"""
Socket.IO, as Rasa's `socketio` channel speaks it, so that Rasa's chat widget and rasa-webchat work here.

https://rasa.com/docs/rasa/connectors/your-own-website/#websocket-channel: `session_request` {session_id} is answered
by `session_confirm` id; `user_uttered` {message, session_id, metadata} by any number of `bot_uttered`
{text, quick_replies}. The session's id is the secret that opens the conversation, and always made here.
"""

import uuid
from typing import Any

from pydantic import Field, field_validator

from bot.channels.errors import ForeignError
from bot.channels.options import Options
from bot.channels.payload import Payload, read_json
from bot.channels.rest import CHOICE
from bot.channels.web import address_of
from bot.conversations.model import Incoming, Message

CHANNEL = "socketio"
REQUEST, CONFIRM, ERROR = "session_request", "session_confirm", "error"
RESERVED = frozenset({"connect", "connect_error", "disconnect", REQUEST, CONFIRM, ERROR})
MOST_BUTTONS = 50
"""More than there ever are: quick replies have no limit."""


class SocketIoOptions(Options):
    """POSTBOTE_CHANNEL_SOCKETIO_…"""

    path: str = Field("/socket.io", pattern=r"^(/[A-Za-z0-9._~-]+)+$", description="Rasa's socketio_path.")
    namespace: str = Field("/", pattern=r"^/[A-Za-z0-9._~/-]*$", description="Rasa's namespace of Socket.IO.")
    user_message_evt: str = Field(
        "user_uttered", min_length=1, description="Event by which a client sends what the customer says."
    )
    bot_message_evt: str = Field("bot_uttered", min_length=1, description="Event by which it gets what is answered.")
    openings: tuple[str, ...] = Field(
        ("/greet", "/get_started", "/session_start"),
        description="What clients send of themselves when the chat is opened (rasa-webchat's initPayload), as JSON.",
    )

    @field_validator("user_message_evt", "bot_message_evt")
    @classmethod
    def _free(cls, value: str) -> str:
        if value in RESERVED:
            raise ValueError(f"{value} has a meaning of its own")
        return value


class Auth(Payload):
    """
    What a client may send when it connects; `pid` and `offset` come of themselves from socket.io-client since 4.6.

    https://socket.io/docs/v4/connection-state-recovery
    """

    pid: str | None = Field(None, max_length=200)
    """The secret that its last connection was given."""
    offset: str | None = Field(None, max_length=100)
    """Of the last event that it got."""
    token: str | None = Field(None, max_length=10_000)
    """Whose mailboxes the conversation is about, see docs/how-to/identify-customers.md."""


class SessionRequest(Payload):
    """Opens the session, or a new one."""

    session_id: str | None = Field(None, max_length=200)


class Uttered(Payload):
    """What the customer says."""

    message: str
    session_id: str | None = Field(None, max_length=200)
    metadata: dict[str, Any] | str | None = None
    """An object, or JSON of one; rasa-webchat calls it customData."""
    custom_data: dict[str, Any] | str | None = Field(None, alias="customData")

    @property
    def told(self) -> dict[str, Any]:
        """The metadata. Raises ForeignError where its JSON is none."""
        given = self.metadata or self.custom_data or {}
        value = read_json(given.encode()) if isinstance(given, str) else given
        return value if isinstance(value, dict) else {}

    @property
    def token(self) -> str | None:
        """The metadata's token."""
        token = self.told.get("token")
        return token if isinstance(token, str) else None


def parse(secret: str, said: Uttered, openings: tuple[str, ...]) -> Incoming:
    """What the customer said, as text. Raises ForeignError when it is nothing."""
    if not said.message.replace("\0", "").strip():
        raise ForeignError("The message is empty. Send some text.")
    pressed = CHOICE.fullmatch(said.message.strip())
    return Incoming(
        channel=CHANNEL,
        address=address_of(secret),
        message_id=str(uuid.uuid4()),
        text=said.message,
        choice=pressed[1] if pressed else None,
        most_buttons=MOST_BUTTONS,
        opens=said.message.strip() in openings,
        metadata={name: value for name, value in said.told.items() if name != "token"},
    )


def render(message: Message) -> dict[str, Any]:
    """A message of ours; clients take one with further keys for something else."""
    shown: dict[str, Any] = {"text": message.text}
    if message.buttons:
        shown["quick_replies"] = [
            {"content_type": "text", "title": button.title, "payload": f"/choice-{button.id}"}
            for button in message.buttons
        ]
    return shown


def offset_of(address: str, seq: int) -> str:
    """What a client sends back when it connects again: of which conversation it has what."""
    return f"{address[:16]}.{seq}"


def seq_of(address: str, offset: str | None) -> int | None:
    """The seq in an offset; None if it is none of this conversation."""
    start, _, number = (offset or "").partition(".")
    if start != address[:16] or not (number.isascii() and number.isdecimal()) or len(number) > 9:
        return None
    return int(number)
