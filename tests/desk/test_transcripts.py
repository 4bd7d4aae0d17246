"""A whole conversation as a file, and as a mail to its customer."""

from datetime import timedelta

from bot.conversations.model import Reply
from bot.mail.demo import DemoMailer
from bot.wiring import Services
from tests.contract.telling import tell
from tests.desk.conftest import Browser, Clock

ANNA = "anna@lindenpost.example"


async def test_everything_as_json(agent: Browser, services: Services) -> None:
    """However long it is, with notes; written down."""
    for number in range(110):
        conversation = await tell(services.conversations, "anna", f"Frage {number}", Reply(f"Antwort {number}"))
    await agent.post(f"/desk/api/conversations/{conversation}/notes", {"text": "Ruft morgen an."})
    response = await agent.get(f"/desk/api/conversations/{conversation}/transcript.json")
    assert response.status == 200
    assert response.content_type == "application/json"
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="conversation-{conversation[:8]}-')
    whole = await response.json()
    assert whole["case"]["conversation"] == conversation
    assert [message["seq"] for message in whole["messages"]] == list(range(1, 221))
    assert [note["text"] for note in whole["notes"]] == ["Ruft morgen an."]
    entries, _ = await services.staff.audit.page(1)
    assert (entries[0].action, entries[0].conversation, entries[0].subject) == ("export", conversation, "json")


async def test_there_is_none_of_no_conversation(agent: Browser) -> None:
    """And nothing is written down."""
    response = await agent.get("/desk/api/conversations/nobody/transcript.json")
    assert (response.status, (await response.json())["error"]) == (404, "unknown_conversation")


async def test_what_the_customer_saw_as_text(agent: Browser, services: Services) -> None:
    """On the hoster's clocks, and without notes; written down."""
    conversation = await tell(services.conversations, "anna", "Grüß Gott", Reply("Guten Tag, **Anna**."))
    await agent.post(f"/desk/api/conversations/{conversation}/notes", {"text": "Ruft morgen an."})
    response = await agent.get(f"/desk/api/conversations/{conversation}/transcript.txt")
    assert (response.status, response.content_type, response.charset) == (200, "text/plain", "utf-8")
    assert response.headers["Content-Disposition"].endswith('.txt"')
    text = await response.text()
    assert "Grüß Gott" in text
    assert "Guten Tag, Anna." in text
    assert "Ruft" not in text
    entries, _ = await services.staff.audit.page(1)
    assert (entries[0].action, entries[0].subject) == ("export", "txt")


async def prove(services: Services, conversation: str, clock: Clock, *mailboxes: str) -> None:
    """The customer has shown that they are theirs."""
    await services.accounts.proofs.add(conversation, mailboxes, clock() + timedelta(minutes=30))


async def test_it_is_mailed_to_the_contact_on_file(agent: Browser, services: Services, clock: Clock) -> None:
    """Of a proven mailbox, by the agent who has the conversation; written down, and not too often."""
    conversation = await tell(services.conversations, "anna", "Grüß Gott", Reply("Guten Tag."))
    path = f"/desk/api/conversations/{conversation}/transcript"
    assert (await agent.post(path, {"mailbox": ANNA})).status == 409
    await agent.post(f"/desk/api/conversations/{conversation}/claim")
    unproven = await agent.post(path, {"mailbox": ANNA})
    assert (unproven.status, (await unproven.json())["error"]) == (409, "unproven")
    await prove(services, conversation, clock, ANNA, "niemand@lindenpost.example")
    without = await agent.post(path, {"mailbox": "niemand@lindenpost.example"})
    assert (without.status, (await without.json())["error"]) == (409, "no_contact")
    answers = [await agent.post(path, {"mailbox": ANNA}) for _ in range(4)]
    assert [each.status for each in answers] == [202, 202, 202, 429]
    for loop in services.loops:
        await loop.do_due()
    assert isinstance(services.mailer, DemoMailer)
    assert [shown.mail.to for shown in services.mailer.shown] == ["anna.brandt@privat.example"] * 3
    entries, _ = await services.staff.audit.page(1)
    assert (entries[0].action, entries[0].subject) == ("mail_transcript", ANNA)
