"""Read a request's body strictly: type, size, JSON, shape."""

import asyncio
from typing import Annotated, Any, TypeVar

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import BaseModel, Field, TypeAdapter

from bot import strict_json
from bot.gateway.errors import BadRequestError

Shape = TypeVar("Shape", bound=BaseModel)
LARGEST = 64 * 1024
"""Bytes of a request's body."""
Number = Annotated[int, Field(ge=1, lt=2**31)]
"""Of a message, an account and so on: more takes no database."""
PATIENCE = 30
"""Seconds that it may take: who sends a byte now and then would else hold a connection for ever."""


async def read(request: web.Request, shape: type[Shape]) -> Shape:
    """The body as `shape`. Raises BadRequestError, and pydantic's ValidationError where a field does not fit."""
    return shape.model_validate(await _read_json(request))


async def read_as(request: web.Request, shape: TypeAdapter[Any]) -> Any:
    """The body as one of several shapes; raises as `read` does."""
    return shape.validate_python(await _read_json(request))


async def _read_json(request: web.Request) -> object:
    if request.content_type != "application/json":
        raise BadRequestError(415, "content_type", "Send JSON, with Content-Type: application/json.")
    return decode(await read_raw(request))


async def read_raw(request: web.Request, largest: int = LARGEST) -> bytes:
    """The body as it came, of limited size. Raises BadRequestError."""
    try:
        limited = request if request.client_max_size == largest else request.clone(client_max_size=largest)
        # Most bodies are there already, and need no clock.
        if request.content.is_eof():
            return await limited.read()
        async with asyncio.timeout(PATIENCE):
            return await limited.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise BadRequestError(413, "too_large", f"The body may have {largest} bytes.") from error
    except (web.RequestPayloadError, HttpProcessingError) as error:
        raise BadRequestError(
            400, "bad_request", "The body is not what its Content-Encoding says, or broke off."
        ) from error
    except TimeoutError as error:
        raise BadRequestError(408, "slow", f"The body did not come within {PATIENCE} seconds.") from error


def decode(raw: bytes | str) -> object:
    """JSON as Python values. Raises BadRequestError, also for text that no database can store."""
    try:
        return strict_json.decode(raw)
    except ValueError as error:
        raise BadRequestError(400, "bad_json", f"This is not valid JSON in UTF-8: {error}.") from error


def check_text(text: str, longest: int) -> str:
    """The text without white space around it. Raises BadRequestError when nothing is left, or too much."""
    stripped = text.replace("\0", "").strip()
    if not stripped:
        raise BadRequestError(422, "empty", "The message is empty. Send some text.")
    if len(stripped) > longest:
        raise BadRequestError(413, "too_long", f"The message has {len(stripped)} characters; {longest} are allowed.")
    return stripped
