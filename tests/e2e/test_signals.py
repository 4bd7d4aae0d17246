"""What the customer's browser tells besides messages: that they write, what has come and was read, what helped."""

from playwright.async_api import BrowserContext, expect

from tests.e2e.conftest import Begin, Visit
from tests.e2e.gateway import Gateway, held, queued
from tests.server import Server

BERGER = "Frau Berger"
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def test_people_are_told_that_the_customer_writes(
    customer: BrowserContext, begin: Begin, gateway: Gateway
) -> None:
    """Not the bot; at most every 5 seconds; and that it is over when the field is empty."""
    await customer.clock.install()
    widget = await begin()
    await widget.box.press_sequentially("eins")
    assert gateway.heard("typing") == []
    await gateway.hold(queued(1))
    await expect(widget.holder).not_to_be_empty()
    await customer.clock.pause_at(await widget.page.evaluate("Date.now() + 1000"))
    await widget.box.press_sequentially(" zwei")
    await customer.clock.fast_forward(4_900)
    await widget.box.press_sequentially(" drei")
    await gateway.hears(type="typing", on=True)
    await customer.clock.fast_forward(200)
    await widget.box.press_sequentially(" vier")
    await gateway.hears(type="typing", on=True, times=2)
    await widget.box.press("Enter")
    await gateway.hears(type="say", text="eins zwei drei vier")
    assert [frame["on"] for frame in gateway.heard("typing")] == [True, True, False]


async def test_a_message_counts_as_read_when_it_is_seen(begin: Begin, gateway: Gateway) -> None:
    """It has come at once; it is read with the panel open, the page in front and the message in view."""
    widget = await begin()
    await widget.page.keyboard.press("Escape")
    await gateway.hold(held(BERGER))
    await gateway.say("bot", "Nicht von einem Menschen.")
    first = await gateway.say("agent", "Guten Tag.", agent=BERGER)
    await gateway.hears(type="seen", seq=first, read=False)
    await widget.page.evaluate(HIDE, True)
    await widget.open()
    await expect(widget.agents.first).to_be_in_viewport()
    await widget.say("hallo")
    await gateway.hears(type="say", times=2)
    assert not [frame for frame in gateway.heard("seen") if frame["read"]]
    await widget.page.evaluate(HIDE, False)
    await gateway.hears(type="seen", seq=first, read=True)
    await gateway.say("agent", "<br>".join(["Lang."] * 40), agent=BERGER)
    await widget.page.get_by_role("log").evaluate("log => log.scrollTop = 0")
    last = await gateway.say("agent", "Kurz.", agent=BERGER)
    await gateway.hears(type="seen", seq=last, read=False)
    await widget.page.evaluate(DRAWN)
    await widget.box.fill("Ich lese noch.")
    await gateway.hears(type="typing", on=True)
    assert not [frame for frame in gateway.heard("seen") if frame["read"] and frame["seq"] == last]
    await widget.agents.last.scroll_into_view_if_needed()
    await gateway.hears(type="seen", seq=last, read=True)
    assert {frame["seq"] for frame in gateway.heard("seen")} <= {first, last - 1, last}


async def test_what_was_seen_is_said_again_after_a_break(begin: Begin, gateway: Gateway) -> None:
    """The connection may have lost it."""
    widget = await begin()
    seq = await gateway.say("agent", "Guten Tag.", agent=BERGER)
    await gateway.hears(type="seen", seq=seq, read=True)
    gateway.frames.clear()
    await gateway.cut()
    await widget.say("hallo")
    await gateway.hears(type="seen", seq=seq, read=True)


async def test_an_answer_is_rated_under_it(begin: Begin, gateway: Gateway) -> None:
    """The choice stays over a reload, can be changed, and is thanked for in a line."""
    widget = await begin()
    await gateway.say("bot", "Nicht aus der FAQ.")
    seq = await gateway.say("bot", "Port 993.", rateable=True)
    line = widget.page.locator(".helpful")
    await expect(line).to_have_text("Hat das geholfen?")
    await widget.page.get_by_role("button", name="Ja, das hat geholfen").click()
    await gateway.hears(type="rate", seq=seq, up=True)
    await expect(line).to_have_text("Danke für Ihre Rückmeldung.")
    await widget.page.reload()
    await expect(widget.thumbs.first).to_have_attribute("aria-pressed", "true")
    await expect(line).to_have_text("Danke für Ihre Rückmeldung.")
    await widget.thumbs.last.click()
    await gateway.hears(type="rate", seq=seq, up=False)
    await expect(widget.thumbs.first).to_have_attribute("aria-pressed", "false")
    await expect(widget.thumbs.last).to_have_attribute("aria-pressed", "true")
    assert len(gateway.heard("rate")) == 2


async def test_a_rating_without_a_connection_is_told_later(begin: Begin, gateway: Gateway) -> None:
    """Once, with the next connection."""
    widget = await begin()
    seq = await gateway.say("bot", "Port 993.", rateable=True)
    await expect(widget.thumbs).to_have_count(2)
    await gateway.cut()
    await expect(widget.offline).to_be_visible()
    await widget.thumbs.first.click()
    await gateway.hears(type="rate", seq=seq, up=True)
    await gateway.cut()
    await widget.say("hallo")
    await gateway.hears(type="say", text="hallo", times=2)
    assert len(gateway.heard("rate")) == 1


async def test_without_websockets_people_are_reached_as_well(
    customer: BrowserContext, server: Server, visit: Visit
) -> None:
    """Status comes with the fetched messages; typing, seen and ratings go by request."""
    gateway = Gateway()
    await gateway.attach(customer, sockets=False)
    widget = await visit(server)
    await widget.say("hallo")
    await gateway.hears(type="say")
    rateable = await gateway.say("bot", "Port 993.", rateable=True)
    await expect(widget.thumbs).to_have_count(2)
    await gateway.hold(queued(3))
    await expect(widget.holder).to_have_text("Sie sind Nummer 3 in der Warteschlange.")
    await gateway.hold(held(BERGER))
    seq = await gateway.say("agent", "Guten Tag.", agent=BERGER)
    await gateway.hears(type="seen", seq=seq, read=True)
    await expect(widget.name).to_have_text(BERGER)
    await widget.thumbs.first.click()
    await gateway.hears(type="rate", seq=rateable, up=True)
    await widget.box.press_sequentially("ja")
    await gateway.hears(type="typing", on=True)
    await widget.box.press("Enter")
    await expect(widget.pending).to_have_count(0)
    await expect(widget.page.locator(".typing")).to_be_hidden()
