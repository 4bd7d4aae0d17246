"""How long to wait before another attempt."""

import random
from datetime import datetime
from email.utils import parsedate_to_datetime

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 600.0


def pause_after(attempts: int, chance: random.Random) -> float:
    """
    Seconds to wait after so many failures: exponential, with full jitter.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    return chance.uniform(0.5, 1.0) * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (attempts - 1))


def seconds_of(retry_after: str, now: datetime) -> float:
    """What `Retry-After` says, in seconds or as a date (RFC 9110, 10.2.3); 0 when it says nothing."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0
