"""Find conversations at the desk's door."""

from typing import Any

import pytest

from bot.conversations.model import Reply
from bot.wiring import Services
from tests.contract.telling import tell
from tests.desk.conftest import Browser
from tests.desk.standing import StandingClock, sign_in_again


@pytest.fixture
def clock() -> StandingClock:
    """The application's."""
    return StandingClock()


async def find(agent: Browser, **asked: Any) -> Any:
    """What the page gets."""
    response = await agent.get("/desk/api/search", params=asked)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_a_hit_is_a_case_with_an_excerpt(agent: Browser, services: Services) -> None:
    """All that a list shows, and where the words stand."""
    conversation = await tell(services.conversations, "anna", "Wie groß darf ein ANHANG sein?", Reply("50 MB"))
    await tell(services.conversations, "bert", "Hallo", Reply("Hallo"))
    found = await find(agent, q="anhang GROSS".replace("SS", "ß"))
    (case,) = found["cases"]
    assert found["found"] == 1
    assert (case["conversation"], case["holder"], case["last"]["text"]) == (conversation, "bot", "50 MB")
    assert case["excerpt"] == "Wie groß darf ein ANHANG sein?"


async def test_what_stands_in_quotes_belongs_together(agent: Browser, services: Services) -> None:
    """Word for word."""
    conversation = await tell(services.conversations, "anna", "Der Port 993 für IMAP", Reply("Ja"))
    await tell(services.conversations, "bert", "993 Ports?", Reply("Ja"))
    assert [case["conversation"] for case in (await find(agent, q='"port 993" imap'))["cases"]] == [conversation]
    assert (await find(agent, q='"imap port"'))["found"] == 0


async def test_pages_are_twenty_long(agent: Browser, services: Services, clock: StandingClock) -> None:
    """The newest first."""
    for number in range(21):
        clock.pass_by(seconds=1)
        await tell(services.conversations, str(number), f"Frage {number}", Reply("Ja"))
    first, second = await find(agent, q="frage"), await find(agent, q="frage", page=2)
    assert (first["found"], len(first["cases"]), first["cases"][0]["excerpt"]) == (21, 20, "Frage 20")
    assert [case["excerpt"] for case in second["cases"]] == ["Frage 0"]


async def test_days_are_the_hosters_and_both_included(agent: Browser, services: Services, clock: StandingClock) -> None:
    """What was said at 23:30 in Berlin is of that day, though in UTC the hour is another."""
    clock.pass_by(hours=13, minutes=30)
    await tell(services.conversations, "anna", "spät", Reply("Ja"))
    clock.pass_by(hours=1)
    await tell(services.conversations, "bert", "früh", Reply("Ja"))
    await sign_in_again(agent, services)
    days = {"from": "2026-11-24", "to": "2026-11-24"}
    assert [case["excerpt"] for case in (await find(agent, **days))["cases"]] == ["spät"]
    assert [case["excerpt"] for case in (await find(agent, **{"from": "2026-11-25"}))["cases"]] == ["früh"]
    assert (await find(agent, to="2026-11-23"))["found"] == 0


async def test_a_search_is_written_down_without_its_words(agent: Browser, admin: Browser, services: Services) -> None:
    """They may be what a customer said in confidence; a mailbox or a ticket is named."""
    await find(agent, q="geheimnis")
    await find(agent, mailbox="anna@lindenpost.example")
    entries, _ = await services.staff.audit.page(1)
    assert [(entry.agent[1], entry.subject) for entry in entries if entry.action == "search" and entry.agent] == [
        ("Frau Berger", "anna@lindenpost.example"),
        ("Frau Berger", None),
    ]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"from": "gestern"}, "from: a day"),
        ({"to": "2026-02-30"}, "to: a day"),
        ({"to": "2026-W48-2"}, "to: a day"),
        ({"from": "0001-01-01"}, "from: a day from 2000"),
        ({"page": "0"}, "page:"),
        ({"page": "zwei"}, "page:"),
        ({"q": "x" * 201}, "q: at most 200"),
        ({"q": "x " * 11}, "q: at most 10 words"),
    ],
)
async def test_what_does_not_fit_is_named(agent: Browser, asked: dict[str, str], named: str) -> None:
    """With the rule."""
    response = await agent.get("/desk/api/search", params=asked)
    assert response.status == 422
    assert named in (await response.json())["message"]
