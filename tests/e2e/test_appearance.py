"""How the widget looks and reads: on phones, in the dark, to assistive technology, on a hostile page."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.e2e.conftest import DESKTOP
from tests.e2e.gateway import CLOSED, Gateway, held, offers, queued
from tests.e2e.widget import Widget
from tests.server import Server

PHONE = {"width": 390, "height": 844}
HOSTILE = """
* { font-size: 40px !important; transform: rotate(9deg); }
div, button, p, ul, li, dialog { display: none !important; color: red !important; background: lime !important }
"""


async def violations(widget: Widget) -> list[Any]:
    """What axe finds, in short."""
    found = (await Axe().run(widget.page)).response["violations"]
    return [(rule["id"], rule["help"], [node["target"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing(server: Server, browser: Browser, size: Any, scheme: Any) -> None:
    """Closed; with an answer, buttons and typed words; with an error. WCAG 2.2 AA as far as a program can tell."""
    # Reduced motion, so that nothing is judged while it fades in.
    context = await browser.new_context(
        viewport=size, color_scheme=scheme, locale="de-DE", reduced_motion="reduce", has_touch=size is PHONE
    )
    widget = Widget(await context.new_page())
    await widget.page.goto(server.url)
    await expect(widget.launcher).to_be_visible()
    assert await violations(widget) == []
    await widget.open()
    await widget.ask("welchen port brauch ich für imap mit ssl")
    await widget.ask("mailbox")
    await widget.box.fill("Noch nicht gesendet")
    assert await violations(widget) == []
    await widget.say("ä" * 4100)
    await expect(widget.error).to_be_visible()
    assert await violations(widget) == []
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing_while_people_are_there(
    server: Server, browser: Browser, size: Any, scheme: Any
) -> None:
    """In the queue with the menu open; an agent's messages; a rated answer; the stars."""
    context = await browser.new_context(
        viewport=size, color_scheme=scheme, locale="de-DE", reduced_motion="reduce", has_touch=size is PHONE
    )
    gateway = Gateway()
    await gateway.attach(context)
    widget = Widget(await context.new_page())
    await widget.page.goto(server.url)
    await widget.open()
    await widget.say("hallo")
    await gateway.hears(type="say")
    await gateway.say("bot", "Port 993.", rateable=True)
    await widget.thumbs.first.click()
    await gateway.hold(queued(2, "Zurück zum Bot", "Nachricht hinterlassen"))
    await expect(widget.holder).not_to_be_empty()
    await widget.menu.click()
    await expect(widget.items).to_have_count(3)
    assert await violations(widget) == []
    await widget.page.keyboard.press("Escape")
    await gateway.hold(held("Frau Berger"))
    await gateway.say("notice", "Frau Berger ist jetzt im Gespräch.")
    await gateway.say("agent", "Guten Tag.", agent="Frau Berger")
    await gateway.send(type="typing", on=True)
    await expect(widget.page.locator(".who")).to_be_visible()
    assert await violations(widget) == []
    await gateway.hold(CLOSED)
    await gateway.say("bot", "Wie zufrieden sind Sie?", buttons=offers(*(f"★ {count}" for count in range(1, 6))))
    await expect(widget.choices).to_have_count(5)
    await widget.choices.nth(2).focus()
    assert await violations(widget) == []
    await context.close()


async def test_on_a_phone_it_fills_the_screen(server: Server, browser: Browser) -> None:
    """And nothing makes the page scroll sideways, down to 320 pixels."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    widget = Widget(await context.new_page())
    await widget.page.goto(server.url)
    await widget.launcher.tap()
    await expect(widget.panel).to_be_visible()
    assert await widget.panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
    await widget.ask("welchen port brauch ich für imap mit ssl")
    await widget.page.set_viewport_size({"width": 320, "height": 560})
    assert await widget.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await context.close()


@asynccontextmanager
async def shop(answer: Callable[[], web.Response]) -> AsyncIterator[str]:
    """Somebody else's site; its address."""

    async def page(request: web.Request) -> web.Response:
        return answer()

    site = web.Application()
    site.router.add_get("/", page)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_another_site_embeds_it_and_cannot_break_it(model: Path, tmp_path: Path, browser: Browser) -> None:
    """On an allowed origin it works, under a strict policy, and the page's style sheet does not reach it."""

    def answer() -> web.Response:
        policy = (
            f"default-src 'none'; style-src 'unsafe-inline'; script-src {server.url}; "
            f"connect-src {server.url} {server.url.replace('http', 'ws')}"
        )
        html = f'<!doctype html><style>{HOSTILE}</style><h1>Shop</h1><script src="{server.url}/widget.js"></script>'
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    async with shop(answer) as address:
        server = Server(tmp_path, allowed_origins=f'["{address}"]')
        try:
            page = await browser.new_page(viewport=DESKTOP)
            widget = Widget(page)
            await page.goto(address)
            await widget.open()
            assert "993" in await widget.ask("welchen port brauch ich für imap mit ssl")
            assert await widget.box.evaluate("(box) => getComputedStyle(box).fontSize") != "40px"
            assert await widget.replies.first.evaluate("(it) => getComputedStyle(it).color") != "rgb(255, 0, 0)"
            await page.close()
        finally:
            server.kill()
