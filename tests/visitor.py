"""A customer and an agent as clients of the whole application."""

from typing import Any

from aiohttp import ClientResponse, ClientWebSocketResponse, web
from aiohttp.test_utils import TestClient

from bot.desk.guard import COOKIE, CSRF_HEADER
from bot.gateway.keys import SERVICES
from bot.staff.model import NewAgent, Role

SOCKET = "/channels/web/socket"


class Visitor:
    """A client, the application that it meets, and what a customer and an agent have."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.app: web.Application = client.server.app  # type: ignore[attr-defined]  # a TestServer's
        self.secret = ""
        self.desk: dict[str, str] = {}

    async def enter(self) -> None:
        """A conversation is begun and an agent signed in; the limits are met later."""
        begun = await self.client.post("/channels/web/conversations")
        self.secret = (await begun.json())["secret"]
        services = self.app[SERVICES]
        agent = await services.staff.agents.add(NewAgent("berger@lindenpost.example", "Frau Berger", Role.ADMIN))
        cookie = await services.staff.sessions.begin(agent.id)
        session = await services.staff.sessions.find(cookie)
        assert session is not None
        own = str(self.client.make_url("")).rstrip("/")
        self.desk = {"Cookie": f"{COOKIE}={cookie}", CSRF_HEADER: session.csrf, "Origin": own}

    async def post(self, path: str, **body: Any) -> ClientResponse:
        """As the widget does."""
        return await self.client.post(path, json=body, headers={"Authorization": f"Bearer {self.secret}"})

    async def get(self, path: str) -> ClientResponse:
        """The same."""
        return await self.client.get(path, headers={"Authorization": f"Bearer {self.secret}"}, allow_redirects=False)

    async def tab(self) -> ClientWebSocketResponse:
        """An open one."""
        socket = await self.client.ws_connect(SOCKET)
        await socket.send_json({"type": "hello", "secret": self.secret, "after": 0})
        assert (await socket.receive_json(timeout=5))["type"] == "welcome"
        return socket
