"""What the customer wrote in a mail: without what is quoted, and without signatures."""

import re

from bs4 import BeautifulSoup
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from mailparser_reply.parser import EmailMessage

LONGEST = 20_000
"""Characters that are looked at; patterns take longer than they should beyond that."""
LONGEST_HTML = 300_000
DEEPEST = 200
"""Elements within one another; more is no mail but an attack."""
LANGUAGES = ("de", "en")
QUOTES = "blockquote, .gmail_quote, .gmail_attr, .moz-cite-prefix, #divRplyFwdMsg, #divRplyFwdMsg ~ *, .yahoo_quoted"
UNSEEN = "style, script, head, title, template, [hidden]"
_QUOTED = re.compile(r"^>.*\n?", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"[^\S\n]+")
# What the library does not know.
_BEHIND = re.compile(
    r"^(?:-{3,} ?(?:Ursprüngliche Nachricht|Originalnachricht|Original-Nachricht|Original Message) ?-{3,}"
    r"|Von meine[mr] .{1,40} gesendet\.?|Gesendet (?:von|mit) .{1,60}|Sent from .{1,60}"
    r"|Get Outlook for .{1,60}|Holen Sie sich Outlook .{1,60}|Diese Nachricht wurde von mein.{1,80} gesendet\.?"
    r"|_{20,})$",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNED = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Z][a-z]+:.*\n)*\n?(.*?)\n-----BEGIN PGP SIGNATURE-----.*", re.DOTALL
)
ENCRYPTED = "-----BEGIN PGP MESSAGE-----"


def words_of(text: str) -> str:
    """The newest words in a mail's text; empty if all of it is quoted."""
    return _newest(_QUOTED.sub("", _even(_SIGNED.sub(r"\1", _lines(text)))))


def text_of(html: str) -> str:
    """What a mail in HTML shows, without what its programme marked as quoted."""
    soup = BeautifulSoup(html[:LONGEST_HTML], "lxml")
    if _is_deep(soup):
        return soup.get_text("\n")
    for each in soup.select(f"{UNSEEN}, {QUOTES}"):
        each.extract()
    return str(get_text(str(soup), ParserConfig(css=CSS_PROFILES["strict"])))


def _is_deep(soup: BeautifulSoup) -> bool:
    depths = {id(soup): 0}
    for element in soup.find_all(True):
        # Parents come before what is in them.
        depths[id(element)] = depths[id(element.parent)] + 1
        if depths[id(element)] > DEEPEST:
            return True
    return False


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _even(text: str) -> str:
    """Runs of blanks and of empty lines are made short."""
    lines = (_BLANKS.sub(" ", line).strip() for line in text[: 10 * LONGEST].split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines))[:LONGEST].strip()


def _newest(text: str) -> str:
    said = EmailMessage(text=_GAPS.sub("\n\n", text), languages=list(LANGUAGES), keep_hyphen_lists=True).read()
    bodies = (_BEHIND.split(reply.body, maxsplit=1)[0].strip() for reply in said.replies)
    return next(filter(None, bodies), "")
