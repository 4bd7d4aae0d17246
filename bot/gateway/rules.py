"""
How much strangers may do: the rules that routes declare beside their path, see bot.gateway.limits.

A rule whose breach costs what all processes share, such as rows or codes, is counted for all of them; one that guards a
process, such as its memory, in that process. See docs/decisions/0011-limits.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.limiter import HOUR, MINUTE, Limit
from bot.settings import Settings


class Per(StrEnum):
    """Whose hits are added up."""

    ADDRESS = "address"
    CONVERSATION = "conversation"
    CONNECTION = "connection"
    AGENT = "agent"


@dataclass(frozen=True, eq=False)
class Rule:
    """What is counted, for whom, and how much of it is allowed."""

    name: str
    per: Per
    amount: Callable[[Settings], int]
    told: str
    """What the client reads beyond it; `amount` is filled in."""
    seconds: int = MINUTE
    is_shared: bool = False
    is_strict: bool = False
    """See bot.limiter.Limit."""
    is_automatic: bool = False
    """Counted for every request of the route, before its handler; others are counted where it is known for whom."""

    def limit(self, settings: Settings) -> Limit:
        """As these settings have it."""
        return Limit(self.name, self.amount(settings), self.seconds, self.is_shared, self.is_strict)


def always(amount: int) -> Callable[[Settings], int]:
    """Whatever the settings."""
    return lambda _: amount


REQUESTS = Rule(
    "requests",
    Per.ADDRESS,
    lambda settings: settings.requests_per_minute,
    "{amount} requests came from this address within a minute.",
    is_automatic=True,
)
BYTES = Rule(
    "bytes",
    Per.ADDRESS,
    lambda settings: settings.bytes_per_minute,
    "{amount} bytes came from this address within a minute.",
    is_automatic=True,
)
"""Of bodies: what is announced, or the most where nothing is."""
SOCKETS = Rule(
    "sockets",
    Per.ADDRESS,
    lambda settings: settings.sockets_per_minute,
    "{amount} connections were opened from this address within a minute.",
    is_shared=True,
)
OPEN = Rule(
    "open",
    Per.ADDRESS,
    lambda settings: settings.sockets_per_address,
    "{amount} connections from this address are open. Close one.",
)
"""At once; no matter of time."""
CONVERSATIONS = Rule(
    "conversations",
    Per.ADDRESS,
    lambda settings: settings.conversations_per_hour,
    "{amount} conversations were begun from this address within an hour.",
    HOUR,
    is_shared=True,
)
MESSAGES = Rule(
    "messages",
    Per.CONVERSATION,
    lambda settings: settings.messages_per_minute,
    "This conversation has sent {amount} messages within a minute.",
    is_shared=True,
)
PROOFS = Rule(
    "proofs",
    Per.CONVERSATION,
    always(20),
    "This conversation has sent {amount} tokens within a minute.",
    is_shared=True,
    is_strict=True,
)
SIGNALS = Rule("signals", Per.CONVERSATION, always(240), "This conversation has sent {amount} signals within a minute.")
FETCHES = Rule(
    "fetches", Per.CONVERSATION, always(600), "This conversation was asked for {amount} times within a minute."
)
FRAMES = Rule(
    "frames", Per.CONNECTION, always(600), "This connection has sent {amount} frames within a minute, and is ended."
)
"""More sends no widget."""
EVENTS = Rule(
    "events", Per.CONNECTION, always(240), "This connection has sent {amount} events within a minute, and is ended."
)
"""The same, of Socket.IO."""
