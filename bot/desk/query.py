"""Read what stands behind the question mark, strictly."""

import re
from datetime import date, timedelta

from aiohttp import web

from bot.gateway.errors import BadRequestError

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_DAYS = 366
USUAL_DAYS = 30


def text(request: web.Request, name: str, longest: int) -> str | None:
    """Without white space around it; None when it is missing or empty. Raises BadRequestError when it is too long."""
    value = request.query.get(name, "").replace("\0", "").strip()
    if len(value) > longest:
        raise BadRequestError(422, "invalid", f"{name}: at most {longest} characters.")
    return value or None


def page(request: web.Request) -> int:
    """From 1. Raises BadRequestError."""
    value = text(request, "page", 6) or "1"
    if not (value.isascii() and value.isdecimal()) or int(value) < 1:
        raise BadRequestError(422, "invalid", f"page: a whole number from 1, not {value!r}.")
    return int(value)


def day(request: web.Request, name: str) -> date | None:
    """Raises BadRequestError."""
    value = text(request, name, 50)
    if value is None:
        return None
    try:
        # Python reads more forms, such as 2026-W48-2, than anybody was told of.
        found = date.fromisoformat(value if DAY.fullmatch(value) else "")
    except ValueError as error:
        raise BadRequestError(422, "invalid", f"{name}: a day such as 2026-11-24, not {value!r}.") from error
    if not EARLIEST <= found < LATEST:
        raise BadRequestError(422, "invalid", f"{name}: a day from {EARLIEST} to before {LATEST}, not {value!r}.")
    return found


def period(request: web.Request, today: date) -> tuple[date, date]:
    """`from` and `to`, both included; the last 30 days where nothing is given. Raises BadRequestError."""
    last = day(request, "to") or today
    first = day(request, "from") or last - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise BadRequestError(422, "invalid", f"from, to: at most {MOST_DAYS} days, the first one first.")
    return first, last
