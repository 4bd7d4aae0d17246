"""Take out of a customer's message what is about that customer, before it goes into a file that others read."""

import re

from bot.faq.words import fold

ADDRESS, NUMBER, LINK = "[Mailadresse]", "[Nummer]", "[Link]"
"""What stands in its place; the editor may put something better there."""

_MASKS = (
    (re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE), LINK),
    (re.compile(r"[^\s@<>()\[\],;:„“\"']+@[^\s@<>()\[\],;:„“\"']+\.\w+"), ADDRESS),
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
    In one line, without e-mail addresses, links, telephone numbers and other long numbers.

    Names stay: no rule finds them without finding half of German as well. The editor looks for them.

    >>> mask("Bitte an anna@beispiel.de oder 0171/123 45 67, Port 993 geht nicht")
    'Bitte an [Mailadresse] oder [Nummer], Port 993 geht nicht'
    """
    text = " ".join(_INVISIBLE.sub(" ", text).split())
    for pattern, sign in _MASKS:
        text = pattern.sub(sign, text)
    return text


def mask_lines(text: str) -> str:
    """The same, with the lines kept: for an agent's answer."""
    return "\n".join(mask(line) for line in text.split("\n"))


def distinct(texts: tuple[str, ...]) -> list[str]:
    """Masked, and each once, however it is written; what has no words is left out."""
    found = {fold(masked): masked for masked in map(mask, reversed(texts))}
    return [found[key] for key in reversed(found) if key]
