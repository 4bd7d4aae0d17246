"""Dead letters at the desk's door."""

from datetime import timedelta

from bot.tickets.model import RestoreRequest, Target
from bot.wiring import Services
from tests.desk.conftest import Browser


async def dead_ticket(services: Services) -> str:
    """The number of one that the ticket system refused."""
    conversation = await services.conversations.begin("web", "anna")
    point = services.clock() - timedelta(days=1)
    request = RestoreRequest("anna@lindenpost.example", None, point, Target.SUBFOLDER, "0171")
    number = (await services.accounts.tickets.open(f"{conversation}:1", conversation, request)).ticket.number
    await services.accounts.tickets.failed(number, "queue is gone", None)
    return number


async def test_what_did_not_arrive_is_listed_and_tried_again(agent: Browser, services: Services) -> None:
    """Until it is no dead letter any more; written down."""
    number = await dead_ticket(services)
    listed = await (await agent.get("/desk/api/dead-letters")).json()
    assert list(listed) == ["messages", "tickets", "mails", "events"]
    (letter,) = listed["tickets"]
    assert (letter["id"], letter["what"], letter["error"], letter["attempts"], letter["can_retry"]) == (
        number,
        number,
        "queue is gone",
        1,
        True,
    )
    assert letter["conversation"]
    wanted = {"kind": "tickets", "id": number}
    assert (await agent.post("/desk/api/dead-letters/retry", wanted)).status == 200
    again = await agent.post("/desk/api/dead-letters/retry", wanted)
    assert (again.status, (await again.json())["error"]) == (404, "no_dead_letter")
    assert (await (await agent.get("/desk/api/dead-letters")).json())["tickets"] == []
    entries, _ = await services.staff.audit.page(1)
    assert (entries[1].action, entries[1].subject) == ("retry_letter", f"tickets {number}")


async def test_another_kind_is_refused(agent: Browser) -> None:
    """With those that there are."""
    response = await agent.post("/desk/api/dead-letters/retry", {"kind": "ravens", "id": "1"})
    assert response.status == 422
    assert "messages" in (await response.json())["message"]
