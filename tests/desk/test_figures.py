"""Figures at the desk's door."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.conversations.model import Decision, Reply
from bot.store.tables import handoffs
from bot.wiring import Services
from tests.contract.telling import tell
from tests.desk.conftest import Browser
from tests.desk.standing import StandingClock, sign_in_again

TODAY = {"from": "2026-11-24", "to": "2026-11-24"}


@pytest.fixture
def clock() -> StandingClock:
    """The application's."""
    return StandingClock()


@pytest.fixture
async def told(agent: Browser, services: Services, clock: StandingClock) -> str:
    """Two questions, one of them answered and the other one for Frau Berger, who is rated; the conversation's id."""
    answered = await tell(services.conversations, "anna", "Welcher Port?", Reply("Port 995."))
    await services.ratings.rate_answer(answered, 2, up=False)
    how = {"decision": Decision.DECLINE, "label": "out_of_scope", "channel": "rest"}
    held = await tell(services.conversations, "bert", "=1+1", Reply("Keine Ahnung."), **how)
    row = {"conversation_id": held, "reason": "declined", "agent_id": agent.agent.id, "queued_at": clock()}
    ended = {"answered_at": clock() + timedelta(seconds=90), "ended_at": clock() + timedelta(minutes=5)}
    row |= ended | {"outcome": "closed"}
    await services.database.write(lambda connection: connection.execute(insert(handoffs), row))
    clock.pass_by(minutes=10)
    await services.ratings.rate_conversation(held, 4, "+Gut")
    return held


async def get(agent: Browser, path: str, **asked: Any) -> Any:
    """What the page gets."""
    response = await agent.get(f"/desk/api/{path}", params=asked)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_figures(agent: Browser, told: str) -> None:
    """By day and channel, and together."""
    nothing = {"conversations": 0, "messages": 0, "solved": 0, "handoffs": 0, "closed": 0}
    berger = {"id": agent.agent.id, "name": "Frau Berger"}
    title = "faq/pop3"
    assert await get(agent, "figures", **TODAY) == {
        "days": [
            {"day": "2026-11-24", "channel": "rest"}
            | nothing
            | {"conversations": 1, "messages": 1, "handoffs": 1, "closed": 1},
            {"day": "2026-11-24", "channel": "web"} | nothing | {"conversations": 1, "messages": 1, "solved": 1},
        ],
        "totals": {
            "conversations": 2,
            "messages": 2,
            "solved_share": 0.5,
            "handoffs": 1,
            "first_answer_seconds": {"median": 90.0, "p90": 90.0},
            "rating": {"count": 1, "mean": 4.0},
        },
        "reasons": [{"reason": "declined", "count": 1}],
        "asked": [{"label": "faq/pop3", "title": title, "count": 1}],
        "declined": [{"text": "=1+1", "count": 1}],
        "ratings": {
            "agents": [{"agent": berger, "count": 1, "mean": 4.0}],
            "entries": [{"label": "faq/pop3", "title": title, "count": 1, "mean": 1.0}],
        },
    }


async def test_one_channel(agent: Browser, told: str) -> None:
    """In all parts."""
    web = await get(agent, "figures", **TODAY, channel="web")
    assert [row["channel"] for row in web["days"]] == ["web"]
    assert (web["totals"]["conversations"], web["totals"]["solved_share"]) == (1, 1.0)
    assert (web["reasons"], web["declined"], web["ratings"]["agents"]) == ([], [], [])


async def test_without_a_period_it_is_the_last_thirty_days(
    agent: Browser, told: str, services: Services, clock: StandingClock
) -> None:
    """Today is one of them; of nothing there are no shares and no means."""
    clock.pass_by(days=29)
    await sign_in_again(agent, services)
    assert (await get(agent, "figures"))["totals"]["conversations"] == 2
    clock.pass_by(days=1)
    await sign_in_again(agent, services)
    empty = await get(agent, "figures")
    assert empty["totals"] == {
        "conversations": 0,
        "messages": 0,
        "solved_share": None,
        "handoffs": 0,
        "first_answer_seconds": {"median": None, "p90": None},
        "rating": {"count": 0, "mean": None},
    }
    assert empty["days"] == []


@pytest.mark.parametrize(
    ("table", "german"),
    [
        (
            "days",
            "day;channel;conversations;messages;solved;handoffs;closed\r\n"
            "2026-11-24;rest;1;1;0;1;1\r\n2026-11-24;web;1;1;1;0;0\r\n",
        ),
        ("reasons", "reason;count\r\ndeclined;1\r\n"),
        ("asked", "label;title;count\r\nfaq/pop3;faq/pop3;1\r\n"),
        ("declined", "text;count\r\n'=1+1;1\r\n"),
        ("agents", "agent;count;mean\r\nFrau Berger;1;4,00\r\n"),
        ("entries", "label;title;count;mean\r\nfaq/pop3;faq/pop3;1;1,00\r\n"),
    ],
)
async def test_each_table_can_be_taken_away(
    agent: Browser, told: str, services: Services, table: str, german: str
) -> None:
    """As a file for spreadsheets of the agent's language, in which nothing is a formula."""
    response = await agent.get("/desk/api/figures.csv", params=TODAY | {"table": table})
    assert (response.content_type, response.charset) == ("text/csv", "utf-8")
    name = f'attachment; filename="{table}-2026-11-24-2026-11-24.csv"'
    assert response.headers["Content-Disposition"] == name
    assert await response.read() == ("\ufeff" + german).encode()
    await services.staff.agents.change(agent.agent.id, language="en")
    response = await agent.get("/desk/api/figures.csv", params=TODAY | {"table": table})
    assert (await response.read()).decode() == "\ufeff" + german.replace(",", ".").replace(";", ",")


async def test_ratings(agent: Browser, told: str) -> None:
    """The newest first, with what they are about."""
    by_star = (await get(agent, "ratings", **TODAY))["ratings"]
    assert by_star[0] == {
        "stars": 4,
        "comment": "+Gut",
        "at": "2026-11-24T09:10:00Z",
        "conversation": told,
        "agent": {"id": agent.agent.id, "name": "Frau Berger"},
        "label": None,
        "title": None,
    }
    assert (by_star[1]["stars"], by_star[1]["agent"], by_star[1]["label"]) == (1, None, "faq/pop3")


@pytest.mark.parametrize(
    ("path", "asked", "named"),
    [
        ("figures", {"from": "2026-11-25", "to": "2026-11-24"}, "the first one first"),
        ("figures", {"from": "2025-11-01", "to": "2026-11-24"}, "at most 366 days"),
        ("figures", {"from": "24.11.2026"}, "from: a day"),
        ("ratings", {"to": "x"}, "to: a day"),
        ("figures.csv", TODAY, "table: one of days, reasons"),
        ("figures.csv", TODAY | {"table": "../days"}, "table: one of days, reasons"),
    ],
)
async def test_what_does_not_fit_is_named(agent: Browser, path: str, asked: dict[str, str], named: str) -> None:
    """With the rule."""
    response = await agent.get(f"/desk/api/{path}", params=asked)
    assert response.status == 422
    assert named in (await response.json())["message"]
