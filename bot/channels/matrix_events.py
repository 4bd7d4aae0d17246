"""
Matrix's answers to /sync as its specification documents them, and what a customer's event in them means.

https://spec.matrix.org/latest/client-server-api/#syncing and #room-events there. What stands in an event's `content` is
anyone's to choose, so a malformed event is passed over: one that stopped the reading would stop it for every customer.
"""

import json
import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from bot.channels.errors import ForeignError
from bot.channels.payload import Payload, fit
from bot.channels.port import Event, Said, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming
from bot.strict_json import decode

MESSAGES = ("m.room.message", "m.sticker", "m.poll.start", "org.matrix.msc3381.poll.start")
"""What a customer says, in types of events."""
WANTED = (*MESSAGES, "m.room.encrypted", "m.room.encryption", "m.room.member")
UNREADABLE = {"m.sticker": "🙂", "m.poll.start": "📊", "org.matrix.msc3381.poll.start": "📊", "m.location": "📍"}
"""What nobody here can read, by type of event or of message, and how the transcript shows it."""
VOICE = "🎤"
FILES = {
    "m.image": ("image", "image/png"),
    "m.file": ("file", "application/octet-stream"),
    "m.audio": ("audio", "audio/ogg"),
    "m.video": ("video", "video/mp4"),
}
"""Name and type of what Matrix names neither of."""
SILENT = frozenset({"m.notice", "m.server_notice", "m.key.verification.request"})
"""Bots and servers say these, and no bot may answer them: https://spec.matrix.org/latest/client-server-api/#mnotice"""
THREAD = "m.thread"
EDIT = "m.replace"
LONGEST_ADDRESS = 255
EventId = Annotated[str, Field(pattern=r"^\$[!-~]{1,199}$")]
"""Strict, because a customer can name any thread, and its id becomes a part of our address."""
ROOM = re.compile(r"\A![!-~]{1,199}\Z")
_PILL = re.compile(r"""<a href=["']https://matrix\.to/#/([^"'?]+)[^>]*>([^<]*)</a>""")
_QUOTE = re.compile(r"\A(?:> [^\n]*\n)+\n?")


class _Named(Payload):
    """Matrix's names have dots in them."""

    model_config = ConfigDict(populate_by_name=True)


class Reply(Payload):
    """What a message answers."""

    event_id: EventId


class Relation(_Named):
    """To another event."""

    rel_type: str | None = None
    event_id: EventId | None = None
    reply: Reply | None = Field(None, alias="m.in_reply_to")


class Mentions(Payload):
    """https://spec.matrix.org/latest/client-server-api/#user-and-room-mentions"""

    user_ids: list[str] = Field(default_factory=list)


class Info(Payload):
    """Of a file."""

    mimetype: str | None = None
    size: Annotated[int, Field(ge=0, lt=2**53)] | None = None


class Content(_Named):
    """Of a message."""

    msgtype: str = ""
    body: str = ""
    formatted_body: str | None = None
    filename: str | None = None
    url: str | None = None
    info: Info | None = None
    voice: dict[str, Any] | None = Field(None, alias="org.matrix.msc3245.voice")
    mentions: Mentions | None = Field(None, alias="m.mentions")
    relation: Relation | None = Field(None, alias="m.relates_to")
    edited: "Content | None" = Field(None, alias="m.new_content")

    @property
    def now(self) -> "Content":
        """As it reads after the edit, if it is one."""
        return self.edited if self.edited and self.relation and self.relation.rel_type == EDIT else self

    def names(self, user: str) -> bool:
        """Whether the user is mentioned; clients of before 2023 do it by a link, or by the whole name."""
        if self.mentions is not None:
            return user in self.mentions.user_ids
        return user in self.body or any(target == user for target, _ in _PILL.findall(self.formatted_body or ""))


class RoomEvent(Payload):
    """One event of a room."""

    type: str
    event_id: EventId
    sender: str = Field(max_length=255)
    state_key: str | None = None
    content: dict[str, Any]
    unsigned: dict[str, Any] = Field(default_factory=dict)

    @property
    def membership(self) -> str:
        """What the user of `state_key` is in the room now."""
        return _membership(self.content)

    def membership_of(self, user: str) -> tuple[str, str]:
        """What the user was before and is now in the room; empty where the event says nothing of them."""
        if self.type != "m.room.member" or self.state_key != user:
            return "", ""
        before = self.unsigned.get("prev_content")
        return _membership(before), self.membership


class Timeline(Payload):
    """What happened in a room, oldest first."""

    events: list[Any] = Field(default_factory=list)
    limited: bool = False
    prev_batch: str | None = None


class Room(Payload):
    """What is new in a room."""

    timeline: Timeline = Timeline()


def _ours(rooms: Any) -> Any:
    # Any homeserver may call a room by a name that we cannot keep; it must not hold up the others.
    return {room: news for room, news in rooms.items() if ROOM.match(room)} if isinstance(rooms, dict) else rooms


Fitting = BeforeValidator(_ours)


class News(Payload):
    """Of rooms, by their ids."""

    join: Annotated[dict[str, Room], Fitting] = Field(default_factory=dict)
    invite: Annotated[dict[str, Any], Fitting] = Field(default_factory=dict)
    leave: Annotated[dict[str, Any], Fitting] = Field(default_factory=dict)


class Sync(Payload):
    """What happened since the last time."""

    next_batch: str = Field(min_length=1)
    rooms: News = News()


class Page(Payload):
    """Of a room's history, newest first."""

    chunk: list[Any] = Field(default_factory=list)
    end: str | None = None


def find_event(raw: Any) -> RoomEvent | None:
    """None where it is malformed, or holds halves of signs, which JSON can and no database."""
    try:
        return fit(decode(json.dumps(raw)), RoomEvent)
    except (ForeignError, ValueError, RecursionError):
        return None


def find_content(event: RoomEvent) -> Content | None:
    """None where nothing is said in it: a redacted event keeps its type, and loses its content."""
    try:
        return fit(event.content, Content) if event.content else None
    except ForeignError:
        return None


def since_invited(events: Sequence[RoomEvent], user: str) -> Sequence[RoomEvent]:
    """Without what was said before the user was invited, where they joined in these events."""
    places = [number for number, event in enumerate(events) if _joins(event, user)]
    if not places:
        return events
    invited = [number for number, event in enumerate(events[: places[-1]]) if event.membership_of(user)[1] == "invite"]
    return events[(invited or places)[-1] + 1 :]


def address_of(room: str, thread: str | None) -> str | None:
    """What the conversation is called; None where it is too long for us. Neither id has a space."""
    address = f"{room} {thread}" if thread else room
    return address if len(address) <= LONGEST_ADDRESS else None


def place_of(address: str) -> tuple[str, str | None]:
    """Room and thread."""
    room, _, thread = address.partition(" ")
    return room, thread or None


def understand(event: RoomEvent, content: Content, address: str, user: str) -> Event | None:
    """What a customer's message means to `user`, the bot; None where it means nothing."""
    said = content.now
    if said.msgtype in SILENT:
        return None
    incoming = Incoming("matrix", address, event.event_id, _text(said, user), most_buttons=0)
    if sign := _sign(event, said):
        return Unreadable(_with(incoming, sign))
    if said.msgtype not in FILES:
        return Said(incoming) if incoming.text else None
    file = _file(said)
    return Said(_with(incoming, _caption(said)), (file,)) if file else Unreadable(_with(incoming, "📎"))


def _sign(event: RoomEvent, content: Content) -> str | None:
    if content.voice is not None:
        return VOICE
    return UNREADABLE.get(event.type) or UNREADABLE.get(content.msgtype)


def _with(incoming: Incoming, text: str) -> Incoming:
    return Incoming(incoming.channel, incoming.address, incoming.message_id, text, most_buttons=0)


def _text(content: Content, user: str) -> str:
    text = content.body
    if content.relation and content.relation.reply:
        text = _QUOTE.sub("", text)
    # The words of a mention stand before what is said: "Postbote: Wie voll ist mein Postfach?"
    shown = {words for target, words in _PILL.findall(content.formatted_body or "") if target == user and words}
    names = "|".join(re.escape(name) for name in sorted({user, *shown}, key=len, reverse=True))
    return re.sub(rf"\A\s*@?(?:{names})(?!\w)[\s:,]*", "", text, flags=re.IGNORECASE) or text


def _caption(content: Content) -> str:
    """https://spec.matrix.org/latest/client-server-api/#media-captions"""
    return content.body if content.filename not in {None, content.body} else ""


def _file(content: Content) -> File | None:
    if not content.url or len(content.url) > 500:
        return None
    name, type_ = FILES[content.msgtype]
    info = content.info or Info()
    shown = (content.filename or content.body)[:200] or name
    return File(shown, (info.mimetype or type_)[:100], info.size, content.url)


def _membership(content: Any) -> str:
    found = content.get("membership") if isinstance(content, dict) else None
    return found if isinstance(found, str) else ""


def _joins(event: RoomEvent, user: str) -> bool:
    """A change of the displayed name comes as a membership, too."""
    before, now = event.membership_of(user)
    return now == "join" != before
