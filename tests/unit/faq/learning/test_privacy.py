"""What is about a customer does not get into a file that others read."""

import pytest

from bot.faq.learning.privacy import distinct, mask, mask_lines

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
