"""Figures as Germans write them; by Babel's data (CLDR)."""

from babel.numbers import format_decimal, format_percent

UNITS = ("Byte", "KB", "MB", "GB", "TB")


def size(number: int) -> str:
    """
    A number of bytes, with one digit behind the comma where it says something.

    >>> size(3_435_973_837)
    '3,2 GB'
    """
    value, unit = float(number), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{format_decimal(value, '#,##0.#' if value < 100 else '#,##0', locale='de')} {UNITS[unit]}"


def percent(share: float) -> str:
    """
    A share of 1 as percent; what is not quite full is not called 100 %.

    >>> percent(0.64)
    '64 %'
    """
    shown = 0.99 if 0.99 < share < 1 else share
    return str(format_percent(shown, locale="de"))
