"""What is about a customer does not get into a file that others read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.learning.privacy import distinct, mask, mask_lines
from bot.faq.reader import read_faq
from tests.conftest import PROJECT

MASKED = [
    ("Mail an anna.brandt@beispiel.de, bitte", "Mail an [Mailadresse], bitte"),
    ("<max@firma.example> und lea@x.de;tom@x.de", "<[Mailadresse]> und [Mailadresse];[Mailadresse]"),
    ("ruft mich an: 0171 1234567", "ruft mich an: [Nummer]"),
    ("Tel. +49 (0)711/123-45 67", "Tel. [Nummer]"),
    ("0043 1 234 56 78 geht auch", "[Nummer] geht auch"),
    ("Kundennummer 482133", "Kundennummer [Nummer]"),
    ("mein code 123456", "mein code [Nummer]"),
    ("code 123 456 oder 123-456", "code [Nummer] oder [Nummer]"),
    ("der Code ist ••••••", "der Code ist [Nummer]"),
    ("DE89 3704 0044 0532 0130 00", "[Nummer]"),
    ("karte 4111 1111 1111 1111", "karte [Nummer]"),
    ("1-800-555-1234", "[Nummer]"),
    ("was ist mit T-JNNHWB2M", "was ist mit [Nummer]"),
    ("https://kunde.example/reset?token=geheim geht nicht", "[Link] geht nicht"),
    ("anna (at) beispiel.de oder anna @ beispiel.de", "[Mailadresse] oder [Mailadresse]"),
    ("in Matrix @anna:beispiel.org bitte", "in Matrix [Mailadresse] bitte"),
    ("meine Kundennummer lautet 4711", "meine Kundennummer lautet [Nummer]"),
    ("Kd.-Nr. K-17 und Vertragsnr: 12", "Kd.-Nr. [Nummer] und Vertragsnr: [Nummer]"),
    ("wohne Lange Hauptstraße 12 b", "wohne Lange [Anschrift]"),
    ("geboren am 1.2.1980", "geboren am [Nummer]"),
    ("Mein Name ist anna brandt und IMAP geht nicht", "Mein Name ist [Name] und IMAP geht nicht"),
    ("ich heiße Anna, ich hab kein Outlook", "ich heiße [Name], ich hab kein Outlook"),
    ("Name: Brandt", "Name: [Name]"),
    ("hier schreibt Anna Brandt", "hier schreibt [Name]"),
    ("Ich bin Anna Brandt und will kündigen", "Ich bin [Name] und will kündigen"),
    ("Guten Tag Frau Dr. Berger, wie geht POP?", "Guten Tag Frau Dr. [Name], wie geht POP?"),
    ("sehr geehrte frau berger, wie geht pop?", "sehr geehrte frau [Name], wie geht pop?"),
    ("Hallo Anna, wie geht POP?", "Hallo [Name], wie geht POP?"),
    ("Wie geht POP?\n\nMit freundlichen Grüßen\nAnna von Brandt", "Wie geht POP? Mit freundlichen Grüßen [Name]"),
    ("wie geht POP? lg anna", "wie geht POP? lg [Name]"),
    ("Zeile\neins\tund \u202ezwei\x00", "Zeile eins und zwei"),
]
KEPT = [
    "Port 993 oder 995",
    "993/995",
    "POP3 und IMAP4 mit SSL",
    "100 % von 5,2 GB",
    "Anhang mit 40 MB",
    "am 24.11.2026 um 16:00",
    "Fehler 550 5.1.1",
    "t-online nimmt nichts an",
    "@home geht nicht",
    "Hallo zusammen, wie geht POP?",
    "Hallo Support, Hallo Team!",
    "Guten Tag, Outlook fragt nach dem Passwort",
    "ich bin Kunde und will kündigen",
    "wie kann ich den Namen ändern, mein Name ist falsch",
    "meine Frau kann ihr Postfach nicht öffnen",
    "Speicherplatz 5 GB reicht nicht",
    "wo finde ich meine Kundennummer",
    "danke und viele Grüße",
    "Grüße",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    """Addresses, links, telephone numbers, codes, account and ticket numbers; in one line."""
    assert mask(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_what_questions_are_about_is_kept(text: str) -> None:
    """Ports, sizes, dates, error codes."""
    assert mask(text) == text


def test_an_answer_keeps_its_lines() -> None:
    """It is Markdown."""
    assert mask_lines("Guten Tag,\n\n- schreiben Sie an a@b.de\n") == "Guten Tag,\n\n- schreiben Sie an [Mailadresse]\n"


def test_each_wording_counts_once() -> None:
    """However it is written; what has no words is none."""
    assert distinct(("Wie geht das?", "wie geht das", "???", "Und an a@b.de?", "und an c@d.de")) == [
        "Wie geht das?",
        "Und an [Mailadresse]?",
    ]


def test_the_shipped_phrasings_are_nobodys() -> None:
    """Nothing that questions consist of is taken for a name or a number."""
    faq = read_faq(PROJECT / "data" / "faq")
    texts = {text for entry in faq.entries for text in entry.examples}
    assert len(texts) > 700
    assert [text for text in texts if mask(text) != " ".join(text.split())] == []


DIGITS = st.text("0123456789", min_size=5, max_size=14)
LOCAL = st.from_regex(r"[a-z0-9]([a-z0-9._-]{0,20}[a-z0-9])?", fullmatch=True)
WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöüß ,.!?", max_size=40)
NAMES = st.sampled_from(["Anna", "Brandt", "Müller-Lüdenscheidt", "Özlem", "D'Angelo", "Yılmaz", "Žižek"])
INTRODUCTIONS = st.sampled_from(
    [
        "mein Name ist {}",
        "Ich heiße {}",
        "ich heisse {}",
        "Sehr geehrter Herr {}",
        "Name: {}",
        "hier spricht {}",
        "guten tag Frau {}",
        "Hallo {}!",
    ]
)


@given(WORDS, LOCAL, st.sampled_from(["beispiel.de", "post.müller.example", "x.co.uk"]), WORDS)
def test_no_address_stays(before: str, local: str, domain: str, after: str) -> None:
    """Whatever stands around it."""
    masked = mask(f"{before} {local}@{domain} {after}")
    assert "@" not in masked
    assert domain not in masked


@given(WORDS, st.sampled_from(["", "+49 ", "0", "DE89", "Kundennummer "]), DIGITS, WORDS)
def test_no_long_number_stays(before: str, prefix: str, digits: str, after: str) -> None:
    """Of a telephone, an account, a customer."""
    assert digits not in mask(f"{before} {prefix}{digits} {after}")


@given(INTRODUCTIONS, NAMES)
def test_no_introduced_name_stays(introduction: str, name: str) -> None:
    """With hyphens, apostrophes and letters of other languages."""
    assert name not in mask(introduction.format(name))


@given(st.text(max_size=80))
def test_masked_once_is_masked(text: str) -> None:
    """Again it stays as it is, so an editor may look, change and publish; and it takes no time at all."""
    once = mask(text)
    assert mask(once) == once
