"""Mailbox, folder, target and contact read from customers' sentences; points in time told to them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.tickets.contacts import contact_beyond_doubt, contact_in, mailbox_in, means_contact_on_file
from bot.tickets.model import Target
from bot.tickets.reading import Folder, Whole, folder_in, german_moment, target_in

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 14, 20, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("bitte Anna.Muster@Beispiel.de wiederherstellen", "anna.muster@beispiel.de"),
        ("es geht um info@beispiel.de.", "info@beispiel.de"),
        ("(vertrieb@beispiel.co.at)", "vertrieb@beispiel.co.at"),
        ("anna@müller.de", "anna@xn--mller-kva.de"),
        ("*@beispiel.de", None),
        ("mein postfach", None),
        ("das postfach anna@beispiel.de, kontakt ist max@privat.de", "anna@beispiel.de"),
        ("erreichbar unter max@privat.de, es geht um anna@beispiel.de", "anna@beispiel.de"),
        ("der kontakt soll max@privat.de sein", None),
        ("ich schreibs mal vom brief ab: anna@beispiel.de", "anna@beispiel.de"),
        ("bitte schreiben sie mir dann an max@privat.de", None),
    ],
)
def test_a_mailbox_is_found_in_a_sentence(text: str, mailbox: str | None) -> None:
    """In its one spelling; what a hoster would not give out is none."""
    assert mailbox_in(text) == mailbox


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("der Ordner Rechnungen ist weg", Folder("Rechnungen")),
        ("den Unterordner „Projekt Seestraße“ bitte", Folder("Projekt Seestraße")),
        ('Ordner "Kunden 2025"', Folder("Kunden 2025")),
        ("mein Rechnungen-Ordner", Folder("Rechnungen")),
        ("ein Ordner ist verschwunden", None),
        ("nur das Verzeichnis Rechnungen", Folder("Rechnungen")),
        ("der Inhalt des Unterverzeichnisses Kunden/Nord fehlt", Folder("Kunden/Nord")),
        ("the folder Invoices please", Folder("Invoices")),
        ("Ordner: Verträge", Folder("Verträge")),
        ("das Buchhaltung-Verzeichnis", Folder("Buchhaltung")),
        ("der Bilder-Ordner is leer", Folder("Bilder")),
        ("der Mail-Ordner Bilder", Folder("Bilder")),
        ("mir fehlt ein Ordner, Reisen heißt er", Folder("Reisen")),
        ("mein Chef, Meier heißt er, hat etwas gelöscht", None),
        ("Ordnername: Steuer 2025. Danke", Folder("Steuer 2025")),
        ("nur den Ordner Bilder. Danke", Folder("Bilder")),
        ("das Postfach in seiner Gesamtheit", Whole()),
        ("bitte INBOX/Kunden", Folder("INBOX/Kunden")),
        ("was ist aus Haus/Garten geworden", Folder("Haus/Garten")),
        ("aus und/oder nach", None),
        ("die Mails aus Junk", Folder("Junk-E-Mail")),
        ("alle Ordner mitsamt Unterordnern", Whole()),
        ("inklusive aller Ordner", Whole()),
        ("vollständig, bitte", Whole()),
        ("der ganze Posteingang", Folder("Posteingang")),
        ("alle gesendeten fehlen", Folder("Gesendet")),
        ("das ganze Postfach", Whole()),
        ("alle meine Mails sind weg", Whole()),
        ("seither sind alle meine Emails weg", Whole()),
        ("alles", Whole()),
        ("alle bitte", Whole()),
        ("vorgestern abend war noch alles da", None),
        ("bis gestern alles da gewesen", None),
        ("nur der ordner Projekte 2026", Folder("Projekte 2026")),
        ("im Ordner Projekt Seestraße vom 12.11.", Folder("Projekt Seestraße")),
        ("Ordner Rechnungen Montag 9 Uhr", Folder("Rechnungen")),
        ("die ordner rechnungen und verträge", Folder("rechnungen und verträge")),
        ("doch lieber den ordner gesendet", Folder("Gesendet")),
        ("den ordner rechnungen und den ordner verträge", Folder("rechnungen und verträge")),
        ("den ordner Angebote in den unterordner Alt", Folder("Angebote")),
        ("ois", Whole()),
        ("gestern gegen 16 Uhr", None),
    ],
)
def test_what_is_missing_is_found(text: str, folder: Folder | Whole | None) -> None:
    """A folder's name, one of the usual folders, or the whole mailbox."""
    assert folder_in(text) == folder


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("in einen Unterordner", Target.SUBFOLDER),
        ("lieber in einen eigenen Ordner", Target.SUBFOLDER),
        ("nicht überschreiben bitte", Target.SUBFOLDER),
        ("einfach überschreiben", Target.OVERWRITE),
        ("den jetzigen Inhalt ersetzen", Target.OVERWRITE),
        ("neben den jetzigen sachen", Target.SUBFOLDER),
        ("einfach drüber", Target.OVERWRITE),
        ("dazu bitte", Target.SUBFOLDER),
        ("weiß nicht", None),
    ],
)
def test_the_target_is_found(text: str, target: Target | None) -> None:
    """What destroys something is only taken when it is said."""
    assert target_in(text) is target


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("rufen Sie mich an: 0171 234 56 78", "0171 234 56 78"),
        ("+43 (664) 1234567", "+43 (664) 1234567"),
        ("Anna@Beispiel.de", "anna@beispiel.de"),
        ("am 12.11. um 16 Uhr", None),
    ],
)
def test_a_contact_is_found(text: str, contact: str | None) -> None:
    """An address, or what is long enough for a telephone number."""
    assert contact_in(text) == contact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("in einen unterordner, erreichbar bin ich unter 0151 23456789", "0151 23456789"),
        ("0171/2345678", "0171/2345678"),
        ("0 30 / 12 34 56", "0 30 / 12 34 56"),
        ("+43 664 1234567", "+43 664 1234567"),
        ("rückfragen bitte an max@privat.de", "max@privat.de"),
        ("postfach anna@beispiel.de", None),
        ("mein code 123456", None),
        ("am 01.12.2026 um 08:00", None),
        ("2026-11-12", None),
        ("01-12-2026", None),
        ("auftrag T-0123456", None),
    ],
)
def test_a_contact_that_was_not_asked_for_must_be_beyond_doubt(text: str, contact: str | None) -> None:
    """What could be a mailbox, a date or a number of another kind is none."""
    assert contact_beyond_doubt(text) == contact


@pytest.mark.parametrize(
    ("text", "means"),
    [("hinterlegte adresse", True), ("die gleiche", True), ("haben sie doch", True), ("egal", True), ("ja", False)],
)
def test_the_contact_on_file_is_meant(text: str, means: bool) -> None:
    """However it is said."""
    assert means_contact_on_file(text) is means


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 16, 0, tzinfo=BERLIN), "gestern, 23. November, 16 Uhr"),
        (datetime(2026, 11, 9, 9, 5, tzinfo=BERLIN), "Montag, 9. November, 09:05 Uhr"),
        (datetime(2025, 12, 30, 0, 0, tzinfo=BERLIN), "Dienstag, 30. Dezember 2025, 0 Uhr"),
    ],
)
def test_a_point_is_told(at: datetime, words: str) -> None:
    """With the weekday, so that a slip is noticed."""
    assert german_moment(at, NOW) == words
