"""Courtesies around a message say nothing of what is wanted."""

import pytest

from bot.dialogue.nlu.text import plainly


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Guten Tag, mein Postfach ist voll. Vielen Dank im Voraus!", "mein Postfach ist voll."),
        ("Hallo liebes Team! Postfach voll", "Postfach voll"),
        ("wie geht imap mit freundlichen Grüßen Anna Muster", "wie geht imap"),
        ("Können Sie mir bitte helfen? Wo ist mein Ordner? Ich freue mich auf Ihre Antwort", "Wo ist mein Ordner?"),
        ("Hallo", "Hallo"),
        ("Guten Tag, ich habe eine Frage.", "Guten Tag, ich habe eine Frage."),
        ("Hat geklappt. Vielen Dank", "Hat geklappt. Vielen Dank"),
        ("Vielen Dank", "Vielen Dank"),
        ("Hallo Welt ist ein Ordner", "Hallo Welt ist ein Ordner"),
    ],
)
def test_courtesies_are_left_out_where_something_else_is_said(text: str, plain: str) -> None:
    """A greeting or thanks alone stay what they are."""
    assert plainly(text) == plain
