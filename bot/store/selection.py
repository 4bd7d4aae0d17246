"""Conditions for what lies in a stretch of time and in a channel."""

from sqlalchemy import ColumnElement, and_, select, true

from bot.insight.model import Selection
from bot.store.tables import conversations


def within(
    selection: Selection, moment: ColumnElement[object], conversation: ColumnElement[object]
) -> ColumnElement[bool]:
    """`moment` is when it was, `conversation` the id of the conversation in which it was."""
    return and_(moment >= selection.begin, moment < selection.end, in_channel(selection.channel, conversation))


def in_channel(channel: str | None, conversation: ColumnElement[object]) -> ColumnElement[bool]:
    """None: any."""
    if channel is None:
        return true()
    return conversation.in_(select(conversations.c.id).where(conversations.c.channel == channel))
