"""The buttons that a conversation was offered."""

from sqlalchemy import Connection, func, select

from bot.conversations.model import Author, Button, Choice, Holder, Offer
from bot.store.tables import choices, conversations, messages

RECENT = 20
"""Messages to customers, of which the last with buttons is looked for."""


def find_choice(connection: Connection, conversation: str, choice: str) -> tuple[Choice, str] | None:
    """The button and its payload, if this conversation was offered it."""
    query = select(choices.c.title, choices.c.payload).where(
        choices.c.id == choice, choices.c.conversation_id == conversation
    )
    row = connection.execute(query).first()
    return (Choice(choice, row.title), row.payload) if row else None


def find_offer(connection: Connection, channel: str, address: str) -> Offer | None:
    """None when it was offered none, or there is no such conversation."""
    key = (conversations.c.channel == channel, conversations.c.address == address)
    found = connection.execute(select(conversations.c.id, conversations.c.holder).where(*key)).first()
    if found is None:
        return None
    here = messages.c.conversation_id == found.id
    theirs = select(messages.c.seq, messages.c.buttons).where(here, messages.c.author != Author.CUSTOMER)
    lines = connection.execute(theirs.order_by(messages.c.seq.desc()).limit(RECENT))
    shown = next((row for row in lines if row.buttons), None)
    if shown is None:
        return None
    ids = [button["id"] for button in shown.buttons]
    rows = connection.execute(select(choices.c.id, choices.c.title, choices.c.payload).where(choices.c.id.in_(ids)))
    buttons = {row.id: Button(row.title, row.payload) for row in rows}
    last = connection.scalar(select(func.max(messages.c.seq)).where(here, messages.c.author == Author.CUSTOMER))
    fresh = (last or 0) < shown.seq
    return Offer(Holder(found.holder), fresh, tuple(buttons[each] for each in ids))
