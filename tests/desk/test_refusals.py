"""
Every route of the desk refuses who may not call it.

The routes are those that the application has, and what is expected follows from what each declares: a new route
is tested as soon as it is registered, and one that is registered past DeskRoutes fails the first test.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, insert, update

from bot.conversations.model import Holder, Reason
from bot.desk.app import add_desk
from bot.desk.guard import COOKIE, CSRF_HEADER
from bot.gateway.app import create_app
from bot.staff.model import Role
from bot.store.tables import conversations, handoffs
from bot.wiring import Services
from tests.desk.conftest import Browser, Clock
from tests.desk.walk import Call, calls, undeclared

# To be called without a session. What is added here shows nothing of customers or accounts to anybody.
PUBLIC = {
    "GET /desk",
    "GET /desk/",
    "GET /desk/figures",
    "GET /desk/search",
    "GET /desk/learning",
    "GET /desk/admin",
    "GET /desk/sign-in",
    "GET /desk/api/sign-in",
    "POST /desk/api/session",
    "GET /desk/oidc/start",
    "GET /desk/oidc/callback",
}
FOREIGN = "https://evil.example"
# A body that is right for the route, by the last part of its path.
BODIES: dict[str, Any] = {
    "claim": {},
    "messages": {"id": "1", "text": "Guten Tag"},
    "transfer": {"group": "Technik"},
    "return": {},
    "close": {"reason": "Gelöst"},
    "retry": {"seq": 1},
    "transcript": {"mailbox": "anna@lindenpost.example"},
    "restore": {
        "id": "1",
        "mailbox": "anna@lindenpost.example",
        "folder": None,
        "point": "2026-11-23T16:00",
        "target": "subfolder",
        "contact": "anna@privat.example",
    },
}
# Whoever knows something about a customer may note it down, whoever holds the conversation.
ANYBODYS = {"notes"}


@pytest.fixture
def app(server: TestServer) -> web.Application:
    """The application that runs."""
    return server.app


async def refusal(browser: Browser, call: Call, headers: dict[str, str]) -> str:
    """What the route answers: the status and the error's code."""
    response = await browser.client.request(
        call.declared.method, call.path, headers=headers, allow_redirects=False, json={} if call.changes else None
    )
    body = await response.json() if response.content_type == "application/json" else {}
    assert set(body) <= {"error", "message"}, f"{call} answers more than a refusal: {body}"
    return f"{call}: {response.status} {body.get('error')}"


async def refusals(browser: Browser, refused: list[Call], **headers: str) -> list[str]:
    """What all of them answer."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return [await refusal(browser, call, sent) for call in refused]


def expected(refused: list[Call], answer: str) -> list[str]:
    """The same from all of them."""
    return [f"{call}: {answer}" for call in refused]


def behind_a_session(app: web.Application) -> list[Call]:
    """All but the public ones; there are some, or the walk saw nothing."""
    found = [call for call in calls(app) if call.declared.role is not None]
    assert found
    return found


def test_every_route_declares_who_may_call_it(app: web.Application) -> None:
    """One that is registered in another way is found."""
    assert undeclared(app) == []


def test_the_walk_sees_what_bypasses_the_register(services: Services) -> None:
    """A plain route of aiohttp, a wildcard, another folder of files."""

    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="secrets")

    app = create_app(services)
    add_desk(app)
    app.router.add_post("/desk/api/forgotten", handler)
    app.router.add_get("/{anything:.*}", handler)
    app.router.add_static("/desk/api/files", "docs", name="files")
    assert set(undeclared(app)) == {
        "POST /desk/api/forgotten",
        "HEAD /{anything}",
        "GET /{anything}",
        "HEAD /desk/api/files",
        "GET /desk/api/files",
    }


def test_only_signing_in_is_public(app: web.Application) -> None:
    """Pages hold no data, and somebody who signs in has no session yet."""
    assert {str(call) for call in calls(app) if call.declared.role is None} == PUBLIC


async def test_without_a_session(app: web.Application, browser: Browser) -> None:
    """Nothing is read and nothing changed; a socket is looked at for its origin first."""
    refused = behind_a_session(app)
    own = str(browser.client.make_url("")).rstrip("/")
    assert await refusals(browser, refused, Origin=own) == expected(refused, "401 not_signed_in")


@pytest.mark.parametrize("cookie", ["forged", "", "A" * 43, "a" * 2000], ids=["short", "none", "alike", "long"])
async def test_with_a_forged_session(app: web.Application, browser: Browser, cookie: str) -> None:
    """As without one."""
    browser.client.session.cookie_jar.update_cookies({COOKIE: cookie}, browser.client.make_url("/"))
    refused = [call for call in behind_a_session(app) if not call.declared.is_socket]
    assert await refusals(browser, refused) == expected(refused, "401 not_signed_in")


@pytest.mark.parametrize("how", ["deactivated", "ended", "too old", "idle"])
async def test_with_a_session_that_is_over(
    app: web.Application, agent: Browser, services: Services, clock: Clock, how: str
) -> None:
    """However it ended."""
    staff = services.staff
    match how:
        case "deactivated":
            await staff.agents.change(agent.agent.id, active=False)
        case "ended":
            await staff.sessions.end_all(agent.agent.id)
        case "too old":
            for _ in range(13):
                clock.pass_by(minutes=59)
                await agent.get("/desk/api/me")
        case "idle":
            clock.pass_by(minutes=61)
    refused = [call for call in behind_a_session(app) if not call.declared.is_socket]
    sent = {"X_CSRF_Token": agent.csrf}
    assert await refusals(agent, refused, **sent) == expected(refused, "401 not_signed_in")


@pytest.mark.parametrize("token", ["", "forged", "ä", "another's"])
async def test_with_a_forged_csrf_token(app: web.Application, admin: Browser, agent: Browser, token: str) -> None:
    """Whatever changes something; another session's token is of no use."""
    refused = [call for call in behind_a_session(app) if call.changes]
    sent = {"X_CSRF_Token": agent.csrf if token == "another's" else token}
    assert await refusals(admin, refused, **sent) == expected(refused, "403 csrf")


async def test_from_a_foreign_page(app: web.Application, admin: Browser) -> None:
    """Whatever changes something, and sockets; whatever else is right."""
    refused = [call for call in calls(app) if call.changes or call.declared.is_socket]
    sent = {"Origin": FOREIGN, "X_CSRF_Token": admin.csrf}
    assert await refusals(admin, refused, **sent) == expected(refused, "403 origin")


async def test_a_socket_needs_an_origin(app: web.Application, admin: Browser) -> None:
    """A browser always sends it."""
    refused = [call for call in calls(app) if call.declared.is_socket]
    assert await refusals(admin, refused) == expected(refused, "403 origin")


async def test_as_a_role_too_low(app: web.Application, agent: Browser) -> None:
    """An agent is no admin."""
    refused = [call for call in behind_a_session(app) if call.declared.role is Role.ADMIN]
    assert await refusals(agent, refused, X_CSRF_Token=agent.csrf) == expected(refused, "403 role")


async def test_in_a_conversation_of_somebody_else(
    app: web.Application, agent: Browser, sign_in: Callable[..., Awaitable[Browser]], services: Services
) -> None:
    """Whatever acts in it, with a body that is right; reading is allowed, and written down."""
    colleague = await sign_in("Herr Cordes")
    conversation = await held_by(services, colleague.agent.id)
    acts = [call for call in calls(app, conversation) if call.changes and call.is_about_a_conversation]
    answers = []
    for call in acts:
        name = call.path.rpartition("/")[2]
        if name in ANYBODYS:
            continue
        assert name in BODIES, f"Add to BODIES what is sent to {call}."
        response = await agent.client.request(
            call.declared.method, call.path, json=BODIES[name], headers={CSRF_HEADER: agent.csrf}
        )
        answers.append((str(call), response.status, (await response.json())["error"]))
    assert [answer for answer in answers if answer[1:] not in {(409, "not_yours"), (409, "taken")}] == []


async def held_by(services: Services, agent: int) -> str:
    """A conversation in which an agent answers."""
    conversation = await services.conversations.begin("web", "anna")
    now = services.staff.clock()
    row = {
        "conversation_id": conversation,
        "reason": Reason.ASKED,
        "agent_id": agent,
        "queued_at": now,
        "claimed_at": now,
    }

    def unit(connection: Connection) -> None:
        connection.execute(insert(handoffs), row)
        held = update(conversations).where(conversations.c.id == conversation)
        connection.execute(held.values(holder=Holder.AGENT))

    await services.database.write(unit)
    return conversation
