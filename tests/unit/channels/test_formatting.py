"""Markdown to safe HTML."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.formatting import to_html


def test_what_answers_are_made_of_is_kept() -> None:
    """Paragraphs, bold, lists and links."""
    html = to_html("Der **Server**:\n\n- Port 993\n- [Hilfe](https://example.de/hilfe)")

    assert "<strong>Server</strong>" in html
    assert "<li>Port 993</li>" in html
    assert '<a href="https://example.de/hilfe"' in html
    assert 'target="_blank"' in html
    assert 'rel="noopener noreferrer"' in html


def test_a_link_to_another_entry_becomes_its_text() -> None:
    """The chat has no anchors to jump to."""
    assert to_html("Siehe [volles Postfach](#mailbox-full).") == "<p>Siehe volles Postfach.</p>\n"


ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[klick](javascript:alert(1))",
    "[klick](data:text/html;base64,PHNjcmlwdD4=)",
    "[klick](JaVaScRiPt:alert(1))",
    '<a href="https://example.de" onclick="alert(1)">x</a>',
    "![bild](https://tracker.example/pixel.png)",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    '[x](https://example.de "title\\" onmouseover=alert(1)")',
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_runs(text: str) -> None:
    """HTML is shown as text, other schemes are no links, images are not fetched."""
    html = to_html(text)

    for tag in BeautifulSoup(html, "lxml").find_all():
        assert tag.name in {"html", "body", "p", "a"}
        assert not any(name.startswith("on") for name in tag.attrs)
        assert str(tag.get("href", "https:")).startswith("https:")


@given(st.text())
def test_any_text_gives_html_without_scripts(text: str) -> None:
    """Whatever is typed: no exception, and no tag that is not on the list."""
    assert "<script" not in to_html(text).lower()
