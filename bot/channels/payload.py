"""Read a vendor's payload strictly, so that what is not of its form is refused in one place."""

import hmac
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.errors import ForeignError, ForgedError
from bot.strict_json import decode

Shape = TypeVar("Shape", bound="Payload")
Id = Annotated[str, Field(min_length=1, max_length=200)]
"""A vendor's id of a message or a customer: short enough for the database, with room for what is added to it."""
LONGEST_EXPLANATION = 500


class Payload(BaseModel):
    """Base of what vendors send; fields that we do not name are theirs to add."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


def read(body: bytes, shape: type[Shape]) -> Shape:
    """Raises ForeignError when the body is not of the shape."""
    return fit(read_json(body), shape)


def read_json(body: bytes) -> Any:
    """Raises ForeignError when the body is no JSON, or holds what no database can store."""
    try:
        return decode(body)
    except ValueError as error:
        raise ForeignError(f"This is not valid JSON in UTF-8: {error}.") from error


def fit(value: Any, shape: type[Shape]) -> Shape:
    """A part of a payload. Raises ForeignError when it is not of the shape."""
    try:
        return shape.model_validate(value)
    except (ValidationError, RecursionError) as error:
        faults = error.errors(include_url=False) if isinstance(error, ValidationError) else []
        told = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
        raise ForeignError(f"This is no {shape.__name__}: {told or error}"[:LONGEST_EXPLANATION]) from None


def check_same(given: str, expected: str, what: str) -> None:
    """Compare a secret or a signature in constant time. Raises ForgedError."""
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode()):
        raise ForgedError(f"{what} is missing or wrong. Is the secret the same here and at the vendor's?")
