"""
Rasa's REST channel, so that its clients work here.

https://rasa.com/docs/rasa/connectors/your-own-website/#restinput: `{"sender", "message", "metadata"}` in,
`[{"recipient_id", "text", "buttons": [{"title", "payload"}]}]` out. The reply's text is the
answer's Markdown, as Rasa bots give it. A button's payload is an opaque id; clients send it
back as the message, with or without a slash before it. Nothing can be pushed to such a client:
what is said in the meantime, such as news of a ticket, comes before the replies to its next message.
"""

import re
import uuid
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from bot.conversations.model import Incoming, Message

CHANNEL = "rest"
LONGEST_ID = 255
CHOICE = re.compile(r"/?choice-([A-Za-z0-9_-]{16})")
"""A button's payload as it comes back. The prefix keeps it apart from what a customer types."""

HAS_TEXT: dict[str, JsonValue] = {"pattern": r"\S"}
"""What the door makes sure of, see bot.gateway.body.check_text, for the API's description."""


class RestMessage(BaseModel):
    """The request's body."""

    model_config = ConfigDict(strict=True)

    sender: str = Field(min_length=1, max_length=255)
    message: str = Field(min_length=1, json_schema_extra=HAS_TEXT)
    metadata: dict[str, Any] | None = None
    """
    `message_id` in it makes sending again harmless: the same id is the same message.
    `token` in it proves whose mailboxes the conversation is about, see docs/how-to/identify-customers.md.
    """

    @field_validator("metadata")
    @classmethod
    def _storable(cls, metadata: dict[str, Any] | None) -> dict[str, Any] | None:
        if len(str((metadata or {}).get("message_id"))) > LONGEST_ID:
            raise ValueError(f"message_id may have {LONGEST_ID} characters")
        return metadata

    @property
    def message_id(self) -> str | None:
        """The metadata's."""
        given = (self.metadata or {}).get("message_id")
        return str(given) if given else None

    @property
    def token(self) -> str | None:
        """The metadata's token."""
        token = (self.metadata or {}).get("token")
        return token if isinstance(token, str) else None


def parse(body: RestMessage) -> Incoming:
    """What the customer said; a message without an id gets one, and is new each time."""
    metadata = body.metadata or {}
    pressed = CHOICE.fullmatch(body.message.strip())
    return Incoming(
        channel=CHANNEL,
        address=body.sender,
        message_id=body.message_id or str(uuid.uuid4()),
        text=body.message,
        choice=pressed[1] if pressed else None,
        metadata={name: value for name, value in metadata.items() if name != "token"},
    )


def render(sender: str, replies: Sequence[Message]) -> list[dict[str, Any]]:
    """The response's body."""
    return [_reply(sender, reply) for reply in replies]


def _reply(sender: str, reply: Message) -> dict[str, Any]:
    item: dict[str, Any] = {"recipient_id": sender, "text": reply.text}
    if reply.buttons:
        item["buttons"] = [{"title": button.title, "payload": f"/choice-{button.id}"} for button in reply.buttons]
    return item
