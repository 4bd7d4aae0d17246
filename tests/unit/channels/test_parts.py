"""Markdown to what messengers show, cut below their limits."""

import re
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.parts import Form, split, utf16
from bot.channels.styles import SLACK, TELEGRAM, WHATSAPP
from bot.conversations.model import Author, Choice, Message
from bot.conversations.plain import PLAIN, Style, pieces, plain_text

STYLES = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "slack": SLACK, "plain": PLAIN}
ANSWER = """Ihr **Server** ist *imap.example* < & >:

1. Port `993`
2. [Hilfe](https://example.de/?a=1&b="2") oder [Post](mailto:a@b.de), siehe [hier](#slug)

### Danach
```
ssl = <on>
```"""
SHOWN = {
    "telegram": """Ihr <b>Server</b> ist <i>imap.example</i> &lt; &amp; &gt;:

1. Port <code>993</code>
2. <a href="https://example.de/?a=1&amp;b=%222%22">Hilfe</a> oder Post (mailto:a@b.de), siehe hier

<b>Danach</b>

<pre>ssl = &lt;on&gt;</pre>""",
    "whatsapp": """Ihr *Server* ist _imap.example_ < & >:

1. Port `993`
2. Hilfe (https://example.de/?a=1&b=%222%22) oder Post (mailto:a@b.de), siehe hier

*Danach*

```ssl = <on>```""",
    "slack": """Ihr *Server* ist _imap.example_ &lt; &amp; &gt;:

1. Port `993`
2. <https://example.de/?a=1&amp;b=%222%22|Hilfe> oder Post (mailto:a@b.de), siehe hier

*Danach*

```
ssl = &lt;on&gt;
```""",
    "plain": """Ihr Server ist imap.example < & >:

1. Port 993
2. Hilfe (https://example.de/?a=1&b=%222%22) oder Post (mailto:a@b.de), siehe hier

Danach

ssl = <on>""",
}
NOT_XML = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MARKDOWN = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            ["**fett**", "*schräg*", "`code`", "\n\n", "\n", "- ", "1. ", "> ", "# ", "```\n", "|a|b|\n|-|-|\n|c|d|\n"]
        ),
        st.sampled_from(["[x](https://e.de/a?b=1&c=\"d')", "[x](javascript:a)", "<b>", "</a>", "&amp;", "🙂" * 30]),
    ),
    max_size=30,
).map("".join)


def message(text: str, *titles: str) -> Message:
    """From the bot."""
    choices = tuple(Choice(f"id{number}", title) for number, title in enumerate(titles))
    return Message(1, "1", Author.BOT, text, choices, datetime(2026, 11, 24, tzinfo=UTC))


def letters(text: str) -> str:
    """Without what cutting and joining may change."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", STYLES)
def test_an_answer_in_the_marks_of_each(name: str) -> None:
    """Bold, code, lists, links, headings; what the messenger would take for a mark is escaped where it can be."""
    assert split(message(ANSWER), Form(STYLES[name], 4096)) == [SHOWN[name]]


def test_a_long_answer_is_cut_at_paragraphs() -> None:
    """And at items of a list, never within a word, if there is another way."""
    text = "Eins zwei drei.\n\n" + "\n".join(f"- Punkt {number}" for number in range(6)) + "\n\nEnde **gut**."
    assert split(message(text), Form(TELEGRAM, 40)) == [
        "Eins zwei drei.\n\n- Punkt 0\n- Punkt 1",
        "- Punkt 2\n- Punkt 3\n- Punkt 4\n- Punkt 5",
        "Ende <b>gut</b>.",
    ]
    assert split(message("Ein Satz. Noch ein Satz. Und ein dritter."), Form(PLAIN, 26)) == [
        "Ein Satz. Noch ein Satz.",
        "Und ein dritter.",
    ]


def test_buttons_become_a_numbered_list_where_there_are_too_many() -> None:
    """All of them, so that there is one way to choose."""
    assert split(message("Was?", "Ja & Amen", "Nein"), Form(TELEGRAM, 100)) == ["Was?\n\n1. Ja &amp; Amen\n2. Nein"]
    assert split(message("Was?", "Ja", "Nein"), Form(TELEGRAM, 100, most_buttons=2)) == ["Was?"]


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@given(text=MARKDOWN, longest=st.integers(12, 200))
def test_every_part_fits_and_nothing_is_lost(style: Style, text: str, longest: int) -> None:
    """Whatever the text: as many letters come out as the plain text has, in order, and no part is too long."""
    parts = split(message(text), Form(style, longest, measure=utf16))

    assert all(0 < utf16(part) <= longest for part in parts)
    assert all(part.strip() for part in parts)
    if style is PLAIN:
        assert letters("".join(parts)) == letters("".join(piece.plain for piece in pieces(text, PLAIN)))


@given(text=MARKDOWN, longest=st.integers(12, 200))
def test_telegram_gets_tags_that_it_knows_and_that_are_closed(text: str, longest: int) -> None:
    """Else it would refuse the whole message; and what remains without the tags is the text."""
    for part in split(message(text), Form(TELEGRAM, longest, measure=utf16)):
        tree = ElementTree.fromstring(f"<r>{NOT_XML.sub(' ', part)}</r>")
        assert {each.tag for each in tree.iter()} <= {"r", "b", "i", "code", "pre", "a"}
        assert all(str(link.get("href")).startswith(("https://", "http://")) for link in tree.iter("a"))


@given(text=MARKDOWN)
def test_telegrams_text_is_the_plain_text(text: str) -> None:
    """But for the addresses of links, which are in their tags."""
    shown = "".join(split(message(text), Form(TELEGRAM, 10**6)))
    bare = re.sub(r' href="[^"]*"', "", shown)
    without_tags = unescape(re.sub(r"</?(?:b|i|code|pre|a)>", "", bare))
    live = re.sub(r" \(https://e\.de/[^)\s]*\)", "", plain_text(text))
    assert letters(without_tags) == letters(re.sub(r" \(https://e\.de/[^)\s]*\)", "", live))


def test_a_title_that_no_button_holds_makes_a_list() -> None:
    """Buttons would cut it, or the vendor would refuse them."""
    form = Form(PLAIN, longest=100, most_buttons=3, longest_title=10)
    assert split(message("Welches?", "Postfach", "Kennwort"), form) == ["Welches?"]
    assert split(message("Welches?", "Das Postfach", "Kennwort"), form) == ["Welches?\n\n1. Das Postfach\n2. Kennwort"]


def test_buttons_may_bear_the_numbers_of_the_list() -> None:
    """If the vendor has room for as many; they choose what they stand for."""
    form = Form(PLAIN, longest=100, most_buttons=2, longest_title=10, numbers=True)
    assert form.buttons(message("Welches?", "Das Postfach", "Kennwort")) == (Choice("id0", "1"), Choice("id1", "2"))
    assert form.buttons(message("Welches?", "Postfach")) == (Choice("id0", "Postfach"),)
    assert form.buttons(message("Welches?", "Das Postfach", "Kennwort", "Port")) == ()
    assert form.buttons(message("Welches?")) == ()


def test_a_text_above_buttons_may_be_shorter() -> None:
    """Where the vendor has another limit for it."""
    form = Form(PLAIN, longest=100, most_buttons=3, longest_with_buttons=20)
    text = "Ein Absatz.\n\nNoch ein Absatz."
    assert split(message(text), form) == [text]
    assert split(message(text, "Ja"), form) == ["Ein Absatz.", "Noch ein Absatz."]
