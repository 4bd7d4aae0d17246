"""What every customer of a messenger is told once."""

from bot.conversations.model import Incoming, Reply
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.outbox import SqlOutbox
from tests.contract.clock import Clock


async def test_after_the_first_message(database: Database, clock: Clock) -> None:
    """Before the answer, whatever the first message is, and never again; on other channels not at all."""
    store = SqlConversations(database, clock, pushed={"messenger", "other"}, openings={"messenger": "Kurz vorab"})
    first = Incoming("messenger", "anna", "1", "hallo")
    for _ in range(2):
        await store.accept(first, None, 9)
    await store.accept(Incoming("messenger", "anna", "2", "hallo?"), None, 9)
    await store.answer(Incoming("messenger", "bernd", "3", "📎"), Reply("Danke"))
    await store.accept(Incoming("other", "anna", "4", "hallo"), None, 9)
    outbox = SqlOutbox(database, clock)
    sent = []
    while due := await outbox.due():
        for delivery in due:
            sent.append((delivery.channel, delivery.address, delivery.message.text))
            await outbox.sent(delivery)
    assert sorted(sent) == [
        ("messenger", "anna", "Kurz vorab"),
        ("messenger", "bernd", "Danke"),
        ("messenger", "bernd", "Kurz vorab"),
    ]
    assert [text for _, address, text in sent if address == "bernd"] == ["Kurz vorab", "Danke"]
