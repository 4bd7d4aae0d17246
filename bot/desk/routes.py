"""
A register of the desk's routes. Each declares who may call it, and carries its own guard.

    routes = DeskRoutes()

    @routes.get("/desk/api/lists", role=Role.AGENT)
    async def lists(request: web.Request) -> web.Response:
        agent = agent_of(request)

What is not declared here does not get past tests/desk/test_refusals.py.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aiohttp import hdrs, web

from bot.desk.errors import explain
from bot.desk.guard import check_csrf, check_own_origin, check_role, get_session
from bot.desk.rules import ACTS
from bot.errors import PostboteError
from bot.gateway.errors import Handler
from bot.gateway.limits import ATTRIBUTE, check, limited
from bot.gateway.rules import BYTES, REQUESTS, Rule
from bot.staff.model import Role

Decorator = Callable[[Handler], Handler]
BEHIND_A_SESSION: tuple[Rule, ...] = (REQUESTS, BYTES, ACTS)
"""The limits of what does not declare others; without a session each must declare its own."""


@dataclass(frozen=True)
class DeskRoute:
    """One method on one path."""

    method: str
    path: str
    role: Role | None
    """The least role; None: without a session, for signing in alone."""
    handler: Handler
    is_socket: bool = False


DECLARED = web.AppKey("desk_routes", dict[Handler, DeskRoute])
"""The declaration of each registered handler."""


class DeskRoutes:
    """The routes of one module."""

    def __init__(self) -> None:
        self._routes: list[DeskRoute] = []

    def __iter__(self) -> Iterator[DeskRoute]:
        return iter(self._routes)

    def get(self, path: str, *, role: Role | None) -> Decorator:
        """Reads; changes nothing but the audit log."""
        return self._declare(hdrs.METH_GET, path, role)

    def post(self, path: str, *, role: Role | None) -> Decorator:
        """Needs the CSRF token, as `put` and `delete` do."""
        return self._declare(hdrs.METH_POST, path, role)

    def put(self, path: str, *, role: Role | None) -> Decorator:
        """See `post`."""
        return self._declare(hdrs.METH_PUT, path, role)

    def delete(self, path: str, *, role: Role | None) -> Decorator:
        """See `post`."""
        return self._declare(hdrs.METH_DELETE, path, role)

    def socket(self, path: str, *, role: Role) -> Decorator:
        """A WebSocket, which a browser lets any page open with the cookie: the `Origin` must be ours."""
        return self._declare(hdrs.METH_GET, path, role, is_socket=True)

    def add_to(self, app: web.Application) -> None:
        """Register all of them."""
        for route in self._routes:
            handler = _guarded(route)
            app[DECLARED][handler] = route
            app.router.add_route(route.method, route.path, handler)

    def _declare(self, method: str, path: str, role: Role | None, *, is_socket: bool = False) -> Decorator:
        def declare(handler: Handler) -> Handler:
            if role is not None and not hasattr(handler, ATTRIBUTE):
                limited(*BEHIND_A_SESSION)(handler)
            self._routes.append(DeskRoute(method, path, role, handler, is_socket))
            return handler

        return declare


def _guarded(route: DeskRoute) -> Handler:
    @functools.wraps(route.handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            await _check(route, request)
            return await route.handler(request)
        except PostboteError as error:
            if (refusal := explain(error)) is None:
                raise
            return refusal

    return handle


async def _check(route: DeskRoute, request: web.Request) -> None:
    changes = route.method != hdrs.METH_GET
    if changes or route.is_socket:
        check_own_origin(request, required=route.is_socket)
    if route.role is None:
        return
    session = await get_session(request)
    if changes:
        check_csrf(request, session)
    check_role(session, route.role)
    await check(request, ACTS, str(session.agent.id))
