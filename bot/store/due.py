"""When what waits for another try is due."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_

BEYOND = timedelta(minutes=15)
"""Longer than any pause of ours; see bot.backoff, and the claims of bot.tickets.delivery."""


def is_due(next_try_at: ColumnElement[Any], at: datetime) -> ColumnElement[bool]:
    """Also what is further away than we ever put off: it was written while the clock was wrong."""
    return or_(next_try_at <= at, next_try_at > at + BEYOND)
