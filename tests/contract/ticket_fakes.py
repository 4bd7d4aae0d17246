"""Ticket systems that are too heavy for a test, or somebody's own: as their documentation says they answer."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, web


class ZammadApp:
    """https://docs.zammad.org/en/latest/api/ticket/index.html"""

    token = "zammad-token"
    user = 3
    """Whose token it is."""

    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._signed_in])
        app.router.add_get("/api/v1/users/me", self._me)
        app.router.add_get("/api/v1/tickets/search", self._search)
        app.router.add_get("/api/v1/tickets/{id}", self._show)
        app.router.add_post("/api/v1/tickets", self._create)
        return app

    @web.middleware
    async def _signed_in(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Token token={self.token}":
            return web.json_response({"error": "Invalid BasicAuth credentials"}, status=403)
        return await handler(request)

    async def _me(self, request: web.Request) -> web.Response:
        return web.json_response({"id": self.user, "login": "postbote"})

    async def _create(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("group") != "Restores":
            return web.json_response({"error": "No lookup value found for 'group'"}, status=422)
        customer = body.get("customer_id")
        if customer != self.user and not (isinstance(customer, str) and "@" in customer.removeprefix("guess:")):
            return web.json_response({"error": "Missing required value for field 'customer_id'!"}, status=422)
        number = len(self.tickets) + 1
        self.tickets[number] = {"id": number, "state": "new"} | {
            name: body[name] for name in ("title", "article", "customer_id")
        }
        return web.json_response(self.tickets[number], status=201)

    async def _search(self, request: web.Request) -> web.Response:
        words = request.query["query"].removeprefix('title:"').removesuffix('"').lower()
        return web.json_response([each for each in self.tickets.values() if words[:4] in each["title"].lower()])

    async def _show(self, request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        if number not in self.tickets:
            return web.json_response({"error": f"Couldn't find Ticket with 'id'={number}"}, status=404)
        return web.json_response(self.tickets[number])


class HookApp:
    """A receiver that takes the same id for the same ticket, as the how-to asks of it."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.tickets: dict[str, str] = {}

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        self.received.append((dict(request.headers), await request.read()))
        reference = self.tickets.setdefault(request.headers["webhook-id"], f"H-{len(self.tickets) + 1}")
        return web.json_response({"reference": reference})


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """The application on a free port; its URL."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def losing_answers(target: str, loses: Callable[[web.Request], bool]) -> AsyncIterator[str]:
    """A proxy before `target` that hands requests on, and drops the connection instead of answering some."""

    async def pass_on(request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in {"host"}}
        async with (
            ClientSession(auto_decompress=False) as session,
            session.request(
                request.method, target + request.path_qs, data=await request.read(), headers=headers
            ) as answer,
        ):
            body = await answer.read()
            if loses(request):
                assert request.transport
                request.transport.abort()
            return web.Response(status=answer.status, body=body, content_type=answer.content_type)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", pass_on)
    async with served(app) as url:
        yield url
