"""Quota, restore and ticket in the widget, as somebody who tries `make run` would go about it."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from playwright.async_api import BrowserContext, expect

from bot.clock import now
from tests.conftest import PROJECT
from tests.e2e.conftest import Visit
from tests.e2e.widget import Widget
from tests.server import Server

KEY = "ein schlüssel nur für diesen test, lang genug"
CODE = re.compile(r"^\d{6}$", re.MULTILINE)


@pytest.fixture
async def account_server(model: Path, tmp_path: Path) -> AsyncIterator[Server]:
    """With a key for tokens."""
    server = Server(tmp_path, token_keys=f'{{"test": {{"algorithm": "HS256", "key": "{KEY}"}}}}')
    yield server
    server.kill()


async def code_of_the_demo(customer: BrowserContext, server: Server) -> str:
    """From the page that shows the demo's mails."""
    page = await customer.new_page()
    await page.goto(f"{server.url}/demo/mails")
    text = await page.locator("#mails li pre").first.inner_text()
    await page.close()
    found = CODE.search(text)
    assert found, text
    return found[0]


async def prove(widget: Widget, customer: BrowserContext, server: Server) -> str:
    """Ask for the quota, and type the code; the reply."""
    await widget.ask("wie voll ist mein postfach")
    await widget.ask("anna@lindenpost.example")
    code = await code_of_the_demo(customer, server)
    reply = await widget.ask(code)
    await widget.page.reload()
    await expect(widget.own.last).to_have_text("••••••")
    return reply


async def test_quota_restore_and_ticket(account_server: Server, visit: Visit, customer: BrowserContext) -> None:
    """From the code to the figure, to the ticket, to its state; and the news when the desk changes it."""
    widget = await visit(account_server)
    assert "3,2 GB von 5 GB" in await prove(widget, customer, account_server)
    await widget.ask("ich hab gestern aus versehen alle mails gelöscht")
    while not await widget.choices.filter(has_text="In einen Unterordner").count():
        await widget.ask("gestern um 16 uhr")
    await widget.choices.filter(has_text="In einen Unterordner").click()
    await widget.choices.filter(has_text="Hinterlegte Kontaktadresse").click()
    await widget.choices.filter(has_text="Ja, Auftrag erteilen").click()
    await expect(widget.replies.last).to_contain_text("Ihr Auftrag ist erteilt")
    (number,) = re.findall(r"T-[0-9A-Z]{8}", await widget.replies.last.inner_text())
    assert f"{number} (heute" in (await widget.ask("was ist mit meinem ticket"))
    command = (sys.executable, "-m", "bot", "tickets", "set", number, "done")
    process = await asyncio.create_subprocess_exec(*command, cwd=PROJECT, env=account_server.environment)
    assert await process.wait() == 0
    await expect(widget.replies.last).to_contain_text(f"Neues zu Ihrem Auftrag {number}: erledigt", timeout=20_000)


async def test_who_is_signed_in_on_the_page_needs_no_code(account_server: Server, visit: Visit) -> None:
    """The page gives the widget a token; a token that is not good leaves it at the code."""
    widget = await visit(account_server)
    claims = {"aud": "postbote", "exp": now() + timedelta(minutes=5), "mailboxes": ["bernd@lindenpost.example"]}
    for key, words in (("ein ganz anderer schlüssel, auch lang genug", "Um welches Postfach"), (KEY, "93 %")):
        await widget.page.evaluate(
            "(token) => postbote.identify(token)", jwt.encode(claims, key, "HS256", {"kid": "test"})
        )
        assert words in (await widget.ask("wie voll ist mein postfach")).replace("\u00a0", " ")
        if key != KEY:
            await widget.ask("abbrechen")
