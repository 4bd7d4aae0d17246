"""Mails on which the standard library, or a pattern, stumbles: found by mutations, or written to do harm."""

import time

import pytest

from bot.channels.errors import ForeignError
from bot.channels.mail.reading import find_failures, find_personal, parse_mail
from bot.channels.mail.words import words_of

HEAD = b"From: anna@post.example\nMessage-ID: <a@post.example>\n"
MAILS = {
    "a charset in parts, with bytes that are none": b"Content-Type: text/plain; charset*=x'%FF\n\n\xff\xfe",
    "a subject in a charset with a name that is none": b"Subject: =?\x80so-8859-1?Q?a?=\n\nHallo",
    "a mail in a mail in a mail": b"Content-Type: message/rfc822\n\n" * 2000 + b"Hallo",
    "parts in parts": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(500)
    ),
    "many parts": b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\na\n" * 20_000,
    "elements in elements": b"Content-Type: text/html\n\n" + b"<div><b>" * 50_000 + b"Hallo",
    "a codec that unpacks": b"Content-Type: text/plain; charset=zlib\n\nHallo",
    "an address without an end": b"Reply-To: " + b'"(' * 20_000 + b"\n\nHallo",
    "many recipients": b"Reply-To: " + b"a@b.example, " * 50_000 + b"\n\nHallo",
    "many references": b"References: " + b"<a@b.example> " * 50_000 + b"\n\nHallo",
}
TEXTS = {
    "empty lines": "a" + "\n" * 100_000 + "b",
    "blank lines": "a\n" + " \n" * 100_000 + "b",
    "one long line": "Am " * 50_000,
    "many quotes": "> a\n" * 50_000,
    "many heads": "Von: a\nGesendet: b\n" * 20_000,
    "underscores": ("\n\n" + "_" * 31) * 3000,
}
SECONDS = 10.0
"""Of the processor; what is slow takes minutes, what is not takes a second on a busy machine."""


@pytest.mark.parametrize("raw", MAILS.values(), ids=MAILS)
def test_a_broken_mail_is_read_or_left(raw: bytes) -> None:
    """In a bounded time."""
    began = time.process_time()
    mail = HEAD + raw
    try:
        message = parse_mail(mail)
        assert not find_failures(message)
        personal = find_personal(message, mail, ())
    except ForeignError:
        personal = None
    assert personal is None or len(personal.event.incoming.text) < 30_000
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_letters_that_nobody_encoded(charset: str) -> None:
    """Many programmes just write them, also beside encoded words."""
    subject = "Ärger mit =?utf-8?q?Gr=C3=BC=C3=9Fen?= =?utf-8?q?_hier?= überall".encode(charset)
    message = parse_mail(HEAD + b"Subject: " + subject + b"\n\n")
    personal = find_personal(message, b"", ())
    assert personal
    assert personal.event.incoming.text == "Ärger mit Grüßen hier überall"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_that_patterns_do_not_like(text: str) -> None:
    """They see only so much of it, and no long runs of blanks."""
    began = time.process_time()
    words_of(text)
    assert time.process_time() - began < SECONDS
