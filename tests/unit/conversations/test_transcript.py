"""A conversation as plain text."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.model import Author, Message
from bot.conversations.plain import plain_text
from bot.conversations.transcript import render_transcript

WORDS = {
    "utter_transcript_customer": "Sie",
    "utter_transcript_bot": "Postbote",
    "utter_transcript_agent": "{agent} (Kundendienst)",
}
BERLIN = ZoneInfo("Europe/Berlin")


def message(at: datetime, author: Author, text: str, agent: str | None = None) -> Message:
    """A line."""
    return Message(1, "1", author, text, (), at, agent)


def test_who_said_what_and_when() -> None:
    """On the hoster's clocks, under the day; over midnight, and with people in it."""
    at = datetime(2026, 11, 23, 22, 58, tzinfo=UTC)
    said = [
        message(at, Author.CUSTOMER, "wie voll ist *mein* postfach\n\n  <b>bitte</b>"),
        message(at.replace(minute=59), Author.BOT, "Ihr Postfach belegt **3,2 GB von 5 GB**."),
        message(
            at.replace(hour=23, minute=1), Author.NOTICE, "Frau Berger hat das Gespräch übernommen.", "Frau Berger"
        ),
        message(at.replace(hour=23, minute=2), Author.AGENT, "Guten Abend,\n\n- erstens\n- zweitens", "Frau Berger"),
    ]
    assert render_transcript(said, BERLIN, WORDS.__getitem__) == (
        "Montag, 23. November 2026\n\n"
        "23:58  Sie:\n  wie voll ist *mein* postfach\n\n    <b>bitte</b>\n\n"
        "23:59  Postbote:\n  Ihr Postfach belegt 3,2 GB von 5 GB.\n\n"
        "Dienstag, 24. November 2026\n\n"
        "00:01  Frau Berger hat das Gespräch übernommen.\n\n"
        "00:02  Frau Berger (Kundendienst):\n  Guten Abend,\n\n  - erstens\n  - zweitens"
    )


def test_a_name_is_no_template() -> None:
    """Nor is what anybody writes."""
    said = [message(datetime(2026, 11, 23, 9, tzinfo=UTC), Author.AGENT, "{agent} {0}", "{x} Berger")]
    assert "{x} Berger (Kundendienst):\n  {agent} {0}" in render_transcript(said, BERLIN, WORDS.__getitem__)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**Port 993** und *SSL*", "Port 993 und SSL"),
        ("eine\nZeile", "eine\nZeile"),
        ("eins\n\nzwei", "eins\n\nzwei"),
        ("[Hilfe](https://hilfe.example/a?b=c)", "Hilfe (https://hilfe.example/a?b=c)"),
        ("<https://hilfe.example>", "https://hilfe.example"),
        ("[Spam](#spam-filter)", "Spam"),
        ("[hilfe@a.example](mailto:hilfe@a.example)", "hilfe@a.example"),
        ("- eins\n- zwei\n  - drei", "- eins\n- zwei\n  - drei"),
        ("3. eins\n4. zwei", "3. eins\n4. zwei"),
        ("> so\n> ist es", "> so\n> ist es"),
        ("### Kopf\nText", "Kopf\n\nText"),
        ("`imap.example`", "imap.example"),
        ("```\nx = 1\n\ny = 2\n```", "x = 1\n\ny = 2"),
        ("| Port | Dienst |\n|---|---|\n| 993 | **IMAP** |", "Port | Dienst\n993 | IMAP"),
        ("<b>kein HTML</b>", "<b>kein HTML</b>"),
        ("oben\n\n---\n\nunten", "oben\n\n---\n\nunten"),
        ("1 * 2 * 3", "1 * 2 * 3"),
        ("", ""),
    ],
)
def test_markdown_becomes_text_that_reads_well(markdown: str, text: str) -> None:
    """Nothing is lost but the marks."""
    assert plain_text(markdown) == text


@given(st.text())
def test_whatever_is_written_can_be_rendered(markdown: str) -> None:
    """Agents may write anything."""
    assert isinstance(plain_text(markdown), str)


@given(st.text(alphabet=st.characters(categories=["L", "Nd"]), min_size=1))
def test_words_are_kept(words: str) -> None:
    """Letter by letter."""
    assert plain_text(f"**{words}**") == words
