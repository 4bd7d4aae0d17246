"""What customers say, as text: into a transcript, onto an agent's page, to another channel, to an action."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.channels import styles
from bot.channels.formatting import to_html
from bot.channels.parts import Form, split
from bot.conversations.media import is_text, type_of
from bot.conversations.model import Author, Button, Choice, Holder, Message, Offer
from bot.conversations.plain import PLAIN, plain_text
from bot.conversations.typed import find_typed
from bot.identity.digests import Digests, mask
from bot.insight.excerpts import excerpt
from bot.insight.sheet import ENGLISH, GERMAN, to_csv
from bot.mail.server import parse_address
from bot.mailboxes.address import is_address, normalise_address
from bot.masking import mask as mask_personal
from bot.tickets import contacts, numbers, reading
from bot.tickets.choice import choose_moment
from bot.tickets.moments import Ambiguous, read_moment
from tests.contract.clock import START
from tests.fuzz.parser import Parser, encoded, text
from tests.hostile import HOSTILE

NOW = START.astimezone(ZoneInfo("Europe/Berlin"))
RETENTION = timedelta(days=14)
FORMS = [
    Form(style, longest=longest, most_buttons=3, longest_title=20)
    for style, longest in ((PLAIN, 400), (styles.TELEGRAM, 4096), (styles.SLACK, 300), (styles.TEAMS, 200))
]
DIGESTS = Digests(b"k" * 32)
OFFER = Offer(Holder.BOT, True, tuple(Button(title, "/x") for title in ("Ja, bitte", "Nein", "★ 5")))

MARKDOWN = encoded(
    "Posteingang mit **SSL/TLS**: Port `993`.\n\n1. Öffnen Sie *Einstellungen*\n2. [Hilfe](https://hilfe.example/a?b=c)\n",
    "| Dienst | Port |\n|---|---|\n| IMAP | 993 |\n\n> Zitat\n\n```\ncode ``` hier\n```\n",
    "<b>fett</b> <script>alert(1)</script> ![Bild](data:image/png;base64,AAAA) \\*kein\\* https://a.example",
    "- a\n  - b\n    - c\n\n***\n\nTitel\n===\n\n&amp; &#x202e; <https://x.example>",
)
MOMENTS = encoded(
    "gestern gegen 16 Uhr, oder vorgestern abend",
    "am 24.12. um halb fünf, spätestens viertel nach 5",
    "vor 3 Tagen, morgens; letzten Dienstag zwischen 10 und 12 Uhr",
    "der zweite, nachmittags",
    "Heute ist alles weg, gestern war noch alles da: 23.11.2026 08:15",
)
CONTACTS = encoded(
    "anna@lindenpost.example",
    "Bitte an Anna.Müller+x@post.example oder +49 40 123456-78, danke!",
    "Auftrag T-4F7K-2M9Q, der Ordner „Rechnungen 2025“, in einen Unterordner bitte",
    "mein Code ist 123 456",
    "unter der hinterlegten Adresse",
)
FILES = [
    b"%PDF-1.7\n%\xe2\xe3",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"PK\x03\x04\x14\0",
    b"\xff\xd8\xff\xe0\0\x10JFIF",
    b"GIF89a",
]


def markdown(raw: bytes) -> None:
    """As each channel shows it."""
    written = text(raw)
    to_html(written)
    plain_text(written)
    message = Message(1, "1", Author.AGENT, written, (Choice("a", "Ja"),), START)
    form = FORMS[len(raw) % len(FORMS)]
    assert all(form.measure(part) <= form.longest for part in split(message, form))


def moments(raw: bytes) -> None:
    """Points in time within a request."""
    said = text(raw)[:4000]
    found = read_moment(said, NOW, RETENTION)
    if isinstance(found, Ambiguous):
        choose_moment(said, found.candidates)


def details(raw: bytes) -> None:
    """The other fields of a request."""
    said = text(raw)[:4000]
    for read in (
        contacts.mailbox_in,
        contacts.address_in,
        contacts.contact_in,
        contacts.contact_beyond_doubt,
        contacts.is_address_alone,
        contacts.means_contact_on_file,
        numbers.number_in,
        reading.folder_in,
        reading.target_in,
    ):
        read(said)
    find_typed(said, OFFER, 0)
    mask(said, DIGESTS.typed("c", said))
    mask_personal(said)


def addresses(raw: bytes) -> None:
    """Of mailboxes, and of those that get mails."""
    written = text(raw)
    for each in (written, *written.split()):
        found = normalise_address(each)
        assert found is None or is_address(found)
        with suppress(ValueError):  # as it says
            parse_address(each)


def files(raw: bytes) -> None:
    """What an attachment is."""
    assert "/" in type_of(raw)
    is_text(raw)


def cells(raw: bytes) -> None:
    """What a spreadsheet is given, and what a search shows."""
    written = text(raw)
    for style in (GERMAN, ENGLISH):
        to_csv(("a", "b"), [(written, 1.5), (written[::-1], None)], style)
    excerpt(written, written.split()[:3])


PARSERS: Sequence[Parser] = [
    Parser("Markdown", markdown, MARKDOWN),
    Parser("points in time", moments, MOMENTS),
    Parser("fields of a request", details, (*CONTACTS, *encoded(*HOSTILE))),
    Parser("addresses", addresses, CONTACTS),
    Parser("files", files, FILES),
    Parser("cells", cells, CONTACTS),
]
