"""
A customer and two agents, in three browsers, on a real server that is killed in between.

`desks` makes the accounts by the command line, as an operator does.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDesk, Visit
from tests.e2e.desk import Desk
from tests.e2e.widget import Widget
from tests.server import Server

HOUR = 3600


class MovedServer(Server):
    """On a clock that the test moves."""

    def __init__(self, folder: Path) -> None:
        self._clock = folder / "clock"
        self._clock.write_text("0")
        # An hour without a sign of life would sign agents out; their pages give one each half minute, but not here.
        super().__init__(folder, command=("-m", "tests.e2e.clock_app", str(self._clock)), desk_idle_minutes="120")

    def pass_by(self, seconds: float) -> None:
        """From now on it is later."""
        self._clock.write_text(str(float(self._clock.read_text()) + seconds))


@pytest.fixture
def moved_server(model: Path, tmp_path: Path) -> Iterator[MovedServer]:
    """Of this test alone."""
    server = MovedServer(tmp_path)
    yield server
    server.kill()


async def test_from_the_bot_to_a_person_and_back(visit: Visit, desks: OpenDesk, moved_server: MovedServer) -> None:
    """Asked for, claimed, talked with, a restart and an hour in between, transferred, returned, rated."""
    berger = await desks(moved_server, "Frau Berger", "--admin")
    cordes = await desks(moved_server, "Herr Cordes")
    anna = await visit(moved_server)
    await called_and_claimed(anna, berger, cordes)
    await talked(anna, berger)
    await restarted(anna, berger, moved_server)
    await an_hour_later(anna, berger, moved_server)
    await transferred(anna, berger, cordes)
    await returned_and_rated(anna, cordes)
    await berger.open_view("Zahlen")
    await expect(berger.page.get_by_text("Herr Cordes").first).to_be_visible()
    transcript = await anna.transcript()
    assert len(transcript) == len(set(transcript)), "Something was said twice."


async def called_and_claimed(anna: Widget, berger: Desk, cordes: Desk) -> None:
    """The customer sees the place in the queue and who comes; the other agent sees that it is taken."""
    await anna.ask("Ich möchte mit einem Menschen sprechen")
    await expect(anna.holder).to_contain_text("als Nächstes an der Reihe")
    await expect(berger.queue).to_have_count(1)
    await berger.claim_next()
    await expect(anna.notices.last).to_have_text("Frau Berger hat das Gespräch übernommen.")
    await expect(anna.holder).to_contain_text("Frau Berger")
    await expect(cordes.queue).to_have_count(0)


async def talked(anna: Widget, berger: Desk) -> None:
    """Both see the other one's typing; the agent sees that the answer was read."""
    await anna.box.press_sequentially("Mein Postf")
    await expect(berger.typing).to_be_visible()
    await anna.say("Mein Postfach ist weg")
    await expect(berger.customers.last).to_have_text("Mein Postfach ist weg")
    await expect(berger.typing).to_be_hidden()
    await berger.box.press_sequentially("Einen Mo")
    await expect(anna.typing).to_be_visible()
    await berger.say("Einen **Moment**, bitte.")
    await expect(anna.agents.last).to_have_text("Einen Moment, bitte.")
    await expect(anna.agents.last.locator("strong")).to_have_text("Moment")
    await berger.expect_delivery("gelesen")


async def restarted(anna: Widget, berger: Desk, server: Server) -> None:
    """The server is killed; what the customer writes meanwhile arrives, and the agent still holds it."""
    server.kill()
    await expect(berger.offline.first).to_be_visible()
    await anna.say("Sind Sie noch da?")
    server.start()
    server.wait()
    await expect(berger.customers.last).to_have_text("Sind Sie noch da?", timeout=20_000)
    await berger.say("Ja, es ging nur kurz nicht.")
    await expect(anna.agents.last).to_have_text("Ja, es ging nur kurz nicht.")


async def an_hour_later(anna: Widget, berger: Desk, server: MovedServer) -> None:
    """Nothing has expired."""
    server.pass_by(HOUR)
    await anna.say("Ich bin zurück")
    await expect(berger.customers.last).to_have_text("Ich bin zurück")
    await expect(anna.holder).to_contain_text("Frau Berger")


async def transferred(anna: Widget, berger: Desk, cordes: Desk) -> None:
    """With a note that the customer does not see."""
    await berger.transfer_to("Herr Cordes", note="kennt sich mit Postfächern aus")
    await expect(anna.notices.last).to_have_text("Frau Berger hat das Gespräch an Herr Cordes weitergegeben.")
    await cordes.show(cordes.mine.first)
    await expect(cordes.notes.last).to_contain_text("kennt sich mit Postfächern aus")
    await cordes.say("Ich übernehme.")
    await expect(anna.agents.last).to_have_text("Ich übernehme.")
    assert "kennt sich" not in "".join(await anna.transcript())


async def returned_and_rated(anna: Widget, cordes: Desk) -> None:
    """The bot goes on where it was, and asks at the end how it was."""
    await cordes.give_back()
    await expect(anna.notices.last).to_contain_text("Herr Cordes hat das Gespräch verlassen.")
    assert "993" in await anna.ask("welchen port brauch ich für imap mit ssl")
    await anna.say("tschüss")
    await anna.choices.filter(has_text="5").last.click()
    await expect(anna.replies.last).to_contain_text("Möchten Sie uns dazu etwas sagen?")
    await anna.ask("Herr Cordes war sehr freundlich")


async def test_a_customer_leaves_the_queue(visit: Visit, desks: OpenDesk, own_server: Server) -> None:
    """By the menu; the desk's list is empty again, and the bot answers."""
    berger = await desks(own_server, "Frau Berger")
    anna = await visit(own_server)
    await anna.ask("Ich möchte mit einem Menschen sprechen")
    await expect(berger.queue).to_have_count(1)
    await anna.menu.click()
    await anna.items.filter(has_text="Zurück zum Bot").click()
    await expect(anna.replies.last).to_contain_text("ich bin wieder für Sie da")
    await expect(berger.queue).to_have_count(0)


async def test_two_agents_press_at_once(visit: Visit, desks: OpenDesk, own_server: Server) -> None:
    """One has it, the other is told who."""
    berger, cordes = await desks(own_server, "Frau Berger"), await desks(own_server, "Herr Cordes")
    anna = await visit(own_server)
    await anna.ask("Ich möchte mit einem Menschen sprechen")
    conversation = json.loads(await berger.page.evaluate("fetch('/desk/api/lists').then(r => r.text())"))["queue"][0][
        "conversation"
    ]
    await berger.claim(0)
    refused = await cordes.page.evaluate(
        """async (id) => {
          const me = await (await fetch("/desk/api/me")).json();
          const path = `/desk/api/conversations/${id}/claim`;
          const answer = await fetch(path, { method: "POST", headers: { "X-CSRF-Token": me.csrf } });
          return [answer.status, (await answer.json()).message];
        }""",
        conversation,
    )
    assert refused[0] == 409
    assert "Frau Berger" in refused[1]
