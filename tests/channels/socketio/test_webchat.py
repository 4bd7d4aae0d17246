"""rasa-webchat, the widget of Botfront's, as npm has it, on a hoster's page in a real Chromium."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, async_playwright, expect
from sqlalchemy import Connection, select

from bot.store.tables import conversations
from tests.channels.socketio.conftest import Door, start

QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PAGE = """<!doctype html><meta charset="utf-8"><title>Lindenpost</title><script src="/webchat.js"></script>
<script>WebChat.default({{socketUrl: "{url}", initPayload: "/get_started", title: "Hilfe", embedded: true,
customData: {{language: "de"}}, customMessageDelay: () => 0}});</script>"""

pytestmark = pytest.mark.browser


@pytest.fixture
async def hoster(webchat: Path) -> AsyncIterator[TestServer]:
    """The hoster's page; its address says where the bot is."""
    app = web.Application()

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE.format(url=request.query["bot"]), content_type="text/html")

    async def bundle(request: web.Request) -> web.FileResponse:
        return web.FileResponse(webchat)

    app.add_routes([web.get("/", page), web.get("/webchat.js", bundle)])
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def door(hoster: TestServer, tmp_path: Path) -> AsyncIterator[Door]:
    """The bot, which the hoster's page may embed."""
    door = await start(tmp_path, allowed_origins=(str(hoster.make_url("")).rstrip("/"),))
    yield door
    await door.server.close()


@pytest.fixture
async def page(hoster: TestServer, door: Door) -> AsyncIterator[Page]:
    """The page, open."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        stack.push_async_callback(browser.close)
        page = await browser.new_page()
        await page.goto(str(hoster.make_url("/").with_query(bot=door.url)))
        yield page


async def say(page: Page, text: str) -> None:
    """As a customer types it."""
    await page.locator(".rw-new-message").fill(text)
    await page.keyboard.press("Enter")


async def hears(page: Page, text: str) -> None:
    """The bot's words are shown, once."""
    await expect(page.locator(".rw-response").filter(has_text=text)).to_have_count(1)


async def test_rasa_webchat_works(page: Page, door: Door) -> None:
    """Greeted, answered, a button pressed; on the next page the conversation goes on, with what was said meanwhile."""
    await hears(page, "1: /greet")
    await say(page, "**hallo**")
    await hears(page, "2: hallo")
    await say(page, "knöpfe")
    await page.get_by_role("button", name="Ja").or_(page.locator(".rw-reply", has_text="Ja")).first.click()
    await hears(page, "4: /affirm")

    url = page.url
    await page.goto("about:blank")
    await tell(door, "Neues vom Auftrag")
    await page.goto(url)

    await hears(page, "Neues vom Auftrag")
    await hears(page, "4: /affirm")
    await say(page, "noch da?")
    await hears(page, "5: noch da?")
    assert len(door.dialogue.asked) == 5


async def test_a_connection_that_breaks(page: Page, door: Door) -> None:
    """The widget comes again by itself, and shows what it missed."""
    await hears(page, "1: /greet")
    await tell(door, "Neues vom Auftrag")
    assert door.server.runner.server is not None
    for connection in door.server.runner.server.connections:
        assert connection.transport is not None
        connection.transport.abort()

    await hears(page, "Neues vom Auftrag")
    await say(page, "hallo")
    await hears(page, "2: hallo")
    await hears(page, "1: /greet")


async def tell(door: Door, words: str) -> None:
    """Something that the customer did not ask for, and that no connection hears of."""
    services = door.services

    def unit(connection: Connection) -> None:
        services.conversations.say(connection, connection.scalar(select(conversations.c.id)), words)

    await services.database.write(unit)
