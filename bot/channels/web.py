"""The website widget: see docs/widget-protocol.md."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.channels.formatting import to_html
from bot.channels.rest import HAS_TEXT
from bot.conversations.holding import ACTIONS, Standing
from bot.conversations.model import Author, Incoming, Message

CHANNEL = "web"
LATEST = 2**31 - 1
"""The highest number that a message may have: what databases hold."""


class _Frame(BaseModel):
    model_config = ConfigDict(strict=True)


class Hello(_Frame):
    """The first frame: opens the conversation of the secret."""

    type: Literal["hello"]
    secret: str = Field(max_length=200)
    after: int = Field(0, ge=0, le=LATEST)


class Begin(BaseModel):
    """The body with which a conversation begins, if there is one."""

    model_config = ConfigDict(strict=True, extra="forbid")

    consent: str | None = Field(None, max_length=64)
    """The words about privacy that the customer saw or accepted, see bot.privacy.notice."""


class WebMessage(_Frame):
    """A message, or a pressed button with its title as the text."""

    id: str = Field(min_length=1, max_length=100)
    text: str = Field(json_schema_extra=HAS_TEXT)
    choice: str | None = Field(None, max_length=100)


class Say(WebMessage):
    """A message over the socket."""

    type: Literal["say"]


class Ping(_Frame):
    """A sign of life."""

    type: Literal["ping"]


class Types(_Frame):
    """The customer is writing, or no longer."""

    type: Literal["typing"]
    on: bool


class Sees(_Frame):
    """The device has everything up to `seq`, and shows it if `read`."""

    type: Literal["seen"]
    seq: int = Field(ge=1, lt=2**31)
    read: bool = False


class Rates(_Frame):
    """Whether the answer `seq` helped."""

    type: Literal["rate"]
    seq: int = Field(ge=1, lt=2**31)
    up: bool


AnySignal = Types | Sees | Rates
AnyFrame = Hello | Say | Ping | AnySignal
Signal: TypeAdapter[AnySignal] = TypeAdapter(Annotated[AnySignal, Field(discriminator="type")])
"""What is not said: sent beside the messages, and never stored among them."""
Frame: TypeAdapter[AnyFrame] = TypeAdapter(Annotated[AnyFrame, Field(discriminator="type")])


def new_secret() -> str:
    """256 random bits that open one conversation."""
    return secrets.token_urlsafe(32)


def address_of(secret: str) -> str:
    """
    How the secret is stored.

    A plain hash is enough here: it cannot be guessed back, because the secret is
    random and not a password that a person thought of.
    """
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()


def parse(secret: str, message: WebMessage) -> Incoming:
    """What the customer said."""
    return Incoming(CHANNEL, address_of(secret), message.id, message.text, message.choice)


def render(message: Message) -> dict[str, Any]:
    """A message as the widget gets it."""
    shown: dict[str, Any] = {
        "seq": message.seq,
        "id": message.id,
        "from": message.author,
        "text": message.text,
        "at": message.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    if message.author is not Author.CUSTOMER:
        shown["html"] = to_html(message.text)
    if message.agent:
        shown["agent"] = message.agent
    if message.rateable:
        shown["rateable"] = True
    if message.buttons:
        shown["buttons"] = [{"id": button.id, "title": button.title} for button in message.buttons]
    return shown


def render_all(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Several messages, oldest first."""
    return [render(message) for message in messages]


def render_standing(standing: Standing, sentence: Callable[[str], str]) -> dict[str, Any]:
    """Who holds the conversation, as the widget gets it; `sentence` gives a response of the domain."""
    actions = [{"id": name, "title": sentence(name)} for name in ACTIONS.get(standing.holder, ())]
    return {"holder": standing.holder, "position": standing.position, "agent": standing.agent, "actions": actions}


def known_as(standing: Standing) -> str:
    """A standing as a client that fetches names the one it knows."""
    return f"{standing.holder}:{standing.position or ''}:{standing.agent or ''}"
