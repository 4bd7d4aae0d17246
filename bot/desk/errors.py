"""Which HTTP status the desk answers a failure with."""

from bot.errors import PostboteError
from bot.staff.errors import LastAdminError, LoginTakenError, UnknownAgentError

STATUS: dict[type[PostboteError], int] = {
    UnknownAgentError: 404,
    LoginTakenError: 409,
    LastAdminError: 409,
}
"""Every error that a use case of the desk raises; what is missing here is for the gateway to answer."""
