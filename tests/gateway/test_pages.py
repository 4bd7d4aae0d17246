"""What a browser fetches, and what an operator's tools ask."""

import pytest
from aiohttp.test_utils import TestClient


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/widget.js", "javascript")])
async def test_pages_come_with_their_type(client: TestClient, path: str, kind: str) -> None:
    """And are not sent again while they are the same; for the headers see test_headers."""
    response = await client.get(path)

    assert response.status == 200
    assert kind in response.headers["Content-Type"]
    again = await client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304


@pytest.mark.parametrize("path", ["/widget/../../pyproject.toml", "/widget/%2e%2e/%2e%2e/pyproject.toml", "/widget/"])
async def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    """No way out of the folder, and no listing of it."""
    assert (await client.get(path)).status in {403, 404}


async def test_health_names_each_part(client: TestClient) -> None:
    """Live: the process answers; ready: it can work."""
    assert (await client.get("/health/live")).status == 200
    ready = await client.get("/health/ready")
    assert await ready.json() == {"status": "ok", "database": "ok", "model": "ok"}
