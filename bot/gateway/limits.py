"""How much one conversation or address may send; counted in this process."""

from aiohttp import web
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from bot.conversations.errors import TooManyError
from bot.gateway.keys import LIMITER, SERVICES
from bot.gateway.remote import address_of

SIGNALS_PER_MINUTE = 240
CONNECTIONS_PER_MINUTE = 600
"""Of one address: an office behind one, each of whose pages opens one."""


def check_messages(request: web.Request, conversation: str) -> None:
    """Raises TooManyError when the conversation sends more messages than a person would."""
    allowed = request.app[SERVICES].settings.messages_per_minute
    if not request.app[LIMITER].hit(RateLimitItemPerMinute(allowed), "messages", conversation):
        raise TooManyError(f"This conversation has sent {allowed} messages within a minute. Try again in a minute.")


def check_new_conversations(request: web.Request) -> None:
    """Raises TooManyError when the address begins more conversations than people behind it would."""
    allowed = request.app[SERVICES].settings.conversations_per_hour
    if not request.app[LIMITER].hit(RateLimitItemPerHour(allowed), "conversations", address_of(request)):
        raise TooManyError(f"{allowed} conversations were begun from this address within an hour. Try again later.")


def check_signals(request: web.Request, conversation: str) -> None:
    """Raises TooManyError when the conversation signals more than a widget does."""
    if not request.app[LIMITER].hit(RateLimitItemPerMinute(SIGNALS_PER_MINUTE), "signals", conversation):
        raise TooManyError(f"This conversation has sent {SIGNALS_PER_MINUTE} signals within a minute.")


def check_connections(request: web.Request) -> None:
    """Raises TooManyError when the address opens more connections than pages of people behind it would."""
    if not request.app[LIMITER].hit(RateLimitItemPerMinute(CONNECTIONS_PER_MINUTE), "connections", address_of(request)):
        raise TooManyError(f"{CONNECTIONS_PER_MINUTE} connections were opened from this address within a minute.")
