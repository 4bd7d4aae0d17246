"""
Every route of every role declares its limits, and each of them is really met: 429, when to come again, and why.

The routes are those that the applications have. One that is registered without a limit fails the first test; one that
declares a limit which nobody has shown to hold fails the second.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientWebSocketResponse, WSCloseCode, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import now
from bot.desk.routes import BEHIND_A_SESSION
from bot.desk.rules import ACTS, FOREIGN_SIGN_INS, SIGN_INS, SIGNS
from bot.gateway import rules
from bot.gateway.keys import LIMITER
from bot.gateway.limits import OPENED, limited, unlimited
from bot.gateway.rules import (
    BYTES,
    CONVERSATIONS,
    FETCHES,
    FRAMES,
    MESSAGES,
    OPEN,
    PROOFS,
    REQUESTS,
    SIGNALS,
    SOCKETS,
    Rule,
)
from bot.limiter import Limit, UncountedError
from bot.settings import load_settings
from bot.wiring import Role as ProcessRole
from tests.conftest import PROJECT
from tests.visitor import SOCKET, Visitor
from tests.walk import Route, allow, application, everything, of_role, routes

FEW = 2
DESK_SOCKET = "/desk/socket"
EXEMPT = {"GET /health/live", "GET /health/ready"}
ELSEWHERE = "tests/channels/socketio/test_hostile.py"
"""Where the limits of Socket.IO are met, by a client that speaks it."""


Start = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts the application with these settings, and only these limits."""
    clients: list[TestClient] = []

    async def start(**settings: Any) -> Visitor:
        client = TestClient(TestServer(application(everything(tmp_path, **settings))))
        clients.append(client)
        await client.start_server()
        visitor = Visitor(client)
        await visitor.enter()
        return visitor

    yield start
    for client in clients:
        await client.close()


@pytest.mark.parametrize("role", ProcessRole)
def test_every_route_declares_its_limits(role: ProcessRole, tmp_path: Path) -> None:
    """Or the reason for which it has none."""
    found = routes(of_role(role, tmp_path))
    assert len(found) >= 3
    assert [str(route) for route in found if route.declared is None] == []
    assert {str(route) for route in found if route.declared and not route.declared.rules} == EXEMPT
    assert all(len(route.declared.reason) > 40 for route in found if route.declared and not route.declared.rules)


def test_the_page_of_limits_is_current(tmp_path: Path) -> None:
    """docs/security/limits.md names every route, but for the usual ones of the desk."""
    rows = {
        f"| `{route}` | {', '.join(rule.name for rule in route.declared.rules) or f'none: {route.declared.reason}'} |"
        for route in routes(of_role(ProcessRole.ALL, tmp_path))
        if route.declared and route.declared.rules != BEHIND_A_SESSION
    }
    page = (PROJECT / "docs" / "security" / "limits.md").read_text("utf-8")
    assert {line for line in page.partition("## Routes")[2].splitlines() if line.startswith("| `")} == rows


def test_a_forgotten_limit_is_found(tmp_path: Path) -> None:
    """A plain route, a folder of files, a wildcard; and a declaration of nothing is none."""

    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    app = of_role(ProcessRole.ALL, tmp_path)
    app.router.add_get("/forgotten", handler)
    app.router.add_static("/files", "docs")
    app.router.add_get("/{anything:.*}", handler)
    assert [str(route) for route in routes(app) if route.declared is None] == [
        "GET /files/{file}",
        "GET /forgotten",
        "GET /{anything}",
    ]
    with pytest.raises(ValueError, match="Name a rule"):
        limited()
    assert unlimited("a reason")(handler) is handler


async def send(visitor: Visitor, route: Route, **options: Any) -> ClientResponse:
    """A request of it, right or not."""
    method = "GET" if route.method == "*" else route.method
    return await visitor.client.request(method, route.example, allow_redirects=False, **options)


async def check_refused(response: ClientResponse, code: str = "too_many") -> None:
    """With what the standards and people want."""
    told = await response.json()
    assert response.status == 429, told
    again = response.headers["Retry-After"]
    wait = float(again) if again.isdecimal() else (parsedate_to_datetime(again) - now()).total_seconds()
    assert 0 < wait <= 3600 * 13 / 12
    assert told["error"] == code
    assert "again" in told["message"]


async def test_too_many_requests_of_any_route(start: Start) -> None:
    """Whatever they are otherwise answered with; another address goes on, and so does health."""
    visitor = await start(requests_per_minute=10, trusted_proxies=("127.0.0.1",))
    found = [route for route in routes(visitor.app) if route.declared and REQUESTS in route.declared.rules]
    assert len(found) > 60
    for number, route in enumerate(found):
        sender = {"X-Forwarded-For": f"198.51.100.{number}"}
        if route.method == "POST" and route.path.endswith("/messages"):
            sender["Content-Type"] = "text/plain"
        before = [(await send(visitor, route, headers=sender)).status for _ in range(10)]
        assert 429 not in before, route
        await check_refused(await send(visitor, route, headers=sender))
        assert (await visitor.client.get("/health/live", headers=sender)).status == 200
    nowhere = {"X-Forwarded-For": "2001:db8::1"}
    for _ in range(10):
        assert (await visitor.client.get("/nowhere", headers=nowhere)).status == 404
    await check_refused(await visitor.client.get("/nowhere", headers={"X-Forwarded-For": "2001:db8::ffff:2"}))
    assert (await visitor.client.get("/nowhere", headers={"X-Forwarded-For": "2001:db8:0:1::1"})).status == 404


async def test_too_many_bytes_to_any_route(start: Start) -> None:
    """Announced or not; nothing of it is read then."""
    visitor = await start(bytes_per_minute=100_000, trusted_proxies=("127.0.0.1",))
    found = [route for route in routes(visitor.app) if route.declared and BYTES in route.declared.rules]
    assert {str(route) for route in found if route.method == "POST"} == {
        str(route) for route in routes(visitor.app) if route.method == "POST"
    }
    for number, route in enumerate(found):
        sender = {"X-Forwarded-For": f"198.51.100.{number}", "Content-Type": "application/json"}
        assert (await send(visitor, route, data=b" " * 60_000, headers=sender)).status != 429
        await check_refused(await send(visitor, route, data=b" " * 60_000, headers=sender))
        assert (await send(visitor, route, data=b" " * 10, headers=sender)).status != 429

    async def in_chunks() -> AsyncIterator[bytes]:
        yield b"{}"

    sender = {"X-Forwarded-For": "203.0.113.1", "Content-Type": "application/json"}
    for status in (415, 429):
        answer = await visitor.client.post("/channels/web/conversations", data=in_chunks(), headers=sender)
        assert answer.status == (201 if status == 415 else 429)


async def conversations_of_the_widget(visitor: Visitor) -> ClientResponse:
    allow(visitor.app, CONVERSATIONS, 1 + FEW)  # one was begun
    for _ in range(FEW):
        assert (await visitor.post("/channels/web/conversations")).status == 201
    return await visitor.post("/channels/web/conversations")


async def conversations_over_rest(visitor: Visitor) -> ClientResponse:
    allow(visitor.app, CONVERSATIONS, 1 + FEW)
    for number in range(FEW):
        for _ in range(2):  # each sender begins one
            said = await visitor.post("/webhooks/rest/webhook", sender=f"anna-{number}", message="hallo")
            assert said.status == 200
    return await visitor.post("/webhooks/rest/webhook", sender="ben", message="hallo")


async def beyond(
    visitor: Visitor, rule: Rule, allowed: int, say: Callable[[int], Awaitable[ClientResponse]]
) -> ClientResponse:
    """The answer after as many as may be, which are answered by the status `allowed`."""
    allow(visitor.app, rule, FEW)
    for number in range(FEW):
        assert (await say(number)).status == allowed
    return await say(FEW)


async def messages_of_the_widget(visitor: Visitor) -> ClientResponse:
    return await beyond(
        visitor, MESSAGES, 202, lambda number: visitor.post("/channels/web/messages", id=str(number), text="hallo")
    )


async def consents(visitor: Visitor) -> ClientResponse:
    return await beyond(visitor, MESSAGES, 204, lambda _: visitor.post("/channels/web/consent", words="notice-90 de-1"))


async def messages_over_rest(visitor: Visitor) -> ClientResponse:
    say = partial(visitor.post, "/webhooks/rest/webhook", message="hallo")
    refused = await beyond(visitor, MESSAGES, 200, lambda _: say(sender="anna"))
    assert (await say(sender="ben")).status == 200
    return refused


async def fetches(visitor: Visitor) -> ClientResponse:
    return await beyond(visitor, FETCHES, 200, lambda _: visitor.get("/channels/web/messages"))


async def signals(visitor: Visitor) -> ClientResponse:
    return await beyond(visitor, SIGNALS, 204, lambda _: visitor.post("/channels/web/signals", type="typing", on=True))


async def proofs(visitor: Visitor) -> ClientResponse:
    return await beyond(visitor, PROOFS, 401, lambda _: visitor.post("/channels/web/identity", token="x"))


async def wrong_passwords(visitor: Visitor) -> ClientResponse:
    return await beyond(
        visitor,
        SIGN_INS,
        401,
        lambda number: visitor.post("/desk/api/session", login=f"x{number}@lindenpost.example", password="x"),
    )


def foreign_sign_ins(path: str) -> Callable[[Visitor], Awaitable[ClientResponse]]:
    async def sign_in(visitor: Visitor) -> ClientResponse:
        allow(visitor.app, FOREIGN_SIGN_INS, FEW)
        for _ in range(FEW):
            assert (await visitor.get(path)).status == 302
        return await visitor.get(path)

    return sign_in


MET: dict[tuple[str, Rule], Callable[[Visitor], Awaitable[ClientResponse]]] = {
    ("POST /channels/web/conversations", CONVERSATIONS): conversations_of_the_widget,
    ("POST /webhooks/rest/webhook", CONVERSATIONS): conversations_over_rest,
    ("POST /channels/web/messages", MESSAGES): messages_of_the_widget,
    ("POST /channels/web/consent", MESSAGES): consents,
    ("POST /webhooks/rest/webhook", MESSAGES): messages_over_rest,
    ("GET /channels/web/messages", FETCHES): fetches,
    ("POST /channels/web/signals", SIGNALS): signals,
    ("POST /channels/web/identity", PROOFS): proofs,
    ("POST /desk/api/session", SIGN_INS): wrong_passwords,
    ("GET /desk/oidc/start", FOREIGN_SIGN_INS): foreign_sign_ins("/desk/oidc/start"),
    ("GET /desk/oidc/callback", FOREIGN_SIGN_INS): foreign_sign_ins("/desk/oidc/callback"),
}


def counted_by_handlers(app: web.Application) -> set[tuple[str, Rule]]:
    """Each route with each rule that its handler counts; ACTS is every route's of the desk."""
    return {
        (str(route), rule)
        for route in routes(app)
        if route.declared
        for rule in route.declared.rules
        if not rule.is_automatic and rule is not ACTS
    }


def test_each_limit_has_a_test(tmp_path: Path) -> None:
    """By HTTP, in sockets, of Socket.IO, or of channels."""
    sockets = {(f"GET {SOCKET}", rule) for rule in (SOCKETS, OPEN, MESSAGES, SIGNALS, FRAMES)}
    desk = {(f"GET {DESK_SOCKET}", rule) for rule in (SOCKETS, OPEN, SIGNS)}
    by_a_client = {
        (path, rule)
        for path in ("* /socket.io", "* /socket.io/")
        for rule in (SOCKETS, OPEN, CONVERSATIONS, MESSAGES, rules.EVENTS)
    }
    vendors = {
        (f"{method} {path}", MESSAGES)
        for method in ("GET", "POST")
        for path in ("/webhooks/{channel}", "/webhooks/{channel}/webhook")
    }
    assert (
        counted_by_handlers(of_role(ProcessRole.ALL, tmp_path)) == MET.keys() | sockets | desk | by_a_client | vendors
    )
    assert Path(ELSEWHERE).is_file()


@pytest.mark.parametrize("case", MET, ids=lambda case: f"{case[0]}: {case[1].name}")
async def test_beyond_a_limit_one_is_told_so(start: Start, case: tuple[str, Rule]) -> None:
    """429, when to come again, and what there was too much of."""
    settings = {"desk_oidc_issuer": "http://127.0.0.1:1", "desk_oidc_client_id": "x"}
    refused = await MET[case](await start(**(settings if case[1] is FOREIGN_SIGN_INS else {})))
    await check_refused(refused, "locked" if case[1] is SIGN_INS else "too_many")


async def test_own_servers_are_not_counted_by_address(start: Start) -> None:
    """An app's that speaks for many; each of its customers is counted nevertheless."""
    visitor = await start(unlimited_from=("127.0.0.1",), conversations_per_hour=1, requests_per_minute=10)
    for number in range(20):
        said = await visitor.post("/webhooks/rest/webhook", sender=f"anna-{number}", message="hallo")
        assert said.status == 200
    await check_refused(await messages_over_rest(visitor))


@pytest.mark.parametrize("path", [SOCKET, DESK_SOCKET])
async def test_too_many_sockets_of_one_address(start: Start, path: str) -> None:
    """Opened within a minute, or open at once; they are refused as HTTP is, before they open."""
    visitor = await start()
    allow(visitor.app, OPEN, FEW)
    headers = visitor.desk if path == DESK_SOCKET else {}
    opened = [await visitor.client.ws_connect(path, headers=headers) for _ in range(FEW)]
    with pytest.raises(WSServerHandshakeError, match="429"):
        await visitor.client.ws_connect(path, headers=headers)
    await check_refused(await visitor.client.get(path, headers=headers))
    await opened[0].close()
    async with asyncio.timeout(5):
        while visitor.app[OPENED]["127.0.0.1"] == FEW:  # noqa: ASYNC110 -- nothing tells when a handler has ended
            await asyncio.sleep(0)
    again = await visitor.client.ws_connect(path, headers=headers)
    allow(visitor.app, SOCKETS, 1)
    await check_refused(await visitor.client.get(path, headers=headers))
    for socket in (*opened, again):
        await socket.close()


async def test_too_many_messages_in_a_socket(start: Start) -> None:
    """An error that names the message and says when to send it again; the connection stays."""
    visitor = await start()
    allow(visitor.app, MESSAGES, FEW)
    async with await visitor.tab() as socket:
        for number in range(FEW + 1):
            await socket.send_json({"type": "say", "id": str(number), "text": "hallo"})
        while (frame := await socket.receive_json(timeout=5))["type"] != "error":
            pass
        assert (frame["code"], frame["id"]) == ("too_many", str(FEW))
        assert 0 < frame["retry_after"] <= 65
        await socket.send_json({"type": "ping"})
        while (await socket.receive_json(timeout=5))["type"] != "pong":
            pass


async def test_too_many_signals_in_a_socket(start: Start) -> None:
    """The same."""
    visitor = await start()
    allow(visitor.app, SIGNALS, FEW)
    async with await visitor.tab() as socket:
        for _ in range(FEW + 1):
            await socket.send_json({"type": "typing", "on": True})
        frame = await socket.receive_json(timeout=5)
        assert (frame["type"], frame["code"]) == ("error", "too_many")
        assert frame["retry_after"] > 0


async def test_a_flood_of_frames_ends_the_socket(start: Start) -> None:
    """Good ones or bad ones: no widget sends so many."""
    visitor = await start()
    allow(visitor.app, FRAMES, 5)
    for frame in ('{"type": "ping"}', "no JSON"):
        socket = await visitor.tab()
        await check_ended(socket, frame, 5)


async def test_a_flood_of_frames_ends_a_socket_of_the_desk(start: Start) -> None:
    """The same."""
    visitor = await start()
    allow(visitor.app, SIGNS, 5)
    socket = await visitor.client.ws_connect(DESK_SOCKET, headers=visitor.desk)
    await check_ended(socket, "no JSON", 5)


async def check_ended(socket: ClientWebSocketResponse, frame: str, most: int) -> None:
    """After an error that says why, with the code of a breach of policy."""
    for _ in range(most + 1):
        await socket.send_str(frame)
    told = ""
    while (message := await socket.receive(timeout=5)).type is WSMsgType.TEXT:
        told = message.data
    assert "too_many" in told
    assert message.type is WSMsgType.CLOSE
    assert (message.data, message.extra) == (WSCloseCode.POLICY_VIOLATION, "too_many")


async def test_too_many_acts_of_an_agent(start: Start) -> None:
    """On every route behind a session, whatever the browser."""
    visitor = await start()
    found = [route for route in routes(visitor.app) if route.declared and ACTS in route.declared.rules]
    assert len(found) > 40
    allow(visitor.app, ACTS, 1)
    assert (await visitor.client.get("/desk/api/me", headers=visitor.desk)).status == 200
    for route in found:
        await check_refused(
            await send(visitor, route, headers=visitor.desk, json={} if route.method != "GET" else None)
        )


async def test_where_a_strict_limit_cannot_be_counted_nothing_is_allowed(start: Start) -> None:
    """No password is looked at; the client is told that it is not its fault."""
    visitor = await start()

    class Away:
        async def hit(self, *hits: Any) -> None:
            if any(hit.limit.is_strict for hit in hits):
                raise UncountedError("The limit sign-ins cannot be looked at now. Try again in a minute.")

        async def clear(self, limit: Limit, key: str) -> None:
            """Nothing."""

    visitor.app._state[LIMITER] = Away()
    answer = await visitor.post("/desk/api/session", login="x@lindenpost.example", password="x")
    assert (answer.status, (await answer.json())["error"]) == (503, "uncounted")
    assert int(answer.headers["Retry-After"]) > 0


def test_the_settings_say_what_is_allowed() -> None:
    """A site that may frame us is a site, and nothing that changes the policy."""
    with pytest.raises(Exception, match="FRAME_ANCESTORS"):
        load_settings(frame_ancestors=("https://x.example; script-src *",))
