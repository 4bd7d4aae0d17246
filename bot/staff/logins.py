"""The one spelling of a login."""

from bot.mailboxes.address import normalise_address

NOBODYS = ""


def spell(text: str) -> str:
    """As accounts have it, whatever was typed or told; `NOBODYS` for what can be no login."""
    return normalise_address(text) or NOBODYS
