"""When somebody is there again, as Germans say it; by Babel's data (CLDR)."""

from datetime import datetime

from babel.dates import format_date, format_time


def german_opening(at: datetime, now: datetime) -> str:
    """
    Such as "morgen um 8 Uhr"; both in the hoster's zone, `at` the later one. The year only when it is another.

    >>> german_opening(datetime(2026, 11, 30, 8, 30), datetime(2026, 11, 24, 19, 0))
    'am Montag, 30. November, um 8:30 Uhr'
    """
    clock = format_time(at, "H" if at.minute == 0 else "H:mm", locale="de")
    days = (at.date() - now.date()).days
    if near := {0: "heute", 1: "morgen"}.get(days):
        return f"{near} um {clock} Uhr"
    pattern = "EEEE, d. MMMM" if at.year == now.year else "EEEE, d. MMMM y"
    return f"am {format_date(at.date(), pattern, locale='de')}, um {clock} Uhr"
