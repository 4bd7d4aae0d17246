"""Addresses and telephone numbers in a customer's sentence: which mailbox is meant, and how they can be reached."""

import re
from collections.abc import Iterator

from bot.mailboxes.address import normalise_address

# One sign more before the @ than there may be: what is longer is no address, and costs no more than that.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,65}@(?:[\w-]+\.)+[^\W\d_]{2,}")
_REACHED_AT = re.compile(
    r"\b(?:kontakt\w*|erreich\w*|(?:rück|zurück)?ruf\w*|rückfragen?|telefon\w*|meld\w+|antwort\w*|"
    # "Schreiben Sie mir an …", but not "ich schreibe das mal ab: …".
    r"schreib\w*\s+(?:sie\s+)?(?:bitte\s+)?(?:mir|uns|dann|bitte|an|auf)|mail\w*\s+an)\b[^@\n]{0,40}?$",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[ ()/-]{0,2}\d){6,14}(?![\w.]*\d)")
# With the trunk prefix or a country's code, and no date.
_PHONE_BEYOND_DOUBT = re.compile(r"(?<![\w.,:+-])(?!\d\d-\d\d-\d)(?:\+\d|0)(?:[ ()/-]{0,3}\d){6,14}(?![\w.:]*\d)")
_ON_FILE = re.compile(
    r"\b(?:hinterlegt\w*|bekannte\w*|(?:die|der)(?:selbe|\s+gleiche)\w*|(?:haben sie|habt ihr) (?:doch|ja|schon)|"
    r"wie (?:gehabt|immer)|egal|nicht nötig|(?:brauch|will|möcht)\w* (?:keine|nicht)\w*|keine rückfragen?)\b",
    re.IGNORECASE,
)


def mailbox_in(text: str) -> str | None:
    """The first address in the text that can be a mailbox, in its one spelling, and that is no contact."""
    return next((address for address, is_contact in _addresses(text) if not is_contact), None)


def address_in(text: str) -> str | None:
    """The first address in the text, whatever it is for."""
    return next((address for address, _ in _addresses(text)), None)


def contact_in(text: str) -> str | None:
    """An address or a telephone number."""
    if addresses := list(_addresses(text)):
        return next((address for address, is_contact in addresses if is_contact), addresses[0][0])
    phone = _PHONE.search(text)
    return phone[0].strip() if phone else None


def contact_beyond_doubt(text: str) -> str | None:
    """A telephone number that can be nothing else, or an address that is said to be for contact."""
    if phone := _PHONE_BEYOND_DOUBT.search(_ADDRESS.sub(" ", text)):
        return phone[0].strip()
    return next((address for address, is_contact in _addresses(text) if is_contact), None)


def is_address_alone(text: str) -> bool:
    """Whether the text is an address and nothing else."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def means_contact_on_file(text: str) -> bool:
    """As an answer to how the customer can be reached."""
    return _ON_FILE.search(text) is not None


def _addresses(text: str) -> Iterator[tuple[str, bool]]:
    """Addresses in their one spelling, and whether the words before say that the customer is reached there."""
    for match in _ADDRESS.finditer(text):
        if address := normalise_address(match[0]):
            yield address, _REACHED_AT.search(text[: match.start()]) is not None
