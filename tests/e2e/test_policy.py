"""
The content security policies, in a real browser: nothing that the widget or the desk does breaks them.

Every test here collects what scripts fail at and what the policy keeps them from (see `watch`); these use as much of
both as there is, and expect that the console says nothing at all.
"""

from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, expect

from tests.channels.telegram.server import TelegramServer
from tests.e2e.conftest import DESKTOP, POLICY, OpenDesk, Visit, watch
from tests.e2e.desk import Desk
from tests.e2e.test_appearance import shop
from tests.e2e.test_attachments import message
from tests.e2e.widget import Widget
from tests.server import Server


def complaints(context: BrowserContext) -> list[str]:
    """What the console of its pages complains of from now on."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(f"{message.text} {message.location}")

    context.on("console", note)
    return found


async def test_widget_and_desk_in_use(
    customer: BrowserContext, visit: Visit, desks: OpenDesk, polling: Server, vendor: TelegramServer
) -> None:
    """An answer, a hand-off with notes and a rating, a picture and a download, every view of the desk."""
    anna = await visit(polling)
    found = [complaints(customer)]
    berger = await desks(polling, "Frau Berger", "--admin")
    found.append(complaints(berger.page.context))
    await berger.page.reload()
    await handed_over(anna, berger)
    await attached(berger, vendor)
    for view in ("Suche", "Zahlen", "Lernen", "Verwaltung", "Gespräche"):
        await berger.open_view(view)
        await berger.page.wait_for_load_state("networkidle")
    assert found == [[], []]


async def handed_over(anna: Widget, berger: Desk) -> None:
    """With a note, Markdown, a transcript to save, and a rating."""
    assert "993" in await anna.ask("welchen port brauch ich für imap mit ssl")
    await anna.thumbs.first.click()
    await anna.ask("Ich möchte mit einem Menschen sprechen")
    await expect(berger.queue).to_have_count(1)
    await berger.claim_next()
    await berger.note("kennt sich aus")
    await berger.say("Einen **Moment**, bitte: https://www.example.de")
    await expect(anna.agents.last).to_contain_text("Moment")
    await anna.menu.click()
    async with anna.page.expect_download():
        await anna.items.filter(has_text="herunterladen").click()
    await berger.close("Gelöst")
    await expect(anna.choices.first).to_be_visible()
    await anna.choices.last.click()


async def attached(berger: Desk, vendor: TelegramServer) -> None:
    """A picture that is shown and a file that is saved."""
    await vendor.bring(message(1, text="Ich möchte mit einem Menschen sprechen"))
    await expect(berger.queue).to_have_count(1)
    await berger.claim_next()
    await vendor.bring(message(2, photo=[{"file_id": "shot", "file_unique_id": "s", "width": 480, "height": 300}]))
    await vendor.bring(message(3, document={"file_id": "bill", "file_name": "Rechnung.pdf"}))
    picture = berger.log.get_by_role("img", name="Bild: photo.jpg")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 480)
    async with berger.page.expect_download():
        await berger.log.get_by_role("link", name="Rechnung.pdf").click()


@pytest.mark.parametrize("path", ["/", "/desk/sign-in"])
async def test_what_somebody_slips_in_does_not_run(server: Server, browser: Browser, path: str) -> None:
    """An inline script, a handler, a style and somebody else's script: each is kept from the page, and seen here."""
    errors: list[str] = []
    context = await browser.new_context(viewport=DESKTOP)
    await watch(context, errors)
    page = await context.new_page()
    await page.goto(server.url + path)
    await page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = 1";
          const foreign = document.createElement("script");
          foreign.src = "http://localhost:9/evil.js";
          const picture = document.createElement("div");
          picture.innerHTML = '<img src="/desk/static/icon.svg" onload="window.ran = 2" style="width: 9px">';
          document.body.append(script, foreign, picture);
        }"""
    )
    await page.evaluate("async () => { for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame) }")
    assert await page.evaluate("window.ran") is None
    kinds = {error.partition(f"{POLICY}: ")[2].partition(" ")[0] for error in errors if f"{POLICY}: " in error}
    assert kinds == {"script-src-elem", "script-src-attr", "style-src-attr"}
    await context.close()


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'none'; script-src {url}; connect-src {url} {socket}",
        "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src {url} {socket}",
    ],
    ids=["as documented", "with a nonce"],
)
async def test_on_a_page_with_a_strict_policy_of_its_own(
    model: Path, tmp_path: Path, browser: Browser, policy: str
) -> None:
    """What docs/how-to/embed-the-widget.md names is enough, isolation of the page included; nothing else is needed."""

    def answer() -> web.Response:
        sent = policy.format(url=server.url, socket=server.url.replace("http", "ws"))
        script = f'<script nonce="abc" src="{server.url}/widget.js"></script>'
        html = f'<!doctype html><link rel="icon" href="data:,"><h1>Shop</h1>{script}'
        headers = {"Content-Security-Policy": sent + "; img-src data:", "Cross-Origin-Embedder-Policy": "require-corp"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async with shop(answer) as address:
        server = Server(tmp_path, allowed_origins=f'["{address}"]')
        errors: list[str] = []
        context = await browser.new_context(viewport=DESKTOP, locale="de-DE")
        await watch(context, errors)
        found = complaints(context)
        try:
            widget = Widget(await context.new_page())
            await widget.page.goto(address)
            await widget.open()
            assert "993" in await widget.ask("welchen port brauch ich für imap mit ssl")
            assert (errors, found) == ([], [])
        finally:
            await context.close()
            server.kill()


async def test_on_a_page_that_is_not_named_it_says_nothing(model: Path, tmp_path: Path, browser: Browser) -> None:
    """The widget's files load everywhere, but the server takes nothing from there."""

    def answer() -> web.Response:
        html = f'<!doctype html><script src="{server.url}/widget.js"></script>'
        return web.Response(text=html, content_type="text/html")

    async with shop(answer) as address:
        server = Server(tmp_path)
        try:
            page = await browser.new_page(viewport=DESKTOP)
            widget = Widget(page)
            await page.goto(address)
            await widget.open()
            async with page.expect_event("requestfailed", lambda request: "/channels/web/" in request.url):
                await widget.say("hallo")
            await expect(widget.pending).to_have_count(1)
            await expect(widget.replies).to_have_count(0)
            await page.close()
        finally:
            server.kill()
