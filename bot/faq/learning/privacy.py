"""Take out of a customer's message what is about that customer, before it goes into a file that others read."""

import re

from bot.faq.learning.names import NAME, mask_names
from bot.faq.words import fold

ADDRESS, NUMBER, LINK, PLACE = "[Mailadresse]", "[Nummer]", "[Link]", "[Anschrift]"
SIGNS = (ADDRESS, NUMBER, LINK, PLACE, NAME)
"""What stands in its place; the editor may put something better there."""

_MASKS = (
    (re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE), LINK),
    (re.compile(r"[^\s@<>()\[\],;:„“\"']+@[^\s@<>()\[\],;:„“\"']+\.\w+"), ADDRESS),
    # As people write them who fear robots; Matrix' names.
    (re.compile(r"[\w.+-]+\s*(?:\(at\)|\[at\]|\{at\}|\s@\s)\s*[\w-]+(?:\.[\w-]+)+", re.IGNORECASE), ADDRESS),
    (re.compile(r"(?<!\S)@[\w.=/+-]+:[\w-]+(?:\.[\w-]+)+"), ADDRESS),
    # Of a customer, a contract, a bill: however short.
    (
        re.compile(
            r"(?P<before>\b(?:kunden|kd\.?|vertrags?|rechnungs?|auftrags?|ticket|mitglieds?)[- ]?"
            r"(?:nummer|nr\b\.?|id\b)(?:\s+(?:ist|lautet|war))?[\s:=#]*)(?=[\w-]*\d)[\w-]+",
            re.IGNORECASE,
        ),
        rf"\g<before>{NUMBER}",
    ),
    (re.compile(r"\b[\w.-]*(?:straße|strasse|str\.|gasse|allee)\s+\d+\s?[a-z]?\b", re.IGNORECASE), PLACE),
    (
        re.compile(r"(?P<before>\bgeb(?:oren|\.)?(?:\s+am)?\s+)\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}", re.IGNORECASE),
        rf"\g<before>{NUMBER}",
    ),
    # IBAN: https://www.swift.com/standards/data-standards/iban-international-bank-account-number
    (re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b", re.IGNORECASE), NUMBER),
    # Our own ticket numbers.
    (re.compile(r"\bT[- ]?(?=[0-9A-Z]*\d)[0-9A-Z]{8}\b", re.IGNORECASE), NUMBER),
    # Telephone numbers, however they are divided.
    (re.compile(r"(?<![\w.])(?:\+|\(?0)(?:[\s/().-]{0,3}\d){5,}"), NUMBER),
    # In groups: of cards and contracts. Six digits in two halves: a one-time code.
    (re.compile(r"(?<!\d)\d+(?:[ /-]\d{2,}){3,}(?!\d)"), NUMBER),
    (re.compile(r"(?<!\d)\d{3}[ -]\d{3}(?!\d)"), NUMBER),
    # Ports and sizes have four digits at most.
    (re.compile(r"\d{5,}|•+"), NUMBER),
)
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def mask(text: str) -> str:
    """
    In one line, without e-mail addresses, links, telephone numbers and other long numbers, numbers of customers,
    streets, and names where a rule finds them.

    A name in the middle of a sentence stays: no rule finds it without finding half of German as well. The editor
    looks for it.

    >>> mask("Bitte an anna@beispiel.de oder 0171/123 45 67, Port 993 geht nicht")
    'Bitte an [Mailadresse] oder [Nummer], Port 993 geht nicht'
    """
    text = " ".join(_INVISIBLE.sub(" ", text).split())
    for pattern, sign in _MASKS:
        text = pattern.sub(sign, text)
    return mask_names(text)


def mask_lines(text: str) -> str:
    """The same, with the lines kept: for an agent's answer."""
    return "\n".join(mask(line) for line in text.split("\n"))


def distinct(texts: tuple[str, ...]) -> list[str]:
    """Masked, and each once, however it is written; what has no words is left out."""
    found = {fold(masked): masked for masked in map(mask, reversed(texts))}
    return [found[key] for key in reversed(found) if key]
