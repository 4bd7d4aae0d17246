"""
The real application with the desk, on a real SQLite file and a dialogue that does what the test says.

`agent` and `admin` are signed in; `sign_in` brings in more people, each with a browser of their own.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientWebSocketResponse
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.clock import now
from bot.desk.app import add_desk
from bot.desk.guard import COOKIE, CSRF_HEADER
from bot.gateway.app import create_app
from bot.settings import Settings, load_settings
from bot.staff.model import Agent, NewAgent, Role
from bot.staff.passwords import Passwords
from bot.staffing import build_staff
from bot.wiring import Services, build
from tests.fakes import FakeDialogue

# A hundredth of what a password costs elsewhere, as tests ask for many.
CHEAP = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


class Clock:
    """The real time, until a test moves it on."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self._ahead

    def pass_by(self, **time: float) -> None:
        """As a timedelta has it: `minutes=5`."""
        self._ahead += timedelta(**time)


class Browser:
    """One person's, with their cookies; signed in, it sends the CSRF token with what changes something."""

    def __init__(self, client: TestClient, agent: Agent | None = None, csrf: str = "") -> None:
        self.client = client
        self.agent = agent
        self.csrf = csrf

    async def get(self, path: str, **options: Any) -> ClientResponse:
        """Redirects are not followed."""
        return await self._request("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> ClientResponse:
        """JSON, as the pages send it."""
        return await self._request("POST", path, json={} if json is None else json, **options)

    async def put(self, path: str, json: Any = None, **options: Any) -> ClientResponse:
        """JSON, as the pages send it."""
        return await self._request("PUT", path, json={} if json is None else json, **options)

    async def delete(self, path: str, **options: Any) -> ClientResponse:
        """Without a body."""
        return await self._request("DELETE", path, **options)

    async def socket(self) -> ClientWebSocketResponse:
        """The live one, opened as a page of ours does."""
        return await self.client.ws_connect("/desk/socket", origin=str(self.client.make_url("")).rstrip("/"))

    async def _request(self, method: str, path: str, **options: Any) -> ClientResponse:
        headers = {CSRF_HEADER: self.csrf} if method != "GET" else {}
        options["headers"] = headers | options.get("headers", {})
        return await self.client.request(method, path, allow_redirects=False, **options)


SignIn = Callable[..., Awaitable[Browser]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A database of its own for each test, and limits that no test meets by chance."""
    return load_settings(database_url=f"sqlite:///{tmp_path}/postbote.db", messages_per_minute=10_000)


@pytest.fixture
def clock() -> Clock:
    """The application's."""
    return Clock()


@pytest.fixture
def fake_dialogue() -> FakeDialogue:
    """The application's."""
    return FakeDialogue()


@pytest.fixture
def services(settings: Settings, fake_dialogue: FakeDialogue, clock: Clock) -> Services:
    """What the application works with; use it once `browser` or a fixture that needs it has started it."""
    services = build(settings, fake_dialogue, clock)
    services.staff = build_staff(settings, services.database, clock, Passwords(CHEAP))
    return services


@pytest.fixture
async def server(services: Services) -> AsyncIterator[TestServer]:
    """The application, on loopback."""
    app = create_app(services)
    add_desk(app)
    async with TestServer(app) as server:
        yield server


@pytest.fixture
async def new_browser(server: TestServer) -> AsyncIterator[Callable[[], Awaitable[Browser]]]:
    """Makes browsers in which nobody is signed in."""
    async with AsyncExitStack() as stack:

        async def make() -> Browser:
            return Browser(await stack.enter_async_context(TestClient(server)))

        yield make


@pytest.fixture
async def browser(new_browser: Callable[[], Awaitable[Browser]]) -> Browser:
    """One in which nobody is signed in."""
    return await new_browser()


@pytest.fixture
def sign_in(new_browser: Callable[[], Awaitable[Browser]], services: Services) -> SignIn:
    """`await sign_in("Frau Berger", groups=("Technik",))` makes the account and signs it in, without a password."""

    async def enter(name: str, role: Role = Role.AGENT, **values: Any) -> Browser:
        login = f"{name.rsplit(maxsplit=1)[-1].lower()}@lindenpost.example"
        agent = await services.staff.agents.add(NewAgent(login, name, role, **values))
        browser = await new_browser()
        cookie = await services.staff.sessions.begin(agent.id)
        browser.client.session.cookie_jar.update_cookies({COOKIE: cookie}, browser.client.make_url("/"))
        me = await (await browser.get("/desk/api/me")).json()
        browser.agent, browser.csrf = agent, me["csrf"]
        return browser

    return enter


@pytest.fixture
async def agent(sign_in: SignIn) -> Browser:
    """Frau Berger, an agent."""
    return await sign_in("Frau Berger")


@pytest.fixture
async def admin(sign_in: SignIn) -> Browser:
    """Herr Amsel, an admin."""
    return await sign_in("Herr Amsel", Role.ADMIN)
