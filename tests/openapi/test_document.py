"""The descriptions against the route tables, both ways; and in themselves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.desk.app import add_desk
from bot.desk.openapi import DOCUMENT as DESK
from bot.desk.routes import DECLARED
from bot.gateway.app import create_app
from bot.gateway.openapi import DOCUMENT as GATEWAY
from bot.settings import load_settings
from bot.wiring import build
from tests.fakes import FakeDialogue

PAGES = {
    "/": "the demo's page",
    "/widget.js": "a script that pages load",
    "/widget": "its files",
    "/demo": "the demo's files",
    "/demo/mails": "a page",
}
"""What is no API, and why."""
METHODS = {"get", "post", "put", "delete"}
Operations = set[tuple[str, str]]


@pytest.fixture
def app(tmp_path: Path) -> web.Application:
    """With everything that can be switched on beside vendors."""
    app = create_app(build(load_settings(database_url=f"sqlite:///{tmp_path}/postbote.db"), FakeDialogue()))
    add_desk(app)
    return app


def described(document: dict[str, Any]) -> Operations:
    """Method and path of each operation."""
    return {
        (method, path)
        for path, operations in document["paths"].items()
        for method in METHODS & set(operations)
    }  # fmt: skip


def routed(app: web.Application) -> Operations:
    """Method and path of each route; HEAD comes with GET."""
    found = {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert found
    return found


def test_the_gateway_is_described(app: web.Application) -> None:
    """A route that is new, or gone, fails here; each page is named as such."""
    api = {(method, path) for method, path in routed(app) if not path.startswith("/desk") and path not in PAGES}
    assert described(GATEWAY) == api
    assert set(PAGES) <= {path for _, path in routed(app)}


def test_the_desk_is_described(app: web.Application) -> None:
    """All but its pages and its socket, which is described in docs/desk-protocol.md."""
    declared = [route for route in app[DECLARED].values() if not route.is_socket]
    api = {(route.method.lower(), route.path) for route in declared if "/api/" in route.path or "." in route.path}
    oidc = {(route.method.lower(), route.path) for route in declared if "/oidc/" in route.path}
    assert described(DESK) == api | oidc


def test_who_may_call_the_desk_is_described(app: web.Application) -> None:
    """A session where the route asks for one, and the token where it changes something."""
    for route in app[DECLARED].values():
        operation = DESK["paths"].get(route.path, {}).get(route.method.lower())
        if operation is None:
            continue
        needed = (
            [] if route.role is None else [{"session": [], "csrf": []} if route.method != "GET" else {"session": []}]
        )
        assert operation.get("security", DESK["security"]) == needed, f"{route.method} {route.path}"


@pytest.mark.parametrize("document", [GATEWAY, DESK], ids=["gateway", "desk"])
def test_references_lead_somewhere_and_all_is_used(document: dict[str, Any]) -> None:
    """Nothing is left of what was removed."""
    found = set(references(document))
    components = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in document["components"][kind]
    }  # fmt: skip
    assert found == components


def references(value: Any) -> Iterator[str]:
    """Each $ref, and what a discriminator leads to."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from references(each)
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        yield value["$ref"]


@pytest.mark.parametrize("document", [GATEWAY, DESK], ids=["gateway", "desk"])
def test_examples_are_of_their_shape(document: dict[str, Any]) -> None:
    """Who copies one has something that works."""
    checked = 0
    for media in medias(document):
        examples = [each["value"] for each in media.get("examples", {}).values()]
        examples += [media["example"]] if "example" in media else []
        for example in examples:
            shape = media["schema"] | {"components": document["components"]}
            jsonschema_rs.validate(shape, example)
            checked += 1
    assert checked > 5


def medias(value: Any) -> Iterator[dict[str, Any]]:
    """Each content of a body or an answer."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from medias(each)
    if isinstance(value, dict) and isinstance(value.get("content"), dict):
        yield from (media for media in value["content"].values() if "schema" in media)


async def test_it_is_served(app: web.Application) -> None:
    """The gateway's to everybody, with umlauts; the desk's to agents."""
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/openapi.json")
        assert (response.status, await response.json()) == (200, GATEWAY)
        assert (await client.get("/desk/openapi.json")).status == 401
