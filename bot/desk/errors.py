"""How the desk answers a failure."""

from email.utils import format_datetime

from aiohttp import hdrs, web

from bot.dialogue.live import UnusableModelError
from bot.errors import PostboteError
from bot.faq.findings import FaqError
from bot.faq.learning.errors import JobUnderWayError, NoPreviousError, UnknownQuestionError
from bot.gateway.errors import answer, refuse
from bot.handoff.errors import (
    ClosedError,
    NoSeatError,
    NotYoursError,
    TakenError,
    UnknownConversationError,
    UnknownReceiverError,
)
from bot.insight.errors import UnknownLetterError
from bot.staff.errors import (
    InvalidAccountError,
    LastAdminError,
    LockedError,
    LoginTakenError,
    TitleTakenError,
    UnknownAgentError,
    UnknownPlaceholderError,
    UnknownReplyError,
    WeakPasswordError,
    WrongPasswordError,
)

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
    InvalidAccountError: 422,
    WeakPasswordError: 422,
    WrongPasswordError: 401,
    UnknownReplyError: 404,
    TitleTakenError: 409,
    UnknownPlaceholderError: 422,
    UnknownLetterError: 404,
    FaqError: 422,
    UnknownQuestionError: 404,
    JobUnderWayError: 409,
    NoPreviousError: 409,
    UnusableModelError: 409,
}
"""The HTTP status of each error that a use case of the desk raises."""


def explain(error: PostboteError) -> web.Response | None:
    """The refusal; None: that is for the gateway to answer."""
    if isinstance(error, LockedError):
        refusal = {"error": error.code, "message": str(error), "until": error.until.isoformat()}
        response = answer(refusal, 429)
        response.headers[hdrs.RETRY_AFTER] = format_datetime(error.until, usegmt=True)
        return response
    status = STATUS.get(type(error))
    return refuse(status, error.code, str(error)) if status else None
