"""Walk the route table of the real application: every route under /desk, and what it declares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from bot.desk.pages import STATIC
from bot.desk.routes import DECLARED, DeskRoute

PREFIX = "/desk"


@dataclass(frozen=True)
class Call:
    """A route as a client calls it."""

    declared: DeskRoute
    path: str
    """With something in the place of each variable part."""

    def __str__(self) -> str:
        return f"{self.declared.method} {self.declared.path}"

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.declared.method != "GET"

    @property
    def is_about_a_conversation(self) -> bool:
        """Whether it acts in one conversation."""
        return "/conversations/{id}" in self.declared.path


def calls(app: web.Application, conversation: str = "1") -> list[Call]:
    """Every declared route; `conversation` is the id that those of a conversation name."""
    return [
        Call(app[DECLARED][route.handler], _fill(app[DECLARED][route.handler].path, conversation))
        for route in _routes(app)
        if route.handler in app[DECLARED]
    ]


def undeclared(app: web.Application) -> list[str]:
    """Routes under /desk that bypass DeskRoutes; static files are the one exception."""
    return [
        f"{route.method} {route.resource.canonical}"
        for route in _routes(app)
        if route.handler not in app[DECLARED] and not _is_static(route.resource)
    ]


def _routes(app: web.Application) -> Iterator[web.AbstractRoute]:
    for route in app.router.routes():
        fixed, variable, _ = (route.resource.canonical if route.resource else "{").partition("{")
        # A variable part could stand for "desk", too.
        if fixed.startswith(PREFIX) or (variable and PREFIX.startswith(fixed)):
            yield route


def _is_static(resource: web.AbstractResource | None) -> bool:
    return isinstance(resource, web.StaticResource) and resource.canonical == STATIC


def _fill(path: str, conversation: str) -> str:
    path = path.replace("/conversations/{id}", f"/conversations/{conversation}")
    return re.sub(r"\{[^}]*\}", "1", path)
