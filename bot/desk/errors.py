"""Which HTTP status the desk answers a failure with."""

from bot.errors import PostboteError
from bot.handoff.errors import (
    ClosedError,
    NoSeatError,
    NotYoursError,
    TakenError,
    UnknownConversationError,
    UnknownReceiverError,
)
from bot.staff.errors import LastAdminError, LoginTakenError, UnknownAgentError

STATUS: dict[type[PostboteError], int] = {
    UnknownAgentError: 404,
    LoginTakenError: 409,
    LastAdminError: 409,
    UnknownConversationError: 404,
    UnknownReceiverError: 422,
    TakenError: 409,
    NotYoursError: 409,
    NoSeatError: 409,
    ClosedError: 409,
}
"""Every error that a use case of the desk raises; what is missing here is for the gateway to answer."""
