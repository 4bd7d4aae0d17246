"""
FAQs of any size, in German, the same in every run.

Entries are combinations of what, where and what to do with it, so that each has neighbours which differ
by a single word: harder to tell apart than the entries of a real FAQ.
"""

import random
import shutil
from dataclasses import dataclass
from itertools import product
from pathlib import Path

THINGS = (
    "einen Termin", "eine Rechnung", "einen Vertrag", "eine Bestellung", "einen Gutschein", "ein Konto", "ein Foto",
    "eine Adresse", "einen Kalender", "ein Formular", "eine Karte", "ein Kennwort", "einen Newsletter", "ein Paket",
    "eine Gruppe", "einen Ordner", "ein Protokoll", "eine Quittung", "ein Rezept", "einen Bericht", "eine Notiz",
    "eine Liste", "ein Angebot", "eine Mahnung", "eine Lieferung", "ein Zertifikat", "einen Antrag", "eine Umfrage",
    "ein Video", "eine Vorlage", "einen Kontakt", "ein Gerät", "eine Domain", "einen Beitrag", "ein Abonnement",
    "eine Spende", "einen Kurs", "eine Reise", "ein Zimmer", "einen Parkplatz",
)  # fmt: skip
PLACES = (
    "in der App", "im Kundenbereich", "am Telefon", "auf dem Tablet", "im Browser", "am Schalter", "per Brief",
    "auf der Startseite", "in den Einstellungen", "am Automaten",
)  # fmt: skip
DEEDS = (
    "anlegen", "löschen", "ändern", "drucken", "teilen", "verlängern", "kündigen", "suchen", "sperren", "freigeben",
    "umbenennen", "verschieben", "bezahlen", "übertragen", "archivieren", "bestätigen", "prüfen", "abholen",
)  # fmt: skip
PHRASINGS = (
    "{bare} {place} {deed}",
    "Ich möchte {thing} {place} {deed}, wie geht das?",
    "Anleitung: {thing} {place} {deed}",
)
ASKED = (
    "guten tag, ich würde gern {thing} {place} {deed}",
    "wissen sie wie man {thing} {place} {deed} kann",
    "{place} {bare} {deed} geht nicht, was tun",
)
"""How customers ask, in none of the phrasings' words."""
SEED = 6
ENTRIES_A_TOPIC = 100


@dataclass(frozen=True)
class Entry:
    """One of the FAQ's entries."""

    number: int
    thing: str
    place: str
    deed: str

    @property
    def mark(self) -> str:
        """What is in its answer and in no other."""
        return f"Kennziffer {self.number:05}"

    def say(self, pattern: str) -> str:
        """A sentence about it."""
        bare = self.thing.split(maxsplit=1)[1]
        return pattern.format(thing=self.thing, bare=bare, place=self.place, deed=self.deed)

    @property
    def markdown(self) -> str:
        """As an editor writes it."""
        phrasings = "\n".join(f"- {self.say(pattern)}" for pattern in PHRASINGS)
        answer = self.say("So können Sie {thing} {place} {deed}: Folgen Sie den Schritten der Anleitung.")
        question = self.say("Wie kann ich {thing} {place} {deed}?")
        return f"## {question} {{#entry-{self.number}}}\n{phrasings}\n\n{answer} {self.mark}.\n"


def entries(count: int) -> list[Entry]:
    """The first ones are the same for every count."""
    combinations = list(product(THINGS, PLACES, DEEDS))
    random.Random(SEED).shuffle(combinations)
    return [Entry(number, *combination) for number, combination in enumerate(combinations[:count])]


def write_faq(folder: Path, written: list[Entry]) -> None:
    """Make the folder anew, with some topics."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for start in range(0, len(written), ENTRIES_A_TOPIC):
        topic = written[start : start + ENTRIES_A_TOPIC]
        text = f"# Thema {start}\n\n" + "\n".join(entry.markdown for entry in topic)
        (folder / f"topic-{start:05}.md").write_text(text, "utf-8")


def questions(asked: list[Entry], count: int) -> list[tuple[str, str]]:
    """What customers ask about some of the entries, every other time with a typo; and the mark of the answer."""
    chance = random.Random(SEED)
    return [
        (_mistyped(text, chance) if number % 2 else text, entry.mark)
        for number in range(count)
        for entry in [chance.choice(asked)]
        for text in [entry.say(chance.choice(ASKED))]
    ]


def _mistyped(text: str, chance: random.Random) -> str:
    """Two letters change places."""
    place = chance.randrange(1, len(text) - 2)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
