"""What a customer's rating leaves behind."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import _wiring
from actions.rating import RateConversation
from bot.accounts import Accounts
from bot.clock import now
from tests.fakes import FakeRatings

DOMAIN = {"responses": {"utter_no_comment": [{"text": "Nein, danke"}]}}


@pytest.fixture
def ratings() -> Iterator[FakeRatings]:
    """In the actions' hands."""
    ratings, unused = FakeRatings(), cast(Any, None)
    _wiring.provide(
        Accounts(
            mailboxes=unused,
            proofs=unused,
            codes=unused,
            tickets=unused,
            wake_tickets=unused,
            ratings=ratings,
            reception=unused,
            transcripts=unused,
            clock=now,
            zone=ZoneInfo("Europe/Berlin"),
            retention=timedelta(days=30),
        )
    )
    yield ratings
    _wiring.provide(None)


class Customer:
    """Says something, and keeps what the procedure remembers."""

    def __init__(self) -> None:
        self.draft: Any = None
        self.next: list[str] = []
        """Actions that follow."""

    async def say(
        self, text: str, intent: str, kind: str = "action", *, angry: bool = False, **values: str
    ) -> list[str]:
        """The names of the responses."""
        message = {
            "text": text,
            "intent": {"name": intent},
            "entities": [{"entity": name, "value": value} for name, value in values.items()],
            "decision": {"kind": kind, "labels": [intent], "confidence": 1.0},
            "message_id": "7",
            "angry": angry,
        }
        tracker = Tracker("talk", {"rating": self.draft}, message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = await RateConversation().run(dispatcher, tracker, DOMAIN)
        self.next = [event["name"] for event in events if event["event"] == "followup"]
        self.draft = next(event["value"] for event in events if event.get("name") == "rating")
        return [message["response"] for message in dispatcher.messages]


async def test_stars_are_kept_before_a_line_is_asked_for(ratings: FakeRatings) -> None:
    """Most people leave then."""
    assert await Customer().say("5", "rate", stars="5") == ["utter_ask_comment"]
    assert ratings.conversations == {"talk": (5, None)}


async def test_the_line_is_kept_with_the_stars(ratings: FakeRatings) -> None:
    """Whatever the NLU takes it for."""
    customer = Customer()
    await customer.say("2", "rate", stars="2")
    assert await customer.say("Mein Postfach ist noch immer voll", "check_quota") == ["utter_rating_thanks"]
    assert ratings.conversations == {"talk": (2, "Mein Postfach ist noch immer voll")}
    assert (customer.draft, customer.next) == (None, [])


@pytest.mark.parametrize(
    ("text", "intent", "follows"),
    [
        ("Wie voll ist mein Postfach?", "check_quota", "quota_form"),
        ("Nachricht hinterlassen", "leave_message", "message_form"),
    ],
)
async def test_what_is_wanted_instead_comes_next(ratings: FakeRatings, text: str, intent: str, follows: str) -> None:
    """And the rating is over."""
    customer = Customer()
    await customer.say("2", "rate", stars="2")
    await customer.say(text, intent, angry=True)
    assert (customer.draft, customer.next) == (None, [follows])
    assert ratings.conversations == {"talk": (2, None)}


async def test_no_is_no_line(ratings: FakeRatings) -> None:
    """Said or pressed."""
    customer = Customer()
    await customer.say("4", "rate", stars="4")
    assert await customer.say("nö", "deny") == ["utter_rating_thanks"]
    assert ratings.conversations == {"talk": (4, None)}


async def test_a_question_is_no_line(ratings: FakeRatings) -> None:
    """It is answered, and the rating is over."""
    customer = Customer()
    await customer.say("4", "rate", stars="4")
    assert await customer.say("Welcher Port für IMAP?", "faq/imap", "answer") == ["utter_faq/imap"]
    assert customer.draft is None
    assert ratings.conversations == {"talk": (4, None)}


async def test_stars_can_be_changed_while_a_line_is_asked_for(ratings: FakeRatings) -> None:
    """By another button."""
    customer = Customer()
    await customer.say("4", "rate", stars="4")
    assert await customer.say("3", "rate", stars="3") == ["utter_ask_comment"]
    await customer.say("War gut.", "out_of_scope", "decline")
    assert ratings.conversations == {"talk": (3, "War gut.")}


async def test_without_stars_they_are_asked_for(ratings: FakeRatings) -> None:
    """With a button for each."""
    customer = Customer()
    assert await customer.say("Bewerten", "rate") == ["utter_ask_stars"]
    assert await customer.say("4", "inform", stars="4") == ["utter_ask_comment"]
    assert ratings.conversations == {"talk": (4, None)}
