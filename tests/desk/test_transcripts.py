"""A whole conversation as a file."""

from bot.conversations.model import Reply
from bot.wiring import Services
from tests.contract.telling import tell
from tests.desk.conftest import Browser


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
