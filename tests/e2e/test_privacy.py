"""What the widget says about privacy before the first message."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.conftest import DESKTOP, Visit
from tests.e2e.test_appearance import PHONE, violations
from tests.e2e.widget import Widget
from tests.server import Server

POLICY = "https://www.example.de/datenschutz"


@pytest.fixture
def asking(model: Path, tmp_path: Path) -> Iterator[Server]:
    """A server whose customers must accept."""
    server = Server(tmp_path, privacy_consent="ask", privacy_url=POLICY)
    yield server
    server.kill()


def kept(folder: Path) -> list[str]:
    """What is kept of each conversation."""
    with closing(sqlite3.connect(folder / "postbote.db")) as database:
        return [row[0] for row in database.execute("SELECT consent FROM conversations")]


async def test_a_notice_until_the_first_message(server: Server, visit: Visit) -> None:
    """It does not come again, nor after a reload."""
    widget = await visit(server)
    notice = widget.page.locator(".privacy")
    await expect(notice).to_contain_text("90 Tage nach der letzten Nachricht")
    await expect(notice.locator("button, a")).to_have_count(0)
    assert "993" in await widget.ask("welchen port brauch ich für imap mit ssl")
    await expect(notice).to_be_hidden()
    await widget.page.reload()
    await widget.open()
    await expect(widget.replies).to_have_count(1)
    await expect(notice).to_be_hidden()


async def test_nothing_leaves_before_it_is_accepted(asking: Server, visit: Visit, tmp_path: Path) -> None:
    """What was typed stays in the field; the button gets the focus. What was accepted is kept with the conversation."""
    widget = await visit(asking)
    notice = widget.page.locator(".privacy")
    await expect(notice.get_by_role("link", name="Datenschutzerklärung")).to_have_attribute("href", POLICY)
    await widget.say("welchen port brauch ich für imap mit ssl")
    await expect(widget.error).to_contain_text("Bitte stimmen Sie zuerst")
    assert await widget.focused() == "accept"
    assert await widget.box.input_value() == "welchen port brauch ich für imap mit ssl"
    assert kept(tmp_path) == []
    await widget.page.keyboard.press("Enter")
    await expect(notice).to_be_hidden()
    await expect(widget.error).to_be_empty()
    await widget.box.press("Enter")
    await expect(widget.replies).to_have_count(1)
    (words,) = kept(tmp_path)
    assert words.startswith("ask-90-")
    assert words.endswith(" de1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing(asking: Server, browser: Browser, size: Any, scheme: Any, tmp_path: Path) -> None:
    """Asked, and refused to send."""
    context = await browser.new_context(
        viewport=size, color_scheme=scheme, locale="de-DE", reduced_motion="reduce", has_touch=size is PHONE
    )
    widget = Widget(await context.new_page())
    await widget.page.goto(asking.url)
    await widget.open()
    await expect(widget.page.locator(".accept")).to_be_visible()
    assert await violations(widget) == []
    await widget.page.screenshot(path=tmp_path / f"asked-{scheme}-{size['width']}.png")
    await widget.say("hallo")
    await expect(widget.error).to_be_visible()
    assert await violations(widget) == []
    await widget.page.screenshot(path=tmp_path / f"refused-{scheme}-{size['width']}.png")
    await context.close()
