"""An answer as a mail: HTML and plain text, the question quoted, in its thread."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from html import escape

from babel.dates import format_date, format_time

from bot.channels.formatting import to_html
from bot.channels.mail.threads import Place, id_of, is_id
from bot.conversations.model import Asked, Author, Message
from bot.conversations.plain import plain_text
from bot.mail.errors import MailError
from bot.mail.server import parse_address

LONGEST_QUOTE = 3000
# Longer lines than usual: the standard library encodes ids that do not fit into one, and then no programme knows them.
POLICY = SMTP.clone(max_line_length=900)
_PREFIXES = re.compile(r"^(?:\s*(?:re|aw|antw|antwort|fwd?|wg)(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
STYLE = "font-family: sans-serif; line-height: 1.5"
QUOTE_STYLE = "margin: 0; padding-left: 1em; border-left: 3px solid #ccc; color: #555"


@dataclass(frozen=True)
class Thread:
    """What is known of a conversation by mail."""

    subject: str
    references: Sequence[str]
    """Up to the customer's last mail."""


class Writer:
    """Writes as one sender."""

    def __init__(self, sender: Address, sentence: Callable[[str], str], zone: tzinfo) -> None:
        """`sentence` gives a response of the domain; `zone` is the customers'."""
        self._sender = sender
        self._sentence = sentence
        self._zone = zone

    def write(self, place: Place, thread: Thread, message: Message) -> EmailMessage:
        """The same mail on every attempt, but for its date. Raises MailError when it cannot be addressed."""
        mail = EmailMessage(POLICY)
        try:
            mail["From"] = self._sender
            mail["To"] = parse_address(place.person)
            mail["Subject"] = self._subject(thread.subject)
        except (ValueError, IndexError, MessageError) as error:
            raise MailError(f"{place.person} is no address that mails can be sent to.", final=True) from error
        mail["Date"] = formatdate(localtime=False)
        mail["Message-ID"] = f"<{id_of(int(message.id), place.thread, self._sender.domain)}>"
        _refer(mail, thread, message.asked)
        if message.author is not Author.AGENT:
            # RFC 3834, 5: what a person wrote is no automatic answer. Exchange looks at the second one.
            mail["Auto-Submitted"] = "auto-replied"
            mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        mail.set_content(self._plain(message), cte="quoted-printable")
        mail.add_alternative(self._html(message), subtype="html", cte="quoted-printable")
        return mail

    def _subject(self, subject: str) -> str:
        bare = _PREFIXES.sub("", subject) or self._sentence("utter_mail_subject")
        return f"Re: {' '.join(bare.split())}"

    def _plain(self, message: Message) -> str:
        titles = [f"{number}. {button.title}" for number, button in enumerate(message.buttons, 1)]
        texts = [plain_text(message.text), "\n".join(titles)]
        if message.asked:
            quoted = "\n".join(f"> {line}".rstrip() for line in _quote(message.asked).splitlines())
            texts.append(f"{self._intro(message.asked.at)}\n{quoted}")
        return "\n\n".join(filter(None, texts)) + "\n"

    def _html(self, message: Message) -> str:
        items = "".join(f"<li>{escape(button.title)}</li>" for button in message.buttons)
        body = to_html(message.text) + (f"<ol>{items}</ol>" if items else "")
        if message.asked:
            lines = "<br>".join(escape(_quote(message.asked)).splitlines())
            quote = f'<blockquote type="cite" style="{QUOTE_STYLE}">{lines}</blockquote>'
            body += f"<p>{escape(self._intro(message.asked.at))}</p>{quote}"
        return f'<!doctype html><html lang="de"><body style="{STYLE}">{body}</body></html>\n'

    def _intro(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        day, clock = format_date(local, "d. MMMM y", locale="de"), format_time(local, "H:mm", locale="de")
        return self._sentence("utter_mail_quote").replace("{date}", day).replace("{time}", clock)


def _quote(asked: Asked) -> str:
    text = asked.text.strip()
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rstrip()} …"


def _refer(mail: EmailMessage, thread: Thread, asked: Asked | None) -> None:
    """RFC 5322, 3.6.4."""
    # A file's line in the transcript is named after the mail that it came with.
    parent = asked.id.removesuffix(":files") if asked else ""
    chain = [each for each in thread.references if is_id(each) and each != parent]
    if is_id(parent):
        mail["In-Reply-To"] = f"<{parent}>"
        chain.append(parent)
    if chain:
        mail["References"] = " ".join(f"<{each}>" for each in chain)
