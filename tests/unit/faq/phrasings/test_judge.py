"""What each draft would change."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.learning.changes import LONGEST_WORDING, Files
from bot.faq.model import Entry, Faq
from bot.faq.overview import get_entry
from bot.faq.phrasings.choose import choose_entries
from bot.faq.phrasings.german import why_unusable
from bot.faq.phrasings.judge import Judge
from bot.faq.phrasings.model import TAKEABLE, Approved, Draft, Effect
from bot.faq.phrasings.prompt import prompt_for
from bot.faq.phrasings.service import edits_for
from bot.faq.reader import faq_of, read_faq
from bot.faq.source import parse_source

TEXT = """\
# Bäckerei

## Wann haben Sie geöffnet? {#hours}
- öffnungszeiten
- ruf mich an unter 0171 1234567

Montag bis Samstag, Auskunft unter 030/12345678 oder brot@example.de.

## Kann ich eine Torte vorbestellen? {#cake}

Ja.
"""


@dataclass(frozen=True)
class FakeReading:
    """What a model would say."""

    decision: str
    labels: tuple[str, ...]
    confidence: float = 0.75


def read(text: str) -> FakeReading:
    """A model that knows some words."""
    if "beide" in text:
        return FakeReading("clarify", ("faq/hours", "faq/cake"))
    if "unsicher" in text:
        return FakeReading("clarify", ("faq/cake", "check_quota"))
    for word, decision, label in (
        ("offen", "answer", "faq/hours"),
        ("torte", "answer", "faq/cake"),
        ("hallo", "action", "greet"),
    ):
        if word in text:
            return FakeReading(decision, (label,))
    return FakeReading("decline", ("out_of_scope",), 0.5)


@pytest.fixture
def faq() -> Faq:
    """Two entries."""
    return faq_of([parse_source(TEXT, Path("data/faq/bakery.md"))])


@pytest.fixture
def hours(faq: Faq) -> Entry:
    """The one that drafts are for."""
    return get_entry(faq, "hours")


@pytest.mark.parametrize(
    ("text", "effect", "today", "other"),
    [
        ("habt ihr sonntags offen", Effect.KNOWN, "answered", None),
        ("wann machts auf", Effect.NEW, "declined", None),
        ("beide vielleicht", Effect.NEW, "asks back, with this entry", None),
        ("unsicher vielleicht", Effect.NEW, "asks back, without this entry", None),
        ("bis wann gibts torte", Effect.COLLIDES, "taken for `cake`", "cake"),
        ("hallo ihr", Effect.COLLIDES, "taken for `greet`", "greet"),
        ("Kann ich eine Torte vorbestellen", Effect.TAKEN, "under `cake`", "cake"),
        ("Öffnungszeiten!", Effect.DUPLICATE, "the entry has it, or an earlier draft", None),
        ("x " * LONGEST_WORDING, Effect.TOO_LONG, "600 characters; 300 are allowed", None),
        ("", Effect.UNUSABLE, "it has no words", None),
        ("…?!", Effect.UNUSABLE, "it has no words", None),
        ("/restart", Effect.UNUSABLE, "it begins with `/`, which is a command", None),
        ("wann hat [Name] offen", Effect.UNUSABLE, "it has markup, a link or a placeholder", None),
        ("когда вы открыты", Effect.UNUSABLE, "it is not in Latin letters", None),
        ("営業時間", Effect.UNUSABLE, "it is not in Latin letters", None),
        ("08 18", Effect.UNUSABLE, "it has no letters", None),
        ("As an AI language model I cannot do that for you", Effect.UNUSABLE, "it does not look German", None),
        ("quelles sont vos heures dans la boulangerie", Effect.UNUSABLE, "it does not look German", None),
        (
            "schreibt mir an anna@beispiel.de wann offen ist",
            Effect.UNUSABLE,
            "it has an address, a link, a name or a long number",
            None,
        ),
        ("ruft mich an 0171 7654321", Effect.UNUSABLE, "it has an address, a link, a name or a long number", None),
    ],
)
def test_every_effect(faq: Faq, text: str, effect: Effect, today: str, other: str | None) -> None:
    """Told with what happens today, or why it cannot be used."""
    (draft,) = Judge(faq, read).judge(get_entry(faq, "hours"), [text])
    assert (draft.effect, draft.today, draft.other) == (effect, today, other)
    assert draft.confidence == {Effect.KNOWN: 0.75, Effect.COLLIDES: 0.75, Effect.NEW: draft.confidence}.get(effect)


def test_a_draft_is_let_through_once(faq: Faq, hours: Entry) -> None:
    """Twice in an answer it is a duplicate; approved for one entry, it is none of another's."""
    judge = Judge(faq, read)
    assert [
        draft.effect for draft in judge.judge(hours, ["wann machts auf", "Wann macht's auf?", "wann machts auf?"])
    ] == [
        Effect.NEW,
        Effect.NEW,
        Effect.DUPLICATE,
    ]
    (draft,) = judge.judge(get_entry(faq, "cake"), ["wann machts auf"])
    assert draft.effect is Effect.NEW
    judge.approve(Approved("hours", ("Wann machts auf",)))
    (draft,) = judge.judge(get_entry(faq, "cake"), ["wann machts auf"])
    assert (draft.effect, draft.other) == (Effect.TAKEN, "hours")


@pytest.mark.parametrize(
    "text",
    [
        "incoming mail server",
        "imap",
        "how to imap",
        "Wos is des für a Port?",
        "i kenn mi ned aus mit dem imap",
        "wie chani mis Passwort ändere",
        "wiso get das mail nich mer",
        "pop.server oder imap.server?",
        "Außerdem: müsste à la carte gehen & co.",
        "Ich soll bei „Incoming Server“ was eintragen, what to do?",
    ],
)
def test_what_customers_write_is_german_enough(text: str) -> None:
    """Dialect, slips, keywords and borrowed words."""
    assert why_unusable(text) is None


def test_the_fewest_phrasings_come_first(faq: Faq) -> None:
    """Without slugs those that have too few; with slugs these, each once."""
    assert [entry.slug for entry in choose_entries(faq, [], 3)] == ["cake", "hours"]
    assert [entry.slug for entry in choose_entries(faq, [], 2)] == ["cake"]
    assert [entry.slug for entry in choose_entries(faq, ["hours", "hours"], 1)] == ["hours"]


def test_the_prompt_has_the_entry_and_nothing_personal(hours: Entry) -> None:
    """Addresses and numbers are masked, though editors should not have written them."""
    prompt = prompt_for(hours, 7)
    assert "Schreibe 7 weitere" in prompt
    for part in ("Bäckerei", "Wann haben Sie geöffnet?", "- öffnungszeiten", "Montag bis Samstag", "[Mailadresse]"):
        assert part in prompt
    for part in ("0171", "030/", "brot@example.de", "Torte", "$"):
        assert part not in prompt


def test_a_prompt_takes_dollars_as_they_are(faq: Faq) -> None:
    """A price in an answer is no placeholder."""
    entry = Entry("price", get_entry(faq, "cake").question, (), "Ab $answer oder 5 $.", "Preise")
    assert "Ab $answer oder 5 $." in prompt_for(entry, 1)
    assert "(keine)" in prompt_for(entry, 1)


@given(text=st.text(st.characters(codec="utf-8"), max_size=60) | st.from_regex(r"[#*_>`~+\-0-9.()!„“ äa]{1,30}"))
def test_whatever_may_be_taken_can_be_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """And reads as the same; the rest of the file stays as it was."""
    folder = tmp_path_factory.mktemp("faq")
    (folder / "bakery.md").write_text(TEXT, "utf-8")
    (draft,) = Judge(read_faq(folder), read).judge(get_entry(read_faq(folder), "cake"), [text])
    if draft.effect in TAKEABLE:
        (edit,) = edits_for([Approved("cake", (draft.text,))], Files.of(folder, folder))
        written = faq_of([parse_source(edit.after, Path("bakery.md"))])
        assert [line.text for line in get_entry(written, "cake").phrasings] == [draft.text]
        before, after = TEXT.splitlines(), edit.after.splitlines()
        assert [line for line in after if line in before] == before
    assert isinstance(draft, Draft)
