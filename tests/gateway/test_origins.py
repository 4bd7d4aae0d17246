"""
Which pages may speak to us, for every route and whatever they say where they come from.

The widget's API is for our own pages and for the sites of POSTBOTE_ALLOWED_ORIGINS, its files are for everybody, and
nothing else is for any page but our own.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from bot.errors import SettingsError
from bot.gateway.keys import SERVICES
from bot.settings import load_settings
from bot.store.tables import conversations
from tests.visitor import SOCKET, Visitor
from tests.walk import Route, application, everything, routes

ALLOWED, SECOND = "https://www.example.de", "http://localhost:3000"
FOREIGN = (
    "https://evil.example",
    "null",
    "http://www.example.de",  # another scheme
    "https://www.example.de:8443",
    "https://www.example.de.evil.example",
    "https://evil-www.example.de",
    "https://WWW.example.de",
    "https://www.example.de/",
    "*",
    "file://",
)
API = "/channels/web/"
FILES = {"GET /widget.js", "GET /widget/{file}"}
ENGINE = "/socket.io/?EIO=4&transport=polling"
CREDENTIALS = "Access-Control-Allow-Credentials"
ORIGIN = "Access-Control-Allow-Origin"


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    """On an application with every route."""
    services = everything(tmp_path, allowed_origins=(ALLOWED, SECOND), unlimited_from=("127.0.0.1",))
    async with TestClient(TestServer(application(services))) as client:
        visitor = Visitor(client)
        await visitor.enter()
        yield visitor


@pytest.fixture
def own(visitor: Visitor) -> str:
    """Where our own pages come from."""
    return str(visitor.client.make_url("")).rstrip("/")


def example(route: Route) -> tuple[str, str]:
    """A method and a path of it."""
    method = "GET" if route.method == "*" else route.method
    if route.path.startswith("/socket.io"):
        return method, route.path + ENGINE.removeprefix("/socket.io/")
    return method, "/widget/chat.js" if str(route) == "GET /widget/{file}" else route.example


def is_api(route: Route) -> bool:
    """Whether pages of other sites may call it."""
    return route.path.startswith(API)


async def answered(visitor: Visitor, route: Route, origin: str | None, **more: str) -> tuple[int, dict[str, str]]:
    """Status and headers."""
    method, path = example(route)
    headers = {**({"Origin": origin} if origin else {}), "Authorization": f"Bearer {visitor.secret}", **more}
    if "Access-Control-Request-Method" in more:
        method = "OPTIONS"
    body = {"json": {}} if method in {"POST", "PUT"} else {}
    response = await visitor.client.request(method, path, headers=headers, allow_redirects=False, **body)
    return response.status, dict(response.headers)


async def test_an_allowed_page(visitor: Visitor, own: str) -> None:
    """Hears from the widget's API what it was answered, be it an error; of everything else nothing."""
    for route in routes(visitor.app):
        for origin in (ALLOWED, SECOND, own, own.replace("http", "https")):
            status, headers = await answered(visitor, route, origin)
            assert CREDENTIALS not in headers, route
            if is_api(route):
                assert status != 403, route
                assert headers[ORIGIN] == origin, route
                assert headers["Access-Control-Expose-Headers"] == "Retry-After", route
                assert "Origin" in headers["Vary"], route
            elif str(route) in FILES:
                assert headers[ORIGIN] == "*", route
            elif "/socket.io" not in route.path:
                assert ORIGIN not in headers, route


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page(visitor: Visitor, origin: str) -> None:
    """Is refused before anything happens, and its browser tells it nothing."""
    for route in routes(visitor.app):
        status, headers = await answered(visitor, route, origin)
        assert CREDENTIALS not in headers, route
        if str(route) in FILES:
            assert headers[ORIGIN] == "*", route
            continue
        assert ORIGIN not in headers, route
        if is_api(route) or "/socket.io" in route.path or (route.path.startswith("/desk/") and route.method != "GET"):
            assert status == 403, route
    assert not await begun(visitor) - 1


async def begun(visitor: Visitor) -> int:
    """How many conversations there are."""
    query = select(func.count()).select_from(conversations).where(conversations.c.channel == "web")
    return int(await visitor.app[SERVICES].database.read(lambda connection: connection.scalar(query)) or 0)


async def test_who_is_no_page(visitor: Visitor) -> None:
    """An app of one's own sends no origin; caches are told that it matters."""
    for route in routes(visitor.app):
        status, headers = await answered(visitor, route, None)
        assert CREDENTIALS not in headers, route
        if is_api(route):
            assert status != 403, route
            assert "Origin" in headers["Vary"], route
        if str(route) not in FILES:
            assert ORIGIN not in headers, route


async def test_what_browsers_ask_before(visitor: Visitor) -> None:
    """The methods that the path has, for a while; for foreign pages and other routes there is no answer."""
    for route in routes(visitor.app):
        asked = {
            "Access-Control-Request-Method": route.method.replace("*", "POST"),
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        for origin in (ALLOWED, *FOREIGN):
            status, headers = await answered(visitor, route, origin, **asked)
            assert CREDENTIALS not in headers, route
            if is_api(route) and origin == ALLOWED:
                assert status == 204, route
                assert headers[ORIGIN] == origin, route
                methods = {other.method for other in routes(visitor.app) if other.path == route.path}
                assert set(headers["Access-Control-Allow-Methods"].split(", ")) - {"HEAD"} == methods, route
                assert headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type", route
                assert headers["Access-Control-Max-Age"] == "600", route
            elif origin != ALLOWED or "/socket.io" not in route.path:
                assert ORIGIN not in headers, route
                assert "Access-Control-Allow-Methods" not in headers or "/socket.io" in route.path, route
                assert status in {403, 404, 405} or "/socket.io" in route.path, route


async def test_a_path_that_is_not_there_has_no_methods(visitor: Visitor) -> None:
    """Nor has OPTIONS without what browsers send with it."""
    asked = {"Origin": ALLOWED, "Access-Control-Request-Method": "POST"}
    assert (await visitor.client.options(f"{API}nowhere", headers=asked)).status == 404
    assert (await visitor.client.options(f"{API}messages", headers={"Origin": ALLOWED})).status == 405
    assert (await visitor.client.options(f"{API}messages")).status == 405


async def test_a_websocket(visitor: Visitor, own: str) -> None:
    """Browsers let any page open one, so we look; who is no page may, and has to show the secret nevertheless."""
    for origin in (ALLOWED, SECOND, own, None):
        async with visitor.client.ws_connect(SOCKET, origin=origin) as socket:
            await socket.send_json({"type": "hello", "secret": visitor.secret, "after": 0})
            assert (await socket.receive_json(timeout=5))["type"] == "welcome"
    for origin in FOREIGN:
        with pytest.raises(WSServerHandshakeError, match="403"):
            await visitor.client.ws_connect(SOCKET, origin=origin)


async def test_socket_io(visitor: Visitor, own: str) -> None:
    """The same, polled or not, and what a browser asks before."""
    for origin in (ALLOWED, SECOND, own):
        response = await visitor.client.get(ENGINE, headers={"Origin": origin})
        assert (response.status, response.headers[ORIGIN]) == (200, origin)
        assert CREDENTIALS not in response.headers
    assert (await visitor.client.get(ENGINE)).status == 200
    for origin in FOREIGN:
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for response in (
            await visitor.client.get(ENGINE, headers={"Origin": origin}),
            await visitor.client.options(ENGINE, headers=asked),
        ):
            assert ORIGIN not in response.headers, origin
        assert (await visitor.client.get(ENGINE, headers={"Origin": origin})).status == 403
        with pytest.raises(WSServerHandshakeError, match="403"):
            await visitor.client.ws_connect(ENGINE.replace("polling", "websocket"), origin=origin)


@pytest.mark.parametrize(
    "origin",
    ["*", "null", "www.example.de", "https://www.example.de/", "https://*.example.de", "https://Example.de"],
)
def test_what_is_no_origin_stops_the_start(origin: str) -> None:
    """It would else never be equal to what a browser sends, and nobody would know why."""
    with pytest.raises(SettingsError, match="POSTBOTE_ALLOWED_ORIGINS"):
        load_settings(allowed_origins=(origin,))
