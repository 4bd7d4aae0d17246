"""The customer's side of a hand-off: who has the conversation, who writes, and what can be done meanwhile."""

import re
from pathlib import Path

from playwright.async_api import WebSocketRoute, expect

from tests.e2e.conftest import Begin
from tests.e2e.gateway import BOT, CLOSED, SOCKET, Gateway, held, offers, queued

BERGER = "Frau Berger"
BACK, LEAVE = "Zurück zum Bot", "Nachricht hinterlassen"
TITLE = "Lindenpost: E-Mail, um die man sich nicht kümmern muss"
COUNT = """element => {
  window.changes = 0;
  const observer = new MutationObserver(() => window.changes++);
  observer.observe(element, { childList: true, characterData: true, subtree: true });
}"""


def silent(_: WebSocketRoute) -> None:
    """A server that takes the connection and says nothing."""


async def test_the_place_in_the_queue_is_shown(begin: Begin, gateway: Gateway) -> None:
    """Number by number; who is first is next."""
    widget = await begin()
    await expect(widget.holder).to_be_empty()
    await gateway.hold(queued(2))
    await expect(widget.holder).to_have_text("Sie sind Nummer 2 in der Warteschlange.")
    await gateway.hold(queued(1))
    await expect(widget.holder).to_have_text("Sie sind als Nächstes an der Reihe.")
    await expect(widget.name).to_have_text("Lindenpost Hilfe")


async def test_a_status_is_read_out_once(begin: Begin, gateway: Gateway) -> None:
    """The line is a polite live region, and neither a repeated status nor a new connection touches it."""
    widget = await begin()
    await gateway.hold(queued(2))
    await expect(widget.holder).to_contain_text("Nummer 2")
    await expect(widget.holder).to_have_role("status")
    await widget.holder.evaluate(COUNT)
    await gateway.hold(queued(2))
    await gateway.hold(queued(2, LEAVE))
    await gateway.cut()
    await widget.say("noch da?")
    await gateway.hears(type="say", text="noch da?")
    await gateway.hold(held(BERGER))
    await expect(widget.holder).to_have_text("Sie schreiben mit Frau Berger.")
    assert await widget.page.evaluate("window.changes") == 1


async def test_the_head_tells_who_answers(begin: Begin, gateway: Gateway) -> None:
    """An agent's name and initials while they have it; that the bot is back is said until the customer goes on."""
    widget = await begin()
    mark = widget.page.locator("header .mark")
    await gateway.hold(held(BERGER))
    await expect(widget.name).to_have_text(BERGER)
    await expect(mark).to_have_text("B")
    await gateway.hold(held("Anna von Weiden"))
    await expect(mark).to_have_text("AW")
    for _ in range(2):
        await gateway.hold(BOT)
    await gateway.say("notice", "Anna von Weiden hat das Gespräch verlassen.")
    await expect(widget.notices).to_have_count(1)
    await expect(widget.name).to_have_text("Lindenpost Hilfe")
    await expect(mark.locator("svg")).to_be_visible()
    await expect(widget.holder).to_have_text("Sie schreiben wieder mit dem Bot.")
    await widget.say("gut")
    await expect(widget.holder).to_be_empty()


async def test_after_a_reload_the_agent_is_there_at_once(begin: Begin, gateway: Gateway) -> None:
    """Before the server has said anything, and unchanged when it does."""
    widget = await begin()
    await gateway.hold(held(BERGER))
    await expect(widget.name).to_have_text(BERGER)
    await widget.page.route_web_socket(SOCKET, silent)
    await widget.page.reload()
    await expect(widget.name).to_have_text(BERGER)
    await expect(widget.holder).to_have_text("Sie schreiben mit Frau Berger.")
    await expect(widget.own).to_have_count(0)


async def test_notices_and_agents_differ_from_the_bot(begin: Begin, gateway: Gateway) -> None:
    """A notice is a line in the log without a bubble; an agent's name stands over the first message of a run."""
    widget = await begin()
    await gateway.say("bot", "Ich rufe jemanden.")
    await gateway.say("notice", "Frau Berger ist jetzt im Gespräch.")
    for text in ("Guten Tag.", "Worum geht es?"):
        await gateway.say("agent", text, agent=BERGER)
    await gateway.say("agent", "Ich übernehme.", agent="Herr Kern")
    await expect(widget.agents).to_have_count(3)
    await expect(widget.page.get_by_role("log").locator(widget.notices)).to_have_text(
        ["Frau Berger ist jetzt im Gespräch."]
    )
    await expect(widget.page.locator(".name:visible")).to_have_text(["BFrau Berger", "KHerr Kern"])
    await expect(widget.page.locator(".agent .hidden")).to_have_text([f"{BERGER}: "] * 2 + ["Herr Kern: "])
    bot, agent = [
        await it.evaluate("it => getComputedStyle(it).backgroundColor") for it in (widget.replies, widget.agents.first)
    ]
    assert bot != agent


async def test_who_writes_is_named(begin: Begin, gateway: Gateway) -> None:
    """The dots are the bot's alone; an agent's come with the name, and go when the agent leaves."""
    widget = await begin()
    typing = widget.page.locator(".typing")
    await gateway.send(type="typing", on=True)
    await expect(typing).to_have_text("Antwort wird geschrieben")
    await gateway.send(type="typing", on=False)
    await expect(typing).to_be_hidden()
    await gateway.hold(held(BERGER))
    await gateway.send(type="typing", on=True)
    await expect(typing).to_have_text("Frau Berger schreibt …")
    await gateway.hold(queued(1))
    await expect(typing).to_be_hidden()


async def test_the_menu_leads_back_to_the_bot(begin: Begin, gateway: Gateway) -> None:
    """It has the actions that the status offers, and is worked by keyboard; Escape closes it and nothing else."""
    widget = await begin()
    await gateway.hold(queued(2, BACK, LEAVE))
    await expect(widget.holder).not_to_be_empty()
    await widget.menu.focus()
    await widget.page.keyboard.press("Enter")
    await expect(widget.items).to_have_text([BACK, LEAVE, "Verlauf herunterladen"])
    await expect(widget.items.first).to_be_focused()
    await widget.page.keyboard.press("ArrowUp")
    await expect(widget.items.last).to_be_focused()
    await widget.page.keyboard.press("Escape")
    await expect(widget.items).to_have_count(0)
    await expect(widget.menu).to_be_focused()
    await expect(widget.panel).to_be_visible()
    await widget.page.keyboard.press("ArrowDown")
    await widget.page.keyboard.press("ArrowDown")
    await widget.page.keyboard.press("Enter")
    await gateway.hears(type="say", text=LEAVE, choice=f"choice:{LEAVE}")
    await gateway.hold(BOT)
    await expect(widget.name).to_have_text("Lindenpost Hilfe")
    await widget.menu.click()
    await expect(widget.items).to_have_text(["Verlauf herunterladen"])
    await widget.box.click()
    await expect(widget.items).to_have_count(0)


async def test_the_bots_buttons_go_when_a_person_comes(begin: Begin, gateway: Gateway) -> None:
    """In the queue they stay, also under a notice; to an agent they would be riddles."""
    widget = await begin()
    await gateway.hold(queued(1))
    await gateway.say("bot", "Ich rufe jemanden.", buttons=offers(BACK, LEAVE))
    await gateway.say("notice", "Gleich sind Sie an der Reihe.")
    await expect(widget.notices).to_have_count(1)
    await expect(widget.choices).to_have_text([BACK, LEAVE])
    await gateway.hold(held(BERGER))
    await expect(widget.choices).to_have_count(0)


async def test_the_conversation_can_be_saved(begin: Begin, gateway: Gateway, tmp_path: Path) -> None:
    """As a text file, with who said what and when."""
    widget = await begin()
    await gateway.say("notice", "Frau Berger ist jetzt im Gespräch.")
    await gateway.say("agent", "Guten Tag.", agent=BERGER)
    await expect(widget.agents).to_have_count(1)
    await widget.menu.click()
    async with widget.page.expect_download() as download:
        await widget.items.last.click()
    file = await download.value
    assert file.suggested_filename == "Chatverlauf-2026-11-27.txt"
    await file.save_as(tmp_path / "saved.txt")
    saved = (tmp_path / "saved.txt").read_text("utf-8")
    assert re.sub(r"27\.11\.2026, \d\d:\d\d", "AT", saved).split("\n\n") == [
        "Lindenpost Hilfe: Gesprächsverlauf",
        "AT, Sie:\nhallo",
        "(AT) Frau Berger ist jetzt im Gespräch.",
        "AT, Frau Berger:\nGuten Tag.\n",
    ]


async def test_the_stars_stand_in_one_row(begin: Begin, gateway: Gateway) -> None:
    """
    Five buttons with full names, one press of Tab apart; what else is offered stands below.

    They come into view even though the message comes while the agent still has the conversation.
    """
    widget = await begin()
    await gateway.hold(held(BERGER))
    await gateway.say("agent", "<br>".join(["Lang."] * 40), agent=BERGER)
    await widget.say("danke")
    await gateway.hears(type="say", text="danke")
    buttons = [{"id": f"star:{count}", "title": f"★ {count}"} for count in range(1, 6)]
    await gateway.say("bot", "Wie zufrieden sind Sie?", buttons=[*buttons, *offers("Nicht bewerten")])
    await gateway.hold(CLOSED)
    await expect(widget.holder).to_contain_text("Das Gespräch ist beendet.")
    stars = widget.page.locator(".star")
    await expect(stars).to_have_count(5)
    await expect(widget.choices.last).to_be_in_viewport(ratio=1)
    places = await stars.evaluate_all("all => all.map(it => [it.offsetTop, it.offsetWidth, it.offsetHeight])")
    assert len({top for top, _, _ in places}) == 1
    assert all(width >= 44 and height >= 44 for _, width, height in places)
    await widget.page.get_by_role("button", name="3 von 5 Sternen").focus()
    await widget.page.keyboard.press("Tab")
    await widget.page.keyboard.press("Enter")
    await gateway.hears(type="say", text="★ 4", choice="star:4")
    await expect(widget.choices).to_have_count(0)
    assert await widget.focused() == "textarea"


async def test_an_agents_message_shows_on_the_closed_widget_and_in_the_title(begin: Begin, gateway: Gateway) -> None:
    """Until it is read; the page keeps its own title, also a new one. Notices and the bot are not worth the title."""
    widget = await begin()
    await widget.page.keyboard.press("Escape")
    await gateway.say("bot", "Einen Moment.")
    await gateway.say("notice", "Frau Berger ist jetzt im Gespräch.")
    await expect(widget.badge).to_have_text("1")
    await expect(widget.page).to_have_title(TITLE)
    await gateway.say("agent", "Guten Tag.", agent=BERGER)
    await expect(widget.badge).to_have_text("2")
    await expect(widget.page).to_have_title(f"(1) {TITLE}")
    await widget.page.evaluate("document.title = 'Neu'")
    await gateway.say("agent", "Sind Sie da?", agent=BERGER)
    await expect(widget.page).to_have_title("(2) Neu")
    await widget.open()
    await expect(widget.page).to_have_title("Neu")
    await expect(widget.badge).to_be_hidden()
