"""What fuzzing found once, each on its own and without millions of bytes."""

import json
from pathlib import Path

import pytest

from bot.backoff import seconds_of
from bot.errors import SettingsError
from bot.faq.web.extract import extract
from bot.faq.web.page import Page
from bot.identity.tokens import TokenError
from bot.mail.server import parse_address
from bot.mailboxes.errors import PlatformError
from bot.settings import load_settings
from bot.staff.errors import IdentityError
from bot.staff.foreign import Seal
from bot.tickets.contacts import mailbox_in
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import State
from tests.contract.clock import START, Clock
from tests.fuzz import doors
from tests.fuzz.parser import at_once
from tests.fuzz.systems import AnsweringDovecot, rt_of, zammad_of


@pytest.mark.parametrize(
    "answer",
    [[], 7, {"items": 7}, {"items": [{"Status": "open"}]}, {"items": [{"id": "x"}]}, {"items": [{"id": "9" * 5000}]}],
)
def test_a_ticket_system_that_answers_something_else(answer: object) -> None:
    """It is named as such, so that the ticket waits for a system that is well again."""
    if answer:
        with pytest.raises(TicketSystemError, match="Request Tracker found no tickets"):
            at_once(rt_of(json.dumps(answer).encode()).states(["17"]))
    with pytest.raises(TicketSystemError):
        at_once(zammad_of(json.dumps({"state": "open"}).encode()).states(["17"]))


def test_a_ticket_that_was_not_asked_for() -> None:
    """Is left aside: there is none of ours to tell of it."""
    raw = b'{"items": [{"id": "17", "Status": "resolved"}, {"id": "18", "Status": "open"}, {"id": "17", "Status": []}]}'
    assert at_once(rt_of(raw).states(["17"])) == {"17": State.DONE}


def test_json_without_an_end() -> None:
    """Is no JSON."""
    deep = b"[" * 100_000
    with pytest.raises(TicketSystemError, match="no JSON"):
        at_once(rt_of(deep).ping())
    with pytest.raises(PlatformError, match="no JSON"):
        at_once(AnsweringDovecot(deep).ping())


@pytest.mark.parametrize(
    "raw", [b"true", b"{}", b'[["doveadmResponse", {"anna@lindenpost.example": {"contact": {}}}, "postbote"]]']
)
def test_a_doveadm_that_answers_something_else(raw: bytes) -> None:
    """Is not the one that we know."""
    with pytest.raises(PlatformError):
        at_once(AnsweringDovecot(raw).ping())
    with pytest.raises(PlatformError):
        at_once(AnsweringDovecot(raw).find_contact("anna@lindenpost.example"))


@pytest.mark.parametrize("expires", [int(START.timestamp()) * 1000, 2**63, -(2**70)])
def test_a_token_that_expires_in_another_age(expires: int) -> None:
    """Mostly its page counts in milliseconds."""
    tokens = doors.tokens()
    with pytest.raises(TokenError, match="milliseconds"):
        tokens.read(
            doors.signed(json.dumps({"aud": "postbote", "exp": expires, "mailboxes": ["a@b.example"]}).encode())
        )


def test_a_cookie_that_is_no_text() -> None:
    """Was not sealed here."""
    with pytest.raises(IdentityError):
        Seal(b"k" * 32, Clock()).open("gAAAA\udcff")


def test_a_retry_in_a_year_that_no_clock_has() -> None:
    """Says nothing."""
    assert seconds_of("Wed, 21111111111111111111 Oct 2026 07:28:00 GMT", START) == 0


@pytest.mark.parametrize("text", ["a@[b", "a@[|b.example", "", "@", "a@b@c", "a b@c.example", "=?x?=@[", "a@\0"])
def test_what_is_no_address(text: str) -> None:
    """The standard library's parser raises whatever comes up; ours says ValueError."""
    with pytest.raises(ValueError, match="form name@domain"):
        parse_address(text)


def test_a_page_that_declares_half_a_sign() -> None:
    """That block is broken, and the page's other entries are found."""
    block = r'{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"Was?","acceptedAnswer":{"text":"\ud800"}}]}'
    page = f'<script type="application/ld+json">{block}</script><details><summary>Wo?</summary><p>Hier.</p></details>'
    found = extract(Page(page, None), "page.html")
    assert [pair.question for pair in found.pairs] == ["Wo?"]


def test_settings_that_are_no_text(tmp_path: Path) -> None:
    """The start stops, and says why."""
    (tmp_path / "env").write_bytes(b"POSTBOTE_HOST=\xff")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(_env_file=tmp_path / "env")


def test_an_address_is_found_within_its_length() -> None:
    """64 signs before the @ at most; what is longer is none, in whatever it stands."""
    assert mailbox_in(f"an {'a' * 64}@lindenpost.example") == f"{'a' * 64}@lindenpost.example"
    assert mailbox_in(f"an {'a' * 65}@lindenpost.example") is None
    assert mailbox_in(f"an {'a' * 500}@lindenpost.example") is None
    assert mailbox_in("anna@lindenpost.example/bert@lindenpost.example") == "anna@lindenpost.example"
