"""What an agent does with conversations, over the desk's routes; the customer speaks over the REST door."""

from typing import Any

import pytest

from bot.conversations.model import Incoming
from bot.wiring import Services
from tests.desk.conftest import Browser, SignIn

REST = "/webhooks/rest/webhook"
ANNA = "anna@lindenpost.example"


class Customer:
    """One who asks for a person."""

    def __init__(self, browser: Browser, services: Services, sender: str) -> None:
        self._browser = browser
        self._services = services
        self._sender = sender

    async def say(self, text: str) -> list[dict[str, Any]]:
        """The messages of the answer."""
        response = await self._browser.client.post(REST, json={"sender": self._sender, "message": text})
        answered: list[dict[str, Any]] = await response.json()
        return answered

    async def path(self, act: str = "") -> str:
        """Of the conversation, or of an act in it."""
        found = await self._services.conversations.find("rest", self._sender)
        return f"/desk/api/conversations/{found}{act and '/'}{act}"


@pytest.fixture
async def anna(browser: Browser, services: Services) -> Customer:
    """Waits."""
    customer = Customer(browser, services, "anna")
    await customer.say("mensch")
    return customer


async def act(browser: Browser, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """Status and body."""
    response = await browser.post(path, body or {})
    return response.status, await response.json() if response.status != 204 else None


async def test_lists(agent: Browser, anna: Customer) -> None:
    """The queue, then one's own; both are open."""
    lists = await (await agent.get("/desk/api/lists")).json()
    (waiting,) = lists["queue"]
    assert (waiting["reason"], waiting["holder"], waiting["channel"]) == ("asked", "queued", "rest")
    assert lists["mine"] == []
    await act(agent, "/desk/api/claim-next")
    lists = await (await agent.get("/desk/api/lists")).json()
    assert lists["queue"] == []
    (mine,) = lists["mine"]
    assert mine["agent"]["name"] == "Frau Berger"
    assert lists["open"] == lists["mine"]
    assert (await agent.post("/desk/api/claim-next")).status == 204


async def test_a_conversation_with_what_the_bot_understood(agent: Browser, anna: Customer, admin: Browser) -> None:
    """The customer's words are text, ours are HTML; and who read it is written down."""
    await anna.say("<b>hallo</b>")
    shown = await (await agent.get(await anna.path())).json()
    first, called, *_, last = shown["messages"]
    assert (first["decision"], first["labels"], first["html"]) == ("action", ["handoff"], None)
    assert called["html"] == "<p>1: Ich rufe jemanden.</p>\n"
    assert (last["text"], last["html"], last["decision"]) == ("<b>hallo</b>", None, None)
    assert not shown["more"]
    entries = (await (await admin.get("/desk/api/audit")).json())["entries"]
    assert ("read", "Frau Berger") in {(entry["action"], (entry["agent"] or {}).get("name")) for entry in entries}


async def test_older_lines_page_by_page(agent: Browser, anna: Customer, services: Services) -> None:
    """200 at a time."""
    for number in range(205):
        await services.conversations.accept(_incoming(number), None, 5)
    shown = await (await agent.get(await anna.path())).json()
    assert (len(shown["messages"]), shown["more"]) == (200, True)
    older = await (await agent.get(await anna.path() + f"?before={shown['messages'][0]['seq']}")).json()
    assert (len(older["messages"]), older["more"]) == (7, False)
    assert (await agent.get(await anna.path() + "?before=x")).status == 422


def _incoming(number: int) -> Incoming:
    return Incoming("rest", "anna", f"n{number}", f"Zeile {number}")


async def test_transfer_return_and_close(agent: Browser, sign_in: SignIn, anna: Customer) -> None:
    """Each tells the customer; what is not one's own any more is refused."""
    cordes = await sign_in("Herr Cordes", groups=("Technik",))
    path = await anna.path()
    assert (await act(agent, f"{path}/transfer", {"group": "Technik"}))[0] == 409
    await act(agent, f"{path}/claim")
    assert (await act(cordes, f"{path}/claim")) == (
        409,
        {"error": "taken", "message": "Frau Berger has this conversation. Take another one, or ask for a transfer."},
    )
    assert (await act(agent, f"{path}/transfer", {"agent": 4711}))[0] == 422
    assert (await act(agent, f"{path}/transfer", {"agent": 1, "group": "Technik"}))[0] == 422
    assert (await act(agent, f"{path}/transfer", {}))[0] == 422
    assert (await act(agent, f"{path}/transfer", {"group": "Technik"}))[0] == 200
    status, case = await act(cordes, "/desk/api/claim-next")
    assert (status, case["agent"]["name"]) == (200, "Herr Cordes")
    assert (await act(cordes, f"{path}/transfer", {"agent": agent.agent.id}))[0] == 200
    assert (await act(agent, f"{path}/close", {"reason": "keine Lust"}))[0] == 422
    status, case = await act(agent, f"{path}/close", {"reason": "Gelöst"})
    assert (status, case["holder"]) == (200, "closed")
    told = [message["text"] for message in await anna.say("danke")]
    assert told == [
        "Frau Berger ist da.",
        "Frau Berger gibt weiter.",
        "Herr Cordes ist da.",
        "Herr Cordes gibt an Frau Berger weiter.",
        "Frau Berger beendet das.",
        "Wie war es?",
        "2: danke",
    ]


async def test_a_note_is_for_colleagues(agent: Browser, anna: Customer, sign_in: SignIn) -> None:
    """Everybody at the desk may write one; the customer never gets it."""
    cordes = await sign_in("Herr Cordes")
    status, note = await act(cordes, await anna.path("notes"), {"text": "zahlt pünktlich"})
    assert (status, note["agent"]["name"], note["text"]) == (200, "Herr Cordes", "zahlt pünktlich")
    shown = await (await agent.get(await anna.path())).json()
    assert shown["notes"] == [note]
    assert "zahlt" not in str(await anna.say("hallo?"))
    assert (await act(agent, await anna.path("notes"), {"text": "  "}))[0] == 422


async def test_suggestions_for_the_last_question(agent: Browser, anna: Customer) -> None:
    """What the customer said last, whatever was said since by others."""
    await anna.say("was ist imap")
    await act(agent, await anna.path("claim"))
    shown = await (await agent.get(await anna.path("suggestions"))).json()
    assert shown["for"] == "was ist imap"
    assert shown["suggestions"][0] == {
        "label": "faq/echo",
        "title": "Was habe ich gesagt?",
        "text": "Sie sagten: **was ist imap**",
        "confidence": 0.9,
    }


async def test_the_customer_beside_the_conversation(agent: Browser, anna: Customer, services: Services) -> None:
    """Proven mailboxes with quota and tickets; another one on demand, marked as not proven."""
    conversation = (await anna.path()).rpartition("/")[2]
    accounts = services.accounts
    until = accounts.now() + accounts.retention
    await accounts.proofs.add(conversation, [ANNA], until)
    shown = await (await agent.get(await anna.path("customer"))).json()
    (mailbox,) = shown["mailboxes"]
    assert (shown["proven"], mailbox["proven"], mailbox["tickets"]) == ([ANNA], True, [])
    assert mailbox["quota"]["share"] == pytest.approx(mailbox["quota"]["used"] / mailbox["quota"]["total"])
    asked = await (await agent.get(await anna.path("customer?mailbox=Nobody@lindenpost.example"))).json()
    assert [(one["address"], one["proven"], one["quota"]) for one in asked["mailboxes"][1:]] == [
        ("nobody@lindenpost.example", False, None)
    ]
    assert (await agent.get(await anna.path("customer?mailbox=x"))).status == 422


async def test_a_restore_ticket_on_the_customers_behalf(agent: Browser, anna: Customer, services: Services) -> None:
    """Only by who holds the conversation; the same id again is the same ticket."""
    yesterday = services.accounts.now().replace(hour=8, minute=0, second=0, microsecond=0, tzinfo=None)
    yesterday -= services.accounts.retention / 30
    body = {
        "id": "r-1",
        "mailbox": ANNA,
        "folder": None,
        "point": yesterday.isoformat(timespec="minutes"),
        "target": "subfolder",
        "contact": "anna@privat.example",
    }
    assert (await act(agent, await anna.path("restore"), body))[0] == 409
    await act(agent, await anna.path("claim"))
    status, first = await act(agent, await anna.path("restore"), body)
    assert (status, first["new"]) == (200, True)
    again = (await act(agent, await anna.path("restore"), body))[1]["ticket"]
    assert (again["number"], again["point"]) == (first["ticket"]["number"], first["ticket"]["point"])
    for wrong in ({"point": "2020-01-01T08:00"}, {"point": "2026-11-23T08:00Z"}, {"mailbox": "x"}, {"target": "moon"}):
        assert (await act(agent, await anna.path("restore"), body | {"id": "r-2"} | wrong))[0] == 422


async def test_unknown_conversations(agent: Browser) -> None:
    """A clear 404 on each."""
    for path in ("", "/suggestions", "/customer"):
        response = await agent.get(f"/desk/api/conversations/nobody{path}")
        assert (response.status, (await response.json())["error"]) == (404, "unknown_conversation")
    for name, body in (("claim", {}), ("notes", {"text": "x"})):
        assert (await act(agent, f"/desk/api/conversations/nobody/{name}", body))[0] == 404
