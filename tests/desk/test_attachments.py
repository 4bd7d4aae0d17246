"""What customers attached, at the desk."""

from bot.conversations.files import Attachment, File, FileState
from bot.conversations.model import Incoming, Reply
from bot.store.attachments import SqlAttachments
from bot.wiring import Services
from tests.desk.conftest import Browser, Clock
from tests.unit.test_media import png

PICTURE = File('Böses "Bild"\r\n;.png', "text/html", None, "1")


async def keep(services: Services, clock: Clock, address: str, type_: str, content: bytes) -> tuple[str, Attachment]:
    """A customer attached it, and it is there."""
    accepted, _ = await services.conversations.answer(Incoming("messenger", address, "1", "📎"), Reply("Danke."))
    store = SqlAttachments(services.database, clock, services.conversations)
    await store.expect(accepted.message, "messenger", [PICTURE])
    (due,) = await store.due()
    await store.kept(due, type_, content)
    line, *_ = await services.transcripts.last(accepted.conversation, 9)
    return accepted.conversation, line.attachments[0]


async def test_in_the_transcript(agent: Browser, services: Services, clock: Clock) -> None:
    """With name, type and size, and what became of it."""
    conversation, kept = await keep(services, clock, "anna", "image/png", png())
    whole = await (await agent.get(f"/desk/api/conversations/{conversation}")).json()
    assert [message["attachments"] for message in whole["messages"]] == [
        [
            {
                "id": kept.id,
                "name": 'Böses "Bild";.png',
                "type": "image/png",
                "size": len(png()),
                "state": FileState.KEPT,
                "reason": None,
            }
        ],
        [],
    ]


async def test_a_download(agent: Browser, services: Services, clock: Clock) -> None:
    """As what it is, never as a page of ours; written down."""
    conversation, kept = await keep(services, clock, "anna", "image/png", png())
    response = await agent.get(f"/desk/api/conversations/{conversation}/attachments/{kept.id}")
    assert (response.status, await response.read()) == (200, png())
    told = {name: response.headers[name] for name in response.headers}
    assert told["Content-Type"] == "image/png"
    assert told["Content-Disposition"] == "attachment; filename*=UTF-8''B%C3%B6ses%20%22Bild%22%3B.png"
    assert told["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert told["Cache-Control"] == "no-store"
    entries, _ = await services.staff.audit.page(1)
    assert (entries[0].action, entries[0].conversation) == ("attachment", conversation)
    assert entries[0].subject == f'{kept.id} Böses "Bild";.png'


async def test_text_is_utf8(agent: Browser, services: Services, clock: Clock) -> None:
    """And HTML is text as well."""
    conversation, kept = await keep(services, clock, "anna", "text/plain", "<b>Grüße</b>".encode())
    response = await agent.get(f"/desk/api/conversations/{conversation}/attachments/{kept.id}")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert await response.text() == "<b>Grüße</b>"


async def test_there_is_none(agent: Browser, services: Services, clock: Clock) -> None:
    """Of another conversation, or of no number; and nothing is written down."""
    conversation, kept = await keep(services, clock, "anna", "image/png", png())
    other, _ = await keep(services, clock, "bernd", "image/png", png())
    for path in (f"{other}/attachments/{kept.id}", f"{conversation}/attachments/x", f"{conversation}/attachments/²"):
        response = await agent.get(f"/desk/api/conversations/{path}")
        assert (response.status, (await response.json())["error"]) == (404, "unknown_attachment")
    entries, _ = await services.staff.audit.page(1)
    assert entries == []


async def test_why_nothing_reaches_the_customer(agent: Browser, services: Services, clock: Clock) -> None:
    """Until they write again."""
    conversation, _ = await keep(services, clock, "anna", "image/png", png())
    path = f"/desk/api/conversations/{conversation}"
    assert (await (await agent.get(path)).json())["case"]["unreachable"] is None
    await services._contacts.gone("messenger", "anna", "The customer blocks the bot.")
    assert (await (await agent.get(path)).json())["case"]["unreachable"] == "The customer blocks the bot."
