"""
Every answer of every route has the security headers: what it is answered with, signed in or not, and errors as well.

The routes are those that the application has; a page that needs more than files of its own is found by
tests/e2e/test_policy.py, in a real browser.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from tests.visitor import SOCKET, Visitor
from tests.walk import Route, application, everything, routes

FRAMING = "https://www.example.de"
PAGES = {
    *("GET /", "GET /demo/mails"),
    *(f"GET /desk{view}" for view in ("", "/admin", "/figures", "/learning", "/search", "/sign-in")),
}
FILES = {"GET /widget.js", "GET /widget/{file}", "GET /demo/{file}", "GET /desk/static/{file}"}
EXAMPLES = {
    "GET /widget/{file}": "/widget/chat.js",
    "GET /demo/{file}": "/demo/demo.css",
    "GET /desk/static/{file}": "/desk/static/main.js",
}


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    """On an application with every route."""
    services = everything(
        tmp_path, frame_ancestors=(FRAMING,), trusted_proxies=("127.0.0.1",), requests_per_minute=10**6
    )
    async with TestClient(TestServer(application(services))) as client:
        visitor = Visitor(client)
        await visitor.enter()
        yield visitor


async def answers(visitor: Visitor, route: Route, **headers: str) -> list[ClientResponse]:
    """To a stranger, to a customer and to an agent."""
    method = "GET" if route.method == "*" else route.method
    path = EXAMPLES.get(str(route), route.example)
    found = []
    for own in ({}, {"Authorization": f"Bearer {visitor.secret}"}, visitor.desk):
        body: dict[str, Any] = {"json": {}} if method != "GET" else {}
        found.append(
            await visitor.client.request(method, path, headers={**own, **headers}, allow_redirects=False, **body)
        )
    return found


def directives(response: ClientResponse) -> dict[str, str]:
    """Of its one content security policy."""
    (policy,) = response.headers.getall("Content-Security-Policy")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in policy.split(";"))}


async def test_every_answer_has_the_headers(visitor: Visitor) -> None:
    """Each once; nothing inline runs anywhere, and what is no page can do nothing at all."""
    seen: set[int] = set()
    for route in routes(visitor.app):
        for response in await answers(visitor, route):
            seen.add(response.status)
            named = f"{route}: {response.status} {dict(response.headers)}"
            headers = response.headers
            assert response.status < 500, named
            assert all(len(headers.getall(name)) == 1 for name in headers if name not in {"Set-Cookie", "Vary"}), named
            assert headers["X-Content-Type-Options"] == "nosniff", named
            assert headers["Referrer-Policy"] in {"strict-origin-when-cross-origin", "same-origin"}, named
            assert "camera=()" in headers["Permissions-Policy"], named
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", named
            assert headers["Server"] == "Postbote", named
            policy = directives(response)
            assert "unsafe" not in str(policy), named
            assert policy["base-uri"] == "'none'" or "sandbox" in policy, named
            if str(route) in PAGES and response.status == 200:
                assert policy["default-src"] == policy.get("script-src", "'self'") == "'self'", named
                assert policy["object-src"] == "'none'", named
            else:
                assert policy["default-src"] == policy["frame-ancestors"] == "'none'", named
    assert seen >= {200, 301, 400, 401, 403, 404, 422}


async def test_nothing_of_anybody_is_kept_in_a_cache(visitor: Visitor) -> None:
    """Only files are, and these are asked for again each time."""
    for route in routes(visitor.app):
        for response in await answers(visitor, route):
            is_file = str(route) in PAGES | FILES and response.status == 200
            assert response.headers["Cache-Control"] == ("no-cache" if is_file else "no-store"), route


async def test_who_may_frame_what(visitor: Visitor) -> None:
    """Nobody the desk, the named sites the demo's pages."""
    for route in routes(visitor.app):
        if str(route) in PAGES:
            response, *_ = await answers(visitor, route)
            wanted = "'none'" if route.path.startswith("/desk") else f"'self' {FRAMING}"
            assert directives(response)["frame-ancestors"] == wanted, route


async def test_only_the_widget_is_there_for_other_sites(visitor: Visitor) -> None:
    """Its files; everything else is kept from them, be it as a picture or as a script."""
    for route in routes(visitor.app):
        for response in await answers(visitor, route):
            is_widget = str(route) in {"GET /widget.js", "GET /widget/{file}"} and response.status == 200
            wanted = "cross-origin" if is_widget else "same-origin"
            assert response.headers["Cross-Origin-Resource-Policy"] == wanted, route


async def test_by_tls_browsers_are_told_to_stay_there(visitor: Visitor) -> None:
    """On every route; who came without is not, since no browser would believe it."""
    for route in routes(visitor.app):
        for response in await answers(visitor, route, **{"X-Forwarded-Proto": "https"}):
            assert response.headers["Strict-Transport-Security"] == "max-age=31536000", route
    plain = await visitor.client.get("/")
    assert "Strict-Transport-Security" not in plain.headers


async def test_it_can_be_left_to_the_proxy(tmp_path: Path) -> None:
    """POSTBOTE_HSTS_SECONDS=0."""
    services = everything(tmp_path, hsts_seconds=0, trusted_proxies=("127.0.0.1",))
    async with TestClient(TestServer(create_app(services))) as client:
        response = await client.get("/", headers={"X-Forwarded-Proto": "https"})
        assert "Strict-Transport-Security" not in response.headers


async def test_streams_and_sockets_have_them_too(visitor: Visitor) -> None:
    """Whose head leaves before the handler ends."""
    body = {"sender": "anna", "message": "hallo"}
    streamed = await visitor.client.post("/webhooks/rest/webhook?stream=true", json=body)
    async with visitor.client.ws_connect(SOCKET) as socket:
        for headers in (streamed.headers, socket._response.headers):
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/widget/nowhere.js", "/desk/nowhere", "/desk/api/nowhere", "/%00", "/widget/..%2f..%2fx"],
)
async def test_what_is_not_there_has_them_too(visitor: Visitor, path: str) -> None:
    """No page: JSON, or of a file nothing at all."""
    response = await visitor.client.get(path)
    assert response.status in {403, 404}
    assert response.content_type == "application/json" or await response.read() == b""
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert directives(response)["default-src"] == "'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "kind", "status"), [("PATCH", "application/json", 405), ("POST", "text/plain", 415)]
)
async def test_a_request_of_another_form_has_them_too(visitor: Visitor, method: str, kind: str, status: int) -> None:
    """A method that the path has not, a body that is no JSON."""
    response = await visitor.client.request(
        method,
        "/channels/web/messages",
        data=b"{}",
        headers={"Content-Type": kind, "Authorization": f"Bearer {visitor.secret}"},
    )
    assert response.status == status
    assert directives(response)["default-src"] == "'none'"
    assert response.headers["Cache-Control"] == "no-store"
