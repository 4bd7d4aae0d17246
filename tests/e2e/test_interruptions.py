"""What must not disturb a conversation: a dead server, a dead network, a proxy without WebSockets."""

import re

from playwright.async_api import BrowserContext, expect

from tests.e2e.conftest import Visit
from tests.server import Server

BACK = 45_000
"""Milliseconds in which the widget must be connected again: its longest pause and the server's start."""
TYPED = ["hallo", "welchen port brauch ich für imap mit ssl", "danke"]


async def test_messages_typed_during_a_restart_are_sent_once_in_order(own_server: Server, visit: Visit) -> None:
    """The server dies by kill -9; what is typed then waits, marked, and is answered after its return."""
    widget = await visit(own_server)
    await widget.ask("guten Tag")
    own_server.kill()
    for text in TYPED:
        await widget.say(text)
    await expect(widget.pending).to_have_count(3)
    await expect(widget.offline).to_be_visible()
    own_server.start()
    await expect(widget.replies).to_have_count(4, timeout=BACK)
    await expect(widget.own).to_have_text(["guten Tag", *TYPED])
    await expect(widget.pending).to_have_count(0)
    await expect(widget.offline).to_be_hidden()
    await widget.page.reload()
    await expect(widget.own).to_have_text(["guten Tag", *TYPED])
    await expect(widget.replies).to_have_count(4)


async def test_messages_typed_offline_are_sent_once_in_order(
    server: Server, visit: Visit, customer: BrowserContext
) -> None:
    """From both tabs, and both show the same afterwards."""
    first, second = await visit(server), await visit(server)
    await first.ask("guten Tag")
    await expect(second.replies).to_have_count(1)
    await customer.set_offline(True)
    await expect(first.offline).to_be_visible()
    for text in TYPED:
        await first.say(text)
    await second.say("danke")
    await expect(first.pending).to_have_count(4)
    await customer.set_offline(False)
    await expect(first.replies).to_have_count(5, timeout=BACK)
    await expect(second.replies).to_have_count(5)
    assert await first.own.all_inner_texts() == ["guten Tag", *TYPED, "danke"]
    assert await first.transcript() == await second.transcript()
    await expect(second.pending).to_have_count(0)


async def test_a_reload_does_not_lose_what_waits(own_server: Server, visit: Visit) -> None:
    """Typed, not sent, page reloaded: it is still sent."""
    widget = await visit(own_server)
    await widget.ask("guten Tag")
    # The page and the widget's files come from the server, too: only the channel is cut off.
    cut = re.compile("/channels/web/messages")
    await widget.page.route(cut, lambda route: route.abort())
    await widget.page.route_web_socket(re.compile("/channels/web/socket"), lambda socket: socket.close())
    await widget.page.reload()
    await widget.say("hallo")
    await expect(widget.pending).to_have_count(1)
    page = await widget.page.context.new_page()
    await widget.page.close()
    await page.goto(own_server.url)
    again = type(widget)(page)
    await expect(again.replies).to_have_count(2, timeout=BACK)
    await expect(again.own).to_have_text(["guten Tag", "hallo"])


async def test_without_websockets_it_polls(server: Server, visit: Visit, customer: BrowserContext) -> None:
    """Behind a proxy that lets no WebSocket through, answers and buttons come all the same."""
    await customer.route_web_socket(re.compile("/channels/web/socket"), lambda socket: socket.close())
    widget = await visit(server)
    answer = await widget.ask("welchen port brauch ich für imap mit ssl")
    assert "993" in answer
    await widget.ask("mailbox")
    await widget.choices.first.click()
    await expect(widget.replies).to_have_count(3, timeout=15_000)
