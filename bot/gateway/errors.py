"""Every failure as JSON: `{"error": code, "message": what happened and what to do}`, and never a stack trace."""

import functools
import json
import secrets
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import hdrs, web
from pydantic import ValidationError

from bot.channels.errors import ForeignError, ForgedError
from bot.conversations.errors import TooManyError, UnknownChoiceError
from bot.errors import PostboteError, UnavailableError
from bot.identity.tokens import TokenError
from bot.insight.errors import NotRateableError
from bot.limiter import UncountedError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
STATUS: dict[type[PostboteError], int] = {
    UnknownChoiceError: 422,
    NotRateableError: 422,
    TooManyError: 429,
    TokenError: 401,
    ForgedError: 401,
    ForeignError: 400,
    UncountedError: 503,
    UnavailableError: 503,
}
UNCOUNTED_FOR = 60
"""Seconds after which limits may be counted again, as a guess."""
RETRY_AFTER = "5"
"""Seconds, with each other 503."""

LONGEST_NAME = 255
"""Bytes of a part of a path."""

log = structlog.get_logger(stop="door")


class BadRequestError(PostboteError):
    """A request that is not of the form that the door takes."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def answer(value: object, status: int = 200) -> web.Response:
    """JSON with umlauts as they are, so that people can read it, too."""
    return web.json_response(value, status=status, dumps=_dumps)


_dumps = functools.partial(json.dumps, ensure_ascii=False)


def refuse(status: int, code: str, message: str) -> web.Response:
    """An error as the client sees it."""
    response = answer({"error": code, "message": message}, status)
    if status == 503:
        response.headers[hdrs.RETRY_AFTER] = RETRY_AFTER
    return response


def _told(error: PostboteError) -> web.Response:
    response = refuse(STATUS.get(type(error), 500), error.code, str(error))
    if isinstance(error, TooManyError | UncountedError):
        response.headers[hdrs.RETRY_AFTER] = str(getattr(error, "wait", UNCOUNTED_FOR))
    return response


def explain(error: ValidationError) -> str:
    """Each field and the rule that it breaks."""
    return " ".join(
        "The body must be a JSON object."
        if fault["type"] == "model_type" and not fault["loc"]
        else f"{'.'.join(map(str, fault['loc'])) or 'The body'}: {fault['msg']}."
        for fault in error.errors(include_url=False)
    )


@web.middleware
async def as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what handlers raise into answers."""
    try:
        _check_path(request)
        return await handler(request)
    except BadRequestError as error:
        return refuse(error.status, error.code, str(error))
    except ValidationError as error:
        return refuse(422, "invalid", explain(error))
    except PostboteError as error:
        if isinstance(error, UnavailableError):
            log.error("database is away", path=request.path, error=error.reason)
        return _told(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _refuse_as(error, request)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("request failed", reference=reference, path=request.path)
        return refuse(500, "failed", f"Something went wrong here. If it stays so, tell us the number {reference}.")


def _check_path(request: web.Request) -> None:
    """What no file and no id can be called, so that neither the file system nor PostgreSQL is asked for it."""
    if "\0" in request.path or any(
        len(part.encode(errors="replace")) > LONGEST_NAME for part in request.path.split("/")
    ):
        raise web.HTTPNotFound


def _refuse_as(error: web.HTTPException, request: web.Request) -> web.Response:
    allowed = error.headers.get(hdrs.ALLOW)
    use = f" Use {allowed}." if allowed else ""
    told = f"{request.method} {request.path}: {error.reason}.{use}"
    response = refuse(error.status, error.reason.lower().replace(" ", "_"), told)
    if allowed:
        response.headers[hdrs.ALLOW] = allowed
    return response
