"""The desk's pages: static shells with strict headers."""

import pytest

from tests.desk.conftest import Browser


@pytest.mark.parametrize("path", ["", "/figures", "/search", "/learning", "/admin", "/sign-in"])
async def test_every_view_is_the_same_page(browser: Browser, path: str) -> None:
    """It holds no data, so it needs no session; nobody may frame it."""
    response = await browser.get(f"/desk{path}")

    assert response.status == 200
    assert "text/html" in response.headers["Content-Type"]
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-cache"


async def test_the_desk_tells_who_one_is(agent: Browser, admin: Browser) -> None:
    """With colleagues, oneself not among them; nothing of it is cached."""
    response = await agent.get("/desk/api/me")
    me = await response.json()

    assert response.headers["Cache-Control"] == "no-store"
    assert (me["agent"]["name"], me["agent"]["role"]) == ("Frau Berger", "agent")
    assert [colleague["name"] for colleague in me["colleagues"]] == ["Herr Amsel"]
    assert "Gelöst" in me["closing_reasons"]
