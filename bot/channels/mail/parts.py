"""The parts of a mail (MIME): its text and its files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message

from bot.channels.mail.heads import decoded, inner, printable, raw_of
from bot.channels.mail.words import ENCRYPTED, text_of, words_of

MOST_PARTS = 200
DEEPEST = 30
LONGEST_NAME = 200
DECORATION = 20_000
"""Bytes up to which a picture within the text is taken for a logo, and not for something to show us."""
SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
SEALED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
"""PGP/MIME and S/MIME; the latter also of what is only signed, in a form that shows no text."""


@dataclass(frozen=True)
class Leaf:
    """A part that has no others in it."""

    part: Message
    number: int
    """Among all of the mail, from 0; the same whenever it is read."""
    within: str
    """Type of the part that it is in."""

    @property
    def type(self) -> str:
        """Media type, in small letters."""
        return self.part.get_content_type()

    @property
    def content(self) -> bytes:
        """As it was before it was encoded; of a mail within a mail, all of it."""
        payload = self.part.get_payload(decode=True)
        if isinstance(payload, bytes):
            return payload
        return b"".join(raw_of(each) for each in inner(self.part)[:1])

    @property
    def name(self) -> str:
        """Of the file; empty if it has none."""
        return decoded(self.part.get_filename() or "").replace("/", "_").replace("\\", "_")[:LONGEST_NAME]

    @property
    def is_text(self) -> bool:
        """Whether it is shown as the mail's text."""
        is_file = self.part.get_content_disposition() == "attachment" or self.name
        return self.type in {"text/plain", "text/html"} and not is_file

    @property
    def is_file(self) -> bool:
        """Whether the customer attached it."""
        if self.is_text or self.type in SIGNATURES or self.within in {"multipart/report", "multipart/alternative"}:
            return False
        return self.within != "multipart/related" or len(self.content) > DECORATION


def leaves(message: Message) -> Sequence[Leaf]:
    """All of a mail, in order."""
    found = zip(range(MOST_PARTS), _walk(message, "", 0), strict=False)
    return [Leaf(part, number, within) for number, (part, within) in found]


def is_sealed(message: Message, parts: Sequence[Leaf]) -> bool:
    """Whether the text is encrypted."""
    if message.get_content_type() in SEALED:
        return True
    return any(leaf.type == "text/plain" and ENCRYPTED in text_in(leaf)[:2000] for leaf in parts if leaf.is_text)


def find_words(parts: Sequence[Leaf]) -> str:
    """The newest words; of HTML only where there is no plain text."""
    plain = "\n".join(text_in(leaf) for leaf in parts if leaf.is_text and leaf.type == "text/plain")
    if plain.strip():
        return words_of(plain)
    return words_of("\n".join(text_of(text_in(leaf)) for leaf in parts if leaf.is_text))


def text_in(leaf: Leaf) -> str:
    """Decoded as it says, else as most likely."""
    raw = leaf.content
    for charset in (_charset(leaf.part), "utf-8"):
        try:
            return printable(raw.decode(charset))
        except (LookupError, ValueError):
            continue
    # What old programmes write without saying so; every byte is a character there, or is replaced.
    return raw.decode("cp1252", "replace")


def _charset(part: Message) -> str:
    charset = str(part.get_content_charset("utf-8"))
    # A codec such as `zlib` or `idna` is none for text.
    return "utf-8" if not charset or "\0" in charset or charset in {"idna", "punycode"} else charset


def _walk(part: Message, within: str, depth: int) -> Iterator[tuple[Message, str]]:
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for each in inner(part) if depth < DEEPEST else ():
            yield from _walk(each, part.get_content_type(), depth + 1)
    else:
        yield part, within
