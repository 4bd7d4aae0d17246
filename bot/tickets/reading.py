"""What a customer's sentence says about a restore, besides the point in time; and how a point is told."""

import re
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from bot.mailboxes.address import normalise_address
from bot.tickets.model import Target

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_PHONE = re.compile(r"(?<![\w.])(?:\+|00)?\(?\d(?:[ ()/-]{0,2}\d){6,14}(?![\w.]*\d)")
_QUOTED = re.compile(r"[\"„“»‚']\s*([^\"“”«‘']{1,80}?)\s*[\"“”«‘'](?!\w)")
_NAMED = re.compile(
    r"\b(?:unter)?ordners?\s+(?:(?:namens|mit\s+dem\s+namen|heißt|heisst)\s+)?(?P<name>\w[\w./&-]*)", re.IGNORECASE
)
_NAME_FIRST = re.compile(r"\b(?P<name>\w[\w./&]*)-(?:unter)?ordner\b", re.IGNORECASE)
_NO_NAMES = frozenset(
    """
    als am auf aus bitte da das den der die fehlen fehlt gelöscht geloescht gestern habe hat heisst heißt heute im in
    ist leer mehr mit namens nicht nur oder seit sind und verschwunden vom von war waren weg wieder wiederherstellen
    wurde wurden zum zur zurueck zurück
    """.split()  # noqa: SIM905 -- forty quoted words are hard to read
)
_USUAL = {
    "INBOX": r"\bposteingang\w*|\binbox\b",
    "Gesendet": r"\bgesendete\w*|\bpostausgang\b|\bsent\b",
    "Entwürfe": r"\bentw(?:ü|ue)rfe\w*|\bdrafts?\b",
    "Papierkorb": r"\bpapierkorb\b|\btrash\b",
}
_WHOLE = re.compile(
    r"\b(?:ganze[ns]?|gesamte[ns]?|komplette[ns]?|vollständige[ns]?)\s+(?:e-?mail-?|mail-?)?(?:postfach|konto|mailbox|account)"
    r"|\b(?:alle|sämtliche)\s+(?:meine\s+|e-?)?(?:mails?|nachrichten|ordner)\b|\balles\b|\bkomplett\b",
    re.IGNORECASE,
)
_SUBFOLDER = re.compile(
    r"\b(?:in|als)\b.{0,25}\b(?:unter|extra|eigenen?|neuen?|separaten?)\s?-?ordner|\bunterordner\b|\bextra ordner\b"
    r"|\bdaneben\b|\bnichts? (?:überschreiben|ersetzen|verlieren)\b|\bnicht (?:überschreiben|ersetzen)\b",
    re.IGNORECASE,
)
_OVERWRITE = re.compile(
    r"\b(?:über|ueber)schreib\w*|\bersetz\w*|\b(?:über|ueber) (?:den|das|die) (?:jetzig|aktuell|bestehend|vorhanden)\w*"
    r"|\bjetzigen inhalt\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Folder:
    """One folder of the mailbox."""

    name: str


@dataclass(frozen=True)
class Whole:
    """The mailbox with all its folders."""


def mailbox_in(text: str) -> str | None:
    """The first address in the text that can be a mailbox, in its one spelling."""
    for match in _ADDRESS.finditer(text):
        if address := normalise_address(match[0]):
            return address
    return None


def folder_in(text: str) -> Folder | Whole | None:
    """The folder that the text names, or that it means the whole mailbox."""
    if quoted := _QUOTED.search(text):
        return Folder(quoted[1])
    for match in (*_NAMED.finditer(text), *_NAME_FIRST.finditer(text)):
        if match["name"].lower() not in _NO_NAMES:
            return Folder(match["name"])
    if _WHOLE.search(text):
        return Whole()
    for name, words in _USUAL.items():
        if re.search(words, text, re.IGNORECASE):
            return Folder(name)
    return None


def target_in(text: str) -> Target | None:
    """Where the mails are to be put, if the text says so."""
    if _SUBFOLDER.search(text):
        return Target.SUBFOLDER
    return Target.OVERWRITE if _OVERWRITE.search(text) else None


def contact_in(text: str) -> str | None:
    """An address or a telephone number."""
    if address := mailbox_in(text):
        return address
    phone = _PHONE.search(text)
    return phone[0].strip() if phone else None


def german_moment(at: datetime, now: datetime) -> str:
    """Such as "gestern, 23. November, 16:30 Uhr"; both in the hoster's zone. The year only when it is another."""
    pattern = "EEEE, d. MMMM" if at.year == now.year else "EEEE, d. MMMM y"
    day = format_date(at.date(), pattern, locale="de")
    ago = (now.date() - at.date()).days
    if ago == 0:
        day = "heute"
    elif near := {1: "gestern", 2: "vorgestern"}.get(ago):
        day = f"{near}, {format_date(at.date(), 'd. MMMM', locale='de')}"
    return f"{day}, {at.hour} Uhr" if at.minute == 0 else f"{day}, {at:%H:%M} Uhr"
