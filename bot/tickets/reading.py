"""What a customer's sentence says about a restore: its extent and its target; and how a point in time is told."""

import re
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from bot.tickets.model import Target

_QUOTED = re.compile(r"[\"„“»‚']\s*([^\"“”«‘']{1,80}?)\s*[\"“”«‘'](?!\w)")
# No folder has a longer name, and what is longer would be tried from each of its letters.
_WORD = r"\w(?:[\w./&-]{0,80}\w)?"
# "Ordner Rechnungen 2026", "Ordner Projekt Seestraße": what goes on with a capital letter or a year.
_MORE = (
    r"(?:\s+(?:(?:19|20)\d\d\b|(?!(?:uhr|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|januar|februar|märz|"
    r"april|mai|juni|juli|august|september|oktober|november|dezember)\b)(?-i:[A-ZÄÖÜ])[\w&-]*))*"
)
_FOLDER = r"(?:(?:unter|mail)?ordner(?:name)?s?|(?:unter)?verzeichnis(?:ses)?|folders?)"
_SEVERAL = re.compile(
    rf"\b(?:die|alle|beide[n]?|zwei|drei)\s+(?:(?:unter)?ordnern?|(?:unter)?verzeichnissen?|folders?)\s+(?P<name>{_WORD}(?:\s*(?:,|und|sowie)\s*{_WORD})+)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\b{_FOLDER}:?\s+(?:(?:namens|mit\s+dem\s+namen|heißt|heisst)\s+)?(?P<name>{_WORD}{_MORE})", re.IGNORECASE
)
_NAME_FIRST = re.compile(rf"\b(?P<name>\w[\w./&]{{0,80}})-{_FOLDER}\b", re.IGNORECASE)
# After a folder only: "mein Chef, Meier heißt er" names none.
_CALLED = re.compile(
    rf"\b{_FOLDER}[\s,:–-]{{1,4}}(?P<name>{_WORD}{_MORE})\s+hei(?:ß|ss)t\s+(?:er|der\s+ordner|es|das\s+verzeichnis)\b",
    re.IGNORECASE,
)
# "INBOX/Kunden", and after a word that says so any path; "und/oder" is none.
_PATH = re.compile(
    r"\b(?:(?P<inbox>(?-i:INBOX)[/.]\w[\w/.&-]*\w)|(?:inhalt\s+(?:von|aus)|aus|nur)\s+(?P<name>(?-i:[A-ZÄÖÜ])\w+(?:/(?-i:[A-ZÄÖÜ\d])[\w&-]*)+))",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    """
    alle aller als am auf aus bitte da das dem den der die e-mail einschliesslich einschließlich fehlen fehlt
    geloescht gelöscht gestern habe hat heisst heißt heute im imap in inkl inklusive is ist leer mail mehr mit
    mitsamt namens nicht nur oder plus samt seit sind sowie und verschwunden vom von war waren weg wie wieder
    wiederherstellen wurde wurden zum zur zurueck zurück
    """.split()  # noqa: SIM905 -- forty quoted words are hard to read
)
_USUAL = {
    "Posteingang": r"\bposteingang\w*|\binbox\b",
    "Gesendet": r"\bgesendete\w*|^gesendet$|\bpostausgang\b|\bsent\b",
    "Entwürfe": r"\bentw(?:ü|ue)rfe\w*|\bdrafts?\b",
    "Papierkorb": r"\bpapierkorb\b|\btrash\b",
    "Junk-E-Mail": r"\bjunk(?:-e-?mail|-mail)?\b",
}
_WHOLE = re.compile(
    r"\b(?:ganze[ns]?|gesamte[ns]?|komplette[ns]?|vollständige[ns]?)\s+(?:e-?mail-?|mail-?)?(?:postfach|konto|mailbox|account)"
    r"|\b(?:alle[rn]?|sämtliche[rn]?)\s+(?:meine[rn]?\s+)?(?:(?:e-?)?mails?|nachrichten|ordnern?)\b"
    r"|\bkomplett\b|\bvollst(?:ä|ae)ndig\b|\bgesamtheit\b|\bzur\s+g(?:ä|ae)nze\b"
    # "Gestern war noch alles da" does not say how much is missing.
    r"|(?<!noch )\balles\b(?!\s+(?:war\s+)?(?:noch|da|ok\w*|gut|klar|in ordnung|richtig)\b)"
    r"|^\W*(?:bitte\s+)?(?:alle|o[il]+e?s|(?:das\s+)?ganze?)\W*(?:bitte\W*)?$",
    re.IGNORECASE,
)
_SUBFOLDER = re.compile(
    r"\b(?:in|als)\b.{0,25}\b(?:unter|extra|eigenen?|neuen?|separaten?)\s?-?ordner|\bunterordner\b|\bextra ordner\b"
    r"|\b(?:da)?neben\b|\bdazu\b|\bzusätzlich\b|\bsubfolder\b|\b(?:separat|getrennt)\b"
    r"|\bnichts? (?:überschreiben|ersetzen|verlieren)\b|\bnicht (?:überschreiben|ersetzen)\b",
    re.IGNORECASE,
)
_OVERWRITE = re.compile(
    r"\b(?:über|ueber)schreib\w*|\bersetz\w*|\bdr(?:ü|ue)ber\b"
    r"|\b(?:über|ueber) (?:den|das|die) (?:jetzig|aktuell|bestehend|vorhanden)\w*|\bjetzigen inhalt\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Folder:
    """One folder of the mailbox."""

    name: str


@dataclass(frozen=True)
class Whole:
    """The mailbox with all its folders."""


def folder_in(text: str) -> Folder | Whole | None:
    """The folder that the text names, or that it means the whole mailbox."""
    if quoted := _QUOTED.search(text):
        return Folder(quoted[1])
    for pattern in (_SEVERAL, _CALLED, _NAME_FIRST, _NAMED):
        named = [match for match in pattern.finditer(text) if match["name"].split()[0].lower() not in _NO_NAMES]
        # Where both are named, the subfolder is where it is to be put.
        folders = [match for match in named if not match[0].lower().startswith("unter")] or named
        if folders:
            names = (_usual_in(match["name"]) or match["name"] for match in folders)
            return Folder(" und ".join(dict.fromkeys(names)))
    if path := _PATH.search(text):
        return Folder(path["inbox"] or path["name"])
    if _WHOLE.search(text):
        return Whole()
    usual = _usual_in(text)
    return Folder(usual) if usual else None


def _usual_in(text: str) -> str | None:
    return next((name for name, words in _USUAL.items() if re.search(words, text, re.IGNORECASE)), None)


def target_in(text: str) -> Target | None:
    """Where the mails are to be put, if the text says so."""
    if _SUBFOLDER.search(text):
        return Target.SUBFOLDER
    return Target.OVERWRITE if _OVERWRITE.search(text) else None


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
