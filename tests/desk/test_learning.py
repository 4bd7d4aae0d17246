"""The inbox at the desk's door: what is shown, and who may do what."""

from pathlib import Path
from typing import Any

import pytest

from bot.conversations.model import Decision, Incoming, Reply, Turn
from bot.settings import Settings, load_settings
from bot.wiring import Services
from tests.desk.conftest import Browser

FAQ = "# Mail\n\n## Was ist IMAP? {#imap}\n\nIMAP lässt Mails auf dem Server.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An FAQ of its own, and no model at all: nothing here trains one."""
    faq = tmp_path / "data" / "faq"
    faq.mkdir(parents=True)
    (faq / "mail.md").write_text(FAQ, "utf-8")
    return load_settings(
        database_url=f"sqlite:///{tmp_path}/postbote.db", project=tmp_path, faq=faq, models=tmp_path / "models"
    )


async def ask(services: Services, who: str, text: str, *labels: str, button: str | None = None) -> int:
    """A message about which the bot asks back; without labels it is declined."""
    decision = Decision.CLARIFY if labels else Decision.DECLINE
    accepted = await services.conversations.accept(Incoming("web", who, text, text), button, 20)
    waiting = await services.conversations.next_waiting(accepted.conversation)
    assert waiting
    turn = Turn((Reply("Hm."),), "{}", decision, labels or ("out_of_scope",), 0.5)
    await services.conversations.finish(waiting, turn)
    return accepted.message


async def inbox(browser: Browser) -> dict[str, Any]:
    """What the page gets."""
    response = await browser.get("/desk/api/learning")
    assert response.status == 200, await response.text()
    return dict(await response.json())


async def test_a_question_that_was_asked_five_times_is_shown_once(agent: Browser, services: Services) -> None:
    """With its count, masked, with what it might mean."""
    for who in "abcde":
        await ask(services, who, f"Die Briefkiste von {who}@lindenpost.example platzt")
    (group,) = (await inbox(agent))["groups"]
    assert (group["count"], group["question"]) == (5, "Die Briefkiste von [Mailadresse] platzt")
    assert {question["why"] for question in group["questions"]} == {"declined"}
    assert len({question["conversation"] for question in group["questions"]}) == 5
    assert [each["label"] for each in group["suggestions"]] == ["faq/echo", "faq/silence"]
    assert group["answer"] is None


async def test_what_customers_took_is_suggested_first(agent: Browser, services: Services) -> None:
    """They know what they meant."""
    await ask(services, "anna", "port?", "faq/imap", "faq/silence")
    await ask(services, "anna", "Warum sagt niemand etwas?", button="/faq/silence")
    (group,) = (await inbox(agent))["groups"]
    assert [(each["label"], each["confidence"]) for each in group["suggestions"]] == [
        ("faq/silence", 1.0),
        ("faq/echo", 0.9),
    ]


async def test_the_inbox_knows_topics_entries_and_the_model(agent: Browser) -> None:
    """What a change can be about; who reads it stands in the audit log."""
    shown = await inbox(agent)
    assert shown["topics"] == [{"name": "mail", "title": "Mail"}]
    assert shown["entries"] == [{"label": "faq/imap", "title": "Was ist IMAP?"}]
    assert shown["model"] == {
        "version": "fake",
        "since": None,
        "figures": None,
        "previous": None,
        "current": False,
    }
    assert (shown["job"], shown["groups"], shown["proposals"]) == (None, [], [])


async def test_an_agent_looks_and_proposes_an_admin_publishes(
    agent: Browser, admin: Browser, services: Services, settings: Settings
) -> None:
    """What an agent proposes waits for an admin, and leaves with its question."""
    message = await ask(services, "anna", "imap erklären bitte")
    body = {"changes": [{"kind": "phrasing", "messages": [message], "label": "faq/imap"}]}
    preview = await (await agent.post("/desk/api/learning/preview", body)).json()
    assert preview["findings"] == []
    assert preview["diff"].splitlines()[:2] == ["--- data/faq/mail.md", "+++ data/faq/mail.md"]
    assert (await agent.post("/desk/api/learning/publish", body)).status == 403
    assert (await agent.post("/desk/api/learning/propose", body)).status == 201
    (proposal,) = (await inbox(admin))["proposals"]
    assert (proposal["agent"], proposal["change"]) == ("Frau Berger", body["changes"][0])

    ignored = {"changes": [{"kind": "ignore", "messages": [message]}]}
    response = await admin.post("/desk/api/learning/publish", ignored)
    assert response.status == 202, await response.text()
    await services.learning.close()
    job = (await (await admin.get("/desk/api/learning/job")).json())["job"]
    assert (job["state"], job["message"]) == ("done", "Nothing had to be written.")
    shown = await inbox(admin)
    assert (shown["groups"], shown["proposals"], shown["job"]) == ([], [], job)
    assert (settings.faq / "mail.md").read_text("utf-8") == FAQ


async def test_a_proposal_can_be_dismissed(agent: Browser, admin: Browser, services: Services) -> None:
    """By an admin; the question stays."""
    message = await ask(services, "anna", "imap erklären bitte")
    await agent.post("/desk/api/learning/propose", {"changes": [{"kind": "out_of_scope", "messages": [message]}]})
    (proposal,) = (await inbox(admin))["proposals"]
    path = f"/desk/api/learning/proposals/{proposal['id']}"
    assert (await agent.delete(path)).status == 403
    assert [(await admin.delete(path)).status for _ in range(2)] == [204, 404]
    shown = await inbox(admin)
    assert (shown["proposals"], len(shown["groups"])) == ([], 1)


REFUSED = [
    ({"changes": []}, 422, "invalid"),
    ({"changes": [{"kind": "shout", "messages": [1]}]}, 422, "invalid"),
    ({"changes": [{"kind": "ignore", "messages": []}]}, 422, "invalid"),
    ({"changes": [{"kind": "phrasing", "messages": [1], "label": "check_quota"}]}, 422, "invalid"),
    ({"changes": [{"kind": "ignore", "messages": [77]}]}, 404, "unknown_question"),
    ({"changes": [{"kind": "phrasing", "messages": [1], "label": "faq/pop3"}]}, 422, "faq"),
    (
        {
            "changes": [
                {"kind": "entry", "messages": [1], "topic": "../x", "slug": "x", "question": "X?", "answer": "Ja."}
            ]
        },
        422,
        "faq",
    ),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
async def test_what_cannot_be_is_refused(
    admin: Browser, services: Services, body: dict[str, Any], status: int, code: str
) -> None:
    """With the rule, and nothing begun."""
    assert await ask(services, "anna", "imap erklären bitte") == 1
    response = await admin.post("/desk/api/learning/publish", body)
    assert (response.status, (await response.json())["error"]) == (status, code)
    assert (await (await admin.get("/desk/api/learning/job")).json()) == {"job": None}


async def test_without_a_model_before_there_is_no_way_back(admin: Browser) -> None:
    """It is said why."""
    response = await admin.post("/desk/api/learning/back")
    assert (response.status, (await response.json())["error"]) == (409, "no_previous")
