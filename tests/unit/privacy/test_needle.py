"""An address is found however it is written, and not within another one."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.errors import UnknownPersonError
from bot.privacy.needle import Needle
from bot.privacy.person import Person, person_of

ANNA = person_of("anna@müller-post.de")
AROUND = st.text(
    string.punctuation.replace("+", "").replace("-", "").replace(".", "").replace("_", "") + " \n„“…", max_size=5
)


@pytest.mark.parametrize(
    "text",
    [
        "anna@xn--mller-post-9db.de",
        "Anna@Müller-Post.de",
        "ANNA@MÜLLER-POST.DE",
        "mailto:anna@müller-post.de?subject=x",
        "https://x.example/?mail=anna%40m%C3%BCller.de und anna%40xn--mller-post-9db.de",
        "%3Canna@müller-post.de%3E",
        "anna+shop@müller-post.de",
        "anna (at) müller-post.de",
        "anna @ müller-post.de",
        "_anna@müller-post.de_",
        "...anna@müller-post.de...Danke",
        "mit anna@müller-post.de-Postfach",
        json.dumps("Zeile\nanna@müller-post.de"),
        json.dumps({"from": "„anna@müller-post.de“"}),
    ],
)
def test_spellings(text: str) -> None:
    """In any case, with the domain in either script, escaped, with an ending of its own."""
    assert ANNA.needle
    assert ANNA.needle.is_in(text)
    assert ANNA.needle.blanked(text.encode()) != text.encode()
    masked = ANNA.needle.masked(text, "[weg]")
    assert "[weg]" in masked
    assert not ANNA.needle.is_in(masked)


@pytest.mark.parametrize(
    "text",
    ["hanna@müller-post.de", "h.anna@müller-post.de", "h-anna@müller-post.de", "anna@müller-post.dev", "anna", ""],
)
def test_others(text: str) -> None:
    """Somebody else's."""
    assert ANNA.needle
    assert not ANNA.needle.is_in(text)
    assert ANNA.needle.masked(text, "[weg]") == text


@given(AROUND, AROUND)
def test_signs_around_it(before: str, after: str) -> None:
    """Whatever stands beside it that is no part of an address; bytes keep their length."""
    assert ANNA.needle
    text = f"{before}anna@müller-post.de{after}"
    assert ANNA.needle.is_in(text)
    blanked = ANNA.needle.blanked(text.encode())
    assert (len(blanked), b"anna" in blanked) == (len(text.encode()), False)


def test_what_json_holds() -> None:
    """Keys and values at any depth; numbers stay numbers."""
    assert ANNA.needle
    value = {"a": [1, None, {"anna@müller-post.de": "an anna@müller-post.de"}], "b": 2.5}
    assert ANNA.needle.masked(value, "x") == {"a": [1, None, {"x": "an x"}], "b": 2.5}


@pytest.mark.parametrize(
    ("text", "person"),
    [
        (" Anna@Beispiel.DE ", Person("anna@beispiel.de")),
        ("email:Anna@Beispiel.de", Person("anna@beispiel.de")),
        ("telegram:4711", Person(channel="telegram", customer="4711")),
        ("matrix:@anna:example.org", Person(channel="matrix", customer="@anna:example.org")),
    ],
)
def test_who_it_is(text: str, person: Person) -> None:
    """An address, or a customer of a channel."""
    assert person_of(text) == person


@pytest.mark.parametrize("text", ["", "anna", "telegram:", ":4711", "an na@x.de", "anna@"])
def test_nobody(text: str) -> None:
    """The message says how to write it."""
    with pytest.raises(UnknownPersonError, match="channel:id"):
        person_of(text)


def test_short_ids_are_not_looked_for_in_texts() -> None:
    """4711 is a contract number, a port and a perfume."""
    assert Needle.of_id("4711") is None
    assert person_of("telegram:4711").needle is None
