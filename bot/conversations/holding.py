"""Who may hold a conversation after whom: the one transition table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.conversations.model import Holder


class Change(StrEnum):
    """What makes a conversation change hands."""

    CALL = "call"
    """The bot hands over; people are called."""
    TAKE = "take"
    """An agent takes it, from the queue or from the bot."""
    HAND = "hand"
    """An agent hands it to a colleague."""
    QUEUE = "queue"
    """An agent, or the agent's silence, puts it back into the queue."""
    RETURN = "return"
    """An agent gives it back to the bot, or the customer goes back."""
    CLOSE = "close"
    """An agent ends it."""
    REOPEN = "reopen"
    """The customer writes after the end."""


TRANSITIONS: dict[Change, tuple[frozenset[Holder], Holder]] = {
    Change.CALL: (frozenset({Holder.BOT}), Holder.QUEUED),
    Change.TAKE: (frozenset({Holder.BOT, Holder.QUEUED}), Holder.AGENT),
    Change.HAND: (frozenset({Holder.AGENT}), Holder.AGENT),
    Change.QUEUE: (frozenset({Holder.AGENT}), Holder.QUEUED),
    Change.RETURN: (frozenset({Holder.QUEUED, Holder.AGENT}), Holder.BOT),
    Change.CLOSE: (frozenset({Holder.QUEUED, Holder.AGENT}), Holder.CLOSED),
    Change.REOPEN: (frozenset({Holder.CLOSED}), Holder.BOT),
}
"""From whom, to whom; what is not here cannot happen, because the store asks for it in the UPDATE itself."""


def allowed_from(change: Change) -> Collection[Holder]:
    """Who may hold the conversation before the change."""
    return TRANSITIONS[change][0]


def holder_after(change: Change) -> Holder:
    """Who holds it then."""
    return TRANSITIONS[change][1]


RESUME, LEAVE_MESSAGE = "/resume", "/leave_message"
RETURNING = frozenset({RESUME, LEAVE_MESSAGE})
"""Payloads of the buttons by which a customer goes back to the bot; everything else that is said is for people."""
ACTIONS: dict[Holder, Mapping[str, str]] = {
    Holder.QUEUED: {"utter_back_to_bot": RESUME, "utter_leave_message": LEAVE_MESSAGE},
    Holder.AGENT: {"utter_back_to_bot": RESUME},
}
"""What customers can do at any time while people have the conversation: the name of the action's title, its payload."""


def find_action(name: str) -> str | None:
    """The payload of an action, whoever holds the conversation now."""
    return ACTIONS[Holder.QUEUED].get(name)


@dataclass(frozen=True)
class Standing:
    """Who holds a conversation, as the customer is told; also the event that this has changed."""

    holder: Holder
    position: int | None = None
    """Place in the queue, from 1, while it waits there."""
    agent: str | None = None
    """Name of the agent who holds it."""
