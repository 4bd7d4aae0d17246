"""Walk the route tables of the real application in each role, and narrow its limits so that a test can meet them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import web

from bot.desk.app import add_desk
from bot.gateway.app import create_app
from bot.gateway.keys import SERVICES
from bot.gateway.limits import LIMITS, Declared, find_declared
from bot.gateway.rules import Rule
from bot.settings import Settings, load_settings
from bot.wiring import Role, Services, build
from tests.fakes import FakeDialogue

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
"""A database that is not asked before an application starts."""


@dataclass(frozen=True)
class Route:
    """One method on one path."""

    method: str
    path: str
    """As it is declared."""
    declared: Declared | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def example(self) -> str:
        """The path with something in the place of each variable part."""
        return re.sub(r"\{channel[^}]*\}", "echo", re.sub(r"\{(?!channel)[^}]*\}", "1", self.path))


def routes(app: web.Application) -> list[Route]:
    """All of them; HEAD beside GET is left out, as it is the same handler."""
    return sorted(_routes(app), key=str)


def _routes(app: web.Application) -> Iterator[Route]:
    for route in app.router.routes():
        assert route.resource is not None
        path = route.resource.canonical
        if isinstance(route.resource, web.StaticResource):
            path = f"{path}/{{file}}"
        if route.method != "HEAD":
            yield Route(route.method, path, find_declared(app, route))


def application(services: Services) -> web.Application:
    """As bot.commands.serving assembles it."""
    app = create_app(services)
    if services.role in {Role.ALL, Role.DESK}:
        add_desk(app)
    return app


def of_role(role: Role, folder: Path) -> web.Application:
    """Not to be started, but with every route that the role can have."""
    url = f"sqlite:///{folder}/postbote.db" if role is Role.ALL else NOWHERE
    settings = load_settings(database_url=url, secret_key="a secret of some length, for a test", channels=("socketio",))
    return application(build(settings, FakeDialogue(), role=role))


def everything(folder: Path, **settings: object) -> Services:
    """Of one process that does everything, each channel's door included that needs no vendor."""
    values: dict[str, object] = {"database_url": f"sqlite:///{folder}/postbote.db", "channels": ("socketio",)}
    return build(load_settings(**{**values, **settings}), FakeDialogue())


def allow(app: web.Application, rule: Rule, amount: int) -> None:
    """From now on so much of it."""
    settings: Settings = app[SERVICES].settings
    app[LIMITS][rule] = replace(rule.limit(settings), amount=amount)
