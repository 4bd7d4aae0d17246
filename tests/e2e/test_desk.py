"""The desk's pages, on a real server: nothing for axe to find, and what agents do there besides talking."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.e2e.conftest import DESKTOP, OpenDesk, Visit
from tests.e2e.desk import Desk
from tests.server import Server

TABLET, PHONE = {"width": 820, "height": 1100}, {"width": 390, "height": 844}
VIEWS = ("Suche", "Zahlen", "Lernen", "Verwaltung", "Gespräche")


@pytest_asyncio.fixture(loop_scope="session")
async def desk(visit: Visit, desks: OpenDesk, own_server: Server) -> AsyncIterator[Desk]:
    """Frau Berger, an admin, with a colleague; one customer waits who was declined twice."""
    berger = await desks(own_server, "Frau Berger", "--admin")
    own_server.run("desk", "add-agent", "cordes@lindenpost.example", "--name", "Herr Cordes", "--group", "Technik")
    anna = await visit(own_server)
    await anna.ask("wie stell ich den spamfilter ein")
    await anna.say("und wie setze ich mein passwort zurück")
    await expect(berger.queue).to_have_count(1)
    yield berger


async def check(desk: Desk, what: str) -> None:
    """Nothing is found, in light and in dark."""
    for scheme in ("light", "dark"):
        await desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = (await Axe().run(desk.page)).response["violations"]
        short = [(rule["id"], [(node["target"], node["failureSummary"]) for node in rule["nodes"]]) for rule in found]
        assert short == [], f"{what}, {scheme}"


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
async def test_axe_finds_nothing_on_any_view(desk: Desk, size: Any) -> None:
    """Each view of the rail, and the page for signing in. WCAG 2.2 AA as far as a program can tell."""
    await desk.page.set_viewport_size(size)
    for view in VIEWS:
        await desk.open_view(view)
        # What is shown for the blink of an eye is not judged.
        await expect(desk.page.locator(".loading")).to_have_count(0)
        await expect(desk.page.locator("h1").first).to_be_attached()
        await check(desk, view)
    await desk.page.context.clear_cookies()
    await desk.page.goto(f"{desk.url}/desk/sign-in")
    await expect(desk.page.get_by_role("button", name="Anmelden", exact=True)).to_be_visible()
    await check(desk, "sign-in")


async def test_axe_finds_nothing_in_a_conversation(desk: Desk) -> None:
    """With a note and suggestions; in the dialogs for handing over and closing; in the help."""
    await desk.claim_next()
    await desk.say("Guten Tag")
    await desk.note("nur für uns")
    await expect(desk.suggestions.first).to_be_visible()
    await check(desk, "conversation")
    for name in ("Weitergeben", "An den Bot", "Abschließen"):
        await desk.conversation.get_by_role("button", name=name, exact=True).click()
        await expect(desk.dialog).to_be_visible()
        await check(desk, name)
        await desk.page.keyboard.press("Escape")
        await expect(desk.dialog).to_be_hidden()


async def test_a_suggestion_and_the_keyboard(desk: Desk) -> None:
    """Claimed, answered from the FAQ and sent without a mouse."""
    await desk.page.keyboard.press("Alt+n")
    await expect(desk.box).to_be_focused()
    await expect(desk.suggestions.first).to_be_visible()
    await desk.page.keyboard.press("Alt+1")
    await expect(desk.box).not_to_be_empty()
    await desk.page.keyboard.press("Enter")
    await expect(desk.own).to_have_count(1)
    await expect(desk.box).to_be_empty()


async def test_found_again(desk: Desk) -> None:
    """By a word of the customer's; the hit leads to the conversation."""
    await desk.open_view("Suche")
    await desk.page.get_by_role("searchbox").first.fill("spamfilter")
    await desk.page.keyboard.press("Enter")
    hit = desk.page.get_by_role("link").filter(has_text="spamfilter").first
    await expect(hit).to_be_visible()
    await hit.click()
    await expect(desk.log).to_contain_text("spamfilter")


async def test_what_was_asked_in_vain_is_in_the_inbox(desk: Desk) -> None:
    """As a question to decide on."""
    await desk.open_view("Lernen")
    await expect(desk.page.get_by_text("wie stell ich den spamfilter ein").first).to_be_visible()
