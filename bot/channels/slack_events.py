"""
What Slack calls us with, and what of it customers said.

https://docs.slack.dev/apis/events-api, https://docs.slack.dev/reference/events/message and
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

import re
from collections.abc import Sequence
from html import unescape
from typing import Annotated, Any

from pydantic import Field

from bot.channels.payload import Payload, fit
from bot.channels.port import Event, Said, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming

NAME = "slack"
MOST_BUTTONS = 25
"""https://docs.slack.dev/reference/block-kit/blocks/actions-block"""
BUTTONS = "choice"
"""What the action ids of our buttons begin with."""
READ = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes that a person writes; the others are news of the channel, or a bot's."""
VOICE = "slack_audio"
ADDRESS = re.compile(r"[A-Za-z0-9._-]{1,50}(:[A-Za-z0-9._-]{1,50}){1,3}")
CHOICE = re.compile(r"[A-Za-z0-9_-]{1,100}")
MARKED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
"""https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages"""

Key = Annotated[str, Field(pattern=r"\A[A-Za-z0-9._-]{1,50}\z")]
"""An id or a time stamp; four of them make an address."""


class SlackFile(Payload):
    """https://docs.slack.dev/reference/objects/file-object"""

    name: str | None = None
    mimetype: str | None = None
    size: int | None = None
    subtype: str | None = None
    url_private: str | None = None
    url_private_download: str | None = None


class Edited(Payload):
    """When a message was changed."""

    ts: Key


class SlackMessage(Payload):
    """Of a person or a bot."""

    ts: Key
    user: Key | None = None
    bot_id: str | None = None
    text: str | None = None
    thread_ts: Key | None = None
    edited: Edited | None = None
    files: list[SlackFile] = Field(default_factory=list)


class SlackEvent(Payload):
    """The inner event; which fields it has depends on its type."""

    type: str
    subtype: str = ""
    channel: Any = None
    channel_type: str = ""
    message: Any = None
    previous_message: Any = None


class Authorization(Payload):
    """An installation of the app."""

    user_id: Key | None = None


class Wrapper(Payload):
    """https://docs.slack.dev/apis/events-api#event-type-structure"""

    team_id: Key
    event: dict[str, Any]
    authorizations: list[Authorization] = Field(default_factory=list)


class Previous(Payload):
    """A message as it was."""

    text: str | None = None


class Place(Payload):
    """A channel, or where a message is."""

    id: Key


class Action(Payload):
    """A button that was pressed."""

    action_id: str
    block_id: str = ""
    value: str = ""
    action_ts: Key
    text: dict[str, Any] = Field(default_factory=dict)


class Pressed(Payload):
    """block_actions, on a message."""

    user: Place
    channel: Place | None = None
    message: dict[str, Any] = Field(default_factory=dict)
    actions: list[Action] = Field(max_length=100)


def read_event(value: Any) -> Sequence[Event]:
    """Of an `event_callback`. Raises ForeignError."""
    wrapper = fit(value, Wrapper)
    event = fit(wrapper.event, SlackEvent)
    if event.type not in {"message", "app_mention"}:
        return ()
    if event.subtype == "message_changed":
        return _edited(wrapper, event)
    return _said(wrapper, event, fit(wrapper.event, SlackMessage)) if event.subtype in READ else ()


def read_pressed(value: Any) -> Sequence[Event]:
    """Of `block_actions`: our own buttons only. Raises ForeignError."""
    pressed = fit(value, Pressed)
    return [
        _chosen(pressed, action)
        for action in pressed.actions
        if action.action_id.startswith(BUTTONS) and CHOICE.fullmatch(action.value) and _is_theirs(pressed, action)
    ]


def place_of(address: str) -> tuple[str, str | None]:
    """The channel, and the thread in it."""
    _, channel, *rest = address.split(":")
    return channel, rest[0] if rest else None


def _edited(wrapper: Wrapper, event: SlackEvent) -> Sequence[Event]:
    """Slack says `message_changed` also when it adds the preview of a link; then nobody edited the text."""
    message = fit(event.message, SlackMessage)
    before = fit(event.previous_message, Previous) if event.previous_message is not None else Previous()
    if message.edited is None or before.text == message.text:
        return ()
    return _said(wrapper, event, message, f"{message.ts}:{message.edited.ts}")


def _said(wrapper: Wrapper, event: SlackEvent, message: SlackMessage, id: str = "") -> Sequence[Event]:
    ours = {each.user_id for each in wrapper.authorizations if each.user_id}
    if message.bot_id or not message.user or message.user in ours or not _is_addressed(event, message, ours):
        return ()
    files = tuple(map(_file, message.files))
    text = _plain(message.text or "", ours)
    is_voice = any(file.subtype == VOICE for file in message.files)
    sign = "" if text or (files and not is_voice) else "🎤" if is_voice else "👋"
    said = Incoming(NAME, _address(wrapper, event, message), id or message.ts, text or sign, None, MOST_BUTTONS)
    return [Unreadable(said) if sign else Said(said, files)]


def _is_addressed(event: SlackEvent, message: SlackMessage, ours: set[str]) -> bool:
    return (
        _is_direct(event) or event.type == "app_mention" or any(f"<@{each}>" in (message.text or "") for each in ours)
    )


def _is_direct(event: SlackEvent) -> bool:
    return event.channel_type == "im"


def _address(wrapper: Wrapper, event: SlackEvent, message: SlackMessage) -> str:
    """
    Team and channel, and the thread.

    Where others read along, it is the person's own conversation in the thread, so that what one of them has proven
    is not at the others' disposal.
    """
    channel = fit({"id": event.channel}, Place).id
    if _is_direct(event):
        return ":".join(filter(None, (wrapper.team_id, channel, message.thread_ts)))
    return f"{wrapper.team_id}:{channel}:{message.thread_ts or message.ts}:{message.user}"


def _is_theirs(pressed: Pressed, action: Action) -> bool:
    """Whether the buttons are of this place, and were offered to the one who pressed."""
    if not ADDRESS.fullmatch(action.block_id):
        return False
    _, channel, *rest = action.block_id.split(":")
    return pressed.channel is not None and channel == pressed.channel.id and rest[1:] in ([], [pressed.user.id])


def _chosen(pressed: Pressed, action: Action) -> Said:
    title = action.text.get("text")
    return Said(
        Incoming(
            NAME,
            action.block_id,
            f"{action.action_ts}:{pressed.user.id}",
            title if isinstance(title, str) else "",
            action.value,
            MOST_BUTTONS,
            metadata={"message": pressed.message},
        )
    )


def _file(file: SlackFile) -> File:
    # Without an address it is kept from us, such as in a channel that is shared with another organisation.
    reference = file.url_private_download or file.url_private or ""
    name = (file.name or "").replace("\0", "") or "?"
    return File(name, file.mimetype or "application/octet-stream", file.size, reference)


def _plain(text: str, ours: set[str]) -> str:
    """As the person typed it: links by their words, our own name left out."""

    def show(mark: re.Match[str]) -> str:
        target, words = mark[1], mark[2]
        if target.startswith("@"):
            return "" if target[1:] in ours else f"@{words or target[1:]}"
        if target.startswith(("#", "!")):
            return f"{target[0].replace('!', '@')}{words or target[1:]}"
        return words or target.removeprefix("mailto:")

    return unescape(MARKED.sub(show, text)).strip()
